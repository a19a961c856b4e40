//! SQL of stock-outs that are not sales.

use store::{Reader, Tx, Value};

use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::stock::{OutTime, WarehouseOut, WarehouseOutFilter};
use crate::{Result, values};

fn warehouse_out(reader: &mut Reader, condition: &str, value: &str) -> Result<Option<WarehouseOut>> {
    let tenant = reader.tenant().0;
    let sql = format!("SELECT doc FROM warehouse_out WHERE tenant = ?1 AND {condition} = ?2");
    let text = reader.query_opt(&sql, values![tenant, value], |row| row.string(0))?;
    text.map(|text| decode("warehouse-out", &text)).transpose()
}

pub(in crate::stock) fn warehouse_out_by_outer_no(reader: &mut Reader, no: &str) -> Result<Option<WarehouseOut>> {
    warehouse_out(reader, "outer_no <> '' AND outer_no", no)
}

pub(in crate::stock) fn warehouse_out_by_no(reader: &mut Reader, no: &str) -> Result<Option<WarehouseOut>> {
    warehouse_out(reader, "no", no)
}

pub(in crate::stock) fn save_warehouse_out(tx: &mut Tx, order: &WarehouseOut) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("warehouse-out", order)?;
    let consigned = order.consigned.map_or(0, units::Moment::unix);
    tx.put(
        "INSERT INTO warehouse_out (id, tenant, no, outer_no, kind, source, source_no, warehouse, shop, provider, status,
             consigned, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (id) DO UPDATE SET status = ?11, consigned = ?12, modified = ?13, doc = ?14",
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
            consigned,
            order.modified,
            &doc
        ],
    )?;
    Ok(())
}

pub(in crate::stock) fn warehouse_outs(
    reader: &mut Reader,
    filter: &WarehouseOutFilter<'_>,
    page: Page,
) -> Result<Rows<WarehouseOut>> {
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
    let column = match filter.time {
        OutTime::Modified => "modified",
        OutTime::Consigned => "consigned",
    };
    if let Some(window) = filter.window {
        let condition = format!("{column} BETWEEN ? AND ?");
        conditions.and(&condition, [Value::from(window.start), Value::from(window.end)]);
    }
    let order = format!("{column}, id");
    conditions.page(reader, "warehouse-out", "warehouse_out", &order, page)
}
