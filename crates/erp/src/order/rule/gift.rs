//! Gifts (赠品策略): by goods, quantity, amount, shop and period.

use units::{Moment, Quantity};

use super::{Rule, Then};
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
        let times = match (rule.then.multiply, rule.then.most_times) {
            (false, _) => 1,
            (true, 0) => times(rule, order),
            (true, most) => times(rule, order).min(most),
        };
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

/// What of `gifts` the order does not have yet: an order that was merged is asked again about all its goods together, and what it
/// was given before stays, whatever the rules say now.
pub(in crate::order) fn missing(gifts: Vec<Gift>, order: &Order) -> Vec<Gift> {
    let had = |gift: &Gift| -> Quantity {
        let same = order.lines.iter().filter(|line| line.gift_rule == gift.rule && line.spec == gift.spec);
        same.map(|line| line.num).sum()
    };
    let rest = gifts.into_iter().map(|gift| Gift { num: gift.num - had(&gift), ..gift });
    rest.filter(|gift| gift.num.is_positive()).collect()
}

/// Whether a rule that gave `used` has enough left for one more order (`new`) or for one that it gave to before.
pub(in crate::order) fn is_left(then: &Then, used: (i64, Quantity), new: bool, pieces: Quantity) -> bool {
    let (orders, given) = used;
    (then.first_orders == 0 || !new || orders < then.first_orders)
        && (then.most_pieces.is_zero() || given + pieces <= then.most_pieces)
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
    use super::super::{Given, RuleKind, When};
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
        let twice = Then { most_times: 2, ..each_of_one(&once) };
        check(&[(when(1, 1, 0), twice)], &[(7, 2)]);
        let last = Then { last: true, gifts: vec![give(8, 1), give(9, 2)], ..Then::default() };
        check(&[(when(0, 0, 0), last), (when(0, 0, 0), once)], &[(8, 1), (9, 2)]);
    }

    fn each_of_one(then: &Then) -> Then {
        Then { multiply: true, ..then.clone() }
    }

    #[test]
    fn limits_of_a_rule() {
        let check = |first_orders, most: i64, used: (i64, i64), new, pieces: i64, expected| {
            let then = Then { first_orders, most_pieces: Quantity::whole(most), ..Then::default() };
            let used = (used.0, Quantity::whole(used.1));
            assert_eq!(is_left(&then, used, new, Quantity::whole(pieces)), expected, "{then:?} {used:?}");
        };
        check(0, 0, (1000, 1000), true, 1, true);
        check(2, 0, (1, 9), true, 1, true);
        check(2, 0, (2, 9), true, 1, false);
        check(2, 0, (2, 9), false, 1, true);
        check(0, 10, (1, 8), true, 2, true);
        check(0, 10, (1, 9), true, 2, false);
    }

    #[test]
    fn what_was_given_is_not_given_again() {
        let mut order = order(&[(1, 5, 10), (7, 1, 0)]);
        order.lines[1].gift_rule = 3;
        let gift = |rule, num| Gift { rule, spec: 7, num: Quantity::whole(num) };
        assert_eq!(missing(vec![gift(3, 1), gift(4, 1)], &order), [gift(4, 1)]);
        assert_eq!(missing(vec![gift(3, 3)], &order), [gift(3, 2)]);
    }
}
