//! Requisitions (采购申请单): asked for, confirmed, put on purchase orders, or given up. They hold no stock.

use std::collections::BTreeMap;

use store::Tx;
use units::{Moment, Quantity};

use super::check::{self, Goods};
use super::document::{Apply, ApplyLine, OrderLine, Source};
use super::query::apply_by_no;
use super::status::{ApplyEvent, ApplyStatus, PURCHASE_APPLY};
use super::table;
use crate::{Refusal, Result, Settings, catalog};

/// A requisition to make, or to put in the place of one that is unconfirmed.
#[derive(Debug, Clone)]
pub struct NewApply {
    /// Warehouse number.
    pub warehouse_no: String,
    /// Who wants it.
    pub applicant: String,
    /// When it should be here.
    pub expected: Option<Moment>,
    /// Remark.
    pub remark: String,
    /// The lines; a spec once.
    pub lines: Vec<NewApplyLine>,
}

/// A line of it.
#[derive(Debug, Clone)]
pub struct NewApplyLine {
    /// Merchant code.
    pub spec_no: String,
    /// Pieces.
    pub num: Quantity,
    /// Provider number; empty = any.
    pub provider_no: String,
    /// Remark.
    pub remark: String,
}

/// Makes a requisition, confirmed at once when asked.
pub fn create_apply(tx: &mut Tx, settings: &Settings, new: &NewApply, confirm: bool) -> Result<Apply> {
    let (warehouse, lines) = contents(tx, new)?;
    let number = &settings.purchase.apply_number;
    let counter = tx.next(&number.stem(tx.now()))?;
    let mut apply = Apply {
        id: tx.document_id("purchase_apply")?,
        no: number.write(tx.now(), counter),
        warehouse,
        status: ApplyStatus::Unconfirmed,
        applicant: new.applicant.clone(),
        expected: new.expected,
        remark: new.remark.clone(),
        lines,
        created: tx.now(),
        modified: tx.now(),
    };
    if confirm {
        apply.status = PURCHASE_APPLY.fire(apply.status, ApplyEvent::Confirm)?;
    }
    keep(tx, &mut apply, "purchase_apply.created")?;
    Ok(apply)
}

/// Replaces what an unconfirmed requisition says.
pub fn edit_apply(tx: &mut Tx, no: &str, new: &NewApply) -> Result<Apply> {
    let mut apply = apply_by_no(tx, no)?;
    // What may still be confirmed may still be changed.
    PURCHASE_APPLY.fire(apply.status, ApplyEvent::Confirm)?;
    let (warehouse, lines) = contents(tx, new)?;
    apply = Apply {
        warehouse,
        applicant: new.applicant.clone(),
        expected: new.expected,
        remark: new.remark.clone(),
        lines,
        ..apply
    };
    keep(tx, &mut apply, "purchase_apply.edited")?;
    Ok(apply)
}

/// Confirms a requisition: it can be put on purchase orders.
pub fn confirm_apply(tx: &mut Tx, no: &str) -> Result<Apply> {
    fire(tx, no, ApplyEvent::Confirm, "purchase_apply.confirmed")
}

/// Gives a requisition up of which nothing is on purchase orders.
pub fn cancel_apply(tx: &mut Tx, no: &str) -> Result<Apply> {
    fire(tx, no, ApplyEvent::Cancel, "purchase_apply.cancelled")
}

fn fire(tx: &mut Tx, no: &str, event: ApplyEvent, topic: &'static str) -> Result<Apply> {
    let mut apply = apply_by_no(tx, no)?;
    apply.status = PURCHASE_APPLY.fire(apply.status, event)?;
    keep(tx, &mut apply, topic)?;
    Ok(apply)
}

fn keep(tx: &mut Tx, apply: &mut Apply, topic: &'static str) -> Result<()> {
    apply.modified = tx.now();
    tx.event(topic, &apply.no, &serde_json::json!({ "status": apply.status, "referenced": apply.referenced() }))?;
    table::save_apply(tx, apply)
}

fn contents(tx: &mut Tx, new: &NewApply) -> Result<(i64, Vec<ApplyLine>)> {
    let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
    let goods = Goods::read(tx, new.lines.iter().map(|line| &*line.spec_no), false)?;
    let mut lines = Vec::with_capacity(new.lines.len());
    for line in &new.lines {
        check::quantity("num", line.num)?;
        let provider = match &*line.provider_no {
            "" => catalog::Provider::default(),
            no => catalog::provider_by_no(tx, no)?,
        };
        lines.push(ApplyLine {
            id: tx.next("purchase_apply_line")?,
            item: goods.item(&line.spec_no)?,
            num: line.num,
            referenced: Quantity::ZERO,
            provider: provider.id,
            provider_no: provider.no,
            provider_name: provider.name,
            remark: line.remark.clone(),
        });
    }
    Ok((warehouse.id, lines))
}

/// Requisitions that a purchase order takes from or gives back to: changed here in memory, stored at the end, so that nothing is
/// written before everything is checked.
#[derive(Default)]
pub(super) struct References(BTreeMap<String, Apply>);

impl References {
    /// Puts `num` pieces of a spec on a purchase order.
    pub(super) fn take(&mut self, tx: &mut Tx, no: &str, spec_no: &str, num: Quantity) -> Result<Source> {
        let apply = self.get(tx, no)?;
        PURCHASE_APPLY.fire(apply.status, ApplyEvent::ReferencePart)?;
        let line = apply.lines.iter_mut().find(|line| line.item.spec_no == spec_no);
        let line = line.ok_or_else(|| Refusal::NotOnOrder(spec_no.to_owned()))?;
        let open = line.num - line.referenced;
        if num > open {
            return Err(Refusal::Over { spec_no: spec_no.to_owned(), open: open.to_string() }.into());
        }
        line.referenced += num;
        Ok(Source { no: no.to_owned(), line: line.id })
    }

    /// Gives back what the lines of an order took.
    pub(super) fn give_back(&mut self, tx: &mut Tx, lines: &[OrderLine]) -> Result<()> {
        for line in lines {
            let Some(source) = &line.apply else { continue };
            let apply = self.get(tx, &source.no)?;
            if let Some(asked) = apply.lines.iter_mut().find(|asked| asked.id == source.line) {
                asked.referenced = (asked.referenced - line.num).max(Quantity::ZERO);
            }
        }
        Ok(())
    }

    /// Stores what changed.
    pub(super) fn keep(self, tx: &mut Tx) -> Result<()> {
        for (_, mut apply) in self.0 {
            let (event, reached) = if apply.referenced().is_zero() {
                (ApplyEvent::Release, ApplyStatus::AwaitingReference)
            } else if apply.lines.iter().all(|line| line.referenced >= line.num) {
                (ApplyEvent::ReferenceAll, ApplyStatus::Referenced)
            } else {
                (ApplyEvent::ReferencePart, ApplyStatus::PartlyReferenced)
            };
            if apply.status != reached {
                apply.status = PURCHASE_APPLY.fire(apply.status, event)?;
            }
            keep(tx, &mut apply, "purchase_apply.referenced")?;
        }
        Ok(())
    }

    fn get(&mut self, tx: &mut Tx, no: &str) -> Result<&mut Apply> {
        use std::collections::btree_map::Entry;
        Ok(match self.0.entry(no.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(apply_by_no(tx, no)?),
        })
    }
}
