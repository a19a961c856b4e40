//! Appending: a call's record is put beside those of its thread (`desk.rs`), and before any of their answers leaves all of them go with
//! one `write` (`settle`). What the operating system has taken survives the end of this process, however it ends; the keeper
//! brings it to the disk a fifth of a second later (`keeper.rs`).
//!
//! A record that cannot be written (the disk is full) does not hold its call up. It is counted, said, and when writing works again the
//! log itself gets a record that says how many calls are missing.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use store::{Sealer, Vault};

use super::desk::{Desk, Desks, Slip, Waiting};
use super::entry;
use super::index::Index;
use super::options::Options;
use super::row::Row;
use super::segment;

/// Bytes of records that wait for one `write` of a desk at the most.
const WAITING: usize = 128 * 1024;
/// Rows of the segment under way are held in pieces of this many, so that a search copies little.
const PIECE: usize = 4096;
/// Milliseconds after which a segment is ended although there is room in it.
const OLDEST_SEGMENT: i64 = 86_400_000;
/// How often a call tries to get the lock before it sleeps for it: some ten microseconds.
const SPINS: usize = 100;
/// How long a search waits for what the last run left behind.
const READY_WAIT: Duration = Duration::from_secs(10);

/// Everything that appending, keeping and searching share.
pub(super) struct Journal {
    pub(super) options: Options,
    pub(super) vault: Arc<Vault>,
    pub(super) sealer: Sealer,
    active: Mutex<Active>,
    desks: Desks,
    /// Wakes the keeper.
    pub(super) bell: Condvar,
    /// Numbers under which messages are sealed.
    sealed: AtomicU64,
    pub(super) figures: Counters,
    pub(super) ending: AtomicBool,
    /// Whether the segments of the run before have their indexes.
    ready: Mutex<bool>,
    ready_bell: Condvar,
}

/// What the log counts.
#[derive(Default)]
pub(super) struct Counters {
    pub(super) written: AtomicU64,
    pub(super) lost: AtomicU64,
    pub(super) bytes: AtomicU64,
}

/// The files there are.
#[derive(Default)]
pub(super) struct Active {
    current: Option<Live>,
    spare: Option<Live>,
    /// Full, and not indexed yet.
    finished: Vec<Arc<Finished>>,
    /// With their index, oldest first.
    closed: Vec<Arc<Closed>>,
    next_number: u64,
    /// Written since the last `fsync`.
    dirty: bool,
    /// Calls that could not be written and that the log does not tell of yet.
    untold: u64,
}

/// A segment that is written.
struct Live {
    number: u64,
    file: Arc<File>,
    position: u32,
    /// Unix milliseconds of its first record.
    begun: i64,
    rows: Rows,
}

/// A segment that is full.
pub(super) struct Finished {
    pub(super) number: u64,
    pub(super) file: Arc<File>,
    pub(super) length: u32,
    pub(super) rows: Vec<Arc<[Row]>>,
}

/// A segment with its index.
#[derive(Debug)]
pub(super) struct Closed {
    pub(super) number: u64,
    pub(super) index: Index,
    /// Bytes of both files.
    pub(super) bytes: u64,
}

#[derive(Default)]
struct Rows {
    full: Vec<Arc<[Row]>>,
    tail: Vec<Row>,
}

impl Rows {
    fn push(&mut self, row: Row) {
        self.tail.push(row);
        if self.tail.len() == PIECE {
            let full = std::mem::replace(&mut self.tail, Vec::with_capacity(PIECE));
            self.full.push(full.into());
        }
    }

    fn pieces(&self) -> Vec<Arc<[Row]>> {
        let mut pieces = self.full.clone();
        if !self.tail.is_empty() {
            pieces.push(self.tail.as_slice().into());
        }
        pieces
    }

    fn is_empty(&self) -> bool {
        self.full.is_empty() && self.tail.is_empty()
    }
}

/// A segment as a search sees it.
pub(super) enum Part {
    Live(Arc<Finished>),
    Closed(Arc<Closed>),
}

impl Journal {
    pub(super) fn new(options: Options, vault: Arc<Vault>, next_number: u64, closed: Vec<Arc<Closed>>) -> Self {
        let sealer = Sealer::new(&vault, super::KEY_PLACE, options.key);
        let active = Active { next_number, closed, ..Active::default() };
        Self {
            options,
            vault,
            sealer,
            active: Mutex::new(active),
            desks: Desks::default(),
            bell: Condvar::new(),
            sealed: AtomicU64::new(0),
            figures: Counters::default(),
            ending: AtomicBool::new(false),
            ready: Mutex::new(true),
            ready_bell: Condvar::new(),
        }
    }

    /// Whether everything that was there at the start can be searched.
    pub(super) fn set_ready(&self, ready: bool) {
        *self.ready.lock().unwrap_or_else(PoisonError::into_inner) = ready;
        self.ready_bell.notify_all();
    }

