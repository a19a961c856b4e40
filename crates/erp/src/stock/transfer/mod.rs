//! Transfers (调拨) between warehouses, quick and step by step, and moves between bins of one warehouse (fact sheet wdt-2, 2.5).
//!
//! `status` holds the machine, `document` what is stored, `push` how a transfer is made and audited, `step` its out and in.

mod document;
mod push;
mod status;
mod step;

pub use document::{Transfer, TransferLine, TransferMode};
pub use push::{
    NewTransfer, NewTransferLine, audit_transfer, cancel_transfer, push_transfer, settle_transfer, transfer_pushed,
};
pub use status::{TRANSFER, TransferEvent, TransferStatus};
pub use step::{NewStep, NewStepLine, push_transfer_in, push_transfer_out};

pub(crate) use step::{audit_transfer_in, audit_transfer_out};

use store::Reader;

use super::table;
use crate::catalog::{Page, Rows, Window};
use crate::{Refusal, Result};

/// What to look for in [`transfers`]; empty lists = all.
#[derive(Debug, Default)]
pub struct TransferFilter<'a> {
    /// Number.
    pub no: Option<&'a str>,
    /// The caller's number.
    pub outer_no: Option<&'a str>,
    /// States.
    pub statuses: &'a [i64],
    /// Keys of source warehouses.
    pub from: &'a [i64],
    /// Keys of destination warehouses.
    pub to: &'a [i64],
    /// One of both ends is one of these.
    pub either: &'a [i64],
    /// Last changed within.
    pub window: Option<Window>,
}

/// A page of transfers, oldest change first.
pub fn transfers(reader: &mut Reader, filter: &TransferFilter<'_>, page: Page) -> Result<Rows<Transfer>> {
    table::transfers(reader, filter, page)
}

/// The transfer with this number.
pub fn transfer_by_no(reader: &mut Reader, no: &str) -> Result<Transfer> {
    table::transfer_by_no(reader, no)?.ok_or_else(|| Refusal::NotFound { what: "调拨单号", no: no.to_owned() }.into())
}
