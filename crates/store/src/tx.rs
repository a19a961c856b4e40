//! Writing: what a unit of work can do besides reading.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::Serialize;
use units::Moment;

use crate::group::Group;
use crate::postgres::Holds;
use crate::reader::{Reader, Session, Trouble};
use crate::{Error, Result, Value, limits};

/// The transaction of one unit of work. All of it is kept, or nothing.
pub struct Tx {
    pub(crate) reader: Reader,
    pub(crate) group: Group,
    receipt: i64,
    scratch: Vec<u8>,
}

impl Deref for Tx {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

impl Tx {
    pub(crate) fn new(reader: Reader) -> Self {
        Self { reader, group: Group::default(), receipt: 0, scratch: Vec::new() }
    }

    /// The commit stamp, which `modified` columns take: the same for all units of a commit, never earlier than one of before, and
    /// later than every past moment up to which somebody has read (`read_until`).
    pub fn now(&self) -> Moment {
        self.group.here().stamp
    }

    /// The next number of the tenant's counter `name`: 1, 2, 3 … The number of a unit that failed is given again.
    pub fn next(&mut self, name: &str) -> Result<i64> {
        if let Some(number) = self.group.next(name) {
            return Ok(number);
        }
        let tenant = self.tenant;
        let stored = self
            .reader
            .query_opt(
                "SELECT value FROM counter WHERE tenant = ?1 AND name = ?2",
                &[tenant.into(), name.into()],
                |row| row.int(0),
            )?
            .unwrap_or(0);
        self.group.load(name, stored);
        self.group.next(name).ok_or(Error::Missing)
    }

    /// A new document's id, unique over tenants: the tenant's number and the next number of `counter`.
    pub fn document_id(&mut self, counter: &str) -> Result<i64> {
        let number = self.next(counter)?;
        Ok(self.tenant.id(number))
    }

    /// Announces a read of rows of `table`, whose key is the first column: where the database is another process, announced reads
    /// travel together with the next exchange, and the same read later finds its answer waiting. A hint only: when a row has been
    /// written in between, it is read again.
    pub fn foresee(&mut self, table: &'static str, sql: &str, params: &[Value<'_>]) -> Result<()> {
        self.announce(sql, params, Holds::WithItsRows(table))
    }

    /// The same for a read by a text that probably finds nothing, such as whether a new number is taken: several of them cost hardly
    /// more than one.
    pub fn foresee_nothing(&mut self, sql: &str, params: &[Value<'_>]) -> Result<()> {
        self.announce(sql, params, Holds::WithoutItsTexts)
    }

    fn announce(&mut self, sql: &str, params: &[Value<'_>], holds: Holds) -> Result<()> {
        match &mut self.reader.session {
            Session::Lite(_) => Ok(()),
            Session::Pg(session) => {
                let done = session.foresee(sql, params, holds).map_err(Trouble::Engine);
                self.reader.note(done)
            }
        }
    }

    /// Master data that hardly ever changes, such as a shop: `load` is asked once, and what it finds is remembered by this writer
    /// until the tenant's master data changes (see [`Self::forget`]), on whatever node. What is not found is not remembered.
    pub fn remember<T: Send + Sync + 'static, E: From<Error>>(
        &mut self,
        kind: &'static str,
        key: &str,
        load: impl FnOnce(&mut Self) -> std::result::Result<Option<T>, E>,
    ) -> std::result::Result<Option<Arc<T>>, E> {
        if let Some(known) = self.group.memo().get(kind, key) {
            return Ok(Some(known));
        }
        let found = load(self)?.map(Arc::new);
        if let Some(found) = &found {
            self.group.memo().put(kind, key, found.clone());
        }
        Ok(found)
    }

    /// What [`Self::remember`] would answer without asking the database.
    pub fn known<T: Send + Sync + 'static>(&mut self, kind: &'static str, key: &str) -> Option<Arc<T>> {
        self.group.memo().get(kind, key)
    }

    /// To be called by whoever changes what somebody may remember.
    pub fn forget(&mut self) {
        self.group.memo().forget();
    }

    /// Runs a statement and says how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64> {
        self.reader.healthy()?;
        let done = match &mut self.reader.session {
            Session::Lite(lite) => lite.execute(sql, params),
            Session::Pg(session) => session.execute(sql, params),
        };
        self.reader.note(done)
    }

    /// Runs a statement whose result nobody needs now. It may run later, but before the next read of this unit; if it fails, the
    /// unit fails.
    pub fn put(&mut self, sql: &str, params: &[Value<'_>]) -> Result<()> {
        self.reader.healthy()?;
        let done = match &mut self.reader.session {
            Session::Lite(lite) => lite.execute(sql, params).map(drop),
            Session::Pg(session) => session.put(sql, params),
        };
        self.reader.note(done)
    }

    /// Runs a part of the unit that may be refused by itself, such as one order of a lenient push: when `part` fails, what it
    /// wrote and the numbers it took are undone and the unit goes on. A failure of the store still spoils the whole unit. Parts do
    /// not nest.
    pub fn attempt<T, E: From<Error>>(
        &mut self,
        part: impl FnOnce(&mut Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.reader.healthy()?;
        let begun = self.reader.begin_part();
        self.reader.note(begun)?;
        let mark = self.group.mark();
        let outcome = part(self);
        self.reader.healthy()?;
        let ended = self.reader.end_part(outcome.is_ok());
        self.reader.note(ended)?;
        if outcome.is_err() {
            self.group.undo_to(mark);
        }
        outcome
    }

    /// What is written from here on was caused by the signed message of this receipt (0: by none).
    pub fn set_receipt(&mut self, id: i64) {
        self.receipt = id;
    }

    /// The receipt of the signed message that causes what is written now; 0 when none does.
    pub fn receipt(&self) -> i64 {
        self.receipt
    }

    /// Appends to the tenant's event log. `key` is what the event is about (`trade:JY2024…`): sinks keep the order within a key.
    pub fn event(&mut self, topic: &'static str, key: &str, body: &impl Serialize) -> Result<()> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        serde_json::to_writer(&mut scratch, body).map_err(|error| Error::Invalid(format!("event body: {error}")))?;
        let text = std::str::from_utf8(&scratch).map_err(|_| Error::Invalid("event body is not UTF-8".into()))?;
        if text.len() > limits::EVENT_BYTES {
            return Err(Error::Invalid(format!("event body over {} bytes", limits::EVENT_BYTES)));
        }
        let id = self.tenant.id(self.group.next_event());
        let (tenant, at, receipt) = (self.tenant, self.now(), self.receipt);
        let done = self.put(
            "INSERT INTO event (id, tenant, at, topic, key, receipt, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[id.into(), tenant.into(), at.into(), topic.into(), key.into(), receipt.into(), text.into()],
        );
        self.scratch = scratch;
        done
    }

    /// Called by the engine before a unit.
    pub(crate) fn start_unit(&mut self) {
        self.receipt = 0;
        self.reader.fault = None;
        self.group.start_unit();
    }
}
