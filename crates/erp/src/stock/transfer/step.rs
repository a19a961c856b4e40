//! The two steps of a stepwise transfer: out of the source (调拨出库), into the destination (调拨入库; fact sheet wdt-2, 5.9, 5.10).

use store::Tx;
use units::{Moment, Money, Quantity};

use super::document::{Transfer, TransferLine};
use super::status::{TRANSFER, TransferEvent, TransferStatus};
use crate::stock::balance::QuantityColumn;
use crate::stock::bin::{batches_known, positions_known};
use crate::stock::kind::{StockInKind, StockOutKind};
use crate::stock::sheet::{occupy, one};
use crate::stock::stock_in::{StockIn, StockInLine, audited_status, open_stock_in, receive, stock_in_no_is_free};
use crate::stock::table;
use crate::stock::warehouse_out::{
    WarehouseOut, WarehouseOutLine, issue, open_warehouse_out, warehouse_out_no_is_free,
};
use crate::{Refusal, Result, Settings, catalog};

/// A step to make.
#[derive(Debug, Clone, Default)]
pub struct NewStep {
    /// Number of the transfer.
    pub transfer_no: String,
    /// The caller's number.
    pub outer_no: String,
    /// Warehouse number: the source of an out step, the destination of an in step.
    pub warehouse_no: String,
    /// Audit at once.
    pub audit: bool,
    /// Batches that nobody has seen yet may be made (in steps).
    pub create_batch: bool,
    /// Carrier number; empty = none.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight.
    pub post_fee: Money,
    /// Mark.
    pub flag_name: String,
    /// Remark.
    pub remark: String,
    /// The lines.
    pub lines: Vec<NewStepLine>,
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub struct NewStepLine {
    /// Merchant code.
    pub spec_no: String,
    /// Pieces, more than zero.
    pub num: Quantity,
    /// Price of a piece (out steps).
    pub price: Money,
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
    /// Remark.
    pub remark: String,
}

/// Makes the stock-out of a transfer; without audit it waits (50) and nothing moves.
pub fn push_transfer_out(tx: &mut Tx, settings: &Settings, new: &NewStep) -> Result<WarehouseOut> {
    warehouse_out_no_is_free(tx, &new.outer_no)?;
    let transfer = transfer_of(tx, new, |transfer| transfer.from)?;
    TRANSFER.fire(transfer.status, TransferEvent::PartOut)?;
    let shares = shares(&transfer, new, TransferLine::open_out)?;
    positions_known(tx, settings, transfer.from, new.lines.iter().map(|line| &*line.position_no), false)?;
    batches_known(tx, settings, false, shares.iter().map(|share| (share.line.spec, &*share.new.batch_no)))?;
    let lines = shares.iter().map(|Share { line, new, num }| WarehouseOutLine {
        source_line: line.id,
        spec: line.spec,
        spec_no: line.spec_no.clone(),
        num: *num,
        price: new.price,
        position_no: chosen(&new.position_no, &line.from_position),
        batch_no: new.batch_no.clone(),
        production_date: new.production_date,
        expire_date: new.expire_date,
        remark: new.remark.clone(),
        ..WarehouseOutLine::default()
    });
    let draft = WarehouseOut {
        outer_no: new.outer_no.clone(),
        source: transfer.id,
        source_no: transfer.no.clone(),
        remark: new.remark.clone(),
        logistics_code: new.logistics_code.clone(),
        logistics_no: new.logistics_no.clone(),
        flag_name: new.flag_name.clone(),
        post_cost: new.post_fee,
        lines: lines.collect(),
        ..WarehouseOut::draft(StockOutKind::Transfer, transfer.from)
    };
    let mut order = open_warehouse_out(tx, settings, draft)?;
    if new.audit {
        audit_transfer_out(tx, settings, &mut order)?;
    }
    Ok(order)
}

/// Makes the stock-in of a transfer; without audit it waits (30) and nothing moves.
pub fn push_transfer_in(tx: &mut Tx, settings: &Settings, new: &NewStep) -> Result<StockIn> {
    stock_in_no_is_free(tx, &new.outer_no)?;
    let transfer = transfer_of(tx, new, |transfer| transfer.to)?;
    TRANSFER.fire(transfer.status, TransferEvent::PartIn)?;
    let shares = shares(&transfer, new, TransferLine::open_in)?;
    positions_known(tx, settings, transfer.to, new.lines.iter().map(|line| &*line.position_no), true)?;
    let batches = shares.iter().map(|share| (share.line.spec, &*share.new.batch_no));
    batches_known(tx, settings, new.create_batch, batches)?;
    let lines = shares.iter().map(|Share { line, new, num }| StockInLine {
        source_line: line.id,
        spec: line.spec,
        spec_no: line.spec_no.clone(),
        num: *num,
        expect: line.open_in(),
        price: line.cost(),
        position_no: chosen(&new.position_no, &line.to_position),
        batch_no: new.batch_no.clone(),
        production_date: new.production_date,
        expire_date: new.expire_date,
        validity_days: new.validity_days,
        remark: new.remark.clone(),
        ..StockInLine::default()
    });
    let draft = StockIn {
        outer_no: new.outer_no.clone(),
        source: transfer.id,
        source_no: transfer.no.clone(),
        remark: new.remark.clone(),
        logistics_code: new.logistics_code.clone(),
        logistics_no: new.logistics_no.clone(),
        post_fee: new.post_fee,
        lines: lines.collect(),
        ..StockIn::draft(StockInKind::Transfer, transfer.to)
    };
    let mut order = open_stock_in(tx, settings, draft)?;
    if new.audit {
        audit_transfer_in(tx, settings, &mut order)?;
    }
    Ok(order)
}

fn chosen(given: &str, planned: &str) -> String {
    if given.is_empty() { planned.to_owned() } else { given.to_owned() }
}

/// The transfer of a step, whose warehouse and carrier are as they must be.
fn transfer_of(tx: &mut Tx, new: &NewStep, place: impl Fn(&Transfer) -> i64) -> Result<Transfer> {
    let transfer = table::transfer_by_no(tx, &new.transfer_no)?
        .ok_or_else(|| Refusal::SourceUnknown { what: "调拨单", no: new.transfer_no.clone() })?;
    let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
    if warehouse.id != place(&transfer) {
        return Err(Refusal::WarehouseOfOther(warehouse.no).into());
    }
    if !new.logistics_code.is_empty() {
        catalog::carrier_by_no(tx, &new.logistics_code)?;
    }
    Ok(transfer)
}

/// What a line of a step takes of a line of the transfer.
struct Share<'a> {
    line: &'a TransferLine,
    new: &'a NewStepLine,
    num: Quantity,
}

