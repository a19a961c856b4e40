//! Where records wait for their `write`: a desk for each thread, so that cores that answer at the same time do not hand the same memory to
//! and fro.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::row::Row;
use crate::shards::Shards;

/// A record's place: it is written when its desk has written so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slip {
    desk: usize,
    number: u64,
}

/// All desks.
#[derive(Default)]
pub(super) struct Desks(Shards<Desk>);

/// The records of one thread.
#[derive(Default)]
pub(super) struct Desk {
    waiting: Mutex<Waiting>,
    /// How many are written, or given up.
    settled: AtomicU64,
}

/// Records that go with the next `write`; the offsets of their rows count from the first of them.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) bytes: Vec<u8>,
    pub(super) rows: Vec<Row>,
    /// Unix milliseconds of the first.
    pub(super) begun: i64,
    /// How many were put here since the start.
    appended: u64,
}

impl Desks {
    /// The desk of this thread, and its number.
    pub(super) fn mine(&self) -> (usize, &Desk) {
        self.0.mine()
    }

    /// The desk where a record was put, unless that is written.
    pub(super) fn unsettled(&self, slip: Slip) -> Option<&Desk> {
        let desk = self.0.of(slip.desk);
        (desk.settled.load(Ordering::Acquire) < slip.number).then_some(desk)
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Desk> {
        self.0.iter()
    }
}

impl Desk {
    /// What waits here.
    pub(super) fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that waited is written, or given up.
    pub(super) fn cleared(&self, waiting: &mut Waiting) {
        waiting.bytes.clear();
        waiting.rows.clear();
        self.settled.store(waiting.appended, Ordering::Release);
    }
}

impl Waiting {
    /// Puts a record beside the others of desk number `desk`; `row` still lacks its place.
    pub(super) fn put(&mut self, desk: usize, record: &[u8], mut row: Row, at: i64) -> Slip {
        if self.rows.is_empty() {
            self.begun = at;
        }
        row.offset = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(record);
        self.rows.push(row);
        self.appended += 1;
        Slip { desk, number: self.appended }
    }
}
