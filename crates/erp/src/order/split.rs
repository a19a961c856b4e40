//! Splitting (拆分): lines, or some pieces of a line, leave an order for one of their own.
//!
//! Nothing is lost on the way: what both orders hold of money and stock is what the one held. A line that waits goes on waiting at
//! its place. (Fact sheet wdt-1, 2.0.3 no. 6.)

use store::Tx;
use units::{Money, Quantity};

use super::document::{Marks, Order, OrderLine, Reserved, StockOut, StockOutLine};
use super::money::spread;
use super::status::{DeliveryTerm, OrderStatus, StockOutStatus};
use super::submit::need;
use super::{cancel, table};
use crate::stock::{self, QuantityColumn};
use crate::{Refusal, Result, Settings, aftersale};

/// What leaves an order: a line, and how many of its pieces.
#[derive(Debug, Clone, Copy)]
pub struct Take {
    /// Key of the line.
    pub line: i64,
    /// Pieces; none = all of them.
    pub num: Option<Quantity>,
}

/// Takes lines out of an order into a new one of the same state. Allowed while it waits for audit, and for what the warehouse has
/// and will ship in several parcels (55). Refused for an order that must not be split, or that a warehouse of somebody else has.
pub fn split(tx: &mut Tx, settings: &Settings, no: &str, takes: &[Take]) -> Result<(Order, Order)> {
    let mut order = table::order(tx, no)?;
    super::handover::require_here(tx, &order)?;
    let part = split_stored(tx, settings, &mut order, takes, false)?;
    Ok((order, part))
}

/// The same for what leaves the warehouse, whoever runs it. Returns the part.
pub(super) fn split_parcel(tx: &mut Tx, settings: &Settings, order: &mut Order, takes: &[Take]) -> Result<Order> {
    split_stored(tx, settings, order, takes, false)
}

/// The lines that wait for stock leave for an order of their own (按库存拆分): pieces that are there stay. Refused when nothing
/// waits, or nothing would stay.
pub fn split_by_stock(tx: &mut Tx, settings: &Settings, no: &str) -> Result<(Order, Order)> {
    let mut order = table::order(tx, no)?;
    let takes = short_lines(tx, &order)?;
    if takes.is_empty() {
        return Err(refuse("没有可以拆分的缺货货品"));
    }
    let part = split_stored(tx, settings, &mut order, &takes, false)?;
    let order = table::order(tx, &order.no)?;
    Ok((order, part))
}

fn refuse(why: &'static str) -> crate::Error {
    Refusal::Invalid { field: "split", why }.into()
}

/// What of an order waits for stock, when something else of it does not: whole lines, and of a line that stands first in its queue
/// the pieces that are not there yet.
pub(super) fn short_lines(tx: &mut Tx, order: &Order) -> Result<Vec<Take>> {
    let mut takes = Vec::new();
    let mut stays = order.open_lines().any(|line| line.reserved != Reserved::Waiting && !line.is_gift());
    for line in order.open_lines().filter(|line| line.reserved == Reserved::Waiting) {
        let free = stock::free_for(tx, order.warehouse, line.spec, line.id)?;
        let free = Quantity::whole(free.floor());
        if free.is_positive() && free < line.actual_num && !takes.iter().any(|take: &Take| take.line == line.id) {
            stays = true;
            takes.push(Take { line: line.id, num: Some(line.actual_num - free) });
        } else {
            takes.push(Take { line: line.id, num: None });
        }
    }
    Ok(if stays { takes } else { Vec::new() })
}

fn split_stored(tx: &mut Tx, settings: &Settings, order: &mut Order, takes: &[Take], by_rule: bool) -> Result<Order> {
    check(order, takes)?;
    check_refunds(tx, order, takes)?;
    let first = order.raw.first().map_or(0, |(raw, _)| *raw);
    let mut part = split_off(tx, settings, order, takes, by_rule)?;
    let sealed = table::sealed_of(tx, order.id)?;
    reseal(tx, &mut part, first, &sealed, true)?;
    reseal(tx, order, first, &sealed, false)?;
    share_raws(tx, order, &part)?;
    table::update_order(tx, order)?;
    let freed = part.lines.iter().map(|line| (part.warehouse, line.spec)).collect();
    cancel::serve(tx, settings, &freed)?;
    Ok(part)
}

fn check(order: &Order, takes: &[Take]) -> Result<()> {
    if order.marks.freeze.is_some() || order.is_sealed != 0 {
        return Err(refuse("订单已冻结或不允许合并拆分"));
    }
    use OrderStatus::{Audited, AwaitingAudit, AwaitingRelease, DelayedAudit, Presale, Released, Unconfirmed};
    let allowed = [AwaitingAudit, DelayedAudit, Presale, AwaitingRelease, Released, Unconfirmed, Audited];
    if !allowed.contains(&order.status) {
        return Err(refuse("只有待客审、延时审核、预订单和已审核的订单可以拆分"));
    }
    if takes.is_empty() {
        return Err(refuse("没有选择货品"));
    }
    let mut stays = order.open_lines().count();
    for (i, take) in takes.iter().enumerate() {
        let Some(line) = order.open_lines().find(|line| line.id == take.line) else {
            return Err(refuse("订单没有该明细或已不发货"));
        };
        if takes.get(..i).is_some_and(|before| before.iter().any(|other| other.line == take.line)) {
            return Err(refuse("明细重复"));
        }
        match take.num {
            Some(num) if !num.is_positive() || num > line.actual_num => {
                return Err(refuse("数量应大于0且不超过实发数量"));
            }
            Some(num) if num < line.actual_num => {}
            _ => stays -= 1,
        }
    }
    if stays == 0 { Err(refuse("至少保留一个货品")) } else { Ok(()) }
}

