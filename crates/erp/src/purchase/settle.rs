//! The end of a purchase order: nothing more is awaited, and it is paid.

use serde_json::json;
use store::Tx;
use units::Money;

use super::audit::change;
use super::document::PurchaseOrder;
use super::status::{PURCHASE_ORDER, PurchaseEvent};
use crate::{Refusal, Result, Settings};

/// Gives up what is open of an order, or of some of its specs (停止等待). The order has arrived when nothing is open then and
/// every stock-in was audited.
pub fn stop_waiting(
    tx: &mut Tx,
    settings: &Settings,
    no: &str,
    spec_nos: &[String],
    who: &str,
) -> Result<PurchaseOrder> {
    change(tx, settings, no, "purchase_order.stopped", |tx, order| {
        PURCHASE_ORDER.fire(order.status, PurchaseEvent::Stop)?;
        if let Some(no) = spec_nos.iter().find(|no| !order.lines.iter().any(|line| line.item.spec_no == **no)) {
            return Err(Refusal::NotOnOrder(no.clone()).into());
        }
        for line in &mut order.lines {
            let open = line.open();
            let named = spec_nos.is_empty() || spec_nos.contains(&line.item.spec_no);
            if named && open.is_positive() {
                line.stopwait_num += open;
                line.modified = tx.now();
            }
        }
        if order.finished() {
            arrived(settings, order, PurchaseEvent::Stop)?;
        } else {
            order.status = PURCHASE_ORDER.fire(order.status, PurchaseEvent::StopPart)?;
        }
        Ok(json!({ "spec_nos": spec_nos, "by": who }))
    })
}

/// Hands an order that has arrived to settlement (待结算).
pub fn order_to_settlement(tx: &mut Tx, settings: &Settings, no: &str) -> Result<PurchaseOrder> {
    change(tx, settings, no, "purchase_order.to_settlement", |_, order| {
        order.status = PURCHASE_ORDER.fire(order.status, PurchaseEvent::ToSettlement)?;
        Ok(json!({ "due": order.due() }))
    })
}

/// Pays an order: so much of it, or all that is due when no amount is given.
pub fn settle_order(
    tx: &mut Tx,
    settings: &Settings,
    no: &str,
    amount: Option<Money>,
    who: &str,
) -> Result<PurchaseOrder> {
    change(tx, settings, no, "purchase_order.settled", |_, order| {
        let due = order.due();
        let rest = (due - order.settled).max(Money::ZERO);
        let amount = amount.unwrap_or(rest);
        if amount.is_negative() || amount > rest {
            return Err(Refusal::BadNumber { field: "amount", why: "应为0到未结算金额之间" }.into());
        }
        let event = if amount == rest { PurchaseEvent::Settle } else { PurchaseEvent::SettlePart };
        order.status = PURCHASE_ORDER.fire(order.status, event)?;
        order.settled += amount;
        Ok(json!({ "amount": amount, "settled": order.settled, "due": due, "by": who }))
    })
}

/// The order has arrived by `event`; with automatic settlement it is completed in the same moment.
pub(super) fn arrived(settings: &Settings, order: &mut PurchaseOrder, event: PurchaseEvent) -> Result<()> {
    order.status = PURCHASE_ORDER.fire(order.status, event)?;
    if settings.purchase.auto_settle {
        order.status = PURCHASE_ORDER.fire(order.status, PurchaseEvent::Settle)?;
        order.settled = order.due();
    }
    Ok(())
}
