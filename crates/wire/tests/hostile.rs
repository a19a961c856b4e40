//! Whatever arrives, no decoder panics, overflows the stack or takes long. Seeded: a failure repeats itself.

use std::fmt::Write;

use bytes::Bytes;
use fastrand::Rng;
use wire::args::{Arguments, Json, List, RawList, Text, ZeroDate, arguments};
use wire::explain::{Question, Rule, explain};
use wire::params::{Clash, Params};
use wire::qimen::Forwarded;
use wire::top::{Digest, Options};
use wire::{call, form, gzip, json, multipart, qimen, top, wdt, xml};

arguments! {
    /// A line.
    pub struct Line by oid {
        /// text
        pub oid: Text<4>,
        /// decimal
        pub num: units::Quantity,
    }
}
arguments! {
    /// An order.
    pub struct Order by tid {
        /// text
        pub tid: Text<8>,
        /// flag
        pub flag: Option<bool>,
        /// whole number
        pub count: Option<i64>,
        /// time
        pub at: ZeroDate,
        /// day
        pub day: Option<units::Day>,
        /// lines
        pub lines: List<Line, 1, 3>,
    }
}
arguments! {
    /// A push.
    pub struct Push {
        /// orders
        pub list: Json<List<Order>>,
        /// orders again
        pub lenient: Option<Json<RawList<Order>>>,
    }
}

const SEED: u64 = 0x6d61_746f_7531;

/// Pieces that decoders care about, so that random input gets beyond the first byte.
const PIECES: [&str; 48] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "\\u0000",
    "null",
    "true",
    "1e999",
    "-",
    ".",
    "0",
    "\"tid\":",
    "\"lines\":[",
    "\"num\":",
    "\"at\":\"0000-00-00 00:00:00\"",
    "\"oid\":\"x\"",
    "%",
    "%4",
    "%E5%BC%A0",
    "%ff",
    "+",
    "&",
    "=",
    "list=",
    "sign=",
    "<",
    ">",
    "</a>",
    "<a>",
    "<!DOCTYPE",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#x",
    "--B",
    "\r\n",
    "\r\n\r\n",
    "Content-Disposition: form-data; name=\"a\"",
    "; filename=\"f\"",
    "张",
    "😀",
    "\u{feff}",
];

fn random(rng: &mut Rng) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..rng.usize(..40) {
        match rng.u8(..5) {
            0 => bytes.push(rng.u8(..)),
            _ => bytes.extend_from_slice(PIECES[rng.usize(..PIECES.len())].as_bytes()),
        }
    }
    bytes
}

/// A good request with a few bytes changed, left out or doubled.
fn damaged(rng: &mut Rng, good: &str) -> Vec<u8> {
    let mut bytes = good.as_bytes().to_vec();
    for _ in 0..rng.usize(1..4) {
        let at = rng.usize(..bytes.len());
        match rng.u8(..3) {
            0 => bytes[at] = rng.u8(..),
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, bytes[at]),
        }
    }
    bytes
}

fn decode_everything(bytes: &[u8]) {
    let _ = form::pairs(bytes).count();
    let _ = gzip::decompress(bytes, 1000);
    let body = Bytes::copy_from_slice(bytes);
    for content_type in
        ["", "application/json", "text/xml", "multipart/form-data; boundary=B", "text/plain;charset=GBK"]
    {
        let _ = call::read(bytes, content_type, &body, Clash::BodyWins);
    }
    let _ = multipart::read(&String::from_utf8_lossy(bytes), body);
    if let Ok(params) = Params::of_query(bytes) {
        let given = params.get("sign").unwrap_or("0123456789abcdef0123456789abcdef");
        for digest in Digest::ALL {
            let _ = top::verify(digest, "s", &params, Some(bytes), given, Options { skip_at: true });
        }
        let _ = wdt::verify("s", &params, given);
        let _ = Push::decode_root(&params).map_err(|refusal| refusal.to_string());
        let form = Params::default();
        let call =
            Forwarded { headers: &[], query: &params, form: &form, content_type: "text/xml;charset=x", body: bytes };
        let _ = qimen::verify("s", &call, given);
        for rule in [Rule::Openapi2, Rule::Top { digest: Digest::Hmac, body: Some(bytes) }] {
            let question =
                Question { client_string: std::str::from_utf8(bytes).ok(), ..Question::new(rule, "s", &params, given) };
            let _ = explain(&question);
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = xml::read(text);
        let _ = xml::from_json("r", text, str::to_owned);
        let _ = qimen::listed_headers(text, |_| Some(text));
        let _ = json::Array::parse(text, 10);
        if let Ok(object) = json::Object::parse(text) {
            let _ = Order::decode_root(&object);
        }
        if let Ok(params) = Params::of_pairs([("list", text), ("lenient", text)]) {
            let _ = Push::decode_root(&params);
        }
    }
}

#[test]
fn random_bytes_never_panic() {
    let mut rng = Rng::with_seed(SEED);
    for _ in 0..4_000 {
        decode_everything(&random(&mut rng));
    }
}

#[test]
fn damaged_requests_never_panic() {
    let order = r#"[{"tid":"T1","flag":"1","count":2,"at":"2023-11-15 06:13:20","lines":[{"oid":"L","num":"1.5"}]}]"#;
    let query = form::encode([("list", order), ("lenient", order), ("sign", "0")], form::Space::Plus);
    let parts = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B--\r\n";
    let message = "<?xml version=\"1.0\"?><a><b>1&amp;2</b><c x=\"1\"/><![CDATA[x]]></a>";
    let mut rng = Rng::with_seed(SEED);
    for good in [order, &query, parts, message] {
        for _ in 0..1_000 {
            decode_everything(&damaged(&mut rng, good));
        }
    }
    let params = Params::of_query(query.as_bytes()).unwrap();
    assert!(Push::decode_root(&params).is_ok(), "the undamaged request is good");
}

#[test]
fn depth_does_no_harm() {
    for (open, close) in [("[", "]"), ("{\"list\":", "}"), ("<a>", "</a>"), ("{\"lines\":[", "]}")] {
        let deep = format!("{}{}", open.repeat(10_000), close.repeat(10_000));
        decode_everything(deep.as_bytes());
        decode_everything(open.repeat(100_000).as_bytes());
    }
}

/// Everything at its largest: a quadratic decoder would not come back within the patience of a test run.
#[test]
fn size_does_no_harm() {
    let mut members = String::from("{");
    for i in 0..200_000 {
        let _ = write!(members, "\"m{i}\":0,");
    }
    members.push_str("\"last\":0}");
    decode_everything(members.as_bytes());
    decode_everything("a=1&".repeat(250_000).as_bytes());
    decode_everything(format!("a={}", "%41".repeat(300_000)).as_bytes());
    decode_everything("<a/>".repeat(200_000).as_bytes());
    decode_everything(format!("[{}0]", "0,".repeat(500_000)).as_bytes());
    decode_everything("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".repeat(10_000).as_bytes());
}
