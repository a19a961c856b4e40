//! `wdt.stockin.order.query.purchase` (fact sheet wdt-2, 4.5): stock-ins of purchase orders.

use std::collections::HashMap;
use std::rc::Rc;

use erp::catalog::{self, Carrier, Goods, Provider, Spec, Warehouse};
use erp::purchase::{self, PurchaseOrder};
use erp::stock::{self, StockIn, StockInFilter, StockInKind, StockInLine, StockInStatus};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Moment, Money, Quantity};
use wire::args::{Text, given};
use wire::rows::{Column, constant_int, constant_text, empty, int, list, money, quantity, text, time, zero_decimal};

use super::shared::window as span;
use crate::codes::Error;
use crate::part_two::{Carriers, OF_DOCUMENTS, Providers, codes_of, totalled};
use crate::rights::{Warehouses, seen_providers};
use crate::{limits, settings::Settings, window};

wire::arguments! {
    /// Stock-ins of purchase orders by window or number.
    pub struct Request {
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// number of the purchase order; needs no window
        pub src_order_no: Option<Text<40>>,
        /// number of the stock-in; needs no window
        pub stockin_no: Option<Text<40>>,
        /// the caller's number; needs no window
        pub stockin_outer_no: Option<Text<40>>,
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
        /// states, comma separated; 80 by default
        pub status: Option<Text<255>>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

impl Request {
    fn numbers(&self) -> [Option<&str>; 3] {
        [given(&self.src_order_no), given(&self.stockin_no), given(&self.stockin_outer_no)]
    }

    /// Whoever names one stock-in wants it whatever its state.
    fn names_one(&self) -> bool {
        given(&self.stockin_no).is_some() || given(&self.stockin_outer_no).is_some()
    }
}

struct Row {
    stock_in: StockIn,
    warehouse: Rc<Warehouse>,
    provider: Rc<Provider>,
    carrier: Rc<Carrier>,
    lines: Vec<Line>,
}

struct Line {
    stock_in: i64,
    created: Moment,
    modified: Moment,
    line: StockInLine,
    goods: Rc<(Spec, Goods)>,
    discount: Quantity,
}

impl Row {
    fn pieces(&self) -> Quantity {
        self.stock_in.pieces()
    }

    fn sum(&self, of: impl Fn(&Line) -> Money) -> Money {
        self.lines.iter().map(of).sum()
    }
}

impl Line {
    fn cost(&self) -> Money {
        self.line.price.times(self.line.num)
    }

    fn original(&self) -> Money {
        self.line.src_price.times(self.line.num)
    }

    fn taxed(&self) -> Money {
        self.line.tax_price.times(self.line.num)
    }

    fn unit(&self) -> &str {
        let (spec, goods) = &*self.goods;
        if spec.facts.unit_name.is_empty() { &goods.facts.unit_name } else { &spec.facts.unit_name }
    }
}

const LINES: &[Column<Line>] = &[
    int("rec_id", "primary key", |l| wire_id(l.line.id)),
    int("stockin_id", "the stock-in", |l| wire_id(l.stock_in)),
    int("src_order_detail_id", "line of the purchase order", |l| wire_id(l.line.source_line)),
    constant_int("src_order_type", "1 purchase", 1),
    int("spec_id", "spec", |l| wire_id(l.line.spec)),
    text("spec_no", "merchant code", |l| &l.line.spec_no),
    text("spec_name", "spec name", |l| &l.goods.0.facts.name),
    text("spec_code", "spec code", |l| &l.goods.0.facts.code),
    text("goods_no", "goods number", |l| &l.goods.1.no),
    text("goods_name", "goods name", |l| &l.goods.1.facts.name),
    text("barcode", "main barcode", |l| &l.goods.0.facts.barcode),
    text("brand_no", "brand number", |l| &l.goods.1.brand_no),
    text("brand_name", "brand name", |l| &l.goods.1.brand_name),
    text("unit_name", "unit", Line::unit),
    quantity("expect_num", "pieces ordered", |l| l.line.expect),
    quantity("num", "pieces received", |l| l.line.num),
    quantity("goods_count", "the same", |l| l.line.num),
    zero_decimal("adjust_num", "corrected by; nothing corrects a stock-in"),
    quantity("right_num", "num + adjust_num", |l| l.line.num),
    money("src_price", "original price", |l| l.line.src_price),
    money("right_price", "final price before tax", |l| l.line.price),
    money("cost_price", "cost of a piece", |l| l.line.price),
    quantity("discount", "discount of the order's line", |l| l.discount),
    quantity("tax", "rate of the tax", |l| l.line.tax),
    money("tax_price", "price after tax", |l| l.line.tax_price),
    money("tax_amount", "value after tax", Line::taxed),
    money("total_cost", "cost", Line::cost),
    money("right_cost", "final cost", Line::cost),
    text("position_no", "bin", |l| if l.line.position_no.is_empty() { stock::USUAL } else { &l.line.position_no }),
    text("batch_no", "batch", |l| &l.line.batch_no),
    time("production_date", "made when", |l| l.line.production_date),
    time("expire_date", "expires when", |l| l.line.expire_date),
    int("validity_days", "shelf life, days", |l| l.line.validity_days),
    int("defect", "0 good, 1 defective", |l| l.line.defect),
    text("remark", "remark", |l| &l.line.remark),
    time("created", "first stored", |l| Some(l.created)),
    time("modified", "last changed", |l| Some(l.modified)),
];

const STOCK_INS: &[Column<Row>] = &[
    int("stockin_id", "primary key", |r| wire_id(r.stock_in.id)),
    text("order_no", "number of the stock-in", |r| &r.stock_in.no),
    text("stockin_no", "the same", |r| &r.stock_in.no),
    int(
        "status",
        "10 cancelled, 20 editing, 25 awaiting price confirmation, 30 awaiting audit, 60 awaiting settlement, 80 completed",
        |r| r.stock_in.status.code(),
    ),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    time("stockin_time", "last changed", |r| Some(r.stock_in.modified)),
    time("check_time", "audited", |r| r.stock_in.checked),
    time("created_time", "first stored", |r| Some(r.stock_in.created)),
    time("modified", "last changed", |r| Some(r.stock_in.modified)),
    text("src_order_no", "purchase order number", |r| &r.stock_in.source_no),
    text("purchase_no", "the same", |r| &r.stock_in.source_no),
    constant_int("src_order_type", "1 purchase", 1),
    constant_int("order_type", "the same", 1),
    constant_text("order_type_name", "its name", "采购入库"),
    int("provider_id", "provider", |r| wire_id(r.provider.id)),
    text("provider_no", "provider number", |r| &r.provider.no),
    text("provider_name", "provider name", |r| &r.provider.name),
    text("outer_no", "the caller's number", |r| &r.stock_in.outer_no),
    empty("wms_result", "what an outsourced warehouse said; stock-ins are not told to it"),
    text("stockin_reason", "why it came", |r| &r.stock_in.reason),
    int("logistics_type", "carrier kind, appendix B", |r| r.carrier.kind),
    text("logistics_code", "carrier number", |r| &r.stock_in.logistics_code),
    text("logistics_name", "carrier name", |r| &r.carrier.name),
    text("logistics_no", "waybill", |r| &r.stock_in.logistics_no),
    quantity("goods_count", "pieces", Row::pieces),
    int("goods_type_count", "lines", |r| i64::try_from(r.lines.len()).unwrap_or(i64::MAX)),
    zero_decimal("adjust_num", "corrected by; nothing corrects a stock-in"),
    quantity("right_nums", "corrected total", Row::pieces),
    money("goods_amount", "value at original prices", |r| r.sum(Line::original)),
    money("total_price", "value at final prices, before tax", |r| r.sum(Line::cost)),
    money("discount", "the difference of the two", |r| r.sum(Line::original) - r.sum(Line::cost)),
    money("post_fee", "freight", |r| r.stock_in.post_fee),
    money("other_fee", "other cost", |r| r.stock_in.other_fee),
    money("tax_amount", "value after tax", |r| r.sum(Line::taxed)),
    empty("operator_name", "who made it; see the timeline"),
    empty("check_operator_name", "who audited it; see the timeline"),
    text("prop1", "custom", |r| &r.stock_in.props[0]),
    text("prop2", "custom", |r| &r.stock_in.props[1]),
    text("remark", "remark", |r| &r.stock_in.remark),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query stock-ins of purchase orders.
pub(crate) struct PurchaseStockInQuery;

impl Method for PurchaseStockInQuery {
    const NAME: &'static str = "wdt.stockin.order.query.purchase";
    const PHP: &'static str = "stockin_order_query_purchase.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query stock-ins of purchase orders", "查询采购入库单");
    const CATEGORY: Category = Category::Purchase;
    const ERRORS: &'static [(i64, &'static str)] = OF_DOCUMENTS;
    const DECISIONS: &'static [&'static str] = &[
        "With stockin_no or stockin_outer_no the default is every state: who repeats a push finds his draft.",
        "With a number the window is not looked at.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stockin_list", "stock-ins", STOCK_INS)
    }
}

