//! Cases: given / when / then in plain text, one format for tests, rehearsals, demo data and documentation.
//!
//! Lives here: the grammar of a `.case` file (`docs/cases.md`), its reader, the runner that plays a case on a [`Stage`],
//! and the reports. Never here: a channel, a protocol, HTTP, the system clock. Who wants to rehearse something implements
//! [`Stage`] for it and hands over a clock; everything in this crate is synchronous and gives the same result again.
//!
//! The way of a case: text → [`read`] → [`File`] of plain data → [`Library`] (what uses what) → [`Runner`] on a
//! [`Stage`] → [`Report`] → [`report::terminal`] or [`report::junit`].

mod case;
mod compare;
mod library;
pub mod limits;
mod path;
mod place;
mod read;
pub mod report;
mod run;
mod stage;
mod variables;

pub use case::{Case, Check, Command, Expectation, File, Kind, Operator, Shape, Step, Table, Term, Use};
pub use library::{Library, LoadError};
pub use path::{Path, PathStep};
pub use place::{Place, Trouble};
pub use read::read;
pub use report::{Failure, Outcome, Problem, Report};
pub use run::Runner;
pub use stage::{Act, Argument, Exchange, Fault, Form, Reply, Stage};
