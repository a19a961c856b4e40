//! Stock-outs of purchase returns (采购退货出库单): goods leave in parts.

use serde_json::json;
use store::Tx;
use units::{Money, Quantity};

use super::returns::keep;
use super::status::{PURCHASE_RETURN, ReturnEvent};
use super::stock_in::Once;
use super::{check, holding, table};
use crate::stock::{self, StockOutKind, WarehouseOut, WarehouseOutEvent, WarehouseOutLine};
use crate::{Refusal, Result, Settings, catalog};

/// A stock-out of a purchase return.
#[derive(Debug, Clone, Default)]
pub struct NewReturnOut {
    /// The return.
    pub return_no: String,
    /// The caller's number, unique over these stock-outs; empty = none.
    pub outer_no: String,
    /// Carrier number; empty = none.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight.
    pub post_cost: Money,
    /// Remark.
    pub remark: String,
    /// The lines; a spec may stand on several, from several bins.
    pub lines: Vec<NewReturnOutLine>,
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub struct NewReturnOutLine {
    /// Merchant code, which the return must have.
    pub spec_no: String,
    /// Pieces.
    pub num: Quantity,
    /// What the provider gives for a piece; as the return says when absent.
    pub price: Option<Money>,
    /// Bin.
    pub position_no: String,
    /// Batch.
    pub batch_no: String,
    /// Remark.
    pub remark: String,
}

/// Makes a stock-out of a purchase return (fact sheet wdt-2, 4.7) from the warehouse of the return; a draft changes no quantity.
pub fn push_return_out(tx: &mut Tx, settings: &Settings, new: &NewReturnOut, audit: bool) -> Result<WarehouseOut> {
    stock::warehouse_out_no_is_free(tx, &new.outer_no)?;
    let returned = table::return_by_no(tx, &new.return_no)?
        .ok_or_else(|| Refusal::SourceUnknown { what: "采购退货单", no: new.return_no.clone() })?;
    PURCHASE_RETURN.fire(returned.status, ReturnEvent::OutPart)?;
    if !new.logistics_code.is_empty() {
        catalog::carrier_by_no(tx, &new.logistics_code)?;
    }
    check::amount("post_cost", new.post_cost)?;
    let mut lines = Vec::with_capacity(new.lines.len());
    for new in &new.lines {
        let line = returned.lines.iter().find(|line| line.item.spec_no == new.spec_no);
        let line = line.ok_or_else(|| Refusal::NotOnOrder(new.spec_no.clone()))?;
        check::quantity("num", new.num)?;
        let price = new.price.unwrap_or_else(|| line.terms.net());
        check::amount("price", price)?;
        check::amount("price", price.times(new.num))?;
        lines.push(WarehouseOutLine {
            source_line: line.id,
            spec: line.item.spec,
            spec_no: line.item.spec_no.clone(),
            num: new.num,
            price,
            position_no: new.position_no.clone(),
            batch_no: new.batch_no.clone(),
            remark: new.remark.clone(),
            ..WarehouseOutLine::default()
        });
    }
    let positions = lines.iter().map(|line| &*line.position_no);
    stock::positions_known(tx, settings, returned.warehouse, positions, false)?;
    stock::batches_known(tx, settings, false, lines.iter().map(|line| (line.spec, &*line.batch_no)))?;
    let mut draft = WarehouseOut::draft(StockOutKind::PurchaseReturn, returned.warehouse);
    draft.outer_no = new.outer_no.clone();
    (draft.source, draft.source_no) = (returned.id, returned.no.clone());
    draft.provider = returned.provider;
    draft.remark = new.remark.clone();
    draft.logistics_code = new.logistics_code.clone();
    draft.logistics_no = new.logistics_no.clone();
    draft.post_cost = new.post_cost;
    draft.lines = lines;
    let mut out = stock::open_warehouse_out(tx, settings, draft)?;
    if audit {
        audit_return_out(tx, settings, &mut out)?;
    }
    Ok(out)
}

/// Audits a draft: the goods are out, and the return is out in part or whole.
pub(crate) fn audit_return_out(tx: &mut Tx, settings: &Settings, out: &mut WarehouseOut) -> Result<()> {
    let found = table::returns_by_id(tx, &[out.source])?.pop();
    let mut returned =
        found.ok_or_else(|| Refusal::SourceUnknown { what: "采购退货单", no: out.source_no.clone() })?;
    let before = holding::of_return(&returned);
    let now = tx.now();
    for gone in &out.lines {
        if let Some(line) = returned.lines.iter_mut().find(|line| line.id == gone.source_line) {
            line.out_num += gone.num;
            line.out_amount += gone.price.times(gone.num);
            line.modified = now;
        }
    }
    let all = returned.lines.iter().all(|line| line.open().is_zero());
    let event = if all { ReturnEvent::OutAll } else { ReturnEvent::OutPart };
    returned.status = PURCHASE_RETURN.fire(returned.status, event)?;
    let own = Once::new(holding::difference(&before, &holding::of_return(&returned)));
    stock::issue(tx, settings, out, &|line| own.take(line.spec))?;
    keep(tx, &mut returned, "purchase_return.out", &json!({ "stockout_no": out.no }))
}

/// Cancels a draft.
pub(crate) fn cancel_return_out(tx: &mut Tx, out: &mut WarehouseOut) -> Result<()> {
    stock::turn_warehouse_out(tx, out, WarehouseOutEvent::Cancel)
}
