//! Signed writes that come twice (fact sheet qimen, B3: clients repeat after a timeout), and units that fail.

use gateway::Received;
use store::{Tenant, receipt};

use crate::world::{FORM, NOW, World, openapi2_form, qimen_form, world};

const PUSH: &[(&str, &str)] = &[("shop_no", "s1"), ("note_list", r#"[{"body":"a"},{"body":"b"}]"#)];

async fn raw(world: &World, path: &str, body: &str) -> String {
    let sent = world.gateway.answer(Received::new(path, "", FORM, body.to_owned())).await;
    String::from_utf8(sent.body).unwrap()
}

#[tokio::test]
async fn an_identical_write_gets_the_first_answer_and_changes_nothing() {
    let world = world().await;
    for (path, form, tenant) in [
        ("/openapi2/note_push.php", openapi2_form("demo2-ot", PUSH), 1),
        ("/router/qmtest", qimen_form("toy.note.push", PUSH), 2),
    ] {
        let first = raw(&world, path, &form).await;
        assert!(!world.records.last().replayed);
        let stored = world.stored(tenant).await;
        assert_eq!(stored, (2, 1, 2));
        // The letters of the signature may change their case: it is the same message.
        let (rest, sign) = form.rsplit_once("&sign=").unwrap();
        for sign in [sign.to_owned(), sign.to_ascii_lowercase(), sign.to_ascii_uppercase()] {
            assert_eq!(raw(&world, path, &format!("{rest}&sign={sign}")).await, first);
            assert!(world.records.last().replayed);
        }
        // And within or after the window.
        world.clock.advance(3600);
        assert_eq!(raw(&world, path, &form).await, first);
        world.clock.advance(-3600);
        assert_eq!(world.stored(tenant).await, stored);
    }
}

#[tokio::test]
async fn an_old_message_without_a_receipt_stays_too_old() {
    let world = world().await;
    let form = openapi2_form("demo2-ot", PUSH);
    world.clock.advance(301);
    let late = r#"{"code":2060,"message":"timestamp超出允许的时间误差(5分钟)，验证失败"}"#;
    assert_eq!(raw(&world, "/openapi2/note_push.php", &form).await, late);
    let wrong = openapi2_form("demo2-ot", &[PUSH[0], PUSH[1], ("sign", "00")]);
    assert_eq!(raw(&world, "/openapi2/note_push.php", &wrong).await, late);
    assert_eq!(world.stored(1).await, (0, 0, 0));
}

#[tokio::test]
async fn a_new_second_is_a_new_message() {
    let world = world().await;
    let next = (NOW + 1).to_string();
    world.openapi2("note_push.php", PUSH).await;
    world.openapi2("note_push.php", &[PUSH[0], PUSH[1], ("timestamp", &next)]).await;
    assert_eq!(world.stored(1).await, (4, 2, 4));
}

#[tokio::test]
async fn partial_success_is_kept_and_refusal_is_not() {
    let world = world().await;
    let partly: &[(&str, &str)] = &[("shop_no", "s1"), ("note_list", r#"[{"body":"a"},{"body":"bad"}]"#)];
    let expected = r#"{"code":1,"message":"[{\"body\":\"bad\",\"error\":\"不好\"}]","new_count":1}"#;
    assert_eq!(world.openapi2("note_push.php", partly).await, expected);
    assert_eq!(world.openapi2("note_push.php", partly).await, expected);
    assert_eq!(world.stored(1).await, (1, 1, 1));
    assert_eq!(
        world.qimen("/router/qm", "toy.note.push", partly).await,
        r#"{"response":{"flag":"failure","code":15,"message":"Remote service error","sub_code":"1","sub_message":"[{\"body\":\"bad\",\"error\":\"不好\"}]","request_id":"ID"}}"#
    );
    let refused: &[(&str, &str)] = &[("shop_no", "s9"), ("note_list", r#"[{"body":"a"}]"#)];
    assert!(world.openapi2("note_push.php", refused).await.starts_with(r#"{"code":2310"#));
    assert_eq!(world.stored(1).await, (2, 2, 2), "a refusal leaves neither rows nor a receipt");
}

#[tokio::test]
async fn a_failure_inside_says_that_repeating_is_safe() {
    let world = world().await;
    let push: &[(&str, &str)] = &[("shop_no", "s1"), ("note_list", r#"[{"body":"a"},{"body":"panic"}]"#)];
    let text = "系统异常，请稍后重试；重复提交同一请求是安全的";
    assert_eq!(world.openapi2("note_push.php", push).await, format!(r#"{{"code":1020,"message":"{text}"}}"#));
    assert_eq!(
        world.qimen("/router/qm", "toy.note.push", push).await,
        format!(
            r#"{{"response":{{"flag":"failure","code":10,"message":"Service currently unavailable","sub_code":"isp.remote-service-error","sub_message":"{text}","request_id":"ID"}}}}"#
        )
    );
    assert_eq!(world.stored(1).await, (0, 0, 0));
    world.store.close();
    assert!(world.openapi2("note_query.php", &[]).await.starts_with(r#"{"code":1020"#));
}

#[tokio::test]
async fn events_lead_to_the_signed_message_which_is_sealed() {
    let world = world().await;
    world.openapi2("note_push.php", PUSH).await;
    let event = world.store.events(Tenant(1), 0, 10).await.unwrap().remove(0);
    let vault = world.store.vault().clone();
    let message = world
        .store
        .read(Tenant(1), move |reader| match receipt::get(reader, event.receipt)? {
            Some(kept) => kept.message(&vault),
            None => Err(store::Error::Missing),
        })
        .await
        .unwrap();
    let message: serde_json::Value = serde_json::from_slice(&message).unwrap();
    assert_eq!(message["path"], "/openapi2/note_push.php");
    assert_eq!(message["key"], "demo2-ot");
    assert_eq!(message["parameters"]["note_list"], PUSH[1].1);
}

#[tokio::test]
async fn a_write_that_comes_many_times_at_once_is_carried_out_once() {
    let world = world().await;
    let form = openapi2_form("demo2-ot", PUSH);
    let calls = (0..16).map(|_| raw(&world, "/openapi2/note_push.php", &form));
    let answers = futures_util::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| answer == r#"{"code":0,"message":"","new_count":2}"#), "{answers:?}");
    assert_eq!(world.stored(1).await, (2, 1, 2));
}
