//! The store is down while a push comes: the reply asks for it again, and when the store is back the order is there once (scenario 4).

use dock_ascp::hub;
use dock_ascp::platform::{self, SimOrderState};

use crate::world::{GOODS, House};

#[tokio::test]
async fn a_push_that_cannot_be_stored_is_asked_for_again() {
    let house = House::new("2026-01-05 10:00:00").await;
    let world = house.world(1).await;
    let code = world.place(&[(GOODS[0].0, 1)]).await.unwrap();
    let leased = world.them(|tx| platform::lease(tx, 10)).await.unwrap();
    let outgoing = leased.first().expect("a push").clone();
    // The same push meets a hub whose store is closed.
    let down = House::new("2026-01-05 10:00:00").await;
    let closed = down.world(1).await;
    down.store.close();
    let reply = closed.deliver(&outgoing).await;
    assert_eq!((reply.success, reply.code.as_str(), reply.retry), (false, "STORE_BUSY", true), "{}", reply.message);
    let push = outgoing.push.clone();
    world.them(move |tx| platform::settle(tx, &push, Some(&reply))).await.unwrap();
    assert!(world.them(|tx| platform::lease(tx, 10)).await.unwrap().is_empty(), "not at once");
    house.clock.advance(platform::SCHEDULE[0]);
    let again = world.them(|tx| platform::lease(tx, 10)).await.unwrap();
    assert_eq!(again.len(), 1);
    for outgoing in again {
        let reply = world.deliver(&outgoing).await;
        assert!(reply.success);
        let push = outgoing.push;
        world.them(move |tx| platform::settle(tx, &push, Some(&reply))).await.unwrap();
    }
    let of = code.clone();
    assert_eq!(world.them(move |tx| platform::any_order(tx, &of)).await.unwrap().state, SimOrderState::Pushed);
    assert_eq!(world.us(|tx, _| hub::orders(tx, None, 0, 10)).await.unwrap().len(), 1);
}
