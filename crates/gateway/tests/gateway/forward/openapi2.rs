//! Targets that are another Wangdian server (fact sheet qimen, C5). The made-up methods of this world stand for Wangdian's.

use gateway::Received;
use gateway::directory::{Endpoint, Openapi2Account, PersonalForm, Scene, Target as Listed, TargetKind};
use wire::params::Params;

use super::house::{KEY, QM, account, add_target, call, failure, form};
use super::target::{Does, Heard, Target};
use crate::world::{FORM, NOW, World, world};

async fn world_with_server(target: &Target) -> World {
    world_with_account(target, account()).await
}

async fn world_with_account(target: &Target, account: Openapi2Account) -> World {
    let world = world().await;
    let url = format!("http://{}/openapi2", target.address);
    add_target(&world, KEY, |listed: &mut Listed| {
        listed.kind = TargetKind::Openapi2;
        listed.production = Endpoint { url, openapi2: Some(account), ..listed.production.clone() };
    })
    .await;
    world
}

/// Checks the signature as the standard API does.
fn verifies(heard: &Heard, answer: &str) -> Does {
    let params = Params::of_query(&heard.body).unwrap();
    let sign = params.get("sign").unwrap_or_default();
    let right = heard.query.is_empty()
        && wire::wdt::verify_as("wdtsecret", &params, sign, wire::wdt::Accept::CANONICAL).is_some();
    Does::Says(if right {
        answer.to_owned()
    } else {
        r#"{"code":2100,"message":"签名错误(sign error)"}"#.to_owned()
    })
}

