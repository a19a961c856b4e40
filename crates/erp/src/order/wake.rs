//! Orders that come back by themselves: the delay is over, the pre-sale begins, nobody waits for the unpaid order any more.

use store::Tx;

use super::flow::{WAKE, audit_by_rule};
use super::machines::ORDER;
use super::status::{OrderEvent, OrderStatus};
use super::{presale, table};
use crate::{Error, Refusal, Result, Settings};

/// Does what a timer of the order flow says; false when it is none of this house.
pub fn wake(tx: &mut Tx, settings: &Settings, timer: &store::timer::Timer) -> Result<bool> {
    if timer.topic != WAKE {
        return Ok(false);
    }
    let mut order = match table::order(tx, &timer.key) {
        Ok(order) => order,
        Err(Error::Refused(Refusal::NotFound { .. })) => return Ok(true),
        Err(error) => return Err(error),
    };
    let before = order.status;
    let due = order.marks.wakes.is_some_and(|at| at <= tx.now());
    match order.status {
        OrderStatus::DelayedAudit if due => order.status = ORDER.fire(order.status, OrderEvent::Wake)?,
        OrderStatus::AwaitingSibling if due => order.status = ORDER.fire(order.status, OrderEvent::SiblingDone)?,
        OrderStatus::Presale if due => presale::release_loaded(tx, settings, &mut order)?,
        _ => {}
    }
    if order.status != before {
        order.marks.wakes = None;
        tx.event("order.woke", &order.no, &serde_json::json!({ "status": order.status }))?;
    }
    audit_by_rule(tx, settings, &mut order)?;
    if order.status != before {
        table::update_order(tx, &mut order)?;
    }
    Ok(true)
}
