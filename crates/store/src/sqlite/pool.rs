//! Reading connections, lent one at a time.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::reader::{Reader, Session};
use crate::sqlite::open::connect_reader;
use crate::{Error, Result, Tenant, Vault, limits};

/// Connections that wait for a reader; made when needed, up to [`limits::READER_CONNECTIONS`].
pub(crate) struct Pool {
    file: PathBuf,
    vault: Arc<Vault>,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Reader>,
    lent: usize,
    closed: bool,
}

impl Pool {
    pub(crate) fn new(file: PathBuf, vault: Arc<Vault>) -> Self {
        Self { file, vault, state: Mutex::default(), returned: Condvar::new() }
    }

    /// Lends a connection for one snapshot, which begins with the first statement of `work`.
    pub(crate) fn snapshot<R>(&self, tenant: Tenant, work: impl FnOnce(&mut Reader) -> R) -> Result<R> {
        let mut reader = match self.borrow()? {
            Some(reader) => reader,
            None => match connect_reader(&self.file) {
                Ok(lite) => Reader::new(Session::Lite(lite), self.vault.clone()),
                Err(error) => {
                    self.give_back(None);
                    return Err(error);
                }
            },
        };
        reader.tenant = tenant;
        reader.fault = None;
        let Session::Lite(lite) = &reader.session else {
            return Err(Error::Statement("not a SQLite session".to_owned()));
        };
        if let Err(error) = lite.run("BEGIN") {
            self.give_back(None);
            return Err(error);
        }
        let outcome = work(&mut reader);
        let ended = match &reader.session {
            Session::Lite(lite) => lite.run("ROLLBACK").is_ok(),
            Session::Pg(_) => false,
        };
        self.give_back(ended.then_some(reader));
        Ok(outcome)
    }

    /// Lends nothing further and closes what is idle.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed = true;
        state.idle.clear();
        drop(state);
        self.returned.notify_all();
    }

    /// An idle connection, or the right to open one.
    fn borrow(&self) -> Result<Option<Reader>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if state.closed {
                return Err(Error::Closed);
            }
            if let Some(reader) = state.idle.pop() {
                state.lent += 1;
                return Ok(Some(reader));
            }
            if state.lent < limits::READER_CONNECTIONS {
                state.lent += 1;
                return Ok(None);
            }
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give_back(&self, reader: Option<Reader>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.lent -= 1;
        if !state.closed {
            state.idle.extend(reader);
        }
        drop(state);
        self.returned.notify_one();
    }
}
