//! CSV as Excel makes it in China: UTF-8 with a mark, or GBK without one.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use encoding_rs::{Decoder, Encoding, GB18030, UTF_8};

use crate::check::{Metered, Spent};
use crate::error::SheetError;
use crate::limits;
use crate::raw::{Raw, Row};

const PIECE: usize = 64 * 1024;

/// Finds the encoding, and counts lines. What is not UTF-8 throughout is GB18030, of which GBK is a part.
pub(super) fn look(path: &Path) -> Result<(&'static Encoding, u64), SheetError> {
    let mut file = BufReader::with_capacity(PIECE, File::open(path)?);
    let mut decoder = UTF_8.new_decoder_without_bom_handling();
    let (mut lines, mut is_utf8, mut last) = (0, true, b'\n');
    let mut piece = vec![0; PIECE];
    let mut text = vec![0; PIECE * 3];
    loop {
        let read = file.read(&mut piece)?;
        let bytes = piece.get(..read).unwrap_or_default();
        if bytes.contains(&0) {
            return Err(SheetError::Damaged("neither a workbook nor text".into()));
        }
        lines += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        last = bytes.last().copied().unwrap_or(last);
        if is_utf8 {
            let (.., broken) = decoder.decode_to_utf8(bytes, &mut text, read == 0);
            is_utf8 = !broken;
        }
        if read == 0 {
            let rows = lines + u64::from(last != b'\n');
            return Ok((if is_utf8 { UTF_8 } else { GB18030 }, rows));
        }
    }
}

/// Hands over the rows.
pub(super) fn each<E: From<SheetError>>(
    path: &Path,
    encoding: &'static Encoding,
    take: &mut dyn FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    let allowance = Spent { part: u64::MAX, token: 2 * limits::TOKEN_BYTES };
    let spent = Rc::new(Cell::new(allowance));
    let decoded = Decoded {
        file: File::open(path).map_err(SheetError::from)?,
        decoder: encoding.new_decoder_with_bom_removal(),
        bytes: vec![0; PIECE],
        text: vec![0; PIECE * 3],
        ready: 0..0,
        ended: false,
    };
    let metered = Metered { inner: BufReader::with_capacity(PIECE, decoded), spent: Rc::clone(&spent) };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(metered);
    let mut record = csv::StringRecord::new();
    let mut number = 0;
    while reader.read_record(&mut record).map_err(tell)? {
        // The reader reads ahead by its buffer, which is much smaller than the allowance of a record.
        spent.set(allowance);
        number += 1;
        if number > limits::CSV_ROWS {
            let text = format!("more than {} rows", limits::CSV_ROWS);
            return Err(SheetError::TooLarge("行数", text).into());
        }
        if record.len() > limits::COLUMNS {
            return Err(SheetError::columns().into());
        }
        let row = Row { number, cells: record.iter().map(cell).collect() };
        if !row.is_blank() {
            take(row)?;
        }
    }
    Ok(())
}

fn tell(error: csv::Error) -> SheetError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            SheetError::TooLarge("单行大小", "a row is larger than allowed; is a quotation mark missing?".into())
        }
        csv::ErrorKind::Io(error) => error.into(),
        other => SheetError::Damaged(format!("{other:?}")),
    }
}

/// Takes back the apostrophe that the writer sets before what a spreadsheet would run as a formula.
fn cell(text: &str) -> Raw {
    match text {
        "" => Raw::Empty,
        text if crate::write::is_guarded(text) => Raw::Text(text.get(1..).unwrap_or_default().to_owned()),
        // How people keep long numbers whole in a CSV file: ="0123".
        text => match text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
            Some(inner) if !inner.contains('"') => Raw::Text(inner.to_owned()),
            _ => Raw::Text(text.to_owned()),
        },
    }
}

/// A file as UTF-8.
struct Decoded {
    file: File,
    decoder: Decoder,
    bytes: Vec<u8>,
    text: Vec<u8>,
    ready: std::ops::Range<usize>,
    ended: bool,
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.ended {
            let read = self.file.read(&mut self.bytes)?;
            self.ended = read == 0;
            // The room for the text is three times that for the bytes, so a piece is always decoded whole.
            let bytes = self.bytes.get(..read).unwrap_or_default();
            let (_, _, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.text, self.ended);
            self.ready = 0..written;
        }
        let amount = self.ready.len().min(out.len());
        let (start, end) = (self.ready.start, self.ready.start + amount);
        if let (Some(from), Some(to)) = (self.text.get(start..end), out.get_mut(..amount)) {
            to.copy_from_slice(from);
        }
        self.ready.start = end;
        Ok(amount)
    }
}
