//! How far the mall says the order is: paid, shipped, with the buyer, completed.

use store::Tx;

use super::{Block, raw_line};
use crate::order::bits::BLOCK_CONSIGNED;
use crate::order::document::{Order, RawOrder, Reserved};
use crate::order::machines::ORDER;
use crate::order::status::{OrderEvent, OrderStatus, TradeStatus};
use crate::order::{cancel, flow, hand, money, table};
use crate::{Result, Settings};

/// Paid, or the deposit was: 10/12 to 30, amounts follow, stock is reserved.
pub(super) fn pay(
    tx: &mut Tx,
    settings: &Settings,
    order: &mut Order,
    raw: &mut RawOrder,
    sealed: &[u8],
) -> Result<cancel::Freed> {
    let facts = &raw.facts;
    order.pay_time = facts.pay_time;
    order.pay_status = facts.pay_status;
    order.pay_id = facts.pay_id.clone().unwrap_or_default();
    if facts.paid != order.paid {
        let owed: Vec<_> = order.lines.iter().map(|line| line.share_amount + line.share_post).collect();
        for (line, paid) in order.lines.iter_mut().zip(money::spread(facts.paid, &owed)) {
            line.paid = paid;
        }
        order.paid = facts.paid;
    }
    let event = match facts.status {
        TradeStatus::AwaitingFinal if order.status == OrderStatus::Unpaid => OrderEvent::PayDeposit,
        TradeStatus::Paid => OrderEvent::Pay,
        _ => return Ok(cancel::Freed::new()),
    };
    let paid = facts.paid;
    order.status = ORDER.fire(order.status, event)?;
    let mut freed = cancel::Freed::new();
    if event == OrderEvent::Pay {
        freed = flow::paid(tx, settings, raw, order, sealed)?;
    }
    let body = serde_json::json!({ "status": order.status, "paid": paid, "shortage": order.shortage() });
    tx.event("order.paid", &order.no, &body)?;
    Ok(freed)
}

/// The mall reports lines as shipped or completed itself.
pub(super) fn consigned_by_mall(order: &mut Order, raw: &RawOrder, block: &mut Block) {
    for line in &mut order.lines {
        let Some(status) = raw_line(raw, &line.tid, &line.oid).map(|line| line.status) else { continue };
        let whole = matches!(raw.facts.status, TradeStatus::Shipped | TradeStatus::Signed | TradeStatus::Completed);
        if (whole || matches!(status, TradeStatus::Shipped | TradeStatus::Completed))
            && line.reserved != Reserved::Nothing
        {
            line.is_consigned = true;
            block.set |= BLOCK_CONSIGNED;
        }
    }
}

/// The buyer has it (95 to 100), or confirmed receipt (to 110); when that is not so of all its raw orders, a part of its money arrived
/// (105) or nothing happens yet.
pub(super) fn arrived(tx: &mut Tx, order: &mut Order, raw: &RawOrder) -> Result<()> {
    let reached = |status| match raw.facts.status {
        TradeStatus::Signed => {
            matches!(status, TradeStatus::Signed | TradeStatus::Completed | TradeStatus::Refunded)
        }
        _ => matches!(status, TradeStatus::Completed | TradeStatus::Refunded),
    };
    if !matches!(raw.facts.status, TradeStatus::Signed | TradeStatus::Completed) {
        return Ok(());
    }
    let mut partly = false;
    for (id, _) in order.raw.iter().filter(|(id, _)| *id != raw.id) {
        let other = table::raw_by_id(tx, *id)?.map(|other| other.facts.status);
        partly |= other.is_some_and(|status| !reached(status));
    }
    let event = match (raw.facts.status, partly) {
        (TradeStatus::Signed, true) => return Ok(()),
        (TradeStatus::Signed, false) => OrderEvent::Sign,
        (_, true) => OrderEvent::PartSettle,
        (_, false) => OrderEvent::Complete,
    };
    if !ORDER.allowed(order.status).any(|allowed| allowed == event) {
        return Ok(());
    }
    if event == OrderEvent::Sign {
        order.status = ORDER.fire(order.status, event)?;
        let by = serde_json::json!({ "by": "platform", "tid": raw.facts.tid });
        return Ok(tx.event("order.signed", &order.no, &by)?);
    }
    hand::settle_loaded(tx, order, partly)?;
    tx.event("order.completed", &order.no, &serde_json::json!({ "status": order.status, "tid": raw.facts.tid }))?;
    Ok(())
}
