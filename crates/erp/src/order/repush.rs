//! A raw order that is pushed again: the matrix of fact sheet wdt-1, 2.0.5, one function a row.
//!
//! What the push may change depends on how far the order has come: not submitted, not released (10–35), released (40–55),
//! gone (95 and above, or cancelled).

use store::Tx;

use super::bits::{
    BAD_ADDRESS, BAD_BUYER_MESSAGE, BAD_GIFT, BAD_REFUND, BAD_REMARK, BAD_WAREHOUSE, BLOCK_ADDRESS, BLOCK_CARRIER,
    BLOCK_GIFT, BLOCK_INVOICE, BLOCK_REFUND_APPLIED, BLOCK_REFUND_CANCELLED, BLOCK_REFUNDED, BLOCK_WAREHOUSE,
};
use super::document::{Freeze, Order, OrderLine, PushLine, PushOrder, RawOrder, Reserved};
use super::machines::{ORDER, RAW_ORDER};
use super::push::Outcome;
use super::status::{OrderEvent, OrderStatus, ProcessStatus, RawEvent, TradeStatus};
use super::{archive, cancel, flow, hand, merge, progress, refunded, submit, table};
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
    refunded::overlay(&mut new.lines, &raw.refunds);
    if new == raw.facts {
        return Ok(Outcome::Unchanged);
    }
    if raw.archived {
        archive::recall(tx, &raw)?;
        raw.archived = false;
    }
    let old = std::mem::replace(&mut raw.facts, new);
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
            complete(tx, &mut order, raw)?;
        }
        Stage::Open | Stage::Released => {
            if old.buyer != raw.facts.buyer || old.region != raw.facts.region {
                change_buyer(tx, &mut order, raw, old, stage, sealed, &mut block)?;
            }
            let remark_changed = copy_remark(tx, &mut order, raw, old)?;
            if remark_changed && stage == Stage::Released {
                order.bad_reason |= BAD_REMARK;
            }
            if old.buyer_message != raw.facts.buyer_message {
                order.buyer_message = texts(tx, &order, raw, |facts| facts.buyer_message.clone())?;
                order.bad_reason |= BAD_BUYER_MESSAGE;
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
            consigned_by_mall(&mut order, raw);
        }
    }
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

/// What the mall wants to be done with the parcel: another warehouse, another carrier, another invoice. A person decides about an
/// open order; the stock-out of a released one waits for that.
fn change_wishes(order: &mut Order, raw: &RawOrder, old: &PushOrder, stage: Stage, block: &mut Block) {
    let new = &raw.facts;
    if old.warehouse_no != new.warehouse_no {
        order.bad_reason |= BAD_WAREHOUSE;
        block.set |= BLOCK_WAREHOUSE;
    }
    if old.logistics_type != new.logistics_type {
        block.set |= BLOCK_CARRIER;
    }
    let invoice = |facts: &PushOrder| (facts.invoice_kind, facts.invoice_title.clone(), facts.invoice_content.clone());
    if invoice(old) != invoice(new) {
        block.set |= BLOCK_INVOICE;
        if stage == Stage::Open {
            order.invoice_kind = new.invoice_kind.unwrap_or(0);
            order.invoice_title = new.invoice_title.clone().unwrap_or_default();
            order.invoice_content = new.invoice_content.clone().unwrap_or_default();
        }
    }
}

/// What the raw orders of an order say, as one text: this one as it is now, the others as they are stored.
fn texts(tx: &mut Tx, order: &Order, raw: &RawOrder, of: fn(&PushOrder) -> Option<String>) -> Result<String> {
    let mut said = Vec::with_capacity(order.raw.len());
    for (id, _) in &order.raw {
        if *id == raw.id {
            said.extend(of(&raw.facts));
        } else if let Some(other) = table::raw_by_id(tx, *id)? {
            said.extend(of(&other.facts));
        }
    }
    Ok(merge::joined(&said))
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
fn pay(
    tx: &mut Tx,
    settings: &Settings,
    order: &mut Order,
    raw: &mut RawOrder,
    sealed: &[u8],
) -> Result<cancel::Freed> {
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
        _ => return Ok(cancel::Freed::new()),
    };
    let paid = facts.paid;
    order.status = ORDER.fire(order.status, event)?;
    let mut freed = cancel::Freed::new();
    if event == OrderEvent::Pay {
        freed = flow::paid(tx, settings, raw, order, sealed)?;
    }
    let body = serde_json::json!({ "status": order.status, "paid": paid, "shortage": order.shortage() });
    tx.event("order.paid", &order.no, &body)?;
    Ok(freed)
}

