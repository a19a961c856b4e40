//! Platform goods (平台货品): pushed by the mall, and queried (fact sheet wdt-1, 2.8 and 2.9).

pub(crate) mod push;
pub(crate) mod query;
