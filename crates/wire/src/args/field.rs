//! A declared field: what is known of it before any request arrives, and how one value of it is read.

use super::list::refuse;
use super::{Input, Path, Problem, Refusal, Source};
use crate::json;

/// A declared field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// Other names under which clients send it; the first one present wins, `name` before all.
    pub aliases: &'static [&'static str],
    /// Must be given.
    pub required: bool,
    /// What it may hold.
    pub kind: Kind,
    /// What it means.
    pub doc: &'static str,
}

/// What a field may hold.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A text.
    Text {
        /// Most Unicode characters.
        max: usize,
    },
    /// A whole number, 64 bits.
    Int,
    /// 0 or 1.
    Flag,
    /// A decimal with four places.
    Decimal,
    /// `yyyy-MM-dd HH:mm:ss` at GMT+8.
    Time,
    /// `yyyy-MM-dd` at GMT+8.
    Day,
    /// One of these codes, each with its meaning.
    Code(&'static [(i64, &'static str)]),
    /// An object of these fields.
    Object(&'static [Field]),
    /// A list of objects.
    List {
        /// Fields of a row.
        of: &'static [Field],
        /// Fewest rows.
        min: usize,
        /// Most rows.
        max: usize,
        /// Rows are accepted or refused one by one: a bad row does not refuse the whole.
        one_by_one: bool,
    },
    /// A list of plain values.
    Values {
        /// What a value may be.
        of: &'static Kind,
        /// Fewest values.
        min: usize,
        /// Most values.
        max: usize,
    },
    /// A text that holds JSON of this kind.
    JsonText(&'static Kind),
}

/// A set of declared fields; implemented by [`arguments!`](super::arguments).
pub trait Arguments: Sized {
    /// What the set means.
    const DOC: &'static str;
    /// The fields in declared order.
    const FIELDS: &'static [Field];
    /// The field whose value identifies a row in a [`Refusal`] (`by tid` in the declaration); empty = none.
    const KEY: &'static str;

    /// Reads all fields; the first one that cannot be accepted refuses the whole.
    fn decode(source: &dyn Source, at: &Path<'_>) -> Result<Self, Refusal>;

    /// Reads a whole request.
    fn decode_root(source: &dyn Source) -> Result<Self, Refusal> {
        Self::decode(source, &Path::ROOT)
    }
}

/// The type of a field.
pub trait Arg: Sized {
    /// What it may hold.
    const KIND: Kind;
    /// False for `Option`.
    const REQUIRED: bool = true;

    /// Reads a value that was given.
    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal>;

    /// Reads a value that was given for an optional field; differs where an optional field may be empty.
    fn read_optional(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        Self::read(input, at)
    }

    /// Reads a JSON text that is the value of a form field. Lists read it in one walk.
    fn read_json(text: &str, at: &Path<'_>) -> Result<Self, Refusal> {
        let raw = json::value(text).map_err(|error| refuse(&error, at))?;
        Self::read(Input::Json(raw), at)
    }

    /// What stands for a field that was not given, if that is allowed.
    fn absent() -> Option<Self> {
        None
    }

    /// True if the value means "not given" for an optional field of this type.
    fn is_unset(input: &Input<'_>) -> bool {
        input.is_blank()
    }
}

impl<T: Arg> Arg for Option<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        if T::is_unset(&input) { Ok(None) } else { T::read_optional(input, at).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// Reads one declared field from a source: its name, else the first alias present.
pub fn field<T: Arg>(
    source: &dyn Source,
    at: &Path<'_>,
    name: &'static str,
    aliases: &'static [&'static str],
) -> Result<T, Refusal> {
    let given = source.get(name).or_else(|| aliases.iter().find_map(|alias| source.get(alias)));
    let here = at.name(name);
    match given {
        Some(input) if T::REQUIRED && input.is_null() => Err(here.refuse(Problem::Missing)),
        Some(input) => T::read(input, &here),
        None => T::absent().ok_or_else(|| here.refuse(Problem::Missing)),
    }
}

/// Reads the fields of an object and, when one is refused, says which row it was.
pub(super) fn object<T: Arguments>(source: &dyn Source, at: &Path<'_>) -> Result<T, Refusal> {
    T::decode(source, at).map_err(|mut refusal| {
        if let Some(key) = key_of::<T>(source) {
            refusal.key = Some(key);
        }
        refusal
    })
}

/// The business key of a row, if it has a readable one.
pub(super) fn key_of<T: Arguments>(source: &dyn Source) -> Option<String> {
    if T::KEY.is_empty() {
        return None;
    }
    let key = source.get(T::KEY)?.scalar().ok()?;
    (!key.is_empty()).then(|| crate::limits::quoted(&key))
}
