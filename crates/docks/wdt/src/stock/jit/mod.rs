//! JIT documents, queried; people make them (fact sheet wdt-2, 5.15, 5.16).

pub(super) mod pick;
pub(super) mod returned;
