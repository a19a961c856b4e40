//! Copying the write-ahead log into the database file, beside the writer.
//!
//! The thread copies what it finds while commits go on (PASSIVE waits for nobody). When it has caught up but for the newest commits,
//! the writer copies those few itself between two groups: only then is the log empty for an instant and starts again from its beginning.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

/// The bell between the writer and the copying thread.
pub(crate) struct Checkpoint {
    state: Mutex<State>,
    rung: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Wanted,
    Copying,
    Copied,
    Closed,
}

impl Checkpoint {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State::Idle), rung: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The log has grown; asks for a copy unless one is under way.
    pub(crate) fn ask(&self) {
        let mut state = self.state();
        if *state == State::Idle {
            *state = State::Wanted;
            drop(state);
            self.rung.notify_all();
        }
    }

    /// True once after a copy: the writer may now finish it.
    pub(crate) fn is_copied(&self) -> bool {
        let mut state = self.state();
        let copied = *state == State::Copied;
        if copied {
            *state = State::Idle;
        }
        copied
    }

    pub(crate) fn close(&self) {
        *self.state() = State::Closed;
        self.rung.notify_all();
    }

    fn wait(&self) -> bool {
        let mut state = self.state();
        loop {
            match *state {
                State::Closed => return false,
                State::Wanted => {
                    *state = State::Copying;
                    return true;
                }
                _ => state = self.rung.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn done(&self) {
        let mut state = self.state();
        if *state == State::Copying {
            *state = State::Copied;
        }
    }
}

/// Frames of the log (pages of 4 KiB) that the writer may be left to copy.
const FEW_FRAMES: i64 = 1_000;
/// Passes after which the writer finishes whatever is left.
const PASSES: usize = 6;

/// The copying thread: passes over what came during the pass before, until little is left for the writer, who copies while
/// everybody waits.
pub(crate) fn run(connection: &Connection, signal: &Checkpoint) {
    while signal.wait() {
        let mut copied = 0;
        for _ in 0..PASSES {
            let Some(now) = copy(connection) else { break };
            if now - copied < FEW_FRAMES {
                break;
            }
            copied = now;
        }
        signal.done();
    }
}

/// Frames that the log holds now, copied or not. The file does not tell: it keeps its length when the log begins again. When it
/// cannot be told, the log counts as full: a copy is asked for, and says what is wrong.
pub(crate) fn frames(connection: &Connection) -> i64 {
    connection.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| row.get(1)).unwrap_or(i64::MAX)
}

/// One pass; how many frames of the log are copied then. A failure costs nothing but a longer log; the next pass tries again.
pub(crate) fn copy(connection: &Connection) -> Option<i64> {
    match connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(2)) {
        Ok(frames) => Some(frames),
        Err(error) => {
            tracing::warn!(%error, "the write-ahead log could not be copied into the database; it will be tried again");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_begins_again_holds_little_whatever_the_length_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let connection = super::super::open::connect_writer(&folder.path().join("t.db")).unwrap();
        connection.execute_batch("CREATE TABLE t (x BLOB)").unwrap();
        connection.execute("INSERT INTO t VALUES (zeroblob(1000000))", []).unwrap();
        let full = frames(&connection);
        assert!(full > 900_000 / crate::limits::PAGE_BYTES, "{full} frames");
        let length = || std::fs::metadata(folder.path().join("t.db-wal")).unwrap().len();
        let before = length();
        assert_eq!(copy(&connection), Some(full));
        connection.execute("INSERT INTO t VALUES (1)", []).unwrap();
        assert!(frames(&connection) < 10, "{} frames", frames(&connection));
        assert_eq!(length(), before);
    }
}
