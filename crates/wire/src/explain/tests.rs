//! Each known mistake is made, and must be named.

use super::*;
use crate::form::{Space, encode_into};
use crate::top::{self, Digest};
use crate::wdt::{self, LengthUnit};

const SECRET: &str = "s3cr3t-测试";
const PAIRS: [(&str, &str); 9] = [
    ("Zeta", "1"),
    ("app_key", "21300000"),
    ("flag", "True"),
    ("memo", " a b "),
    ("method", "hu3cgwt0tc.wdt.trade.push"),
    ("none", ""),
    ("session", "s"),
    ("shop_no", "旗舰店😀"),
    ("sign_method", "md5"),
];

/// The same pairs with each value changed.
fn changed(change: impl Fn(&str, &str) -> String) -> Vec<(&'static str, String)> {
    PAIRS.iter().map(|(name, value)| (*name, change(name, value))).collect()
}

fn borrowed<'p>(pairs: &'p [(&'static str, String)]) -> impl Iterator<Item = (&'p str, &'p str)> {
    pairs.iter().map(|(name, value)| (*name, value.as_str()))
}

fn ask(rule: Rule<'_>, given: &str, client_string: Option<&str>) -> Explanation {
    let params = Params::of_pairs(PAIRS.into_iter().chain([("sign", "x")])).unwrap();
    explain(&Question { client_string, ..Question::new(rule, SECRET, &params, given) })
}

const QIMEN: Rule<'_> = Rule::Top { digest: Digest::Md5, body: None };

fn check(rule: Rule<'_>, given: &str, expected: Mistake) {
    assert_eq!(ask(rule, given, None).verdict, Verdict::Mistake(expected));
}

fn md5(text: &str) -> String {
    let mut running = Digest::Md5.start(b"");
    running.feed(text.as_bytes());
    running.finish().upper()
}

#[test]
fn one_forgotten_parameter_is_named_though_it_is_the_only_one_of_the_business() {
    let params = Params::of_pairs([("app_key", "1"), ("memo", "x"), ("method", "a.b")]).unwrap();
    let sign = top::sign(Digest::Md5, SECRET, [("app_key", "1"), ("method", "a.b")], None);
    let verdict = explain(&Question::new(QIMEN, SECRET, &params, &sign)).verdict;
    assert_eq!(verdict, Verdict::Mistake(Mistake::Without("memo".to_owned())));
    assert_eq!(verdict.to_string(), "the parameter memo is sent but not signed / 参数 memo 已发送但未参与签名");
}

#[test]
fn mistakes_with_the_digest_and_the_secret() {
    let s: String = PAIRS.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let wdt = |unit| wdt::sign(SECRET, PAIRS, unit);
    check(QIMEN, &top::sign(Digest::HmacSha256, SECRET, PAIRS, None), Mistake::OtherDigest(Digest::HmacSha256));
    check(QIMEN, &top::sign(Digest::Hmac, SECRET, PAIRS, None), Mistake::OtherDigest(Digest::Hmac));
    check(QIMEN, &md5(&format!("{s}{SECRET}")), Mistake::SecretOnlyAtEnd);
    check(QIMEN, &md5(&format!("{SECRET}{s}")), Mistake::SecretOnlyInFront);
    check(QIMEN, &md5(&s), Mistake::NoSecret);
    for unit in LengthUnit::ALL {
        check(QIMEN, &wdt(unit), Mistake::Openapi2Rule(unit));
    }
    let hmac = Rule::Top { digest: Digest::Hmac, body: None };
    let wrapped = format!("{SECRET}{s}{SECRET}");
    let mut running = Digest::Hmac.start(SECRET.as_bytes());
    running.feed(wrapped.as_bytes());
    check(hmac, &running.finish().upper(), Mistake::SecretAroundHmac(Digest::Hmac));

    let canonical = wdt::canonical(PAIRS, LengthUnit::CodePoints);
    check(Rule::Openapi2, &top::sign(Digest::Md5, SECRET, PAIRS, None), Mistake::QimenRule(Digest::Md5));
    check(Rule::Openapi2, &md5(&format!("{SECRET}{canonical}{SECRET}")), Mistake::SecretOnBothSides);
    check(Rule::Openapi2, &md5(&format!("{SECRET}{canonical}")), Mistake::SecretOnlyInFront);
    check(Rule::Openapi2, &md5(&canonical), Mistake::NoSecret);
}

#[test]
fn mistakes_with_the_values() {
    let encoded = |space| {
        changed(|_, value| {
            let mut out = String::new();
            encode_into(&mut out, value, space);
            out
        })
    };
    let escapes = changed(|_, value| value.replace("旗舰店😀", "\\u65d7\\u8230\\u5e97\\ud83d\\ude00"));
    for (pairs, mistake) in [
        (encoded(Space::Plus), Mistake::EncodedPlus),
        (encoded(Space::Percent), Mistake::EncodedPercent),
        (changed(|_, value| value.replace(' ', "+")), Mistake::BarePlus),
        (changed(|_, value| value.trim().to_owned()), Mistake::Trimmed),
        (changed(|_, value| value.replace("True", "true")), Mistake::CapitalBooleans),
        (escapes, Mistake::UnicodeEscapes),
        (changed(|_, value| value.replace("hu3cgwt0tc.", "")), Mistake::MethodWithoutScene),
    ] {
        check(QIMEN, &top::sign(Digest::Md5, SECRET, borrowed(&pairs), None), mistake.clone());
        check(Rule::Openapi2, &wdt::sign(SECRET, borrowed(&pairs), LengthUnit::Utf16), mistake);
    }
}

#[test]
fn mistakes_with_the_set() {
    for left_out in ["session", "sign_method", "shop_no"] {
        let fewer: Vec<_> = PAIRS.into_iter().filter(|(name, _)| *name != left_out).collect();
        check(QIMEN, &top::sign(Digest::Md5, SECRET, fewer.iter().copied(), None), Mistake::Without(left_out.into()));
        // Empty values may be missing as well.
        let fewer = fewer.into_iter().filter(|(_, value)| !value.is_empty());
        check(QIMEN, &top::sign(Digest::Md5, SECRET, fewer, None), Mistake::Without(left_out.into()));
    }
    let public =
        PAIRS.into_iter().filter(|(name, _)| matches!(*name, "app_key" | "method" | "session" | "sign_method"));
    check(QIMEN, &top::sign(Digest::Md5, SECRET, public, None), Mistake::OnlyPublic);
    let with_body = Rule::Top { digest: Digest::Hmac, body: Some(b"{}") };
    check(with_body, &top::sign(Digest::Hmac, SECRET, PAIRS, None), Mistake::WithoutBody);
    let mut ignoring_case = PAIRS;
    ignoring_case.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    let s: String = ignoring_case.iter().flat_map(|(name, value)| [*name, *value]).collect();
    check(QIMEN, &md5(&format!("{SECRET}{s}{SECRET}")), Mistake::SortedIgnoringCase);
    let both = top::sign(Digest::Hmac, SECRET, PAIRS.into_iter().filter(|(name, _)| *name != "session"), None);
    let expected =
        Mistake::Both(Box::new(Mistake::OtherDigest(Digest::Hmac)), Box::new(Mistake::Without("session".into())));
    check(QIMEN, &both, expected);
}

#[test]
fn right_ones_and_unknown_ones() {
    let right = top::sign(Digest::Md5, SECRET, PAIRS, None);
    let accepted = |other_case| Verdict::Accepted { dialect: "keep-empty".into(), other_case };
    assert_eq!(ask(QIMEN, &right, None).verdict, accepted(false));
    assert_eq!(ask(QIMEN, &right.to_lowercase(), None).verdict, accepted(true));
    let bytes = wdt::sign(SECRET, PAIRS, LengthUnit::Bytes);
    let answer = ask(Rule::Openapi2, &bytes, None);
    assert_eq!(answer.verdict, Verdict::Accepted { dialect: "bytes+keep-empty".into(), other_case: false });
    assert!(answer.canonical.contains(":0013-旗舰店😀;"), "the string of the dialect that matched");
    assert_eq!(ask(QIMEN, &"0".repeat(32), None).verdict, Verdict::Unknown);
    assert_eq!(ask(QIMEN, "not hex", None).verdict, Verdict::NoSignature { digits: 32, base64: false });
}

#[test]
fn the_secret_is_never_shown() {
    for (rule, expected) in [(QIMEN, "***Zeta1app_key"), (Rule::Openapi2, "04-Zeta:0001-1;")] {
        let answer = ask(rule, "", Some("x"));
        assert!(answer.canonical.starts_with(expected), "{}", answer.canonical);
        assert!(answer.canonical.ends_with("***"));
        assert!(!format!("{answer:?}").contains(SECRET));
    }
}

#[test]
fn a_secret_sent_as_a_parameter_is_hidden_too() {
    let params = Params::of_pairs([("app_secret", SECRET), ("v", "2.0")]).unwrap();
    let question = Question::new(QIMEN, SECRET, &params, "");
    assert_eq!(explain(&question).canonical, "***app_secret***v2.0***");
}

#[test]
fn the_first_difference() {
    let ours = ask(QIMEN, "", None).canonical;
    let right = ours.replace("***", SECRET);
    assert_eq!(ask(QIMEN, "", Some(&ours)).comparison, Some(Comparison::Same));
    assert_eq!(ask(QIMEN, "", Some(&format!("{right}\r\n"))).comparison, Some(Comparison::Same));
    assert_eq!(ask(QIMEN, "", Some(&right.replace("none", ""))).comparison, Some(Comparison::Same), "without empties");

    let differs = |client: &str| match ask(QIMEN, "", Some(client)).comparison {
        Some(Comparison::Differs { position, place, ours, theirs, .. }) => (position, place, ours, theirs),
        other => panic!("{other:?}"),
    };
    let (position, place, ours, theirs) = differs(&right.replace("舰店😀", "艦店😀"));
    let before = "Zeta1app_key21300000flagTruememo a b methodhu3cgwt0tc.wdt.trade.pushnonesessionsshop_no旗";
    assert_eq!((position, place), (before.chars().count(), Place::Value("shop_no".into())));
    assert_eq!((&*ours, &*theirs), ("舰店😀sign_methodmd5", "艦店😀sign_methodmd5"));
    assert_eq!(differs("Zeta1"), (5, Place::Name("app_key".into()), "app_key21300000flagTruem".into(), String::new()));
    let (_, place, _, theirs) = differs(&format!("{}more", right.strip_suffix(SECRET).unwrap()));
    assert_eq!((place, &*theirs), (Place::End, "more"));
}

#[test]
fn a_large_call_has_a_bounded_search() {
    let body = vec![b'x'; 4 * 1024 * 1024];
    let pairs: Vec<(String, String)> = (0..500).map(|i| (format!("p{i:03}"), String::new())).collect();
    let params = Params::of_pairs(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str()))).unwrap();
    let rule = Rule::Top { digest: Digest::Md5, body: Some(&body) };
    let given = "0".repeat(32);
    let question = Question::new(rule, SECRET, &params, &given);
    // The search would otherwise digest four megabytes some ten thousand times.
    assert_eq!(explain(&question).verdict, Verdict::Unknown);
}

