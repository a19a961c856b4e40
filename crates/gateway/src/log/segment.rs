//! One file of records: how it is begun, read and, after a crash, cut.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use store::Sealer;

use super::bytes::{Bytes, put_bytes};
use super::entry::{self, FRAME, Item};
use super::row::Row;

const MAGIC: &[u8; 8] = b"matoucl1";
/// How much is read at once when a whole segment is gone through.
const BUFFER: usize = 1024 * 1024;

/// The file of a segment.
pub(super) fn path_of(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:010}.calls"))
}

/// The file of its index.
pub(super) fn index_of(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:010}.index"))
}

/// Begins a segment: magic, length and text of the sealed key. Gives the file and where its first record goes.
pub(super) fn create(folder: &Path, number: u64, sealer: &Sealer) -> io::Result<(File, u32)> {
    let mut head = MAGIC.to_vec();
    put_bytes(&mut head, sealer.sealed_key());
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let path = path_of(folder, number);
    let file = options.open(&path)?;
    if let Err(error) = file.write_all_at(&head, 0) {
        // Half a head helps nobody; the number is used again.
        let _ = std::fs::remove_file(&path);
        return Err(error);
    }
    Ok((file, u32::try_from(head.len()).unwrap_or(u32::MAX)))
}

/// The sealed key of a segment, and where its first record begins; `None` when its head was never written whole.
pub(super) fn head(file: &File) -> io::Result<Option<(Vec<u8>, u32)>> {
    let mut start = [0; 512];
    let count = read_at(file, &mut start, 0)?;
    let start = start.get(..count).unwrap_or_default();
    let Some(rest) = start.strip_prefix(MAGIC) else { return Ok(None) };
    let mut bytes = Bytes(rest);
    let key = bytes.bytes().map(<[u8]>::to_vec);
    Ok(key.map(|key| (key, u32::try_from(start.len() - bytes.0.len()).unwrap_or(0))))
}

/// One record.
pub(super) fn read(file: &File, offset: u32) -> io::Result<Option<Item>> {
    let mut first = [0; FRAME + 1024];
    let count = read_at(file, &mut first, u64::from(offset))?;
    let first = first.get(..count).unwrap_or_default();
    let Some((head, begun)) = first.split_first_chunk::<FRAME>() else { return Ok(None) };
    let Some((length, sum)) = entry::frame(*head) else { return Ok(None) };
    if let Some(payload) = begun.get(..length) {
        return Ok((crc32fast::hash(payload) == sum).then(|| entry::decode(payload)).flatten());
    }
    let mut payload = vec![0; length];
    let whole = read_at(file, &mut payload, u64::from(offset) + FRAME as u64)? == length;
    Ok((whole && crc32fast::hash(&payload) == sum).then(|| entry::decode(&payload)).flatten())
}

/// Goes through a segment from its first record on: a row for each, and where the good ones end.
pub(super) fn scan(file: &File, first: u32) -> io::Result<(Vec<Row>, u32)> {
    let (mut rows, mut buffer) = (Vec::new(), vec![0; BUFFER]);
    // `held` bytes of the buffer are from `base` on.
    let (mut base, mut held, mut at) = (u64::from(first), 0, 0);
    loop {
        let left = buffer.get(at..held).unwrap_or_default();
        let wanted = match left.split_first_chunk::<FRAME>() {
            None => FRAME,
            Some((head, rest)) => match entry::frame(*head) {
                None => break,
                Some((length, sum)) => match rest.get(..length) {
                    None => FRAME + length,
                    Some(payload) => {
                        if crc32fast::hash(payload) != sum {
                            break;
                        }
                        let offset = u32::try_from(base + at as u64).unwrap_or(u32::MAX);
                        match entry::decode(payload) {
                            Some(Item::Call(call)) => rows.push(Row::of_entry(&call, offset)),
                            Some(Item::Gap { at, .. }) => rows.push(Row::of_gap(offset, at)),
                            // Of a later version of this program: it stays, but cannot be searched.
                            None => {}
                        }
                        at += FRAME + length;
                        continue;
                    }
                },
            },
        };
        let kept = left.len();
        buffer.copy_within(at..held, 0);
        (base, at) = (base + at as u64, 0);
        if buffer.len() < wanted {
            buffer.resize(wanted, 0);
        }
        let Some(room) = buffer.get_mut(kept..) else { break };
        let more = read_at(file, room, base + kept as u64)?;
        held = kept + more;
        if more == 0 {
            break;
        }
    }
    Ok((rows, u32::try_from(base + at as u64).unwrap_or(u32::MAX)))
}

/// Fills as much of `into` as the file has from `offset` on.
pub(super) fn read_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while let Some(room) = into.get_mut(done..).filter(|room| !room.is_empty()) {
        match file.read_at(room, offset + done as u64) {
            Ok(0) => break,
            Ok(count) => done += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}
