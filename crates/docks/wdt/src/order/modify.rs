//! `wdt.vip.trade.modify` (fact sheet wdt-1, 2.20): mark, remarks, invoice number and ordinary waybill of an order.

use erp::catalog;
use erp::order::{self, OrderChange};
use gateway::{Call, Category, Command, Kind, Method, Refused, Reply, ReplyShape};
use store::Tx;
use wire::args::{Text, given};

use crate::codes::{self, Error};
use crate::settings::Settings;

wire::arguments! {
    /// What changes of an order; an empty text counts as not given.
    pub struct Request {
        /// system order number
        pub trade_no: Text<40>,
        /// invoice number; marks the order as invoiced
        pub invoice_no: Option<Text<40>>,
        /// name of a mark that exists
        pub flag_name: Option<Text<40>>,
        /// 1 = may replace another mark; 0 by default
        pub flag_cover: Option<bool>,
        /// number of a carrier with ordinary offline waybills
        pub logistics_code: Option<Text<40>>,
        /// waybill; needs logistics_code
        pub logistics_no: Option<Text<40>>,
        /// remark of customer service
        pub cs_remark: Option<Text<255>>,
        /// 1 = later remarks of the mall do not replace it; 0 by default
        pub remark_from: Option<bool>,
        /// remark that is printed
        pub print_remark: Option<Text<255>>,
    }
}

/// Modify the marks of an order.
pub(crate) struct TradeModify;

impl Method for TradeModify {
    const NAME: &'static str = "wdt.vip.trade.modify";
    const PHP: &'static str = "vip_trade_modify.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Modify the marks of an order", "修改订单标记");
    const CATEGORY: Category = Category::Order;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::NOT_FOUND, "the order is unknown"),
        (codes::REQUIRED, "logistics_no without logistics_code, or nothing to modify"),
        (codes::CARRIER, "the carrier is unknown, disabled, or not one with ordinary waybills"),
        (codes::GENERAL, "the mark is unknown, or the order carries another one and flag_cover is 0"),
        (codes::STATE, "the order is cancelled; or it has been shipped and the waybill cannot change"),
        (codes::PERMISSION, "the application may not touch the shop or the warehouse of the order"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "only what is sent and not empty changes; repeating the same change changes nothing",
        "the mark that the order carries already is accepted without flag_cover",
        "what flag_cover means when it is absent is the setting flag_cover_by_default (0)",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new()
    }
}

impl Command for TradeModify {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let change = OrderChange {
            invoice_no: given(&request.invoice_no),
            flag_name: given(&request.flag_name),
            flag_cover: request.flag_cover.unwrap_or(settings.flag_cover_by_default),
            carrier_no: given(&request.logistics_code),
            waybill: given(&request.logistics_no),
            cs_remark: given(&request.cs_remark),
            remark_by_hand: request.remark_from.unwrap_or(false),
            print_remark: given(&request.print_remark),
        };
        if change.waybill.is_some() && change.carrier_no.is_none() {
            return Err(codes::required("logistics_code").into());
        }
        let some = [
            change.invoice_no,
            change.flag_name,
            change.carrier_no,
            change.waybill,
            change.cs_remark,
            change.print_remark,
        ];
        if some.iter().all(Option::is_none) {
            return Err(Refused::new(codes::REQUIRED, "没有需要修改的内容").into());
        }
        let known = order::order_by_no(tx, &request.trade_no)?;
        let shop = catalog::shop_by_id(tx, known.shop)?.map(|shop| shop.no).unwrap_or_default();
        if !call.shops().permits(&shop) {
            return Err(codes::no_shop(&shop).into());
        }
        let warehouse = catalog::warehouse_by_id(tx, known.warehouse)?.map(|w| w.no).unwrap_or_default();
        if !call.warehouses().permits(&warehouse) {
            return Err(codes::no_warehouse(&warehouse).into());
        }
        order::modify(tx, &request.trade_no, &change)?;
        Ok(call.reply())
    }
}
