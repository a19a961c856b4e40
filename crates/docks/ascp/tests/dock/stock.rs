//! Totals of stock: what was counted too long ago is not stated any more.

use dock_ascp::hub::{self, Account, CallState};
use dock_ascp::messages::{CallKind, Verdict};

use crate::world::{GOODS, House, World};

/// The platform has ten pieces of each goods; the supplier compares and publishes.
async fn publish(world: &World) {
    let channel = world.channel().await;
    let unit = move |tx: &mut store::Tx, settings: &erp::Settings| {
        for (item, spec_no) in GOODS {
            hub::map_goods(tx, &channel, &item.to_string(), spec_no)?;
        }
        let account = |(item, _): (i64, &str)| Account { sc_item_id: item.to_string(), quantity: 10, locked: 0 };
        let accounts = GOODS.map(account);
        let figures = hub::figures(tx, settings, &channel)?;
        let compared: Vec<_> = figures.iter().map(|figure| hub::compare(&channel, figure, &accounts)).collect();
        hub::note_compared(tx, &channel, &compared, true)
    };
    world.us(unit).await.unwrap();
}

async fn in_state(world: &World, state: CallState) -> usize {
    world.us(move |tx, _| hub::calls(tx, state, 0, 100)).await.unwrap().len()
}

#[tokio::test]
async fn a_total_is_stated_once_and_soon_or_counted_anew() {
    let house = House::new("2026-01-05 10:00:00").await;
    let world = house.world(0).await;
    publish(&world).await;
    let leased = hub::lease(&world.hub, world.ours).await.unwrap();
    assert_eq!(leased.len(), 1);
    assert_eq!(leased[0].call.kind, CallKind::StockPublish);
    // Nobody knows whether it arrived. The next attempt would come when more has been sold.
    hub::settle(&world.hub, world.ours, leased[0].call.id, Verdict::Again("no answer".into())).await.unwrap();
    house.clock.advance(10);
    while world.hub.follow_all().await.unwrap() {}
    assert!(hub::lease(&world.hub, world.ours).await.unwrap().is_empty());
    assert_eq!((in_state(&world, CallState::Dropped).await, in_state(&world, CallState::Waiting).await), (1, 0));
    // The hub hears of it, and will compare both sides anew.
    assert!(world.hub.follow_all().await.unwrap());

    // So does one that waited too long in the queue.
    publish(&world).await;
    house.clock.advance(61);
    assert!(hub::lease(&world.hub, world.ours).await.unwrap().is_empty());
    assert_eq!((in_state(&world, CallState::Dropped).await, in_state(&world, CallState::Waiting).await), (2, 0));

    // A change is no total: it is true whenever it arrives, so it is sent until it does.
    let channel = world.channel().await;
    let unit = move |tx: &mut store::Tx, _: &erp::Settings| {
        hub::publish_change(tx, &channel, "DEMO_WH_01", "690000000001", -1)
    };
    world.us(unit).await.unwrap();
    house.clock.advance(3_600);
    assert_eq!(hub::lease(&world.hub, world.ours).await.unwrap().len(), 1);
}
