//! Every refused request of chapter 3, with its number from chapter 9; nothing of it is stored.

use gateway::directory::{Allowed, Protocol, Rights};
use serde_json::{Value, json};

use super::{TID, push_refund, push_return, shipped, stock};
use crate::merchant::{ORDER, push};
use crate::world::{at, parsed, refusal, world, world_with};

#[tokio::test]
async fn raw_refunds_that_are_refused() {
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    let before = world.stored().await;
    let line = |oid: &str, num: &str| json!([{"oid": oid, "num": num}]);
    let first = format!("{TID}-1");
    let cases: Vec<(&str, Value, i64)> = vec![
        ("platform_id", json!(1), 2830),
        ("shop_no", json!("nowhere"), 9003),
        ("shop_no", json!("closed"), 9003),
        ("shop_no", json!("taobao"), 9003),
        ("shop_no", json!(""), 2900),
        ("tid", json!("T-UNKNOWN"), 5040),
        ("tid", json!(""), 2900),
        ("refund_no", json!(""), 2900),
        ("refund_no", json!("R".repeat(41)), 9020),
        ("type", json!(5), 2830),
        ("type", json!(""), 2900),
        ("status", json!("perhaps"), 2830),
        ("status", json!(""), 2900),
        ("refund_fee", json!("much"), 9012),
        ("refund_fee", json!("-1"), 9012),
        ("refund_time", json!("yesterday"), 2830),
        ("refund_time", json!(""), 2900),
        ("reason", json!("长".repeat(256)), 9020),
        ("order_list", json!([]), 2900),
        ("order_list", line("T-OTHER-1", "1"), 9025),
        ("order_list", line(&first, "0"), 9012),
        ("order_list", line(&first, "-1"), 9012),
        ("order_list", line(&first, "3"), 9012),
        ("order_list", line(&first, "one"), 9012),
        ("order_list", json!([{"oid": first, "num": 1}, {"oid": first, "num": 2}]), 9012),
    ];
    for (field, value, code) in cases {
        let answer = push_refund(&world, &[(field, value.clone())]).await;
        assert_eq!(refusal(&answer).0, code, "{field} = {value}: {answer}");
    }
    for (list, code) in [("{broken", 9002), ("{}", 9002), ("[]", 2900), ("", 2900)] {
        let answer = world.call("sales_refund_push.php", &[("api_refund_list", list)]).await;
        assert_eq!(refusal(&answer).0, code, "{list}: {answer}");
    }
    // All or none: the good one in front is not kept either.
    let list = format!("[{},{}]", super::refund(&[]), super::refund(&[("tid", json!("T-UNKNOWN"))]));
    let answer = world.call("sales_refund_push.php", &[("api_refund_list", &list)]).await;
    assert_eq!(refusal(&answer).0, 5040);
    let list = format!("[{}]", vec![super::refund(&[]); 51].join(","));
    let answer = world.call("sales_refund_push.php", &[("api_refund_list", &list)]).await;
    assert_eq!(refusal(&answer).0, 9022);
    assert_eq!(world.stored().await, before);
    assert_eq!(stock(&world).await, "stock_num=50 order_num=2");
    let found = world.call("vip_api_refund_query.php", &[("tid", TID)]).await;
    assert_eq!(found.to_string(), r#"{"code":0,"message":"","total_count":0,"trade_list":[]}"#);
}

#[tokio::test]
async fn return_stock_ins_that_are_refused() {
    let world = world().await;
    shipped(&world).await;
    push_refund(&world, &[]).await;
    let info = json!({
        "refund_no": "TK2311150001", "outer_no": "IN-1", "warehouse_no": "WH01", "is_check": 1,
        "detail_list": [{"spec_no": "G1001-RED", "stockin_num": "1"}],
    });
    let line =
        |spec: &str, num: Value, more: (&str, Value)| json!([{"spec_no": spec, "stockin_num": num, more.0: more.1}]);
    let none = || ("remark", json!(""));
    let cases: Vec<(&str, Value, i64)> = vec![
        ("refund_no", json!("TK0000000000"), 9010),
        ("refund_no", json!(""), 2900),
        ("outer_no", json!("OPENING"), 2470),
        ("outer_no", json!(""), 2900),
        ("outer_no", json!("长".repeat(41)), 9020),
        ("warehouse_no", json!("WH99"), 9004),
        ("warehouse_no", json!("WH02"), 9005),
        ("logistics_code", json!("NOBODY"), 9018),
        ("is_check", json!(2), 2830),
        ("post_fee", json!("x"), 9012),
        ("detail_list", json!([]), 2900),
        ("detail_list", line("NO-SUCH", json!(1), none()), 9007),
        ("detail_list", line("G1001-BLUE", json!(1), none()), 9009),
        ("detail_list", line("G1001-RED", json!(0), none()), 9012),
        ("detail_list", line("G1001-RED", json!(-1), none()), 9012),
        ("detail_list", line("G1001-RED", json!("x"), none()), 9012),
        ("detail_list", line("G1001-RED", json!(1), ("stockin_price", json!(-1))), 9012),
        ("detail_list", line("G1001-RED", json!(1), ("defect", json!(2))), 2830),
    ];
    for (field, value, code) in cases {
        let mut spoiled = info.clone();
        spoiled[field] = value.clone();
        let answer = world.call("stockin_refund_push.php", &[("stockin_refund_info", &spoiled.to_string())]).await;
        assert_eq!(refusal(&answer).0, code, "{field} = {value}: {answer}");
    }
    let answer = world.call("stockin_refund_push.php", &[("stockin_refund_info", "[1]")]).await;
    assert_eq!(refusal(&answer).0, 9002);
    assert_eq!(stock(&world).await, "stock_num=48 refund_onway_num=1");
    assert_eq!(push_return(&world, "TK2311150001", "IN-1", "1", 1, "").await["code"], 0);
    assert_eq!(push_return(&world, "TK2311150001", "IN-1", "1", 1, "").await["code"], 2470);
    assert_eq!(push_return(&world, "TK2311150001", "IN-2", "1", 1, "").await["code"], 9011);
}

#[tokio::test]
async fn queries_that_are_refused() {
    let world = world().await;
    let (month, more, now) = (at(-2_592_000), at(-2_592_001), at(0));
    for (php, status) in [
        ("refund_query.php", "process_status"),
        ("stockin_order_query_refund.php", "status"),
        ("vip_api_refund_query.php", "time_type"),
        ("his_refund_query.php", "process_status"),
        ("his_stockin_order_query_refund.php", "status"),
        ("api_refund_query.php", "time_type"),
    ] {
        let window = |start: &str| vec![("start_time", start.to_owned()), ("end_time", now.clone())];
        let cases: Vec<(Vec<(&str, String)>, i64)> = vec![
            (vec![], 2900),
            (vec![("start_time", now.clone())], 2160),
            (vec![("start_time", "yesterday".into()), ("end_time", now.clone())], 2160),
            (vec![("start_time", now.clone()), ("end_time", month.clone())], 2160),
            (window(&more), 2180),
            ([window(&month), vec![(status, "33".to_owned())]].concat(), 2830),
            ([window(&month), vec![("shop_no", "nowhere".to_owned())]].concat(), 2310),
            (window(&month), 0),
            ([window(&month), vec![("page_size", "0".to_owned())]].concat(), 0),
        ];
        for (pairs, code) in cases {
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, &**value)).collect();
            let answer = world.call(php, &pairs).await;
            assert_eq!(refusal(&answer).0, code, "{php} {pairs:?}: {answer}");
        }
    }
    let php = "vip_stat_refund_by_spec_shop_warehouse_query.php";
    for (pairs, code) in [
        (vec![], 2900),
        (vec![("stockin_date", "2023-11")], 2830),
        (vec![("stockin_date", "2023-11-15"), ("warehouse_no", "WH99")], 9004),
        (vec![("stockin_date", "2023-11-15")], 0),
    ] {
        let answer = world.call(php, &pairs).await;
        assert_eq!(refusal(&answer).0, code, "{pairs:?}: {answer}");
    }
}

