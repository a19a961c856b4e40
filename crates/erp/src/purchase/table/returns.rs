//! SQL of purchase returns.

use store::{Reader, Tx, Value};

use super::one_of;
use crate::catalog::{Conditions, Page, Rows, places};
use crate::document::{decode, encode};
use crate::purchase::{PurchaseReturn, ReturnFilter};
use crate::{Result, values};

pub(in crate::purchase) fn save_return(tx: &mut Tx, returned: &PurchaseReturn) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("purchase return", returned)?;
    tx.put(
        "INSERT INTO purchase_return (id, tenant, no, outer_no, wms_no, provider, warehouse, status, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET wms_no = ?5, provider = ?6, warehouse = ?7, status = ?8, modified = ?9, doc = ?10",
        values![
            returned.id,
            tenant,
            &returned.no,
            &returned.outer_no,
            &returned.outside.no,
            returned.provider,
            returned.warehouse,
            returned.status.code(),
            returned.modified,
            &doc
        ],
    )?;
    Ok(())
}

pub(in crate::purchase) fn return_by_no(reader: &mut Reader, no: &str) -> Result<Option<PurchaseReturn>> {
    let tenant = reader.tenant().0;
    let sql = "SELECT doc FROM purchase_return WHERE tenant = ?1 AND no = ?2";
    let text = reader.query_opt(sql, values![tenant, no], |row| row.string(0))?;
    text.map(|text| decode("purchase return", &text)).transpose()
}

/// Whether a return of this caller's number is there.
pub(in crate::purchase) fn return_exists(reader: &mut Reader, outer_no: &str) -> Result<bool> {
    let tenant = reader.tenant().0;
    let sql = "SELECT id FROM purchase_return WHERE tenant = ?1 AND outer_no = ?2 AND outer_no <> ''";
    Ok(reader.query_opt(sql, values![tenant, outer_no], |row| row.int(0))?.is_some())
}

pub(in crate::purchase) fn returns_by_id(reader: &mut Reader, ids: &[i64]) -> Result<Vec<PurchaseReturn>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<Value<'_>> = ids.iter().map(|id| Value::from(*id)).collect();
    let sql = format!("SELECT doc FROM purchase_return WHERE id IN ({})", places(1, ids.len()));
    let texts = reader.query(&sql, &values, |row| row.string(0))?;
    texts.iter().map(|text| decode("purchase return", text)).collect()
}

pub(in crate::purchase) fn returns(
    reader: &mut Reader,
    filter: &ReturnFilter<'_>,
    page: Page,
) -> Result<Rows<PurchaseReturn>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(no) = filter.no {
        conditions.and_number("no = ?", no);
    }
    if let Some(no) = filter.outer_no {
        conditions.and_number("outer_no = ? AND outer_no <> ''", no);
    }
    one_of(&mut conditions, "status", &filter.statuses);
    one_of(&mut conditions, "warehouse", &filter.warehouses);
    one_of(&mut conditions, "provider", &filter.providers);
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    conditions.page(reader, "purchase return", "purchase_return", "modified, id", page)
}
