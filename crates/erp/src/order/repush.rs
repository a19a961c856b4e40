//! A raw order that is pushed again: the matrix of fact sheet wdt-1, 2.0.5, one function a row.
//!
//! What the push may change depends on how far the order has come: not submitted, not released (10–35), released (40–55),
//! gone (95 and above, or cancelled).

use store::Tx;

use super::document::{Order, PushLine, PushOrder, RawOrder, Reserved};
use super::push::Outcome;
use super::status::{
    BAD_ADDRESS, BAD_BUYER_MESSAGE, BAD_REFUND, BAD_REMARK, BLOCK_ADDRESS, BLOCK_REFUND_APPLIED,
    BLOCK_REFUND_CANCELLED, BLOCK_REFUNDED, ORDER, OrderEvent, OrderStatus, ProcessStatus, RAW_ORDER, RawEvent,
    STOCK_OUT, StockOutEvent, TradeStatus,
};
use super::{cancel, submit, table};
use crate::catalog::Shop;
use crate::{Refusal, Result, Settings};

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
    if new == raw.facts {
        return Ok(Outcome::Unchanged);
    }
    let old = std::mem::replace(&mut raw.facts, new);
    while raw.line_ids.len() < raw.facts.lines.len() {
        raw.line_ids.push(tx.next("raw_line")?);
    }
    raw.modified = tx.now();
    raw.refund_status = refund_status(&raw.facts);
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
    } else if raw.process == ProcessStatus::Waiting {
        change_waiting(tx, settings, shop, &mut raw, &sealed)?;
    }
    table::update_raw(tx, &raw)?;
    if old.buyer != raw.facts.buyer {
        table::update_raw_buyer(tx, raw.id, &sealed)?;
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
            copy_remark(&mut order, raw, old);
            complete(tx, &mut order, raw)?;
        }
        Stage::Open | Stage::Released => {
            if old.buyer != raw.facts.buyer || old.region != raw.facts.region {
                change_buyer(tx, &mut order, raw, old, stage, sealed, &mut block)?;
            }
            let remark_changed = copy_remark(&mut order, raw, old);
            if remark_changed && stage == Stage::Released {
                order.bad_reason |= BAD_REMARK;
            }
            if old.buyer_message != raw.facts.buyer_message {
                order.buyer_message = raw.facts.buyer_message.clone().unwrap_or_default();
                order.bad_reason |= BAD_BUYER_MESSAGE;
            }
            if stage == Stage::Open {
                freed = refund_open(tx, settings, &mut order, raw)?;
                if ORDER.allowed(order.status).any(|event| event == OrderEvent::Pay) {
                    pay(tx, settings, &mut order, raw)?;
                }
            } else {
                refund_released(&mut order, raw, &mut block);
            }
            consigned_by_mall(&mut order, raw);
        }
    }
    block.apply(tx, &order)?;
    if serde_json::to_string(&order).ok().as_ref() != Some(&before) {
        table::update_order(tx, &mut order)?;
    }
    cancel::serve(tx, settings, &freed)
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

/// Paid, or the deposit was: 10/12 to 30, amounts follow, stock is reserved.
fn pay(tx: &mut Tx, settings: &Settings, order: &mut Order, raw: &RawOrder) -> Result<()> {
    let facts = &raw.facts;
    order.pay_time = facts.pay_time;
    order.pay_status = facts.pay_status;
    order.pay_id = facts.pay_id.clone().unwrap_or_default();
    if facts.paid != order.paid {
        let owed: Vec<_> = order.lines.iter().map(|line| line.share_amount + line.share_post).collect();
        for (line, paid) in order.lines.iter_mut().zip(super::money::spread(facts.paid, &owed)) {
            line.paid = paid;
        }
        order.paid = facts.paid;
    }
    let event = match facts.status {
        TradeStatus::AwaitingFinal if order.status == OrderStatus::Unpaid => OrderEvent::PayDeposit,
        TradeStatus::Paid => OrderEvent::Pay,
        _ => return Ok(()),
    };
    order.status = ORDER.fire(order.status, event)?;
    if event == OrderEvent::Pay {
        submit::reserve(tx, settings, order)?;
    }
    tx.event(
        "order.paid",
        &order.no,
        &serde_json::json!({ "status": order.status, "paid": facts.paid, "shortage": order.shortage() }),
    )
    .map_err(Into::into)
}

/// Address, name or phone: an open order takes them over, a released one keeps what the warehouse prints and is blocked.
fn change_buyer(
    tx: &mut Tx,
    order: &mut Order,
    raw: &RawOrder,
    old: &PushOrder,
    stage: Stage,
    sealed: &[u8],
    block: &mut Block,
) -> Result<()> {
    let (was, is) = (&old.buyer, &raw.facts.buyer);
    let moved = old.region != raw.facts.region
        || was.address != is.address
        || was.name != is.name
        || was.mobile != is.mobile
        || was.telno != is.telno;
    if stage == Stage::Open {
        order.region = raw.facts.region;
        order.area.clone_from(&raw.facts.area);
        table::update_order_buyer(tx, order.id, sealed)?;
    } else if moved {
        block.set |= BLOCK_ADDRESS;
    }
    if moved {
        order.bad_reason |= BAD_ADDRESS;
    }
    Ok(())
}

