//! `wdt.shop.query` (fact sheet wdt-1, 2.1).

use erp::catalog::{self, Page, Shop};
use erp::region;
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::args::{Text, given};
use wire::rows::{Column, empty, flag, int, no_time, secret, text, time, zero};

use crate::codes::Error;
use crate::{limits, rights, settings::Settings, window};

wire::arguments! {
    /// Shops, all of them or by number and platform.
    pub struct Request {
        /// one shop
        pub shop_no: Option<Text<50>>,
        /// platform, appendix A
        pub platform_id | platform: Option<i64>,
        /// platforms, comma separated
        pub platform_ids: Option<Text<255>>,
        /// 0 enabled shops, 1 disabled shops
        pub is_disabled: Option<bool>,
        /// rows on a page, 1 to 100; 30 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

fn name(shop: &Shop, level: usize) -> &'static str {
    let [province, city, district] = shop.region;
    region::names(province, city, district)[level]
}

/// A shop at the moment of the call.
struct Row {
    shop: Shop,
    now: Moment,
}

const SHOPS: &[Column<Row>] = &[
    int("platform_id", "platform, appendix A", |s| s.shop.platform),
    int("sub_platform_id", "sub-platform", |s| s.shop.sub_platform),
    int("shop_id", "primary key", |s| wire_id(s.shop.id)),
    text("shop_no", "business key", |s| &s.shop.no),
    text("shop_name", "name", |s| &s.shop.name),
    text("account_id", "authorised platform account", |s| &s.shop.account_id),
    text("account_nick", "its nick", |s| &s.shop.account_nick),
    empty("pay_account_id", "payment account"),
    int("province", "code of the province", |s| s.shop.region[0]),
    int("city", "code of the city", |s| s.shop.region[1]),
    int("district", "code of the district", |s| s.shop.region[2]),
    text("province_name", "name of the province", |s| name(&s.shop, 0)),
    text("city_name", "name of the city", |s| name(&s.shop, 1)),
    text("district_name", "name of the district", |s| name(&s.shop, 2)),
    text("address", "street address", |s| &s.shop.address),
    text("contact", "contact", |s| &s.shop.contact),
    text("zip", "post code", |s| &s.shop.zip),
    text("mobile", "mobile", |s| &s.shop.mobile),
    text("telno", "telephone", |s| &s.shop.telno),
    text("remark", "remark", |s| &s.shop.remark),
    int("auth_state", "0 none, 1 authorised, 2 expired, 3 stopped", |s| s.shop.authorisation.state(s.now)),
    secret("app_key", "credential, never shown"),
    secret("refresh_token", "credential, never shown"),
    secret("sh_secret", "credential, never shown"),
    empty("push_rds_id", "not kept"),
    zero("pay_auth_state", "not kept"),
    time("auth_time", "authorised since", |s| s.shop.authorisation.since),
    time("expire_time", "when the authorisation expires; then `auth_state` is 2", |s| s.shop.authorisation.until),
    time("re_expire_time", "until when it can be renewed without the owner", |s| s.shop.authorisation.renewable_until),
    no_time("freeze_auth_to", "not kept"),
    zero("wms_check", "not kept"),
    int("logistics_id", "carrier of its orders; 0 = the first", |s| wire_id(s.shop.carrier)),
    zero("cod_logistics_id", "not kept"),
    zero("country", "0 = China"),
    zero("address_id", "not kept"),
    empty("email", "not kept"),
    empty("website", "not kept"),
    empty("prop1", "custom"),
    empty("prop2", "custom"),
    zero("is_hold_enabled", "not kept"),
    zero("is_nomerge", "not kept"),
    zero("is_nosplit", "not kept"),
    zero("is_setwarebygoods", "not kept"),
    zero("is_forbidden_setwarebygoods", "not kept"),
    zero("is_undownload_trade", "not kept"),
    empty("cust_data", "not kept"),
    zero("group_id", "not kept"),
    zero("is_topreorder", "not kept"),
    flag("is_disabled", "not to be used any more", |s| s.shop.disabled),
    empty("taobao_shop_id", "not kept"),
    zero("invoice_payee_id", "not kept"),
    zero("invoice_provider_id", "not kept"),
    zero("paper_invoice_provider_id", "not kept"),
    zero("logistics_sync_delay", "not kept"),
    empty("forbidden_logistics_list", "not kept"),
    zero("shop_priority", "not kept"),
    zero("great_deal_limit", "not kept"),
    zero("great_deal_warehouse", "not kept"),
    time("modified", "last changed", |s| Some(s.shop.modified)),
    time("created", "first stored", |s| Some(s.shop.created)),
];

/// Query shops.
pub(crate) struct ShopQuery;

impl Method for ShopQuery {
    const NAME: &'static str = "wdt.shop.query";
    const PHP: &'static str = "shop.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query shops", "查询店铺");
    const CATEGORY: Category = Category::Base;
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("shoplist", "shops", SHOPS)
    }
}

impl Query for ShopQuery {
    const MASTER: bool = true;

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::page(call, request.page_no, request.page_size, limits::SHOP_PAGE)?;
        let mut platforms: Vec<i64> = request.platform_id.into_iter().collect();
        if let Some(list) = given(&request.platform_ids) {
            let some = rights::numbers("platform_ids", list)?;
            // Both given: a shop must satisfy both.
            platforms =
                if platforms.is_empty() { some } else { platforms.into_iter().filter(|p| some.contains(p)).collect() };
            if platforms.is_empty() {
                return Ok(call.reply().total_if((page.no == 0).then_some(0)).rows("shoplist", SHOPS, &[]));
            }
        }
        let (no, disabled) = (given(&request.shop_no), request.is_disabled.unwrap_or(false));
        let found = window::listed(reader, &settings, page, |reader, page| match call.shops().list() {
            None => catalog::shops(reader, no, &platforms, disabled, page),
            Some(allowed) => {
                let mut all = catalog::shops(reader, no, &platforms, disabled, Page::ALL)?.rows;
                all.retain(|shop| allowed.contains(&shop.no));
                Ok(window::cut(all, page))
            }
        })?;
        let now = call.now();
        let changes = found.rows.iter().filter_map(|shop| shop.authorisation.changes(now)).min();
        let rows: Vec<Row> = found.rows.into_iter().map(|shop| Row { shop, now }).collect();
        Ok(call.reply().true_until(changes).total_if(found.total).rows("shoplist", SHOPS, &rows))
    }
}
