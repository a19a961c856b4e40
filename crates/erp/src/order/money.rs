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
}
