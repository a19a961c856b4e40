//! Finding calls: newest first, through the rows of each segment, by the sorted tables of a finished one where an id or a number is asked for.

use std::fs::File;
use std::io;
use std::sync::Arc;

use super::entry::{Entry, Item, Outcome};
use super::journal::{Finished, Journal, Part};
use super::row::{Row, hash};
use super::segment;
use crate::directory::Environment;
use crate::limits;

/// Rows read at once.
const PIECE: u32 = 4096;

/// Where a record stands: segment and row. What is later is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    segment: u64,
    row: u32,
}

impl Place {
    pub(super) fn segment(self) -> u64 {
        self.segment
    }

    /// Reads what [`Display`](std::fmt::Display) wrote.
    pub fn read(text: &str) -> Option<Self> {
        let (segment, row) = text.split_once('-')?;
        Some(Self { segment: segment.parse().ok()?, row: row.parse().ok()? })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.segment, self.row)
    }
}

/// What is looked for; what is absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// This call.
    pub request_id: Option<String>,
    /// Calls about this business number.
    pub number: Option<String>,
    /// Calls of this application.
    pub app: Option<String>,
    /// Calls for this target.
    pub target: Option<String>,
    /// Calls of this method, without scene.
    pub method: Option<String>,
    /// That ended like this.
    pub outcome: Option<Outcome>,
    /// In this environment.
    pub environment: Option<Environment>,
    /// At or after, Unix seconds.
    pub from: Option<i64>,
    /// At or before, Unix seconds.
    pub to: Option<i64>,
    /// Before this place: the next page.
    pub before: Option<Place>,
    /// After this place, for who follows.
    pub after: Option<Place>,
    /// Most calls, at most [`limits::LOG_PAGE`].
    pub limit: usize,
}

/// What was found, newest first.
#[derive(Debug, Default)]
pub struct Found {
    /// The calls, each with its place.
    pub calls: Vec<(Place, Entry)>,
    /// From where to go on: there may be more.
    pub next: Option<Place>,
    /// Calls that could not be written, in what was looked through.
    pub missing: u64,
}

/// The question with its hashes.
struct Asked<'w> {
    wanted: &'w Wanted,
    id: Option<u32>,
    number: Option<u32>,
    app: Option<u32>,
    target: Option<u32>,
    method: Option<u32>,
}

/// A search under way.
struct Search<'j> {
    journal: &'j Journal,
    asked: Asked<'j>,
    found: Found,
    looked_at: usize,
}

/// Whether to go on.
#[derive(PartialEq, Eq)]
enum Go {
    On,
    Stop,
}

