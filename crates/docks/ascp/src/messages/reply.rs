//! The reply to a push (fact sheet ascp-direct, 1.6).

use wire::json::{self, Object};
use wire::xml;

use super::Format;

/// What the supplier says to a push.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PushReply {
    /// Accepted: for an order that means stored on disk, for a cancel that the order will not leave.
    pub success: bool,
    /// Free text code; empty on success.
    pub code: String,
    /// The reason, for people.
    pub message: String,
    /// On failure: whether the platform should push again.
    pub retry: bool,
}

impl PushReply {
    /// Accepted.
    pub fn accepted() -> Self {
        Self { success: true, ..Self::default() }
    }

    /// Refused for good.
    pub fn refused(code: &str, message: impl Into<String>) -> Self {
        Self { success: false, code: code.to_owned(), message: message.into(), retry: false }
    }

    /// Not now: push again.
    pub fn later(code: &str, message: impl Into<String>) -> Self {
        Self { retry: true, ..Self::refused(code, message) }
    }

    /// The body and its content type.
    pub fn write(&self, format: Format) -> (&'static str, String) {
        let members = [
            ("success", self.success.to_string()),
            ("errorCode", self.code.clone()),
            ("errorMsg", self.message.clone()),
            ("retry", self.retry.to_string()),
        ];
        match format {
            Format::Xml => {
                let mut out = xml::Writer::new();
                out.open("response");
                for (name, value) in &members {
                    out.element(name, value);
                }
                out.close("response");
                ("text/xml;charset=UTF-8", out.finish())
            }
            Format::Json => {
                let mut out = b"{\"response\":{".to_vec();
                for (place, (name, value)) in members.iter().enumerate() {
                    out.extend_from_slice(if place == 0 { b"\"" } else { b",\"" });
                    out.extend_from_slice(name.as_bytes());
                    out.extend_from_slice(b"\":");
                    if matches!(*name, "success" | "retry") {
                        out.extend_from_slice(value.as_bytes());
                    } else {
                        json::write_text(&mut out, value);
                    }
                }
                out.extend_from_slice(b"}}");
                ("application/json;charset=UTF-8", String::from_utf8(out).unwrap_or_default())
            }
        }
    }

    /// Reads a reply; `None` for anything else, which counts as a failure to push again.
    pub fn read(body: &str) -> Option<Self> {
        let body = body.trim_start_matches('\u{feff}').trim();
        if body.starts_with('{') {
            let root = Object::parse(body).ok()?;
            let inner = match root.get("response") {
                Some(inner) => Object::from_raw(inner).ok()?,
                None => root,
            };
            let text = |name: &str| {
                let raw = inner.get(name)?;
                Some(json::text(raw).map_or_else(|_| raw.get().to_owned(), |text| text.into_owned()))
            };
            return Self::of(text);
        }
        let root = xml::read(body).ok().filter(|root| root.name == "response")?;
        Self::of(|name| root.text_of(name).map(str::to_owned))
    }

    fn of(text: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let flag = |name: &str| text(name).map(|value| value.trim().eq_ignore_ascii_case("true"));
        Some(Self {
            success: flag("success")?,
            code: text("errorCode").unwrap_or_default(),
            message: text("errorMsg").unwrap_or_default(),
            retry: flag("retry").unwrap_or(false),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_travel_both_ways() {
        let later = PushReply::later("STORE_BUSY", "order store is <unavailable>");
        for reply in [PushReply::accepted(), later] {
            for format in [Format::Xml, Format::Json] {
                assert_eq!(PushReply::read(&reply.write(format).1).as_ref(), Some(&reply));
            }
        }
        assert_eq!(
            PushReply::accepted().write(Format::Xml).1,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><response><success>true</success><errorCode></errorCode>\
             <errorMsg></errorMsg><retry>false</retry></response>"
        );
    }

    #[test]
    fn anything_else_is_no_reply() {
        for body in ["", "ok", "<html/>", "{}", "<response><retry>true</retry></response>", "{\"response\":[]}"] {
            assert_eq!(PushReply::read(body), None, "{body}");
        }
    }
}
