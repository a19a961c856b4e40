//! JSON as it travels: objects and lists whose members stay raw text until somebody asks for them.
//!
//! Numbers stay TEXT, so that 20-digit ids and decimals are exact. A member name that occurs twice is refused. Depth,
//! members and rows are limited; nothing here recurses. Never here: a tree of values.

mod array;
mod object;
mod text;

use std::borrow::Cow;
use std::fmt;

pub use serde_json::value::RawValue;

use crate::limits;
pub use array::Array;
pub use object::Object;
pub use text::{write_text, write_text_contents};

/// Why a text is not the JSON that was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Not JSON at all; where, in bytes from the start of the line, as far as it is known.
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
    },
    /// JSON, but not an object (list, string) as expected.
    WrongShape,
    /// The same member name twice in one object.
    Duplicate(String),
    /// Deeper than [`limits::JSON_DEPTH`].
    TooDeep,
    /// More members or rows than the number given here.
    TooMany(usize),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { line, column } => write!(f, "not JSON (line {line}, column {column})"),
            Self::WrongShape => f.write_str("JSON of another shape than expected"),
            Self::Duplicate(name) => write!(f, "the member {name:?} occurs twice"),
            Self::TooDeep => write!(f, "nested deeper than {} levels", limits::JSON_DEPTH),
            Self::TooMany(max) => write!(f, "more than {max} members"),
        }
    }
}

impl std::error::Error for Error {}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::NotJson { line: error.line(), column: error.column() }
    }
}

/// What kind of JSON a raw value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    Text,
    /// A number, still text.
    Number,
    /// `true` or `false`
    Bool,
    /// `null`
    Null,
}

/// The shape of a raw value, from its first byte.
pub fn shape(raw: &RawValue) -> Shape {
    match raw.get().as_bytes().first() {
        Some(b'{') => Shape::Object,
        Some(b'[') => Shape::Array,
        Some(b'"') => Shape::Text,
        Some(b't' | b'f') => Shape::Bool,
        Some(b'n') => Shape::Null,
        _ => Shape::Number,
    }
}

/// The characters of a JSON string, borrowed when it has no escapes. A lone surrogate escape is an error.
pub fn text(raw: &RawValue) -> Result<Cow<'_, str>, Error> {
    let quoted = raw.get();
    match quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        Some(_) => Ok(Cow::Owned(serde_json::from_str(quoted)?)),
        None => Err(Error::WrongShape),
    }
}

/// Checks that `json` is one JSON value of bearable depth, and returns it raw.
pub fn value(json: &str) -> Result<&RawValue, Error> {
    check_depth(json)?;
    Ok(serde_json::from_str(json)?)
}

/// Refuses what is nested deeper than [`limits::JSON_DEPTH`], before anything is parsed.
fn check_depth(json: &str) -> Result<(), Error> {
    // Nearly all requests have fewer openings than levels are allowed: counting them needs no state and is quick.
    if json.bytes().filter(|b| matches!(b, b'[' | b'{')).count() <= limits::JSON_DEPTH {
        return Ok(());
    }
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for byte in json.bytes() {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > limits::JSON_DEPTH {
                    return Err(Error::TooDeep);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_text() {
        let object =
            Object::parse(r#"{"tid": 12345678901234567890, "price":0.10, "a\u0062":"张\n三","n":null}"#).unwrap();
        assert_eq!(object.get("tid").unwrap().get(), "12345678901234567890");
        assert_eq!(object.get("price").unwrap().get(), "0.10");
        assert_eq!(text(object.get("ab").unwrap()).unwrap(), "张\n三");
        assert_eq!(object.len(), 4);
        assert!(object.get("missing").is_none());
    }

    #[test]
    fn refuses_what_it_must() {
        let wide = format!("{{{}}}", (0..600).map(|i| format!("\"m{i}\":0")).collect::<Vec<_>>().join(","));
        let many = format!("{{{},\"m7\":1}}", (0..100).map(|i| format!("\"m{i}\":0")).collect::<Vec<_>>().join(","));
        for (json, expected) in [
            ("[]", Error::WrongShape),
            ("", Error::NotJson { line: 1, column: 0 }),
            ("{", Error::NotJson { line: 1, column: 1 }),
            (r#"{"a":1,"a":1}"#, Error::Duplicate("a".into())),
            (r#"{"a":1,"\u0061":2}"#, Error::Duplicate("a".into())),
            (&many, Error::Duplicate("m7".into())),
            (&wide, Error::TooMany(limits::JSON_MEMBERS)),
            (r#"{"a":01}"#, Error::NotJson { line: 1, column: 7 }),
        ] {
            assert_eq!(Object::parse(json).err(), Some(expected), "{json}");
        }
        assert_eq!(Array::parse("[1,2,3]", 2).err(), Some(Error::TooMany(2)));
        assert_eq!(Array::parse("[1,2]", 2).map(|a| a.len()), Ok(2));
    }

    #[test]
    fn ten_thousand_levels_do_no_harm() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = format!("{{\"x\":{}1{}}}", open.repeat(10_000), close.repeat(10_000));
            assert_eq!(Object::parse(&deep).err(), Some(Error::TooDeep));
            assert_eq!(Object::parse(&format!("{{\"x\":{}", open.repeat(10_000))).err(), Some(Error::TooDeep));
        }
        // Brackets inside a text are not levels.
        let flat = format!("{{\"x\":\"{}\\\"{}\"}}", "[".repeat(100), "{".repeat(100));
        assert!(Object::parse(&flat).is_ok());
    }

    #[test]
    fn a_lone_surrogate_is_no_text() {
        let object = Object::parse(r#"{"a":"\ud83d","b":"\ud83d\ude00"}"#).unwrap();
        assert!(text(object.get("a").unwrap()).is_err());
        assert_eq!(text(object.get("b").unwrap()).unwrap(), "😀");
    }
}
