//! Business keys: one write, once, whoever signs it anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gateway::directory::{Api, Environment, Scene};

use crate::forward::{Does, Outside, PUSH, call, define, world_with, world_with_target};
use crate::world::{World, world};

/// The built-in push with its business key.
async fn keyed() -> World {
    let world = world().await;
    let scene = Scene { code: "scene0".into(), ..Scene::default() };
    world.gateway.directory().put_scene(scene).await.unwrap();
    let api = Api {
        scene: "scene0".into(),
        name: "toy.note.push".into(),
        once_key: vec!["shop_no".into(), "note_list[0].body".into()],
        indexed: Some("note_list[0].body".into()),
        ..Api::default()
    };
    define(&world, api).await;
    world
}

/// A push, signed anew for each second.
async fn push(world: &World, second: u32, shop: &str, body: &str, mobile: &str) -> String {
    let (time, list) =
        ((crate::world::NOW + i64::from(second)).to_string(), format!(r#"[{{"body":"{body}","mobile":"{mobile}"}}]"#));
    world.openapi2("note_push.php", &[("timestamp", &time), ("shop_no", shop), ("note_list", &list)]).await
}

#[tokio::test]
async fn the_same_write_signed_anew_gets_the_first_answer() {
    let world = keyed().await;
    assert_eq!(push(&world, 0, "s1", "a", "1").await, r#"{"code":0,"message":"","new_count":1}"#);
    let first = world.records.last();
    assert_eq!((&*first.number, first.replayed), ("a", false));
    assert_eq!(push(&world, 1, "s1", "a", "1").await, r#"{"code":0,"message":"","new_count":1}"#);
    assert!(world.records.last().replayed);
    assert_eq!(world.stored(1).await, (1, 1, 1), "one note, one receipt, one event");
    // Other content under the same key.
    let clash = push(&world, 2, "s1", "a", "2").await;
    assert!(clash.contains(r#""code":1020"#) && clash.contains(first.request_id.as_str()), "{clash}");
    assert_eq!(world.stored(1).await, (1, 1, 1));
    // Another key is another write; a refused write leaves no key.
    assert!(push(&world, 3, "s1", "b", "1").await.contains(r#""code":0"#));
    assert!(push(&world, 4, "s9", "c", "1").await.contains("2310"));
    assert!(push(&world, 5, "s9", "c", "2").await.contains("2310"), "no clash with what was refused");
    assert_eq!(world.stored(1).await.0, 2);
}

#[tokio::test]
async fn a_key_is_forgotten_in_time_and_belongs_to_its_environment() {
    let world = keyed().await;
    assert!(push(&world, 0, "s1", "a", "1").await.contains(r#""code":0"#));
    let list = r#"[{"body":"a","mobile":"9"}]"#;
    let test = world.qimen("/router/qmtest", "scene0.toy.note.push", &[("shop_no", "s1"), ("note_list", list)]).await;
    assert!(test.contains("errorcode"), "{test}");
    world.clock.advance(31 * 86_400);
    let later = push(&world, 31 * 86_400, "s1", "a", "2").await;
    assert!(later.contains(r#""code":0"#), "{later}");
    assert_eq!(world.stored(1).await.0, 2);
}

/// A target that counts and answers differently every time.
async fn counting(does: fn(usize) -> Does) -> Outside {
    let count = Arc::new(AtomicUsize::new(0));
    Outside::start(move |_| does(count.fetch_add(1, Ordering::SeqCst))).await
}

async fn with_key(world: &World) {
    let api = Api {
        environment: Environment::Production,
        scene: "x1y2z3".into(),
        name: "demo.order.push".into(),
        once_key: vec!["tid".into()],
        ..Api::default()
    };
    define(world, api).await;
}

const SECONDS: [&str; 4] = ["2023-11-15 06:13:20", "2023-11-15 06:13:21", "2023-11-15 06:13:22", "2023-11-15 06:13:23"];

#[tokio::test]
async fn a_forwarded_write_with_a_key_leaves_once() {
    let target = counting(|n| Does::Says(format!(r#"{{"response":{{"n":{n}}}}}"#))).await;
    let world = world_with_target(&target.url()).await;
    with_key(&world).await;
    for second in SECONDS {
        let answer = call(&world, PUSH, &[("tid", "T1"), ("memo", "x"), ("timestamp", second)]).await;
        assert_eq!(answer, r#"{"response":{"n":0}}"#);
    }
    let clash = call(&world, PUSH, &[("tid", "T1"), ("memo", "y")]).await;
    assert!(clash.contains(r#""sub_code":"1020""#), "{clash}");
    assert_eq!(call(&world, PUSH, &[("tid", "T2"), ("memo", "y")]).await, r#"{"response":{"n":1}}"#);
    assert_eq!(target.heard().len(), 2);
}

#[tokio::test]
async fn an_unknown_outcome_is_pending_for_the_key_and_one_that_never_left_frees_it() {
    let target = counting(|_| Does::Closes).await;
    let world = world_with_target(&target.url()).await;
    with_key(&world).await;
    call(&world, PUSH, &[("tid", "T1")]).await;
    let first = world.records.last().request_id;
    let again = call(&world, PUSH, &[("tid", "T1"), ("timestamp", "2023-11-15 06:13:21")]).await;
    assert!(again.contains("isp.remote-service-timeout") && again.contains(first.as_str()), "{again}");
    assert_eq!(target.heard().len(), 1);
    // Nobody listens there: nothing left, and the next one may try.
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let world = world_with(|listed| listed.production.url = format!("http://{nobody}/")).await;
    with_key(&world).await;
    for second in SECONDS.iter().take(2) {
        let answer = call(&world, PUSH, &[("tid", "T1"), ("timestamp", second)]).await;
        assert!(answer.contains("does not accept the connection"), "{answer}");
    }
}
