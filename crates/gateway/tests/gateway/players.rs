//! Methods of TOP that a simulator plays: the gateway's checks before it, TOP's forms around its answer.

use gateway::directory::{Allowed, AppChange, Protocol, Rights};

use crate::world::{qimen_form, world};

const REST: &str = "/router/rest";

/// A signed call without a target, as TOP's own methods are called.
fn hello(more: &[(&str, &str)]) -> String {
    let mut pairs = vec![("target_app_key", "-"), ("sid", "-")];
    pairs.extend(more);
    qimen_form("alibaba.toy.hello", &pairs)
}

#[tokio::test]
async fn answers_in_the_form_that_was_asked_for() {
    let world = world().await;
    for (more, expected) in [
        (
            &[("say", "hi")][..],
            r#"{"alibaba_toy_hello_response":{"hello_response":{"said":"hi","by":"21300001","datas":{"datas":[1,2]}},"request_id":"ID"}}"#,
        ),
        (
            &[("say", "hi"), ("simplify", "true")],
            r#"{"hello_response":{"said":"hi","by":"21300001","datas":[1,2]},"request_id":"ID"}"#,
        ),
        (
            &[("say", "hi"), ("format", "xml")],
            r#"<?xml version="1.0" encoding="utf-8"?><alibaba_toy_hello_response><hello_response><said>hi</said><by>21300001</by><datas><datas>1</datas><datas>2</datas></datas></hello_response><request_id>ID</request_id></alibaba_toy_hello_response>"#,
        ),
        (
            &[("say", "no")],
            r#"{"error_response":{"code":27,"msg":"Invalid session","sub_code":"invalid-sessionkey","request_id":"ID"}}"#,
        ),
    ] {
        assert_eq!(world.send(REST, "", &hello(more)).await, expected);
    }
    assert_eq!(world.records.last().method, "alibaba.toy.hello");
    assert_eq!(world.records.last().code, 27);
    let answer = world.send(REST, "", &hello(&[("say", "nonsense")])).await;
    assert!(answer.contains(r#""code":10"#) && answer.contains("isp."), "{answer}");
}

#[tokio::test]
async fn a_broken_platform_sends_no_envelope() {
    let world = world().await;
    let received = gateway::Received::new(REST, "", crate::world::FORM, hello(&[("say", "break")]));
    let sent = world.gateway.answer(received).await;
    assert_eq!((sent.status, sent.body.len()), (502, 0));
}

#[tokio::test]
async fn the_gateways_checks_come_first() {
    let world = world().await;
    for (more, code) in [
        (&[("sign", "00")][..], 25),
        (&[("timestamp", "2023-11-15 06:24:21")], 31),
        (&[("app_key", "999")], 29),
        (&[("v", "1.0")], 34),
    ] {
        let answer = world.send(REST, "", &hello(more)).await;
        assert!(answer.starts_with(&format!(r#"{{"error_response":{{"code":{code},"#)), "{answer}");
    }
    // With a target, and through the Qimen door, it is nobody's method.
    for (path, form) in [(REST, qimen_form("alibaba.toy.hello", &[])), ("/router/qm", hello(&[]))] {
        assert!(world.send(path, "", &form).await.contains(r#""code":22"#));
    }
    let rights = Rights { methods: Allowed::only(["toy.note.query"]), ..Rights::default() };
    world.change(Protocol::Top, "21300001", AppChange { rights: Some(rights), ..AppChange::default() }).await;
    let answer = world.send(REST, "", &hello(&[])).await;
    assert!(answer.starts_with(r#"{"error_response":{"code":11,"#), "{answer}");
}
