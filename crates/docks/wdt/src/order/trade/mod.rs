//! `wdt.trade.query` (fact sheet wdt-1, 2.14): system orders.

mod columns;
mod lines;
mod row;

use erp::order::{self, Buyer, OrderFilter, OrderStatus};
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::Reader;
use units::Moment;
use wire::args::{Text, given};

use crate::codes::{self, Error};
use crate::rights::{self, Shops, Warehouses};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};
use columns::TRADES;
use row::{Extras, Trade};

wire::arguments! {
    /// System orders by window, or by one of three numbers.
    pub struct Request {
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 60 minutes after the start
        pub end_time: Option<Moment>,
        /// raw order number; every other filter is then ignored
        pub src_tid: Option<Text<40>>,
        /// system order number; every other filter is then ignored
        pub trade_no: Option<Text<40>>,
        /// waybill; every other filter is then ignored
        pub logistics_no: Option<Text<100>>,
        /// state, or several, comma separated; 0 = all
        pub status: Option<Text<255>>,
        /// one shop
        pub shop_no: Option<Text<50>>,
        /// up to 20 shops, comma separated
        pub shop_nos: Option<Text<1024>>,
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
        /// tax rate of lines from 0 the order, 1 the spec
        pub goodstax: Option<bool>,
        /// 0 no restriction, 1 only with waybill, 2 only without
        pub has_logistics_no: Option<HasWaybill>,
        /// 1 = src_tid matches as a part of the number
        pub is_fuzzy: Option<bool>,
        /// 1 = lines carry pay_id, pay_status, pay_time
        pub src: Option<bool>,
        /// 1 = lines carry the picture
        pub img_url: Option<bool>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

wire::codes! {
    /// Filter by waybill.
    pub enum HasWaybill {
        /// no restriction
        Any = 0,
        /// only with waybill
        With = 1,
        /// only without
        Without = 2,
    }
}

impl Request {
    fn has_number(&self) -> bool {
        [given(&self.src_tid), given(&self.trade_no), given(&self.logistics_no)].iter().any(Option::is_some)
    }

    /// The states asked for; empty = all.
    fn statuses(&self) -> Result<Vec<i64>, Refused> {
        let Some(list) = given(&self.status) else { return Ok(Vec::new()) };
        let statuses = rights::numbers("status", list)?;
        if statuses.contains(&0) {
            return Ok(Vec::new());
        }
        match statuses.iter().any(|status| OrderStatus::from_code(*status).is_none()) {
            true => Err(Refused::new(codes::VALUE, "参数值无效status")),
            false => Ok(statuses),
        }
    }
}

/// Query system orders.
pub(crate) struct TradeQuery;

impl Method for TradeQuery {
    const NAME: &'static str = "wdt.trade.query";
    const PHP: &'static str = "trade_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query system orders", "查询系统订单(订单管理)");
    const CATEGORY: Category = Category::Order;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::SHOP, "店铺不存在或已停用 / the shop is unknown or disabled"),
        (codes::WAREHOUSE, "仓库不存在或已停用 / the warehouse is unknown or disabled"),
        (codes::PERMISSION, "账号无权访问 / the account may not touch it"),
        (codes::REQUIRED, "neither a window nor a number is given"),
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("trades", "system orders", TRADES)
    }
}

impl Query for TradeQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.has_number() { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        find(call, request, reader, false)
    }
}

/// Answers the request; with `history` from the archive too.
pub(super) fn find(call: &Call, request: &Request, reader: &mut Reader, history: bool) -> Result<Reply, Error> {
    let settings = Settings::of(call.settings())?;
    let page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
    let (shops, warehouses) = (Shops::load(reader)?, Warehouses::load(reader)?);
    let filter = OrderFilter { history, ..filter(call, &settings, request, &shops, &warehouses)? };
    let found = window::listed(reader, &settings, page, |reader, page| order::orders(reader, &filter, page))?;
    let extras = Extras {
        pay: request.src.unwrap_or(false),
        picture: request.img_url.unwrap_or(false),
        spec_tax: request.goodstax.unwrap_or(false),
    };
    let found = found.map(|(order, buyer)| {
        let (shop, warehouse) = (shops.get(order.shop), warehouses.get(order.warehouse));
        let buyer = if rights::shows_buyer(call, shop.platform) { buyer } else { Buyer::default() };
        Trade::of(order, buyer, shop, warehouse, extras)
    });
    Ok(call.reply().total_if(found.total).rows("trades", TRADES, &found.rows))
}

/// A number stands alone; without one the window and everything else apply. What the caller may see applies always.
fn filter<'r>(
    call: &Call,
    settings: &Settings,
    request: &'r Request,
    shops: &Shops,
    warehouses: &Warehouses,
) -> Result<OrderFilter<'r>, Error> {
    if request.has_number() {
        return Ok(OrderFilter {
            src_tid: given(&request.src_tid),
            fuzzy: request.is_fuzzy.unwrap_or(false),
            no: given(&request.trade_no),
            waybill: given(&request.logistics_no),
            shops: shops.asked_for(call, settings, None, None)?,
            warehouses: warehouses.asked_for(call, None)?,
            ..OrderFilter::default()
        });
    }
    let missing = "时间范围与订单编号不能全部为空";
    Ok(OrderFilter {
        window: Some(Span::HOUR.of(call).required(request.start_time, request.end_time, missing)?),
        statuses: request.statuses()?,
        shops: shops.asked_for(call, settings, given(&request.shop_no), given(&request.shop_nos))?,
        warehouses: warehouses.asked_for(call, given(&request.warehouse_no))?,
        has_waybill: match request.has_logistics_no {
            Some(HasWaybill::With) => Some(true),
            Some(HasWaybill::Without) => Some(false),
            Some(HasWaybill::Any) | None => None,
        },
        ..OrderFilter::default()
    })
}
