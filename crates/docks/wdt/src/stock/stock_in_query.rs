//! `wdt.stockin.order.query` (fact sheet wdt-2, 5.5): stock-ins of every kind but refunds.

use std::rc::Rc;

use erp::catalog::{Carrier, Provider, Warehouse};
use erp::stock::{self, StockIn, StockInFilter, StockInKind, StockInLine, StockInStatus, USUAL};
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Moment, Money, Quantity};
use wire::args::{Text, given};
use wire::rows::{Column, empty, int, list, money, quantity, text, time, zero, zero_decimal};

use crate::codes::{self, Error};
use crate::part_two::{Carriers, GoodsOfPage, Line, Providers, codes_of, totalled};
use crate::rights::Warehouses;
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Stock-ins by window or by one of three numbers.
    pub struct Request {
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// 1, 2, 4 to 12; several, comma separated
        pub order_type: Option<Text<255>>,
        /// 10, 20, 25, 30, 60, 80; several, comma separated; 80 by default
        pub status: Option<Text<255>>,
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
        /// number of the upper document; needs no window
        pub src_order_no: Option<Text<40>>,
        /// number; needs no window
        pub stockin_no: Option<Text<40>>,
        /// the caller's number; needs no window
        pub outer_no: Option<Text<40>>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

impl Request {
    fn has_number(&self) -> bool {
        [given(&self.src_order_no), given(&self.stockin_no), given(&self.outer_no)].iter().any(Option::is_some)
    }

    /// Every kind but refunds, which have a query of their own.
    fn kinds(&self) -> Result<Vec<StockInKind>, Refused> {
        let known = |code| code != StockInKind::Refund.code() && StockInKind::from_code(code).is_some();
        let asked = codes_of("order_type", given(&self.order_type), known)?;
        let all = StockInKind::ALL.iter().copied().filter(|kind| *kind != StockInKind::Refund);
        Ok(all.filter(|kind| asked.is_empty() || asked.contains(&kind.code())).collect())
    }

    fn statuses(&self) -> Result<Vec<i64>, Refused> {
        let asked = codes_of("status", given(&self.status), |code| StockInStatus::from_code(code).is_some())?;
        let usual = asked.is_empty() && !self.has_number();
        Ok(if usual { vec![StockInStatus::Completed.code()] } else { asked })
    }
}

type InLine = Line<Of, StockInLine>;

/// A stock-in with its provider, to which the lines refer.
struct Of {
    order: StockIn,
    provider: Rc<Provider>,
}

struct Row {
    of: Rc<Of>,
    warehouse: Rc<Warehouse>,
    carrier: Rc<Carrier>,
    lines: Vec<InLine>,
}

/// What a price is with tax on it.
fn taxed(line: &StockInLine) -> Money {
    line.price + line.price.times(line.tax)
}

fn tax_amount(line: &StockInLine) -> Money {
    taxed(line).times(line.num)
}

/// Beyond what was expected.
fn adjust(line: &StockInLine) -> Quantity {
    line.num - line.expect
}

const LINES: &[Column<InLine>] = &[
    int("rec_id", "key of the line", |l| wire_id(l.line.id)),
    int("stockin_id", "the stock-in", |l| wire_id(l.of.order.id)),
    int("src_order_type", "kind", |l| l.of.order.kind.code()),
    int("src_order_detail_id", "line of the upper document", |l| wire_id(l.line.source_line)),
    text("src_order_no", "upper document", |l| &l.of.order.source_no),
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
    quantity("num", "pieces that came in", |l| l.line.num),
    quantity("goods_count", "the same", |l| l.line.num),
    quantity("expect_num", "pieces that were expected", |l| l.line.expect),
    quantity("num2", "the pieces in base units; the same", |l| l.line.num),
    quantity("adjust_num", "pieces beyond what was expected", |l| adjust(&l.line)),
    quantity("right_num", "pieces after adjustment", |l| l.line.num),
    money("src_price", "price before discount", |l| l.line.price),
    money("price", "stock-in price of a piece", |l| l.line.price),
    money("cost_price", "cost of a piece when it came on hand", |l| l.line.cost_price),
    money("total_cost", "value at the stock-in price", |l| l.line.price.times(l.line.num)),
    money("right_cost", "cost after adjustment", |l| l.line.cost_price.times(l.line.num)),
    quantity("tax", "tax rate", |l| l.line.tax),
    money("tax_price", "price with tax", |l| taxed(&l.line)),
    money("tax_amount", "value with tax", |l| tax_amount(&l.line)),
    zero_decimal("share_post_cost", "share of the freight; freight is not shared"),
    zero("position_id", "bins have no keys"),
    text("position_no", "bin", |l| if l.line.position_no.is_empty() { USUAL } else { &l.line.position_no }),
    text("batch_no", "batch", |l| &l.line.batch_no),
    time("production_date", "made when", |l| l.line.production_date),
    int("validity_days", "shelf life, days", |l| l.line.validity_days),
    time("expire_date", "expires when", |l| l.line.expire_date),
    int("defect", "0 good, 1 defective", |l| l.line.defect),
    text("prop1", "custom", |l| &l.spec().facts.props[0]),
    text("prop2", "custom", |l| &l.spec().facts.props[1]),
    text("prop3", "custom", |l| &l.spec().facts.props[2]),
    text("prop4", "custom", |l| &l.spec().facts.props[3]),
    text("prop5", "custom", |l| &l.spec().facts.props[4]),
    text("prop6", "custom", |l| &l.spec().facts.props[5]),
    text("remark", "remark", |l| &l.line.remark),
    time("created", "first stored", |l| Some(l.of.order.created)),
    time("modified", "last changed", |l| Some(l.of.order.modified)),
    int("provider_id", "provider, for purchases", |l| wire_id(l.of.order.provider)),
    text("provider_no", "its number", |l| &l.of.provider.no),
    text("provider_name", "its name", |l| &l.of.provider.name),
];

const STOCK_INS: &[Column<Row>] = &[
    int("stockin_id", "key", |r| wire_id(r.of.order.id)),
    text("stockin_no", "number", |r| &r.of.order.no),
    text("order_no", "the same", |r| &r.of.order.no),
    int("order_type", "kind", |r| r.of.order.kind.code()),
    int("src_order_type", "the same", |r| r.of.order.kind.code()),
    text("order_type_name", "its name", |r| r.of.order.kind.chinese()),
    int("status", "10 cancelled, 20 editing, 25 price, 30 audit, 60 settlement, 80 completed", |r| {
        r.of.order.status.code()
    }),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    int("src_order_id", "upper document", |r| wire_id(r.of.order.source)),
    text("src_order_no", "its number", |r| &r.of.order.source_no),
    text("outer_no", "the caller's number", |r| &r.of.order.outer_no),
    time("stockin_time", "follows the last change; the real one is check_time", |r| Some(r.of.order.modified)),
    time("check_time", "when the goods came on hand", |r| r.of.order.checked),
    time("created_time", "first stored", |r| Some(r.of.order.created)),
    time("modified", "last changed", |r| Some(r.of.order.modified)),
    text("stockin_reason", "why it came", |r| &r.of.order.reason),
    zero("reason_id", "reasons have no keys"),
    empty("operator_name", "who made it; people are not kept"),
    empty("check_operator_name", "who audited it; people are not kept"),
    int("logistics_id", "carrier", |r| wire_id(r.carrier.id)),
    text("logistics_code", "carrier number", |r| &r.of.order.logistics_code),
    text("logistics_name", "carrier name", |r| &r.carrier.name),
    text("logistics_no", "waybill", |r| &r.of.order.logistics_no),
    quantity("goods_count", "pieces", |r| r.of.order.pieces()),
    int("goods_type_count", "specs", |r| kinds_of_goods(r.of.order.lines.iter().map(|line| line.spec))),
    money("goods_amount", "value at stock-in prices", |r| r.of.order.amount()),
    money("total_price", "value with freight and other cost, less discount", |r| {
        r.of.order.amount() + r.of.order.post_fee + r.of.order.other_fee - r.of.order.discount
    }),
    money("discount", "discount", |r| r.of.order.discount),
    money("tax_amount", "value with tax", |r| r.of.order.lines.iter().map(tax_amount).sum()),
    money("post_fee", "freight", |r| r.of.order.post_fee),
    money("other_fee", "other cost", |r| r.of.order.other_fee),
    zero("post_share_type", "0 freight is not shared"),
    quantity("adjust_num", "pieces beyond what was expected", |r| r.of.order.lines.iter().map(adjust).sum()),
    quantity("right_nums", "pieces after adjustment", |r| r.of.order.pieces()),
    text("remark", "remark", |r| &r.of.order.remark),
    text("flag_name", "mark", |r| &r.of.order.flag_name),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// How many different specs there are.
pub(super) fn kinds_of_goods(specs: impl Iterator<Item = i64>) -> i64 {
    let mut specs: Vec<i64> = specs.collect();
    specs.sort_unstable();
    specs.dedup();
    i64::try_from(specs.len()).unwrap_or(i64::MAX)
}

/// Query stock-ins.
pub(crate) struct StockInQuery;

impl Method for StockInQuery {
    const NAME: &'static str = "wdt.stockin.order.query";
    const PHP: &'static str = "stockin_order_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query stock-in orders", "查询入库单管理");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::TIME, "a time is malformed, only one end is given, or the start is after the end"),
        (codes::SPAN, "the window is wider than 30 days"),
        (codes::REQUIRED, "neither a window nor a number is given"),
        (codes::VALUE, "order_type or status is not in its list; 3 (refund) has a query of its own"),
        (codes::WAREHOUSE, "the warehouse is unknown"),
        (codes::PERMISSION, "the application may not see the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "status is 80 by default with a window, any with a number",
        "a number makes the window needless, and it is not looked at then",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stockin_list", "stock-ins", STOCK_INS)
    }
}

impl Query for StockInQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.has_number() { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let (kinds, statuses) = (request.kinds()?, request.statuses()?);
        let within = match request.has_number() {
            true => None,
            false => Some(Span::MONTH.of(call).required(
                request.start_time,
                request.end_time,
                "时间范围与入库单号不能全部为空",
            )?),
        };
        let warehouses = Warehouses::load(reader)?;
        let keys = warehouses.asked_for(call, given(&request.warehouse_no))?;
        let filter = StockInFilter {
            no: given(&request.stockin_no),
            outer_no: given(&request.outer_no),
            source_no: given(&request.src_order_no),
            kinds: &kinds,
            statuses: &statuses,
            warehouses: &keys,
            window: within,
            ..StockInFilter::default()
        };
        let found = window::listed(reader, &settings, page, |reader, page| stock::stock_ins(reader, &filter, page))?;
        let carriers = Carriers::load(reader)?;
        let providers = Providers::load(reader, found.rows.iter().map(|order| order.provider))?;
        let specs = found.rows.iter().flat_map(|order| order.lines.iter().map(|line| line.spec));
        let goods = GoodsOfPage::load(reader, specs)?;
        let found = found.map(|order| {
            let of = Rc::new(Of { provider: providers.get(order.provider), order });
            Row {
                warehouse: warehouses.get(of.order.warehouse),
                carrier: carriers.get(&of.order.logistics_code),
                lines: goods.lines(&of, of.order.lines.clone(), |line| line.spec),
                of,
            }
        });
        Ok(totalled(call, found.total).rows("stockin_list", STOCK_INS, &found.rows))
    }
}
