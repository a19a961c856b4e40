//! XML bodies in and envelopes out.
//!
//! Read into a small tree under limits: no document type, no entities but the five of XML, no depth or size without end.
//! Attributes are read over; no message of the platforms uses them. Never here: name spaces, schemas.

mod read;
mod rename;
mod write;

pub use read::{Element, Error, read};
pub use rename::rename;
pub use write::{Writer, from_json, singular};
