//! Every signature vector of the fact sheets, signed and verified.

mod vectors;

use vectors::{Vector, read};
use wire::form;
use wire::params::{Clash, Params};
use wire::qimen::{self, Forwarded};
use wire::top::{self, Digest, Options};
use wire::wdt::{self, LengthUnit};

/// The pairs that the vector's dialect signs.
fn signed(vector: &Vector) -> Vec<(&str, &str)> {
    let dropped = vector.word("dialect").is_some_and(|dialect| dialect.contains("drop-empty"));
    vector.pairs().filter(|(_, value)| !(dropped && value.is_empty())).collect()
}

/// The vector's parameters as they arrive: partly in the query, partly in the body, the `sign` among them.
fn arrived(vector: &Vector, sign: &str) -> Params<'static> {
    let all: Vec<_> = vector.pairs().chain([("sign", sign)]).collect();
    let (query, body) = all.split_at(all.len() / 2);
    let query = form::encode(query.iter().copied(), form::Space::Plus);
    let body = form::encode(body.iter().copied(), form::Space::Percent);
    Params::of_form(query.as_bytes(), body.as_bytes(), Clash::Refuse).unwrap().into_owned()
}

fn flipped(sign: &str) -> String {
    let last = if sign.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &sign[..sign.len() - 1])
}

#[test]
fn callers() {
    for vector in read(include_str!("vectors/top.txt"), 18) {
        let (name, secret, sign) = (&vector.name, vector.must("secret"), vector.must("sign"));
        let digest = Digest::of_sign_method(vector.params.get("sign_method").map(String::as_str)).unwrap();
        let body = vector.word("body").map(str::as_bytes);
        assert_eq!(top::sign(digest, secret, signed(&vector), body), sign, "{name}");

        let params = arrived(&vector, sign);
        let verify = |digest, secret, body, sign: &str| {
            top::verify(digest, secret, &params, body, sign, Options::default()).map(|dialect| dialect.to_string())
        };
        let expected = Some(vector.word("dialect").unwrap_or("plain").to_owned());
        assert_eq!(verify(digest, secret, body, sign), expected, "{name}");
        assert_eq!(verify(digest, secret, body, &sign.to_lowercase()), expected, "{name}");
        assert_eq!(verify(digest, "another", body, sign), None, "{name}");
        assert_eq!(verify(digest, secret, Some(b"another body"), sign), None, "{name}");
        assert_eq!(verify(digest, secret, body, &flipped(sign)), None, "{name}");
        assert_eq!(verify(digest, secret, body, ""), None, "{name}");
        for other in Digest::ALL.into_iter().filter(|other| *other != digest) {
            assert_eq!(verify(other, secret, body, sign), None, "{name} as {other:?}");
        }
        if let Some(canonical) = vector.word("canonical") {
            assert_eq!(top::canonical(&params), canonical, "{name}");
        }
    }
}

#[test]
fn forwarded() {
    for vector in read(include_str!("vectors/forwarded.txt"), 6) {
        let (name, secret, sign) = (&vector.name, vector.must("secret"), vector.must("sign"));
        let headers: Vec<(&str, &str)> =
            vector.words.iter().filter(|(word, _)| word == "header").filter_map(|(_, v)| v.split_once('=')).collect();
        let header = |wanted: &str| headers.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
        let listed = qimen::listed_headers(vector.word("sign_list").unwrap_or_default(), header).unwrap();
        let form = Params::of_query(vector.word("form").unwrap_or_default().as_bytes()).unwrap();
        let query = arrived(&vector, "not signed");
        let body = match vector.word("gbk") {
            Some(table) => in_gbk(vector.must("body"), table),
            None => vector.word("body").unwrap_or_default().as_bytes().to_vec(),
        };
        let content_type = vector.must("content_type");
        let call = Forwarded { headers: &listed, query: &query, form: &form, content_type, body: &body };
        assert_eq!(qimen::sign(secret, &call).unwrap(), sign, "{name}");
        assert_eq!(qimen::verify(secret, &call, sign), Ok(true), "{name}");
        for wrong in [&flipped(sign), "", "x", vector.word("refused").unwrap_or("no")] {
            assert_eq!(qimen::verify(secret, &call, wrong), Ok(false), "{name}");
        }
        // The refused digest of S5 is what the same text in UTF-8 gives.
        if let Some(refused) = vector.word("refused") {
            let call = Forwarded { body: vector.must("body").as_bytes(), ..call };
            assert_eq!(qimen::sign(secret, &call).unwrap(), refused, "{name}");
        }
        let again = qimen::signed_query(&query, sign);
        assert_eq!(Params::of_query(again.as_bytes()).unwrap().get("sign"), Some(sign), "{name}");
    }
}

/// The text in GBK, by a table of its characters above ASCII such as `张=D5C5`.
fn in_gbk(text: &str, table: &str) -> Vec<u8> {
    let code = |c: char| {
        let entry = table.split(' ').find_map(|entry| entry.strip_prefix(c)?.strip_prefix('=')).unwrap();
        u16::from_str_radix(entry, 16).unwrap().to_be_bytes().to_vec()
    };
    text.chars().flat_map(|c| if c.is_ascii() { c.to_string().into_bytes() } else { code(c) }).collect()
}

