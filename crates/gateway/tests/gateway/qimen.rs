//! The Qimen and TOP doors: codes and order of the checks (fact sheet qimen, B8), envelopes (B1, B5, B6).

use gateway::directory::{
    AppChange, AppOptions, Document, EnvelopeProfile, Environment, Protocol, Scene, Settings, SignMethod, TenantChange,
};
use wire::top::Digest;

use crate::world::{FORM, grant, qimen_form, qimen_form_as, world, world_with};

const PUSH: &[(&str, &str)] = &[("shop_no", "s1"), ("note_list", r#"[{"body":"你好","mobile":"13800000000"}]"#)];
const QM: &str = "/router/qm";

/// `{"response":{"flag":"failure",…,"request_id":"ID"}}`
fn failure(inner: &str) -> String {
    format!(r#"{{"response":{{"flag":"failure",{inner},"request_id":"ID"}}}}"#)
}

#[tokio::test]
async fn answers_with_errorcode_numbers_and_without_personal_data() {
    let world = world().await;
    assert_eq!(
        world.qimen(QM, "toy.note.push", PUSH).await,
        r#"{"response":{"errorcode":0,"message":"","new_count":1,"request_id":"ID"}}"#
    );
    let rows = r#""errorcode":0,"message":"","total_count":1,"notes":[{"rec_id":1,"body":"你好","mobile":"","modified":"2023-11-15 06:13:20"}],"request_id":"ID""#;
    assert_eq!(world.qimen(QM, "toy.note.query", &[]).await, format!(r#"{{"response":{{{rows}}}}}"#));
    assert_eq!(
        world.qimen("/top/router/qm", "scene0.toy.note.query", &[]).await,
        format!(r#"{{"response":{{{rows}}}}}"#)
    );
    assert_eq!(world.qimen(QM, "toy.note.query", &[("format", "json2")]).await, format!("{{{rows}}}"));
    assert_eq!(
        world.qimen("/router/rest", "scene0.toy.note.query", &[]).await,
        format!(r#"{{"response":{{{rows}}}}}"#)
    );
    let test = world.qimen("/router/qmtest", "toy.note.query", &[]).await;
    assert_eq!(test, r#"{"response":{"errorcode":0,"message":"","total_count":0,"notes":[],"request_id":"ID"}}"#);
    assert_eq!(world.records.last().environment, Some(Environment::Test));

    let settings: Settings =
        serde_json::from_str(r#"{"qimen_personal":"show","qimen_scalars":"text","openapi2_scalars":"native"}"#)
            .unwrap();
    let change = TenantChange { settings: Some(settings), ..TenantChange::default() };
    world.gateway.directory().update_tenant(1, change).await.unwrap();
    let rows = r#""notes":[{"rec_id":"1","body":"你好","mobile":"13800000000","#;
    assert!(world.qimen(QM, "toy.note.query", &[]).await.contains(rows));
    assert!(world.openapi2("note_query.php", &[]).await.contains(r#""notes":[{"rec_id":1,"#));
}

#[tokio::test]
async fn a_scene_may_have_a_target_for_clients_that_cannot_name_one() {
    let world = world().await;
    let scene = |key: &str| Scene {
        code: "scene0".into(),
        hosts: vec!["shop.example.cn".into()],
        default_target_app_key: key.into(),
        ..Scene::default()
    };
    let body = qimen_form("toy.note.query", &[("target_app_key", "-")]);
    let call = |host: Option<&'static str>| {
        let mut received = gateway::Received::new(QM, "", FORM, body.clone());
        received.host = host.map(http::HeaderValue::from_static);
        world.receive(received)
    };
    let missing = r#""code":40,"message":"Missing required arguments:target_app_key""#;
    assert!(call(Some("shop.example.cn")).await.contains(missing));
    world.gateway.directory().put_scene(scene("21300099")).await.unwrap();
    let answer = call(Some("shop.example.cn:8080")).await;
    assert!(answer.contains(r#""errorcode":0"#), "{answer}");
    assert_eq!(world.records.last().target, "21300099");
    assert!(call(None).await.contains(missing), "without prefix and host there is no scene");
    let prefixed = world.qimen(QM, "scene0.toy.note.query", &[("target_app_key", "-")]).await;
    assert!(prefixed.contains(r#""errorcode":0"#), "{prefixed}");
    let named = world.qimen(QM, "scene0.toy.note.query", &[("target_app_key", "1")]).await;
    assert!(named.contains("Invalid arguments:target_app_key"), "what a call names stands: {named}");
    world.gateway.directory().put_scene(scene("1")).await.unwrap();
    let nobody = call(Some("shop.example.cn")).await;
    assert!(nobody.contains("Invalid arguments:target_app_key"), "{nobody}");
}

/// A definition of a method that is served here changes how long its callers wait, not what it does.
#[tokio::test]
async fn a_definition_may_shorten_the_patience_with_a_built_in_method() {
    let world = world().await;
    let directory = world.gateway.directory();
    let patience = async |timeout_ms: u32| {
        let document = serde_json::json!({
            "scene": [{ "code": "scene0" }],
            "api": [{ "scene": "scene0", "name": "toy.note.push", "timeout_ms": timeout_ms, "parameters": [{ "name": "nothing_that_is_sent" }] }],
        });
        directory.apply(Document::read(&document).unwrap(), String::new()).await.unwrap();
    };
    patience(20_000).await;
    assert!(world.qimen(QM, "toy.note.push", PUSH).await.contains(r#""new_count":1"#));
    patience(100).await;
    let (begun, begins) = tokio::sync::oneshot::channel();
    let (end, ends) = std::sync::mpsc::channel::<()>();
    let ends = std::sync::Mutex::new((Some(begun), ends));
    let store = world.store.clone();
    // Somebody else's long unit of work in front of it.
    let busy = tokio::spawn(async move {
        let work = move |_: &mut store::Tx| {
            let (begun, ends) = &mut *ends.lock().unwrap();
            if let Some(begun) = begun.take() {
                begun.send(()).unwrap();
            }
            let _ = ends.recv_timeout(std::time::Duration::from_secs(60));
            Ok::<_, store::Error>(())
        };
        store.write(store::Tenant(1), work).await.unwrap();
    });
    begins.await.unwrap();
    let again = [("shop_no", "s1"), ("note_list", r#"[{"body":"again","mobile":"1"}]"#)];
    let late = world.qimen(QM, "toy.note.push", &again).await;
    assert!(late.contains(r#""code":10,"#) && late.contains("处理超时"), "{late}");
    drop(end);
    busy.await.unwrap();
    patience(20_000).await;
    assert!(world.qimen(QM, "toy.note.push", &again).await.contains(r#""new_count":1"#), "its receipt answers");
}

#[tokio::test]
async fn each_caller_gets_the_envelope_of_its_client() {
    let world = world().await;
    let rows = r#""errorcode":0,"message":"","total_count":0,"notes":[],"request_id":"ID""#;
    let refused = r#""flag":"failure","code":22,"message":"Invalid method","request_id":"ID""#;
    for (envelope, success, failure) in [
        (EnvelopeProfile::Java, format!(r#"{{"response":{{{rows}}}}}"#), format!(r#"{{"response":{{{refused}}}}}"#)),
        (
            EnvelopeProfile::DotNet,
            format!(r#"{{"response":{{"flag":"success",{rows}}}}}"#),
            format!(r#"{{"response":{{{refused}}}}}"#),
        ),
        (EnvelopeProfile::Flat, format!("{{{rows}}}"), format!(r#"{{"response":{{{refused}}}}}"#)),
    ] {
        let options = AppOptions { envelope, ..AppOptions::default() };
        let change = AppChange { options: Some(options), ..AppChange::default() };
        world.change(Protocol::Top, "21300001", change).await;
        assert_eq!(world.qimen(QM, "toy.note.query", &[]).await, success, "{envelope:?}");
        // Refused before anybody looked who calls.
        assert_eq!(world.qimen(QM, "toy.nothing", &[]).await, failure, "{envelope:?}");
    }
    let unsigned = world.qimen(QM, "toy.note.query", &[("sign", "0")]).await;
    assert!(unsigned.starts_with(r#"{"flag":"failure","code":25,"#), "{unsigned}");
    let openapi2 = world.openapi2("note_query.php", &[]).await;
    assert!(openapi2.starts_with(r#"{"code":0,"#), "{openapi2}");
}

#[tokio::test]
async fn what_cannot_be_decoded_is_told_once_and_in_the_form_that_was_asked_for() {
    let world = world().await;
    let answer = world.send(QM, "", "format=json&memo=%zz").await;
    let expected = r#""code":41,"message":"Invalid arguments:memo","sub_code":"isv.invalid-parameter:memo","sub_message":"memo: a % that two hexadecimal digits do not follow, at byte 17 / 第 17 字节：% 之后不是两位十六进制""#;
    assert_eq!(answer, failure(expected));
    // As the official Node client sends it, but cut off.
    let cut = "--B\r\nContent-Disposition: form-data; name=\"format\"\r\n\r\njson\r\n--B\r\nContent-Disposition: form-data; name=\"v\"";
    let received = gateway::Received::new(QM, "", "multipart/form-data; boundary=B", cut);
    let answer = world.receive(received).await;
    assert!(answer.starts_with(r#"{"response":{"flag":"failure","code":41"#), "{answer}");
}

#[tokio::test]
async fn each_fault_of_the_caller_has_its_code() {
    let world = world().await;
    for (change, expected) in [
        (("method", "-"), r#""code":21,"message":"Missing method""#),
        (("method", "toy.nothing"), r#""code":22,"message":"Invalid method""#),
        (("method", "scene1.toy.note.query"), r#""code":22,"message":"Invalid method""#),
        (("app_key", "-"), r#""code":28,"message":"Missing app key""#),
        (("app_key", "1"), r#""code":29,"message":"Invalid app key""#),
        (("timestamp", "-"), r#""code":30,"message":"Missing timestamp""#),
        (
            ("timestamp", "soon"),
            r#""code":31,"message":"Invalid timestamp","sub_message":"expected yyyy-MM-dd HH:mm:ss at GMT+8, or Unix time in 10 or 13 digits""#,
        ),
        (
            ("timestamp", "2023-11-14 22:13:19"),
            r#""code":31,"message":"Invalid timestamp","sub_message":"timestamp 2023-11-14 22:13:19 differs from the server's time 2023-11-15 06:13:20 (GMT+8) by 28801 seconds; allowed are 600; the difference is 8 hours: UTC was sent instead of GMT+8""#,
        ),
        (("v", "-"), r#""code":32,"message":"Missing version""#),
        (("v", "two"), r#""code":33,"message":"Invalid version""#),
        (("v", "3.0"), r#""code":34,"message":"Unsupported version","sub_message":"served: 2.0""#),
        (
            ("sign_method", "sha1"),
            r#""code":41,"message":"Invalid arguments:sign_method","sub_code":"isv.invalid-parameter:sign_method","sub_message":"known are md5, hmac and hmac-sha256""#,
        ),
        (("sign", "(none)"), r#""code":24,"message":"Missing signature""#),
        (
            ("sign", "00"),
            r#""code":25,"message":"Invalid signature","sub_message":"32 hexadecimal digits are expected / 应为 32 位十六进制""#,
        ),
        (
            ("target_app_key", "-"),
            r#""code":40,"message":"Missing required arguments:target_app_key","sub_code":"isv.missing-parameter:target_app_key""#,
        ),
        (
            ("target_app_key", "1"),
            r#""code":41,"message":"Invalid arguments:target_app_key","sub_code":"isv.invalid-parameter:target_app_key""#,
        ),
        (
            ("sid", "-"),
            r#""code":15,"message":"Remote service error","sub_code":"2900","sub_message":"必传参数缺失入参：sid""#,
        ),
        (
            ("sid", "nobody"),
            r#""code":15,"message":"Remote service error","sub_code":"2030","sub_message":"sid is not exists""#,
        ),
        (
            ("sid", "other"),
            r#""code":11,"message":"Insufficient ISV permissions","sub_code":"isv.invalid-permission","sub_message":"无法找到路由: app_key is not authorised for this target_app_key and sid in this environment""#,
        ),
        (
            ("page_no", "x"),
            r#""code":15,"message":"Remote service error","sub_code":"2830","sub_message":"参数值无效:page_no""#,
        ),
    ] {
        assert_eq!(world.qimen(QM, "toy.note.query", &[change]).await, failure(expected), "{change:?}");
        assert_eq!(world.gateway.answer(gateway::Received::new(QM, "", "", "")).await.status, 200);
    }
    // Whose format is wrong gets the default one.
    let expected = r#"<?xml version="1.0" encoding="utf-8"?><response><flag>failure</flag><code>23</code><message>Invalid format</message><sub_message>use format=json, xml, json2 or xml2</sub_message><request_id>ID</request_id></response>"#;
    assert_eq!(world.qimen(QM, "toy.note.query", &[("format", "yaml")]).await, expected);
    assert_eq!(
        world.qimen(QM, "toy.note.push", &[("shop_no", "s9"), PUSH[1]]).await,
        failure(
            r#""code":15,"message":"Remote service error","sub_code":"2310","sub_message":"店铺编号在系统中不存在或已停用""#
        )
    );
    assert_eq!(world.records.last().code, 2310);
    assert_eq!(world.stored(1).await, (0, 0, 0), "a refused call has no effect");
}

#[tokio::test]
async fn broken_bytes_have_their_codes() {
    let world = world().await;
    for (body, expected) in [
        (
            "format=json&sid=%ff",
            r#"{"response":{"flag":"failure","code":47,"message":"Invalid encoding","sub_message":"sid: "#,
        ),
        (
            "format=json&sid=%zz",
            r#"{"response":{"flag":"failure","code":41,"message":"Invalid arguments:sid","sub_code":"isv.invalid-parameter:sid","sub_message":"sid: "#,
        ),
        (
            "format=json&sid=a&sid=b",
            r#"{"response":{"flag":"failure","code":41,"message":"Invalid arguments:sid","sub_code":"isv.invalid-parameter:sid","sub_message":"sid: given twice with different values","request_id":"ID"}}"#,
        ),
    ] {
        let answer = world.send(QM, "", body).await;
        assert!(answer.starts_with(expected), "{answer}");
    }
    let rest = "/router/rest";
    for (body, start) in [
        ("sid=%ff&format=json&target_app_key=1", r#"{"response":{"flag":"failure","code":47"#),
        ("sid=%ff&format=json", r#"{"error_response":{"code":47,"msg":"Invalid encoding""#),
        ("sid=%ff", r#"<?xml version="1.0" encoding="utf-8"?><error_response><code>47</code>"#),
    ] {
        let answer = world.send(rest, "", body).await;
        assert!(answer.starts_with(start), "{answer}");
    }
    let twice = world.send(QM, "sid=a&format=json", "sid=b").await;
    assert!(twice.contains(r#""code":41,"message":"Invalid arguments:sid""#), "{twice}");
}

#[tokio::test]
async fn xml_is_answered_in_xml() {
    let world = world().await;
    world.qimen(QM, "toy.note.push", PUSH).await;
    let head = r#"<?xml version="1.0" encoding="utf-8"?><response>"#;
    let rows = "<errorcode>0</errorcode><message></message><total_count>1</total_count><notes><note><rec_id>1</rec_id><body>你好</body><mobile></mobile><modified>2023-11-15 06:13:20</modified></note></notes><request_id>ID</request_id></response>";
    // No format at all is XML (fact sheet qimen, A2).
    for format in ["xml", "xml2", "-"] {
        assert_eq!(world.qimen(QM, "toy.note.query", &[("format", format)]).await, format!("{head}{rows}"));
        let refused = world.qimen(QM, "toy.note.query", &[("format", format), ("page_no", "x")]).await;
        let words = "<flag>failure</flag><code>15</code><message>Remote service error</message><sub_code>2830</sub_code><sub_message>参数值无效:page_no</sub_message><request_id>ID</request_id></response>";
        assert_eq!(refused, format!("{head}{words}"));
    }
}

#[tokio::test]
async fn the_top_path_has_its_own_envelope() {
    let outgoing_addresses = vec!["203.0.113.7".to_owned(), "203.0.113.8".to_owned()];
    let world = world_with(gateway::Config { outgoing_addresses, ..gateway::Config::default() }).await;
    let rest = "/router/rest";
    let bare = [("target_app_key", "-"), ("sid", "-")];
    let with = |more: &[(&'static str, &'static str)]| [&bare, more].concat();
    for (method, pairs, expected) in [
        ("taobao.time.get", with(&[]), r#"{"time_get_response":{"time":"2023-11-15 06:13:20","request_id":"ID"}}"#),
        ("taobao.time.get", with(&[("simplify", "true")]), r#"{"time":"2023-11-15 06:13:20","request_id":"ID"}"#),
        (
            "taobao.time.get",
            with(&[("format", "-")]),
            r#"<?xml version="1.0" encoding="utf-8"?><time_get_response><time>2023-11-15 06:13:20</time><request_id>ID</request_id></time_get_response>"#,
        ),
        (
            "taobao.top.ipout.get",
            with(&[]),
            r#"{"top_ipout_get_response":{"ip_list":"203.0.113.7,203.0.113.8","request_id":"ID"}}"#,
        ),
        ("taobao.other.get", with(&[]), r#"{"error_response":{"code":22,"msg":"Invalid method","request_id":"ID"}}"#),
        (
            "taobao.time.get",
            with(&[("sign", "00")]),
            r#"{"error_response":{"code":25,"msg":"Invalid signature","sub_msg":"32 hexadecimal digits are expected / 应为 32 位十六进制","request_id":"ID"}}"#,
        ),
        (
            "toy.note.query",
            with(&[]),
            r#"{"error_response":{"code":40,"msg":"Missing required arguments:target_app_key","sub_code":"isv.missing-parameter:target_app_key","request_id":"ID"}}"#,
        ),
        (
            "scene0.toy.note.query",
            with(&[]),
            r#"{"response":{"flag":"failure","code":40,"message":"Missing required arguments:target_app_key","sub_code":"isv.missing-parameter:target_app_key","request_id":"ID"}}"#,
        ),
    ] {
        assert_eq!(world.qimen(rest, method, &pairs).await, expected);
    }
    let on_qimen = world.qimen(QM, "taobao.time.get", &with(&[])).await;
    assert_eq!(on_qimen, failure(r#""code":22,"message":"Invalid method""#));
}

#[tokio::test]
async fn every_sign_method_works_and_an_application_may_ask_for_a_strong_one() {
    let world = world().await;
    for digest in Digest::ALL {
        let answer = world.send(QM, "", &qimen_form_as(digest, "toy.note.query", &[])).await;
        assert!(answer.contains(r#""errorcode":0"#), "{answer}");
    }
    let options = AppOptions { minimum_sign_method: SignMethod::HmacSha256, ..AppOptions::default() };
    world.change(Protocol::Top, "21300001", AppChange { options: Some(options), ..AppChange::default() }).await;
    for (digest, works) in [(Digest::Md5, false), (Digest::Hmac, false), (Digest::HmacSha256, true)] {
        let answer = world.send(QM, "", &qimen_form_as(digest, "toy.note.query", &[])).await;
        assert_eq!(answer.contains(r#""errorcode":0"#), works, "{answer}");
    }
}

#[tokio::test]
async fn timestamps_come_in_three_forms() {
    let world = world().await;
    for timestamp in ["2023-11-15 06:23:20", "1699999400", "1700000600999"] {
        let answer = world.qimen(QM, "toy.note.query", &[("timestamp", timestamp)]).await;
        assert!(answer.contains(r#""errorcode":0"#), "{timestamp} {answer}");
    }
    let answer = world.qimen(QM, "toy.note.query", &[("timestamp", "1700000601")]).await;
    assert!(answer.contains(r#""code":31"#), "{answer}");
}

#[tokio::test]
async fn authorisation_is_for_one_environment_and_can_be_taken_back() {
    let world = world().await;
    assert!(world.gateway.directory().revoke(grant(Environment::Test)).await.unwrap());
    let answer = world.qimen("/router/qmtest", "toy.note.query", &[]).await;
    assert!(
        answer.contains(r#""code":11,"message":"Insufficient ISV permissions","sub_code":"isv.invalid-permission""#)
    );
    assert!(world.qimen(QM, "toy.note.query", &[]).await.contains(r#""errorcode":0"#));
    world.change(Protocol::Top, "21300001", AppChange { enabled: Some(false), ..AppChange::default() }).await;
    assert_eq!(
        world.qimen(QM, "toy.note.query", &[]).await,
        failure(r#""code":29,"message":"Invalid app key","sub_code":"isv.appkey-not-exists""#)
    );
    assert!(
        world.qimen(QM, "toy.note.query", &[("sign", "00")]).await.contains(r#""code":25"#),
        "not before the signature"
    );
}

#[tokio::test]
async fn limits_and_repeated_reads_have_their_codes() {
    let world = world().await;
    let options = AppOptions { strict_replay: true, calls_per_minute: 3, ..AppOptions::default() };
    world.change(Protocol::Top, "21300001", AppChange { options: Some(options), ..AppChange::default() }).await;
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(world.qimen(QM, "toy.note.query", &[]).await);
    }
    assert!(answers[0].contains(r#""errorcode":0"#));
    assert_eq!(
        answers[1],
        failure(r#""code":15,"message":"Remote service error","sub_code":"1020","sub_message":"请勿重复操作""#)
    );
    assert_eq!(
        answers[3],
        failure(
            r#""code":7,"message":"App call limited","sub_code":"accesscontrol.limited-by-app-access-count","sub_message":"This ban will last for 40 more seconds""#
        )
    );
}
