//! SQL of system orders.

use std::collections::HashMap;

use store::{Reader, Tx, Value};

use super::{one_of, open_buyer, raw, with_archive};
use crate::catalog::{Conditions, Page, Rows, key_list};
use crate::document::{decode, encode};
use crate::order::{Buyer, Order, OrderFilter};
use crate::{Refusal, Result, values};

pub(in crate::order) fn insert_order(tx: &mut Tx, order: &Order, sealed: &[u8]) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("order", order)?;
    tx.put(
        "INSERT INTO sales_order (id, tenant, no, shop, warehouse, status, waybill, modified, doc, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        values![
            order.id,
            tenant,
            &order.no,
            order.shop,
            order.warehouse,
            order.status.code(),
            &order.carriage.waybill,
            order.modified,
            &doc,
            sealed
        ],
    )?;
    Ok(())
}

/// Stores a changed order: `modified` and `version` move on.
pub(in crate::order) fn update_order(tx: &mut Tx, order: &mut Order) -> Result<()> {
    order.modified = tx.now();
    order.version += 1;
    let doc = encode("order", order)?;
    tx.put(
        "UPDATE sales_order SET warehouse = ?2, status = ?3, waybill = ?4, modified = ?5, doc = ?6 WHERE id = ?1",
        values![order.id, order.warehouse, order.status.code(), &order.carriage.waybill, order.modified, &doc],
    )?;
    Ok(())
}

pub(in crate::order) fn update_order_buyer(tx: &mut Tx, id: i64, sealed: &[u8]) -> Result<()> {
    tx.put("UPDATE sales_order SET sealed = ?2 WHERE id = ?1", values![id, sealed])?;
    Ok(())
}

pub(in crate::order) fn order_by_id(reader: &mut Reader, id: i64) -> Result<Option<Order>> {
    let text = reader.query_opt("SELECT doc FROM sales_order WHERE id = ?1", values![id], |row| row.string(0))?;
    text.map(|text| decode("order", &text)).transpose()
}

pub(in crate::order) fn order(reader: &mut Reader, no: &str) -> Result<Order> {
    let tenant = reader.tenant().0;
    let text =
        reader.query_opt("SELECT doc FROM sales_order WHERE tenant = ?1 AND no = ?2", values![tenant, no], |row| {
            row.string(0)
        })?;
    let text = text.ok_or_else(|| Refusal::NotFound { what: "订单号", no: no.to_owned() })?;
    decode("order", &text)
}

/// The sealed buyer of an order.
pub(in crate::order) fn sealed_of(reader: &mut Reader, id: i64) -> Result<Vec<u8>> {
    Ok(reader
        .query_one("SELECT sealed FROM sales_order WHERE id = ?1", values![id], |row| Ok(row.bytes(0)?.to_vec()))?)
}

/// An order with its buyer, by number.
pub(in crate::order) fn order_and_buyer(reader: &mut Reader, no: &str) -> Result<(Order, Buyer)> {
    let id = order(reader, no)?.id;
    order_with_buyer(reader, id)?.ok_or_else(|| Refusal::NotFound { what: "订单号", no: no.to_owned() }.into())
}

/// An order with its buyer, by key.
pub(in crate::order) fn order_with_buyer(reader: &mut Reader, id: i64) -> Result<Option<(Order, Buyer)>> {
    let found = reader.query_opt("SELECT doc, sealed FROM sales_order WHERE id = ?1", values![id], |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec()))
    })?;
    found.map(|found| open(reader, found)).transpose()
}

/// The order with this number, live or archived.
pub(in crate::order) fn order_anywhere(reader: &mut Reader, no: &str) -> Result<Order> {
    let tenant = reader.tenant().0;
    let sql = "SELECT doc FROM sales_order WHERE tenant = ?1 AND no = ?2
         UNION ALL SELECT doc FROM sales_order_archive WHERE tenant = ?1 AND no = ?2";
    let text = reader.query_opt(sql, values![tenant, no], |row| row.string(0))?;
    let text = text.ok_or_else(|| Refusal::NotFound { what: "订单号", no: no.to_owned() })?;
    decode("order", &text)
}

/// Orders with their buyers, by key; with `history` those of the archive too.
pub(super) fn orders_with_buyers(
    reader: &mut Reader,
    ids: &[i64],
    history: bool,
) -> Result<HashMap<i64, (Order, Buyer)>> {
    let mut found = HashMap::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(found);
    }
    for table in with_archive("sales_order", history) {
        let sql = format!("SELECT doc, sealed FROM {table} WHERE id IN ({})", key_list(ids));
        for row in reader.query(&sql, &[], |row| Ok((row.string(0)?, row.bytes(1)?.to_vec())))? {
            let (order, buyer) = open(reader, row)?;
            found.insert(order.id, (order, buyer));
        }
    }
    Ok(found)
}

fn open(reader: &mut Reader, (text, sealed): (String, Vec<u8>)) -> Result<(Order, Buyer)> {
    let order: Order = decode("order", &text)?;
    let raw = order.raw.first().map_or(0, |(id, _)| *id);
    let buyer = open_buyer(reader, raw, &sealed)?;
    Ok((order, buyer))
}

pub(in crate::order) fn orders(
    reader: &mut Reader,
    filter: &OrderFilter<'_>,
    page: Page,
) -> Result<Rows<(Order, Buyer)>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(tid) = filter.src_tid {
        let ids = raw::orders_of_tid(reader, tid, filter.fuzzy, filter.history)?;
        one_of(&mut conditions, "id", if ids.is_empty() { &[-1] } else { &ids });
    }
    if let Some(no) = filter.no {
        conditions.and_number("no = ?", no);
    }
    if let Some(waybill) = filter.waybill {
        conditions.and_number("waybill <> '' AND waybill = ?", waybill);
    }
    one_of(&mut conditions, "status", &filter.statuses);
    one_of(&mut conditions, "shop", &filter.shops);
    one_of(&mut conditions, "warehouse", &filter.warehouses);
    match filter.has_waybill {
        None => {}
        Some(true) => drop(conditions.and("waybill <> ''", [])),
        Some(false) => drop(conditions.and("waybill = ''", [])),
    }
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    let tables = with_archive("sales_order", filter.history);
    let found = conditions.page_of_tables(reader, &tables, "doc, sealed", "modified, id", page, |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec()))
    })?;
    let rows = found.rows.into_iter().map(|found| open(reader, found)).collect::<Result<_>>()?;
    Ok(Rows { rows, total: found.total })
}
