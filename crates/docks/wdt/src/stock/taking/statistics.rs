//! `wdt.stat.stock.pd.detail.query` (fact sheet wdt-2, 5.11): what stock-takings gained and lost.

use std::rc::Rc;

use erp::catalog::Warehouse;
use erp::stock::{self, StockTaking, TakingFilter, TakingLine, TakingStatus};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::args::{Text, given};
use wire::rows::{Column, int, list, money, quantity, text, time};

use crate::codes::{self, Error};
use crate::part_two::{GoodsOfPage, Line, totalled};
use crate::rights::Warehouses;
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Gains and losses by window, or of one stock-taking.
    pub struct Request {
        /// number; needs no window
        pub pd_no: Option<Text<40>>,
        /// counted from
        pub start_time: Option<Moment>,
        /// counted until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

/// A stock-taking with its warehouse, to which the lines refer.
struct Counted {
    order: StockTaking,
    warehouse: Rc<Warehouse>,
}

type GainLine = Line<Counted, TakingLine>;

struct Row {
    of: Rc<Counted>,
    lines: Vec<GainLine>,
}

const DETAILS: &[Column<GainLine>] = &[
    int("rec_id", "key of the line", |l| wire_id(l.line.id)),
    text("pd_no", "number of the stock-taking", |l| &l.of.order.no),
    text("warehouse_no", "warehouse number", |l| &l.of.warehouse.no),
    text("warehouse_name", "warehouse name", |l| &l.of.warehouse.name),
    text("spec_no", "merchant code", |l| &l.line.spec_no),
    text("spec_name", "spec name", |l| &l.spec().facts.name),
    text("spec_code", "spec code", |l| &l.spec().facts.code),
    text("goods_no", "goods number", |l| &l.goods().no),
    text("goods_name", "goods name", |l| &l.goods().facts.name),
    text("barcode", "barcode", |l| &l.spec().facts.barcode),
    text("brand_name", "brand name", |l| &l.goods().brand_name),
    text("class_name", "class name", |l| &l.goods().class_name),
    text("unit_name", "unit", |l| &l.goods().facts.unit_name),
    text("position_no", "bin", |l| &l.line.position_no),
    text("batch_no", "batch", |l| &l.line.batch_no),
    time("expire_date", "expires when", |l| l.line.expire_date),
    quantity("old_num", "booked before", |l| l.line.old_num),
    quantity("new_num", "counted", |l| l.line.new_num),
    quantity("yk_num", "gain (positive) or loss (negative)", |l| l.line.gain()),
    money("cost_price", "cost of a piece then", |l| l.line.cost_price),
    money("yk_amount", "gain or loss at that cost", |l| l.line.cost_price.times(l.line.gain())),
    text("remark", "remark", |l| &l.line.remark),
];

const GAINS: &[Column<Row>] = &[
    text("pd_no", "number of the stock-taking", |r| &r.of.order.no),
    time("created", "when the count took effect", |r| r.of.order.checked),
    list!("details", "lines that gained or lost", DETAILS, |r| r.lines.iter()),
];

/// Query gains and losses.
pub(crate) struct StockTakingStatistics;

impl Method for StockTakingStatistics {
    const NAME: &'static str = "wdt.stat.stock.pd.detail.query";
    const PHP: &'static str = "stat_stock_pd_detail_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query gains and losses of stock-taking", "查询盘点盈亏统计");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::TIME, "a time is malformed, only one end is given, or the start is after the end"),
        (codes::SPAN, "the window is wider than 30 days"),
        (codes::REQUIRED, "neither a window nor pd_no is given"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "completed stock-takings only; one without gain or loss is there with empty details",
        "the list is called pd_list; its enterprise name is not public",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("pd_list", "stock-takings", GAINS)
    }
}

impl Query for StockTakingStatistics {
    fn reads_until(request: &Request) -> Option<Moment> {
        request.end_time
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let checked = match given(&request.pd_no) {
            Some(_) => None,
            None => Some(Span::MONTH.of(call).required(
                request.start_time,
                request.end_time,
                "时间范围与盘点单号不能全部为空",
            )?),
        };
        let warehouses = Warehouses::load(reader)?;
        let keys = warehouses.asked_for(call, None)?;
        let filter = TakingFilter {
            no: given(&request.pd_no),
            statuses: &[TakingStatus::Completed.code()],
            warehouses: &keys,
            checked,
            ..TakingFilter::default()
        };
        let found =
            window::listed(reader, &settings, page, |reader, page| stock::stock_takings(reader, &filter, page))?;
        let specs = found.rows.iter().flat_map(|order| order.lines.iter().map(|line| line.spec));
        let goods = GoodsOfPage::load(reader, specs)?;
        let found = found.map(|order| {
            let changed = order.lines.iter().filter(|line| !line.gain().is_zero()).cloned().collect();
            let of = Rc::new(Counted { warehouse: warehouses.get(order.warehouse), order });
            Row { lines: goods.lines(&of, changed, |line: &TakingLine| line.spec), of }
        });
        Ok(totalled(call, found.total).rows("pd_list", GAINS, &found.rows))
    }
}
