//! The directory: what the admin API does with it, and what other nodes notice.

use gateway::Directory;
use gateway::directory::{
    Api, ApiState, AppChange, CustomerRoute, Decision, Direction, Endpoint, Environment, Error, FailureRule, Grant,
    GrantStatus, NewApp, NewTenant, Openapi2Account, Parameter, Protocol, Reach, Rights, Scene, Settings, Target,
    TargetKind,
};
use store::{Secret, Tenant};
use units::Clock;

use crate::world::{grant, world};

fn tenant(sid: &str) -> NewTenant {
    NewTenant {
        sid: sid.into(),
        environment: Environment::Production,
        name: String::new(),
        settings: Settings::default(),
    }
}

fn app(protocol: Protocol, key: &str, secret: &str, tenant: i64) -> NewApp {
    NewApp {
        protocol,
        key: key.into(),
        secret: Secret::new(secret.as_bytes()),
        tenant,
        name: String::new(),
        rights: Rights::default(),
        options: Default::default(),
    }
}

#[tokio::test]
async fn refuses_what_is_taken_unknown_or_malformed() {
    let world = world().await;
    let directory = world.gateway.directory();
    let taken = directory.create_tenant(tenant("demo2")).await.err();
    assert_eq!(taken, Some(Error::Taken("sid demo2 in production".into())));
    let taken = directory.create_app(app(Protocol::Top, "21300001", "long enough", 0)).await.err();
    assert_eq!(taken, Some(Error::Taken("top key 21300001".into())));
    for (protocol, key, secret, tenant) in [
        (Protocol::Top, "", "long enough", 0),
        (Protocol::Top, "a b", "long enough", 0),
        (Protocol::Top, "名", "long enough", 0),
        (Protocol::Top, "213", "short", 0),
        (Protocol::Top, "213", "long enough", 1),
        (Protocol::Openapi2, "213", "long enough", 0),
    ] {
        let refused = directory.create_app(app(protocol, key, secret, tenant)).await.err();
        assert!(matches!(refused, Some(Error::Invalid(_))), "{key} {secret}: {refused:?}");
    }
    let unknown = directory.create_app(app(Protocol::Openapi2, "x", "long enough", 99)).await.err();
    assert_eq!(unknown, Some(Error::Unknown("tenant 99".into())));
    let production = grant(Environment::Production);
    for wrong in [
        Grant { app_key: "1".into(), ..production.clone() },
        Grant { target_app_key: "1".into(), ..production.clone() },
        Grant { sid: "nobody".into(), ..production },
    ] {
        assert!(matches!(directory.grant(wrong).await.err(), Some(Error::Unknown(_))));
    }
    let mut target = Target { kind: TargetKind::Http, ..Target::built_in("t", "") };
    target.test.url = "ftp://a.example/".into();
    assert!(matches!(directory.put_target(target).await.err(), Some(Error::Invalid(_))));
}

#[tokio::test]
async fn a_failed_creation_gives_its_number_to_the_next() {
    let world = world().await;
    let directory = world.gateway.directory();
    directory.create_tenant(tenant("demo2")).await.unwrap_err();
    assert_eq!(directory.create_tenant(tenant("demo3")).await.unwrap().number, 4);
}

#[tokio::test]
async fn another_node_notices_changes_and_reads_the_same() {
    let world = world().await;
    let other = Directory::open(world.store.clone()).await.unwrap();
    assert!(!other.refresh_if_changed().await.unwrap());
    world.app(Protocol::Top, "21300002", 0).await;
    assert!(other.snapshot().app(Protocol::Top, "21300002").is_none());
    assert!(other.refresh_if_changed().await.unwrap());
    let (here, there) = (world.gateway.directory().snapshot(), other.snapshot());
    let keys = |s: &gateway::directory::Snapshot| s.apps().iter().map(|a| a.key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&here), keys(&there));
    assert_eq!(here.grants(), there.grants());
    assert_eq!(there.tenants().len(), 3);
    assert_eq!(there.targets().len(), 1);
}

