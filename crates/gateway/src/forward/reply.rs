//! What a target's reply says: success, which goes on as it is, or a failure in the target's own words (fact sheet qimen, C3, C4, B6).

use std::borrow::Cow;

use bytes::Bytes;
use wire::json::{self, Object, RawValue, Shape, shape};
use wire::xml::{self, Element};

use super::charset;
use super::fault::ForwardFault;
use crate::directory::{Charset, FailureRule, ReplyFields};

/// A reply, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A success, to be passed on byte for byte.
    Passed {
        /// In UTF-8.
        body: Bytes,
        /// XML, not JSON.
        xml: bool,
    },
    /// A success of an openapi2 server: its message and its other members, `,"name":value…`.
    Members {
        /// Its message.
        message: String,
        /// The other members.
        members: Bytes,
    },
    /// A failure, in the target's words.
    Refused {
        /// Its code.
        code: String,
        /// Its text.
        message: String,
    },
}

/// How failures are told and what their fields are called.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'r> {
    pub(crate) failure: Option<&'r FailureRule>,
    pub(crate) fields: &'r ReplyFields,
}

/// The text of a reply.
pub(crate) fn decoded<'b>(body: &'b [u8], content_type: &str, charset: Charset) -> Result<Cow<'b, str>, ForwardFault> {
    let text = charset::decode(body, content_type, charset);
    let text = text.ok_or_else(|| ForwardFault::Garbage("it is not text in its charset".to_owned()))?;
    if text.trim().is_empty() { Err(ForwardFault::Garbage("it is empty".to_owned())) } else { Ok(text) }
}

/// A reply that is passed on whatever it says, if it is XML in UTF-8. (A provider may write GBK, but no XML that its own declaration
/// contradicts.)
pub(crate) fn whole_xml(body: Bytes) -> Result<Verdict, ForwardFault> {
    if std::str::from_utf8(&body).is_ok_and(|text| xml::read(text).is_ok()) {
        Ok(Verdict::Passed { body, xml: true })
    } else {
        Err(ForwardFault::Garbage("it is not XML in UTF-8".to_owned()))
    }
}

/// Judges a reply.
pub(crate) fn judge(
    body: &Bytes,
    content_type: &str,
    charset: Charset,
    reading: Reading<'_>,
) -> Result<Verdict, ForwardFault> {
    let text = decoded(body, content_type, charset)?;
    let garbage = |error: &dyn std::fmt::Display| ForwardFault::Garbage(error.to_string());
    let xml = text.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    let refused = if xml {
        let root = xml::read(&text).map_err(|error| garbage(&error))?;
        if root.name.eq_ignore_ascii_case("html") {
            return Err(ForwardFault::Garbage("it is a web page".to_owned()));
        }
        reading.refusal(root.name == "error_response", |path| in_xml(&root, path))
    } else {
        let root = Object::parse(&text).map_err(|error| garbage(&error))?;
        let error = root.get("error_response");
        let inner = error.or_else(|| root.get("response")).filter(|inner| shape(inner) == Shape::Object);
        let inner = inner.map(Object::from_raw).transpose().map_err(|error| garbage(&error))?;
        let look = |path: &str| inner.as_ref().and_then(|inner| in_json(inner, path)).or_else(|| in_json(&root, path));
        reading.refusal(error.is_some(), look)
    };
    if let Some(refused) = refused {
        return Ok(refused);
    }
    let body = match text {
        Cow::Borrowed(text) if text.len() == body.len() && !(xml && charset::declares_other(text)) => body.clone(),
        text if xml && charset::declares_other(&text) => charset::restate(&text, "utf-8").into(),
        text => Bytes::copy_from_slice(text.as_bytes()),
    };
    Ok(Verdict::Passed { body, xml })
}

impl Reading<'_> {
    /// The failure that a reply with these fields is, if it is one.
    fn refusal<'v>(&self, is_error: bool, look: impl Fn(&str) -> Option<Cow<'v, str>>) -> Option<Verdict> {
        let own = |name: &'_ str, usual: &[&str]| {
            let named = (!name.is_empty()).then(|| look(name)).flatten();
            named.or_else(|| usual.iter().find_map(|usual| look(usual).filter(|value| !value.is_empty())))
        };
        let flag = if self.fields.flag.is_empty() { "flag" } else { &self.fields.flag };
        let failed = match self.failure {
            Some(rule) => rule.says_failed(look(&rule.field).as_deref()),
            None => look(flag).is_some_and(|flag| flag.eq_ignore_ascii_case("failure")),
        };
        // What the platform prescribes for a bad signature is a failure, whatever a definition looks for (fact sheet qimen, C3).
        let failed = failed || look("sub_code").is_some_and(|code| code == "sign-check-failure");
        if !failed && !is_error {
            return None;
        }
        let code = own(&self.fields.code, &["sub_code", "code", "errorcode"]);
        let message = own(&self.fields.message, &["sub_message", "message", "sub_msg", "msg"]);
        Some(Verdict::Refused {
            code: code.unwrap_or_default().into_owned(),
            message: message.unwrap_or_default().into_owned(),
        })
    }
}

