//! The two queues that malls acknowledge (fact sheet wdt-1, 2.0.6, 2.0.7, 2.16 to 2.19).

use serde_json::Value;

use crate::merchant::{ORDER, order, push};
use crate::world::{World, parsed, refusal, some, world};

async fn changes(world: &World, limit: &str) -> Value {
    world.call("api_goods_stock_change_query.php", &[("shop_no", "api_test"), ("limit", limit)]).await
}

async fn ack(world: &World, rows: &str) -> Value {
    world.call("api_goods_stock_change_ack.php", &[("stock_sync_list", rows)]).await
}

async fn stock_in(world: &World, number: &str) {
    let info = format!(
        r#"{{"outer_no":"{number}","warehouse_no":"WH01","is_check":1,"goods_list":[{{"spec_no":"G1001-RED","stockin_num":10}}]}}"#
    );
    assert_eq!(world.call("stockin_order_push.php", &[("stockin_info", &info)]).await["code"], 0);
}

#[tokio::test]
async fn stock_goes_to_the_mall_until_it_is_stored() {
    let world = world().await;
    assert_eq!(
        changes(&world, "100").await.to_string(),
        r#"{"code":0,"current_count":0,"message":"","stock_change_list":[]}"#
    );
    push(&world, "1", &[ORDER.to_owned()]).await;
    let offered = changes(&world, "100").await;
    assert_eq!(offered["current_count"], 1);
    let row = offered["stock_change_list"][0].clone();
    assert_eq!(
        some(&row, &["shop_no", "goods_id", "spec_id", "goods_no", "spec_no", "sync_stock", "erp_spec_type"]),
        "shop_no=api_test goods_id=M100 spec_id=M100-1 goods_no=G1001 spec_no=G1001-RED sync_stock=48 erp_spec_type=1"
    );
    assert_eq!(changes(&world, "5000").await, offered, "offered until it is acknowledged");
    let (id, count) = (row["rec_id"].as_str().unwrap(), row["stock_change_count"].as_str().unwrap());
    let rows = |stock: &str, count: &str, more: &str| {
        format!(r#"[{{"rec_id":{id},"sync_stock":{stock},"stock_change_count":{count}{more}}}]"#)
    };
    // Not stored after all; a counter from the future; then the stock moves, so that the acknowledgement is outdated.
    assert_eq!(ack(&world, &rows("48", count, r#","syn_status":0"#)).await["errors"], Value::Array(vec![]));
    assert_eq!(changes(&world, "100").await, offered);
    let future = ack(&world, &rows("48", "999", "")).await;
    assert_eq!(
        some(&future["errors"][0], &["rec_id", "error"]),
        format!("rec_id={id} error=stock_change_count与系统不一致")
    );
    stock_in(&world, "Q1").await;
    assert_eq!(ack(&world, &rows("48", count, "")).await.to_string(), r#"{"code":0,"errors":[],"message":""}"#);
    let again = changes(&world, "100").await["stock_change_list"][0].clone();
    assert_eq!(again["sync_stock"], "58");
    let count = again["stock_change_count"].as_str().unwrap();
    assert_eq!(ack(&world, &rows("58", count, "")).await["errors"], Value::Array(vec![]));
    assert_eq!(changes(&world, "100").await["current_count"], 0);
    assert_eq!(ack(&world, &rows("58", count, "")).await["errors"], Value::Array(vec![]), "repeated");
    let unknown = ack(&world, r#"[{"rec_id":7001,"sync_stock":1,"stock_change_count":1}]"#).await;
    assert_eq!(some(&unknown["errors"][0], &["rec_id", "error"]), "rec_id=7001 error=平台货品不存在");
    // Another merchant's number is nobody's here, nor is one that would reach into another merchant.
    for number in ["-1", "0", "1099511627777", "9223372036854775807"] {
        let rows = format!(r#"[{{"rec_id":{number},"sync_stock":1,"stock_change_count":1}}]"#);
        assert_eq!(ack(&world, &rows).await["errors"][0]["error"], "平台货品不存在", "{number}");
    }
    let rows = [("stock_sync_list", rows("1", "1", ""))];
    let rows: Vec<(&str, &str)> = rows.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let foreign = parsed(&world.text_as(("other", "other-test"), "api_goods_stock_change_ack.php", &rows).await);
    assert_eq!(foreign["errors"][0]["error"], "平台货品不存在");
}

#[tokio::test]
async fn limits_and_shops_of_the_queues() {
    let world = world().await;
    for php in ["logistics_sync_query.php", "api_goods_stock_change_query.php"] {
        for (shop, limit, code) in [
            ("api_test", "1", 0),
            ("api_test", "100", 0),
            ("api_test", "100000", 0),
            ("api_test", "0", 2830),
            ("api_test", "-1", 2830),
            ("api_test", "all", 2830),
            ("api_test", "", 2900),
            ("nowhere", "100", 2310),
            ("closed", "100", 2310),
            ("jd", "100", 1),
        ] {
            let answer = world.call(php, &[("shop_no", shop), ("limit", limit)]).await;
            assert_eq!(answer["code"], code, "{php} {shop} {limit}: {answer}");
        }
    }
    let all = world.call("logistics_sync_query.php", &[("limit", "100")]).await;
    assert_eq!(all.to_string(), r#"{"code":0,"message":"","trades":[]}"#);
    let shopless = world.call("api_goods_stock_change_query.php", &[("limit", "100")]).await;
    assert_eq!(refusal(&shopless), (2900, "必传参数缺失入参：shop_no"));
    for (rows, expected) in [
        ("[", (2830, "参数值无效:logistics_list(json格式错误,无法解析)")),
        ("[]", (2900, "必传参数缺失入参：logistics_list(列表为空)")),
        (r#"[{"status":0}]"#, (2900, "必传参数缺失入参：logistics_list[0].rec_id")),
        (r#"[{"rec_id":"x","status":0}]"#, (2830, "参数值无效:logistics_list[0].rec_id(应为整数)")),
    ] {
        assert_eq!(
            refusal(&world.call("logistics_sync_ack.php", &[("logistics_list", rows)]).await),
            expected,
            "{rows}"
        );
    }
    let bad = world.text("logistics_sync_ack.php", &[("logistics_list", r#"[{"rec_id":5,"status":2}]"#)]).await;
    assert_eq!(
        bad,
        r#"{"code":0,"message":"","errors":[{"rec_id":"5","error":"参数值无效:logistics_list[0].status(不是有效的取值)"}]}"#
    );
}

/// What a refused push made and a writer remembered on the way must not outlive the refusal.
#[tokio::test]
async fn goods_of_a_refused_push_are_met_again() {
    let world = world().await;
    let (first, second) = (order("R1"), order("R2"));
    let refused = push(&world, "1", &[first.clone(), second.clone(), "{}".to_owned()]).await;
    assert_eq!(refused["code"], 1);
    assert_eq!(push(&world, "1", &[first, second]).await["new_count"], 2);
    let offered = changes(&world, "100").await;
    assert_eq!(offered["current_count"], 1, "{offered}");
    assert_eq!(offered["stock_change_list"][0]["sync_stock"], "46");
}
