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
/// So many leading bits of a hash say in which share of a table it is sorted.
const SHARE_BITS: u32 = 4;

/// An index on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) rows: u32,
    numbers: u32,
    /// Unix seconds of the first and the last record.
    pub(super) span: (u32, u32),
}

/// Writes the index, whole or not at all. `rest` is called after each bit of work, some tenths of a millisecond: whoever answers calls on the
/// same core is not kept from it for longer.
pub(super) fn write<P: AsRef<[Row]>>(path: &Path, pieces: &[P], rest: impl Fn()) -> io::Result<Index> {
    let rows = || pieces.iter().flat_map(P::as_ref);
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let seconds = || rows().map(|row| row.seconds);
    let index = Index {
        rows: count(rows().count()),
        numbers: count(rows().filter(|row| row.number != 0).count()),
        span: (seconds().min().unwrap_or(0), seconds().max().unwrap_or(0)),
    };
    let part = path.with_extension("part");
    let mut out = io::BufWriter::new(File::create(&part)?);
    out.write_all(MAGIC)?;
    for word in [index.rows, index.numbers, index.span.0, index.span.1] {
        out.write_all(&word.to_le_bytes())?;
    }
    for piece in pieces {
        for row in piece.as_ref() {
            out.write_all(&row.to_bytes())?;
        }
        rest();
    }
    // A gap has no id, but keeps its place, so that the table has as many pairs as there are rows.
    sorted(&mut out, || rows().map(|row| row.id).zip(0..), &rest)?;
    sorted(&mut out, || rows().map(|row| row.number).zip(0..).filter(|(number, _)| *number != 0), &rest)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_data()?;
    std::fs::rename(&part, path)?;
    Ok(index)
}

/// Writes pairs of hash and row in order, a share of the hashes after the other.
fn sorted<I: Iterator<Item = (u32, u32)>>(
    out: &mut impl Write,
    pairs: impl Fn() -> I,
    rest: impl Fn(),
) -> io::Result<()> {
    for share in 0..1 << SHARE_BITS {
        let mut pairs: Vec<_> = pairs().filter(|(hash, _)| hash >> (u32::BITS - SHARE_BITS) == share).collect();
        pairs.sort_unstable();
        for (hash, row) in pairs {
            out.write_all(&hash.to_le_bytes())?;
            out.write_all(&row.to_le_bytes())?;
        }
        rest();
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn every_row_is_found_and_the_work_is_done_in_small_bits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.index");
        // Four rows share each hash, every hundredth has neither id nor number.
        let row = |at: u32| {
            let hash = if at.is_multiple_of(100) { 0 } else { (at / 4).wrapping_mul(0x9E37_79B9) | 1 };
            Row { offset: at, seconds: 1000 + at, id: hash, number: hash.rotate_left(7), ..Row::default() }
        };
        let rows: Vec<Row> = (0..10_000).map(row).collect();
        let pieces: Vec<&[Row]> = rows.chunks(4096).collect();
        let (rests, longest, written) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let rest = || {
            let length = std::fs::metadata(path.with_extension("part")).unwrap().len();
            longest.set(longest.get().max(length - written.replace(length)));
            rests.set(rests.get() + 1);
        };
        let index = write(&path, &pieces, rest).unwrap();
        assert_eq!((index.rows, index.numbers, index.span), (10_000, 9_900, (1000, 10_999)));
        assert_eq!(rests.get(), 3 + 2 * (1 << SHARE_BITS));
        assert!(longest.get() <= 4096 * ROW as u64, "{} bytes in one bit of work", longest.get());

        let file = File::open(&path).unwrap();
        assert_eq!(Index::of(&file).unwrap(), Some(index));
        assert_eq!(index.rows(&file, 0, 10_000).unwrap(), rows);
        for at in (0..10_000_u32).step_by(37).filter(|at| !at.is_multiple_of(100)) {
            let own = row(at);
            let same: Vec<u32> = (at / 4 * 4..at / 4 * 4 + 4).filter(|at| !at.is_multiple_of(100)).collect();
            assert_eq!(index.of_id(&file, own.id).unwrap(), same, "row {at}");
            assert_eq!(index.of_number(&file, own.number).unwrap(), same, "row {at}");
        }
        assert!(index.of_number(&file, 2).unwrap().is_empty());
    }
}