/// The scalar behind a dotted path, as text.
fn in_json<'j>(object: &Object<'j>, path: &str) -> Option<Cow<'j, str>> {
    match path.split_once('.') {
        None => scalar(object.get(path)?),
        Some((first, rest)) => in_json(&Object::from_raw(object.get(first)?).ok()?, rest),
    }
}

fn in_xml<'x>(root: &'x Element, path: &str) -> Option<Cow<'x, str>> {
    let found = path.split('.').try_fold(root, |element, name| element.child(name))?;
    Some(Cow::Borrowed(found.text.trim()))
}

/// A scalar as text: numbers and booleans as they are written.
pub(super) fn scalar(raw: &RawValue) -> Option<Cow<'_, str>> {
    match shape(raw) {
        Shape::Text => json::text(raw).ok(),
        Shape::Number | Shape::Bool => Some(Cow::Borrowed(raw.get())),
        Shape::Null | Shape::Object | Shape::Array => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reply: &str, failure: Option<&FailureRule>, fields: &ReplyFields) -> Result<Verdict, ForwardFault> {
        judge(&Bytes::copy_from_slice(reply.as_bytes()), "", Charset::Utf8, Reading { failure, fields })
    }

    fn refused(code: &str, message: &str) -> Result<Verdict, ForwardFault> {
        Ok(Verdict::Refused { code: code.into(), message: message.into() })
    }

    #[test]
    fn failures_in_the_words_of_targets() {
        let fields = ReplyFields {
            code: "result_error_code".into(),
            message: "error_desc".into(),
            flag: "result_success".into(),
        };
        let rule = FailureRule { field: "result_success".into(), is: vec!["false".into()], is_not: vec![] };
        for (reply, rule, fields, expected) in [
            (
                r#"{"response":{"flag":"failure","sub_code":"sign-check-failure","sub_message":"Illegal request"}}"#,
                None,
                &ReplyFields::default(),
                refused("sign-check-failure", "Illegal request"),
            ),
            (
                r#"{"flag":"failure","code":10004,"message":"签名错误"}"#,
                None,
                &ReplyFields::default(),
                refused("10004", "签名错误"),
            ),
            (
                r#"{"response":{"flag":"failure","sub_code":"sign-check-failure","sub_message":"Illegal request"}}"#,
                Some(&rule),
                &fields,
                refused("sign-check-failure", "Illegal request"),
            ),
            (
                r#"{"result_success":false,"result_error_code":"E1","error_desc":"不行"}"#,
                Some(&rule),
                &fields,
                refused("E1", "不行"),
            ),
            (
                "<response><flag>failure</flag><code>30033</code><message>不是XML</message></response>",
                None,
                &ReplyFields::default(),
                refused("30033", "不是XML"),
            ),
            (
                r#"{"error_response":{"code":15,"msg":"Remote service error","sub_code":"isv.x"}}"#,
                None,
                &ReplyFields::default(),
                refused("isv.x", "Remote service error"),
            ),
        ] {
            assert_eq!(read(reply, rule, fields), expected, "{reply}");
        }
    }

    #[test]
    fn successes_pass_unchanged() {
        let rule = FailureRule { field: "result.ok".into(), is: vec![], is_not: vec!["true".into()] };
        for (reply, rule, is_xml) in [
            (r#"{"response":{"errorcode":0,"tid":12345678901234567890}}"#, None, false),
            (" {\"flag\":\"success\",\n\"code\":\"0\"} ", None, false),
            (r#"{"result":{"ok":true}}"#, Some(&rule), false),
            (r#"<?xml version="1.0" encoding="utf-8"?><response><flag>success</flag></response>"#, None, true),
        ] {
            let expected = Verdict::Passed { body: Bytes::copy_from_slice(reply.as_bytes()), xml: is_xml };
            assert_eq!(read(reply, rule, &ReplyFields::default()), Ok(expected), "{reply}");
        }
        assert_eq!(read(r#"{"result":{}}"#, Some(&rule), &ReplyFields::default()), refused("", ""));
    }

    #[test]
    fn what_is_neither_json_nor_xml_is_garbage() {
        let bomb = r#"<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>"#;
        for reply in ["", "  ", "ok", "[1]", "{", "<html><body>502</body></html>", "<a>", bomb, r#"{"a":1,"a":2}"#] {
            assert!(matches!(read(reply, None, &ReplyFields::default()), Err(ForwardFault::Garbage(_))), "{reply}");
        }
    }

    #[test]
    fn gbk_replies_become_utf8() {
        let gbk = Bytes::from_static(
            b"<?xml version=\"1.0\" encoding=\"GBK\"?><response><name>\xd5\xc5\xc8\xfd</name></response>",
        );
        let reading = Reading { failure: None, fields: &ReplyFields::default() };
        let Ok(Verdict::Passed { body, xml: true }) = judge(&gbk, "text/xml", Charset::Gbk, reading) else {
            panic!("a success")
        };
        assert_eq!(body, r#"<?xml version="1.0" encoding="utf-8"?><response><name>张三</name></response>"#);
    }
}
