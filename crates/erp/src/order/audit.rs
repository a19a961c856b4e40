//! Audit (审核) releases an order to the warehouse; rejection (驳回) takes it back.

use store::Tx;

use super::bits::{BAD_REFUND, bad_words};
use super::document::{Order, Outside, Reserved, StockOut, StockOutLine};
use super::machines::{ORDER, STOCK_OUT};
use super::status::{DeliveryTerm, OrderEvent, OrderStatus, StockOutEvent, StockOutStatus};
use super::submit::need;
use super::{cancel, goods_change, handover, progress, rule, table};
use crate::stock::{self, QuantityColumn};
use crate::{Refusal, Result, Settings, catalog};

/// Audits an order: 待客审 to 已审核, or to 待递交仓库 when somebody else runs its warehouse. Its reserved goods become 待发货量 and a
/// stock-out with a new number is made. An order that finance must see too stops at 待财审. Refused while the order is frozen, waits for stock, has a refund pending, or is not paid.
pub fn audit(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    audit_loaded(tx, settings, &mut order, who)?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// The same for an order in hand; the caller stores it.
pub(super) fn audit_loaded(tx: &mut Tx, settings: &Settings, order: &mut Order, who: &str) -> Result<()> {
    if !rule::finance::concerns(&settings.flow.finance, order) {
        return release(tx, settings, order, OrderEvent::Audit, who);
    }
    let status = ORDER.fire(order.status, OrderEvent::SubmitFinance)?;
    check(settings, order)?;
    order.status = status;
    who.clone_into(&mut order.checker);
    order.revert_reason.clear();
    tx.event("order.to_finance", &order.no, &serde_json::json!({ "by": who }))?;
    Ok(())
}

/// Finance agrees (财审): 待财审 to 已审核, with everything that an audit does.
pub fn finance_audit(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let checker = order.checker.clone();
    release(tx, settings, &mut order, OrderEvent::FinanceAudit, &checker)?;
    who.clone_into(&mut order.marks.finance_checker);
    tx.event("order.finance_audited", &order.no, &serde_json::json!({ "by": who }))?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// Finance does not agree: back to 待客审.
pub fn finance_reject(tx: &mut Tx, no: &str, reason: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    order.status = ORDER.fire(order.status, OrderEvent::FinanceReject)?;
    order.revert_reason = if reason.is_empty() { "财审驳回".to_owned() } else { reason.to_owned() };
    tx.event("order.finance_rejected", &order.no, &serde_json::json!({ "reason": order.revert_reason, "by": who }))?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// What keeps an order from being released, whoever asks.
fn check(settings: &Settings, order: &Order) -> Result<()> {
    if let Some(freeze) = &order.marks.freeze {
        return Err(Refusal::Frozen(order.no.clone(), freeze.note.clone()).into());
    }
    if order.bad_reason & BAD_REFUND != 0 && order.refund_status == 1 {
        return Err(Refusal::RefundPending(order.no.clone()).into());
    }
    let held = order.bad_reason & settings.flow.bad_reason_holds;
    if held != 0 {
        return Err(Refusal::Held(order.no.clone(), bad_words(held)).into());
    }
    let shortage = order.shortage();
    if !shortage.is_empty() {
        return Err(Refusal::Short { order: order.no.clone(), lines: shortage }.into());
    }
    if order.delivery_term == DeliveryTerm::PayFirst && order.paid < order.due {
        return Err(Refusal::NotPaid(order.no.clone(), order.due.to_string(), order.paid.to_string()).into());
    }
    Ok(())
}

/// Hands an order in hand to its warehouse; the caller stores it.
pub(super) fn release(tx: &mut Tx, settings: &Settings, order: &mut Order, event: OrderEvent, who: &str) -> Result<()> {
    let status = ORDER.fire(order.status, of_warehouse(tx, order.warehouse, event)?)?;
    check(settings, order)?;
    let mut lines = Vec::with_capacity(order.lines.len());
    for i in 0..order.lines.len() {
        if order.lines[i].reserved != Reserved::Order {
            continue;
        }
        stock::shift_line(tx, settings, &need(order, i), QuantityColumn::Order, QuantityColumn::Sending)?;
        let line = &mut order.lines[i];
        line.reserved = Reserved::Sending;
        lines.push(StockOutLine {
            id: tx.next("stock_out_line")?,
            order_line: line.id,
            num: line.actual_num,
            cost_price: units::Money::ZERO,
        });
    }
    let counter = tx.next(&settings.stockout_number.stem(tx.now()))?;
    let stock_out = StockOut {
        id: tx.document_id("stock_out")?,
        no: settings.stockout_number.write(tx.now(), counter),
        order: order.id,
        shop: order.shop,
        warehouse: order.warehouse,
        status: StockOutStatus::Audited,
        block_reason: 0,
        outside: Outside::default(),
        consigned: None,
        lines,
        created: tx.now(),
        modified: tx.now(),
    };
    table::save_stock_out(tx, &stock_out)?;
    order.status = status;
    who.clone_into(&mut order.checker);
    order.revert_reason.clear();
    let outside = status == OrderStatus::AwaitingRelease;
    let about = serde_json::json!({ "stockout_no": stock_out.no, "outsourced": outside, "by": who });
    tx.event("order.audited", &order.no, &about)?;
    tx.event("stock_out.created", &stock_out.no, &serde_json::json!({ "trade_no": order.no }))?;
    order.stock_out = Some((stock_out.id, stock_out.no));
    if settings.flow.merge != crate::MergeMode::Off {
        table::forget_open_buyer(tx, order.id)?;
    }
    Ok(())
}

/// The same event at a warehouse that somebody else runs.
fn of_warehouse(tx: &mut Tx, warehouse: i64, event: OrderEvent) -> Result<OrderEvent> {
    let found = tx.remember("warehouse key", &warehouse.to_string(), |tx| catalog::warehouse_by_id(tx, warehouse))?;
    let outsourced = found.is_some_and(|warehouse| warehouse.outsourced());
    Ok(match event {
        OrderEvent::Audit if outsourced => OrderEvent::AuditOutside,
        OrderEvent::FinanceAudit if outsourced => OrderEvent::FinanceAuditOutside,
        event => event,
    })
}

/// Rejects an audited order: back to 待客审, its stock-out is cancelled. What the mall reported meanwhile takes effect now:
/// refunded lines leave the order, exchanged goods take the place of the old ones, and an order whose every line was refunded is
/// cancelled. Refused while a warehouse that somebody else runs has it.
pub fn reject(tx: &mut Tx, settings: &Settings, no: &str, reason: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let status = ORDER.fire(order.status, OrderEvent::Reject)?;
    handover::require_here(tx, &order)?;
    order.status = status;
    close_stock_out(tx, &mut order, reason)?;
    for i in 0..order.lines.len() {
        if order.lines[i].reserved == Reserved::Sending {
            stock::shift_line(tx, settings, &need(&order, i), QuantityColumn::Sending, QuantityColumn::Order)?;
            order.lines[i].reserved = Reserved::Order;
        }
    }
    order.revert_reason = if reason.is_empty() { "驳回".to_owned() } else { reason.to_owned() };
    tx.event("order.rejected", &order.no, &serde_json::json!({ "reason": order.revert_reason, "by": who }))?;
    let mut freed = cancel::drop_refunded_lines(tx, settings, &mut order)?;
    freed.extend(goods_change::follow_all(tx, settings, &mut order)?);
    if !order.has_goods() {
        freed.extend(cancel::cancel_loaded(tx, settings, &mut order, "已全额退款")?);
    }
    table::update_order(tx, &mut order)?;
    progress::follow_all(tx, &order)?;
    cancel::serve(tx, settings, &freed)?;
    Ok(order)
}

/// Cancels the stock-out in force, if there is one.
pub(super) fn close_stock_out(tx: &mut Tx, order: &mut Order, reason: &str) -> Result<()> {
    let Some((id, _)) = order.stock_out.take() else { return Ok(()) };
    let mut stock_out = table::stock_out_by_id(tx, id)?.ok_or(Refusal::QueueRow("出库单不存在"))?;
    stock_out.status = STOCK_OUT.fire(stock_out.status, StockOutEvent::Cancel)?;
    stock_out.modified = tx.now();
    table::save_stock_out(tx, &stock_out)?;
    tx.event("stock_out.cancelled", &stock_out.no, &serde_json::json!({ "trade_no": order.no, "reason": reason }))?;
    Ok(())
}
