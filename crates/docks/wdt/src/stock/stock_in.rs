//! `wdt.stockin.order.push` (fact sheet wdt-2, 5.4): other stock-in.

use erp::stock::{self, NewStockIn, NewStockInLine};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Moment, Money, Quantity};
use wire::args::{Json, List, Text};

use crate::codes::{self, Error};
use crate::part_two::{may_touch, owned};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One other stock-in.
    pub struct Request {
        /// the stock-in
        pub stockin_info: Json<Info>,
    }
}

wire::arguments! {
    /// The stock-in.
    pub struct Info {
        /// the caller's number; can be used once
        pub outer_no: Text<40>,
        /// warehouse; not an outsourced one
        pub warehouse_no: Text<40>,
        /// carrier number
        pub logistics_code: Option<Text<20>>,
        /// waybill
        pub logistics_no: Option<Text<40>>,
        /// 1 = audit at once; 0 by default
        pub is_check: Option<bool>,
        /// 1 = make batches that are not known yet
        pub is_create_batch: Option<bool>,
        /// freight
        pub post_fee: Option<Money>,
        /// other cost
        pub other_fee: Option<Money>,
        /// discount
        pub discount: Option<Money>,
        /// remark
        pub remark: Option<Text<255>>,
        /// why it comes
        pub reason: Option<Text<255>>,
        /// lines
        pub goods_list: List<Line, 1, { limits::STOCK_IN_LINES }>,
    }
}

wire::codes! {
    /// Whether goods are good.
    pub enum Defect {
        /// good (正品)
        Good = 0,
        /// defective (残次品)
        Defective = 1,
    }
}

wire::arguments! {
    /// One line.
    pub struct Line by spec_no {
        /// merchant code
        pub spec_no: Text<40>,
        /// pieces, more than 0
        pub stockin_num: Quantity,
        /// cost of a piece; 0 by default
        pub stockin_price | price: Option<Money>,
        /// tax rate; kept on the line
        pub tax: Option<Quantity>,
        /// bin
        pub position_no: Option<Text<20>>,
        /// batch
        pub batch_no: Option<Text<20>>,
        /// made when; kept on the line
        pub production_date: Option<Moment>,
        /// shelf life, days; kept on the line
        pub validity_days: Option<i64>,
        /// expires when; kept on the line
        pub expire_date: Option<Moment>,
        /// serial numbers, comma separated; kept on the line
        pub sn_info: Option<Text<65535>>,
        /// 0 good (default), 1 defective
        pub defect: Option<Defect>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

impl Info {
    fn to_new(&self) -> NewStockIn {
        NewStockIn {
            outer_no: self.outer_no.to_string(),
            warehouse_no: self.warehouse_no.to_string(),
            audit: self.is_check.unwrap_or(false),
            create_batch: self.is_create_batch.unwrap_or(false),
            remark: owned(&self.remark),
            reason: owned(&self.reason),
            logistics_code: owned(&self.logistics_code),
            logistics_no: owned(&self.logistics_no),
            post_fee: self.post_fee.unwrap_or_default(),
            other_fee: self.other_fee.unwrap_or_default(),
            discount: self.discount.unwrap_or_default(),
            lines: self.goods_list.iter().map(Line::to_new).collect(),
        }
    }
}

impl Line {
    fn to_new(&self) -> NewStockInLine {
        NewStockInLine {
            spec_no: self.spec_no.to_string(),
            defect: self.defect.map_or(0, Defect::code),
            num: self.stockin_num,
            price: self.stockin_price.unwrap_or_default(),
            tax: self.tax.unwrap_or_default(),
            position_no: owned(&self.position_no),
            batch_no: owned(&self.batch_no),
            production_date: self.production_date,
            expire_date: self.expire_date,
            validity_days: self.validity_days.unwrap_or(0),
            sn_info: owned(&self.sn_info),
            remark: owned(&self.remark),
        }
    }
}

/// Create an other stock-in.
pub(crate) struct StockInPush;

impl Method for StockInPush {
    const NAME: &'static str = "wdt.stockin.order.push";
    const PHP: &'static str = "stockin_order_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create an other stock-in order", "创建其他入库单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::STOCK_IN_EXISTS, "outer_no was used before"),
        (codes::WAREHOUSE, "the warehouse is unknown or disabled"),
        (codes::OUTSOURCED, "the warehouse is outsourced"),
        (codes::SPEC, "a merchant code is unknown"),
        (codes::NUMBER, "a quantity is not more than 0, a price is negative"),
        (codes::POSITION, "the warehouse does not have the bin, where bins must exist"),
        (codes::BATCH, "the batch is unknown, where batches must exist"),
        (codes::CARRIER, "the carrier is unknown"),
        (codes::REASON, "the merchant does not have the reason"),
        (codes::TOO_MANY, "more than 2000 lines or serial numbers"),
        (codes::PERMISSION, "the application may not touch the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "a new bin is made by naming it, a new batch likewise; settings can demand that they exist",
        "serial numbers are kept on the line as they came",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("stockin_no", "number of the stock-in order, a text")
    }
}

impl Command for StockInPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let new = request.stockin_info.to_new();
        may_touch(call, &new.warehouse_no)?;
        let made = stock::push_other_stock_in(tx, &settings.erp, &new)?;
        Ok(call.reply().text("stockin_no", &made.no))
    }
}
