//! The copy of a caller's sheet that goes back: every row as it came, a column 错误信息, rows with errors coloured.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Color, Format, Workbook, Worksheet};

use super::looks_like_formula;
use super::xlsx::{serial, workbook};
use crate::cell::clip;
use crate::error::SheetError;
use crate::layout::{ERRORS, Layout};
use crate::limits;
use crate::raw::{Raw, Row};

/// The copy under way. Rows come in the order of the sheet.
pub struct Marked {
    path: PathBuf,
    title: &'static str,
    header: Row,
    errors: usize,
    workbook: Workbook,
    good: Looks,
    bad: Looks,
    told: Format,
    sheets: u32,
    next: u32,
    wrong: u64,
}

/// The formats of a row.
struct Looks {
    plain: Format,
    text: Format,
    quoted: Format,
    time: Format,
}

impl Looks {
    fn of(plain: Format) -> Self {
        let text = plain.clone().set_num_format("@");
        Self {
            quoted: text.clone().set_quote_prefix(),
            text,
            time: plain.clone().set_num_format("yyyy-mm-dd hh:mm:ss"),
            plain,
        }
    }
}

impl Marked {
    /// Begins the copy with the caller's header row.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path, title: &'static str, header: &Row, layout: &Layout) -> Result<Self, SheetError> {
        let mut marked = Self {
            path: path.to_owned(),
            title,
            header: header.clone(),
            errors: layout.errors(),
            workbook: workbook(path)?,
            good: Looks::of(Format::new()),
            bad: Looks::of(Format::new().set_background_color(Color::RGB(0x00FF_C7CE))),
            told: Format::new().set_background_color(Color::RGB(0x00FF_C7CE)).set_font_color(Color::RGB(0x009C_0006)),
            sheets: 0,
            next: 0,
            wrong: 0,
        };
        marked.begin()?;
        Ok(marked)
    }

    fn begin(&mut self) -> Result<(), SheetError> {
        if self.sheets == limits::SHEETS {
            return Err(SheetError::TooLarge("行数", format!("more than {} full sheets", limits::SHEETS)));
        }
        self.sheets += 1;
        let title = match self.sheets {
            1 => self.title.to_owned(),
            number => format!("{} {number}", self.title),
        };
        let bold = Format::new().set_bold();
        let worksheet = self.workbook.add_worksheet_with_constant_memory()?;
        worksheet.set_name(title)?;
        worksheet.set_freeze_panes(1, 0)?;
        for (column, cell) in (0u16..).zip(&self.header.cells) {
            worksheet.set_column_width(column, 16)?;
            if usize::from(column) != self.errors
                && let Raw::Text(text) = cell
            {
                worksheet.write_string_with_format(0, column, clip(text), &bold)?;
            }
        }
        let errors = column(self.errors);
        worksheet.set_column_width(errors, 48)?;
        worksheet.write_string_with_format(0, errors, ERRORS, &bold.set_font_color(Color::RGB(0x00C0_0000)))?;
        self.next = 1;
        Ok(())
    }

    /// Adds a row of the caller's, with what is wrong with it.
    ///
    /// # Errors
    /// The disk is full.
    pub fn row(&mut self, row: &Row, error: Option<&str>) -> Result<(), SheetError> {
        // The rows stand where they stood, so that both sheets can be read side by side; blank ones stay blank.
        let before = row.number.saturating_sub(1);
        while self.sheets <= before / limits::SHEET_ROWS {
            self.begin()?;
        }
        let mut at = (before % limits::SHEET_ROWS).max(self.next);
        if at >= limits::SHEET_ROWS {
            self.begin()?;
            at = 1;
        }
        let looks = if error.is_some() { &self.bad } else { &self.good };
        let worksheet = self.workbook.worksheet_from_index(self.sheets as usize - 1)?;
        for (place, cell) in row.cells.iter().enumerate().filter(|(place, _)| *place != self.errors) {
            copy(worksheet, at, column(place), cell, looks, error.is_some())?;
        }
        if let Some(error) = error {
            self.wrong += 1;
            worksheet.write_string_with_format(at, column(self.errors), clip(error), &self.told)?;
        }
        self.next = at + 1;
        Ok(())
    }

    /// How many rows were marked.
    pub fn wrong(&self) -> u64 {
        self.wrong
    }

    /// Completes the file; without any error nothing is written, and there is nothing to send back.
    ///
    /// # Errors
    /// The disk is full.
    pub fn finish(mut self) -> Result<(), SheetError> {
        if self.wrong > 0 {
            self.workbook.save(&self.path)?;
        }
        Ok(())
    }
}

/// No sheet has more columns than the limit, which fits.
fn column(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

fn copy(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Raw,
    looks: &Looks,
    coloured: bool,
) -> Result<(), SheetError> {
    match cell {
        Raw::Empty if !coloured => {}
        Raw::Empty => {
            worksheet.write_blank(row, column, &looks.plain)?;
        }
        Raw::Text(text) => {
            let format = if looks_like_formula(text) { &looks.quoted } else { &looks.text };
            worksheet.write_string_with_format(row, column, clip(text), format)?;
        }
        Raw::Number(number) => {
            worksheet.write_number_with_format(row, column, *number, &looks.plain)?;
        }
        Raw::Time(moment) => {
            worksheet.write_number_with_format(row, column, serial(*moment), &looks.time)?;
        }
        Raw::Flag(flag) => {
            worksheet.write_boolean_with_format(row, column, *flag, &looks.plain)?;
        }
        Raw::Error(code) => {
            worksheet.write_string_with_format(row, column, code, &looks.text)?;
        }
    }
    Ok(())
}
