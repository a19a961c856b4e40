//! SQL of requisitions.

use store::{Reader, Tx, Value};

use super::one_of;
use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::purchase::{Apply, ApplyFilter};
use crate::{Result, values};

pub(in crate::purchase) fn save_apply(tx: &mut Tx, apply: &Apply) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("requisition", apply)?;
    tx.put(
        "INSERT INTO purchase_apply (id, tenant, no, warehouse, status, modified, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET warehouse = ?4, status = ?5, modified = ?6, doc = ?7",
        values![apply.id, tenant, &apply.no, apply.warehouse, apply.status.code(), apply.modified, &doc],
    )?;
    Ok(())
}

pub(in crate::purchase) fn apply_by_no(reader: &mut Reader, no: &str) -> Result<Option<Apply>> {
    let tenant = reader.tenant().0;
    let sql = "SELECT doc FROM purchase_apply WHERE tenant = ?1 AND no = ?2";
    let text = reader.query_opt(sql, values![tenant, no], |row| row.string(0))?;
    text.map(|text| decode("requisition", &text)).transpose()
}

pub(in crate::purchase) fn applies(reader: &mut Reader, filter: &ApplyFilter<'_>, page: Page) -> Result<Rows<Apply>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(no) = filter.no {
        conditions.and_number("no = ?", no);
    }
    one_of(&mut conditions, "status", &filter.statuses);
    one_of(&mut conditions, "warehouse", &filter.warehouses);
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    conditions.page(reader, "requisition", "purchase_apply", "modified, id", page)
}
