//! Audit (审核), finance audit (财审) and refusal (拒绝) of refund orders (fact sheet wdt-2, 2.2).

use store::Tx;
use units::Quantity;

use super::document::RefundOrder;
use super::refusal::AftersaleRefusal as Refused;
use super::status::{MASK_UNCONFIRMED, RefundEvent, RefundKind};
use super::{REFUND_ORDER, exchange, finish, onway, table};
use crate::order::{self, Said};
use crate::{Result, Settings, catalog};

/// Audits a refund order that waits for it. What a person audits may give back more than was paid.
pub fn audit_refund(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<RefundOrder> {
    let mut refund = table::refund_by_no(tx, no)?;
    audit_loaded(tx, settings, &mut refund, who)?;
    table::save_refund(tx, &mut refund)?;
    Ok(refund)
}

/// The same for a refund order in hand; the caller stores it.
pub(super) fn audit_loaded(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder, who: &str) -> Result<()> {
    let event = way(tx, settings, refund)?;
    let status = REFUND_ORDER.fire(refund.status, event)?;
    if refund.kind == RefundKind::Unshipped {
        not_shipped(tx, refund)?;
    }
    refund.status = status;
    who.clone_into(&mut refund.checker);
    if refund.mask & MASK_UNCONFIRMED != 0 {
        refund.mask &= !MASK_UNCONFIRMED;
        refund.over_paid = true;
    }
    tx.event("refund.audited", &refund.no, &serde_json::json!({ "status": refund.status, "by": who }))?;
    match event {
        RefundEvent::Agree => agreed(tx, settings, refund, who)?,
        RefundEvent::AgreeReturn | RefundEvent::AgreeOutsourced => {
            onway::count(tx, settings, refund)?;
            exchange::count(tx, settings, refund)?;
            if exchange::goes_at_audit(settings, refund) {
                exchange::send(tx, settings, refund)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Where the audit of this refund order leads.
fn way(tx: &mut Tx, settings: &Settings, refund: &RefundOrder) -> Result<RefundEvent> {
    Ok(match refund.kind {
        RefundKind::Unshipped | RefundKind::RefundOnly if settings.aftersale.finance_audit_refund => {
            RefundEvent::AgreeForFinance
        }
        RefundKind::Unshipped | RefundKind::RefundOnly => RefundEvent::Agree,
        RefundKind::Payment => RefundEvent::AgreePayment,
        RefundKind::Return | RefundKind::Exchange => {
            let warehouse = catalog::warehouse_by_id(tx, refund.warehouse)?;
            if warehouse.is_some_and(|warehouse| warehouse.outsourced()) {
                RefundEvent::AgreeOutsourced
            } else {
                RefundEvent::AgreeReturn
            }
        }
    })
}

/// The pieces of a refund before shipment must still be there.
fn not_shipped(tx: &mut Tx, refund: &RefundOrder) -> Result<()> {
    let mut seen = Vec::new();
    for line in &refund.lines {
        if seen.contains(&line.order) {
            continue;
        }
        seen.push(line.order);
        if order::order_by_id(tx, line.order)?.is_some_and(|order| order.status.code() >= 95) {
            return Err(Refused::AlreadyShipped(line.order_no.clone()).into());
        }
    }
    Ok(())
}

/// Audit or finance audit is through: pieces that were not shipped are free, money may go out.
fn agreed(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder, who: &str) -> Result<()> {
    if refund.kind == RefundKind::Unshipped {
        release(tx, settings, refund, who)?;
    }
    if settings.aftersale.auto_settle_refund {
        finish::settle_loaded(tx, settings, refund, who)?;
    }
    Ok(())
}

/// Takes the pieces out of their orders (fact sheet wdt-2, 2.1, last paragraph), and says so on the raw order.
fn release(tx: &mut Tx, settings: &Settings, refund: &RefundOrder, who: &str) -> Result<()> {
    let pieces: Vec<(i64, i64, Quantity)> =
        refund.lines.iter().map(|line| (line.order, line.order_line, line.num)).collect();
    let again = order::take_out(tx, settings, &pieces, who)?;
    tell(tx, settings, refund, refund.platform_status.line_flag().max(2), true)?;
    order::audit_again(tx, settings, &again, who)
}

/// Flags the lines of the raw orders with a decision about a refund before shipment.
pub(super) fn tell(tx: &mut Tx, settings: &Settings, refund: &RefundOrder, flag: i64, taken: bool) -> Result<()> {
    let source = if refund.src_no.is_empty() { &refund.no } else { &refund.src_no };
    for (tid, lines) in raw_pieces(tx, refund)? {
        let said = Said {
            tid: &tid,
            source,
            flag,
            before_shipment: refund.kind == RefundKind::Unshipped,
            taken,
            lines: &lines,
        };
        order::note_refund(tx, settings, &said)?;
    }
    Ok(())
}

/// Lines of a raw order and how many pieces of each.
type Pieces = Vec<(String, Quantity)>;

/// The pieces of a refund order in those of the raw orders' lines: of the raw refund, or of the first part of a suite.
fn raw_pieces(tx: &mut Tx, refund: &RefundOrder) -> Result<Vec<(String, Pieces)>> {
    if refund.raw_refund != 0
        && let Some(raw) = table::raw_by_id(tx, refund.raw_refund)?
    {
        return Ok(vec![(raw.tid, raw.lines.into_iter().map(|line| (line.oid, line.num)).collect())]);
    }
    let mut pieces: Vec<(String, Pieces)> = Vec::new();
    for line in &refund.lines {
        let first_spec = refund.lines.iter().find(|other| other.tid == line.tid && other.oid == line.oid);
        if first_spec.is_some_and(|first| first.spec != line.spec) {
            continue;
        }
        let num = if line.suite == 0 { line.num } else { line.suite_num.share(line.num, line.order_num) };
        let at = match pieces.iter().position(|(tid, _)| *tid == line.tid) {
            Some(at) => at,
            None => {
                pieces.push((line.tid.clone(), Vec::new()));
                pieces.len() - 1
            }
        };
        let of_tid = &mut pieces[at].1;
        match of_tid.iter_mut().find(|(oid, _)| *oid == line.oid) {
            Some((_, sum)) => *sum += num,
            None => of_tid.push((line.oid.clone(), num)),
        }
    }
    Ok(pieces)
}

/// Finance agrees to a refund without goods: 待财审 to 待结算.
pub fn finance_audit_refund(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<RefundOrder> {
    let mut refund = table::refund_by_no(tx, no)?;
    finance_loaded(tx, settings, &mut refund, who)?;
    table::save_refund(tx, &mut refund)?;
    Ok(refund)
}

pub(super) fn finance_loaded(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder, who: &str) -> Result<()> {
    let status = REFUND_ORDER.fire(refund.status, RefundEvent::FinanceAudit)?;
    if refund.kind == RefundKind::Unshipped {
        not_shipped(tx, refund)?;
    }
    refund.status = status;
    tx.event("refund.finance_audited", &refund.no, &serde_json::json!({ "status": refund.status, "by": who }))?;
    agreed(tx, settings, refund, who)
}

/// Refuses a refund order that waits for audit; what it held back goes on.
pub fn refuse_refund(tx: &mut Tx, settings: &Settings, no: &str, reason: &str, who: &str) -> Result<RefundOrder> {
    let mut refund = table::refund_by_no(tx, no)?;
    refund.status = REFUND_ORDER.fire(refund.status, RefundEvent::Refuse)?;
    reason.clone_into(&mut refund.revert_reason);
    tx.event("refund.refused", &refund.no, &serde_json::json!({ "reason": reason, "by": who }))?;
    table::give_lines_back(tx, refund.id)?;
    table::save_refund(tx, &mut refund)?;
    tell(tx, settings, &refund, 1, false)?;
    finish::mark_orders(tx, &refund)?;
    Ok(refund)
}
