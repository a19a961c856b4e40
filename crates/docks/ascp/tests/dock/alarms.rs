//! No silent loss: deadlines alarm before they pass and fall silent when they are kept, silence is an alarm, so is a wrong count.

use dock_ascp::hub::{self, ReceivedLine, ReverseState, alarm_kind};
use dock_ascp::platform::{self, NewRefund, SimReverseState};
use units::{Clock, Day, Moment};

use crate::live::Live;
use crate::world::GOODS;

const HOUR: i64 = 3_600;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deadlines_of_audit_and_shipment_alarm_before_and_after_and_end_when_kept() {
    let mut live = Live::new("2026-01-05 10:00:00").await;
    let (kept, cancelled) = (live.place(&[(GOODS[0].0, 1)]).await, live.place(&[(GOODS[1].0, 1)]).await);
    live.settle().await;
    let text = |alarms: Vec<(String, String)>, code: &str| {
        alarms.into_iter().find(|(key, _)| key == code).map(|(_, text)| text)
    };
    // Audit within 12 hours, shipment within 48; told two hours before.
    live.pass(9 * HOUR).await;
    assert_eq!(live.alarms(alarm_kind::AUDIT_DUE).await, vec![]);
    live.pass(HOUR + 60).await;
    assert!(text(live.alarms(alarm_kind::AUDIT_DUE).await, &kept).unwrap().contains("即将到达"));
    live.pass(2 * HOUR).await;
    assert!(text(live.alarms(alarm_kind::AUDIT_DUE).await, &kept).unwrap().contains("已超过"));
    live.audit(&kept).await;
    assert_eq!(text(live.alarms(alarm_kind::AUDIT_DUE).await, &kept), None);
    assert_eq!(live.alarms(alarm_kind::SHIP_DUE).await, vec![]);
    live.pass(34 * HOUR).await;
    assert!(text(live.alarms(alarm_kind::SHIP_DUE).await, &kept).unwrap().contains("已递交仓库"));
    live.pass(2 * HOUR).await;
    assert!(text(live.alarms(alarm_kind::SHIP_DUE).await, &kept).unwrap().contains("已超过"));
    live.ship(&kept).await;
    let code = cancelled.clone();
    live.them(move |tx| platform::cancel_order(tx, &code, "1")).await;
    live.settle().await;
    for kind in [alarm_kind::AUDIT_DUE, alarm_kind::SHIP_DUE] {
        assert_eq!(live.alarms(kind).await, vec![]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_is_an_alarm_from_the_day_on_which_orders_may_come() {
    let live = Live::new("2026-01-05 10:00:00").await;
    live.pass(48 * HOUR).await;
    assert_eq!(live.alarms(alarm_kind::SILENCE).await, vec![], "the route is not configured yet");
    let now = live.house.clock.now();
    live.channel(move |channel| channel.facts.configured = Some(now)).await;
    live.pass(23 * HOUR).await;
    assert_eq!(live.alarms(alarm_kind::SILENCE).await, vec![]);
    live.pass(HOUR).await;
    let silent = live.alarms(alarm_kind::SILENCE).await;
    assert!(silent.len() == 1 && silent[0].1.contains("24小时"), "{silent:?}");
    live.place(&[(GOODS[0].0, 1)]).await;
    live.settle().await;
    live.pass(60).await;
    assert_eq!(live.alarms(alarm_kind::SILENCE).await, vec![]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_counts_of_a_day_are_compared_with_the_platforms() {
    let live = Live::new("2026-01-05 10:00:00").await;
    for _ in 0..2 {
        live.place(&[(GOODS[0].0, 1)]).await;
    }
    // One push more that repeats an order is no order more.
    live.trouble("push:notify", "repeat", 1).await;
    live.settle().await;
    let (channel, day) = (live.world.channel().await, Day::parse("2026-01-05").unwrap());
    let start = day.start();
    let supplier = live.world.supplier.clone();
    let theirs = live.them(move |tx| platform::count(tx, &supplier, start, start.plus(24 * HOUR))).await;
    for (stated, differs) in [(theirs, false), (theirs + 1, true), (theirs, false)] {
        let channel = channel.clone();
        let counted = live.world.us(move |tx, _| hub::compare_day(tx, &channel, day, stated)).await.unwrap();
        assert_eq!((counted.ours, counted.theirs), (2, stated));
        let alarms = live.alarms(alarm_kind::COUNT_DIFFERS).await;
        assert_eq!(!alarms.is_empty(), differs, "{alarms:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_return_that_is_stocked_in_and_not_reported_is_an_alarm_and_refunded_once_a_working_day_after_the_report() {
    // A Thursday: the working day after Friday is Monday.
    let mut live = Live::new("2026-01-08 10:00:00").await;
    let code = live.place(&[(GOODS[0].0, 2)]).await;
    live.settle().await;
    live.ship(&code).await;
    let of = code.clone();
    let back = live
        .them(move |tx| {
            let back = platform::ask_refund(tx, &of, &NewRefund { lines: vec![], reason: None })?;
            platform::judge_refund(tx, &back, true)?;
            platform::fill_waybill(tx, &back, "SF", "SF0000000000901")?;
            Ok(back)
        })
        .await;
    live.settle().await;
    live.trouble("call:return_feedback", "status", 100).await;
    let (channel, number) = (live.world.channel().await, back.clone());
    live.world
        .us(move |tx, settings| {
            let found = hub::return_by_code(tx, &channel, &number)?;
            let line = found.facts.lines[0].sub_order_code.clone();
            let came = [ReceivedLine { sub_order_code: line, good: 1, defective: 1 }];
            hub::receive_return(tx, settings, &channel, &number, &came, false)
        })
        .await
        .unwrap();
    live.pass(6 * HOUR).await;
    assert_eq!(live.alarms(alarm_kind::RETURN_DUE).await, vec![]);
    live.pass(18 * HOUR + 60).await;
    let alarms = live.alarms(alarm_kind::RETURN_DUE).await;
    assert!(alarms.len() == 1 && alarms[0].0 == back, "{alarms:?}");
    live.them(platform::clear_faults).await;
    live.pass(2 * HOUR).await;
    assert_eq!(live.alarms(alarm_kind::RETURN_DUE).await, vec![]);
    let (channel, number) = (live.world.channel().await, back.clone());
    let found = live.world.us(move |tx, _| hub::return_by_code(tx, &channel, &number)).await.unwrap();
    assert_eq!(found.state, ReverseState::Reported);
    let reported: Moment = found.facts.reported.unwrap();
    assert_eq!(reported.day(), Day::parse("2026-01-09").unwrap());
    assert_eq!(found.refund_by().unwrap().day(), Day::parse("2026-01-12").unwrap());
    // The money is watched for, over the weekend, until somebody has seen it: told two hours before, and when the day is over.
    let refund_by = found.refund_by().unwrap();
    assert_eq!(live.alarms(alarm_kind::REFUND_DUE).await, vec![]);
    live.pass(refund_by.since(live.house.clock.now()) - 3 * HOUR).await;
    assert_eq!(live.alarms(alarm_kind::REFUND_DUE).await, vec![]);
    let number = back.clone();
    let theirs = live.them(move |tx| platform::reverse(tx, &number)).await;
    assert_eq!((theirs.state, theirs.facts.refunds), (SimReverseState::Refunded, 1));
    for (seconds, words) in [(HOUR + 60, "平台不通知退款结果"), (2 * HOUR, "尚未确认")] {
        live.pass(seconds).await;
        let alarms = live.alarms(alarm_kind::REFUND_DUE).await;
        assert!(alarms.len() == 1 && alarms[0].0 == back && alarms[0].1.contains(words), "{alarms:?}");
    }
    let number = back.clone();
    let noted = note(&live, &number).await.unwrap();
    assert!(noted.state == ReverseState::Refunded && noted.facts.refunded == Some(live.house.clock.now()));
    let again = note(&live, &number).await.err().unwrap();
    assert!(again.to_string().contains("已确认退款"), "{again}");
    live.pass(72 * HOUR).await;
    assert_eq!(live.alarms(alarm_kind::REFUND_DUE).await, vec![]);
}

/// Somebody has seen the refund.
async fn note(live: &Live, code: &str) -> hub::Result<hub::ReturnOrder> {
    let (channel, code) = (live.world.channel().await, code.to_owned());
    live.world.us(move |tx, _| hub::note_refund(tx, &channel, &code)).await
}

/// A return with its goods on the way, and what comes in of it reported.
async fn reported_return(live: &mut Live) -> String {
    let code = live.place(&[(GOODS[1].0, 1)]).await;
    live.settle().await;
    live.ship(&code).await;
    let new = NewRefund { lines: vec![], reason: None };
    let back = live.them(move |tx| platform::create_return(tx, &code, &new, "SF", "SF0000000000902")).await;
    live.settle().await;
    assert!(note(live, &back).await.is_err(), "nothing has come back yet");
    let (channel, number) = (live.world.channel().await, back.clone());
    live.world.us(move |tx, settings| hub::receive_return(tx, settings, &channel, &number, &[], true)).await.unwrap();
    live.settle().await;
    back
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_that_is_noted_in_time_is_no_alarm_and_each_return_is_watched_by_itself() {
    let mut live = Live::new("2026-01-06 10:00:00").await;
    let (noted, forgotten) = (reported_return(&mut live).await, reported_return(&mut live).await);
    note(&live, &noted).await.unwrap();
    live.pass(25 * HOUR).await;
    let keys = |alarms: Vec<(String, String)>| alarms.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
    assert_eq!(keys(live.alarms(alarm_kind::REFUND_DUE).await), [forgotten.as_str()]);
    // Who closes the alarm has been told: it does not come back.
    let channel = live.world.channel().await.id;
    let key = forgotten.clone();
    live.world.us(move |tx, _| hub::close_alarm(tx, channel, alarm_kind::REFUND_DUE, &key)).await.unwrap();
    live.pass(48 * HOUR).await;
    assert_eq!(live.alarms(alarm_kind::REFUND_DUE).await, vec![]);
    // A merchant who settles this elsewhere switches the watch off.
    live.channel(|channel| channel.facts.settings.watch_refunds = false).await;
    reported_return(&mut live).await;
    live.pass(48 * HOUR).await;
    assert_eq!(live.alarms(alarm_kind::REFUND_DUE).await, vec![]);
}