#[tokio::test]
async fn bins_and_batches_that_nobody_made() {
    let world = world_with(r#"{"erp":{"stock":{"bins_must_exist":true,"batches_must_exist":true}}}"#).await;
    shipped(&world).await;
    push_refund(&world, &[]).await;
    let before = world.stored().await;
    for (more, code, says) in [(r#","position_no":"Z-9""#, 9016, "Z-9"), (r#","batch_no":"B-9""#, 9017, "B-9")] {
        let answer = push_return(&world, "TK2311150001", "IN-1", "1", 1, more).await;
        let (found, message) = refusal(&answer);
        assert_eq!(found, code, "{answer}");
        assert!(message.contains(says), "{answer}");
    }
    assert_eq!(world.stored().await, before);
    assert_eq!(push_return(&world, "TK2311150001", "IN-1", "1", 1, "").await["code"], 0);
}

#[tokio::test]
async fn applications_touch_and_see_their_own() {
    let world = world().await;
    shipped(&world).await;
    push_refund(&world, &[]).await;
    assert_eq!(push_return(&world, "TK2311150001", "IN-1", "1", 1, "").await["code"], 0);
    let few = Rights { shops: Allowed::only(["jd"]), warehouses: Allowed::only(["WH02"]), ..Rights::default() };
    world.app(Protocol::Openapi2, "demo2-few", world.tenant, few).await;
    let before = world.stored().await;
    let (start, end) = (at(-60), at(60));
    let shop = [("start_time", &*start), ("end_time", &*end), ("shop_no", "api_test")];
    let refunds = format!("[{}]", super::refund(&[("refund_no", json!("RF900009"))]));
    let goods = json!({
        "refund_no": "TK2311150001", "outer_no": "IN-9", "warehouse_no": "WH01", "is_check": 1,
        "detail_list": [{"spec_no": "G1001-RED", "stockin_num": "1"}],
    })
    .to_string();
    let day = ("stockin_date", "2023-11-15");
    let summary = "vip_stat_refund_by_spec_shop_warehouse_query.php";
    for (php, business, says) in [
        ("sales_refund_push.php", &[("api_refund_list", &*refunds)][..], "api_test"),
        ("stockin_refund_push.php", &[("stockin_refund_info", &*goods)], "WH01"),
        ("refund_query.php", &shop, "api_test"),
        ("his_refund_query.php", &shop, "api_test"),
        ("vip_api_refund_query.php", &shop, "api_test"),
        ("api_refund_query.php", &shop, "api_test"),
        ("stockin_order_query_refund.php", &shop, "api_test"),
        ("his_stockin_order_query_refund.php", &shop, "api_test"),
        (summary, &[day, ("shop_no", "api_test")], "api_test"),
        (summary, &[day, ("warehouse_no", "WH01")], "WH01"),
    ] {
        let answer = parsed(&world.text_as(("demo2", "demo2-few"), php, business).await);
        let (code, message) = refusal(&answer);
        assert_eq!(code, 9026, "{php}: {answer}");
        assert!(message.contains(says), "{php}: {answer}");
    }
    assert_eq!(world.stored().await, before);
}
