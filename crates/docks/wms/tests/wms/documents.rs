//! Everything but sales: purchases, returns to providers, transfers, goods that buyers send back, changes and counts.

use dock_wms::hub::{HeardState, TaskState};
use erp::aftersale::{self, NewRefund, NewRefundLine, RefundKind, RefundStatus};
use erp::stock::{self, Direction, NewOutsourcedLine, OutsourcedStatus};
use erp::{catalog, purchase};
use serde_json::json;
use units::{Money, Quantity};

use crate::world::{World, outsourced, world};

async fn nothing_is_left(world: &World) {
    let dead: Vec<String> = world
        .tasks(world.m, TaskState::Dead)
        .await
        .into_iter()
        .map(|t| format!("{} {}", t.method, t.problem))
        .collect();
    assert!(dead.is_empty(), "{dead:?}");
    let parked: Vec<String> = world
        .heard(world.m, HeardState::Parked)
        .await
        .into_iter()
        .map(|h| format!("{} {}", h.method, h.problem))
        .collect();
    assert!(parked.is_empty(), "{parked:?}");
}

#[tokio::test]
async fn outsourced_orders_leave_and_come_in_parts() {
    let world = world().await;
    let line =
        |num| NewOutsourcedLine { spec_no: "A-1".into(), num: Quantity::whole(num), ..NewOutsourcedLine::default() };
    let new = outsourced("OUT", "W1", Direction::Out, vec![line(10)]);
    let no = world.write(world.m, move |tx, settings| stock::push_outsourced(tx, settings, &new)).await.no;
    world.rest().await;
    world.power(&format!("orders/{no}/issue"), json!({ "items": [{ "item_code": "A-1", "quantity": 4 }] })).await;
    world.rest().await;
    let status = |no: String| async {
        world.store.read(world.m, move |reader| stock::outsourced_by_no(reader, &no)).await.unwrap().0.status
    };
    assert_eq!(status(no.clone()).await, OutsourcedStatus::PartlyOut);
    world.power(&format!("orders/{no}/issue"), json!({})).await;
    world.rest().await;
    assert_eq!(status(no).await, OutsourcedStatus::Completed);
    assert_eq!(world.stock(world.m, "W1", "A-1").await.0, 990);
    assert_eq!(world.held_there()["A-1"], 990);

    // Cancelled here, and there.
    let new = outsourced("OUT2", "W1", Direction::Out, vec![line(1)]);
    let no = world.write(world.m, move |tx, settings| stock::push_outsourced(tx, settings, &new)).await.no;
    world.rest().await;
    let cancelled = no.clone();
    world.write(world.m, move |tx, _| stock::cancel_outsourced(tx, &cancelled)).await;
    world.rest().await;
    assert_eq!(world.simulator.look(|state| state.orders[&no].state), dock_wms::platform::HeldState::Cancelled);
    nothing_is_left(&world).await;
}

#[tokio::test]
async fn a_purchase_comes_in_parts() {
    let world = world().await;
    let no = world
        .write(world.m, |tx, settings| {
            let provider =
                catalog::Provider { no: "P1".into(), name: "供应商".into(), ..catalog::Provider::default() };
            catalog::create_provider(tx, provider)?;
            let line = purchase::NewOrderLine {
                spec_no: "B-2".into(),
                num: Quantity::whole(8),
                price: Money::whole(3),
                discount: None,
                tax: Quantity::ZERO,
                tax_price: None,
                apply_no: String::new(),
                props: Default::default(),
                remark: String::new(),
            };
            let new = purchase::NewOrder {
                outer_no: "PO1".into(),
                provider_no: "P1".into(),
                warehouse_no: "W1".into(),
                use_outer_no: false,
                facts: Default::default(),
                lines: vec![line],
            };
            Ok(purchase::create_order(tx, settings, &new, purchase::Stage::Audit, "t")?.no)
        })
        .await;
    world.rest().await;
    world.power(&format!("orders/{no}/receive"), json!({ "items": [{ "item_code": "B-2", "quantity": 5 }] })).await;
    world.rest().await;
    assert_eq!(world.stock(world.m, "W1", "B-2").await.0, 1005);
    world.power(&format!("orders/{no}/receive"), json!({})).await;
    world.rest().await;
    assert_eq!(world.stock(world.m, "W1", "B-2").await.0, 1008);
    let order = world.store.read(world.m, move |reader| purchase::order_by_no(reader, &no)).await.unwrap();
    assert!(order.status.code() >= 60, "{:?}", order.status);
    nothing_is_left(&world).await;
}

