//! The balances that one document touches in one warehouse: read together, changed in memory, stored together.

use std::collections::HashMap;

use store::Tx;
use units::{Money, Quantity};

use super::balance::{Balance, QuantityColumn};
use super::ledger::{Move, enter, keep, shift};
use super::{reserve, table};
use crate::{Refusal, Result, Settings, catalog};

/// What a document does to one balance: spec key, 0 good or 1 defective, the moves.
pub(crate) type LineMoves = (i64, i64, Vec<Move>);

/// The balances of one document.
pub(super) struct Sheet {
    warehouse: i64,
    places: HashMap<(i64, i64), usize>,
    before: Vec<Balance>,
    now: Vec<Balance>,
}

impl Sheet {
    /// Reads the balances of these specs (and whether good or defective); those that no document has touched are made in memory.
    pub(super) fn open(tx: &mut Tx, warehouse: i64, pairs: impl Iterator<Item = (i64, i64)>) -> Result<Self> {
        let mut pairs: Vec<(i64, i64)> = pairs.collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut specs: Vec<i64> = pairs.iter().map(|(spec, _)| *spec).collect();
        specs.dedup();
        let mut found: HashMap<(i64, i64), Balance> = table::balances_in(tx, warehouse, &specs)?
            .into_iter()
            .map(|balance| ((balance.spec, balance.defect), balance))
            .collect();
        let mut now = Vec::with_capacity(pairs.len());
        let mut places = HashMap::with_capacity(pairs.len());
        for pair in pairs {
            let balance = match found.remove(&pair) {
                Some(balance) => balance,
                None => {
                    let at = tx.now();
                    Balance::empty(tx.document_id("balance")?, warehouse, pair.0, pair.1, at)
                }
            };
            places.insert(pair, now.len());
            now.push(balance);
        }
        Ok(Self { warehouse, places, before: now.clone(), now })
    }

    /// One balance as it is now.
    pub(super) fn get(&self, spec: i64, defect: i64) -> Option<&Balance> {
        self.places.get(&(spec, defect)).and_then(|at| self.now.get(*at))
    }

    /// One balance, to change what is no quantity.
    pub(super) fn get_mut(&mut self, spec: i64, defect: i64) -> Option<&mut Balance> {
        self.places.get(&(spec, defect)).and_then(|at| self.now.get_mut(*at))
    }

    /// Whether the warehouse can bear these moves: who takes needs as much on hand, and what is promised to others stays theirs
    /// (fact sheet wdt-2, 1.3 no. 2). Goods that the document itself has reserved may leave as far as they are on hand. Nothing
    /// is changed. The merchant may let specs go below zero.
    pub(super) fn check(&self, tx: &mut Tx, settings: &Settings, lines: &[LineMoves]) -> Result<()> {
        let mut trial = self.now.clone();
        for (spec, defect, moves) in lines {
            let Some(balance) = self.places.get(&(*spec, *defect)).and_then(|at| trial.get_mut(*at)) else { continue };
            let (free, on_hand) = (balance.free(), balance.quantities.stock_num);
            for one in moves {
                shift(balance, *one);
            }
            let promised_away = balance.free() < free && balance.free().is_negative();
            let not_there = balance.quantities.stock_num < on_hand && balance.quantities.stock_num.is_negative();
            if (promised_away || not_there) && !may_go_negative(tx, settings, *spec)? {
                return Err(short(tx, *spec)?);
            }
        }
        Ok(())
    }

    /// Enters moves into the ledger and the balance.
    pub(super) fn post(&mut self, tx: &mut Tx, line: &LineMoves, document: &str) -> Result<()> {
        let (spec, defect, moves) = line;
        match self.get_mut(*spec, *defect) {
            Some(balance) => enter(tx, balance, moves, document),
            None => Ok(()),
        }
    }

    /// Stores the balances. Lines that wait for good stock are served where more of it is free now. `leave` = what is promised
    /// beyond the stock now is promised by leave.
    pub(super) fn close(self, tx: &mut Tx, settings: &Settings, leave: bool) -> Result<()> {
        let Self { warehouse, before, mut now, .. } = self;
        let leave = leave || settings.allow_negative_stock;
        for balance in &mut now {
            if leave {
                balance.grant_shortage();
            }
        }
        let waiting: Vec<i64> = before
            .iter()
            .zip(&now)
            .filter(|(before, now)| now.defect == 0 && now.waiting > 0 && now.free() > before.free())
            .map(|(_, now)| now.spec)
            .collect();
        keep(tx, settings, before.into_iter().zip(&mut now))?;
        for spec in waiting {
            reserve::serve_waiting(tx, settings, warehouse, spec)?;
        }
        Ok(())
    }
}

/// Both the merchant and the spec allow negative stock.
fn may_go_negative(tx: &mut Tx, settings: &Settings, spec: i64) -> Result<bool> {
    if !settings.allow_negative_stock {
        return Ok(false);
    }
    Ok(catalog::spec_by_id(tx, spec)?.is_some_and(|(spec, _)| spec.facts.allow_negative_stock != 0))
}

/// Less than is asked for.
pub(super) fn short(tx: &mut Tx, spec: i64) -> Result<crate::Error> {
    let no = catalog::spec_by_id(tx, spec)?.map(|(spec, _)| spec.no).unwrap_or_default();
    Ok(Refusal::OutOfStock(no).into())
}

/// Moving average cost (fact sheet wdt-2, 1.4).
pub(super) fn average(have: Quantity, cost: Money, come: Quantity, price: Money) -> Money {
    if have.is_positive() { (cost.times(have) + price.times(come)).over(have + come) } else { price }
}

/// Occupation moves of a document over several specs of one warehouse, such as 待调拨量 at the audit of a transfer. Refused with
/// [`Refusal::OutOfStock`] when that would promise more than is on hand; nothing is written then. What becomes free is given
/// to the lines that wait for it.
pub(crate) fn occupy(
    tx: &mut Tx,
    settings: &Settings,
    warehouse: i64,
    document: &str,
    lines: &[LineMoves],
) -> Result<()> {
    let mut sheet = Sheet::open(tx, warehouse, lines.iter().map(|(spec, defect, _)| (*spec, *defect)))?;
    sheet.check(tx, settings, lines)?;
    for line in lines {
        sheet.post(tx, line, document)?;
    }
    sheet.close(tx, settings, false)
}

/// One move of one column.
pub(crate) fn one(column: QuantityColumn, delta: Quantity) -> Vec<Move> {
    vec![Move { column, delta }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_the_average_by_what_comes() {
        let check = |have: i64, cost: &str, come: i64, price: &str, expected: &str| {
            let got =
                average(Quantity::whole(have), cost.parse().unwrap(), Quantity::whole(come), price.parse().unwrap());
            assert_eq!(got.to_string(), expected);
        };
        check(0, "0", 10, "20", "20.0000");
        check(10, "20", 10, "30", "25.0000");
        check(10, "20", 5, "0", "13.3333");
        check(-3, "7", 5, "9", "9.0000");
    }
}
