//! Sales of an outsourced warehouse: released, shipped whole and in parts, asked back, refused, told twice, told too early.

use dock_wms::hub::{HeardState, TaskState};
use erp::order;
use serde_json::json;

use crate::world::world;

#[tokio::test]
async fn a_released_order_is_shipped_by_the_warehouse() {
    let world = world().await;
    let no = world.release("T1", "W1", &[("A-1", 2), ("B-2", 1)]).await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 40);
    world.rest().await;
    let order = world.order(world.m, "T1").await;
    assert_eq!(order.status.code(), 50);
    let there = world.simulator.look(|state| state.orders.get(&no).cloned()).expect("the warehouse has it");
    assert_eq!((there.warehouse_code.as_str(), there.owner_code.as_str(), there.times), ("W1-CODE", "OWNER", 1));
    assert_eq!(world.stock(world.m, "W1", "A-1").await, (1000, 2));

    world.power(&format!("orders/{no}/ship"), json!({ "parcels": 2, "twice": true })).await;
    world.rest().await;
    world.later(5).await;
    let order = world.order(world.m, "T1").await;
    assert_eq!((order.status.code(), order.marks.parcels.len()), (95, 1));
    assert!(order.carriage.waybill.starts_with("YD"));
    assert_eq!(world.stock(world.m, "W1", "A-1").await, (998, 0));
    // The mall hears of it once, although the warehouse told it twice.
    let syncs = world.store.read(world.m, move |reader| order::syncs_of(reader, order.id)).await.unwrap();
    assert_eq!(syncs.len(), 1);
    let heard = world.heard(world.m, HeardState::Applied).await;
    assert_eq!((heard.len(), heard[0].repeats), (1, 1));
    assert_eq!(world.held_there()["A-1"], 998);
}

#[tokio::test]
async fn a_part_leaves_and_the_rest_follows_or_comes_back() {
    let world = world().await;
    let no = world.release("T1", "W1", &[("A-1", 3), ("B-2", 1)]).await;
    world.rest().await;
    let one = json!({ "items": [{ "item_code": "A-1", "quantity": 2 }], "more_follows": true });
    world.power(&format!("orders/{no}/ship"), one).await;
    world.rest().await;
    let mut states: Vec<i64> = world.orders(world.m, "T1").await.into_iter().map(|(state, _)| state).collect();
    states.sort_unstable();
    assert_eq!(states, [50, 95]);
    assert_eq!(world.stock(world.m, "W1", "A-1").await, (998, 1));

    // The last parcel of the order has less than what is open: the rest is not coming.
    world.power(&format!("orders/{no}/ship"), json!({ "items": [{ "item_code": "A-1", "quantity": 1 }] })).await;
    world.rest().await;
    let mut states: Vec<i64> = world.orders(world.m, "T1").await.into_iter().map(|(state, _)| state).collect();
    states.sort_unstable();
    assert_eq!(states, [30, 95, 95]);
    let rest = world.order(world.m, "T1").await;
    assert_eq!((rest.status.code(), rest.lines.len()), (30, 1));
    assert!(rest.revert_reason.contains("少发"), "{}", rest.revert_reason);
    assert_eq!(world.stock(world.m, "W1", "B-2").await, (1000, 1));
}

#[tokio::test]
async fn an_order_is_asked_back_before_anything_happens_to_it() {
    let world = world().await;
    let no = world.release("T1", "W1", &[("A-1", 1)]).await;
    world.rest().await;
    let trade = world.order(world.m, "T1").await.no;
    let (trade1, trade2) = (trade.clone(), trade.clone());
    let refused =
        world.try_write(world.m, move |tx, settings| order::reject(tx, settings, &trade1, "改地址", "t")).await;
    assert!(refused.is_err(), "the warehouse has it");
    world.write(world.m, move |tx, _| order::ask_back(tx, &trade2, "改地址", "t")).await;
    world.rest().await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 40);
    assert_eq!(world.simulator.look(|state| state.orders[&no].state), dock_wms::platform::HeldState::Cancelled);
    let trade3 = trade.clone();
    let order = world.write(world.m, move |tx, settings| order::reject(tx, settings, &trade3, "改地址", "t")).await;
    assert_eq!(order.status.code(), 30);

    // The next release has a number of its own, and is an order of its own there.
    let trade4 = trade.clone();
    world.write(world.m, move |tx, settings| order::audit(tx, settings, &trade4, "t")).await;
    world.rest().await;
    let order = world.order(world.m, "T1").await;
    let again = order.stock_out.map(|(_, no)| no).unwrap_or_default();
    assert_ne!(again, no);
    world.power(&format!("orders/{again}/ship"), json!({})).await;
    world.rest().await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 95);
    assert_eq!(world.stock(world.m, "W1", "A-1").await, (999, 0));
}

#[tokio::test]
async fn a_cancel_that_the_warehouse_refuses_keeps_the_order_and_the_shipment_wins_the_race() {
    let world = world().await;
    let no = world.release("T1", "W1", &[("A-1", 1)]).await;
    world.rest().await;
    world.power(&format!("orders/{no}/pick"), json!({})).await;
    let trade = world.order(world.m, "T1").await.no;
    let asked = trade.clone();
    world.write(world.m, move |tx, _| order::ask_back(tx, &asked, "不要了", "t")).await;
    world.rest().await;
    let order = world.order(world.m, "T1").await;
    assert_eq!(order.status.code(), 50, "it stays with the warehouse");
    // Asked once more; the shipment is told before the question arrives.
    let asked = trade.clone();
    world.power(&format!("orders/{no}/ship"), json!({})).await;
    world.write(world.m, move |tx, _| order::ask_back(tx, &asked, "不要了", "t")).await;
    world.simulator.round().await;
    // The goods left although the order was to stay: somebody must look.
    assert_eq!(world.order(world.m, "T1").await.status.code(), 113);
    world.rest().await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 113);
    assert_eq!(world.stock(world.m, "W1", "A-1").await, (999, 0));
}

