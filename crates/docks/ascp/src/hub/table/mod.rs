//! The SQL of the supplier side, one file a concept.

mod alarm;
mod call;
mod channel;
mod goods;
mod message;
mod order;

pub(super) use alarm::*;
pub(super) use call::*;
pub(super) use channel::*;
pub(super) use goods::*;
pub(super) use message::*;
pub(super) use order::*;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{Error, Result};

/// A document as it is stored.
pub(super) fn write_doc(what: &'static str, doc: &impl Serialize) -> Result<String> {
    serde_json::to_string(doc).map_err(|error| Error::Document(what, error))
}

/// A stored document.
pub(super) fn read_doc<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Document(what, error))
}
