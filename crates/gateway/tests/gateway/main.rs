//! The gateway as its callers see it: two made-up methods over a SQLite store, every code of the tables, every envelope.

mod calls;
mod clocks;
mod concealed;
mod coverage;
mod directory;
mod disputes;
mod doors;
mod file;
mod file_guard;
mod forward;
mod limits;
mod once;
mod openapi2;
#[path = "../../../store/tests/place/mod.rs"]
mod place;
mod placements;
mod players;
mod qimen;
mod readiness;
mod receipts;
mod smuggling;
mod stubs;
mod toy;
mod until;
mod world;
