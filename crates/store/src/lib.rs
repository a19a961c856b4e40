//! Units of work over SQLite or PostgreSQL: what is kept, and how it stays kept.
//!
//! Lives here: transactions, the schema of the store's own tables, the commit stamp, counters, the event log, receipts,
//! timers, sealing, backup. The only crate that knows which engine runs. Never here: orders, goods, protocols, HTTP, the
//! system clock, randomness.

mod error;
mod event;
mod group;
mod inbox;
pub mod limits;
mod memo;
mod migration;
mod postgres;
mod reader;
pub mod receipt;
pub mod retention;
mod row;
mod schema;
mod sealer;
mod sqlite;
mod statistics;
mod store;
mod tenant;
pub mod timer;
mod tx;
mod unit;
mod upkeep;
mod value;
mod vault;

pub use error::{Error, Result};
pub use event::Event;
pub use migration::Migration;
pub use reader::Reader;
pub use row::Row;
pub use sealer::Sealer;
pub use sqlite::DATABASE_FILE;
pub use statistics::{Figures, Statistics};
pub use store::{Access, Engine, Options, Store};
pub use tenant::{Tenant, wire_id};
pub use tx::Tx;
pub use unit::Work;
pub use value::Value;
pub use vault::{Secret, Vault, VaultError};
