//! Calls whose target is another system: a real TCP server written here, which behaves or does not.

mod contract;
mod faults;
mod house;
mod openapi2;
mod probes;
mod repeats;
mod target;
