//! What happened, and how to tell it: to a person in a terminal, to a build server as JUnit XML.

mod junit;
mod terminal;

pub use junit::junit;
pub use terminal::terminal;

use crate::{Exchange, Place};

/// What happened to all cases.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// In the order played.
    pub outcomes: Vec<Outcome>,
}

impl Report {
    /// True when nothing failed.
    pub fn passed(&self) -> bool {
        self.failed() == 0
    }

    /// How many failed.
    pub fn failed(&self) -> usize {
        self.outcomes.iter().filter(|o| o.failure.is_some()).count()
    }
}

/// What happened to one case, or to one row of its examples.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Where the case is.
    pub at: Place,
    /// Its title.
    pub title: String,
    /// The row, when the case has examples.
    pub row: Option<String>,
    /// Steps carried out.
    pub steps: usize,
    /// Time it took on the runner's clock, seconds.
    pub seconds: i64,
    /// `None` = passed.
    pub failure: Option<Failure>,
}

impl Outcome {
    /// Title and row.
    pub fn name(&self) -> String {
        match &self.row {
            Some(row) => format!("{} [{row}]", self.title),
            None => self.title.clone(),
        }
    }
}

/// Why a case failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The steps that led there: `use` lines and the last `when`.
    pub trail: Vec<(Place, String)>,
    /// What did not hold.
    pub problems: Vec<Problem>,
    /// The messages of the last act.
    pub exchanges: Vec<Exchange>,
}

/// Something that did not hold or could not be done.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Where it is written.
    pub at: Place,
    /// The step or expectation as written.
    pub text: String,
    /// What was expected; `None` when the step could not be carried out.
    pub expected: Option<String>,
    /// What was there, or why the step could not be carried out.
    pub actual: String,
}

impl Problem {
    pub(crate) fn message(at: &Place, text: &str, message: String) -> Self {
        Self { at: at.clone(), text: text.to_owned(), expected: None, actual: message }
    }
}

/// At most `limit` characters, and how many more there were.
fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{} … and {} more characters", &text[..at], text[at..].chars().count()),
        None => text.to_owned(),
    }
}
