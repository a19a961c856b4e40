//! A writer: takes a unit and the waiting units of the same tenant, commits them together, then answers.

use std::sync::Arc;
use std::time::Instant;

use units::{Clock, Moment};

use crate::group;
use crate::inbox::Inbox;
use crate::postgres::session::Pg;
use crate::reader::Session;
use crate::unit::Unit;
use crate::{Error, Result, Statistics, Tenant, Tx, limits};

/// The thread that writes for its share of the tenants.
pub(crate) struct Writer {
    pub(crate) tx: Tx,
    pub(crate) units: Arc<Inbox<Box<dyn Unit>>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) statistics: Arc<Statistics>,
}

/// A unit that has run in the group, and whether it is kept.
type Ran = (Box<dyn Unit>, bool);

impl Writer {
    /// Works until the inbox is closed and empty.
    pub(crate) fn run(mut self) {
        while let Some(first) = self.units.pop() {
            self.group(first);
        }
    }

    fn group(&mut self, first: Box<dyn Unit>) {
        let tenant = first.tenant();
        let started = Instant::now();
        let mut end = self.begin(tenant);
        let mut ran: Vec<Ran> = Vec::new();
        let mut next = Some(first);
        while let Some(mut unit) = next {
            let mut kept = true;
            if end.is_ok() {
                match self.unit(unit.as_mut()) {
                    Ok(keep) => kept = keep,
                    Err(error) => end = Err(error),
                }
            }
            ran.push((unit, kept));
            let room = end.is_ok() && ran.len() < limits::GROUP_POSTGRES && started.elapsed() < limits::GROUP_TIME;
            next = if room { self.units.try_pop_where(|unit| unit.tenant() == tenant) } else { None };
        }
        if end.is_ok() {
            end = self.commit();
        }
        if let Err(error) = &end {
            self.give_up(error);
        }
        self.tx.group.settle(end.is_ok());
        self.answer(ran, &end);
    }

    /// Begins the transaction and takes the tenant's turn. A connection that broke while it was idle is replaced first.
    fn begin(&mut self, tenant: Tenant) -> Result<()> {
        self.tx.tenant = tenant;
        match self.take_turn(tenant) {
            Err(Error::Lost(_)) => {
                pg(&mut self.tx)?.hang_up();
                self.take_turn(tenant)
            }
            other => other,
        }
    }

    fn take_turn(&mut self, tenant: Tenant) -> Result<()> {
        const LOCK: &str = "SELECT stamp, horizon, event_seq, turn FROM tenant_clock WHERE tenant = ?1 FOR UPDATE";
        self.tx.fault = None;
        let session = pg(&mut self.tx)?;
        session.ready()?;
        session.later("BEGIN");
        let read = |row: &crate::Row<'_>| Ok((row.moment(0)?, row.int(1)?, row.int(2)?, row.int(3)?));
        let mut stored = self.tx.query_opt(LOCK, &[tenant.into()], read)?;
        if stored.is_none() {
            self.tx.put(
                "INSERT INTO tenant_clock (tenant, stamp, horizon, event_seq, turn) VALUES (?1, 0, 0, 0, 0)
                 ON CONFLICT DO NOTHING",
                &[tenant.into()],
            )?;
            stored = self.tx.query_opt(LOCK, &[tenant.into()], read)?;
        }
        let (stamp, horizon, event_seq, turn) = stored.ok_or(Error::Missing)?;
        let stamp = self.clock.now().max(stamp).max(Moment::from_unix(horizon).plus(1));
        self.tx.group.join(tenant, stamp, event_seq, turn);
        Ok(())
    }

    /// Runs one unit; an error means that the whole group is lost.
    fn unit(&mut self, unit: &mut dyn Unit) -> Result<bool> {
        for attempt in 0.. {
            self.tx.start_unit();
            pg(&mut self.tx)?.start_unit();
            let mut keep = unit.run(&mut self.tx);
            let mut fault = self.tx.fault.take();
            let mut wrote = false;
            if keep && fault.is_none() {
                match pg(&mut self.tx)?.end_unit(true) {
                    Ok(did) => wrote = did,
                    Err(error) => {
                        unit.refuse(error.clone());
                        fault = Some(error);
                    }
                }
            }
            keep &= fault.is_none();
            if keep {
                self.tx.group.keep_unit(wrote);
                return Ok(true);
            }
            if let Some(error @ Error::Lost(_)) = fault {
                return Err(error);
            }
            pg(&mut self.tx)?.end_unit(false)?;
            self.tx.group.undo_unit();
            if !matches!(fault, Some(Error::Contended(_))) || attempt >= limits::RERUNS {
                break;
            }
            Statistics::add(&self.statistics.reruns, 1);
        }
        Ok(false)
    }

    fn commit(&mut self) -> Result<()> {
        self.tx.fault = None;
        if !group::write_back(&mut self.tx)? {
            return pg(&mut self.tx)?.batch("ROLLBACK");
        }
        let started = Instant::now();
        pg(&mut self.tx)?.batch("COMMIT").map_err(|error| match error {
            Error::Lost(text) => Error::Unknown(text),
            other => other,
        })?;
        Statistics::add(&self.statistics.groups, 1);
        Statistics::add(
            &self.statistics.commit_micros,
            u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        );
        Ok(())
    }

    fn give_up(&mut self, error: &Error) {
        self.tx.fault = None;
        if let Ok(session) = pg(&mut self.tx) {
            let lost = matches!(error, Error::Lost(_) | Error::Unknown(_));
            session.forget_waiting();
            if lost || session.batch("ROLLBACK").is_err() {
                session.hang_up();
            }
        }
    }

    /// Answers everybody. A refusal is answered only now too: it may rest on what a neighbour wrote.
    fn answer(&self, ran: Vec<Ran>, end: &Result<()>) {
        for (mut unit, kept) in ran {
            match end {
                Ok(()) if kept => Statistics::add(&self.statistics.kept, 1),
                Ok(()) => Statistics::add(&self.statistics.failed, 1),
                Err(error) => {
                    Statistics::add(&self.statistics.failed, 1);
                    unit.refuse(error.clone());
                }
            }
            unit.answer();
        }
    }
}

fn pg(tx: &mut Tx) -> Result<&mut Pg> {
    match &mut tx.reader.session {
        Session::Pg(session) => Ok(session),
        Session::Lite(_) => Err(Error::Statement("not a PostgreSQL session".to_owned())),
    }
}