/// A call as it arrives, how its client signed it, and what that is called.
fn named(rule: Rule<'_>, sent: &[(&str, &str)], given: &str) -> Verdict {
    let params = Params::of_pairs(sent.iter().copied()).unwrap();
    explain(&Question::new(rule, SECRET, &params, given)).verdict
}

const CALL: [(&str, &str); 5] = [
    ("app_key", "21300000"),
    ("method", "wdt.trade.query"),
    ("shop_no", "旗舰店"),
    ("timestamp", "2026-01-02 03:04:05"),
    ("v", "2.0"),
];

#[test]
fn mistakes_with_the_clock() {
    for (signed, form) in [
        ("1767294245", TimestampForm::Seconds),
        ("1767294245000", TimestampForm::Milliseconds),
        ("2026-01-01 19:04:05", TimestampForm::UtcDate),
    ] {
        let pairs = CALL.map(|(name, value)| (name, if name == "timestamp" { signed } else { value }));
        let given = top::sign(Digest::Md5, SECRET, pairs, None);
        assert_eq!(named(QIMEN, &CALL, &given), Verdict::Mistake(Mistake::Timestamp(form)));
    }
    let params = Params::of_pairs(CALL).unwrap();
    let at = |unix: i64, rule| {
        let now = Some(Moment::from_unix(unix));
        explain(&Question { now, ..Question::new(rule, SECRET, &params, "") }).remarks
    };
    assert_eq!(at(1_767_294_245, QIMEN), []);
    assert_eq!(at(1_767_294_245 + 8 * 3600 - 20, QIMEN), [Remark::UtcClock]);
    assert_eq!(at(1_767_294_245 - 700, QIMEN), [Remark::ClockOff(-700)]);
    assert_eq!(at(1_767_294_245, Rule::Openapi2), [Remark::DateForUnixTime]);
    let millis = Params::of_pairs([("timestamp", "1767294245000")]).unwrap();
    assert_eq!(explain(&Question::new(Rule::Openapi2, SECRET, &millis, "")).remarks, [Remark::Milliseconds]);
    let misread: String = "张三".bytes().map(char::from).collect();
    let odd = Params::of_pairs([("a", misread.as_str()), ("b", " x")]).unwrap();
    let remarks = explain(&Question::new(QIMEN, SECRET, &odd, "")).remarks;
    assert_eq!(remarks, [Remark::Mojibake("a".into()), Remark::Blanks("b".into())]);
}

