//! Text as a literal of each language.

use super::Language;
use crate::json;

/// A string literal.
pub(super) fn quote(language: Language, text: &str) -> String {
    match language {
        Language::Curl => format!("'{}'", text.replace('\'', r"'\''")),
        Language::Php => format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'")),
        Language::Rust => format!("{text:?}"),
        // What JSON writes, these read.
        Language::Python | Language::Java | Language::Go | Language::Node => {
            let mut out = Vec::with_capacity(text.len() + 2);
            json::write_text(&mut out, text);
            String::from_utf8(out).unwrap_or_default()
        }
    }
}

/// The variable that holds the time.
pub(super) const fn now(language: Language) -> &'static str {
    match language {
        Language::Curl => "\"$now\"",
        Language::Php => "$now",
        Language::Rust => "&now",
        _ => "now",
    }
}

/// One parameter among the others.
pub(super) fn pair(language: Language, name: &str, value: &str) -> String {
    match language {
        Language::Curl => format!("\n    {name} {value}"),
        Language::Python | Language::Node => format!("\n    {name}: {value},"),
        Language::Go => format!("\n\t\t{name}: {value},"),
        Language::Php => format!("\n    {name} => {value},"),
        Language::Java => format!("\n        call.put({name}, {value});"),
        Language::Rust => format!("\n        ({name}, {value}),"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_end_where_they_should() {
        let text = "it's \"a\\b\" $x\n";
        for (language, expected) in [
            (Language::Curl, "'it'\\''s \"a\\b\" $x\n'"),
            (Language::Php, "'it\\'s \"a\\\\b\" $x\n'"),
            (Language::Rust, r#""it's \"a\\b\" $x\n""#),
            (Language::Python, r#""it's \"a\\b\" $x\n""#),
        ] {
            assert_eq!(quote(language, text), expected);
        }
    }
}
