//! The gateway file: read strictly, compared, applied whole or not at all, and written without secrets.

use gateway::directory::{Action, Change, Document, Environment, Error, Grant, GrantStatus, Reach};
use serde_json::{Value, json};
use units::Clock;

use crate::world::{World, world};

fn document() -> Value {
    json!({
        "scene": [{ "code": "x1y2z3", "name": "示例场景", "hosts": ["shop.example.cn"] }],
        "application": [{ "app_key": "21300007", "name": "自研商城", "secret": "app-secret-07", "addresses": ["10.0.0.0/8"] }],
        "target": [
            { "target_app_key": "21300099", "name": "ERP", "kind": "erp" },
            {
                "target_app_key": "21360000", "name": "对方", "kind": "http",
                "test": { "url": "https://test.example.cn/qimen", "secret": "target-secret", "max_in_flight": 8 },
            },
        ],
        "api": [{
            "scene": "x1y2z3", "name": "demo.order.push", "effect": "command", "body": "json", "timeout_ms": 20000,
            "parameters": [{ "name": "tid", "required": true }, { "name": "lines", "kind": "list" }],
            "indexed": "tid", "once_key": ["tid"],
            "failure": { "field": "result_success", "is": ["false"] },
        }],
        "customer_route": [{ "customer_id": "c0001", "direction": "to_wms", "target_app_key": "21360000" }],
        "authorisation": [{ "app_key": "21300007", "target_app_key": "21360000", "environments": ["test"] }],
    })
}

async fn compare(world: &World, value: &Value) -> Vec<Change> {
    world.gateway.directory().compare(Document::read(value).unwrap()).await.unwrap()
}

async fn apply(world: &World, value: &Value) -> Result<Vec<Change>, Error> {
    world.gateway.directory().apply(Document::read(value)?, "test".into()).await
}

fn lines(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|change| format!("{:?} {}", change.action, change.what)).collect()
}

#[tokio::test]
async fn a_file_is_applied_once_and_then_changes_nothing() {
    let world = world().await;
    let wanted = document();
    let expected = [
        "Add scene x1y2z3",
        "Add application 21300007",
        "Add target 21360000",
        "Add api x1y2z3.demo.order.push in production",
        "Add api x1y2z3.demo.order.push in test",
        "Add customer_route c0001 to_wms in production",
        "Add customer_route c0001 to_wms in test",
        "Add authorisation 21300007 -> 21360000 sid * in test",
        "Remove authorisation 21300001 -> 21300099 sid demo2 in production",
        "Remove authorisation 21300001 -> 21300099 sid demo2 in test",
    ];
    assert_eq!(lines(&compare(&world, &wanted).await), expected);
    let done = apply(&world, &wanted).await.unwrap();
    assert_eq!(lines(&done), expected);
    let snapshot = world.gateway.directory().snapshot();
    let reach = |environment| snapshot.reach(environment, "21300007", "21360000", "any", world.clock.now());
    assert_eq!((reach(Environment::Test), reach(Environment::Production)), (Reach::Granted, Reach::Nothing));
    let target = snapshot.target("21360000").unwrap();
    assert_eq!((target.test.max_in_flight, target.test.secret.expose_text()), (8, "target-secret"));
    let api = snapshot.api(Environment::Production, "x1y2z3", "demo.order.push").unwrap();
    assert_eq!((api.version, api.timeout_ms, api.parameters.len()), (1, 20_000, 2));
    assert_eq!(apply(&world, &wanted).await, Ok(vec![]));
    let grant = Grant {
        environment: Environment::Test,
        app_key: "21300007".into(),
        target_app_key: "21360000".into(),
        sid: "*".into(),
    };
    let story = world.gateway.directory().story(grant).await.unwrap();
    assert_eq!(
        story.iter().map(|event| (event.status, event.by.as_str())).collect::<Vec<_>>(),
        [(GrantStatus::Approved, "test")]
    );
}

#[tokio::test]
async fn what_is_exported_has_no_secret_and_changes_nothing_when_it_is_applied() {
    let world = world().await;
    apply(&world, &document()).await.unwrap();
    let exported = world.gateway.directory().document().await.unwrap().to_value();
    let text = exported.to_string();
    assert!(!text.contains("secret"), "{text}");
    assert_eq!(exported["api"].as_array().map(Vec::len), Some(1), "both environments stand in one row: {text}");
    assert_eq!(
        exported["api"][0]["parameters"],
        json!([{ "name": "tid", "required": true }, { "name": "lines", "kind": "list" }])
    );
    assert_eq!(
        exported["target"][1],
        json!({
            "target_app_key": "21360000", "name": "对方", "kind": "http",
            "test": { "url": "https://test.example.cn/qimen", "max_in_flight": 8 },
        })
    );
    assert_eq!(compare(&world, &exported).await, []);
    let target = world.gateway.directory().snapshot().target("21360000").cloned().unwrap();
    assert_eq!(target.test.secret.expose_text(), "target-secret");
}

