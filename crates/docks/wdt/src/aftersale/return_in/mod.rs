//! `wdt.stockin.order.query.refund` (fact sheet wdt-2, 3.4): return stock-ins.

mod columns;
mod row;

use erp::aftersale::RefundPeople;
use erp::stock::{self, StockInFilter, StockInKind, StockInStatus};
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::Reader;
use units::Moment;
use wire::args::{Text, given};

use crate::codes::{self, Error};
use crate::rights::{self, Shops, Warehouses};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};
use columns::STOCK_INS;
use row::Upper;

wire::arguments! {
    /// Return stock-ins by window, or by one of two numbers.
    pub struct Request {
        /// state, or several, comma separated: 10, 20, 30, 60, 80; only 80 by default
        pub status: Option<Text<255>>,
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// number (RK…); needs no window
        pub stockin_no: Option<Text<40>>,
        /// refund order (TK…); needs no window
        pub src_order_no: Option<Text<40>>,
        /// one shop
        pub shop_no: Option<Text<20>>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

impl Request {
    fn has_number(&self) -> bool {
        given(&self.stockin_no).is_some() || given(&self.src_order_no).is_some()
    }

    fn statuses(&self) -> Result<Vec<i64>, Refused> {
        let Some(list) = given(&self.status) else { return Ok(vec![StockInStatus::Completed.code()]) };
        let statuses = rights::numbers("status", list)?;
        let known = |status: &i64| *status != 25 && StockInStatus::from_code(*status).is_some();
        if statuses.iter().all(known) { Ok(statuses) } else { Err(Refused::new(codes::VALUE, "参数值无效status")) }
    }
}

/// Query return stock-ins.
pub(crate) struct ReturnInQuery;

impl Method for ReturnInQuery {
    const NAME: &'static str = "wdt.stockin.order.query.refund";
    const PHP: &'static str = "stockin_order_query_refund.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query return stock-in orders", "查询退货入库单");
    const CATEGORY: Category = Category::Aftersale;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (2160, "a time is malformed, only one end is given, or the start is after the end"),
        (2180, "the window is wider than 30 days"),
        (2830, "status is not in its list"),
        (2900, "neither a window nor stockin_no or src_order_no is given"),
        (9026, "the application may not see the shop"),
        (2310, "the shop is unknown"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "Pieces beyond what was announced are adjust_num: num + adjust_num = right_num = goods_count.",
        "goods_amount counts what buyers paid for the pieces, total_price what they cost.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stockin_list", "return stock-ins", STOCK_INS)
    }
}

impl Query for ReturnInQuery {
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
    let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
    let window = if request.has_number() {
        Span::MONTH.of(call).window(request.start_time, request.end_time)?
    } else {
        let missing = "时间范围与入库单号不能全部为空";
        Some(Span::MONTH.of(call).required(request.start_time, request.end_time, missing)?)
    };
    let (shops, warehouses) = (Shops::load(reader)?, Warehouses::load(reader)?);
    let statuses = request.statuses()?;
    let keys = shops.asked_for(call, &settings, given(&request.shop_no), None)?;
    let seen = warehouses.asked_for(call, None)?;
    let filter = StockInFilter {
        no: given(&request.stockin_no),
        source_no: given(&request.src_order_no),
        kinds: &[StockInKind::Refund],
        statuses: &statuses,
        warehouses: &seen,
        shops: &keys,
        window,
        history,
        ..StockInFilter::default()
    };
    let found = window::listed(reader, &settings, page, |reader, page| stock::stock_ins(reader, &filter, page))?;
    let mut upper = Upper::load(reader, &found.rows)?;
    let found = found.map(|order| {
        let (shop, warehouse) = (shops.get(order.shop), warehouses.get(order.warehouse));
        let mut row = upper.row(order, shop, warehouse);
        if !rights::shows_buyer(call, row.shop.platform) {
            row.above.people = RefundPeople::default();
        }
        row
    });
    Ok(call.reply().total_if(found.total).rows("stockin_list", STOCK_INS, &found.rows))
}