#[test]
fn mistakes_with_the_secret() {
    let params = Params::of_pairs(CALL).unwrap();
    for (secret, mistake) in [
        ("s3cr3t-测试\n", Mistake::SecretWithBlanks),
        ("s3cr3t-测试\r\n", Mistake::SecretWithBlanks),
        (" s3cr3t-测试", Mistake::SecretWithBlanks),
        ("s3cr3t-测试 ", Mistake::SecretWithBlanks),
        ("S3CR3T-测试", Mistake::SecretOtherCase),
        ("the other one", Mistake::OtherSecret),
    ] {
        for (rule, given) in [
            (QIMEN, top::sign(Digest::Md5, secret, CALL, None)),
            (Rule::Openapi2, wdt::sign(secret, CALL, LengthUnit::Bytes)),
        ] {
            let told = explain(&Question {
                other_secrets: &["something else", "the other one"],
                client_string: Some(&format!("{secret}x{secret}")),
                ..Question::new(rule, SECRET, &params, &given)
            });
            assert_eq!(told.verdict, Verdict::Mistake(mistake.clone()));
            assert!(!format!("{told:?}").contains(secret.trim()), "{told:?}");
        }
    }
    // A secret of the application that was stored with a line end.
    let given = top::sign(Digest::Md5, "stored", CALL, None);
    let told = explain(&Question::new(QIMEN, "stored\n", &params, &given));
    assert_eq!(told.verdict, Verdict::Mistake(Mistake::SecretWithBlanks));
}

