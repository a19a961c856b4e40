//! Workbooks in constant memory: a finished row goes to a temporary file beside the result.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet};
use units::{Moment, Money};

use super::looks_like_formula;
use crate::cell::{Value, clip};
use crate::column::{Column, Kind, Sheet, Way};
use crate::error::SheetError;
use crate::limits;

/// Beyond this a number of Excel is not exact any more; it is written as text.
const EXACT: i64 = 999_999_999_999_999;

pub(super) struct Formats {
    pub(super) header: Format,
    pub(super) required: Format,
    pub(super) passive: Format,
    pub(super) decimal: Format,
    pub(super) time: Format,
    pub(super) text: Format,
    /// Text that must stay text also when somebody edits the cell.
    pub(super) quoted: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let header =
            Format::new().set_bold().set_align(FormatAlign::Center).set_background_color(Color::RGB(0x00DD_EBF7));
        Self {
            required: header.clone().set_font_color(Color::RGB(0x00C0_0000)),
            passive: header.clone().set_font_color(Color::RGB(0x0080_8080)),
            header,
            decimal: Format::new().set_num_format("0.00##"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            text: Format::new().set_num_format("@"),
            quoted: Format::new().set_num_format("@").set_quote_prefix(),
        }
    }
}

/// A workbook of one sheet kind; begins another worksheet when one is full.
pub(super) struct Book {
    path: PathBuf,
    sheet: Sheet,
    workbook: Workbook,
    formats: Formats,
    sheets: u32,
    next: u32,
}

impl Book {
    pub(super) fn create(path: &Path, sheet: Sheet) -> Result<Self, SheetError> {
        let mut book = Self {
            path: path.to_owned(),
            sheet,
            workbook: workbook(path)?,
            formats: Formats::new(),
            sheets: 0,
            next: 0,
        };
        book.begin()?;
        Ok(book)
    }

    fn begin(&mut self) -> Result<(), SheetError> {
        if self.sheets == limits::SHEETS {
            return Err(SheetError::TooLarge("行数", format!("more than {} full sheets", limits::SHEETS)));
        }
        self.sheets += 1;
        let title = match self.sheets {
            1 => self.sheet.title.to_owned(),
            number => format!("{} {number}", self.sheet.title),
        };
        let worksheet = self.workbook.add_worksheet_with_constant_memory()?;
        worksheet.set_name(title)?;
        header(worksheet, self.sheet.columns, &self.formats)?;
        self.next = 1;
        Ok(())
    }

    pub(super) fn row(&mut self, values: &[Value]) -> Result<(), SheetError> {
        if self.next == limits::SHEET_ROWS {
            self.begin()?;
        }
        let worksheet = self.workbook.worksheet_from_index(self.sheets as usize - 1)?;
        for (column, value) in (0u16..).zip(values) {
            put(worksheet, self.next, column, value, &self.formats)?;
        }
        self.next += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), SheetError> {
        Ok(self.workbook.save(&self.path)?)
    }
}

/// A workbook whose pieces lie beside its file until it is saved.
pub(super) fn workbook(path: &Path) -> Result<Workbook, SheetError> {
    let mut workbook = Workbook::new();
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        workbook.set_tempdir(folder)?;
    }
    Ok(workbook)
}

/// The header row: required columns red, columns that an import passes over grey.
pub(super) fn header(worksheet: &mut Worksheet, columns: &[Column], formats: &Formats) -> Result<(), SheetError> {
    worksheet.set_freeze_panes(1, 0)?;
    for (number, column) in (0u16..).zip(columns) {
        let width = match column.kind {
            Kind::Time => 20,
            Kind::Text(max) if max > 100 => 32,
            Kind::Text(_) => 18,
            _ => 12,
        };
        worksheet.set_column_width(number, width)?;
        let format = match column {
            column if column.way == Way::Out => &formats.passive,
            column if column.required => &formats.required,
            _ => &formats.header,
        };
        worksheet.write_string_with_format(0, number, column.header, format)?;
    }
    Ok(())
}

/// One cell. Text is always text: nothing that comes from a buyer or a mall becomes a formula.
pub(super) fn put(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value,
    formats: &Formats,
) -> Result<(), SheetError> {
    match value {
        Value::Blank => {}
        Value::Text(text) => {
            let format = if looks_like_formula(text) { &formats.quoted } else { &formats.text };
            worksheet.write_string_with_format(row, column, clip(text), format)?;
        }
        Value::Whole(number) if number.abs() <= EXACT => {
            worksheet.write_number(row, column, *number as f64)?;
        }
        Value::Whole(number) => {
            worksheet.write_string(row, column, number.to_string())?;
        }
        Value::Decimal(raw) if raw.abs() <= EXACT => {
            worksheet.write_number_with_format(row, column, *raw as f64 / 10_000.0, &formats.decimal)?;
        }
        Value::Decimal(raw) => {
            worksheet.write_string(row, column, Money::from_raw(*raw).to_string())?;
        }
        Value::Time(moment) => {
            worksheet.write_number_with_format(row, column, serial(*moment), &formats.time)?;
        }
    }
    Ok(())
}

/// Days since the day before 1900 began, as Excel counts them, at Beijing's clock.
pub(super) fn serial(moment: Moment) -> f64 {
    (moment.unix() + 8 * 3600) as f64 / 86_400.0 + 25_569.0
}
