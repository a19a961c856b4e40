//! What is known of one caller, method and shop. Two of them merge into one whoever saw which call: a thread, this node or another.

use serde::{Deserialize, Serialize};

use super::open::{Open, PageRead};
use super::spans::Spans;
use crate::limits;

/// Seconds of a slot: pauses are known to that.
pub(crate) const SLOT: i64 = 300;
/// How long is looked back, seconds.
pub(crate) const LOOKS_BACK: i64 = limits::COVERAGE_DAYS * 86_400;

/// What is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Track {
    /// Calls since the first.
    pub(crate) calls: i64,
    /// When the first came.
    pub(crate) first: i64,
    /// When the last came.
    pub(crate) last: i64,
    /// When what was read went further last.
    pub(crate) advanced: i64,
    /// Slots in which calls came.
    pub(crate) active: Spans,
    /// What was read, every page of it.
    pub(crate) covered: Spans,
    /// Windows of which pages are missing.
    pub(crate) open: Vec<Open>,
}

impl Track {
    /// A call.
    pub(crate) fn call(&mut self, at: i64) {
        self.first = if self.calls == 0 { at } else { self.first.min(at) };
        self.last = self.last.max(at);
        self.calls += 1;
        let slot = at.div_euclid(SLOT) * SLOT;
        self.active.add(slot, slot + SLOT - 1);
        self.active.keep_last(limits::COVERAGE_SPANS);
    }

    /// A call that read a page.
    pub(crate) fn page(&mut self, read: &PageRead) {
        self.call(read.at);
        let before = self.covered.end();
        self.take(Open::of(read));
        self.settle(before);
    }

    /// Takes what the other knows as well.
    pub(crate) fn merge(&mut self, other: Self) {
        self.first = match (self.calls, other.calls) {
            (0, _) => other.first,
            (_, 0) => self.first,
            _ => self.first.min(other.first),
        };
        self.last = self.last.max(other.last);
        self.calls += other.calls;
        let further = |track: &Self| (track.covered.end(), -track.advanced);
        if further(&other) > further(self) {
            self.advanced = other.advanced;
        }
        let before = self.covered.end().max(other.covered.end());
        self.active.add_all(&other.active);
        self.covered.add_all(&other.covered);
        other.open.into_iter().for_each(|open| self.take(open));
        self.settle(before);
    }

    fn take(&mut self, open: Open) {
        match self.open.iter_mut().find(|known| known.is_same(&open)) {
            Some(known) => known.merge(open),
            None => self.open.push(open),
        }
    }

    /// Windows that are read are no longer under way; what is too old or too much is forgotten. `before`: up to where it was read.
    fn settle(&mut self, before: Option<i64>) {
        let oldest = self.last - LOOKS_BACK;
        let covered = &mut self.covered;
        self.open.retain(|open| match open.read_to() {
            Some(to) => {
                covered.add(open.start, to);
                false
            }
            None => open.at >= oldest,
        });
        if covered.end() > before {
            self.advanced = self.last;
        }
        // Read by other windows meanwhile.
        self.open.retain(|open| !covered.contains(open.start, open.reach()));
        covered.cut_before(oldest);
        covered.keep_last(limits::COVERAGE_SPANS);
        self.active.cut_before(oldest);
        self.active.keep_last(limits::COVERAGE_SPANS);
        if self.open.len() > limits::COVERAGE_OPEN {
            self.open.sort_by_key(|open| open.at);
            self.open.drain(..self.open.len() - limits::COVERAGE_OPEN);
        }
    }
}

