//! `wdt.stockin.purchase.push` (fact sheet wdt-2, 4.2): the stock-in of a purchase order.

use erp::purchase::{self, NewPurchaseIn, NewPurchaseInLine};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Moment, Money, Quantity};
use wire::args::{Json, List, Text};

use crate::codes::{self, Error};
use crate::part_two::{may_touch, owned};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One stock-in of a purchase order.
    pub struct Request {
        /// the stock-in
        pub purchase_info: Json<Info>,
    }
}

wire::arguments! {
    /// The stock-in.
    pub struct Info {
        /// number of the purchase order, which must be audited or partly arrived
        pub purchase_no: Text<40>,
        /// the caller's number; can be used once
        pub outer_no: Text<40>,
        /// warehouse; that of the order
        pub warehouse_no: Text<40>,
        /// 1 = unknown batches are made; 0 by default
        pub is_create_batch: Option<bool>,
        /// 1 = audit at once; 0 by default
        pub is_check: Option<bool>,
        /// carrier number
        pub logistics_code: Option<Text<20>>,
        /// waybill
        pub logistics_no: Option<Text<40>>,
        /// freight
        pub post_fee: Option<Money>,
        /// other cost
        pub other_fee: Option<Money>,
        /// remark
        pub remark: Option<Text<255>>,
        /// custom text
        pub prop1: Option<Text<255>>,
        /// custom text
        pub prop2: Option<Text<255>>,
        /// lines; a spec may stand on several
        pub details_list: List<Line, 1, { limits::PURCHASE_LINES }>,
    }
}

wire::arguments! {
    /// One line.
    pub struct Line by spec_no {
        /// merchant code, which the order must have
        pub spec_no: Text<40>,
        /// pieces received, more than 0; more than was ordered is accepted
        pub stockin_num: Quantity,
        /// price of a piece before tax; the order's by default
        pub stockin_price: Option<Money>,
        /// rate of the tax; the order's by default
        pub tax: Option<Quantity>,
        /// price after tax; follows by default
        pub tax_price: Option<Money>,
        /// original price; the order's by default
        pub src_price: Option<Money>,
        /// batch
        pub batch_no: Option<Text<20>>,
        /// bin
        pub position_no: Option<Text<20>>,
        /// made when
        pub production_date: Option<Moment>,
        /// shelf life, days
        pub validity_days: Option<i64>,
        /// expires when
        pub expire_date: Option<Moment>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

impl Info {
    fn to_new(&self) -> NewPurchaseIn {
        NewPurchaseIn {
            purchase_no: self.purchase_no.to_string(),
            outer_no: self.outer_no.to_string(),
            warehouse_no: self.warehouse_no.to_string(),
            create_batch: self.is_create_batch.unwrap_or(false),
            logistics_code: owned(&self.logistics_code),
            logistics_no: owned(&self.logistics_no),
            post_fee: self.post_fee.unwrap_or_default(),
            other_fee: self.other_fee.unwrap_or_default(),
            remark: owned(&self.remark),
            props: [owned(&self.prop1), owned(&self.prop2)],
            lines: self.details_list.iter().map(Line::to_new).collect(),
        }
    }
}

impl Line {
    fn to_new(&self) -> NewPurchaseInLine {
        NewPurchaseInLine {
            spec_no: self.spec_no.to_string(),
            num: self.stockin_num,
            price: self.stockin_price,
            src_price: self.src_price,
            tax: self.tax,
            tax_price: self.tax_price,
            position_no: owned(&self.position_no),
            batch_no: owned(&self.batch_no),
            production_date: self.production_date,
            expire_date: self.expire_date,
            validity_days: self.validity_days.unwrap_or(0),
            remark: owned(&self.remark),
        }
    }
}

/// Create the stock-in of a purchase order.
pub(crate) struct PurchaseStockInPush;

impl Method for PurchaseStockInPush {
    const NAME: &'static str = "wdt.stockin.purchase.push";
    const PHP: &'static str = "stockin_purchase_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create the stock-in of a purchase order", "创建采购入库单");
    const CATEGORY: Category = Category::Purchase;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::STOCK_IN_EXISTS, "a stock-in has this outer_no"),
        (codes::NO_SOURCE, "purchase order unknown"),
        (codes::STATE, "the purchase order takes no goods in"),
        (codes::NOT_ON_ORDER, "a spec is not on the purchase order"),
        (codes::BATCH, "batch unknown and is_create_batch = 0, where batches must exist"),
        (codes::POSITION, "bin unknown, where bins must exist"),
        (codes::WAREHOUSE, "warehouse unknown, disabled, or not that of the order"),
        (codes::CARRIER, "carrier unknown or disabled"),
        (codes::NUMBER, "a quantity or price is not acceptable"),
        (codes::PERMISSION, "the application may not touch the warehouse or the provider"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "Orders that an outsourced warehouse has (48) take goods in like audited ones.",
        "stockin_price is by default what the order pays: its price times its discount.",
        "Where prices are to be confirmed (a setting), the stock-in waits at 25 whatever is_check says.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("stockin_no", "number of the stock-in, a text")
    }
}

impl Command for PurchaseStockInPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let info = &request.purchase_info;
        may_touch(call, &info.warehouse_no)?;
        let audit = info.is_check.unwrap_or(false);
        let made = purchase::push_stock_in(tx, &settings.erp, &info.to_new(), audit)?;
        Ok(call.reply().text("stockin_no", &made.no))
    }
}
