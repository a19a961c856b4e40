//! `wdt.stockout.order.query.return` (fact sheet wdt-2, 4.9): stock-outs of purchase returns.

use std::collections::HashMap;
use std::rc::Rc;

use erp::catalog::{self, Carrier, Goods, Provider, Spec, Warehouse};
use erp::purchase::{self, PurchaseReturn};
use erp::stock::{self, StockOutKind, WarehouseOut, WarehouseOutFilter, WarehouseOutLine, WarehouseOutStatus};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Moment, Money, Quantity};
use wire::args::{Text, given};
use wire::rows::{
    Column, constant_int, constant_text, empty, int, list, money, owned, personal, quantity, text, time, zero,
    zero_decimal,
};

use super::shared::window as span;
use crate::codes::Error;
use crate::part_two::{Carriers, OF_DOCUMENTS, Providers, codes_of, totalled};
use crate::rights::{Warehouses, seen_providers};
use crate::{limits, settings::Settings, window};

wire::arguments! {
    /// Stock-outs of purchase returns by window or number.
    pub struct Request {
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// number of the return; needs no window
        pub src_order_no: Option<Text<40>>,
        /// the caller's number; needs no window
        pub outer_no: Option<Text<40>>,
        /// number of the stock-out; needs no window
        pub stockout_no: Option<Text<40>>,
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
        /// states, comma separated; 95 and 110 by default
        pub status: Option<Text<255>>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 30; 30 by default
        pub page_size: Option<i64>,
    }
}

impl Request {
    fn numbers(&self) -> [Option<&str>; 3] {
        [given(&self.src_order_no), given(&self.outer_no), given(&self.stockout_no)]
    }

    /// Whoever names one stock-out wants it whatever its state.
    fn names_one(&self) -> bool {
        given(&self.outer_no).is_some() || given(&self.stockout_no).is_some()
    }
}

/// The states that a caller may name (fact sheet wdt-2, 4.9).
const STATES: &[WarehouseOutStatus] = &[
    WarehouseOutStatus::Cancelled,
    WarehouseOutStatus::Editing,
    WarehouseOutStatus::AwaitingAudit,
    WarehouseOutStatus::Audited,
    WarehouseOutStatus::Shipped,
    WarehouseOutStatus::Completed,
];

/// `consign_status`: out of the warehouse.
const OUT: i64 = 4;

struct Row {
    out: WarehouseOut,
    returned: Option<Rc<PurchaseReturn>>,
    warehouse: Rc<Warehouse>,
    provider: Rc<Provider>,
    carrier: Rc<Carrier>,
    lines: Vec<Line>,
}

struct Line {
    out: i64,
    created: Moment,
    modified: Moment,
    line: WarehouseOutLine,
    goods: Rc<(Spec, Goods)>,
    bins: [Bin; 1],
}

/// Where the pieces were taken from.
struct Bin {
    no: String,
    num: Quantity,
}

