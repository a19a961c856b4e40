//! 基础类: shops, warehouses, carriers (fact sheet wdt-1, 2.1 to 2.3).

pub(crate) mod logistics;
pub(crate) mod shop;
pub(crate) mod warehouse;
