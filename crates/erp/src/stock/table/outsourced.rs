//! SQL of outsourced orders. Who receives the goods is sealed, bound to the order.

use store::{Reader, Tx, Value};

use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::stock::outsourced::{OutsourcedFilter, OutsourcedOrder, Receiver};
use crate::{Error, Result, values};

fn context(id: i64) -> Vec<u8> {
    [&b"outsourced"[..], &id.to_be_bytes()].concat()
}

fn opened(reader: &mut Reader, (doc, sealed): &(String, Vec<u8>)) -> Result<(OutsourcedOrder, Receiver)> {
    let order: OutsourcedOrder = decode("outsourced order", doc)?;
    let plain = reader.vault().open(&context(order.id), sealed).map_err(store::Error::from)?;
    let receiver = serde_json::from_slice(&plain).map_err(|error| Error::Document("receiver", error))?;
    Ok((order, receiver))
}

fn one(reader: &mut Reader, column: &str, value: &str) -> Result<Option<(OutsourcedOrder, Receiver)>> {
    let tenant = reader.tenant().0;
    let sql = format!("SELECT doc, sealed FROM outsourced_order WHERE tenant = ?1 AND {column} = ?2");
    let found = reader.query_opt(&sql, values![tenant, value], |row| Ok((row.string(0)?, row.bytes(1)?.to_vec())))?;
    found.map(|found| opened(reader, &found)).transpose()
}

pub(in crate::stock) fn outsourced_by_no(reader: &mut Reader, no: &str) -> Result<Option<(OutsourcedOrder, Receiver)>> {
    one(reader, "no", no)
}

pub(in crate::stock) fn outsourced_by_outer_no(
    reader: &mut Reader,
    no: &str,
) -> Result<Option<(OutsourcedOrder, Receiver)>> {
    one(reader, "outer_no", no)
}

pub(in crate::stock) fn save_outsourced(tx: &mut Tx, order: &OutsourcedOrder, receiver: &Receiver) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("outsourced order", order)?;
    let plain = serde_json::to_vec(receiver).map_err(|error| Error::Document("receiver", error))?;
    let sealed = tx.vault().seal(&context(order.id), &plain);
    tx.put(
        "INSERT INTO outsourced_order (id, tenant, no, outer_no, direction, warehouse, status, modified, doc, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET status = ?7, modified = ?8, doc = ?9, sealed = ?10",
        values![
            order.id,
            tenant,
            &order.no,
            &order.outer_no,
            order.direction.code(),
            order.warehouse,
            order.status.code(),
            order.modified,
            &doc,
            &sealed
        ],
    )?;
    Ok(())
}

pub(in crate::stock) fn outsourced_orders(
    reader: &mut Reader,
    filter: &OutsourcedFilter<'_>,
    page: Page,
) -> Result<Rows<(OutsourcedOrder, Receiver)>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(no) = filter.no {
        conditions.and_number("no = ?", no);
    }
    if let Some(no) = filter.either_no {
        conditions.and("(outer_no = ? OR no = ?)", [Value::from(no), Value::from(no)]);
    }
    if let Some(direction) = filter.direction {
        conditions.and("direction = ?", [Value::from(direction.code())]);
    }
    conditions.and_int_in("status", filter.statuses);
    conditions.and_int_in("warehouse", filter.warehouses);
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    let found = conditions.page_of(reader, "outsourced_order", "doc, sealed", "modified, id", page, |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec()))
    })?;
    let rows = found.rows.iter().map(|row| opened(reader, row)).collect::<Result<_>>()?;
    Ok(Rows { rows, total: found.total })
}
