//! What happens to refunds, step by step.

use erp::aftersale;
use serde_json::json;

use super::{TID, assert_books, push_refund, push_return, raw_refund, refund_order, shipped, stock, trade, trade_no};
use crate::merchant::{ORDER, push};
use crate::world::{some, world, world_with};

#[tokio::test]
async fn a_return_from_the_push_to_the_settlement() {
    let world = world().await;
    shipped(&world).await;
    assert_eq!(stock(&world).await, "stock_num=48");
    let answer = push_refund(&world, &[]).await;
    assert_eq!(answer.to_string(), r#"{"chg_count":0,"code":0,"message":"","new_count":1}"#);
    let tk = refund_order(&world, "RF900001").await;
    let keys =
        ["refund_no", "type", "process_status", "status", "refund_amount", "goods_amount", "warehouse_no", "tid"];
    assert_eq!(
        some(&tk, &keys),
        "refund_no=TK2311150001 type=2 process_status=60 status=2 refund_amount=96.5000 goods_amount=96.5000 warehouse_no=WH01 tid=T20231115001"
    );
    assert_eq!(tk["refund_order_list"][0]["paid"], "101.5000");
    assert_eq!(raw_refund(&world, "RF900001").await["process_status"], "20");
    assert_eq!(stock(&world).await, "stock_num=48 refund_onway_num=1");
    assert_eq!(trade(&world).await["refund_status"], "1");

    // Back, but not audited yet.
    let answer = push_return(&world, "TK2311150001", "IN-1", "1", 0, "").await;
    assert_eq!(answer.to_string(), r#"{"code":0,"message":"","stockin_no":"RK202311150002"}"#);
    assert_eq!(stock(&world).await, "stock_num=48 refund_num=1");
    world.by_hand(|tx| erp::inout::audit_stock_in(tx, &erp::Settings::default(), "RK202311150002")).await;
    assert_eq!(stock(&world).await, "stock_num=49");
    let tk = refund_order(&world, "RF900001").await;
    assert_eq!(tk["process_status"], "80");
    assert_eq!(tk["refund_order_list"][0]["stockin_num"], "1.0000");
    assert_eq!(trade(&world).await["refund_status"], "2");

    let settled =
        world.by_hand(|tx| aftersale::settle_refund(tx, &erp::Settings::default(), "TK2311150001", "财务")).await;
    assert_eq!((settled.status.code(), settled.actual_refund_amount.to_string()), (90, "96.5000".to_owned()));
    let list = world.call("stockin_order_query_refund.php", &[("src_order_no", "TK2311150001")]).await;
    let row = &list["stockin_list"][0];
    assert_eq!(
        some(
            row,
            &[
                "order_no",
                "status",
                "process_status",
                "goods_count",
                "goods_amount",
                "total_price",
                "actual_refund_amount"
            ]
        ),
        "order_no=RK202311150002 status=80 process_status=90 goods_count=1.0000 goods_amount=96.5000 total_price=40.0000 actual_refund_amount=96.5000"
    );
    let day = world
        .call("vip_stat_refund_by_spec_shop_warehouse_query.php", &[("stockin_date", "2023-11-15"), ("is_page", "1")])
        .await;
    assert_eq!(day["content"][0]["pack_no"], "TH-api_test-WH01-20231115");
    assert_eq!(
        some(&day["content"][0]["spec_list"][0], &["spec_no", "num", "amount", "cost_amount"]),
        "spec_no=G1001-RED num=1.0000 amount=96.5000 cost_amount=40.0000"
    );
    assert_books(&world).await;
}

#[tokio::test]
async fn goods_come_back_in_parts_defective_and_too_many() {
    let world = world().await;
    shipped(&world).await;
    let line = format!("{TID}-1");
    push_refund(&world, &[("order_list", json!([{"oid": line, "num": 2}])), ("refund_fee", json!("203"))]).await;
    assert_eq!(stock(&world).await, "stock_num=48 refund_onway_num=2");
    let first = push_return(&world, "TK2311150001", "IN-1", "1", 1, r#","defect":1"#).await;
    assert_eq!(first["code"], 0, "{first}");
    assert_eq!(refund_order(&world, "RF900001").await["process_status"], "70");
    // The defective piece is not among the good ones.
    assert_eq!(stock(&world).await, "stock_num=48 refund_onway_num=1");
    let second = push_return(&world, "TK2311150001", "IN-2", "3", 1, "").await;
    assert_eq!(second["code"], 0, "{second}");
    assert_eq!(stock(&world).await, "stock_num=51");
    let tk = refund_order(&world, "RF900001").await;
    assert_eq!(tk["process_status"], "80");
    assert_eq!(tk["refund_order_list"][0]["stockin_num"], "4.0000");
    let list = world.call("stockin_order_query_refund.php", &[("src_order_no", "TK2311150001")]).await;
    let details = &list["stockin_list"][1]["details_list"][0];
    assert_eq!(
        some(details, &["num", "adjust_num", "right_num", "goods_count"]),
        "num=1.0000 adjust_num=2.0000 right_num=3.0000 goods_count=3.0000"
    );
    // Everything is here: no more stock-ins.
    let third = push_return(&world, "TK2311150001", "IN-3", "1", 1, "").await;
    assert_eq!(third["code"], 9011);
    assert!(third["message"].as_str().unwrap().starts_with("该售后单状态不允许入库"), "{third}");
    assert_eq!(trade(&world).await["refund_status"], "3");
    assert_books(&world).await;
}

#[tokio::test]
async fn a_stock_in_that_is_cancelled_puts_the_goods_on_their_way_again() {
    let world = world().await;
    shipped(&world).await;
    push_refund(&world, &[]).await;
    push_return(&world, "TK2311150001", "IN-1", "1", 0, "").await;
    assert_eq!(stock(&world).await, "stock_num=48 refund_num=1");
    world.by_hand(|tx| erp::inout::cancel_stock_in(tx, &erp::Settings::default(), "RK202311150002")).await;
    assert_eq!(stock(&world).await, "stock_num=48 refund_onway_num=1");
    world
        .by_hand(|tx| aftersale::cancel_refund(tx, &erp::Settings::default(), "TK2311150001", "买家留下了", "客服"))
        .await;
    assert_eq!(stock(&world).await, "stock_num=48");
    // The raw refund can be submitted again.
    let raw = raw_refund(&world, "RF900001").await;
    assert_eq!(raw["process_status"], "15");
    push_refund(&world, &[]).await;
    assert_eq!(raw_refund(&world, "RF900001").await["process_status"], "15", "nothing changed, nothing is tried");
    push_refund(&world, &[("desc", json!("再次退货"))]).await;
    assert_eq!(raw_refund(&world, "RF900001").await["process_status"], "20");
    assert_eq!(stock(&world).await, "stock_num=48 refund_onway_num=1");
    assert_books(&world).await;
}

/// Type 1: what is refunded before shipment is free again; an order of which nothing is left is cancelled.
#[tokio::test]
async fn a_refund_before_shipment_releases_the_goods() {
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    assert_eq!(stock(&world).await, "stock_num=50 order_num=2");
    push_refund(&world, &[("type", json!(1))]).await;
    assert_eq!(stock(&world).await, "stock_num=50 order_num=1");
    let order = trade(&world).await;
    assert_eq!(
        some(&order, &["trade_status", "refund_status", "bad_reason"]),
        "trade_status=30 refund_status=2 bad_reason=0"
    );
    assert_eq!(some(&order["goods_list"][0], &["num", "actual_num"]), "num=2.0000 actual_num=1.0000");
    assert_eq!(refund_order(&world, "RF900001").await["process_status"], "80");
    // The platform gave the money back: done.
    push_refund(&world, &[("type", json!(1)), ("status", json!("success"))]).await;
    assert_eq!(refund_order(&world, "RF900001").await["process_status"], "90");
    assert_eq!(stock(&world).await, "stock_num=50 order_num=1");
    // A mall that still says that there is no refund does not bring the pieces back.
    push(&world, "1", &[ORDER.replace("请尽快", "改天")]).await;
    assert_eq!(stock(&world).await, "stock_num=50 order_num=1");
    // The rest.
    push_refund(&world, &[("type", json!(1)), ("refund_no", json!("RF900002")), ("status", json!("success"))]).await;
    assert_eq!(stock(&world).await, "stock_num=50");
    let order = trade(&world).await;
    assert_eq!(some(&order, &["trade_status", "refund_status"]), "trade_status=5 refund_status=3");
    let raw = &world.call("vip_api_trade_query.php", &[("tid", TID)]).await["trade_list"][0];
    assert_eq!(some(raw, &["process_status", "refund_status"]), "process_status=70 refund_status=3");
    // There is nothing left to refund.
    push_refund(&world, &[("type", json!(1)), ("refund_no", json!("RF900003"))]).await;
    assert_eq!(raw_refund(&world, "RF900003").await["process_status"], "15");
    assert_books(&world).await;
}

/// A released order comes back from the warehouse and is released again with the rest.
#[tokio::test]
async fn a_refund_of_a_released_order_goes_on_with_the_rest() {
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    let no = trade_no(&world).await;
    world.by_hand(move |tx| erp::order::audit(tx, &erp::Settings::default(), &no, "审核员")).await;
    assert_eq!(stock(&world).await, "stock_num=50 sending_num=2");
    let first = trade(&world).await["stockout_no"].clone();
    push_refund(&world, &[("type", json!(1))]).await;
    assert_eq!(stock(&world).await, "stock_num=50 sending_num=1");
    let order = trade(&world).await;
    assert_eq!(some(&order, &["trade_status", "refund_status"]), "trade_status=55 refund_status=2");
    assert_ne!(order["stockout_no"], first);
    assert_books(&world).await;
}

/// Without automatic audit an open refund holds the order back; refusing it lets the order go.
#[tokio::test]
async fn an_open_refund_holds_the_order_back() {
    let settings = r#"{"erp":{"aftersale":{"auto_audit_refund":false}}}"#;
    let world = world_with(settings).await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    push_refund(&world, &[("type", json!(1))]).await;
    assert_eq!(refund_order(&world, "RF900001").await["process_status"], "20");
    let order = trade(&world).await;
    assert_eq!(
        some(&order, &["trade_status", "refund_status", "bad_reason"]),
        "trade_status=30 refund_status=1 bad_reason=64"
    );
    assert_eq!(stock(&world).await, "stock_num=50 order_num=2");
    let refused = world
        .by_hand(|tx| aftersale::refuse_refund(tx, &erp::Settings::default(), "TK2311150001", "已打包", "客服"))
        .await;
    assert_eq!(refused.status.code(), 40);
    let order = trade(&world).await;
    assert_eq!(
        some(&order, &["trade_status", "refund_status", "bad_reason"]),
        "trade_status=30 refund_status=0 bad_reason=0"
    );
    // The platform cancels another one.
    push_refund(&world, &[("type", json!(1)), ("refund_no", json!("RF900002"))]).await;
    assert_eq!(trade(&world).await["refund_status"], "1");
    push_refund(&world, &[("type", json!(1)), ("refund_no", json!("RF900002")), ("status", json!("closed"))]).await;
    assert_eq!(refund_order(&world, "RF900002").await["process_status"], "10");
    assert_eq!(raw_refund(&world, "RF900002").await["process_status"], "10");
    assert_eq!(trade(&world).await["refund_status"], "0");
    assert_books(&world).await;
}

/// What cannot be submitted is kept with its reason, and goes on when the reason is gone.
#[tokio::test]
async fn a_refund_waits_for_its_order() {
    let world = world().await;
    let unknown = ORDER.replace("G1001-RED", "G9-NEW").replace(r#""goods_no":"G1001""#, r#""goods_no":"G9""#);
    push(&world, "1", &[unknown]).await;
    push_refund(&world, &[("type", json!(1))]).await;
    assert_eq!(raw_refund(&world, "RF900001").await["process_status"], "15");
    let goods = r#"[{"goods_no":"G9","goods_name":"新品","spec_list":[{"spec_no":"G9-NEW"}]}]"#;
    world.call("goods_push.php", &[("goods_list", goods)]).await;
    let refused = world
        .store
        .write(world.tenant, |tx| erp::order::submit_raw(tx, &erp::Settings::default(), TID).map(|raw| raw.reason))
        .await
        .unwrap();
    assert_eq!(refused, "有退款申请,等待处理结果");
    // The mall gave the money of one piece back; the other one is to be shipped.
    push_refund(&world, &[("type", json!(1)), ("status", json!("success"))]).await;
    assert_eq!(refund_order(&world, "RF900001").await["process_status"], "90");
    assert_eq!(trade(&world).await["goods_list"][0]["actual_num"], "1.0000");
    assert_books(&world).await;
}

/// Shipped goods cannot be refunded as if they had not been.
#[tokio::test]
async fn too_late_for_a_refund_before_shipment() {
    let world = world().await;
    shipped(&world).await;
    push_refund(&world, &[("type", json!(1))]).await;
    assert_eq!(raw_refund(&world, "RF900001").await["process_status"], "15");
    assert_eq!(stock(&world).await, "stock_num=48");
}

/// Money without goods; more than was paid waits for a person.
#[tokio::test]
async fn money_without_goods() {
    let world = world().await;
    shipped(&world).await;
    push_refund(&world, &[("type", json!(2)), ("refund_fee", json!("20"))]).await;
    let tk = refund_order(&world, "RF900001").await;
    assert_eq!(
        some(&tk, &["type", "process_status", "refund_amount", "return_mask"]),
        "type=4 process_status=80 refund_amount=20.0000 return_mask=4"
    );
    assert_eq!(stock(&world).await, "stock_num=48");
    push_refund(&world, &[("type", json!(2)), ("refund_no", json!("RF900002")), ("refund_fee", json!("190"))]).await;
    let tk = refund_order(&world, "RF900002").await;
    assert_eq!(some(&tk, &["process_status", "return_mask"]), "process_status=20 return_mask=20");
    world.by_hand(|tx| aftersale::audit_refund(tx, &erp::Settings::default(), "TK2311150002", "主管")).await;
    let tk = refund_order(&world, "RF900002").await;
    assert_eq!(some(&tk, &["process_status", "return_mask"]), "process_status=80 return_mask=4");
    assert_books(&world).await;
}

/// Returns may still be audited when the platform has given the money back long ago; and settled before they arrive.
#[tokio::test]
async fn settled_before_the_goods_are_back() {
    let world = world().await;
    shipped(&world).await;
    push_refund(&world, &[("status", json!("refund_success"))]).await;
    assert_eq!(
        some(&refund_order(&world, "RF900001").await, &["process_status", "status"]),
        "process_status=60 status=5"
    );
    world.by_hand(|tx| aftersale::settle_refund_early(tx, &erp::Settings::default(), "TK2311150001", "财务")).await;
    assert_eq!(refund_order(&world, "RF900001").await["process_status"], "69");
    push_return(&world, "TK2311150001", "IN-1", "0.4", 1, "").await;
    assert_eq!(refund_order(&world, "RF900001").await["process_status"], "71");
    push_return(&world, "TK2311150001", "IN-2", "0.6", 1, "").await;
    assert_eq!(refund_order(&world, "RF900001").await["process_status"], "90");
    assert_eq!(stock(&world).await, "stock_num=49");
    assert_books(&world).await;
}

#[tokio::test]
async fn the_timeline_tells_of_refunds_and_returns() {
    let world = world().await;
    let no = shipped(&world).await;
    push_refund(&world, &[]).await;
    let tk = refund_order(&world, "RF900001").await["refund_no"].as_str().unwrap().to_owned();
    assert_eq!(push_return(&world, &tk, "BACK-1", "1", 1, "").await["code"], 0);
    let (of_order, of_refund, unknown) = world
        .store
        .read(world.tenant, move |reader| {
            use erp::report::{self, Entry};
            let topics = |entries: Vec<Entry>| -> Vec<String> {
                let topic = |entry| if let Entry::Event(event) = entry { Some(event.topic) } else { None };
                entries.into_iter().filter_map(topic).collect()
            };
            let of_order = topics(report::timeline(reader, &no)?.entries);
            let of_refund = topics(report::timeline_of(reader, &tk)?);
            Ok::<_, erp::Error>((of_order, of_refund, report::timeline_of(reader, "NONE").is_err()))
        })
        .await
        .unwrap();
    for topic in ["raw_refund.created", "refund.created", "refund.received", "stock_in.audited"] {
        assert!(of_order.iter().any(|told| told == topic), "{topic} in {of_order:?}");
        assert!(of_refund.iter().any(|told| told == topic), "{topic} in {of_refund:?}");
    }
    assert!(!of_refund.iter().any(|told| told == "order.created"));
    assert!(unknown);
}