/// Two nodes, each with a store of its own on one database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_reaches_the_other_node_with_its_next_look() {
    let world = world().await;
    let Some(store) = world.second_store() else { return };
    let other = Directory::open(store.clone()).await.unwrap();
    let here = world.gateway.directory();
    here.put_scene(scene("x1y2z3")).await.unwrap();
    here.draft_api(api("one")).await.unwrap();
    here.publish_api(Environment::Test, "x1y2z3".into(), "demo.order.push".into(), 1).await.unwrap();
    assert!(other.snapshot().scene("x1y2z3").is_none());
    assert_eq!(other.refresh_if_changed().await, Ok(true));
    assert!(other.snapshot().api(Environment::Test, "x1y2z3", "demo.order.push").is_some());
    assert_eq!(other.refresh_if_changed().await, Ok(false));
    let withdrawn = other.revoke(grant(Environment::Production)).await;
    assert_eq!(withdrawn, Ok(true));
    let reach = || here.snapshot().reach(Environment::Production, "21300001", "21300099", "demo2", world.clock.now());
    assert_eq!((reach(), here.refresh_if_changed().await, reach()), (Reach::Granted, Ok(true), Reach::Nothing));
    store.close();
}

#[tokio::test]
async fn secrets_are_sealed_changed_at_once_and_never_shown() {
    let world = world().await;
    let before = world.openapi2("note_query.php", &[]).await;
    assert!(before.starts_with(r#"{"code":0"#));
    let sealed: Vec<Vec<u8>> = world
        .store
        .read(Tenant::HOUSE, |reader| {
            reader.query("SELECT secret FROM directory_app", &[], |row| row.bytes(0).map(<[u8]>::to_vec))
        })
        .await
        .unwrap();
    let secret = crate::world::SECRET.as_bytes();
    assert!(sealed.len() == 3 && sealed.iter().all(|s| !s.windows(secret.len()).any(|w| w == secret)));
    let change = AppChange { secret: Some(Secret::new(*b"another secret")), ..AppChange::default() };
    world.change(Protocol::Openapi2, "demo2-ot", change).await;
    assert!(world.openapi2("note_query.php", &[]).await.starts_with(r#"{"code":2100"#));
    let app = world.gateway.directory().snapshot().apps().remove(0);
    assert!(!serde_json::to_string(&*app).unwrap().contains("secret"));
}

fn scene(code: &str) -> Scene {
    Scene { code: code.into(), ..Scene::default() }
}

fn api(title: &str) -> Api {
    Api {
        environment: Environment::Test,
        scene: "x1y2z3".into(),
        name: "demo.order.push".into(),
        title: title.into(),
        ..Api::default()
    }
}

#[tokio::test]
async fn versions_of_a_definition_are_drafted_published_and_rolled_back() {
    let world = world().await;
    let directory = world.gateway.directory();
    let unknown = directory.draft_api(api("one")).await.err();
    assert_eq!(unknown, Some(Error::Unknown("scene x1y2z3".into())));
    directory.put_scene(scene("x1y2z3")).await.unwrap();
    assert_eq!(directory.draft_api(api("one")).await, Ok(1));
    assert_eq!(directory.draft_api(api("one, better")).await, Ok(1));
    let online = || {
        let found = directory.snapshot().api(Environment::Test, "x1y2z3", "demo.order.push").cloned();
        found.map(|api| (api.version, api.title.clone()))
    };
    assert_eq!(online(), None);
    let publish =
        |version| directory.publish_api(Environment::Test, "x1y2z3".into(), "demo.order.push".into(), version);
    publish(1).await.unwrap();
    assert_eq!(online(), Some((1, "one, better".into())));
    assert_eq!(directory.draft_api(api("two")).await, Ok(2));
    assert_eq!(online(), Some((1, "one, better".into())));
    publish(2).await.unwrap();
    assert_eq!(online(), Some((2, "two".into())));
    publish(1).await.unwrap();
    assert_eq!(online(), Some((1, "one, better".into())));
    let states: Vec<_> = directory.api_versions().await.unwrap().iter().map(|(api, s)| (api.version, *s)).collect();
    assert_eq!(states, [(1, ApiState::Online), (2, ApiState::Retired)]);
    assert!(matches!(publish(3).await, Err(Error::Unknown(_))));
    assert!(matches!(directory.delete_scene("x1y2z3".into()).await, Err(Error::Invalid(_))));
    assert_eq!(directory.retire_api(Environment::Test, "x1y2z3".into(), "demo.order.push".into()).await, Ok(true));
    assert_eq!(online(), None);
    assert_eq!(directory.delete_scene("x1y2z3".into()).await, Ok(true));
}

#[tokio::test]
async fn definitions_that_cannot_be_meant_are_refused() {
    let world = world().await;
    let directory = world.gateway.directory();
    directory.put_scene(scene("x1y2z3")).await.unwrap();
    let parameter = |name: &str| Parameter { name: name.into(), ..Parameter::default() };
    let renamed = |name: &str, there: &str| Parameter { target_name: there.into(), ..parameter(name) };
    for (wrong, says) in [
        (Api { name: "push".into(), ..api("") }, "name"),
        (Api { name: "a..b".into(), ..api("") }, "name"),
        (Api { timeout_ms: 30_001, ..api("") }, "timeout_ms"),
        (Api { timeout_ms: 0, ..api("") }, "timeout_ms"),
        (Api { parameters: vec![parameter("a"), parameter("a")], ..api("") }, "parameters"),
        (Api { parameters: vec![parameter("sign")], ..api("") }, "parameters"),
        (
            Api { parameters: vec![renamed("a", "b"), parameter("b")], ..api("") },
            "parameters: the target would get b twice",
        ),
        (Api { parameters: vec![renamed("a", "app_key")], ..api("") }, "parameters: app_key is a public parameter"),
        (Api { parameters: vec![parameter("a")], indexed: Some("b".into()), ..api("") }, "indexed"),
        (Api { parameters: vec![parameter("a")], once_key: vec!["b".into()], ..api("") }, "once_key"),
        (Api { failure: Some(FailureRule { field: "f".into(), ..FailureRule::default() }), ..api("") }, "failure"),
        (Api { path: "/../x".into(), ..api("") }, "path"),
        (Api { path: "/x?y".into(), ..api("") }, "path"),
    ] {
        let refused = directory.draft_api(wrong).await;
        assert!(matches!(&refused, Err(Error::Invalid(text)) if text.starts_with(says)), "{says}: {refused:?}");
    }
    for wrong in [scene("A"), scene("a.b"), scene(""), Scene { hosts: vec!["a:80".into()], ..scene("a") }] {
        assert!(matches!(directory.put_scene(wrong).await, Err(Error::Invalid(_))));
    }
    let taken = Scene { hosts: vec!["x1y2z3.example.cn".into()], ..scene("other") };
    assert!(matches!(directory.put_scene(taken).await, Err(Error::Taken(_))));
}

#[tokio::test]
async fn endpoints_keep_their_secrets_sealed_and_when_nothing_new_is_said() {
    let world = world().await;
    let directory = world.gateway.directory();
    let account =
        Openapi2Account { appkey: "wdt2-ot".into(), secret: Secret::new(*b"wdt-secret"), ..Default::default() };
    let test = Endpoint {
        url: "https://sandbox.example.cn/openapi2/".into(),
        secret: Secret::new(*b"target-secret"),
        openapi2: Some(account),
        ..Endpoint::default()
    };
    let target = Target { kind: TargetKind::Openapi2, test, ..Target::built_in("21363512", "旺店通") };
    directory.put_target(target.clone()).await.unwrap();
    assert_eq!(directory.snapshot().target("21363512").map(|found| (**found).clone()), Some(target.clone()));
    let mut quiet = target.clone();
    quiet.test.secret = Secret::default();
    quiet.test.openapi2.as_mut().unwrap().secret = Secret::default();
    quiet.test.max_in_flight = 8;
    directory.put_target(quiet).await.unwrap();
    let kept = directory.snapshot().target("21363512").cloned().unwrap();
    assert_eq!((kept.test.max_in_flight, kept.test.secret.expose_text()), (8, "target-secret"));
    assert_eq!(kept.test.openapi2.as_ref().unwrap().secret.expose_text(), "wdt-secret");
    let stored: Vec<(Vec<u8>, String)> = world
        .store
        .read(Tenant::HOUSE, |reader| {
            reader.query("SELECT secret, account_secret, definition FROM gateway_endpoint", &[], |row| {
                Ok(([row.bytes(0)?, row.bytes(1)?].concat(), row.text(2)?.to_owned()))
            })
        })
        .await
        .unwrap();
    assert_eq!(stored.len(), 2);
    for (sealed, definition) in &stored {
        assert!(!sealed.windows(7).any(|w| w == b"-secret") && !definition.contains("-secret"), "{definition}");
    }
    for url in ["sandbox.example.cn", "https://", "https://u:p@a.example/", "https://a.example/?x=1", "file:///etc"] {
        let mut wrong = target.clone();
        wrong.production.url = url.into();
        assert!(matches!(directory.put_target(wrong).await, Err(Error::Invalid(_))), "{url}");
    }
}

#[tokio::test]
async fn an_authorisation_is_applied_for_decided_and_withdrawn_and_its_story_is_kept() {
    let world = world().await;
    let directory = world.gateway.directory();
    world.app(Protocol::Top, "21300002", 0).await;
    let grant = Grant { app_key: "21300002".into(), ..grant(Environment::Production) };
    let step = |status, reason: &str| {
        directory.decide(Decision { grant: grant.clone(), status, until: None, by: "li".into(), reason: reason.into() })
    };
    let reach =
        || directory.snapshot().reach(Environment::Production, "21300002", "21300099", "demo2", world.clock.now());
    assert!(matches!(step(GrantStatus::Rejected, "no").await, Err(Error::Unknown(_))));
    step(GrantStatus::Applied, "自研商城").await.unwrap();
    assert_eq!(reach(), Reach::Nothing);
    assert!(matches!(step(GrantStatus::Rejected, "").await, Err(Error::Invalid(_))));
    step(GrantStatus::Rejected, "资料不全").await.unwrap();
    assert!(matches!(step(GrantStatus::Withdrawn, "").await, Err(Error::Invalid(_))));
    step(GrantStatus::Applied, "已补资料").await.unwrap();
    step(GrantStatus::Approved, "").await.unwrap();
    step(GrantStatus::Approved, "again").await.unwrap();
    assert_eq!(reach(), Reach::Granted);
    assert!(matches!(step(GrantStatus::Rejected, "late").await, Err(Error::Invalid(_))));
    assert!(matches!(directory.delete_target("21300099".into()).await, Err(Error::Invalid(_))));
    step(GrantStatus::Withdrawn, "合作结束").await.unwrap();
    assert_eq!(reach(), Reach::Nothing);
    let story = directory.story(grant).await.unwrap();
    let steps: Vec<_> =
        story.iter().map(|event| (event.status.name(), event.by.as_str(), event.reason.as_str())).collect();
    assert_eq!(
        steps,
        [
            ("applied", "li", "自研商城"),
            ("rejected", "li", "资料不全"),
            ("applied", "li", "已补资料"),
            ("approved", "li", ""),
            ("withdrawn", "li", "合作结束"),
        ]
    );
}

#[tokio::test]
async fn a_customer_route_leads_to_a_known_target() {
    let world = world().await;
    let directory = world.gateway.directory();
    let route = |target: &str| CustomerRoute {
        environment: Environment::Production,
        customer_id: "c0001".into(),
        direction: Direction::ToErp,
        target_app_key: target.into(),
    };
    assert!(matches!(directory.put_customer_route(route("1")).await, Err(Error::Unknown(_))));
    directory.put_customer_route(route("21300099")).await.unwrap();
    assert_eq!(directory.snapshot().customer_routes(), [route("21300099")]);
    let gone = directory.delete_customer_route(Environment::Production, "c0001".into(), Direction::ToErp).await;
    assert_eq!((gone, directory.snapshot().customer_routes().len()), (Ok(true), 0));
}