#[tokio::test]
async fn a_call_is_converted_there_and_its_answer_back() {
    let answer = r#"{"code":0,"message":"OK","total_count":"1","notes":[{"rec_id":"7","tid":12345678901234567890,"body":"x","mobile":"13900001111","receiver_name":"张三"}]}"#;
    let target = Target::start(move |heard| verifies(heard, answer)).await;
    let world = world_with_server(&target).await;
    let business = [("sid", "wdt2"), ("page_no", "0"), ("unknown", "u"), ("appkey", "mine")];
    assert_eq!(
        call(&world, "scene0.toy.note.query", &business).await,
        r#"{"response":{"errorcode":0,"message":"OK","total_count":1,"notes":[{"rec_id":7,"tid":12345678901234567890,"body":"x","mobile":"","receiver_name":""}],"request_id":"ID"}}"#
    );
    let heard = target.last();
    assert_eq!((heard.path.as_str(), heard.query.as_str()), ("/openapi2/note_query.php", ""));
    let expected = format!("appkey=wdt2-ot&page_no=0&sid=wdt2&timestamp={NOW}&sign=");
    assert!(heard.text().starts_with(&expected), "{}", heard.text());
    assert_eq!(&*world.records.last().method, "toy.note.query");
    // The other forms of the same answer.
    let flat = call(&world, "toy.note.query", &[("sid", "wdt2"), ("format", "json2")]).await;
    assert!(flat.starts_with(r#"{"errorcode":0,"message":"OK","total_count":1,"#), "{flat}");
    let xml = call(&world, "toy.note.query", &[("sid", "wdt2"), ("format", "xml")]).await;
    assert!(xml.contains("<tid>12345678901234567890</tid>"), "{xml}");
}

#[tokio::test]
async fn what_is_personal_in_answers_of_a_target_is_a_setting() {
    let answer = r#"{"code":0,"message":"OK","total_count":"1","notes":[{"rec_id":"7","wechat":"w","wechat_no":"n","receiver_name":"张三"}]}"#;
    let target = Target::start(move |heard| verifies(heard, answer)).await;
    for (personal, personal_names, expected) in [
        (PersonalForm::Blank, vec![], r#"{"rec_id":7,"wechat":"w","wechat_no":"n","receiver_name":""}"#),
        (
            PersonalForm::Blank,
            vec!["wechat".to_owned()],
            r#"{"rec_id":7,"wechat":"","wechat_no":"n","receiver_name":""}"#,
        ),
        (
            PersonalForm::Show,
            vec!["wechat".to_owned()],
            r#"{"rec_id":7,"wechat":"w","wechat_no":"n","receiver_name":"张三"}"#,
        ),
    ] {
        let world = world_with_account(&target, Openapi2Account { personal, personal_names, ..account() }).await;
        let told = call(&world, "scene0.toy.note.query", &[("sid", "wdt2"), ("page_no", "0")]).await;
        assert!(told.contains(&format!(r#""notes":[{expected}]"#)), "{told}");
    }
}

#[tokio::test]
async fn a_refusal_of_the_server_is_wrapped() {
    let target = Target::saying(r#"{"code":"2310","message":"店铺编号在系统中不存在或已停用"}"#).await;
    let world = world_with_server(&target).await;
    let push = [("sid", "wdt2"), ("shop_no", "s1"), ("note_list", r#"[{"tid":12345678901234567890}]"#)];
    assert_eq!(call(&world, "toy.note.push", &push).await, failure("2310", "店铺编号在系统中不存在或已停用"));
    let body = target.last().text();
    assert!(body.contains("note_list=%5B%7B%22tid%22%3A12345678901234567890%7D%5D"), "byte for byte: {body}");
}

#[tokio::test]
async fn members_of_a_json_body_are_its_parameters() {
    let target = Target::start(|heard| verifies(heard, r#"{"code":0,"message":""}"#)).await;
    let world = world_with_server(&target).await;
    let pairs =
        crate::world::qimen_pairs(wire::top::Digest::Md5, "toy.note.push", &[("target_app_key", KEY), ("sid", "wdt2")]);
    let body = r#"{"shop_no":"s1","note_list":[{"tid":12345678901234567890}],"x":1}"#;
    let sign =
        wire::top::sign(wire::top::Digest::Md5, crate::world::SECRET, pairs.iter().copied(), Some(body.as_bytes()));
    let query = wire::form::encode(pairs.into_iter().chain([("sign", sign.as_str())]), wire::form::Space::Plus);
    let answer = world.receive(Received::new(QM, &query, "application/json", body)).await;
    assert_eq!(answer, r#"{"response":{"errorcode":0,"message":"","request_id":"ID"}}"#);
    let heard = target.last().text();
    assert!(
        heard.contains("shop_no=s1") && heard.contains("12345678901234567890") && !heard.contains("&x="),
        "{heard}"
    );
}

#[tokio::test]
async fn the_worked_example_of_the_sheet_arrives_byte_for_byte() {
    let target = Target::saying(r#"{"code":0,"message":""}"#).await;
    let world = world_with_server(&target).await;
    let scene = Scene { code: "hu3cgwt0tc".into(), forward_unknown: true, ..Scene::default() };
    world.gateway.directory().put_scene(scene).await.unwrap();
    let off = units::Moment::parse("2026-01-02 03:04:05").unwrap().unix() - NOW;
    world.clock.advance(off);
    let business = [
        ("timestamp", "2026-01-02 03:04:05"),
        ("sid", "wdt2"),
        ("shop_no", "旗舰店01"),
        ("trade_list", r#"[{"tid":"T2026010200001","buyer_message":"请发顺丰，谢谢"}]"#),
    ];
    let form = form("hu3cgwt0tc.wdt.trade.push", &business);
    let answer = world.receive(Received::new(QM, "", FORM, form)).await;
    assert_eq!(answer, r#"{"response":{"errorcode":0,"message":"","request_id":"ID"}}"#);
    let heard = target.last();
    assert_eq!(heard.path, "/openapi2/trade_push.php");
    assert!(heard.text().ends_with("&sign=97ee97a81338b95a619ecb4acfb8462d"), "{}", heard.text());
}
