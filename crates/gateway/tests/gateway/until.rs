//! Authorisations that end: what callers hear, how they are extended, what the check and the gateway file say of them.

use gateway::directory::{
    Action, Authorisation, Decision, Document, Environment, Error, Extension, FindingKind, GrantStatus, readiness,
};
use serde_json::json;
use units::{Clock, Moment};

use crate::world::{NOW, World, grant, world};

const QM: &str = "/router/qm";
const DAY: i64 = 86_400;

fn at(seconds: i64) -> Option<Moment> {
    Some(Moment::from_unix(NOW + seconds))
}

async fn extend(world: &World, until: Option<Moment>) -> Result<(), Error> {
    let (by, reason) = ("li".into(), "续签".into());
    let extension = Extension { grant: grant(Environment::Production), until, by, reason };
    world.gateway.directory().extend(extension).await
}

async fn decide(world: &World, status: GrantStatus, until: Option<Moment>) -> Result<(), Error> {
    let (by, reason) = ("wang".into(), "试用".into());
    let decision = Decision { grant: grant(Environment::Production), status, until, by, reason };
    world.gateway.directory().decide(decision).await
}

async fn standing(world: &World) -> Authorisation {
    let all = world.gateway.directory().authorisations().await.unwrap();
    all.into_iter().find(|one| one.grant == grant(Environment::Production)).unwrap()
}

