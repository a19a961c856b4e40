//! Carrier choice (物流策略): by region, warehouse, shop, weight, way of paying.

use units::Moment;

use super::Rule;
use crate::order::Order;

/// Key of the carrier that the first rule that holds names.
pub(in crate::order) fn chosen(rules: &[Rule], order: &Order, now: Moment) -> Option<i64> {
    rules.iter().find(|rule| rule.when.holds(order, now)).map(|rule| rule.then.carrier)
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{order, region, rule};
    use super::super::{RuleKind, Then, When};
    use super::*;
    use units::Quantity;

    #[test]
    fn the_first_that_holds() {
        let now = Moment::parse("2026-01-02 10:00:00").unwrap();
        let order = order(&[(1, 3, 10)]);
        let carrier = |id, when| rule(id, RuleKind::Carrier, when, Then { carrier: id * 10, ..Then::default() });
        let far = carrier(1, When { regions: vec![540_000], ..When::default() });
        let light = carrier(2, When { max_weight: Quantity::whole(2), ..When::default() });
        let near = carrier(3, When { regions: vec![region()[1]], ..When::default() });
        let rest = carrier(4, When::default());
        assert_eq!(chosen(&[far.clone(), light, near.clone(), rest.clone()], &order, now), Some(30));
        assert_eq!(chosen(&[rest, near], &order, now), Some(40));
        assert_eq!(chosen(&[far], &order, now), None);
    }
}
