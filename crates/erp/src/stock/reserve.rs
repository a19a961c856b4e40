//! Reservation for order lines: first come first served, never more than there is.
//!
//! A line is served whole or waits whole. It also waits when another line waits in front of it, so that nobody jumps the
//! queue. What becomes free goes to the lines that wait, in the order in which they came.

use store::Tx;
use units::{Money, Quantity};

use super::balance::QuantityColumn;
use super::ledger::{Move, enter, keep, post};
use super::table;
use crate::{Result, Settings};

/// What an order line needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need<'a> {
    /// Warehouse key.
    pub(crate) warehouse: i64,
    /// Spec key.
    pub(crate) spec: i64,
    /// Pieces.
    pub(crate) num: Quantity,
    /// The spec itself may go below zero.
    pub(crate) may_go_negative: bool,
    /// Key of the order line.
    pub(crate) line: i64,
    /// Key of the order.
    pub(crate) order: i64,
    /// Number of the order, for the ledger.
    pub(crate) order_no: &'a str,
}

/// Reserves the lines of one order in `column` (待审核量, or 预订单量), or queues those for which there is not enough; true =
/// reserved. Lines that are `paid_now` give back their unpaid quantity. The balances are read together.
pub(crate) fn reserve_lines(
    tx: &mut Tx,
    settings: &Settings,
    needs: &[Need<'_>],
    column: QuantityColumn,
    paid_now: bool,
) -> Result<Vec<bool>> {
    let Some(first) = needs.first() else { return Ok(Vec::new()) };
    let specs: Vec<i64> = needs.iter().map(|need| need.spec).collect();
    let mut balances = table::balances_of(tx, first.warehouse, &specs)?;
    let before = balances.clone();
    let mut outcome = Vec::with_capacity(needs.len());
    for need in needs {
        let Some(balance) = balances.iter_mut().find(|balance| balance.spec == need.spec) else { continue };
        let unlimited = settings.allow_negative_stock && need.may_go_negative;
        let served = unlimited || (balance.waiting == 0 && balance.free() >= need.num);
        let mut moves = Vec::with_capacity(2);
        if paid_now {
            moves.push(Move { column: QuantityColumn::Unpaid, delta: -need.num });
        }
        if served {
            moves.push(Move { column, delta: need.num });
        } else {
            balance.waiting += 1;
            table::enqueue(tx, need)?;
        }
        enter(tx, balance, &moves, need.order_no)?;
        if unlimited {
            balance.grant_shortage();
        }
        outcome.push(served);
    }
    keep(tx, settings, before.into_iter().zip(&mut balances))?;
    Ok(outcome)
}

/// Announces [`reserve_lines`]: the balances it will read.
pub(crate) fn foresee_balances(tx: &mut Tx, warehouse: i64, specs: &[i64]) -> Result<()> {
    table::foresee_balances(tx, warehouse, specs)
}

/// Counts a line of an unpaid order (未付款量); nothing is reserved by it.
pub(crate) fn count_unpaid(tx: &mut Tx, settings: &Settings, need: &Need<'_>) -> Result<()> {
    let mut balance = table::balance_or_new(tx, need.warehouse, need.spec, 0)?;
    post(tx, settings, &mut balance, &[Move { column: QuantityColumn::Unpaid, delta: need.num }], need.order_no)
}

/// Moves what a line holds from one column to another, such as 待审核量 to 待发货量 at the audit.
pub(crate) fn shift_line(
    tx: &mut Tx,
    settings: &Settings,
    need: &Need<'_>,
    from: QuantityColumn,
    to: QuantityColumn,
) -> Result<()> {
    let mut balance = table::balance_or_new(tx, need.warehouse, need.spec, 0)?;
    let moves = [Move { column: from, delta: -need.num }, Move { column: to, delta: need.num }];
    post(tx, settings, &mut balance, &moves, need.order_no)
}

/// Takes a line's goods out of the warehouse. Returns the cost of a piece.
pub(crate) fn ship_line(tx: &mut Tx, settings: &Settings, need: &Need<'_>, document: &str) -> Result<Money> {
    let mut balance = table::balance_or_new(tx, need.warehouse, need.spec, 0)?;
    let moves = [
        Move { column: QuantityColumn::Sending, delta: -need.num },
        Move { column: QuantityColumn::Stock, delta: -need.num },
    ];
    post(tx, settings, &mut balance, &moves, document)?;
    Ok(balance.cost_price)
}

/// Gives back what a line holds in `column`; a line that waits (`None`) leaves the queue. Those behind it are served when the
/// caller has stored its own order, through [`serve_waiting`].
pub(crate) fn release_line(
    tx: &mut Tx,
    settings: &Settings,
    need: &Need<'_>,
    column: Option<QuantityColumn>,
) -> Result<()> {
    let mut balance = table::balance_or_new(tx, need.warehouse, need.spec, 0)?;
    match column {
        Some(column) => post(tx, settings, &mut balance, &[Move { column, delta: -need.num }], need.order_no),
        None => {
            table::dequeue(tx, need.warehouse, need.spec, need.line)?;
            balance.waiting -= 1;
            post(tx, settings, &mut balance, &[], need.order_no)
        }
    }
}

/// Gives back `by` pieces of what a line holds in `column`, or waits for (`None`); the rest stays where it is. As with
/// [`release_line`], others are served later.
pub(crate) fn shrink_line(
    tx: &mut Tx,
    settings: &Settings,
    need: &Need<'_>,
    column: Option<QuantityColumn>,
    by: Quantity,
) -> Result<()> {
    match column {
        Some(_) => release_line(tx, settings, &Need { num: by, ..*need }, column),
        None => table::shrink_waiting(tx, need.warehouse, need.spec, need.line, need.num - by),
    }
}

/// Serves the lines that wait for a spec in a warehouse, first come first served, as far as the stock goes.
pub(crate) fn serve_waiting(tx: &mut Tx, settings: &Settings, warehouse: i64, spec: i64) -> Result<()> {
    let mut balance = table::balance_or_new(tx, warehouse, spec, 0)?;
    while balance.waiting > 0 {
        let Some(first) = table::first_waiting(tx, warehouse, spec)? else { break };
        if balance.free() < first.num {
            break;
        }
        let (order_no, column) = crate::order::got_stock(tx, settings, first.order, first.line)?;
        table::dequeue(tx, warehouse, spec, first.line)?;
        balance.waiting -= 1;
        post(tx, settings, &mut balance, &[Move { column, delta: first.num }], &order_no)?;
    }
    Ok(())
}

/// Moves what a line holds in `column` from one order to another of the same warehouse: the balance stays as it is, the ledger
/// says who gave and who took. `None`: the line waits, and goes on waiting at its place for the other order.
pub(crate) fn hand_over(
    tx: &mut Tx,
    settings: &Settings,
    from: &Need<'_>,
    to: &Need<'_>,
    column: Option<QuantityColumn>,
) -> Result<()> {
    let Some(column) = column else { return table::requeue(tx, from, to) };
    let mut balance = table::balance_or_new(tx, from.warehouse, from.spec, 0)?;
    let before = balance.clone();
    enter(tx, &mut balance, &[Move { column, delta: -to.num }], from.order_no)?;
    enter(tx, &mut balance, &[Move { column, delta: to.num }], to.order_no)?;
    keep(tx, settings, [(before, &mut balance)])
}

/// A waiting line becomes two: `rest` keeps the place, `part` stands right behind it.
pub(crate) fn split_waiting(tx: &mut Tx, settings: &Settings, rest: &Need<'_>, part: &Need<'_>) -> Result<()> {
    table::split_place(tx, rest, part)?;
    let mut balance = table::balance_or_new(tx, rest.warehouse, rest.spec, 0)?;
    balance.waiting += 1;
    post(tx, settings, &mut balance, &[], part.order_no)
}

/// Which of the warehouses could serve all of these quantities (spec, pieces) at once: nobody waits there for any of them and
/// enough is free. In the order of `warehouses`; for each, how many of the needs it could serve.
pub(crate) fn coverage(tx: &mut Tx, warehouses: &[i64], needs: &[(i64, Quantity)]) -> Result<Vec<Vec<bool>>> {
    let specs: Vec<i64> = needs.iter().map(|(spec, _)| *spec).collect();
    let balances = table::balances_among(tx, warehouses, &specs)?;
    let can = |warehouse: i64, spec: i64, num: Quantity| {
        balances.iter().any(|b| b.warehouse == warehouse && b.spec == spec && b.waiting == 0 && b.free() >= num)
    };
    Ok(warehouses.iter().map(|w| needs.iter().map(|(spec, num)| can(*w, *spec, *num)).collect()).collect())
}

/// What is free of a spec in a warehouse for the line that stands first in the queue there, or for anybody when nobody waits.
pub(crate) fn free_for(tx: &mut Tx, warehouse: i64, spec: i64, line: i64) -> Result<Quantity> {
    let balance = table::balance_or_new(tx, warehouse, spec, 0)?;
    let first = table::first_waiting(tx, warehouse, spec)?;
    Ok(if first.is_none_or(|first| first.line == line) { balance.free().max(Quantity::ZERO) } else { Quantity::ZERO })
}
