//! Limits of calls: off by default, per method and application, counted in the store where they are daily (fact sheets wdt-1, 1.10;
//! wdt-2, chapters 8 and 9).

use std::sync::Arc;

use gateway::directory::{AppChange, AppOptions, Protocol, Rights};
use gateway::{Config, Directory, Gateway, NoSink, Parts};
use units::Clock;

use crate::world::{World, at, parsed, refusal, world_with};

const DAY: i64 = 24 * 60 * 60;
const LIMITS: &str = r#"{"limits":{"methods":{
    "wdt.shop.query":{"per_minute":2},
    "wdt.logistics.query":{"per_day":2},
    "wdt.warehouse.query":{"hours":"00:00-02:00"},
    "wdt.vip.trade.modify":{"per_day":1},
    "wdt.api.goodsspec.push":{"per_day":2},
    "wdt.stock.query":{"per_day":1}}}}"#;

const ROW: &str = r#"{"platform_id":127,"shop_no":"api_test","goods_list":[{"goods_id":"M1","spec_id":"M1","spec_no":"G1001-RED","status":1}]}"#;

async fn code(world: &World, php: &str, business: &[(&str, &str)]) -> i64 {
    world.call(php, business).await["code"].as_i64().unwrap()
}

/// The same store behind a gateway that remembers nothing.
async fn restarted(mut world: World) -> World {
    let clock: Arc<dyn Clock> = world.clock.clone();
    world.gateway = Gateway::new(Parts {
        store: world.store.clone(),
        directory: Arc::new(Directory::open(world.store.clone()).await.unwrap()),
        registry: dock_wdt::registry(),
        clock,
        sink: Arc::new(NoSink),
        log: None,
        seed: 8,
        config: Config::default(),
    });
    world
}

#[tokio::test]
async fn calls_per_minute_of_a_method() {
    let world = world_with(LIMITS).await;
    assert_eq!(code(&world, "shop.php", &[]).await, 0);
    assert_eq!(code(&world, "shop.php", &[]).await, 0);
    let third = world.call("shop.php", &[]).await;
    assert_eq!(refusal(&third), (1012, "超过每分钟最大调用频率限制,请稍后重试"));
    assert_eq!(code(&world, "suites_query.php", &[("suite_no", "TZ001")]).await, 0, "other methods are free");
    world.clock.advance(60);
    assert_eq!(code(&world, "shop.php", &[]).await, 0);
    world.app(Protocol::Openapi2, "demo2-second", world.tenant, Rights::default()).await;
    for _ in 0..2 {
        let own = parsed(&world.text_as(("demo2", "demo2-second"), "shop.php", &[]).await);
        assert_eq!(own["code"], 0, "each application has its own count");
    }
}

#[tokio::test]
async fn daily_counts_hold_over_a_restart() {
    let world = world_with(LIMITS).await;
    assert_eq!(code(&world, "logistics.php", &[]).await, 0);
    let world = restarted(world).await;
    assert_eq!(code(&world, "logistics.php", &[]).await, 0);
    let world = restarted(world).await;
    let third = world.call("logistics.php", &[]).await;
    assert_eq!(refusal(&third), (9023, "超过每日调用次数限制(2次)"));
    let on_qimen = world.qimen("wdt.logistics.query", &[]).await;
    assert_eq!(on_qimen["errorcode"], 0, "another application has its own count: {on_qimen}");
    world.clock.advance(DAY);
    assert_eq!(code(&world, "logistics.php", &[]).await, 0, "a new day");
}

#[tokio::test]
async fn what_is_refused_is_not_counted_and_a_full_day_stores_nothing() {
    let world = world_with(LIMITS).await;
    let push = async |info: &str| code(&world, "api_goodsspec_push.php", &[("api_goods_info", info)]).await;
    for _ in 0..3 {
        assert_eq!(push(&ROW.replace("api_test", "nowhere")).await, 2310);
    }
    assert_eq!(push(ROW).await, 0);
    assert_eq!(push(ROW).await, 0);
    let before = world.stored().await;
    assert_eq!(push(&ROW.replace("M1", "M2")).await, 9023);
    assert_eq!(world.stored().await, before);
    // Only full loops of the stock query count: a window, a code or a later page is free.
    for _ in 0..3 {
        assert_eq!(code(&world, "stock_query.php", &[("spec_no", "G1001-RED")]).await, 0);
        assert_eq!(code(&world, "stock_query.php", &[("page_no", "1")]).await, 0);
    }
    assert_eq!(code(&world, "stock_query.php", &[]).await, 0);
    assert_eq!(code(&world, "stock_query.php", &[]).await, 9023);
    assert_eq!(code(&world, "stock_query.php", &[("page_no", "1")]).await, 0);
}

