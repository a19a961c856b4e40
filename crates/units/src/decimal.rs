//! `decimal(19,4)`: exact numbers with four places, the only kind in which money and quantities travel and are stored.

use std::fmt;
use std::iter::Sum;
use std::marker::PhantomData;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const SCALE: i64 = 10_000;
/// The largest magnitude accepted from outside: fourteen digits before the point. It leaves headroom in an `i64`, so that
/// sums over an order cannot overflow.
const MAX_WHOLE: u64 = 99_999_999_999_999;

/// An exact decimal with four places, counted in ten-thousandths. `U` keeps money and quantities apart.
pub struct Decimal<U>(i64, PhantomData<fn() -> U>);

/// Unit of [`Money`].
#[derive(Debug, Clone, Copy)]
pub enum Yuan {}
/// Unit of [`Quantity`].
#[derive(Debug, Clone, Copy)]
pub enum Pieces {}

/// An amount in CNY.
pub type Money = Decimal<Yuan>;
/// A number of pieces (or kilograms, centimetres: whatever the field counts); may be fractional.
pub type Quantity = Decimal<Pieces>;

/// Why a text is not a decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalError {
    /// Not an optional sign, digits and at most one point.
    Malformed,
    /// More than fourteen digits before the point.
    TooLarge,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not a decimal number",
            Self::TooLarge => "more than fourteen digits before the point",
        })
    }
}

impl std::error::Error for DecimalError {}

impl<U> Decimal<U> {
    /// Nothing.
    pub const ZERO: Self = Self(0, PhantomData);

    /// From a count of ten-thousandths (the stored form).
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw, PhantomData)
    }

    /// The count of ten-thousandths (the stored form).
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// From a whole number.
    pub const fn whole(n: i64) -> Self {
        Self(n * SCALE, PhantomData)
    }

    /// The whole part, rounded towards negative infinity.
    pub const fn floor(self) -> i64 {
        self.0.div_euclid(SCALE)
    }

    /// True for exactly zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// True below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// True above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The smaller of the two.
    pub fn min(self, other: Self) -> Self {
        if other.0 < self.0 { other } else { self }
    }

    /// The larger of the two.
    pub fn max(self, other: Self) -> Self {
        if other.0 > self.0 { other } else { self }
    }

    /// `self × by`, rounded half up (away from zero) at four places; saturates at the range of an `i64`.
    pub fn times<V>(self, by: Decimal<V>) -> Self {
        Self::round_div(i128::from(self.0) * i128::from(by.0), i128::from(SCALE))
    }

    /// `self ÷ by`, rounded half up at four places; zero when `by` is zero.
    pub fn over<V>(self, by: Decimal<V>) -> Self {
        if by.0 == 0 {
            return Self::ZERO;
        }
        Self::round_div(i128::from(self.0) * i128::from(SCALE), i128::from(by.0))
    }

    /// The share `part / whole` of `self`, rounded half up; zero when `whole` is zero.
    pub fn share<V>(self, part: Decimal<V>, whole: Decimal<V>) -> Self {
        if whole.0 == 0 {
            return Self::ZERO;
        }
        Self::round_div(i128::from(self.0) * i128::from(part.0), i128::from(whole.0))
    }

    fn round_div(numerator: i128, denominator: i128) -> Self {
        let (n, d) = if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
        let half = if n < 0 { -(d / 2) } else { d / 2 };
        let rounded = (n + half) / d;
        Self::from_raw(i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX }))
    }
}

