//! `wdt.goods.brand.query` (fact sheet wdt-1, 2.11).

use erp::catalog::{self, Brand, Page};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::rows::{Column, empty, int, text, time, zero, zero_decimal};

use crate::codes::Error;
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Brands, all of them or those changed in a window.
    pub struct Request {
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until
        pub end_time: Option<Moment>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

const BRANDS: &[Column<Brand>] = &[
    int("brand_id", "primary key; 0 = none", |b| wire_id(b.id)),
    text("brand_no", "number", |b| &b.no),
    text("brand_name", "name", |b| &b.name),
    empty("remark", "remark"),
    zero("sales_rate_type", "how the sales rate is computed; not kept"),
    zero("sales_rate_cycle", "its cycle in days; not kept"),
    zero_decimal("sales_rate", "fixed rate; not kept"),
    zero("is_disabled", "not to be used any more"),
    time("modified", "last changed", |b| Some(b.modified)),
    time("created", "first stored", |b| Some(b.created)),
];

/// Query brands.
pub(crate) struct BrandQuery;

impl Method for BrandQuery {
    const NAME: &'static str = "wdt.goods.brand.query";
    const PHP: &'static str = "goods_brand_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query brands", "查询货品品牌");
    const CATEGORY: Category = Category::Goods;
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("brand_lists", "brands", BRANDS)
    }
}

impl Query for BrandQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        request.end_time
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let within = Span::MONTH.of(call).window(request.start_time, request.end_time)?;
        let found = window::listed(reader, &settings, page, |reader, page| {
            if within.is_some() {
                return catalog::brands(reader, within, page);
            }
            let mut all = vec![Brand { no: "0".into(), name: "无".into(), ..Brand::default() }];
            all.extend(catalog::brands(reader, None, Page::ALL)?.rows);
            Ok(window::cut(all, page))
        })?;
        Ok(call.reply().total_if(found.total).rows("brand_lists", BRANDS, &found.rows))
    }
}
