//! Purchase returns (采购退货单): made, audited (the goods are reserved), sent back, given up.

use serde_json::{Value, json};
use store::Tx;
use units::{Money, Quantity};

use super::audit::{PushOutcome, Stage};
use super::check::{self, Goods};
use super::document::{Outside, PurchaseReturn, ReturnFacts, ReturnLine, Signed, Terms};
use super::query::return_by_no;
use super::status::{PURCHASE_RETURN, ReturnEvent, ReturnStatus};
use super::{holding, table};
use crate::catalog::{self, Provider, Warehouse};
use crate::machine::{Illegal, Named};
use crate::{Refusal, Result, Settings};

/// A purchase return to make.
#[derive(Debug, Clone)]
pub struct NewReturn {
    /// Provider number.
    pub provider_no: String,
    /// Warehouse number.
    pub warehouse_no: String,
    /// The caller's number; empty = none.
    pub outer_no: String,
    /// What is said about the return as a whole.
    pub facts: ReturnFacts,
    /// The lines; a spec once.
    pub lines: Vec<NewReturnLine>,
}

/// A line of it.
#[derive(Debug, Clone)]
pub struct NewReturnLine {
    /// Merchant code.
    pub spec_no: String,
    /// Pieces.
    pub num: Quantity,
    /// Price of a piece before discount and tax.
    pub price: Money,
    /// What it is multiplied by; 1 when absent or zero (fact sheet wdt-2, 4.6).
    pub discount: Option<Quantity>,
    /// Rate of the tax.
    pub tax: Quantity,
    /// Remark.
    pub remark: String,
}

/// Makes a purchase return and takes it as far as `stage`. The caller's number can be used once. With purchase permissions
/// switched on it cannot be audited by whoever makes it.
pub fn create_return(
    tx: &mut Tx,
    settings: &Settings,
    new: &NewReturn,
    stage: Stage,
    who: &str,
) -> Result<PurchaseReturn> {
    if table::return_exists(tx, &new.outer_no)? {
        return Err(Refusal::Exists { what: "采购退货单外部单号", no: new.outer_no.clone() }.into());
    }
    if stage == Stage::Audit && settings.purchase.permissions {
        return Err(Refusal::Permission("已启用采购权限,is_check不能为1").into());
    }
    let Contents { provider, warehouse, facts, lines } = Contents::of(tx, new)?;
    let form = &settings.purchase.return_number;
    let counter = tx.next(&form.stem(tx.now()))?;
    let mut returned = PurchaseReturn {
        id: tx.document_id("purchase_return")?,
        no: form.write(tx.now(), counter),
        outer_no: new.outer_no.clone(),
        provider: provider.id,
        warehouse: warehouse.id,
        status: ReturnStatus::Editing,
        facts,
        lines,
        creator: who.to_owned(),
        audit: Signed::default(),
        outside: Outside::default(),
        revert_reason: String::new(),
        created: tx.now(),
        modified: tx.now(),
    };
    if stage != Stage::Edit {
        returned.status = PURCHASE_RETURN.fire(returned.status, ReturnEvent::Submit)?;
    }
    if stage == Stage::Audit {
        sign_audit(tx, &mut returned, &warehouse, who)?;
    }
    holding::post(tx, settings, returned.warehouse, &returned.no, &[], &holding::of_return(&returned))?;
    keep(tx, &mut returned, "purchase_return.created", &json!({ "outer_no": new.outer_no, "by": who }))?;
    Ok(returned)
}

/// Replaces what a return in editing says. Its numbers stay.
pub fn edit_return(tx: &mut Tx, no: &str, new: &NewReturn) -> Result<PurchaseReturn> {
    let mut returned = return_by_no(tx, no)?;
    // What may still be submitted may still be changed.
    PURCHASE_RETURN.fire(returned.status, ReturnEvent::Submit)?;
    let Contents { provider, warehouse, facts, lines } = Contents::of(tx, new)?;
    returned = PurchaseReturn { provider: provider.id, warehouse: warehouse.id, facts, lines, ..returned };
    keep(tx, &mut returned, "purchase_return.edited", &json!({ "provider_no": provider.no }))?;
    Ok(returned)
}

/// Hands a return in editing in for audit.
pub fn submit_return(tx: &mut Tx, settings: &Settings, no: &str) -> Result<PurchaseReturn> {
    change(tx, settings, no, "purchase_return.submitted", |_, returned| {
        returned.status = PURCHASE_RETURN.fire(returned.status, ReturnEvent::Submit)?;
        Ok(json!({}))
    })
}

