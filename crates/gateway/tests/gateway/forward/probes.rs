//! The probe of a target: one that checks as the platform prescribes, and others.

use gateway::directory::{Environment, TargetKind};
use gateway::forward::{Check, Grade};
use wire::params::Params;
use wire::qimen::{self, Forwarded};

use super::house::{KEY, TARGET_SECRET, account, add_target};
use super::target::{Does, Heard, Target};
use crate::world::world;

fn is_right(heard: &Heard, secret: &str) -> bool {
    let content_type = heard.header("content-type");
    let query = Params::of_query(heard.query.as_bytes()).unwrap();
    let is_form = content_type.starts_with("application/x-www-form-urlencoded");
    let form = if is_form { Params::of_query(&heard.body).unwrap() } else { Params::default() };
    let call = Forwarded { headers: &[], query: &query, form: &form, content_type, body: &heard.body };
    qimen::verify(secret, &call, query.get("sign").unwrap_or_default()) == Ok(true)
}

const REFUSAL: &str =
    r#"{"response":{"flag":"failure","sub_code":"sign-check-failure","sub_message":"Illegal request"}}"#;
const UNKNOWN: &str = r#"{"response":{"flag":"failure","sub_code":"no-such-method","sub_message":"?"}}"#;

async fn probed(kind: TargetKind, url: String) -> Vec<Check> {
    let world = world().await;
    add_target(&world, KEY, |listed| {
        listed.kind = kind;
        listed.test.url = url;
        listed.test.openapi2 = (kind == TargetKind::Openapi2).then(account);
    })
    .await;
    let target = world.gateway.directory().snapshot().target(KEY).cloned().unwrap();
    world.gateway.probe(&target, Environment::Test, None).await.unwrap()
}

fn grades(checks: &[Check]) -> Vec<(&'static str, Grade)> {
    checks.iter().map(|check| (check.name, check.grade)).collect()
}

#[tokio::test]
async fn a_sound_target_passes_everything() {
    let target =
        Target::start(|heard| Does::Says(if is_right(heard, TARGET_SECRET) { UNKNOWN } else { REFUSAL }.into())).await;
    let checks = probed(TargetKind::Http, target.url()).await;
    let names = ["reachable", "signature", "chinese form", "chinese json", "bad signature"];
    assert_eq!(grades(&checks), names.map(|name| (name, Grade::Passed)), "{checks:?}");
}

#[tokio::test]
async fn each_weakness_is_named() {
    let careless = Target::saying(r#"{"response":{"ok":1}}"#).await;
    let checks = probed(TargetKind::Http, careless.url()).await;
    assert_eq!(checks[4].grade, Grade::Failed, "{checks:?}");
    assert!(checks[4].detail.contains("does not check"));
    assert_eq!(checks[1].grade, Grade::Unclear, "accepting everything proves nothing: {checks:?}");

    let other =
        Target::start(|heard| Does::Says(if is_right(heard, "other") { UNKNOWN } else { REFUSAL }.into())).await;
    let checks = probed(TargetKind::Http, other.url()).await;
    assert_eq!(checks[1].grade, Grade::Failed, "{checks:?}");
    assert!(checks[1].detail.contains("compare the secrets"));

    let own_words = Target::start(|heard| {
        let right = is_right(heard, TARGET_SECRET);
        Does::Says(if right { UNKNOWN } else { r#"{"flag":"failure","code":"10004","message":"签名错误"}"# }.into())
    })
    .await;
    let checks = probed(TargetKind::Http, own_words.url()).await;
    assert_eq!(checks[4].grade, Grade::Unclear, "{checks:?}");
    assert!(checks[4].detail.contains("other words"));

    // One that reads the form as Latin-1 makes another signature of Chinese text.
    let ascii = Target::start(|heard| {
        let right = is_right(heard, TARGET_SECRET) && !heard.text().contains('%') && heard.body.is_ascii();
        Does::Says(if right { UNKNOWN } else { REFUSAL }.into())
    })
    .await;
    let checks = probed(TargetKind::Http, ascii.url()).await;
    assert_eq!((checks[1].grade, checks[2].grade, checks[3].grade), (Grade::Passed, Grade::Failed, Grade::Failed));

    let page = Target::saying("<html>nginx</html>").await;
    let checks = probed(TargetKind::Http, page.url()).await;
    assert_eq!(grades(&checks), [("reachable", Grade::Failed)]);
}

#[tokio::test]
async fn another_wangdian_server_is_probed_in_its_own_way() {
    let server = Target::start(|heard| {
        let params = Params::of_query(&heard.body).unwrap();
        let sign = params.get("sign").unwrap_or_default();
        let right = wire::wdt::verify_as("wdtsecret", &params, sign, wire::wdt::Accept::CANONICAL).is_some();
        Does::Says(if right { r#"{"code":0,"message":""}"# } else { r#"{"code":2100,"message":"签名错误"}"# }.into())
    })
    .await;
    let checks = probed(TargetKind::Openapi2, format!("http://{}/openapi2", server.address)).await;
    let names = ["reachable", "signature", "chinese form", "bad signature"];
    assert_eq!(grades(&checks), names.map(|name| (name, Grade::Passed)), "{checks:?}");
    assert_eq!(server.last().path, "/openapi2/shop.php");
}
