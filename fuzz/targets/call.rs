//! The merger of query and body in every placement: what is accepted is sorted and unambiguous, what verifies is what was signed.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use wire::call;
use wire::params::Clash;
use wire::top::{self, Digest, Options};
use wire::wdt::{self, LengthUnit};

const TYPES: [&str; 8] = [
    "",
    "application/x-www-form-urlencoded;charset=UTF-8",
    "application/json;charset=utf-8",
    "text/xml",
    "text/plain",
    "multipart/form-data; boundary=B",
    "application/json;charset=GBK",
    "image/png",
];

fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else { return };
    let content_type = TYPES[usize::from(choice % 8)];
    let at = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let (query, body) = rest.split_at(at);
    let body = Bytes::copy_from_slice(body.get(1..).unwrap_or_default());
    let clash = if choice & 8 == 0 { Clash::Refuse } else { Clash::BodyWins };
    let Ok(call) = call::read(query, content_type, &body, clash) else { return };
    let pairs: Vec<_> = call.params.iter().filter(|(name, _)| *name != "sign").collect();
    assert!(pairs.windows(2).all(|two| two[0].0 < two[1].0), "sorted, none twice");
    let digest = Digest::ALL[usize::from(choice >> 4) % 3];
    let sign = top::sign(digest, "secret", pairs.iter().copied(), call.raw);
    let dialect = top::verify(digest, "secret", &call.params, call.raw, &sign, Options::default());
    let dialect = dialect.expect("what is signed verifies");
    assert!(pairs.iter().all(|(_, value)| dialect.covers(value)), "everything that was signed is covered");
    assert!(top::verify(digest, "Secret", &call.params, call.raw, &sign, Options::default()).is_none());
    let sign = wdt::sign("secret", pairs.iter().copied(), LengthUnit::CodePoints);
    assert!(wdt::verify("secret", &call.params, &sign).is_some());
});
