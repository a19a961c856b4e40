//! Outsourced warehouses from end to end: a merchant's ERP, the gateway's door, a simulated warehouse's system, and a second
//! merchant who is somebody's warehouse. Signed messages over a network in memory that can lose, repeat and delay them.

mod chaos;
mod documents;
mod door;
mod door_steps;
mod house;
mod messages;
mod network;
#[path = "../../../../store/tests/place/mod.rs"]
mod place;
mod scene;
mod story;
mod world;
