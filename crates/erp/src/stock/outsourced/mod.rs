//! Outsourced orders (委外出入库单): what an outsourced warehouse is asked to ship or to receive, and what it reports (fact sheet
//! wdt-2, 2.8, 5.14 and chapter 6).

mod order;
mod report;
mod status;

pub use order::{
    NewOutsourced, NewOutsourcedLine, OutsourcedLine, OutsourcedOrder, Receiver, audit_outsourced, cancel_outsourced,
    outsourced_pushed, push_outsourced,
};
pub use report::{Reported, report_outsourced};
pub use status::{Direction, OUTSOURCED, OutsourcedEvent, OutsourcedStatus};

use store::Reader;

use super::table;
use crate::catalog::{Page, Rows, Window};
use crate::{Refusal, Result};

/// What to look for in [`outsourced_orders`]; empty lists = all.
#[derive(Debug, Default)]
pub struct OutsourcedFilter<'a> {
    /// Number (WK…).
    pub no: Option<&'a str>,
    /// The caller's number or ours.
    pub either_no: Option<&'a str>,
    /// Out or in.
    pub direction: Option<Direction>,
    /// States.
    pub statuses: &'a [i64],
    /// Warehouse keys.
    pub warehouses: &'a [i64],
    /// Last changed within.
    pub window: Option<Window>,
}

/// A page of outsourced orders with who receives the goods, oldest change first.
pub fn outsourced_orders(
    reader: &mut Reader,
    filter: &OutsourcedFilter<'_>,
    page: Page,
) -> Result<Rows<(OutsourcedOrder, Receiver)>> {
    table::outsourced_orders(reader, filter, page)
}

/// The outsourced order with this number.
pub fn outsourced_by_no(reader: &mut Reader, no: &str) -> Result<(OutsourcedOrder, Receiver)> {
    table::outsourced_by_no(reader, no)?.ok_or_else(|| Refusal::NotFound { what: "委外单号", no: no.to_owned() }.into())
}
