//! Limits and mock rules in the gateway file.

use gateway::directory::{Action, Change, Document, Environment, Error};
use gateway::limit::{LimitRule, RuleScope};
use serde_json::{Value, json};

use crate::world::{World, world};

fn document() -> Value {
    json!({
        "limit": [
            { "app": "21300001", "per_second": 50, "per_day": 100000, "ban_seconds": 10 },
            { "scope": "target", "target": "21300099", "environment": "production", "per_second": 200 },
            { "scope": "target", "target": "21300099", "environment": "production", "per_day": 900, "off": true },
        ],
        "stub": [{
            "method": "toy.note.query",
            "rules": [
                { "name": "slow", "when": [{ "at": "page_no", "equals": "2" }], "delay_ms": 1, "body": r#"{"page":"${page_no}"}"# },
                { "body": r#"{"page":"any"}"# },
            ],
        }],
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

async fn exported(world: &World) -> Value {
    world.gateway.directory().document().await.unwrap().to_value()
}

#[tokio::test]
async fn they_are_applied_are_in_force_and_come_out_as_they_went_in() {
    let world = world().await;
    let wanted = document();
    let expected = [
        "Add limit app app 21300001",
        "Add limit target target 21300099 in production",
        "Add limit target target 21300099 in production (no. 2)",
        "Add stub toy.note.query in test",
    ];
    assert_eq!(lines(&compare(&world, &wanted).await), expected);
    assert_eq!(lines(&apply(&world, &wanted).await.unwrap()), expected);
    let directory = world.gateway.directory();
    let limits = directory.snapshot().limits().to_vec();
    let first = limits.iter().find(|rule| rule.scope == RuleScope::App).unwrap();
    assert_eq!((first.per_second, first.per_day, first.ban_seconds, limits.len()), (50, 100_000, 10, 3));
    for (page, answer) in [("2", r#"{"page":"2"}"#), ("3", r#"{"page":"any"}"#)] {
        assert_eq!(world.qimen("/router/qmtest", "toy.note.query", &[("page_no", page)]).await, answer);
    }

    assert_eq!(apply(&world, &wanted).await, Ok(vec![]), "again changes nothing");
    let out = exported(&world).await;
    assert_eq!((&out["limit"], &out["stub"]), (&wanted["limit"], &wanted["stub"]));
    let fresh = crate::world::world().await;
    let mut only = out;
    only.as_object_mut().unwrap().retain(|name, _| name == "limit" || name == "stub");
    apply(&fresh, &only).await.unwrap();
    assert_eq!(exported(&fresh).await["limit"], wanted["limit"], "another Matou takes it over");
}

#[tokio::test]
async fn what_did_not_change_keeps_its_count_and_its_version() {
    let world = world().await;
    apply(&world, &document()).await.unwrap();
    let directory = world.gateway.directory();
    let before = directory.snapshot().limits().to_vec();
    let mut wanted = document();
    wanted["limit"][1]["per_second"] = json!(300);
    wanted["stub"][0]["rules"][1]["body"] = json!(r#"{"page":"other"}"#);
    let changes = compare(&world, &wanted).await;
    assert_eq!(
        serde_json::to_value(&changes).unwrap(),
        json!([
            {
                "action": "change", "what": "limit target target 21300099 in production",
                "members": [{ "path": "per_second", "before": 200, "after": 300 }],
            },
            {
                "action": "change", "what": "stub toy.note.query in test",
                "members": [{ "path": "rules[2].body", "before": r#"{"page":"any"}"#, "after": r#"{"page":"other"}"# }],
            },
        ])
    );
    apply(&world, &wanted).await.unwrap();
    let after = directory.snapshot().limits().to_vec();
    let generations = |rules: &[LimitRule]| rules.iter().map(|rule| (rule.number, rule.generation)).collect::<Vec<_>>();
    assert_eq!(generations(&before), [(1, 1), (2, 1), (3, 1)]);
    assert_eq!(generations(&after), [(1, 1), (2, 2), (3, 1)]);
    assert_eq!(directory.snapshot().stub(Environment::Test, "toy.note.query").unwrap().version, 2);
}

#[tokio::test]
async fn an_absent_section_is_left_alone_and_an_empty_one_clears() {
    let world = world().await;
    apply(&world, &document()).await.unwrap();
    assert_eq!(compare(&world, &json!({ "scene": [] })).await, []);
    let changes = apply(&world, &json!({ "limit": [], "stub": [] })).await.unwrap();
    assert_eq!(changes.len(), 4);
    assert!(changes.iter().all(|change| change.action == Action::Remove));
    let snapshot = world.gateway.directory().snapshot();
    assert!(snapshot.limits().is_empty() && snapshot.stubs().is_empty());
    let kept = world.gateway.directory().stub_versions(Environment::Test, "toy.note.query".into()).await.unwrap();
    assert_eq!(kept.len(), 1, "its versions are kept");
}

#[tokio::test]
async fn one_fault_leaves_everything_as_it_was() {
    let world = world().await;
    let before = exported(&world).await;
    let with = |section: &str, row: usize, member: &str, value: Value| {
        let mut document = document();
        document[section][row][member] = value;
        document
    };
    let rule = json!([{ "body": "{" }]);
    for (wrong, says) in [
        (
            with("limit", 1, "per_second", json!(0)),
            "limit target target 21300099 in production: a limit has per_second",
        ),
        (
            with("limit", 0, "method", json!("toy.note.query")),
            "limit app app 21300001 method toy.note.query: scope app",
        ),
        (with("limit", 0, "ban_second", json!(1)), "limit[1].ban_second: no such setting"),
        (with("limit", 0, "scope", json!("caller")), "limit[1]: unknown variant `caller`"),
        (with("stub", 0, "rules", rule), "stub toy.note.query in test: rules[0]: body is"),
        (with("stub", 0, "environments", json!(["test", "test"])), "stub: toy.note.query in test is there twice"),
        (with("stub", 0, "when", json!([])), "stub[1].when: no such setting"),
    ] {
        let refused = apply(&world, &wrong).await;
        assert!(matches!(&refused, Err(error) if error.to_string().starts_with(says)), "{says}: {refused:?}");
        assert_eq!(exported(&world).await, before, "{says}");
    }
}