impl Open {
    /// Up to where it can be read at all.
    pub(super) fn reach(&self) -> i64 {
        self.pages.values().copied().max().unwrap_or(self.end).min(self.end)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A page of rows that all have arrived, asked for at the end of its window.
    pub(in super::super) fn page(start: i64, end: i64, page: i64, total: Option<i64>) -> PageRead {
        PageRead { start, end, asked: 40, page, total, size: 0, at: end, reach: end }
    }

    pub(in super::super) fn track(pages: &[PageRead]) -> Track {
        let mut track = Track::default();
        pages.iter().for_each(|read| track.page(read));
        track
    }

    fn covered(track: &Track) -> Vec<(i64, i64)> {
        track.covered.iter().collect()
    }

    #[test]
    fn windows_join_in_whatever_order_and_however_often() {
        let (a, b) = (page(0, 59, 0, Some(3)), page(60, 119, 0, Some(0)));
        for pages in [&[a, b][..], &[b, a], &[a, b, a, a]] {
            assert_eq!(covered(&track(pages)), [(0, 119)], "{pages:?}");
        }
        let (first, second, third) = (page(0, 59, 0, Some(90)), page(0, 59, 1, None), page(0, 59, 2, None));
        for pages in [[first, second, third], [third, second, first], [second, first, third]] {
            let whole = track(&pages);
            assert_eq!((covered(&whole), whole.open.len()), (vec![(0, 59)], 0), "{pages:?}");
        }
    }

    #[test]
    fn a_page_that_never_came_keeps_its_window_open() {
        let skipped = track(&[page(0, 59, 0, Some(90)), page(0, 59, 2, None), page(60, 119, 0, Some(1))]);
        assert_eq!(covered(&skipped), [(60, 119)]);
        assert_eq!(skipped.open[0].missing().iter().collect::<Vec<_>>(), [(1, 1)]);
        // The retry closes it.
        let mut retried = skipped.clone();
        retried.page(&PageRead { at: 500, ..page(0, 59, 1, None) });
        assert_eq!((covered(&retried), retried.open.len()), (vec![(0, 119)], 0));
        // So does a window around it.
        let mut around = skipped;
        around.page(&PageRead { at: 500, ..page(0, 200, 0, Some(9)) });
        assert_eq!((covered(&around), around.open.len()), (vec![(0, 200)], 0));
    }

    #[test]
    fn the_future_is_not_read() {
        let read = PageRead { at: 30, reach: 29, ..page(0, 59, 0, Some(1)) };
        assert_eq!(covered(&track(&[read])), [(0, 29)]);
        // Nor by asking again, except up to then.
        let again = PageRead { at: 41, reach: 40, ..read };
        assert_eq!(covered(&track(&[read, again])), [(0, 40)]);
        let all_ahead = PageRead { start: 50, at: 30, reach: 29, ..read };
        assert_eq!(covered(&track(&[all_ahead])), []);
    }

    #[test]
    fn a_total_that_grows_is_another_window_to_read() {
        let growing = PageRead { at: 30, reach: 29, ..page(0, 59, 0, Some(40)) };
        let grown = PageRead { at: 60, reach: 59, total: Some(41), ..growing };
        let both = track(&[growing, grown]);
        assert_eq!(covered(&both), [(0, 29)]);
        assert_eq!(both.open[0].missing().iter().collect::<Vec<_>>(), [(1, 1)]);
    }

    #[test]
    fn two_halves_merge_into_the_whole() {
        let pages = [
            page(0, 59, 0, Some(90)),
            page(0, 59, 1, None),
            page(0, 59, 2, None),
            page(60, 99, 0, Some(1)),
            page(200, 259, 0, Some(200)),
        ];
        let whole = track(&pages);
        for split in 0..pages.len() {
            let (one, other) = pages.split_at(split);
            let (mut left, mut right) = (track(one), track(other));
            right.merge(left.clone());
            left.merge(track(other));
            assert_eq!((&left.covered, &left.open, left.calls), (&whole.covered, &whole.open, 5), "{split}");
            assert_eq!((&right.covered, &right.open, right.first), (&whole.covered, &whole.open, 59), "{split}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut track = Track::default();
        for n in 0..1000 {
            track.page(&page(n * 100, n * 100 + 10, 0, Some(1)));
            track.page(&page(n * 100 + 50, n * 100 + 60, 0, Some(90)));
        }
        assert_eq!(track.covered.iter().count(), limits::COVERAGE_SPANS);
        assert_eq!(track.open.len(), limits::COVERAGE_OPEN);
        track.call(99_900 + 2 * LOOKS_BACK);
        track.merge(Track::default());
        assert_eq!((track.covered.iter().count(), track.open.len(), track.active.iter().count()), (0, 0, 1));
    }
}
