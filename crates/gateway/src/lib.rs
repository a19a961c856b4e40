//! The gateway: takes a signed call, checks everything about its caller, runs the method, wraps the answer.
//!
//! Lives here: the pipeline, the registry of methods, the directory of tenants, applications and authorisations, envelopes,
//! receipts of signed writes, the HTTP doors, calls to other systems, the call log, limits, mock rules and business keys, what is known of
//! callers (gaps, clocks), what the registry says about itself. Never here: what a method means, signatures' arithmetic (that is
//! `wire`), the system clock and randomness (they are handed in).

mod admission;
mod call;
mod config;
mod coverage;
mod declared;
mod decode;
pub mod describe;
pub mod directory;
pub mod dispute;
mod envelope;
mod exchange;
mod fault;
pub mod forward;
pub mod http;
pub mod limit;
pub mod limits;
pub mod log;
mod memory;
mod method;
mod once;
mod own;
mod patience;
mod pick;
mod pipeline;
pub mod platform;
mod player;
mod profile;
mod quota;
mod registry;
mod replay;
mod reply;
mod request_id;
mod route;
mod run;
pub mod service;
pub mod shards;
mod skew;
mod stranger;
pub mod stub;
mod telemetry;
mod throttle;
mod trace;
mod window;

use store::Migration;

pub use call::Call;
pub use config::{Config, Parts};
pub use coverage::{FINDINGS, Stretch, Unfinished, Watched};
pub use declared::Common;
pub use directory::Directory;
pub use exchange::{Received, Sent};
pub use method::{Category, Command, Failure, Kind, Method, Query, Refused};
pub use pipeline::Gateway;
pub use player::{Played, PlayedCall, Player, Playing, TopRefusal};
pub use registry::{Entry, Registry, Words};
pub use reply::{Reply, ReplyMember, ReplyShape};
pub use request_id::{Node, RequestId, RequestIds};
pub use route::Channel;
pub use skew::{ClockSkew, SkewBucket};
pub use telemetry::{CallRecord, CallSink, NoSink, STEPS};

/// The gateway's schema, for `store::Options`.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "gateway-1", sql: include_str!("../migrations/0001_directory.sql") },
    Migration { name: "gateway-2", sql: include_str!("../migrations/0002_quota.sql") },
    Migration { name: "gateway-3", sql: include_str!("../migrations/0003_scenes.sql") },
    Migration { name: "gateway-4", sql: include_str!("../migrations/0004_log.sql") },
    Migration { name: "gateway-5", sql: include_str!("../migrations/0005_until.sql") },
    Migration { name: "gateway-6", sql: include_str!("../migrations/0006_coverage.sql") },
];
