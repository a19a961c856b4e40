//! Cancelling: a whole order, or lines refunded before shipment. What they held goes to those who wait.

use store::Tx;
use units::Quantity;

use super::document::{Order, Reserved};
use super::status::{ORDER, OrderEvent, RAW_ORDER, RawEvent};
use super::submit::need;
use super::{audit, table};
use crate::stock::{self, QuantityColumn};
use crate::{Result, Settings};

/// Warehouse and spec whose stock became free.
pub(super) type Freed = Vec<(i64, i64)>;

/// Cancels an order that has not left, and the raw orders in it.
pub fn cancel(tx: &mut Tx, settings: &Settings, no: &str, reason: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let freed = cancel_loaded(tx, settings, &mut order, reason)?;
    table::update_order(tx, &mut order)?;
    close_raw_orders(tx, &order)?;
    serve(tx, settings, &freed)?;
    Ok(order)
}

/// Marks the raw orders of a cancelled order as cancelled too.
pub(super) fn close_raw_orders(tx: &mut Tx, order: &Order) -> Result<()> {
    for (raw, _) in &order.raw {
        if let Some(mut raw) = table::raw_by_id(tx, *raw)? {
            raw.process = RAW_ORDER.fire(raw.process, RawEvent::Cancel)?;
            raw.modified = tx.now();
            table::update_raw(tx, &raw)?;
        }
    }
    Ok(())
}

/// Cancels an order in hand; the caller stores it and then serves what became free.
pub(super) fn cancel_loaded(tx: &mut Tx, settings: &Settings, order: &mut Order, reason: &str) -> Result<Freed> {
    order.status = ORDER.fire(order.status, OrderEvent::Cancel)?;
    audit::close_stock_out(tx, order, reason)?;
    let mut freed = Freed::new();
    for i in 0..order.lines.len() {
        release(tx, settings, order, i, &mut freed)?;
    }
    order.cancel_reason = reason.to_owned();
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

fn release(tx: &mut Tx, settings: &Settings, order: &mut Order, i: usize, freed: &mut Freed) -> Result<()> {
    let column = match order.lines[i].reserved {
        Reserved::Nothing => return Ok(()),
        Reserved::Waiting => None,
        Reserved::Unpaid => Some(QuantityColumn::Unpaid),
        Reserved::Order => Some(QuantityColumn::Order),
        Reserved::Sending => Some(QuantityColumn::Sending),
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
