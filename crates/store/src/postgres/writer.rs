//! A writer: takes a unit and the waiting units of the same tenant, commits them together, then answers.

use std::sync::Arc;
use std::time::Instant;

use units::{Clock, Moment};

use crate::group;
use crate::inbox::Inbox;
use crate::postgres::session::Pg;
use crate::reader::Session;
use crate::unit::{Care, Ended, Stop, Unit};
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
        let mut first = Some(first);
        let units = Arc::clone(&self.units);
        let mut ran: Vec<Ran> = Vec::new();
        let mut end = self.attempt(tenant, Care::Trusting, &mut ran, |taken| match first.take() {
            Some(first) => Some(first),
            None if taken < limits::GROUP_POSTGRES && started.elapsed() < limits::GROUP_TIME => {
                units.try_pop_where(|unit| unit.tenant() == tenant)
            }
            None => None,
        });
        if matches!(end, Err(Stop::Entangled)) {
            self.tx.group.settle(false);
            let mut again = std::mem::take(&mut ran).into_iter().map(|(unit, _)| unit);
            end = self.attempt(tenant, Care::Careful, &mut ran, |_| again.next());
            ran.extend(again.map(|unit| (unit, true)));
        }
        self.tx.group.settle(end.is_ok());
        let end = end.map_err(|stop| match stop {
            Stop::Lost(error) => error,
            Stop::Entangled => Error::Statement("a careful unit was entangled".to_owned()),
        });
        self.answer(ran, &end);
    }

    /// Runs units in one transaction and commits it. On an error nothing of them is kept; `ran` holds those that were taken.
    fn attempt(
        &mut self,
        tenant: Tenant,
        care: Care,
        ran: &mut Vec<Ran>,
        mut next: impl FnMut(usize) -> Option<Box<dyn Unit>>,
    ) -> Result<(), Stop> {
        let mut end = self.begin(tenant).map_err(Stop::Lost);
        if end.is_err() {
            ran.extend(next(0).map(|unit| (unit, true)));
        }
        // Under savepoints each unit reads for itself.
        let together = if care == Care::Trusting { limits::LOOK_AHEAD } else { 1 };
        while end.is_ok() {
            let taken: Vec<_> = (0..together).map_while(|more| next(ran.len() + more)).collect();
            if taken.is_empty() {
                break;
            }
            end = self.look_ahead(&taken, care);
            for mut unit in taken {
                let outcome = match &end {
                    Ok(()) => self.unit(unit.as_mut(), care),
                    Err(_) => Ok(true),
                };
                ran.push((unit, !matches!(outcome, Ok(false))));
                end = end.and(outcome.map(drop));
            }
        }
        let end = end.and_then(|()| {
            self.commit().map_err(|error| match (care, error) {
                // A deferred write of some unit was refused; nobody can say yet of which.
                (Care::Trusting, error) if !matches!(error, Error::Lost(_) | Error::Unknown(_)) => Stop::Entangled,
                (_, error) => Stop::Lost(error),
            })
        });
        match &end {
            Ok(()) => {}
            Err(Stop::Lost(error)) => self.give_up(Some(error)),
            Err(Stop::Entangled) => self.give_up(None),
        }
        end
    }

    /// Asks for what these units begin by reading.
    fn look_ahead(&mut self, units: &[Box<dyn Unit>], care: Care) -> Result<(), Stop> {
        self.tx.fault = None;
        pg(&mut self.tx)?.start_looking();
        units.iter().for_each(|unit| unit.announce(&mut self.tx));
        let looked = pg(&mut self.tx)?.look();
        match self.tx.fault.take().map_or(looked, Err) {
            Ok(()) => Ok(()),
            Err(error @ Error::Lost(_)) => Err(Stop::Lost(error)),
            // A deferred write of an earlier unit was refused.
            Err(_) if care == Care::Trusting => Err(Stop::Entangled),
            Err(error) => Err(Stop::Lost(error)),
        }
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

    /// Runs one unit; true when it is kept. An error means that the whole group is lost, or must be run again with care.
    fn unit(&mut self, unit: &mut dyn Unit, care: Care) -> Result<bool, Stop> {
        for attempt in 0.. {
            self.tx.start_unit();
            pg(&mut self.tx)?.start_unit(care);
            let mut keep = unit.run(&mut self.tx);
            let mut fault = self.tx.fault.take();
            let mut ended = Ended::Idle;
            if keep && fault.is_none() {
                match pg(&mut self.tx)?.end_unit(true) {
                    Ok(how) => ended = how,
                    Err(error) => {
                        unit.refuse(error.clone());
                        fault = Some(error);
                    }
                }
            }
            keep &= fault.is_none();
            if keep {
                self.tx.group.keep_unit(ended == Ended::Wrote);
                return Ok(true);
            }
            match &fault {
                Some(error @ Error::Lost(_)) => return Err(Stop::Lost(error.clone())),
                // The failed statement may be another unit's deferred one.
                Some(_) if care == Care::Trusting => return Err(Stop::Entangled),
                _ => {}
            }
            if pg(&mut self.tx)?.end_unit(false)? == Ended::Entangled {
                return Err(Stop::Entangled);
            }
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

    /// Ends a transaction that cannot be committed.
    fn give_up(&mut self, error: Option<&Error>) {
        self.tx.fault = None;
        if let Ok(session) = pg(&mut self.tx) {
            let lost = matches!(error, Some(Error::Lost(_) | Error::Unknown(_)));
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
