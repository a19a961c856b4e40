//! Stubs: mock rules in front of a built-in method and of a target outside.

use gateway::Received;
use gateway::directory::{Api, Environment, Error, StubState};
use gateway::limit::{LimitRule, RuleScope};
use gateway::log::{Outcome, Wanted};
use gateway::stub::{Condition, MockRule, Otherwise, StubSet};

use crate::forward::{Outside, call, define, form, world_with_target};
use crate::world::{FORM, World, world};

fn set(environment: Environment, method: &str, body: &str) -> StubSet {
    let rule = MockRule { name: "m1".into(), body: body.into(), ..MockRule::default() };
    StubSet { environment, method: method.into(), rules: vec![rule], ..StubSet::default() }
}

async fn put(world: &World, set: StubSet) -> i64 {
    world.gateway.directory().put_stub(set).await.unwrap()
}

const TEST: &str = "/router/qmtest";
const PRODUCTION: &str = "/router/qm";
const REAL: &str = r#"{"response":{"errorcode":0,"message":"","total_count":0,"notes":[],"request_id":"ID"}}"#;

#[tokio::test]
async fn a_mock_answers_in_test_and_never_in_production_by_itself() {
    let world = world().await;
    let mock = r#"{"response":{"errorcode":0,"page":"${page_no}"}}"#;
    for environment in [Environment::Test, Environment::Production] {
        put(&world, set(environment, "toy.note.query", mock)).await;
    }
    let ask = |path: &'static str| world.qimen(path, "scene0.toy.note.query", &[("page_no", "3")]);
    assert_eq!(ask(TEST).await, r#"{"response":{"errorcode":0,"page":"3"}}"#);
    assert!(world.records.last().stubbed);
    let log = world.gateway.log().unwrap();
    let (_, entry) = log.search(&Wanted { limit: 1, ..Wanted::default() }).unwrap().calls.remove(0);
    assert_eq!((entry.outcome(), &*entry.forwarded), (Outcome::Stubbed, "stub v1 m1"));
    assert_eq!(ask(PRODUCTION).await, REAL);
    let allowed = StubSet { production_allowed: true, ..set(Environment::Production, "toy.note.query", "{}") };
    put(&world, allowed).await;
    assert_eq!(ask(PRODUCTION).await, "{}");
    // Who may not call is told so, stub or not.
    let refused = world.qimen(TEST, "scene0.toy.note.query", &[("sign", "x")]).await;
    assert!(refused.contains(r#""code":25"#), "{refused}");
    let directory = world.gateway.directory();
    directory.put_stub(StubSet { on: false, ..set(Environment::Test, "toy.note.query", "{}") }).await.unwrap();
    assert_eq!(ask(TEST).await, REAL);
    assert!(directory.retire_stub(Environment::Production, "toy.note.query".into()).await.unwrap());
    assert_eq!(ask(PRODUCTION).await, REAL);
}

#[tokio::test]
async fn a_name_with_its_scene_would_never_answer_and_is_refused() {
    let world = world_with_target("http://127.0.0.1:9/").await;
    let directory = world.gateway.directory();
    let stub = directory.put_stub(set(Environment::Test, "x1y2z3.demo.order.query", "{}")).await;
    let rule = LimitRule {
        scope: RuleScope::Api,
        method: Some("x1y2z3.demo.order.query".into()),
        per_day: 1,
        ..LimitRule::default()
    };
    for refused in [stub, directory.put_limit(rule).await] {
        assert_eq!(refused, Err(Error::Invalid("method: without the scene: demo.order.query".into())));
    }
}

#[tokio::test]
async fn a_new_version_answers_at_once_and_an_old_one_can_come_back() {
    let world = world().await;
    let directory = world.gateway.directory();
    let method = "toy.note.query";
    assert_eq!(put(&world, set(Environment::Test, method, r#"{"v":1}"#)).await, 1);
    assert_eq!(put(&world, set(Environment::Test, method, r#"{"v":2}"#)).await, 2);
    assert_eq!(world.qimen(TEST, method, &[]).await, r#"{"v":2}"#);
    let current = directory.snapshot().stub(Environment::Test, method).unwrap().clone();
    assert_eq!(world.gateway.stub_hits(&current)[0].hits, 1);
    // A reset is a new version of the same: the counts begin anew on every node.
    put(&world, StubSet::clone(&current)).await;
    let current = directory.snapshot().stub(Environment::Test, method).unwrap().clone();
    assert_eq!((current.version, world.gateway.stub_hits(&current)[0].hits), (3, 0));
    assert_eq!(directory.restore_stub(Environment::Test, method.into(), 1).await.unwrap(), 4);
    assert_eq!(world.qimen(TEST, method, &[]).await, r#"{"v":1}"#);
    let versions = directory.stub_versions(Environment::Test, method.into()).await.unwrap();
    assert_eq!(
        versions.iter().map(|v| (v.set.version, v.current)).collect::<Vec<_>>(),
        [(4, true), (3, false), (2, false), (1, false)]
    );
    assert!(directory.restore_stub(Environment::Test, method.into(), 9).await.is_err());
    // Another node hears of it.
    let second = world.node(gateway::Config::default()).await;
    put(&world, set(Environment::Test, method, r#"{"v":5}"#)).await;
    assert!(second.directory().refresh_if_changed().await.unwrap());
    let body = crate::world::qimen_form(method, &[]);
    assert_eq!(second.answer(Received::new(TEST, "", FORM, body)).await.body, br#"{"v":5}"#);
}

#[tokio::test]
async fn conditions_delay_and_what_no_rule_fits() {
    let target = Outside::saying(r#"{"response":{"real":1}}"#).await;
    let world = world_with_target(&target.url()).await;
    let mut mock = set(Environment::Production, "demo.order.query", r#"{"tid":"${tid}"}"#);
    mock.production_allowed = true;
    mock.rules[0].when = vec![Condition { at: "tid".into(), equals: Some("T1".into()), ..Condition::default() }];
    mock.rules[0].delay_ms = 60;
    put(&world, mock.clone()).await;
    let ask = async |tid: &'static str| call(&world, "x1y2z3.demo.order.query", &[("tid", tid)]).await;
    let begun = std::time::Instant::now();
    assert_eq!(ask("T1").await, r#"{"tid":"T1"}"#);
    assert!(begun.elapsed().as_millis() >= 60);
    let refused = ask("T2").await;
    assert!(refused.contains("挡板已开启") && target.heard().is_empty(), "{refused}");
    put(&world, StubSet { otherwise: Otherwise::Pass, ..mock }).await;
    assert_eq!(ask("T2").await, r#"{"response":{"real":1}}"#);
}

#[tokio::test]
async fn a_definition_that_says_stub_never_reaches_the_target_in_test() {
    let target = Outside::saying(r#"{"response":{"real":1}}"#).await;
    let world = world_with_target(&target.url()).await;
    let api = |stub| Api {
        environment: Environment::Test,
        scene: "x1y2z3".into(),
        name: "demo.order.query".into(),
        effect: gateway::directory::Effect::Query,
        stub,
        ..Api::default()
    };
    define(&world, api(StubState::On)).await;
    let body = form("x1y2z3.demo.order.query", &[("tid", "T1")]);
    let refused = world.receive(Received::new(TEST, "", FORM, body.clone())).await;
    assert!(refused.contains("挡板已开启") && target.heard().is_empty(), "{refused}");
    put(&world, StubSet { on: false, ..set(Environment::Test, "demo.order.query", "{}") }).await;
    assert_eq!(world.receive(Received::new(TEST, "", FORM, body)).await, "{}", "the definition says on");
}