/// The mall's memo and flag, unless the remark was written by hand. True when something changed.
fn copy_remark(order: &mut Order, raw: &RawOrder, old: &PushOrder) -> bool {
    let facts = &raw.facts;
    let changed = old.seller_memo != facts.seller_memo || old.seller_flag != facts.seller_flag;
    if changed && !order.remark_by_hand {
        order.cs_remark = facts.seller_memo.clone().unwrap_or_default();
        order.remark_flag = facts.seller_flag.unwrap_or(0);
        order.cs_remark_changes |= 1;
    }
    changed
}

/// The raw line that an order line came from.
fn raw_line<'a>(raw: &'a RawOrder, tid: &str, oid: &str) -> Option<&'a PushLine> {
    (raw.facts.tid == tid).then(|| raw.facts.lines.iter().find(|line| line.oid == oid)).flatten()
}

/// Refunds of an order that is not released: applied holds it back, cancelled lets it go, success takes the line or the whole
/// order out. Returns what became free.
fn refund_open(tx: &mut Tx, settings: &Settings, order: &mut Order, raw: &mut RawOrder) -> Result<cancel::Freed> {
    if is_over(&raw.facts) {
        mark_refunds(order, raw);
        order.refund_status = if raw.facts.status == TradeStatus::Closed { 4 } else { 3 };
        let freed = cancel::cancel_loaded(tx, settings, order, "平台订单已关闭或全额退款")?;
        raw.process = RAW_ORDER.fire(raw.process, RawEvent::Cancel)?;
        return Ok(freed);
    }
    mark_refunds(order, raw);
    let freed = cancel::drop_refunded_lines(tx, settings, order)?;
    settle_refund_marks(order, raw);
    Ok(freed)
}

/// Refunds of an order that the warehouse has: the stock-out is blocked until a human rejects the order.
fn refund_released(order: &mut Order, raw: &RawOrder, block: &mut Block) {
    let was_pending = order.refund_status == 1;
    mark_refunds(order, raw);
    settle_refund_marks(order, raw);
    let pending = raw.facts.lines.iter().any(PushLine::is_refund_pending);
    if is_over(&raw.facts) {
        order.refund_status = 3;
    }
    if raw.facts.lines.iter().any(PushLine::is_refunded) || is_over(&raw.facts) {
        block.set |= BLOCK_REFUNDED;
    }
    if pending {
        block.set |= BLOCK_REFUND_APPLIED;
        block.clear |= BLOCK_REFUND_CANCELLED;
    } else if was_pending {
        block.clear |= BLOCK_REFUND_APPLIED;
        if block.set & BLOCK_REFUNDED == 0 {
            block.set |= BLOCK_REFUND_CANCELLED;
        }
    }
}

fn mark_refunds(order: &mut Order, raw: &RawOrder) {
    for line in &mut order.lines {
        if let Some(raw_line) = raw_line(raw, &line.tid, &line.oid) {
            line.refund_status = if raw_line.is_refunded() { 5 } else { raw_line.refund_status };
        }
    }
}

/// The order's refund state and bit 64, from its lines.
fn settle_refund_marks(order: &mut Order, raw: &RawOrder) {
    let pending = raw.facts.lines.iter().any(PushLine::is_refund_pending);
    order.refund_status = match (pending, order.lines.iter().any(|line| line.refund_status == 5)) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 0,
    };
    if pending {
        order.bad_reason |= BAD_REFUND;
    } else {
        order.bad_reason &= !BAD_REFUND;
    }
}

/// The mall reports lines as shipped or completed itself.
fn consigned_by_mall(order: &mut Order, raw: &RawOrder) {
    for line in &mut order.lines {
        let Some(status) = raw_line(raw, &line.tid, &line.oid).map(|line| line.status) else { continue };
        let whole = matches!(raw.facts.status, TradeStatus::Shipped | TradeStatus::Signed | TradeStatus::Completed);
        if (whole || matches!(status, TradeStatus::Shipped | TradeStatus::Completed))
            && line.reserved != Reserved::Nothing
        {
            line.is_consigned = true;
        }
    }
}

/// Receipt confirmed: 95 to 110.
fn complete(tx: &mut Tx, order: &mut Order, raw: &mut RawOrder) -> Result<()> {
    if raw.facts.status != TradeStatus::Completed || !ORDER.allowed(order.status).any(|e| e == OrderEvent::Complete) {
        return Ok(());
    }
    order.status = ORDER.fire(order.status, OrderEvent::Complete)?;
    if let Some((id, _)) = &order.stock_out
        && let Some(mut stock_out) = table::stock_out_by_id(tx, *id)?
    {
        stock_out.status = STOCK_OUT.fire(stock_out.status, StockOutEvent::Complete)?;
        stock_out.modified = tx.now();
        table::save_stock_out(tx, &stock_out)?;
    }
    raw.process = RAW_ORDER.fire(raw.process, RawEvent::Complete)?;
    tx.event("order.completed", &order.no, &serde_json::json!({}))?;
    Ok(())
}
