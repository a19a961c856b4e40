//! The body of a push: XML with the root `request`, or JSON with or without one. Both become one JSON object whose lists are plain
//! arrays, so that the fields are read in one way (fact sheet ascp-direct, 1.6, and decision 8 of its section 7).

use std::fmt;

use wire::content::{ContentType, Media};
use wire::json::{self, Array, Object, RawValue, Shape};
use wire::xml::{self, Element};

/// How a body was written; the reply is written in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The usual one.
    Xml,
    /// `{"request":{…}}`
    Json,
}

/// A body, read.
pub struct Body {
    /// The request as a JSON object.
    pub json: String,
    /// How it was written.
    pub format: Format,
}

/// Why a body is not a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyError {
    /// Not UTF-8, or a charset that is not read.
    Charset,
    /// A content type that no push has.
    ContentType,
    /// Not well-formed XML, or with entities and the like.
    Xml(xml::Error),
    /// Not JSON.
    Json(json::Error),
    /// Neither of them has a `request`.
    NoRequest,
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Charset => f.write_str("the body is not UTF-8"),
            Self::ContentType => f.write_str("the body is neither XML nor JSON"),
            Self::Xml(error) => write!(f, "the body is {error}"),
            Self::Json(error) => write!(f, "the body is {error}"),
            Self::NoRequest => f.write_str("the body has no element request"),
        }
    }
}

/// Lists of the messages and the name of their rows.
const LISTS: &[(&str, &str)] = &[("orderItems", "orderItem")];

fn row_of(list: &str) -> Option<&'static str> {
    LISTS.iter().find(|(name, _)| *name == list).map(|(_, row)| *row)
}

/// Reads a body.
pub fn read(content_type: &str, body: &[u8]) -> Result<Body, BodyError> {
    let content = ContentType::read(content_type);
    let text = std::str::from_utf8(body).ok().filter(|_| content.is_utf8()).ok_or(BodyError::Charset)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let looks_like_json = text.starts_with('{');
    let format = match content.media {
        Media::Json => Format::Json,
        Media::Xml => Format::Xml,
        Media::Text | Media::None if looks_like_json => Format::Json,
        Media::Text | Media::None => Format::Xml,
        Media::Form | Media::Multipart | Media::Other => return Err(BodyError::ContentType),
    };
    let json = match format {
        Format::Xml => of_xml(text)?,
        Format::Json => of_json(text)?,
    };
    Ok(Body { json, format })
}

/// Writes a request: a JSON object as XML under `request`, or as `{"request":{…}}`.
pub fn write(format: Format, json: &str) -> Result<String, json::Error> {
    match format {
        Format::Xml => xml::from_json("request", json, |list| row_of(list).unwrap_or("item").to_owned()),
        Format::Json => Ok(format!("{{\"request\":{json}}}")),
    }
}

fn of_xml(text: &str) -> Result<String, BodyError> {
    let root = xml::read(text).map_err(BodyError::Xml)?;
    // The doc page of the platform prints the request inside a response (fact sheet ascp-direct, 1.6).
    let request = match &*root.name {
        "request" => Some(&root),
        "response" => root.child("request"),
        _ => None,
    };
    let mut out = Vec::with_capacity(text.len());
    write_element(&mut out, request.ok_or(BodyError::NoRequest)?);
    String::from_utf8(out).map_err(|_| BodyError::Charset)
}

/// Recursion is bounded: the reader has refused what is deeper than its limit.
fn write_element(out: &mut Vec<u8>, element: &Element) {
    if let Some(row) = row_of(&element.name) {
        out.push(b'[');
        for (place, child) in element.all(row).enumerate() {
            if place > 0 {
                out.push(b',');
            }
            write_element(out, child);
        }
        out.push(b']');
    } else if element.children.is_empty() && !matches!(&*element.name, "request" | "orderItem") {
        json::write_text(out, &element.text);
    } else {
        out.push(b'{');
        for (place, child) in element.children.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            json::write_text(out, &child.name);
            out.push(b':');
            write_element(out, child);
        }
        out.push(b'}');
    }
}

