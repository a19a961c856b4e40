//! `wdt.vip.api.refund.query` (fact sheet wdt-2, 3.6): raw refunds.

mod columns;

use erp::aftersale::{self, RawRefundFilter, RefundPayer};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::Reader;
use units::Moment;
use wire::args::{Text, given};

use crate::codes::Error;
use crate::rights::{self, Shops};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};
use columns::{REFUNDS, Raw};

wire::arguments! {
    /// Raw refunds by window, or by one of two numbers.
    pub struct Request {
        /// number of the platform; needs no window
        pub refund_no: Option<Text<40>>,
        /// raw order number; needs no window
        pub tid: Option<Text<40>>,
        /// platform, appendix A
        pub platform_id: Option<i64>,
        /// waybill of the return
        pub logistics_no: Option<Text<40>>,
        /// one shop
        pub shop_no: Option<Text<20>>,
        /// from
        pub start_time: Option<Moment>,
        /// until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// what the window is about: 0 last changed (default), 1 asked for
        pub time_type: Option<TimeType>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

wire::codes! {
    /// Which time a window is about.
    pub enum TimeType {
        /// last changed
        Modified = 0,
        /// asked for
        Asked = 1,
    }
}

impl Request {
    fn has_number(&self) -> bool {
        given(&self.refund_no).is_some() || given(&self.tid).is_some()
    }
}

/// Query raw refunds.
pub(crate) struct RawRefundQuery;

impl Method for RawRefundQuery {
    const NAME: &'static str = "wdt.vip.api.refund.query";
    const PHP: &'static str = "vip_api_refund_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query raw refunds", "查询原始退款单");
    const CATEGORY: Category = Category::Aftersale;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (2160, "a time is malformed, only one end is given, or the start is after the end"),
        (2180, "the window is wider than 30 days"),
        (2830, "time_type is not in its list"),
        (2900, "neither a window nor refund_no or tid is given"),
        (9026, "the application may not see the shop"),
        (2310, "the shop is unknown"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "The widest window is 30 days, as for refund orders.",
        "platform_id filters with and without a number.",
        "Buyer and account of a raw refund are not part of this reply.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("trade_list", "raw refunds (named so)", REFUNDS)
    }
}

impl Query for RawRefundQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.has_number() { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let window = if request.has_number() {
            Span::MONTH.of(call).window(request.start_time, request.end_time)?
        } else {
            let missing = "时间范围与退款单号不能全部为空";
            Some(Span::MONTH.of(call).required(request.start_time, request.end_time, missing)?)
        };
        let shops = Shops::load(reader)?;
        let mut keys = shops.asked_for(call, &settings, given(&request.shop_no), None)?;
        if let Some(platform) = request.platform_id {
            keys = shops.of_platform(platform, keys);
        }
        let filter = RawRefundFilter {
            refund_no: given(&request.refund_no),
            tids: given(&request.tid).into_iter().collect(),
            waybill: given(&request.logistics_no),
            shops: keys,
            window,
            by_refund_time: request.time_type == Some(TimeType::Asked),
            ..RawRefundFilter::default()
        };
        let found =
            window::listed(reader, &settings, page, |reader, page| aftersale::raw_refunds(reader, &filter, page))?;
        let found = found.map(|mut raw| {
            let shop = shops.get(raw.shop);
            if !rights::shows_buyer(call, shop.platform) {
                raw.payer = RefundPayer::default();
            }
            Raw::of(raw, shop)
        });
        Ok(call.reply().total_if(found.total).rows("trade_list", REFUNDS, &found.rows))
    }
}
