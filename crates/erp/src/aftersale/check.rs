//! Whether money and pieces got lost between raw orders, orders, stock-outs and refunds: for `matou doctor` and for tests.

use std::collections::HashMap;

use store::{Reader, wire_id};
use units::{Money, Quantity};

use super::document::RefundOrder;
use super::table;
use crate::Result;
use crate::order::{self, DeliveryTerm, Order, RawOrder, StockOut};

/// Refund orders that are looked at together.
const TOGETHER: i64 = 200;

/// Looks at every refund order and every order of the reader's merchant, or of every merchant for the house. A sentence for each finding; empty = nothing is lost.
///
/// * A refund order: its amount is the sum of its lines' shares, its goods amount that of their values, what goes out that of
///   its goods; the table of what it takes says the same as the document.
/// * An order line: its pieces are refunded once, and no more money than was paid for it, unless a person confirmed more.
/// * An order: what was paid is the sum of its lines.
/// * A line of a raw order: its orders have its pieces, at its price.
/// * A stock-out: it ships what the lines of its order have to be shipped.
///
/// # Errors
/// The store, or a document in it, cannot be read.
pub fn audit_money(reader: &mut Reader) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut after = 0;
    loop {
        let refunds = table::refunds_after(reader, after, TOGETHER)?;
        let (Some(first), Some(last)) = (refunds.first(), refunds.last()) else { break };
        after = last.id;
        let sums = table::sums_of(reader, first.id, last.id)?;
        for refund in &refunds {
            look_at_refund(refund, sums.get(&refund.id).copied().unwrap_or_default(), &mut findings);
        }
    }
    after = 0;
    while let Some(made) = order::made_after(reader, after)? {
        after = made.raws.last().map_or(i64::MAX, |raw| raw.id);
        let keys: Vec<i64> = made.orders.keys().copied().collect();
        let taken = table::taken_to_check(reader, &keys)?;
        for raw in &made.raws {
            look_at_raw(raw, &made.orders, &mut findings);
        }
        for order in made.orders.values() {
            look_at_order(order, &taken, &mut findings);
        }
        for stock_out in &made.open {
            look_at_stock_out(stock_out, &made.orders, &mut findings);
        }
    }
    findings.sort_unstable();
    findings.dedup();
    Ok(findings)
}

fn look_at_refund(refund: &RefundOrder, kept: (Quantity, Money, i64), findings: &mut Vec<String>) {
    let money: Money = refund.lines.iter().map(|line| line.amount).sum();
    let goods: Money = refund.lines.iter().map(|line| line.total).sum();
    let out: Money = refund.out.iter().map(|line| line.price.times(line.num)).sum();
    let mut differ = |what: &str, kept: Money, summed: Money| {
        if kept != summed {
            findings.push(format!("refund order {}: {what} is {kept}, {summed} expected", refund.no));
        }
    };
    if !refund.lines.is_empty() {
        differ("refund_amount", refund.refund_amount, money);
    }
    differ("goods_amount", refund.goods_amount, goods);
    differ("exchange_amount", refund.exchange_amount, out);
    if refund.finished.is_some() {
        differ("actual_refund_amount", refund.actual_refund_amount, refund.refund_amount);
    }
    let num = if refund.kind.takes_pieces() { refund.pieces() } else { Quantity::ZERO };
    let live = if refund.is_live() { i64::try_from(refund.lines.len()).unwrap_or(i64::MAX) } else { 0 };
    if (num, money, live) != kept {
        let (kept_num, kept_money, kept_live) = kept;
        findings.push(format!(
            "refund order {}: {num} pieces and {money} on {live} live lines, its table has {kept_num}, {kept_money}, {kept_live}",
            refund.no
        ));
    }
}

fn look_at_order(order: &Order, taken: &HashMap<i64, (Quantity, Money, bool)>, findings: &mut Vec<String>) {
    let paid: Money = order.lines.iter().map(|line| line.paid).sum();
    if order.paid != paid && !order.lines.is_empty() {
        findings.push(format!("order {}: paid is {}, its lines sum to {paid}", order.no, order.paid));
    }
    for line in &order.lines {
        let Some((num, money, confirmed)) = taken.get(&line.id) else { continue };
        let number = wire_id(line.id);
        if *num > line.num {
            findings.push(format!("order {}: line {number} has {}, {num} are refunded", order.no, line.num));
        }
        let worth = match order.delivery_term {
            DeliveryTerm::CashOnDelivery => line.paid.max(line.share_amount + line.share_post),
            _ => line.paid,
        };
        if *money > worth && !confirmed {
            findings.push(format!("order {}: line {number} was paid {worth}, {money} goes back", order.no));
        }
    }
}

/// Suites are taken apart, so only lines of specs can be compared by price.
fn look_at_raw(raw: &RawOrder, orders: &HashMap<i64, Order>, findings: &mut Vec<String>) {
    for line in &raw.facts.lines {
        let (mut pieces, mut value, mut any) = (Quantity::ZERO, Money::ZERO, false);
        for order in raw.orders.iter().filter_map(|key| orders.get(key)) {
            for part in &order.lines {
                if part.tid == raw.facts.tid && part.oid == line.oid && part.suite.is_none() {
                    any = true;
                    pieces += part.num;
                    value += part.share_amount + part.discount - part.adjust;
                }
            }
        }
        let worth = line.price.times(line.num);
        if any && (pieces, value) != (line.num, worth) {
            findings.push(format!(
                "raw order {}: line {} is {} for {worth}, its orders have {pieces} for {value}",
                raw.facts.tid, line.oid, line.num
            ));
        }
    }
}

fn look_at_stock_out(stock_out: &StockOut, orders: &HashMap<i64, Order>, findings: &mut Vec<String>) {
    let Some(order) = orders.get(&stock_out.order) else { return };
    for line in &stock_out.lines {
        let of_order = order.lines.iter().find(|of_order| of_order.id == line.order_line);
        let wanted = of_order.map_or(Quantity::ZERO, |of_order| of_order.actual_num);
        if line.num != wanted {
            findings.push(format!(
                "stock-out {}: line {} ships {}, order {} wants {wanted}",
                stock_out.no,
                wire_id(line.id),
                line.num,
                order.no
            ));
        }
    }
}