#[tokio::test]
async fn a_method_may_have_its_hours() {
    let world = world_with(LIMITS).await;
    // It is 06:13.
    let answer = world.call("warehouse_query.php", &[]).await;
    assert_eq!(refusal(&answer), (9024, "该接口只能在00:00-02:00调用"));
    world.clock.advance(18 * 60 * 60);
    assert_eq!(code(&world, "warehouse_query.php", &[]).await, 0, "00:13 of the next day");
}

#[tokio::test]
async fn an_application_may_have_its_own_and_be_in_arrears() {
    let world = world_with(LIMITS).await;
    let app = world.app(Protocol::Openapi2, "demo2-own", world.tenant, Rights::default()).await;
    let call = async || parsed(&world.text_as(("demo2", "demo2-own"), "logistics.php", &[]).await);
    let options: AppOptions = serde_json::from_str(r#"{"quotas":{"wdt.logistics.query":{"per_day":1}}}"#).unwrap();
    let change = AppChange { options: Some(options), ..AppChange::default() };
    world.gateway.directory().update_app(app.number, change).await.unwrap();
    assert_eq!(call().await["code"], 0);
    assert_eq!(call().await["code"], 9023);
    let options = AppOptions { arrears: true, ..AppOptions::default() };
    let change = AppChange { options: Some(options), ..AppChange::default() };
    world.gateway.directory().update_app(app.number, change).await.unwrap();
    assert_eq!(refusal(&call().await), (1060, "充值余额为0或应用已欠费，请联系商务充值"));
}

/// Window, page and rows a call: the sheets' by default, the merchant's when set.
#[tokio::test]
async fn windows_pages_and_batches_are_settings() {
    let sizes = async |world: &World| {
        let long = [("start_time", &*at(-7200)), ("end_time", &*at(0))];
        let trades = world.call("trade_query.php", &long).await;
        let goods = world.call("goods_query.php", &[("start_time", &*at(-7200)), ("end_time", &*at(60))]).await;
        let acks = r#"[{"rec_id":1,"status":0},{"rec_id":2,"status":0}]"#;
        let acks = world.call("logistics_sync_ack.php", &[("logistics_list", acks)]).await;
        let shops = world.call("suites_query.php", &[("suite_no", "TZ001"), ("page_size", "9")]).await;
        (trades, goods, acks, shops)
    };
    let (trades, goods, acks, shops) = sizes(&world_with("{}").await).await;
    assert_eq!(refusal(&trades), (2180, "start_time与end_time时间跨度不能超过最大范围60分钟"));
    assert_eq!((&goods["code"], &acks["code"], &shops["code"]), (&0.into(), &0.into(), &0.into()));
    let world = world_with(
        r#"{"limits":{"methods":{
            "wdt.trade.query":{"window_minutes":120},
            "wdt.goods.query":{"window_minutes":60},
            "wdt.warehouse.query":{"page_size":1},
            "wdt.logistics.sync.ack":{"rows":1}}}}"#,
    )
    .await;
    let (trades, goods, acks, _) = sizes(&world).await;
    assert_eq!(trades["code"], 0, "{trades}");
    assert_eq!(refusal(&goods), (2180, "start_time与end_time时间跨度不能超过最大范围60分钟"));
    assert_eq!(refusal(&acks), (9022, "一次最多1条,传入了2条"));
    let warehouses = world.call("warehouse_query.php", &[("page_size", "40")]).await;
    assert_eq!(warehouses["warehouses"].as_array().unwrap().len(), 1);
}
