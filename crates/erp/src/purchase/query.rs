//! Finding the documents of purchase.

use store::Reader;

use super::document::{Apply, PurchaseOrder, PurchaseReturn};
use super::table;
use crate::catalog::{Page, Rows, Window};
use crate::{Refusal, Result};

/// What to look for in [`applies`].
#[derive(Debug, Default)]
pub struct ApplyFilter<'a> {
    /// Number.
    pub no: Option<&'a str>,
    /// States; empty = all.
    pub statuses: Vec<i64>,
    /// Warehouse keys; empty = all.
    pub warehouses: Vec<i64>,
    /// Last changed within.
    pub window: Option<Window>,
}

/// What to look for in [`orders`].
#[derive(Debug, Default)]
pub struct OrderFilter<'a> {
    /// Number.
    pub no: Option<&'a str>,
    /// The caller's number, or that of the outsourced warehouse.
    pub any_outer_no: Option<&'a str>,
    /// States; empty = all.
    pub statuses: Vec<i64>,
    /// Warehouse keys; empty = all.
    pub warehouses: Vec<i64>,
    /// Provider keys; empty = all.
    pub providers: Vec<i64>,
    /// Last changed within.
    pub window: Option<Window>,
}

/// What to look for in [`returns`].
#[derive(Debug, Default)]
pub struct ReturnFilter<'a> {
    /// Number.
    pub no: Option<&'a str>,
    /// The caller's number.
    pub outer_no: Option<&'a str>,
    /// States; empty = all.
    pub statuses: Vec<i64>,
    /// Warehouse keys; empty = all.
    pub warehouses: Vec<i64>,
    /// Provider keys; empty = all.
    pub providers: Vec<i64>,
    /// Last changed within.
    pub window: Option<Window>,
}

/// A page of requisitions, oldest change first.
pub fn applies(reader: &mut Reader, filter: &ApplyFilter<'_>, page: Page) -> Result<Rows<Apply>> {
    table::applies(reader, filter, page)
}

/// A page of purchase orders, oldest change first.
pub fn orders(reader: &mut Reader, filter: &OrderFilter<'_>, page: Page) -> Result<Rows<PurchaseOrder>> {
    table::orders(reader, filter, page)
}

/// A page of purchase returns, oldest change first.
pub fn returns(reader: &mut Reader, filter: &ReturnFilter<'_>, page: Page) -> Result<Rows<PurchaseReturn>> {
    table::returns(reader, filter, page)
}

/// The requisition with this number.
pub fn apply_by_no(reader: &mut Reader, no: &str) -> Result<Apply> {
    table::apply_by_no(reader, no)?.ok_or_else(|| missing("采购申请单号", no))
}

/// The purchase order with this number.
pub fn order_by_no(reader: &mut Reader, no: &str) -> Result<PurchaseOrder> {
    table::order_by_no(reader, no)?.ok_or_else(|| missing("采购单号", no))
}

/// The purchase return with this number.
pub fn return_by_no(reader: &mut Reader, no: &str) -> Result<PurchaseReturn> {
    table::return_by_no(reader, no)?.ok_or_else(|| missing("采购退货单号", no))
}

/// Purchase orders by key, for the documents below them.
pub fn orders_by_id(reader: &mut Reader, ids: &[i64]) -> Result<Vec<PurchaseOrder>> {
    table::orders_by_id(reader, ids)
}

/// Purchase returns by key, for the documents below them.
pub fn returns_by_id(reader: &mut Reader, ids: &[i64]) -> Result<Vec<PurchaseReturn>> {
    table::returns_by_id(reader, ids)
}

fn missing(what: &'static str, no: &str) -> crate::Error {
    Refusal::NotFound { what, no: no.to_owned() }.into()
}
