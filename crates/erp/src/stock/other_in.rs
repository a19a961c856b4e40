//! Other stock-in (其他入库): goods that arrive without a business document above them (fact sheet wdt-2, 2.7 and 5.4).

use store::Tx;
use units::{Moment, Money, Quantity};

use super::bin::{batches_known, positions_known};
use super::kind::{StockInEvent, StockInKind};
use super::stock_in::{
    StockIn, StockInLine, audited_status, open_stock_in, receive, stock_in_no_is_free, turn_stock_in,
};
use crate::{Refusal, Result, Settings, catalog};

/// An other stock-in to make.
#[derive(Debug, Clone, Default)]
pub struct NewStockIn {
    /// The caller's number.
    pub outer_no: String,
    /// Warehouse number.
    pub warehouse_no: String,
    /// Audit it at once.
    pub audit: bool,
    /// Batches that nobody has seen yet may be made (`is_create_batch`).
    pub create_batch: bool,
    /// Remark.
    pub remark: String,
    /// Why it comes.
    pub reason: String,
    /// Carrier number; empty = none.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight.
    pub post_fee: Money,
    /// Other cost.
    pub other_fee: Money,
    /// Discount.
    pub discount: Money,
    /// The lines.
    pub lines: Vec<NewStockInLine>,
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub struct NewStockInLine {
    /// Merchant code.
    pub spec_no: String,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Pieces, more than zero.
    pub num: Quantity,
    /// Cost of a piece; zero counts as zero.
    pub price: Money,
    /// Tax rate.
    pub tax: Quantity,
    /// Bin.
    pub position_no: String,
    /// Batch.
    pub batch_no: String,
    /// Made when.
    pub production_date: Option<Moment>,
    /// Expires when.
    pub expire_date: Option<Moment>,
    /// Shelf life, days.
    pub validity_days: i64,
    /// Serial numbers, comma separated.
    pub sn_info: String,
    /// Remark.
    pub remark: String,
}

/// Most serial numbers of one order (fact sheet wdt-2, 5.4).
const SERIALS: usize = 2000;

/// Makes an other stock-in, audited at once when asked. The caller's number can be used once.
pub fn push_other_stock_in(tx: &mut Tx, settings: &Settings, new: &NewStockIn) -> Result<StockIn> {
    stock_in_no_is_free(tx, &new.outer_no)?;
    let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
    if warehouse.outsourced() {
        return Err(Refusal::WarehouseOutsourced(warehouse.no).into());
    }
    if !new.logistics_code.is_empty() {
        catalog::carrier_by_no(tx, &new.logistics_code)?;
    }
    known_reason(&settings.stock.in_reasons, &new.reason)?;
    serials(new.lines.iter().map(|line| &*line.sn_info))?;
    let specs = catalog::specs_by_no(tx, new.lines.iter().map(|line| &*line.spec_no))?;
    let mut draft = StockIn {
        outer_no: new.outer_no.clone(),
        remark: new.remark.clone(),
        reason: new.reason.clone(),
        logistics_code: new.logistics_code.clone(),
        logistics_no: new.logistics_no.clone(),
        post_fee: new.post_fee,
        other_fee: new.other_fee,
        discount: new.discount,
        ..StockIn::draft(StockInKind::Other, warehouse.id)
    };
    for line in &new.lines {
        let spec = specs.get(&*line.spec_no).ok_or_else(|| Refusal::SpecUnknown(line.spec_no.clone()))?;
        if !line.num.is_positive() {
            return Err(Refusal::BadNumber { field: "stockin_num", why: "应大于0" }.into());
        }
        if line.price.is_negative() {
            return Err(Refusal::BadNumber { field: "stockin_price", why: "不能小于0" }.into());
        }
        draft.lines.push(StockInLine {
            spec: spec.id,
            spec_no: spec.no.clone(),
            defect: line.defect,
            num: line.num,
            expect: line.num,
            price: line.price,
            tax: line.tax,
            position_no: line.position_no.clone(),
            batch_no: line.batch_no.clone(),
            production_date: line.production_date,
            expire_date: line.expire_date,
            validity_days: line.validity_days,
            sn_info: line.sn_info.clone(),
            remark: line.remark.clone(),
            ..StockInLine::default()
        });
    }
    positions_known(tx, settings, warehouse.id, draft.lines.iter().map(|line| &*line.position_no), true)?;
    batches_known(tx, settings, new.create_batch, draft.lines.iter().map(|line| (line.spec, &*line.batch_no)))?;
    let mut order = open_stock_in(tx, settings, draft)?;
    if new.audit {
        audit_plain(tx, settings, &mut order)?;
    }
    Ok(order)
}

/// Audits a stock-in that has no upper document.
pub(crate) fn audit_plain(tx: &mut Tx, settings: &Settings, order: &mut StockIn) -> Result<()> {
    receive(tx, settings, order, audited_status(settings), &|_| Vec::new())
}

/// Cancels a stock-in that has no upper document.
pub(crate) fn cancel_plain(tx: &mut Tx, order: &mut StockIn) -> Result<()> {
    turn_stock_in(tx, order, StockInEvent::Cancel)
}

/// Refuses a reason that the merchant does not have.
pub(super) fn known_reason(reasons: &[String], reason: &str) -> Result<()> {
    if reason.is_empty() || reasons.is_empty() || reasons.iter().any(|known| known == reason) {
        return Ok(());
    }
    Err(Refusal::ReasonUnknown(reason.to_owned()).into())
}

/// Refuses more serial numbers than an order may carry.
pub(super) fn serials<'a>(lists: impl Iterator<Item = &'a str>) -> Result<()> {
    let count: usize = lists.filter(|list| !list.is_empty()).map(|list| list.split(',').count()).sum();
    if count > SERIALS { Err(Refusal::TooMany { what: "sn_info", max: SERIALS }.into()) } else { Ok(()) }
}
