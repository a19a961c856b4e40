//! Stretches of whole seconds (or page numbers), both ends included, merged where they touch.

use serde::{Deserialize, Serialize};

/// Merged spans in ascending order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Spans(Vec<(i64, i64)>);

impl Spans {
    /// Adds a span; an empty one (end before start) changes nothing.
    pub(crate) fn add(&mut self, from: i64, to: i64) {
        if from > to {
            return;
        }
        // The first that it touches, and the first behind it that it does not.
        let first = self.0.partition_point(|span| span.1 < from.saturating_sub(1));
        let behind = self.0.partition_point(|span| span.0 <= to.saturating_add(1));
        let touched = self.0.get(first..behind).unwrap_or_default();
        let from = touched.first().map_or(from, |span| span.0.min(from));
        let to = touched.last().map_or(to, |span| span.1.max(to));
        self.0.splice(first..behind.max(first), [(from, to)]);
    }

    /// Adds all of these.
    pub(crate) fn add_all(&mut self, other: &Self) {
        for (from, to) in &other.0 {
            self.add(*from, *to);
        }
    }

    /// Forgets everything before `from`.
    pub(crate) fn cut_before(&mut self, from: i64) {
        self.0.retain(|span| span.1 >= from);
        if let Some(first) = self.0.first_mut() {
            first.0 = first.0.max(from);
        }
    }

    /// Forgets the oldest beyond so many.
    pub(crate) fn keep_last(&mut self, most: usize) {
        self.0.drain(..self.0.len().saturating_sub(most));
    }

    /// Whether all of this lies in one of them.
    pub(crate) fn contains(&self, from: i64, to: i64) -> bool {
        let behind = self.0.partition_point(|span| span.0 <= from);
        behind.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|span| span.1 >= to)
    }

    /// The spans.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.0.iter().copied()
    }

    /// What lies between two of them: the last that is covered before, and the first that is covered behind.
    pub(crate) fn holes(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.0.windows(2).filter_map(|pair| match pair {
            [before, behind] => Some((before.1, behind.0)),
            _ => None,
        })
    }

    /// The end of the last.
    pub(crate) fn end(&self) -> Option<i64> {
        self.0.last().map(|span| span.1)
    }

    /// The start of the first.
    pub(crate) fn start(&self) -> Option<i64> {
        self.0.first().map(|span| span.0)
    }

    /// Seconds in all of them.
    pub(crate) fn length(&self) -> i64 {
        self.0.iter().map(|span| span.1 - span.0 + 1).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn of(spans: &[(i64, i64)]) -> Spans {
        let mut all = Spans::default();
        for (from, to) in spans {
            all.add(*from, *to);
        }
        all
    }

    #[test]
    fn merging() {
        for (added, merged) in [
            (&[][..], &[][..]),
            (&[(5, 4)], &[]),
            (&[(1, 2), (3, 4)], &[(1, 4)]),
            (&[(1, 2), (4, 5)], &[(1, 2), (4, 5)]),
            (&[(4, 5), (1, 2)], &[(1, 2), (4, 5)]),
            (&[(1, 2), (7, 9), (4, 5), (2, 7)], &[(1, 9)]),
            (&[(1, 9), (3, 4)], &[(1, 9)]),
            (&[(3, 4), (1, 9)], &[(1, 9)]),
            (&[(i64::MIN, 0), (1, i64::MAX)], &[(i64::MIN, i64::MAX)]),
        ] {
            assert_eq!(of(added).0, merged, "{added:?}");
        }
    }

    /// Whatever is added in whatever order: the seconds that are in are exactly those that were added, and no two spans touch.
    #[test]
    fn spans_are_the_set_of_their_seconds() {
        let mut state = 1_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((state >> 33) % below).unwrap()
        };
        for _ in 0..300 {
            let (mut spans, mut set) = (Spans::default(), BTreeSet::new());
            for _ in 0..random(30) {
                let from = random(100);
                let to = from + random(12) - 1;
                spans.add(from, to);
                set.extend(from..=to);
            }
            let flat: Vec<i64> = spans.iter().flat_map(|(from, to)| from..=to).collect();
            assert_eq!(flat, set.iter().copied().collect::<Vec<_>>());
            assert!(spans.holes().all(|(before, behind)| behind - before > 1), "{spans:?}");
            assert_eq!(spans.length(), i64::try_from(set.len()).unwrap());
            for from in 0..100 {
                assert_eq!(spans.contains(from, from + 3), (from..=from + 3).all(|second| set.contains(&second)));
            }
            let cut = random(100);
            spans.cut_before(cut);
            assert_eq!(spans.start(), set.range(cut..).next().copied());
        }
    }

    #[test]
    fn the_oldest_go_first() {
        let mut spans = of(&[(1, 2), (5, 6), (9, 10)]);
        spans.keep_last(2);
        assert_eq!(spans.0, [(5, 6), (9, 10)]);
        assert_eq!((spans.end(), spans.holes().collect::<Vec<_>>()), (Some(10), vec![(6, 9)]));
    }
}
