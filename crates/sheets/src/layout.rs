//! Where the declared columns stand in a caller's sheet: found by header, in any order, among columns of the caller's own.

use crate::column::Sheet;
use crate::declare::{Cells, Record, key_of};
use crate::error::SheetError;
use crate::limits;
use crate::raw::{Raw, Row};

/// The header of the column in which errors are told.
pub(crate) const ERRORS: &str = "错误信息";

/// The places of the declared columns.
#[derive(Debug)]
pub struct Layout {
    sheet: Sheet,
    places: Vec<Option<usize>>,
    errors: usize,
}

impl Layout {
    /// Reads the header row.
    ///
    /// # Errors
    /// A required column is missing, or a header occurs twice.
    pub fn of(sheet: Sheet, header: &Row) -> Result<Self, SheetError> {
        let names: Vec<String> = header.cells.iter().map(name).collect();
        let mut places = Vec::with_capacity(sheet.columns.len());
        let mut missing = Vec::new();
        for column in sheet.columns {
            let mut found = names.iter().enumerate().filter(|(_, name)| column.is_called(name));
            let place = found.next().map(|(place, _)| place);
            if found.next().is_some() && column.comes_in() {
                return Err(SheetError::RepeatedColumn(column.header.into()));
            }
            if place.is_none() && column.required && column.comes_in() {
                missing.push(column.header);
            }
            places.push(place);
        }
        if !missing.is_empty() {
            return Err(SheetError::MissingColumns(missing.join("、")));
        }
        let last = names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        let errors = names.iter().position(|name| name == ERRORS).unwrap_or(last);
        if last > limits::COLUMNS {
            return Err(SheetError::columns());
        }
        Ok(Self { sheet, places, errors })
    }

    /// The place of a declared column.
    pub(crate) fn place(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten()
    }

    /// The place of the column in which errors are told: the one that is there, else the one after the last.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// Which document a row belongs to; `None` when the key is blank or cannot be read.
    pub fn key(&self, row: &Row) -> Option<String> {
        key_of(self, &self.sheet, row)
    }

    /// Reads a row; `first` is the first row of the same document, `None` when this is it.
    ///
    /// # Errors
    /// All that is wrong with the row, as the caller reads it in the returned sheet.
    pub fn record<R: Record>(&self, row: &Row, first: Option<&R>) -> Result<R, String> {
        let columns = self.sheet.columns;
        let mut cells = Cells { columns, layout: self, row, first: first.is_none(), next: 0, errors: Vec::new() };
        let record = R::take(&mut cells);
        let mut errors = cells.errors;
        if let Some(first) = first {
            for header in record.contradicts(first).into_iter().take(limits::ERRORS) {
                errors.push(format!("【{header}】与同一单据的首行不一致"));
            }
        }
        if errors.is_empty() { Ok(record) } else { Err(errors.join(";")) }
    }
}

/// A header as it is compared: without the mark of required columns.
fn name(cell: &Raw) -> String {
    match cell {
        Raw::Text(text) => text.trim().trim_start_matches(['*', '＊']).trim_end_matches(['*', '＊']).trim().to_owned(),
        _ => String::new(),
    }
}
