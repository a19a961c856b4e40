//! Forwarding: a call whose target is not the built-in ERP goes to another system, signed again with that system's secret, and
//! its answer comes back (fact sheet qimen, A6, C4, C5, B8).
//!
//! Lives here: connections to targets with their queues and breakers, the guard of addresses, the second signature, the conversion
//! to openapi2 of another server, the judgement of replies, the claim that keeps an identical write from leaving twice, the probe of a
//! target. Never here: who may call what (`admission.rs`, `directory`), the caller's signature, what a method means.

mod address;
mod breaker;
mod call;
mod charset;
mod claim;
mod connect;
mod connections;
mod depart;
mod errand;
mod fault;
mod foreign;
mod openapi2;
mod personal;
mod pool;
mod preview;
mod probe;
mod qimen;
mod raw;
mod reply;
mod trust;
mod upstream;
mod verification;
mod waiting;

pub use breaker::Circuit;
pub use call::{ForwardReply, ForwardRequest, Forwarder};
pub(crate) use claim::Claim;
pub use claim::forget;
pub use connect::ConnectFault;
pub(crate) use errand::{Brought, Done, Errand, Reader, carry_out, recall};
pub use fault::ForwardFault;
pub(crate) use foreign::{Foreign, addressee, unaddressed};
pub use pool::LineState;
pub use preview::{Preview, preview};
pub use probe::{Check, Grade};
pub(crate) use qimen::{message, written};
pub use upstream::Upstream;
pub use verification::{Point, verification};
