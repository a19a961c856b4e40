//! The import: rows are gathered into documents, documents into units of work. A document is stored whole or not at all; what was
//! not stored stands in the returned sheet with the reason. Storing goes by the numbers in the sheet, so a file can be
//! imported again: what is there already changes nothing.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sheets::{Layout, Marked, Record, Row, SheetError};
use store::Tx;

use super::{Failed, Kind, Work};
use crate::desk::WHO;

/// Rows of a unit of work.
const UNIT: usize = 200;
/// How often a unit is tried when the store cannot take it at the moment.
const TRIES: u32 = 6;

/// A sheet kind that comes in.
pub(super) trait Import: Record + Clone + Send + Sync + 'static {
    /// Rows that a document may have.
    const ROWS: usize = 500;

    /// Stores the document that these rows make; there is at least one. A refusal comes before the first write, or is undone.
    fn store(tx: &mut Tx, settings: &erp::Settings, rows: &[Self]) -> Result<Stored, Stop>;
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// It is new, or something of it changed.
    Done,
    /// It was there already, just so.
    Same,
}

/// Why a document was not stored.
#[derive(Debug)]
pub(super) enum Stop {
    /// The store failed; nothing of the unit is kept.
    Store(store::Error),
    /// It is refused: the words for the returned sheet.
    Refused(String),
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<erp::Error> for Stop {
    fn from(error: erp::Error) -> Self {
        match error {
            erp::Error::Store(error) => Self::Store(error),
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<erp::Refusal> for Stop {
    fn from(refusal: erp::Refusal) -> Self {
        Self::Refused(refusal.to_string())
    }
}

/// The rows of one document.
struct Document<R> {
    key: Option<String>,
    rows: Vec<Row>,
    records: Vec<R>,
    /// What is wrong with a row, by its place in `rows`.
    errors: Vec<(usize, String)>,
}

struct Run<'w, R> {
    work: &'w Work,
    title: &'static str,
    to: &'w Path,
    begun: Option<(Layout, Marked)>,
    documents: Vec<Document<R>>,
    rows: usize,
    /// A document with too many rows, which is being passed over.
    over: Option<String>,
}

/// Imports a file.
pub(super) fn import<R: Import>(work: &Work, file: &Path, marked: &Path) -> Result<(), Failed> {
    let opened = sheets::open(file)?;
    work.progress.expect(opened.rows.saturating_sub(1));
    let mut run =
        Run::<R> { work, title: R::SHEET.title, to: marked, begun: None, documents: Vec::new(), rows: 0, over: None };
    opened.each(run.title, &mut |row| run.row(row))?;
    run.flush()?;
    let Some((_, marked)) = run.begun else { return Err(SheetError::Empty.into()) };
    marked.finish()?;
    work.progress.complete();
    Ok(())
}

impl<R: Import> Run<'_, R> {
    fn row(&mut self, row: Row) -> Result<(), Failed> {
        let Some((layout, marked)) = &mut self.begun else {
            let layout = Layout::of(R::SHEET, &row)?;
            let marked = Marked::create(self.to, self.title, &row, &layout)?;
            self.begun = Some((layout, marked));
            return Ok(());
        };
        let key = layout.key(&row);
        if key.is_some() && key == self.over {
            marked.row(&row, Some(&too_long::<R>()))?;
            self.work.progress.add(0, 0, 1);
            return Ok(());
        }
        self.over = None;
        let goes_on = key.is_some() && self.documents.last().is_some_and(|last| last.key == key);
        if goes_on && self.documents.last().is_some_and(|last| last.rows.len() == R::ROWS) {
            return self.pass_over(&row, key);
        }
        if !goes_on {
            if self.rows >= UNIT {
                self.flush()?;
            }
            self.documents.push(Document { key, rows: Vec::new(), records: Vec::new(), errors: Vec::new() });
        }
        let (Some((layout, _)), Some(document)) = (&self.begun, self.documents.last_mut()) else { return Ok(()) };
        match layout.record::<R>(&row, document.records.first().filter(|_| !document.rows.is_empty())) {
            Ok(record) => document.records.push(record),
            Err(why) => document.errors.push((document.rows.len(), why)),
        }
        document.rows.push(row);
        self.rows += 1;
        Ok(())
    }

    /// The last document has more rows than one may have: it is refused, and its further rows are not kept in memory.
    fn pass_over(&mut self, row: &Row, key: Option<String>) -> Result<(), Failed> {
        if let Some(document) = self.documents.last_mut() {
            document.errors = (0..document.rows.len()).map(|place| (place, too_long::<R>())).collect();
        }
        self.flush()?;
        if let Some((_, marked)) = &mut self.begun {
            marked.row(row, Some(&too_long::<R>()))?;
        }
        self.work.progress.add(0, 0, 1);
        self.over = key;
        Ok(())
    }

    /// Stores the gathered documents as one unit and writes their rows into the copy.
    fn flush(&mut self) -> Result<(), Failed> {
        if self.work.progress.is_stopped() {
            return Err(SheetError::Stopped.into());
        }
        let documents = std::mem::take(&mut self.documents);
        self.rows = 0;
        let good: Vec<Vec<R>> =
            documents.iter().filter(|document| document.errors.is_empty()).map(|d| d.records.clone()).collect();
        let mut outcomes = store_unit(self.work, good)?.into_iter();
        let Some((_, marked)) = &mut self.begun else { return Ok(()) };
        for document in &documents {
            let outcome = if document.errors.is_empty() { outcomes.next() } else { None };
            let rows = document.rows.len() as u64;
            match outcome {
                Some(Ok(Stored::Done)) => self.work.progress.add(rows, 0, 0),
                Some(Ok(Stored::Same)) => self.work.progress.add(0, rows, 0),
                _ => self.work.progress.add(0, 0, rows),
            }
            let refused = outcome.and_then(Result::err);
            let other = document.errors.first().and_then(|(place, _)| document.rows.get(*place));
            let other = other.map(|row| format!("同一单据的第{}行有错误,整单未导入", row.number));
            for (place, row) in document.rows.iter().enumerate() {
                let own = document.errors.iter().find(|(at, _)| *at == place).map(|(_, why)| why);
                marked.row(row, own.or(other.as_ref()).or(refused.as_ref()).map(String::as_str))?;
            }
        }
        Ok(())
    }
}

fn too_long<R: Import>() -> String {
    format!("同一单据超过{}行", R::ROWS)
}

/// One unit of work: each document is stored or refused by itself.
fn store_unit<R: Import>(work: &Work, documents: Vec<Vec<R>>) -> Result<Vec<Result<Stored, String>>, Failed> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let documents = Arc::new(documents);
    let mut tried = 0;
    loop {
        let (documents, settings) = (Arc::clone(&documents), work.settings.clone());
        let done = work.store.write_blocking(work.tenant, move |tx| {
            let mut outcomes = Vec::with_capacity(documents.len());
            for rows in documents.iter() {
                outcomes.push(match tx.attempt(|tx| R::store(tx, &settings, rows)) {
                    Ok(stored) => Ok(stored),
                    Err(Stop::Refused(why)) => Err(why),
                    Err(Stop::Store(error)) => return Err(error),
                });
            }
            Ok(outcomes)
        });
        match done {
            Err(error) if error.is_passing() && tried < TRIES && !work.progress.is_stopped() => {
                tried += 1;
                std::thread::sleep(Duration::from_millis(100 << tried));
            }
            done => return Ok(done?),
        }
    }
}

/// Who imported what, and how much of it.
pub(super) fn leave_event(work: &Work, kind: &Kind, completed: bool) -> Result<(), Failed> {
    let body = serde_json::json!({
        "by": WHO,
        "operation": "sheet.import",
        "sheet": kind.sheet.name,
        "completed": completed,
        "rows": work.progress.counts(),
    });
    let subject = work.subject.clone();
    work.store.write_blocking(work.tenant, move |tx| tx.event("admin", &subject, &body))?;
    Ok(())
}
