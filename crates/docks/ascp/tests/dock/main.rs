//! The dock as both sides see it: a supplier and a platform in one store, over signed pushes and TOP's methods.

mod machines;
#[path = "../../../../store/tests/place/mod.rs"]
mod place;
mod pushes;
mod simulation;
mod stock;
mod world;
