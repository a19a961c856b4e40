//! SQL of purchase orders.

use store::{Reader, Tx, Value};

use super::one_of;
use crate::catalog::{Conditions, Page, Rows, places};
use crate::document::{decode, encode};
use crate::purchase::{OrderFilter, PurchaseOrder};
use crate::{Result, values};

pub(in crate::purchase) fn save_order(tx: &mut Tx, order: &PurchaseOrder) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("purchase order", order)?;
    tx.put(
        "INSERT INTO purchase_order (id, tenant, no, outer_no, wms_no, provider, warehouse, status, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET wms_no = ?5, provider = ?6, warehouse = ?7, status = ?8, modified = ?9, doc = ?10",
        values![
            order.id,
            tenant,
            &order.no,
            &order.outer_no,
            &order.outside.no,
            order.provider,
            order.warehouse,
            order.status.code(),
            order.modified,
            &doc
        ],
    )?;
    Ok(())
}

pub(in crate::purchase) fn order_by_no(reader: &mut Reader, no: &str) -> Result<Option<PurchaseOrder>> {
    let tenant = reader.tenant().0;
    let sql = "SELECT doc FROM purchase_order WHERE tenant = ?1 AND no = ?2";
    let text = reader.query_opt(sql, values![tenant, no], |row| row.string(0))?;
    text.map(|text| decode("purchase order", &text)).transpose()
}

/// The callers' numbers of the orders that have `no` as their own number or `outer_no` as their caller's.
pub(in crate::purchase) fn outer_numbers_at(reader: &mut Reader, no: &str, outer_no: &str) -> Result<Vec<String>> {
    let tenant = reader.tenant().0;
    let sql = "SELECT outer_no FROM purchase_order WHERE tenant = ?1 AND no = ?2
               UNION ALL SELECT outer_no FROM purchase_order WHERE tenant = ?1 AND outer_no = ?3 AND outer_no <> ''";
    Ok(reader.query(sql, values![tenant, no, outer_no], |row| row.string(0))?)
}

pub(in crate::purchase) fn orders_by_id(reader: &mut Reader, ids: &[i64]) -> Result<Vec<PurchaseOrder>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<Value<'_>> = ids.iter().map(|id| Value::from(*id)).collect();
    let sql = format!("SELECT doc FROM purchase_order WHERE id IN ({})", places(1, ids.len()));
    let texts = reader.query(&sql, &values, |row| row.string(0))?;
    texts.iter().map(|text| decode("purchase order", text)).collect()
}

pub(in crate::purchase) fn orders(
    reader: &mut Reader,
    filter: &OrderFilter<'_>,
    page: Page,
) -> Result<Rows<PurchaseOrder>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(no) = filter.no {
        conditions.and_number("no = ?", no);
    }
    if let Some(no) = filter.any_outer_no {
        // Each branch by its own index, whose condition it repeats.
        conditions.and(
            "((outer_no = ? AND outer_no <> '') OR (wms_no = ? AND wms_no <> ''))",
            [Value::from(no), Value::from(no)],
        );
    }
    one_of(&mut conditions, "status", &filter.statuses);
    one_of(&mut conditions, "warehouse", &filter.warehouses);
    one_of(&mut conditions, "provider", &filter.providers);
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    conditions.page(reader, "purchase order", "purchase_order", "modified, id", page)
}
