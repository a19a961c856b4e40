//! Text between UTF-8, which is what travels inside, and the charset of a target.

use std::borrow::Cow;

use encoding_rs::{GBK, UTF_8};
use wire::content::ContentType;

use crate::directory::Charset;

/// Its name in a `Content-Type` and in an XML declaration.
pub(super) fn name(charset: Charset) -> &'static str {
    match charset {
        Charset::Utf8 => "UTF-8",
        Charset::Gbk => "GBK",
    }
}

/// The bytes of a text for a target; `None` when it has characters that the charset does not know.
pub(super) fn encode(text: &str, charset: Charset) -> Option<Cow<'_, [u8]>> {
    match charset {
        Charset::Utf8 => Some(Cow::Borrowed(text.as_bytes())),
        Charset::Gbk => {
            // Whatever GBK lacks would be written as an HTML entity.
            let (bytes, _, replaced) = GBK.encode(text);
            (!replaced).then_some(bytes)
        }
    }
}

/// The text of a reply: in the charset that it states, else in the target's. `None` when it is not text in that charset.
pub(super) fn decode<'b>(bytes: &'b [u8], content_type: &str, charset: Charset) -> Option<Cow<'b, str>> {
    let stated = ContentType::read(content_type).charset();
    let encoding = match (stated.map(str::as_bytes).map(encoding_rs::Encoding::for_label), charset) {
        (Some(Some(stated)), _) => stated,
        (Some(None), _) => return None,
        (None, Charset::Utf8) => UTF_8,
        (None, Charset::Gbk) => GBK,
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// An XML text whose declaration names `charset`: what a declaration says must be true of the bytes that travel.
pub(super) fn restate(xml: &str, charset: &str) -> String {
    let body = match xml.trim_start_matches('\u{feff}').trim_start() {
        text if text.starts_with("<?xml") => text.split_once("?>").map_or("", |(_, body)| body),
        text => text,
    };
    format!("<?xml version=\"1.0\" encoding=\"{charset}\"?>{body}")
}

/// Whether an XML text declares another charset than UTF-8.
pub(super) fn declares_other(xml: &str) -> bool {
    let Some((declaration, _)) = xml.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) else {
        return false;
    };
    declaration.contains("encoding") && !declaration.to_ascii_lowercase().contains("utf-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gbk_there_and_back() {
        let bytes = encode("张三", Charset::Gbk).unwrap();
        assert_eq!(&*bytes, b"\xd5\xc5\xc8\xfd");
        assert_eq!(decode(&bytes, "application/json", Charset::Gbk).as_deref(), Some("张三"));
        assert_eq!(decode(&bytes, "application/json;charset=GBK", Charset::Utf8).as_deref(), Some("张三"));
        assert_eq!(decode(&bytes, "application/json", Charset::Utf8), None);
        assert_eq!(decode(b"{}", "application/json;charset=klingon", Charset::Utf8), None);
        assert_eq!(encode("😀", Charset::Gbk), None);
        assert_eq!(decode("\u{feff}{}".as_bytes(), "", Charset::Utf8).as_deref(), Some("{}"));
    }

    #[test]
    fn declarations_say_the_truth() {
        assert_eq!(
            restate("<?xml version='1.0' encoding='utf-8'?><a/>", "GBK"),
            r#"<?xml version="1.0" encoding="GBK"?><a/>"#
        );
        assert_eq!(restate("<a/>", "GBK"), r#"<?xml version="1.0" encoding="GBK"?><a/>"#);
        assert!(declares_other(r#"<?xml version="1.0" encoding="GBK"?><a/>"#));
        assert!(!declares_other(r#"<?xml version="1.0" encoding="utf-8"?><a/>"#) && !declares_other("<a/>"));
    }
}
