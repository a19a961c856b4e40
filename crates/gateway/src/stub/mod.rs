//! Stubs (挡板): an API answered by mock rules instead of its target, for joint testing before the other side is there (fact sheet qimen,
//! C3; G, 11).
//!
//! Lives here: the rule sets with their versions, which rule fits a call, its answer, how often it was hit. Never here: whether a caller may
//! call at all - a stub stands behind every check of the pipeline. A stub answers in production only where its set allows it.
//!
//! A set stands in the directory's snapshot, so a new version or a reset answers on every node within a second, and an old mock never
//! again. The hit log is the call log: each stubbed call names rule and version.

mod answer;
mod edit;
mod set;
mod step;
pub(crate) mod table;

pub(crate) use answer::Stubs;
pub(crate) use edit::put;
pub use edit::{StubHits, StubVersion};
pub use set::{Condition, MockFormat, MockRule, Otherwise, StubSet};
