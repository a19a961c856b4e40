//! Orders to outsourced warehouses: made and queried (fact sheet wdt-2, chapter 6 and 5.14).

pub(super) mod push;
pub(super) mod query;
