//! From editing to the warehouse: submission, audit, finance audit, what an outsourced warehouse says, and the ways back.

use serde_json::{Value, json};
use store::Tx;

use super::apply::References;
use super::document::{PurchaseOrder, Signed};
use super::query::order_by_no;
use super::status::{PURCHASE_ORDER, PurchaseEvent, PurchaseStatus};
use super::{holding, table};
use crate::catalog::{self, Warehouse};
use crate::machine::Illegal;
use crate::{Refusal, Result, Settings};

/// How far a new document is taken at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Left in editing (编辑中).
    Edit,
    /// Handed in for audit (待审核).
    Submit,
    /// Audited.
    Audit,
}

/// What an outsourced warehouse answered to the document it was told of.
#[derive(Debug, Clone)]
pub enum PushOutcome {
    /// It has taken it, under this number of its own (may be empty).
    Accepted(String),
    /// It has not, for this reason.
    Failed(String),
}

/// Takes an order in editing as far as `stage`; the caller posts and stores it.
pub(super) fn advance(
    tx: &mut Tx,
    settings: &Settings,
    order: &mut PurchaseOrder,
    warehouse: &Warehouse,
    stage: Stage,
    who: &str,
) -> Result<()> {
    if stage != Stage::Edit {
        order.status = PURCHASE_ORDER.fire(order.status, PurchaseEvent::Submit)?;
    }
    if stage == Stage::Audit {
        sign_audit(tx, settings, order, warehouse, who)?;
    }
    Ok(())
}

fn sign_audit(tx: &Tx, settings: &Settings, order: &mut PurchaseOrder, warehouse: &Warehouse, who: &str) -> Result<()> {
    let event = match (settings.purchase.finance_audit, warehouse.outsourced()) {
        (true, _) => PurchaseEvent::AuditToFinance,
        (false, true) => PurchaseEvent::AuditToPush,
        (false, false) => PurchaseEvent::Audit,
    };
    order.status = PURCHASE_ORDER.fire(order.status, event)?;
    order.audit = Signed { by: who.to_owned(), at: Some(tx.now()) };
    order.revert_reason.clear();
    Ok(())
}

/// Hands an order in editing in for audit (待采购量 counts it).
pub fn submit_order(tx: &mut Tx, settings: &Settings, no: &str) -> Result<PurchaseOrder> {
    change(tx, settings, no, "purchase_order.submitted", |_, order| {
        order.status = PURCHASE_ORDER.fire(order.status, PurchaseEvent::Submit)?;
        Ok(json!({}))
    })
}

