//! Other stock-out (其他出库): goods that leave without a business document above them (fact sheet wdt-2, 2.7 and 5.6).

use store::Tx;
use units::{Moment, Money, Quantity};

use super::bin::{batches_known, positions_known};
use super::kind::{StockOutKind, WarehouseOutStatus};
use super::other_in::{known_reason, serials};
use super::warehouse_out::{WarehouseOut, WarehouseOutLine, issue, open_warehouse_out, warehouse_out_no_is_free};
use crate::{Refusal, Result, Settings, catalog};

/// An other stock-out to make.
#[derive(Debug, Clone, Default)]
pub struct NewStockOut {
    /// The caller's number.
    pub outer_no: String,
    /// Warehouse number.
    pub warehouse_no: String,
    /// Leave it in editing (48); it is not audited then either.
    pub editing: bool,
    /// Audit it at once.
    pub audit: bool,
    /// Remark.
    pub remark: String,
    /// Why it goes.
    pub reason: String,
    /// Carrier number; empty = none.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight.
    pub post_cost: Money,
    /// The lines.
    pub lines: Vec<NewStockOutLine>,
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub struct NewStockOutLine {
    /// Merchant code.
    pub spec_no: String,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Pieces, more than zero.
    pub num: Quantity,
    /// Price of a piece.
    pub price: Money,
    /// Bin.
    pub position_no: String,
    /// Batch.
    pub batch_no: String,
    /// Made when.
    pub production_date: Option<Moment>,
    /// Expires when.
    pub expire_date: Option<Moment>,
    /// Serial numbers, comma separated.
    pub sn_info: String,
    /// Remark.
    pub remark: String,
}

/// Makes an other stock-out, audited at once when asked. The caller's number can be used once.
pub fn push_other_stock_out(tx: &mut Tx, settings: &Settings, new: &NewStockOut) -> Result<WarehouseOut> {
    warehouse_out_no_is_free(tx, &new.outer_no)?;
    let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
    if warehouse.outsourced() {
        return Err(Refusal::WarehouseOutsourced(warehouse.no).into());
    }
    if !new.logistics_code.is_empty() {
        catalog::carrier_by_no(tx, &new.logistics_code)?;
    }
    known_reason(&settings.stock.out_reasons, &new.reason)?;
    serials(new.lines.iter().map(|line| &*line.sn_info))?;
    let specs = catalog::specs_by_no(tx, new.lines.iter().map(|line| &*line.spec_no))?;
    let mut draft = WarehouseOut {
        outer_no: new.outer_no.clone(),
        status: if new.editing { WarehouseOutStatus::Editing } else { WarehouseOutStatus::AwaitingAudit },
        remark: new.remark.clone(),
        reason: new.reason.clone(),
        logistics_code: new.logistics_code.clone(),
        logistics_no: new.logistics_no.clone(),
        post_cost: new.post_cost,
        ..WarehouseOut::draft(StockOutKind::Other, warehouse.id)
    };
    for line in &new.lines {
        let spec = specs.get(&*line.spec_no).ok_or_else(|| Refusal::SpecUnknown(line.spec_no.clone()))?;
        if !line.num.is_positive() {
            return Err(Refusal::BadNumber { field: "num", why: "应大于0" }.into());
        }
        if line.price.is_negative() {
            return Err(Refusal::BadNumber { field: "price", why: "不能小于0" }.into());
        }
        draft.lines.push(WarehouseOutLine {
            spec: spec.id,
            spec_no: spec.no.clone(),
            defect: line.defect,
            num: line.num,
            price: line.price,
            position_no: line.position_no.clone(),
            batch_no: line.batch_no.clone(),
            production_date: line.production_date,
            expire_date: line.expire_date,
            sn_info: line.sn_info.clone(),
            remark: line.remark.clone(),
            ..WarehouseOutLine::default()
        });
    }
    positions_known(tx, settings, warehouse.id, draft.lines.iter().map(|line| &*line.position_no), false)?;
    batches_known(tx, settings, false, draft.lines.iter().map(|line| (line.spec, &*line.batch_no)))?;
    let mut order = open_warehouse_out(tx, settings, draft)?;
    if new.audit && !new.editing {
        issue(tx, settings, &mut order, &|_| Vec::new())?;
    }
    Ok(order)
}
