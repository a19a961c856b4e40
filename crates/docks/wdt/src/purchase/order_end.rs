//! `purchase_order_end.php` and `purchase_return_end.php` (fact sheet wdt-2, chapter 6): cancelling, or waiting no longer.

use erp::purchase;
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use wire::args::{Json, List, Text, Values};
use wire::rows::{Column, text};

use super::shared::permit_key;
use crate::codes::Error;
use crate::{limits, settings::Settings};

wire::codes! {
    /// How a document ends.
    pub enum End {
        /// cancelled (取消)
        Cancel = 1,
        /// waiting no longer for what is open (停止等待)
        Stop = 2,
    }
}

wire::arguments! {
    /// Purchase orders to end.
    pub struct Orders {
        /// how
        pub r#type: End,
        /// 1 = audited orders may be cancelled too; 0 by default
        pub is_reject_review: Option<bool>,
        /// which
        pub purchase_no_list: Json<List<OrderNo, 1, { limits::ENDS }>>,
    }
}

wire::arguments! {
    /// A purchase order.
    pub struct OrderNo by purchase_no {
        /// its number
        pub purchase_no: Text<40>,
        /// merchant codes that are awaited no longer; all by default
        pub spec_no: Option<Values<Text<40>, 0, { limits::PURCHASE_LINES }>>,
    }
}

wire::arguments! {
    /// Purchase returns to end.
    pub struct Returns {
        /// how
        pub r#type: End,
        /// 1 = audited returns may be cancelled too; 0 by default
        pub is_reject_review: Option<bool>,
        /// which
        pub purchase_return_no_list: Json<List<ReturnNo, 1, { limits::ENDS }>>,
    }
}

wire::arguments! {
    /// A purchase return.
    pub struct ReturnNo by purchase_return_no {
        /// its number
        pub purchase_return_no: Text<40>,
    }
}

/// A document that was not ended.
pub(crate) struct Failed {
    no: String,
    error: String,
}

const ORDERS: &[Column<Failed>] =
    &[text("purchase_no", "number of the order", |f| &f.no), text("error", "why it was not ended", |f| &f.error)];
const RETURNS: &[Column<Failed>] = &[
    text("purchase_return_no", "number of the return", |f| &f.no),
    text("error", "why it was not ended", |f| &f.error),
];

const DECISIONS: &[&str] = &[
    "type: 1 cancels, 2 waits no longer; public sources name no values.",
    "Each document is ended or refused by itself; the code stays 0 and error_count says how many were refused.",
];

/// Ends each document by itself and collects those that were refused.
fn each<'n>(
    tx: &mut Tx,
    numbers: impl Iterator<Item = &'n str>,
    mut end: impl FnMut(&mut Tx, usize, &str) -> Result<(), Error>,
) -> Result<Vec<Failed>, Error> {
    let mut failed = Vec::new();
    for (i, no) in numbers.enumerate() {
        match tx.attempt(|tx| end(tx, i, no)) {
            Ok(()) => {}
            Err(Error::Refused(refused)) => failed.push(Failed { no: no.to_owned(), error: refused.message }),
            Err(error) => return Err(error),
        }
    }
    Ok(failed)
}

fn totalled(call: &Call, columns: &[Column<Failed>], failed: &[Failed]) -> Reply {
    let count = i64::try_from(failed.len()).unwrap_or(i64::MAX);
    call.reply().int("error_count", count).rows("errors", columns, failed)
}

/// End purchase orders.
pub(crate) struct PurchaseOrderEnd;

impl Method for PurchaseOrderEnd {
    const NAME: &'static str = "wdt.purchase.order.end";
    const PHP: &'static str = "purchase_order_end.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Cancel purchase orders or stop waiting", "采购单取消/停止等待");
    const CATEGORY: Category = Category::Purchase;
    const DECISIONS: &'static [&'static str] = DECISIONS;
    type Request = Orders;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("error_count", "orders that were refused").rows("errors", "which, and why", ORDERS)
    }
}

impl Command for PurchaseOrderEnd {
    fn run(call: &Call, request: &Orders, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?.erp;
        let (who, audited_too) = (&call.app().key, request.is_reject_review.unwrap_or(false));
        let rows = &request.purchase_no_list;
        let failed = each(tx, rows.iter().map(|row| &*row.purchase_no), |tx, i, no| {
            let order = purchase::order_by_no(tx, no)?;
            permit_key(call, tx, order.warehouse)?;
            match request.r#type {
                End::Cancel => {
                    if !audited_too {
                        purchase::require_unaudited(&order)?;
                    }
                    purchase::cancel_order(tx, &settings, no, "", who)?;
                }
                End::Stop => {
                    let specs = rows.get(i).and_then(|row| row.spec_no.as_deref()).unwrap_or_default();
                    let specs: Vec<String> = specs.iter().map(ToString::to_string).collect();
                    purchase::stop_waiting(tx, &settings, no, &specs, who)?;
                }
            }
            Ok(())
        })?;
        Ok(totalled(call, ORDERS, &failed))
    }
}

/// End purchase returns.
pub(crate) struct PurchaseReturnEnd;

impl Method for PurchaseReturnEnd {
    const NAME: &'static str = "wdt.purchase.return.end";
    const PHP: &'static str = "purchase_return_end.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) =
        ("Cancel purchase returns or stop waiting", "采购退货单取消/停止等待");
    const CATEGORY: Category = Category::Purchase;
    const DECISIONS: &'static [&'static str] = DECISIONS;
    type Request = Returns;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("error_count", "returns that were refused").rows("errors", "which, and why", RETURNS)
    }
}

impl Command for PurchaseReturnEnd {
    fn run(call: &Call, request: &Returns, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?.erp;
        let (who, audited_too) = (&call.app().key, request.is_reject_review.unwrap_or(false));
        let numbers = request.purchase_return_no_list.iter().map(|row| &*row.purchase_return_no);
        let failed = each(tx, numbers, |tx, _, no| {
            let returned = purchase::return_by_no(tx, no)?;
            permit_key(call, tx, returned.warehouse)?;
            match request.r#type {
                End::Cancel => {
                    if !audited_too {
                        purchase::require_unaudited_return(&returned)?;
                    }
                    purchase::cancel_return(tx, &settings, no, "", who)?;
                }
                End::Stop => {
                    purchase::stop_return(tx, &settings, no, who)?;
                }
            }
            Ok(())
        })?;
        Ok(totalled(call, RETURNS, &failed))
    }
}
