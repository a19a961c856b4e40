//! The index of a finished segment: its rows in the order of writing, then two sorted tables, hash of the request id and hash of the
//! business number, each with the row. A look-up reads some twenty places of a table, whatever the segment holds.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::row::{ROW, Row, word};
use super::segment::read_at;

const MAGIC: &[u8; 8] = b"matoucx1";
const HEAD: usize = 24;
const PAIR: usize = 8;

/// An index on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) rows: u32,
    numbers: u32,
    /// Unix seconds of the first and the last record.
    pub(super) span: (u32, u32),
}

/// Writes the index, whole or not at all.
pub(super) fn write(path: &Path, rows: &[Row]) -> io::Result<Index> {
    let pairs = |pick: fn(&Row) -> u32| {
        let pairs = rows.iter().zip(0_u32..).filter(|(row, _)| pick(row) != 0);
        let mut pairs: Vec<(u32, u32)> = pairs.map(|(row, at)| (pick(row), at)).collect();
        pairs.sort_unstable();
        pairs
    };
    let numbers = pairs(|row| row.number);
    // A gap has no id, but keeps its place, so that the table has as many pairs as there are rows.
    let mut ids: Vec<(u32, u32)> = rows.iter().zip(0_u32..).map(|(row, at)| (row.id, at)).collect();
    ids.sort_unstable();
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let seconds = || rows.iter().map(|row| row.seconds);
    let index = Index {
        rows: count(rows.len()),
        numbers: count(numbers.len()),
        span: (seconds().min().unwrap_or(0), seconds().max().unwrap_or(0)),
    };
    let part = path.with_extension("part");
    let mut out = io::BufWriter::new(File::create(&part)?);
    out.write_all(MAGIC)?;
    for word in [index.rows, index.numbers, index.span.0, index.span.1] {
        out.write_all(&word.to_le_bytes())?;
    }
    for row in rows {
        out.write_all(&row.to_bytes())?;
    }
    for (hash, at) in ids.iter().chain(&numbers) {
        out.write_all(&hash.to_le_bytes())?;
        out.write_all(&at.to_le_bytes())?;
    }
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_data()?;
    std::fs::rename(&part, path)?;
    Ok(index)
}

impl Index {
    /// The index in this file; `None` when it is none or not whole.
    pub(super) fn of(file: &File) -> io::Result<Option<Self>> {
        let mut head = [0; HEAD];
        if read_at(file, &mut head, 0)? < HEAD {
            return Ok(None);
        }
        let Some(rest) = head.strip_prefix(MAGIC) else { return Ok(None) };
        let mut words = rest.chunks_exact(4).map(word);
        let mut next = || words.next().unwrap_or(0);
        let index = Self { rows: next(), numbers: next(), span: (next(), next()) };
        let whole = index.ids_at() + (u64::from(index.rows) + u64::from(index.numbers)) * PAIR as u64;
        Ok((file.metadata()?.len() == whole).then_some(index))
    }

    fn ids_at(&self) -> u64 {
        (HEAD + ROW * self.rows as usize) as u64
    }

    /// Rows `from..until`.
    pub(super) fn rows(&self, file: &File, from: u32, until: u32) -> io::Result<Vec<Row>> {
        let count = until.min(self.rows).saturating_sub(from) as usize;
        let mut bytes = vec![0; count * ROW];
        let read = read_at(file, &mut bytes, (HEAD + ROW * from as usize) as u64)?;
        bytes.truncate(read);
        Ok(bytes.chunks_exact(ROW).map(Row::from_bytes).collect())
    }

    /// Rows whose request id has this hash, in order.
    pub(super) fn of_id(&self, file: &File, hash: u32) -> io::Result<Vec<u32>> {
        lookup(file, self.ids_at(), self.rows, hash)
    }

    /// Rows whose business number has this hash, in order.
    pub(super) fn of_number(&self, file: &File, hash: u32) -> io::Result<Vec<u32>> {
        lookup(file, self.ids_at() + u64::from(self.rows) * PAIR as u64, self.numbers, hash)
    }
}

fn lookup(file: &File, table: u64, count: u32, hash: u32) -> io::Result<Vec<u32>> {
    let pair = |at: u32| -> io::Result<(u32, u32)> {
        let mut bytes = [0; PAIR];
        read_at(file, &mut bytes, table + u64::from(at) * PAIR as u64)?;
        let (hash, row) = bytes.split_at(4);
        Ok((word(hash), word(row)))
    };
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if pair(middle)?.0 < hash { low = middle + 1 } else { high = middle }
    }
    let mut found = Vec::new();
    while low < count {
        let (there, row) = pair(low)?;
        if there != hash {
            break;
        }
        found.push(row);
        low += 1;
    }
    Ok(found)
}
