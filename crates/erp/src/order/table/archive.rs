//! SQL of orders on their way into the archive and back.

use store::{Reader, Tx};
use units::Moment;

use crate::archive::{Cursor, bring_back, put_away};
use crate::catalog::key_list;
use crate::document::decode;
use crate::order::{Order, RawOrder};
use crate::{Result, values};

/// Raw orders that did not change since `before`, after a place, oldest change first. Without their buyers.
pub(in crate::order) fn unchanged_since(
    reader: &mut Reader,
    before: Moment,
    after: Cursor,
    limit: i64,
) -> Result<Vec<RawOrder>> {
    let tenant = reader.tenant().0;
    let texts = reader.query(
        "SELECT doc FROM raw_order WHERE tenant = ?1 AND modified < ?2 AND (modified, id) > (?3, ?4)
         ORDER BY modified, id LIMIT ?5",
        values![tenant, before, after.modified, after.id, limit],
        |row| row.string(0),
    )?;
    texts.iter().map(|text| decode("raw order", text)).collect()
}

fn documents(reader: &mut Reader, table: &str, archived: bool, ids: &[i64]) -> Result<Vec<String>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let suffix = if archived { "_archive" } else { "" };
    let sql = format!("SELECT doc FROM {table}{suffix} WHERE id IN ({}) ORDER BY id", key_list(ids));
    Ok(reader.query(&sql, &[], |row| row.string(0))?)
}

/// Raw orders by key, without their buyers.
pub(in crate::order) fn raws_by_ids(reader: &mut Reader, ids: &[i64], archived: bool) -> Result<Vec<RawOrder>> {
    documents(reader, "raw_order", archived, ids)?.iter().map(|text| decode("raw order", text)).collect()
}

/// Orders by key, without their buyers.
pub(in crate::order) fn orders_by_ids(reader: &mut Reader, ids: &[i64], archived: bool) -> Result<Vec<Order>> {
    documents(reader, "sales_order", archived, ids)?.iter().map(|text| decode("order", text)).collect()
}

/// Whether a waybill of these orders waits for the mall, or failed to reach it (states 0, 1 and 2).
pub(in crate::order) fn syncs_are_open(reader: &mut Reader, orders: &[i64]) -> Result<bool> {
    if orders.is_empty() {
        return Ok(false);
    }
    let sql = format!(
        "SELECT 1 FROM logistics_sync WHERE sales_order IN ({}) AND status IN (0, 1, 2) LIMIT 1",
        key_list(orders)
    );
    Ok(reader.query_opt(&sql, &[], |row| row.int(0))?.is_some())
}

/// Moves raw orders and orders, with the stock-outs and logistics-sync rows of the orders.
pub(in crate::order) fn shift_family(tx: &mut Tx, raws: &[i64], orders: &[i64], away: bool) -> Result<()> {
    let shift = if away { put_away } else { bring_back };
    shift(tx, "logistics_sync", "sales_order", orders)?;
    shift(tx, "stock_out", "sales_order", orders)?;
    shift(tx, "sales_order", "id", orders)?;
    shift(tx, "raw_order", "id", raws)
}