#[tokio::test]
async fn an_authorisation_lets_calls_through_until_its_end_and_again_when_it_is_extended() {
    let world = world().await;
    extend(&world, at(60)).await.unwrap();
    world.clock.advance(59);
    assert!(world.qimen(QM, "toy.note.query", &[]).await.contains(r#""errorcode":0"#));
    world.clock.advance(1);
    let refused = world.qimen(QM, "toy.note.query", &[]).await;
    let expected = r#""code":11,"message":"Insufficient ISV permissions","sub_code":"isv.invalid-permission","sub_message":"授权已于 2023-11-15 06:14:20 到期，请联系目标方延长授权 / the authorisation ended at 2023-11-15 06:14:20 (GMT+8); have the owner of the target extend it""#;
    assert!(refused.contains(expected), "{refused}");
    let before = world.stored(1).await;
    assert!(world.qimen(QM, "toy.note.push", &[("text", "a")]).await.contains(r#""code":11"#));
    assert_eq!(world.stored(1).await, before, "nothing of a refused call is stored");
    assert!(world.qimen("/router/qmtest", "toy.note.query", &[]).await.contains(r#""errorcode":0"#), "its own end");
    extend(&world, at(300)).await.unwrap();
    assert!(world.qimen(QM, "toy.note.query", &[]).await.contains(r#""errorcode":0"#));
    world.clock.advance(240);
    assert!(world.qimen(QM, "toy.note.query", &[]).await.contains(r#""code":11"#));
    extend(&world, None).await.unwrap();
    assert!(world.qimen(QM, "toy.note.query", &[]).await.contains(r#""errorcode":0"#));
}

#[tokio::test]
async fn every_end_is_a_step_of_the_story_and_one_that_has_passed_is_refused() {
    let world = world().await;
    decide(&world, GrantStatus::Approved, at(DAY)).await.unwrap();
    decide(&world, GrantStatus::Approved, None).await.unwrap();
    assert_eq!(standing(&world).await.until, at(DAY), "approving again takes no end away");
    extend(&world, at(2 * DAY)).await.unwrap();
    extend(&world, at(2 * DAY)).await.unwrap();
    for passed in [at(0), at(-DAY)] {
        for answer in [extend(&world, passed).await, decide(&world, GrantStatus::Approved, passed).await] {
            assert!(matches!(&answer, Err(Error::Invalid(text)) if text.contains("until")), "{answer:?}");
        }
    }
    decide(&world, GrantStatus::Withdrawn, None).await.unwrap();
    assert_eq!(standing(&world).await.until, None);
    let withdrawn = extend(&world, at(DAY)).await;
    assert!(matches!(&withdrawn, Err(Error::Invalid(text)) if text.contains("withdrawn")), "{withdrawn:?}");
    decide(&world, GrantStatus::Approved, at(3 * DAY)).await.unwrap();
    let story = world.gateway.directory().story(grant(Environment::Production)).await.unwrap();
    let told: Vec<_> = story.iter().map(|event| (event.status.name(), event.by.as_str(), event.until)).collect();
    assert_eq!(
        told,
        [
            ("approved", "", None),
            ("approved", "wang", at(DAY)),
            ("approved", "li", at(2 * DAY)),
            ("withdrawn", "wang", None),
            ("approved", "wang", at(3 * DAY)),
        ]
    );
    let nobody = Extension {
        grant: gateway::directory::Grant { app_key: "nobody".into(), ..grant(Environment::Test) },
        until: None,
        by: String::new(),
        reason: String::new(),
    };
    assert!(matches!(world.gateway.directory().extend(nobody).await, Err(Error::Unknown(_))));
}

#[tokio::test]
async fn the_check_warns_thirty_days_before_and_is_content_with_an_extension() {
    let world = world().await;
    let told = async |world: &World| {
        let directory = world.gateway.directory();
        let found = readiness(&directory.snapshot(), &directory.authorisations().await.unwrap(), world.clock.now());
        let ends = found.into_iter().filter(|f| matches!(f.kind, FindingKind::EndsSoon | FindingKind::Ended));
        ends.map(|f| (f.kind, f.environment, f.app_key, f.subject, f.until)).collect::<Vec<_>>()
    };
    extend(&world, at(31 * DAY)).await.unwrap();
    assert_eq!(told(&world).await, []);
    let finding = |kind, until| vec![(kind, Environment::Production, "21300001".into(), "demo2".into(), until)];
    world.clock.advance(DAY);
    assert_eq!(told(&world).await, finding(FindingKind::EndsSoon, at(31 * DAY)));
    world.clock.advance(30 * DAY - 1);
    assert_eq!(told(&world).await, finding(FindingKind::EndsSoon, at(31 * DAY)));
    world.clock.advance(1);
    assert_eq!(told(&world).await, finding(FindingKind::Ended, at(31 * DAY)));
    extend(&world, at(90 * DAY)).await.unwrap();
    assert_eq!(told(&world).await, []);
    world.clock.advance(60 * DAY);
    assert_eq!(told(&world).await, finding(FindingKind::Ended, at(90 * DAY)));
    decide(&world, GrantStatus::Withdrawn, None).await.unwrap();
    assert_eq!(told(&world).await, []);
}

#[tokio::test]
async fn the_gateway_file_keeps_ends() {
    let world = world().await;
    let directory = world.gateway.directory();
    extend(&world, at(DAY)).await.unwrap();
    let exported = directory.document().await.unwrap().to_value();
    let row = |environments: &[&str]| json!({ "app_key": "21300001", "target_app_key": "21300099", "sid": "demo2", "environments": environments });
    let mut production = row(&["production"]);
    production["until"] = json!("2023-11-16 06:13:20");
    assert_eq!(exported["authorisation"], json!([production, row(&["test"])]));
    // Also when it has ended, so that a copy of a directory can be made at any time.
    world.clock.advance(2 * DAY);
    assert_eq!(directory.compare(Document::read(&exported).unwrap()).await, Ok(vec![]));
    assert_eq!(directory.apply(Document::read(&exported).unwrap(), "test".into()).await, Ok(vec![]));

    let mut wanted = exported.clone();
    wanted["authorisation"][0]["until"] = json!("2024-01-01 00:00:00");
    let changes = directory.apply(Document::read(&wanted).unwrap(), "git".into()).await.unwrap();
    let [change] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!(change.action, Action::Change);
    assert_eq!(change.what, "authorisation 21300001 -> 21300099 sid demo2 in production");
    assert_eq!(
        serde_json::to_value(&change.members).unwrap(),
        json!([{ "path": "until", "before": "2023-11-16 06:13:20", "after": "2024-01-01 00:00:00" }])
    );
    assert_eq!(standing(&world).await.until, Moment::parse("2024-01-01 00:00:00").ok());
    let story = directory.story(grant(Environment::Production)).await.unwrap();
    assert_eq!(story.last().map(|event| (event.by.as_str(), event.reason.as_str())), Some(("git", "gateway file")));

    directory.apply(Document::read(&json!({ "authorisation": [] })).unwrap(), "git".into()).await.unwrap();
    assert_eq!(standing(&world).await.status, GrantStatus::Withdrawn);
    directory.apply(Document::read(&wanted).unwrap(), "git".into()).await.unwrap();
    assert_eq!(
        standing(&world).await.until,
        Moment::parse("2024-01-01 00:00:00").ok(),
        "a new one has its end at once"
    );
    wanted["authorisation"][0].as_object_mut().unwrap().remove("until");
    directory.apply(Document::read(&wanted).unwrap(), "git".into()).await.unwrap();
    assert_eq!(standing(&world).await.until, None);

    let read = |until: serde_json::Value| {
        let mut row = row(&["test"]);
        row["until"] = until;
        Document::read(&json!({ "authorisation": [row] })).err().map(|error| error.to_string())
    };
    let wrong = "authorisation[1]: until is yyyy-MM-dd HH:mm:ss at GMT+8, in quotes";
    assert_eq!(read(json!("tomorrow")).as_deref(), Some(wrong));
    let twice = Document::read(&json!({ "authorisation": [row(&["test"]), row(&["test", "production"])] })).unwrap();
    let twice = directory.compare(twice).await.unwrap_err().to_string();
    assert_eq!(twice, "authorisation: 21300001 -> 21300099 sid demo2 in test is there twice");
}
