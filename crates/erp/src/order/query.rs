//! Finding orders: by number, by time, by state.

use std::collections::HashMap;

use store::Reader;

use super::document::{Buyer, Order, RawOrder, StockOut};
use super::table;
use crate::Result;
use crate::catalog::{Page, Rows, Window};

/// What to look for in [`orders`].
#[derive(Debug, Default)]
pub struct OrderFilter<'a> {
    /// Raw order number.
    pub src_tid: Option<&'a str>,
    /// `src_tid` is a part of the number.
    pub fuzzy: bool,
    /// Order number.
    pub no: Option<&'a str>,
    /// Waybill.
    pub waybill: Option<&'a str>,
    /// States; empty = all.
    pub statuses: Vec<i64>,
    /// Shop keys; empty = all.
    pub shops: Vec<i64>,
    /// Warehouse keys; empty = all.
    pub warehouses: Vec<i64>,
    /// With (true) or without (false) a waybill.
    pub has_waybill: Option<bool>,
    /// The archive too.
    pub history: bool,
    /// Last changed within.
    pub window: Option<Window>,
}

/// A page of orders with their buyers, oldest change first.
pub fn orders(reader: &mut Reader, filter: &OrderFilter<'_>, page: Page) -> Result<Rows<(Order, Buyer)>> {
    table::orders(reader, filter, page)
}

/// The order with this number, live or archived.
pub fn order_by_no(reader: &mut Reader, no: &str) -> Result<Order> {
    table::order_anywhere(reader, no)
}

/// What to look for in [`raw_orders`].
#[derive(Debug, Default)]
pub struct RawFilter<'a> {
    /// Raw order numbers; empty = all.
    pub tids: Vec<&'a str>,
    /// Shop keys; empty = all.
    pub shops: Vec<i64>,
    /// Last changed within.
    pub window: Option<Window>,
    /// The archive too.
    pub history: bool,
}

/// A page of raw orders with their buyers, oldest change first.
pub fn raw_orders(reader: &mut Reader, filter: &RawFilter<'_>, page: Page) -> Result<Rows<RawOrder>> {
    table::raw_orders(reader, filter, page)
}

/// The raw order with this number, live or archived.
pub fn raw_by_tid(reader: &mut Reader, tid: &str) -> Result<Option<RawOrder>> {
    table::raw_by_tid(reader, tid)
}

/// What to look for in [`stock_outs`].
#[derive(Debug, Default)]
pub struct StockOutFilter<'a> {
    /// Order number.
    pub order_no: Option<&'a str>,
    /// Raw order number.
    pub src_tid: Option<&'a str>,
    /// Stock-out number.
    pub no: Option<&'a str>,
    /// States; empty = all.
    pub statuses: Vec<i64>,
    /// Shop keys; empty = all.
    pub shops: Vec<i64>,
    /// Warehouse keys; empty = all.
    pub warehouses: Vec<i64>,
    /// Last changed within.
    pub modified: Option<Window>,
    /// Shipped within.
    pub consigned: Option<Window>,
    /// The archive too.
    pub history: bool,
}

/// A stock-out with the order it ships and its buyer.
#[derive(Clone)]
pub struct Shipment {
    /// The stock-out.
    pub stock_out: StockOut,
    /// The order.
    pub order: Order,
    /// The buyer.
    pub buyer: Buyer,
}

/// A page of stock-outs, in the order of the time that was asked for.
pub fn stock_outs(reader: &mut Reader, filter: &StockOutFilter<'_>, page: Page) -> Result<Rows<Shipment>> {
    table::stock_outs(reader, filter, page)
}

/// All stock-outs of an order, oldest first, the cancelled ones too.
pub fn stock_outs_of(reader: &mut Reader, order: i64) -> Result<Vec<StockOut>> {
    table::stock_outs_of(reader, order)
}

/// The orders that were made from some raw orders, by key, wherever they are kept.
pub fn orders_of_raws(reader: &mut Reader, raws: &[RawOrder]) -> Result<HashMap<i64, Order>> {
    let mut keys: Vec<i64> = raws.iter().flat_map(|raw| raw.orders.iter().copied()).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut found = table::orders_with(reader, &keys)?;
    keys.retain(|key| !found.contains_key(key));
    if !keys.is_empty() {
        found.extend(table::orders_by_ids(reader, &keys, true)?.into_iter().map(|order| (order.id, order)));
    }
    Ok(found)
}
