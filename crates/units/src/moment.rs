//! Points in time: UTC inside, `yyyy-MM-dd HH:mm:ss` at GMT+8 on the wire.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

const BEIJING: UtcOffset = match UtcOffset::from_hms(8, 0, 0) {
    Ok(offset) => offset,
    // Cannot happen: eight hours is a valid offset. The tests below would show it.
    Err(_) => UtcOffset::UTC,
};
/// 9999-12-31 23:59:59 at GMT+8: the last moment that the wire format can show.
const LAST: i64 = 253_402_271_999;
/// 0001-01-01 00:00:00 at GMT+8.
const FIRST: i64 = -62_135_625_600;

/// A point in time, whole seconds since 1970-01-01 00:00:00 UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

/// A calendar day at GMT+8.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// A text is not `yyyy-MM-dd HH:mm:ss` (or, for a day, `yyyy-MM-dd`), or names a day that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MomentError;

impl fmt::Display for MomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a time of the form yyyy-MM-dd HH:mm:ss")
    }
}

impl std::error::Error for MomentError {}

impl Moment {
    /// The text of an unset time on the wire (fact sheet wdt-1, 1.9).
    pub const UNSET: &'static str = "0000-00-00 00:00:00";

    /// From Unix seconds; clamped to the years 1 to 9999, which the wire format can show.
    pub const fn from_unix(seconds: i64) -> Self {
        Self(if seconds > LAST {
            LAST
        } else if seconds < FIRST {
            FIRST
        } else {
            seconds
        })
    }

    /// Unix seconds.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// This moment moved by `seconds`.
    pub const fn plus(self, seconds: i64) -> Self {
        Self::from_unix(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The calendar day at GMT+8.
    pub fn day(self) -> Day {
        Day(self.civil().date())
    }

    /// Reads `yyyy-MM-dd HH:mm:ss` at GMT+8. The zero date is an error here: an optional time decides what it means.
    pub fn parse(text: &str) -> Result<Self, MomentError> {
        let bytes = text.as_bytes();
        if bytes.len() != 19 || bytes[10] != b' ' || bytes[13] != b':' || bytes[16] != b':' {
            return Err(MomentError);
        }
        let date = Day::parse(text.get(..10).ok_or(MomentError)?)?.0;
        let field = |from: usize| two_digits(&bytes[from..from + 2]).ok_or(MomentError);
        let time = Time::from_hms(field(11)?, field(14)?, field(17)?).map_err(|_| MomentError)?;
        Ok(Self(OffsetDateTime::new_in_offset(date, time, BEIJING).unix_timestamp()))
    }

    fn civil(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0).map_or(OffsetDateTime::UNIX_EPOCH, |t| t.to_offset(BEIJING))
    }
}

impl Day {
    /// Reads `yyyy-MM-dd`.
    pub fn parse(text: &str) -> Result<Self, MomentError> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(MomentError);
        }
        let century = two_digits(&bytes[0..2]).ok_or(MomentError)?;
        let year = two_digits(&bytes[2..4]).ok_or(MomentError)?;
        let month = two_digits(&bytes[5..7]).ok_or(MomentError)?;
        let day = two_digits(&bytes[8..10]).ok_or(MomentError)?;
        let month = Month::try_from(month).map_err(|_| MomentError)?;
        let year = i32::from(century) * 100 + i32::from(year);
        if year == 0 {
            return Err(MomentError);
        }
        Date::from_calendar_date(year, month, day).map(Self).map_err(|_| MomentError)
    }

    /// The first second of the day.
    pub fn start(self) -> Moment {
        Moment(OffsetDateTime::new_in_offset(self.0, Time::MIDNIGHT, BEIJING).unix_timestamp())
    }

    /// `yyyyMMdd`.
    pub fn compact(self) -> String {
        format!("{:04}{:02}{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

/// Century, year, month and day, and where they stand in `yyyy-MM-dd`.
fn date_parts(date: Date) -> [(usize, u8); 4] {
    // A moment lies in the years 1 to 9999.
    let two = |number: i32| u8::try_from(number).unwrap_or(99);
    let year = date.year();
    [(0, two(year / 100)), (2, two(year % 100)), (5, u8::from(date.month())), (8, date.day())]
}

/// By hand: pages of rows hold thousands of times, and the formatting machinery costs ten times as much.
fn put_two_digits(text: &mut [u8], place: usize, number: u8) {
    if let Some([tens, ones]) = text.get_mut(place..place + 2) {
        (*tens, *ones) = (b'0' + number / 10 % 10, b'0' + number % 10);
    }
}

fn two_digits(bytes: &[u8]) -> Option<u8> {
    match bytes {
        [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => Some((a - b'0') * 10 + (b - b'0')),
        _ => None,
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.civil();
        let mut text = *b"0000-00-00 00:00:00";
        for (place, number) in
            date_parts(t.date()).into_iter().chain([(11, t.hour()), (14, t.minute()), (17, t.second())])
        {
            put_two_digits(&mut text, place, number);
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = *b"0000-00-00";
        for (place, number) in date_parts(self.0) {
            put_two_digits(&mut text, place, number);
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beijing_on_the_wire_utc_inside() {
        let moment = Moment::parse("2023-11-15 06:13:20").unwrap();
        assert_eq!(moment.unix(), 1_700_000_000);
        assert_eq!(moment.to_string(), "2023-11-15 06:13:20");
        assert_eq!(moment.day().compact(), "20231115");
        assert_eq!(Moment::from_unix(i64::MAX).to_string(), "9999-12-31 23:59:59");
        assert_eq!(Moment::from_unix(i64::MIN).to_string(), "0001-01-01 00:00:00");
    }

    #[test]
    fn refuses_what_is_not_a_time() {
        for bad in [
            "",
            "2023-11-15",
            "2023-11-15T06:13:20",
            "2023-02-30 00:00:00",
            "2023-13-01 00:00:00",
            "2023-11-15 24:00:00",
            "0000-00-00 00:00:00",
            "2023-11-15 06:13:2x",
            "二〇二三-11-15 06:13",
        ] {
            assert_eq!(Moment::parse(bad), Err(MomentError), "{bad}");
        }
    }
}
