//! Making a transfer, auditing and cancelling it, and what an outsourced warehouse answers.

use store::Tx;
use units::Quantity;

use super::document::{Transfer, TransferLine, TransferMode};
use super::status::{TRANSFER, TransferEvent, TransferStatus};
use super::transfer_by_no;
use crate::stock::balance::QuantityColumn;
use crate::stock::bin::positions_known;
use crate::stock::kind::{StockInKind, StockOutKind};
use crate::stock::sheet::{LineMoves, occupy, one};
use crate::stock::stock_in::{StockIn, StockInLine, audited_status, open_stock_in, receive};
use crate::stock::table;
use crate::stock::warehouse_out::{WarehouseOut, WarehouseOutLine, issue, open_warehouse_out};
use crate::{Refusal, Result, Settings, catalog};

/// A transfer to make.
#[derive(Debug, Clone)]
pub struct NewTransfer {
    /// The caller's number.
    pub outer_no: String,
    /// Number of the source warehouse.
    pub from_warehouse_no: String,
    /// Number of the destination warehouse; the source itself only for moves between bins.
    pub to_warehouse_no: String,
    /// Move at once.
    pub quick: bool,
    /// What the lines name.
    pub mode: TransferMode,
    /// Audit at once.
    pub audit: bool,
    /// Contact at the destination.
    pub contact: String,
    /// Telephone of the contact.
    pub telno: String,
    /// Address of the destination.
    pub address: String,
    /// Remark.
    pub remark: String,
    /// The lines.
    pub lines: Vec<NewTransferLine>,
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub struct NewTransferLine {
    /// Merchant code.
    pub spec_no: String,
    /// Pieces, more than zero.
    pub num: Quantity,
    /// Bin at the source.
    pub from_position_no: String,
    /// Bin at the destination.
    pub to_position_no: String,
    /// Remark.
    pub remark: String,
}

/// Makes a transfer, audited at once when asked.
pub fn push_transfer(tx: &mut Tx, settings: &Settings, new: &NewTransfer) -> Result<Transfer> {
    if table::transfer_by_outer_no(tx, &new.outer_no)?.is_some() {
        return Err(Refusal::OuterNoUsed { field: "outer_no", no: new.outer_no.clone() }.into());
    }
    let from = catalog::warehouse_by_no(tx, &new.from_warehouse_no)?;
    let to = catalog::warehouse_by_no(tx, &new.to_warehouse_no)?;
    let by_position = new.mode == TransferMode::ByPosition;
    if from.id == to.id && !by_position {
        return Err(Refusal::SameWarehouse(from.no).into());
    }
    if let Some(outsourced) = [&from, &to].into_iter().find(|warehouse| new.quick && warehouse.outsourced()) {
        return Err(Refusal::WarehouseOutsourced(outsourced.no.clone()).into());
    }
    let specs = catalog::specs_by_no(tx, new.lines.iter().map(|line| &*line.spec_no))?;
    let keys: Vec<i64> = specs.values().map(|spec| spec.id).collect();
    let balances = table::balances_in(tx, from.id, &keys)?;
    let mut lines = Vec::with_capacity(new.lines.len());
    for line in &new.lines {
        let spec = specs.get(&line.spec_no).ok_or_else(|| Refusal::SpecUnknown(line.spec_no.clone()))?;
        if !line.num.is_positive() {
            return Err(Refusal::BadNumber { field: "num", why: "应大于0" }.into());
        }
        let here = balances.iter().find(|row| row.spec == spec.id && row.defect == 0);
        lines.push(TransferLine {
            spec: spec.id,
            spec_no: spec.no.clone(),
            num: line.num,
            stock_num: here.map(|row| row.quantities.stock_num).unwrap_or_default(),
            from_position: line.from_position_no.clone(),
            to_position: line.to_position_no.clone(),
            remark: line.remark.clone(),
            ..TransferLine::default()
        });
    }
    if by_position {
        positions_known(tx, settings, from.id, lines.iter().map(|line| &*line.from_position), false)?;
        positions_known(tx, settings, to.id, lines.iter().map(|line| &*line.to_position), true)?;
    }
    let counter = tx.next(&settings.stock.transfer_number.stem(tx.now()))?;
    let mut order = Transfer {
        id: tx.document_id("transfer")?,
        no: settings.stock.transfer_number.write(tx.now(), counter),
        outer_no: new.outer_no.clone(),
        quick: new.quick,
        mode: new.mode,
        from: from.id,
        to: to.id,
        status: TransferStatus::AwaitingAudit,
        contact: new.contact.clone(),
        telno: new.telno.clone(),
        address: new.address.clone(),
        logistics_no: String::new(),
        post_fee: units::Money::ZERO,
        from_wms_order_no: String::new(),
        to_wms_order_no: String::new(),
        push_error: String::new(),
        out_no: String::new(),
        in_no: String::new(),
        remark: new.remark.clone(),
        lines,
        checked: None,
        created: tx.now(),
        modified: tx.now(),
    };
    for line in &mut order.lines {
        line.id = tx.document_id("transfer_line")?;
    }
    tx.event("transfer.created", &order.no, &serde_json::json!({ "outer_no": order.outer_no }))?;
    if new.audit {
        release(tx, settings, &mut order)?;
    }
    table::save_transfer(tx, &order)?;
    Ok(order)
}

/// Audits a transfer: a quick one moves, a stepwise one reserves its goods at the source.
pub fn audit_transfer(tx: &mut Tx, settings: &Settings, no: &str) -> Result<Transfer> {
    let mut order = transfer_by_no(tx, no)?;
    release(tx, settings, &mut order)?;
    table::save_transfer(tx, &order)?;
    Ok(order)
}

fn release(tx: &mut Tx, settings: &Settings, order: &mut Transfer) -> Result<()> {
    let event = if order.quick {
        TransferEvent::Quick
    } else if catalog::warehouse_by_id(tx, order.from)?.is_some_and(|warehouse| warehouse.outsourced()) {
        TransferEvent::AuditOutsourced
    } else {
        TransferEvent::Audit
    };
    order.status = TRANSFER.fire(order.status, event)?;
    if order.quick {
        move_at_once(tx, settings, order)?;
    } else {
        occupy(tx, settings, order.from, &order.no, &promised(order, |line| line.num))?;
    }
    order.checked = Some(tx.now());
    order.modified = tx.now();
    tx.event("transfer.audited", &order.no, &serde_json::json!({ "status": order.status }))?;
    Ok(())
}

fn promised(order: &Transfer, num: impl Fn(&TransferLine) -> Quantity) -> Vec<LineMoves> {
    order.lines.iter().map(|line| (line.spec, 0, one(QuantityColumn::ToTransfer, num(line)))).collect()
}

/// A stock-out and a stock-in of type 2 in one go; the goods bring their cost along.
fn move_at_once(tx: &mut Tx, settings: &Settings, order: &mut Transfer) -> Result<()> {
    let out = order.lines.iter().map(|line| WarehouseOutLine {
        source_line: line.id,
        spec: line.spec,
        spec_no: line.spec_no.clone(),
        num: line.num,
        position_no: line.from_position.clone(),
        remark: line.remark.clone(),
        ..WarehouseOutLine::default()
    });
    let mut out = open_warehouse_out(
        tx,
        settings,
        WarehouseOut {
            source: order.id,
            source_no: order.no.clone(),
            lines: out.collect(),
            ..WarehouseOut::draft(StockOutKind::Transfer, order.from)
        },
    )?;
    issue(tx, settings, &mut out, &|_| Vec::new())?;
    for (line, gone) in order.lines.iter_mut().zip(&out.lines) {
        line.out_num = line.num;
        line.out_cost = gone.cost_price.times(gone.num);
    }
    let came = order.lines.iter().map(|line| StockInLine {
        source_line: line.id,
        spec: line.spec,
        spec_no: line.spec_no.clone(),
        num: line.num,
        expect: line.num,
        price: line.cost(),
        position_no: line.to_position.clone(),
        remark: line.remark.clone(),
        ..StockInLine::default()
    });
    let mut came = open_stock_in(
        tx,
        settings,
        StockIn {
            source: order.id,
            source_no: order.no.clone(),
            lines: came.collect(),
            ..StockIn::draft(StockInKind::Transfer, order.to)
        },
    )?;
    receive(tx, settings, &mut came, audited_status(settings), &|_| Vec::new())?;
    for line in &mut order.lines {
        line.in_num = line.num;
    }
    (order.out_no, order.in_no) = (out.no, came.no);
    Ok(())
}

/// Cancels a transfer of which nothing has left; what it reserved is free again.
pub fn cancel_transfer(tx: &mut Tx, settings: &Settings, no: &str) -> Result<Transfer> {
    let mut order = transfer_by_no(tx, no)?;
    let counted = !matches!(order.status, TransferStatus::Editing | TransferStatus::AwaitingAudit);
    order.status = TRANSFER.fire(order.status, TransferEvent::Cancel)?;
    if counted {
        occupy(tx, settings, order.from, &order.no, &promised(&order, |line| -line.open_out()))?;
    }
    order.modified = tx.now();
    tx.event("transfer.cancelled", &order.no, &serde_json::json!({ "status": order.status }))?;
    table::save_transfer(tx, &order)?;
    Ok(order)
}

/// Settles a transfer that waits for it (80 → 90).
pub fn settle_transfer(tx: &mut Tx, no: &str) -> Result<Transfer> {
    let mut order = transfer_by_no(tx, no)?;
    order.status = TRANSFER.fire(order.status, TransferEvent::Settle)?;
    order.modified = tx.now();
    tx.event("transfer.settled", &order.no, &serde_json::json!({ "status": order.status }))?;
    table::save_transfer(tx, &order)?;
    Ok(order)
}

/// What the outsourced warehouse said to the order that it was pushed: its number, or why it will not have it. The out order
/// while nothing has left, the in order after that.
pub fn transfer_pushed(tx: &mut Tx, no: &str, answer: std::result::Result<&str, &str>) -> Result<Transfer> {
    let mut order = transfer_by_no(tx, no)?;
    let outward = matches!(order.status, TransferStatus::OutAwaitingPush | TransferStatus::OutPushFailed);
    let event = if answer.is_ok() { TransferEvent::Pushed } else { TransferEvent::PushFailed };
    order.status = TRANSFER.fire(order.status, event)?;
    match answer {
        Ok(number) if outward => order.from_wms_order_no = number.to_owned(),
        Ok(number) => order.to_wms_order_no = number.to_owned(),
        Err(_) => {}
    }
    order.push_error = answer.err().unwrap_or_default().to_owned();
    order.modified = tx.now();
    tx.event("transfer.pushed", &order.no, &serde_json::json!({ "status": order.status, "error": order.push_error }))?;
    table::save_transfer(tx, &order)?;
    Ok(order)
}
