//! Bills of a platform (平台账单): lines that people import, and how far each has been checked against the orders
//! (fact sheet wdt-1, 2.22).

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::table;
use crate::catalog::{Page, Rows, Window};
use crate::codes::codes;
use crate::machine::{Machine, Step, events};
use crate::{Refusal, Result, order};

codes! {
    /// How far a line has been checked.
    pub enum BillStatus {
        /// Known order, nobody looked yet.
        Unconfirmed = 0 "未确认",
        /// Somebody looked.
        Confirmed = 1 "已确认",
        /// Names no order, or one that is unknown.
        Unlinked = 3 "未关联",
        /// Checked against the money.
        Reconciled = 4 "已对账",
    }
}

events! {
    /// What happens to a line.
    BillEvent {
        /// Its order became known.
        Link "关联",
        /// Somebody looked.
        Confirm "确认",
        /// Checked against the money.
        Reconcile "对账",
        /// Taken back.
        Reopen "反确认",
    }
}

/// The states of a line.
pub const BILL: Machine<BillStatus, BillEvent> = Machine {
    document: "平台账单",
    steps: &[
        Step { from: &[BillStatus::Unlinked], on: BillEvent::Link, to: BillStatus::Unconfirmed, effect: "" },
        Step { from: &[BillStatus::Unconfirmed], on: BillEvent::Confirm, to: BillStatus::Confirmed, effect: "" },
        Step { from: &[BillStatus::Confirmed], on: BillEvent::Reconcile, to: BillStatus::Reconciled, effect: "" },
        Step {
            from: &[BillStatus::Confirmed, BillStatus::Reconciled],
            on: BillEvent::Reopen,
            to: BillStatus::Unconfirmed,
            effect: "",
        },
    ],
};

/// What a line says.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-1, 2.22, which gives their meaning")]
pub struct NewBill {
    /// 0 other, 1 receipt, 2 refund.
    pub kind: i64,
    pub order_no: String,
    pub pay_order_no: String,
    pub in_amount: Money,
    pub out_amount: Money,
    pub num: Quantity,
    pub balance: Money,
    pub is_guarantee: bool,
    pub item: String,
    /// About a person: stored sealed, apart from the document.
    #[serde(skip)]
    pub opt_pay_account: String,
    pub description: String,
    pub remark: String,
    /// When the money moved.
    pub paid: Moment,
}

/// A line of a bill.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Bill {
    /// Key.
    pub id: i64,
    /// Shop key.
    pub shop: i64,
    /// How far it has been checked.
    pub status: BillStatus,
    /// What it says.
    pub facts: NewBill,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// New lines.
    pub new: i64,
    /// Lines that were known and said something else before.
    pub changed: i64,
    /// Lines that were known.
    pub same: i64,
}

/// What to look for in [`bills`].
#[derive(Debug, Default)]
pub struct BillFilter {
    /// Shop keys; empty = all.
    pub shops: Vec<i64>,
    /// When the money moved.
    pub paid: Option<Window>,
    /// How far checked.
    pub status: Option<BillStatus>,
}

/// Stores lines of a shop. A line is told by kind, payment number, order and item: importing a file again changes nothing. Refused
/// as a whole, before the first write, when a line has no payment and no order number or an amount below zero.
pub fn import_bills(tx: &mut Tx, shop: i64, lines: &[NewBill]) -> Result<Imported> {
    for line in lines {
        if line.pay_order_no.is_empty() && line.order_no.is_empty() {
            return Err(Refusal::Invalid { field: "pay_order_no", why: "支付单号与订单号不能都为空" }.into());
        }
        if line.in_amount.is_negative() || line.out_amount.is_negative() {
            return Err(Refusal::Invalid { field: "in_amount", why: "金额不能小于0" }.into());
        }
    }
    let mut done = Imported::default();
    for line in lines {
        match table::bill_by_key(tx, shop, &key(line))? {
            Some(stored) if stored.facts == *line => done.same += 1,
            Some(mut stored) => {
                stored.facts = line.clone();
                if stored.status == BillStatus::Unlinked && is_known(tx, &line.order_no)? {
                    stored.status = BILL.fire(stored.status, BillEvent::Link)?;
                }
                stored.modified = tx.now();
                save(tx, &stored)?;
                done.changed += 1;
            }
            None => {
                let known = is_known(tx, &line.order_no)?;
                let now = tx.now();
                let bill = Bill {
                    id: tx.document_id("bill")?,
                    shop,
                    status: if known { BillStatus::Unconfirmed } else { BillStatus::Unlinked },
                    facts: line.clone(),
                    created: now,
                    modified: now,
                };
                save(tx, &bill)?;
                done.new += 1;
            }
        }
    }
    Ok(done)
}

/// What tells a line from the others of its shop.
fn key(line: &NewBill) -> String {
    format!("{}/{}/{}/{}", line.kind, line.pay_order_no, line.order_no, line.item)
}

fn is_known(tx: &mut Tx, order_no: &str) -> Result<bool> {
    Ok(!order_no.is_empty() && order::raw_by_tid(tx, order_no)?.is_some())
}

fn save(tx: &mut Tx, bill: &Bill) -> Result<()> {
    let body = serde_json::json!({ "status": bill.status, "order_no": bill.facts.order_no });
    tx.event("bill.changed", &format!("BILL{}", store::wire_id(bill.id)), &body)?;
    table::save_bill(tx, bill, &key(&bill.facts))
}

/// Links, confirms, reconciles or reopens a line.
pub fn change_bill(tx: &mut Tx, id: i64, event: BillEvent) -> Result<Bill> {
    let missing = || Refusal::NotFound { what: "账单", no: store::wire_id(id).to_string() };
    let mut bill = table::bill(tx, id)?.ok_or_else(missing)?;
    bill.status = BILL.fire(bill.status, event)?;
    bill.modified = tx.now();
    save(tx, &bill)?;
    Ok(bill)
}

/// The line with this key.
pub fn bill_by_id(reader: &mut Reader, id: i64) -> Result<Option<Bill>> {
    table::bill(reader, id)
}

/// A page of lines in the order in which the money moved.
pub fn bills(reader: &mut Reader, filter: &BillFilter, page: Page) -> Result<Rows<Bill>> {
    table::bills(reader, filter, page)
}