/// Audits an order: its goods are on their way, or the finance audit or the push to an outsourced warehouse comes first.
pub fn audit_order(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<PurchaseOrder> {
    change(tx, settings, no, "purchase_order.audited", |tx, order| {
        let warehouse = warehouse_of(tx, order)?;
        sign_audit(tx, settings, order, &warehouse, who)?;
        Ok(json!({ "by": who }))
    })
}

/// The finance audit of an order that waits for it.
pub fn finance_audit_order(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<PurchaseOrder> {
    change(tx, settings, no, "purchase_order.finance_audited", |tx, order| {
        let event = match warehouse_of(tx, order)?.outsourced() {
            true => PurchaseEvent::FinanceAuditToPush,
            false => PurchaseEvent::FinanceAudit,
        };
        order.status = PURCHASE_ORDER.fire(order.status, event)?;
        order.finance = Signed { by: who.to_owned(), at: Some(tx.now()) };
        Ok(json!({ "by": who }))
    })
}

/// Keeps what the outsourced warehouse answered.
pub fn order_pushed(tx: &mut Tx, settings: &Settings, no: &str, outcome: &PushOutcome) -> Result<PurchaseOrder> {
    change(tx, settings, no, "purchase_order.pushed", |_, order| {
        let event = match outcome {
            PushOutcome::Accepted(_) => PurchaseEvent::Pushed,
            PushOutcome::Failed(_) => PurchaseEvent::PushFailed,
        };
        order.status = PURCHASE_ORDER.fire(order.status, event)?;
        order.outside.note(outcome);
        Ok(json!({ "wms_no": order.outside.no, "error": order.outside.error }))
    })
}

/// Refuses an order that was audited, for callers that may end unaudited ones only.
pub fn require_unaudited(order: &PurchaseOrder) -> Result<()> {
    use crate::machine::Named;
    use PurchaseStatus::{AwaitingAudit, AwaitingFinance, Editing};
    if matches!(order.status, Editing | AwaitingAudit | AwaitingFinance) {
        return Ok(());
    }
    let state = format!("{}{}", order.status.code(), order.status.chinese());
    let allowed = PURCHASE_ORDER.allowed(order.status).filter(|event| *event != PurchaseEvent::Cancel);
    let allowed = allowed.map(Named::name).collect();
    Err(Illegal { document: PURCHASE_ORDER.document, state, event: PurchaseEvent::Cancel.name(), allowed }.into())
}

/// Sends an order back to editing: from its audits, or after them while nothing has arrived and no outsourced warehouse has it.
pub fn reject_order(tx: &mut Tx, settings: &Settings, no: &str, reason: &str, who: &str) -> Result<PurchaseOrder> {
    change(tx, settings, no, "purchase_order.rejected", |_, order| {
        order.status = PURCHASE_ORDER.fire(order.status, PurchaseEvent::Reject)?;
        nothing_arrived(order, PurchaseEvent::Reject)?;
        order.revert_reason = if reason.is_empty() { "驳回".to_owned() } else { reason.to_owned() };
        order.audit = Signed::default();
        order.finance = Signed::default();
        Ok(json!({ "reason": order.revert_reason, "by": who }))
    })
}

/// Cancels an order of which nothing has arrived. Its requisitions can be put on another one.
pub fn cancel_order(tx: &mut Tx, settings: &Settings, no: &str, reason: &str, who: &str) -> Result<PurchaseOrder> {
    let mut references = References::default();
    let order = change(tx, settings, no, "purchase_order.cancelled", |tx, order| {
        order.status = PURCHASE_ORDER.fire(order.status, PurchaseEvent::Cancel)?;
        nothing_arrived(order, PurchaseEvent::Cancel)?;
        references.give_back(tx, &order.lines)?;
        Ok(json!({ "reason": reason, "by": who }))
    })?;
    references.keep(tx)?;
    Ok(order)
}

/// A stock-in that waits for its audit keeps its order where it is.
fn nothing_arrived(order: &PurchaseOrder, event: PurchaseEvent) -> Result<()> {
    use crate::machine::Named;
    match order.lines.iter().all(|line| line.arrive_num.is_zero()) {
        true => Ok(()),
        false => {
            let no = order.no.clone();
            Err(Refusal::Unfinished { what: "采购单", no, below: "采购入库单", event: event.name() }.into())
        }
    }
}

fn warehouse_of(tx: &mut Tx, order: &PurchaseOrder) -> Result<Warehouse> {
    Ok(catalog::warehouse_by_id(tx, order.warehouse)?.unwrap_or_default())
}

/// Changes an order: `work` changes the document, the difference of what it holds is posted, the order and an event are stored.
pub(super) fn change(
    tx: &mut Tx,
    settings: &Settings,
    no: &str,
    topic: &'static str,
    work: impl FnOnce(&mut Tx, &mut PurchaseOrder) -> Result<Value>,
) -> Result<PurchaseOrder> {
    let mut order = order_by_no(tx, no)?;
    let before = holding::of_order(&order);
    let body = work(tx, &mut order)?;
    holding::post(tx, settings, order.warehouse, &order.no, &before, &holding::of_order(&order))?;
    keep(tx, &mut order, topic, &body)?;
    Ok(order)
}

/// Stores a changed order with an event that tells of its state.
pub(super) fn keep(tx: &mut Tx, order: &mut PurchaseOrder, topic: &'static str, body: &Value) -> Result<()> {
    order.modified = tx.now();
    order.version += 1;
    tx.event(topic, &order.no, &json!({ "status": order.status, "about": body }))?;
    table::save_order(tx, order)
}
