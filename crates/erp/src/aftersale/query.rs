//! Finding raw refunds and refund orders: by number, by time, by state.

use store::Reader;

use super::document::{RawRefund, RefundOrder};
use super::table;
use crate::Result;
use crate::catalog::{Page, Rows, Window};

/// What to look for in [`raw_refunds`].
#[derive(Debug, Default)]
pub struct RawRefundFilter<'a> {
    /// Number of the platform.
    pub refund_no: Option<&'a str>,
    /// Raw orders; empty = all.
    pub tids: Vec<&'a str>,
    /// Waybill of the return.
    pub waybill: Option<&'a str>,
    /// States inside the ERP; empty = all.
    pub processes: Vec<i64>,
    /// Shop keys; empty = all.
    pub shops: Vec<i64>,
    /// Changed, or asked for, within.
    pub window: Option<Window>,
    /// The window is about the time when the refund was asked for.
    pub by_refund_time: bool,
}

/// A page of raw refunds, in the order of the time that was asked for.
pub fn raw_refunds(reader: &mut Reader, filter: &RawRefundFilter<'_>, page: Page) -> Result<Rows<RawRefund>> {
    table::raw_refunds(reader, filter, page)
}

/// What to look for in [`refunds`].
#[derive(Debug, Default)]
pub struct RefundFilter<'a> {
    /// Number.
    pub no: Option<&'a str>,
    /// Number of the raw refund.
    pub src_no: Option<&'a str>,
    /// Raw order.
    pub tid: Option<&'a str>,
    /// Key of the system order.
    pub order: Option<i64>,
    /// Waybill of the return.
    pub waybill: Option<&'a str>,
    /// States; empty = all.
    pub statuses: Vec<i64>,
    /// Shop keys; empty = all.
    pub shops: Vec<i64>,
    /// Warehouse keys; empty = all.
    pub warehouses: Vec<i64>,
    /// Changed, or settled, within.
    pub window: Option<Window>,
    /// The window is about the settlement.
    pub by_finish: bool,
    /// The archive too.
    pub history: bool,
}

/// A page of refund orders with their people, in the order of the time that was asked for.
pub fn refunds(reader: &mut Reader, filter: &RefundFilter<'_>, page: Page) -> Result<Rows<RefundOrder>> {
    table::refunds(reader, filter, page)
}

/// The refund order to which whoever asked for it gave this number; archived ones too.
pub fn refund_by_outer_no(reader: &mut Reader, outer_no: &str) -> Result<Option<RefundOrder>> {
    let Some(no) = table::no_of_outer_no(reader, outer_no)? else { return Ok(None) };
    let filter = RefundFilter { no: Some(&no), history: true, ..RefundFilter::default() };
    Ok(table::refunds(reader, &filter, Page { no: 0, size: 1 })?.rows.pop())
}

/// The refund order with this number.
pub fn refund_by_no(reader: &mut Reader, no: &str) -> Result<RefundOrder> {
    table::refund_by_no(reader, no)
}

/// The refund orders with these numbers.
pub fn refunds_by_no(reader: &mut Reader, nos: &[&str]) -> Result<Vec<RefundOrder>> {
    table::refunds_by_no(reader, nos)
}

/// The raw refund of a shop with this number.
pub fn raw_refund_by_no(reader: &mut Reader, shop: i64, refund_no: &str) -> Result<Option<RawRefund>> {
    table::raw_by_no(reader, shop, refund_no)
}
