//! Lists, and JSON inside a form field.

use std::ops::Deref;

use super::{Arg, Arguments, Input, Kind, Path, Problem, Refusal, field};
use crate::json::{self, Array, Object, RawValue, Shape};
use crate::limits;

impl Problem {
    fn of_json(error: &json::Error) -> Self {
        match error {
            json::Error::NotJson { .. } => Self::NotJson,
            json::Error::WrongShape | json::Error::TooDeep => Self::WrongShape,
            json::Error::Duplicate(_) => Self::Duplicate,
            json::Error::TooMany(max) => Self::TooMany { max: *max },
        }
    }
}

/// A refusal of what is not the JSON that it should be.
pub(super) fn refuse(error: &json::Error, at: &Path<'_>) -> Refusal {
    match error {
        json::Error::Duplicate(name) => at.refuse_member(name, Problem::Duplicate),
        other => at.refuse(Problem::of_json(other)),
    }
}

/// Reads an object of declared fields; [`arguments!`](super::arguments) calls this.
#[doc(hidden)]
pub fn read_object<T: Arguments>(input: Input<'_>, at: &Path<'_>) -> Result<T, Refusal> {
    let Input::Json(raw) = input else { return Err(at.refuse(Problem::WrongShape)) };
    let object = Object::from_raw(raw).map_err(|error| refuse(&error, at))?;
    field::object(&object, at)
}

/// The items of a list, their number within bounds.
fn items<'a>(input: Input<'a>, min: usize, max: usize, at: &Path<'_>) -> Result<Array<'a>, Refusal> {
    let Input::Json(raw) = input else { return Err(at.refuse(Problem::WrongShape)) };
    enough(Array::from_raw(raw, max), min, at)
}

/// The same for a JSON text.
fn items_of<'a>(text: &'a str, min: usize, max: usize, at: &Path<'_>) -> Result<Array<'a>, Refusal> {
    enough(Array::parse(text, max), min, at)
}

fn enough<'a>(array: Result<Array<'a>, json::Error>, min: usize, at: &Path<'_>) -> Result<Array<'a>, Refusal> {
    let array = array.map_err(|error| refuse(&error, at))?;
    if array.len() < min { Err(at.refuse(Problem::TooFew { min })) } else { Ok(array) }
}

/// Rows of declared fields, from `MIN` to `MAX` of them; one refused row refuses the list.
#[derive(Clone)]
pub struct List<T, const MIN: usize = 0, const MAX: usize = { limits::ROWS }>(Vec<T>);

impl<T, const MIN: usize, const MAX: usize> List<T, MIN, MAX> {
    /// The rows, owned.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MIN: usize, const MAX: usize> Deref for List<T, MIN, MAX> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MIN: usize, const MAX: usize> IntoIterator for List<T, MIN, MAX> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, const MIN: usize, const MAX: usize> IntoIterator for &'a List<T, MIN, MAX> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Arguments, const MIN: usize, const MAX: usize> List<T, MIN, MAX> {
    fn of(array: &Array<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        let rows = array.iter().enumerate().map(|(i, raw)| read_object(Input::Json(raw), &at.index(i)));
        rows.collect::<Result<_, _>>().map(Self)
    }
}

impl<T: Arguments, const MIN: usize, const MAX: usize> Arg for List<T, MIN, MAX> {
    const KIND: Kind = Kind::List { of: T::FIELDS, min: MIN, max: MAX, one_by_one: false };

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        Self::of(&items(input, MIN, MAX, at)?, at)
    }

    fn read_json(text: &str, at: &Path<'_>) -> Result<Self, Refusal> {
        Self::of(&items_of(text, MIN, MAX, at)?, at)
    }
}

/// Plain values, from `MIN` to `MAX` of them.
#[derive(Clone)]
pub struct Values<T, const MIN: usize = 0, const MAX: usize = { limits::ROWS }>(Vec<T>);

impl<T, const MIN: usize, const MAX: usize> Values<T, MIN, MAX> {
    /// The values, owned.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MIN: usize, const MAX: usize> Deref for Values<T, MIN, MAX> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Arg, const MIN: usize, const MAX: usize> Arg for Values<T, MIN, MAX> {
    const KIND: Kind = Kind::Values { of: &T::KIND, min: MIN, max: MAX };

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        let array = items(input, MIN, MAX, at)?;
        let values = array.iter().enumerate().map(|(i, raw)| T::read(Input::Json(raw), &at.index(i)));
        values.collect::<Result<_, _>>().map(Self)
    }
}

/// Rows that are accepted or refused one by one (lenient pushes): only the list itself can refuse the whole.
#[derive(Clone)]
pub struct RawList<T, const MIN: usize = 0, const MAX: usize = { limits::ROWS }>(Vec<Element<T>>);

/// One row of a [`RawList`].
#[derive(Clone)]
pub struct Element<T> {
    /// Position in the list, from 0.
    pub index: usize,
    /// Its business key (`by …` in the declaration) as sent, also when the row is refused; `None` without a readable
    /// one.
    pub key: Option<String>,
    /// The row, or why it is refused.
    pub row: Result<T, Refusal>,
}

impl<T, const MIN: usize, const MAX: usize> RawList<T, MIN, MAX> {
    /// All rows in order, accepted and refused.
    pub fn elements(&self) -> &[Element<T>] {
        &self.0
    }

    /// All rows in order, owned.
    pub fn into_elements(self) -> Vec<Element<T>> {
        self.0
    }
}

impl<T: Arguments, const MIN: usize, const MAX: usize> RawList<T, MIN, MAX> {
    fn of(array: &Array<'_>, at: &Path<'_>) -> Self {
        Self(array.iter().enumerate().map(|(index, raw)| element(index, raw, &at.index(index))).collect())
    }
}

impl<T: Arguments, const MIN: usize, const MAX: usize> Arg for RawList<T, MIN, MAX> {
    const KIND: Kind = Kind::List { of: T::FIELDS, min: MIN, max: MAX, one_by_one: true };

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        Ok(Self::of(&items(input, MIN, MAX, at)?, at))
    }

    fn read_json(text: &str, at: &Path<'_>) -> Result<Self, Refusal> {
        Ok(Self::of(&items_of(text, MIN, MAX, at)?, at))
    }
}

fn element<T: Arguments>(index: usize, raw: &RawValue, at: &Path<'_>) -> Element<T> {
    match Object::from_raw(raw) {
        Ok(object) => Element { index, key: field::key_of::<T>(&object), row: field::object(&object, at) },
        Err(error) => Element { index, key: None, row: Err(refuse(&error, at)) },
    }
}

/// A form field whose value is a JSON text (fact sheet wdt-1, 1.2). Inside a JSON body the value itself is accepted as
/// well.
#[derive(Clone)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Arg> Arg for Json<T> {
    const KIND: Kind = Kind::JsonText(&T::KIND);

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        match input {
            Input::Json(raw) if json::shape(raw) != Shape::Text => T::read(input, at).map(Self),
            _ if input.is_blank() => Err(at.refuse(Problem::Empty)),
            _ => {
                let text = input.scalar().map_err(|problem| at.refuse(problem))?;
                T::read_json(&text, at).map(Self)
            }
        }
    }
}
