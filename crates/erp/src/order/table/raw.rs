//! SQL of raw orders and of the line numbers they own.

use store::{Reader, Tx, Value};

use super::{one_of, open_buyer, with_archive};
use crate::catalog::{Conditions, Page, Rows, look_up};
use crate::document::{decode, encode};
use crate::order::{PushLine, RawFilter, RawOrder};
use crate::{Result, values};

/// Document, seal, and whether it was read from the archive.
type Sealed = (String, Vec<u8>, bool);

fn open(reader: &mut Reader, (text, sealed, archived): Sealed) -> Result<RawOrder> {
    let mut raw: RawOrder = decode("raw order", &text)?;
    raw.facts.buyer = open_buyer(reader, raw.id, &sealed)?;
    raw.archived = archived;
    Ok(raw)
}

/// The archive too: a number stays known for ever.
const BY_TID: &str = "SELECT doc, sealed, 0 FROM raw_order WHERE tenant = ?1 AND tid = ?2
     UNION ALL SELECT doc, sealed, 1 FROM raw_order_archive WHERE tenant = ?1 AND tid = ?2";

pub(in crate::order) fn raw_by_tid(reader: &mut Reader, tid: &str) -> Result<Option<RawOrder>> {
    let tenant = reader.tenant().0;
    let read = |row: &store::Row<'_>| Ok((row.string(0)?, row.bytes(1)?.to_vec(), row.int(2)? == 1));
    let found = reader.query_opt(BY_TID, values![tenant, tid], read)?;
    found.map(|found| open(reader, found)).transpose()
}

/// Announces what the push of a raw order begins by reading.
pub(in crate::order) fn foresee_push<'a>(tx: &mut Tx, tid: &str, oids: impl Iterator<Item = &'a str>) -> Result<()> {
    let tenant = tx.tenant().0;
    tx.foresee_nothing(BY_TID, values![tenant, tid])?;
    let (sql, values) = owners(tenant, oids);
    Ok(tx.foresee_nothing(&sql, &values)?)
}

pub(in crate::order) fn raw_by_id(reader: &mut Reader, id: i64) -> Result<Option<RawOrder>> {
    let found = reader.query_opt("SELECT doc, sealed FROM raw_order WHERE id = ?1", values![id], |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec(), false))
    })?;
    found.map(|found| open(reader, found)).transpose()
}

pub(in crate::order) fn insert_raw(tx: &mut Tx, raw: &RawOrder, sealed: &[u8]) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("raw order", raw)?;
    tx.put(
        "INSERT INTO raw_order (id, tenant, tid, shop, process, modified, doc, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        values![raw.id, tenant, &raw.facts.tid, raw.shop, raw.process.code(), raw.modified, &doc, sealed],
    )?;
    Ok(())
}

pub(in crate::order) fn update_raw(tx: &mut Tx, raw: &RawOrder) -> Result<()> {
    let doc = encode("raw order", raw)?;
    tx.put(
        "UPDATE raw_order SET process = ?2, modified = ?3, doc = ?4 WHERE id = ?1",
        values![raw.id, raw.process.code(), raw.modified, &doc],
    )?;
    Ok(())
}

pub(in crate::order) fn update_raw_buyer(tx: &mut Tx, id: i64, sealed: &[u8]) -> Result<()> {
    tx.put("UPDATE raw_order SET sealed = ?2 WHERE id = ?1", values![id, sealed])?;
    Ok(())
}

/// Makes a line number the property of a raw order.
pub(in crate::order) fn claim_line(tx: &mut Tx, oid: &str, raw: i64) -> Result<()> {
    let tenant = tx.tenant().0;
    tx.put("INSERT INTO raw_line (tenant, oid, raw_order) VALUES (?1, ?2, ?3)", values![tenant, oid, raw])?;
    Ok(())
}

/// Whether any of these line numbers belongs to another raw order of the merchant.
pub(in crate::order) fn lines_of_others(reader: &mut Reader, lines: &[PushLine], raw: i64) -> Result<bool> {
    let (sql, values) = owners(reader.tenant().0, lines.iter().map(|line| &*line.oid));
    let owners = reader.query(&sql, &values, |row| row.int(0))?;
    Ok(owners.into_iter().any(|owner| owner != raw))
}

/// The query for the raw orders that own these line numbers.
fn owners<'a>(tenant: i64, oids: impl Iterator<Item = &'a str>) -> (String, Vec<Value<'a>>) {
    let mut values = vec![Value::from(tenant)];
    values.extend(oids.map(Value::from));
    let sql = look_up("SELECT raw_order FROM raw_line WHERE tenant = ?1 AND", "oid", 2, values.len() - 1);
    (sql, values)
}

pub(in crate::order) fn raw_orders(reader: &mut Reader, filter: &RawFilter<'_>, page: Page) -> Result<Rows<RawOrder>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and_text_in("tid", &filter.tids);
    one_of(&mut conditions, "shop", &filter.shops);
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    let tables = with_archive("raw_order", filter.history);
    let found = conditions.page_of_tables(reader, &tables, "doc, sealed", "modified, id", page, |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec(), false))
    })?;
    let rows = found.rows.into_iter().map(|found| open(reader, found)).collect::<Result<_>>()?;
    Ok(Rows { rows, total: found.total })
}

/// Orders made from the raw orders whose number is `tid`, or contains it; with `history` those of the archive too.
pub(super) fn orders_of_tid(reader: &mut Reader, tid: &str, fuzzy: bool, history: bool) -> Result<Vec<i64>> {
    let tenant = reader.tenant().0;
    let pattern = format!("%{}%", tid.replace('!', "!!").replace('%', "!%").replace('_', "!_"));
    let mut orders = Vec::new();
    for table in with_archive("raw_order", history) {
        let texts = if fuzzy {
            let sql =
                format!("SELECT doc FROM {table} WHERE tenant = ?1 AND tid LIKE ?2 ESCAPE '!' ORDER BY id LIMIT 1000");
            reader.query(&sql, values![tenant, &pattern], |row| row.string(0))?
        } else {
            let sql = format!("SELECT doc FROM {table} WHERE tenant = ?1 AND tid = ?2");
            reader.query(&sql, values![tenant, tid], |row| row.string(0))?
        };
        for text in texts {
            orders.extend(decode::<RawOrder>("raw order", &text)?.orders);
        }
    }
    Ok(orders)
}
