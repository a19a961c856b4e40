//! How refund orders end: settled (结算), before the goods are back or after; cancelled (取消); and what the outsourced warehouse
//! and the platform say on the way.

use store::Tx;
use units::{Money, Quantity};

use super::document::{RawRefund, RefundOrder};
use super::refusal::AftersaleRefusal as Refused;
use super::status::{MASK_UNCONFIRMED, PlatformStatus, RawRefundEvent, RawRefundStatus, RefundEvent, RefundStatus};
use super::{RAW_REFUND, REFUND_ORDER, RefundKind, archive, audit, exchange, onway, submit, table};
use crate::order;
use crate::{Result, Settings};

/// Settles a refund order: the money went out.
pub fn settle_refund(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<RefundOrder> {
    let mut refund = table::refund_by_no(tx, no)?;
    settle_loaded(tx, settings, &mut refund, who)?;
    table::save_refund(tx, &mut refund)?;
    mark_orders(tx, &refund)?;
    Ok(refund)
}

/// The same for a refund order in hand; the caller stores it.
pub(super) fn settle_loaded(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder, who: &str) -> Result<()> {
    refund.status = REFUND_ORDER.fire(refund.status, RefundEvent::Settle)?;
    pay(tx, settings, refund, who)
}

/// Settles a refund order whose goods are not back yet (提前结算).
pub fn settle_refund_early(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<RefundOrder> {
    let mut refund = table::refund_by_no(tx, no)?;
    refund.status = REFUND_ORDER.fire(refund.status, RefundEvent::SettleEarly)?;
    pay(tx, settings, &mut refund, who)?;
    table::save_refund(tx, &mut refund)?;
    Ok(refund)
}

fn pay(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder, who: &str) -> Result<()> {
    refund.actual_refund_amount = refund.refund_amount;
    refund.paid = refund.refund_amount;
    refund.finished = Some(tx.now());
    let about = serde_json::json!({ "status": refund.status, "amount": refund.paid, "by": who });
    tx.event("refund.settled", &refund.no, &about)?;
    if refund.is_trade_charged { exchange::send(tx, settings, refund) } else { Ok(()) }
}

/// Cancels a refund order whose goods nobody has seen. Its raw refund may be submitted again.
pub fn cancel_refund(tx: &mut Tx, settings: &Settings, no: &str, reason: &str, who: &str) -> Result<RefundOrder> {
    let mut refund = table::refund_by_no(tx, no)?;
    cancel_loaded(tx, settings, &mut refund, reason, who)?;
    table::save_refund(tx, &mut refund)?;
    if refund.raw_refund != 0
        && let Some(mut raw) = table::raw_by_id(tx, refund.raw_refund)?
        && raw.process == RawRefundStatus::Submitted
    {
        raw.process = RAW_REFUND.fire(raw.process, RawRefundEvent::Reopen)?;
        raw.problem = format!("退换单{no}已取消");
        raw.modified = tx.now();
        table::save_raw(tx, &raw)?;
    }
    audit::tell(tx, settings, &refund, 1, false)?;
    mark_orders(tx, &refund)?;
    Ok(refund)
}

fn cancel_loaded(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder, reason: &str, who: &str) -> Result<()> {
    let status = REFUND_ORDER.fire(refund.status, RefundEvent::Cancel)?;
    if refund.lines.iter().any(|line| line.arrived.is_positive()) {
        return Err(Refused::ReceiptOpen(refund.no.clone()).into());
    }
    refund.status = status;
    reason.clone_into(&mut refund.revert_reason);
    onway::forget(tx, settings, refund)?;
    exchange::uncount(tx, settings, refund)?;
    table::give_lines_back(tx, refund.id)?;
    Ok(tx.event("refund.cancelled", &refund.no, &serde_json::json!({ "reason": reason, "by": who }))?)
}

/// What the outsourced warehouse said to the announcement of a return: `Ok` its number, `Err` why not. Said by a person, or by
/// whoever speaks with that warehouse.
pub fn announce_result(tx: &mut Tx, no: &str, said: std::result::Result<&str, &str>, who: &str) -> Result<RefundOrder> {
    let mut refund = table::refund_by_no(tx, no)?;
    let event = if said.is_ok() { RefundEvent::Push } else { RefundEvent::PushFail };
    refund.status = REFUND_ORDER.fire(refund.status, event)?;
    match said {
        Ok(outer_no) => {
            refund.wms.status = 2;
            refund.wms.result.clear();
            outer_no.clone_into(&mut refund.wms.outer_no);
        }
        Err(why) => {
            refund.wms.status = 1;
            why.clone_into(&mut refund.wms.result);
        }
    }
    tx.event("refund.announced", &refund.no, &serde_json::json!({ "status": refund.status, "by": who }))?;
    table::save_refund(tx, &mut refund)?;
    Ok(refund)
}

/// The raw refund changed after it was submitted: its refund order follows as far as its state allows (fact sheet wdt-2, 2.1 and
/// 3.1).
pub(super) fn follow_platform(tx: &mut Tx, settings: &Settings, raw: &RawRefund) -> Result<()> {
    let Some(mut refund) = archive::to_change(tx, raw.refund_order)? else { return Ok(()) };
    let over = matches!(refund.status, RefundStatus::Cancelled | RefundStatus::Refused | RefundStatus::Completed);
    if over {
        refund.platform_status = raw.status;
        return table::save_refund(tx, &mut refund);
    }
    submit::copy_from_raw(&mut refund, raw);
    if refund.status == RefundStatus::AwaitingAudit && refund.refund_amount != raw.amount {
        super::edit::change_amount(tx, &mut refund, raw.amount)?;
        refund.platform_refund_amount = raw.amount;
    }
    let unseen = refund.lines.iter().all(|line| line.arrived.is_zero());
    let may_cancel = REFUND_ORDER.allowed(refund.status).any(|event| event == RefundEvent::Cancel);
    if raw.status == PlatformStatus::Cancelled && may_cancel && unseen {
        cancel_loaded(tx, settings, &mut refund, "平台取消退款", "auto")?;
    } else if raw.status == PlatformStatus::Succeeded && raw.kind.refund() == RefundKind::Unshipped {
        complete_unshipped(tx, settings, &mut refund, "auto")?;
    }
    table::save_refund(tx, &mut refund)?;
    mark_orders(tx, &refund)
}

/// The platform gave the money back of what was not shipped: the refund order goes through to its end. What has left meanwhile,
/// or needs a person's word, stays where it is.
pub(super) fn complete_unshipped(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder, who: &str) -> Result<()> {
    // What a warehouse of somebody else has must come back first; a person sees to that.
    if order::any_away(tx, refund.lines.iter().map(|line| line.order))? {
        return Ok(());
    }
    for _ in 0..3 {
        let step = match refund.status {
            RefundStatus::AwaitingAudit if refund.mask & MASK_UNCONFIRMED != 0 => return Ok(()),
            RefundStatus::AwaitingAudit => audit::audit_loaded(tx, settings, refund, who),
            RefundStatus::AwaitingFinance => audit::finance_loaded(tx, settings, refund, who),
            RefundStatus::AwaitingSettlement => settle_loaded(tx, settings, refund, who),
            _ => return Ok(()),
        };
        match step {
            Ok(()) => {}
            Err(crate::Error::Refused(_)) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Flags the lines of orders that have left with how their refund stands.
pub(super) fn mark_orders(tx: &mut Tx, refund: &RefundOrder) -> Result<()> {
    if refund.kind == RefundKind::Unshipped || !refund.after_shipment {
        return Ok(());
    }
    let done = matches!(refund.status, RefundStatus::Completed | RefundStatus::AwaitingSettlement);
    let mut orders: Vec<i64> = refund.lines.iter().map(|line| line.order).collect();
    orders.sort_unstable();
    orders.dedup();
    for key in orders {
        let flags: Vec<(i64, i64)> = refund
            .lines
            .iter()
            .filter(|line| line.order == key)
            .map(|line| {
                let whole = line.num >= line.order_num && refund.kind.takes_pieces();
                let flag = match (refund.is_live(), done) {
                    (false, _) => 1,
                    (true, true) if whole => 5,
                    (true, true) => 0,
                    (true, false) => refund.platform_status.line_flag().clamp(2, 4),
                };
                (line.order_line, flag)
            })
            .collect();
        order::mark_shipped(tx, key, &flags, done && refund.is_live())?;
    }
    Ok(())
}

/// What the header amount says in the shares of the lines.
pub(super) fn settle_shares(refund: &mut RefundOrder, shares: &[Money]) {
    for (line, share) in refund.lines.iter_mut().zip(shares) {
        line.amount = *share;
    }
}

/// Pieces that were received, all lines together.
pub(super) fn is_complete(refund: &RefundOrder) -> bool {
    refund.lines.iter().all(|line| (line.num - line.received).max(Quantity::ZERO).is_zero())
}
