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

/// A `Content-Type`, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentType<'a> {
    /// What the body is.
    pub media: Media,
    /// The stated charset.
    pub charset: Option<&'a str>,
}

impl<'a> ContentType<'a> {
    /// Takes a header value apart; it never fails, since clients write what they like.
    pub fn read(value: &'a str) -> Self {
        let mut pieces = value.split(';').map(str::trim);
        let media = match pieces.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "" => Media::None,
            "application/x-www-form-urlencoded" => Media::Form,
            "multipart/form-data" => Media::Multipart,
            "application/json" => Media::Json,
            "text/xml" | "application/xml" => Media::Xml,
            "text/plain" => Media::Text,
            _ => Media::Other,
        };
        let charset = pieces.find_map(|piece| {
            let (name, value) = piece.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
        });
        Self { media, charset: charset.filter(|charset| !charset.is_empty()) }
    }

    /// True for UTF-8, stated or by default.
    pub fn is_utf8(&self) -> bool {
        self.charset.is_none_or(|c| c.eq_ignore_ascii_case("utf-8") || c.eq_ignore_ascii_case("utf8"))
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
            assert_eq!((read.media, read.charset, read.is_utf8()), (media, charset, utf8), "{value}");
        }
    }
}
