//! Lists.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, SeqAccess, Visitor};

use super::{Error, RawValue, Shape, check_depth, shape, value};

/// A JSON list of raw values.
pub struct Array<'a> {
    items: Vec<&'a RawValue>,
}

impl<'a> Array<'a> {
    /// Reads the list that `json` is; at most `max` items.
    pub fn parse(json: &'a str, max: usize) -> Result<Self, Error> {
        if !json.trim_ascii_start().starts_with('[') {
            return Self::from_raw(value(json)?, max);
        }
        check_depth(json)?;
        Self::read(json, max)
    }

    /// Reads the list that a raw value is; at most `max` items.
    pub fn from_raw(raw: &'a RawValue, max: usize) -> Result<Self, Error> {
        if shape(raw) != Shape::Array {
            return Err(Error::WrongShape);
        }
        Self::read(raw.get(), max)
    }

    fn read(json: &'a str, max: usize) -> Result<Self, Error> {
        let mut reader = serde_json::Deserializer::from_str(json);
        let items = Items { max }
            .deserialize(&mut reader)
            .map_err(|error| if error.is_data() { Error::TooMany(max) } else { Error::from(error) })?;
        reader.end()?;
        Ok(Self { items })
    }

    /// The items in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'a RawValue> {
        self.items.iter().copied()
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True for `[]`.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

struct Items {
    max: usize,
}

impl<'de> DeserializeSeed<'de> for Items {
    type Value = Vec<&'de RawValue>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items {
    type Value = Vec<&'de RawValue>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            if items.len() == self.max {
                return Err(A::Error::custom("too many items"));
            }
            items.push(item);
        }
        Ok(items)
    }
}
