//! `wdt.purchase.order.query` (fact sheet wdt-2, 4.3).

use std::rc::Rc;

use erp::catalog::{Provider, Warehouse};
use erp::purchase::{self, OrderFilter, OrderLine, PurchaseOrder, PurchaseStatus};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Moment, Money, Quantity};
use wire::args::{Text, given};
use wire::rows::{Column, constant_text, int, list, money, no_time, quantity, text, time, zero, zero_decimal};

use super::shared::window as span;
use crate::codes::Error;
use crate::part_two::{OF_DOCUMENTS, Providers, codes_of, totalled};
use crate::rights::{Warehouses, seen_providers};
use crate::{limits, settings::Settings, window};

wire::arguments! {
    /// Purchase orders by window or number.
    pub struct Request {
        /// number of the order; needs no window
        pub purchase_no: Option<Text<40>>,
        /// the caller's number, or that of the outsourced warehouse; needs no window
        pub outer_no: Option<Text<40>>,
        /// states, comma separated; all by default
        pub status: Option<Text<255>>,
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
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

impl Request {
    fn numbers(&self) -> [Option<&str>; 2] {
        [given(&self.purchase_no), given(&self.outer_no)]
    }
}

struct Row {
    order: PurchaseOrder,
    warehouse: Rc<Warehouse>,
    provider: Rc<Provider>,
    lines: Vec<Line>,
}

struct Line {
    purchase: i64,
    created: Moment,
    line: OrderLine,
}

impl Row {
    fn of(order: PurchaseOrder, warehouse: Rc<Warehouse>, provider: Rc<Provider>) -> Self {
        let (purchase, created) = (order.id, order.created);
        // The totals of the order are sums over its lines, so the lines stay there as well.
        let lines = order.lines.iter().map(|line| Line { purchase, created, line: line.clone() }).collect();
        Self { order, warehouse, provider, lines }
    }

    fn pieces(&self, of: impl Fn(&OrderLine) -> Quantity) -> Quantity {
        self.order.lines.iter().map(of).sum()
    }

    fn goods(&self) -> Money {
        self.order.goods_amount()
    }
}

const LINES: &[Column<Line>] = &[
    int("rec_id", "primary key", |l| wire_id(l.line.id)),
    int("purchase_id", "the order", |l| wire_id(l.purchase)),
    int("spec_id", "spec", |l| wire_id(l.line.item.spec)),
    text("spec_no", "merchant code", |l| &l.line.item.spec_no),
    text("spec_name", "spec name", |l| &l.line.item.spec_name),
    text("spec_code", "spec code", |l| &l.line.item.spec_code),
    text("goods_no", "goods number", |l| &l.line.item.goods_no),
    text("goods_name", "goods name", |l| &l.line.item.goods_name),
    text("provider_goods_no", "the provider's number for it", |l| &l.line.provider_goods_no),
    text("brand_name", "brand name", |l| &l.line.item.brand_name),
    quantity("num", "pieces", |l| l.line.num),
    zero_decimal("num2", "auxiliary quantity; pieces are the only unit"),
    constant_text("unit_ratio", "pieces of a purchase unit", "1.0000"),
    zero("unit_id", "auxiliary unit; pieces are the only unit"),
    zero("base_unit_id", "units have names only"),
    text("base_unit", "unit", |l| &l.line.item.unit_name),
    text("purchase_unit", "unit of the purchase", |l| &l.line.item.unit_name),
    money("price", "price of a piece before tax", |l| l.line.terms.price),
    quantity("discount", "what the price is multiplied by", |l| l.line.terms.discount),
    quantity("tax", "rate of the tax", |l| l.line.terms.tax),
    money("tax_price", "price after discount and tax", |l| l.line.terms.tax_price),
    money("amount", "value before tax", |l| l.line.amount()),
    money("tax_amount", "value after tax", |l| l.line.tax_amount()),
    quantity("stockin_num", "pieces on hand", |l| l.line.stockin_num),
    money("stockin_amount", "what they cost before tax", |l| l.line.stockin_amount),
    quantity("arrive_num", "arrived, not yet audited in", |l| l.line.arrive_num),
    quantity("stopwait_num", "given up", |l| l.line.stopwait_num),
    quantity("arrive_more_num", "came in beyond the order", |l| l.line.surplus()),
    quantity("lack_num", "neither on hand nor given up", |l| l.line.lack()),
    money("purchase_price", "the provider's price when the order was made", |l| l.line.provider_price),
    money("last_price", "paid last, before the order", |l| l.line.paid_before.last),
    money("last_second_price", "paid before that", |l| l.line.paid_before.second),
    money("lowest_price", "the least ever paid, before the order", |l| l.line.paid_before.lowest),
    quantity("weight", "kg a piece", |l| l.line.item.weight),
    zero("warehouse_id", "0 = that of the order"),
    zero("tag", "mark; none"),
    text("prop1", "custom", |l| &l.line.props[0]),
    text("prop2", "custom", |l| &l.line.props[1]),
    text("remark", "remark", |l| &l.line.remark),
    time("created", "first stored", |l| Some(l.created)),
    time("modified", "last changed", |l| Some(l.line.modified)),
];

const ORDERS: &[Column<Row>] = &[
    int("purchase_id", "primary key", |r| wire_id(r.order.id)),
    text("purchase_no", "number", |r| &r.order.no),
    text("purchase_outer_no", "number of the outsourced warehouse", |r| &r.order.outside.no),
    text("wms_outer_no", "the same", |r| &r.order.outside.no),
    text("outer_no", "the caller's number", |r| &r.order.outer_no),
    text("api_outer_no", "the same", |r| &r.order.outer_no),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    int(
        "status",
        "10 cancelled, 20 editing, 30 awaiting audit, 35 awaiting finance audit, 40 audited, 43 awaiting push, 45 push failed, \
         48 awaiting receipt, 50 partly arrived, 60 arrived, 70 awaiting settlement, 80 partly settled, 90 completed",
        |r| r.order.status.code(),
    ),
    int("provider_id", "provider", |r| wire_id(r.provider.id)),
    text("provider_no", "provider number", |r| &r.provider.no),
    text("provider_name", "provider name", |r| &r.provider.name),
    text("contact", "receiver", |r| &r.order.facts.contact),
    text("telno", "telephone of the receiver", |r| &r.order.facts.telno),
    text("receive_address", "address of the receiver", |r| &r.order.facts.receive_address),
    zero("purchaser_id", "purchasers have names only"),
    text("purchaser_name", "purchaser", |r| &r.order.facts.purchaser),
    int("logistics_type", "carrier kind, appendix B", |r| r.order.facts.logistics_type),
    money("goods_amount", "value of the goods before tax", Row::goods),
    money("goods_fee", "with freight and other cost", |r| r.goods() + r.order.fees()),
    money("tax_goods_amount", "value of the goods after tax", |r| r.order.tax_goods_amount()),
    money("tax_fee", "with freight and other cost", |r| r.order.tax_goods_amount() + r.order.fees()),
    money("post_fee", "freight", |r| r.order.facts.post_fee),
    money("other_fee", "other cost", |r| r.order.facts.other_fee),
    quantity("goods_count", "pieces", |r| r.pieces(|l| l.num)),
    int("goods_type_count", "lines", |r| i64::try_from(r.lines.len()).unwrap_or(i64::MAX)),
    quantity("goods_arrive_count", "pieces that arrived", |r| r.pieces(|l| l.stockin_num + l.arrive_num)),
    time("expect_arrive_time", "expected to arrive", |r| r.order.facts.expect_arrive),
    time("check_time", "audited", |r| r.order.audit.at),
    zero("check_operator_id", "people have names only"),
    text("check_operator_name", "who audited it", |r| &r.order.audit.by),
    time("facheck_time", "audited by finance", |r| r.order.finance.at),
    zero("facheck_operator_id", "people have names only"),
    text("facheck_operator_name", "who in finance", |r| &r.order.finance.by),
    zero("creator_id", "people have names only"),
    text("creator_name", "who made it", |r| &r.order.creator),
    int("wms_status", "outsourced warehouse: 0 not told, 1 failed, 2 succeeded", |r| r.order.outside.status),
    text("error_info", "why it failed", |r| &r.order.outside.error),
    zero("order_type", "0 ordinary"),
    zero("flag_id", "mark; none"),
    zero("revert_reason", "reasons are texts here, see the timeline"),
    int("version_id", "counts changes", |r| r.order.version),
    int("note_count", "1 = has a remark", |r| i64::from(!r.order.facts.remark.is_empty())),
    text("prop1", "custom", |r| &r.order.facts.props[0]),
    text("prop2", "custom", |r| &r.order.facts.props[1]),
    no_time("prop_time1", "custom time; no method brings it"),
    text("remark", "remark", |r| &r.order.facts.remark),
    time("created", "first stored", |r| Some(r.order.created)),
    time("modified", "last changed", |r| Some(r.order.modified)),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query purchase orders.
pub(crate) struct PurchaseOrderQuery;

impl Method for PurchaseOrderQuery {
    const NAME: &'static str = "wdt.purchase.order.query";
    const PHP: &'static str = "purchase_order_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query purchase orders", "查询采购单");
    const CATEGORY: Category = Category::Purchase;
    const ERRORS: &'static [(i64, &'static str)] = OF_DOCUMENTS;
    const DECISIONS: &'static [&'static str] = &[
        "outer_no finds the caller's number and that of the outsourced warehouse.",
        "With a number the window is not looked at.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("purchase_list", "purchase orders", ORDERS)
    }
}

impl Query for PurchaseOrderQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.numbers().iter().any(Option::is_some) { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let missing = "时间范围与采购单号不能全部为空";
        let within = span(call, &request.numbers(), request.start_time, request.end_time, missing)?;
        let known: Vec<i64> = PurchaseStatus::ALL.iter().map(|status| status.code()).collect();
        let warehouses = Warehouses::load(reader)?;
        let filter = OrderFilter {
            no: given(&request.purchase_no),
            any_outer_no: given(&request.outer_no),
            statuses: codes_of("status", given(&request.status), |status| known.contains(&status))?,
            warehouses: warehouses.asked_for(call, given(&request.warehouse_no))?,
            providers: seen_providers(call, reader)?,
            window: within,
        };
        let found = window::listed(reader, &settings, page, |reader, page| purchase::orders(reader, &filter, page))?;
        let providers = Providers::load(reader, found.rows.iter().map(|order| order.provider))?;
        let found = found.map(|order| {
            let (warehouse, provider) = (warehouses.get(order.warehouse), providers.get(order.provider));
            Row::of(order, warehouse, provider)
        });
        Ok(totalled(call, found.total).rows("purchase_list", ORDERS, &found.rows))
    }
}
