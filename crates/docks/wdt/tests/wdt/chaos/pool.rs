//! What the callers know together: the documents that exist.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fastrand::Rng;

/// Spec and pieces.
pub(super) type Lines = Vec<(String, i64)>;

/// An order that was pushed.
#[derive(Clone)]
pub(super) struct Pushed {
    pub(super) tid: String,
    pub(super) lines: Lines,
    pub(super) paid: bool,
}

/// A document that others refer to: its number, its warehouse (and the one it goes to), its lines.
#[derive(Clone, Default)]
pub(super) struct Paper {
    pub(super) no: String,
    pub(super) warehouse: String,
    pub(super) to: String,
    pub(super) lines: Lines,
}

#[derive(Default)]
pub(super) struct Known {
    pub(super) orders: Vec<Pushed>,
    pub(super) purchases: Vec<Paper>,
    pub(super) returns: Vec<Paper>,
    pub(super) transfers: Vec<Paper>,
    /// Stock-ins and stock-outs that wait for somebody.
    pub(super) drafts_in: Vec<String>,
    pub(super) drafts_out: Vec<String>,
    pub(super) takings: Vec<String>,
    pub(super) refunds: Vec<Pushed>,
    pub(super) providers: Vec<String>,
    done: BTreeMap<String, usize>,
}

#[derive(Default)]
pub(super) struct Pool(Mutex<Known>);

impl Pool {
    pub(super) fn know(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A method succeeded.
    pub(super) fn succeeded(&self, php: &str) {
        *self.know().done.entry(php.to_owned()).or_default() += 1;
    }

    /// How often each method succeeded.
    pub(super) fn done(&self) -> BTreeMap<String, usize> {
        self.know().done.clone()
    }

    /// One of them, if there is any; the last ones more often, because they are still open.
    pub(super) fn some<T: Clone>(&self, rng: &mut Rng, of: impl Fn(&Known) -> &Vec<T>) -> Option<T> {
        let known = self.know();
        let all = of(&known);
        let from = if rng.bool() { all.len().saturating_sub(8) } else { 0 };
        all.get(rng.usize(from..all.len().max(from + 1))).cloned()
    }
}
