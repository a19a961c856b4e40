//! The look at a workbook before the reading library sees it: every part is inflated once, into nothing, under the limits; XML parts
//! are walked token by token. After it, what the library will hold in memory is bounded.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::error::SheetError;
use crate::limits;

/// What the look found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Rows of all worksheets.
    pub(crate) rows: u64,
}

/// Looks through a workbook.
pub(crate) fn workbook(file: File) -> Result<Found, SheetError> {
    let damaged = |error: zip::result::ZipError| SheetError::Damaged(error.to_string());
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    if archive.len() > limits::PARTS {
        return Err(SheetError::TooLarge("部件数", format!("more than {} parts", limits::PARTS)));
    }
    let mut found = Found::default();
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        if part.encrypted() {
            return Err(SheetError::OldFormat);
        }
        let name = part.name().map_err(damaged)?.to_ascii_lowercase();
        let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
        let limit = match () {
            () if !is_xml => limits::BLOB_BYTES,
            () if name.ends_with("sharedstrings.xml") => limits::SHARED_BYTES,
            () if name.contains("worksheets/") && name.ends_with(".xml") => limits::SHEET_BYTES,
            () => limits::PART_BYTES,
        };
        let spent = Rc::new(Cell::new(Spent { part: limit.min(limits::TOTAL_BYTES - total), token: usize::MAX }));
        let mut metered = Metered { inner: BufReader::new(part), spent: Rc::clone(&spent) };
        if is_xml {
            found.rows += walk(metered, &spent)?;
        } else {
            io::copy(&mut metered, &mut io::sink()).map_err(tell)?;
        }
        total += limit.min(limits::TOTAL_BYTES - total) - spent.get().part;
    }
    Ok(found)
}

/// Walks an XML part; how many rows it has.
fn walk(metered: Metered<impl Read>, spent: &Rc<Cell<Spent>>) -> Result<u64, SheetError> {
    let mut reader = Reader::from_reader(metered);
    let mut buffer = Vec::new();
    let (mut depth, mut rows, mut texts) = (0_usize, 0, 0_u64);
    loop {
        buffer.clear();
        spent.set(Spent { token: limits::TOKEN_BYTES, ..spent.get() });
        let event = reader.read_event_into(&mut buffer).map_err(|error| match error {
            quick_xml::Error::Io(error) => tell(io::Error::new(error.kind(), error.to_string())),
            other => SheetError::Damaged(other.to_string()),
        })?;
        match event {
            Event::Start(element) => {
                depth += 1;
                if depth > limits::XML_DEPTH {
                    return Err(SheetError::TooLarge("XML 层级", format!("deeper than {}", limits::XML_DEPTH)));
                }
                match element.local_name().as_ref() {
                    "row" => rows += 1,
                    "si" => texts += 1,
                    // The library makes room for as many texts as the part claims to have.
                    "sst" => claimed(&element)?,
                    _ => {}
                }
            }
            Event::Empty(element) => match element.local_name().as_ref() {
                "si" => texts += 1,
                "sst" => claimed(&element)?,
                _ => {}
            },
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::DocType(_) => return Err(SheetError::Damaged("a document type is not read".into())),
            Event::Eof => return Ok(rows),
            _ => {}
        }
        if texts > limits::SHARED_TEXTS {
            return Err(too_many_texts());
        }
    }
}

fn claimed(element: &quick_xml::events::BytesStart<'_>) -> Result<(), SheetError> {
    for attribute in element.attributes().with_checks(false).flatten() {
        let value: &str = attribute.value.as_ref();
        if value.trim().parse::<u64>().is_ok_and(|claimed| claimed > 2 * limits::SHARED_TEXTS) {
            return Err(too_many_texts());
        }
    }
    Ok(())
}

fn too_many_texts() -> SheetError {
    SheetError::TooLarge(
        "共享文本数",
        format!("more than {} shared texts; save it as CSV or split it", limits::SHARED_TEXTS),
    )
}

fn tell(error: io::Error) -> SheetError {
    match error.kind() {
        io::ErrorKind::FileTooLarge => SheetError::TooLarge("解压后大小", error.to_string()),
        _ => SheetError::Damaged(error.to_string()),
    }
}

/// What may still be read: of the part, and for one token.
#[derive(Clone, Copy)]
pub(crate) struct Spent {
    pub(crate) part: u64,
    pub(crate) token: usize,
}

/// A reader that stops where the allowance ends.
pub(crate) struct Metered<R> {
    pub(crate) inner: BufReader<R>,
    pub(crate) spent: Rc<Cell<Spent>>,
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let Spent { part, token } = self.spent.get();
        let buffer = self.inner.fill_buf()?;
        if !buffer.is_empty() && (part == 0 || token == 0) {
            let what = if part == 0 { "the part is larger than allowed" } else { "one token is larger than allowed" };
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        let end = buffer.len().min(token).min(usize::try_from(part).unwrap_or(usize::MAX));
        Ok(buffer.get(..end).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        let Spent { part, token } = self.spent.get();
        self.spent.set(Spent { part: part.saturating_sub(amount as u64), token: token.saturating_sub(amount) });
        self.inner.consume(amount);
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let amount = self.fill_buf()?.read(out)?;
        self.consume(amount);
        Ok(amount)
    }
}
