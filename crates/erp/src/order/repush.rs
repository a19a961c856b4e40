//! A raw order that is pushed again: the matrix of fact sheet wdt-1, 2.0.5, one function a row. `content`, `refund` and `course` hold
//! the rows.
//!
//! What the push may change depends on how far the order has come: not submitted, not released (10–35), released (40–55),
//! gone (95 and above, or cancelled).

mod content;
mod course;
mod refund;

use store::Tx;

use super::bits::{
    BAD_BUYER_MESSAGE, BAD_REMARK, BLOCK_BUYER_MESSAGE, BLOCK_EXCHANGED, BLOCK_REMARK, BLOCK_WHERE_WANTED,
};
use super::document::{Order, PushLine, PushOrder, RawOrder};
use super::machines::{ORDER, RAW_ORDER};
use super::push::Outcome;
use super::status::{OrderEvent, OrderStatus, ProcessStatus, RawEvent, TradeStatus};
use super::{archive, cancel, goods_change, progress, refunded, submit, table};
use crate::catalog::Shop;
use crate::{Refusal, Result, Settings};
use content::{change_buyer, change_wishes, copy_remark, texts};
use course::{arrived, consigned_by_mall, pay};
use refund::{refund_open, refund_released};

/// How far the order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// 10–35: everything can still change.
    Open,
    /// 40–55: the warehouse has it; changes block the stock-out and wait for a human.
    Released,
    /// 95 and above: it has left.
    Gone,
    /// 5: nothing happens any more.
    Over,
}

impl Stage {
    fn of(status: OrderStatus) -> Self {
        match status.code() {
            5 => Self::Over,
            0..40 => Self::Open,
            40..95 => Self::Released,
            _ => Self::Gone,
        }
    }
}

pub(super) fn apply(
    tx: &mut Tx,
    settings: &Settings,
    shop: &Shop,
    mut raw: RawOrder,
    mut new: PushOrder,
) -> Result<Outcome> {
    new.inherit(&raw.facts);
    if !raw.facts.status.may_become(new.status) {
        new.status = raw.facts.status;
    }
    let submitted = !raw.orders.is_empty();
    merge_lines(&raw, &mut new, submitted)?;
    refunded::overlay(&mut new.lines, &raw.refunds);
    if new == raw.facts {
        return Ok(Outcome::Unchanged);
    }
    if raw.archived {
        archive::recall(tx, &raw)?;
        raw.archived = false;
    }
    let old = std::mem::replace(&mut raw.facts, new);
    if submitted {
        goods_change::note(&mut raw, &old);
    }
    while raw.line_ids.len() < raw.facts.lines.len() {
        raw.line_ids.push(tx.next("raw_line")?);
    }
    raw.modified = tx.now();
    raw.refund_status = refunded::state(&raw.refunds, refund_status(&raw.facts));
    if matches!(raw.facts.status, TradeStatus::Completed | TradeStatus::Refunded | TradeStatus::Closed)
        && raw.ended.is_none()
    {
        raw.ended = Some(tx.now());
    }
    tx.event(
        "raw_order.changed",
        &raw.event_key(),
        &serde_json::json!({ "tid": raw.facts.tid, "trade_status": raw.facts.status }),
    )?;
    let sealed = table::seal_buyer(tx, raw.id, &raw.facts.buyer)?;
    if submitted {
        for id in raw.orders.clone() {
            change_order(tx, settings, &mut raw, &old, id, &sealed)?;
        }
        if raw.facts.status == TradeStatus::Completed && raw.process == ProcessStatus::Shipped {
            raw.process = RAW_ORDER.fire(raw.process, RawEvent::Complete)?;
        }
    } else if raw.process == ProcessStatus::Waiting {
        change_waiting(tx, settings, shop, &mut raw, &sealed)?;
    }
    table::update_raw(tx, &raw)?;
    if old.buyer != raw.facts.buyer {
        table::update_raw_buyer(tx, raw.id, &sealed)?;
    }
    if !submitted {
        refunded::resume(tx, settings, &raw)?;
    }
    Ok(Outcome::Changed)
}

/// Lines keep their quantity and price for ever, and their status goes the same ways as the order's: a mall that closes a paid
/// order says so of its lines too. Lines that the push does not name stay; new lines are for orders that were not submitted.
fn merge_lines(raw: &RawOrder, new: &mut PushOrder, submitted: bool) -> Result<()> {
    let mut merged = raw.facts.lines.clone();
    for mut line in std::mem::take(&mut new.lines) {
        match merged.iter_mut().find(|old| old.oid == line.oid) {
            Some(old) => {
                let changed = [("num", old.num != line.num), ("price", old.price != line.price)];
                if let Some((field, _)) = changed.iter().find(|(_, changed)| *changed) {
                    return Err(Refusal::LineChanged { tid: new.tid.clone(), oid: line.oid, field }.into());
                }
                if !old.status.may_become(line.status) {
                    line.status = old.status;
                }
                *old = line;
            }
            None if submitted => return Err(Refusal::LinesDiffer(new.tid.clone()).into()),
            None => merged.push(line),
        }
    }
    new.lines = merged;
    Ok(())
}

/// `refund_status` of the whole: 0 none, 1 applied, 2 partial, 3 full. What was closed was never paid.
fn refund_status(facts: &PushOrder) -> i64 {
    if facts.status == TradeStatus::Closed {
        0
    } else if facts.status == TradeStatus::Refunded || facts.lines.iter().all(PushLine::is_refunded) {
        3
    } else if facts.lines.iter().any(PushLine::is_refunded) {
        2
    } else {
        i64::from(facts.lines.iter().any(PushLine::is_refund_pending))
    }
}

