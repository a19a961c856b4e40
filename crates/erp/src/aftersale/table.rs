//! The SQL of after-sale: one file a kind of document.

mod archive;
mod raw;
mod refund;
mod report;

pub(in crate::aftersale) use archive::*;
pub(super) use raw::*;
pub(super) use refund::*;
pub(super) use report::*;

use serde::Serialize;
use serde::de::DeserializeOwned;
use store::Reader;

use crate::catalog::Conditions;
use crate::{Error, Result};

/// Adds `column IN (…)` for keys of ours; nothing for an empty list.
fn one_of(conditions: &mut Conditions<'_>, column: &str, keys: &[i64]) {
    if !keys.is_empty() {
        let list = keys.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        conditions.and(&format!("{column} IN ({list})"), []);
    }
}

/// What a sealed part is bound to: its document and nothing else.
fn context(kind: [u8; 6], id: i64) -> [u8; 14] {
    let mut context = [0; 14];
    let (head, tail) = context.split_at_mut(6);
    head.copy_from_slice(&kind);
    tail.copy_from_slice(&id.to_be_bytes());
    context
}

fn seal<T: Serialize>(reader: &mut Reader, kind: [u8; 6], id: i64, part: &T) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(part).map_err(|error| Error::Document("refund people", error))?;
    Ok(reader.vault().seal(&context(kind, id), &plain))
}

fn unseal<T: DeserializeOwned>(reader: &mut Reader, kind: [u8; 6], id: i64, sealed: &[u8]) -> Result<T> {
    let plain = reader.vault().open(&context(kind, id), sealed).map_err(store::Error::from)?;
    serde_json::from_slice(&plain).map_err(|error| Error::Document("refund people", error))
}
