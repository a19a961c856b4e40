//! Finding stock documents: by number, by time, by state.

use store::Reader;

use super::kind::{StockInKind, StockOutKind};
use super::stock_in::StockIn;
use super::table;
use super::warehouse_out::WarehouseOut;
use crate::catalog::{Page, Rows, Window};
use crate::{Refusal, Result};

/// What to look for in [`stock_ins`]; empty lists = all.
#[derive(Debug, Default)]
pub struct StockInFilter<'a> {
    /// Number.
    pub no: Option<&'a str>,
    /// The caller's number.
    pub outer_no: Option<&'a str>,
    /// Number of the upper document.
    pub source_no: Option<&'a str>,
    /// Kinds.
    pub kinds: &'a [StockInKind],
    /// States.
    pub statuses: &'a [i64],
    /// Warehouse keys.
    pub warehouses: &'a [i64],
    /// Shop keys.
    pub shops: &'a [i64],
    /// Provider keys.
    pub providers: &'a [i64],
    /// Last changed within.
    pub window: Option<Window>,
    /// The archive too.
    pub history: bool,
}

/// A page of stock-ins, oldest change first.
pub fn stock_ins(reader: &mut Reader, filter: &StockInFilter<'_>, page: Page) -> Result<Rows<StockIn>> {
    table::stock_ins(reader, filter, page)
}

/// The stock-in with this number.
pub fn stock_in_by_no(reader: &mut Reader, no: &str) -> Result<StockIn> {
    table::stock_in_by_no(reader, no)?.ok_or_else(|| Refusal::NotFound { what: "入库单号", no: no.to_owned() }.into())
}

/// Which time of a stock-out a window is about, and by which the rows are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutTime {
    /// The last change.
    #[default]
    Modified,
    /// When the goods left.
    Consigned,
}

/// What to look for in [`warehouse_outs`]; empty lists = all.
#[derive(Debug, Default)]
pub struct WarehouseOutFilter<'a> {
    /// Number.
    pub no: Option<&'a str>,
    /// The caller's number.
    pub outer_no: Option<&'a str>,
    /// Number of the upper document.
    pub source_no: Option<&'a str>,
    /// Kinds.
    pub kinds: &'a [StockOutKind],
    /// States.
    pub statuses: &'a [i64],
    /// Warehouse keys.
    pub warehouses: &'a [i64],
    /// Shop keys.
    pub shops: &'a [i64],
    /// Provider keys.
    pub providers: &'a [i64],
    /// Which time the window means.
    pub time: OutTime,
    /// The window.
    pub window: Option<Window>,
}

/// A page of stock-outs that are not sales, in the order of the time that was asked for.
pub fn warehouse_outs(reader: &mut Reader, filter: &WarehouseOutFilter<'_>, page: Page) -> Result<Rows<WarehouseOut>> {
    table::warehouse_outs(reader, filter, page)
}

/// The stock-out with this number.
pub fn warehouse_out_by_no(reader: &mut Reader, no: &str) -> Result<WarehouseOut> {
    table::warehouse_out_by_no(reader, no)?
        .ok_or_else(|| Refusal::NotFound { what: "出库单号", no: no.to_owned() }.into())
}