/// Not submitted yet: closed or refunded in full ends it, anything else may make it ready.
fn change_waiting(tx: &mut Tx, settings: &Settings, shop: &Shop, raw: &mut RawOrder, sealed: &[u8]) -> Result<()> {
    if is_over(&raw.facts) {
        raw.process = RAW_ORDER.fire(raw.process, RawEvent::Cancel)?;
        raw.reason.clear();
        return Ok(());
    }
    if settings.auto_submit { submit::submit(tx, settings, shop, raw, sealed) } else { Ok(()) }
}

fn is_over(facts: &PushOrder) -> bool {
    matches!(facts.status, TradeStatus::Refunded | TradeStatus::Closed) || facts.lines.iter().all(PushLine::is_refunded)
}

/// One order that was made from the raw order.
fn change_order(
    tx: &mut Tx,
    settings: &Settings,
    raw: &mut RawOrder,
    old: &PushOrder,
    id: i64,
    sealed: &[u8],
) -> Result<()> {
    let mut order = table::order_by_id(tx, id)?.ok_or(Refusal::QueueRow("系统订单不存在"))?;
    let before = serde_json::to_string(&order).map_err(|error| crate::Error::Document("order", error))?;
    let stage = Stage::of(order.status);
    let mut block = Block::default();
    let mut freed = cancel::Freed::new();
    match stage {
        Stage::Over => {}
        Stage::Gone => {
            copy_remark(tx, &mut order, raw, old)?;
            arrived(tx, &mut order, raw)?;
        }
        Stage::Open | Stage::Released => {
            if old.buyer != raw.facts.buyer || old.region != raw.facts.region {
                change_buyer(tx, &mut order, raw, old, stage, sealed, &mut block)?;
            }
            let remark_changed = copy_remark(tx, &mut order, raw, old)?;
            if remark_changed && stage == Stage::Released {
                order.bad_reason |= BAD_REMARK;
                block.set |= BLOCK_REMARK;
            }
            if old.buyer_message != raw.facts.buyer_message {
                order.buyer_message = texts(tx, &order, raw, |facts| facts.buyer_message.clone())?;
                order.bad_reason |= BAD_BUYER_MESSAGE;
                block.set |= BLOCK_BUYER_MESSAGE;
            }
            change_wishes(&mut order, raw, old, stage, &mut block);
            if stage == Stage::Open {
                freed = refund_open(tx, settings, &mut order, raw)?;
                if ORDER.allowed(order.status).any(|event| event == OrderEvent::Pay) {
                    freed.extend(pay(tx, settings, &mut order, raw, sealed)?);
                }
            } else {
                refund_released(&mut order, raw, &mut block);
            }
            consigned_by_mall(&mut order, raw, &mut block);
            let exchanged = order.lines.iter().any(|line| raw.is_exchanged(&line.tid, &line.oid));
            if exchanged && stage == Stage::Released {
                block.set |= BLOCK_EXCHANGED;
            } else if exchanged && ORDER.allowed(order.status).any(|event| event == OrderEvent::Cancel) {
                freed.extend(goods_change::follow(tx, settings, raw, &mut order)?);
            }
        }
    }
    block.set &= settings.flow.block_also | !BLOCK_WHERE_WANTED;
    block.apply(tx, &order)?;
    if serde_json::to_string(&order).ok().as_ref() != Some(&before) {
        table::update_order(tx, &mut order)?;
    }
    if stage == Stage::Open {
        progress::follow(tx, raw, &order)?;
        if order.status == OrderStatus::Cancelled {
            follow_others(tx, raw.id, &order)?;
        }
    }
    cancel::serve(tx, settings, &freed)
}

/// The other raw orders of an order that ended with this push.
fn follow_others(tx: &mut Tx, raw: i64, order: &Order) -> Result<()> {
    for (id, _) in order.raw.iter().filter(|(id, _)| *id != raw) {
        if let Some(mut other) = table::raw_by_id(tx, *id)?
            && progress::follow(tx, &mut other, order)?
        {
            table::update_raw(tx, &other)?;
        }
    }
    Ok(())
}

/// The raw line that an order line came from.
fn raw_line<'a>(raw: &'a RawOrder, tid: &str, oid: &str) -> Option<&'a PushLine> {
    (raw.facts.tid == tid).then(|| raw.facts.lines.iter().find(|line| line.oid == oid)).flatten()
}

/// Bits to set and clear on the stock-out in force.
#[derive(Default)]
struct Block {
    set: i64,
    clear: i64,
}

impl Block {
    fn apply(&self, tx: &mut Tx, order: &Order) -> Result<()> {
        let Some((id, _)) = &order.stock_out else { return Ok(()) };
        if self.set == 0 && self.clear == 0 {
            return Ok(());
        }
        let mut stock_out = table::stock_out_by_id(tx, *id)?.ok_or(Refusal::QueueRow("出库单不存在"))?;
        let bits = (stock_out.block_reason & !self.clear) | self.set;
        if bits == stock_out.block_reason {
            return Ok(());
        }
        stock_out.block_reason = bits;
        stock_out.modified = tx.now();
        tx.event("stock_out.blocked", &stock_out.no, &serde_json::json!({ "block_reason": bits }))?;
        table::save_stock_out(tx, &stock_out)
    }
}
