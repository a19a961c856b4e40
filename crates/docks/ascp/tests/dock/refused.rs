//! What an ERP gets wrong towards the platform: each is refused by name, with the `retry` that fits, and changes nothing.

use dock_ascp::messages::CallKind;
use dock_ascp::platform::{self, SimOrderState};
use serde_json::{Value, json};

use crate::world::{GOODS, House, STORE, World};

/// An order that the supplier has taken into work, and its line.
async fn accepted(world: &World, pieces: i64) -> (String, String) {
    let code = world.place(&[(GOODS[0].0, pieces)]).await.unwrap();
    let received = json!({ "supplier_id": world.supplier, "biz_order_code": code });
    assert_eq!(said(world, CallKind::Received, &received).await["success"], true);
    let line = order(world, &code).await.facts.lines[0].sub_order_code.clone();
    (code, line)
}

async fn order(world: &World, code: &str) -> platform::SimOrder {
    let code = code.to_owned();
    world.them(move |tx| platform::any_order(tx, &code)).await.unwrap()
}

/// The inner object of the answer, or TOP's own refusal.
async fn said(world: &World, kind: CallKind, body: &Value) -> Value {
    let (_, answer) = world.call(kind, &body.to_string()).await.unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    answer.as_object().unwrap().values().find(|value| value.is_object()).unwrap().clone()
}

/// A whole shipment in one parcel.
fn shipment(world: &World, code: &str, line: &str, pieces: i64) -> Value {
    let item = json!({ "sub_order_code": line, "sc_item_id": GOODS[0].0.to_string(), "item_quantity": pieces });
    json!({
        "supplier_id": world.supplier, "out_biz_id": format!("SHIP-{code}-1"), "biz_order_code": code, "store_code": STORE,
        "order_items": [item], "tms_orders": [{ "tms_order_code": "SF0000000000101", "tms_service_code": "SF", "tms_items": [item] }],
    })
}

#[tokio::test]
async fn a_wrong_call_says_what_is_wrong_and_changes_nothing() {
    let house = House::new("2026-01-05 10:00:00").await;
    let world = house.world(1).await;
    let (code, line) = accepted(&world, 2).await;
    let good = shipment(&world, &code, &line, 2);
    let with = |pointer: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        body
    };
    for (body, error) in [
        (with("/supplier_id", json!("1000000000000000")), "SIM_SUPPLIER_MISMATCH"),
        (with("/biz_order_code", json!("LP0")), "SIM_ORDER_NOT_FOUND"),
        (with("/order_items/0/sub_order_code", json!("0")), "SIM_LINE_MISMATCH"),
        (with("/order_items/0/sc_item_id", json!("1")), "SIM_LINE_MISMATCH"),
        (with("/tms_orders/0/tms_items/0/item_quantity", json!(1)), "SIM_LINE_MISMATCH"),
        (shipment(&world, &code, &line, 1), "SIM_PARTIAL_NOT_SUPPORTED"),
        (with("/tms_orders/0/tms_order_code", json!("")), "SIM_WAYBILL_INVALID"),
    ] {
        let answer = said(&world, CallKind::Ship, &body).await;
        assert_eq!((&answer["success"], &answer["retry"]), (&json!(false), &json!(false)), "{error}: {answer}");
        assert_eq!(answer["error_code"], error, "{answer}");
        assert!(!answer["error_message"].as_str().unwrap().is_empty());
        assert_eq!(order(&world, &code).await.state, SimOrderState::Accepted, "{error}");
    }
    // A missing field is a refusal of TOP itself.
    let answer = said(&world, CallKind::Received, &json!({ "supplier_id": world.supplier })).await;
    assert_eq!((&answer["code"], &answer["sub_code"]), (&json!(40), &json!("isv.missing-parameter:biz_order_code")));
    assert_eq!(said(&world, CallKind::Ship, &good).await["success"], true);
    assert_eq!(order(&world, &code).await.state, SimOrderState::Shipped);
    // The same report again is the same shipment, another number is not.
    assert_eq!(said(&world, CallKind::Ship, &good).await["success"], true);
    let answer = said(&world, CallKind::Ship, &with("/out_biz_id", json!("SHIP-AGAIN"))).await;
    assert_eq!((&answer["error_code"], &answer["retry"]), (&json!("SIM_ALREADY_SHIPPED"), &json!(false)), "{answer}");
}

#[tokio::test]
async fn a_cancelled_order_cannot_be_shipped_any_more() {
    let house = House::new("2026-01-05 10:00:00").await;
    let world = house.world(1).await;
    let (code, line) = accepted(&world, 3).await;
    let cancelled = code.clone();
    world.them(move |tx| platform::cancel_order(tx, &cancelled, "1")).await.unwrap();
    let feedback = json!({ "supplier_id": world.supplier, "biz_order_code": code, "cancel_result": true });
    assert_eq!(said(&world, CallKind::CancelFeedback, &feedback).await["success"], true);
    for kind in [CallKind::Ship, CallKind::OutOfStock] {
        let body = match kind {
            CallKind::Ship => shipment(&world, &code, &line, 3),
            _ => json!({
                "supplier_id": world.supplier, "out_biz_id": "OOS-1", "biz_order_code": code,
                "out_of_stock_items": [{ "sub_order_code": line, "lack_quantity": 1 }],
            }),
        };
        let answer = said(&world, kind, &body).await;
        assert_eq!((&answer["success"], &answer["retry"]), (&json!(false), &json!(false)), "{answer}");
        assert_eq!(answer["error_code"], "SIM_ORDER_CANCELLED");
    }
    assert_eq!(order(&world, &code).await.state, SimOrderState::Cancelled);
}
