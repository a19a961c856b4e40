//! CSV for Excel: UTF-8 with a mark. A text that a spreadsheet would run as a formula gets an apostrophe in front.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use units::Money;

use super::{is_guarded, looks_like_formula};
use crate::cell::{Value, clip};
use crate::column::Sheet;
use crate::error::SheetError;

pub(super) struct Book {
    writer: csv::Writer<BufWriter<File>>,
}

impl Book {
    pub(super) fn create(path: &Path, sheet: Sheet) -> Result<Self, SheetError> {
        let mut file = BufWriter::new(File::create(path)?);
        file.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
        writer.write_record(sheet.columns.iter().map(|column| column.header))?;
        Ok(Self { writer })
    }

    pub(super) fn row(&mut self, values: &[Value]) -> Result<(), SheetError> {
        for value in values {
            self.writer.write_field(shown(value))?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), SheetError> {
        let mut file = self.writer.into_inner().map_err(|error| error.into_error())?;
        file.flush()?;
        Ok(())
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Blank => String::new(),
        Value::Text(text) if looks_like_formula(text) || is_guarded(text) => format!("'{}", clip(text)),
        Value::Text(text) => clip(text).to_owned(),
        Value::Whole(number) => number.to_string(),
        Value::Decimal(raw) => Money::from_raw(*raw).to_string(),
        Value::Time(moment) => moment.to_string(),
    }
}
