//! SQL for looking through all raw orders of all merchants, some at a time, with what was made of them.

use std::collections::HashMap;

use store::Reader;

use crate::document::decode;
use crate::order::{Order, RawOrder, StockOut};
use crate::{Result, values};

/// Raw orders with keys above `after`, in the order of their keys, without their buyers.
pub(in crate::order) fn raws_after(reader: &mut Reader, after: i64, limit: i64) -> Result<Vec<RawOrder>> {
    let sql = "SELECT doc FROM raw_order WHERE id > ?1 AND (?3 = 0 OR tenant = ?3) ORDER BY id LIMIT ?2";
    let tenant = reader.tenant().0;
    let texts = reader.query(sql, values![after, limit, tenant], |row| row.string(0))?;
    texts.iter().map(|text| decode("raw order", text)).collect()
}

fn listed(keys: &[i64]) -> String {
    keys.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// The orders with these keys.
pub(in crate::order) fn orders_with(reader: &mut Reader, keys: &[i64]) -> Result<HashMap<i64, Order>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT doc FROM sales_order WHERE id IN ({})", listed(keys));
    let texts = reader.query(&sql, values![], |row| row.string(0))?;
    texts.iter().map(|text| decode::<Order>("order", text).map(|order| (order.id, order))).collect()
}

/// Their stock-outs that have not left.
pub(in crate::order) fn open_stock_outs(reader: &mut Reader, orders: &[i64]) -> Result<Vec<StockOut>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT doc FROM stock_out WHERE sales_order IN ({}) AND status = 55", listed(orders));
    let texts = reader.query(&sql, values![], |row| row.string(0))?;
    texts.iter().map(|text| decode("stock-out", text)).collect()
}
