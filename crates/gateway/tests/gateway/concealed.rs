//! What somebody without a secret can find out about who is known here: everything that the platforms tell, or nothing.

use gateway::Config;
use gateway::directory::{AppChange, AppOptions, EnvelopeProfile, Protocol, SignMethod};
use wire::top::Digest;

use crate::world::{World, openapi2_form, qimen_form_as, world, world_with};

const WRONG: &str = "00000000000000000000000000000000";

async fn concealing() -> World {
    world_with(Config { conceal_applications: true, ..Config::default() }).await
}

/// What a call with this key and a wrong signature hears at every door, in every format, by every digest; a read and a write, in time
/// and too late.
async fn told(world: &World, key: &str) -> Vec<String> {
    let mut answers = Vec::new();
    for (path, format) in [
        ("/router/qm", "json"),
        ("/router/qm", "xml"),
        ("/router/qm", "json2"),
        ("/router/qmtest", "json"),
        ("/router/rest", "json"),
        ("/router/rest", "xml"),
    ] {
        for digest in Digest::ALL {
            for (method, timestamp) in [
                ("toy.note.query", "2023-11-15 06:13:20"),
                ("toy.note.push", "2023-11-15 06:13:20"),
                ("toy.note.push", "2023-11-14 06:13:20"),
                ("toy.note.push", "soon"),
            ] {
                let pairs = [("app_key", key), ("format", format), ("timestamp", timestamp), ("sign", WRONG)];
                answers.push(world.send(path, "", &qimen_form_as(digest, method, &pairs)).await);
            }
        }
    }
    answers
}

#[tokio::test]
async fn unknown_applications_can_be_answered_like_wrong_signatures() {
    for (conceals, world) in [(false, world().await), (true, concealing().await)] {
        let (known, unknown) = (told(&world, "21300001").await, told(&world, "21309999").await);
        assert_eq!(known == unknown, conceals, "{known:?} {unknown:?}");
        assert!(known[0].contains(r#""code":25"#), "{}", known[0]);
        assert!(unknown[0].contains(if conceals { r#""code":25"# } else { r#""code":29"# }), "{}", unknown[0]);
        let mut answers = Vec::new();
        for pairs in [
            [("appkey", "demo2-ot"), ("sid", "demo2")],
            [("appkey", "demo2-ot"), ("sid", "nobody")],
            [("appkey", "nobody"), ("sid", "demo2")],
        ] {
            let form = openapi2_form("-", &[&pairs[..], &[("sign", WRONG)]].concat());
            answers.push(world.send("/openapi2/note_query.php", "", &form).await);
        }
        assert_eq!(answers[0] == answers[1] && answers[1] == answers[2], conceals, "{answers:?}");
        assert!(answers[0].contains("2100"), "{answers:?}");
    }
}

#[tokio::test]
async fn the_settings_of_an_application_do_not_give_it_away() {
    let usual = AppOptions::default();
    for change in [
        AppChange {
            options: Some(AppOptions { minimum_sign_method: SignMethod::HmacSha256, ..usual.clone() }),
            ..AppChange::default()
        },
        AppChange {
            options: Some(AppOptions { envelope: EnvelopeProfile::Flat, ..usual.clone() }),
            ..AppChange::default()
        },
        AppChange {
            options: Some(AppOptions { envelope: EnvelopeProfile::DotNet, ..usual.clone() }),
            ..AppChange::default()
        },
        AppChange {
            options: Some(AppOptions { addresses: vec!["10.0.0.0/8".to_owned().try_into().unwrap()], ..usual.clone() }),
            ..AppChange::default()
        },
        AppChange { options: Some(AppOptions { arrears: true, calls_per_minute: 1, ..usual }), ..AppChange::default() },
        AppChange { enabled: Some(false), ..AppChange::default() },
    ] {
        let world = concealing().await;
        world.change(Protocol::Top, "21300001", change.clone()).await;
        let (known, unknown) = (told(&world, "21300001").await, told(&world, "21309999").await);
        assert_eq!(known, unknown);
    }
}

#[tokio::test]
async fn who_signs_rightly_is_told_what_is_asked_of_him() {
    for world in [world().await, concealing().await] {
        let options = AppOptions {
            minimum_sign_method: SignMethod::Hmac,
            envelope: EnvelopeProfile::Flat,
            ..AppOptions::default()
        };
        world.change(Protocol::Top, "21300001", AppChange { options: Some(options), ..AppChange::default() }).await;
        let weak = world.send("/router/qm", "", &qimen_form_as(Digest::Md5, "toy.note.query", &[])).await;
        assert!(weak.starts_with(r#"{"flag":"failure","code":41,"#) && weak.contains("stronger sign_method"), "{weak}");
        let strong = world.send("/router/qm", "", &qimen_form_as(Digest::Hmac, "toy.note.query", &[])).await;
        assert!(strong.starts_with(r#"{"errorcode":0,"#), "{strong}");
    }
}
