//! A row as the file has it, before any declaration is applied.

use units::Moment;

/// What a cell of a file holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Raw {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A number of a workbook; a CSV file has only texts.
    Number(f64),
    /// A date of a workbook, read as Beijing time, which is what everybody here means.
    Time(Moment),
    /// TRUE or FALSE.
    Flag(bool),
    /// `#N/A`, `#REF!` and the like.
    Error(String),
}

impl Raw {
    /// Whether nobody wrote anything into the cell.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Its number in the sheet, from 1 as Excel shows it.
    pub number: u32,
    /// Its cells from column A on; blank ones at the end may be missing.
    pub cells: Vec<Raw>,
}

impl Row {
    /// The cell in a column, counted from 0.
    pub fn cell(&self, column: usize) -> &Raw {
        self.cells.get(column).unwrap_or(&Raw::Empty)
    }

    /// Whether all cells are blank.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Raw::is_blank)
    }
}
