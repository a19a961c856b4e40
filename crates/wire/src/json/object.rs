//! Objects.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Error, RawValue, Shape, shape, value};
use crate::limits;

/// A JSON object: names and raw values, in the order in which they are written, no name twice.
pub struct Object<'a> {
    members: Vec<Member<'a>>,
}

struct Member<'a> {
    mark: u64,
    name: Cow<'a, str>,
    value: &'a RawValue,
}

/// Equal for equal names, and hardly ever for others: an object is searched once for each declared field, and most comparisons
/// end here. The end of a name tells more than its beginning (`receiver_name`, `receiver_city`).
fn mark(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let end = match bytes.last_chunk() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes.iter().fold(0, |mark, byte| mark << 8 | u64::from(*byte)),
    };
    end ^ (bytes.len() as u64).rotate_right(8)
}

impl<'a> Object<'a> {
    /// Reads the object that `json` is.
    pub fn parse(json: &'a str) -> Result<Self, Error> {
        Self::from_raw(value(json)?)
    }

    /// Reads the object that a raw value is (its depth was checked with the text that it is part of).
    pub fn from_raw(raw: &'a RawValue) -> Result<Self, Error> {
        if shape(raw) != Shape::Object {
            return Err(Error::WrongShape);
        }
        let mut reader = serde_json::Deserializer::from_str(raw.get());
        let members = Members
            .deserialize(&mut reader)
            .map_err(|error| if error.is_data() { Error::TooMany(limits::JSON_MEMBERS) } else { Error::from(error) })?;
        let object = Self { members };
        match object.repeated() {
            Some(name) => Err(Error::Duplicate(limits::quoted(name))),
            None => Ok(object),
        }
    }

    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        let mark = mark(name);
        self.members.iter().find(|member| member.mark == mark && member.name == name).map(|member| member.value)
    }

    /// The members in the order in which they are written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.members.iter().map(|member| (&*member.name, member.value))
    }

    /// Number of members.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// True for `{}`.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn repeated(&self) -> Option<&str> {
        // Small objects are compared pairwise without an allocation; the limit on members bounds the rest.
        if self.members.len() <= 48 {
            return self.members.iter().enumerate().find_map(|(i, one)| {
                let same = |other: &Member<'_>| other.mark == one.mark && other.name == one.name;
                self.members.iter().skip(i + 1).any(same).then_some(&*one.name)
            });
        }
        let mut names: Vec<&str> = self.members.iter().map(|member| &*member.name).collect();
        names.sort_unstable();
        names.iter().zip(names.iter().skip(1)).find(|(a, b)| a == b).map(|(name, _)| *name)
    }
}

struct Members;

impl<'de> DeserializeSeed<'de> for Members {
    type Value = Vec<Member<'de>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Member<'de>>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(32);
        while let Some(Name(name)) = map.next_key()? {
            if members.len() == limits::JSON_MEMBERS {
                return Err(A::Error::custom("too many members"));
            }
            members.push(Member { mark: mark(&name), name, value: map.next_value()? });
        }
        Ok(members)
    }
}

/// A member name, borrowed when it has no escapes (a plain `Cow` would always be owned).
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }
            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}
