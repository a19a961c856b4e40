//! Limits and bans: each scope, what the caller is told, several nodes on one database.

use std::sync::Arc;

use gateway::directory::{AppChange, Environment, Protocol};
use gateway::limit::{Budget, LimitRule, RuleScope, Span};
use gateway::{Config, Received, Sent};

use crate::world::{FORM, World, openapi2_form, qimen_form, world, world_with};

async fn limit(world: &World, rule: LimitRule) -> i64 {
    world.gateway.directory().put_limit(rule).await.unwrap()
}

async fn qimen(world: &World) -> Sent {
    let body = qimen_form("scene0.toy.note.query", &[]);
    world.gateway.answer(Received::new("/router/qm", "", FORM, body)).await
}

fn said(sent: &Sent) -> String {
    String::from_utf8_lossy(&sent.body).into_owned()
}

#[tokio::test]
async fn each_scope_has_its_own_sub_code_and_tells_the_ban() {
    for (scope, sub_code) in [
        (RuleScope::App, "accesscontrol.limited-by-app-access-count"),
        (RuleScope::Api, "accesscontrol.limited-by-api-access-count"),
        (RuleScope::AppApi, "accesscontrol.limited-by-app-api-access-count"),
        (RuleScope::Target, "accesscontrol.limited-by-dynamic-access-count"),
    ] {
        let world = world().await;
        let rule = LimitRule { scope, per_minute: 2, ban_seconds: 300, ..LimitRule::default() };
        let number = limit(&world, rule).await;
        // The second 20 of a minute.
        let first = qimen(&world).await;
        assert_eq!(first.budget, Some(Budget { limit: 2, remaining: 1, seconds: 40 }), "{scope:?}");
        assert_eq!(qimen(&world).await.budget.map(|budget| budget.remaining), Some(0));
        let refused = qimen(&world).await;
        assert_eq!(
            refused.budget,
            Some(Budget { limit: 2, remaining: 0, seconds: 300 }),
            "what is left is told here, too"
        );
        let refused = said(&refused);
        assert!(refused.contains(&format!(r#""sub_code":"{sub_code}""#)), "{refused}");
        assert!(
            refused.contains(r#""code":7"#) && refused.contains("This ban will last for 300 more seconds"),
            "{refused}"
        );
        world.clock.advance(299);
        let still = said(&world_call(&world, "2023-11-15 06:18:19").await);
        assert!(still.contains("This ban will last for 1 more seconds"), "{still}");
        world.clock.advance(1);
        let free = said(&world_call(&world, "2023-11-15 06:18:20").await);
        assert!(free.contains("errorcode"), "{free}");
        world.gateway.directory().reset_limit(number).await.unwrap();
        assert_eq!(world_call(&world, "2023-11-15 06:18:20").await.budget.map(|budget| budget.remaining), Some(1));
    }
}

async fn world_call(world: &World, timestamp: &str) -> Sent {
    let body = qimen_form("scene0.toy.note.query", &[("timestamp", timestamp)]);
    world.gateway.answer(Received::new("/router/qm", "", FORM, body)).await
}

#[tokio::test]
async fn a_rule_concerns_only_whom_it_names() {
    let world = world().await;
    let text = |text: &str| Some(text.to_owned());
    for rule in [
        LimitRule { app: text("somebody"), per_day: 1, ..LimitRule::default() },
        LimitRule { scope: RuleScope::Api, method: text("toy.note.push"), per_day: 1, ..LimitRule::default() },
        LimitRule { environment: Some(Environment::Test), per_day: 1, ..LimitRule::default() },
        LimitRule { per_day: 1, off: true, ..LimitRule::default() },
    ] {
        limit(&world, rule).await;
    }
    for _ in 0..3 {
        let sent = qimen(&world).await;
        assert!(sent.budget.is_none() && said(&sent).contains("errorcode"), "{}", said(&sent));
    }
    let number = limit(&world, LimitRule { app: text("demo2-ot"), per_second: 1, ..LimitRule::default() }).await;
    assert_eq!(world.openapi2("note_query.php", &[]).await, r#"{"code":0,"message":"","total_count":0,"notes":[]}"#);
    let refused = world.openapi2("note_query.php", &[]).await;
    assert!(refused.contains(r#""code":1012"#), "{refused}");
    assert!(world.gateway.directory().delete_limit(number).await.unwrap());
    assert!(world.openapi2("note_query.php", &[]).await.contains(r#""code":0"#));
    for wrong in [
        LimitRule::default(),
        LimitRule { scope: RuleScope::Api, app: text("a"), per_day: 1, ..LimitRule::default() },
        LimitRule { per_day: 1, ban_seconds: u32::MAX, ..LimitRule::default() },
    ] {
        assert!(world.gateway.directory().put_limit(wrong).await.is_err());
    }
}

#[tokio::test]
async fn what_is_refused_by_one_rule_does_not_count_for_the_others() {
    let world = world().await;
    let day = limit(&world, LimitRule { per_day: 10, ..LimitRule::default() }).await;
    limit(&world, LimitRule { scope: RuleScope::Api, per_second: 1, ..LimitRule::default() }).await;
    for _ in 0..5 {
        qimen(&world).await;
    }
    world.clock.advance(1);
    let sent = world_call(&world, "2023-11-15 06:13:21").await;
    assert_eq!(sent.budget.map(|budget| budget.limit), Some(1));
    world
        .gateway
        .directory()
        .put_limit(LimitRule { number: day, per_day: 10, off: true, ..LimitRule::default() })
        .await
        .unwrap();
    world.gateway.directory().put_limit(LimitRule { number: day, per_day: 10, ..LimitRule::default() }).await.unwrap();
    let usage = world.gateway.limit_usage().await.unwrap();
    assert!(usage.iter().all(|usage| usage.rule != day), "a change begins anew: {usage:?}");
}

#[tokio::test]
async fn a_day_is_counted_over_a_restart_and_never_exceeded_by_two_nodes() {
    let world = world().await;
    limit(&world, LimitRule { per_day: 40, ..LimitRule::default() }).await;
    // A second gateway on the same store stands for a second node: it has a memory of its own.
    let second = world.node(Config::default()).await;
    let mut passed = [0, 0];
    for _ in 0..40 {
        for (node, passed) in [&world.gateway, &second].into_iter().zip(&mut passed) {
            let body = qimen_form("scene0.toy.note.query", &[]);
            let sent = node.answer(Received::new("/router/qm", "", FORM, body)).await;
            if said(&sent).contains("errorcode") {
                *passed += 1;
            } else {
                assert!(said(&sent).contains(r#""code":7"#), "{}", said(&sent));
            }
        }
    }
    assert_eq!(passed.iter().sum::<i32>(), 40, "{passed:?}");
    assert!(passed.iter().all(|passed| *passed > 5), "both get some: {passed:?}");
    let third = world.node(Config::default()).await;
    let body = qimen_form("scene0.toy.note.query", &[]);
    let sent = third.answer(Received::new("/router/qm", "", FORM, body)).await;
    assert!(said(&sent).contains("This ban will last for"), "{}", said(&sent));
    let usage = world.gateway.limit_usage().await.unwrap();
    assert_eq!(usage.iter().map(|usage| (usage.span, usage.used)).collect::<Vec<_>>(), [(Span::Day, 40)]);
    assert_eq!(usage[0].app, "21300001");
}

#[tokio::test]
async fn a_crowd_on_two_nodes_stays_within_the_minute() {
    let world = world().await;
    limit(&world, LimitRule { per_minute: 30, ..LimitRule::default() }).await;
    let nodes = if world.store.is_embedded() {
        // One database in one process has one node.
        vec![Arc::clone(&world.gateway)]
    } else {
        vec![Arc::clone(&world.gateway), world.node(Config::default()).await]
    };
    let calls = (0..120).map(|n| {
        let node = Arc::clone(&nodes[n % nodes.len()]);
        tokio::spawn(async move {
            let body = openapi2_form("demo2-ot", &[]);
            node.answer(Received::new("/openapi2/note_query.php", "", FORM, body)).await
        })
    });
    let mut passed = 0;
    for call in calls.collect::<Vec<_>>() {
        passed += i32::from(said(&call.await.unwrap()).contains(r#""code":0"#));
    }
    assert_eq!(passed, 30);
}

#[tokio::test]
async fn limits_cost_nothing_to_calls_that_are_refused_before() {
    let world = world_with(Config::default()).await;
    limit(&world, LimitRule { per_day: 1, ..LimitRule::default() }).await;
    let change = AppChange { enabled: Some(false), ..AppChange::default() };
    world.change(Protocol::Top, "21300001", change).await;
    for _ in 0..3 {
        assert!(said(&qimen(&world).await).contains(r#""code":29"#));
    }
    world.change(Protocol::Top, "21300001", AppChange { enabled: Some(true), ..AppChange::default() }).await;
    assert!(said(&qimen(&world).await).contains("errorcode"));
}