#[test]
fn mistakes_with_the_text() {
    let gbk = {
        let mut running = Digest::Hmac.start(SECRET.as_bytes());
        for (name, value) in CALL {
            running.feed(name.as_bytes());
            running.feed(&encoding_rs::GBK.encode(value).0);
        }
        running.finish().upper()
    };
    let hmac = Rule::Top { digest: Digest::Hmac, body: None };
    assert_eq!(named(hmac, &CALL, &gbk), Verdict::Mistake(Mistake::Gbk));

    let given = top::sign(Digest::Md5, SECRET, CALL, None);
    let misread: String = "旗舰店".bytes().map(char::from).collect();
    let sent = CALL.map(|(name, value)| (name, if name == "shop_no" { misread.as_str() } else { value }));
    assert_eq!(named(QIMEN, &sent, &given), Verdict::Mistake(Mistake::Mojibake));
    let sent = CALL.map(|(name, value)| (name, if name == "shop_no" { "%E6%97%97%E8%88%B0%E5%BA%97" } else { value }));
    assert_eq!(named(QIMEN, &sent, &given), Verdict::Mistake(Mistake::EncodedTwice));

    let sent = [CALL[0], ("memo", ""), CALL[4]];
    let signed = [CALL[0], ("memo", "null"), CALL[4]];
    let given = top::sign(Digest::Md5, SECRET, signed, None);
    assert_eq!(named(QIMEN, &sent, &given), Verdict::Mistake(Mistake::EmptyAs("null")));
}