impl Row {
    fn of_return<'r>(&'r self, what: impl Fn(&'r PurchaseReturn) -> &'r str) -> &'r str {
        self.returned.as_deref().map_or("", what)
    }

    fn area(&self) -> String {
        let region = self.returned.as_deref().map(|returned| &returned.facts.region);
        let named = region.into_iter().flatten().filter(|name| !name.is_empty());
        named.map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

impl Line {
    fn of(out: &WarehouseOut, line: &WarehouseOutLine, goods: Rc<(Spec, Goods)>) -> Self {
        let bin = if line.position_no.is_empty() { stock::USUAL } else { &line.position_no };
        Self {
            out: out.id,
            created: out.created,
            modified: out.modified,
            goods,
            bins: [Bin { no: bin.to_owned(), num: line.num }],
            line: line.clone(),
        }
    }

    fn unit(&self) -> &str {
        let (spec, goods) = &*self.goods;
        if spec.facts.unit_name.is_empty() { &goods.facts.unit_name } else { &spec.facts.unit_name }
    }

    fn amount(&self) -> Money {
        self.line.price.times(self.line.num)
    }
}

const BINS: &[Column<Bin>] =
    &[text("position_no", "bin", |b| &b.no), quantity("position_goods_count", "pieces", |b| b.num)];

const LINES: &[Column<Line>] = &[
    int("rec_id", "primary key", |l| wire_id(l.line.id)),
    int("stockout_id", "the stock-out", |l| wire_id(l.out)),
    constant_int("src_order_type", "3 purchase return", 3),
    int("src_order_detail_id", "line of the return", |l| wire_id(l.line.source_line)),
    int("spec_id", "spec", |l| wire_id(l.line.spec)),
    text("spec_no", "merchant code", |l| &l.line.spec_no),
    text("spec_name", "spec name", |l| &l.goods.0.facts.name),
    text("spec_code", "spec code", |l| &l.goods.0.facts.code),
    text("goods_no", "goods number", |l| &l.goods.1.no),
    text("goods_name", "goods name", |l| &l.goods.1.facts.name),
    int("goods_type", "kind of goods", |l| l.goods.1.facts.kind),
    text("goods_unit", "unit", Line::unit),
    text("brand_no", "brand number", |l| &l.goods.1.brand_no),
    text("brand_name", "brand name", |l| &l.goods.1.brand_name),
    text("barcode", "main barcode", |l| &l.goods.0.facts.barcode),
    quantity("num", "pieces", |l| l.line.num),
    quantity("goods_count", "the same", |l| l.line.num),
    money("price", "price of a piece", |l| l.line.price),
    money("sell_price", "the same", |l| l.line.price),
    money("cost_price", "cost of a piece", |l| l.line.cost_price),
    money("total_amount", "price × pieces", Line::amount),
    quantity("weight", "kg", |l| l.goods.0.facts.weight.times(l.line.num)),
    text("batch_no", "batch", |l| &l.line.batch_no),
    text("batch_remark", "remark of the batch", |l| &l.line.batch_remark),
    time("expire_date", "expires when", |l| l.line.expire_date),
    zero("is_examined", "inspection; nothing is inspected here"),
    zero("is_package", "package material"),
    int("is_zero_cost", "1 = may cost nothing", |l| l.goods.0.facts.zero_cost),
    zero("scan_type", "how it was scanned; nothing is scanned here"),
    text("remark", "remark", |l| &l.line.remark),
    time("created", "first stored", |l| Some(l.created)),
    time("modified", "last changed", |l| Some(l.modified)),
    list!("position_list", "bins", BINS, |l| l.bins.iter()),
];

const STOCK_OUTS: &[Column<Row>] = &[
    int("stockout_id", "primary key", |r| wire_id(r.out.id)),
    text("order_no", "number of the stock-out", |r| &r.out.no),
    text("stockout_no", "the same", |r| &r.out.no),
    text("src_order_no", "number of the return", |r| &r.out.source_no),
    text("return_no", "the same", |r| &r.out.source_no),
    text("outer_no", "the caller's number", |r| &r.out.outer_no),
    text("pr_api_outer_no", "the caller's number of the return", |r| r.of_return(|p| &p.outer_no)),
    text("last_load_purchase_no", "purchase order that the return is about", |r| r.of_return(|p| &p.facts.purchase_no)),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    int("warehouse_type", "warehouse type", |r| r.warehouse.kind),
    int("provider_id", "provider", |r| wire_id(r.provider.id)),
    text("provider_no", "provider number", |r| &r.provider.no),
    text("provider_name", "provider name", |r| &r.provider.name),
    int("status", "5 cancelled, 50 awaiting audit, 95 shipped, 110 completed", |r| r.out.status.code()),
    int("consign_status", "bits: 4 out of the warehouse", |r| if r.out.consigned.is_some() { OUT } else { 0 }),
    zero("block_reason", "nothing blocks it"),
    constant_int("order_type", "3 purchase return", 3),
    constant_int("src_order_type", "the same", 3),
    constant_text("order_type_name", "its name", "采购退货出库"),
    zero("subtype", "sub-category"),
    time("consign_time", "out of the warehouse", |r| r.out.consigned),
    time("stock_check_time", "audited", |r| r.out.consigned),
    quantity("goods_count", "pieces", |r| r.out.pieces()),
    int("goods_type_count", "lines", |r| i64::try_from(r.lines.len()).unwrap_or(i64::MAX)),
    money("goods_total_amount", "value", |r| r.out.amount()),
    money("goods_total_cost", "cost", |r| r.out.cost()),
    money("post_fee", "freight", |r| r.out.post_cost),
    zero_decimal("package_fee", "packing; no method brings it"),
    text("logistics_no", "waybill", |r| &r.out.logistics_no),
    text("logistics_code", "carrier number", |r| &r.out.logistics_code),
    text("logistics_name", "carrier name", |r| &r.carrier.name),
    personal("receiver_name", "receiver", |r| r.of_return(|p| &p.facts.contact)),
    owned("receiver_area", "names of the region, space separated", Row::area),
    personal("receiver_address", "address", |r| r.of_return(|p| &p.facts.address)),
    personal("receiver_mobile", "telephone", |r| r.of_return(|p| &p.facts.telno)),
    text("stockout_reason", "why it goes", |r| &r.out.reason),
    empty("operator_name", "who made it; see the timeline"),
    empty("picker_name", "warehouse work is not kept by person"),
    empty("sorter_name", "warehouse work is not kept by person"),
    empty("examiner_name", "warehouse work is not kept by person"),
    empty("consigner", "warehouse work is not kept by person"),
    empty("packager_name", "warehouse work is not kept by person"),
    empty("checkouter_name", "warehouse work is not kept by person"),
    empty("watcher_name", "warehouse work is not kept by person"),
    text("remark", "remark", |r| &r.out.remark),
    time("modified", "last changed", |r| Some(r.out.modified)),
    time("created", "first stored", |r| Some(r.out.created)),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query stock-outs of purchase returns.
pub(crate) struct ReturnOutQuery;

impl Method for ReturnOutQuery {
    const NAME: &'static str = "wdt.stockout.order.query.return";
    const PHP: &'static str = "stockout_order_query_return.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query stock-outs of purchase returns", "查询采购退货出库单");
    const CATEGORY: Category = Category::Purchase;
    const ERRORS: &'static [(i64, &'static str)] = OF_DOCUMENTS;
    const DECISIONS: &'static [&'static str] = &[
        "With stockout_no or outer_no the default is every state: who repeats a push finds his draft.",
        "With a number the window is not looked at.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stockout_list", "stock-outs", STOCK_OUTS)
    }
}

