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

/// Reserves the lines of one order (待审核量), or queues those for which there is not enough; true = reserved. Lines that are
/// `paid_now` give back their unpaid quantity. The balances are read together.
pub(crate) fn reserve_lines(tx: &mut Tx, settings: &Settings, needs: &[Need<'_>], paid_now: bool) -> Result<Vec<bool>> {
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
            moves.push(Move { column: QuantityColumn::Order, delta: need.num });
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

/// Serves the lines that wait for a spec in a warehouse, first come first served, as far as the stock goes.
pub(crate) fn serve_waiting(tx: &mut Tx, settings: &Settings, warehouse: i64, spec: i64) -> Result<()> {
    let mut balance = table::balance_or_new(tx, warehouse, spec, 0)?;
    while balance.waiting > 0 {
        let Some(first) = table::first_waiting(tx, warehouse, spec)? else { break };
        if balance.free() < first.num {
            break;
        }
        let order_no = crate::order::got_stock(tx, first.order, first.line)?;
        table::dequeue(tx, warehouse, spec, first.line)?;
        balance.waiting -= 1;
        post(tx, settings, &mut balance, &[Move { column: QuantityColumn::Order, delta: first.num }], &order_no)?;
    }
    Ok(())
}
