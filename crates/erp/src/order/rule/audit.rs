//! Audit by rule (自动审核策略): which orders need no person.

use units::Moment;

use super::Rule;
use crate::order::Order;

/// The rule that lets the order go; an order that somebody should look at is never let go by one.
pub(in crate::order) fn lets_go<'r>(rules: &'r [Rule], order: &Order, now: Moment) -> Option<&'r Rule> {
    if order.bad_reason != 0 || order.marks.freeze.is_some() || !order.revert_reason.is_empty() {
        return None;
    }
    rules.iter().find(|rule| rule.when.holds(order, now))
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{order, rule};
    use super::super::{RuleKind, Then, When};
    use super::*;
    use crate::order::bits::BAD_ADDRESS;
    use units::Money;

    #[test]
    fn small_plain_orders_go_by_themselves() {
        let now = Moment::parse("2026-01-02 10:00:00").unwrap();
        let when = When { max_amount: Money::whole(100), no_remarks: true, ..When::default() };
        let rules = [rule(1, RuleKind::Audit, when, Then::default())];
        let check = |change: &dyn Fn(&mut Order), expected: bool| {
            let mut order = order(&[(1, 1, 90)]);
            change(&mut order);
            assert_eq!(lets_go(&rules, &order, now).is_some(), expected);
        };
        check(&|_| {}, true);
        check(&|order| order.buyer_message = "周末送".into(), false);
        check(&|order| order.bad_reason = BAD_ADDRESS, false);
        check(&|order| order.revert_reason = "驳回".into(), false);
        check(&|order| order.lines[0].share_amount = Money::whole(101), false);
    }
}
