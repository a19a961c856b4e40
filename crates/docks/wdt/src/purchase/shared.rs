//! What the methods of the family share: windows that a number makes needless, states in a list, names for keys.

use std::collections::HashMap;
use std::rc::Rc;

use erp::catalog::{self, Carrier, Provider, Window};
use gateway::{Call, Refused, Reply};
use store::Reader;
use units::Moment;
use wire::args::Text;
use wire::rows::Scalars;

use crate::codes::{self, Error};
use crate::rights;
use crate::window::Span;

/// An optional text; empty when it is not given.
pub(super) fn owned<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
    text.as_deref().unwrap_or_default().to_owned()
}

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

/// The states that a query names, comma separated; each must be one of `known`.
pub(super) fn statuses(given: Option<&str>, known: &[i64]) -> Result<Vec<i64>, Refused> {
    let Some(list) = given else { return Ok(Vec::new()) };
    let statuses = rights::numbers("status", list)?;
    match statuses.iter().all(|status| known.contains(status)) {
        true => Ok(statuses),
        false => Err(Refused::new(codes::VALUE, "参数值无效status")),
    }
}

/// The total of part 2: a text on openapi2, as every captured reply has it (fact sheet wdt-2, 0.3 no. 3).
pub(super) fn counted(call: &Call, total: Option<i64>) -> Reply {
    match (total, call.style().scalars) {
        (Some(total), Scalars::Text) => call.reply().text("total_count", &total.to_string()),
        (total, _) => call.reply().total_if(total),
    }
}

/// Refuses a warehouse that the application may not touch.
pub(super) fn permit(call: &Call, warehouse_no: &str) -> Result<(), Error> {
    if call.warehouses().permits(warehouse_no) { Ok(()) } else { Err(codes::no_warehouse(warehouse_no).into()) }
}

/// Keys of the providers that the application may see; empty = all.
pub(super) fn seen_providers(call: &Call, reader: &mut Reader) -> Result<Vec<i64>, Error> {
    rights::seen_providers(call, reader)
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
    permit(call, &warehouse.no)
}

/// The providers of a page of documents.
pub(super) struct Providers(HashMap<i64, Rc<Provider>>);

impl Providers {
    /// Reads them, each once.
    pub(super) fn of(reader: &mut Reader, keys: impl Iterator<Item = i64>) -> Result<Self, Error> {
        let mut keys: Vec<i64> = keys.filter(|key| *key != 0).collect();
        keys.sort_unstable();
        keys.dedup();
        let found = catalog::providers_by_id(reader, &keys)?;
        Ok(Self(found.into_iter().map(|provider| (provider.id, Rc::new(provider))).collect()))
    }

    /// The provider with this key; a nameless one when it is gone.
    pub(super) fn get(&self, key: i64) -> Rc<Provider> {
        self.0.get(&key).cloned().unwrap_or_default()
    }
}

/// The merchant's carriers by number.
pub(super) struct Carriers(HashMap<String, Rc<Carrier>>);

impl Carriers {
    /// Reads them.
    pub(super) fn load(reader: &mut Reader) -> Result<Self, Error> {
        let found = catalog::carriers(reader, None, None)?;
        Ok(Self(found.into_iter().map(|carrier| (carrier.no.clone(), Rc::new(carrier))).collect()))
    }

    /// The carrier with this number; a nameless one when there is none.
    pub(super) fn get(&self, no: &str) -> Rc<Carrier> {
        self.0.get(no).cloned().unwrap_or_default()
    }
}