#[tokio::test]
async fn a_transfer_leaves_one_warehouse_and_comes_into_another() {
    let world = world().await;
    let no = world
        .write(world.m, |tx, settings| {
            let new = stock::NewTransfer {
                outer_no: "TR1".into(),
                from_warehouse_no: "W1".into(),
                to_warehouse_no: "W2".into(),
                quick: false,
                mode: stock::TransferMode::BySpec,
                audit: true,
                contact: String::new(),
                telno: String::new(),
                address: String::new(),
                remark: String::new(),
                lines: vec![stock::NewTransferLine {
                    spec_no: "C-3".into(),
                    num: Quantity::whole(6),
                    ..stock::NewTransferLine::default()
                }],
            };
            Ok(stock::push_transfer(tx, settings, &new)?.no)
        })
        .await;
    world.rest().await;
    world.power(&format!("orders/{no}/issue"), json!({})).await;
    world.rest().await;
    assert_eq!(world.stock(world.m, "W1", "C-3").await.0, 994);
    // W2 is `w`, where the receipt waits for people.
    let outer = no.clone();
    world
        .write(world.w, move |tx, settings| {
            let find = stock::StockInFilter { outer_no: Some(&outer), ..stock::StockInFilter::default() };
            let come = stock::stock_ins(tx, &find, catalog::Page::ALL)?.rows.remove(0);
            erp::inout::audit_stock_in(tx, settings, &come.no)
        })
        .await;
    world.rest().await;
    assert_eq!(world.stock(world.m, "W2", "C-3").await.0, 1006);
    let transfer = world.store.read(world.m, move |reader| stock::transfer_by_no(reader, &no)).await.unwrap();
    assert!(transfer.status.code() >= 80, "{:?}", transfer.status);
    nothing_is_left(&world).await;
}

#[tokio::test]
async fn changes_and_counts_there_are_changes_here_once() {
    let world = world().await;
    let at = |items: serde_json::Value| json!({ "items": items, "warehouse_code": "W1-CODE", "owner_code": "OWNER" });
    world
        .power("stock", at(json!([{ "item_code": "A-1", "quantity": -3 }, { "item_code": "B-2", "quantity": 2 }])))
        .await;
    world.power("stock/count", at(json!([{ "item_code": "C-3", "quantity": -5 }]))).await;
    world.rest().await;
    for (spec, expected) in [("A-1", 997), ("B-2", 1002), ("C-3", 995)] {
        assert_eq!(world.stock(world.m, "W1", spec).await.0, expected, "{spec}");
        assert_eq!(world.held_there()[spec], expected, "{spec}");
    }
    // The same change in a message of its own, as a system that lost our answer may tell it.
    let report = world.simulator.look(|state| state.outbox[0].body.clone());
    let changed = report.replace("</request>", "<extendProps><again>1</again></extendProps></request>");
    let reply = world.tell("c1", "stockchange.report", &changed).await;
    assert!(reply.contains("<flag>success</flag>"), "{reply}");
    assert_eq!(world.stock(world.m, "W1", "A-1").await.0, 997);
    nothing_is_left(&world).await;
}

#[tokio::test]
async fn what_a_buyer_sends_back_is_announced_and_received_good_or_broken() {
    let world = world().await;
    let no = world.release("T1", "W1", &[("A-1", 3)]).await;
    world.rest().await;
    world.power(&format!("orders/{no}/ship"), json!({})).await;
    world.rest().await;
    let refund = world
        .write(world.m, |tx, settings| {
            let new = NewRefund {
                kind: RefundKind::Return,
                tid: "T1".into(),
                outer_no: String::new(),
                lines: vec![NewRefundLine { oid: "T1-0".into(), num: Quantity::whole(2) }],
                out: Vec::new(),
                amount: None,
                post_amount: Money::ZERO,
                other_amount: Money::ZERO,
                warehouse_no: Some("W1".into()),
                reason: "七天无理由".into(),
                remark: String::new(),
                parcel: Default::default(),
                consign_mode: 0,
                is_trade_charged: false,
                swap: Default::default(),
            };
            let refund = aftersale::create_refund(tx, settings, &new, "t")?;
            aftersale::audit_refund(tx, settings, &refund.no, "t")
        })
        .await;
    assert_eq!(refund.status, RefundStatus::AwaitingPush);
    world.rest().await;
    let state = |no: String| async {
        world.store.read(world.m, move |reader| aftersale::refund_by_no(reader, &no)).await.unwrap().status
    };
    assert_eq!(state(refund.no.clone()).await, RefundStatus::OutsourcedReceipt);
    let came = json!({ "items": [
        { "item_code": "A-1", "quantity": 1 }, { "item_code": "A-1", "quantity": 1, "inventory_type": "CC" },
    ] });
    world.power(&format!("orders/{}/receive", refund.no), came).await;
    world.rest().await;
    assert!(state(refund.no.clone()).await.code() >= 80);
    assert_eq!(world.stock(world.m, "W1", "A-1").await.0, 998, "the good one only");
    nothing_is_left(&world).await;
}
