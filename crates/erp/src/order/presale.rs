//! Pre-sale by hand (转预订单, 转审核): what an order holds counts as 预订单量 while it is one.

use store::Tx;
use units::Moment;

use super::bits::{MASK_PRESALE_BY_HAND, STEP_PRESALE_BY_HAND};
use super::document::{Order, Reserved};
use super::flow::wake_at;
use super::machines::ORDER;
use super::status::OrderEvent;
use super::submit::{need, promise};
use super::table;
use crate::stock;
use crate::{Result, Settings};

/// Sends an order that waits for audit to pre-sale; it comes back at `until`, or when somebody releases it.
pub fn to_presale(tx: &mut Tx, settings: &Settings, no: &str, until: Option<Moment>, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    turn(tx, settings, &mut order, OrderEvent::Presell)?;
    order.marks.check_step = STEP_PRESALE_BY_HAND;
    order.marks.trade_mask |= MASK_PRESALE_BY_HAND;
    order.marks.wakes = until;
    if let Some(at) = until {
        wake_at(tx, &order, at)?;
    }
    tx.event("order.presold", &order.no, &serde_json::json!({ "until": until, "by": who }))?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// Releases a pre-sale order: it waits for audit like every other.
pub fn release_presale(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    release_loaded(tx, settings, &mut order)?;
    tx.event("order.presale_released", &order.no, &serde_json::json!({ "by": who }))?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// The same for an order in hand; the caller stores it.
pub(super) fn release_loaded(tx: &mut Tx, settings: &Settings, order: &mut Order) -> Result<()> {
    turn(tx, settings, order, OrderEvent::Release)?;
    order.marks.wakes = None;
    Ok(())
}

/// Changes the state, and what the reserved lines count as. Lines that wait go on waiting.
fn turn(tx: &mut Tx, settings: &Settings, order: &mut Order, event: OrderEvent) -> Result<()> {
    let (from, was) = promise(order.status);
    order.status = ORDER.fire(order.status, event)?;
    let (to, is) = promise(order.status);
    for i in 0..order.lines.len() {
        if order.lines[i].reserved == was && was != Reserved::Nothing {
            stock::shift_line(tx, settings, &need(order, i), from, to)?;
            order.lines[i].reserved = is;
        }
    }
    Ok(())
}
