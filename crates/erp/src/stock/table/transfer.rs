//! SQL of transfers.

use store::{Reader, Tx, Value};

use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::stock::transfer::{Transfer, TransferFilter};
use crate::{Result, values};

fn transfer(reader: &mut Reader, column: &str, value: &str) -> Result<Option<Transfer>> {
    let tenant = reader.tenant().0;
    let sql = format!("SELECT doc FROM transfer WHERE tenant = ?1 AND {column} = ?2");
    let text = reader.query_opt(&sql, values![tenant, value], |row| row.string(0))?;
    text.map(|text| decode("transfer", &text)).transpose()
}

pub(in crate::stock) fn transfer_by_no(reader: &mut Reader, no: &str) -> Result<Option<Transfer>> {
    transfer(reader, "no", no)
}

pub(in crate::stock) fn transfer_by_outer_no(reader: &mut Reader, no: &str) -> Result<Option<Transfer>> {
    transfer(reader, "outer_no", no)
}

pub(in crate::stock) fn save_transfer(tx: &mut Tx, order: &Transfer) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("transfer", order)?;
    tx.put(
        "INSERT INTO transfer (id, tenant, no, outer_no, source, destination, status, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET status = ?7, modified = ?8, doc = ?9",
        values![
            order.id,
            tenant,
            &order.no,
            &order.outer_no,
            order.from,
            order.to,
            order.status.code(),
            order.modified,
            &doc
        ],
    )?;
    Ok(())
}

pub(in crate::stock) fn transfers(
    reader: &mut Reader,
    filter: &TransferFilter<'_>,
    page: Page,
) -> Result<Rows<Transfer>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    for (column, value) in [("no", filter.no), ("outer_no", filter.outer_no)] {
        if let Some(value) = value {
            conditions.and(&format!("{column} = ?"), [Value::from(value)]);
        }
    }
    conditions.and_int_in("status", filter.statuses);
    conditions.and_int_in("source", filter.from);
    conditions.and_int_in("destination", filter.to);
    if !filter.either.is_empty() {
        let list = filter.either.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        conditions.and(&format!("(source IN ({list}) OR destination IN ({list}))"), []);
    }
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    conditions.page(reader, "transfer", "transfer", "modified, id", page)
}
