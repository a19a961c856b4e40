//! Pre-sale (预售策略): which orders are to be shipped later.

use units::Moment;

use super::Rule;
use crate::order::Order;

/// Whether the order is a pre-sale, and when its delivery begins (none = somebody releases it).
pub(in crate::order) fn applies(rules: &[Rule], order: &Order, now: Moment) -> Option<Option<Moment>> {
    let rule = rules.iter().find(|rule| rule.when.holds(order, now))?;
    // A delivery that has begun makes no pre-sale any more.
    match rule.then.delivers_from {
        Some(from) if from <= now => None,
        from => Some(from),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{order, rule};
    use super::super::{RuleKind, Then, When};
    use super::*;

    #[test]
    fn until_delivery_begins() {
        let now = Moment::parse("2026-01-02 10:00:00").unwrap();
        let check = |spec: i64, from: Option<i64>, expected: Option<Option<i64>>| {
            let from = from.map(|seconds| now.plus(seconds));
            let when = When { specs: vec![spec], ..When::default() };
            let rules = [rule(1, RuleKind::Presale, when, Then { delivers_from: from, ..Then::default() })];
            let expected = expected.map(|from| from.map(|seconds| now.plus(seconds)));
            assert_eq!(applies(&rules, &order(&[(1, 1, 10)]), now), expected, "{spec} {from:?}");
        };
        check(1, None, Some(None));
        check(1, Some(60), Some(Some(60)));
        check(1, Some(0), None);
        check(2, Some(60), None);
    }
}