impl<U> Clone for Decimal<U> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<U> Copy for Decimal<U> {}
impl<U> Default for Decimal<U> {
    fn default() -> Self {
        Self::ZERO
    }
}
impl<U> PartialEq for Decimal<U> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<U> Eq for Decimal<U> {}
impl<U> PartialOrd for Decimal<U> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<U> Ord for Decimal<U> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<U> std::hash::Hash for Decimal<U> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<U> Add for Decimal<U> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::from_raw(self.0.saturating_add(other.0))
    }
}
impl<U> Sub for Decimal<U> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::from_raw(self.0.saturating_sub(other.0))
    }
}
impl<U> Neg for Decimal<U> {
    type Output = Self;
    fn neg(self) -> Self {
        Self::from_raw(self.0.saturating_neg())
    }
}
impl<U> AddAssign for Decimal<U> {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
impl<U> SubAssign for Decimal<U> {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}
impl<U> Sum for Decimal<U> {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

/// Four places, always: `200.0000` (fact sheet wdt-1, 1.9).
impl<U> fmt::Display for Decimal<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:04}", magnitude / SCALE.unsigned_abs(), magnitude % SCALE.unsigned_abs())
    }
}

impl<U> fmt::Debug for Decimal<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `-12.5`, `+3`, `.5`, `7.`; rounds half up past the fourth place (fact sheet wdt-1, 1.9); refuses exponents,
/// separators and white space.
impl<U> FromStr for Decimal<U> {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', ..] => (true, &text[1..]),
            [b'+', ..] => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
            return Err(DecimalError::Malformed);
        }
        let whole: u64 = match whole.trim_start_matches('0') {
            "" => 0,
            w if w.len() > 14 => return Err(DecimalError::TooLarge),
            w => w.parse().map_err(|_| DecimalError::TooLarge)?,
        };
        if whole > MAX_WHOLE {
            return Err(DecimalError::TooLarge);
        }
        let place = |i: usize| fraction.as_bytes().get(i).map_or(0, |b| u64::from(b - b'0'));
        let mut raw = whole * SCALE.unsigned_abs() + place(0) * 1000 + place(1) * 100 + place(2) * 10 + place(3);
        if place(4) >= 5 {
            raw += 1;
        }
        let raw = i64::try_from(raw).map_err(|_| DecimalError::TooLarge)?;
        Ok(Self::from_raw(if negative { -raw } else { raw }))
    }
}

/// Stored inside documents as the count of ten-thousandths.
impl<U> Serialize for Decimal<U> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}
impl<'de, U> Deserialize<'de> for Decimal<U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self::from_raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_four_places() {
        for (text, shown) in [
            ("99", "99.0000"),
            ("-0.5", "-0.5000"),
            (".25", "0.2500"),
            ("7.", "7.0000"),
            ("+1.23455", "1.2346"),
            ("1.23454", "1.2345"),
            ("0000012", "12.0000"),
            ("99999999999999.9999", "99999999999999.9999"),
        ] {
            assert_eq!(text.parse::<Money>().map(|m| m.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for bad in ["", "-", ".", "1e3", "1,000", " 1", "1.2.3", "--1", "NaN", "１"] {
            assert_eq!(bad.parse::<Money>(), Err(DecimalError::Malformed), "{bad}");
        }
        assert_eq!("100000000000000".parse::<Money>(), Err(DecimalError::TooLarge));
    }

    #[test]
    fn multiplies_and_divides_half_up() {
        let price: Money = "0.00005".parse().unwrap();
        assert_eq!(price.to_string(), "0.0001");
        let three = Quantity::whole(3);
        assert_eq!("10".parse::<Money>().unwrap().over(three).to_string(), "3.3333");
        assert_eq!("-10".parse::<Money>().unwrap().over(three).to_string(), "-3.3333");
        assert_eq!("20".parse::<Money>().unwrap().over(three).to_string(), "6.6667");
        assert_eq!("96.5".parse::<Money>().unwrap().times(Quantity::whole(2)).to_string(), "193.0000");
        assert_eq!(Money::whole(1).over(Quantity::ZERO), Money::ZERO);
    }

    #[test]
    fn floors_below_zero_too() {
        assert_eq!("2.9".parse::<Quantity>().unwrap().floor(), 2);
        assert_eq!("-0.1".parse::<Quantity>().unwrap().floor(), -1);
    }
}
