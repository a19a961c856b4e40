//! Identical signed writes to a target outside: sent once, answered as often as asked; what is not known is not guessed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use gateway::Received;

use super::house::{QM, call, failure, form, world_with, world_with_target};
use super::target::{Does, Target, until};
use crate::world::{FORM, World};

const PUSH: &str = "x1y2z3.demo.order.push";
const OK: &str = r#"{"response":{"errorcode":0,"id":"A1"}}"#;

async fn push(world: &World) -> String {
    call(world, PUSH, &[("tid", "T1")]).await
}

/// A target that counts and answers differently every time.
async fn counting() -> Target {
    let count = Arc::new(AtomicUsize::new(0));
    Target::start(move |_| Does::Says(format!(r#"{{"response":{{"n":{}}}}}"#, count.fetch_add(1, Ordering::SeqCst))))
        .await
}

#[tokio::test]
async fn an_identical_write_leaves_once() {
    let target = counting().await;
    let world = world_with_target(&target.url()).await;
    let first = push(&world).await;
    assert_eq!(first, r#"{"response":{"n":0}}"#);
    assert!(!world.records.last().replayed);
    assert_eq!(push(&world).await, first);
    assert!(world.records.last().replayed);
    // After the window, too; another second is another message.
    world.clock.advance(3600);
    assert_eq!(push(&world).await, first);
    world.clock.advance(-3600);
    let next = call(&world, PUSH, &[("tid", "T1"), ("timestamp", "2023-11-15 06:13:21")]).await;
    assert_eq!(next, r#"{"response":{"n":1}}"#);
    assert_eq!(target.heard().len(), 2);
    // Reads are asked again.
    let read = call(&world, "x1y2z3.demo.order.query", &[("tid", "1")]).await;
    assert_ne!(call(&world, "x1y2z3.demo.order.query", &[("tid", "1")]).await, read);
}

#[tokio::test]
async fn test_and_production_are_two_messages() {
    let target = counting().await;
    let world = world_with(|listed| (listed.production.url, listed.test.url) = (target.url(), target.url())).await;
    let api = gateway::directory::Api {
        environment: gateway::directory::Environment::Test,
        scene: "x1y2z3".into(),
        name: "demo.order.push".into(),
        ..gateway::directory::Api::default()
    };
    super::house::define(&world, api).await;
    let form = form(PUSH, &[("tid", "T1")]);
    let mut answers = Vec::new();
    for path in [QM, "/router/qmtest", "/router/qmtest", "/top/router/qm"] {
        answers.push(world.receive(Received::new(path, "", FORM, form.clone())).await);
    }
    assert_eq!(answers, [0, 1, 1, 0].map(|n| format!(r#"{{"response":{{"n":{n}}}}}"#)));
}

#[tokio::test]
async fn refusals_are_kept_as_well() {
    let target = Target::saying(r#"{"response":{"flag":"failure","code":"E1","message":"已存在"}}"#).await;
    let world = world_with_target(&target.url()).await;
    for _ in 0..3 {
        assert_eq!(push(&world).await, failure("E1", "已存在"));
    }
    assert_eq!(target.heard().len(), 1);
}

#[tokio::test]
async fn what_never_left_may_come_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let world = world_with_target(&format!("http://{address}/")).await;
    for _ in 0..2 {
        assert!(push(&world).await.contains("does not accept the connection"));
    }
}

#[tokio::test]
async fn an_unknown_outcome_is_said_and_nothing_is_sent_again() {
    let target = Target::start(|_| Does::Closes).await;
    let world = world_with_target(&target.url()).await;
    assert!(push(&world).await.contains("isp.top-remote-connection-error"));
    let first = world.records.last().request_id;
    for _ in 0..2 {
        let again = push(&world).await;
        assert!(
            again.contains(r#""code":15,"#) && again.contains(r#""sub_code":"isp.remote-service-timeout""#),
            "{again}"
        );
        assert!(again.contains(first.as_str()) && again.contains("未再次转发"), "{again}");
    }
    assert_eq!(target.heard().len(), 1);
}

/// The claim is on the disk before the call leaves; whoever finds it without an answer does not call again.
#[tokio::test]
async fn a_crash_between_claim_and_answer_leaves_the_outcome_open() {
    let target = Target::start(|_| Does::Hangs).await;
    let world = world_with_target(&target.url()).await;
    let calling = tokio::spawn({
        let gateway = Arc::clone(&world.gateway);
        async move { gateway.answer(Received::new(QM, "", FORM, form(PUSH, &[("tid", "T1")]))).await }
    });
    target.hears(1).await;
    calling.abort();
    // Another process over the same store, as after a crash.
    let second = world.node(gateway::Config::default()).await;
    let sent = second.answer(Received::new(QM, "", FORM, form(PUSH, &[("tid", "T1")]))).await;
    let text = String::from_utf8(sent.body).unwrap();
    assert!(text.contains("isp.remote-service-timeout"), "{text}");
    assert_eq!(target.heard().len(), 1);
}

/// Repeats a write whose outcome is not known until its answer is there.
async fn answered(world: &World) {
    until("the answer is kept", || async {
        let answer = push(world).await;
        assert!(answer == OK || answer.contains("isp.remote-service-timeout"), "{answer}");
        answer == OK
    })
    .await;
}

#[tokio::test]
async fn a_late_answer_is_kept_for_the_repeated_call() {
    let (target, tell) = Target::when_told(OK).await;
    let world =
        world_with(|listed| (listed.production.url, listed.production.timeout_ms) = (target.url(), Some(700))).await;
    let answer = push(&world).await;
    assert!(answer.contains("isp.top-remote-connection-timeout"), "{answer}");
    target.hears(1).await;
    assert!(push(&world).await.contains("isp.remote-service-timeout"), "still under way");
    tell.send(true).unwrap();
    answered(&world).await;
    assert_eq!(target.heard().len(), 1);
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_cut_a_write_off() {
    let (target, tell) = Target::when_told(OK).await;
    let world = world_with_target(&target.url()).await;
    let gateway = Arc::clone(&world.gateway);
    let calling =
        tokio::spawn(async move { gateway.answer(Received::new(QM, "", FORM, form(PUSH, &[("tid", "T1")]))).await });
    target.hears(1).await;
    calling.abort();
    assert!(calling.await.is_err(), "nobody waits for the answer");
    tell.send(true).unwrap();
    answered(&world).await;
    assert_eq!(target.heard().len(), 1);
}

#[tokio::test]
async fn many_at_once_leave_once() {
    let (target, tell) = Target::when_told(OK).await;
    let world = world_with_target(&target.url()).await;
    let mut many: FuturesUnordered<_> = (0..16).map(|_| push(&world)).collect();
    for _ in 0..15 {
        let open = many.next().await.unwrap();
        assert!(open.contains("isp.remote-service-timeout"), "{open}");
    }
    tell.send(true).unwrap();
    assert_eq!(many.next().await.unwrap(), OK);
    assert_eq!(target.heard().len(), 1);
    assert_eq!(push(&world).await, OK);
}
