//! The business: catalogue, orders, stock, shipments. Synchronous decisions over one unit of work.
//!
//! Lives here: documents, state machines, the stock ledger, the rules that turn a raw order into a shipment. Never here: a
//! protocol (no signature, no envelope, no error number of a platform), HTTP, the system clock. SQL stands only in the files
//! named `table.rs`, one for each concept.
//!
//! A command comes in as plain values, a decision is made inside one [`store::Tx`], and everything that follows from it
//! (documents, balances, ledger, queues, events) is written in that same unit, or nothing of it.

mod codes;
mod document;
mod error;
mod machine;
mod settings;
mod timers;
mod unused;

pub mod aftersale;
pub mod archive;
pub mod catalog;
pub mod inout;
pub mod order;
pub mod purchase;
pub mod region;
pub mod report;
pub mod stock;

pub use error::{Error, Refusal, Result};
pub use machine::{Illegal, Machine, Named, Step};
pub use settings::{
    AftersaleSettings, ArchiveSettings, FinanceAudit, FlowSettings, MergeMode, PurchaseSettings, SellableTerms,
    Settings, StockSettings,
};
pub use timers::on_timer;
pub use unused::{UNUSED, Unused};

/// The tables of this crate, oldest first.
pub const MIGRATIONS: &[store::Migration] = &[
    store::Migration { name: "erp-0001-core", sql: include_str!("../migrations/0001_core.sql") },
    store::Migration { name: "erp-0002-stock", sql: include_str!("../migrations/0002_stock.sql") },
    store::Migration { name: "erp-0003-aftersale", sql: include_str!("../migrations/0003_aftersale.sql") },
    store::Migration { name: "erp-0004-purchase", sql: include_str!("../migrations/0004_purchase.sql") },
    store::Migration { name: "erp-0005-flow", sql: include_str!("../migrations/0005_flow.sql") },
    store::Migration { name: "erp-0006-archive", sql: include_str!("../migrations/0006_archive.sql") },
    store::Migration { name: "erp-0007-pages", sql: include_str!("../migrations/0007_pages.sql") },
    store::Migration { name: "erp-0008-shop-ends", sql: include_str!("../migrations/0008_shop_ends.sql") },
];

/// Parameters of one statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$(store::Value::from($value)),*] };
}
pub(crate) use values;
