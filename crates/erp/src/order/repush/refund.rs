//! Refunds that the mall reports with the order itself.

use store::Tx;

use super::{Block, is_over, raw_line};
use crate::order::bits::{
    BAD_GIFT, BAD_REFUND, BLOCK_GIFT, BLOCK_REFUND_APPLIED, BLOCK_REFUND_CANCELLED, BLOCK_REFUNDED,
};
use crate::order::cancel;
use crate::order::document::{Order, OrderLine, RawOrder};
use crate::order::status::TradeStatus;
use crate::{Result, Settings};

/// Refunds of an order that is not released: applied holds it back, cancelled lets it go, success takes the line or the whole
/// order out. Returns what became free.
pub(super) fn refund_open(
    tx: &mut Tx,
    settings: &Settings,
    order: &mut Order,
    raw: &RawOrder,
) -> Result<cancel::Freed> {
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
pub(super) fn refund_released(order: &mut Order, raw: &RawOrder, block: &mut Block) {
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
