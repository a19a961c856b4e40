//! How much may be called: limits of a tenant's applications and of single methods (fact sheets wdt-1, 1.10; wdt-2, chapter 8).
//! Everything is off by default.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use units::Moment;

/// Limits for each application of a tenant; an application's own options come before them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Calls per minute of one application; 0 = as the gateway's own setting. The reference product has 60.
    pub calls_per_minute: u32,
    /// Limits of single methods, by their name without scene.
    pub methods: BTreeMap<String, Quota>,
    /// The account is in arrears: every call is refused with 1060.
    pub arrears: bool,
}

impl Limits {
    /// The limits of the reference product (fact sheets wdt-1, 1.10; wdt-2, chapter 8).
    pub fn reference() -> Self {
        let daily = |per_day| Quota { per_day, ..Quota::default() };
        let night = Quota { hours: Some(Hours { from: 0, until: 120 }), ..Quota::default() };
        let rows = |rows| Quota { rows, ..Quota::default() };
        let methods = [
            ("wdt.stock.query", daily(3)),
            ("wdt.stock.sync.by.pd", daily(2000)),
            ("wdt.vip.stock.query.all", night),
            ("wdt.trade.push", rows(50)),
            ("wdt.goods.push", rows(50)),
            ("wdt.logistics.sync.ack", rows(50)),
            ("wdt.sales.refund.push", rows(10)),
        ];
        let methods = methods.into_iter().map(|(name, quota)| (name.to_owned(), quota)).collect();
        Self { calls_per_minute: 60, methods, arrears: false }
    }
}

/// Limits of one method for one application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quota {
    /// Calls per minute; 0 = no limit of its own.
    pub per_minute: u32,
    /// Calls per day at GMT+8 that count (`Method::counts`) and were not refused; 0 = no limit.
    pub per_day: u32,
    /// When it may be called, such as `00:00-02:00`; absent = always.
    pub hours: Option<Hours>,
    /// Widest window of a query in minutes, instead of the sheet's; 0 = as the sheet says.
    pub window_minutes: u32,
    /// Most rows of a page, instead of the sheet's, at most [`Quota::MOST_ROWS`]; 0 = as the sheet says. Who asks for more gets
    /// this many, and who names no number never gets more.
    pub page_size: u32,
    /// Most documents, goods or rows of one push or acknowledgement: one more is refused with 9022. 0 = what the sheets only
    /// recommend is not enforced.
    pub rows: u32,
}

impl Quota {
    /// No setting makes a page larger than this, so that one call stays one small unit of work.
    pub const MOST_ROWS: i64 = 1000;
}

/// A part of the day at GMT+8, from a minute until before another; it may go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours {
    from: i64,
    until: i64,
}

impl Hours {
    /// Whether `now` lies within.
    pub fn contain(self, now: Moment) -> bool {
        let minute = now.since(now.day().start()) / 60;
        match self.from <= self.until {
            true => (self.from..self.until).contains(&minute),
            false => minute >= self.from || minute < self.until,
        }
    }
}

impl TryFrom<String> for Hours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let minute = |part: &str| {
            let (hour, minute) = part.split_once(':')?;
            let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
            ((0..24).contains(&hour) && (0..60).contains(&minute) || (hour, minute) == (24, 0))
                .then_some(hour * 60 + minute)
        };
        let parts = text.split_once('-').and_then(|(from, until)| Some((minute(from)?, minute(until)?)));
        match parts {
            Some((from, until)) if from != until => Ok(Self { from, until }),
            _ => Err(format!("{text}: hours are written HH:MM-HH:MM")),
        }
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> Self {
        let word = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        format!("{}-{}", word(hours.from), word(hours.until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_parts_of_the_day_at_gmt_8() {
        let check = |hours: &str, now: &str, expected: bool| {
            let hours = Hours::try_from(hours.to_owned()).unwrap();
            assert_eq!(hours.contain(Moment::parse(&format!("2023-11-15 {now}")).unwrap()), expected, "{now}");
        };
        check("00:00-02:00", "00:00:00", true);
        check("00:00-02:00", "01:59:59", true);
        check("00:00-02:00", "02:00:00", false);
        check("00:00-02:00", "23:59:59", false);
        check("23:30-01:00", "23:30:00", true);
        check("23:30-01:00", "00:59:59", true);
        check("23:30-01:00", "12:00:00", false);
        check("08:00-24:00", "23:59:59", true);
        for bad in ["", "1", "00:00", "00:00-00:00", "25:00-01:00", "00:60-01:00", "a-b"] {
            assert!(Hours::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert_eq!(String::from(Hours::try_from("0:5-2:00".to_owned()).unwrap()), "00:05-02:00");
    }

    #[test]
    fn the_reference_reads_back_and_the_default_limits_nothing() {
        let reference = Limits::reference();
        let text = serde_json::to_string(&reference).unwrap();
        assert_eq!(serde_json::from_str::<Limits>(&text).unwrap(), reference);
        assert_eq!(serde_json::from_str::<Limits>("{}").unwrap(), Limits::default());
        assert!(serde_json::from_str::<Limits>(r#"{"calls":1}"#).is_err());
    }
}