#[test]
fn mistakes_with_the_order_and_the_set() {
    let sent = [CALL[4], CALL[0], CALL[3], CALL[2], CALL[1]];
    let text: String = sent.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let given = md5(&format!("{SECRET}{text}{SECRET}"));
    let params = Params::of_pairs(sent).unwrap();
    let arrival = sent.map(|(name, _)| name);
    let told = explain(&Question { arrival: &arrival, ..Question::new(QIMEN, SECRET, &params, &given) });
    assert_eq!(told.verdict, Verdict::Mistake(Mistake::Unsorted));

    for (name, value) in [("sign_method", "md5"), ("format", "json"), ("simplify", "true")] {
        let given = top::sign(Digest::Md5, SECRET, CALL.into_iter().chain([(name, value)]), None);
        assert_eq!(named(QIMEN, &CALL, &given), Verdict::Mistake(Mistake::NotSent(name.into(), value.into())));
    }
    let two = CALL.into_iter().filter(|(name, _)| !matches!(*name, "shop_no" | "v"));
    let given = top::sign(Digest::Md5, SECRET, two, None);
    assert_eq!(named(QIMEN, &CALL, &given), Verdict::Mistake(Mistake::WithoutTwo("shop_no".into(), "v".into())));
    let text: String = CALL[..2].iter().flat_map(|(name, value)| [*name, *value]).collect();
    let given = md5(&format!("{SECRET}{text}sign{SECRET}"));
    assert_eq!(named(QIMEN, &CALL[..2], &given), Verdict::Mistake(Mistake::SignInString));
}

#[test]
fn mistakes_with_the_body() {
    let body = b"{\n  \"a b\": \"c \\\" d\"\n}\n";
    for digest in Digest::ALL {
        let rule = Rule::Top { digest, body: Some(body) };
        let with = |body: &[u8]| top::sign(digest, SECRET, CALL, Some(body));
        for (given, mistake) in [
            (with(body.trim_ascii()), Mistake::BodyTrimmed),
            (with(br#"{"a b":"c \" d"}"#), Mistake::BodyCompacted),
            (top::sign(digest, SECRET, CALL, None), Mistake::WithoutBody),
        ] {
            assert_eq!(named(rule, &CALL, &given), Verdict::Mistake(mistake));
        }
        assert!(matches!(named(rule, &CALL, &with(body)), Verdict::Accepted { .. }));
    }
    let text: String = CALL.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let given = md5(&format!("{SECRET}{{}}{text}{SECRET}"));
    let rule = Rule::Top { digest: Digest::Md5, body: Some(b"{}") };
    assert_eq!(named(rule, &CALL, &given), Verdict::Mistake(Mistake::BodyFirst));
}

#[test]
fn other_digests_and_spellings() {
    let text: String = CALL.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let mut running = crate::hashing::Running::sha256();
    running.feed(format!("{SECRET}{text}{SECRET}").as_bytes());
    let rule = Rule::Top { digest: Digest::HmacSha256, body: None };
    assert_eq!(named(rule, &CALL, &running.finish().upper()), Verdict::Mistake(Mistake::PlainSha256));
    let right = top::sign(Digest::Md5, SECRET, CALL, None);
    for (given, other) in [(right.clone(), false), (right.to_lowercase(), true)] {
        assert_eq!(named(QIMEN, &CALL, &given), Verdict::Accepted { dialect: "plain".into(), other_case: other });
    }
    let base64 = "1B2M2Y8AsgTpgAmY7PhCfg==";
    assert_eq!(named(QIMEN, &CALL, base64), Verdict::NoSignature { digits: 32, base64: true });
}

#[test]
fn a_difference_has_its_surroundings() {
    let ours = ask(QIMEN, "", None).canonical;
    let Some(Comparison::Differs { byte, before, position, .. }) =
        ask(QIMEN, "", Some(&ours.replace("店😀", "店"))).comparison
    else {
        panic!("it differs");
    };
    assert_eq!((byte - position, &*before), (6, "onsshop_no旗舰店".get(1..).unwrap()));
}

#[test]
fn a_secret_in_a_value_or_a_name_is_hidden_everywhere() {
    let name = "xsecret-of-the-house";
    let (secret, pairs) = (&name[1..], [(name, " 1 "), ("v", "2.0"), ("z", "1")]);
    let params = Params::of_pairs(pairs).unwrap();
    let given = top::sign(Digest::Md5, secret, pairs[1..].iter().copied(), None);
    let told = explain(&Question { client_string: Some("x"), ..Question::new(QIMEN, secret, &params, &given) });
    assert_eq!(told.verdict, Verdict::Mistake(Mistake::Without("x***".into())));
    assert!(!format!("{told:?}").contains(secret), "{told:?}");
    let params = Params::of_pairs([("app_secret", SECRET), ("v", "2.0")]).unwrap();
    let told = explain(&Question { client_string: Some("app_secretx"), ..Question::new(QIMEN, SECRET, &params, "") });
    assert!(!format!("{told:?}").contains(SECRET) && format!("{told:?}").contains("*********"));
}
