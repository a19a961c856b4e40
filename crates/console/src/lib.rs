//! The admin API, `/admin/v1`: what people do in the reference product's desktop client. The web console will stand on it.
//!
//! Lives here: one file a resource, each operation declared once (`operation.rs`), from which the routes and the OpenAPI
//! document are made; the token check; the error shape. Never here: a rule of the business (`erp` decides), SQL, the
//! protocols of the gateway, the clock, randomness.

mod answer;
mod desk;
mod fault;
mod input;
mod job;
pub mod limits;
mod openapi;
mod operation;
mod resource;
mod router;
pub mod sheet;
mod transfer;

pub use desk::Options;
pub use router::{ROOT, router};
