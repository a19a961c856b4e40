//! The same call as a program: right code in seven languages, generated from a call, for people whose own signature is refused.
//!
//! A program takes the secret from the environment (`MATOU_SECRET`) and the time from its clock; everything else is written in it. The
//! programs stand under `templates/` and are really run against a live gateway by `interop/samples`. Never here: a secret.

mod quote;
mod template;

use crate::explain::Rule;
use crate::params::Params;
use crate::top::Digest;

/// A language that samples are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// bash with curl and openssl.
    Curl,
    /// Python 3.
    Python,
    /// Java 11, one file.
    Java,
    /// PHP 7 or later, no extension.
    Php,
    /// Go, one file.
    Go,
    /// Node 18.
    Node,
    /// Rust, a small cargo project.
    Rust,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Curl, Self::Python, Self::Java, Self::Php, Self::Go, Self::Node, Self::Rust];

    /// The name under which people ask for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Python => "python",
            Self::Java => "java",
            Self::Php => "php",
            Self::Go => "go",
            Self::Node => "node",
            Self::Rust => "rust",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }

    /// How to run it, once it is in a file of this name.
    pub const fn run(self) -> (&'static str, &'static str) {
        match self {
            Self::Curl => ("call.sh", "bash call.sh"),
            Self::Python => ("call.py", "python3 call.py"),
            Self::Java => ("Call.java", "java Call.java"),
            Self::Php => ("call.php", "php call.php"),
            Self::Go => ("call.go", "go run call.go"),
            Self::Node => ("call.mjs", "node call.mjs"),
            Self::Rust => ("src/main.rs", "cargo run"),
        }
    }
}

/// The manifest of the Rust sample.
pub const CARGO_TOML: &str = include_str!("templates/Cargo.toml.txt");

/// A call to be written as a program.
#[derive(Clone, Copy)]
pub struct Wanted<'w> {
    /// Where it goes, without a query.
    pub url: &'w str,
    /// How it is signed.
    pub rule: Rule<'w>,
    /// Its parameters; `sign` and the value of `timestamp` are made by the program.
    pub params: &'w Params<'w>,
    /// The `Content-Type` of a raw body.
    pub content_type: &'w str,
    /// The secret: it is blotted out should a value hold it.
    pub secret: &'w str,
}

/// The program.
pub fn sample(language: Language, wanted: &Wanted<'_>) -> String {
    let (digest, body) = match wanted.rule {
        Rule::Top { digest, body } => (Some(digest), body),
        Rule::Openapi2 => (None, None),
    };
    let is = |condition: &str| match condition {
        "openapi2" => digest.is_none(),
        "top" => digest.is_some(),
        "md5" => digest == Some(Digest::Md5),
        "hmac" => digest == Some(Digest::Hmac),
        "sha256" => digest == Some(Digest::HmacSha256),
        "raw" => body.is_some(),
        "form" => body.is_none(),
        _ => false,
    };
    let quote = |text: &str| quote::quote(language, text);
    let blotted = |text: &str| match wanted.secret {
        secret if secret.len() >= 6 => text.replace(secret, "***"),
        _ => text.to_owned(),
    };
    let pairs = wanted.params.iter().filter(|(name, _)| *name != "sign").map(|(name, value)| {
        let value = if name == "timestamp" { quote::now(language).to_owned() } else { quote(&blotted(value)) };
        quote::pair(language, &quote(&blotted(name)), &value)
    });
    let pairs: String = pairs.collect();
    let body = blotted(&String::from_utf8_lossy(body.unwrap_or_default()));
    let (url, body, content_type) = (quote(wanted.url), quote(&body), quote(wanted.content_type));
    let fill = [("@URL@", &*url), ("@PAIRS@", &*pairs), ("@BODY@", &*body), ("@TYPE@", &*content_type)];
    template::fill(template::of(language), is, &fill)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call<'a>(params: &'a Params<'a>, rule: Rule<'a>) -> Wanted<'a> {
        Wanted {
            url: "http://127.0.0.1:8080/router/qm",
            rule,
            params,
            content_type: "application/json",
            secret: "topsecret",
        }
    }

    #[test]
    fn the_secret_is_never_in_it_and_nothing_of_the_template_is_left() {
        let pairs = [
            ("app_key", "1"),
            ("memo", "it's \"50%\" \\ $x 张三\n"),
            ("oops", "a topsecret b"),
            ("topsecretname", "1"),
            ("sign", "F0"),
            ("timestamp", "T"),
        ];
        let params = Params::of_pairs(pairs).unwrap();
        let rules = Digest::ALL.map(|digest| Rule::Top { digest, body: Some(b"{\"a\":\"topsecret\"}") });
        let rules = rules.into_iter().chain([Rule::Openapi2, Rule::Top { digest: Digest::Md5, body: None }]);
        for (language, rule) in rules.flat_map(|rule| Language::ALL.map(|language| (language, rule))) {
            let text = sample(language, &call(&params, rule));
            for absent in ["topsecret", "@PAIRS@", "@URL@", "@BODY@", "@TYPE@", "\n%", "\"T\"", "F0"] {
                assert!(!text.contains(absent), "{} has {absent:?}:\n{text}", language.name());
            }
            assert!(text.contains("MATOU_SECRET") && text.contains("127.0.0.1:8080"), "{text}");
            assert_eq!(Language::named(language.name()), Some(language));
        }
    }

    #[test]
    fn a_program_holds_only_what_its_call_needs() {
        let params = Params::of_pairs([("timestamp", "0")]).unwrap();
        let text = sample(Language::Python, &call(&params, Rule::Top { digest: Digest::Hmac, body: None }));
        assert!(text.contains("hmac.new") && !text.contains("body"), "{text}");
        let text = sample(Language::Python, &call(&params, Rule::Openapi2));
        assert!(text.contains("int(time.time())") && !text.contains("hmac"), "{text}");
    }
}
