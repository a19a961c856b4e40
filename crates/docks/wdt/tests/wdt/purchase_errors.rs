//! Every error row of fact sheet wdt-2, chapters 4 and 9, for the methods of purchase; a refused call stores nothing.

use erp::catalog::{self, Provider};
use gateway::directory::{Allowed, Protocol, Rights};

use crate::purchase::{give_back, let_out, order, out, prepare, push, receive, returned, stock_in};
use crate::world::{World, at, parsed, refusal, world, world_with};

/// The code, and that nothing was stored.
async fn refused(world: &World, php: &str, name: &str, info: &str) -> i64 {
    let before = world.stored().await;
    let answer = world.call(php, &[(name, info)]).await;
    let (code, message) = refusal(&answer);
    assert_ne!(code, 0, "{php} {info} was accepted");
    assert!(!message.is_empty());
    assert_eq!(world.stored().await, before, "{php} {info} stored something");
    code
}

async fn disabled(world: &World) {
    world
        .by_hand(|tx| {
            let provider = Provider { no: "OFF".into(), name: "停用".into(), disabled: true, ..Provider::default() };
            catalog::create_provider(tx, provider)
        })
        .await;
}

#[tokio::test]
async fn purchase_orders() {
    let world = world().await;
    prepare(&world).await;
    disabled(&world).await;
    let good = order("PO-2", 1, "10");
    let line = r#"{"spec_no":"G1001-RED","num":"1","price":"1"}"#;
    for (info, code) in [
        (order("PO9", 1, "10"), 7010),
        (order("PO9", 1, "10").replace(r#""outer_no""#, r#""is_use_outer_no":1,"outer_no""#), 7010),
        (good.replace("P01", "NONE"), 9006),
        (good.replace("P01", "OFF"), 9006),
        (good.replace("WH01", "NONE"), 9004),
        (good.replace("G1001-RED", "NONE"), 9007),
        (good.replace("[{", &format!("[{line},{{")), 9008),
        (good.replace("\"10\"", "\"0\""), 9012),
        (good.replace("\"10\"", "\"-1\""), 9012),
        (good.replace("\"10\"", "\"ten\""), 9012),
        (good.replace("\"10\"", "\"9999999999\""), 9012),
        (good.replace("20.00", "-0.01"), 9012),
        (good.replace("20.00", "99999999999999"), 9012),
        (good.replace("0.13", "-0.13"), 9012),
        (good.replace(r#""tax":"#, r#""discount":"-1","tax":"#), 9012),
        (good.replace("PO-2", &"9".repeat(21)).replace(r#""outer_no""#, r#""is_use_outer_no":1,"outer_no""#), 9020),
        (good.replace("PO-2", &"9".repeat(41)), 9020),
        (good.replace(r#""is_check":1"#, r#""is_check":2"#), 2830),
        (good.replace(r#""outer_no":"PO-2","#, ""), 2900),
        (good.replace("PO-2", ""), 2900),
        (good.replace(r#"{"spec_no":"G1001-RED","num":"10","price":"20.00","tax":"0.13"}"#, ""), 2900),
        ("{".into(), 9002),
        ("[]".into(), 9002),
        (String::new(), 2900),
    ] {
        assert_eq!(refused(&world, "purchase_order_push.php", "purchase_info", &info).await, code, "{info}");
    }
    assert_eq!(push(&world, &good).await["code"], 0);
    // 21 characters are fine as a number of the caller's only.
    assert_eq!(push(&world, &good.replace("PO-2", &"9".repeat(21))).await["code"], 0);
}

#[tokio::test]
async fn stock_ins() {
    let world = world().await;
    prepare(&world).await;
    assert_eq!(receive(&world, &stock_in("PO9", "IN-1", 1, "1")).await["code"], 0);
    push(&world, &order("PO-2", 0, "10")).await;
    let good = stock_in("PO9", "IN-2", 1, "2");
    for (info, code) in [
        (stock_in("PO9", "IN-1", 1, "2"), 2470),
        (stock_in("PO9", "OPENING", 1, "2"), 2470),
        (good.replace("PO9", "NONE"), 9010),
        (good.replace("PO9", "CG202311150001"), 9011),
        (good.replace("G1001-RED", "G1001-BLUE"), 9009),
        (good.replace("WH01", "NONE"), 9004),
        (good.replace("WH01", "WH02"), 9004),
        (good.replace("\"2\"", "\"0\""), 9012),
        (good.replace("\"2\"", "\"two\""), 9012),
        (good.replace(r#""stockin_num""#, r#""stockin_price":"-1","stockin_num""#), 9012),
        (good.replace(r#""is_check""#, r#""logistics_code":"NONE","is_check""#), 9018),
        (good.replace(r#""is_check""#, r#""remark":"x","purchase_no":"y","is_check""#), 9002),
        (good.replace(r#""outer_no":"IN-2","#, ""), 2900),
        ("x".into(), 9002),
    ] {
        assert_eq!(refused(&world, "stockin_purchase_push.php", "purchase_info", &info).await, code, "{info}");
    }
    // Extra unknown keys are ignored; more than was ordered is accepted.
    let more = good.replace(r#""is_check""#, r#""purchase":"x","is_check""#).replace("\"2\"", "\"12\"");
    assert_eq!(receive(&world, &more).await["code"], 0);
    let found = world.call("purchase_order_query.php", &[("purchase_no", "PO9")]).await;
    let row = &found["purchase_list"][0];
    assert_eq!(
        crate::world::some(&row["details_list"][0], &["stockin_num", "arrive_more_num", "lack_num"]),
        "stockin_num=13.0000 arrive_more_num=3.0000 lack_num=0.0000"
    );
    assert_eq!(row["status"], "90");
}

#[tokio::test]
async fn batches_and_bins_must_exist_where_the_merchant_wants_it() {
    let world = world_with(r#"{"erp":{"stock":{"batches_must_exist":true,"bins_must_exist":true}}}"#).await;
    prepare(&world).await;
    let good = stock_in("PO9", "IN-1", 1, "1");
    let batch = good.replace(r#""spec_no""#, r#""batch_no":"B1","spec_no""#);
    let answer = receive(&world, &batch).await;
    assert_eq!(refusal(&answer).0, 9017);
    assert!(refusal(&answer).1.contains("B1"), "the batch is named: {answer}");
    let bin = good.replace(r#""spec_no""#, r#""position_no":"A-01","spec_no""#);
    assert_eq!(refusal(&receive(&world, &bin).await).0, 9016);
    assert_eq!(receive(&world, &batch.replace(r#""is_check""#, r#""is_create_batch":1,"is_check""#)).await["code"], 0);
    assert_eq!(receive(&world, &batch.replace("IN-1", "IN-2")).await["code"], 0, "the batch is known now");
}

#[tokio::test]
async fn returns() {
    let world = world().await;
    prepare(&world).await;
    disabled(&world).await;
    let good = returned("PR-2", 1, "2");
    for (info, code) in [
        (returned("PR9", 0, "2"), 9001),
        (good.replace("P01", "NONE"), 9006),
        (good.replace("P01", "OFF"), 9006),
        (good.replace("WH01", "NONE"), 9004),
        (good.replace("G1001-RED", "NONE"), 9007),
        (good.replace("[{", r#"[{"spec_no":"G1001-RED","num":"1","price":"1"},{"#), 9008),
        (good.replace("\"2\"", "\"0\""), 9012),
        (good.replace("20.00", "dear"), 9012),
        (good.replace("\"2\"", "\"100\""), 9014),
        (good.replace(r#""is_check""#, r#""purchase_no":"NONE","is_check""#), 9010),
        (good.replace(r#""is_check""#, r#""logistics_code":"NONE","is_check""#), 9018),
        ("{}".into(), 2900),
        ("null".into(), 9002),
    ] {
        assert_eq!(refused(&world, "purchase_return_push.php", "return_info", &info).await, code, "{info}");
    }
    // The demo of the vendor sends discount 0 for none.
    let info = good.replace(r#""price""#, r#""discount":"0","price""#);
    let no = give_back(&world, &info).await["message"].as_str().unwrap().to_owned();
    let found = world.call("purchase_return_query.php", &[("return_no", &no)]).await;
    assert_eq!(found["purchase_list"][0]["details_list"][0]["discount"], "1.0000");
    let guarded = world_with(r#"{"erp":{"purchase":{"permissions":true}}}"#).await;
    crate::purchase::provider(&guarded, "P01").await;
    assert_eq!(refusal(&give_back(&guarded, &returned("PR-1", 1, "1")).await).0, 9026);
    assert_eq!(give_back(&guarded, &returned("PR-1", 0, "1")).await["code"], 0);
}

#[tokio::test]
async fn stock_outs_of_returns() {
    let world = world().await;
    prepare(&world).await;
    assert_eq!(let_out(&world, &out("CR202311150001", "OUT-1", 1, "1")).await["code"], 0);
    give_back(&world, &returned("PR-2", 0, "2")).await;
    let good = out("CR202311150001", "OUT-2", 1, "1");
    for (info, code) in [
        (out("CR202311150001", "OUT-1", 1, "1"), 9001),
        (good.replace("CR202311150001", "NONE"), 9010),
        (good.replace("CR202311150001", "CR202311150002"), 9011),
        (good.replace("G1001-RED", "G1001-BLUE"), 9009),
        (good.replace("\"1\"", "\"0\""), 9012),
        (good.replace("\"1\"", "\"500\""), 9014),
        (good.replace(r#""spec_no""#, r#""position_no":"NONE","spec_no""#), 9016),
        (good.replace(r#""is_check""#, r#""logistics_code":"NONE","is_check""#), 9018),
        ("{\"return_no\":\"x\"}".into(), 2900),
    ] {
        let got = refused(&world, "purchase_return_order_push.php", "purchase_return_info", &info).await;
        assert_eq!(got, code, "{info}");
    }
}

#[tokio::test]
async fn windows_states_and_pages() {
    let world = world().await;
    prepare(&world).await;
    let (early, start, end) = (at(-31 * 86_400), at(-60), at(60));
    for php in [
        "purchase_order_query.php",
        "purchase_apply_query.php",
        "stockin_order_query_purchase.php",
        "purchase_return_query.php",
        "stockout_order_query_return.php",
    ] {
        for (business, code) in [
            (vec![], 2900),
            (vec![("start_time", &*start)], 2160),
            (vec![("start_time", &*end), ("end_time", &*start)], 2160),
            (vec![("start_time", "2023-11-15"), ("end_time", &*end)], 2160),
            (vec![("start_time", &*early), ("end_time", &*end)], 2180),
            (vec![("start_time", &*start), ("end_time", &*end), ("page_size", "0")], 0),
            (vec![("start_time", &*start), ("end_time", &*end), ("page_size", "500")], 0),
        ] {
            assert_eq!(world.call(php, &business).await["code"], code, "{php} {business:?}");
        }
        if php != "purchase_apply_query.php" {
            let business = [("start_time", &*start), ("end_time", &*end), ("status", "77")];
            assert_eq!(world.call(php, &business).await["code"], 2830, "{php}");
            let business = [("start_time", &*start), ("end_time", &*end), ("warehouse_no", "NONE")];
            assert_eq!(world.call(php, &business).await["code"], 9004, "{php}");
        }
    }
}

/// An application that may see WH02 only neither makes nor sees documents of WH01.
#[tokio::test]
async fn warehouses_of_others_are_closed() {
    let world = world().await;
    prepare(&world).await;
    let few = Rights { warehouses: Allowed::only(["WH02"]), ..Rights::default() };
    world.app(Protocol::Openapi2, "demo2-few", world.tenant, few).await;
    let call = async |php: &str, business: &[(&str, &str)]| {
        parsed(&world.text_as(("demo2", "demo2-few"), php, business).await)
    };
    let (order, stock_in) = (order("PO-2", 1, "1"), stock_in("PO9", "IN-2", 1, "1"));
    let (returned, out) = (returned("PR-2", 1, "1"), out("CR202311150001", "OUT-2", 1, "1"));
    for (php, name, info) in [
        ("purchase_order_push.php", "purchase_info", &order),
        ("stockin_purchase_push.php", "purchase_info", &stock_in),
        ("purchase_return_push.php", "return_info", &returned),
        ("purchase_return_order_push.php", "purchase_return_info", &out),
    ] {
        assert_eq!(refusal(&call(php, &[(name, info)]).await).0, 9026, "{php}");
    }
    assert_eq!(
        call("purchase_order_query.php", &[("purchase_no", "PO9")]).await["purchase_list"],
        serde_json::json!([])
    );
    let ended = [("type", "1"), ("is_reject_review", "1"), ("purchase_no_list", r#"[{"purchase_no":"PO9"}]"#)];
    assert_eq!(call("purchase_order_end.php", &ended).await["error_count"], 1);
}

#[tokio::test]
async fn orders_and_returns_end() {
    let world = world().await;
    prepare(&world).await;
    let end = async |how: &str, audited: &str, list: &str| {
        let business = [("type", how), ("is_reject_review", audited), ("purchase_no_list", list)];
        let answer = world.call("purchase_order_end.php", &business).await;
        let why = answer["errors"][0]["error"].as_str().unwrap_or_default().to_owned();
        (answer["error_count"].as_i64(), why)
    };
    let list = r#"[{"purchase_no":"PO9"},{"purchase_no":"NONE"}]"#;
    let (count, why) = end("1", "0", list).await;
    assert_eq!(
        (count, why.as_str()),
        (Some(2), "采购单状态为40已审核,不能取消,允许:驳回、部分到货、全部到货、停止等待(部分)、停止等待")
    );
    receive(&world, &stock_in("PO9", "IN-1", 1, "4")).await;
    assert_eq!(end("2", "0", r#"[{"purchase_no":"PO9","spec_no":["G1001-BLUE"]}]"#).await.0, Some(1));
    assert_eq!(end("2", "0", r#"[{"purchase_no":"PO9","spec_no":["G1001-RED"]}]"#).await, (Some(0), String::new()));
    assert_eq!(crate::purchase::status_of(&world, "PO9").await, "90");
    assert_eq!(crate::purchase::stock(&world).await, "54 0 0 0 2 52 38.5185");
    let business = |how| {
        [
            ("type", how),
            ("is_reject_review", "1"),
            ("purchase_return_no_list", r#"[{"purchase_return_no":"CR202311150001"}]"#),
        ]
    };
    assert_eq!(world.call("purchase_return_end.php", &business("2")).await["error_count"], 1, "nothing is out yet");
    assert_eq!(world.call("purchase_return_end.php", &business("1")).await["error_count"], 0);
    assert_eq!(crate::purchase::stock(&world).await, "54 0 0 0 0 54 38.5185");
}

/// A batch that nobody has seen cannot leave with a purchase return either.
#[tokio::test]
async fn a_return_s_batch_must_exist_where_the_merchant_wants_it() {
    let world = world_with(r#"{"erp":{"stock":{"batches_must_exist":true}}}"#).await;
    prepare(&world).await;
    let info = out("CR202311150001", "OUT-1", 1, "1").replace(r#""spec_no""#, r#""batch_no":"B1","spec_no""#);
    assert_eq!(refused(&world, "purchase_return_order_push.php", "purchase_return_info", &info).await, 9017);
}

#[tokio::test]
async fn requisitions() {
    let world = world().await;
    prepare(&world).await;
    disabled(&world).await;
    let line = |spec: &str, num: &str, provider: &str| {
        format!(r#"[{{"spec_no":"{spec}","num":"{num}","provider_no":"{provider}"}}]"#)
    };
    for (warehouse, lines, code) in [
        ("NONE", line("G1001-RED", "1", ""), 9004),
        ("WH01", line("NONE", "1", ""), 9007),
        ("WH01", line("G1001-RED", "0", ""), 9012),
        ("WH01", line("G1001-RED", "1", "NONE"), 9006),
        ("WH01", line("G1001-RED", "1", "OFF"), 9006),
        ("WH01", line("G1001-RED", "1", "").replace("}]", r#"},{"spec_no":"G1001-RED","num":"2"}]"#), 9008),
        ("WH01", "[]".into(), 2900),
        ("WH01", "{".into(), 9002),
    ] {
        let before = world.stored().await;
        let business = [("warehouse_no", warehouse), ("details_list", &*lines)];
        let answer = world.call("purchase_apply_push.php", &business).await;
        assert_eq!(refusal(&answer).0, code, "{lines}: {answer}");
        assert_eq!(world.stored().await, before, "{lines} stored something");
    }
}