/// Audits a return: its goods are reserved (采购退货量). Refused when they are not free.
pub fn audit_return(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<PurchaseReturn> {
    change(tx, settings, no, "purchase_return.audited", |tx, returned| {
        let warehouse = catalog::warehouse_by_id(tx, returned.warehouse)?.unwrap_or_default();
        sign_audit(tx, returned, &warehouse, who)?;
        Ok(json!({ "by": who }))
    })
}

fn sign_audit(tx: &Tx, returned: &mut PurchaseReturn, warehouse: &Warehouse, who: &str) -> Result<()> {
    let event = if warehouse.outsourced() { ReturnEvent::AuditToPush } else { ReturnEvent::Audit };
    returned.status = PURCHASE_RETURN.fire(returned.status, event)?;
    returned.audit = Signed { by: who.to_owned(), at: Some(tx.now()) };
    returned.revert_reason.clear();
    Ok(())
}

/// Keeps what the outsourced warehouse answered.
pub fn return_pushed(tx: &mut Tx, settings: &Settings, no: &str, outcome: &PushOutcome) -> Result<PurchaseReturn> {
    change(tx, settings, no, "purchase_return.pushed", |_, returned| {
        let event = match outcome {
            PushOutcome::Accepted(_) => ReturnEvent::Pushed,
            PushOutcome::Failed(_) => ReturnEvent::PushFailed,
        };
        returned.status = PURCHASE_RETURN.fire(returned.status, event)?;
        returned.outside.note(outcome);
        Ok(json!({ "wms_no": returned.outside.no, "error": returned.outside.error }))
    })
}

/// Refuses a return that was audited, for callers that may end unaudited ones only.
pub fn require_unaudited_return(returned: &PurchaseReturn) -> Result<()> {
    if matches!(returned.status, ReturnStatus::Editing | ReturnStatus::AwaitingAudit) {
        return Ok(());
    }
    let state = format!("{}{}", returned.status.code(), returned.status.chinese());
    let allowed = PURCHASE_RETURN.allowed(returned.status).filter(|event| *event != ReturnEvent::Cancel);
    let allowed = allowed.map(Named::name).collect();
    Err(Illegal { document: PURCHASE_RETURN.document, state, event: ReturnEvent::Cancel.name(), allowed }.into())
}

/// Sends a return back to editing; what it reserved is free again.
pub fn reject_return(tx: &mut Tx, settings: &Settings, no: &str, reason: &str, who: &str) -> Result<PurchaseReturn> {
    change(tx, settings, no, "purchase_return.rejected", |_, returned| {
        returned.status = PURCHASE_RETURN.fire(returned.status, ReturnEvent::Reject)?;
        returned.revert_reason = if reason.is_empty() { "驳回".to_owned() } else { reason.to_owned() };
        returned.audit = Signed::default();
        Ok(json!({ "reason": returned.revert_reason, "by": who }))
    })
}

/// Cancels a return of which nothing has left; what it reserved is free again.
pub fn cancel_return(tx: &mut Tx, settings: &Settings, no: &str, reason: &str, who: &str) -> Result<PurchaseReturn> {
    change(tx, settings, no, "purchase_return.cancelled", |_, returned| {
        returned.status = PURCHASE_RETURN.fire(returned.status, ReturnEvent::Cancel)?;
        Ok(json!({ "reason": reason, "by": who }))
    })
}

/// Gives up what has not left of a return (停止等待); it is completed.
pub fn stop_return(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<PurchaseReturn> {
    change(tx, settings, no, "purchase_return.stopped", |tx, returned| {
        returned.status = PURCHASE_RETURN.fire(returned.status, ReturnEvent::Stop)?;
        for line in &mut returned.lines {
            let open = line.open();
            if open.is_positive() {
                line.stop_num += open;
                line.modified = tx.now();
            }
        }
        Ok(json!({ "by": who }))
    })
}

/// Changes a return: `work` changes the document, the difference of what it holds is posted (refused when it is not free), return
/// and event are stored.
fn change(
    tx: &mut Tx,
    settings: &Settings,
    no: &str,
    topic: &'static str,
    work: impl FnOnce(&mut Tx, &mut PurchaseReturn) -> Result<Value>,
) -> Result<PurchaseReturn> {
    let mut returned = return_by_no(tx, no)?;
    let before = holding::of_return(&returned);
    let body = work(tx, &mut returned)?;
    let after = holding::of_return(&returned);
    holding::post(tx, settings, returned.warehouse, &returned.no, &before, &after)?;
    keep(tx, &mut returned, topic, &body)?;
    Ok(returned)
}

/// Stores a changed return with an event that tells of its state.
pub(super) fn keep(tx: &mut Tx, returned: &mut PurchaseReturn, topic: &'static str, body: &Value) -> Result<()> {
    returned.modified = tx.now();
    tx.event(topic, &returned.no, &json!({ "status": returned.status, "about": body }))?;
    table::save_return(tx, returned)
}

/// What a return refers to, looked up and checked.
struct Contents {
    provider: Provider,
    warehouse: Warehouse,
    facts: ReturnFacts,
    lines: Vec<ReturnLine>,
}

impl Contents {
    fn of(tx: &mut Tx, new: &NewReturn) -> Result<Self> {
        let provider = catalog::provider_by_no(tx, &new.provider_no)?;
        let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
        let mut facts = new.facts.clone();
        if !facts.purchase_no.is_empty() && table::order_by_no(tx, &facts.purchase_no)?.is_none() {
            return Err(Refusal::SourceUnknown { what: "采购单", no: facts.purchase_no }.into());
        }
        if !facts.logistics_code.is_empty() {
            facts.logistics_type = catalog::carrier_by_no(tx, &facts.logistics_code)?.kind;
        }
        check::amount("post_fee", facts.post_fee)?;
        check::amount("other_fee", facts.other_fee)?;
        let goods = Goods::read(tx, new.lines.iter().map(|line| &*line.spec_no), false)?;
        let mut lines = Vec::with_capacity(new.lines.len());
        for line in &new.lines {
            check::quantity("num", line.num)?;
            let discount = line.discount.filter(|discount| !discount.is_zero()).unwrap_or(Quantity::whole(1));
            let terms = Terms::new(line.price, discount, line.tax, None);
            check::terms(line.num, &terms)?;
            lines.push(ReturnLine {
                id: tx.next("purchase_return_line")?,
                item: goods.item(&line.spec_no)?,
                num: line.num,
                terms,
                out_num: Quantity::ZERO,
                out_amount: Money::ZERO,
                stop_num: Quantity::ZERO,
                remark: line.remark.clone(),
                modified: tx.now(),
            });
        }
        Ok(Self { provider, warehouse, facts, lines })
    }
}