/// What refunds took of a line stays with it: pieces that are to be refunded cannot leave, nor money that went back.
fn check_refunds(tx: &mut Tx, order: &Order, takes: &[Take]) -> Result<()> {
    let parts = || takes.iter().filter_map(|take| Some((take.line, take.num?)));
    if parts().next().is_none() {
        return Ok(());
    }
    let taken = aftersale::taken_of_order(tx, order.id)?;
    for (key, num) in parts() {
        let line = order.lines.iter().find(|line| line.id == key && num < line.actual_num);
        if let (Some(line), Some((pieces, money))) = (line, taken.get(&key)) {
            let worth = aftersale::worth(order, line);
            if num > line.num - *pieces || *money > worth - worth.share(num, line.num) {
                return Err(refuse("明细有退款,剩余数量或金额不足以拆分"));
            }
        }
    }
    Ok(())
}

/// The work itself, in memory except for the stock; the caller stores both orders.
pub(super) fn split_off(
    tx: &mut Tx,
    settings: &Settings,
    order: &mut Order,
    takes: &[Take],
    by_rule: bool,
) -> Result<Order> {
    let counter = tx.next(&settings.order_number.stem(tx.now()))?;
    let from = order.id;
    let mut part = Order {
        id: tx.document_id("order")?,
        no: settings.order_number.write(tx.now(), counter),
        lines: Vec::new(),
        stock_out: None,
        version: 1,
        created: tx.now(),
        modified: tx.now(),
        marks: Marks { split_from: if by_rule { -from } else { from }, parcels: Vec::new(), ..order.marks.clone() },
        ..order.clone()
    };
    for take in takes {
        move_line(tx, settings, order, &mut part, *take)?;
    }
    let moved: Vec<i64> = part.lines.iter().map(|line| line.id).collect();
    aftersale::lines_moved(tx, from, (part.id, &part.no), &moved)?;
    share_the_rest(order, &mut part);
    let (raws, lines) = (order.raw.clone(), order.lines.clone());
    part.raw = of_lines(&raws, &part.lines);
    order.raw = of_lines(&raws, &lines);
    if order.stock_out.is_some() {
        split_stock_out(tx, settings, order, &mut part)?;
    }
    tx.event(
        "order.split",
        &order.no,
        &serde_json::json!({ "new": part.no, "by_rule": by_rule, "lines": part.lines.len() }),
    )?;
    tx.event("order.created", &part.no, &serde_json::json!({ "split_from": order.no, "status": part.status }))?;
    Ok(part)
}

fn of_lines(raws: &[(i64, String)], lines: &[OrderLine]) -> Vec<(i64, String)> {
    raws.iter().filter(|(_, tid)| lines.iter().any(|line| line.tid == *tid)).cloned().collect()
}

/// Moves a line, or some of its pieces, with what it holds of the stock.
fn move_line(tx: &mut Tx, settings: &Settings, order: &mut Order, part: &mut Order, take: Take) -> Result<()> {
    let Some(i) = order.lines.iter().position(|line| line.id == take.line) else { return Ok(()) };
    let whole = take.num.is_none_or(|num| num == order.lines[i].actual_num);
    if whole {
        part.lines.push(order.lines[i].clone());
    } else {
        let id = tx.next("order_line")?;
        let moved = divide(&mut order.lines[i], take.num.unwrap_or_default(), id);
        part.lines.push(moved);
    }
    let column = match order.lines[i].reserved {
        Reserved::Nothing => {
            if whole {
                order.lines.remove(i);
            }
            return Ok(());
        }
        Reserved::Waiting => None,
        Reserved::Unpaid => Some(QuantityColumn::Unpaid),
        Reserved::Order => Some(QuantityColumn::Order),
        Reserved::Sending => Some(QuantityColumn::Sending),
        Reserved::Presale => Some(QuantityColumn::Subscribe),
    };
    let (from, to) = (need(order, i), need(part, part.lines.len() - 1));
    if column.is_none() && !whole {
        stock::split_waiting(tx, settings, &from, &to)?;
    } else {
        stock::hand_over(tx, settings, &from, &to, column)?;
    }
    if whole {
        order.lines.remove(i);
    }
    Ok(())
}

