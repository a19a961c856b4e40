//! JIT documents of a flash-sale platform (唯品会 JIT): picks that go out and returns that come in. No public method makes them;
//! people do (fact sheet wdt-2, 2.9, 5.15, 5.16).

use store::Tx;
use units::{Money, Quantity};

use super::balance::QuantityColumn;
use super::kind::{StockInKind, StockOutKind, WarehouseOutEvent, WarehouseOutStatus};
use super::ledger::Move;
use super::sheet::{LineMoves, occupy, one};
use super::stock_in::{StockIn, StockInLine, open_stock_in, stock_in_no_is_free};
use super::warehouse_out::{
    JitPick, WarehouseOut, WarehouseOutLine, issue, open_warehouse_out, turn_warehouse_out, warehouse_out_no_is_free,
};
use crate::{Refusal, Result, Settings, catalog};

/// A JIT document to make: a pick or a return.
#[derive(Debug, Clone, Default)]
pub struct NewJit {
    /// The caller's number; empty = none.
    pub outer_no: String,
    /// Warehouse number.
    pub warehouse_no: String,
    /// Shop number.
    pub shop_no: String,
    /// Number of the upper document: the JIT order, or our return.
    pub order_no: String,
    /// Number of the return at the platform.
    pub jit_refund_no: String,
    /// What a pick carries besides.
    pub pick: JitPick,
    /// Carrier number; empty = none.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight by weight.
    pub post_cost: Money,
    /// Mark.
    pub flag_name: String,
    /// Remark.
    pub remark: String,
    /// The lines.
    pub lines: Vec<NewJitLine>,
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub struct NewJitLine {
    /// Merchant code.
    pub spec_no: String,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Pieces that were expected; as many as `num` when zero.
    pub expect: Quantity,
    /// Pieces, more than zero.
    pub num: Quantity,
    /// Supply price of a piece.
    pub price: Money,
    /// Tax rate.
    pub tax: Quantity,
    /// Purchase order of the platform.
    pub po_no: String,
    /// Batch.
    pub batch_no: String,
    /// Remark.
    pub remark: String,
}

/// Makes a JIT return (type 11) that waits for its audit.
pub fn create_jit_return(tx: &mut Tx, settings: &Settings, new: &NewJit) -> Result<StockIn> {
    stock_in_no_is_free(tx, &new.outer_no)?;
    let (warehouse, shop) = places(tx, new)?;
    let specs = catalog::specs_by_no(tx, new.lines.iter().map(|line| &*line.spec_no))?;
    let mut draft = StockIn {
        outer_no: new.outer_no.clone(),
        source_no: new.order_no.clone(),
        shop,
        jit_refund_no: new.jit_refund_no.clone(),
        logistics_code: new.logistics_code.clone(),
        logistics_no: new.logistics_no.clone(),
        flag_name: new.flag_name.clone(),
        remark: new.remark.clone(),
        ..StockIn::draft(StockInKind::JitReturn, warehouse)
    };
    for line in &new.lines {
        let spec = specs.get(&line.spec_no).ok_or_else(|| Refusal::SpecUnknown(line.spec_no.clone()))?;
        let num = line.num;
        draft.lines.push(StockInLine {
            spec: spec.id,
            spec_no: spec.no.clone(),
            defect: line.defect,
            num: more_than_zero(num)?,
            expect: if line.expect.is_zero() { num } else { line.expect },
            price: line.price,
            tax: line.tax,
            po_no: line.po_no.clone(),
            batch_no: line.batch_no.clone(),
            remark: line.remark.clone(),
            ..StockInLine::default()
        });
    }
    open_stock_in(tx, settings, draft)
}

/// Makes a JIT pick (type 12) that waits for its audit.
pub fn create_jit_pick(tx: &mut Tx, settings: &Settings, new: &NewJit) -> Result<WarehouseOut> {
    warehouse_out_no_is_free(tx, &new.outer_no)?;
    let (warehouse, shop) = places(tx, new)?;
    let specs = catalog::specs_by_no(tx, new.lines.iter().map(|line| &*line.spec_no))?;
    let mut draft = WarehouseOut {
        outer_no: new.outer_no.clone(),
        source_no: new.order_no.clone(),
        shop,
        jit: new.pick.clone(),
        logistics_code: new.logistics_code.clone(),
        logistics_no: new.logistics_no.clone(),
        post_cost: new.post_cost,
        flag_name: new.flag_name.clone(),
        remark: new.remark.clone(),
        ..WarehouseOut::draft(StockOutKind::JitPick, warehouse)
    };
    for line in &new.lines {
        let spec = specs.get(&line.spec_no).ok_or_else(|| Refusal::SpecUnknown(line.spec_no.clone()))?;
        draft.lines.push(WarehouseOutLine {
            spec: spec.id,
            spec_no: spec.no.clone(),
            defect: line.defect,
            num: more_than_zero(line.num)?,
            price: line.price,
            po_no: line.po_no.clone(),
            batch_no: line.batch_no.clone(),
            remark: line.remark.clone(),
            ..WarehouseOutLine::default()
        });
    }
    open_warehouse_out(tx, settings, draft)
}

fn places(tx: &mut Tx, new: &NewJit) -> Result<(i64, i64)> {
    let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
    let shop = if new.shop_no.is_empty() { 0 } else { catalog::shop_by_no(tx, &new.shop_no)?.id };
    if !new.logistics_code.is_empty() {
        catalog::carrier_by_no(tx, &new.logistics_code)?;
    }
    Ok((warehouse.id, shop))
}

fn more_than_zero(num: Quantity) -> Result<Quantity> {
    if num.is_positive() { Ok(num) } else { Err(Refusal::BadNumber { field: "num", why: "应大于0" }.into()) }
}

/// The first audit of a pick reserves its goods (待发货量), the second lets them leave.
pub(crate) fn audit_jit_pick(tx: &mut Tx, settings: &Settings, order: &mut WarehouseOut) -> Result<()> {
    if order.status == WarehouseOutStatus::Audited {
        return issue(tx, settings, order, &|line| vec![Move { column: QuantityColumn::Sending, delta: -line.num }]);
    }
    turn_warehouse_out(tx, order, WarehouseOutEvent::Reserve)?;
    occupy(tx, settings, order.warehouse, &order.no, &sending(order, |num| num))
}

/// Cancels a pick; what it reserved is free again.
pub(crate) fn cancel_jit_pick(tx: &mut Tx, settings: &Settings, order: &mut WarehouseOut) -> Result<()> {
    let reserved = order.status == WarehouseOutStatus::Audited;
    turn_warehouse_out(tx, order, WarehouseOutEvent::Cancel)?;
    if reserved {
        occupy(tx, settings, order.warehouse, &order.no, &sending(order, |num| -num))?;
    }
    Ok(())
}

fn sending(order: &WarehouseOut, signed: impl Fn(Quantity) -> Quantity) -> Vec<LineMoves> {
    order.lines.iter().map(|line| (line.spec, line.defect, one(QuantityColumn::Sending, signed(line.num)))).collect()
}
