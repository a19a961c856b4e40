//! The scaling engine: several nodes share one database; a tenant's writers take turns by the lock of its `tenant_clock` row.
//!
//! Lives here: connections, pipelining, group commit per tenant, reconnection. Never here: what a unit does.

mod cell;
mod connect;
mod fault;
mod flow;
mod foretold;
mod merge;
mod open;
mod probe;
mod reader;
mod session;
mod writer;

pub(crate) use cell::cell;
pub(crate) use foretold::Holds;
pub(crate) use open::{Postgres, open};
pub(crate) use session::Pg;
