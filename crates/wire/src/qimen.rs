//! The signature of the forwarded call, gateway to target (fact sheet qimen-gateway, A6).
//!
//! MD5 whatever the `sign_method`: secret + P + body + secret, upper-case. P is name and value of the pairs sorted by
//! name, from the headers that `top-sign-list` names, the query, and the form fields whose names are not in the query;
//! empty values stay. The body is part of it for JSON, XML and text only.
//!
//! Charset: the body is digested byte for byte as it travels, so one in GBK needs no conversion. Parameters are UTF-8
//! here; under another stated charset the target would digest their other bytes, so then they must be ASCII, or the
//! encoder of that charset is given ([`sign_encoded`]).

use std::borrow::Cow;
use std::fmt;

use crate::content::{ContentType, Media};
use crate::hashing::{Hash, Running};
use crate::params::Params;
use crate::{form, limits};

/// The header that lists the signed headers.
pub const SIGN_LIST: &str = "top-sign-list";

/// Where the official helper looks for the caller's address, first non-empty wins (A6).
pub const REMOTE_IP_HEADERS: [&str; 6] =
    ["X-Real-IP", "X-Forwarded-For", "Proxy-Client-IP", "WL-Proxy-Client-IP", "HTTP_CLIENT_IP", "HTTP_X_FORWARDED_FOR"];

/// A forwarded call, as far as it is signed.
#[derive(Clone, Copy)]
pub struct Forwarded<'a> {
    /// Names and decoded values of the listed headers; see [`listed_headers`].
    pub headers: &'a [(String, String)],
    /// The query string; `sign` in it is left out.
    pub query: &'a Params<'a>,
    /// The form fields of the body; empty when the body is not a form.
    pub form: &'a Params<'a>,
    /// The value of `Content-Type`; empty counts as a form.
    pub content_type: &'a str,
    /// The body as it travels.
    pub body: &'a [u8],
}

/// Why a forwarded call cannot be signed or checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A content type that the official helper refuses.
    ContentType(String),
    /// A parameter with other characters than ASCII under a charset other than UTF-8.
    Charset(String),
    /// More than [`limits::SIGNED_HEADERS`] listed headers.
    TooManyHeaders,
    /// A listed header whose value is not properly URL-encoded UTF-8.
    Header(form::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContentType(given) => write!(f, "a call of content type {given:?} cannot be signed"),
            Self::Charset(name) => write!(f, "parameter {name:?} is not ASCII, but the stated charset is not UTF-8"),
            Self::TooManyHeaders => write!(f, "{SIGN_LIST} names more than {} headers", limits::SIGNED_HEADERS),
            Self::Header(error) => write!(f, "listed header: {error}"),
        }
    }
}

impl std::error::Error for Error {}

/// Names and decoded values of the headers in a `top-sign-list`; a listed header that is missing counts as empty.
pub fn listed_headers<'h>(
    list: &str,
    header: impl Fn(&str) -> Option<&'h str>,
) -> Result<Vec<(String, String)>, Error> {
    let mut listed = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if listed.len() == limits::SIGNED_HEADERS {
            return Err(Error::TooManyHeaders);
        }
        let value = header(name).unwrap_or_default();
        let value = form::decode(value)
            .map_err(|(position, fault)| Error::Header(form::Error { name: limits::quoted(name), position, fault }))?;
        listed.push((name.to_owned(), value.into_owned()));
    }
    Ok(listed)
}

/// The `sign` of a forwarded call, made with the target's secret.
pub fn sign(secret: &str, call: &Forwarded<'_>) -> Result<String, Error> {
    hash(secret, call).map(|hash| hash.upper())
}

/// The same for a target that reads another charset than UTF-8: `encode` gives the bytes of a text, `None` when it has no such
/// characters.
pub fn sign_encoded(
    secret: &str,
    call: &Forwarded<'_>,
    encode: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<String, Error> {
    let mut running = Running::md5();
    running.feed(secret.as_bytes());
    for (name, value) in pairs(call) {
        let bytes = encode(value).ok_or_else(|| Error::Charset(limits::quoted(name)))?;
        running.feed(name.as_bytes());
        running.feed(&bytes);
    }
    if has_body(call.content_type)? {
        running.feed(call.body);
    }
    running.feed(secret.as_bytes());
    Ok(running.finish().upper())
}

/// Checks the `sign` of a forwarded call with the target's secret, in constant time.
pub fn verify(secret: &str, call: &Forwarded<'_>, given: &str) -> Result<bool, Error> {
    let hash = hash(secret, call)?;
    Ok(Hash::presented(given).is_some_and(|given| hash.is(&given)))
}

/// P, the signed pairs in order, for people to look at.
pub fn canonical(call: &Forwarded<'_>) -> String {
    pairs(call).into_iter().flat_map(|(name, value)| [name, value]).collect()
}

fn hash(secret: &str, call: &Forwarded<'_>) -> Result<Hash, Error> {
    let with_body = has_body(call.content_type)?;
    let pairs = pairs(call);
    if !ContentType::read(call.content_type).is_utf8() {
        let foreign = pairs.iter().find(|(name, value)| !name.is_ascii() || !value.is_ascii());
        if let Some((name, _)) = foreign {
            return Err(Error::Charset(limits::quoted(name)));
        }
    }
    let mut running = Running::md5();
    running.feed(secret.as_bytes());
    for (name, value) in pairs {
        running.feed(name.as_bytes());
        running.feed(value.as_bytes());
    }
    if with_body {
        running.feed(call.body);
    }
    running.feed(secret.as_bytes());
    Ok(running.finish())
}

/// Whether the body is digested as it is.
fn has_body(content_type: &str) -> Result<bool, Error> {
    match ContentType::read(content_type).media {
        Media::None | Media::Form => Ok(false),
        Media::Json | Media::Xml | Media::Text => Ok(true),
        Media::Multipart | Media::Other => Err(Error::ContentType(limits::quoted(content_type))),
    }
}

/// The signed pairs in byte order: the query overrides a listed header of the same name, a form field gives way to both.
fn pairs<'c>(call: &'c Forwarded<'_>) -> Vec<(&'c str, &'c str)> {
    let mut pairs: Vec<(&str, &str)> = call.query.iter().filter(|(name, _)| *name != "sign").collect();
    let headers = call.headers.iter().map(|(name, value)| (&**name, &**value));
    pairs.extend(headers.filter(|(name, _)| call.query.get(name).is_none()));
    pairs.extend(call.form.iter().filter(|(name, _)| call.query.get(name).is_none()));
    // The sort is stable, so the header stands before a form field of the same name.
    pairs.sort_by_key(|(name, _)| *name);
    pairs.dedup_by_key(|(name, _)| *name);
    pairs
}

/// The query string of a forwarded call with its `sign`: every value percent-encoded, `=` too (the Java helper loses a
/// pair with a raw one).
pub fn signed_query(query: &Params<'_>, sign: &str) -> String {
    let pairs = query.iter().filter(|(name, _)| *name != "sign").chain([("sign", sign)]);
    form::encode(pairs, form::Space::Plus)
}

/// The value of a listed header as it travels.
pub fn header_value(value: &str) -> Cow<'_, str> {
    let mut encoded = String::with_capacity(value.len());
    form::encode_into(&mut encoded, value, form::Space::Plus);
    if encoded == value { Cow::Borrowed(value) } else { Cow::Owned(encoded) }
}
