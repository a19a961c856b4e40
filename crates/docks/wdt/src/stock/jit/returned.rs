//! `wdt.vip.jit.return.stockin.order.query` (fact sheet wdt-2, 5.15): JIT returns.

use std::rc::Rc;

use erp::catalog::{Shop, Warehouse};
use erp::stock::{self, StockIn, StockInFilter, StockInKind, StockInLine};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::rows::{Column, empty, int, list, money, quantity, text, time, zero};

use super::super::stock_in_query::kinds_of_goods;
use crate::codes::{self, Error};
use crate::part_two::{GoodsOfPage, Line, totalled};
use crate::rights::{Shops, Warehouses};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// JIT returns by window.
    pub struct Request {
        /// changed from
        pub start_time: Moment,
        /// changed until; at most 60 minutes after the start
        pub end_time: Moment,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

type ReturnLine = Line<StockIn, StockInLine>;

struct Row {
    order: Rc<StockIn>,
    warehouse: Rc<Warehouse>,
    shop: Rc<Shop>,
    lines: Vec<ReturnLine>,
}

const LINES: &[Column<ReturnLine>] = &[
    int("rec_id", "key of the line", |l| wire_id(l.line.id)),
    int("stockin_id", "the stock-in", |l| wire_id(l.of.id)),
    int("goods_id", "goods", |l| wire_id(l.goods().id)),
    text("goods_no", "goods number", |l| &l.goods().no),
    text("goods_name", "goods name", |l| &l.goods().facts.name),
    int("spec_id", "spec", |l| wire_id(l.line.spec)),
    text("spec_no", "merchant code", |l| &l.line.spec_no),
    text("spec_name", "spec name", |l| &l.spec().facts.name),
    text("spec_code", "spec code", |l| &l.spec().facts.code),
    text("base_unit_name", "unit", |l| &l.goods().facts.unit_name),
    text("aux_unit_name", "second unit", |l| &l.goods().facts.aux_unit_name),
    int("brand_id", "brand", |l| wire_id(l.goods().brand)),
    text("brand_no", "brand number", |l| &l.goods().brand_no),
    text("brand_name", "brand name", |l| &l.goods().brand_name),
    quantity("expect_num", "pieces that were expected", |l| l.line.expect),
    quantity("num", "pieces that came in", |l| l.line.num),
    quantity("num2", "the pieces in base units; the same", |l| l.line.num),
    money("price", "price of a piece", |l| l.line.price),
    money("tax_price", "price with tax", |l| l.line.price + l.line.price.times(l.line.tax)),
    money("tax_amount", "value with tax", |l| (l.line.price + l.line.price.times(l.line.tax)).times(l.line.num)),
    money("cost_price", "cost of a piece when it came on hand", |l| l.line.cost_price),
    money("total_cost", "cost of the line", |l| l.line.cost_price.times(l.line.num)),
    text("po_no", "purchase order of the platform", |l| &l.line.po_no),
    int("defect", "0 good, 1 defective", |l| l.line.defect),
    text("remark", "remark", |l| &l.line.remark),
];

const RETURNS: &[Column<Row>] = &[
    int("stockin_id", "key", |r| wire_id(r.order.id)),
    text("stockin_no", "number", |r| &r.order.no),
    text("order_no", "the same", |r| &r.order.no),
    int("order_type", "11", |r| r.order.kind.code()),
    text("refund_no", "our return", |r| &r.order.source_no),
    text("jit_refund_no", "return at the platform", |r| &r.order.jit_refund_no),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    int("shop_id", "shop", |r| wire_id(r.shop.id)),
    text("shop_no", "shop number", |r| &r.shop.no),
    int("status", "10 cancelled, 20 editing, 30 audit, 60 settlement, 80 completed", |r| r.order.status.code()),
    time("check_time", "when the goods came on hand", |r| r.order.checked),
    time("created_time", "first stored", |r| Some(r.order.created)),
    time("stockin_time", "when the goods came on hand", |r| r.order.checked),
    time("modified", "last changed", |r| Some(r.order.modified)),
    empty("operator_name", "who made it; people are not kept"),
    text("flag_name", "mark", |r| &r.order.flag_name),
    zero("note_count", "notes; there are none"),
    quantity("goods_count", "pieces", |r| r.order.pieces()),
    int("goods_type_count", "specs", |r| kinds_of_goods(r.order.lines.iter().map(|line| line.spec))),
    money("tax_amount", "value with tax", |r| {
        r.order.lines.iter().map(|l| (l.price + l.price.times(l.tax)).times(l.num)).sum()
    }),
    money("total_cost", "cost", |r| r.order.lines.iter().map(|l| l.cost_price.times(l.num)).sum()),
    text("remark", "remark", |r| &r.order.remark),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query JIT returns.
pub(crate) struct JitReturnQuery;

impl Method for JitReturnQuery {
    const NAME: &'static str = "wdt.vip.jit.return.stockin.order.query";
    const PHP: &'static str = "vip_jit_return_stockin_order_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query JIT return stock-ins", "查询JIT退货入库单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::TIME, "an end of the window is missing or malformed, or the start is after the end"),
        (codes::SPAN, "the window is wider than 60 minutes"),
    ];
    const DECISIONS: &'static [&'static str] = &["people make these documents through the admin API"];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stockin_list", "JIT returns", RETURNS)
    }
}

impl Query for JitReturnQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        Some(request.end_time)
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let within = Span::HOUR.of(call).window(Some(request.start_time), Some(request.end_time))?;
        let (shops, warehouses) = (Shops::load(reader)?, Warehouses::load(reader)?);
        let keys = warehouses.asked_for(call, None)?;
        let filter = StockInFilter {
            kinds: &[StockInKind::JitReturn],
            warehouses: &keys,
            window: within,
            ..StockInFilter::default()
        };
        let found = window::listed(reader, &settings, page, |reader, page| stock::stock_ins(reader, &filter, page))?;
        let specs = found.rows.iter().flat_map(|order| order.lines.iter().map(|line| line.spec));
        let goods = GoodsOfPage::load(reader, specs)?;
        let found = found.map(|order| {
            let order = Rc::new(order);
            Row {
                warehouse: warehouses.get(order.warehouse),
                shop: shops.get(order.shop),
                lines: goods.lines(&order, order.lines.clone(), |line| line.spec),
                order,
            }
        });
        Ok(totalled(call, found.total).rows("stockin_list", RETURNS, &found.rows))
    }
}
