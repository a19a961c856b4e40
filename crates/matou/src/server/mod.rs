//! The running server: opened parts, routes, health, metrics, logs, the end.
//!
//! Lives here: wiring. Never here: what a call means (`gateway`, the docks), what an admin may do (`console`).

mod accept;
mod ascp;
mod documents;
mod endings;
mod health;
mod lines;
mod log;
mod metrics;
mod open;
mod patient;
mod places;
mod proxies;
mod routes;
mod run;
mod tallies;
mod timers;

pub(crate) use log::start_logging;
pub(crate) use open::{Opened, onlooker, open, open_at, write_private};
pub(crate) use routes::router;
pub(crate) use run::{bind, ending, on_threads, run};
pub(crate) use timers::work as timers;
