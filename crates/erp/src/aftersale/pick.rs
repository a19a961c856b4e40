//! Which pieces of which order lines a refund takes, and what they are worth.

use std::collections::HashMap;

use store::Tx;
use units::{Money, Quantity};

use super::document::RefundOrder;
use super::refusal::AftersaleRefusal as Refused;
use super::status::RefundKind;
use super::table;
use crate::Result;
use crate::order::{self, DeliveryTerm, Order, OrderLine, OrderStatus, RawOrder};

/// The order has left the warehouse.
const GONE: i64 = 95;

/// Pieces of an order line that a refund takes.
pub(super) struct Picked {
    /// Key of the order.
    pub(super) order: i64,
    /// Its number.
    pub(super) order_no: String,
    /// The line.
    pub(super) line: OrderLine,
    /// Pieces.
    pub(super) num: Quantity,
    /// Value of these pieces.
    pub(super) total: Money,
    /// What the buyer paid for these pieces.
    pub(super) paid: Money,
    /// What the buyer paid for the line and got nothing back of yet.
    pub(super) left: Money,
}

/// What was picked, and of which orders.
pub(super) struct Selection {
    /// Orders of the raw order, all of them.
    pub(super) orders: Vec<Order>,
    /// The pieces.
    pub(super) picked: Vec<Picked>,
}

impl Selection {
    /// The order that gives the first piece.
    pub(super) fn first(&self) -> Option<&Order> {
        let key = self.picked.first()?.order;
        self.orders.iter().find(|order| order.id == key)
    }
}

/// What was paid for a line: cash on delivery is paid when the goods are handed over.
pub(crate) fn worth(order: &Order, line: &OrderLine) -> Money {
    if order.delivery_term == DeliveryTerm::CashOnDelivery {
        line.paid.max(line.share_amount + line.share_post)
    } else {
        line.paid
    }
}

/// The part of `amount` that falls on `num` pieces after `before` of `whole` were counted; parts of all pieces add up exactly.
fn slice(amount: Money, before: Quantity, num: Quantity, whole: Quantity) -> Money {
    let upto = |pieces: Quantity| amount.share(Money::from_raw(pieces.raw()), Money::from_raw(whole.raw()));
    upto(before + num) - upto(before)
}

/// Whether pieces of this order can be refunded so.
fn serves(order: &Order, kind: RefundKind) -> bool {
    match kind {
        RefundKind::Unshipped => order.status.code() < GONE,
        _ => order.status != OrderStatus::Cancelled,
    }
}

/// Chooses pieces for `wanted` (line of the raw order, pieces). The inner refusal says why it cannot be done.
pub(super) fn pick(
    tx: &mut Tx,
    raw: &RawOrder,
    kind: RefundKind,
    wanted: &[(String, Quantity)],
    except: i64,
) -> Result<Result<Selection, Refused>> {
    let orders = order::orders_of(tx, raw)?;
    let keys: Vec<i64> = orders.iter().map(|order| order.id).collect();
    let taken = table::taken_of(tx, &keys, except)?;
    let mut picked = Vec::new();
    for (oid, num) in wanted {
        let Some(of_raw) = raw.facts.lines.iter().find(|line| line.oid == *oid) else {
            return Ok(Err(Refused::OidUnknown { tid: raw.facts.tid.clone(), oid: oid.clone() }));
        };
        let mut places = Vec::new();
        for (o, order) in orders.iter().enumerate() {
            let here = order.lines.iter().enumerate().filter(|(_, line)| line.oid == *oid && line.tid == raw.facts.tid);
            places.extend(here.map(|(l, _)| (o, l)));
        }
        let open = || places.iter().filter(|(o, _)| serves(&orders[*o], kind));
        if open().next().is_none() {
            let gone = places.iter().map(|(o, _)| &orders[*o]).find(|order| order.status.code() >= GONE);
            return Ok(Err(match gone {
                Some(order) if kind == RefundKind::Unshipped => Refused::AlreadyShipped(order.no.clone()),
                _ => Refused::NoOrder(raw.facts.tid.clone()),
            }));
        }
        let mut specs: Vec<i64> = places.iter().map(|(o, l)| orders[*o].lines[*l].spec).collect();
        specs.sort_unstable();
        specs.dedup();
        for spec in specs {
            let of_spec = |(o, l): &&(usize, usize)| orders[*o].lines[*l].spec == spec;
            let whole: Quantity = places.iter().filter(of_spec).map(|(o, l)| orders[*o].lines[*l].num).sum();
            // A suite of the raw order is several pieces of each of its parts.
            let mut need = whole.share(*num, of_raw.num);
            let mut left = Quantity::ZERO;
            for (o, l) in open().filter(of_spec) {
                let (order, line) = (&orders[*o], &orders[*o].lines[*l]);
                let free = available(kind, line, &taken);
                left += free.max(Quantity::ZERO);
                let take = need.min(free);
                if take.is_positive() {
                    need -= take;
                    picked.push(part(order, line, kind, take, &taken));
                }
            }
            if need.is_positive() {
                let left = of_raw.num.share(left, whole);
                let refused = Refused::NothingLeft { oid: oid.clone(), asked: num.to_string(), left: left.to_string() };
                return Ok(Err(refused));
            }
        }
    }
    Ok(Ok(Selection { orders, picked }))
}

