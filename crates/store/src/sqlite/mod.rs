//! The embedded engine: one file, one writer thread, a pool of readers.
//!
//! Lives here: connections, group commit, the stamps of a single process, checkpoints. Never here: what a unit does.

mod backup;
mod checkpoint;
mod clocks;
mod lite;
mod lock;
mod open;
mod pool;
mod writer;

pub(crate) use lite::Lite;
pub use open::DATABASE_FILE;
pub(crate) use open::{Sqlite, open};
