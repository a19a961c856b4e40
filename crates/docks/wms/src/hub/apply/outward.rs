//! Goods that left for others than buyers: `stockout.confirm`.

use erp::purchase::{self, NewReturnOut, NewReturnOutLine, PushOutcome, ReturnStatus};
use erp::stock::{self, NewStep, NewStepLine, TransferStatus};
use store::Tx;
use units::Quantity;

use super::inward::outsourced;
use super::{Applied, Place, found, positive, unknown};
use crate::message::StockOutConfirm;

pub(super) fn confirm(tx: &mut Tx, at: &Place<'_>, said: &StockOutConfirm) -> Applied {
    let no = &said.order.code;
    let left: Vec<(String, Quantity)> = said
        .lines
        .iter()
        .filter(|line| !line.actual_qty.is_zero())
        .map(|line| (line.item_code.clone(), line.actual_qty))
        .collect();
    for (item, num) in &left {
        positive(item, *num)?;
    }
    let waybill = said.order.express_code.clone().unwrap_or_default();
    if let Some(order) = found(purchase::return_by_no(tx, no))? {
        at.require(order.warehouse, no)?;
        return purchase_return(tx, at, &order, left, waybill);
    }
    if let Some(order) = found(stock::transfer_by_no(tx, no))? {
        at.require(order.from, no)?;
        return transfer(tx, at, &order, left, waybill);
    }
    if let Some((order, _)) = found(stock::outsourced_by_no(tx, no))? {
        at.require(order.warehouse, no)?;
        return outsourced(tx, at, &order, &left);
    }
    unknown(no)
}

fn purchase_return(
    tx: &mut Tx,
    at: &Place<'_>,
    order: &purchase::PurchaseReturn,
    left: Vec<(String, Quantity)>,
    waybill: String,
) -> Applied {
    if matches!(order.status, ReturnStatus::AwaitingPush | ReturnStatus::PushFailed) {
        purchase::return_pushed(tx, at.settings, &order.no, &PushOutcome::Accepted(String::new()))?;
    }
    if left.is_empty() {
        return Ok(());
    }
    let lines = left.into_iter().map(|(spec_no, num)| NewReturnOutLine { spec_no, num, ..NewReturnOutLine::default() });
    let new = NewReturnOut {
        return_no: order.no.clone(),
        outer_no: at.outer_no(),
        logistics_no: waybill,
        remark: "委外仓回传".to_owned(),
        lines: lines.collect(),
        ..NewReturnOut::default()
    };
    purchase::push_return_out(tx, at.settings, &new, true)?;
    Ok(())
}

fn transfer(
    tx: &mut Tx,
    at: &Place<'_>,
    order: &stock::Transfer,
    left: Vec<(String, Quantity)>,
    waybill: String,
) -> Applied {
    if matches!(order.status, TransferStatus::OutAwaitingPush | TransferStatus::OutPushFailed) {
        stock::transfer_pushed(tx, &order.no, Ok(""))?;
    }
    if left.is_empty() {
        return Ok(());
    }
    let lines = left.into_iter().map(|(spec_no, num)| NewStepLine { spec_no, num, ..NewStepLine::default() });
    let place = at.binding.place_of(order.from).map(|place| place.no.clone()).unwrap_or_default();
    let step = NewStep {
        transfer_no: order.no.clone(),
        outer_no: at.outer_no(),
        warehouse_no: place,
        audit: true,
        logistics_no: waybill,
        remark: "委外仓回传".to_owned(),
        lines: lines.collect(),
        ..NewStep::default()
    };
    stock::push_transfer_out(tx, at.settings, &step)?;
    Ok(())
}
