//! `wdt.purchase.return.query` (fact sheet wdt-2, 4.8).

use std::rc::Rc;

use erp::catalog::{Provider, Warehouse};
use erp::purchase::{self, PurchaseReturn, ReturnFilter, ReturnLine, ReturnStatus};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Moment, Quantity};
use wire::args::{Text, given};
use wire::rows::{Column, int, list, money, quantity, text, time, zero, zero_decimal};

use super::shared::window as span;
use crate::codes::Error;
use crate::part_two::{OF_DOCUMENTS, Providers, codes_of, totalled};
use crate::rights::{Warehouses, seen_providers};
use crate::{limits, settings::Settings, window};

wire::arguments! {
    /// Purchase returns by window or number.
    pub struct Request {
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// number; needs no window
        pub return_no: Option<Text<40>>,
        /// the caller's number; needs no window
        pub api_outer_no: Option<Text<40>>,
        /// states, comma separated; all by default
        pub status: Option<Text<255>>,
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

impl Request {
    fn numbers(&self) -> [Option<&str>; 2] {
        [given(&self.return_no), given(&self.api_outer_no)]
    }
}

struct Row {
    returned: PurchaseReturn,
    warehouse: Rc<Warehouse>,
    provider: Rc<Provider>,
    lines: Vec<Line>,
}

struct Line {
    of: i64,
    created: Moment,
    line: ReturnLine,
}

impl Row {
    fn of(returned: PurchaseReturn, warehouse: Rc<Warehouse>, provider: Rc<Provider>) -> Self {
        let line = |line: &ReturnLine| Line { of: returned.id, created: returned.created, line: line.clone() };
        Self { lines: returned.lines.iter().map(line).collect(), returned, warehouse, provider }
    }

    fn pieces(&self, of: impl Fn(&ReturnLine) -> Quantity) -> Quantity {
        self.returned.lines.iter().map(of).sum()
    }
}

const LINES: &[Column<Line>] = &[
    int("rec_id", "primary key", |l| wire_id(l.line.id)),
    int("return_id", "the return", |l| wire_id(l.of)),
    int("spec_id", "spec", |l| wire_id(l.line.item.spec)),
    text("spec_no", "merchant code", |l| &l.line.item.spec_no),
    text("spec_name", "spec name", |l| &l.line.item.spec_name),
    text("spec_code", "spec code", |l| &l.line.item.spec_code),
    text("goods_no", "goods number", |l| &l.line.item.goods_no),
    text("goods_name", "goods name", |l| &l.line.item.goods_name),
    quantity("num", "pieces", |l| l.line.num),
    zero_decimal("num2", "auxiliary quantity; pieces are the only unit"),
    money("price", "price of a piece before tax", |l| l.line.terms.price),
    quantity("discount", "what the price is multiplied by", |l| l.line.terms.discount),
    money("amount", "value before tax", |l| l.line.amount()),
    quantity("tax", "rate of the tax", |l| l.line.terms.tax),
    money("tax_price", "price after discount and tax", |l| l.line.terms.tax_price),
    money("tax_amount", "value after tax", |l| l.line.tax_amount()),
    quantity("out_num", "pieces that left", |l| l.line.out_num),
    money("out_amount", "their value before tax", |l| l.line.out_amount),
    text("remark", "remark", |l| &l.line.remark),
    time("created", "first stored", |l| Some(l.created)),
    time("modified", "last changed", |l| Some(l.line.modified)),
];

const RETURNS: &[Column<Row>] = &[
    int("return_id", "primary key", |r| wire_id(r.returned.id)),
    text("return_no", "number", |r| &r.returned.no),
    int("provider_id", "provider", |r| wire_id(r.provider.id)),
    text("provider_no", "provider number", |r| &r.provider.no),
    text("provider_name", "provider name", |r| &r.provider.name),
    int(
        "status",
        "10 cancelled, 20 editing, 30 awaiting audit, 40 audited, 42 awaiting push, 44 push failed, 46 awaiting stock-out at an \
         outsourced warehouse, 50 partly out, 60 completed",
        |r| r.returned.status.code(),
    ),
    zero("type", "0 ordinary"),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    zero("purchaser_id", "purchasers have numbers and names only"),
    text("purchaser_no", "number of the purchaser", |r| &r.returned.facts.purchaser_no),
    text("purchaser_name", "purchaser", |r| &r.returned.facts.purchaser),
    text("creator_name", "who made it", |r| &r.returned.creator),
    int("logistics_type", "carrier kind, appendix B", |r| r.returned.facts.logistics_type),
    money("goods_fee", "value of the goods before tax", |r| r.returned.goods_amount()),
    money("post_fee", "freight", |r| r.returned.facts.post_fee),
    money("other_fee", "other cost", |r| r.returned.facts.other_fee),
    quantity("goods_count", "pieces", |r| r.pieces(|l| l.num)),
    int("goods_type_count", "lines", |r| i64::try_from(r.lines.len()).unwrap_or(i64::MAX)),
    quantity("goods_out_count", "pieces that left", |r| r.pieces(|l| l.out_num)),
    text("contact", "receiver", |r| &r.returned.facts.contact),
    text("telno", "telephone of the receiver", |r| &r.returned.facts.telno),
    text("receive_address", "address of the receiver", |r| &r.returned.facts.address),
    text("province", "its province", |r| &r.returned.facts.region[0]),
    text("city", "its city", |r| &r.returned.facts.region[1]),
    text("district", "its district", |r| &r.returned.facts.region[2]),
    text("purchase_no", "purchase order that the return is about", |r| &r.returned.facts.purchase_no),
    text("api_outer_no", "the caller's number", |r| &r.returned.outer_no),
    text("outer_no", "number of the outsourced warehouse", |r| &r.returned.outside.no),
    int("wms_status", "outsourced warehouse: 0 not told, 1 failed, 2 succeeded", |r| r.returned.outside.status),
    text("error_info", "why it failed", |r| &r.returned.outside.error),
    time("check_time", "audited", |r| r.returned.audit.at),
    text("check_operator_name", "who audited it", |r| &r.returned.audit.by),
    text("prop1", "custom", |r| &r.returned.facts.props[0]),
    text("prop2", "custom", |r| &r.returned.facts.props[1]),
    text("remark", "remark", |r| &r.returned.facts.remark),
    time("created", "first stored", |r| Some(r.returned.created)),
    time("modified", "last changed", |r| Some(r.returned.modified)),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query purchase returns.
pub(crate) struct PurchaseReturnQuery;

impl Method for PurchaseReturnQuery {
    const NAME: &'static str = "wdt.purchase.return.query";
    const PHP: &'static str = "purchase_return_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query purchase returns", "查询采购退货单");
    const CATEGORY: Category = Category::Purchase;
    const ERRORS: &'static [(i64, &'static str)] = OF_DOCUMENTS;
    const DECISIONS: &'static [&'static str] = &["With a number the window is not looked at."];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("purchase_list", "purchase returns", RETURNS)
    }
}

impl Query for PurchaseReturnQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.numbers().iter().any(Option::is_some) { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let missing = "时间范围与采购退货单号不能全部为空";
        let within = span(call, &request.numbers(), request.start_time, request.end_time, missing)?;
        let known: Vec<i64> = ReturnStatus::ALL.iter().map(|status| status.code()).collect();
        let warehouses = Warehouses::load(reader)?;
        let filter = ReturnFilter {
            no: given(&request.return_no),
            outer_no: given(&request.api_outer_no),
            statuses: codes_of("status", given(&request.status), |status| known.contains(&status))?,
            warehouses: warehouses.asked_for(call, given(&request.warehouse_no))?,
            providers: seen_providers(call, reader)?,
            window: within,
        };
        let found = window::listed(reader, &settings, page, |reader, page| purchase::returns(reader, &filter, page))?;
        let providers = Providers::load(reader, found.rows.iter().map(|returned| returned.provider))?;
        let found = found.map(|returned| {
            let (warehouse, provider) = (warehouses.get(returned.warehouse), providers.get(returned.provider));
            Row::of(returned, warehouse, provider)
        });
        Ok(totalled(call, found.total).rows("purchase_list", RETURNS, &found.rows))
    }
}
