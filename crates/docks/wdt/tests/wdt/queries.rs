//! Windows, filters, rights and privacy of the order queries (fact sheet wdt-1, 1.5, 1.8, 1.12, 2.14, 2.23).

use erp::catalog;
use gateway::directory::{Allowed, Protocol, Rights};
use serde_json::Value;

use crate::merchant::{ORDER, order, push};
use crate::world::{World, at, parsed, refusal, some, world};

fn numbers(answer: &Value) -> String {
    assert_eq!(answer["code"], 0, "{answer}");
    answer["trades"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["src_tids"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join(" ")
}

async fn three_orders() -> World {
    let world = world().await;
    for (i, tid) in ["A1", "A2", "B1"].into_iter().enumerate() {
        world.clock.advance(if i == 0 { 0 } else { 10 });
        push(&world, "1", &[order(tid)]).await;
    }
    world
}

#[tokio::test]
async fn trades_by_window_and_number() {
    let world = three_orders().await;
    let (start, end) = (at(0), at(3600));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    let with = |more: &[(&'static str, &'static str)]| [&window[..], more].concat();
    for (more, expected) in [
        (&[][..], "A1 A2 B1"),
        (&[("page_size", "2")], "A1 A2"),
        (&[("page_size", "2"), ("page_no", "1")], "B1"),
        (&[("page_size", "500")], "A1 A2 B1"),
        (&[("status", "30")], "A1 A2 B1"),
        (&[("status", "0")], "A1 A2 B1"),
        (&[("status", "55,95")], ""),
        (&[("shop_no", "api_test")], "A1 A2 B1"),
        (&[("shop_nos", "jd,api_test")], "A1 A2 B1"),
        (&[("shop_no", "jd")], ""),
        (&[("warehouse_no", "WH01")], "A1 A2 B1"),
        (&[("warehouse_no", "WH02")], ""),
        (&[("has_logistics_no", "1")], ""),
        (&[("has_logistics_no", "2")], "A1 A2 B1"),
        (&[("start_time", "2023-11-15 06:13:30"), ("end_time", "2023-11-15 06:13:40")], "A2 B1"),
        (&[("start_time", "2023-11-15 06:13:31"), ("end_time", "2023-11-15 06:13:39")], ""),
    ] {
        let business =
            if more.first().is_some_and(|(name, _)| *name == "start_time") { more.to_vec() } else { with(more) };
        let answer = world.call("trade_query.php", &business).await;
        assert_eq!(numbers(&answer), expected, "{more:?}");
        let counted = !more.contains(&("page_no", "1"));
        assert_eq!(answer.get("total_count").is_some(), counted, "{more:?}");
    }
    for (business, expected) in [
        // A number stands alone: neither window nor filters count.
        (
            &[("src_tid", "A1"), ("start_time", "2001-01-01 00:00:00"), ("shop_no", "nowhere"), ("status", "7")][..],
            "A1",
        ),
        (&[("src_tid", "A"), ("is_fuzzy", "1")], "A1 A2"),
        (&[("src_tid", "A")], ""),
        (&[("trade_no", "JY202311150003")], "B1"),
        (&[("logistics_no", "1")], ""),
    ] {
        assert_eq!(numbers(&world.call("trade_query.php", business).await), expected, "{business:?}");
    }
    let many = vec!["api_test"; 21].join(",");
    for (business, expected) in [
        (vec![], (2900, "时间范围与订单编号不能全部为空")),
        (window[1..].to_vec(), (2160, "start_time和end_time为空或不是有效的时间格式")),
        (vec![("start_time", "2023-11-15"), window[1]], (2160, "start_time和end_time为空或不是有效的时间格式")),
        (
            vec![window[0], ("end_time", "2023-11-15 07:13:21")],
            (2180, "start_time与end_time时间跨度不能超过最大范围60分钟"),
        ),
        (vec![window[0], ("end_time", &start)], (2105, "modified_from不能等于modified_to")),
        (with(&[("status", "31")]), (2830, "参数值无效status")),
        (with(&[("status", "x")]), (2830, "参数值无效status")),
        (with(&[("page_size", "0")]), (2220, "page_size为正整数，请检查page_size是否为有效值")),
        (with(&[("page_no", "-1")]), (2830, "参数值无效:page_no(从0开始)")),
        (with(&[("shop_no", "nowhere")]), (2310, "店铺编号在系统中不存在或已停用，请检查shop_no是否正确:nowhere")),
        (with(&[("warehouse_no", "W")]), (9004, "仓库编号在系统中不存在或已停用，请检查warehouse_no是否正确:W")),
        ([&window[..], &[("shop_nos", &*many)]].concat(), (9022, "参数值无效:shop_nos(最多20个店铺编号)")),
    ] {
        assert_eq!(refusal(&world.call("trade_query.php", &business).await), expected, "{business:?}");
    }
}

#[tokio::test]
async fn rights_restrict_rows() {
    let world = three_orders().await;
    let few = Rights { shops: Allowed::only(["jd"]), warehouses: Allowed::only(["WH02"]), ..Rights::default() };
    world.app(Protocol::Openapi2, "demo2-few", world.tenant, few).await;
    let call = async |php: &str, business: &[(&str, &str)]| {
        parsed(&world.text_as(("demo2", "demo2-few"), php, business).await)
    };
    assert_eq!(numbers(&call("trade_query.php", &[("src_tid", "A1")]).await), "");
    let (start, end) = (at(0), at(60));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    let named = call("trade_query.php", &[window[0], window[1], ("shop_no", "api_test")]).await;
    assert_eq!(refusal(&named), (9026, "权限不足,无店铺访问权限:api_test"));
    let named = call("stock_query.php", &[("warehouse_no", "WH01")]).await;
    assert_eq!(refusal(&named), (9026, "权限不足,无仓库访问权限:WH01"));
    assert_eq!(call("stock_query.php", &[]).await["total_count"], "0");
    let list = format!("[{ORDER}]");
    let pushed = call("trade_push.php", &[("shop_no", "api_test"), ("trade_list", &list)]).await;
    assert_eq!(refusal(&pushed), (9026, "权限不足,无店铺访问权限:api_test"));
    let raw = call("vip_api_trade_query.php", &[("tid", "A1")]).await;
    assert_eq!(raw["total_count"], 0);
    let queue = call("api_goods_stock_change_query.php", &[("shop_no", "api_test"), ("limit", "9")]).await;
    assert_eq!(refusal(&queue).0, 9026);
    let ack = r#"[{"rec_id":1,"sync_stock":1,"stock_change_count":1}]"#;
    let ack = call("api_goods_stock_change_ack.php", &[("stock_sync_list", ack)]).await;
    assert_eq!(ack["errors"][0]["error"], "平台货品不存在");
}

#[tokio::test]
async fn privacy_depends_on_door_and_platform() {
    const PERSONAL: &[&str] =
        &["buyer_nick", "receiver_name", "receiver_address", "receiver_mobile", "receiver_zip", "customer_name"];
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    let shown = "buyer_nick=张三_01 receiver_name=张三 receiver_address=花园路1号 receiver_mobile=13600000000 receiver_zip=100000 customer_name=张三";
    let blank = "buyer_nick= receiver_name= receiver_address= receiver_mobile= receiver_zip= customer_name=";
    let by_tid = [("src_tid", "T20231115001")];
    let direct = async || world.call("trade_query.php", &by_tid).await["trades"][0].clone();
    let mirror = async || world.qimen("wdt.trade.query", &by_tid).await["trades"][0].clone();
    assert_eq!(some(&direct().await, PERSONAL), shown);
    let qimen = mirror().await;
    assert_eq!(some(&qimen, PERSONAL), blank);
    assert_eq!(
        some(&qimen, &["trade_id", "trade_status", "receiver_area"]),
        "trade_id:1 trade_status:30 receiver_area=北京 北京市 海淀区"
    );
    assert_eq!(some(&qimen["goods_list"][0], &["rec_id", "num"]), "rec_id:1 num=2.0000");
    let raw = world.qimen("wdt.vip.api.trade.query", &[("tid", "T20231115001")]).await;
    assert_eq!(some(&raw["trade_list"][0], &PERSONAL[..5]), blank.rsplit_once(' ').unwrap().0);
    // The same shop on another platform: openapi2 keeps the persons back; and hides Taobao altogether, which Qimen shows.
    let platform = async |platform: i64| {
        world
            .by_hand(move |tx| {
                let shop = catalog::shops(tx, Some("api_test"), &[], false, catalog::Page::ALL)?.rows.remove(0);
                catalog::update_shop(tx, catalog::Shop { platform, ..shop })
            })
            .await;
    };
    platform(3).await;
    assert_eq!(some(&direct().await, PERSONAL), blank);
    let raw = world.call("vip_api_trade_query.php", &[("tid", "T20231115001")]).await;
    assert_eq!(raw["trade_list"][0]["receiver_name"], "");
    platform(0).await;
    assert_eq!(some(&direct().await, PERSONAL), shown);
    platform(1).await;
    assert_eq!(direct().await, Value::Null);
    assert_eq!(mirror().await["src_tids"], "T20231115001");
}

#[tokio::test]
async fn raw_orders_as_the_sheet_shows_them() {
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    let answer =
        world.call("vip_api_trade_query.php", &[("tid", "T20231115001"), ("page_no", "0"), ("page_size", "40")]).await;
    assert_eq!(answer["total_count"], 1);
    let raw = &answer["trade_list"][0];
    for (keys, expected) in [
        (
            "platform_id shop_no trade_status process_status pay_status pay_method refund_status delivery_term guarantee_mode bad_reason",
            "platform_id=127 shop_no=api_test trade_status=30 process_status=20 pay_status=2 pay_method=0 refund_status=0 delivery_term=1 guarantee_mode=2 bad_reason=",
        ),
        (
            "trade_time pay_time end_time order_count goods_count goods_amount post_amount other_amount discount receivable received paid",
            "trade_time=2023-11-15 05:50:00 pay_time=2023-11-15 05:52:00 end_time=0000-00-00 00:00:00 order_count=1 goods_count=2.0000 goods_amount=198.0000 post_amount=10.0000 other_amount=0.0000 discount=5.0000 receivable=203.0000 received=0.0000 paid=203.0000",
        ),
        (
            "refund_amount cod_amount currency invoice_type buyer_message remark buyer_nick receiver_mobile receiver_province receiver_area is_auto_wms trade_from",
            "refund_amount=0.0000 cod_amount=0.0000 currency=CNY invoice_type=0 buyer_message=请尽快 remark= buyer_nick=张三_01 receiver_mobile=13600000000 receiver_province=110000 receiver_area=北京 北京市 海淀区 is_auto_wms=0 trade_from=1",
        ),
        ("discount_list", "discount_list:[]"),
    ] {
        assert_eq!(some(raw, &keys.split(' ').collect::<Vec<_>>()), expected);
    }
    let keys = "oid status process_status refund_status goods_id goods_no spec_id spec_no num price share_discount total_amount share_amount";
    assert_eq!(
        some(&raw["goods_list"][0], &keys.split(' ').collect::<Vec<_>>()),
        "oid=T20231115001-1 status=30 process_status=20 refund_status=0 goods_id=M100 goods_no=G1001 spec_id=M100-1 spec_no=G1001-RED num=2.0000 price=99.0000 share_discount=5.0000 total_amount=198.0000 share_amount=193.0000"
    );
    let (start, end) = (at(-60), at(60));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    let count = async |more: &[(&str, &str)]| {
        world.call("vip_api_trade_query.php", &[&window[..], more].concat()).await["total_count"].clone()
    };
    assert_eq!(count(&[]).await, 1);
    assert_eq!(count(&[("platform_id", "127")]).await, 1);
    assert_eq!(count(&[("platform_id", "3")]).await, 0);
    assert_eq!(count(&[("shop_no", "jd")]).await, 0);
    let many = vec!["T"; 201].join(",");
    for (business, code) in [
        (vec![], 2900),
        (window[..1].to_vec(), 2160),
        (vec![("start_time", "2023-10-01 00:00:00"), window[1]], 2180),
        (vec![("tid", "T1"), ("page_size", "0")], 2220),
        (vec![("tid", &*many)], 9022),
    ] {
        assert_eq!(world.call("vip_api_trade_query.php", &business).await["code"], code, "{business:?}");
    }
}

/// A write that comes after a window was read never falls into it.
#[tokio::test]
async fn incremental_readers_miss_nothing() {
    let world = world().await;
    let (start, end) = (at(-600), at(0));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    assert_eq!(numbers(&world.call("trade_query.php", &window).await), "");
    // The clock has not moved: without the guarantee this order would be stamped at the end of the window.
    push(&world, "1", &[ORDER.to_owned()]).await;
    assert_eq!(numbers(&world.call("trade_query.php", &window).await), "");
    let (start, end) = (at(0), at(600));
    let next = [("start_time", start.as_str()), ("end_time", end.as_str())];
    assert_eq!(numbers(&world.call("trade_query.php", &next).await), "T20231115001");
}

#[tokio::test]
async fn rights_restrict_providers() {
    let world = world().await;
    for no in ["P1", "P2"] {
        let info = [
            ("provider_no", no),
            ("provider_name", no),
            ("min_purchase_num", "0"),
            ("purchase_cycle_days", "0"),
            ("arrive_cycle_days", "0"),
        ];
        let created = world.call("purchase_provider_create.php", &info).await;
        assert_eq!(created["code"], 0, "{created}");
    }
    let few = Rights { providers: Allowed::only(["P2"]), ..Rights::default() };
    world.app(Protocol::Openapi2, "demo2-buyer", world.tenant, few).await;
    let call = async |php: &str, business: &[(&str, &str)]| {
        parsed(&world.text_as(("demo2", "demo2-buyer"), php, business).await)
    };
    let seen = call("purchase_provider_query.php", &[]).await;
    assert_eq!((seen["total_count"].as_i64(), seen["provider_list"][0]["provider_no"].as_str()), (Some(1), Some("P2")));
    let (start, end) = (at(-60), at(60));
    let order = |provider: &str| {
        format!(
            r#"{{"provider_no":"{provider}","warehouse_no":"WH01","outer_no":"PO-{provider}","is_check":1,"details_list":[{{"spec_no":"G1001-RED","num":1,"price":1}}]}}"#
        )
    };
    let refused = call("purchase_order_push.php", &[("purchase_info", &order("P1"))]).await;
    assert_eq!(refusal(&refused), (9026, "权限不足,无供应商访问权限:P1"));
    for provider in ["P1", "P2"] {
        let pushed = world.call("purchase_order_push.php", &[("purchase_info", &order(provider))]).await;
        assert_eq!(pushed["code"], 0, "{pushed}");
    }
    let found = call("purchase_order_query.php", &[("start_time", &start), ("end_time", &end)]).await;
    let providers: Vec<_> =
        found["purchase_list"].as_array().unwrap().iter().map(|row| row["provider_no"].clone()).collect();
    assert_eq!(providers, ["P2"]);
}

/// Nobody gets a day with more rows than one answer can hold; pages of it can be had.
#[tokio::test]
async fn a_day_with_too_many_rows() {
    let world = world().await;
    let tenant = world.tenant.0;
    world
        .by_hand(move |tx| {
            let shop = catalog::shop_by_no(tx, "api_test")?.id;
            tx.put(
                "INSERT INTO sales_day (id, tenant, day, shop, warehouse, spec, num, amount, post, cost, created, modified)
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20001)
                 SELECT 900000000 + i, CAST(?1 AS BIGINT), 20231115, CAST(?2 AS BIGINT), 1, i, 10000, 10000, 0, 0, 1700000000, 1700000000 FROM n",
                &[store::Value::from(tenant), store::Value::from(shop)],
            )?;
            Ok(())
        })
        .await;
    let php = "vip_stat_sales_by_spec_shop_warehouse_query.php";
    let all = world.call(php, &[("consign_date", "2023-11-15")]).await;
    assert_eq!(refusal(&all), (20, "请求范围过宽，请增加请求参数条件过滤"));
    let page = world.call(php, &[("consign_date", "2023-11-15"), ("is_page", "1"), ("page_size", "10")]).await;
    assert_eq!((&page["code"], &page["total_count"]), (&serde_json::json!(0), &serde_json::json!(20001)), "{page}");
}
