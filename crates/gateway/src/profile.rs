//! The last touch on an answer of the Qimen side, for callers whose client wants another envelope than most (fact sheet qimen, B6).
//!
//! One place for all answers, those of targets outside included, and no cost for callers with the usual envelope.

use wire::json::{Object, Shape, shape};

use crate::directory::EnvelopeProfile;

const FLAG: &str = "\"flag\":\"success\"";
const FLAG_ELEMENT: &str = "<flag>success</flag>";

/// The body as this caller wants it; `None` = as it is. A body that is neither JSON nor XML stays as it is.
pub(crate) fn dress(body: &[u8], xml: bool, profile: EnvelopeProfile) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok()?;
    match (profile, xml) {
        (EnvelopeProfile::Java, _) | (EnvelopeProfile::Flat, true) => None,
        (EnvelopeProfile::DotNet, true) => flag_xml(text),
        (EnvelopeProfile::DotNet, false) => flag_json(text),
        (EnvelopeProfile::Flat, false) => Some(inner(text)?.as_bytes().to_vec()),
    }
}

/// The object in `response`, when that is all there is.
fn inner(text: &str) -> Option<&str> {
    let root = Object::parse(text).ok()?;
    let mut members = root.iter();
    match (members.next(), members.next()) {
        (Some(("response", raw)), None) if shape(raw) == Shape::Object => Some(raw.get()),
        _ => None,
    }
}

fn flag_json(text: &str) -> Option<Vec<u8>> {
    let object = inner(text).unwrap_or(text.trim());
    let members = Object::parse(object).ok()?;
    if members.get("flag").is_some() {
        return None;
    }
    let start = text.find(object)? + 1;
    let comma = if members.is_empty() { "" } else { "," };
    Some([text.get(..start)?, FLAG, comma, text.get(start..)?].concat().into_bytes())
}

/// Behind the start of the root element, whatever it is called.
fn flag_xml(text: &str) -> Option<Vec<u8>> {
    if wire::xml::read(text).ok()?.pairs().any(|(name, _)| name == "flag") {
        return None;
    }
    let prolog = text.find("?>").map_or(0, |at| at + 2);
    let root = prolog + text.get(prolog..)?.find('<')?;
    let end = root + text.get(root..)?.find('>')?;
    // A root without content, a comment or a document type in front: not what our side writes.
    let plain =
        text.get(root + 1..end)?.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.get(..end)?.ends_with('/');
    if !plain {
        return None;
    }
    Some([text.get(..=end)?, FLAG_ELEMENT, text.get(end + 1..)?].concat().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_has_its_envelope() {
        use EnvelopeProfile::{DotNet, Flat, Java};
        const SUCCESS: &str = r#"{"response":{"errorcode":0,"rows":[]}}"#;
        const FAILURE: &str = r#"{"response":{"flag":"failure","code":41}}"#;
        for (profile, body, expected) in [
            (Java, SUCCESS, None),
            (DotNet, SUCCESS, Some(r#"{"response":{"flag":"success","errorcode":0,"rows":[]}}"#)),
            (DotNet, FAILURE, None),
            (DotNet, r#"{"errorcode":0}"#, Some(r#"{"flag":"success","errorcode":0}"#)),
            (DotNet, r#" {"response": {} } "#, Some(r#" {"response": {"flag":"success"} } "#)),
            (DotNet, r#"{"response":[1]}"#, Some(r#"{"flag":"success","response":[1]}"#)),
            (DotNet, "[1]", None),
            (DotNet, "no JSON", None),
            (Flat, SUCCESS, Some(r#"{"errorcode":0,"rows":[]}"#)),
            (Flat, FAILURE, Some(r#"{"flag":"failure","code":41}"#)),
            (Flat, r#"{"errorcode":0}"#, None),
            (Flat, r#"{"response":{},"more":1}"#, None),
        ] {
            let dressed = dress(body.as_bytes(), false, profile).map(|body| String::from_utf8(body).unwrap());
            assert_eq!(dressed.as_deref(), expected, "{profile:?} {body}");
        }
    }

    #[test]
    fn xml_gets_its_flag_and_keeps_its_root() {
        use EnvelopeProfile::{DotNet, Flat};
        for (profile, body, expected) in [
            (
                DotNet,
                r#"<?xml version="1.0" encoding="utf-8"?><response><errorcode>0</errorcode></response>"#,
                Some(
                    r#"<?xml version="1.0" encoding="utf-8"?><response><flag>success</flag><errorcode>0</errorcode></response>"#,
                ),
            ),
            (DotNet, "<response><flag>failure</flag></response>", None),
            (DotNet, "<response/>", None),
            (DotNet, "no XML", None),
            (Flat, "<response><errorcode>0</errorcode></response>", None),
        ] {
            let dressed = dress(body.as_bytes(), true, profile).map(|body| String::from_utf8(body).unwrap());
            assert_eq!(dressed.as_deref(), expected, "{profile:?} {body}");
        }
    }
}
