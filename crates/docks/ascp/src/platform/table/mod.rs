//! The SQL of the simulator, one file a concept.

mod account;
mod order;
mod push;

pub(super) use account::*;
pub(super) use order::*;
pub(super) use push::*;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Result;

fn write_doc(doc: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(doc).map_err(|error| store::Error::Invalid(error.to_string()))?)
}

fn read_doc<T: DeserializeOwned>(text: &str) -> Result<T> {
    Ok(serde_json::from_str(text)
        .map_err(|error| store::Error::Corrupt(format!("a document of the simulator: {error}")))?)
}
