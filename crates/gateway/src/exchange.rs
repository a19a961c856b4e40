//! A request as it comes in and an answer as it goes out, free of any HTTP server.

use std::net::IpAddr;
use std::time::Instant;

use bytes::Bytes;

use crate::fault::Fault;
use crate::limit::Budget;
use crate::log::Slip;

/// A request as it came in.
pub struct Received {
    /// Path without query.
    pub path: String,
    /// Raw query string, without `?`.
    pub query: String,
    /// Value of `Content-Type`; empty when there is none.
    pub content_type: String,
    /// The body.
    pub body: Bytes,
    /// Whether the client asked for gzip.
    pub gzip: bool,
    /// The `Host` header, when there is one.
    pub host: Option<http::HeaderValue>,
    /// Where it came from, when known.
    pub peer: Option<IpAddr>,
    /// When its first byte was seen.
    pub at: Instant,
    /// A person had it sent again: signed by this program, so the clock's window does not count.
    pub(crate) resent: bool,
    /// Why the body is not whole, if it is not.
    pub(crate) spoiled: Option<Fault>,
}

impl Received {
    /// A request whose body is whole.
    pub fn new(path: &str, query: &str, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            path: path.to_owned(),
            query: query.to_owned(),
            content_type: content_type.to_owned(),
            body: body.into(),
            gzip: false,
            host: None,
            peer: None,
            at: Instant::now(),
            resent: false,
            spoiled: None,
        }
    }
}

/// An answer as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// 200, or 404 for an unknown path.
    pub status: u16,
    /// Value of `Content-Type`.
    pub content_type: &'static str,
    /// The body is gzip.
    pub gzip: bool,
    /// The body.
    pub body: Vec<u8>,
    /// What is left of the caller's limits, when it has any.
    pub budget: Option<Budget>,
    /// Where its call is taken down: it may leave when that is written.
    pub(crate) slip: Option<Slip>,
}

impl Sent {
    /// An answer of this status and type.
    pub fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Self { status, content_type, gzip: false, body, budget: None, slip: None }
    }
}
