//! Goods that came in: `entryorder.confirm`, `returnorder.confirm`.

use erp::aftersale::{self, NewReturnIn, NewReturnLine, RefundStatus};
use erp::purchase::{self, NewPurchaseIn, NewPurchaseInLine, PurchaseStatus, PushOutcome};
use erp::stock::{self, NewStep, NewStepLine, OutsourcedStatus, Reported, TransferStatus};
use store::Tx;
use units::Quantity;

use super::super::WHO;
use super::{Applied, Place, Unapplied, defect, found, positive, unknown};
use crate::message::{EntryConfirm, ReceivedLine, ReturnConfirm};

/// Whatever the receipt was announced for: a purchase, a transfer, an outsourced order.
pub(super) fn entry(tx: &mut Tx, at: &Place<'_>, said: &EntryConfirm) -> Applied {
    let no = &said.order.code;
    // A line of which nothing came says so.
    let came: Vec<&ReceivedLine> = said.lines.iter().filter(|line| !line.actual_qty.is_zero()).collect();
    for line in &came {
        positive(&line.item_code, line.actual_qty)?;
    }
    if let Some(order) = found(purchase::order_by_no(tx, no))? {
        at.require(order.warehouse, no)?;
        return purchase(tx, at, &order, &came);
    }
    if let Some(order) = found(stock::transfer_by_no(tx, no))? {
        at.require(order.to, no)?;
        return transfer(tx, at, &order, &came);
    }
    if let Some((order, _)) = found(stock::outsourced_by_no(tx, no))? {
        at.require(order.warehouse, no)?;
        return outsourced(tx, at, &order, &moved(&came));
    }
    unknown(no)
}

fn purchase(tx: &mut Tx, at: &Place<'_>, order: &purchase::PurchaseOrder, came: &[&ReceivedLine]) -> Applied {
    if matches!(order.status, PurchaseStatus::AwaitingPush | PurchaseStatus::PushFailed) {
        // Whoever receives the goods of an order has it, whatever became of our message.
        purchase::order_pushed(tx, at.settings, &order.no, &PushOutcome::Accepted(String::new()))?;
    }
    let mut lines = Vec::with_capacity(came.len());
    for line in came {
        if defect(line.inventory_type.as_ref())? != 0 {
            return Err(Unapplied::Never(format!("采购单{}收到残次品{}", order.no, line.item_code)));
        }
        // Who books a receipt himself may take more than was ordered; what a warehouse of somebody else says, a person looks at.
        let item = &line.item_code;
        let open = order.lines.iter().find(|of_order| of_order.item.spec_no == *item).map(|of_order| of_order.lack());
        let all: Quantity = came.iter().filter(|of| of.item_code == *item).map(|of| of.actual_qty).sum();
        if let Some(open) = open.filter(|open| all > *open) {
            return Err(Unapplied::Never(format!("采购单{}货品{item}到货{all},超出未到货数量{open}", order.no)));
        }
        lines.push(NewPurchaseInLine {
            spec_no: line.item_code.clone(),
            num: line.actual_qty,
            batch_no: line.batch_code.clone().unwrap_or_default(),
            ..NewPurchaseInLine::default()
        });
    }
    if lines.is_empty() {
        return Ok(());
    }
    let place = at.binding.place_of(order.warehouse).map(|place| place.no.clone()).unwrap_or_default();
    let new = NewPurchaseIn {
        purchase_no: order.no.clone(),
        outer_no: at.outer_no(),
        warehouse_no: place,
        create_batch: true,
        remark: "委外仓回传".to_owned(),
        lines,
        ..NewPurchaseIn::default()
    };
    purchase::push_stock_in(tx, at.settings, &new, true)?;
    Ok(())
}

