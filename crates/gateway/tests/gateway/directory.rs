//! The directory: what the admin API does with it, and what other nodes notice.

use gateway::Directory;
use gateway::directory::{AppChange, Environment, Error, Grant, NewApp, NewTenant, Protocol, Rights, Settings, Target};
use store::{Secret, Tenant};

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
    let target = Target { key: "t".into(), name: String::new(), kind: "other".into() };
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
