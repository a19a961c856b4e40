//! Texts with a largest number of characters.

use std::fmt;
use std::ops::Deref;

use super::{Arg, Input, Kind, Path, Problem, Refusal};

/// A text of at most `MAX` Unicode characters; as a required field it must not be empty. It has no `Debug`, because it
/// may be personal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The characters, owned.
    pub fn into_string(self) -> String {
        self.0
    }

    fn checked(input: &Input<'_>) -> Result<Self, Problem> {
        if input.is_null() {
            return Ok(Self(String::new()));
        }
        if matches!(input, Input::Json(raw) if crate::json::shape(raw) == crate::json::Shape::Bool) {
            return Err(Problem::WrongShape);
        }
        let text = input.scalar()?;
        // A character has at least one byte: most texts are short enough without counting.
        if text.len() > MAX && text.chars().nth(MAX).is_some() {
            return Err(Problem::TooLong { max: MAX });
        }
        // PostgreSQL keeps no NUL, so nobody may send one.
        if text.contains('\0') {
            return Err(Problem::NotText);
        }
        Ok(Self(text.into_owned()))
    }
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> AsRef<str> for Text<MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> From<Text<MAX>> for String {
    fn from(text: Text<MAX>) -> Self {
        text.0
    }
}

/// A required text: not empty.
impl<const MAX: usize> Arg for Text<MAX> {
    const KIND: Kind = Kind::Text { max: MAX };

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        match Self::checked(&input) {
            Ok(text) if text.is_empty() => Err(at.refuse(Problem::Empty)),
            Ok(text) => Ok(text),
            Err(problem) => Err(at.refuse(problem)),
        }
    }

    /// Only `null`: an empty text is a text. (`Option` reads it through [`Arg::read_optional`].)
    fn is_unset(input: &Input<'_>) -> bool {
        input.is_null()
    }

    fn read_optional(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        Self::checked(&input).map_err(|problem| at.refuse(problem))
    }
}

/// The content of an optional text, if it has any: `None` for one that is not given or empty.
pub fn given<const MAX: usize>(text: &Option<Text<MAX>>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}
