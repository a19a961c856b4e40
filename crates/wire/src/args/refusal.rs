//! What is said about a field that cannot be accepted.

use std::fmt;

/// A refused field: where it is and what is wrong with it. It never holds the value, which may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where: `trade_list[0].order_list[1].num`, rows from 0.
    pub path: String,
    /// The declared name of the field (of the list, when a row itself is wrong).
    pub name: &'static str,
    /// What is wrong.
    pub problem: Problem,
    /// The business key of the row it is in (such as the `tid`), when the declaration names one and the row has it.
    pub key: Option<String>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Required and not given.
    Missing,
    /// Required and given without content.
    Empty,
    /// More than `max` Unicode characters.
    TooLong {
        /// Characters allowed.
        max: usize,
    },
    /// Not a whole number.
    NotAnInteger,
    /// Not a decimal number.
    NotADecimal,
    /// A number beyond what the type holds (a decimal: fourteen digits before the point).
    OutOfRange,
    /// Not a time `yyyy-MM-dd HH:mm:ss` (a day: `yyyy-MM-dd`), or one that does not exist.
    NotATime,
    /// Not one of the documented codes.
    NotAllowed,
    /// The text is not JSON.
    NotJson,
    /// An object where a list is expected, a list where a number is expected, and the like.
    WrongShape,
    /// More than `max` rows.
    TooMany {
        /// Rows allowed.
        max: usize,
    },
    /// Fewer than `min` rows.
    TooFew {
        /// Rows wanted.
        min: usize,
    },
    /// The same member twice in one object.
    Duplicate,
    /// Not a text: broken escapes or a NUL character.
    NotText,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::Empty => f.write_str("is empty"),
            Self::TooLong { max } => write!(f, "is longer than {max} characters"),
            Self::NotAnInteger => f.write_str("is not a whole number"),
            Self::NotADecimal => f.write_str("is not a decimal number"),
            Self::OutOfRange => f.write_str("is a number out of range"),
            Self::NotATime => f.write_str("is not a time (yyyy-MM-dd HH:mm:ss, or yyyy-MM-dd for a day)"),
            Self::NotAllowed => f.write_str("is not one of the documented codes"),
            Self::NotJson => f.write_str("is not JSON"),
            Self::WrongShape => f.write_str("has the wrong shape"),
            Self::TooMany { max } => write!(f, "has more than {max} rows"),
            Self::TooFew { min } => write!(f, "has fewer than {min} rows"),
            Self::Duplicate => f.write_str("is given twice"),
            Self::NotText => f.write_str("is not a valid text"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the request" } else { &self.path };
        match &self.key {
            Some(key) => write!(f, "{path} (of {key}) {}", self.problem),
            None => write!(f, "{path} {}", self.problem),
        }
    }
}

impl std::error::Error for Refusal {}