    /// Waits for it, a little.
    pub(super) fn wait_until_ready(&self) {
        let ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.ready_bell.wait_timeout_while(ready, READY_WAIT, |ready| !*ready));
    }

    /// Calls the keeper.
    pub(super) fn ring(&self) {
        // Under the lock: the keeper looks at what it waits for under it.
        let _active = self.lock();
        self.bell.notify_all();
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Active> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for the next sealed message.
    pub(super) fn next_sealed(&self) -> u64 {
        self.sealed.fetch_add(1, Ordering::Relaxed)
    }

    /// The lock, for a call: whoever has it holds it for one `write`, which is over sooner than a thread is asleep and awake again.
    fn lock_soon(&self) -> MutexGuard<'_, Active> {
        for _ in 0..SPINS {
            match self.active.try_lock() {
                Ok(active) => return active,
                Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => (0..16).for_each(|_| std::hint::spin_loop()),
            }
        }
        self.lock()
    }

    /// Puts a record on this thread's desk; `row` still lacks its place.
    pub(super) fn append(&self, record: &[u8], row: Row, at: i64) -> Slip {
        let (number, desk) = self.desks.mine();
        let mut waiting = desk.lock();
        let slip = waiting.put(number, record, row, at);
        if waiting.bytes.len() > WAITING {
            self.clear(desk, &mut waiting);
        }
        slip
    }

    /// When this returns, the record of the slip is written, or counted as lost.
    pub(super) fn settle(&self, slip: Slip) {
        if let Some(desk) = self.desks.unsettled(slip) {
            self.clear(desk, &mut desk.lock());
        }
    }

    /// The same for everything that was appended.
    pub(super) fn settle_all(&self) {
        for desk in self.desks.iter() {
            self.clear(desk, &mut desk.lock());
        }
    }

    /// Writes what waits on a desk. Whoever has a desk may take the file, never the other way round.
    fn clear(&self, desk: &Desk, waiting: &mut Waiting) {
        if waiting.rows.is_empty() {
            return;
        }
        let mut active = self.lock_soon();
        let count = waiting.rows.len() as u64;
        match self.write(&mut active, &waiting.bytes, &mut waiting.rows, waiting.begun) {
            Ok(()) => {
                self.figures.written.fetch_add(count, Ordering::Relaxed);
                self.figures.bytes.fetch_add(waiting.bytes.len() as u64, Ordering::Relaxed);
            }
            Err(_) => {
                active.untold += count;
                self.figures.lost.fetch_add(count, Ordering::Relaxed);
            }
        }
        if !std::mem::replace(&mut active.dirty, true) {
            self.bell.notify_one();
        }
        drop(active);
        desk.cleared(waiting);
    }

    fn write(&self, active: &mut Active, records: &[u8], rows: &mut Vec<Row>, at: i64) -> io::Result<()> {
        let full = |live: &Live| {
            let long = live.position as usize + records.len() > self.options.segment_bytes as usize;
            !live.rows.is_empty() && (long || live.is_old(at, self.oldest_segment()))
        };
        if active.current.as_ref().is_some_and(full) {
            active.finish();
        }
        if active.current.is_none() {
            let spare = active.spare.take();
            active.current = Some(match spare {
                Some(spare) => spare,
                None => self.begin(active)?,
            });
        }
        let untold = active.untold;
        let Some(live) = &mut active.current else { return Ok(()) };
        if untold > 0 {
            let gap = entry::encode_gap(at, untold);
            live.put(&gap, &mut vec![Row::of_gap(0, at)], at)?;
        }
        // From here on the log tells of them.
        active.untold = 0;
        live.put(records, rows, at)
    }

    /// A new segment.
    fn begin(&self, active: &mut Active) -> io::Result<Live> {
        let number = active.next_number;
        let (file, first) = segment::create(&self.options.folder, number, &self.sealer)?;
        active.next_number += 1;
        let rows = Rows::default();
        Ok(Live { number, file: Arc::new(file), position: first, begun: 0, rows })
    }

    /// Has the next segment ready before this one is full, so that no call waits for a file to be made.
    pub(super) fn prepare(&self) {
        let mut active = self.lock();
        let half = self.options.segment_bytes / 2;
        if active.spare.is_none() && active.current.as_ref().is_some_and(|live| live.position > half) {
            // Without one the call that needs it tries again, and is counted if that fails.
            active.spare = self.begin(&mut active).ok();
        }
    }

    /// The file to bring to the disk, if something was written to it.
    pub(super) fn unsynced(&self) -> Option<Arc<File>> {
        self.settle_all();
        let mut active = self.lock();
        if !std::mem::take(&mut active.dirty) {
            return None;
        }
        active.current.as_ref().map(|live| Arc::clone(&live.file))
    }

    /// Ends the segment under way when it is old: what is to be forgotten by age goes segment by segment.
    pub(super) fn finish_old(&self) {
        let (now, age) = ((self.options.now)(), self.oldest_segment());
        let mut active = self.lock();
        if active.current.as_ref().is_some_and(|live| !live.rows.is_empty() && live.is_old(now, age)) {
            active.finish();
        }
    }

    /// Milliseconds.
    fn oldest_segment(&self) -> i64 {
        (self.options.seconds.saturating_mul(1000) / 8).clamp(1000, OLDEST_SEGMENT)
    }

    /// Segments that wait for their index.
    pub(super) fn finished(&self) -> Vec<Arc<Finished>> {
        self.lock().finished.clone()
    }

    /// A segment has its index now.
    pub(super) fn close(&self, closed: Closed) {
        let mut active = self.lock();
        active.finished.retain(|finished| finished.number != closed.number);
        let at = active.closed.partition_point(|other| other.number < closed.number);
        active.closed.insert(at, Arc::new(closed));
    }

    /// Takes the oldest segments out of the list while `drop` says so; gives their numbers.
    pub(super) fn forget(&self, mut drop: impl FnMut(&Closed, u64) -> bool) -> Vec<u64> {
        let mut active = self.lock();
        let live = active.current.as_ref().map_or(0, |live| u64::from(live.position));
        let mut total: u64 = live + active.closed.iter().map(|closed| closed.bytes).sum::<u64>();
        total += active.finished.iter().map(|finished| u64::from(finished.length)).sum::<u64>();
        let mut gone = Vec::new();
        while let Some(oldest) = active.closed.first() {
            if !drop(oldest, total) {
                break;
            }
            total -= oldest.bytes;
            gone.push(oldest.number);
            active.closed.remove(0);
        }
        gone
    }

    /// All segments, newest first.
    pub(super) fn parts(&self) -> Vec<Part> {
        self.settle_all();
        let active = self.lock();
        let mut parts: Vec<Part> = Vec::new();
        if let Some(live) = active.current.as_ref().filter(|live| !live.rows.is_empty()) {
            parts.push(Part::Live(Arc::new(live.seen())));
        }
        parts.extend(active.finished.iter().rev().map(|finished| Part::Live(Arc::clone(finished))));
        parts.extend(active.closed.iter().rev().map(|closed| Part::Closed(Arc::clone(closed))));
        parts
    }

    /// Waits for the keeper to be called, at most this long.
    pub(super) fn rest(&self, most: Duration) {
        let active = self.lock();
        if !active.dirty && !self.ending.load(Ordering::Acquire) {
            drop(self.bell.wait_timeout(active, most));
        }
    }

    /// Ends the segment under way and takes an unused spare away.
    pub(super) fn end(&self) {
        self.settle_all();
        let mut active = self.lock();
        active.finish();
        if let Some(spare) = active.spare.take() {
            // It holds nothing.
            let _ = std::fs::remove_file(self.path(spare.number));
        }
    }

    pub(super) fn path(&self, number: u64) -> PathBuf {
        segment::path_of(&self.options.folder, number)
    }

    pub(super) fn index_path(&self, number: u64) -> PathBuf {
        segment::index_of(&self.options.folder, number)
    }
}

