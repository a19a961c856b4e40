//! Which refund orders may be archived, and what moves with them: their return stock-ins. Raw refunds stay: the mall repeats them.

use store::{Reader, Tx};
use units::Moment;

use super::document::RefundOrder;
use super::table;
use crate::Result;
use crate::archive::Cursor;

/// Looks at the refund orders that follow `after`, oldest change first, and archives those that are over together with their return
/// stock-ins. Returns where to go on; `None` when there are no more that did not change since `before`.
pub(crate) fn archive_some(tx: &mut Tx, before: Moment, after: Cursor, limit: i64) -> Result<Option<Cursor>> {
    let candidates = table::unchanged_since(tx, before, after, limit)?;
    let last = candidates.last().map(|found| found.place);
    let whole = i64::try_from(candidates.len()).is_ok_and(|found| found == limit);
    let over: Vec<i64> = candidates.iter().filter(|found| found.is_over).map(|found| found.place.id).collect();
    let moved = table::put_refunds_away(tx, &over, before)?;
    if moved > 0 {
        tx.event("archive.moved", "archive", &serde_json::json!({ "refund_orders": moved, "before": before }))?;
    }
    Ok(last.filter(|_| whole))
}

/// The refund order with this key, brought back from the archive when it is there.
pub(super) fn to_change(tx: &mut Tx, id: i64) -> Result<Option<RefundOrder>> {
    if let Some(live) = table::refund_by_id(tx, id)? {
        return Ok(Some(live));
    }
    table::bring_refund_back(tx, id)?;
    table::refund_by_id(tx, id)
}

/// Whether a refund of these orders is under way: they stay in sight until it is over.
pub(crate) fn is_under_way(reader: &mut Reader, orders: &[i64], tids: &[&str]) -> Result<bool> {
    table::is_under_way(reader, orders, tids)
}
