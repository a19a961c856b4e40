//! The dock as both sides see it: a supplier and a platform in one store, over signed pushes and TOP's methods.

mod alarms;
mod delivery;
mod down;
mod live;
mod machines;
#[path = "../../../../store/tests/place/mod.rs"]
mod place;
mod powers;
mod published;
mod pushes;
mod refused;
mod session;
mod simulation;
mod stock;
mod world;
