//! Transfers: made, let out, let in, queried (fact sheet wdt-2, 5.8 to 5.10, 5.12).

pub(super) mod push;
pub(super) mod query;
pub(super) mod step;
