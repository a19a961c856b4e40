//! The same request with its personal values and credentials masked, for what is made of a request as a whole: the string that it
//! signs, the program that sends it.

use std::borrow::Cow;

use wire::params::Params;

use super::mask::{NESTED, Names, View};

/// Masks the values of a request.
pub(crate) struct Hider(Names);

impl Hider {
    pub(crate) fn new(view: &View<'_>) -> Self {
        Self(Names::of(view))
    }

    /// The value as it may be seen. One in which nothing is hidden stays as it is, to the last blank: it is part of a signed string.
    pub(crate) fn value<'v>(&self, name: &str, value: &'v str) -> Cow<'v, str> {
        let shown = |names: &Names| {
            let mut out = Vec::new();
            names.text(&mut out, name, "", value, NESTED);
            out
        };
        Self::unless_equal(value, shown(&Names::none()), shown(&self.0))
    }

    /// The same of a raw body.
    pub(crate) fn body<'v>(&self, body: &'v str) -> Cow<'v, str> {
        let shown = |names: &Names| {
            let mut out = Vec::new();
            names.document(&mut out, body);
            out
        };
        Self::unless_equal(body, shown(&Names::none()), shown(&self.0))
    }

    /// The parameters, each as it may be seen.
    pub(crate) fn params(&self, params: &Params<'_>) -> Params<'static> {
        let shown: Vec<_> = params.iter().map(|(name, value)| (name, self.value(name, value))).collect();
        let pairs = shown.iter().map(|(name, value)| (*name, &**value));
        // As many as there were, with the names that they had.
        Params::of_pairs(pairs).map(Params::into_owned).unwrap_or_default()
    }

    fn unless_equal(value: &str, bare: Vec<u8>, shown: Vec<u8>) -> Cow<'_, str> {
        if bare == shown {
            return Cow::Borrowed(value);
        }
        let text = String::from_utf8(shown).unwrap_or_default();
        // A JSON text where the value was no JSON: the value itself.
        Cow::Owned(serde_json::from_str::<String>(&text).unwrap_or(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_hidden_changes() {
        let hider = |reveal| Hider::new(&View { reveal, method: None });
        for (name, value, reveal, expected) in [
            ("trade_list", "[ {\"tid\" : \"T1\"} ]", false, "[ {\"tid\" : \"T1\"} ]"),
            ("trade_list", "[ {\"receiver_name\" : \"张三\"} ]", false, "[{\"receiver_name\":\"张*\"}]"),
            ("trade_list", "[ {\"receiver_name\" : \"张三\"} ]", true, "[ {\"receiver_name\" : \"张三\"} ]"),
            ("receiver_mobile", "13800138000", false, "138****8000"),
            ("session", "61010abc", true, "***"),
            ("memo", "a \"quoted\" one", false, "a \"quoted\" one"),
        ] {
            assert_eq!(hider(reveal).value(name, value), expected, "{name} {reveal}");
        }
        let body = "<request><receiverInfo><name>王五</name></receiverInfo></request>";
        assert!(hider(false).body(body).contains("<name>王*</name>"));
        assert_eq!(hider(true).body(body), body);
        assert!(
            hider(false).body("mobile 13800138000").starts_with("(18 bytes"),
            "what cannot be taken apart is not shown"
        );
    }
}
