//! What a caller would get for a reply of a target: the rules of a definition tried before they are on line (fact sheet qimen, G 12).

use bytes::Bytes;

use super::reply::{self, Reading, Verdict};
use crate::directory::{Api, Charset, EnvelopeProfile};
use crate::envelope::Form;
use crate::fault::Fault;
use crate::profile;

/// What becomes of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// `passed`, `refused`, or `unreadable`.
    pub verdict: &'static str,
    /// The target's code, or why the reply cannot be read.
    pub code: String,
    /// The target's text.
    pub message: String,
    /// What the caller gets.
    pub envelope: String,
}

/// What becomes of `body`, in UTF-8, under the rules of `api`, for a caller with this profile.
pub fn preview(api: &Api, profile: EnvelopeProfile, content_type: &str, body: &str) -> Preview {
    let reading = Reading { failure: api.failure.as_ref(), fields: &api.reply_fields };
    let judged = reply::judge(&Bytes::copy_from_slice(body.as_bytes()), content_type, Charset::Utf8, reading);
    let (verdict, fault) = match judged {
        Ok(Verdict::Passed { body, xml }) => {
            let body = profile::dress(&body, xml, profile).unwrap_or_else(|| body.to_vec());
            let envelope = String::from_utf8_lossy(&body).into_owned();
            return Preview { verdict: "passed", code: String::new(), message: String::new(), envelope };
        }
        // Only openapi2 servers are read like this.
        Ok(Verdict::Members { message, .. }) => ("refused", Fault::TargetRefused { code: String::new(), message }),
        Ok(Verdict::Refused { code, message }) => ("refused", Fault::TargetRefused { code, message }),
        Err(fault) => ("unreadable", Fault::from(fault)),
    };
    let words = fault.top();
    let text = |part: Option<std::borrow::Cow<'_, str>>| part.map(std::borrow::Cow::into_owned).unwrap_or_default();
    let (code, message) = (text(words.sub_code), text(words.sub_message));
    let failure = Form::Qimen.failure(&fault, "request_id");
    let failure = profile::dress(&failure, false, profile).unwrap_or(failure);
    Preview { verdict, code, message, envelope: String::from_utf8_lossy(&failure).into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{FailureRule, ReplyFields};

    #[test]
    fn rules_are_tried_before_they_are_on_line() {
        let api = Api {
            failure: Some(FailureRule { field: "result_success".into(), is: vec!["false".into()], is_not: vec![] }),
            reply_fields: ReplyFields {
                code: "result_error_code".into(),
                message: "error_desc".into(),
                flag: String::new(),
            },
            ..Api::default()
        };
        let check = |profile, body: &str, verdict: &str, envelope: &str| {
            let got = preview(&api, profile, "application/json", body);
            assert_eq!((got.verdict, got.envelope.as_str()), (verdict, envelope), "{body}");
        };
        check(EnvelopeProfile::Java, r#"{"result_success":true}"#, "passed", r#"{"result_success":true}"#);
        check(EnvelopeProfile::DotNet, r#"{"response":{"a":1}}"#, "passed", r#"{"response":{"flag":"success","a":1}}"#);
        check(
            EnvelopeProfile::Flat,
            r#"{"result_success":false,"result_error_code":"E7","error_desc":"缺货"}"#,
            "refused",
            r#"{"flag":"failure","code":15,"message":"Remote service error","sub_code":"E7","sub_message":"缺货","request_id":"request_id"}"#,
        );
        assert_eq!(preview(&api, EnvelopeProfile::Java, "", "oops").verdict, "unreadable");
    }
}
