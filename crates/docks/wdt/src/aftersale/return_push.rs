//! `wdt.stockin.refund.push` (fact sheet wdt-2, 3.2): the goods of a return are back.

use erp::aftersale::{self, NewReturnIn, NewReturnLine};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Moment, Money, Quantity};
use wire::args::{Json, List, Text};

use crate::codes::{self, Error};
use crate::stock::stock_in::Defect;
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One return stock-in.
    pub struct Request {
        /// the stock-in
        pub stockin_refund_info: Json<Info>,
    }
}

wire::arguments! {
    /// The stock-in.
    pub struct Info {
        /// refund order (TK…); waits for receipt
        pub refund_no: Text<40>,
        /// the caller's number; can be used once
        pub outer_no: Text<40>,
        /// warehouse; an outsourced one only where it is the one that waits for the goods
        pub warehouse_no: Text<40>,
        /// carrier number
        pub logistics_code: Option<Text<20>>,
        /// waybill
        pub logistics_no: Option<Text<40>>,
        /// freight
        pub post_fee: Option<Money>,
        /// other cost
        pub other_fee: Option<Money>,
        /// 1 = audit at once; 0 by default
        pub is_check: Option<bool>,
        /// 1 = a batch that nobody has seen is made; 0 (default) refuses it where the merchant wants batches to be known
        pub is_create_batch: Option<bool>,
        /// remark
        pub remark: Option<Text<255>>,
        /// lines
        pub detail_list: List<Line, 1, { limits::RETURN_LINES }>,
    }
}

wire::arguments! {
    /// One line.
    pub struct Line by spec_no {
        /// merchant code; on the refund order
        pub spec_no: Text<40>,
        /// pieces, more than 0; more than were announced are taken
        pub stockin_num: Quantity,
        /// cost of a piece; absent or 0 leaves the average cost as it is
        pub stockin_price | price: Option<Money>,
        /// batch
        pub batch_no: Option<Text<20>>,
        /// remark of the batch
        pub batch_remark: Option<Text<255>>,
        /// bin; empty = the usual one
        pub position_no: Option<Text<20>>,
        /// made when
        pub production_date: Option<Moment>,
        /// expires when
        pub expire_date: Option<Moment>,
        /// shelf life, days
        pub validity_days: Option<i64>,
        /// 0 good (default), 1 defective
        pub defect: Option<Defect>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

fn owned<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
    text.as_deref().unwrap_or_default().to_owned()
}

impl Info {
    fn to_new(&self) -> NewReturnIn {
        NewReturnIn {
            refund_no: self.refund_no.to_string(),
            outer_no: self.outer_no.to_string(),
            warehouse_no: self.warehouse_no.to_string(),
            audit: self.is_check.unwrap_or(false),
            create_batch: self.is_create_batch.unwrap_or(false),
            logistics_code: owned(&self.logistics_code),
            logistics_no: owned(&self.logistics_no),
            post_fee: self.post_fee.unwrap_or_default(),
            other_fee: self.other_fee.unwrap_or_default(),
            remark: owned(&self.remark),
            lines: self.detail_list.iter().map(Line::to_new).collect(),
        }
    }
}

impl Line {
    fn to_new(&self) -> NewReturnLine {
        NewReturnLine {
            spec_no: self.spec_no.to_string(),
            num: self.stockin_num,
            price: self.stockin_price.unwrap_or_default(),
            defect: self.defect.map_or(0, Defect::code),
            position_no: owned(&self.position_no),
            batch_no: owned(&self.batch_no),
            batch_remark: owned(&self.batch_remark),
            production_date: self.production_date,
            expire_date: self.expire_date,
            validity_days: self.validity_days.unwrap_or(0),
            remark: owned(&self.remark),
        }
    }
}

/// Create a return stock-in.
pub(crate) struct ReturnPush;

impl Method for ReturnPush {
    const NAME: &'static str = "wdt.stockin.refund.push";
    const PHP: &'static str = "stockin_refund_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create a return stock-in order", "创建退货入库单");
    const CATEGORY: Category = Category::Aftersale;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (2470, "outer_no was used by a stock-in"),
        (2830, "defect or a flag is not in its list"),
        (2900, "a required field is missing or empty"),
        (9002, "stockin_refund_info is not JSON of this shape"),
        (9004, "the warehouse is unknown or disabled"),
        (9005, "the warehouse is outsourced, and not the one that waits for the goods"),
        (9007, "spec_no is unknown or deleted"),
        (9009, "spec_no is not on the refund order"),
        (9010, "refund_no is unknown"),
        (9011, "the refund order does not wait for goods (60, 65, 69, 70, 71)"),
        (9012, "a number is malformed, stockin_num is not above 0, or stockin_price is below 0"),
        (9016, "the warehouse does not have the bin (where bins must be made first)"),
        (9017, "the batch is unknown (where batches must be known)"),
        (9018, "logistics_code is unknown"),
        (9020, "a text is too long"),
        (9026, "the application may not touch the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "Goods may come back in several stock-ins: 65, 69, 70 and 71 take them as 60 does.",
        "The same spec on several lines of the refund order is given to each what it still waits for, the surplus to the last.",
        "The answer carries stockin_no.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("stockin_no", "number of the stock-in order, a text")
    }
}

impl Command for ReturnPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let new = request.stockin_refund_info.to_new();
        if !call.warehouses().permits(&new.warehouse_no) {
            return Err(codes::no_warehouse(&new.warehouse_no).into());
        }
        let made = aftersale::push_return_in(tx, &settings.erp, &new)?;
        Ok(call.reply().text("stockin_no", &made.no))
    }
}
