//! Submission (递交): a raw refund becomes a refund order, or waits with the reason why it cannot.

use store::Tx;
use units::Quantity;

use super::document::{RawRefund, RefundOrder, ReturnParcel};
use super::make::{Draft, make};
use super::pick::pick;
use super::refusal::AftersaleRefusal as Refused;
use super::status::{MASK_UNCONFIRMED, PlatformStatus, RAW_OPEN, RawRefundEvent, RefundKind};
use super::{RAW_REFUND, audit, finish, push, table};
use crate::order::{self, RawOrder};
use crate::{Refusal, Result, Settings};

/// Submits a raw refund by hand, after its reason was removed.
pub fn submit_raw_refund(tx: &mut Tx, settings: &Settings, shop: i64, refund_no: &str, who: &str) -> Result<RawRefund> {
    let unknown = || Refusal::NotFound { what: "原始退款单号", no: refund_no.to_owned() };
    let mut raw = table::raw_by_no(tx, shop, refund_no)?.ok_or_else(unknown)?;
    RAW_REFUND.fire(raw.process, RawRefundEvent::Submit)?;
    let raw_order = order::raw_to_change(tx, &raw.tid)?.ok_or_else(|| Refused::TidUnknown(raw.tid.clone()))?;
    submit(tx, settings, &raw_order, &mut raw, who)?;
    raw.modified = tx.now();
    table::save_raw(tx, &raw)?;
    push::tell_order(tx, settings, &raw)?;
    Ok(raw)
}

/// The raw refunds of a raw order that was just submitted go on.
pub(crate) fn resume(tx: &mut Tx, settings: &Settings, tid: &str) -> Result<()> {
    if !settings.aftersale.auto_submit_refund {
        return Ok(());
    }
    for mut raw in table::raws_of_tid(tx, tid)? {
        if !RAW_OPEN.contains(&raw.process) {
            continue;
        }
        let Some(raw_order) = order::raw_to_change(tx, tid)? else { return Ok(()) };
        submit(tx, settings, &raw_order, &mut raw, "auto")?;
        raw.modified = tx.now();
        table::save_raw(tx, &raw)?;
        push::tell_order(tx, settings, &raw)?;
    }
    Ok(())
}

/// Tries to submit; the caller stores the raw refund. A refund before shipment that the platform reports as done is completed
/// at once.
pub(super) fn submit(
    tx: &mut Tx,
    settings: &Settings,
    raw_order: &RawOrder,
    raw: &mut RawRefund,
    who: &str,
) -> Result<()> {
    let kind = raw.kind.refund();
    let wanted: Vec<(String, Quantity)> = raw.lines.iter().map(|line| (line.oid.clone(), line.num)).collect();
    let selection = if raw_order.orders.is_empty() {
        Err(Refused::NoOrder(raw.tid.clone()))
    } else {
        pick(tx, raw_order, kind, &wanted, 0)?
    };
    let selection = match selection {
        Ok(selection) => selection,
        Err(reason) => return wait(tx, raw, reason.to_string()),
    };
    let draft = Draft {
        kind,
        raw: raw_order,
        amount: Some(raw.amount),
        post_amount: units::Money::ZERO,
        other_amount: units::Money::ZERO,
        warehouse_no: None,
        creator: who,
    };
    let mut refund = match make(tx, settings, &draft, &selection) {
        Ok(refund) => refund,
        Err(crate::Error::Refused(refusal)) => return wait(tx, raw, refusal.to_string()),
        Err(error) => return Err(error),
    };
    refund.raw_refund = raw.id;
    refund.from_type = 1;
    refund.platform_refund_amount = refund.refund_amount;
    refund.src_no.clone_from(&raw.refund_no);
    copy_from_raw(&mut refund, raw);
    raw.process = RAW_REFUND.fire(raw.process, RawRefundEvent::Submit)?;
    raw.problem.clear();
    raw.refund_order = refund.id;
    raw.refund_order_no.clone_from(&refund.no);
    let about = serde_json::json!({ "refund_no": refund.no, "src_no": raw.refund_no, "tid": raw.tid });
    tx.event("raw_refund.submitted", &raw.event_key(), &about)?;
    store_new(tx, &mut refund)?;
    let away = kind == RefundKind::Unshipped && order::any_away(tx, refund.lines.iter().map(|line| line.order))?;
    if kind == RefundKind::Unshipped && raw.status == PlatformStatus::Succeeded {
        finish::complete_unshipped(tx, settings, &mut refund, who)?;
        table::save_refund(tx, &mut refund)?;
    } else if settings.aftersale.auto_audit_refund && refund.mask & MASK_UNCONFIRMED == 0 && !away {
        audit::audit_loaded(tx, settings, &mut refund, "auto")?;
        table::save_refund(tx, &mut refund)?;
    }
    finish::mark_orders(tx, &refund)
}

/// Stores a refund order for the first time.
pub(super) fn store_new(tx: &mut Tx, refund: &mut RefundOrder) -> Result<()> {
    let about = serde_json::json!({ "type": refund.kind, "tid": refund.tid, "trade_no": refund.order_no });
    tx.event("refund.created", &refund.no, &about)?;
    table::take_lines(tx, refund, true)?;
    table::save_refund(tx, refund)
}

/// What a refund order has from its raw refund, at any time.
pub(super) fn copy_from_raw(refund: &mut RefundOrder, raw: &RawRefund) {
    refund.platform_status = raw.status;
    refund.reason.clone_from(&raw.reason);
    refund.remark.clone_from(&raw.remark);
    refund.version.clone_from(&raw.version);
    refund.refund_time = Some(raw.refund_time);
    refund.parcel = ReturnParcel { name: raw.logistics_name.clone(), no: raw.logistics_no.clone() };
    refund.people.nick.clone_from(&raw.payer.nick);
    refund.people.pay_account.clone_from(&raw.payer.account);
}

/// The raw refund keeps waiting, and says why.
fn wait(tx: &mut Tx, raw: &mut RawRefund, reason: String) -> Result<()> {
    raw.process = RAW_REFUND.fire(raw.process, RawRefundEvent::Fail)?;
    if reason != raw.problem {
        let about = serde_json::json!({ "refund_no": raw.refund_no, "reason": &reason });
        tx.event("raw_refund.waits", &raw.event_key(), &about)?;
    }
    raw.problem = reason;
    Ok(())
}