/// Spreads the lines of a step over the lines of the transfer with the same merchant code, in order.
fn shares<'a>(
    transfer: &'a Transfer,
    step: &'a NewStep,
    open: impl Fn(&TransferLine) -> Quantity,
) -> Result<Vec<Share<'a>>> {
    let mut left: Vec<Quantity> = transfer.lines.iter().map(&open).collect();
    let mut shares = Vec::with_capacity(step.lines.len());
    for new in &step.lines {
        if !new.num.is_positive() {
            return Err(Refusal::BadNumber { field: "num", why: "应大于0" }.into());
        }
        if new.price.is_negative() {
            return Err(Refusal::BadNumber { field: "price", why: "不能小于0" }.into());
        }
        let mut asked = new.num;
        let mut known = false;
        let mut was_open = Quantity::ZERO;
        for (line, left) in transfer.lines.iter().zip(&mut left).filter(|(line, _)| line.spec_no == new.spec_no) {
            known = true;
            was_open += *left;
            let num = asked.min(*left);
            if num.is_positive() {
                asked -= num;
                *left -= num;
                shares.push(Share { line, new, num });
            }
        }
        if !known {
            return Err(Refusal::NotOnOrder(new.spec_no.clone()).into());
        }
        if asked.is_positive() {
            return Err(Refusal::Over { spec_no: new.spec_no.clone(), open: was_open.to_string() }.into());
        }
    }
    Ok(shares)
}

