//! Where field values come from: the parameters of a call, or a JSON object inside one of them.

use std::borrow::Cow;

use super::Problem;
use crate::json::{self, Object, RawValue, Shape};
use crate::params::Params;

/// Something that fields are read from.
pub trait Source {
    /// The value of the field `name`, as it was sent.
    fn get(&self, name: &str) -> Option<Input<'_>>;
}

impl Source for Params<'_> {
    fn get(&self, name: &str) -> Option<Input<'_>> {
        Params::get(self, name).map(Input::Text)
    }
}

impl Source for Object<'_> {
    fn get(&self, name: &str) -> Option<Input<'_>> {
        Object::get(self, name).map(Input::Json)
    }
}

/// One value as it was sent.
#[derive(Clone, Copy)]
pub enum Input<'a> {
    /// A form value.
    Text(&'a str),
    /// A JSON value.
    Json(&'a RawValue),
}

impl<'a> Input<'a> {
    /// True for `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Json(raw) if json::shape(raw) == Shape::Null)
    }

    /// True for an empty text and for `null`.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Json(raw) => matches!(raw.get(), "\"\"" | "null"),
        }
    }

    /// The characters of a text, or of the number or truth value that stands instead of it.
    pub fn scalar(&self) -> Result<Cow<'a, str>, Problem> {
        match *self {
            Self::Text(text) => Ok(Cow::Borrowed(text)),
            Self::Json(raw) => match json::shape(raw) {
                Shape::Text => json::text(raw).map_err(|_| Problem::NotText),
                Shape::Number | Shape::Bool => Ok(Cow::Borrowed(raw.get())),
                Shape::Null => Err(Problem::Missing),
                Shape::Object | Shape::Array => Err(Problem::WrongShape),
            },
        }
    }
}
