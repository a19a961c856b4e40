//! `wdt.purchase.return.order.push` (fact sheet wdt-2, 4.7): the stock-out of a purchase return.

use erp::purchase::{self, NewReturnOut, NewReturnOutLine};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Money, Quantity};
use wire::args::{Json, List, Text};

use super::shared::permit_key;
use crate::codes::{self, Error};
use crate::part_two::owned;
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One stock-out of a purchase return.
    pub struct Request {
        /// the stock-out
        pub purchase_return_info: Json<Info>,
    }
}

wire::arguments! {
    /// The stock-out.
    pub struct Info {
        /// number of the return, which must be audited or partly out
        pub return_no: Text<40>,
        /// the caller's number; can be used once
        pub outer_no: Text<40>,
        /// carrier number
        pub logistics_code: Option<Text<20>>,
        /// waybill
        pub logistics_no: Option<Text<40>>,
        /// freight
        pub post_cost: Option<Money>,
        /// remark
        pub remark: Option<Text<255>>,
        /// 1 = audit at once; 0 by default
        pub is_check: Option<bool>,
        /// lines; a spec may stand on several
        pub detail_list: List<Line, 1, { limits::PURCHASE_LINES }>,
    }
}

wire::arguments! {
    /// One line.
    pub struct Line by spec_no {
        /// merchant code, which the return must have
        pub spec_no: Text<40>,
        /// pieces, more than 0
        pub num: Quantity,
        /// price of a piece; the return's by default
        pub price: Option<Money>,
        /// bin
        pub position_no: Option<Text<20>>,
        /// batch
        pub batch_no: Option<Text<20>>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

impl Info {
    fn to_new(&self) -> NewReturnOut {
        NewReturnOut {
            return_no: self.return_no.to_string(),
            outer_no: self.outer_no.to_string(),
            logistics_code: owned(&self.logistics_code),
            logistics_no: owned(&self.logistics_no),
            post_cost: self.post_cost.unwrap_or_default(),
            remark: owned(&self.remark),
            lines: self.detail_list.iter().map(Line::to_new).collect(),
        }
    }
}

impl Line {
    fn to_new(&self) -> NewReturnOutLine {
        NewReturnOutLine {
            spec_no: self.spec_no.to_string(),
            num: self.num,
            price: self.price,
            position_no: owned(&self.position_no),
            batch_no: owned(&self.batch_no),
            remark: owned(&self.remark),
        }
    }
}

/// Create the stock-out of a purchase return.
pub(crate) struct ReturnOutPush;

impl Method for ReturnOutPush {
    const NAME: &'static str = "wdt.purchase.return.order.push";
    const PHP: &'static str = "purchase_return_order_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create the stock-out of a purchase return", "创建采购退货出库单");
    const CATEGORY: Category = Category::Purchase;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::EXISTS, "a stock-out has this outer_no"),
        (codes::NO_SOURCE, "purchase return unknown"),
        (codes::STATE, "the return lets no goods out"),
        (codes::NOT_ON_ORDER, "a spec is not on the return"),
        (codes::STOCK, "not enough stock"),
        (codes::POSITION, "bin unknown"),
        (codes::BATCH, "batch unknown, where batches must exist"),
        (codes::CARRIER, "carrier unknown or disabled"),
        (codes::NUMBER, "a quantity or price is not acceptable"),
        (codes::PERMISSION, "the application may not touch the warehouse or the provider"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "The warehouse is that of the return.",
        "More than the return names may leave as far as it is on hand and promised to nobody.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("stockout_no", "number of the stock-out, a text")
    }
}

impl Command for ReturnOutPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let info = &request.purchase_return_info;
        let audit = info.is_check.unwrap_or(false);
        if call.warehouses().list().is_some()
            && let Ok(returned) = purchase::return_by_no(tx, &info.return_no)
        {
            permit_key(call, tx, returned.warehouse)?;
        }
        let made = purchase::push_return_out(tx, &settings.erp, &info.to_new(), audit)?;
        Ok(call.reply().text("stockout_no", &made.no))
    }
}
