//! Shops, warehouses, carriers: the worked examples of fact sheet wdt-1, 2.1 to 2.3, and their filters.

use erp::catalog::{self, Nearness};
use gateway::directory::{Allowed, Protocol, Rights};
use serde_json::Value;
use units::{Clock, Moment};

use crate::world::{parsed, refusal, some, world, world_with};

fn column(answer: &Value, list: &str, key: &str) -> String {
    let rows = answer[list].as_array().unwrap_or_else(|| panic!("no {list} in {answer}"));
    rows.iter().map(|row| row[key].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn shops() {
    let world = world().await;
    let check = async |business: &[(&str, &str)], expected: &str| {
        let answer = world.call("shop.php", business).await;
        assert_eq!(column(&answer, "shoplist", "shop_no"), expected, "{business:?}");
        answer
    };
    let page = [("platform_id", "127"), ("page_no", "0"), ("page_size", "30")];
    let answer = check(&page, "api_test").await;
    assert_eq!((&answer["code"], &answer["message"], &answer["total_count"]), (&0.into(), &"".into(), &1.into()));
    let row = &answer["shoplist"][0];
    assert_eq!(
        some(row, &["platform_id", "sub_platform_id", "shop_name", "province", "city", "district"]),
        "platform_id=127 sub_platform_id=0 shop_name=示例商城 province=110000 city=110100 district=110108"
    );
    assert_eq!(
        some(
            row,
            &["province_name", "city_name", "district_name", "address", "contact", "zip", "mobile", "auth_state"]
        ),
        "province_name=北京 city_name=北京市 district_name=海淀区 address=花园路1号 contact=李四 zip=100000 mobile=13800000000 auth_state=1"
    );
    assert_eq!(
        some(row, &["is_disabled", "app_key", "refresh_token", "sh_secret", "auth_time", "created"]),
        "is_disabled=0 app_key= refresh_token= sh_secret= auth_time=0000-00-00 00:00:00 created=2023-11-15 06:13:20"
    );
    check(&[], "api_test taobao jd").await;
    check(&[("platform", "3")], "jd").await;
    check(&[("platform_ids", "1,3")], "taobao jd").await;
    check(&[("platform_id", "1"), ("platform_ids", "3")], "").await;
    check(&[("shop_no", "nowhere")], "").await;
    check(&[("is_disabled", "1")], "closed").await;
    let second = check(&[("page_size", "2"), ("page_no", "1")], "jd").await;
    assert!(second.get("total_count").is_none(), "counted on page 0 only");
    for (size, code) in [("0", 2220), ("-1", 2220), ("many", 2220), ("1.5", 2220), ("500", 0)] {
        assert_eq!(world.call("shop.php", &[("page_size", size)]).await["code"], code, "{size}");
    }
    assert_eq!(world.call("shop.php", &[("page_no", "-1")]).await["code"], 2830);
    assert_eq!(world.call("shop.php", &[("platform_ids", "1,x")]).await["message"], "参数值无效platform_ids");
    let few = Rights { shops: Allowed::only(["jd"]), ..Rights::default() };
    world.app(Protocol::Openapi2, "demo2-few", world.tenant, few).await;
    let seen = parsed(&world.text_as(("demo2", "demo2-few"), "shop.php", &[]).await);
    assert_eq!((column(&seen, "shoplist", "shop_no").as_str(), &seen["total_count"]), ("jd", &1.into()));
}

/// Answers about master data are remembered; what changes is seen in the next answer all the same, and rights are never mixed.
#[tokio::test]
async fn a_changed_shop_is_seen_at_once() {
    let world = world().await;
    let ask = async || {
        let answer = world.call("shop.php", &[("shop_no", "jd")]).await;
        answer["shoplist"].as_array().map(|rows| rows.iter().map(|row| row["shop_name"].clone()).collect::<Vec<_>>())
    };
    for name in ["一店", "二店", "三店"] {
        world
            .by_hand(move |tx| {
                let shop = catalog::shop_by_no(tx, "jd")?;
                catalog::update_shop(tx, catalog::Shop { name: name.into(), ..shop }).map(drop)
            })
            .await;
        assert_eq!((ask().await, ask().await), (Some(vec![name.into()]), Some(vec![name.into()])));
    }
    let few = Rights { shops: Allowed::only(["taobao"]), ..Rights::default() };
    world.app(Protocol::Openapi2, "demo2-few", world.tenant, few).await;
    let seen = parsed(&world.text_as(("demo2", "demo2-few"), "shop.php", &[("shop_no", "jd")]).await);
    assert_eq!(seen["shoplist"], serde_json::json!([]));
}

/// The state passes by itself: no answer is remembered beyond it, and who has to know is told before.
#[tokio::test]
async fn a_shop_expires_by_itself() {
    let world = world().await;
    let state = async || {
        let row = world.call("shop.php", &[("shop_no", "jd")]).await["shoplist"][0].clone();
        some(&row, &["auth_state", "auth_time", "expire_time", "re_expire_time"])
    };
    assert_eq!(
        state().await,
        "auth_state=1 auth_time=0000-00-00 00:00:00 expire_time=0000-00-00 00:00:00 re_expire_time=0000-00-00 00:00:00"
    );
    let change = async |change: fn(&mut catalog::Shop, Moment)| {
        let now = world.clock.now();
        let work = move |tx: &mut store::Tx| {
            let mut shop = catalog::shop_by_no(tx, "jd")?;
            change(&mut shop, now);
            catalog::update_shop(tx, shop).map(drop)
        };
        world.by_hand(work).await;
    };
    let ending = async || {
        let now = world.clock.now();
        let read = move |reader: &mut store::Reader| catalog::ending_shops(reader, now);
        let shops = world.store.read(store::Tenant::HOUSE, read).await.unwrap();
        shops.into_iter().map(|shop| (shop.tenant, shop.no, shop.nearness)).collect::<Vec<_>>()
    };
    let told = |nearness| vec![(world.tenant, "jd".to_owned(), nearness)];
    change(|shop, now| {
        shop.authorisation.since = Some(now);
        shop.authorisation.until = Some(now.plus(15 * 86_400));
        shop.authorisation.renewable_until = Some(now.plus(30 * 86_400));
    })
    .await;
    let times = "auth_time=2023-11-15 06:13:20 expire_time=2023-11-30 06:13:20 re_expire_time=2023-12-15 06:13:20";
    assert_eq!((state().await, ending().await), (format!("auth_state=1 {times}"), vec![]));
    world.clock.advance(86_400);
    assert_eq!(ending().await, told(Nearness::Soon));
    world.clock.advance(11 * 86_400);
    assert_eq!(ending().await, told(Nearness::Near));
    world.clock.advance(3 * 86_400 - 1);
    assert_eq!((state().await, state().await), (format!("auth_state=1 {times}"), format!("auth_state=1 {times}")));
    world.clock.advance(1);
    assert_eq!((state().await, ending().await), (format!("auth_state=2 {times}"), told(Nearness::Over)));
    change(|shop, _| shop.disabled = true).await;
    assert_eq!(ending().await, [], "nobody waits for the orders of a disabled shop");
}

#[tokio::test]
async fn warehouses_and_carriers() {
    let world = world().await;
    let answer = world.call("warehouse_query.php", &[("page_no", "0"), ("page_size", "40")]).await;
    assert_eq!(
        (&answer["total_count"], column(&answer, "warehouses", "warehouse_no").as_str()),
        (&2.into(), "WH01 WH02")
    );
    assert_eq!(
        some(
            &answer["warehouses"][0],
            &[
                "name",
                "warehouse_type",
                "province",
                "city",
                "district",
                "is_defect",
                "match_warehouse_id",
                "coordinates_x"
            ]
        ),
        "name=北京一仓 warehouse_type=1 province=北京 city=北京市 district=海淀区 is_defect=0 match_warehouse_id=0 coordinates_x=0.0000"
    );
    for (filter, expected) in [
        (("warehouse_no", "WH02"), "WH02"),
        (("type", "1"), "WH01"),
        (("warehouse_type", "11"), "WH02"),
        (("is_disabled", "1"), ""),
        (("page_size", "1"), "WH01"),
        (("sub_type", "1"), "WH01 WH02"),
    ] {
        let answer = world.call("warehouse_query.php", &[filter]).await;
        assert_eq!(column(&answer, "warehouses", "warehouse_no"), expected, "{filter:?}");
    }
    let refused = world.call("warehouse_query.php", &[("page_size", "0")]).await;
    assert_eq!(refusal(&refused), (2220, "page_size为正整数，请检查page_size是否为有效值"));
    let carriers = world.call("logistics.php", &[("logistics_name", "中通快递")]).await;
    assert!(carriers.get("total_count").is_none());
    assert_eq!(
        some(
            &carriers["logistics_list"][0],
            &["logistics_no", "logistics_type", "bill_type", "logistics_regex", "be_uncheck_regexp", "service_mask"]
        ),
        "logistics_no=ZTO01 logistics_type=5 bill_type=1 logistics_regex=^[0-9]{12,14}$ be_uncheck_regexp=0 service_mask=1"
    );
    let none = world.call("logistics.php", &[("logistics_no", "SF")]).await;
    assert_eq!(none.to_string(), r#"{"code":0,"logistics_list":[],"message":""}"#);
}

#[tokio::test]
async fn both_scalar_styles_and_totals_on_every_page() {
    let usual = world().await;
    let shop = usual.call("shop.php", &[("shop_no", "api_test")]).await;
    assert_eq!(some(&shop["shoplist"][0], &["platform_id"]), "platform_id=127");
    let qimen = usual.qimen("wdt.shop.query", &[("shop_no", "api_test")]).await;
    assert_eq!(
        some(&qimen["shoplist"][0], &["platform_id", "is_disabled", "shop_no"]),
        "platform_id:127 is_disabled:0 shop_no=api_test"
    );
    assert_eq!((&qimen["errorcode"], &qimen["total_count"]), (&0.into(), &1.into()));
    let turned = world_with(r#"{"openapi2_scalars":"native","qimen_scalars":"text","total_count_always":true}"#).await;
    let shop = turned.call("shop.php", &[("page_size", "1"), ("page_no", "1")]).await;
    assert_eq!(
        (some(&shop["shoplist"][0], &["platform_id"]).as_str(), &shop["total_count"]),
        ("platform_id:1", &3.into())
    );
    let qimen = turned.qimen("hu3cgwt0tc.wdt.shop.query", &[("shop_no", "api_test")]).await;
    assert_eq!(some(&qimen["shoplist"][0], &["platform_id"]), "platform_id=127");
}