/// Lets the goods of a transfer's stock-out leave: they are on their way to the destination from now on.
pub(crate) fn audit_transfer_out(tx: &mut Tx, settings: &Settings, order: &mut WarehouseOut) -> Result<()> {
    let mut transfer = upper(tx, &order.source_no)?;
    for line in &order.lines {
        add(&mut transfer, line.source_line, &line.spec_no, line.num, TransferLine::open_out, |line| {
            &mut line.out_num
        })?;
    }
    let all_out = transfer.all_out();
    transfer.status =
        TRANSFER.fire(transfer.status, if all_out { TransferEvent::AllOut } else { TransferEvent::PartOut })?;
    issue(tx, settings, order, &|line| one(QuantityColumn::ToTransfer, -line.num))?;
    let on_way: Vec<_> =
        order.lines.iter().map(|line| (line.spec, 0, one(QuantityColumn::Transfer, line.num))).collect();
    occupy(tx, settings, transfer.to, &order.no, &on_way)?;
    for line in &order.lines {
        if let Some(upper) = transfer.lines.iter_mut().find(|upper| upper.id == line.source_line) {
            upper.out_cost += line.cost_price.times(line.num);
            upper.batch_no.clone_from(&line.batch_no);
            upper.expire_date = line.expire_date;
        }
    }
    transfer.out_no.clone_from(&order.no);
    transfer.post_fee += order.post_cost;
    if !order.logistics_no.is_empty() {
        transfer.logistics_no.clone_from(&order.logistics_no);
    }
    let outsourced = catalog::warehouse_by_id(tx, transfer.to)?.is_some_and(|warehouse| warehouse.outsourced());
    if transfer.status == TransferStatus::AllOut && outsourced {
        transfer.status = TRANSFER.fire(transfer.status, TransferEvent::QueueIn)?;
    }
    keep(tx, &mut transfer, "transfer.out")
}

/// Takes the goods of a transfer's stock-in on hand at the destination, at the cost with which they left.
pub(crate) fn audit_transfer_in(tx: &mut Tx, settings: &Settings, order: &mut StockIn) -> Result<()> {
    let mut transfer = upper(tx, &order.source_no)?;
    for line in &order.lines {
        add(&mut transfer, line.source_line, &line.spec_no, line.num, TransferLine::open_in, |line| &mut line.in_num)?;
    }
    let event = match (transfer.all_in() && transfer.all_out(), settings.stock.settle_transfer) {
        (false, _) => TransferEvent::PartIn,
        (true, false) => TransferEvent::AllIn,
        (true, true) => TransferEvent::AllInUnsettled,
    };
    transfer.status = TRANSFER.fire(transfer.status, event)?;
    receive(tx, settings, order, audited_status(settings), &|line| one(QuantityColumn::Transfer, -line.num))?;
    transfer.in_no.clone_from(&order.no);
    keep(tx, &mut transfer, "transfer.in")
}

fn upper(tx: &mut Tx, no: &str) -> Result<Transfer> {
    let found = table::transfer_by_no(tx, no)?;
    found.ok_or_else(|| Refusal::SourceUnknown { what: "调拨单", no: no.to_owned() }.into())
}

fn add(
    transfer: &mut Transfer,
    line: i64,
    spec_no: &str,
    num: Quantity,
    open: impl Fn(&TransferLine) -> Quantity,
    done: impl Fn(&mut TransferLine) -> &mut Quantity,
) -> Result<()> {
    let line = transfer.lines.iter_mut().find(|upper| upper.id == line);
    let line = line.ok_or_else(|| Refusal::NotOnOrder(spec_no.to_owned()))?;
    let open = open(line);
    if num > open {
        return Err(Refusal::Over { spec_no: spec_no.to_owned(), open: open.to_string() }.into());
    }
    *done(line) += num;
    Ok(())
}

fn keep(tx: &mut Tx, transfer: &mut Transfer, topic: &'static str) -> Result<()> {
    transfer.modified = tx.now();
    tx.event(topic, &transfer.no, &serde_json::json!({ "status": transfer.status }))?;
    table::save_transfer(tx, transfer)
}
