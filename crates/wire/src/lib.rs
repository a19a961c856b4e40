//! Bytes to values and back: signatures and encodings of every protocol, both directions, pure functions.
//!
//! Lives here: signing and verifying, forms, multipart, JSON, XML, gzip; request fields ([`args`]) and reply columns
//! ([`rows`]) that are declared once, so that decoding, limits, error paths, OpenAPI and docs come from one place.
//! Never here: what a field means to the business, which applications exist, the clock, storage, sockets.

pub mod args;
pub mod call;
pub mod content;
pub mod explain;
pub mod form;
pub mod gzip;
mod hashing;
pub mod json;
pub mod limits;
pub mod multipart;
pub mod params;
pub mod qimen;
pub mod rows;
pub mod sample;
pub mod top;
pub mod top_answer;
pub mod wdt;
pub mod xml;

pub use args::{arguments, codes};

#[doc(hidden)]
pub mod __private {
    pub use serde;
}
