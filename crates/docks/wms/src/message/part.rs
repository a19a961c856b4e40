//! How a typed message is read from XML and written to it: the macro `parts!` and what it stands on.
//!
//! A struct lists the elements that it knows; whatever else stands among them is kept in `more` and written out again, because
//! the scene wants unknown elements ignored and passed on (fact sheet qimen, C6).

use units::{Moment, Money, Quantity};
use wire::xml::{Element, Writer};

use crate::limits;

/// What is wrong with a message. The place is a path such as `request.orderLines.orderLine[2].planQty`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub at: String,
    /// What.
    pub kind: FlawKind,
}

/// Kinds of [`Flaw`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlawKind {
    /// A mandatory element is absent or empty.
    Missing,
    /// The value is none of its kind; what is expected.
    Invalid(&'static str),
    /// More characters or rows than allowed; how many are.
    TooLong(usize),
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = &self.at;
        match &self.kind {
            FlawKind::Missing => write!(f, "isv.missing-parameter:{at}"),
            FlawKind::Invalid(expected) => write!(f, "isv.invalid-parameter:{at} ({expected})"),
            FlawKind::TooLong(most) => write!(f, "isv.invalid-parameter:{at} (at most {most})"),
        }
    }
}

impl std::error::Error for Flaw {}

/// A place in a message, for flaws; made into text only when there is one.
#[derive(Clone, Copy)]
pub struct At<'p> {
    above: Option<&'p At<'p>>,
    name: &'p str,
    index: Option<usize>,
}

impl<'p> At<'p> {
    /// The root.
    pub const fn root(name: &'p str) -> Self {
        Self { above: None, name, index: None }
    }

    /// A child of this place.
    pub const fn child(&'p self, name: &'p str) -> Self {
        Self { above: Some(self), name, index: None }
    }

    /// A row of a list at this place, counted from 0.
    pub const fn row(&'p self, name: &'p str, index: usize) -> Self {
        Self { above: Some(self), name, index: Some(index) }
    }

    /// A flaw here.
    pub fn flaw(&self, kind: FlawKind) -> Flaw {
        Flaw { at: self.to_string(), kind }
    }
}

impl std::fmt::Display for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(above) = self.above {
            write!(f, "{above}.")?;
        }
        f.write_str(self.name)?;
        self.index.map_or(Ok(()), |index| write!(f, "[{index}]"))
    }
}

/// A value that is one element's text.
pub trait Scalar: Sized {
    /// Reads it; `None` when the text is none of its kind.
    fn of(text: &str) -> Option<Self>;
    /// What is expected, for flaws.
    const EXPECTED: &'static str;
    /// Writes it.
    fn text(&self) -> String;
}

