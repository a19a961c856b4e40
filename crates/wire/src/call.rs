//! One HTTP call as parameters and, perhaps, a raw body: every placement of fact sheet qimen-gateway, table A3.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use crate::content::{ContentType, Media};
use crate::limits;
use crate::multipart::{self, FilePart};
use crate::params::{self, Clash, Params};

/// What a call says.
pub struct Call<'a> {
    /// Query and body merged; with a raw body, the query alone.
    pub params: Params<'a>,
    /// A JSON, XML or text body, which is signed byte for byte before anything reads it (A5).
    pub raw: Option<&'a [u8]>,
    /// What the raw body is; [`Media::None`] without one.
    pub media: Media,
    /// Uploaded files, which no signature covers.
    pub files: Vec<FilePart>,
}

/// Why a call cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Its parameters are not acceptable.
    Params(params::Error),
    /// Its multipart body is not one.
    Multipart(multipart::Error),
    /// A raw body in UTF-8 was expected; the charset that is stated, or that none is and the bytes are not.
    Charset(String),
    /// A body of a content type that no client uses.
    ContentType(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Params(error) => error.fmt(f),
            Self::Multipart(error) => error.fmt(f),
            Self::Charset(charset) if charset.is_empty() => f.write_str("the body is not UTF-8"),
            Self::Charset(charset) => write!(f, "the body is in {charset}; only UTF-8 is read"),
            Self::ContentType(given) => write!(f, "a body of content type {given:?} is not read"),
        }
    }
}

impl std::error::Error for Error {}

impl From<params::Error> for Error {
    fn from(error: params::Error) -> Self {
        Self::Params(error)
    }
}

impl From<multipart::Error> for Error {
    fn from(error: multipart::Error) -> Self {
        Self::Multipart(error)
    }
}

impl Error {
    /// True when the text is wrong and not what it says: TOP has a code of its own for that (47, B2).
    pub fn is_encoding(&self) -> bool {
        match self {
            Self::Charset(_) | Self::Multipart(multipart::Error::NotUtf8(_)) => true,
            Self::Params(params::Error::Form(error)) => error.fault == crate::form::Fault::NotUtf8,
            _ => false,
        }
    }
}

/// Reads a call: the raw query string (without `?`), the value of `Content-Type` (empty if there is none), the body. A
/// body without a content type is a form.
pub fn read<'a>(query: &'a [u8], content_type: &str, body: &'a Bytes, clash: Clash) -> Result<Call<'a>, Error> {
    let content = ContentType::read(content_type);
    let none = Vec::new();
    if body.is_empty() {
        return Ok(Call { params: Params::of_query(query)?, raw: None, media: Media::None, files: none });
    }
    match content.media {
        Media::None | Media::Form => {
            let params = Params::of_form(query, body, clash)?;
            Ok(Call { params, raw: None, media: Media::None, files: none })
        }
        Media::Multipart => {
            let parts = multipart::read(content_type, body.clone())?;
            let texts = parts.texts.into_iter().map(|(name, value)| (Cow::Owned(name), Cow::Owned(value)));
            let params = Params::of_parts(query, texts, clash)?;
            Ok(Call { params, raw: None, media: Media::None, files: parts.files })
        }
        Media::Json | Media::Xml | Media::Text => {
            if let Some(charset) = content.charset().filter(|_| !content.is_utf8()) {
                return Err(Error::Charset(limits::quoted(charset)));
            }
            if std::str::from_utf8(body).is_err() {
                return Err(Error::Charset(String::new()));
            }
            Ok(Call { params: Params::of_query(query)?, raw: Some(body), media: content.media, files: none })
        }
        Media::Other => Err(Error::ContentType(limits::quoted(content_type))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(query: &[u8], content_type: &str, body: &'static [u8]) -> Result<String, Error> {
        let body = Bytes::from_static(body);
        let call = read(query, content_type, &body, Clash::Refuse)?;
        let mut text: String = call.params.iter().map(|(n, v)| format!("{n}={v};")).collect();
        text.extend(call.raw.map(|raw| format!("raw {} bytes", raw.len())));
        text.extend(call.files.iter().map(|file| format!("file {}", file.name)));
        Ok(text)
    }

    #[test]
    fn every_placement() {
        const PARTS: &[u8] = b"--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n2\r\n\
            --B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n3\r\n--B--\r\n";
        for (query, content_type, body, expected) in [
            (&b"a=1"[..], "application/x-www-form-urlencoded;charset=UTF-8", &b"b=2"[..], "a=1;b=2;"),
            (b"", "application/x-www-form-urlencoded", b"a=1&b=2", "a=1;b=2;"),
            (b"a=1&b=2", "", b"", "a=1;b=2;"),
            (b"a=1", "application/json", b"", "a=1;"),
            (b"a=1", "", b"b=2", "a=1;b=2;"),
            (b"a=1", "application/json;charset=utf-8", b"{}", "a=1;raw 2 bytes"),
            (b"a=1", "text/xml;charset=utf-8", b"<a/>", "a=1;raw 4 bytes"),
            (b"a=1", "multipart/form-data; boundary=B", PARTS, "a=1;b=2;file f"),
        ] {
            assert_eq!(flat(query, content_type, body).as_deref(), Ok(expected), "{content_type}");
        }
    }

    #[test]
    fn encodings_are_told_from_other_mistakes() {
        for (query, content_type, body, encoding) in [
            (&b"a=%D5%C5"[..], "", &b""[..], true),
            (b"a=%D", "", b"", false),
            (b"", "application/json", b"{\"a\":\"\xd5\xc5\"}", true),
            (b"", "application/json;charset=GBK", b"{}", true),
            (b"", "image/png", b"x", false),
            (b"a=1", "", b"a=2", false),
        ] {
            let error = flat(query, content_type, body).unwrap_err();
            assert_eq!(error.is_encoding(), encoding, "{error}");
        }
    }
}
