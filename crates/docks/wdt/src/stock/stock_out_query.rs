//! `wdt.stockout.order.query` (fact sheet wdt-2, 5.7): stock-outs of every kind but sales.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use erp::catalog::{Carrier, Provider, Warehouse};
use erp::stock::{
    self, OutTime, Receiver, StockOutKind, USUAL, WarehouseOut, WarehouseOutFilter, WarehouseOutLine,
    WarehouseOutStatus,
};
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Moment, Quantity};
use wire::args::{Text, given};
use wire::rows::{Column, empty, int, list, money, personal, quantity, text, time, zero, zero_decimal};

use super::stock_in_query::kinds_of_goods;
use crate::codes::{self, Error};
use crate::part_two::{Carriers, GoodsOfPage, Line, Providers, codes_of, totalled};
use crate::rights::Warehouses;
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Stock-outs by window or by one of three numbers.
    pub struct Request {
        /// from: the goods left, or with a status below 95 changed
        pub start_time: Option<Moment>,
        /// until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// 2, 3, 4, 5, 7 to 13; several, comma separated
        pub order_type: Option<Text<255>>,
        /// 5, 48, 50, 55, 95, 110, 113; several, comma separated; 95 and 110 by default
        pub status: Option<Text<255>>,
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
        /// number of the upper document; needs no window
        pub src_order_no: Option<Text<40>>,
        /// number; needs no window
        pub stockout_no: Option<Text<40>>,
        /// the caller's number; needs no window
        pub outer_no: Option<Text<40>>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

/// The first state of goods that have left.
const SHIPPED: i64 = 95;
/// Abnormal shipment: sales only, accepted as a filter.
const ABNORMAL: i64 = 113;

impl Request {
    fn has_number(&self) -> bool {
        [given(&self.src_order_no), given(&self.stockout_no), given(&self.outer_no)].iter().any(Option::is_some)
    }

    fn kinds(&self) -> Result<Vec<StockOutKind>, Refused> {
        let known = |code| code != StockOutKind::CashSale.code() && StockOutKind::from_code(code).is_some();
        let asked = codes_of("order_type", given(&self.order_type), known)?;
        Ok(asked.into_iter().filter_map(StockOutKind::from_code).collect())
    }

    /// States and the time that the window is on.
    fn timing(&self) -> Result<(Vec<i64>, OutTime), Refused> {
        let known = |code| code == ABNORMAL || WarehouseOutStatus::from_code(code).is_some();
        let asked = codes_of("status", given(&self.status), known)?;
        let time = if asked.iter().any(|status| *status < SHIPPED) { OutTime::Modified } else { OutTime::Consigned };
        if asked.is_empty() && !self.has_number() {
            return Ok((vec![SHIPPED, WarehouseOutStatus::Completed.code()], time));
        }
        Ok((asked, if self.has_number() { OutTime::Modified } else { time }))
    }
}

type OutLine = Line<Of, WarehouseOutLine>;

/// A stock-out with its provider, to which the lines refer.
struct Of {
    order: WarehouseOut,
    provider: Rc<Provider>,
}

struct Row {
    of: Rc<Of>,
    warehouse: Rc<Warehouse>,
    carrier: Rc<Carrier>,
    lines: Vec<OutLine>,
    receiver: Receiver,
    area: String,
}

impl Row {
    fn weight(&self) -> Quantity {
        self.lines.iter().map(|line| line.spec().facts.weight.times(line.line.num)).sum()
    }
}

fn position(line: &WarehouseOutLine) -> &str {
    if line.position_no.is_empty() { USUAL } else { &line.position_no }
}

const POSITIONS: &[Column<WarehouseOutLine>] =
    &[text("position_no", "bin", position), quantity("position_goods_count", "pieces", |l| l.num)];

const LINES: &[Column<OutLine>] = &[
    int("rec_id", "key of the line", |l| wire_id(l.line.id)),
    int("stockout_id", "the stock-out", |l| wire_id(l.of.order.id)),
    int("src_order_detail_id", "line of the upper document", |l| wire_id(l.line.source_line)),
    int("spec_id", "spec", |l| wire_id(l.line.spec)),
    text("spec_no", "merchant code", |l| &l.line.spec_no),
    text("spec_name", "spec name", |l| &l.spec().facts.name),
    text("spec_code", "spec code", |l| &l.spec().facts.code),
    int("goods_id", "goods", |l| wire_id(l.goods().id)),
    text("goods_no", "goods number", |l| &l.goods().no),
    text("goods_name", "goods name", |l| &l.goods().facts.name),
    text("barcode", "barcode", |l| &l.spec().facts.barcode),
    text("brand_no", "brand number", |l| &l.goods().brand_no),
    text("brand_name", "brand name", |l| &l.goods().brand_name),
    text("unit_name", "unit", |l| &l.goods().facts.unit_name),
    quantity("goods_count", "pieces", |l| l.line.num),
    quantity("num", "pieces", |l| l.line.num),
    money("price", "price of a piece", |l| l.line.price),
    money("sell_price", "price of a piece", |l| l.line.price),
    money("cost_price", "cost of a piece", |l| l.line.cost_price),
    money("total_amount", "price × pieces", |l| l.line.price.times(l.line.num)),
    quantity("weight", "kg", |l| l.spec().facts.weight.times(l.line.num)),
    text("batch_no", "batch", |l| &l.line.batch_no),
    text("batch_remark", "remark of the batch", |l| &l.line.batch_remark),
    time("production_date", "made when", |l| l.line.production_date),
    time("expire_date", "expires when", |l| l.line.expire_date),
    int("defect", "0 good, 1 defective", |l| l.line.defect),
    text("remark", "remark", |l| &l.line.remark),
    time("created", "first stored", |l| Some(l.of.order.created)),
    time("modified", "last changed", |l| Some(l.of.order.modified)),
    list!("position_list", "bins", POSITIONS, |l| std::iter::once(&l.line)),
    int("provider_id", "provider, for purchase returns", |l| wire_id(l.of.order.provider)),
    text("provider_no", "its number", |l| &l.of.provider.no),
    text("provider_name", "its name", |l| &l.of.provider.name),
];

const STOCK_OUTS: &[Column<Row>] = &[
    int("stockout_id", "key", |r| wire_id(r.of.order.id)),
    text("order_no", "number", |r| &r.of.order.no),
    text("stockout_no", "the same", |r| &r.of.order.no),
    text("src_order_no", "upper document", |r| &r.of.order.source_no),
    text("outer_no", "the caller's number", |r| &r.of.order.outer_no),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    int("warehouse_type", "warehouse type", |r| r.warehouse.kind),
    int("status", "5 cancelled, 48 editing, 50 audit, 55 audited, 95 shipped, 110 completed", |r| {
        r.of.order.status.code()
    }),
    int("consign_status", "bits: 4 out of the warehouse", |r| if r.of.order.consigned.is_some() { 4 } else { 0 }),
    time("consign_time", "when the goods left", |r| r.of.order.consigned),
    int("order_type", "kind", |r| r.of.order.kind.code()),
    text("order_type_name", "its name", |r| r.of.order.kind.chinese()),
    zero("subtype", "sub-category; there are none"),
    text("stockout_reason", "why it goes", |r| &r.of.order.reason),
    zero("block_reason", "these stock-outs are not blocked"),
    quantity("goods_count", "pieces", |r| r.of.order.pieces()),
    int("goods_type_count", "specs", |r| kinds_of_goods(r.of.order.lines.iter().map(|line| line.spec))),
    money("goods_total_amount", "value at the prices of the lines", |r| r.of.order.amount()),
    money("goods_total_cost", "cost of the goods", |r| r.of.order.cost()),
    money("post_fee", "freight", |r| r.of.order.post_cost),
    zero_decimal("package_fee", "packing is not charged here"),
    int("logistics_id", "carrier", |r| wire_id(r.carrier.id)),
    int("logistics_type", "carrier kind", |r| r.carrier.kind),
    text("logistics_code", "carrier number", |r| &r.of.order.logistics_code),
    text("logistics_name", "carrier name", |r| &r.carrier.name),
    text("logistics_no", "waybill", |r| &r.of.order.logistics_no),
    personal("receiver_name", "receiver of an outsourced order; others have none", |r| &r.receiver.name),
    zero("receiver_country", "0 = China"),
    zero("receiver_province", "outsourced orders name regions, see receiver_area"),
    zero("receiver_city", "the same"),
    zero("receiver_district", "the same"),
    text("receiver_area", "names of the region, space separated", |r| &r.area),
    personal("receiver_address", "street address", |r| &r.receiver.address),
    personal("receiver_mobile", "mobile", |r| &r.receiver.mobile),
    personal("receiver_telno", "telephone", |r| &r.receiver.telno),
    empty("receiver_zip", "outsourced orders carry no post code"),
    quantity("weight", "kg, calculated", Row::weight),
    empty("operator_name", "who made it; people are not kept"),
    time("stock_check_time", "when the goods left", |r| r.of.order.consigned),
    text("remark", "remark", |r| &r.of.order.remark),
    time("created", "first stored", |r| Some(r.of.order.created)),
    time("modified", "last changed", |r| Some(r.of.order.modified)),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query stock-outs that are not sales.
pub(crate) struct StockOutQuery;

impl Method for StockOutQuery {
    const NAME: &'static str = "wdt.stockout.order.query";
    const PHP: &'static str = "stockout_order_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query stock-out orders that are not sales", "查询出库单管理");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::TIME, "a time is malformed, only one end is given, or the start is after the end"),
        (codes::SPAN, "the window is wider than 30 days"),
        (codes::REQUIRED, "neither a window nor a number is given"),
        (codes::VALUE, "order_type or status is not in its list; 1 (sales) has a query of its own"),
        (codes::WAREHOUSE, "the warehouse is unknown"),
        (codes::PERMISSION, "the application may not see the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "the window is on the time of shipment, or on the last change as soon as one status is below 95",
        "status is 95 and 110 by default with a window, any with a number",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stockout_list", "stock-outs", STOCK_OUTS)
    }
}

impl Query for StockOutQuery {
    /// Both times are commit stamps, so the rule holds for either.
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.has_number() { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let kinds = request.kinds()?;
        let (statuses, time) = request.timing()?;
        let within = match request.has_number() {
            true => None,
            false => Some(Span::MONTH.of(call).required(
                request.start_time,
                request.end_time,
                "时间范围与出库单号不能全部为空",
            )?),
        };
        let warehouses = Warehouses::load(reader)?;
        let keys = warehouses.asked_for(call, given(&request.warehouse_no))?;
        let filter = WarehouseOutFilter {
            no: given(&request.stockout_no),
            outer_no: given(&request.outer_no),
            source_no: given(&request.src_order_no),
            kinds: &kinds,
            statuses: &statuses,
            warehouses: &keys,
            time,
            window: within,
            ..WarehouseOutFilter::default()
        };
        let found =
            window::listed(reader, &settings, page, |reader, page| stock::warehouse_outs(reader, &filter, page))?;
        let carriers = Carriers::load(reader)?;
        let providers = Providers::load(reader, found.rows.iter().map(|order| order.provider))?;
        let specs = found.rows.iter().flat_map(|order| order.lines.iter().map(|line| line.spec));
        let goods = GoodsOfPage::load(reader, specs)?;
        let receivers = receivers(reader, &found.rows)?;
        let found = found.map(|order| {
            let (receiver, area) = receivers.get(&order.source).cloned().unwrap_or_default();
            let of = Rc::new(Of { provider: providers.get(order.provider), order });
            Row {
                warehouse: warehouses.get(of.order.warehouse),
                carrier: carriers.get(&of.order.logistics_code),
                lines: goods.lines(&of, of.order.lines.clone(), |line| line.spec),
                receiver,
                area,
                of,
            }
        });
        Ok(totalled(call, found.total).rows("stockout_list", STOCK_OUTS, &found.rows))
    }
}

/// Who gets what an outsourced order sends, and the names of his region, by the key of that order.
fn receivers(reader: &mut Reader, outs: &[WarehouseOut]) -> Result<HashMap<i64, (Receiver, String)>, Error> {
    let mut found = HashMap::new();
    for out in outs.iter().filter(|out| out.kind == StockOutKind::Outsourced && out.source != 0) {
        if let Entry::Vacant(place) = found.entry(out.source) {
            let (order, receiver) = stock::outsourced_by_no(reader, &out.source_no)?;
            let names = order.region.iter().filter(|name| !name.is_empty());
            let area = names.map(String::as_str).collect::<Vec<_>>().join(" ");
            place.insert((receiver, area));
        }
    }
    Ok(found)
}
