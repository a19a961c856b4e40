//! What the engine counts about itself, for `/metrics`.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Statistics {
    /// Commits that reached the disk.
    pub groups: AtomicU64,
    /// Units that were kept.
    pub kept: AtomicU64,
    /// Units that were refused or failed.
    pub failed: AtomicU64,
    /// Microseconds spent in `COMMIT`, which waits for the disk.
    pub commit_micros: AtomicU64,
    /// Reads answered.
    pub reads: AtomicU64,
    /// Units that were run again because PostgreSQL asked for it.
    pub reruns: AtomicU64,
    /// Connections to the database that were lost.
    pub lost: AtomicU64,
}

/// The counters at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of Statistics")]
pub struct Figures {
    pub groups: u64,
    pub kept: u64,
    pub failed: u64,
    pub commit_micros: u64,
    pub reads: u64,
    pub reruns: u64,
    pub lost: u64,
}

impl Statistics {
    /// The counters now.
    pub fn figures(&self) -> Figures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Figures {
            groups: read(&self.groups),
            kept: read(&self.kept),
            failed: read(&self.failed),
            commit_micros: read(&self.commit_micros),
            reads: read(&self.reads),
            reruns: read(&self.reruns),
            lost: read(&self.lost),
        }
    }

    pub(crate) fn add(counter: &AtomicU64, amount: u64) {
        counter.fetch_add(amount, Ordering::Relaxed);
    }
}
