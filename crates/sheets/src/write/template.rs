//! The template that people fill in: the columns that an import reads, and a second sheet that explains them.

use std::path::Path;

use rust_xlsxwriter::Format;

use super::xlsx::{Formats, header, workbook};
use crate::column::{Column, Kind, Sheet};
use crate::document::describe_kind;
use crate::error::SheetError;

/// Writes the template of a sheet kind.
///
/// # Errors
/// The file cannot be written.
pub fn template(path: &Path, sheet: Sheet) -> Result<(), SheetError> {
    let mut book = workbook(path)?;
    let formats = Formats::new();
    let columns: Vec<Column> = sheet.columns.iter().copied().filter(Column::comes_in).collect();
    let worksheet = book.add_worksheet();
    worksheet.set_name(sheet.title)?;
    for (number, column) in (0u16..).zip(&columns) {
        // Long numbers stay what they are only in columns of text.
        if matches!(column.kind, Kind::Text(_)) {
            worksheet.set_column_format(number, &formats.text)?;
        }
    }
    header(worksheet, &columns, &formats)?;
    let notes = book.add_worksheet();
    notes.set_name("说明")?;
    for (number, (title, width)) in
        (0u16..).zip([("列名", 16), ("必填", 8), ("类型", 28), ("示例", 22), ("说明", 44), ("Explanation", 60)])
    {
        notes.set_column_width(number, width)?;
        notes.write_string_with_format(0, number, title, &formats.header)?;
    }
    let wrapped = Format::new().set_text_wrap();
    for (row, column) in (1u32..).zip(&columns) {
        notes.write_string(row, 0, column.header)?;
        notes.write_string(row, 1, if column.required { "是" } else { "" })?;
        notes.write_string_with_format(row, 2, describe_kind(column.kind), &wrapped)?;
        notes.write_string(row, 3, column.example)?;
        notes.write_string_with_format(row, 4, column.chinese, &wrapped)?;
        notes.write_string_with_format(row, 5, column.english, &wrapped)?;
    }
    Ok(book.save(path)?)
}
