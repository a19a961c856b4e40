//! Gaps: what callers read by windows and pages, and for which shops they push, so that rows nobody fetched and shops that fell silent
//! are seen (漏单; fact sheet qimen, G 8).
//!
//! Lives here: which calls are watched (`sighting`), what is known of one caller, method and shop (`track`, `open`, `spans`), what is
//! wrong about it (`finding`), its rows (`table`), and the keeper that writes them (`keeper`). Never here: rows themselves - a gap says
//! which window to read again, not what is in it.
//!
//! Each thread notes its calls by itself. The keeper merges what they noted into the common rows: what two nodes saw of one window is
//! one window. Methods that have neither window nor shop are told by a field of the registry and cost nothing.

mod finding;
mod keeper;
mod open;
mod sighting;
mod spans;
mod table;
mod track;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

pub use finding::{Stretch, Unfinished};
pub use keeper::{FINDINGS, Watched};
pub(crate) use sighting::{Sighting, Watch};

use crate::limits;
use crate::shards::Shards;
use track::Track;

/// Of whom and what something is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Key {
    /// The merchant; 0 for calls to a target outside.
    #[serde(skip)]
    tenant: i64,
    /// Number of the application.
    app: i64,
    /// Name without scene.
    method: Cow<'static, str>,
    /// It pushes.
    push: bool,
    /// Empty = all.
    shop: String,
    /// The other conditions of a read: under others, other rows are read.
    filter: String,
    /// Key of the target outside; empty for the methods that are built in.
    target: String,
    /// Merchant at the target outside.
    sid: String,
    /// Environment of a call to a target outside.
    test: bool,
}

/// What was noted since the keeper came last, and what it found.
#[derive(Default)]
pub(crate) struct Coverage {
    /// By thread. The keys hold what callers sent, so they are hashed by what an attacker cannot steer.
    noted: Shards<Mutex<HashMap<Key, Track>>>,
    left_out: AtomicU64,
    counts: [AtomicI64; FINDINGS.len()],
}

impl Coverage {
    fn note(&self, key: Key, note: impl FnOnce(&mut Track)) {
        let mut noted = lock(self.noted.mine().1);
        if let Some(track) = noted.get_mut(&key) {
            return note(track);
        }
        if noted.len() >= limits::COVERAGE_NOTED {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        note(noted.entry(key).or_default());
    }

    /// What all threads noted; they begin anew.
    fn take(&self) -> HashMap<Key, Track> {
        self.noted.iter().fold(HashMap::new(), |sum, noted| merged(sum, std::mem::take(&mut *lock(noted))))
    }

    /// The same, and they go on.
    fn look(&self) -> HashMap<Key, Track> {
        self.noted.iter().fold(HashMap::new(), |sum, noted| merged(sum, lock(noted).clone()))
    }

    /// What could not be written is kept for the next time.
    fn give_back(&self, tracks: Vec<(Key, Track)>) {
        tracks.into_iter().for_each(|(key, track)| self.note(key, |known| known.merge(track)));
    }
}

fn lock<T>(noted: &Mutex<T>) -> MutexGuard<'_, T> {
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}

fn merged(mut sum: HashMap<Key, Track>, more: HashMap<Key, Track>) -> HashMap<Key, Track> {
    for (key, track) in more {
        sum.entry(key).or_default().merge(track);
    }
    sum
}
