//! An order of a warehouse that somebody else runs (委外仓库), from the audit to the shipment: handed over, accepted or refused,
//! worked on, given back (states 40 to 55).
//!
//! Here stands what is known of it; how the warehouse is told and how it answers is a dock's business. While such a warehouse has
//! the order nobody changes it: it must give it back first. What is not known counts as open, never as done.

use store::Tx;
use units::Quantity;

use super::bits::{BLOCK_REVOKED, block_words, holding};
use super::document::{Order, StockOut};
use super::machines::{ORDER, STOCK_OUT};
use super::status::{OrderEvent, OrderStatus, StockOutEvent, WmsStatus};
use super::table;
use crate::{Refusal, Result};

/// What the warehouse answered to an order that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// It has the order, under this number (may be empty).
    Accepted(String),
    /// It does not take the order, and why.
    Refused(String),
    /// No answer came in time, or one that cannot be read: the order may or may not be there.
    Unanswered(String),
}

/// Whether a warehouse of somebody else has the order, or may have it.
pub(super) fn is_away(order: &Order, stock_out: Option<&StockOut>) -> bool {
    match order.status {
        OrderStatus::Releasing | OrderStatus::Released | OrderStatus::Unconfirmed => true,
        OrderStatus::Audited => stock_out.is_some_and(|out| out.outside.status != WmsStatus::NotTold),
        _ => false,
    }
}

/// Refuses what must not happen to an order while a warehouse of somebody else has it.
pub(super) fn require_here(tx: &mut Tx, order: &Order) -> Result<()> {
    if !(45..=55).contains(&order.status.code()) {
        return Ok(());
    }
    let stock_out = stock_out_of(tx, order)?;
    if is_away(order, stock_out.as_ref()) { Err(Refusal::WithWarehouse(order.no.clone()).into()) } else { Ok(()) }
}

/// Whether one of these orders is with a warehouse of somebody else.
pub(crate) fn any_away(tx: &mut Tx, orders: impl Iterator<Item = i64>) -> Result<bool> {
    for id in orders {
        if let Some(order) = table::order_by_id(tx, id)?
            && let Err(error) = require_here(tx, &order)
        {
            return match error {
                crate::Error::Refused(_) => Ok(true),
                error => Err(error),
            };
        }
    }
    Ok(false)
}

fn stock_out_of(tx: &mut Tx, order: &Order) -> Result<Option<StockOut>> {
    match &order.stock_out {
        Some((id, _)) => table::stock_out_by_id(tx, *id),
        None => Ok(None),
    }
}

/// What every step does: the order goes where the table says, what the warehouse says of the stock-out is noted.
fn step(
    tx: &mut Tx,
    no: &str,
    event: OrderEvent,
    topic: &'static str,
    note: impl Fn(&Order, &mut StockOut) -> Result<serde_json::Value>,
) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let status = ORDER.fire(order.status, event)?;
    let mut stock_out = stock_out_of(tx, &order)?.ok_or(Refusal::QueueRow("出库单不存在"))?;
    let body = note(&order, &mut stock_out)?;
    order.status = status;
    stock_out.modified = tx.now();
    tx.event(topic, &order.no, &body)?;
    table::save_stock_out(tx, &stock_out)?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// The order is on its way to the warehouse (递交仓库): 待递交仓库, or 未确认 once more, to 递交仓库中. Refused while the stock-out is
/// intercepted.
pub fn hand_over(tx: &mut Tx, no: &str, who: &str) -> Result<Order> {
    step(tx, no, OrderEvent::HandOver, "order.handing_over", |_, stock_out| {
        let held = holding(stock_out.block_reason);
        if held != 0 {
            return Err(Refusal::Blocked { no: stock_out.no.clone(), reason: block_words(held) }.into());
        }
        stock_out.outside.status = WmsStatus::Told;
        stock_out.outside.tries += 1;
        Ok(serde_json::json!({ "stockout_no": stock_out.no, "try": stock_out.outside.tries, "by": who }))
    })
}

/// What the warehouse answered: 已递交仓库, back to 待递交仓库, or 未确认 while nobody knows.
pub fn handed_over(tx: &mut Tx, no: &str, answer: &Handed) -> Result<Order> {
    let (event, topic, status, text) = match answer {
        Handed::Accepted(number) => (OrderEvent::Accept, "order.handed_over", WmsStatus::Accepted, number),
        Handed::Refused(why) => (OrderEvent::Refuse, "order.refused_by_warehouse", WmsStatus::Refused, why),
        Handed::Unanswered(why) => (OrderEvent::Unanswered, "order.unanswered", WmsStatus::Unanswered, why),
    };
    step(tx, no, event, topic, |_, stock_out| {
        let outside = &mut stock_out.outside;
        outside.status = status;
        match answer {
            Handed::Accepted(_) => {
                outside.no.clone_from(text);
                outside.note.clear();
            }
            Handed::Refused(_) | Handed::Unanswered(_) => outside.note.clone_from(text),
        }
        Ok(serde_json::json!({ "stockout_no": stock_out.no, "wms_no": outside.no, "note": outside.note }))
    })
}

