//! Platform-run delivery: waybills and serial numbers through the queue, and a waybill that was not drawn.

use dock_ascp::hub::{self, OrderState, alarm_kind};
use dock_ascp::messages::CallKind;
use dock_ascp::platform::SimOrderState;

use crate::live::Live;
use crate::world::GOODS;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_draws_its_waybill_when_it_is_released_and_a_platform_that_is_away_is_asked_again() {
    let live = Live::new("2026-01-05 10:00:00").await;
    let code = live.place_as(&[(GOODS[0].0, 2)], Some("1"), 0).await;
    live.settle().await;
    assert!(live.calls(CallKind::Waybill).is_empty(), "not before the warehouse has it");
    live.trouble("call:waybill", "status", 1).await;
    live.audit(&code).await;
    assert!(live.ours(&code).await.facts.drawn.is_empty());
    live.pass(10).await;
    let drawn = live.ours(&code).await.facts.drawn;
    assert_eq!((drawn.len(), drawn[0].package.as_str(), drawn[0].carrier.as_str()), (1, "P1", "DEMO_CP"));
    // A person draws for two parcels: the first keeps its number.
    let (tenant, supplier) = (live.world.ours, live.world.supplier.clone());
    let parcels = ["P1".to_owned(), "P2".to_owned()];
    let order = live.world.hub.draw_waybills(tenant, &supplier, &code, &parcels).await.unwrap();
    assert_eq!((order.facts.drawn.len(), &order.facts.drawn[0]), (2, &drawn[0]));
    // The platform is away: what was asked for comes later.
    live.trouble("call:waybill", "lose_request", 1).await;
    let parcels = ["P3".to_owned()];
    let order = live.world.hub.draw_waybills(tenant, &supplier, &code, &parcels).await.unwrap();
    assert_eq!(order.facts.drawn.len(), 2);
    live.pass(10).await;
    assert_eq!(live.ours(&code).await.facts.drawn.len(), 3);
    live.ship_with(&code, &drawn[0].waybill).await;
    // Our carrier is not the platform's: that is refused, and told.
    assert_eq!(live.ours(&code).await.state, OrderState::ConfirmFailed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waybill_that_was_not_drawn_is_refused_put_right_and_reported() {
    let live = Live::new("2026-01-05 10:00:00").await;
    let code = live.place_as(&[(GOODS[0].0, 1)], Some("1"), 0).await;
    live.settle().await;
    live.audit(&code).await;
    live.ship_with(&code, "SF0000000000001").await;
    let order = live.ours(&code).await;
    assert_eq!(order.state, OrderState::ConfirmFailed);
    assert!(order.facts.reason.contains("SIM_WAYBILL_NOT_DRAWN"), "{}", order.facts.reason);
    assert_eq!(live.alarms(alarm_kind::DEAD_CALL).await.len(), 1);
    let change = async |new: String| {
        let (channel, code) = (live.world.channel().await, code.clone());
        live.world.us(move |tx, _| hub::change_waybill(tx, &channel, &code, "SF0000000000001", &new)).await
    };
    let refused = change("SF0000000000002".into()).await.err().unwrap().to_string();
    assert!(refused.contains("须先取号"), "{refused}");
    let drawn = order.facts.drawn[0].clone();
    change(drawn.waybill.clone()).await.unwrap();
    live.settle().await;
    assert_eq!(live.ours(&code).await.state, OrderState::Confirmed);
    let theirs = live.theirs(&code).await;
    assert_eq!((theirs.state, &theirs.facts.parcels[0]), (SimOrderState::Shipped, &(drawn.carrier, drawn.waybill)));
    assert!(live.alarms(alarm_kind::DEAD_CALL).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serial_numbers_are_checked_and_remembered() {
    let live = Live::new("2026-01-05 10:00:00").await;
    let code = live.place(&[(GOODS[0].0, 2)]).await;
    live.settle().await;
    let line = live.ours(&code).await.facts.lines[0].sub_order_code.clone();
    let (tenant, supplier) = (live.world.ours, live.world.supplier.clone());
    let check = async |line: &str, serials: [&str; 2]| {
        let serials = serials.map(str::to_owned);
        live.world.hub.check_serials(tenant, &supplier, &code, line, &serials).await
    };
    let order = check(&line, ["SN1", "BAD2"]).await.unwrap();
    let refused: Vec<(&str, bool)> =
        order.facts.serials.iter().map(|one| (one.serial.as_str(), one.is_refused)).collect();
    assert_eq!(refused, [("SN1", false), ("BAD2", true)]);
    assert!(!order.facts.serials[1].reason.is_empty());
    assert!(check("nothing", ["SN1", "SN2"]).await.is_err());
    live.trouble("call:precheck", "lose_reply", 1).await;
    let order = check(&line, ["SN3", "SN4"]).await.unwrap();
    assert_eq!(order.facts.serials.len(), 2);
    live.pass(10).await;
    assert_eq!(live.ours(&code).await.facts.serials.len(), 4);
    // A supplier's own delivery draws no waybills.
    let drawn = live.world.hub.draw_waybills(tenant, &supplier, &code, &["P1".to_owned()]).await;
    assert!(drawn.err().unwrap().to_string().contains("businessModel 1"));
}
