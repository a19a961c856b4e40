//! Warehouse choice (选仓策略): rules say which warehouses may ship to the address, the stock says which of them can.

use units::Moment;

use super::Rule;
use crate::order::Order;

/// Where an order is shipped from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::order) enum Choice {
    /// No rule names a warehouse.
    Nowhere,
    /// All of it from this warehouse.
    One(i64),
    /// Each line from its own: warehouse keys, in the order of the lines.
    Each(Vec<i64>),
}

/// The warehouses that the rules allow, most preferred first.
pub(in crate::order) fn allowed(rules: &[Rule], order: &Order, now: Moment) -> Vec<i64> {
    let mut found = Vec::new();
    for rule in rules.iter().filter(|rule| rule.when.holds(order, now)) {
        if !found.contains(&rule.then.warehouse) {
            found.push(rule.then.warehouse);
        }
    }
    found
}

/// Chooses among the allowed warehouses. `covers[w][l]`: warehouse `w` can ship line `l` now (empty = stock does not count).
/// The first that can ship all wins; else, when the order may be split, each line goes where most of the others can go too; else
/// the first one, where the order waits for stock.
pub(in crate::order) fn choose(allowed: &[i64], covers: &[Vec<bool>], may_split: bool) -> Choice {
    let Some(first) = allowed.first() else { return Choice::Nowhere };
    if let Some(whole) = covers.iter().position(|lines| lines.iter().all(|can| *can)) {
        return Choice::One(allowed.get(whole).copied().unwrap_or(*first));
    }
    let lines = covers.first().map_or(0, Vec::len);
    let coverable = (0..lines).filter(|line| covers.iter().any(|can| can.get(*line) == Some(&true))).count();
    if !may_split || coverable == 0 || lines < 2 {
        return Choice::One(*first);
    }
    // Few parcels: the warehouse that can ship most of what is left takes all of that.
    let mut chosen = vec![0; lines];
    while let Some((warehouse, takes)) = most(allowed, covers, &chosen) {
        for line in takes {
            if let Some(slot) = chosen.get_mut(line) {
                *slot = warehouse;
            }
        }
    }
    for slot in chosen.iter_mut().filter(|slot| **slot == 0) {
        *slot = *first;
    }
    if chosen.iter().all(|warehouse| Some(warehouse) == chosen.first()) {
        return Choice::One(chosen.first().copied().unwrap_or(*first));
    }
    Choice::Each(chosen)
}

/// The warehouse that can ship most of the lines that have none yet, and which; none when there is no such line.
fn most(allowed: &[i64], covers: &[Vec<bool>], chosen: &[i64]) -> Option<(i64, Vec<usize>)> {
    let mut best: Option<(i64, Vec<usize>)> = None;
    for (warehouse, can) in allowed.iter().zip(covers) {
        let open = |line: &usize| chosen.get(*line) == Some(&0) && can.get(*line) == Some(&true);
        let takes: Vec<usize> = (0..chosen.len()).filter(open).collect();
        if !takes.is_empty() && best.as_ref().is_none_or(|(_, so_far)| takes.len() > so_far.len()) {
            best = Some((*warehouse, takes));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_before_split_before_waiting() {
        let check = |covers: &[&str], split: bool, expected: Choice| {
            let allowed: Vec<i64> = (1..=covers.len() as i64).collect();
            let table: Vec<Vec<bool>> = covers.iter().map(|row| row.chars().map(|c| c == 'x').collect()).collect();
            assert_eq!(choose(&allowed, &table, split), expected, "{covers:?}");
        };
        check(&[], true, Choice::Nowhere);
        check(&["..", "xx"], true, Choice::One(2));
        check(&["xx", "xx"], true, Choice::One(1));
        check(&["x.", ".x"], false, Choice::One(1));
        check(&["x.", ".x"], true, Choice::Each(vec![1, 2]));
        check(&["x..", ".xx"], true, Choice::Each(vec![1, 2, 2]));
        check(&["x...", ".xx."], true, Choice::Each(vec![1, 2, 2, 1]));
        check(&["..", ".."], true, Choice::One(1));
        check(&[".", "."], true, Choice::One(1));
        check(&[".", "x"], true, Choice::One(2));
        check(&["..", ".x"], true, Choice::Each(vec![1, 2]));
        assert_eq!(choose(&[5, 6], &[], true), Choice::One(5));
    }
}