/// Cuts `num` pieces off a line: amounts in proportion, the rest stays with what was there.
fn divide(line: &mut OrderLine, num: Quantity, id: i64) -> OrderLine {
    // Pieces that were refunded before shipment stay on the line with their money.
    let whole = line.num;
    let share = |amount: Money| amount.share(num, whole);
    let mut part = line.clone();
    part.id = id;
    part.flag = store::wire_id(id);
    part.num = num;
    part.actual_num = num;
    part.share_amount = share(line.share_amount);
    part.share_post = share(line.share_post);
    part.discount = share(line.discount);
    part.adjust = share(line.adjust);
    let (owed, part_owed) = (line.owed(), part.owed());
    part.paid = if line.paid == owed {
        part_owed
    } else {
        spread(line.paid, &[part_owed, owed - part_owed]).first().copied().unwrap_or_default()
    };
    line.num -= num;
    line.actual_num -= num;
    line.share_amount -= part.share_amount;
    line.share_post -= part.share_post;
    line.discount -= part.discount;
    line.adjust -= part.adjust;
    line.paid -= part.paid;
    if line.flag == 0 {
        line.flag = store::wire_id(line.id);
    }
    part
}

/// Amounts that belong to no line: other charges and the carrier's fee. What was paid in full stays so on both sides.
fn share_the_rest(order: &mut Order, part: &mut Order) {
    let (other, fee, settled) = (order.other_amount, order.ext_cod_fee, order.paid == order.due);
    let owed = |order: &Order| order.lines.iter().map(OrderLine::owed).sum::<Money>();
    let paid = |order: &Order| order.lines.iter().map(|line| line.paid).sum::<Money>();
    let weights = [owed(part), owed(order)];
    let share = |amount: Money| spread(amount, &weights).first().copied().unwrap_or_default();
    part.other_amount = if settled && order.delivery_term != DeliveryTerm::CashOnDelivery {
        paid(part) - owed(part)
    } else {
        share(other)
    };
    part.ext_cod_fee = share(fee);
    order.other_amount = other - part.other_amount;
    order.ext_cod_fee = fee - part.ext_cod_fee;
    part.add_up();
    order.add_up();
}

/// The stock-out of an order that the warehouse has is split with it; both are held back for the same reasons.
fn split_stock_out(tx: &mut Tx, settings: &Settings, order: &Order, part: &mut Order) -> Result<()> {
    let id = order.stock_out.as_ref().map_or(0, |(id, _)| *id);
    let mut old = table::stock_out_by_id(tx, id)?.ok_or(Refusal::QueueRow("出库单不存在"))?;
    old.lines.retain_mut(|out| match order.lines.iter().find(|line| line.id == out.order_line) {
        Some(line) => {
            out.num = line.actual_num;
            true
        }
        None => false,
    });
    old.modified = tx.now();
    let mut lines = Vec::with_capacity(part.lines.len());
    for line in &part.lines {
        lines.push(StockOutLine {
            id: tx.next("stock_out_line")?,
            order_line: line.id,
            num: line.actual_num,
            cost_price: Money::ZERO,
        });
    }
    let counter = tx.next(&settings.stockout_number.stem(tx.now()))?;
    let new = StockOut {
        id: tx.document_id("stock_out")?,
        no: settings.stockout_number.write(tx.now(), counter),
        order: part.id,
        status: StockOutStatus::Audited,
        lines,
        created: tx.now(),
        modified: tx.now(),
        ..old.clone()
    };
    table::save_stock_out(tx, &old)?;
    table::save_stock_out(tx, &new)?;
    tx.event("stock_out.created", &new.no, &serde_json::json!({ "trade_no": part.no, "split_from": old.no }))?;
    part.stock_out = Some((new.id, new.no));
    Ok(())
}

/// The buyer of an order is sealed for its first raw order; when that is another one now, the buyer of that one takes its place.
fn reseal(tx: &mut Tx, order: &mut Order, sealed_for: i64, sealed: &[u8], new: bool) -> Result<()> {
    let first = order.raw.first().map_or(0, |(raw, _)| *raw);
    let fresh = if first == sealed_for {
        None
    } else {
        let raw = table::raw_by_id(tx, first)?.ok_or(Refusal::QueueRow("原始订单不存在"))?;
        order.region = raw.facts.region;
        order.area.clone_from(&raw.facts.area);
        Some(table::seal_buyer(tx, first, &raw.facts.buyer)?)
    };
    match (new, &fresh) {
        (true, fresh) => table::insert_order(tx, order, fresh.as_deref().unwrap_or(sealed)),
        (false, Some(fresh)) => table::update_order_buyer(tx, order.id, fresh),
        (false, None) => Ok(()),
    }
}

/// Tells the raw orders which orders they are in now.
fn share_raws(tx: &mut Tx, order: &Order, part: &Order) -> Result<()> {
    for (id, tid) in &part.raw {
        let Some(mut raw) = table::raw_by_id(tx, *id)? else { continue };
        raw.orders.push(part.id);
        if !order.raw.iter().any(|(_, other)| other == tid) {
            raw.orders.retain(|id| *id != order.id);
        }
        raw.modified = tx.now();
        table::update_raw(tx, &raw)?;
    }
    Ok(())
}
