//! Warehouses run by others (委外仓), over Qimen's standard scene (fact sheet qimen, C6).
//!
//! Lives here: the messages of the scene, whom a merchant is docked to, the merchant's side (`hub`), the built-in ERP as somebody's
//! warehouse (`house`), and the simulator of a warehouse's system (`platform`). Never here: signatures and envelopes of calls that
//! come in (the gateway's), rules of the business (`erp` decides), another dock.

mod binding;
pub mod coverage;
mod error;
mod house;
pub mod hub;
pub mod limits;
pub mod message;
mod outgoing;
pub mod platform;
mod table;

pub use binding::{Binding, NewBinding, Place, Role, bind, binding_by_customer, bindings, unbind};
pub use error::{Error, Result};
pub use outgoing::{Outbound, Outgoing, Signer, Spelling, Through};

/// The tables of this crate, oldest first.
pub const MIGRATIONS: &[store::Migration] =
    &[store::Migration { name: "wms-0001", sql: include_str!("../migrations/0001_wms.sql") }];

/// How the merchant's business decides: the `erp` object of the tenant's settings.
pub(crate) fn business(settings: &gateway::directory::Settings) -> Result<erp::Settings> {
    match settings.more.get("erp") {
        None => Ok(erp::Settings::default()),
        Some(value) => serde_json::from_value(value.clone()).map_err(|_| Error::Settings),
    }
}
