//! A window under way: which of its pages were answered, and up to when it is read once they all were.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::spans::Spans;
use crate::limits;

/// One answered page of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageRead {
    /// First second of the window.
    pub(crate) start: i64,
    /// Its last second.
    pub(crate) end: i64,
    /// Rows of a page that were asked for; 0 = not said. Pages of another size are others.
    pub(crate) asked: i64,
    /// Number of the page, from 0.
    pub(crate) page: i64,
    /// Rows of the window, if the answer says so.
    pub(crate) total: Option<i64>,
    /// Rows of a full page, where this answer tells; 0 = it does not.
    pub(crate) size: i64,
    /// When the call came.
    pub(crate) at: i64,
    /// Up to where the rows were there for this call: nothing at or before it can appear later.
    pub(crate) reach: i64,
}

/// A window under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Open {
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) asked: i64,
    /// Rows, and when that was said.
    pub(crate) total: Option<(i64, i64)>,
    pub(crate) size: i64,
    /// When a page was answered last.
    pub(crate) at: i64,
    /// Each page with the reach of its last answer, as first, last and reach.
    #[serde(with = "runs")]
    pub(crate) pages: BTreeMap<i64, i64>,
}

impl Open {
    pub(crate) fn of(read: &PageRead) -> Self {
        Self {
            start: read.start,
            end: read.end,
            asked: read.asked,
            total: read.total.map(|total| (read.at, total)),
            size: read.size,
            at: read.at,
            pages: BTreeMap::from([(read.page, read.reach)]),
        }
    }

    /// Whether both are about the same pages.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (self.start, self.end, self.asked) == (other.start, other.end, other.asked)
    }

    /// Takes what the other knows as well: the later total, and of each page the later answer.
    pub(crate) fn merge(&mut self, other: Self) {
        self.total = self.total.max(other.total);
        if other.size > 0 && (self.size == 0 || other.at >= self.at) {
            self.size = other.size;
        }
        self.at = self.at.max(other.at);
        for (page, reach) in other.pages {
            let known = self.pages.entry(page).or_insert(reach);
            *known = (*known).max(reach);
        }
        // Pages beyond what is kept count as not read: the safe side.
        while self.pages.len() > limits::COVERAGE_PAGES {
            self.pages.pop_last();
        }
    }

    /// How many pages it has; `None` while nobody said.
    pub(crate) fn needed(&self) -> Option<i64> {
        let (_, total) = self.total?;
        let size = if self.size > 0 { self.size } else { self.asked };
        if total <= 0 || size <= 0 { Some(1) } else { Some(total.saturating_add(size - 1) / size) }
    }

    /// Up to where it is read, when all of its pages are.
    pub(crate) fn read_to(&self) -> Option<i64> {
        let needed = self.needed()?;
        let here = self.pages.range(0..needed);
        let reach = here.clone().map(|(_, reach)| *reach).min()?;
        (i64::try_from(here.count()).ok()? == needed).then(|| reach.min(self.end))
    }

    /// The pages that are missing; while the number of pages is not known, page 0 is.
    pub(crate) fn missing(&self) -> Spans {
        let Some(last) = self.needed().map(|needed| needed - 1) else {
            let mut first = Spans::default();
            first.add(0, 0);
            return first;
        };
        let (mut missing, mut next) = (Spans::default(), 0);
        for page in self.pages.range(0..=last).map(|(page, _)| *page) {
            missing.add(next, page - 1);
            next = page + 1;
        }
        missing.add(next, last);
        missing
    }
}

/// Pages with the same reach, one behind the other, are written as one.
mod runs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::limits;

    pub(super) fn serialize<S: Serializer>(pages: &BTreeMap<i64, i64>, to: S) -> Result<S::Ok, S::Error> {
        let mut runs: Vec<(i64, i64, i64)> = Vec::new();
        for (page, reach) in pages {
            match runs.last_mut() {
                Some((_, last, same)) if *last + 1 == *page && same == reach => *last = *page,
                _ => runs.push((*page, *page, *reach)),
            }
        }
        runs.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<i64, i64>, D::Error> {
        let runs = Vec::<(i64, i64, i64)>::deserialize(from)?;
        let pages = runs.into_iter().flat_map(|(first, last, reach)| (first..=last).map(move |page| (page, reach)));
        Ok(pages.take(limits::COVERAGE_PAGES).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: i64, total: Option<i64>) -> PageRead {
        PageRead { start: 0, end: 59, asked: 40, page, total, size: 0, at: 100 + page, reach: 59 }
    }

    fn all(reads: &[PageRead]) -> Open {
        let mut opens = reads.iter().map(Open::of);
        let mut first = opens.next().unwrap();
        opens.for_each(|open| first.merge(open));
        first
    }

    #[test]
    fn a_window_is_read_when_all_its_pages_are() {
        for (reads, read_to, missing) in [
            (&[read(0, Some(0))][..], Some(59), &[][..]),
            (&[read(0, Some(40))], Some(59), &[]),
            (&[read(0, Some(41))], None, &[(1, 1)]),
            (&[read(1, None), read(0, Some(41))], Some(59), &[]),
            (&[read(0, Some(200)), read(1, None), read(4, None)], None, &[(2, 3)]),
            (&[read(2, None)], None, &[(0, 0)]),
            // The later total counts: it grew while the pages were read.
            (&[read(0, Some(80)), read(1, Some(81))], None, &[(2, 2)]),
            (&[read(0, Some(80)), read(1, Some(80)), read(1, None), read(7, None)], Some(59), &[]),
        ] {
            let open = all(reads);
            assert_eq!(open.read_to(), read_to, "{reads:?}");
            assert_eq!(open.missing().iter().collect::<Vec<_>>(), missing, "{reads:?}");
        }
    }

    #[test]
    fn the_size_that_was_served_counts_and_not_the_one_that_was_asked_for() {
        let first = PageRead { asked: 500, size: 100, ..read(0, Some(350)) };
        assert_eq!(all(&[first]).missing().iter().collect::<Vec<_>>(), [(1, 3)]);
        let unsaid = PageRead { asked: 0, size: 0, ..read(0, Some(350)) };
        assert_eq!(all(&[unsaid]).needed(), Some(1), "one page has them all where pages have no size");
    }

    #[test]
    fn a_window_reaches_no_further_than_its_earliest_page() {
        let early = PageRead { reach: 30, ..read(0, Some(80)) };
        let late = PageRead { reach: 40, ..read(1, None) };
        assert_eq!(all(&[early, late]).read_to(), Some(30));
        // Read again, the page reaches further.
        let again = PageRead { reach: 50, at: 200, ..early };
        assert_eq!(all(&[early, late, again]).read_to(), Some(40));
    }

    #[test]
    fn it_is_written_shortly_and_read_back() {
        let open = all(&[read(0, Some(400)), read(1, None), read(2, None), read(5, None)]);
        let text = serde_json::to_string(&open).unwrap();
        assert!(text.contains(r#""pages":[[0,2,59],[5,5,59]]"#), "{text}");
        assert_eq!(serde_json::from_str::<Open>(&text).unwrap(), open);
    }
}
