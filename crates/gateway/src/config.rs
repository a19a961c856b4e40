//! What the gateway is made of and how it is set.

use std::sync::Arc;

use store::Store;
use units::Clock;

use crate::directory::Directory;
use crate::limits;
use crate::log::CallLog;
use crate::registry::Registry;
use crate::telemetry::CallSink;

/// What the gateway is made of.
pub struct Parts {
    /// Where the business lives.
    pub store: Store,
    /// Who may call.
    pub directory: Arc<Directory>,
    /// What can be called.
    pub registry: Registry,
    /// The real time; the store's clock may be a simulated one.
    pub clock: Arc<dyn Clock>,
    /// Who is told about each call.
    pub sink: Arc<dyn CallSink>,
    /// Where every call is written down; `None` for tools that answer calls of their own.
    pub log: Option<Arc<CallLog>>,
    /// A random number, so that the request ids of two processes differ.
    pub seed: u64,
    /// The gateway's own settings.
    pub config: Config,
}

/// The gateway's own settings. The defaults are those of the reference product, its limits off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// How far an openapi2 timestamp may be off, seconds.
    pub openapi2_window: i64,
    /// How far a TOP or Qimen timestamp may be off, seconds.
    pub top_window: i64,
    /// Calls per minute of one application that has no limit of its own; 0 = no limit. The reference product has 60.
    pub calls_per_minute: u32,
    /// Certificate authorities in PEM that are believed for targets beside those of this machine.
    pub authorities: String,
    /// Days for which the business key of an API is remembered; never longer than the receipts of its calls.
    pub once_days: u32,
    /// Addresses from which forwarded calls leave, as targets are told.
    pub outgoing_addresses: Vec<String>,
    /// An unknown application is answered like a wrong signature.
    pub conceal_applications: bool,
    /// Small reads run on the serving task. Set it for the embedded store, not for PostgreSQL.
    pub read_here: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            openapi2_window: limits::OPENAPI2_WINDOW,
            top_window: limits::TOP_WINDOW,
            calls_per_minute: 0,
            authorities: String::new(),
            once_days: 30,
            outgoing_addresses: Vec::new(),
            conceal_applications: false,
            read_here: false,
        }
    }
}
