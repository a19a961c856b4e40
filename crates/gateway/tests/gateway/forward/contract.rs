//! What leaves for a target and what comes back (fact sheet qimen, A6, B6, C4).

use gateway::Received;
use gateway::directory::{
    Allowed, Api, AppChange, BodyKind, Charset, Effect, Environment, Extension, FailureRule, Grant, MethodSpelling,
    Parameter, ParameterKind, Place, Protocol, ReplyFields, Rights, Scene,
};
use units::Clock;
use wire::params::Params;
use wire::qimen::{self, Forwarded};
use wire::top::{self, Digest};

use super::house::{KEY, QM, TARGET_SECRET, add_target, call, define, failure, form, world_with, world_with_target};
use super::target::{Does, Heard, Target};
use crate::world::{FORM, SECRET, World, qimen_pairs};

const ANSWER: &str = r#"{"response":{"errorcode":0,"tid":12345678901234567890,"price":1.10}}"#;

/// Checks a call as the official helper does, and answers as the platform prescribes when it is wrong.
fn verifies(heard: &Heard) -> Does {
    let content_type = heard.header("content-type");
    let query = Params::of_query(heard.query.as_bytes()).unwrap();
    let is_form = content_type.starts_with("application/x-www-form-urlencoded");
    let form = if is_form { Params::of_query(&heard.body).unwrap() } else { Params::default() };
    let call = Forwarded { headers: &[], query: &query, form: &form, content_type, body: &heard.body };
    let right = qimen::verify(TARGET_SECRET, &call, query.get("sign").unwrap_or_default());
    Does::Says(match right {
        Ok(true) => ANSWER.to_owned(),
        _ => r#"{"response":{"flag":"failure","sub_code":"sign-check-failure","sub_message":"Illegal request"}}"#
            .to_owned(),
    })
}

/// A raw body with its public parameters in the query, signed by the usual caller.
fn with_body(method: &str, content_type: &str, body: &str, business: &[(&str, &str)]) -> Received {
    let to = [("target_app_key", KEY), ("sid", "-")];
    let all: Vec<_> = to.iter().chain(business).copied().collect();
    let pairs = qimen_pairs(Digest::Md5, method, &all);
    let sign = top::sign(Digest::Md5, SECRET, pairs.iter().copied(), Some(body.as_bytes()));
    let query = wire::form::encode(pairs.into_iter().chain([("sign", sign.as_str())]), wire::form::Space::Plus);
    Received::new(QM, &query, content_type, body.to_owned())
}

#[tokio::test]
async fn a_form_goes_on_under_the_targets_signature_and_its_success_comes_back_byte_for_byte() {
    let target = Target::start(verifies).await;
    let world = world_with_target(&target.url()).await;
    let business = [("tid", "T1"), ("memo", "旗舰店 A&B=1+2"), ("page", "3")];
    assert_eq!(call(&world, "x1y2z3.demo.order.query", &business).await, ANSWER);
    let heard = target.last();
    assert_eq!(heard.path, "/qimen");
    assert_eq!(heard.header("content-type"), "application/x-www-form-urlencoded;charset=UTF-8");
    assert_eq!(heard.text(), "memo=%E6%97%97%E8%88%B0%E5%BA%97+A%26B%3D1%2B2&tid=T1");
    for (name, value) in [
        ("method", "x1y2z3.demo.order.query"),
        ("app_key", "21300001"),
        ("target_app_key", KEY),
        ("timestamp", "2023-11-15 06:13:20"),
        ("format", "json"),
        ("v", "2.0"),
        ("sign_method", "md5"),
        ("page", "3"),
    ] {
        assert_eq!(heard.param(name).as_deref(), Some(value), "{name}");
    }
    let record = world.records.last();
    assert_eq!((record.code, &*record.method, &*record.scene, &*record.target), (0, "demo.order.query", "x1y2z3", KEY));
    assert_eq!(record.forwarded, target.address.to_string());
    assert_eq!(heard.header("x-request-id"), record.request_id.as_str());
}

