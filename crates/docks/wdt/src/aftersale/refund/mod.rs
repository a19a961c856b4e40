//! `wdt.refund.query` (fact sheet wdt-2, 3.3): refund and exchange orders.

mod columns;
mod row;

use erp::aftersale::{self, RefundFilter, RefundPeople, RefundStatus};
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::Reader;
use units::Moment;
use wire::args::{Text, given};

use crate::codes::{self, Error};
use crate::rights::{self, Shops, Warehouses};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};
use columns::REFUNDS;
use row::Refund;

wire::arguments! {
    /// Refund orders by window, or by one of four numbers.
    pub struct Request {
        /// state, or several, comma separated
        pub process_status: Option<Text<255>>,
        /// what the window is about: 0 last changed (default), 1 settled
        pub time_type: Option<TimeType>,
        /// from
        pub start_time: Option<Moment>,
        /// until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// number (TK…); needs no window
        pub refund_no: Option<Text<40>>,
        /// number of the raw refund; needs no window
        pub src_refund_no: Option<Text<40>>,
        /// system order number; needs no window
        pub trade_no: Option<Text<40>>,
        /// raw order number; needs no window
        pub tid: Option<Text<40>>,
        /// one shop
        pub shop_no: Option<Text<20>>,
        /// up to 20 shops, comma separated
        pub shop_nos: Option<Text<1024>>,
        /// waybill of the return
        pub logistics_no: Option<Text<40>>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 40; 40 by default
        pub page_size: Option<i64>,
    }
}

wire::codes! {
    /// Which time a window is about.
    pub enum TimeType {
        /// last changed
        Modified = 0,
        /// settled
        Finished = 1,
    }
}

impl Request {
    fn has_number(&self) -> bool {
        [given(&self.refund_no), given(&self.src_refund_no), given(&self.trade_no), given(&self.tid)]
            .iter()
            .any(Option::is_some)
    }

    fn statuses(&self) -> Result<Vec<i64>, Refused> {
        let Some(list) = given(&self.process_status) else { return Ok(Vec::new()) };
        let statuses = rights::numbers("process_status", list)?;
        match statuses.iter().any(|status| RefundStatus::from_code(*status).is_none()) {
            true => Err(Refused::new(codes::VALUE, "参数值无效process_status")),
            false => Ok(statuses),
        }
    }
}

/// Query refund orders.
pub(crate) struct RefundQuery;

impl Method for RefundQuery {
    const NAME: &'static str = "wdt.refund.query";
    const PHP: &'static str = "refund_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query refund and exchange orders", "查询退换管理");
    const CATEGORY: Category = Category::Aftersale;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (2160, "a time is malformed, only one end is given, or the start is after the end"),
        (2180, "the window is wider than 30 days"),
        (2830, "process_status or time_type is not in its list"),
        (2900, "neither a window nor one of the four numbers is given"),
        (9026, "the application may not see the shop"),
        (2310, "the shop is unknown"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "Filters are joined: a number and a shop mean both.",
        "A page_size above 40 is 40, one below 1 is the default.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("refunds", "refund orders", REFUNDS)
    }
}

impl Query for RefundQuery {
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
    let page = window::small_page(call, request.page_no, request.page_size, limits::REFUND_PAGE)?;
    let window = if request.has_number() {
        Span::MONTH.of(call).window(request.start_time, request.end_time)?
    } else {
        let missing = "时间范围与退换单号不能全部为空";
        Some(Span::MONTH.of(call).required(request.start_time, request.end_time, missing)?)
    };
    let (shops, warehouses) = (Shops::load(reader)?, Warehouses::load(reader)?);
    let mut filter = RefundFilter {
        no: given(&request.refund_no),
        src_no: given(&request.src_refund_no),
        tid: given(&request.tid),
        waybill: given(&request.logistics_no),
        statuses: request.statuses()?,
        shops: shops.asked_for(call, &settings, given(&request.shop_no), given(&request.shop_nos))?,
        warehouses: warehouses.asked_for(call, None)?,
        window,
        history,
        by_finish: request.time_type == Some(TimeType::Finished),
        ..RefundFilter::default()
    };
    if let Some(trade_no) = given(&request.trade_no) {
        let found = match erp::order::order_by_no(reader, trade_no) {
            Err(erp::Error::Refused(erp::Refusal::NotFound { .. })) => None,
            found => Some(found?),
        };
        filter.order = Some(found.map_or(-1, |order| order.id));
    }
    let found = window::listed(reader, &settings, page, |reader, page| aftersale::refunds(reader, &filter, page))?;
    let found = found.map(|mut refund| {
        let shop = shops.get(refund.shop);
        if !rights::shows_buyer(call, shop.platform) {
            refund.people = RefundPeople::default();
        }
        Refund::of(refund, shop, &warehouses)
    });
    Ok(call.reply().total_if(found.total).rows("refunds", REFUNDS, &found.rows))
}
