//! What is wrong with what is known of one caller, method and shop.

use units::Moment;

use super::spans::Spans;
use super::track::{LOOKS_BACK, SLOT, Track};

/// Shorter pauses than this are nobody's concern, seconds.
const SHORT: i64 = 3600;
/// Slots with calls from which on a pace is known.
const ENOUGH: i64 = 4;
/// A caller who was not seen over a night yet may have one of so many seconds.
const NIGHT: i64 = 8 * 3600;
/// How long a window may be under way before its missing pages are missed, seconds.
const UNDER_WAY: i64 = 300;

/// From one moment to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Its beginning.
    pub from: Moment,
    /// Its end.
    pub to: Moment,
}

/// A window of which pages are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Start of the window.
    pub from: Moment,
    /// Its end.
    pub to: Moment,
    /// Pages that it has; `None` while page 0 was not answered.
    pub pages: Option<i64>,
    /// Rows of a page; 0 = not said.
    pub page_size: i64,
    /// The missing pages, counted from 0: `1, 3-5`.
    pub missing: String,
    /// When a page of it was answered last.
    pub at: Moment,
}

/// What is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Between what was read: read by nobody.
    pub(crate) gaps: Vec<Stretch>,
    /// Windows of which pages are missing.
    pub(crate) unfinished: Vec<Unfinished>,
    /// Seconds since the last moment that was read, when that is unusually long ago.
    pub(crate) behind: Option<i64>,
    /// Seconds since the last push, when that is unusually long ago.
    pub(crate) silent: Option<i64>,
}

impl Track {
    /// What is wrong at the moment; `others` were read by the same caller for all shops.
    pub(crate) fn found(&self, push: bool, others: Option<&Track>, now: Moment) -> Found {
        let now = now.unix();
        let late =
            |since: i64| self.longest_usual().is_some_and(|usual| now - since > usual.saturating_mul(3).max(SHORT));
        if push {
            let silent = late(self.last).then_some(now - self.last);
            return Found { silent, ..Found::default() };
        }
        let mut read = self.covered.clone();
        if let Some(others) = others {
            read.add_all(&others.covered);
        }
        let missed = |open: &&super::open::Open| now - open.at > UNDER_WAY && !read.contains(open.start, open.reach());
        let unfinished = self.open.iter().filter(missed).map(|open| Unfinished {
            from: Moment::from_unix(open.start),
            to: Moment::from_unix(open.end),
            pages: open.needed(),
            page_size: if open.size > 0 { open.size } else { open.asked },
            missing: words(&open.missing()),
            at: Moment::from_unix(open.at),
        });
        // What is said there need not be said again.
        let mut begun = read.clone();
        self.open.iter().for_each(|open| begun.add(open.start, open.reach()));
        let recent = |gap: &(i64, i64)| gap.1 > now - LOOKS_BACK;
        // Of two callers' spans only what this one skipped: it begins and ends where it read.
        let within = |gap: &(i64, i64)| {
            self.covered.start().is_some_and(|start| start <= gap.0)
                && self.covered.end().is_some_and(|end| gap.1 <= end)
        };
        Found {
            gaps: begun.holes().filter(recent).filter(|gap| others.is_none() || within(gap)).map(stretch).collect(),
            unfinished: unfinished.collect(),
            behind: late(self.advanced).then(|| read.end().map(|end| now - end)).flatten(),
            silent: None,
        }
    }

    /// The longest pause that is usual, seconds; `None` while no pace is known.
    pub(crate) fn longest_usual(&self) -> Option<i64> {
        if self.active.length() < ENOUGH * SLOT {
            return None;
        }
        let longest = self.active.holes().map(|(before, behind)| behind - before).max().unwrap_or(0);
        let known = self.active.end().zip(self.active.start()).map_or(0, |(end, start)| end - start);
        Some(if known < 86_400 { longest.max(NIGHT) } else { longest })
    }
}

/// A span as a stretch.
pub(super) fn stretch((from, to): (i64, i64)) -> Stretch {
    Stretch { from: Moment::from_unix(from), to: Moment::from_unix(to) }
}

