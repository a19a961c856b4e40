//! The sealed part of an order. The seal is bound to the raw order it came with, so it can be copied to the system order and
//! to nothing else.

use store::{Reader, Tx};

use crate::order::Buyer;
use crate::{Error, Result};

fn context(raw: i64) -> [u8; 13] {
    let mut context = *b"buyer\0\0\0\0\0\0\0\0";
    context[5..].copy_from_slice(&raw.to_be_bytes());
    context
}

pub(in crate::order) fn seal_buyer(tx: &mut Tx, raw: i64, buyer: &Buyer) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(buyer).map_err(|error| Error::Document("buyer", error))?;
    Ok(tx.vault().seal(&context(raw), &plain))
}

pub(super) fn open_buyer(reader: &mut Reader, raw: i64, sealed: &[u8]) -> Result<Buyer> {
    let plain = reader.vault().open(&context(raw), sealed).map_err(store::Error::from)?;
    serde_json::from_slice(&plain).map_err(|error| Error::Document("buyer", error))
}
