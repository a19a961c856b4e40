//! What a raw body may not say against its query.

use gateway::Received;
use gateway::directory::{Api, BodyKind, Environment, Grant, Parameter};
use wire::top::{self, Digest};

use super::house::{KEY, QM, define, world_with_target};
use super::target::Target;
use crate::world::{SECRET, World, qimen_pairs};

const ANSWER: &str = r#"{"response":{"errorcode":0}}"#;

async fn send(world: &World, method: &str, to: &[(&str, &str)], content_type: &str, body: &str) -> String {
    let pairs = qimen_pairs(Digest::Md5, method, to);
    let sign = top::sign(Digest::Md5, SECRET, pairs.iter().copied(), Some(body.as_bytes()));
    let query = wire::form::encode(pairs.into_iter().chain([("sign", sign.as_str())]), wire::form::Space::Plus);
    world.receive(Received::new(QM, &query, content_type, body.to_owned())).await
}

/// A world with one API for each kind of body.
async fn house(url: &str) -> World {
    let world = world_with_target(url).await;
    let parameters = vec![Parameter { name: "tid".into(), required: true, ..Parameter::default() }];
    for (name, body) in [("demo.json.push", BodyKind::Json), ("demo.xml.push", BodyKind::Xml)] {
        let api =
            Api { scene: "x1y2z3".into(), name: name.into(), body, parameters: parameters.clone(), ..Api::default() };
        define(&world, api).await;
    }
    world
}

#[tokio::test]
async fn an_authorisation_for_one_sid_does_not_reach_another_through_the_body() {
    let target = Target::saying(ANSWER).await;
    let world = house(&target.url()).await;
    let directory = world.gateway.directory();
    let (app_key, target_app_key) = ("21300001".to_owned(), KEY.to_owned());
    let all = Grant { environment: Environment::Production, app_key, target_app_key, sid: "*".into() };
    directory.revoke(all.clone()).await.unwrap();
    directory.grant(Grant { sid: "mine".into(), ..all }).await.unwrap();
    let refused = r#""code":41,"message":"Invalid arguments:sid""#;
    for (content_type, body, expected) in [
        ("application/json", r#"{"tid":"T1","sid":"mine"}"#, ANSWER),
        ("application/json", r#"{"tid":"T2"}"#, ANSWER),
        ("application/json", r#"{"tid":"T3","sid":"theirs"}"#, refused),
        ("application/json", r#"{"tid":"T4","\u0073id":"theirs"}"#, refused),
        ("application/json", r#"{"tid":"T5","sid":["theirs"]}"#, refused),
    ] {
        let to = [("target_app_key", KEY), ("sid", "mine")];
        let answer = send(&world, "x1y2z3.demo.json.push", &to, content_type, body).await;
        assert!(answer.contains(expected), "{body}: {answer}");
    }
    let to = [("target_app_key", KEY), ("sid", "mine")];
    let xml = "<r><tid>T6</tid><sid>theirs</sid></r>";
    let answer = send(&world, "x1y2z3.demo.xml.push", &to, "text/xml", xml).await;
    assert!(answer.contains(refused), "{answer}");
    assert_eq!(target.heard().len(), 2);
}
