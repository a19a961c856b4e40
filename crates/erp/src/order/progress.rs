//! How far a raw order has come, seen from the orders that it is in: after a merge or a split there may be several on either side.

use store::Tx;

use super::document::{Order, RawOrder};
use super::machines::RAW_ORDER;
use super::status::{ProcessStatus, RawEvent};
use super::table;
use crate::Result;

/// What happened to the raw order when its orders stand as they do; none = nothing new.
pub(super) fn event_of(process: ProcessStatus, tid: &str, orders: &[&Order]) -> Option<RawEvent> {
    let left = orders.iter().any(|order| order.has_left() && order.open_lines_of(tid).next().is_some());
    let open = orders
        .iter()
        .any(|order| !order.has_left() && order.status.code() > 5 && order.open_lines_of(tid).next().is_some());
    use ProcessStatus::{PartlyShipped, Submitted, Waiting};
    match (left, open) {
        (true, true) if process == Submitted => Some(RawEvent::PartShip),
        (true, false) if matches!(process, Submitted | PartlyShipped) => Some(RawEvent::Ship),
        (false, false) if matches!(process, Waiting | Submitted) => Some(RawEvent::Cancel),
        _ => None,
    }
}

/// Brings one raw order up to date with `order`, which changed, and with the others that it is in. True when it moved; the caller
/// stores it.
pub(super) fn follow(tx: &mut Tx, raw: &mut RawOrder, order: &Order) -> Result<bool> {
    let mut others = Vec::new();
    for id in raw.orders.iter().filter(|id| **id != order.id) {
        others.extend(table::order_by_id(tx, *id)?);
    }
    let all: Vec<&Order> = std::iter::once(order).chain(&others).collect();
    match event_of(raw.process, &raw.facts.tid, &all) {
        None => Ok(false),
        Some(event) => {
            raw.process = RAW_ORDER.fire(raw.process, event)?;
            raw.modified = tx.now();
            Ok(true)
        }
    }
}

/// The same for every raw order of an order, and stores them.
pub(super) fn follow_all(tx: &mut Tx, order: &Order) -> Result<()> {
    for (id, _) in &order.raw {
        if let Some(mut raw) = table::raw_by_id(tx, *id)?
            && follow(tx, &mut raw, order)?
        {
            table::update_raw(tx, &raw)?;
        }
    }
    Ok(())
}
