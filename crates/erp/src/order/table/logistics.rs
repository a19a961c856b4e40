//! SQL of the logistics-sync queue.

use store::{Reader, Tx};

use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::order::LogisticsSync;
use crate::{Result, values};

pub(in crate::order) fn save_sync(tx: &mut Tx, row: &LogisticsSync) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("logistics sync", row)?;
    tx.put(
        "INSERT INTO logistics_sync (id, tenant, shop, sales_order, status, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET status = ?5, modified = ?6, doc = ?7",
        values![row.id, tenant, row.shop, row.order, row.status.code(), row.modified, &doc],
    )?;
    Ok(())
}

pub(in crate::order) fn sync_by_id(reader: &mut Reader, id: i64) -> Result<Option<LogisticsSync>> {
    let text = reader.query_opt("SELECT doc FROM logistics_sync WHERE id = ?1", values![id], |row| row.string(0))?;
    text.map(|text| decode("logistics sync", &text)).transpose()
}

pub(in crate::order) fn pending_syncs(
    reader: &mut Reader,
    shop: Option<i64>,
    limit: i64,
) -> Result<Vec<LogisticsSync>> {
    let tenant = reader.tenant().0;
    let texts = reader.query(
        "SELECT doc FROM logistics_sync WHERE tenant = ?1 AND status = 0 AND (?2 = 0 OR shop = ?2) ORDER BY id LIMIT ?3",
        values![tenant, shop.unwrap_or(0), limit],
        |row| row.string(0),
    )?;
    texts.iter().map(|text| decode("logistics sync", text)).collect()
}

pub(in crate::order) fn failed_syncs(
    reader: &mut Reader,
    shop: Option<i64>,
    page: Page,
) -> Result<Rows<LogisticsSync>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and("status IN (1, 2)", []);
    conditions.and_int_in("shop", shop.as_slice());
    conditions.page(reader, "logistics sync", "logistics_sync", "id", page)
}

pub(in crate::order) fn syncs_of(reader: &mut Reader, order: i64) -> Result<Vec<LogisticsSync>> {
    let sql = "SELECT doc, id FROM logistics_sync WHERE sales_order = ?1
         UNION ALL SELECT doc, id FROM logistics_sync_archive WHERE sales_order = ?1 ORDER BY id";
    let texts = reader.query(sql, values![order], |row| row.string(0))?;
    texts.iter().map(|text| decode("logistics sync", text)).collect()
}
