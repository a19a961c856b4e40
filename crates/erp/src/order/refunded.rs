//! What after-sale does to raw orders and orders: flags, pieces taken out before shipment, goods of an exchange.
//!
//! A refund before shipment speaks through the same flags as the mall's own push (fact sheet wdt-1, 2.0.5): while it is open it
//! holds the order back; what is refunded does not leave. What a raw refund says of a line stands until a raw refund says
//! otherwise; success counts from either side.

use store::{Reader, Tx};
use units::Quantity;

use super::document::{Buyer, LineRefund, Order, PushLine, PushOrder, RawOrder, Reserved};
use super::machines::ORDER;
use super::status::{OrderEvent, OrderStatus, ProcessStatus};
use super::submit::need;
use super::{audit, cancel, handover, progress, push, repush, table};
use crate::catalog::{self, Shop};
use crate::stock::{self, QuantityColumn};
use crate::{Error, Refusal, Result, Settings};

/// What a refund says of lines of a raw order.
pub(crate) struct Said<'a> {
    /// The raw order.
    pub(crate) tid: &'a str,
    /// Number of the raw refund, or of the refund order that was made by hand.
    pub(crate) source: &'a str,
    /// 0 none, 1 cancelled, 2 applied, 3 and 4 waiting, 5 success.
    pub(crate) flag: i64,
    /// Whether it is a refund before shipment.
    pub(crate) before_shipment: bool,
    /// Its pieces were taken out of the system order.
    pub(crate) taken: bool,
    /// Lines and pieces.
    pub(crate) lines: &'a [(String, Quantity)],
}

/// Writes down what a refund says of lines of a raw order, and lets it have its effect on the orders made from it.
pub(crate) fn note_refund(tx: &mut Tx, settings: &Settings, said: &Said<'_>) -> Result<()> {
    let Some(mut raw) = table::raw_by_tid(tx, said.tid)? else { return Ok(()) };
    let before = raw.refunds.clone();
    let named = |oid: &str| said.lines.iter().any(|(named, _)| named == oid);
    raw.refunds.retain(|refund| refund.source != said.source || refund.taken || named(&refund.oid));
    for (oid, num) in said.lines {
        match raw.refunds.iter_mut().find(|refund| refund.source == said.source && refund.oid == *oid) {
            Some(refund) => {
                refund.flag = said.flag;
                if !refund.taken {
                    refund.num = *num;
                    refund.taken = said.taken;
                }
            }
            None => raw.refunds.push(LineRefund {
                oid: oid.clone(),
                source: said.source.to_owned(),
                num: *num,
                flag: said.flag,
                before_shipment: said.before_shipment,
                taken: said.taken,
            }),
        }
    }
    if raw.refunds == before {
        return Ok(());
    }
    raw.modified = tx.now();
    let shop = catalog::shop_by_id(tx, raw.shop)?.ok_or_else(|| Refusal::ShopUnknown(raw.shop.to_string()))?;
    let mut wanted = raw.facts.clone();
    overlay(&mut wanted.lines, &raw.refunds);
    if wanted == raw.facts {
        raw.refund_status = state(&raw.refunds, raw.refund_status);
        table::update_raw(tx, &raw)?;
    } else {
        repush::apply(tx, settings, &shop, raw, wanted)?;
    }
    Ok(())
}

/// The flags of lines as refunds before shipment have it: an open one holds the line, a line whose every piece was taken out is
/// refunded, and one that was only cancelled lets the line go.
pub(super) fn overlay(lines: &mut [PushLine], refunds: &[LineRefund]) {
    for line in lines {
        let of_line = || refunds.iter().filter(|refund| refund.before_shipment && refund.oid == line.oid);
        if of_line().next().is_none() || line.refund_status == 5 {
            continue;
        }
        let taken: Quantity = of_line().filter(|refund| refund.taken).map(|refund| refund.num).sum();
        let decided: Quantity =
            of_line().filter(|refund| !refund.taken && refund.flag == 5).map(|refund| refund.num).sum();
        let open = of_line().filter(|refund| !refund.taken && matches!(refund.flag, 2..=4)).map(|refund| refund.flag);
        line.refund_status = match open.max() {
            _ if taken + decided >= line.num => 5,
            Some(flag) => flag,
            None if of_line().any(|refund| refund.flag == 1) && taken.is_zero() => 1,
            None => 0,
        };
    }
}

/// `refund_status` of a raw order (0 none, 1 applied, 2 partial, 3 full), the refunds after shipment with it.
pub(super) fn state(refunds: &[LineRefund], of_flags: i64) -> i64 {
    if of_flags >= 2 || refunds.is_empty() {
        of_flags
    } else if refunds.iter().any(|refund| refund.taken || refund.flag == 5) {
        2
    } else {
        i64::from(of_flags == 1 || refunds.iter().any(|refund| matches!(refund.flag, 2..=4)))
    }
}

/// A raw order was submitted: refunds that waited for that go on.
pub(super) fn resume(tx: &mut Tx, settings: &Settings, raw: &RawOrder) -> Result<()> {
    if raw.process == ProcessStatus::Submitted
        && raw.refunds.iter().any(|refund| refund.before_shipment && !refund.taken)
    {
        crate::aftersale::resume(tx, settings, &raw.facts.tid)?;
    }
    Ok(())
}

