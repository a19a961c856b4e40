//! One SQLite connection and the savepoint of the unit that runs on it.

use rusqlite::{CachedStatement, Connection, ErrorCode};

use crate::reader::{Outcome, Trouble};
use crate::row::{Kind, Row};
use crate::unit::{Care, Ended};
use crate::{Error, Result, Value};

/// A connection. Most units that fail do so before they write, so the savepoint is opened by the first statement that writes;
/// a trusted unit gets none at all.
pub(crate) struct Lite {
    pub(crate) connection: Connection,
    point: Point,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Point {
    /// Outside a unit: statements run directly in the transaction.
    None,
    /// In a unit that has not written yet.
    Pending,
    /// In a unit that has written.
    Open,
    /// In a trusted unit that has not written yet.
    Trusted,
    /// In a trusted unit that has written: it cannot be undone alone.
    TrustedOpen,
}

impl Lite {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection, point: Point::None }
    }

    /// Runs a statement without parameters or result.
    pub(crate) fn run(&self, sql: &str) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql).map_err(|e| fault(&e))?;
        statement.raw_execute().map(drop).map_err(|e| fault(&e))
    }

    pub(crate) fn start_unit(&mut self, care: Care) {
        self.point = match care {
            Care::Trusting => Point::Trusted,
            Care::Careful => Point::Pending,
        };
    }

    /// Ends the unit.
    pub(crate) fn end_unit(&mut self, keep: bool) -> Result<Ended> {
        match std::mem::replace(&mut self.point, Point::None) {
            Point::None | Point::Pending | Point::Trusted => Ok(Ended::Idle),
            Point::TrustedOpen if keep => Ok(Ended::Wrote),
            Point::TrustedOpen => Ok(Ended::Entangled),
            Point::Open => {
                if !keep {
                    self.run("ROLLBACK TO unit")?;
                }
                self.run("RELEASE unit")?;
                Ok(if keep { Ended::Wrote } else { Ended::Idle })
            }
        }
    }

    /// Marks the point to which a part of the unit can be undone. The unit counts as having written from here on.
    pub(crate) fn begin_part(&mut self) -> Result<()> {
        match self.point {
            Point::Pending => {
                self.run("SAVEPOINT unit")?;
                self.point = Point::Open;
            }
            Point::Trusted => self.point = Point::TrustedOpen,
            Point::None | Point::Open | Point::TrustedOpen => {}
        }
        self.run("SAVEPOINT part")
    }

    pub(crate) fn end_part(&mut self, keep: bool) -> Result<()> {
        if !keep {
            self.run("ROLLBACK TO part")?;
        }
        self.run("RELEASE part")
    }

    /// Whether the engine has given the whole transaction up (disk full, input/output error).
    pub(crate) fn is_undone(&self) -> bool {
        self.connection.is_autocommit()
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Outcome<u64> {
        let mut statement = prepare(&self.connection, &mut self.point, sql, params)?;
        statement.raw_execute().map(|rows| rows as u64).map_err(|e| Trouble::Engine(fault(&e)))
    }

    pub(crate) fn rows(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Outcome<()> {
        let mut statement = prepare(&self.connection, &mut self.point, sql, params)?;
        let writes = !statement.readonly();
        let mut rows = statement.raw_query();
        let mut wanted = true;
        while let Some(found) = rows.next().map_err(|e| Trouble::Engine(fault(&e)))? {
            if wanted {
                wanted = row(&Row(Kind::Lite(found))).map_err(Trouble::Caller)?;
            }
            if !wanted && !writes {
                break;
            }
        }
        Ok(())
    }
}

fn prepare<'c>(
    connection: &'c Connection,
    point: &mut Point,
    sql: &str,
    params: &[Value<'_>],
) -> Outcome<CachedStatement<'c>> {
    let engine = |e: rusqlite::Error| Trouble::Engine(fault(&e));
    let mut statement = connection.prepare_cached(sql).map_err(engine)?;
    match point {
        Point::Pending if !statement.readonly() => {
            connection.prepare_cached("SAVEPOINT unit").and_then(|mut s| s.raw_execute()).map_err(engine)?;
            *point = Point::Open;
        }
        Point::Trusted if !statement.readonly() => *point = Point::TrustedOpen,
        _ => {}
    }
    for (index, value) in params.iter().enumerate() {
        if let Value::Text(text) = value
            && text.as_bytes().contains(&0)
        {
            // PostgreSQL cannot keep it, so neither engine does.
            return Err(Trouble::Engine(Error::Invalid(format!("parameter {} holds a NUL character", index + 1))));
        }
        statement.raw_bind_parameter(index + 1, value).map_err(engine)?;
    }
    Ok(statement)
}

/// The store's error for one of SQLite's.
pub(crate) fn fault(error: &rusqlite::Error) -> Error {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::Full(text),
        Some(ErrorCode::ConstraintViolation) => Error::Conflict(text),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Corrupt(text),
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Error::Disk(text),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Locked(text),
        Some(ErrorCode::TooBig) => Error::Invalid(text),
        _ => Error::Statement(text),
    }
}
