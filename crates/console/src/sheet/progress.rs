//! How far an import or export is, and the wish to stop it: read by others while it runs.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Counters of one import or export.
#[derive(Debug, Default)]
pub struct Progress {
    total: AtomicU64,
    done: AtomicU64,
    good: AtomicU64,
    same: AtomicU64,
    bad: AtomicU64,
    stop: AtomicBool,
}

/// The counters at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Rows that there are; an estimate until the end.
    pub total: u64,
    /// Rows that are through.
    pub done: u64,
    /// Rows whose document was stored or changed; rows written.
    pub good: u64,
    /// Rows whose document was there already, just so.
    pub same: u64,
    /// Rows that were not stored.
    pub bad: u64,
}

impl Progress {
    /// The counters now.
    pub fn counts(&self) -> Counts {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let done = get(&self.done);
        let total = get(&self.total).max(done);
        Counts { total, done, good: get(&self.good), same: get(&self.same), bad: get(&self.bad) }
    }

    /// Asks the work to stop; it does between two units.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(super) fn expect(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    pub(super) fn complete(&self) {
        self.total.store(self.done.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    pub(super) fn add(&self, good: u64, same: u64, bad: u64) {
        for (counter, number) in
            [(&self.good, good), (&self.same, same), (&self.bad, bad), (&self.done, good + same + bad)]
        {
            counter.fetch_add(number, Ordering::Relaxed);
        }
    }
}
