//! Calls whose target is another system: a real TCP server written here, which behaves or does not.

mod bodies;
mod contract;
mod faults;
mod house;
mod openapi2;
mod probes;
mod repeats;
mod target;
mod tls;

pub(crate) use house::{KEY, call, define, form, world_with, world_with_target};
pub(crate) use target::{Does, Target as Outside};

/// A write of the scene.
pub(crate) const PUSH: &str = "x1y2z3.demo.order.push";