#[tokio::test]
async fn a_change_names_its_members_and_shows_no_secret() {
    let world = world().await;
    apply(&world, &document()).await.unwrap();
    let mut wanted = document();
    wanted["api"][0]["timeout_ms"] = json!(9000);
    wanted["api"][0]["environments"] = json!(["test"]);
    wanted["target"][1]["test"]["secret"] = json!("another-secret");
    let changes = compare(&world, &wanted).await;
    let told = serde_json::to_value(&changes).unwrap();
    let member = |path: &str, before: Value, after: Value| json!([{ "path": path, "before": before, "after": after }]);
    assert_eq!(
        told,
        json!([
            { "action": "change", "what": "target 21360000", "members": member("test.secret", json!("set"), json!("another one")) },
            { "action": "change", "what": "api x1y2z3.demo.order.push in test", "members": member("timeout_ms", json!(20000), json!(9000)) },
            { "action": "remove", "what": "api x1y2z3.demo.order.push in production", "members": [] },
        ])
    );
    apply(&world, &wanted).await.unwrap();
    let snapshot = world.gateway.directory().snapshot();
    assert!(snapshot.api(Environment::Production, "x1y2z3", "demo.order.push").is_none());
    assert_eq!(snapshot.api(Environment::Test, "x1y2z3", "demo.order.push").map(|api| api.version), Some(2));
}

#[tokio::test]
async fn a_file_with_one_fault_changes_nothing() {
    let world = world().await;
    let before = world.gateway.directory().document().await.unwrap();
    let with = |section: &str, pointer: &str, value: Value| {
        let mut document = document();
        document[section][0][pointer] = value;
        document
    };
    for (wrong, says) in [
        (with("api", "scene", json!("nowhere")), "scene nowhere does not exist"),
        (with("api", "timeout_ms", json!(60000)), "timeout_ms"),
        (with("authorisation", "target_app_key", json!("1")), "target_app_key 1 does not exist"),
        (with("customer_route", "target_app_key", json!("1")), "target_app_key 1 does not exist"),
        (with("application", "secret", Value::Null), "secret_env or secret_file"),
        (with("scene", "hosts", json!(["hu3cgwt0tc.api.taobao.com"])), "exists already"),
    ] {
        let refused = apply(&world, &wrong).await;
        assert!(matches!(&refused, Err(error) if error.to_string().contains(says)), "{says}: {refused:?}");
        assert_eq!(world.gateway.directory().document().await.unwrap(), before, "{says}");
    }
}

#[tokio::test]
async fn unknown_settings_and_double_rows_are_named() {
    let world = world().await;
    for (wrong, says) in [
        (json!({ "scenes": [] }), "scenes: no such section"),
        (json!({ "api": [{ "name": "a.b" }] }), "api[1]: missing field `scene`"),
        (json!({ "api": [{ "scene": "a", "name": "a.b", "time_out": 1 }] }), "api[1].time_out: no such setting"),
        (json!({ "api": [{ "scene": "a", "name": "a.b", "effect": "read" }] }), "api[1]: unknown variant `read`"),
        (
            json!({ "api": [{ "scene": "a", "name": "a.b", "parameters": [{ "name": "x", "need": true }] }] }),
            "api[1].parameters[1].need: no such setting",
        ),
        (
            json!({ "target": [{ "target_app_key": "a", "kind": "http", "test": { "ulr": "x" } }] }),
            "target[1].test.ulr: no such setting",
        ),
        (json!({ "application": [{ "app_key": "a", "adresses": [] }] }), "application[1].adresses: no such setting"),
        (json!({ "api": {} }), "api: a list"),
    ] {
        let refused = Document::read(&wrong);
        assert!(matches!(&refused, Err(error) if error.to_string().starts_with(says)), "{says}: {refused:?}");
    }
    let double = json!({ "scene": [{ "code": "a" }, { "code": "a" }] });
    let refused = world.gateway.directory().compare(Document::read(&double).unwrap()).await;
    assert_eq!(refused, Err(Error::Invalid("scene: a is there twice".into())));
}

#[tokio::test]
async fn a_section_that_is_absent_is_left_alone_and_standing_scenes_stay() {
    let world = world().await;
    apply(&world, &document()).await.unwrap();
    assert_eq!(compare(&world, &json!({})).await, []);
    let cleared = json!({ "scene": [], "api": [], "application": [] });
    let changes = compare(&world, &cleared).await;
    assert_eq!(
        lines(&changes),
        [
            "Remove scene x1y2z3",
            "Remove api x1y2z3.demo.order.push in production",
            "Remove api x1y2z3.demo.order.push in test",
        ]
    );
    assert!(changes.iter().all(|change| change.action == Action::Remove));
    apply(&world, &cleared).await.unwrap();
    let left: Vec<_> = world.gateway.directory().snapshot().scenes().iter().map(|scene| scene.code.clone()).collect();
    assert_eq!(left, ["hu3cgwt0tc", "qimen"]);
}
