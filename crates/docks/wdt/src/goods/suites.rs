//! `wdt.suites.query` (fact sheet wdt-1, 2.10).

use erp::catalog::{self, Suite, SuiteFilter, SuitePart};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::args::{Text, given};
use wire::rows::{Column, empty, flag, int, list, money, owned, quantity, text, time, zero};

use crate::codes::{self, Error};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Suites by window or number; given both, both apply.
    pub struct Request {
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// one suite
        pub suite_no: Option<Text<40>>,
        /// brand
        pub brand_name: Option<Text<64>>,
        /// class
        pub class_name: Option<Text<64>>,
        /// 1 = deleted ones too
        pub deleted: Option<bool>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

struct Row {
    suite: Suite,
    parts: Vec<Part>,
}

struct Part {
    suite: i64,
    part: SuitePart,
    created: Moment,
    modified: Moment,
}

impl Row {
    fn of(mut suite: Suite) -> Self {
        let (id, created, modified) = (suite.id, suite.created, suite.modified);
        let parts = std::mem::take(&mut suite.parts);
        Self { parts: parts.into_iter().map(|part| Part { suite: id, part, created, modified }).collect(), suite }
    }
}

/// What is written when there is no class or brand.
fn or_none(name: &str) -> String {
    if name.is_empty() { "无".to_owned() } else { name.to_owned() }
}

const PARTS: &[Column<Part>] = &[
    int("suite_id", "the suite", |p| wire_id(p.suite)),
    text("spec_no", "merchant code", |p| &p.part.spec_no),
    text("spec_name", "name of the spec", |p| &p.part.spec_name),
    text("spec_code", "code of the spec", |p| &p.part.spec_code),
    text("barcode", "barcode", |p| &p.part.barcode),
    text("goods_no", "goods number", |p| &p.part.goods_no),
    text("goods_name", "goods name", |p| &p.part.goods_name),
    quantity("num", "pieces in one suite", |p| p.part.num),
    flag("is_fixed_price", "1 fixed price, 0 share by ratio", |p| p.part.is_fixed_price),
    money("fixed_price", "fixed price", |p| p.part.fixed_price),
    quantity("ratio", "share of the suite price", |p| p.part.ratio),
    time("created", "first stored", |p| Some(p.created)),
    time("modified", "last changed", |p| Some(p.modified)),
];

const SUITES: &[Column<Row>] = &[
    int("suite_id", "primary key", |r| wire_id(r.suite.id)),
    text("suite_no", "merchant code", |r| &r.suite.no),
    text("suite_name", "name", |r| &r.suite.name),
    text("short_name", "short name", |r| &r.suite.short_name),
    text("barcode", "barcode", |r| &r.suite.barcode),
    flag("barcode_count", "number of barcodes", |r| !r.suite.barcode.is_empty()),
    owned("class_name", "class", |r| or_none(&r.suite.class_name)),
    owned("brand_name", "brand", |r| or_none(&r.suite.brand_name)),
    text("unit_name", "unit", |r| &r.suite.unit_name),
    empty("unit_aux_name", "auxiliary unit"),
    empty("flag_name", "mark"),
    money("retail_price", "retail price", |r| r.suite.retail_price),
    money("wholesale_price", "wholesale price", |r| r.suite.wholesale_price),
    money("member_price", "member price", |r| r.suite.member_price),
    money("market_price", "market price", |r| r.suite.market_price),
    quantity("weight", "kg", |r| r.suite.weight),
    zero("large_split", "split large items; not kept"),
    text("remark", "remark", |r| &r.suite.remark),
    empty("prop1", "custom"),
    empty("prop2", "custom"),
    empty("prop3", "custom"),
    empty("prop4", "custom"),
    int("deleted", "0, or when it was deleted, Unix seconds", |r| r.suite.deleted),
    time("created", "first stored", |r| Some(r.suite.created)),
    time("modified", "last changed", |r| Some(r.suite.modified)),
    list!("specs_list", "what it consists of", PARTS, |r| r.parts.iter()),
];

/// Query suites.
pub(crate) struct SuitesQuery;

impl Method for SuitesQuery {
    const NAME: &'static str = "wdt.suites.query";
    const PHP: &'static str = "suites_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query suites", "查询组合装");
    const CATEGORY: Category = Category::Goods;
    const ERRORS: &'static [(i64, &'static str)] = &[(codes::REQUIRED, "neither a window nor a number is given")];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("suites", "suites", SUITES)
    }
}

impl Query for SuitesQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        request.end_time
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let within = Span::MONTH.of(call).window(request.start_time, request.end_time)?;
        let no = given(&request.suite_no);
        if within.is_none() && no.is_none() {
            return Err(codes::required("start_time和end_time、suite_no不能全部为空").into());
        }
        let found = window::listed(reader, &settings, page, |reader, page| {
            let filter = SuiteFilter {
                no,
                brand_name: given(&request.brand_name),
                class_name: given(&request.class_name),
                window: within,
                deleted: request.deleted.unwrap_or(false),
            };
            catalog::suites(reader, &filter, page)
        })?;
        let found = found.map(Row::of);
        Ok(call.reply().total_if(found.total).rows("suites", SUITES, &found.rows))
    }
}
