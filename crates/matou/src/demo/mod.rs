//! The demo: a merchant in both environments, a catalogue, a simulated shop that pushes orders through the public doors.
//!
//! Lives here: what the demo consists of. Never here: a private way into the hub for the shop; it signs like every caller.

mod ascp;
mod card;
mod catalogue;
mod merchant;
mod people;
mod shop;
mod tsv;
mod welcome;
mod wms;

pub(crate) use ascp::entry as ascp_entry;
pub(crate) use card::{Ascp, Card};
pub(crate) use catalogue::Size;
pub(crate) use merchant::{MALL, SID, furnish, settle};
pub(crate) use shop::{Shop, run as run_shop};
pub(crate) use welcome::welcome;
pub(crate) use wms::open as open_warehouse;

/// Goods number and merchant code of every spec of the whole catalogue.
pub(crate) fn spec_numbers() -> Vec<(String, String)> {
    catalogue::items(Size::Full).into_iter().map(|item| (item.goods_no.to_owned(), item.spec_no.to_owned())).collect()
}
