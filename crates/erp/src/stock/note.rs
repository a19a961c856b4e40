//! What is known of a balance besides its quantities: when it was counted last, and what an outsourced warehouse said it holds
//! (fact sheet wdt-2, 1.1).

use store::Tx;
use units::{Moment, Quantity};

use super::sheet::Sheet;
use super::table;
use crate::{Refusal, Result, Settings, catalog};

/// Notes to one balance; the epoch stands for never.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StockNote {
    /// Last stock-taking.
    pub last_pd: Moment,
    /// On hand, as the outsourced warehouse said.
    pub wms_stock: Quantity,
    /// That less what we had on hand then.
    pub wms_stock_diff: Quantity,
    /// Promised, as the outsourced warehouse said.
    pub wms_preempty: Quantity,
    /// That less what we had promised then.
    pub wms_preempty_diff: Quantity,
    /// When it said so.
    pub wms_time: Moment,
}

/// A stock-taking counted this balance now.
pub(super) fn counted(tx: &mut Tx, balance: i64) -> Result<()> {
    table::note_counted(tx, balance)
}

/// What an outsourced warehouse holds of one spec.
#[derive(Debug, Clone)]
pub struct WmsFigure {
    /// Merchant code.
    pub spec_no: String,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// On hand there.
    pub stock: Quantity,
    /// Promised there.
    pub preempty: Quantity,
}

/// Notes what an outsourced warehouse says that it holds. Our own quantities stay; who wants them equal takes stock.
pub fn report_wms_stock(tx: &mut Tx, settings: &Settings, warehouse_no: &str, figures: &[WmsFigure]) -> Result<()> {
    let warehouse = catalog::warehouse_by_no(tx, warehouse_no)?;
    if !warehouse.outsourced() {
        return Err(Refusal::WarehouseOwn(warehouse.no).into());
    }
    let specs = catalog::specs_by_no(tx, figures.iter().map(|figure| &*figure.spec_no))?;
    let mut pairs = Vec::with_capacity(figures.len());
    for figure in figures {
        let spec = specs.get(&figure.spec_no).ok_or_else(|| Refusal::SpecUnknown(figure.spec_no.clone()))?;
        pairs.push((spec.id, figure.defect));
    }
    let sheet = Sheet::open(tx, warehouse.id, pairs.iter().copied())?;
    for (figure, (spec, defect)) in figures.iter().zip(pairs) {
        let Some(row) = sheet.get(spec, defect) else { continue };
        let ours = &row.quantities;
        let note = StockNote {
            wms_stock: figure.stock,
            wms_stock_diff: figure.stock - ours.stock_num,
            wms_preempty: figure.preempty,
            wms_preempty_diff: figure.preempty - (ours.order_num + ours.sending_num),
            wms_time: tx.now(),
            ..StockNote::default()
        };
        table::note_wms(tx, row.id, &note)?;
    }
    tx.event("stock.wms_reported", &warehouse.no, &serde_json::json!({ "specs": figures.len() }))?;
    sheet.close(tx, settings, false)
}
