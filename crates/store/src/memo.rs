//! Master data that a writer has read already. It holds as long as nobody changes the tenant's master data.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use crate::limits;

/// Remembered values by kind and key.
#[derive(Default)]
pub(crate) struct Memo {
    entries: HashMap<&'static str, HashMap<Box<str>, Arc<dyn Any + Send + Sync>>>,
    count: usize,
    changed: bool,
}

impl Memo {
    pub(crate) fn get<T: Send + Sync + 'static>(&self, kind: &'static str, key: &str) -> Option<Arc<T>> {
        if self.changed {
            return None;
        }
        self.entries.get(kind)?.get(key)?.clone().downcast().ok()
    }

    pub(crate) fn put<T: Send + Sync + 'static>(&mut self, kind: &'static str, key: &str, value: Arc<T>) {
        if self.changed {
            return;
        }
        if self.count >= limits::MEMO_ENTRIES {
            self.entries.clear();
            self.count = 0;
        }
        self.entries.entry(kind).or_default().insert(key.into(), value);
        self.count += 1;
    }

    /// Nothing is remembered until the group is over: what is read meanwhile may be undone again.
    pub(crate) fn forget(&mut self) {
        self.drop_all();
        self.changed = true;
    }

    /// Forgets what is known so far: a unit, or a part of one, that was undone may have read rows of its own making.
    pub(crate) fn drop_all(&mut self) {
        self.entries.clear();
        self.count = 0;
    }

    /// Whether the group changed what may be remembered.
    pub(crate) fn is_changed(&self) -> bool {
        self.changed
    }

    /// The memo for the next group.
    pub(crate) fn settled(self) -> Self {
        Self { changed: false, ..self }
    }
}