fn of_json(text: &str) -> Result<String, BodyError> {
    let root = Object::parse(text).map_err(BodyError::Json)?;
    let request = match root.get("request") {
        Some(request) if json::shape(request) == Shape::Object => request,
        Some(_) => return Err(BodyError::NoRequest),
        None => json::value(text).map_err(BodyError::Json)?,
    };
    let mut out = Vec::with_capacity(text.len());
    flatten(&mut out, "", request).map_err(BodyError::Json)?;
    String::from_utf8(out).map_err(|_| BodyError::Charset)
}

/// `{"orderItems":{"orderItem":[…]}}` becomes `{"orderItems":[…]}`; everything else stays.
fn flatten(out: &mut Vec<u8>, name: &str, value: &RawValue) -> Result<(), json::Error> {
    match json::shape(value) {
        Shape::Object => {
            let object = Object::from_raw(value)?;
            if let Some(inner) = row_of(name).and_then(|row| object.get(row)) {
                if json::shape(inner) == Shape::Array {
                    return flatten(out, "", inner);
                }
                out.push(b'[');
                flatten(out, "", inner)?;
                out.push(b']');
                return Ok(());
            }
            out.push(b'{');
            for (place, (member, value)) in object.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                json::write_text(out, member);
                out.push(b':');
                flatten(out, member, value)?;
            }
            out.push(b'}');
        }
        Shape::Array => {
            out.push(b'[');
            for (place, value) in Array::from_raw(value, usize::MAX)?.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                flatten(out, "", value)?;
            }
            out.push(b']');
        }
        Shape::Text | Shape::Number | Shape::Bool | Shape::Null => out.extend_from_slice(value.get().as_bytes()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json_of(content_type: &str, body: &str) -> Result<String, BodyError> {
        read(content_type, body.as_bytes()).map(|body| body.json)
    }

    #[test]
    fn every_writing_of_a_request_is_the_same_request() {
        let expected = r#"{"a":"1","orderItems":[{"n":"x"},{"n":"y"}]}"#;
        for (content_type, body) in [
            (
                "text/xml;charset=UTF-8",
                "<request><a>1</a><orderItems><orderItem><n>x</n></orderItem><orderItem><n>y</n></orderItem></orderItems></request>",
            ),
            (
                "",
                "<response><request><a>1</a><orderItems><orderItem><n>x</n></orderItem><orderItem><n>y</n></orderItem></orderItems></request><customerId/></response>",
            ),
            ("application/json", r#"{"request":{"a":"1","orderItems":[{"n":"x"},{"n":"y"}]},"customerId":"c"}"#),
            ("text/plain", r#"{"a":"1","orderItems":{"orderItem":[{"n":"x"},{"n":"y"}]}}"#),
        ] {
            assert_eq!(json_of(content_type, body).unwrap(), expected, "{content_type}");
        }
        let one = r#"{"orderItems":{"orderItem":{"n":12345678901234567890}}}"#;
        assert_eq!(json_of("application/json", one).unwrap(), r#"{"orderItems":[{"n":12345678901234567890}]}"#);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let request = r#"{"a":"张&<三","orderItems":[{"n":"1"}],"empty":""}"#;
        for format in [Format::Xml, Format::Json] {
            let body = write(format, request).unwrap();
            let read =
                read(if format == Format::Xml { "text/xml" } else { "application/json" }, body.as_bytes()).unwrap();
            assert_eq!((read.json.as_str(), read.format), (request, format));
        }
    }

    #[test]
    fn refuses_what_is_no_request() {
        let bomb = "<!DOCTYPE r [<!ENTITY x \"y\">]><request>&x;</request>";
        for (content_type, body, expected) in [
            ("text/xml", bomb, BodyError::Xml(xml::Error::Forbidden)),
            ("text/xml", "<other/>", BodyError::NoRequest),
            ("application/json", r#"{"request":[]}"#, BodyError::NoRequest),
            ("application/x-www-form-urlencoded", "a=1", BodyError::ContentType),
            ("text/xml;charset=GBK", "<request/>", BodyError::Charset),
        ] {
            assert_eq!(json_of(content_type, body).err(), Some(expected), "{body}");
        }
        let deep = format!("{{\"request\":{}1{}}}", "[".repeat(200), "]".repeat(200));
        assert!(matches!(json_of("application/json", &deep), Err(BodyError::Json(_))));
        assert_eq!(read("text/xml", b"<request>\xff</request>").err(), Some(BodyError::Charset));
    }
}
