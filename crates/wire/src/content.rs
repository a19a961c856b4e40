//! `Content-Type`: what a body is, as far as calls are concerned.

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// Nothing is said.
    None,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
    /// `application/json`
    Json,
    /// `text/xml` or `application/xml`
    Xml,
    /// `text/plain`
    Text,
    /// Something else.
    Other,
}

/// The names, most frequent first.
const MEDIA: [(&str, Media); 7] = [
    ("application/x-www-form-urlencoded", Media::Form),
    ("", Media::None),
    ("application/json", Media::Json),
    ("multipart/form-data", Media::Multipart),
    ("text/xml", Media::Xml),
    ("application/xml", Media::Xml),
    ("text/plain", Media::Text),
];

/// A `Content-Type`, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentType<'a> {
    /// What the body is.
    pub media: Media,
    /// What stands behind the first `;`.
    parameters: &'a str,
}

impl<'a> ContentType<'a> {
    /// Takes a header value apart; it never fails, since clients write what they like.
    pub fn read(value: &'a str) -> Self {
        let (named, parameters) = value.split_once(';').unwrap_or((value, ""));
        let named = named.trim_ascii();
        let media =
            MEDIA.iter().find(|(name, _)| named.eq_ignore_ascii_case(name)).map_or(Media::Other, |known| known.1);
        Self { media, parameters }
    }

    /// The stated charset.
    pub fn charset(&self) -> Option<&'a str> {
        let charset = self.parameters.split(';').find_map(|piece| {
            let (name, value) = piece.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
        });
        charset.filter(|charset| !charset.is_empty())
    }

    /// True for UTF-8, stated or by default.
    pub fn is_utf8(&self) -> bool {
        self.charset().is_none_or(|c| c.eq_ignore_ascii_case("utf-8") || c.eq_ignore_ascii_case("utf8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_headers_apart() {
        for (value, media, charset, utf8) in [
            ("", Media::None, None, true),
            ("application/x-www-form-urlencoded", Media::Form, None, true),
            ("application/x-www-form-urlencoded;charset=UTF-8", Media::Form, Some("UTF-8"), true),
            ("Application/JSON; Charset=\"utf-8\"", Media::Json, Some("utf-8"), true),
            ("application/json;charset=GBK", Media::Json, Some("GBK"), false),
            ("text/xml ; x=1; charset = utf8", Media::Xml, Some("utf8"), true),
            ("text/plain;charset=", Media::Text, None, true),
            ("multipart/form-data; boundary=x", Media::Multipart, None, true),
            ("application/json-seq", Media::Other, None, true),
        ] {
            let read = ContentType::read(value);
            assert_eq!((read.media, read.charset(), read.is_utf8()), (media, charset, utf8), "{value}");
        }
    }
}
