//! The demo: a merchant in both environments, a catalogue, a simulated shop that pushes orders through the public doors.
//!
//! Lives here: what the demo consists of. Never here: a private way into the hub for the shop; it signs like every caller.

mod card;
mod catalogue;
mod merchant;
mod people;
mod shop;
mod tsv;
mod welcome;

pub(crate) use card::Card;
pub(crate) use catalogue::Size;
pub(crate) use merchant::{furnish, settle};
pub(crate) use shop::{Shop, run as run_shop};
pub(crate) use welcome::welcome;
