//! A bounded queue between callers and the engine's threads.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::{Error, limits};

/// First in, first out; closed once, at the end.
pub(crate) struct Inbox<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
}

struct State<T> {
    waiting: VecDeque<T>,
    closed: bool,
}

impl<T> Inbox<T> {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State { waiting: VecDeque::new(), closed: false }), filled: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts something in, or gives it back with the reason.
    pub(crate) fn push(&self, item: T) -> Result<(), (T, Error)> {
        let mut state = self.state();
        if state.closed {
            return Err((item, Error::Closed));
        }
        if state.waiting.len() >= limits::WAITING {
            return Err((item, Error::Busy));
        }
        state.waiting.push_back(item);
        let first = state.waiting.len() == 1;
        drop(state);
        if first {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Waits for the next; `None` when closed and empty.
    pub(crate) fn pop(&self) -> Option<T> {
        let mut state = self.state();
        loop {
            if let Some(item) = state.waiting.pop_front() {
                if !state.waiting.is_empty() {
                    self.filled.notify_one();
                }
                return Some(item);
            }
            if state.closed {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next if one waits.
    pub(crate) fn try_pop(&self) -> Option<T> {
        self.state().waiting.pop_front()
    }

    /// The first that waits and is wanted.
    pub(crate) fn try_pop_where(&self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        let mut state = self.state();
        let index = state.waiting.iter().position(wanted)?;
        state.waiting.remove(index)
    }

    /// Accepts nothing further; what waits is still handed out.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.filled.notify_all();
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.state().waiting.len()
    }
}
