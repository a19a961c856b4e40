//! The logistics-sync queue (物流同步): waybills on their way to the mall, offered until acknowledged.

use store::{Reader, Tx};

use super::document::LogisticsSync;
use super::status::SyncStatus;
use super::table;
use crate::catalog::{Page, Rows};
use crate::{Refusal, Result};

/// `consign_status`: the mall knows the waybill.
const SYNCED: i64 = 8;

/// Waiting rows, oldest first; of one shop or of all.
pub fn pending_syncs(reader: &mut Reader, shop: Option<i64>, limit: i64) -> Result<Vec<LogisticsSync>> {
    table::pending_syncs(reader, shop, limit)
}

/// Rows that the mall could not take, oldest first; of one shop or of all. They wait for a person ([`retry_sync`]).
pub fn failed_syncs(reader: &mut Reader, shop: Option<i64>, page: Page) -> Result<Rows<LogisticsSync>> {
    table::failed_syncs(reader, shop, page)
}

/// The row with this key.
pub fn sync_by_id(reader: &mut Reader, id: i64) -> Result<Option<LogisticsSync>> {
    table::sync_by_id(reader, id)
}

/// All rows of an order, answered or not, oldest first.
pub fn syncs_of(reader: &mut Reader, order: i64) -> Result<Vec<LogisticsSync>> {
    table::syncs_of(reader, order)
}

/// The mall's answer to a row: `None` = it has the waybill, `Some(why)` = it could not take it. Either way the row leaves the
/// queue; a second answer is accepted, and a success after a failure counts (fact sheet wdt-1, 2.0.6 and 2.17).
pub fn ack_sync(tx: &mut Tx, id: i64, failure: Option<&str>) -> Result<()> {
    let mut row = table::sync_by_id(tx, id)?.ok_or(Refusal::QueueRow("物流同步结果回传失败,同步表不存在"))?;
    if row.status == SyncStatus::Succeeded {
        return Ok(());
    }
    match failure {
        None => {
            row.status = SyncStatus::Succeeded;
            row.synced = Some(tx.now());
            if let Some(mut order) = table::order_by_id(tx, row.order)? {
                order.consign_status |= SYNCED;
                table::update_order(tx, &mut order)?;
                tx.event("logistics.synced", &order.no, &serde_json::json!({ "tid": row.tid }))?;
            }
        }
        Some(why) => {
            let order_no = table::order_by_id(tx, row.order)?.map(|order| order.no).unwrap_or_default();
            row.status = SyncStatus::Failed;
            why.clone_into(&mut row.error);
            row.tries += 1;
            tx.event("logistics.failed", &order_no, &serde_json::json!({ "tid": row.tid, "message": why }))?;
        }
    }
    row.modified = tx.now();
    table::save_sync(tx, &row)
}

/// Takes a row that the mall did not confirm out of the queue by hand: somebody told the mall another way (手动设为成功), or the mall
/// need not hear of it (手动取消).
pub fn close_sync(tx: &mut Tx, id: i64, told: bool, who: &str) -> Result<LogisticsSync> {
    let mut row = table::sync_by_id(tx, id)?
        .ok_or_else(|| Refusal::NotFound { what: "物流同步", no: store::wire_id(id).to_string() })?;
    if !matches!(row.status, SyncStatus::Waiting | SyncStatus::Failed | SyncStatus::WaybillFailed) {
        return Err(Refusal::QueueRow("只有待同步和同步失败的记录可以手动处理").into());
    }
    row.status = if told { SyncStatus::SetByHand } else { SyncStatus::CancelledByHand };
    row.modified = tx.now();
    if let Some(mut order) = table::order_by_id(tx, row.order)? {
        if told {
            row.synced = Some(tx.now());
            order.consign_status |= SYNCED;
            table::update_order(tx, &mut order)?;
        }
        let body = serde_json::json!({ "tid": row.tid, "sync_status": row.status, "by": who });
        tx.event("logistics.closed", &order.no, &body)?;
    }
    table::save_sync(tx, &row)?;
    Ok(row)
}

/// Offers a failed row again (重新同步), by hand.
pub fn retry_sync(tx: &mut Tx, id: i64) -> Result<LogisticsSync> {
    let mut row = table::sync_by_id(tx, id)?
        .ok_or_else(|| Refusal::NotFound { what: "物流同步", no: store::wire_id(id).to_string() })?;
    if !matches!(row.status, SyncStatus::Failed | SyncStatus::WaybillFailed) {
        return Err(Refusal::QueueRow("只有同步失败的记录可以重新同步").into());
    }
    row.status = SyncStatus::Waiting;
    row.modified = tx.now();
    table::save_sync(tx, &row)?;
    Ok(row)
}