pub(super) fn search(journal: &Journal, wanted: &Wanted) -> io::Result<Found> {
    let of = |text: &Option<String>| text.as_deref().map(hash);
    let asked = Asked {
        wanted,
        id: of(&wanted.request_id),
        number: of(&wanted.number),
        app: of(&wanted.app),
        target: of(&wanted.target),
        method: of(&wanted.method),
    };
    let mut search = Search { journal, asked, found: Found::default(), looked_at: 0 };
    for part in journal.parts() {
        let done = match &part {
            Part::Live(finished) => search.live(finished),
            Part::Closed(closed) => {
                let (number, index) = (closed.number, closed.index);
                let outside = wanted.from.is_some_and(|from| i64::from(index.span.1) < from)
                    || wanted.to.is_some_and(|to| i64::from(index.span.0) > to)
                    || wanted.before.is_some_and(|before| before.segment < number)
                    || wanted.after.is_some_and(|after| after.segment > number);
                if outside { Ok(Go::On) } else { search.closed(number, &index) }
            }
        };
        match done {
            Ok(Go::On) => {}
            Ok(Go::Stop) => break,
            // It was forgotten in the meantime.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(search.found)
}

impl Search<'_> {
    fn live(&mut self, finished: &Arc<Finished>) -> io::Result<Go> {
        let mut until: u32 = finished.rows.iter().map(|piece| piece.len() as u32).sum();
        for piece in finished.rows.iter().rev() {
            let from = until - piece.len() as u32;
            if self.rows(finished.number, &finished.file, from, piece)? == Go::Stop {
                return Ok(Go::Stop);
            }
            until = from;
        }
        Ok(Go::On)
    }

    fn closed(&mut self, number: u64, index: &super::index::Index) -> io::Result<Go> {
        let table = File::open(self.journal.index_path(number))?;
        let file = File::open(self.journal.path(number))?;
        let exact = match (self.asked.id, self.asked.number) {
            (Some(id), _) => Some(index.of_id(&table, id)?),
            (None, Some(business)) => Some(index.of_number(&table, business)?),
            (None, None) => None,
        };
        if let Some(rows) = exact {
            for at in rows.into_iter().rev() {
                let row = index.rows(&table, at, at + 1)?;
                if self.rows(number, &file, at, &row)? == Go::Stop {
                    return Ok(Go::Stop);
                }
            }
            return Ok(Go::On);
        }
        let mut until = index.rows;
        while until > 0 {
            let from = until.saturating_sub(PIECE);
            let rows = index.rows(&table, from, until)?;
            if self.rows(number, &file, from, &rows)? == Go::Stop {
                return Ok(Go::Stop);
            }
            until = from;
        }
        Ok(Go::On)
    }

    /// Rows of a segment from the last to the first; the first of them is row `from`.
    fn rows(&mut self, segment: u64, file: &File, from: u32, rows: &[Row]) -> io::Result<Go> {
        for (at, row) in rows.iter().enumerate().rev() {
            let at = from.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            let place = Place { segment, row: at };
            let wanted = self.asked.wanted;
            if wanted.before.is_some_and(|before| place >= before) {
                continue;
            }
            if wanted.after.is_some_and(|after| place <= after) {
                return Ok(Go::Stop);
            }
            self.looked_at += 1;
            if self.looked_at > limits::LOG_LOOKED_AT {
                self.found.next = Some(Place { segment, row: at + 1 });
                return Ok(Go::Stop);
            }
            if row.is_gap() {
                if let Some(Item::Gap { lost, .. }) = segment::read(file, row.offset)? {
                    self.found.missing += lost;
                }
                continue;
            }
            if !self.asked.may_be(row) {
                continue;
            }
            let Some(Item::Call(entry)) = segment::read(file, row.offset)? else { continue };
            if !self.asked.is(&entry) {
                continue;
            }
            if self.found.calls.len() >= wanted.limit.clamp(1, limits::LOG_PAGE) {
                self.found.next = self.found.calls.last().map(|(place, _)| *place);
                return Ok(Go::Stop);
            }
            self.found.calls.push((place, *entry));
        }
        Ok(Go::On)
    }
}

impl Asked<'_> {
    fn may_be(&self, row: &Row) -> bool {
        let fits = |asked: Option<u32>, there: u32| asked.is_none_or(|asked| asked == there);
        let seconds = i64::from(row.seconds);
        fits(self.id, row.id)
            && fits(self.number, row.number)
            && fits(self.app, row.app)
            && fits(self.target, row.target)
            && fits(self.method, row.method)
            && self.wanted.outcome.is_none_or(|outcome| row.has(outcome))
            && self.wanted.environment.is_none_or(|environment| row.is_in(environment))
            && self.wanted.from.is_none_or(|from| seconds >= from)
            && self.wanted.to.is_none_or(|to| seconds <= to)
    }

    fn is(&self, entry: &Entry) -> bool {
        let fits = |asked: &Option<String>, there: &str| asked.as_deref().is_none_or(|asked| asked == there);
        let wanted = self.wanted;
        fits(&wanted.request_id, entry.request_id.as_str())
            && fits(&wanted.number, &entry.number)
            && fits(&wanted.app, &entry.app)
            && fits(&wanted.target, &entry.target)
            && fits(&wanted.method, &entry.method)
    }
}
