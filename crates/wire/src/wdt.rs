//! The signature of openapi2, the standard interface of Wangdian (fact sheet wdt-1, 1.4).
//!
//! `LL-name:LLLL-value` items joined by `;`, sorted by name, the secret appended, MD5, lower-case hexadecimal. Clients
//! disagree about the unit of the lengths and about empty values; verification tells which dialect it was.

use std::fmt;

use crate::hashing::{Hash, Running};
use crate::params::Params;
pub use crate::top::Empties;
use crate::top::signed;

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LengthUnit {
    /// Unicode code points: the vendor's own PHP client, Python's `len`. Canonical.
    CodePoints,
    /// UTF-16 code units: Java, JavaScript.
    Utf16,
    /// UTF-8 bytes: Go's `len` and some Python and TypeScript clients.
    Bytes,
}

impl LengthUnit {
    /// All units, in the order in which verification tries them.
    pub const ALL: [Self; 3] = [Self::CodePoints, Self::Utf16, Self::Bytes];

    /// The length of a text in this unit.
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Bytes => text.len(),
            Self::CodePoints => text.chars().count(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
        }
    }
}

/// The dialect in which a signature matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// The unit of the lengths; code points where the texts leave no difference.
    pub unit: LengthUnit,
    /// What was done with empty values.
    pub empties: Empties,
}

impl Dialect {
    /// True if a parameter with this value was signed. One that was not must count as not sent.
    pub fn covers(self, value: &str) -> bool {
        !(value.is_empty() && self.empties == Empties::Dropped)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.unit {
            LengthUnit::CodePoints => "code-points",
            LengthUnit::Utf16 => "utf-16",
            LengthUnit::Bytes => "bytes",
        })?;
        f.write_str(match self.empties {
            Empties::None => "",
            Empties::Kept => "+keep-empty",
            Empties::Dropped => "+drop-empty",
        })
    }
}

/// Which dialects verification accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accept {
    /// Lengths in other units than code points.
    pub other_units: bool,
    /// Empty values left out.
    pub dropped_empties: bool,
}

impl Accept {
    /// Every known dialect.
    pub const ALL: Self = Self { other_units: true, dropped_empties: true };
    /// Only what the vendor's own client does.
    pub const CANONICAL: Self = Self { other_units: false, dropped_empties: false };
}

/// Signs a call: `pairs` in any order, `sign` left out; empty values stay.
pub fn sign<'p>(secret: &str, pairs: impl IntoIterator<Item = (&'p str, &'p str)>, unit: LengthUnit) -> String {
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_unstable();
    hash(secret, pairs.iter().copied(), unit).lower()
}

/// Checks the signature `given` in every known dialect, the canonical one first. `None` = it matches in none.
pub fn verify(secret: &str, params: &Params<'_>, given: &str) -> Option<Dialect> {
    verify_as(secret, params, given, Accept::ALL)
}

/// Checks the signature `given` in the accepted dialects.
pub fn verify_as(secret: &str, params: &Params<'_>, given: &str, accept: Accept) -> Option<Dialect> {
    let given = Hash::presented(given)?;
    let has_empty = params.iter().any(|(_, value)| value.is_empty());
    let readings: &[Empties] = match (has_empty, accept.dropped_empties) {
        (false, _) => &[Empties::None],
        (true, false) => &[Empties::Kept],
        (true, true) => &[Empties::Kept, Empties::Dropped],
    };
    let dialects = readings.iter().flat_map(|empties| LengthUnit::ALL.map(|unit| Dialect { unit, empties: *empties }));
    dialects
        .filter(|dialect| dialect.unit == LengthUnit::CodePoints || accept.other_units && differs(dialect.unit, params))
        .find(|dialect| hash(secret, params.iter().filter(|(_, v)| dialect.covers(v)), dialect.unit).is(&given))
}

/// True if this unit gives other lengths than code points do; most calls need one digest only.
fn differs(unit: LengthUnit, params: &Params<'_>) -> bool {
    match unit {
        LengthUnit::CodePoints => false,
        LengthUnit::Bytes => params.iter().any(|(_, value)| !value.is_ascii()),
        // A character beyond U+FFFF is four bytes in UTF-8 and begins with 0xF0 or more.
        LengthUnit::Utf16 => params.iter().any(|(_, value)| value.bytes().any(|b| b >= 0xF0)),
    }
}

/// The string that is digested, without the secret.
pub fn canonical<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>, unit: LengthUnit) -> String {
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_unstable();
    let mut text = Vec::new();
    pieces(pairs.iter().copied(), unit, |piece| text.extend_from_slice(piece));
    String::from_utf8(text).unwrap_or_default()
}

fn hash<'p>(secret: &str, pairs: impl Iterator<Item = (&'p str, &'p str)>, unit: LengthUnit) -> Hash {
    let mut running = Running::md5();
    pieces(pairs, unit, |piece| running.feed(piece));
    running.feed(secret.as_bytes());
    running.finish()
}

/// The string piece by piece, from sorted pairs.
fn pieces<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>, unit: LengthUnit, mut feed: impl FnMut(&[u8])) {
    for (i, (name, value)) in signed(pairs).enumerate() {
        if i > 0 {
            feed(b";");
        }
        // Names are ASCII (`Params`), so their length is the same in every unit.
        feed(Padded::new(unit.length(name), 2).as_bytes());
        feed(b"-");
        feed(name.as_bytes());
        feed(b":");
        feed(Padded::new(unit.length(value), 4).as_bytes());
        feed(b"-");
        feed(value.as_bytes());
    }
}

/// A number in decimal digits with leading zeros, without an allocation.
struct Padded {
    digits: [u8; 20],
    from: usize,
}

impl Padded {
    fn new(number: usize, width: usize) -> Self {
        let mut padded = Self { digits: [b'0'; 20], from: 20 };
        let mut rest = number;
        for (i, digit) in padded.digits.iter_mut().enumerate().rev() {
            if rest == 0 && 20 - padded.from >= width {
                break;
            }
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            padded.from = i;
        }
        padded
    }

    fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.from..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_minima() {
        for (number, width, expected) in
            [(0, 4, "0000"), (7, 2, "07"), (123, 2, "123"), (12_000, 4, "12000"), (0, 0, "")]
        {
            assert_eq!(Padded::new(number, width).as_bytes(), expected.as_bytes());
        }
        assert_eq!(Padded::new(usize::MAX, 4).as_bytes(), usize::MAX.to_string().as_bytes());
    }

    #[test]
    fn only_the_accepted_dialects() {
        let pairs = [("class_name", "笑脸😀类"), ("empty", ""), ("sid", "demo2")];
        let params = Params::of_pairs(pairs).unwrap();
        let kept = |unit| sign("s", pairs, unit);
        let dropped = |unit| sign("s", pairs.into_iter().filter(|(_, v)| !v.is_empty()), unit);
        for unit in LengthUnit::ALL {
            let is = |given: &str, empties| verify("s", &params, given) == Some(Dialect { unit, empties });
            assert!(is(&kept(unit), Empties::Kept) && is(&dropped(unit), Empties::Dropped), "{unit:?}");
            assert!(is(&kept(unit).to_uppercase(), Empties::Kept));
            let strict = verify_as("s", &params, &kept(unit), Accept::CANONICAL);
            assert_eq!(strict.is_some(), unit == LengthUnit::CodePoints);
        }
        assert_eq!(verify_as("s", &params, &dropped(LengthUnit::CodePoints), Accept::CANONICAL), None);
        assert_eq!(verify("t", &params, &kept(LengthUnit::CodePoints)), None);
    }
}
