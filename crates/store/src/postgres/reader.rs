//! A reader: one snapshot after the other, complete up to the end of the caller's window when it asks for that.

use std::sync::Arc;

use units::{Clock, Moment};

use crate::inbox::Inbox;
use crate::postgres::session::Pg;
use crate::reader::{Reader, Session};
use crate::unit::Look;
use crate::{Error, Result, Statistics};

const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Answers reads until the inbox is closed and empty.
pub(crate) fn run(mut reader: Reader, looks: &Inbox<Box<dyn Look>>, clock: &dyn Clock, statistics: &Arc<Statistics>) {
    while let Some(look) = looks.pop() {
        reader.tenant = look.tenant();
        match begin(&mut reader, look.until().map(|end| end.min(clock.now()))) {
            Ok(()) => look.run(&mut reader),
            Err(error) => look.refuse(error),
        }
        Statistics::add(&statistics.reads, 1);
        end(&mut reader);
    }
}

/// Begins a snapshot. A connection that broke while it was idle is replaced first.
fn begin(reader: &mut Reader, until: Option<Moment>) -> Result<()> {
    match snapshot(reader, until) {
        Err(Error::Lost(_)) => {
            pg(reader)?.hang_up();
            snapshot(reader, until)
        }
        other => other,
    }
}

fn snapshot(reader: &mut Reader, until: Option<Moment>) -> Result<()> {
    reader.fault = None;
    let session = pg(reader)?;
    session.forget_waiting();
    session.ready()?;
    // Sent at once, not with the first query: a broken connection must show before the reader's function runs.
    session.batch(SNAPSHOT)?;
    let Some(end) = until else { return Ok(()) };
    if is_complete(reader, end)? {
        return Ok(());
    }
    pg(reader)?.batch("ROLLBACK")?;
    raise_horizon(reader, end)?;
    pg(reader)?.batch(SNAPSHOT)
}

/// Whether this very snapshot is complete up to `end`. The horizon is raised, and the stamp moved, only by who holds the row's lock:
/// when the snapshot shows one of them past `end`, everybody who could have written behind `end` had committed before.
fn is_complete(reader: &mut Reader, end: Moment) -> Result<bool> {
    let tenant = reader.tenant();
    let clock =
        reader.query_opt("SELECT stamp, horizon FROM tenant_clock WHERE tenant = ?1", &[tenant.into()], |row| {
            Ok((row.moment(0)?, row.moment(1)?))
        })?;
    Ok(clock.is_some_and(|(stamp, horizon)| stamp > end || horizon >= end))
}

/// Waits for the group that holds the tenant's turn, and makes every later stamp be past `end`.
fn raise_horizon(reader: &mut Reader, end: Moment) -> Result<()> {
    let tenant = reader.tenant();
    reader.query(
        "INSERT INTO tenant_clock AS clock (tenant, stamp, horizon, event_seq, turn) VALUES (?1, 0, ?2, 0, 0)
         ON CONFLICT (tenant) DO UPDATE SET horizon = GREATEST(clock.horizon, excluded.horizon) RETURNING horizon",
        &[tenant.into(), end.into()],
        |_| Ok(()),
    )?;
    Ok(())
}

fn end(reader: &mut Reader) {
    let lost = matches!(reader.fault, Some(Error::Lost(_)));
    if let Ok(session) = pg(reader) {
        session.forget_waiting();
        if lost || session.batch("ROLLBACK").is_err() {
            session.hang_up();
        }
    }
}

fn pg(reader: &mut Reader) -> Result<&mut Pg> {
    match &mut reader.session {
        Session::Pg(session) => Ok(session),
        Session::Lite(_) => Err(Error::Statement("not a PostgreSQL session".to_owned())),
    }
}
