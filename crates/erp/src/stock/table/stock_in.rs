//! SQL of stock-ins.

use store::{Reader, Tx, Value};

use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::stock::{StockIn, StockInFilter};
use crate::{Result, values};

fn stock_in(reader: &mut Reader, condition: &str, value: &str) -> Result<Option<StockIn>> {
    let tenant = reader.tenant().0;
    let sql = format!("SELECT doc FROM stock_in WHERE tenant = ?1 AND {condition} = ?2");
    let text = reader.query_opt(&sql, values![tenant, value], |row| row.string(0))?;
    text.map(|text| decode("stock-in", &text)).transpose()
}

pub(in crate::stock) fn stock_in_by_outer_no(reader: &mut Reader, no: &str) -> Result<Option<StockIn>> {
    let tenant = reader.tenant().0;
    let sql = "SELECT doc FROM stock_in WHERE tenant = ?1 AND outer_no <> '' AND outer_no = ?2
         UNION ALL SELECT doc FROM stock_in_archive WHERE tenant = ?1 AND outer_no <> '' AND outer_no = ?2";
    let text = reader.query_opt(sql, values![tenant, no], |row| row.string(0))?;
    text.map(|text| decode("stock-in", &text)).transpose()
}

pub(in crate::stock) fn stock_in_by_no(reader: &mut Reader, no: &str) -> Result<Option<StockIn>> {
    stock_in(reader, "no", no)
}

pub(in crate::stock) fn save_stock_in(tx: &mut Tx, order: &StockIn) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("stock-in", order)?;
    tx.put(
        "INSERT INTO stock_in (id, tenant, no, outer_no, kind, source, source_no, warehouse, shop, provider, status, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET status = ?11, modified = ?12, doc = ?13",
        values![
            order.id,
            tenant,
            &order.no,
            &order.outer_no,
            order.kind.code(),
            order.source,
            &order.source_no,
            order.warehouse,
            order.shop,
            order.provider,
            order.status.code(),
            order.modified,
            &doc
        ],
    )?;
    Ok(())
}

pub(in crate::stock) fn stock_ins(
    reader: &mut Reader,
    filter: &StockInFilter<'_>,
    page: Page,
) -> Result<Rows<StockIn>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    for (column, value) in [("no", filter.no), ("outer_no", filter.outer_no), ("source_no", filter.source_no)] {
        if let Some(value) = value {
            conditions.and_number(&format!("{column} <> '' AND {column} = ?"), value);
        }
    }
    let kinds: Vec<i64> = filter.kinds.iter().map(|kind| kind.code()).collect();
    conditions.and_int_in("kind", &kinds);
    conditions.and_int_in("status", filter.statuses);
    conditions.and_int_in("warehouse", filter.warehouses);
    conditions.and_int_in("shop", filter.shops);
    conditions.and_int_in("provider", filter.providers);
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    let tables: &[&str] = if filter.history { &["stock_in", "stock_in_archive"] } else { &["stock_in"] };
    let found = conditions.page_of_tables(reader, tables, "doc", "modified, id", page, |row| row.string(0))?;
    let rows = found.rows.iter().map(|text| decode("stock-in", text)).collect::<Result<_>>()?;
    Ok(Rows { rows, total: found.total })
}
