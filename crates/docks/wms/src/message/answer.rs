//! The reply of the other side: `flag`, `code`, `message`, and what its method adds.

use wire::xml::{self, Element};

use crate::limits;

/// What the other side said.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// `flag` is `success`.
    Success(Element),
    /// `flag` is `failure`: its code and its words.
    Failure {
        /// `code`, a text of the other side's own.
        code: String,
        /// `message`.
        message: String,
    },
    /// Neither: nobody knows what became of the message.
    Unclear(String),
}

impl Answer {
    /// Reads a reply. What is not one is [`Answer::Unclear`], never a success.
    pub fn read(body: &[u8]) -> Self {
        let Ok(text) = std::str::from_utf8(body) else { return Self::Unclear("the reply is not UTF-8".to_owned()) };
        let root = match xml::read(text) {
            Ok(root) => root,
            Err(error) => return Self::Unclear(format!("the reply is not XML: {error}")),
        };
        let word = |name: &str| {
            let text = root.text_of(name).unwrap_or_default();
            text.chars().take(limits::REASON).collect::<String>().trim().to_owned()
        };
        match (root.name.as_str(), word("flag").as_str()) {
            ("response", "success") => Self::Success(root),
            ("response", "failure") => {
                let sub = word("sub_message");
                let message = if sub.is_empty() { word("message") } else { format!("{} {sub}", word("message")) };
                Self::Failure { code: word("code"), message }
            }
            _ => Self::Unclear("the reply has no flag".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_is_a_yes() {
        let read = |text: &str| match Answer::read(text.as_bytes()) {
            Answer::Success(_) => "yes".to_owned(),
            Answer::Failure { code, message } => format!("no {code} {message}"),
            Answer::Unclear(why) => format!("? {why}"),
        };
        for (text, expected) in [
            ("<response><flag>success</flag><code>0</code><message>ok</message></response>", "yes"),
            ("<response><flag> success </flag></response>", "yes"),
            ("<response><flag>failure</flag><code>S1</code><message>没有库存</message></response>", "no S1 没有库存"),
            ("<response><flag>SUCCESS</flag></response>", "? the reply has no flag"),
            ("<response></response>", "? the reply has no flag"),
            ("<html><body>502</body></html>", "? the reply has no flag"),
            ("<error_response><flag>success</flag></error_response>", "? the reply has no flag"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        for garbage in ["", "null", "<a", "<!DOCTYPE r [<!ENTITY x \"y\">]><response><flag>success</flag></response>"] {
            assert!(matches!(Answer::read(garbage.as_bytes()), Answer::Unclear(_)), "{garbage}");
        }
        assert!(matches!(Answer::read(b"\xff"), Answer::Unclear(_)));
    }
}
