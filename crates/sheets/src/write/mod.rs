//! Writing: exports, templates, and the copy of a caller's sheet with its errors marked. Rows go to the disk as they come.

mod csv;
mod marked;
mod template;
mod xlsx;

use std::path::Path;

pub use marked::Marked;
pub use template::template;

use crate::cell::Value;
use crate::column::Sheet;
use crate::declare::{Out, Record};
use crate::error::SheetError;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A workbook.
    Xlsx,
    /// UTF-8 with a mark, which Excel opens as it should.
    Csv,
}

impl Format {
    /// By name, which is also the file's extension.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "xlsx" => Some(Self::Xlsx),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// The extension.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// The media type.
    pub fn media(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// What hides a personal text.
pub type Mask = fn(&str) -> String;

/// An export under way.
pub struct Writer {
    sheet: Sheet,
    mask: Option<Mask>,
    book: Book,
    values: Vec<Value>,
}

enum Book {
    Xlsx(Box<xlsx::Book>),
    Csv(Box<csv::Book>),
}

impl Writer {
    /// Begins a file. `mask` hides personal fields; `None` shows them. Pieces on the way to a workbook lie beside the file.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path, format: Format, sheet: Sheet, mask: Option<Mask>) -> Result<Self, SheetError> {
        let book = match format {
            Format::Xlsx => Book::Xlsx(Box::new(xlsx::Book::create(path, sheet)?)),
            Format::Csv => Book::Csv(Box::new(csv::Book::create(path, sheet)?)),
        };
        Ok(Self { sheet, mask, book, values: Vec::with_capacity(sheet.columns.len()) })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The disk is full, or there are more rows than sheets can hold.
    pub fn put<R: Record>(&mut self, record: &R) -> Result<(), SheetError> {
        self.values.clear();
        let mask = self.mask.as_ref().map(|mask| mask as &dyn Fn(&str) -> String);
        record.give(&mut Out { columns: self.sheet.columns, next: 0, mask, values: &mut self.values });
        match &mut self.book {
            Book::Xlsx(book) => book.row(&self.values),
            Book::Csv(book) => book.row(&self.values),
        }
    }

    /// Completes the file.
    ///
    /// # Errors
    /// The disk is full.
    pub fn finish(self) -> Result<(), SheetError> {
        match self.book {
            Book::Xlsx(book) => book.finish(),
            Book::Csv(book) => book.finish(),
        }
    }
}

/// What a spreadsheet program would take for a formula.
pub(crate) fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Whether a CSV cell must be, or was, guarded by an apostrophe.
pub(crate) fn is_guarded(text: &str) -> bool {
    text.starts_with('\'') && looks_like_formula(text.trim_start_matches('\''))
}
