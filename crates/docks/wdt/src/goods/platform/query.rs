//! `wdt.vip.api.goods.query` (fact sheet wdt-1, 2.9).

use std::rc::Rc;

use erp::catalog::{self, MatchedPlatformGoods, Shop, Target};
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::args::{Text, given};
use wire::rows::{Column, constant_int, int, money, quantity, text, time, zero, zero_decimal};

use crate::codes::{self, Error};
use crate::rights::Shops;
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Platform goods by the time of their last change.
    pub struct Request {
        /// changed from
        pub start_time: Moment,
        /// changed until; at most 30 days after the start
        pub end_time: Moment,
        /// one shop
        pub shop_no: Option<Text<40>>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

struct Row {
    found: MatchedPlatformGoods,
    shop: Rc<Shop>,
}

impl Row {
    /// 0 unmatched, 1 spec, 2 suite, and the key.
    fn target(&self) -> (i64, i64) {
        match self.found.row.target {
            None => (0, 0),
            Some(Target::Spec(id)) => (1, id),
            Some(Target::Suite(id)) => (2, id),
        }
    }
}

const GOODS: &[Column<Row>] = &[
    int("rec_id", "primary key; the same as in the stock-sync queue", |r| wire_id(r.found.row.id)),
    text("shop_no", "shop number", |r| &r.shop.no),
    text("shop_name", "shop name", |r| &r.shop.name),
    int("platform_id", "platform, appendix A", |r| r.shop.platform),
    int("match_target_type", "0 unmatched, 1 spec, 2 suite", |r| r.target().0),
    int("match_target_id", "spec_id or suite_id", |r| wire_id(r.target().1)),
    text("merchant_no", "matched merchant code", |r| &r.found.no),
    text("merchant_name", "name of the matched goods or suite", |r| &r.found.name),
    text("merchant_code", "name of the matched spec; empty for a suite", |r| &r.found.spec_name),
    text("api_goods_id", "platform SPU id", |r| &r.found.row.goods_id),
    text("api_spec_id", "platform SKU id", |r| &r.found.row.spec_id),
    text("api_goods_name", "name on the platform", |r| &r.found.row.goods_name),
    text("api_spec_name", "name of the SKU on the platform", |r| &r.found.row.spec_name),
    text("api_spec_no", "platform SKU code", |r| &r.found.row.spec_no),
    text("outer_id", "platform SPU code", |r| &r.found.row.goods_no),
    text("spec_outer_id", "platform SKU code", |r| &r.found.row.spec_no),
    quantity("stock_num", "stock on the platform", |r| r.found.row.stock_num),
    money("price", "price on the platform", |r| r.found.row.price),
    text("cid", "category on the platform", |r| &r.found.row.cid),
    text("pic_url", "picture", |r| &r.found.row.pic_url),
    int("status", "0 deleted, 1 on sale, 2 off sale", |r| r.found.row.status),
    int("is_deleted", "0 normal, 1 deleted on the platform", |r| i64::from(r.found.row.is_deleted())),
    zero_decimal("hold_stock", "stock held on the platform; an own mall reports none"),
    constant_int("hold_stock_type", "1 reserve at order", 1),
    zero("is_auto_listing", "an own mall lists its goods itself"),
    zero("is_auto_delisting", "an own mall takes its goods down itself"),
    time("modified", "last changed", |r| Some(r.found.row.modified)),
];

/// Query platform goods.
pub(crate) struct PlatformGoodsQuery;

impl Method for PlatformGoodsQuery {
    const NAME: &'static str = codes::PLATFORM_GOODS_QUERY;
    const PHP: &'static str = "vip_api_goods_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query platform goods", "查询平台货品");
    const CATEGORY: Category = Category::Goods;
    const ERRORS: &'static [(i64, &'static str)] =
        &[(codes::SHOP, "the shop is unknown"), (codes::PERMISSION, "the application may not see the shop")];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("goods_list", "platform goods", GOODS)
    }
}

impl Query for PlatformGoodsQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        Some(request.end_time)
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let within =
            Span::MONTH.of(call).window(Some(request.start_time), Some(request.end_time)).map_err(|refused| {
                if refused.code == codes::SPAN { Refused { code: codes::PLATFORM_SPAN, ..refused } } else { refused }
            })?;
        let shops = Shops::load(reader)?;
        let keys = shops.asked_for(call, &settings, given(&request.shop_no), None)?;
        let found = window::listed(reader, &settings, page, |reader, page| {
            catalog::platform_goods_page(reader, &keys, within, page)
        })?;
        let found = found.map(|found| Row { shop: shops.get(found.row.shop), found });
        Ok(call.reply().total_if(found.total).rows("goods_list", GOODS, &found.rows))
    }
}