#[test]
fn forwarded_calls_that_cannot_be_signed() {
    let ascii = Params::of_pairs([("method", "m")]).unwrap();
    let chinese = Params::of_pairs([("shop_no", "旗舰店")]).unwrap();
    let none = Params::default();
    let call = Forwarded { headers: &[], query: &ascii, form: &none, content_type: "", body: b"{}" };
    let json = Forwarded { content_type: "application/json", ..call };
    assert_ne!(qimen::sign("s", &json), qimen::sign("s", &call), "a form has no body part");
    for content_type in ["multipart/form-data; boundary=x", "application/octet-stream"] {
        assert!(matches!(qimen::sign("s", &Forwarded { content_type, ..call }), Err(qimen::Error::ContentType(_))));
    }
    let gbk = Forwarded { content_type: "application/json; charset=GBK", ..call };
    assert!(qimen::sign("s", &gbk).is_ok());
    let gbk = Forwarded { query: &chinese, ..gbk };
    assert_eq!(qimen::sign("s", &gbk), Err(qimen::Error::Charset("shop_no".into())));
    assert_eq!(qimen::listed_headers(" a, ,b", |_| None).unwrap(), [("a".into(), "".into()), ("b".into(), "".into())]);
    assert_eq!(qimen::listed_headers(&"a,".repeat(100), |_| None), Err(qimen::Error::TooManyHeaders));
    assert!(matches!(qimen::listed_headers("a", |_| Some("%f")), Err(qimen::Error::Header(_))));
    assert_eq!(qimen::header_value("备注 1"), "%E5%A4%87%E6%B3%A8+1");
}

fn openapi2(file: &str, least: usize) {
    for vector in read(file, least) {
        let (name, secret, sign) = (&vector.name, vector.must("secret"), vector.must("sign"));
        let dialect = vector.word("dialect").unwrap_or("code-points");
        let unit = match dialect.split('+').next() {
            Some("bytes") => LengthUnit::Bytes,
            Some("utf-16") => LengthUnit::Utf16,
            _ => LengthUnit::CodePoints,
        };
        assert_eq!(wdt::sign(secret, signed(&vector), unit), sign, "{name}");
        if let Some(canonical) = vector.word("canonical") {
            assert_eq!(wdt::canonical(signed(&vector), unit), canonical, "{name}");
        }
        let params = arrived(&vector, sign);
        assert_eq!(wdt::verify(secret, &params, sign).map(|d| d.to_string()), Some(dialect.to_owned()), "{name}");
        assert_eq!(wdt::verify("another", &params, sign), None, "{name}");
        assert_eq!(wdt::verify(secret, &params, &flipped(sign)), None, "{name}");
    }
}

#[test]
fn openapi2_vectors() {
    openapi2(include_str!("vectors/openapi2.txt"), 12);
}

#[test]
fn openapi2_worked_examples() {
    openapi2(include_str!("vectors/openapi2-examples.txt"), 24);
}

#[test]
fn the_body_of_v2_as_it_travels() {
    let body = "sid=demo2&appkey=demo2-test&timestamp=1700000000&shop_no=api_test&trade_list=%5B%7B%22tid%22%3A%22T1001%22%2C\
        %22receiver_name%22%3A%22%E5%BC%A0%E4%B8%89%22%2C%22receiver_address%22%3A%22%E5%8C%97%E4%BA%AC+%E5%8C%97%E4%BA%AC\
        %E5%B8%82+%E6%B5%B7%E6%B7%80%E5%8C%BA+%E8%8A%B1%E5%9B%AD%E8%B7%AF1%E5%8F%B7%22%7D%5D\
        &sign=ea7b65a0abe82948fb9bafd8755925fa";
    let params = Params::of_form(b"", body.as_bytes(), Clash::BodyWins).unwrap();
    assert!(wdt::verify("demo_secret_01", &params, params.get("sign").unwrap()).is_some());
}

/// The worked example of fact sheet qimen-gateway, C5, from the caller's request to the forwarded one.
#[test]
fn a_call_through_the_gateway() {
    let query = "method=hu3cgwt0tc.wdt.trade.push&app_key=21300000&target_app_key=21360000&timestamp=2026-01-02+03%3A04%3A05\
        &format=json&v=2.0&sign_method=md5&sign=168CDCAB11D4513C0F05BCFA0EAA7070";
    let body = "sid=wdt2&shop_no=%E6%97%97%E8%88%B0%E5%BA%9701&trade_list=%5B%7B%22tid%22%3A%22T2026010200001%22%2C%22\
        buyer_message%22%3A%22%E8%AF%B7%E5%8F%91%E9%A1%BA%E4%B8%B0%EF%BC%8C%E8%B0%A2%E8%B0%A2%22%7D%5D";
    let mut params = Params::of_form(query.as_bytes(), body.as_bytes(), Clash::Refuse).unwrap();
    let given = params.get("sign").unwrap();
    assert!(top::verify(Digest::Md5, "s3cr3t-测试", &params, None, given, Options::default()).is_some());

    let public = ["method", "app_key", "target_app_key", "format", "v", "sign_method", "sign"];
    params.retain(|name| !public.contains(&name));
    params.set("timestamp", "1767294245").unwrap();
    params.set("appkey", "wdt2-ot").unwrap();
    let sign = wdt::sign("wdtsecret", params.iter(), LengthUnit::CodePoints);
    assert_eq!(sign, "97ee97a81338b95a619ecb4acfb8462d");
}
