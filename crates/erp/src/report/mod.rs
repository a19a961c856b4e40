//! What people ask afterwards: the timeline of an order.
//!
//! Never here: anything that changes a document.

mod timeline;

pub use timeline::{Entry, Timeline, timeline};