/// Takes pieces (order, line, how many) out of orders that have not left. An order that was released comes back from the
/// warehouse for it, so that nobody packs from an old list; one with nothing left is cancelled. What becomes free goes to the
/// lines that wait. Returns the orders that should be released again, see [`audit_again`]. Refused before the first write when a
/// warehouse that somebody else runs has one of them.
pub(crate) fn take_out(
    tx: &mut Tx,
    settings: &Settings,
    pieces: &[(i64, i64, Quantity)],
    who: &str,
) -> Result<Vec<String>> {
    let mut keys: Vec<i64> = pieces.iter().map(|(order, ..)| *order).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut again = Vec::new();
    for key in &keys {
        if let Some(order) = table::order_by_id(tx, *key)? {
            handover::require_here(tx, &order)?;
        }
    }
    for key in keys {
        let Some(mut order) = table::order_by_id(tx, key)? else { continue };
        if order.status == OrderStatus::Cancelled {
            continue;
        }
        let released = ORDER.allowed(order.status).any(|event| event == OrderEvent::Reject);
        if released {
            order = audit::reject(tx, settings, &order.no, "未发货退款", who)?;
        }
        let mut freed = cancel::Freed::new();
        for (_, line, num) in pieces.iter().filter(|(order, ..)| *order == key) {
            let Some(i) = order.lines.iter().position(|of_order| of_order.id == *line) else { continue };
            take_line(tx, settings, &mut order, i, *num, &mut freed)?;
        }
        if order.status != OrderStatus::Cancelled {
            if !order.has_goods() {
                freed.extend(cancel::cancel_loaded(tx, settings, &mut order, "未发货退款,已全额退款")?);
                order.refund_status = 3;
            } else {
                order.refund_status = 2;
                if released {
                    again.push(order.no.clone());
                }
            }
        }
        table::update_order(tx, &mut order)?;
        progress::follow_all(tx, &order)?;
        cancel::serve(tx, settings, &freed)?;
    }
    Ok(again)
}

fn take_line(
    tx: &mut Tx,
    settings: &Settings,
    order: &mut Order,
    i: usize,
    num: Quantity,
    freed: &mut cancel::Freed,
) -> Result<()> {
    let have = order.lines[i].actual_num;
    let num = num.min(have);
    if !num.is_positive() {
        return Ok(());
    }
    if num == have {
        cancel::release(tx, settings, order, i, freed)?;
        order.lines[i].refund_status = 5;
    } else {
        let column = match order.lines[i].reserved {
            Reserved::Nothing => return Ok(()),
            Reserved::Waiting => None,
            Reserved::Unpaid => Some(QuantityColumn::Unpaid),
            Reserved::Order => Some(QuantityColumn::Order),
            Reserved::Sending => Some(QuantityColumn::Sending),
            Reserved::Presale => Some(QuantityColumn::Subscribe),
        };
        stock::shrink_line(tx, settings, &need(order, i), column, num)?;
        let pair = (order.warehouse, order.lines[i].spec);
        if !freed.contains(&pair) {
            freed.push(pair);
        }
    }
    order.lines[i].actual_num = have - num;
    order.lines[i].modified = tx.now();
    Ok(())
}

/// Releases orders again that [`take_out`] had back from the warehouse. One that may not be released waits for a person.
pub(crate) fn audit_again(tx: &mut Tx, settings: &Settings, orders: &[String], who: &str) -> Result<()> {
    for no in orders {
        match audit::audit(tx, settings, no, who) {
            Ok(_) | Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Flags the lines of an order that has left, and the order: 1 applied, 2 partial, 3 full.
pub(crate) fn mark_shipped(tx: &mut Tx, key: i64, flags: &[(i64, i64)], partly: bool) -> Result<()> {
    let Some(mut order) = table::order_by_id(tx, key)? else { return Ok(()) };
    if !order.has_left() {
        return Ok(());
    }
    let now = tx.now();
    let mut changed = false;
    for line in &mut order.lines {
        if let Some((_, flag)) = flags.iter().find(|(of_line, _)| *of_line == line.id)
            && line.refund_status != *flag
        {
            line.refund_status = *flag;
            line.modified = now;
            changed = true;
        }
    }
    let any = |wanted: &dyn Fn(i64) -> bool| order.open_lines().any(|line| wanted(line.refund_status));
    let status = if any(&|flag| matches!(flag, 2..=4)) {
        1
    } else if !any(&|flag| flag != 5) {
        3
    } else if partly || any(&|flag| flag == 5) || matches!(order.refund_status, 2 | 3) {
        2
    } else {
        0
    };
    if !changed && order.refund_status == status {
        return Ok(());
    }
    order.refund_status = status;
    table::update_order(tx, &mut order)
}

/// The orders made from a raw order.
pub fn orders_of(reader: &mut Reader, raw: &RawOrder) -> Result<Vec<Order>> {
    let mut orders = Vec::with_capacity(raw.orders.len());
    for key in &raw.orders {
        orders.extend(table::order_by_id(reader, *key)?);
    }
    Ok(orders)
}

/// The order with this key.
pub(crate) fn order_by_id(reader: &mut Reader, key: i64) -> Result<Option<Order>> {
    table::order_by_id(reader, key)
}

/// The buyer of an order.
pub(crate) fn buyer_of(reader: &mut Reader, key: i64) -> Result<Buyer> {
    Ok(table::order_with_buyer(reader, key)?.map(|(_, buyer)| buyer).unwrap_or_default())
}

/// Makes a raw order that no mall pushed, such as the goods of an exchange, and submits it as the merchant's settings say.
pub(crate) fn send_internal(tx: &mut Tx, settings: &Settings, shop: &Shop, facts: PushOrder) -> Result<RawOrder> {
    let tid = facts.tid.clone();
    push::create(tx, settings, shop, facts, true)?;
    table::raw_by_tid(tx, &tid)?.ok_or_else(|| Refusal::NotFound { what: "原始单号", no: tid }.into())
}