/// Pieces of a line that nobody has refunded.
fn available(kind: RefundKind, line: &OrderLine, taken: &HashMap<i64, (Quantity, Money)>) -> Quantity {
    if !kind.takes_pieces() {
        return line.num;
    }
    line.num - taken.get(&line.id).map_or(Quantity::ZERO, |(num, _)| *num)
}

fn part(
    order: &Order,
    line: &OrderLine,
    kind: RefundKind,
    num: Quantity,
    taken: &HashMap<i64, (Quantity, Money)>,
) -> Picked {
    let (pieces, money) = taken.get(&line.id).copied().unwrap_or_default();
    let before = if kind.takes_pieces() && pieces + num <= line.num { pieces } else { Quantity::ZERO };
    let worth = worth(order, line);
    Picked {
        order: order.id,
        order_no: order.no.clone(),
        num,
        total: slice(line.share_amount, before, num, line.num),
        paid: slice(worth, before, num, line.num),
        left: (worth - money).max(Money::ZERO),
        line: line.clone(),
    }
}

/// What the buyer paid for each line of a refund order and got nothing back of yet, through other refund orders.
pub(super) fn left_of(tx: &mut Tx, refund: &RefundOrder) -> Result<Vec<Money>> {
    let mut keys: Vec<i64> = refund.lines.iter().map(|line| line.order).collect();
    keys.sort_unstable();
    keys.dedup();
    let taken = table::taken_of(tx, &keys, refund.id)?;
    let mut orders = HashMap::new();
    for key in keys {
        orders.extend(order::order_by_id(tx, key)?.map(|order| (key, order)));
    }
    let left = refund.lines.iter().map(|line| {
        let of_order = orders.get(&line.order).and_then(|order| {
            order.lines.iter().find(|of_order| of_order.id == line.order_line).map(|of_order| worth(order, of_order))
        });
        let given = taken.get(&line.order_line).map_or(Money::ZERO, |(_, money)| *money);
        (of_order.unwrap_or_default() - given).max(Money::ZERO)
    });
    Ok(left.collect())
}

/// Spreads what the buyer gets back over the pieces, see [`spread_shares`].
pub(super) fn spread_amount(amount: Money, picked: &[Picked]) -> (Vec<Money>, bool) {
    let paid: Vec<Money> = picked.iter().map(|piece| piece.paid).collect();
    let left: Vec<Money> = picked.iter().map(|piece| piece.left).collect();
    spread_shares(amount, &paid, &left)
}

/// Spreads an amount by what was paid for the pieces; where that would be more than is left of a line, by what is left. True
/// when it is more than is left altogether.
pub(super) fn spread_shares(amount: Money, paid: &[Money], left: &[Money]) -> (Vec<Money>, bool) {
    let by_paid = order::spread(amount, paid);
    if by_paid.iter().zip(left).all(|(share, left)| share <= left) {
        return (by_paid, false);
    }
    let whole: Money = left.iter().copied().sum();
    if amount > whole {
        return (by_paid, true);
    }
    // Filling up what is left one after the other keeps every share within its line.
    let mut rest = amount;
    let filled = left
        .iter()
        .map(|left| {
            let share = rest.min(*left);
            rest -= share;
            share
        })
        .collect();
    (filled, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_of_all_pieces_add_up() {
        let money = |text: &str| text.parse::<Money>().unwrap();
        let one = Quantity::whole(1);
        let three = Quantity::whole(3);
        let parts: Vec<Money> = (0..3).map(|i| slice(money("10"), Quantity::whole(i), one, three)).collect();
        assert_eq!(parts.iter().map(Money::to_string).collect::<Vec<_>>(), ["3.3333", "3.3334", "3.3333"]);
        assert_eq!(parts.into_iter().sum::<Money>(), money("10"));
    }

    #[test]
    fn shares_stay_within_what_is_left() {
        let check = |amount: &str, paid: &[&str], left: &[&str], expected: &[&str], over: bool| {
            let money = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<Money>>();
            let (shares, found) = spread_shares(amount.parse().unwrap(), &money(paid), &money(left));
            assert_eq!(shares.iter().map(Money::to_string).collect::<Vec<_>>(), expected, "{amount}");
            assert_eq!(found, over, "{amount}");
            assert_eq!(shares.into_iter().sum::<Money>(), amount.parse().unwrap());
        };
        check("30", &["10", "20"], &["10", "20"], &["10.0000", "20.0000"], false);
        check("15", &["10", "20"], &["10", "20"], &["5.0000", "10.0000"], false);
        check("15", &["10", "20"], &["10", "6"], &["10.0000", "5.0000"], false);
        check("31", &["10", "20"], &["10", "20"], &["10.3333", "20.6667"], true);
        check("0", &["0"], &["0"], &["0.0000"], false);
        check("1", &["0"], &["0"], &["1.0000"], true);
    }
}