fn transfer(tx: &mut Tx, at: &Place<'_>, order: &stock::Transfer, came: &[&ReceivedLine]) -> Applied {
    match order.status {
        TransferStatus::InAwaitingPush | TransferStatus::InPushFailed => {
            stock::transfer_pushed(tx, &order.no, Ok(""))?;
        }
        TransferStatus::AwaitingOut | TransferStatus::Audited => {
            return Err(Unapplied::Later(format!("调拨单{}尚未出库", order.no)));
        }
        _ => {}
    }
    let mut lines = Vec::with_capacity(came.len());
    for line in came {
        if defect(line.inventory_type.as_ref())? != 0 {
            return Err(Unapplied::Never(format!("调拨单{}收到残次品{}", order.no, line.item_code)));
        }
        lines.push(NewStepLine {
            spec_no: line.item_code.clone(),
            num: line.actual_qty,
            batch_no: line.batch_code.clone().unwrap_or_default(),
            ..NewStepLine::default()
        });
    }
    if lines.is_empty() {
        return Ok(());
    }
    let place = at.binding.place_of(order.to).map(|place| place.no.clone()).unwrap_or_default();
    let step = NewStep {
        transfer_no: order.no.clone(),
        outer_no: at.outer_no(),
        warehouse_no: place,
        audit: true,
        create_batch: true,
        remark: "委外仓回传".to_owned(),
        lines,
        ..NewStep::default()
    };
    stock::push_transfer_in(tx, at.settings, &step)?;
    Ok(())
}

fn moved(came: &[&ReceivedLine]) -> Vec<(String, Quantity)> {
    came.iter().map(|line| (line.item_code.clone(), line.actual_qty)).collect()
}

/// Books what moved of an outsourced order, in or out.
pub(super) fn outsourced(
    tx: &mut Tx,
    at: &Place<'_>,
    order: &stock::OutsourcedOrder,
    moved: &[(String, Quantity)],
) -> Applied {
    if matches!(order.status, OutsourcedStatus::AwaitingPush | OutsourcedStatus::PushFailed) {
        stock::outsourced_pushed(tx, &order.no, Ok(&order.no))?;
    }
    let mut reported: Vec<Reported> = Vec::new();
    for (spec_no, num) in moved {
        match reported.iter_mut().find(|known| known.spec_no == *spec_no) {
            Some(known) => known.num += *num,
            None => reported.push(Reported { spec_no: spec_no.clone(), num: *num }),
        }
    }
    if !reported.is_empty() {
        stock::report_outsourced(tx, at.settings, &order.no, &at.outer_no(), &reported)?;
    }
    Ok(())
}

/// What a buyer sent back.
pub(super) fn returned(tx: &mut Tx, at: &Place<'_>, said: &ReturnConfirm) -> Applied {
    let no = &said.order.code;
    let Some(refund) = found(aftersale::refund_by_no(tx, no))? else { return unknown(no) };
    let place = at.binding.place_called(&said.order.warehouse_code);
    let place = place.ok_or_else(|| Unapplied::Never(format!("仓库{}没有对接", said.order.warehouse_code)))?;
    if matches!(refund.status, RefundStatus::AwaitingPush | RefundStatus::PushFailed) {
        aftersale::announce_result(tx, no, Ok(""), WHO)?;
    }
    let mut lines = Vec::with_capacity(said.lines.len());
    for line in said.lines.iter().filter(|line| !line.actual_qty.is_zero()) {
        positive(&line.item_code, line.actual_qty)?;
        lines.push(NewReturnLine {
            spec_no: line.item_code.clone(),
            num: line.actual_qty,
            defect: defect(line.inventory_type.as_ref())?,
            batch_no: line.batch_code.clone().unwrap_or_default(),
            ..NewReturnLine::default()
        });
    }
    if lines.is_empty() {
        return Ok(());
    }
    let new = NewReturnIn {
        refund_no: no.clone(),
        outer_no: at.outer_no(),
        warehouse_no: place.no.clone(),
        audit: true,
        create_batch: true,
        logistics_no: said.order.express_code.clone().unwrap_or_default(),
        remark: "委外仓回传".to_owned(),
        lines,
        ..NewReturnIn::default()
    };
    aftersale::push_return_in(tx, at.settings, &new)?;
    Ok(())
}
