//! Which orders may be archived, and what moves with them: a raw order, the orders made from it, the raw orders merged into those,
//! and so on. All of a family moves or none of it, so that nothing in the tables of daily work points into the archive.

use store::Tx;
use units::Moment;

use super::document::{Order, RawOrder};
use super::status::{OrderStatus, ProcessStatus};
use super::table;
use crate::aftersale;
use crate::archive::Cursor;
use crate::{Refusal, Result};

/// A family larger than this stays where it is.
const MEMBERS: usize = 200;

/// Looks at the raw orders that follow `after`, oldest change first, and archives the families that are over. Returns where to go
/// on; `None` when there are no more that did not change since `before`.
pub(crate) fn archive_some(tx: &mut Tx, before: Moment, after: Cursor, limit: i64) -> Result<Option<Cursor>> {
    let candidates = table::unchanged_since(tx, before, after, limit)?;
    let last = candidates.last().map(|raw| Cursor { modified: raw.modified.unix(), id: raw.id });
    let whole = i64::try_from(candidates.len()).is_ok_and(|found| found == limit);
    let mut moved: Vec<i64> = Vec::new();
    let mut orders = 0;
    for raw in candidates {
        if moved.contains(&raw.id) || !is_over(&raw) {
            continue;
        }
        let Some(family) = Family::of(tx, raw, false)? else { continue };
        if !family.may_leave(tx, before)? {
            continue;
        }
        moved.extend(family.raws.iter().map(|raw| raw.id));
        orders += family.orders.len();
        family.shift(tx, true)?;
    }
    if !moved.is_empty() {
        let body = serde_json::json!({ "raw_orders": moved.len(), "orders": orders, "before": before });
        tx.event("archive.moved", "archive", &body)?;
    }
    Ok(last.filter(|_| whole))
}

/// Nothing more is expected of the raw order.
fn is_over(raw: &RawOrder) -> bool {
    matches!(raw.process, ProcessStatus::Shipped | ProcessStatus::Completed | ProcessStatus::Cancelled)
}

/// Nothing more is expected of the order. Money that is settled in part and abnormal shipments stay in sight.
fn is_done(order: &Order) -> bool {
    matches!(order.status, OrderStatus::Cancelled | OrderStatus::Shipped | OrderStatus::Signed | OrderStatus::Completed)
}

/// What belongs together.
struct Family {
    raws: Vec<RawOrder>,
    orders: Vec<Order>,
}

impl Family {
    /// The family of a raw order, live or archived; `None` when it is not whole or too large.
    fn of(tx: &mut Tx, raw: RawOrder, archived: bool) -> Result<Option<Self>> {
        let mut family = Self { raws: vec![raw], orders: Vec::new() };
        loop {
            let known = |ids: &[i64], id: &i64| ids.contains(id);
            let have: Vec<i64> = family.orders.iter().map(|order| order.id).collect();
            let wanted: Vec<i64> =
                family.raws.iter().flat_map(|raw| raw.orders.iter().copied()).filter(|id| !known(&have, id)).collect();
            if !family.add_orders(tx, wanted, archived)? {
                return Ok(None);
            }
            let have: Vec<i64> = family.raws.iter().map(|raw| raw.id).collect();
            let wanted: Vec<i64> = family
                .orders
                .iter()
                .flat_map(|order| order.raw.iter().map(|(id, _)| *id))
                .filter(|id| !known(&have, id))
                .collect();
            if wanted.is_empty() {
                return Ok(Some(family));
            }
            if family.raws.len() + family.orders.len() + wanted.len() > MEMBERS
                || !family.add_raws(tx, wanted, archived)?
            {
                return Ok(None);
            }
        }
    }

    fn add_orders(&mut self, tx: &mut Tx, mut ids: Vec<i64>, archived: bool) -> Result<bool> {
        ids.sort_unstable();
        ids.dedup();
        let found = table::orders_by_ids(tx, &ids, archived)?;
        let whole = found.len() == ids.len();
        self.orders.extend(found);
        Ok(whole)
    }

    fn add_raws(&mut self, tx: &mut Tx, mut ids: Vec<i64>, archived: bool) -> Result<bool> {
        ids.sort_unstable();
        ids.dedup();
        let found = table::raws_by_ids(tx, &ids, archived)?;
        let whole = found.len() == ids.len();
        self.raws.extend(found);
        Ok(whole)
    }

    /// Everybody is over and old, no waybill waits for the mall or failed to reach it, and no refund is under way.
    fn may_leave(&self, tx: &mut Tx, before: Moment) -> Result<bool> {
        let old = self.raws.iter().all(|raw| is_over(raw) && raw.modified < before)
            && self.orders.iter().all(|order| is_done(order) && order.modified < before);
        if !old || table::syncs_are_open(tx, &self.order_ids())? {
            return Ok(false);
        }
        let tids: Vec<&str> = self.raws.iter().map(|raw| raw.facts.tid.as_str()).collect();
        Ok(!aftersale::is_under_way(tx, &self.order_ids(), &tids)?)
    }

    fn order_ids(&self) -> Vec<i64> {
        self.orders.iter().map(|order| order.id).collect()
    }

    fn shift(&self, tx: &mut Tx, away: bool) -> Result<()> {
        let raws: Vec<i64> = self.raws.iter().map(|raw| raw.id).collect();
        table::shift_family(tx, &raws, &self.order_ids(), away)
    }
}

/// Brings an archived raw order back with its family, because it is going to change.
pub(crate) fn recall(tx: &mut Tx, raw: &RawOrder) -> Result<()> {
    let broken = || crate::Error::from(Refusal::QueueRow("归档订单不完整"));
    let family = Family::of(tx, raw.clone(), true)?.ok_or_else(broken)?;
    family.shift(tx, false)?;
    tx.event("archive.recalled", &raw.event_key(), &serde_json::json!({ "tid": raw.facts.tid }))?;
    Ok(())
}

/// The raw order with this number, brought back from the archive when it is there.
pub(crate) fn raw_to_change(tx: &mut Tx, tid: &str) -> Result<Option<RawOrder>> {
    let mut found = table::raw_by_tid(tx, tid)?;
    if let Some(raw) = found.as_mut().filter(|raw| raw.archived) {
        recall(tx, raw)?;
        raw.archived = false;
    }
    Ok(found)
}

/// The order with this number, brought back from the archive when it is there.
pub(crate) fn order_to_change(tx: &mut Tx, no: &str) -> Result<Order> {
    recall_order(tx, no)?;
    table::order(tx, no)
}

/// Brings an order back from the archive; false when it was not there.
pub fn recall_order(tx: &mut Tx, no: &str) -> Result<bool> {
    let order = table::order_anywhere(tx, no)?;
    let Some((raw, _)) = order.raw.first() else { return Ok(false) };
    let Some(raw) = table::raws_by_ids(tx, &[*raw], true)?.into_iter().next() else { return Ok(false) };
    recall(tx, &raw)?;
    Ok(true)
}
