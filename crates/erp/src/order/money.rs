//! Spreading amounts over lines, to the last ten-thousandth.

use units::Money;

/// Splits `amount` in proportion to `weights`; the last share takes the rest, so the shares add up exactly (fact sheet
/// wdt-1, 2.13). Equal shares when all weights are zero.
pub(crate) fn spread(amount: Money, weights: &[Money]) -> Vec<Money> {
    let whole: Money = weights.iter().copied().sum();
    let even: Vec<Money>;
    let (weights, whole) = if whole.is_positive() && weights.iter().all(|weight| !weight.is_negative()) {
        (weights, whole)
    } else {
        even = vec![Money::whole(1); weights.len()];
        (&even[..], Money::whole(i64::try_from(weights.len()).unwrap_or(i64::MAX)))
    };
    let mut rest = amount;
    let mut shares: Vec<Money> = weights
        .iter()
        .map(|weight| {
            let share = amount.share(*weight, whole);
            rest -= share;
            share
        })
        .collect();
    if let Some(last) = shares.last_mut() {
        *last += rest;
    }
    shares
}

/// How a part of a suite takes part in what the suite costs (fact sheet wdt-1, 2.10).
#[derive(Debug, Clone, Copy)]
pub(super) enum PartShare {
    /// `is_fixed_price`: what all its pieces cost, whatever the suite costs.
    Fixed(Money),
    /// Its share of what the fixed parts leave.
    Ratio(units::Quantity),
}

/// Splits what a suite costs over its parts: fixed prices first, the rest by ratio. When nothing is left for the others, or there are
/// no others to take the rest, the fixed prices only say the proportion.
pub(super) fn share_suite(amount: Money, parts: &[PartShare]) -> Vec<Money> {
    let fixed: Vec<Money> = parts
        .iter()
        .map(|part| match part {
            PartShare::Fixed(price) => *price,
            PartShare::Ratio(_) => Money::ZERO,
        })
        .collect();
    let ratios: Vec<Money> = parts
        .iter()
        .map(|part| match part {
            PartShare::Fixed(_) => Money::ZERO,
            PartShare::Ratio(ratio) => Money::from_raw(ratio.raw()),
        })
        .collect();
    let whole: Money = fixed.iter().copied().sum();
    let others = ratios.iter().any(|ratio| ratio.is_positive());
    if !whole.is_positive() {
        return spread(amount, &ratios);
    }
    if !others || whole > amount {
        return spread_over(amount, &fixed);
    }
    let rest = spread_over(amount - whole, &ratios);
    fixed.into_iter().zip(rest).map(|(fixed, rest)| fixed + rest).collect()
}

/// [`spread`] that gives nothing to what has no weight: the last share with a weight takes the rest.
fn spread_over(amount: Money, weights: &[Money]) -> Vec<Money> {
    let heavy: Vec<Money> = weights.iter().copied().filter(|weight| !weight.is_zero()).collect();
    let mut shares = spread(amount, &heavy).into_iter();
    weights
        .iter()
        .map(|weight| if weight.is_zero() { Money::ZERO } else { shares.next().unwrap_or_default() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        let check = |amount: &str, weights: &[&str], expected: &[&str]| {
            let weights: Vec<Money> = weights.iter().map(|w| w.parse().unwrap()).collect();
            let shares = spread(amount.parse().unwrap(), &weights);
            assert_eq!(shares.iter().map(Money::to_string).collect::<Vec<_>>(), expected, "{amount} over {weights:?}");
            assert_eq!(shares.iter().copied().sum::<Money>(), amount.parse().unwrap());
        };
        check("10", &["193"], &["10.0000"]);
        check("10", &["1", "1", "1"], &["3.3333", "3.3333", "3.3334"]);
        check("0.0001", &["1", "2"], &["0.0000", "0.0001"]);
        check("9", &["0", "0"], &["4.5000", "4.5000"]);
        check("9", &["10", "-4"], &["4.5000", "4.5000"]);
    }

    #[test]
    fn suites_are_shared_to_the_last_digit() {
        let fixed = |price: &str| PartShare::Fixed(price.parse().unwrap());
        let ratio = |ratio: &str| PartShare::Ratio(ratio.parse().unwrap());
        let check = |amount: &str, parts: &[PartShare], expected: &[&str]| {
            let amount: Money = amount.parse().unwrap();
            let shares = share_suite(amount, parts);
            assert_eq!(shares.iter().map(Money::to_string).collect::<Vec<_>>(), expected, "{amount} over {parts:?}");
            assert_eq!(shares.iter().copied().sum::<Money>(), amount);
        };
        check("28", &[ratio("0.7143"), ratio("0.2857")], &["20.0004", "7.9996"]);
        check("28", &[fixed("20"), fixed("8")], &["20.0000", "8.0000"]);
        check("14", &[fixed("20"), fixed("8")], &["10.0000", "4.0000"]);
        check("30", &[fixed("20"), ratio("1")], &["20.0000", "10.0000"]);
        check("30", &[ratio("0.5"), fixed("20"), ratio("0.5")], &["5.0000", "20.0000", "5.0000"]);
        check("10", &[ratio("1"), fixed("20"), fixed("20")], &["0.0000", "5.0000", "5.0000"]);
        check("9", &[ratio("0"), ratio("0")], &["4.5000", "4.5000"]);
        check("9", &[ratio("0"), fixed("0")], &["4.5000", "4.5000"]);
    }
}