/// The warehouse confirmed the order and works on it: 已递交仓库 or 未确认 to 已审核. Further reports of an order that is there already only
/// change the note.
pub fn warehouse_works(tx: &mut Tx, no: &str, how_far: &str, who: &str) -> Result<Order> {
    let order = table::order(tx, no)?;
    if order.status == OrderStatus::Audited {
        return note(tx, order, "order.in_process", how_far, who);
    }
    step(tx, no, OrderEvent::Work, "order.in_process", |_, stock_out| {
        stock_out.outside.status = WmsStatus::Working;
        how_far.clone_into(&mut stock_out.outside.note);
        Ok(serde_json::json!({ "stockout_no": stock_out.no, "note": how_far, "by": who }))
    })
}

/// The warehouse lacks goods of an order that it has: a person decides (ask for it back, or wait). Nothing moves; lines are merchant
/// codes and pieces.
pub fn warehouse_lacks(tx: &mut Tx, no: &str, lines: &[(String, Quantity)], who: &str) -> Result<Order> {
    let order = table::order(tx, no)?;
    let said: Vec<String> = lines.iter().map(|(spec, num)| format!("{spec}×{num}")).collect();
    note(tx, order, "order.lacked", &format!("仓库缺货:{}", said.join(",")), who)
}

fn note(tx: &mut Tx, mut order: Order, topic: &'static str, text: &str, who: &str) -> Result<Order> {
    let mut stock_out = stock_out_of(tx, &order)?.ok_or(Refusal::QueueRow("出库单不存在"))?;
    if !is_away(&order, Some(&stock_out)) {
        return Err(Refusal::NotThisWay("不在委外仓库的订单").into());
    }
    if stock_out.outside.note == text {
        return Ok(order);
    }
    text.clone_into(&mut stock_out.outside.note);
    stock_out.modified = tx.now();
    tx.event(topic, &order.no, &serde_json::json!({ "stockout_no": stock_out.no, "note": text, "by": who }))?;
    table::save_stock_out(tx, &stock_out)?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// Asks the warehouse to give an order back (撤单): its stock-out is held (`block_reason` 65536) until the answer is known.
pub fn ask_back(tx: &mut Tx, no: &str, reason: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    ORDER.fire(order.status, OrderEvent::GiveBack)?;
    let mut stock_out = stock_out_of(tx, &order)?.ok_or(Refusal::QueueRow("出库单不存在"))?;
    if !is_away(&order, Some(&stock_out)) {
        return Err(Refusal::NotThisWay("不在委外仓库的订单").into());
    }
    stock_out.block_reason |= BLOCK_REVOKED;
    stock_out.modified = tx.now();
    tx.event(
        "order.asked_back",
        &order.no,
        &serde_json::json!({ "stockout_no": stock_out.no, "reason": reason, "by": who }),
    )?;
    table::save_stock_out(tx, &stock_out)?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// The warehouse's answer to that: it gave the order back (待递交仓库, from where it can be rejected, cancelled or handed over again), or
/// it will not, and why; then the order goes on.
pub fn gave_back(tx: &mut Tx, no: &str, answer: std::result::Result<(), &str>, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let status = ORDER.fire(order.status, OrderEvent::GiveBack)?;
    let mut stock_out = stock_out_of(tx, &order)?.ok_or(Refusal::QueueRow("出库单不存在"))?;
    if !is_away(&order, Some(&stock_out)) {
        return Err(Refusal::NotThisWay("不在委外仓库的订单").into());
    }
    STOCK_OUT.fire(stock_out.status, StockOutEvent::Cancel)?;
    stock_out.block_reason &= !BLOCK_REVOKED;
    match answer {
        Ok(()) => {
            order.status = status;
            stock_out.outside.status = WmsStatus::NotTold;
            stock_out.outside.held = false;
            stock_out.outside.note.clear();
        }
        Err(why) => why.clone_into(&mut stock_out.outside.note),
    }
    stock_out.modified = tx.now();
    let topic = if answer.is_ok() { "order.given_back" } else { "order.not_given_back" };
    let why = answer.err().unwrap_or_default();
    tx.event(topic, &order.no, &serde_json::json!({ "stockout_no": stock_out.no, "reason": why, "by": who }))?;
    table::save_stock_out(tx, &stock_out)?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}
