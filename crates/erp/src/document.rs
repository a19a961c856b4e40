//! Documents as they are stored: one serde type whole in the `doc` column.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// The stored text of a document.
pub(crate) fn encode<T: Serialize>(what: &'static str, document: &T) -> Result<String> {
    serde_json::to_string(document).map_err(|error| Error::Document(what, error))
}

/// The document in a stored text.
pub(crate) fn decode<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Document(what, error))
}

/// True for the value a field has when nobody set it; such fields are left out of the stored text.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
