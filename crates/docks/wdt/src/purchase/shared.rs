//! What the methods of the family share: windows that a number makes needless, permissions by key.

use erp::catalog::{self, Window};
use gateway::{Call, Refused};
use store::Reader;
use units::Moment;

use crate::codes::{self, Error};
use crate::part_two::may_touch;
use crate::window::Span;

/// The window of a query; not looked at when a number is given, required otherwise.
pub(super) fn window(
    call: &Call,
    numbers: &[Option<&str>],
    start: Option<Moment>,
    end: Option<Moment>,
    missing: &'static str,
) -> Result<Option<Window>, Refused> {
    match numbers.iter().any(Option::is_some) {
        true => Ok(None),
        false => Span::MONTH.of(call).required(start, end, missing).map(Some),
    }
}

/// Refuses a provider that the application may not touch.
pub(super) fn permit_provider(call: &Call, provider_no: &str) -> Result<(), Error> {
    if call.providers().permits(provider_no) { Ok(()) } else { Err(codes::no_provider(provider_no).into()) }
}

/// Refuses a document whose warehouse the application may not touch.
pub(super) fn permit_key(call: &Call, reader: &mut Reader, warehouse: i64) -> Result<(), Error> {
    if call.warehouses().list().is_none() {
        return Ok(());
    }
    let warehouse = catalog::warehouse_by_id(reader, warehouse)?.unwrap_or_default();
    Ok(may_touch(call, &warehouse.no)?)
}
