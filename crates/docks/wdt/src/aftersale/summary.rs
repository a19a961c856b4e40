//! `wdt.vip.stat.refund.by.spec.shop.warehouse.query` (fact sheet wdt-2, 3.5): what came back on a day.

use std::rc::Rc;

use erp::aftersale::{self, Returned, ReturnedFilter};
use erp::catalog::{self, Goods, Page, Shop, Spec, Warehouse};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Day;
use wire::args::{Text, given};
use wire::rows::{Column, day, int, list, money, owned, quantity, text, time};

use crate::codes::Error;
use crate::rights::{Shops, Warehouses};
use crate::window;
use crate::{limits, settings::Settings};

wire::arguments! {
    /// The returns of a day.
    pub struct Request {
        /// the day on which the goods came in
        pub stockin_date: Day,
        /// 1 = in pages; 0 (default) = everything at once
        pub is_page: Option<bool>,
        /// rows on a page, 1 to 100; 40 by default; with is_page
        pub page_size: Option<i64>,
        /// page, from 0; with is_page
        pub page_no: Option<i64>,
        /// one shop
        pub shop_no: Option<Text<20>>,
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
    }
}

/// One row of `content`: the sums of a shop and warehouse.
struct Summary {
    number: String,
    rows: Vec<Sum>,
}

/// One row of `spec_list`.
struct Sum {
    row: Returned,
    day: Day,
    shop: Rc<Shop>,
    warehouse: Rc<Warehouse>,
    goods: Rc<(Spec, Goods)>,
}

impl Sum {
    fn unit(&self) -> &str {
        let (spec, goods) = &*self.goods;
        if spec.facts.unit_name.is_empty() { &goods.facts.unit_name } else { &spec.facts.unit_name }
    }
}

const SUMS: &[Column<Sum>] = &[
    day("stat_date", "the day", |s| Some(s.day)),
    day("stockin_date", "the same", |s| Some(s.day)),
    text("shop_no", "shop number", |s| &s.shop.no),
    text("shop_name", "shop name", |s| &s.shop.name),
    text("warehouse_no", "warehouse number", |s| &s.warehouse.no),
    text("warehouse_name", "warehouse name", |s| &s.warehouse.name),
    int("spec_id", "spec", |s| wire_id(s.row.spec)),
    text("spec_no", "merchant code", |s| &s.goods.0.no),
    text("spec_code", "spec code", |s| &s.goods.0.facts.code),
    text("spec_name", "spec name", |s| &s.goods.0.facts.name),
    text("goods_no", "goods number", |s| &s.goods.1.no),
    text("goods_name", "goods name", |s| &s.goods.1.facts.name),
    text("barcode", "barcode", |s| &s.goods.0.facts.barcode),
    text("brand_no", "brand number", |s| &s.goods.1.brand_no),
    text("brand_name", "brand", |s| &s.goods.1.brand_name),
    text("class_name", "class", |s| &s.goods.1.class_name),
    quantity("num", "pieces, good and defective", |s| s.row.num),
    quantity("refund_num", "the same", |s| s.row.num),
    money("amount", "what buyers had paid for them", |s| s.row.amount),
    money("cost_amount", "what they cost", |s| s.row.cost),
    text("unit_name", "unit", Sum::unit),
    time("created", "first counted", |s| Some(s.row.created)),
    time("modified", "last counted", |s| Some(s.row.modified)),
];

const CONTENT: &[Column<Summary>] = &[
    owned("pack_no", "summary: TH-shop-warehouse-day", |s| s.number.clone()),
    owned("stat_no", "the same", |s| s.number.clone()),
    list!("spec_list", "sums", SUMS, |s| s.rows.iter()),
];

/// Query the returns of a day.
pub(crate) struct ReturnSummaryQuery;

impl Method for ReturnSummaryQuery {
    const NAME: &'static str = "wdt.vip.stat.refund.by.spec.shop.warehouse.query";
    const PHP: &'static str = "vip_stat_refund_by_spec_shop_warehouse_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query the returns of a day", "查询销售退货汇总");
    const CATEGORY: Category = Category::Aftersale;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (2830, "stockin_date is not a day"),
        (2900, "stockin_date is missing"),
        (9004, "warehouse_no is unknown"),
        (9026, "the application may not see the shop or warehouse"),
        (2310, "the shop is unknown"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "One element of content for each shop and warehouse; total_count and pages count rows of spec_list.",
        "Good and defective pieces are counted together, on the day of the audit.",
        "With is_page = 0 at most a million rows are answered.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("content", "sums by shop and warehouse", CONTENT)
    }
}

/// Everything at once.
const ALL: Page = Page { no: 0, size: 1_000_000 };

impl Query for ReturnSummaryQuery {
    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = match request.is_page {
            Some(true) => window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?,
            _ => ALL,
        };
        let (shops, warehouses) = (Shops::load(reader)?, Warehouses::load(reader)?);
        let filter = ReturnedFilter {
            day: aftersale::day_number(request.stockin_date),
            shops: shops.asked_for(call, &settings, given(&request.shop_no), None)?,
            warehouses: warehouses.asked_for(call, given(&request.warehouse_no))?,
        };
        let found = window::listed(reader, &settings, page, |reader, page| aftersale::returned(reader, &filter, page))?;
        let specs = catalog::specs_by_id(reader, found.rows.iter().map(|row| row.spec))?;
        let mut content: Vec<Summary> = Vec::new();
        for row in found.rows {
            let (shop, warehouse) = (shops.get(row.shop), warehouses.get(row.warehouse));
            let number = format!("TH-{}-{}-{}", shop.no, warehouse.no, request.stockin_date.compact());
            let goods = specs.get(&row.spec).cloned().unwrap_or_default();
            let sum = Sum { row, day: request.stockin_date, shop, warehouse, goods };
            match content.last_mut() {
                Some(last) if last.number == number => last.rows.push(sum),
                _ => content.push(Summary { number, rows: vec![sum] }),
            }
        }
        Ok(call.reply().total_if(found.total).rows("content", CONTENT, &content))
    }
}