impl Scalar for String {
    const EXPECTED: &'static str = "text";
    fn of(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
    fn text(&self) -> String {
        self.clone()
    }
}

impl Scalar for Quantity {
    const EXPECTED: &'static str = "a quantity with at most four places";
    fn of(text: &str) -> Option<Self> {
        text.parse().ok()
    }
    fn text(&self) -> String {
        short(&self.to_string())
    }
}

impl Scalar for Money {
    const EXPECTED: &'static str = "an amount with at most four places";
    fn of(text: &str) -> Option<Self> {
        text.parse().ok()
    }
    fn text(&self) -> String {
        short(&self.to_string())
    }
}

impl Scalar for i64 {
    const EXPECTED: &'static str = "a whole number";
    fn of(text: &str) -> Option<Self> {
        text.parse().ok()
    }
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Scalar for Moment {
    const EXPECTED: &'static str = "yyyy-MM-dd HH:mm:ss";
    fn of(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
    fn text(&self) -> String {
        self.to_string()
    }
}

/// `3.0000` as `3`, `2.5000` as `2.5`: receivers of the scene read whole pieces as whole numbers.
fn short(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}

/// A struct of elements.
pub trait Part: Sized {
    /// Reads the element's children.
    fn read(element: &Element, at: &At<'_>) -> Result<Self, Flaw>;
    /// Writes the children.
    fn write(&self, out: &mut Writer);
}

/// What a field of a struct can be: a scalar or a struct, mandatory or not, or a list.
pub trait Field: Sized {
    /// Reads the child of this name (a list: `orderLines/orderLine`).
    fn get(parent: &Element, name: &'static str, at: &At<'_>) -> Result<Self, Flaw>;
    /// Writes it.
    fn put(&self, name: &'static str, out: &mut Writer);
}

fn scalar<T: Scalar>(parent: &Element, name: &'static str, at: &At<'_>) -> Result<Option<T>, Flaw> {
    let Some(element) = parent.child(name) else { return Ok(None) };
    let text = element.text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > limits::TEXT {
        return Err(at.child(name).flaw(FlawKind::TooLong(limits::TEXT)));
    }
    T::of(text).map(Some).ok_or_else(|| at.child(name).flaw(FlawKind::Invalid(T::EXPECTED)))
}

macro_rules! scalars {
    ($($kind:ty),*) => { $(
        impl Field for $kind {
            fn get(parent: &Element, name: &'static str, at: &At<'_>) -> Result<Self, Flaw> {
                scalar(parent, name, at)?.ok_or_else(|| at.child(name).flaw(FlawKind::Missing))
            }
            fn put(&self, name: &'static str, out: &mut Writer) {
                out.element(name, &self.text());
            }
        }
        impl Field for Option<$kind> {
            fn get(parent: &Element, name: &'static str, at: &At<'_>) -> Result<Self, Flaw> {
                scalar(parent, name, at)
            }
            fn put(&self, name: &'static str, out: &mut Writer) {
                if let Some(value) = self {
                    out.element(name, &value.text());
                }
            }
        }
    )* };
}
scalars!(String, Quantity, Money, i64, Moment);

/// Reads a list: the wrapper and the name of its rows stand in `name`, separated by `/`. `least` rows are wanted.
pub(super) fn rows<T: Part>(parent: &Element, name: &'static str, at: &At<'_>, least: usize) -> Result<Vec<T>, Flaw> {
    let (list, row) = name.split_once('/').unwrap_or((name, "item"));
    let here = at.child(list);
    let Some(wrapper) = parent.child(list) else {
        return if least == 0 { Ok(Vec::new()) } else { Err(here.flaw(FlawKind::Missing)) };
    };
    let found: Vec<&Element> = wrapper.all(row).collect();
    if found.len() > limits::ROWS {
        return Err(here.flaw(FlawKind::TooLong(limits::ROWS)));
    }
    if found.len() < least {
        return Err(here.row(row, 0).flaw(FlawKind::Missing));
    }
    found.into_iter().enumerate().map(|(index, element)| T::read(element, &here.row(row, index))).collect()
}

/// Writes a list.
pub(super) fn put_rows<T: Part>(rows: &[T], name: &'static str, out: &mut Writer) {
    let (list, row) = name.split_once('/').unwrap_or((name, "item"));
    out.open(list);
    for one in rows {
        out.open(row);
        one.write(out);
        out.close(row);
    }
    out.close(list);
}

/// Writes an element as it was read.
pub fn put_element(element: &Element, out: &mut Writer) {
    out.open(&element.name);
    if element.children.is_empty() {
        out.text(&element.text);
    }
    for child in &element.children {
        put_element(child, out);
    }
    out.close(&element.name);
}

/// A list of which at least one row is mandatory.
#[derive(Clone, Default, PartialEq)]
pub struct Some1<T>(pub Vec<T>);

impl<T> std::ops::Deref for Some1<T> {
    type Target = Vec<T>;
    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Part> Field for Some1<T> {
    fn get(parent: &Element, name: &'static str, at: &At<'_>) -> Result<Self, Flaw> {
        rows(parent, name, at, 1).map(Self)
    }
    fn put(&self, name: &'static str, out: &mut Writer) {
        put_rows(&self.0, name, out);
    }
}

impl<T: Part> Field for Vec<T> {
    fn get(parent: &Element, name: &'static str, at: &At<'_>) -> Result<Self, Flaw> {
        rows(parent, name, at, 0)
    }
    fn put(&self, name: &'static str, out: &mut Writer) {
        if !self.is_empty() {
            put_rows(self, name, out);
        }
    }
}

/// Declares structs of elements: each field with its type and the element's name. `for` names the method of which it is the message.
macro_rules! parts {
    ($($(#[$meta:meta])* $name:ident $(for $method:literal)? { $($field:ident: $kind:ty = $element:literal),* $(,)? })*) => { $(
        $(impl $crate::message::Message for $name {
            const METHOD: &'static str = $method;
        })?

        $(#[$meta])*
        #[derive(Clone, Default, PartialEq)]
        #[expect(missing_docs, reason = "named as the elements of the fact sheet qimen, C6, which gives their meaning")]
        pub struct $name {
            $(pub $field: $kind,)*
            /// Elements that are not listed here, `extendProps` and `remark` among them, as they came.
            pub more: Vec<wire::xml::Element>,
        }

        impl $crate::message::part::Part for $name {
            fn read(
                element: &wire::xml::Element,
                at: &$crate::message::part::At<'_>,
            ) -> Result<Self, $crate::message::part::Flaw> {
                const KNOWN: &[&str] = &[$($element),*];
                let known = |name: &str| {
                    KNOWN.iter().any(|known| known.split_once('/').map_or(*known, |(list, _)| list) == name)
                };
                Ok(Self {
                    $($field: <$kind as $crate::message::part::Field>::get(element, $element, at)?,)*
                    more: element.children.iter().filter(|child| !known(&child.name)).cloned().collect(),
                })
            }

            fn write(&self, out: &mut wire::xml::Writer) {
                $($crate::message::part::Field::put(&self.$field, $element, out);)*
                for element in &self.more {
                    $crate::message::part::put_element(element, out);
                }
            }
        }

        impl $crate::message::part::Field for $name {
            fn get(
                parent: &wire::xml::Element,
                name: &'static str,
                at: &$crate::message::part::At<'_>,
            ) -> Result<Self, $crate::message::part::Flaw> {
                let here = at.child(name);
                match parent.child(name) {
                    Some(element) => $crate::message::part::Part::read(element, &here),
                    None => Err(here.flaw($crate::message::part::FlawKind::Missing)),
                }
            }

            fn put(&self, name: &'static str, out: &mut wire::xml::Writer) {
                out.open(name);
                $crate::message::part::Part::write(self, out);
                out.close(name);
            }
        }

        impl $crate::message::part::Field for Option<$name> {
            fn get(
                parent: &wire::xml::Element,
                name: &'static str,
                at: &$crate::message::part::At<'_>,
            ) -> Result<Self, $crate::message::part::Flaw> {
                let here = at.child(name);
                parent.child(name).map(|element| $crate::message::part::Part::read(element, &here)).transpose()
            }

            fn put(&self, name: &'static str, out: &mut wire::xml::Writer) {
                if let Some(part) = self {
                    $crate::message::part::Field::put(part, name, out);
                }
            }
        }
    )* };
}
pub(crate) use parts;