#[tokio::test]
async fn a_refused_order_waits_for_a_person_and_can_be_told_again() {
    let world = world().await;
    world.power("mood", json!({ "refuse_orders": "仓库盘点中" })).await;
    world.release("T1", "W1", &[("A-1", 1)]).await;
    world.rest().await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 40);
    let dead = world.tasks(world.m, TaskState::Dead).await;
    assert_eq!((dead.len(), dead[0].problem.as_str()), (1, "S100 仓库盘点中"));
    world.power("mood", json!({})).await;
    let id = store::wire_id(dead[0].id);
    let replayed: Result<_, dock_wms::Error> =
        world.store.write(world.m, move |tx| dock_wms::hub::replay(tx, id)).await;
    assert_eq!(replayed.unwrap().state, TaskState::Waiting);
    world.rest().await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 50);
    assert!(world.tasks(world.m, TaskState::Dead).await.is_empty());
}

#[tokio::test]
async fn answers_that_are_none_are_not_taken_for_yes() {
    for manner in ["done_but_error", "garbage", "error"] {
        let world = world().await;
        world.power("mood", json!({ "manner": manner, "times": 1 })).await;
        let no = world.release("T1", "W1", &[("A-1", 1)]).await;
        world.rest().await;
        assert_eq!(world.order(world.m, "T1").await.status.code(), 53, "{manner}: nobody knows");
        world.later(10).await;
        assert_eq!(world.order(world.m, "T1").await.status.code(), 50, "{manner}: told again");
        let times = world.simulator.look(|state| state.orders[&no].times);
        assert_eq!(times, if manner == "error" { 1 } else { 2 }, "{manner}");
        assert_eq!(world.simulator.look(|state| state.orders.len()), 1, "{manner}");
    }
}

#[tokio::test]
async fn what_comes_too_early_or_fits_nothing_is_kept() {
    let world = world().await;
    let confirm = |code: &str, biz: &str, item: &str, quantity: i64| {
        format!(
            "<request><deliveryOrder><deliveryOrderCode>{code}</deliveryOrderCode><warehouseCode>W1-CODE</warehouseCode>\
             <orderType>JYCK</orderType><outBizCode>{biz}</outBizCode></deliveryOrder><packages><package>\
             <logisticsCode>ZTO</logisticsCode><expressCode>Z1</expressCode><items><item><itemCode>{item}</itemCode>\
             <quantity>{quantity}</quantity></item></items></package></packages></request>"
        )
    };
    let success = |reply: &str| reply.contains("<flag>success</flag>");
    // Before the order was released at all: the number is the one it will get.
    assert!(success(&world.tell("c1", "deliveryorder.confirm", &confirm("CK202601020001", "B1", "A-1", 1)).await));
    assert_eq!(world.heard(world.m, HeardState::Waiting).await.len(), 1);
    let no = world.release("T1", "W1", &[("A-1", 1)]).await;
    assert_eq!(no, "CK202601020001");
    world.rest().await;
    world.later(60).await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 95);
    assert!(world.heard(world.m, HeardState::Waiting).await.is_empty());

    // Of nothing that we ever had: for a person, after a while.
    assert!(success(&world.tell("c1", "deliveryorder.confirm", &confirm("CK-NONE", "B2", "A-1", 1)).await));
    for _ in 0..12 {
        world.later(1000).await;
    }
    let parked = world.heard(world.m, HeardState::Parked).await;
    assert_eq!((parked.len(), parked[0].doc_no.as_str()), (1, "CK-NONE"));

    // More than was ordered, and goods that were not: for a person at once.
    let no = world.release("T2", "W1", &[("A-1", 1)]).await;
    world.rest().await;
    assert!(success(&world.tell("c1", "deliveryorder.confirm", &confirm(&no, "B3", "A-1", 2)).await));
    assert!(success(&world.tell("c1", "deliveryorder.confirm", &confirm(&no, "B4", "X-9", 1)).await));
    assert_eq!(world.heard(world.m, HeardState::Parked).await.len(), 3);
    assert_eq!(world.order(world.m, "T2").await.status.code(), 50);
    assert_eq!(world.stock(world.m, "W1", "A-1").await, (999, 1));
}

#[tokio::test]
async fn progress_and_lack_of_goods_stand_on_the_order() {
    let world = world().await;
    let no = world.release("T1", "W1", &[("A-1", 5)]).await;
    world.rest().await;
    world.power(&format!("orders/{no}/progress"), json!({ "status": "PICK" })).await;
    world.rest().await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 55);
    world.power(&format!("orders/{no}/lack"), json!({ "items": [{ "item_code": "A-1", "quantity": 3 }] })).await;
    world.rest().await;
    let out = world.store.read(world.m, {
        let id = world.order(world.m, "T1").await.id;
        move |reader| order::stock_outs_of(reader, id)
    });
    let note = out.await.unwrap().pop().map(|out| out.outside.note).unwrap_or_default();
    assert_eq!(note, "仓库缺货:A-1×3.0000");
    world.power(&format!("orders/{no}/ship"), json!({ "items": [{ "item_code": "A-1", "quantity": 2 }] })).await;
    world.rest().await;
    assert_eq!(world.stock(world.m, "W1", "A-1").await, (998, 3));
    assert_eq!(world.heard(world.m, HeardState::Applied).await.len(), 3);
}
