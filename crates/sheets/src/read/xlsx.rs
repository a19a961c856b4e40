//! Workbooks, cell by cell.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx};
use units::Moment;

use crate::error::SheetError;
use crate::limits;
use crate::raw::{Raw, Row};

pub(super) fn each<E: From<SheetError>>(
    path: &Path,
    title: &str,
    take: &mut dyn FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    let file = BufReader::new(File::open(path).map_err(SheetError::from)?);
    let mut workbook = Xlsx::new(file).map_err(SheetError::from)?;
    let names = workbook.sheet_names();
    let continues = |name: &str| {
        name.strip_prefix(title).is_some_and(|rest| {
            rest.is_empty() || rest.strip_prefix(' ').is_some_and(|number| number.parse::<u32>().is_ok_and(|n| n > 1))
        })
    };
    let mut chosen: Vec<&String> = names.iter().filter(|name| continues(name)).collect();
    if chosen.is_empty() {
        chosen.extend(names.first());
    }
    for (index, name) in chosen.into_iter().enumerate() {
        // The header of a sheet that continues another is not a row.
        let mut skip = index > 0;
        let offset = u32::try_from(index).unwrap_or(u32::MAX).saturating_mul(limits::SHEET_ROWS);
        sheet(&mut workbook, name, &mut |mut row| {
            if std::mem::take(&mut skip) {
                return Ok(());
            }
            row.number = row.number.saturating_add(offset);
            take(row)
        })?;
    }
    Ok(())
}

fn sheet<E: From<SheetError>>(
    workbook: &mut Xlsx<BufReader<File>>,
    name: &str,
    take: &mut dyn FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(SheetError::from)?;
    let mut row = Row::default();
    while let Some(cell) = cells.next_cell().map_err(SheetError::from)? {
        let (number, column) = cell.get_position();
        let number = number.saturating_add(1);
        if number < row.number || number > limits::SHEET_ROWS {
            return Err(SheetError::Damaged(format!("row {number} is out of place")).into());
        }
        if number > row.number {
            hand_over(&mut row, take)?;
            row.number = number;
        }
        let raw = raw(cell.get_value())?;
        if raw == Raw::Empty {
            continue;
        }
        let column = column as usize;
        if column >= limits::COLUMNS {
            return Err(SheetError::columns().into());
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Raw::Empty);
        }
        if let Some(place) = row.cells.get_mut(column) {
            *place = raw;
        }
    }
    hand_over(&mut row, take)
}

fn hand_over<E>(row: &mut Row, take: &mut dyn FnMut(Row) -> Result<(), E>) -> Result<(), E> {
    let full = Row { number: row.number, cells: std::mem::take(&mut row.cells) };
    if full.is_blank() { Ok(()) } else { take(full) }
}

fn raw(value: &DataRef<'_>) -> Result<Raw, SheetError> {
    Ok(match value {
        DataRef::Empty => Raw::Empty,
        DataRef::Int(number) => Raw::Number(*number as f64),
        DataRef::Float(number) => Raw::Number(*number),
        DataRef::String(text) => long_enough(text)?,
        DataRef::SharedString(text) => long_enough(text)?,
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Raw::Text(text.clone()),
        DataRef::Bool(flag) => Raw::Flag(*flag),
        DataRef::Error(error) => Raw::Error(error.to_string()),
        DataRef::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
            let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
            // 1900-02-29 exists in Excel only.
            Moment::parse(&text).map_or(Raw::Text(text), |moment| Raw::Time(moment.plus(i64::from(milli >= 500))))
        }
        DataRef::DateTime(time) => Raw::Number(time.as_f64()),
    })
}

fn long_enough(text: &str) -> Result<Raw, SheetError> {
    if text.len() > 4 * limits::CELL_CHARS {
        return Err(SheetError::TooLarge("单元格", format!("a cell over {} characters", limits::CELL_CHARS)));
    }
    Ok(Raw::Text(text.to_owned()))
}
