//! `wdt.stock.pd.order.query` (fact sheet wdt-2, 5.3): stock-takings.

use std::rc::Rc;

use erp::catalog::Warehouse;
use erp::stock::{self, StockTaking, TakingFilter, TakingLine};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::args::{Text, given};
use wire::rows::{Column, empty, int, list, quantity, text, time};

use crate::codes::{self, Error};
use crate::part_two::{GoodsOfPage, Line, totalled};
use crate::rights::Warehouses;
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Stock-takings by window or number; with neither, all of them.
    pub struct Request {
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
        /// number (PD…); needs no window
        pub pd_no: Option<Text<40>>,
        /// the caller's number; needs no window
        pub api_outer_no: Option<Text<40>>,
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

type CountedLine = Line<StockTaking, TakingLine>;

struct Row {
    order: Rc<StockTaking>,
    warehouse: Rc<Warehouse>,
    lines: Vec<CountedLine>,
}

const LINES: &[Column<CountedLine>] = &[
    int("rec_id", "key of the line", |l| wire_id(l.line.id)),
    int("pd_id", "the stock-taking", |l| wire_id(l.of.id)),
    int("spec_id", "spec", |l| wire_id(l.line.spec)),
    text("spec_no", "merchant code", |l| &l.line.spec_no),
    text("spec_name", "spec name", |l| &l.spec().facts.name),
    text("spec_code", "spec code", |l| &l.spec().facts.code),
    text("goods_no", "goods number", |l| &l.goods().no),
    text("goods_name", "goods name", |l| &l.goods().facts.name),
    text("short_name", "short name", |l| &l.goods().facts.short_name),
    text("barcode", "barcode", |l| &l.spec().facts.barcode),
    text("brand_name", "brand name", |l| &l.goods().brand_name),
    text("unit", "unit", |l| &l.goods().facts.unit_name),
    text("aux_unit", "second unit", |l| &l.goods().facts.aux_unit_name),
    int("defect", "0 good, 1 defective", |l| l.line.defect),
    text("position_no", "bin", |l| &l.line.position_no),
    text("batch_no", "batch", |l| &l.line.batch_no),
    time("expire_date", "expires when", |l| l.line.expire_date),
    quantity("old_num", "booked before", |l| l.line.old_num),
    quantity("new_num", "counted", |l| l.line.new_num),
    text("remark", "remark", |l| &l.line.remark),
    time("created", "first stored", |l| Some(l.of.created)),
    time("modified", "last changed", |l| Some(l.of.modified)),
];

const TAKINGS: &[Column<Row>] = &[
    int("rec_id", "key", |r| wire_id(r.order.id)),
    text("pd_no", "number", |r| &r.order.no),
    text("api_outer_no", "the caller's number", |r| &r.order.outer_no),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    int("mode", "0 by spec, 1 by bin, 2 by detail", |r| r.order.mode.code()),
    int("status", "10 cancelled, 35 waits for audit, 40 completed", |r| r.order.status.code()),
    empty("creator_name", "who made it; people are not kept"),
    empty("operator_name", "who audited it; people are not kept"),
    text("remark", "remark", |r| &r.order.remark),
    time("created", "first stored", |r| Some(r.order.created)),
    time("modified", "last changed", |r| Some(r.order.modified)),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query stock-takings.
pub(crate) struct StockTakingQuery;

impl Method for StockTakingQuery {
    const NAME: &'static str = "wdt.stock.pd.order.query";
    const PHP: &'static str = "stock_pd_order_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query stock-taking orders", "查询盘点单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::TIME, "a time is malformed, only one end is given, or the start is after the end"),
        (codes::SPAN, "the window is wider than 30 days"),
        (codes::WAREHOUSE, "the warehouse is unknown"),
        (codes::PERMISSION, "the application may not see the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &["the list is called pd_list; its enterprise name is not public"];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("pd_list", "stock-takings", TAKINGS)
    }
}

impl Query for StockTakingQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        request.end_time
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let warehouses = Warehouses::load(reader)?;
        let keys = warehouses.asked_for(call, given(&request.warehouse_no))?;
        let filter = TakingFilter {
            no: given(&request.pd_no),
            outer_no: given(&request.api_outer_no),
            warehouses: &keys,
            modified: Span::MONTH.of(call).window(request.start_time, request.end_time)?,
            ..TakingFilter::default()
        };
        let found =
            window::listed(reader, &settings, page, |reader, page| stock::stock_takings(reader, &filter, page))?;
        let specs = found.rows.iter().flat_map(|order| order.lines.iter().map(|line| line.spec));
        let goods = GoodsOfPage::load(reader, specs)?;
        let found = found.map(|order| {
            let order = Rc::new(order);
            Row {
                warehouse: warehouses.get(order.warehouse),
                lines: goods.lines(&order, order.lines.clone(), |line| line.spec),
                order,
            }
        });
        Ok(totalled(call, found.total).rows("pd_list", TAKINGS, &found.rows))
    }
}