impl Query for ReturnOutQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.numbers().iter().any(Option::is_some) { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::small_page(call, request.page_no, request.page_size, limits::RETURN_OUT_PAGE)?;
        let missing = "时间范围与出库单号不能全部为空";
        let within = span(call, &request.numbers(), request.start_time, request.end_time, missing)?;
        let known: Vec<i64> = STATES.iter().map(|status| status.code()).collect();
        let mut states = codes_of("status", given(&request.status), |status| known.contains(&status))?;
        if states.is_empty() && !request.names_one() {
            states = vec![WarehouseOutStatus::Shipped.code(), WarehouseOutStatus::Completed.code()];
        }
        let warehouses = Warehouses::load(reader)?;
        let keys = warehouses.asked_for(call, given(&request.warehouse_no))?;
        let seen = seen_providers(call, reader)?;
        let filter = WarehouseOutFilter {
            no: given(&request.stockout_no),
            outer_no: given(&request.outer_no),
            source_no: given(&request.src_order_no),
            kinds: &[StockOutKind::PurchaseReturn],
            statuses: &states,
            warehouses: &keys,
            providers: &seen,
            window: within,
            ..WarehouseOutFilter::default()
        };
        let found =
            window::listed(reader, &settings, page, |reader, page| stock::warehouse_outs(reader, &filter, page))?;
        let providers = Providers::load(reader, found.rows.iter().map(|out| out.provider))?;
        let carriers = Carriers::load(reader)?;
        let goods = catalog::specs_by_id(reader, found.rows.iter().flat_map(|o| o.lines.iter().map(|l| l.spec)))?;
        let returns = returns(reader, &found.rows)?;
        let found = found.map(|out| {
            let line =
                |line: &WarehouseOutLine| Line::of(&out, line, goods.get(&line.spec).cloned().unwrap_or_default());
            Row {
                lines: out.lines.iter().map(line).collect(),
                returned: returns.get(&out.source).cloned(),
                warehouse: warehouses.get(out.warehouse),
                provider: providers.get(out.provider),
                carrier: carriers.get(&out.logistics_code),
                out,
            }
        });
        Ok(totalled(call, found.total).rows("stockout_list", STOCK_OUTS, &found.rows))
    }
}

/// The returns above some stock-outs.
fn returns(reader: &mut Reader, outs: &[WarehouseOut]) -> Result<HashMap<i64, Rc<PurchaseReturn>>, Error> {
    let mut keys: Vec<i64> = outs.iter().map(|out| out.source).collect();
    keys.sort_unstable();
    keys.dedup();
    let found = purchase::returns_by_id(reader, &keys)?;
    Ok(found.into_iter().map(|returned| (returned.id, Rc::new(returned))).collect())
}
