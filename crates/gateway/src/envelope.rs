//! The wrapping of answers: one form a door (fact sheets wdt-1, 1.6 and 1.7; qimen, B1, B5, B6).
//!
//! A success on the Qimen side has `errorcode` and never `code`; a failure has `flag`. `error_response` appears on the TOP
//! path only. The members of the method itself arrive ready-made and are passed on byte for byte; in XML a list becomes an
//! element that holds one element a row.

use wire::json::write_text;
use wire::xml;

use crate::fault::Fault;
use crate::registry::RowName;
use crate::reply::Answer;

/// The shape in which the caller expects the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `{"code":0,…}`
    Openapi2,
    /// `{"response":{"errorcode":0,…}}`
    Qimen,
    /// `format=json2`: the same without `response`.
    QimenFlat,
    /// `<response>…</response>`, for `format=xml` (the platform's default) and `format=xml2`, which needs a root too.
    QimenXml,
    /// `{"…_response":{…}}` and `error_response`.
    Top,
    /// `simplify=true`: success without its wrapper.
    TopSimple,
    /// The same names as XML elements.
    TopXml,
}

impl Form {
    /// Whether codes and messages are those of TOP and Qimen.
    pub(crate) fn is_top(self) -> bool {
        self != Self::Openapi2
    }

    /// Whether the answer is wrapped as on the Qimen side.
    pub(crate) fn is_qimen(self) -> bool {
        matches!(self, Self::Qimen | Self::QimenFlat | Self::QimenXml)
    }

    /// The `Content-Type` of the answer (fact sheet qimen, B7; wdt-1, 1.2).
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::QimenXml | Self::TopXml => "text/xml;charset=UTF-8",
            _ => "application/json;charset=UTF-8",
        }
    }

    /// Wraps the answer of a method. TOP derives the name of its wrapper from `method`; `rows` names the rows of lists.
    pub(crate) fn success(self, answer: &Answer, method: &str, rows: RowName) -> Vec<u8> {
        if answer.code != 0 && self.is_top() {
            let refused = crate::method::Refused { code: answer.code, message: answer.message.clone() };
            return self.failure(&Fault::Business(refused), &answer.request_id);
        }
        let mut out = Vec::with_capacity(answer.members.len() + answer.message.len() + 128);
        match self {
            Self::Openapi2 => {
                out.extend_from_slice(b"{\"code\":");
                out.extend_from_slice(answer.code.to_string().as_bytes());
                out.extend_from_slice(b",\"message\":");
                write_text(&mut out, &answer.message);
                out.extend_from_slice(&answer.members);
                out.push(b'}');
            }
            Self::Qimen | Self::QimenFlat | Self::QimenXml => {
                let wrapped = self == Self::Qimen;
                out.extend_from_slice(if wrapped { b"{\"response\":{\"errorcode\":0" } else { b"{\"errorcode\":0" });
                out.extend_from_slice(b",\"message\":");
                write_text(&mut out, &answer.message);
                out.extend_from_slice(&answer.members);
                json_member(&mut out, "request_id", &answer.request_id);
                out.extend_from_slice(if wrapped { b"}}" } else { b"}" });
                if self == Self::QimenXml {
                    return self.in_xml("response", &out, rows, &answer.request_id);
                }
            }
            Self::Top | Self::TopSimple | Self::TopXml => return self.top_success(answer, method),
        }
        out
    }

    /// Wraps a refusal.
    pub(crate) fn failure(self, fault: &Fault, request_id: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        if self == Self::Openapi2 {
            let (code, message) = fault.openapi2();
            out.extend_from_slice(b"{\"code\":");
            out.extend_from_slice(code.to_string().as_bytes());
            out.extend_from_slice(b",\"message\":");
            write_text(&mut out, &message);
            out.push(b'}');
            return out;
        }
        let words = fault.top();
        let qimen = self.is_qimen();
        let (message, sub_message) = if qimen { ("message", "sub_message") } else { ("msg", "sub_msg") };
        let members = [
            (message, Some(&*words.message)),
            ("sub_code", words.sub_code.as_deref()),
            (sub_message, words.sub_message.as_deref()),
            ("request_id", Some(request_id)),
        ];
        match self {
            Self::QimenXml | Self::TopXml => {
                let root = if qimen { "response" } else { "error_response" };
                let mut xml = xml::Writer::new();
                xml.open(root);
                if qimen {
                    xml.element("flag", "failure");
                }
                xml.element("code", &words.code.to_string());
                for (name, value) in members {
                    if let Some(value) = value {
                        xml.element(name, value);
                    }
                }
                xml.close(root);
                out = xml.finish().into_bytes();
            }
            _ => {
                let (open, close): (&[u8], &[u8]) = match self {
                    Self::Qimen => (b"{\"response\":{\"flag\":\"failure\",\"code\":", b"}}"),
                    Self::QimenFlat => (b"{\"flag\":\"failure\",\"code\":", b"}"),
                    _ => (b"{\"error_response\":{\"code\":", b"}}"),
                };
                out.extend_from_slice(open);
                out.extend_from_slice(words.code.to_string().as_bytes());
                for (name, value) in members {
                    if let Some(value) = value {
                        json_member(&mut out, name, value);
                    }
                }
                out.extend_from_slice(close);
            }
        }
        out
    }

    /// TOP's own forms, which the players of platforms share.
    fn top_success(self, answer: &Answer, method: &str) -> Vec<u8> {
        let mut members = answer.members.to_vec();
        match members.first_mut() {
            Some(comma) => *comma = b'{',
            None => members.push(b'{'),
        }
        members.push(b'}');
        let text = std::str::from_utf8(&members).unwrap_or_default();
        crate::player::success(self, method, text, &answer.request_id)
            .unwrap_or_else(|| self.unwritable(&"not an object", &answer.request_id))
    }

    /// The members of a JSON object as elements under `root`.
    fn in_xml(self, root: &str, json: &[u8], rows: RowName, request_id: &str) -> Vec<u8> {
        match xml::from_json(root, std::str::from_utf8(json).unwrap_or_default(), rows) {
            Ok(xml) => xml.into_bytes(),
            Err(error) => self.unwritable(&error, request_id),
        }
    }

    /// A reply that its method wrote wrongly: ours, never the caller's fault.
    fn unwritable(self, error: &dyn std::fmt::Display, request_id: &str) -> Vec<u8> {
        tracing::error!(%error, request_id, "a reply cannot be written in the form that was asked for");
        self.failure(&Fault::Unavailable(crate::fault::REPEAT), request_id)
    }
}

