//! SQL of stock-takings.

use store::{Reader, Tx, Value};

use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::stock::taking::{StockTaking, TakingFilter};
use crate::{Result, values};

fn taking(reader: &mut Reader, column: &str, value: &str) -> Result<Option<StockTaking>> {
    let tenant = reader.tenant().0;
    let sql = format!("SELECT doc FROM stock_taking WHERE tenant = ?1 AND {column} = ?2");
    let text = reader.query_opt(&sql, values![tenant, value], |row| row.string(0))?;
    text.map(|text| decode("stock-taking", &text)).transpose()
}

pub(in crate::stock) fn taking_by_no(reader: &mut Reader, no: &str) -> Result<Option<StockTaking>> {
    taking(reader, "no", no)
}

pub(in crate::stock) fn taking_by_outer_no(reader: &mut Reader, no: &str) -> Result<Option<StockTaking>> {
    taking(reader, "outer_no", no)
}

pub(in crate::stock) fn save_taking(tx: &mut Tx, order: &StockTaking) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("stock-taking", order)?;
    let checked = order.checked.map_or(0, units::Moment::unix);
    tx.put(
        "INSERT INTO stock_taking (id, tenant, no, outer_no, warehouse, status, checked, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET status = ?6, checked = ?7, modified = ?8, doc = ?9",
        values![
            order.id,
            tenant,
            &order.no,
            &order.outer_no,
            order.warehouse,
            order.status.code(),
            checked,
            order.modified,
            &doc
        ],
    )?;
    Ok(())
}

pub(in crate::stock) fn takings(
    reader: &mut Reader,
    filter: &TakingFilter<'_>,
    page: Page,
) -> Result<Rows<StockTaking>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    for (column, value) in [("no", filter.no), ("outer_no", filter.outer_no)] {
        if let Some(value) = value {
            conditions.and(&format!("{column} = ?"), [Value::from(value)]);
        }
    }
    conditions.and_int_in("status", filter.statuses);
    conditions.and_int_in("warehouse", filter.warehouses);
    if let Some(window) = filter.modified {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    if let Some(window) = filter.checked {
        // The second condition is that of the index.
        conditions.and("checked BETWEEN ? AND ? AND checked > 0", [Value::from(window.start), Value::from(window.end)]);
    }
    let order = if filter.checked.is_some() { "checked, id" } else { "modified, id" };
    conditions.page(reader, "stock-taking", "stock_taking", order, page)
}
