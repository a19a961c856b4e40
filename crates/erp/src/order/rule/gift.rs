//! Gifts (赠品策略): by goods, quantity, amount, shop and period.

use units::{Moment, Quantity};

use super::Rule;
use crate::order::Order;

/// What one rule gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::order) struct Gift {
    /// Key of the rule.
    pub(in crate::order) rule: i64,
    /// Spec key.
    pub(in crate::order) spec: i64,
    /// Pieces.
    pub(in crate::order) num: Quantity,
}

/// What the rules give for an order.
pub(in crate::order) fn given(rules: &[Rule], order: &Order, now: Moment) -> Vec<Gift> {
    let mut gifts = Vec::new();
    for rule in rules.iter().filter(|rule| rule.when.holds(order, now)) {
        let times = if rule.then.multiply { times(rule, order) } else { 1 };
        for gift in &rule.then.gifts {
            let num = gift.num.times(Quantity::whole(times));
            gifts.push(Gift { rule: rule.id, spec: gift.spec, num });
        }
        if rule.then.last {
            break;
        }
    }
    gifts
}

/// How often the smallest quantity, or the smallest amount, is reached: what is reached less often counts.
fn times(rule: &Rule, order: &Order) -> i64 {
    let (num, amount) = rule.when.sums(order);
    let whole = |reached: i64, least: i64| if least > 0 { reached / least } else { i64::MAX };
    whole(num.raw(), rule.when.min_num.raw()).min(whole(amount.raw(), rule.when.min_amount.raw())).max(1)
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{order, rule};
    use super::super::{Given, RuleKind, Then, When};
    use super::*;
    use units::Money;

    #[test]
    fn gives_what_the_rules_say() {
        let now = Moment::parse("2026-01-02 10:00:00").unwrap();
        let give = |spec, num| Given { spec, spec_no: String::new(), num: Quantity::whole(num) };
        let when = |spec, num, amount| When {
            specs: if spec == 0 { vec![] } else { vec![spec] },
            min_num: Quantity::whole(num),
            min_amount: Money::whole(amount),
            ..When::default()
        };
        let check = |rules: &[(When, Then)], expected: &[(i64, i64)]| {
            let rules: Vec<_> =
                (1i64..).zip(rules).map(|(id, (w, t))| rule(id, RuleKind::Gift, w.clone(), t.clone())).collect();
            let found: Vec<_> =
                given(&rules, &order(&[(1, 5, 10)]), now).iter().map(|gift| (gift.spec, gift.num.floor())).collect();
            assert_eq!(found, expected);
        };
        let once = Then { gifts: vec![give(7, 1)], ..Then::default() };
        let each = Then { multiply: true, ..once.clone() };
        check(&[(when(1, 2, 0), once.clone())], &[(7, 1)]);
        check(&[(when(1, 6, 0), once.clone())], &[]);
        check(&[(when(2, 1, 0), once.clone())], &[]);
        check(&[(when(1, 2, 0), each.clone())], &[(7, 2)]);
        check(&[(when(0, 0, 20), each.clone())], &[(7, 2)]);
        check(&[(when(1, 2, 50), each)], &[(7, 1)]);
        let last = Then { last: true, gifts: vec![give(8, 1), give(9, 2)], ..Then::default() };
        check(&[(when(0, 0, 0), last), (when(0, 0, 0), once)], &[(8, 1), (9, 2)]);
    }
}
