//! The directory as a file that can live in git: what is stored as a document, what a document would change, and how it is applied.
//!
//! Lives here: the document, its comparison with the store, its application in one unit of work. Never here: TOML (the program
//! writes and reads it), where a secret comes from (the program looks it up), secrets in a document that goes out.
//!
//! A document has up to eight sections. A section that is there is complete: what it does not name is taken away - except
//! applications, and the two scenes that every Matou has. A section that is absent is left alone.

mod apply;
mod compare;
mod document;
mod guard;
mod state;
mod strict;

pub use compare::{Action, Change, MemberChange};
pub use document::{
    ApiEntry, ApplicationEntry, AuthorisationEntry, CustomerRouteEntry, Document, EndpointEntry, SceneEntry,
    TargetEntry,
};
pub use guard::StubEntry;
