//! The search for the mistake behind a signature: bounded, without a panic, without the secret in what it says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::explain::{Question, Rule, Verdict, explain};
use wire::params::Params;
use wire::sample::{Language, Wanted, sample};
use wire::top::{self, Digest};
use wire::wdt::{self, LengthUnit};

/// None of the fuzzer's own making: 24 characters that it will not guess.
const SECRET: &str = "Kq7-Zx_9vW!mP3~tRb2@LsUd";

fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else { return };
    let mut parts = rest.splitn(3, |byte| *byte == b'\n');
    let (query, body, client) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next());
    let Ok(params) = Params::of_query(query) else { return };
    let rule = match choice % 8 {
        0 | 1 => Rule::Openapi2,
        n => Rule::Top { digest: Digest::ALL[usize::from(n) % 3], body: (n > 4).then_some(body) },
    };
    let half: Vec<_> = params.iter().filter(|(name, _)| *name != "sign").take(usize::from(choice >> 3)).collect();
    let given = match choice % 3 {
        0 => params.get("sign").unwrap_or_default().to_owned(),
        1 => top::sign(Digest::Md5, SECRET, half.iter().copied(), None),
        _ => wdt::sign(SECRET, half.iter().copied(), LengthUnit::Bytes),
    };
    let client = client.and_then(|client| std::str::from_utf8(client).ok());
    let others = ["qwertyuiop-asdfghjkl"];
    let question = Question {
        client_string: client,
        other_secrets: &others,
        budget: 1 << 18,
        ..Question::new(rule, SECRET, &params, &given)
    };
    let told = explain(&question);
    let said = format!("{told:?}");
    assert!(!said.contains(SECRET) && !said.contains(others[0]));
    if let Verdict::Mistake(mistake) = &told.verdict {
        assert!(!mistake.to_string().is_empty());
    }
    if std::str::from_utf8(body).is_ok() {
        let language = Language::ALL[usize::from(*choice) % 7];
        let wanted =
            Wanted { url: "http://x/router/qm", rule, params: &params, content_type: "text/xml", secret: SECRET };
        assert!(!sample(language, &wanted).contains(SECRET));
    }
});
