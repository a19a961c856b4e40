//! `wdt.vip.stock.query.all` (fact sheet wdt-2, 5.13): all stock, or what changed in a window.

use erp::stock::BalanceFilter;
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::Reader;
use units::Moment;
use wire::args::{Text, given};

use super::query::{STOCKS, page_of_stock};
use crate::codes::{self, Error};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// All stock; with a window what changed in it.
    pub struct Request {
        /// one warehouse; required where the merchant's settings say so
        pub warehouse_no: Option<Text<40>>,
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// merchant code
        pub spec_no: Option<Text<40>>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

/// The hour of the day at which the reference product's window closes.
const CLOSES: i64 = 2;

/// Query all stock.
pub(crate) struct StockQueryAll;

impl Method for StockQueryAll {
    const NAME: &'static str = "wdt.vip.stock.query.all";
    const PHP: &'static str = "vip_stock_query_all.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query all stock", "全量查询库存");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::HOURS, "outside 00:00 to 02:00, where the merchant's settings say so"),
        (codes::REQUIRED, "no warehouse, where the merchant's settings want one"),
        (codes::TIME, "a time is malformed, only one end is given, or the start is after the end"),
        (codes::SPAN, "the window is wider than 30 days"),
        (codes::WAREHOUSE, "the warehouse is unknown"),
        (codes::PERMISSION, "the application may not see the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "the hours (full_stock_at_night) and the required warehouse (full_stock_by_warehouse) are settings, off by default",
        "the last second of the hours is 01:59:59",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stocks", "stock rows", STOCKS)
    }
}

impl Query for StockQueryAll {
    fn reads_until(request: &Request) -> Option<Moment> {
        request.end_time
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let since_midnight = call.now().since(call.now().day().start());
        if settings.full_stock_at_night && since_midnight >= CLOSES * limits::HOUR {
            return Err(Refused::new(codes::HOURS, "只允许凌晨00:00-02:00调用").into());
        }
        if settings.full_stock_by_warehouse && given(&request.warehouse_no).is_none() {
            return Err(codes::required("warehouse_no").into());
        }
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let filter = BalanceFilter {
            spec_no: given(&request.spec_no),
            window: Span::MONTH.of(call).window(request.start_time, request.end_time)?,
            ..BalanceFilter::default()
        };
        page_of_stock(call, reader, &settings, given(&request.warehouse_no), filter, page)
    }
}
