//! What is stored of an order, from the push to the waybill: one file a stage.

mod marks;
mod raw;
mod sales;
mod shipment;

pub use marks::{Freeze, Marks};
pub use raw::{Buyer, LineRefund, PushLine, PushOrder, RawOrder};
pub use sales::{Carriage, LineSuite, Order, OrderLine, OrderNotes, Reserved};
pub use shipment::{LogisticsSync, Outside, Serial, StockOut, StockOutLine};

use crate::catalog::Target;

/// What a raw-order line was matched to.
pub(super) struct Matched {
    pub(super) line: usize,
    pub(super) target: Target,
}
