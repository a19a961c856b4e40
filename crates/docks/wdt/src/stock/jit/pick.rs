//! `wdt.vip.jit.stockout.order.query` (fact sheet wdt-2, 5.16): JIT picks that have left.

use std::rc::Rc;

use erp::catalog::{Carrier, Shop, Warehouse};
use erp::stock::{self, OutTime, StockOutKind, WarehouseOut, WarehouseOutFilter, WarehouseOutLine};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::rows::{Column, empty, int, list, money, owned, quantity, text, time};

use super::super::stock_in_query::kinds_of_goods;
use crate::codes::{self, Error};
use crate::part_two::{Carriers, GoodsOfPage, Line, totalled};
use crate::rights::{Shops, Warehouses};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// JIT picks by the time at which they left.
    pub struct Request {
        /// left from
        pub start_time: Moment,
        /// left until; at most 24 hours after the start
        pub end_time: Moment,
        /// page, from 0
        pub page_no: i64,
        /// rows on a page, 1 to 100
        pub page_size: i64,
    }
}

type PickLine = Line<WarehouseOut, WarehouseOutLine>;

struct Row {
    order: Rc<WarehouseOut>,
    warehouse: Rc<Warehouse>,
    shop: Rc<Shop>,
    carrier: Rc<Carrier>,
    lines: Vec<PickLine>,
}

const LINES: &[Column<PickLine>] = &[
    int("rec_id", "key of the line", |l| wire_id(l.line.id)),
    int("stockout_id", "the stock-out", |l| wire_id(l.of.id)),
    int("goods_id", "goods", |l| wire_id(l.goods().id)),
    text("goods_no", "goods number", |l| &l.goods().no),
    text("goods_name", "goods name", |l| &l.goods().facts.name),
    int("spec_id", "spec", |l| wire_id(l.line.spec)),
    text("spec_no", "merchant code", |l| &l.line.spec_no),
    text("spec_name", "spec name", |l| &l.spec().facts.name),
    text("spec_code", "spec code", |l| &l.spec().facts.code),
    text("brand_no", "brand number", |l| &l.goods().brand_no),
    text("brand_name", "brand name", |l| &l.goods().brand_name),
    quantity("num", "pieces", |l| l.line.num),
    money("price", "supply price of a piece", |l| l.line.price),
    money("tax_price", "the same; the supply price holds the tax", |l| l.line.price),
    money("cost_price", "cost of a piece", |l| l.line.cost_price),
    text("po_no", "purchase order of the platform", |l| &l.line.po_no),
    text("batch_no", "batch", |l| &l.line.batch_no),
    time("expire_date", "expires when", |l| l.line.expire_date),
    text("remark", "remark", |l| &l.line.remark),
];

const PICKS: &[Column<Row>] = &[
    int("stockout_id", "key", |r| wire_id(r.order.id)),
    text("stockout_no", "number", |r| &r.order.no),
    text("order_no", "upper document", |r| &r.order.source_no),
    int("order_type", "12", |r| r.order.kind.code()),
    text("src_tids", "pick numbers of the platform", |r| &r.order.jit.picks),
    owned("po_no_list", "purchase orders, comma separated", |r| {
        let mut orders: Vec<&str> = r.order.lines.iter().map(|l| &*l.po_no).filter(|no| !no.is_empty()).collect();
        orders.dedup();
        orders.join(",")
    }),
    int("status", "95 shipped, 110 completed", |r| r.order.status.code()),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    text("receive_warehouse_no", "warehouse of the platform", |r| &r.order.jit.receive_warehouse_no),
    text("receive_warehouse_name", "its name", |r| &r.order.jit.receive_warehouse_name),
    int("shop_id", "shop", |r| wire_id(r.shop.id)),
    text("shop_no", "shop number", |r| &r.shop.no),
    text("shop_name", "shop name", |r| &r.shop.name),
    int("logistics_id", "carrier", |r| wire_id(r.carrier.id)),
    text("logistics_company_name", "carrier name", |r| &r.carrier.name),
    text("logistics_no", "waybill", |r| &r.order.logistics_no),
    money("weigh_post_cost", "freight", |r| r.order.post_cost),
    time("consign_time", "when the goods left", |r| r.order.consigned),
    empty("operator_name", "who made it; people are not kept"),
    quantity("goods_count", "pieces", |r| r.order.pieces()),
    int("goods_type_count", "specs", |r| kinds_of_goods(r.order.lines.iter().map(|line| line.spec))),
    text("flag_name", "mark", |r| &r.order.flag_name),
    text("remark", "remark", |r| &r.order.remark),
    time("created", "first stored", |r| Some(r.order.created)),
    time("modified", "last changed", |r| Some(r.order.modified)),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query JIT picks.
pub(crate) struct JitPickQuery;

impl Method for JitPickQuery {
    const NAME: &'static str = "wdt.vip.jit.stockout.order.query";
    const PHP: &'static str = "vip_jit_stockout_order_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query JIT stock-outs", "查询JIT出库单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::TIME, "an end of the window is missing or malformed, or the start is after the end"),
        (codes::SPAN, "the window is wider than 24 hours"),
        (codes::REQUIRED, "page_no or page_size is missing"),
    ];
    const DECISIONS: &'static [&'static str] =
        &["only picks that have left (95, 110)", "people make these documents through the admin API"];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stockout_list", "JIT picks", PICKS)
    }
}

impl Query for JitPickQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        Some(request.end_time)
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, Some(request.page_no), Some(request.page_size), limits::USUAL_PAGE)?;
        let within = Span::DAY.of(call).window(Some(request.start_time), Some(request.end_time))?;
        let (shops, warehouses) = (Shops::load(reader)?, Warehouses::load(reader)?);
        let keys = warehouses.asked_for(call, None)?;
        let filter = WarehouseOutFilter {
            kinds: &[StockOutKind::JitPick],
            warehouses: &keys,
            time: OutTime::Consigned,
            window: within,
            ..WarehouseOutFilter::default()
        };
        let found =
            window::listed(reader, &settings, page, |reader, page| stock::warehouse_outs(reader, &filter, page))?;
        let carriers = Carriers::load(reader)?;
        let specs = found.rows.iter().flat_map(|order| order.lines.iter().map(|line| line.spec));
        let goods = GoodsOfPage::load(reader, specs)?;
        let found = found.map(|order| {
            let order = Rc::new(order);
            Row {
                warehouse: warehouses.get(order.warehouse),
                shop: shops.get(order.shop),
                carrier: carriers.get(&order.logistics_code),
                lines: goods.lines(&order, order.lines.clone(), |line| line.spec),
                order,
            }
        });
        Ok(totalled(call, found.total).rows("stockout_list", PICKS, &found.rows))
    }
}