/// Address, name or phone: an open order takes them over, a released one keeps what the warehouse prints and is blocked. Of several
/// merged raw orders only one moved: the order is frozen until a person splits it or lets it go.
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
    if stage == Stage::Open && order.raw.len() > 1 {
        if moved {
            let note = format!("合并订单中{}的收件信息有变更", raw.facts.tid);
            order.marks.freeze = Some(Freeze { reason: Freeze::ADDRESSES_DIFFER, note });
        }
    } else if stage == Stage::Open {
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
fn copy_remark(tx: &mut Tx, order: &mut Order, raw: &RawOrder, old: &PushOrder) -> Result<bool> {
    let facts = &raw.facts;
    let changed = old.seller_memo != facts.seller_memo || old.seller_flag != facts.seller_flag;
    if changed && !order.remark_by_hand {
        order.cs_remark = texts(tx, order, raw, |facts| facts.seller_memo.clone())?;
        order.remark_flag = facts.seller_flag.unwrap_or(0);
        order.cs_remark_changes |= 1;
    }
    Ok(changed)
}

/// The raw line that an order line came from.
fn raw_line<'a>(raw: &'a RawOrder, tid: &str, oid: &str) -> Option<&'a PushLine> {
    (raw.facts.tid == tid).then(|| raw.facts.lines.iter().find(|line| line.oid == oid)).flatten()
}

/// Refunds of an order that is not released: applied holds it back, cancelled lets it go, success takes the line or the whole
/// order out. Returns what became free.
fn refund_open(tx: &mut Tx, settings: &Settings, order: &mut Order, raw: &RawOrder) -> Result<cancel::Freed> {
    let already = order.lines.iter().filter(|line| line.refund_status == 5).count();
    mark_refunds(order, raw);
    let left = order.open_lines().any(|line| !line.is_gift() && line.refund_status != 5);
    if !left || (is_over(&raw.facts) && order.raw.len() == 1) {
        order.refund_status = if raw.facts.status == TradeStatus::Closed { 4 } else { 3 };
        return cancel::cancel_loaded(tx, settings, order, "平台订单已关闭或全额退款");
    }
    let freed = cancel::drop_refunded_lines(tx, settings, order)?;
    settle_refund_marks(order);
    if order.lines.iter().filter(|line| line.refund_status == 5).count() > already && has_rule_gifts(order) {
        order.bad_reason |= BAD_GIFT;
    }
    Ok(freed)
}

fn has_rule_gifts(order: &Order) -> bool {
    order.open_lines().any(|line| line.gift_type == 1)
}

/// Refunds of an order that the warehouse has: the stock-out is blocked until a human rejects the order.
fn refund_released(order: &mut Order, raw: &RawOrder, block: &mut Block) {
    let was_pending = order.refund_status == 1;
    mark_refunds(order, raw);
    settle_refund_marks(order);
    let refunded = order.open_lines().any(|line| line.refund_status == 5);
    if refunded && order.open_lines().all(|line| line.refund_status == 5 || line.is_gift()) {
        order.refund_status = 3;
    }
    if refunded {
        block.set |= BLOCK_REFUNDED;
        if has_rule_gifts(order) {
            block.set |= BLOCK_GIFT;
        }
    }
    if is_pending(order) {
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
    let over = raw.facts.status == TradeStatus::Refunded;
    for line in &mut order.lines {
        if let Some(raw_line) = raw_line(raw, &line.tid, &line.oid) {
            line.refund_status = if over || raw_line.is_refunded() { 5 } else { raw_line.refund_status };
        }
    }
}

/// A refund of one of the lines is not decided.
fn is_pending(order: &Order) -> bool {
    order.lines.iter().any(|line| matches!(line.refund_status, 2..=4))
}

/// The order's refund state and bit 64, from its lines.
fn settle_refund_marks(order: &mut Order) {
    let pending = is_pending(order);
    let partly = |line: &OrderLine| line.actual_num.is_positive() && line.actual_num < line.num;
    let gone = order.lines.iter().any(|line| line.refund_status == 5 || partly(line));
    order.refund_status = match (pending, gone) {
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

/// Receipt confirmed: 95 to 110, when it was of all its raw orders; else a part of its money arrived (105).
fn complete(tx: &mut Tx, order: &mut Order, raw: &RawOrder) -> Result<()> {
    if raw.facts.status != TradeStatus::Completed {
        return Ok(());
    }
    let mut partly = false;
    for (id, _) in order.raw.iter().filter(|(id, _)| *id != raw.id) {
        let other = table::raw_by_id(tx, *id)?.map(|other| other.facts.status);
        partly |= other.is_some_and(|status| status != TradeStatus::Completed && status != TradeStatus::Refunded);
    }
    let event = if partly { OrderEvent::PartSettle } else { OrderEvent::Complete };
    if !ORDER.allowed(order.status).any(|allowed| allowed == event) {
        return Ok(());
    }
    hand::settle_loaded(tx, order, partly)?;
    tx.event("order.completed", &order.no, &serde_json::json!({ "status": order.status, "tid": raw.facts.tid }))?;
    Ok(())
}