#[cfg(test)]
impl Journal {
    /// Puts another file in the place of the one that is written; gives the one that was.
    pub(super) fn swap_file(&self, file: File) -> Option<Arc<File>> {
        let mut active = self.lock();
        active.current.as_mut().map(|live| std::mem::replace(&mut live.file, Arc::new(file)))
    }

    /// Puts it back.
    pub(super) fn put_file(&self, file: Arc<File>) {
        if let Some(live) = &mut self.lock().current {
            live.file = file;
        }
    }
}

impl Active {
    fn finish(&mut self) {
        match self.current.take() {
            Some(live) if live.rows.is_empty() => self.current = Some(live),
            Some(live) => self.finished.push(Arc::new(live.seen())),
            None => {}
        }
    }
}

impl Live {
    fn is_old(&self, now: i64, age: i64) -> bool {
        now.saturating_sub(self.begun) >= age
    }

    /// Writes at the end. What a failed write left behind is written over by the next one.
    fn put(&mut self, records: &[u8], rows: &mut Vec<Row>, at: i64) -> io::Result<()> {
        self.file.write_all_at(records, u64::from(self.position))?;
        if self.rows.is_empty() {
            self.begun = at;
        }
        for mut row in rows.drain(..) {
            row.offset = row.offset.saturating_add(self.position);
            self.rows.push(row);
        }
        self.position = self.position.saturating_add(u32::try_from(records.len()).unwrap_or(u32::MAX));
        Ok(())
    }

    fn seen(&self) -> Finished {
        let (number, file) = (self.number, Arc::clone(&self.file));
        Finished { number, file, length: self.position, rows: self.rows.pieces() }
    }
}