#[tokio::test]
async fn every_body_and_placement_is_verified_by_the_target() {
    let target = Target::start(verifies).await;
    let world = world_with_target(&target.url()).await;
    // Nothing is asked of a body where the definition has no parameters.
    let any = Api { scene: "x1y2z3".into(), name: "demo.any.query".into(), effect: Effect::Query, ..Api::default() };
    define(&world, any).await;
    let json = r#"{"tid": "T1",  "名":"张三"}"#;
    let xml = "<request><tid>T1</tid><name>张三</name></request>";
    for (content_type, sent_as, body) in [
        ("application/json;charset=utf-8", "application/json;charset=UTF-8", json),
        ("text/xml;charset=utf-8", "text/xml;charset=UTF-8", xml),
        ("application/xml", "text/xml;charset=UTF-8", xml),
        ("text/plain", "text/plain;charset=UTF-8", "T1"),
    ] {
        let received = with_body("x1y2z3.demo.any.query", content_type, body, &[("page", "2"), ("customerId", "c 1")]);
        assert_eq!(world.receive(received).await, ANSWER, "{content_type}");
        let heard = target.last();
        assert_eq!((heard.text().as_str(), heard.header("content-type")), (body, sent_as));
        assert_eq!(heard.param("customerId").as_deref(), Some("c 1"));
        assert_eq!(heard.param("page").as_deref(), Some("2"));
    }
    // A GET, as the Go client does it.
    let query = form("x1y2z3.demo.order.query", &[("tid", "T1")]);
    assert_eq!(world.receive(Received::new(QM, &query, "", "")).await, ANSWER);
    assert_eq!(target.last().text(), "tid=T1");
    // Multipart text fields, as the official Node client does it.
    let pairs: Vec<_> = wire::form::pairs(query.as_bytes()).map(Result::unwrap).collect();
    let mut parts = String::new();
    for (name, value) in pairs {
        parts += &format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    parts += "--B--\r\n";
    let received = Received::new(QM, "", "multipart/form-data; boundary=B", parts);
    assert_eq!(world.receive(received).await, ANSWER);
    // An epoch timestamp becomes the form that the helper reads.
    assert_eq!(call(&world, "x1y2z3.demo.order.query", &[("tid", "T1"), ("timestamp", "1700000000000")]).await, ANSWER);
    assert_eq!(target.last().param("timestamp").as_deref(), Some("2023-11-15 06:13:20"));
}

#[tokio::test]
async fn a_raw_body_is_checked_against_its_definition_and_takes_the_names_of_the_target() {
    let target = Target::start(verifies).await;
    let world = world_with_target(&target.url()).await;
    let parameter =
        |name: &str, kind, required| Parameter { name: name.into(), kind, required, ..Parameter::default() };
    let tid = Parameter { target_name: "orderNo".into(), ..parameter("tid", ParameterKind::Text, true) };
    let parameters = vec![
        tid,
        parameter("amount", ParameterKind::Number, false),
        parameter("lines", ParameterKind::List, false),
        parameter("ext", ParameterKind::Struct, false),
    ];
    let effect = Effect::Query;
    let api = Api { scene: "x1y2z3".into(), parameters, effect, ..Api::default() };
    define(&world, Api { name: "demo.json.query".into(), body: BodyKind::Json, ..api.clone() }).await;
    define(&world, Api { name: "demo.xml.query".into(), body: BodyKind::Xml, ..api.clone() }).await;
    define(&world, Api { name: "demo.form.query".into(), ..api }).await;
    let (json, xml) = ("application/json", "text/xml");
    let bomb = r#"<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><request><tid>&b;</tid></request>"#;
    let outside = r#"<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><request><tid>&x;</tid></request>"#;
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (method, content_type, body, passed, said) in [
        // What the definition does not know goes on; names change, texts and numbers do not.
        (
            "json",
            json,
            r#"{ "tid": "T1","amount":12345678901234567890.10, "z":{"tid":1}, "lines":[ 1 ],"ext":{}}"#,
            r#"{"orderNo":"T1","amount":12345678901234567890.10,"z":{"tid":1},"lines":[ 1 ],"ext":{}}"#,
            "",
        ),
        (
            "xml",
            xml,
            "<request><tid a='1'>张三</tid><z><tid>1</tid></z><lines><line>1</line></lines></request>",
            "<request><orderNo a='1'>张三</orderNo><z><tid>1</tid></z><lines><line>1</line></lines></request>",
            "",
        ),
        ("json", json, "{}", "", r#""sub_code":"isv.missing-parameter:tid""#),
        ("json", json, r#"{"tid":""}"#, "", r#""sub_code":"isv.missing-parameter:tid""#),
        ("json", json, r#"{"tid":null}"#, "", r#""sub_code":"isv.missing-parameter:tid""#),
        ("json", json, r#"{"tid":{"a":1}}"#, "", "tid: must be a single value"),
        ("json", json, r#"{"tid":"1","amount":"x"}"#, "", "amount: must be a number"),
        ("json", json, r#"{"tid":"1","lines":{}}"#, "", "lines: must be a list"),
        ("json", json, r#"{"tid":"1","ext":[]}"#, "", "ext: must be an object"),
        ("json", json, r#"{"tid":"1","tid":"2"}"#, "", "occurs twice"),
        ("json", json, r#"{"tid":"1",}"#, "", "not JSON"),
        ("json", json, "[]", "", "another shape"),
        ("json", json, &deep, "", "nested deeper"),
        ("json", xml, "<request><tid>1</tid></request>", "", "takes a JSON body"),
        ("xml", json, r#"{"tid":"1"}"#, "", "takes an XML body"),
        ("form", json, r#"{"tid":"1"}"#, "", "takes a form"),
        ("xml", xml, "<request/>", "", r#""sub_code":"isv.missing-parameter:tid""#),
        ("xml", xml, "<request><tid><a>1</a></tid></request>", "", "tid: must be a single value"),
        ("xml", xml, bomb, "", "document types"),
        ("xml", xml, outside, "", "document types"),
        ("xml", xml, "<request><tid>1</tid>", "", "not well-formed"),
    ] {
        let before = target.heard().len();
        let received = with_body(&format!("x1y2z3.demo.{method}.query"), content_type, body, &[]);
        let answer = world.receive(received).await;
        if said.is_empty() {
            assert_eq!(answer, ANSWER, "{body}");
            assert_eq!(target.last().text(), passed);
        } else {
            assert!(answer.contains(said), "{body}: {answer}");
            assert_eq!(target.heard().len(), before, "{body} stayed here");
        }
    }
    // A body of a document type of its own goes nowhere, whatever the definition knows.
    define(&world, Api { scene: "x1y2z3".into(), name: "demo.any.query".into(), effect, ..Api::default() }).await;
    let answer = world.receive(with_body("x1y2z3.demo.any.query", xml, bomb, &[])).await;
    assert!(answer.contains("document types"), "{answer}");
}

#[tokio::test]
async fn a_method_of_a_scene_that_goes_to_nobody_names_the_target_key() {
    let world = world_with_target("http://127.0.0.1:9/").await;
    for (key, sub_code) in [("", "isv.missing-parameter:target_app_key"), ("1", "isv.invalid-parameter:target_app_key")]
    {
        let answer = call(&world, "x1y2z3.demo.order.query", &[("tid", "T1"), ("target_app_key", key)]).await;
        assert!(answer.contains(sub_code), "{answer}");
        let unknown = call(&world, "x1y2z3.demo.no.query", &[("tid", "T1"), ("target_app_key", key)]).await;
        assert!(unknown.contains(r#""code":22"#), "{unknown}");
    }
}

#[tokio::test]
async fn a_target_with_another_secret_refuses_and_its_words_reach_the_caller() {
    let target = Target::start(verifies).await;
    let world = world_with(|listed| {
        listed.production.url = target.url();
        listed.production.secret = store::Secret::new("anotherSecret");
    })
    .await;
    let answer = call(&world, "x1y2z3.demo.order.query", &[("tid", "T1")]).await;
    assert_eq!(answer, failure("sign-check-failure", "Illegal request"));
    assert_eq!(world.records.last().code, 15);
}

#[tokio::test]
async fn failures_are_wrapped_in_the_form_that_the_caller_asked_for() {
    let target = Target::saying(r#"{"ok":false,"err":"E7","why":"库存不足"}"#).await;
    let world = world_with_target(&target.url()).await;
    let fields = ReplyFields { code: "err".into(), message: "why".into(), flag: String::new() };
    let failing = FailureRule { field: "ok".into(), is: vec!["false".into()], ..FailureRule::default() };
    let api = Api {
        scene: "x1y2z3".into(),
        name: "demo.own.names".into(),
        effect: Effect::Query,
        failure: Some(failing),
        reply_fields: fields,
        ..Api::default()
    };
    define(&world, api).await;
    assert_eq!(call(&world, "x1y2z3.demo.own.names", &[]).await, failure("E7", "库存不足"));
    assert_eq!(
        call(&world, "x1y2z3.demo.own.names", &[("format", "json2")]).await,
        r#"{"flag":"failure","code":15,"message":"Remote service error","sub_code":"E7","sub_message":"库存不足","request_id":"ID"}"#
    );
    assert_eq!(
        call(&world, "x1y2z3.demo.own.names", &[("format", "xml")]).await,
        r#"<?xml version="1.0" encoding="utf-8"?><response><flag>failure</flag><code>15</code><message>Remote service error</message><sub_code>E7</sub_code><sub_message>库存不足</sub_message><request_id>ID</request_id></response>"#
    );
}

#[tokio::test]
async fn xml_and_gbk_answers_keep_their_content() {
    let xml = b"<?xml version=\"1.0\" encoding=\"GBK\"?><response><name>\xd5\xc5\xc8\xfd</name></response>".to_vec();
    let target = Target::start(move |_| Does::Types("text/xml;charset=GBK", xml.clone())).await;
    let world = world_with(|listed| {
        listed.production.url = target.url();
        listed.production.charset = Charset::Gbk;
    })
    .await;
    let sent =
        world.gateway.answer(Received::new(QM, "", FORM, form("x1y2z3.demo.order.query", &[("tid", "张三")]))).await;
    assert_eq!(sent.content_type, "text/xml;charset=UTF-8");
    assert_eq!(
        String::from_utf8(sent.body).unwrap(),
        r#"<?xml version="1.0" encoding="utf-8"?><response><name>张三</name></response>"#
    );
    let heard = target.last();
    assert_eq!(heard.text(), "tid=%D5%C5%C8%FD");
    assert_eq!(heard.header("content-type"), "application/x-www-form-urlencoded;charset=GBK");
    let refused = call(&world, "x1y2z3.demo.order.query", &[("tid", "😀")]).await;
    assert!(refused.contains(r#""code":47,"message":"Invalid encoding""#), "{refused}");
}

#[tokio::test]
async fn a_name_that_is_given_twice_counts_once_or_not_at_all() {
    let target = Target::start(verifies).await;
    let world = world_with_target(&target.url()).await;
    let twice = form("x1y2z3.demo.order.query", &[("tid", "T1")]) + "&tid=T2";
    let refused = world.receive(Received::new(QM, "", FORM, twice)).await;
    assert!(refused.contains(r#""code":41,"message":"Invalid arguments:tid""#), "{refused}");
    assert!(target.heard().is_empty());
    let equal = form("x1y2z3.demo.order.query", &[("tid", "T1")]) + "&tid=T1";
    assert_eq!(world.receive(Received::new(QM, "", FORM, equal)).await, ANSWER);
    assert_eq!(target.last().text(), "tid=T1");
}

/// The signed text of two parameter sets is the same; only what the definition knows goes on.
#[tokio::test]
async fn an_unknown_name_that_borrows_the_text_of_a_known_one_is_dropped() {
    let target = Target::start(verifies).await;
    let world = world_with_target(&target.url()).await;
    // sorted: … sign_method md5 target_app_key … tid … timestamp …: `tid=A` + `tie=B` signs as `tidAtieB`, like `tid=AtieB`.
    let honest = form("x1y2z3.demo.order.query", &[("tid", "AtieB")]);
    let (head, sign) = honest.rsplit_once("&sign=").unwrap();
    let forged = format!("{}&sign={sign}", head.replace("tid=AtieB", "tid=A&tie=B"));
    assert_eq!(
        world.receive(Received::new(QM, "", FORM, forged)).await,
        ANSWER,
        "the caller's signature holds for both"
    );
    assert_eq!(target.last().text(), "tid=A", "and the target never hears of the unknown name");
}

/// The mapping of a request (fact sheet qimen, C3): own names of the target, in the query or in the body, its own path.
#[tokio::test]
async fn a_request_is_written_in_the_names_and_places_of_the_target() {
    let target = Target::start(verifies).await;
    let world = world_with_target(&target.url()).await;
    let parameter = |name: &str, there: &str, place| Parameter {
        name: name.into(),
        target_name: there.into(),
        place,
        ..Parameter::default()
    };
    let parameters = vec![
        parameter("tid", "orderNo", Place::Body),
        parameter("shop", "storeCode", Place::Query),
        parameter("memo", "", Place::Body),
    ];
    let (scene, name, path) = ("x1y2z3".to_owned(), "demo.mapped.query".to_owned(), "/mapped.do".to_owned());
    define(&world, Api { scene, name, path, parameters, effect: Effect::Query, ..Api::default() }).await;
    // What already has the target's name is unknown here, and cannot pass for the mapped one.
    let business = [("tid", "T1"), ("shop", "旗舰店"), ("memo", "急"), ("orderNo", "T2"), ("other", "1")];
    assert_eq!(call(&world, "x1y2z3.demo.mapped.query", &business).await, ANSWER);
    let heard = target.last();
    assert_eq!(heard.path, "/qimen/mapped.do");
    assert_eq!(heard.param("storeCode").as_deref(), Some("旗舰店"));
    assert_eq!(heard.text(), "memo=%E6%80%A5&orderNo=T1");
}

#[tokio::test]
async fn header_injection_has_no_place_to_enter() {
    let target = Target::start(verifies).await;
    let world = world_with_target(&target.url()).await;
    let evil = "a\r\nX-Evil: 1\r\n\r\n";
    let business = [("tid", evil), ("page", evil), ("customerId", evil)];
    assert_eq!(call(&world, "x1y2z3.demo.order.query", &business).await, ANSWER);
    let heard = target.last();
    assert!(heard.headers.iter().all(|(name, _)| name != "x-evil"), "{heard:?}");
    assert_eq!(heard.param("page").as_deref(), Some(evil));
    for content_type in ["application/json\r\nX-Evil: 1", "application/json;charset=utf-8;\u{1}x"] {
        let answer = world.receive(with_body("x1y2z3.demo.order.query", content_type, "{}", &[])).await;
        assert!(answer == ANSWER || answer.contains(r#""flag":"failure""#), "{answer}");
        assert_eq!(target.last().header("x-evil"), "");
    }
}

#[tokio::test]
async fn callers_and_arguments_are_checked_before_anything_leaves() {
    let target = Target::start(verifies).await;
    let world = world_with_target(&target.url()).await;
    add_target(&world, "21360000", |listed| listed.test.url = target.url()).await;
    let directory = world.gateway.directory();
    let refused = [
        ("x1y2z3.demo.nothing", vec![], r#""code":22,"message":"Invalid method""#),
        ("demo.order.query", vec![("tid", "1")], r#""code":22,"message":"Invalid method""#),
        ("x1y2z3.demo.order.query", vec![], r#""code":40,"message":"Missing required arguments:tid""#),
        ("x1y2z3.demo.order.query", vec![("tid", "1"), ("target_app_key", "9")], r#""code":41"#),
        (
            "x1y2z3.demo.order.query",
            vec![("tid", "1"), ("target_app_key", "21360000")],
            r#""sub_code":"isp.top-remote-connection-error","sub_message":"target 21360000 has no address in the environment production""#,
        ),
        ("x1y2z3.demo.order.query", vec![("tid", "1"), ("sign", "00")], r#""code":25"#),
    ];
    for (method, business, expected) in refused {
        let answer = call(&world, method, &business).await;
        assert!(answer.contains(expected), "{method} {business:?}: {answer}");
    }
    let rights = Rights { methods: Allowed::only(["demo.order.push"]), ..Rights::default() };
    world.change(Protocol::Top, "21300001", AppChange { rights: Some(rights), ..AppChange::default() }).await;
    let answer = call(&world, "x1y2z3.demo.order.query", &[("tid", "1")]).await;
    assert!(answer.contains("isv.permission-api-package-not-allowed"), "{answer}");
    world
        .change(Protocol::Top, "21300001", AppChange { rights: Some(Rights::default()), ..AppChange::default() })
        .await;
    let grant = Grant {
        environment: Environment::Production,
        app_key: "21300001".into(),
        target_app_key: KEY.into(),
        sid: "*".into(),
    };
    let (by, reason) = (String::new(), String::new());
    let until = Some(world.clock.now().plus(1));
    directory.extend(Extension { grant: grant.clone(), until, by, reason }).await.unwrap();
    world.clock.advance(1);
    for method in ["x1y2z3.demo.order.query", "x1y2z3.demo.order.push"] {
        let answer = call(&world, method, &[("tid", "1")]).await;
        assert!(answer.contains(r#""code":11"#) && answer.contains("the authorisation ended at"), "{answer}");
    }
    assert!(directory.revoke(grant).await.unwrap());
    let answer = call(&world, "x1y2z3.demo.order.query", &[("tid", "1")]).await;
    assert!(answer.contains(r#""code":11"#) && answer.contains("isv.invalid-permission"), "{answer}");
    assert!(target.heard().is_empty());
}

#[tokio::test]
async fn spelling_host_and_unknown_methods_follow_the_settings() {
    let target = Target::start(verifies).await;
    let world = world_with(|listed| {
        listed.production.url = target.url();
        listed.production.method_spelling = MethodSpelling::Short;
    })
    .await;
    let answer = by_host(&world, "x1y2z3.api.taobao.com:8080", "demo.order.query").await;
    assert_eq!(answer, ANSWER, "the host names the scene");
    let heard = target.last();
    assert_eq!(heard.param("method").as_deref(), Some("demo.order.query"));
    assert!(call(&world, "x1y2z3.demo.other", &[("anything", "1")]).await.contains(r#""code":22"#));
    let scene = Scene { code: "x1y2z3".into(), forward_unknown: true, ..Scene::default() };
    world.gateway.directory().put_scene(scene).await.unwrap();
    assert_eq!(call(&world, "x1y2z3.demo.other", &[("anything", "1")]).await, ANSWER);
    assert_eq!(target.last().text(), "anything=1");
}

async fn by_host(world: &World, host: &'static str, method: &str) -> String {
    let mut received = Received::new(QM, "", FORM, form(method, &[("tid", "T1")]));
    received.host = Some(http::HeaderValue::from_static(host));
    world.receive(received).await
}
