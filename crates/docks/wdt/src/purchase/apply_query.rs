//! `wdt.purchase.apply.query` (fact sheet wdt-2, 4.4).

use std::rc::Rc;

use erp::catalog::Warehouse;
use erp::purchase::{self, Apply, ApplyFilter, ApplyLine};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::args::{Text, given};
use wire::rows::{Column, int, list, quantity, text, time};

use super::shared::window as span;
use crate::codes::{self, Error};
use crate::part_two::totalled;
use crate::rights::Warehouses;
use crate::{limits, settings::Settings, window};

wire::arguments! {
    /// Requisitions by window or number.
    pub struct Request {
        /// number; needs no window
        pub purchase_apply_no: Option<Text<40>>,
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

struct Row {
    apply: Apply,
    warehouse: Rc<Warehouse>,
    lines: Vec<Line>,
}

struct Line {
    apply: i64,
    no: Rc<str>,
    line: ApplyLine,
}

impl Row {
    fn of(apply: Apply, warehouse: Rc<Warehouse>) -> Self {
        let no: Rc<str> = apply.no.as_str().into();
        let line = |line: &ApplyLine| Line { apply: apply.id, no: no.clone(), line: line.clone() };
        Self { lines: apply.lines.iter().map(line).collect(), apply, warehouse }
    }
}

const LINES: &[Column<Line>] = &[
    int("rec_id", "primary key", |l| wire_id(l.line.id)),
    int("apply_id", "the requisition", |l| wire_id(l.apply)),
    text("purchase_apply_no", "its number", |l| &l.no),
    text("spec_no", "merchant code", |l| &l.line.item.spec_no),
    text("spec_name", "spec name", |l| &l.line.item.spec_name),
    text("goods_no", "goods number", |l| &l.line.item.goods_no),
    text("goods_name", "goods name", |l| &l.line.item.goods_name),
    text("short_name", "short name", |l| &l.line.item.short_name),
    text("brand_no", "brand number", |l| &l.line.item.brand_no),
    text("brand_name", "brand name", |l| &l.line.item.brand_name),
    text("class_name", "class", |l| &l.line.item.class_name),
    quantity("real_num", "pieces that are wanted", |l| l.line.num),
    quantity("ref_num", "pieces on purchase orders", |l| l.line.referenced),
    text("provider_no", "provider number", |l| &l.line.provider_no),
    text("provider_name", "provider name", |l| &l.line.provider_name),
    text("remark", "remark", |l| &l.line.remark),
];

const APPLIES: &[Column<Row>] = &[
    int("apply_id", "primary key", |r| wire_id(r.apply.id)),
    text("purchase_apply_no", "number", |r| &r.apply.no),
    int("status", "99 cancelled, 10 unconfirmed, 20 awaiting reference, 30 partly referenced, 40 referenced", |r| {
        r.apply.status.code()
    }),
    text("createtor_name", "applicant (the platform spells it so)", |r| &r.apply.applicant),
    text("createor_name", "the same, as the field table spells it", |r| &r.apply.applicant),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("name", "warehouse name", |r| &r.warehouse.name),
    quantity("real_num", "pieces that are wanted", |r| r.apply.wanted()),
    quantity("ref_num", "pieces on purchase orders", |r| r.apply.referenced()),
    quantity("unref_num", "the others", |r| r.apply.wanted() - r.apply.referenced()),
    time("expected_time", "wanted when", |r| r.apply.expected),
    text("remark", "remark", |r| &r.apply.remark),
    time("created", "first stored", |r| Some(r.apply.created)),
    time("modified", "last changed", |r| Some(r.apply.modified)),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query requisitions.
pub(crate) struct PurchaseApplyQuery;

impl Method for PurchaseApplyQuery {
    const NAME: &'static str = "wdt.purchase.apply.query";
    const PHP: &'static str = "purchase_apply_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query requisitions", "查询采购申请单");
    const CATEGORY: Category = Category::Purchase;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::REQUIRED, "neither window nor number"),
        (codes::TIME, "one end of the window, or start after end"),
        (codes::SPAN, "window over 30 days"),
    ];
    const DECISIONS: &'static [&'static str] = &["The applicant stands under both spellings of the sheet."];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("purchase_list", "requisitions", APPLIES)
    }
}

impl Query for PurchaseApplyQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if given(&request.purchase_apply_no).is_some() { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let no = given(&request.purchase_apply_no);
        let within = span(call, &[no], request.start_time, request.end_time, "时间范围与采购申请单号不能全部为空")?;
        let warehouses = Warehouses::load(reader)?;
        let keys = warehouses.asked_for(call, None)?;
        let filter = ApplyFilter { no, statuses: Vec::new(), warehouses: keys, window: within };
        let found = window::listed(reader, &settings, page, |reader, page| purchase::applies(reader, &filter, page))?;
        let found = found.map(|apply| {
            let warehouse = warehouses.get(apply.warehouse);
            Row::of(apply, warehouse)
        });
        Ok(totalled(call, found.total).rows("purchase_list", APPLIES, &found.rows))
    }
}
