//! Finance audit (财审): which orders finance must see.

use units::Money;

use crate::FinanceAudit;
use crate::order::Order;

/// Whether finance must audit the order too.
pub(in crate::order) fn concerns(rule: &FinanceAudit, order: &Order) -> bool {
    if rule.all || rule.delivery_terms.contains(&order.delivery_term.code()) {
        return true;
    }
    let reached = |least: Money, of: fn(&crate::order::OrderLine) -> Money| {
        least.is_positive() && order.lines.iter().map(of).sum::<Money>() >= least
    };
    reached(rule.over_amount, |line| line.share_amount) || reached(rule.over_discount, |line| line.discount)
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::order;
    use super::*;

    #[test]
    fn any_of_the_conditions() {
        let mut order = order(&[(1, 1, 90)]);
        order.lines[0].discount = Money::whole(5);
        let check = |rule: FinanceAudit, expected: bool| assert_eq!(concerns(&rule, &order), expected, "{rule:?}");
        check(FinanceAudit::default(), false);
        check(FinanceAudit { all: true, ..FinanceAudit::default() }, true);
        check(FinanceAudit { over_amount: Money::whole(90), ..FinanceAudit::default() }, true);
        check(FinanceAudit { over_amount: Money::whole(91), ..FinanceAudit::default() }, false);
        check(FinanceAudit { over_discount: Money::whole(5), ..FinanceAudit::default() }, true);
        check(FinanceAudit { delivery_terms: vec![1], ..FinanceAudit::default() }, true);
        check(FinanceAudit { delivery_terms: vec![2, 4], ..FinanceAudit::default() }, false);
    }
}
