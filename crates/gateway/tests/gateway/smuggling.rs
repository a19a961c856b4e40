//! What one could try with somebody else's signed call, and with bytes that two readers read differently.

use gateway::Received;
use wire::form::{Space, encode};
use wire::top::Digest;

use crate::world::{FORM, SECRET, openapi2_form, qimen_pairs, world};

const QM: &str = "/router/qm";
const PUSH: [(&str, &str); 3] = [("shop_no", "s1"), ("note_list", r#"[{"body":"一"}]"#), ("zz", "1")];

/// A signed push, and its pairs.
fn push() -> (Vec<(&'static str, &'static str)>, String) {
    let pairs = qimen_pairs(Digest::Md5, "toy.note.push", &PUSH);
    let sign = wire::top::sign(Digest::Md5, SECRET, pairs.iter().copied(), None);
    (pairs, sign)
}

fn form<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>, sign: &'p str) -> String {
    encode(pairs.into_iter().chain([("sign", sign)]), Space::Plus)
}

#[tokio::test]
async fn a_signed_write_that_is_cut_anew_is_the_same_call() {
    let world = world().await;
    let (pairs, sign) = push();
    let first = world.send(QM, "", &form(pairs.iter().copied(), &sign)).await;
    assert!(first.contains(r#""new_count":1"#), "{first}");
    let with = |name: &'static str, to: &[(&'static str, &'static str)]| {
        let mut cut: Vec<_> = pairs.iter().copied().filter(|(known, _)| *known != name).collect();
        cut.extend_from_slice(to);
        cut
    };
    let upper = sign.to_ascii_lowercase();
    for (cut, sign) in [
        (with("zz", &[("z", "z1")]), &sign),
        (with("zz", &[("zz1", "")]), &sign),
        (with("zz", &[("z", "z1"), ("empty", "")]), &sign),
        (with("zz", &[("zz", "1")]), &upper),
    ] {
        world.send(QM, "", &form(cut.iter().copied(), sign)).await;
        assert_eq!(world.stored(1).await, (1, 1, 1), "carried out once: {cut:?}");
    }
    // Cut through a name that the method knows, it has no such parameter any more and is refused or is the same call.
    for cut in [with("note_list", &[("note_lis", r#"t[{"body":"一"}]"#)]), with("shop_no", &[("shop_", "nos1")])] {
        world.send(QM, "", &form(cut.iter().copied(), &sign)).await;
        assert_eq!(world.stored(1).await, (1, 1, 1), "{cut:?}");
    }
}

#[tokio::test]
async fn a_name_given_twice_counts_once_or_not_at_all() {
    let world = world().await;
    let (pairs, sign) = push();
    let form = form(pairs.iter().copied(), &sign);
    for (query, body, expected) in [
        ("shop_no=s1", form.clone(), r#""new_count":1"#),
        ("shop_no=s2", form.clone(), r#""message":"Invalid arguments:shop_no""#),
        ("", format!("{form}&shop_no=s1"), r#""new_count":1"#),
        ("", format!("{form}&shop_no=s2"), r#""message":"Invalid arguments:shop_no""#),
        ("shop_no=s1&shop_no=s2", form.clone(), r#""message":"Invalid arguments:shop_no""#),
        ("sign=00", form.clone(), r#""message":"Invalid arguments:sign""#),
        ("Shop_no=s2", form.clone(), r#""code":25"#),
    ] {
        let answer = world.send(QM, query, &format!("{body}&format=json")).await;
        assert!(answer.contains(expected), "{query}: {answer}");
    }
    assert_eq!(world.stored(1).await, (1, 1, 1));
    // On openapi2 the body wins over the query, and a contradiction within either is refused.
    let signed = openapi2_form("demo2-ot", &[]);
    let answer = world.send("/openapi2/note_query.php", "sid=nobody", &signed).await;
    assert!(answer.starts_with(r#"{"code":0"#), "{answer}");
    let answer = world.send("/openapi2/note_query.php", "", &format!("{signed}&sid=nobody")).await;
    assert!(answer.starts_with(r#"{"code":2830"#), "{answer}");
}

#[tokio::test]
async fn nothing_of_a_call_can_become_a_header_or_an_envelope() {
    let world = world().await;
    let nasty = "x\r\nSet-Cookie: a=b\r\n\r\n\"},{\"flag\":\"success</sub_message><flag>success</flag>";
    for (name, format) in [("page_no", "json"), ("page_no", "xml"), ("sid", "json"), ("target_app_key", "xml")] {
        let pairs = qimen_pairs(Digest::Md5, "toy.note.query", &[(name, nasty), ("format", format)]);
        let sign = wire::top::sign(Digest::Md5, SECRET, pairs.iter().copied(), None);
        let sent = world.gateway.answer(Received::new(QM, "", FORM, form(pairs, &sign))).await;
        assert!(sent.content_type.ends_with("charset=UTF-8") && sent.status == 200);
        let text = String::from_utf8(sent.body).unwrap();
        if format == "json" {
            let read: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(read["response"]["flag"], "failure", "{text}");
        } else {
            let root = wire::xml::read(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(root.all("flag").count(), 1, "{text}");
            assert_eq!(root.text_of("flag"), Some("failure"));
        }
    }
    let names = "page%0d%0aSet-Cookie:x=1&%00=2&<flag>=3&format=json&app_key=1";
    let answer = world.send(QM, names, "").await;
    assert!(!answer.contains("Set-Cookie") || !answer.contains('\n'), "{answer}");
}

#[tokio::test]
async fn bombs_and_strange_encodings_are_refused_in_words() {
    let world = world().await;
    let laughs = format!(
        "<!DOCTYPE r [<!ENTITY a \"{}\">{}]><r>&z;</r>",
        "lol".repeat(100),
        ('b'..='z').map(|c| format!("<!ENTITY {c} \"&{0};&{0};\">", (c as u8 - 1) as char)).collect::<String>()
    );
    let outside = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r><page_no>&x;</page_no></r>";
    let deep_xml = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let deep_json = format!("{{\"a\":{}", "[".repeat(1_000_000));
    let wide_json = format!("{{{}\"z\":1}}", (0..100_000).map(|i| format!("\"m{i}\":1,")).collect::<String>());
    let twice = r#"{"page_no":"1","page_no":"2"}"#;
    for (content_type, body) in [
        ("text/xml", laughs.as_str()),
        ("application/xml", outside),
        ("text/xml", &deep_xml),
        ("application/json", &deep_json),
        ("application/json", &wide_json),
        ("application/json", twice),
        ("application/json;charset=GBK", "{}"),
        ("text/xml;charset=utf-16", "<r/>"),
        ("application/json", "{\"a\":\"\\ud800\"}"),
    ] {
        let pairs = qimen_pairs(Digest::HmacSha256, "toy.note.query", &[]);
        let sign = wire::top::sign(Digest::HmacSha256, SECRET, pairs.iter().copied(), Some(body.as_bytes()));
        let begun = std::time::Instant::now();
        let answer = world.receive(Received::new(QM, &form(pairs, &sign), content_type, body.to_owned())).await;
        assert!(answer.contains(r#""flag":"failure","code":4"#), "{content_type} {answer}");
        assert!(answer.len() < 1_000 && !answer.contains("root:"), "{answer}");
        assert!(begun.elapsed().as_secs() < 10, "{content_type}");
    }
}
