//! Numbers, flags, times.

use std::borrow::Cow;

use units::{Day, Decimal, DecimalError, Moment};

use super::{Arg, Input, Kind, Path, Problem, Refusal};

fn scalar<'a>(input: &Input<'a>) -> Result<Cow<'a, str>, Problem> {
    let text = input.scalar()?;
    if text.is_empty() { Err(Problem::Empty) } else { Ok(text) }
}

fn at<T>(read: Result<T, Problem>, at: &Path<'_>) -> Result<T, Refusal> {
    read.map_err(|problem| at.refuse(problem))
}

/// Digits with a sign; a fraction of zeros is tolerated, because some clients send `30.0`.
fn integer(text: &str) -> Result<i64, Problem> {
    let digits = match text.split_once('.') {
        Some((whole, zeros)) if !whole.is_empty() && !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return Err(Problem::NotAnInteger),
        None => text,
    };
    let unsigned = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    if unsigned.is_empty() || !unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::NotAnInteger);
    }
    digits.parse().map_err(|_| Problem::OutOfRange)
}

impl Arg for i64 {
    const KIND: Kind = Kind::Int;
    fn read(input: Input<'_>, path: &Path<'_>) -> Result<Self, Refusal> {
        at(scalar(&input).and_then(|text| integer(&text)), path)
    }
}

/// Reads a code of [`codes!`](super::codes).
pub(super) fn code<T>(input: Input<'_>, path: &Path<'_>, from_code: fn(i64) -> Option<T>) -> Result<T, Refusal> {
    at(scalar(&input).and_then(|text| from_code(integer(&text)?).ok_or(Problem::NotAllowed)), path)
}

impl Arg for bool {
    const KIND: Kind = Kind::Flag;
    fn read(input: Input<'_>, path: &Path<'_>) -> Result<Self, Refusal> {
        let read = scalar(&input).and_then(|text| match &*text {
            "1" | "true" | "True" | "TRUE" => Ok(true),
            "0" | "false" | "False" | "FALSE" => Ok(false),
            _ => Err(Problem::NotAllowed),
        });
        at(read, path)
    }
}

impl<U> Arg for Decimal<U> {
    const KIND: Kind = Kind::Decimal;
    fn read(input: Input<'_>, path: &Path<'_>) -> Result<Self, Refusal> {
        let read = scalar(&input).and_then(|text| {
            let plain = without_exponent(&text).ok_or(Problem::OutOfRange)?;
            plain.parse().map_err(|error| match error {
                DecimalError::Malformed => Problem::NotADecimal,
                DecimalError::TooLarge => Problem::OutOfRange,
            })
        });
        at(read, path)
    }
}

/// `1E+2` as `100`: Java's `BigDecimal` and JavaScript write exponents. `None` for one that no decimal can hold; a text
/// that is not a number comes back as it is.
fn without_exponent(text: &str) -> Option<Cow<'_, str>> {
    const LARGEST: i32 = 40;
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return Some(Cow::Borrowed(text)) };
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let well_formed = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !well_formed(whole) || !well_formed(fraction) || exponent.is_empty() {
        return Some(Cow::Borrowed(text));
    }
    let Ok(exponent) = exponent.parse::<i32>() else {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        return if well_formed(digits) && !digits.is_empty() { None } else { Some(Cow::Borrowed(text)) };
    };
    if exponent.abs() > LARGEST {
        return None;
    }
    let zeros = "0".repeat(usize::try_from(exponent.abs()).unwrap_or(0));
    let digits = if exponent < 0 { format!("{zeros}{whole}{fraction}") } else { format!("{whole}{fraction}{zeros}") };
    let point = if exponent < 0 { whole.len() } else { whole.len() + zeros.len() };
    let (before, after) = digits.split_at_checked(point)?;
    Some(Cow::Owned(format!("{sign}{before}.{after}")))
}

/// A real time; the zero date is refused where the field is required and is "not given" where it is optional.
impl Arg for Moment {
    const KIND: Kind = Kind::Time;
    fn read(input: Input<'_>, path: &Path<'_>) -> Result<Self, Refusal> {
        at(scalar(&input).and_then(|text| Moment::parse(&text).map_err(|_| Problem::NotATime)), path)
    }
    fn is_unset(input: &Input<'_>) -> bool {
        input.is_blank() || input.scalar().is_ok_and(|text| text == Moment::UNSET)
    }
}

/// A time that must be named but may be the zero date or empty: the `pay_time` of an unpaid order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ZeroDate(pub Option<Moment>);

impl Arg for ZeroDate {
    const KIND: Kind = Kind::Time;
    fn read(input: Input<'_>, path: &Path<'_>) -> Result<Self, Refusal> {
        Option::<Moment>::read(input, path).map(Self)
    }
}

impl Arg for Day {
    const KIND: Kind = Kind::Day;
    fn read(input: Input<'_>, path: &Path<'_>) -> Result<Self, Refusal> {
        at(scalar(&input).and_then(|text| Day::parse(&text).map_err(|_| Problem::NotATime)), path)
    }
    fn is_unset(input: &Input<'_>) -> bool {
        input.is_blank() || input.scalar().is_ok_and(|text| text == "0000-00-00")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Money;

    #[test]
    fn integers_are_whole() {
        for (text, expected) in [
            ("30", Ok(30)),
            ("-1", Ok(-1)),
            ("+7", Ok(7)),
            ("30.0000", Ok(30)),
            ("9223372036854775807", Ok(i64::MAX)),
            ("9223372036854775808", Err(Problem::OutOfRange)),
            ("30.5", Err(Problem::NotAnInteger)),
            ("30.", Err(Problem::NotAnInteger)),
            (".0", Err(Problem::NotAnInteger)),
            ("", Err(Problem::NotAnInteger)),
            ("1e3", Err(Problem::NotAnInteger)),
            ("-", Err(Problem::NotAnInteger)),
            (" 1", Err(Problem::NotAnInteger)),
        ] {
            assert_eq!(integer(text), expected, "{text}");
        }
    }

    #[test]
    fn decimals_with_exponents() {
        for (text, expected) in [
            ("1E+2", Ok("100.0000")),
            ("1.5e-3", Ok("0.0015")),
            ("-2.5E1", Ok("-25.0000")),
            ("1e-9", Ok("0.0000")),
            ("1e20", Err(Problem::OutOfRange)),
            ("1e999", Err(Problem::OutOfRange)),
            ("1e99999999999", Err(Problem::OutOfRange)),
            ("1e", Err(Problem::NotADecimal)),
            ("e1", Err(Problem::NotADecimal)),
            ("1e1e1", Err(Problem::NotADecimal)),
            ("abc", Err(Problem::NotADecimal)),
        ] {
            let read = Money::read(Input::Text(text), &Path::ROOT).map(|m| m.to_string()).map_err(|r| r.problem);
            assert_eq!(read, expected.map(str::to_owned), "{text}");
        }
    }
}
