//! Everything that was made of raw orders, some of them at a time: for those who check the books.

use std::collections::HashMap;

use store::Reader;

use super::document::{Order, RawOrder, StockOut};
use super::table;
use crate::Result;

/// Raw orders that are looked at together.
const TOGETHER: i64 = 200;

/// Some raw orders with what was made of them.
pub(crate) struct Made {
    /// The raw orders, in the order of their keys; without buyers.
    pub(crate) raws: Vec<RawOrder>,
    /// The orders made from them, by key.
    pub(crate) orders: HashMap<i64, Order>,
    /// Stock-outs of these that have not left.
    pub(crate) open: Vec<StockOut>,
}

/// The raw orders of the reader's merchant (of all of them for the house) with keys above `after`; `None` when there are no more.
pub(crate) fn made_after(reader: &mut Reader, after: i64) -> Result<Option<Made>> {
    let raws = table::raws_after(reader, after, TOGETHER)?;
    if raws.is_empty() {
        return Ok(None);
    }
    let mut keys: Vec<i64> = raws.iter().flat_map(|raw| raw.orders.iter().copied()).collect();
    keys.sort_unstable();
    keys.dedup();
    let orders = table::orders_with(reader, &keys)?;
    let open = table::open_stock_outs(reader, &keys)?;
    Ok(Some(Made { raws, orders, open }))
}
