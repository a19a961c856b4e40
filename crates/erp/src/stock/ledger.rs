//! The one way in which a quantity changes: a posting. Balance and ledger row are written together.

use store::{Reader, Tx};
use units::{Moment, Quantity};

use super::balance::{Balance, QUANTITIES, QuantityColumn};
use super::table;
use crate::catalog::count_stock_changes;
use crate::{Result, Settings};

/// One change of one column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Move {
    /// The column.
    pub(crate) column: QuantityColumn,
    /// How much, with its sign.
    pub(crate) delta: Quantity,
}

/// A line of the ledger.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    /// Key; ascending in time.
    pub id: i64,
    /// Warehouse key.
    pub warehouse: i64,
    /// Spec key.
    pub spec: i64,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// The column that changed.
    pub column: QuantityColumn,
    /// By how much.
    pub delta: Quantity,
    /// The quantity before.
    pub before: Quantity,
    /// The quantity after.
    pub after: Quantity,
    /// The document that did it.
    pub document: String,
    /// The signed message that caused it; 0 = none.
    pub receipt: i64,
    /// When.
    pub at: Moment,
}

/// Posts moves of one document to one balance, which is changed in place and stored. Occupations do not go below zero
/// (fact sheet wdt-2, 1.3 no. 1): such a move is cut to what is there.
pub(crate) fn post(
    tx: &mut Tx,
    settings: &Settings,
    balance: &mut Balance,
    moves: &[Move],
    document: &str,
) -> Result<()> {
    let before = balance.clone();
    enter(tx, balance, moves, document)?;
    keep(tx, settings, [(before, balance)])
}

/// Writes the ledger rows of some moves and changes the balance in memory; [`keep`] must follow.
pub(super) fn enter(tx: &mut Tx, balance: &mut Balance, moves: &[Move], document: &str) -> Result<()> {
    let now = tx.now();
    for one in moves {
        let (before, after) = shift(balance, *one);
        if after == before {
            continue;
        }
        if one.column == QuantityColumn::Stock {
            balance.last_inout = now;
        }
        table::insert_ledger(tx, balance.id, one.column, before, after, document)?;
    }
    Ok(())
}

/// Changes one column in memory; gives it before and after.
pub(super) fn shift(balance: &mut Balance, Move { column, delta }: Move) -> (Quantity, Quantity) {
    let quantity = balance.quantities.get_mut(column);
    let before = *quantity;
    let mut after = before + delta;
    if after.is_negative() && column != QuantityColumn::Stock {
        after = Quantity::ZERO;
    }
    *quantity = after;
    (before, after)
}

/// Stores balances that were changed, given as they were and as they are, and counts the changes that malls must hear of.
pub(super) fn keep<'b>(
    tx: &mut Tx,
    settings: &Settings,
    changed: impl IntoIterator<Item = (Balance, &'b mut Balance)>,
) -> Result<()> {
    let now = tx.now();
    let mut specs = Vec::new();
    for (before, after) in changed {
        let stamp = before.stored.then_some(before.modified);
        after.modified = now;
        after.stored = true;
        after.short = after.short.min(after.oversold());
        table::save_balance(tx, after, stamp)?;
        if after.defect == 0 && after.sellable(&settings.sellable) != before.sellable(&settings.sellable) {
            specs.push(after.spec);
        }
    }
    count_stock_changes(tx, &specs)
}

/// The stock movements of a document, in order.
pub fn ledger_of(reader: &mut Reader, document: &str) -> Result<Vec<LedgerRow>> {
    table::ledger_of(reader, document)
}

/// A document that left less to sell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drain {
    /// Which.
    pub document: String,
    /// When, last.
    pub at: Moment,
    /// By how much, as a positive number.
    pub pieces: Quantity,
}

/// Documents that lowered what can be sold of a spec's good stock in a warehouse, newest first. Looks back over the merchant's last
/// some thousand movements, because the ledger is not kept by balance.
pub fn drains(reader: &mut Reader, settings: &Settings, warehouse: i64, spec: i64) -> Result<Vec<Drain>> {
    let mut drains: Vec<(Drain, Quantity)> = Vec::new();
    for row in table::recent_moves(reader, warehouse, spec)? {
        // The formula is linear: what a movement does to it is the formula of the movement alone.
        let mut moved = Balance::empty(0, warehouse, spec, 0, row.at);
        *moved.quantities.get_mut(row.column) = row.delta;
        let effect = moved.sellable(&settings.sellable);
        match drains.iter_mut().find(|(drain, _)| drain.document == row.document) {
            Some((_, sum)) => *sum += effect,
            None => drains.push((Drain { document: row.document, at: row.at, pieces: Quantity::ZERO }, effect)),
        }
    }
    let lowered = |(drain, effect): (Drain, Quantity)| effect.is_negative().then(|| Drain { pieces: -effect, ..drain });
    Ok(drains.into_iter().filter_map(lowered).collect())
}

/// Compares every balance of every merchant with the sum of its ledger, and looks for stock promised beyond what is on hand
/// without leave: a stock-taking that counted less than was promised, and negative stock that the merchant allows, are leave
/// (see [`Balance::short`]). Returns a sentence for each difference; empty = the books balance.
pub fn audit_books(reader: &mut Reader) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (balance, column, kept, summed) in table::ledger_differences(reader)? {
        let name = usize::try_from(column).ok().and_then(|i| QUANTITIES.get(i)).map_or("?", |column| column.name());
        findings.push(format!("balance {balance}: {name} is {kept}, its ledger sums to {summed}"));
    }
    for (balance, column, carried, archived) in table::carry_differences(reader)? {
        let name = usize::try_from(column).ok().and_then(|i| QUANTITIES.get(i)).map_or("?", |column| column.name());
        findings.push(format!(
            "balance {balance}: {name} carries {carried} forward, its archived ledger sums to {archived}"
        ));
    }
    for (balance, free) in table::oversold(reader)? {
        findings.push(format!("balance {balance}: {free} pieces promised beyond what is on hand"));
    }
    Ok(findings)
}
