//! Submit, audit, cancel and settle stock-ins and stock-outs BY NUMBER, whatever they are for: the one table that knows which family
//! answers for which kind. Never here: what such a document does to its upper document.

use store::Tx;

use crate::stock::{self, StockIn, StockInEvent, StockInKind, StockOutKind, WarehouseOut, WarehouseOutEvent};
use crate::{Result, Settings, aftersale, purchase};

/// Audits a stock-in: its goods are on hand.
pub fn audit_stock_in(tx: &mut Tx, settings: &Settings, no: &str) -> Result<StockIn> {
    let mut order = stock::stock_in_by_no(tx, no)?;
    match order.kind {
        StockInKind::Purchase => purchase::audit_stock_in(tx, settings, &mut order)?,
        StockInKind::Refund => aftersale::audit_return_in(tx, settings, &mut order)?,
        StockInKind::Transfer => stock::audit_transfer_in(tx, settings, &mut order)?,
        StockInKind::Gain
        | StockInKind::Production
        | StockInKind::Other
        | StockInKind::Warranty
        | StockInKind::Correction
        | StockInKind::Initial
        | StockInKind::PreStockIn
        | StockInKind::JitReturn
        | StockInKind::Outsourced => stock::audit_plain(tx, settings, &mut order)?,
    }
    Ok(order)
}

/// Cancels a stock-in that is not audited yet.
pub fn cancel_stock_in(tx: &mut Tx, settings: &Settings, no: &str) -> Result<StockIn> {
    let mut order = stock::stock_in_by_no(tx, no)?;
    match order.kind {
        StockInKind::Purchase => purchase::cancel_stock_in(tx, settings, &mut order)?,
        StockInKind::Refund => aftersale::cancel_return_in(tx, settings, &mut order)?,
        StockInKind::Transfer
        | StockInKind::Gain
        | StockInKind::Production
        | StockInKind::Other
        | StockInKind::Warranty
        | StockInKind::Correction
        | StockInKind::Initial
        | StockInKind::PreStockIn
        | StockInKind::JitReturn
        | StockInKind::Outsourced => stock::cancel_plain(tx, &mut order)?,
    }
    Ok(order)
}

/// Settles a stock-in that waits for it (60 → 80).
pub fn settle_stock_in(tx: &mut Tx, no: &str) -> Result<StockIn> {
    let mut order = stock::stock_in_by_no(tx, no)?;
    stock::turn_stock_in(tx, &mut order, StockInEvent::Settle)?;
    Ok(order)
}

/// Hands in a stock-out that is being written (48 → 50).
pub fn submit_stock_out(tx: &mut Tx, no: &str) -> Result<WarehouseOut> {
    let mut order = stock::warehouse_out_by_no(tx, no)?;
    stock::turn_warehouse_out(tx, &mut order, WarehouseOutEvent::Submit)?;
    Ok(order)
}

/// Audits a stock-out that is not a sale: its goods are out. The first audit of a JIT pick reserves them, the second lets them
/// leave.
pub fn audit_stock_out(tx: &mut Tx, settings: &Settings, no: &str) -> Result<WarehouseOut> {
    let mut order = stock::warehouse_out_by_no(tx, no)?;
    match order.kind {
        StockOutKind::PurchaseReturn => purchase::audit_return_out(tx, settings, &mut order)?,
        StockOutKind::Transfer => stock::audit_transfer_out(tx, settings, &mut order)?,
        StockOutKind::JitPick => stock::audit_jit_pick(tx, settings, &mut order)?,
        StockOutKind::Loss
        | StockOutKind::Production
        | StockOutKind::CashSale
        | StockOutKind::Other
        | StockOutKind::OverShipped
        | StockOutKind::Correction
        | StockOutKind::WarrantyParts
        | StockOutKind::Initial
        | StockOutKind::Outsourced => stock::issue(tx, settings, &mut order, &|_| Vec::new())?,
    }
    Ok(order)
}

/// Cancels a stock-out that is not a sale, before its goods left.
pub fn cancel_stock_out(tx: &mut Tx, settings: &Settings, no: &str) -> Result<WarehouseOut> {
    let mut order = stock::warehouse_out_by_no(tx, no)?;
    match order.kind {
        StockOutKind::JitPick => stock::cancel_jit_pick(tx, settings, &mut order)?,
        StockOutKind::PurchaseReturn => purchase::cancel_return_out(tx, &mut order)?,
        StockOutKind::Transfer
        | StockOutKind::Loss
        | StockOutKind::Production
        | StockOutKind::CashSale
        | StockOutKind::Other
        | StockOutKind::OverShipped
        | StockOutKind::Correction
        | StockOutKind::WarrantyParts
        | StockOutKind::Initial
        | StockOutKind::Outsourced => stock::turn_warehouse_out(tx, &mut order, WarehouseOutEvent::Cancel)?,
    }
    Ok(order)
}

/// Settles a stock-out that waits for it (95 → 110).
pub fn settle_stock_out(tx: &mut Tx, no: &str) -> Result<WarehouseOut> {
    let mut order = stock::warehouse_out_by_no(tx, no)?;
    stock::turn_warehouse_out(tx, &mut order, WarehouseOutEvent::Settle)?;
    Ok(order)
}
