//! Reading: one snapshot, one statement at a time.

use std::sync::Arc;

use crate::postgres::Pg;
use crate::row::Row;
use crate::sqlite::Lite;
use crate::{Error, Result, Tenant, Value, Vault};

/// A view of the database that does not change while it is used. A [`crate::Tx`] is one too, and sees its own writes.
pub struct Reader {
    pub(crate) session: Session,
    pub(crate) tenant: Tenant,
    pub(crate) fault: Option<Error>,
    vault: Arc<Vault>,
}

pub(crate) enum Session {
    Lite(Lite),
    Pg(Box<Pg>),
}

impl Reader {
    pub(crate) fn new(session: Session, vault: Arc<Vault>) -> Self {
        Self { session, tenant: Tenant::HOUSE, fault: None, vault }
    }

    /// Whose data is read.
    pub fn tenant(&self) -> Tenant {
        self.tenant
    }

    /// Seals and opens what must not lie open on the disk.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Hands every row of the result to `row`, without collecting them.
    pub fn each(&mut self, sql: &str, params: &[Value<'_>], mut row: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        self.until(sql, params, |found| row(found).map(|()| true))
    }

    /// All rows of the result.
    pub fn query<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.until(sql, params, |found| {
            rows.push(row(found)?);
            Ok(true)
        })?;
        Ok(rows)
    }

    /// The first row of the result, if there is one.
    pub fn query_opt<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        row: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut row = Some(row);
        let mut first = None;
        self.until(sql, params, |found| {
            if let Some(row) = row.take() {
                first = Some(row(found)?);
            }
            Ok(false)
        })?;
        Ok(first)
    }

    /// The first row of the result; [`Error::Missing`] when there is none.
    pub fn query_one<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        row: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.query_opt(sql, params, row)?.ok_or(Error::Missing)
    }

    /// Runs the statement and hands over rows while `row` answers true. A statement that writes (`RETURNING`) is run to its end.
    fn until(&mut self, sql: &str, params: &[Value<'_>], row: impl FnMut(&Row<'_>) -> Result<bool>) -> Result<()> {
        self.healthy()?;
        let done = match &mut self.session {
            Session::Lite(lite) => lite.rows(sql, params, row),
            Session::Pg(session) => session.rows(sql, params, row),
        };
        self.note(done)
    }

    /// Marks the point to which a part of the unit can be undone.
    pub(crate) fn begin_part(&mut self) -> Outcome<()> {
        match &mut self.session {
            Session::Lite(lite) => lite.begin_part().map_err(Trouble::Engine),
            Session::Pg(session) => {
                session.begin_part();
                Ok(())
            }
        }
    }

    /// Keeps or undoes everything since [`Self::begin_part`].
    pub(crate) fn end_part(&mut self, keep: bool) -> Outcome<()> {
        let done = match &mut self.session {
            Session::Lite(lite) => lite.end_part(keep),
            Session::Pg(session) => session.end_part(keep),
        };
        done.map_err(Trouble::Engine)
    }

    /// A statement that failed has spoiled the unit on one of the engines, so it spoils it on both.
    pub(crate) fn healthy(&self) -> Result<()> {
        self.fault.clone().map_or(Ok(()), Err)
    }

    /// Remembers the failure of a statement.
    pub(crate) fn note<T>(&mut self, done: Outcome<T>) -> Result<T> {
        match done {
            Ok(value) => Ok(value),
            Err(Trouble::Caller(error)) => Err(error),
            Err(Trouble::Engine(error)) => {
                self.fault = Some(error.clone());
                Err(error)
            }
        }
    }
}

/// Who failed: the function that reads a row, or the engine.
pub(crate) enum Trouble {
    Caller(Error),
    Engine(Error),
}

pub(crate) type Outcome<T> = std::result::Result<T, Trouble>;
