//! The authorisation: warnings before it ends, what stops when it has, and that nothing is lost by it.

use dock_ascp::hub::{self, OrderState, alarm_kind};
use dock_ascp::messages::CallKind;
use dock_ascp::onboarding::{self, Stage};
use dock_ascp::platform::{self, SimOrderState};
use units::Clock;

use crate::live::Live;
use crate::world::GOODS;

const DAY: i64 = 86_400;

async fn stage(live: &Live) -> Stage {
    let channel = live.world.channel().await;
    live.world
        .us(move |tx, _| {
            let now = tx.now();
            onboarding::stage(tx, &channel, now)
        })
        .await
        .unwrap()
}

/// A session for so many days, on our side.
async fn renew(live: &Live, session: String, days: i64) {
    let (mut_channel, ends) = (live.world.channel().await, live.house.clock.now().plus(days * DAY));
    live.world.us(move |tx, _| hub::renew(tx, &mut mut_channel.clone(), &session, Some(ends))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_is_told_30_7_and_1_days_before_and_then_reports_wait_and_orders_still_come() {
    let live = Live::new("2026-01-05 10:00:00").await;
    let now = live.house.clock.now();
    live.channel(move |channel| {
        (channel.facts.mailed, channel.facts.configured) = (Some(now), Some(now));
        channel.facts.settings.silence_hours = 0;
    })
    .await;
    renew(&live, format!("SESSION{}", live.world.supplier), 40).await;
    live.settle().await;
    let warned = |alarms: &[(String, String)]| alarms.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    assert_eq!(stage(&live).await, Stage::Live);
    for (pass, keys, expected) in [
        (5, vec![], Stage::Live),
        (5, vec!["30"], Stage::Live),
        (24, vec!["30", "7"], Stage::Expiring),
        (5, vec!["30", "7", "1"], Stage::Expiring),
    ] {
        live.house.clock.advance(pass * DAY);
        live.settle().await;
        assert_eq!(warned(&live.alarms(alarm_kind::SESSION).await), keys);
        assert_eq!(stage(&live).await, expected);
    }
    // The last report that gets through.
    let before = live.place(&[(GOODS[0].0, 1)]).await;
    live.settle().await;
    assert_eq!(live.theirs(&before).await.state, SimOrderState::Accepted);
    live.house.clock.advance(DAY);
    live.settle().await;
    assert_eq!(stage(&live).await, Stage::Expired);
    let held = live.alarms(alarm_kind::HELD).await;
    assert!(held.len() == 1 && held[0].1.contains("10:00:00过期"), "{held:?}");
    // Pushes are taken; what is to be reported waits; what somebody asks is refused in words.
    let during = [live.place(&[(GOODS[1].0, 1)]).await, live.place(&[(GOODS[1].0, 2)]).await];
    let calls = live.calls(CallKind::Received).len();
    live.settle().await;
    for code in &during {
        assert_eq!(live.ours(code).await.state, OrderState::PendingAudit);
        assert_eq!(live.theirs(code).await.state, SimOrderState::Pushed);
    }
    assert_eq!(live.calls(CallKind::Received).len(), calls, "nothing goes out");
    let asked = live.world.hub.reconcile(live.world.ours, &live.world.supplier, true).await;
    assert!(asked.err().unwrap().to_string().contains("10:00:00过期"));
    // Renewed: everything goes out, once, and nobody is warned any more. Taken oldest first; what is about different orders is under way
    // at the same time, so either may arrive first.
    renew(&live, format!("SESSION{}", live.world.supplier), 90).await;
    live.settle().await;
    let came: Vec<_> = live.calls(CallKind::Received).into_iter().skip(calls).collect();
    let about = |code: &String| came.iter().filter(|spoken| spoken.names(code)).count();
    assert_eq!((came.len(), about(&during[0]), about(&during[1])), (2, 1, 1));
    assert!(live.alarms(alarm_kind::HELD).await.is_empty() && live.alarms(alarm_kind::SESSION).await.is_empty());
    assert_eq!(stage(&live).await, Stage::Live);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_top_refuses_holds_the_queue_and_the_queue_drains_in_order() {
    let mut live = Live::new("2026-01-05 10:00:00").await;
    let code = live.place(&[(GOODS[0].0, 1)]).await;
    live.settle().await;
    let supplier = live.world.supplier.clone();
    live.them(move |tx| platform::expire_session(tx, &supplier)).await;
    live.ship(&code).await;
    let held = live.alarms(alarm_kind::HELD).await;
    assert!(held.len() == 1 && held[0].1.contains("27"), "{held:?}");
    assert_eq!(live.theirs(&code).await.state, SimOrderState::Accepted);
    // It is asked once, and not again and again.
    live.pass(7_200).await;
    assert_eq!(live.calls(CallKind::Ship).len(), 1);
    let more = live.place(&[(GOODS[1].0, 1)]).await;
    live.settle().await;
    assert_eq!(live.ours(&more).await.state, OrderState::PendingAudit);
    let supplier = live.world.supplier.clone();
    live.them(move |tx| platform::renew_session(tx, &supplier, "FRESH", None)).await;
    renew(&live, "FRESH".into(), 90).await;
    live.settle().await;
    assert_eq!(live.theirs(&code).await.state, SimOrderState::Shipped);
    assert_eq!(live.theirs(&more).await.state, SimOrderState::Accepted);
    assert!(live.alarms(alarm_kind::HELD).await.is_empty());
    let journal = live.partner.journal();
    let ship = |spoken: &platform::Spoken| spoken.names(&code) && spoken.body().contains("\"success\":true");
    let (shipped, received) = (journal.since(0, ship), journal.since(0, |spoken| spoken.names(&more)));
    assert!(shipped.last().unwrap().at <= received.last().unwrap().at);
}
