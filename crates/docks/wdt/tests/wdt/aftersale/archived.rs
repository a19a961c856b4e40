//! After-sale and the archive: an archived order can still be refunded, and refunds that are over are history.

use serde_json::json;

use super::{TID, assert_books, push_refund, push_return, raw_refund, refund_order, shipped, trade};
use crate::world::{World, refusal, world};

const DAY: i64 = 24 * 60 * 60;

async fn archive(world: &World, orders: u32, refunds: u32) {
    let mut settings = erp::Settings::default();
    settings.archive.orders_after_days = orders;
    settings.archive.refunds_after_days = refunds;
    let rules = settings.clone();
    world.by_hand(move |tx| erp::archive::arm(tx, &rules)).await;
    loop {
        let rules = settings.clone();
        let round = world.store.run_due_timers(10, move |tx, timer| erp::on_timer(tx, &rules, timer)).await.unwrap();
        assert_eq!(round.failed, 0);
        if round.done == 0 {
            return;
        }
    }
}

async fn synced(world: &World) {
    world
        .by_hand(|tx| {
            for row in erp::order::pending_syncs(tx, None, 10)? {
                erp::order::ack_sync(tx, row.id, None)?;
            }
            Ok(())
        })
        .await;
}

#[tokio::test]
async fn an_archived_order_is_refunded_and_the_refund_becomes_history() {
    let world = world().await;
    shipped(&world).await;
    synced(&world).await;
    world.clock.advance(100 * DAY);
    archive(&world, 90, 0).await;
    assert!(trade(&world).await.is_null(), "archived");
    // The refund brings the order back, and keeps it as long as it is under way.
    let pushed = push_refund(&world, &[]).await;
    assert_eq!(pushed["code"], 0, "{pushed}");
    assert_eq!(trade(&world).await["src_tids"], TID);
    world.clock.advance(100 * DAY);
    archive(&world, 90, 90).await;
    assert_eq!(trade(&world).await["src_tids"], TID, "a refund is under way");
    let tk = refund_order(&world, "RF900001").await["refund_no"].as_str().unwrap().to_owned();
    let back = push_return(&world, &tk, "BACK-1", "1", 1, "").await;
    assert_eq!(back["code"], 0, "{back}");
    let number = tk.clone();
    world.by_hand(move |tx| erp::aftersale::settle_refund(tx, &erp::Settings::default(), &number, "财务")).await;
    let before = world.text("refund_query.php", &[("refund_no", &tk)]).await;
    let goods = world.text("stockin_order_query_refund.php", &[("src_order_no", &tk)]).await;
    world.clock.advance(100 * DAY);
    archive(&world, 90, 90).await;
    assert!(trade(&world).await.is_null(), "everything is over");
    assert_eq!(world.call("refund_query.php", &[("refund_no", &tk)]).await["refunds"], json!([]));
    assert_eq!(world.call("stockin_order_query_refund.php", &[("src_order_no", &tk)]).await["stockin_list"], json!([]));
    assert_eq!(world.text("his_refund_query.php", &[("refund_no", &tk)]).await, before);
    assert_eq!(world.text("his_stockin_order_query_refund.php", &[("src_order_no", &tk)]).await, goods);
    assert_eq!(raw_refund(&world, "RF900001").await["refund_no"], "RF900001", "raw refunds stay");
    assert_books(&world).await;
    // Its outer number stays used.
    let opening = r#"{"outer_no":"BACK-1","warehouse_no":"WH01","is_check":1,"goods_list":[{"spec_no":"G1001-RED","stockin_num":1}]}"#;
    let again = world.call("stockin_order_push.php", &[("stockin_info", opening)]).await;
    assert_eq!(refusal(&again).0, 2470, "{again}");
    // The platform says something new of it: the refund order comes back.
    let told = push_refund(&world, &[("status", json!("success")), ("desc", json!("平台已退款"))]).await;
    assert_eq!(told["code"], 0, "{told}");
    assert_eq!(refund_order(&world, "RF900001").await["process_status"], "90");
    assert_books(&world).await;
}

#[tokio::test]
async fn a_return_of_an_archived_refund_order_is_refused_by_the_code_of_the_sheet() {
    let world = world().await;
    shipped(&world).await;
    synced(&world).await;
    assert_eq!(push_refund(&world, &[]).await["code"], 0);
    let tk = refund_order(&world, "RF900001").await["refund_no"].as_str().unwrap().to_owned();
    assert_eq!(push_return(&world, &tk, "BACK-1", "1", 1, "").await["code"], 0);
    let number = tk.clone();
    world.by_hand(move |tx| erp::aftersale::settle_refund(tx, &erp::Settings::default(), &number, "财务")).await;
    world.clock.advance(100 * DAY);
    archive(&world, 90, 90).await;
    assert!(trade(&world).await.is_null(), "archived");
    let before = world.stored().await;
    assert_eq!(refusal(&push_return(&world, &tk, "BACK-1", "1", 1, "").await).0, 2470, "the number is used");
    assert_eq!(refusal(&push_return(&world, &tk, "BACK-2", "1", 1, "").await).0, 9010, "nothing waits for goods");
    assert_eq!(world.stored().await, before);
    // The other piece of the archived order comes back like any.
    assert_eq!(push_refund(&world, &[("refund_no", json!("RF900002"))]).await["code"], 0);
    let tk = refund_order(&world, "RF900002").await["refund_no"].as_str().unwrap().to_owned();
    assert_eq!(push_return(&world, &tk, "BACK-2", "1", 1, "").await["code"], 0);
    let third = push_refund(&world, &[("refund_no", json!("RF900003"))]).await;
    assert!(refund_order(&world, "RF900003").await.is_null(), "both pieces are back: {third}");
    assert_books(&world).await;
}
