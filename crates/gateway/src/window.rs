//! The `timestamp` of a call: its forms and the window in which it is accepted.

use units::Moment;

/// Reads a TOP or Qimen timestamp: `yyyy-MM-dd HH:mm:ss` at GMT+8, or Unix time in 13 digits (the official Python client) or 10
/// (fact sheet qimen, A2).
pub(crate) fn of_top(text: &str) -> Option<Moment> {
    match text.len() {
        19 => Moment::parse(text).ok(),
        13 => digits(text).map(|millis| Moment::from_unix(millis / 1000)),
        10 => digits(text).map(Moment::from_unix),
        _ => None,
    }
}

/// Reads an openapi2 timestamp: whole Unix seconds in 10 digits (fact sheet wdt-1, 1.3).
pub(crate) fn of_openapi2(text: &str) -> Option<Moment> {
    (text.len() == 10).then(|| digits(text)).flatten().map(Moment::from_unix)
}

/// Whether `claimed` is at most `window` seconds away from `now`.
pub(crate) fn holds(claimed: Moment, now: Moment, window: i64) -> bool {
    now.since(claimed).abs() <= window
}

fn digits(text: &str) -> Option<i64> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_of_real_clients() {
        for (text, top, openapi2) in [
            ("2023-11-15 06:13:20", Some(1_700_000_000), None),
            ("1700000000999", Some(1_700_000_000), None),
            ("1700000000", Some(1_700_000_000), Some(1_700_000_000)),
            ("", None, None),
            ("+170000000", None, None),
            ("170000000.", None, None),
            ("2023-11-15T06:13:20", None, None),
            ("17000000000000000000", None, None),
        ] {
            assert_eq!(of_top(text).map(Moment::unix), top, "{text}");
            assert_eq!(of_openapi2(text).map(Moment::unix), openapi2, "{text}");
        }
    }

    #[test]
    fn the_edges_belong_to_the_window() {
        let now = Moment::from_unix(1_700_000_000);
        for (off, expected) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
            assert_eq!(holds(now.plus(off), now, 300), expected, "{off}");
        }
    }
}
