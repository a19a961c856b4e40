//! `wdt.stockout.order.push` (fact sheet wdt-2, 5.6): other stock-out.

use erp::stock::{self, NewStockOut, NewStockOutLine};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Moment, Money, Quantity};
use wire::args::{Json, List, Text, given};

use super::stock_in::Defect;
use crate::codes::{self, Error};
use crate::part_two::{may_touch, owned};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One other stock-out.
    pub struct Request {
        /// the stock-out
        pub stockout_info: Json<Info>,
    }
}

wire::arguments! {
    /// The stock-out.
    pub struct Info {
        /// the caller's number; can be used once
        pub outer_no: Text<40>,
        /// 1 = audit at once; 0 by default
        pub is_check: Option<bool>,
        /// 0 = leave it in editing; 1 by default
        pub is_submit: Option<bool>,
        /// warehouse; not an outsourced one
        pub warehouse_no: Text<40>,
        /// carrier number
        pub logistics_code: Option<Text<20>>,
        /// waybill
        pub logistics_no: Option<Text<40>>,
        /// freight
        pub post_cost: Option<Money>,
        /// total; ignored, the lines are summed
        pub num: Option<Quantity>,
        /// kept in the remark
        pub order_type: Option<Text<40>>,
        /// remark
        pub remark: Option<Text<255>>,
        /// why it goes
        pub reason: Option<Text<255>>,
        /// lines
        pub detail_list: List<Line, 1, { limits::STOCK_IN_LINES }>,
    }
}

wire::arguments! {
    /// One line.
    pub struct Line by spec_no {
        /// merchant code
        pub spec_no: Text<40>,
        /// pieces, more than 0
        pub num: Quantity,
        /// price of a piece; 0 by default
        pub price: Option<Money>,
        /// bin
        pub position_no: Option<Text<20>>,
        /// batch
        pub batch_no: Option<Text<20>>,
        /// made when
        pub production_date: Option<Moment>,
        /// expires when
        pub expire_date: Option<Moment>,
        /// serial numbers, comma separated
        pub sn_info: Option<Text<65535>>,
        /// 0 good (default), 1 defective
        pub defect: Option<Defect>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

impl Info {
    fn to_new(&self) -> NewStockOut {
        let mut remark = owned(&self.remark);
        if let Some(order_type) = given(&self.order_type) {
            remark = format!("{remark}[order_type:{order_type}]");
        }
        NewStockOut {
            outer_no: self.outer_no.to_string(),
            warehouse_no: self.warehouse_no.to_string(),
            editing: !self.is_submit.unwrap_or(true),
            audit: self.is_check.unwrap_or(false),
            remark,
            reason: owned(&self.reason),
            logistics_code: owned(&self.logistics_code),
            logistics_no: owned(&self.logistics_no),
            post_cost: self.post_cost.unwrap_or_default(),
            lines: self.detail_list.iter().map(Line::to_new).collect(),
        }
    }
}

impl Line {
    fn to_new(&self) -> NewStockOutLine {
        NewStockOutLine {
            spec_no: self.spec_no.to_string(),
            defect: self.defect.map_or(0, Defect::code),
            num: self.num,
            price: self.price.unwrap_or_default(),
            position_no: owned(&self.position_no),
            batch_no: owned(&self.batch_no),
            production_date: self.production_date,
            expire_date: self.expire_date,
            sn_info: owned(&self.sn_info),
            remark: owned(&self.remark),
        }
    }
}

/// Create an other stock-out.
pub(crate) struct StockOutPush;

impl Method for StockOutPush {
    const NAME: &'static str = "wdt.stockout.order.push";
    const PHP: &'static str = "stockout_order_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create an other stock-out order", "创建其他出库单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::EXISTS, "outer_no was used before"),
        (codes::WAREHOUSE, "the warehouse is unknown or disabled"),
        (codes::OUTSOURCED, "the warehouse is outsourced"),
        (codes::SPEC, "a merchant code is unknown"),
        (codes::NUMBER, "a quantity is not more than 0, a price is negative"),
        (codes::STOCK, "not enough that is promised to nobody; the whole order fails"),
        (codes::POSITION, "the warehouse does not have the bin"),
        (codes::BATCH, "the batch is unknown, where batches must exist"),
        (codes::CARRIER, "the carrier is unknown"),
        (codes::REASON, "the merchant does not have the reason"),
        (codes::PERMISSION, "the application may not touch the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "is_submit = 0 leaves the order in editing (48) whatever is_check says",
        "a draft reserves nothing",
        "a named bin must hold the pieces; without one they leave the usual bin",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("stockout_no", "number of the stock-out order, a text")
    }
}

impl Command for StockOutPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let new = request.stockout_info.to_new();
        may_touch(call, &new.warehouse_no)?;
        let made = stock::push_other_stock_out(tx, &settings.erp, &new)?;
        Ok(call.reply().text("stockout_no", &made.no))
    }
}
