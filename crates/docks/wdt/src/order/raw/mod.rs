//! `wdt.vip.api.trade.query` (fact sheet wdt-1, 2.23): raw orders.

mod columns;

use erp::aftersale::{self, RawRefund, RawRefundFilter};
use erp::catalog::Page;
use erp::order::{self, Buyer, RawFilter, RawOrder};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::Reader;
use units::Moment;
use wire::args::{Text, given};

use crate::codes::{self, Error};
use crate::rights::{self, Shops, Warehouses};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};
use columns::{Made, ORDERS, Raw};

wire::arguments! {
    /// Raw orders by window or number.
    pub struct Request {
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// raw order number, or up to 200, comma separated; needs no window
        pub tid: Option<Text<8200>>,
        /// one shop
        pub shop_no: Option<Text<50>>,
        /// platform, appendix A
        pub platform_id: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

/// Query raw orders.
pub(crate) struct RawTradeQuery;

impl Method for RawTradeQuery {
    const NAME: &'static str = "wdt.vip.api.trade.query";
    const PHP: &'static str = "vip_api_trade_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query raw orders", "查询原始订单");
    const CATEGORY: Category = Category::Order;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::SHOP, "店铺不存在或已停用 / the shop is unknown or disabled"),
        (codes::PERMISSION, "账号无权访问 / the account may not touch it"),
        (codes::REQUIRED, "neither a window nor a number is given"),
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("trade_list", "raw orders", ORDERS)
    }
}

impl Query for RawTradeQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if given(&request.tid).is_some() { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        find(call, request, reader, false)
    }
}

/// Answers the request; with `history` from the archive too.
pub(super) fn find(call: &Call, request: &Request, reader: &mut Reader, history: bool) -> Result<Reply, Error> {
    let settings = Settings::of(call.settings())?;
    let page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
    let tids: Vec<&str> = given(&request.tid).map(|list| rights::listed(list).collect()).unwrap_or_default();
    if tids.len() > limits::TIDS {
        return Err(codes::invalid(codes::TOO_MANY, "tid", "最多200个原始单号").into());
    }
    let within = if tids.is_empty() {
        let missing = "时间范围与原始单号不能全部为空";
        Some(Span::MONTH.of(call).required(request.start_time, request.end_time, missing)?)
    } else {
        Span::MONTH.of(call).window(request.start_time, request.end_time)?
    };
    let shops = Shops::load(reader)?;
    let mut keys = shops.asked_for(call, &settings, given(&request.shop_no), None)?;
    if let Some(platform) = request.platform_id {
        keys = shops.of_platform(platform, keys);
    }
    let filter = RawFilter { tids, shops: keys, window: within, history };
    let found = window::listed(reader, &settings, page, |reader, page| order::raw_orders(reader, &filter, page))?;
    let made = Made {
        orders: order::orders_of_raws(reader, &found.rows)?,
        refunds: refunds(reader, &found.rows)?,
        warehouses: Warehouses::load(reader)?,
    };
    let found = found.map(|mut order| {
        let shop = shops.get(order.shop);
        if !rights::shows_buyer(call, shop.platform) {
            order.facts.buyer = Buyer::default();
        }
        Raw::of(order, shop, &made)
    });
    Ok(call.reply().total_if(found.total).rows("trade_list", ORDERS, &found.rows))
}

/// The raw refunds that succeeded, of those raw orders that have any.
fn refunds(reader: &mut Reader, raws: &[RawOrder]) -> Result<Vec<RawRefund>, Error> {
    let tids: Vec<&str> = raws.iter().filter(|raw| !raw.refunds.is_empty()).map(|raw| &*raw.facts.tid).collect();
    if tids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = RawRefundFilter { tids, ..RawRefundFilter::default() };
    let found = aftersale::raw_refunds(reader, &filter, Page::ALL)?.rows;
    Ok(found.into_iter().filter(|refund| refund.succeeded.is_some()).collect())
}
