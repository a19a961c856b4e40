//! Every placement of parameters that real clients use (fact sheet qimen, table A3), and what they sign (A4, A5).

use gateway::Received;
use gateway::directory::{AppChange, AppOptions, Protocol};
use wire::form::{Space, encode};
use wire::top::Digest;

use crate::world::{FORM, SECRET, qimen_form, qimen_form_as, qimen_pairs, world};

const PUSH: &[(&str, &str)] =
    &[("shop_no", "s1"), ("note_list", r#"[{"body":"a + b%&=c"}]"#), ("partner_id", "top-sdk-java-20210623")];

/// A signed call split into query and body: pairs that `in_query` accepts go into the query.
fn split(form: &str, in_query: impl Fn(&str) -> bool) -> (String, String) {
    let (query, body): (Vec<&str>, Vec<&str>) =
        form.split('&').partition(|pair| in_query(pair.split('=').next().unwrap_or_default()));
    (query.join("&"), body.join("&"))
}

#[tokio::test]
async fn query_form_and_both_by_every_digest() {
    for digest in Digest::ALL {
        placed(&qimen_form_as(digest, "toy.note.push", PUSH)).await;
    }
}

/// Sends a signed form in every placement that clients use, to a fresh house each time.
async fn placed(form: &str) {
    let business = |name: &str| matches!(name, "shop_no" | "note_list" | "sid");
    let (query, body) = split(form, |name| !business(name));
    let percent = form.replace('+', "%20");
    for (query, content_type, body) in [
        (query.as_str(), FORM, body.as_str()),
        ("", "application/x-www-form-urlencoded", form),
        (form, "", ""),
        (form, "application/x-www-form-urlencoded", ""),
        (percent.as_str(), "", ""),
        ("", "", form),
    ] {
        let world = world().await;
        let answer = world.receive(Received::new("/router/qm", query, content_type, body.to_owned())).await;
        assert!(answer.contains(r#""errorcode":0,"message":"","new_count":1"#), "{query} {body} {answer}");
    }
}

#[tokio::test]
async fn multipart_text_parts_are_signed_and_files_are_not() {
    for (digest, file) in Digest::ALL.into_iter().flat_map(|digest| ["form-data", "file"].map(|file| (digest, file))) {
        let world = world().await;
        let pairs = qimen_pairs(digest, "toy.note.push", PUSH);
        let sign = wire::top::sign(digest, SECRET, pairs.iter().copied(), None);
        let mut body = String::new();
        for (name, value) in pairs.iter().chain(&[("sign", sign.as_str())]) {
            body.push_str(&format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
        }
        // The official Python client calls its files so.
        body.push_str(&format!(
            "--B\r\nContent-Disposition: {file}; name=\"f\"; filename=\"x\"\r\n\r\nunsigned\r\n--B--\r\n"
        ));
        let answer = world.receive(Received::new("/router/qm", "", "multipart/form-data; boundary=B", body)).await;
        assert!(answer.contains(r#""errorcode":0,"message":"","new_count":1"#), "{file}: {answer}");
    }
}

#[tokio::test]
async fn a_raw_body_is_signed_as_bytes_and_its_members_are_parameters() {
    for (content_type, body) in [
        ("application/json;charset=utf-8", r#"{"shop_no":"s1","note_list":[{"body":"你好"}]}"#),
        (
            "text/xml;charset=utf-8",
            r#"<request><shop_no>s1</shop_no><note_list>[{"body":"你好"}]</note_list></request>"#,
        ),
    ] {
        let world = world().await;
        let pairs = qimen_pairs(Digest::HmacSha256, "toy.note.push", &[]);
        let sign = wire::top::sign(Digest::HmacSha256, SECRET, pairs.iter().copied(), Some(body.as_bytes()));
        let query = encode(pairs.iter().copied().chain([("sign", sign.as_str())]), Space::Plus);
        let answer = world.receive(Received::new("/router/qm", &query, content_type, body)).await;
        assert!(answer.contains(r#""errorcode":0,"message":"","new_count":1"#), "{answer}");
        let changed = body.replace("s1", "s2");
        let answer = world.receive(Received::new("/router/qm", &query, content_type, changed)).await;
        assert!(answer.contains(r#""code":25"#), "{answer}");
    }
}

#[tokio::test]
async fn empty_values_are_signed_or_not_and_count_accordingly() {
    let world = world().await;
    let kept = qimen_form("toy.note.query", &[("page_no", "")]);
    assert!(world.send("/router/qm", "", &kept).await.contains(r#""errorcode":0"#));
    assert_eq!(world.records.last().dialect, "keep-empty");
    let dropped = qimen_form("toy.note.query", &[]) + "&page_no=";
    assert!(world.send("/router/qm", "", &dropped).await.contains(r#""errorcode":0"#));
    assert_eq!(world.records.last().dialect, "drop-empty");
}

#[tokio::test]
async fn at_values_are_unsigned_only_where_the_application_says_so() {
    let world = world().await;
    let form = qimen_form("toy.note.query", &[]) + "&photo=%40file";
    assert!(world.send("/router/qm", "", &form).await.contains(r#""code":25"#));
    let options = AppOptions { skip_at_values: true, ..AppOptions::default() };
    world.change(Protocol::Top, "21300001", AppChange { options: Some(options), ..AppChange::default() }).await;
    assert!(world.send("/router/qm", "", &form).await.contains(r#""errorcode":0"#));
}

#[tokio::test]
async fn openapi2_takes_forms_only_because_its_signature_covers_nothing_else() {
    let world = world().await;
    let query = crate::world::openapi2_form("demo2-ot", &[]);
    let received = Received::new("/openapi2/note_push.php", &query, "application/json", r#"{"shop_no":"s1"}"#);
    let expected = r#"{"code":2830,"message":"参数值无效:请使用表单方式提交(application/x-www-form-urlencoded)"}"#;
    assert_eq!(world.receive(received).await, expected);
}

#[tokio::test]
async fn sid_may_be_in_the_signed_body() {
    let world = world().await;
    let pairs = qimen_pairs(Digest::Md5, "toy.note.query", &[("sid", "-")]);
    let body = r#"{"sid":"demo2","page_no":0}"#;
    let sign = wire::top::sign(Digest::Md5, SECRET, pairs.iter().copied(), Some(body.as_bytes()));
    let query = encode(pairs.iter().copied().chain([("sign", sign.as_str())]), Space::Plus);
    let answer = world.receive(Received::new("/router/qm", &query, "application/json", body)).await;
    assert!(answer.contains(r#""errorcode":0"#), "{answer}");
    for broken in ["[1]", "{", r#"{"a":1,"a":2}"#] {
        let sign = wire::top::sign(Digest::Md5, SECRET, pairs.iter().copied(), Some(broken.as_bytes()));
        let query = encode(pairs.iter().copied().chain([("sign", sign.as_str())]), Space::Plus);
        let answer = world.receive(Received::new("/router/qm", &query, "application/json", broken)).await;
        assert!(answer.contains(r#""code":41,"message":"Invalid arguments""#), "{answer}");
    }
}
