//! What an outsourced warehouse reports: pieces shipped (委外出库, type 13) or received (委外入库, type 12).

use store::Tx;
use units::Quantity;

use super::order::OutsourcedOrder;
use super::outsourced_by_no;
use super::status::{Direction, OUTSOURCED, OutsourcedEvent};
use crate::stock::kind::{StockInKind, StockOutKind};
use crate::stock::stock_in::{StockIn, StockInLine, audited_status, open_stock_in, receive};
use crate::stock::table;
use crate::stock::warehouse_out::{WarehouseOut, WarehouseOutLine, issue, open_warehouse_out};
use crate::{Refusal, Result, Settings};

/// Pieces of one spec that moved.
#[derive(Debug, Clone)]
pub struct Reported {
    /// Merchant code.
    pub spec_no: String,
    /// Pieces, more than zero.
    pub num: Quantity,
}

/// Books what the warehouse reports. More than is open on the order is refused.
pub fn report_outsourced(
    tx: &mut Tx,
    settings: &Settings,
    no: &str,
    outer_no: &str,
    reported: &[Reported],
) -> Result<OutsourcedOrder> {
    let (mut order, receiver) = outsourced_by_no(tx, no)?;
    let mut moved: Vec<(usize, Quantity)> = Vec::with_capacity(reported.len());
    for one in reported {
        if !one.num.is_positive() {
            return Err(Refusal::BadNumber { field: "num", why: "应大于0" }.into());
        }
        let (mut asked, mut open, mut known) = (one.num, Quantity::ZERO, false);
        for (at, line) in order.lines.iter_mut().enumerate().filter(|(_, line)| line.spec_no == one.spec_no) {
            known = true;
            open += line.num - line.moved;
            let num = asked.min(line.num - line.moved);
            if num.is_positive() {
                line.moved += num;
                asked -= num;
                moved.push((at, num));
            }
        }
        if !known {
            return Err(Refusal::NotOnOrder(one.spec_no.clone()).into());
        }
        if asked.is_positive() {
            return Err(Refusal::Over { spec_no: one.spec_no.clone(), open: open.to_string() }.into());
        }
    }
    let all = order.lines.iter().all(|line| line.moved >= line.num);
    let event = match (order.direction, all) {
        (Direction::Out, false) => OutsourcedEvent::PartOut,
        (Direction::Out, true) => OutsourcedEvent::AllOut,
        (Direction::In, false) => OutsourcedEvent::PartIn,
        (Direction::In, true) => OutsourcedEvent::AllIn,
    };
    order.status = OUTSOURCED.fire(order.status, event)?;
    match order.direction {
        Direction::Out => ship(tx, settings, &order, outer_no, &moved)?,
        Direction::In => take(tx, settings, &order, outer_no, &moved)?,
    }
    order.modified = tx.now();
    tx.event("outsourced.reported", &order.no, &serde_json::json!({ "status": order.status }))?;
    table::save_outsourced(tx, &order, &receiver)?;
    Ok(order)
}

fn ship(
    tx: &mut Tx,
    settings: &Settings,
    order: &OutsourcedOrder,
    outer_no: &str,
    moved: &[(usize, Quantity)],
) -> Result<()> {
    let mut draft = WarehouseOut {
        outer_no: outer_no.to_owned(),
        source: order.id,
        source_no: order.no.clone(),
        logistics_no: order.logistics_no.clone(),
        ..WarehouseOut::draft(StockOutKind::Outsourced, order.warehouse)
    };
    for (line, num) in moved.iter().filter_map(|(at, num)| order.lines.get(*at).map(|line| (line, *num))) {
        draft.lines.push(WarehouseOutLine {
            source_line: line.id,
            spec: line.spec,
            spec_no: line.spec_no.clone(),
            defect: line.defect,
            num,
            price: line.price,
            batch_no: line.batch_no.clone(),
            expire_date: line.expire_date,
            ..WarehouseOutLine::default()
        });
    }
    let mut out = open_warehouse_out(tx, settings, draft)?;
    issue(tx, settings, &mut out, &|_| Vec::new())
}

fn take(
    tx: &mut Tx,
    settings: &Settings,
    order: &OutsourcedOrder,
    outer_no: &str,
    moved: &[(usize, Quantity)],
) -> Result<()> {
    let mut draft = StockIn {
        outer_no: outer_no.to_owned(),
        source: order.id,
        source_no: order.no.clone(),
        logistics_no: order.logistics_no.clone(),
        ..StockIn::draft(StockInKind::Outsourced, order.warehouse)
    };
    for (line, num) in moved.iter().filter_map(|(at, num)| order.lines.get(*at).map(|line| (line, *num))) {
        draft.lines.push(StockInLine {
            source_line: line.id,
            spec: line.spec,
            spec_no: line.spec_no.clone(),
            defect: line.defect,
            num,
            expect: line.num,
            price: line.price,
            batch_no: line.batch_no.clone(),
            expire_date: line.expire_date,
            validity_days: line.validity_days,
            ..StockInLine::default()
        });
    }
    let mut came = open_stock_in(tx, settings, draft)?;
    receive(tx, settings, &mut came, audited_status(settings), &|_| Vec::new())
}