fn words(pages: &Spans) -> String {
    let one = |(first, last): (i64, i64)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    pages.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::track::tests::{page, track};
    use super::*;

    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;

    fn found(track: &Track, now: i64) -> Found {
        track.found(false, None, Moment::from_unix(now))
    }

    fn pushes(at: impl IntoIterator<Item = i64>) -> Track {
        let mut track = Track::default();
        at.into_iter().for_each(|at| track.call(at));
        track
    }

    #[test]
    fn a_hole_between_windows_is_a_gap() {
        let holed = track(&[page(0, 600, 0, Some(1)), page(900, 1200, 0, Some(2)), page(1201, 1300, 0, Some(0))]);
        assert_eq!(found(&holed, 1400), Found { gaps: vec![stretch((600, 900))], ..Found::default() });
        assert_eq!(found(&holed, 901 + LOOKS_BACK).gaps, [], "too old");
        let closed = track(&[page(0, 600, 0, Some(1)), page(900, 1200, 0, Some(2)), page(600, 900, 0, Some(1))]);
        assert_eq!(found(&closed, 1400), Found::default());
    }

    #[test]
    fn a_missing_page_is_missed_after_a_while_and_is_no_gap_beside() {
        let half = track(&[
            page(0, 600, 0, Some(1)),
            page(601, 900, 0, Some(250)),
            page(601, 900, 3, None),
            page(901, 999, 0, Some(0)),
        ]);
        assert_eq!(found(&half, 901), Found::default(), "under way");
        let Found { gaps, unfinished, behind: None, silent: None } = found(&half, 1300) else { panic!() };
        assert_eq!((gaps.len(), unfinished.len()), (0, 1));
        let window = &unfinished[0];
        assert_eq!((&*window.missing, window.pages, window.page_size), ("1-2, 4-6", Some(7), 40));
        assert_eq!((window.from.unix(), window.to.unix(), window.at.unix()), (601, 900, 900));
    }

    #[test]
    fn what_was_read_for_all_shops_was_read_for_each() {
        let shop = track(&[page(0, 600, 0, Some(1)), page(900, 1200, 0, Some(2))]);
        let half = track(&[page(650, 2000, 0, Some(9))]);
        let both = shop.found(false, Some(&half), Moment::from_unix(2100));
        assert_eq!(both.gaps, [stretch((600, 650))]);
        let all = track(&[page(0, 2000, 0, Some(9))]);
        assert_eq!(shop.found(false, Some(&all), Moment::from_unix(2100)), Found::default());
        // What only the others skipped is told where they are.
        let holed = track(&[page(0, 1500, 0, Some(1)), page(1900, 2000, 0, Some(1))]);
        assert_eq!(shop.found(false, Some(&holed), Moment::from_unix(2100)).gaps, []);
    }

    #[test]
    fn who_reads_no_further_falls_behind() {
        let steady: Vec<_> = (0..576).map(|n| page(n * 300, n * 300 + 300, 0, Some(1))).collect();
        let steady = track(&steady);
        assert_eq!(found(&steady, 2 * DAY + HOUR - 10), Found::default());
        assert_eq!(found(&steady, 2 * DAY + HOUR + 10).behind, Some(HOUR + 10));
        // Reading the same window again and again is no step.
        let mut stuck = steady;
        (0..40).for_each(|n| {
            stuck.page(&super::super::open::PageRead { at: 2 * DAY + n * 300, ..page(0, 300, 0, Some(1)) })
        });
        assert_eq!(found(&stuck, 2 * DAY + 2 * HOUR).behind, Some(2 * HOUR));
    }

    #[test]
    fn silence_is_measured_by_the_longest_usual_pause() {
        for (name, calls, quiet_until) in [
            ("all day long", pushes((0..2 * DAY).step_by(200)), 2 * DAY - 200 + HOUR),
            (
                "nights of ten hours",
                pushes((0..3 * DAY).step_by(300).filter(|at| at % DAY < 14 * HOUR)),
                2 * DAY + 14 * HOUR - 300 + 3 * 10 * HOUR,
            ),
            ("half a day so far", pushes((0..DAY / 2).step_by(300)), DAY / 2 - 300 + 3 * NIGHT),
        ] {
            let at = |now: i64| calls.found(true, None, Moment::from_unix(now)).silent;
            assert_eq!(at(quiet_until - 400), None, "{name}");
            assert_eq!(at(quiet_until + 800), Some(quiet_until + 800 - calls.last), "{name}");
        }
        let few = pushes([0, 300, 90_000]);
        assert_eq!(few.found(true, None, Moment::from_unix(10 * DAY)), Found::default(), "no pace is known");
    }
}