impl Query for PurchaseStockInQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.numbers().iter().any(Option::is_some) { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let missing = "时间范围与入库单号不能全部为空";
        let within = span(call, &request.numbers(), request.start_time, request.end_time, missing)?;
        let known: Vec<i64> = StockInStatus::ALL.iter().map(|status| status.code()).collect();
        let mut states = codes_of("status", given(&request.status), |status| known.contains(&status))?;
        if states.is_empty() && !request.names_one() {
            states.push(StockInStatus::Completed.code());
        }
        let warehouses = Warehouses::load(reader)?;
        let keys = warehouses.asked_for(call, given(&request.warehouse_no))?;
        let seen = seen_providers(call, reader)?;
        let filter = StockInFilter {
            no: given(&request.stockin_no),
            outer_no: given(&request.stockin_outer_no),
            source_no: given(&request.src_order_no),
            kinds: &[StockInKind::Purchase],
            statuses: &states,
            warehouses: &keys,
            providers: &seen,
            window: within,
            ..StockInFilter::default()
        };
        let found = window::listed(reader, &settings, page, |reader, page| stock::stock_ins(reader, &filter, page))?;
        let providers = Providers::load(reader, found.rows.iter().map(|stock_in| stock_in.provider))?;
        let carriers = Carriers::load(reader)?;
        let goods = catalog::specs_by_id(reader, found.rows.iter().flat_map(|s| s.lines.iter().map(|l| l.spec)))?;
        let discounts = discounts(reader, &found.rows)?;
        let found = found.map(|stock_in| {
            let lines = stock_in.lines.iter().map(|line| Line {
                stock_in: stock_in.id,
                created: stock_in.created,
                modified: stock_in.modified,
                goods: goods.get(&line.spec).cloned().unwrap_or_default(),
                discount: discounts.get(&line.source_line).copied().unwrap_or(Quantity::whole(1)),
                line: line.clone(),
            });
            let lines: Vec<Line> = lines.collect();
            Row {
                warehouse: warehouses.get(stock_in.warehouse),
                provider: providers.get(stock_in.provider),
                carrier: carriers.get(&stock_in.logistics_code),
                lines,
                stock_in,
            }
        });
        Ok(totalled(call, found.total).rows("stockin_list", STOCK_INS, &found.rows))
    }
}

/// The discount of each line of the purchase orders above.
fn discounts(reader: &mut Reader, stock_ins: &[StockIn]) -> Result<HashMap<i64, Quantity>, Error> {
    let mut keys: Vec<i64> = stock_ins.iter().map(|stock_in| stock_in.source).collect();
    keys.sort_unstable();
    keys.dedup();
    let orders = purchase::orders_by_id(reader, &keys)?;
    let lines = |order: PurchaseOrder| order.lines.into_iter().map(|line| (line.id, line.terms.discount));
    Ok(orders.into_iter().flat_map(lines).collect())
}
