//! Request fields, declared ONCE with [`arguments!`]: from the declaration come decoding, limits, error paths, OpenAPI
//! and docs.
//!
//! Lives here: how a field of a given type is read from a form value or from JSON, and what is said when it cannot be.
//! Never here: a rule that needs to know more than the field itself (unknown shop, end before start).
//!
//! * `T` is a required field, `Option<T>` an optional one. An empty text or `null` for an optional number, time or code
//!   is "not given" (fact sheet wdt-1, 1.9). An empty `Option<Text>` is an empty text: it may clear what was there.
//! * Numbers may be JSON numbers or numeric texts everywhere; a text may be a JSON number, whose digits stay exact.

mod codes;
mod declare;
mod field;
mod input;
mod list;
mod path;
mod refusal;
mod scalar;
mod text;

pub use field::{Arg, Arguments, Field, Kind, field};
pub use input::{Input, Source};
pub use list::{Element, Json, List, RawList, Values};
pub use path::Path;
pub use refusal::{Problem, Refusal};
pub use scalar::ZeroDate;
pub use text::{Text, given};

pub use crate::{__arguments as arguments, __codes as codes};

#[doc(hidden)]
pub use codes::read_code;
#[doc(hidden)]
pub use declare::{doc_text, plain_name};
#[doc(hidden)]
pub use list::read_object;

#[cfg(test)]
mod tests;
