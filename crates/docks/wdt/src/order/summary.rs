//! `wdt.vip.stat.sales.by.spec.shop.warehouse.query` (fact sheet wdt-1, 2.21): what left on a day.

use std::rc::Rc;

use erp::catalog::{Page, Shop, Warehouse};
use erp::report::{self, SalesFilter, SalesRow};
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Day, Moment};
use wire::args::{Text, given};
use wire::rows::{Column, day, int, list, money, quantity, text, time};

use crate::codes::{self, Error};
use crate::rights::{Shops, Warehouses};
use crate::{limits, settings::Settings, window};

wire::arguments! {
    /// The sales of one day, by spec, shop and warehouse.
    pub struct Request {
        /// day of shipment, yyyy-MM-dd
        pub consign_date: Day,
        /// one shop
        pub shop_no: Option<Text<50>>,
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
        /// 1 = in pages, 0 = everything at once; 0 by default
        pub is_page: Option<bool>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// ignored
        pub app_rights: Option<Text<255>>,
    }
}

struct Row {
    row: SalesRow,
    day: Day,
    shop: Rc<Shop>,
    warehouse: Rc<Warehouse>,
}

/// The summary of the day: one, or none when nothing left.
struct Summary {
    no: String,
    rows: Vec<Row>,
}

const SPECS: &[Column<Row>] = &[
    int("rec_id", "primary key", |r| wire_id(r.row.id)),
    time("created", "first counted", |r| Some(r.row.created)),
    day("consign_date", "day of shipment", |r| Some(r.day)),
    text("shop_no", "shop number", |r| &r.shop.no),
    text("shop_name", "shop name", |r| &r.shop.name),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    text("spec_no", "merchant code", |r| &r.row.spec.0.no),
    text("goods_no", "goods number", |r| &r.row.spec.1.no),
    text("goods_name", "goods name", |r| &r.row.spec.1.facts.name),
    text("spec_name", "spec name", |r| &r.row.spec.0.facts.name),
    quantity("num", "pieces shipped", |r| r.row.num),
    money("amount", "Σ share_amount", |r| r.row.amount),
    money("post_amount", "Σ share_post", |r| r.row.post),
    money("cost_amount", "Σ cost", |r| r.row.cost),
    time("modified", "last counted", |r| Some(r.row.modified)),
];

const CONTENT: &[Column<Summary>] = &[
    text("stat_no", "number of the summary: XS and the day", |s| &s.no),
    list!("spec_list", "by spec, shop and warehouse", SPECS, |s| s.rows.iter()),
];

/// Query the sales of a day.
pub(crate) struct SalesSummary;

impl Method for SalesSummary {
    const NAME: &'static str = "wdt.vip.stat.sales.by.spec.shop.warehouse.query";
    const PHP: &'static str = "vip_stat_sales_by_spec_shop_warehouse_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query the sales of a day", "查询销售汇总");
    const CATEGORY: Category = Category::Order;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::SHOP, "the shop is unknown"),
        (codes::WAREHOUSE, "the warehouse is unknown"),
        (codes::TOO_WIDE, "everything at once would be more than 20,000 rows: ask for pages or filter"),
        (codes::PERMISSION, "the application may not see the shop or warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "counted when a stock-out is shipped, so the summary of today is there at once; a refund afterwards does not change it",
        "pages count the rows of spec_list; content is empty for a day without sales",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("content", "the summary of the day", CONTENT)
    }
}

impl Query for SalesSummary {
    fn reads_until(request: &Request) -> Option<Moment> {
        Some(request.consign_date.start().plus(24 * limits::HOUR - 1))
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let mut page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        if !request.is_page.unwrap_or(false) {
            page = Page { no: 0, size: limits::SALES_ROWS };
        }
        let (shops, warehouses) = (Shops::load(reader)?, Warehouses::load(reader)?);
        let filter = SalesFilter {
            day: request.consign_date,
            shops: shops.asked_for(call, &settings, given(&request.shop_no), None)?,
            warehouses: warehouses.asked_for(call, given(&request.warehouse_no))?,
        };
        let found =
            window::listed(reader, &settings, page, |reader, page| report::sales_of_day(reader, &filter, page))?;
        if page.size == limits::SALES_ROWS && found.total.is_some_and(|total| total > limits::SALES_ROWS) {
            return Err(Refused::new(codes::TOO_WIDE, "请求范围过宽，请增加请求参数条件过滤").into());
        }
        let total = found.total;
        let rows: Vec<Row> = found
            .rows
            .into_iter()
            .map(|row| Row {
                day: filter.day,
                shop: shops.get(row.shop),
                warehouse: warehouses.get(row.warehouse),
                row,
            })
            .collect();
        let content = match rows.is_empty() {
            true => Vec::new(),
            false => vec![Summary { no: format!("XS{}", filter.day.compact()), rows }],
        };
        Ok(call.reply().total_if(total).rows("content", CONTENT, &content))
    }
}
