//! The conditions of a rule: everything that is named must hold, what is not named holds always.

use serde::{Deserialize, Serialize};
use units::{Moment, Money, Quantity};

use crate::document::is_default;
use crate::order::{Order, OrderLine};

/// Conditions on an order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct When {
    /// Shop keys.
    #[serde(skip_serializing_if = "is_default")]
    pub shops: Vec<i64>,
    /// Warehouse keys.
    #[serde(skip_serializing_if = "is_default")]
    pub warehouses: Vec<i64>,
    /// Codes of provinces, cities or districts.
    #[serde(skip_serializing_if = "is_default")]
    pub regions: Vec<i64>,
    /// Paid (or ordered, when it is not paid) at or after.
    #[serde(skip_serializing_if = "is_default")]
    pub from: Option<Moment>,
    /// Paid (or ordered) at or before.
    #[serde(skip_serializing_if = "is_default")]
    pub until: Option<Moment>,
    /// 1 pay first, 2 cash on delivery, 3 instalments, 4 on account.
    #[serde(skip_serializing_if = "is_default")]
    pub delivery_terms: Vec<i64>,
    /// Spec keys: at least one of them is in the order. Quantity and amount below count these goods only.
    #[serde(skip_serializing_if = "is_default")]
    pub specs: Vec<i64>,
    /// Goods keys, in the same way.
    #[serde(skip_serializing_if = "is_default")]
    pub goods: Vec<i64>,
    /// At least so many pieces.
    #[serde(skip_serializing_if = "is_default")]
    pub min_num: Quantity,
    /// What the buyer pays for them is at least this.
    #[serde(skip_serializing_if = "is_default")]
    pub min_amount: Money,
    /// And at most this; 0 = without limit.
    #[serde(skip_serializing_if = "is_default")]
    pub max_amount: Money,
    /// At most so heavy, kg; 0 = without limit.
    #[serde(skip_serializing_if = "is_default")]
    pub max_weight: Quantity,
    /// Neither the buyer nor the shop wrote anything.
    #[serde(skip_serializing_if = "is_default")]
    pub no_remarks: bool,
}

impl When {
    /// The goods that count: those that are named, or all that were bought and are still to be shipped.
    pub(super) fn counted<'o>(&self, order: &'o Order) -> impl Iterator<Item = &'o OrderLine> {
        let (specs, goods) = (self.specs.clone(), self.goods.clone());
        let any = specs.is_empty() && goods.is_empty();
        order
            .open_lines()
            .filter(move |line| !line.is_gift() && (any || specs.contains(&line.spec) || goods.contains(&line.goods)))
    }

    /// Pieces and amount of the goods that count.
    pub(super) fn sums(&self, order: &Order) -> (Quantity, Money) {
        self.counted(order).fold((Quantity::ZERO, Money::ZERO), |(num, amount), line| {
            (num + line.actual_num, amount + line.share_amount)
        })
    }

    /// Whether the order fits; `now` stands for the moment of an order that says nothing of when it was made.
    pub(super) fn holds(&self, order: &Order, now: Moment) -> bool {
        let named = |list: &[i64], key: i64| list.is_empty() || list.contains(&key);
        let at = order.pay_time.or(order.trade_time).unwrap_or(now);
        if !named(&self.shops, order.shop)
            || !named(&self.warehouses, order.warehouse)
            || !named(&self.delivery_terms, order.delivery_term.code())
            || !(self.regions.is_empty() || order.region.iter().any(|code| self.regions.contains(code)))
            || self.from.is_some_and(|from| at < from)
            || self.until.is_some_and(|until| at > until)
            || (self.no_remarks && !(order.buyer_message.is_empty() && order.cs_remark.is_empty()))
        {
            return false;
        }
        let (num, amount) = self.sums(order);
        let weight: Quantity = order.open_lines().map(|line| line.weight.times(line.actual_num)).sum();
        self.counted(order).next().is_some()
            && num >= self.min_num
            && amount >= self.min_amount
            && (self.max_amount.is_zero() || amount <= self.max_amount)
            && (self.max_weight.is_zero() || weight <= self.max_weight)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{order, region};
    use super::*;

    #[test]
    fn everything_that_is_named_must_hold() {
        let now = Moment::parse("2026-01-02 10:00:00").unwrap();
        let order = order(&[(1, 2, 50), (2, 1, 30)]);
        let check = |when: When, expected: bool| assert_eq!(when.holds(&order, now), expected, "{when:?}");
        check(When::default(), true);
        check(When { shops: vec![order.shop], ..When::default() }, true);
        check(When { shops: vec![99], ..When::default() }, false);
        check(When { regions: vec![region()[0]], ..When::default() }, true);
        check(When { regions: vec![region()[2]], ..When::default() }, true);
        check(When { regions: vec![440_000], ..When::default() }, false);
        check(When { specs: vec![2], min_num: Quantity::whole(1), ..When::default() }, true);
        check(When { specs: vec![2], min_num: Quantity::whole(2), ..When::default() }, false);
        check(When { specs: vec![3], ..When::default() }, false);
        check(When { min_amount: Money::whole(130), ..When::default() }, true);
        check(When { min_amount: Money::whole(131), ..When::default() }, false);
        check(When { specs: vec![1], min_amount: Money::whole(101), ..When::default() }, false);
        check(When { max_amount: Money::whole(129), ..When::default() }, false);
        check(When { from: Some(now), until: Some(now), ..When::default() }, true);
        check(When { from: Some(now.plus(1)), ..When::default() }, false);
        check(When { until: Some(now.plus(-1)), ..When::default() }, false);
        check(When { delivery_terms: vec![2], ..When::default() }, false);
        check(When { warehouses: vec![order.warehouse], ..When::default() }, true);
    }
}
