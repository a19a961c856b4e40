//! Cancelling: a whole order, or lines refunded before shipment. What they held goes to those who wait.

use store::Tx;
use units::Quantity;

use super::document::{Order, Reserved};
use super::machines::ORDER;
use super::status::OrderEvent;
use super::submit::need;
use super::{audit, flow, handover, progress, table};
use crate::stock::{self, QuantityColumn};
use crate::{Result, Settings};

/// Warehouse and spec whose stock became free.
pub(super) type Freed = Vec<(i64, i64)>;

/// Cancels an order that has not left, and the raw orders that are in no other.
pub fn cancel(tx: &mut Tx, settings: &Settings, no: &str, reason: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let freed = cancel_loaded(tx, settings, &mut order, reason)?;
    table::update_order(tx, &mut order)?;
    progress::follow_all(tx, &order)?;
    serve(tx, settings, &freed)?;
    Ok(order)
}

/// Cancels an order in hand; the caller stores it and then serves what became free.
pub(super) fn cancel_loaded(tx: &mut Tx, settings: &Settings, order: &mut Order, reason: &str) -> Result<Freed> {
    let was_unpaid = flow::is_unpaid(order);
    let status = ORDER.fire(order.status, OrderEvent::Cancel)?;
    handover::require_here(tx, order)?;
    order.status = status;
    audit::close_stock_out(tx, order, reason)?;
    let mut freed = Freed::new();
    for i in 0..order.lines.len() {
        release(tx, settings, order, i, &mut freed)?;
    }
    reason.clone_into(&mut order.cancel_reason);
    order.marks.wakes = None;
    if settings.flow.merge != crate::MergeMode::Off {
        if was_unpaid {
            flow::sibling_ended(tx, settings, order.id)?;
        }
        table::forget_open_buyer(tx, order.id)?;
    }
    tx.event("order.cancelled", &order.no, &serde_json::json!({ "reason": reason }))?;
    Ok(freed)
}

/// Takes the lines that were refunded out of an order that has not been released.
pub(super) fn drop_refunded_lines(tx: &mut Tx, settings: &Settings, order: &mut Order) -> Result<Freed> {
    let mut freed = Freed::new();
    for i in 0..order.lines.len() {
        if order.lines[i].refund_status == 5 && order.lines[i].actual_num.is_positive() {
            release(tx, settings, order, i, &mut freed)?;
            order.lines[i].actual_num = Quantity::ZERO;
            order.lines[i].modified = tx.now();
        }
    }
    Ok(freed)
}

/// Gives back what the `i`-th line holds, and takes it out of the queue when it waits.
pub(super) fn release(tx: &mut Tx, settings: &Settings, order: &mut Order, i: usize, freed: &mut Freed) -> Result<()> {
    let column = match order.lines[i].reserved {
        Reserved::Nothing => return Ok(()),
        Reserved::Waiting => None,
        Reserved::Unpaid => Some(QuantityColumn::Unpaid),
        Reserved::Order => Some(QuantityColumn::Order),
        Reserved::Sending => Some(QuantityColumn::Sending),
        Reserved::Presale => Some(QuantityColumn::Subscribe),
    };
    stock::release_line(tx, settings, &need(order, i), column)?;
    order.lines[i].reserved = Reserved::Nothing;
    let pair = (order.warehouse, order.lines[i].spec);
    if !freed.contains(&pair) {
        freed.push(pair);
    }
    Ok(())
}

/// Gives what became free to those who wait.
pub(super) fn serve(tx: &mut Tx, settings: &Settings, freed: &Freed) -> Result<()> {
    for (warehouse, spec) in freed {
        stock::serve_waiting(tx, settings, *warehouse, *spec)?;
    }
    Ok(())
}
