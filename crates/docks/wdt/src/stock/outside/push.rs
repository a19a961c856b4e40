//! `wdt.vip.wms.stockinout.order.push` (fact sheet wdt-2, chapter 6): an order to an outsourced warehouse.

use erp::stock::{self, Direction, NewOutsourced, NewOutsourcedLine, Receiver};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Moment, Money, Quantity};
use wire::args::{Json, List, Text};

use super::super::stock_in::Defect;
use crate::coded::Coded;
use crate::codes::{self, Error};
use crate::part_two::{may_touch, owned};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One outsourced order.
    pub struct Request {
        /// the order
        pub stockin_info: Json<Info>,
    }
}

wire::arguments! {
    /// The order.
    pub struct Info {
        /// the caller's number; can be used once
        pub api_outer_no | outer_no: Text<40>,
        /// an outsourced warehouse
        pub warehouse_no: Text<40>,
        /// 1 out, 2 in
        pub order_type: Coded<Direction>,
        /// carrier number
        pub logistics_code: Option<Text<20>>,
        /// waybill
        pub logistics_no: Option<Text<40>>,
        /// freight
        pub logistics_fee: Option<Money>,
        /// other cost
        pub other_fee: Option<Money>,
        /// province of the receiver
        pub province: Option<Text<40>>,
        /// city
        pub city: Option<Text<40>>,
        /// district
        pub district: Option<Text<40>>,
        /// street address
        pub address: Option<Text<255>>,
        /// receiver
        pub contact: Option<Text<40>>,
        /// mobile
        pub mobile: Option<Text<40>>,
        /// telephone
        pub telno: Option<Text<40>>,
        /// 1 = audit at once (default)
        pub auto_check: Option<bool>,
        /// remark
        pub remark: Option<Text<255>>,
        /// lines
        pub goods_list: List<Line, 1, { limits::STOCK_IN_LINES }>,
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
        /// batch
        pub batch_no: Option<Text<20>>,
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

impl Info {
    fn to_new(&self) -> NewOutsourced {
        let line = |line: &Line| NewOutsourcedLine {
            spec_no: line.spec_no.to_string(),
            defect: line.defect.map_or(0, Defect::code),
            num: line.num,
            price: line.price.unwrap_or_default(),
            batch_no: owned(&line.batch_no),
            expire_date: line.expire_date,
            validity_days: line.validity_days.unwrap_or(0),
            remark: owned(&line.remark),
        };
        NewOutsourced {
            outer_no: self.api_outer_no.to_string(),
            warehouse_no: self.warehouse_no.to_string(),
            direction: *self.order_type,
            audit: self.auto_check.unwrap_or(true),
            logistics_code: owned(&self.logistics_code),
            logistics_no: owned(&self.logistics_no),
            logistics_fee: self.logistics_fee.unwrap_or_default(),
            other_fee: self.other_fee.unwrap_or_default(),
            region: [owned(&self.province), owned(&self.city), owned(&self.district)],
            receiver: Receiver {
                name: owned(&self.contact),
                address: owned(&self.address),
                mobile: owned(&self.mobile),
                telno: owned(&self.telno),
            },
            remark: owned(&self.remark),
            lines: self.goods_list.iter().map(line).collect(),
        }
    }
}

/// Create an outsourced order.
pub(crate) struct OutsidePush;

impl Method for OutsidePush {
    const NAME: &'static str = "wdt.vip.wms.stockinout.order.push";
    const PHP: &'static str = "vip_wms_stockinout_order_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create an order to an outsourced warehouse", "创建委外出入库单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::EXISTS, "api_outer_no was used before"),
        (codes::WAREHOUSE, "the warehouse is unknown or disabled"),
        (codes::OUTSOURCED, "the warehouse is not outsourced"),
        (codes::SPEC, "a merchant code is unknown"),
        (codes::NUMBER, "a quantity is not more than 0, a price is negative"),
        (codes::CARRIER, "the carrier is unknown"),
        (codes::PERMISSION, "the application may not touch the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "one of the neighbouring methods: the orders that 5.14 queries could not be made otherwise",
        "the order waits at 40 until the warehouse has been told (admin API); nothing is reserved",
        "the number is answered as order_no",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("order_no", "number of the order (WK…), a text")
    }
}

impl Command for OutsidePush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        may_touch(call, &request.stockin_info.warehouse_no)?;
        let made = stock::push_outsourced(tx, &settings.erp, &request.stockin_info.to_new())?;
        Ok(call.reply().text("order_no", &made.no))
    }
}