fn json_member(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    write_text(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::method::Refused;

    fn answer() -> Answer {
        Answer {
            code: 0,
            message: String::new(),
            members: b",\"total_count\":1,\"rows\":[]"[..].into(),
            request_id: "15mabc".into(),
        }
    }

    #[test]
    fn wraps_success() {
        for (form, expected) in [
            (Form::Openapi2, r#"{"code":0,"message":"","total_count":1,"rows":[]}"#),
            (
                Form::Qimen,
                r#"{"response":{"errorcode":0,"message":"","total_count":1,"rows":[],"request_id":"15mabc"}}"#,
            ),
            (Form::QimenFlat, r#"{"errorcode":0,"message":"","total_count":1,"rows":[],"request_id":"15mabc"}"#),
            (
                Form::QimenXml,
                r#"<?xml version="1.0" encoding="utf-8"?><response><errorcode>0</errorcode><message></message><total_count>1</total_count><rows></rows><request_id>15mabc</request_id></response>"#,
            ),
        ] {
            assert_eq!(String::from_utf8(form.success(&answer(), "m", xml::singular)).unwrap(), expected);
        }
    }

    #[test]
    fn a_partial_success_is_a_failure_for_qimen_and_keeps_its_counts_on_openapi2() {
        let partial = Answer { code: 1, message: "[{\"tid\":\"T1\"}]".into(), ..answer() };
        assert_eq!(
            String::from_utf8(Form::Openapi2.success(&partial, "m", xml::singular)).unwrap(),
            r#"{"code":1,"message":"[{\"tid\":\"T1\"}]","total_count":1,"rows":[]}"#
        );
        assert_eq!(
            String::from_utf8(Form::Qimen.success(&partial, "m", xml::singular)).unwrap(),
            r#"{"response":{"flag":"failure","code":15,"message":"Remote service error","sub_code":"1","sub_message":"[{\"tid\":\"T1\"}]","request_id":"15mabc"}}"#
        );
    }

    #[test]
    fn wraps_failure() {
        let fault = Fault::Business(Refused::new(2310, "店铺<A>&B"));
        for (form, expected) in [
            (Form::Openapi2, r#"{"code":2310,"message":"店铺<A>&B"}"#),
            (
                Form::Qimen,
                r#"{"response":{"flag":"failure","code":15,"message":"Remote service error","sub_code":"2310","sub_message":"店铺<A>&B","request_id":"r"}}"#,
            ),
            (
                Form::QimenFlat,
                r#"{"flag":"failure","code":15,"message":"Remote service error","sub_code":"2310","sub_message":"店铺<A>&B","request_id":"r"}"#,
            ),
            (
                Form::QimenXml,
                r#"<?xml version="1.0" encoding="utf-8"?><response><flag>failure</flag><code>15</code><message>Remote service error</message><sub_code>2310</sub_code><sub_message>店铺&lt;A&gt;&amp;B</sub_message><request_id>r</request_id></response>"#,
            ),
            (
                Form::Top,
                r#"{"error_response":{"code":15,"msg":"Remote service error","sub_code":"2310","sub_msg":"店铺<A>&B","request_id":"r"}}"#,
            ),
            (
                Form::TopSimple,
                r#"{"error_response":{"code":15,"msg":"Remote service error","sub_code":"2310","sub_msg":"店铺<A>&B","request_id":"r"}}"#,
            ),
        ] {
            assert_eq!(String::from_utf8(form.failure(&fault, "r")).unwrap(), expected);
        }
        assert_eq!(
            String::from_utf8(Form::TopXml.failure(&Fault::Missing("app_key"), "13y")).unwrap(),
            r#"<?xml version="1.0" encoding="utf-8"?><error_response><code>28</code><msg>Missing app key</msg><request_id>13y</request_id></error_response>"#
        );
    }

    #[test]
    fn top_has_three_forms() {
        let time = Answer {
            code: 0,
            message: String::new(),
            members: b",\"time\":\"2023-11-15 06:13:20\",\"zone_list\":[{\"zone\":8}]"[..].into(),
            request_id: "r".into(),
        };
        for (form, expected) in [
            (
                Form::Top,
                r#"{"time_get_response":{"time":"2023-11-15 06:13:20","zone_list":{"zone":[{"zone":8}]},"request_id":"r"}}"#,
            ),
            (Form::TopSimple, r#"{"time":"2023-11-15 06:13:20","zone_list":[{"zone":8}],"request_id":"r"}"#),
            (
                Form::TopXml,
                r#"<?xml version="1.0" encoding="utf-8"?><time_get_response><time>2023-11-15 06:13:20</time><zone_list><zone><zone>8</zone></zone></zone_list><request_id>r</request_id></time_get_response>"#,
            ),
        ] {
            assert_eq!(String::from_utf8(form.success(&time, "taobao.time.get", xml::singular)).unwrap(), expected);
        }
    }
}
