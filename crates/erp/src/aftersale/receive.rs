//! Return stock-in (退货入库): the buyer's goods are back, in one or several parcels, good or defective, more or fewer than were
//! announced (fact sheet wdt-2, 2.3 and 3.2).

use store::Tx;
use units::{Moment, Money, Quantity};

use super::document::RefundOrder;
use super::refusal::AftersaleRefusal as Refused;
use super::report::{self, Returned};
use super::status::{RefundEvent, RefundStatus};
use super::{REFUND_ORDER, exchange, finish, onway, table};
use crate::stock::{self, Move, QuantityColumn, StockIn, StockInEvent, StockInKind, StockInLine, StockInStatus};
use crate::{Refusal, Result, Settings, catalog};

/// A return stock-in to make.
#[derive(Debug, Clone, Default)]
pub struct NewReturnIn {
    /// The refund order.
    pub refund_no: String,
    /// The caller's number, used once.
    pub outer_no: String,
    /// Warehouse number.
    pub warehouse_no: String,
    /// Audit it at once.
    pub audit: bool,
    /// Batches that nobody has seen yet may be made.
    pub create_batch: bool,
    /// Carrier number; empty = none.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight.
    pub post_fee: Money,
    /// Other cost.
    pub other_fee: Money,
    /// Remark.
    pub remark: String,
    /// The lines.
    pub lines: Vec<NewReturnLine>,
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub struct NewReturnLine {
    /// Merchant code.
    pub spec_no: String,
    /// Pieces that are back.
    pub num: Quantity,
    /// Cost of a piece; zero leaves the average cost as it is.
    pub price: Money,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Bin.
    pub position_no: String,
    /// Batch.
    pub batch_no: String,
    /// Remark of the batch.
    pub batch_remark: String,
    /// Made when.
    pub production_date: Option<Moment>,
    /// Expires when.
    pub expire_date: Option<Moment>,
    /// Shelf life, days.
    pub validity_days: i64,
    /// Remark.
    pub remark: String,
}

/// States in which goods may come back.
const WAITING: &[RefundStatus] = &[
    RefundStatus::AwaitingReceipt,
    RefundStatus::OutsourcedReceipt,
    RefundStatus::SettledEarly,
    RefundStatus::PartlyReceived,
    RefundStatus::PartlyReceivedSettled,
];

/// Makes a return stock-in, audited at once when asked. The caller's number can be used once.
pub fn push_return_in(tx: &mut Tx, settings: &Settings, new: &NewReturnIn) -> Result<StockIn> {
    stock::stock_in_no_is_free(tx, &new.outer_no)?;
    let mut refund = match table::refund_by_no(tx, &new.refund_no) {
        Err(crate::Error::Refused(Refusal::NotFound { .. })) => {
            return Err(Refusal::SourceUnknown { what: "退换单", no: new.refund_no.clone() }.into());
        }
        found => found?,
    };
    if !WAITING.contains(&refund.status) {
        return Err(Refused::NotReceivable { state: refund.state(), no: refund.no }.into());
    }
    let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
    if warehouse.outsourced() && warehouse.id != refund.warehouse {
        return Err(Refusal::WarehouseOutsourced(warehouse.no).into());
    }
    if !new.logistics_code.is_empty() {
        catalog::carrier_by_no(tx, &new.logistics_code)?;
    }
    let mut draft = StockIn {
        outer_no: new.outer_no.clone(),
        source: refund.id,
        source_no: refund.no.clone(),
        shop: refund.shop,
        remark: new.remark.clone(),
        reason: refund.reason.clone(),
        logistics_code: new.logistics_code.clone(),
        logistics_no: new.logistics_no.clone(),
        post_fee: new.post_fee,
        other_fee: new.other_fee,
        ..StockIn::draft(StockInKind::Refund, warehouse.id)
    };
    let specs = catalog::specs_by_no(tx, new.lines.iter().map(|line| &*line.spec_no))?;
    for line in &new.lines {
        let spec = specs.get(&*line.spec_no).ok_or_else(|| Refusal::SpecUnknown(line.spec_no.clone()))?;
        if !line.num.is_positive() {
            return Err(Refusal::BadNumber { field: "stockin_num", why: "应大于0" }.into());
        }
        if line.price.is_negative() {
            return Err(Refusal::BadNumber { field: "stockin_price", why: "不能小于0" }.into());
        }
        arrive(&mut refund, spec.id, line, &mut draft.lines)?;
    }
    let lines = &draft.lines;
    stock::positions_known(tx, settings, warehouse.id, lines.iter().map(|line| &*line.position_no), true)?;
    stock::batches_known(tx, settings, new.create_batch, lines.iter().map(|line| (line.spec, &*line.batch_no)))?;
    let mut order = stock::open_stock_in(tx, settings, draft)?;
    onway::follow(tx, settings, &mut refund)?;
    if new.audit {
        take_in(tx, settings, &mut refund, &mut order, false)?;
    } else {
        let arrived: Vec<_> =
            order.lines.iter().map(|line| (line.spec, 0, stock::one(QuantityColumn::Refund, line.num))).collect();
        stock::occupy(tx, settings, order.warehouse, &order.no, &arrived)?;
    }
    table::save_refund(tx, &mut refund)?;
    finish::mark_orders(tx, &refund)?;
    Ok(order)
}

/// Gives the pieces of one line to the lines of the refund order: to each what it still waits for, the rest (more than was
/// announced) to the last.
fn arrive(refund: &mut RefundOrder, spec: i64, new: &NewReturnLine, out: &mut Vec<StockInLine>) -> Result<()> {
    let no = refund.no.clone();
    let not_on_order = || Refused::SpecNotOnOrder { spec_no: new.spec_no.clone(), no };
    let last = refund.lines.iter().rposition(|line| line.spec == spec).ok_or_else(not_on_order)?;
    let mut rest = new.num;
    for (i, line) in refund.lines.iter_mut().enumerate().filter(|(_, line)| line.spec == spec) {
        let open = line.open();
        let take = if i == last { rest } else { rest.min(open) };
        if !take.is_positive() {
            continue;
        }
        rest -= take;
        line.arrived += take;
        out.push(StockInLine {
            source_line: line.id,
            spec,
            spec_no: new.spec_no.clone(),
            defect: new.defect,
            num: take,
            expect: open,
            price: new.price,
            position_no: new.position_no.clone(),
            batch_no: new.batch_no.clone(),
            batch_remark: new.batch_remark.clone(),
            production_date: new.production_date,
            expire_date: new.expire_date,
            validity_days: new.validity_days,
            remark: new.remark.clone(),
            ..StockInLine::default()
        });
    }
    Ok(())
}

/// Audits a return stock-in that waits for it.
pub(crate) fn audit_return_in(tx: &mut Tx, settings: &Settings, order: &mut StockIn) -> Result<()> {
    let mut refund = of(tx, order)?;
    take_in(tx, settings, &mut refund, order, true)?;
    table::save_refund(tx, &mut refund)?;
    finish::mark_orders(tx, &refund)
}

/// Cancels a return stock-in that is not audited: its pieces are on their way again.
pub(crate) fn cancel_return_in(tx: &mut Tx, settings: &Settings, order: &mut StockIn) -> Result<()> {
    let mut refund = of(tx, order)?;
    stock::turn_stock_in(tx, order, StockInEvent::Cancel)?;
    let gone: Vec<_> =
        order.lines.iter().map(|line| (line.spec, 0, stock::one(QuantityColumn::Refund, -line.num))).collect();
    stock::occupy(tx, settings, order.warehouse, &order.no, &gone)?;
    for line in &order.lines {
        if let Some(of_refund) = refund.lines.iter_mut().find(|of_refund| of_refund.id == line.source_line) {
            of_refund.arrived = (of_refund.arrived - line.num).max(Quantity::ZERO);
        }
    }
    if WAITING.contains(&refund.status) {
        onway::follow(tx, settings, &mut refund)?;
    }
    table::save_refund(tx, &mut refund)
}

fn of(tx: &mut Tx, order: &StockIn) -> Result<RefundOrder> {
    let unknown = || Refusal::SourceUnknown { what: "退换单", no: order.source_no.clone() };
    Ok(table::refund_by_id(tx, order.source)?.ok_or_else(unknown)?)
}

/// The goods are on hand. `counted` = they were counted as returned but not audited.
fn take_in(
    tx: &mut Tx,
    settings: &Settings,
    refund: &mut RefundOrder,
    order: &mut StockIn,
    counted: bool,
) -> Result<()> {
    let mut whole = true;
    for line in &refund.lines {
        let of_line = order.lines.iter().filter(|come| come.source_line == line.id);
        whole &= line.received + of_line.map(|come| come.num).sum() >= line.num;
    }
    // A refund order that is done may still get goods from a stock-in that was pushed before.
    let event = if whole { RefundEvent::ReceiveAll } else { RefundEvent::ReceivePart };
    let status = match REFUND_ORDER.fire(refund.status, event) {
        Ok(status) => status,
        Err(_) if matches!(refund.status, RefundStatus::AwaitingSettlement | RefundStatus::Completed) => refund.status,
        Err(illegal) => return Err(illegal.into()),
    };
    let to = if settings.stock.settle_stock_in { StockInStatus::AwaitingSettlement } else { StockInStatus::Completed };
    stock::receive(tx, settings, order, to, &|line| {
        if counted { vec![Move { column: QuantityColumn::Refund, delta: -line.num }] } else { Vec::new() }
    })?;
    count_lines(tx, refund, order)?;
    let arrived_all = finish::is_complete(refund);
    let before = std::mem::replace(&mut refund.status, status);
    if before != status {
        let about = serde_json::json!({ "status": refund.status, "stockin_no": order.no });
        tx.event("refund.received", &refund.no, &about)?;
    }
    if arrived_all && exchange::goes_after_receipt(settings, refund) {
        exchange::send(tx, settings, refund)?;
    }
    if refund.status == RefundStatus::AwaitingSettlement && settings.aftersale.auto_settle_refund {
        finish::settle_loaded(tx, settings, refund, "auto")?;
    }
    Ok(())
}

/// What came in, on the lines of the refund order and in the sums of the day.
fn count_lines(tx: &mut Tx, refund: &mut RefundOrder, order: &StockIn) -> Result<()> {
    let now = tx.now();
    for come in &order.lines {
        let Some(line) = refund.lines.iter_mut().find(|line| line.id == come.source_line) else { continue };
        line.arrived = (line.arrived - come.num).max(Quantity::ZERO);
        line.received += come.num;
        line.stockin_amount += line.price.times(come.num);
        line.cost_price = come.cost_price;
        line.modified = now;
        let row = Returned {
            day: report::number_at(now),
            shop: refund.shop,
            warehouse: order.warehouse,
            spec: come.spec,
            num: come.num,
            amount: line.price.times(come.num),
            cost: come.cost_price.times(come.num),
            created: now,
            modified: now,
        };
        table::add_returned(tx, &row)?;
    }
    Ok(())
}
