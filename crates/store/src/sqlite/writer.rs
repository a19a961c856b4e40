//! The writer: takes the waiting units, runs each under a savepoint, commits them together, then answers.

use std::sync::Arc;
use std::time::Instant;

use crate::group;
use crate::inbox::Inbox;
use crate::reader::Session;
use crate::sqlite::checkpoint::{self, Checkpoint};
use crate::sqlite::clocks::Clocks;
use crate::sqlite::lite::Lite;
use crate::unit::{Care, Ended, Stop, Unit};
use crate::{Error, Result, Statistics, Tenant, Tx, limits};

/// The thread that owns the writing connection.
pub(crate) struct Writer {
    tx: Tx,
    units: Arc<Inbox<Box<dyn Unit>>>,
    clocks: Arc<Clocks>,
    checkpoint: Arc<Checkpoint>,
    statistics: Arc<Statistics>,
    /// Groups that were run.
    groups: u64,
}

/// How many groups pass between two looks at the length of the log.
const LOOK_EVERY: u64 = 16;

/// A unit that has run in the group, and whether it is kept.
type Ran = (Box<dyn Unit>, bool);

impl Writer {
    pub(crate) fn new(
        tx: Tx,
        units: Arc<Inbox<Box<dyn Unit>>>,
        clocks: Arc<Clocks>,
        checkpoint: Arc<Checkpoint>,
        statistics: Arc<Statistics>,
    ) -> Self {
        Self { tx, units, clocks, checkpoint, statistics, groups: 0 }
    }

    /// Works until the inbox is closed and empty.
    pub(crate) fn run(mut self) {
        let mut ran = Vec::with_capacity(limits::GROUP);
        while let Some(first) = self.units.pop() {
            self.group(first, &mut ran);
            self.look_after_log();
        }
        if let Ok(lite) = lite(&mut self.tx) {
            checkpoint::copy(&lite.connection);
        }
    }

    fn group(&mut self, first: Box<dyn Unit>, ran: &mut Vec<Ran>) {
        let mut first = Some(first);
        let units = Arc::clone(&self.units);
        let mut end = self.attempt(Care::Trusting, ran, |taken| match first.take() {
            Some(first) => Some(first),
            None if taken < limits::GROUP => units.try_pop(),
            None => None,
        });
        if matches!(end, Err(Stop::Entangled)) {
            self.settle(false);
            let mut again = std::mem::take(ran).into_iter().map(|(unit, _)| unit);
            end = self.attempt(Care::Careful, ran, |_| again.next());
            ran.extend(again.map(|unit| (unit, true)));
        }
        self.settle(end.is_ok());
        let end = end.map_err(|stop| match stop {
            Stop::Lost(error) => error,
            Stop::Entangled => Error::Statement("a careful unit was entangled".to_owned()),
        });
        self.answer(ran, end);
    }

    /// Runs units in one transaction and commits it. On an error nothing of them is kept; `ran` holds those that were taken.
    fn attempt(
        &mut self,
        care: Care,
        ran: &mut Vec<Ran>,
        mut next: impl FnMut(usize) -> Option<Box<dyn Unit>>,
    ) -> Result<(), Stop> {
        let begun = lite(&mut self.tx).and_then(|lite| lite.run("BEGIN IMMEDIATE"));
        if let Err(error) = begun {
            ran.extend(next(0).map(|unit| (unit, true)));
            return Err(error.into());
        }
        let mut end = Ok(());
        while end.is_ok()
            && let Some(mut unit) = next(ran.len())
        {
            let outcome = self.unit(unit.as_mut(), care);
            ran.push((unit, !matches!(outcome, Ok(false))));
            end = outcome.map(drop);
        }
        let end = end.and_then(|()| Ok(self.commit()?));
        if end.is_err() {
            self.roll_back();
        }
        end
    }

    /// What the group shared is over.
    fn settle(&mut self, committed: bool) {
        if committed && self.tx.group.changed_masters() {
            self.clocks.masters_changed();
        }
        self.clocks.land(self.tx.group.tenants());
        self.tx.group.settle(committed);
    }

    /// Runs one unit; true when it is kept. An error means that the whole group is lost.
    fn unit(&mut self, unit: &mut dyn Unit, care: Care) -> Result<bool, Stop> {
        self.enter(unit.tenant())?;
        self.tx.start_unit();
        lite(&mut self.tx)?.start_unit(care);
        let mut keep = unit.run(&mut self.tx);
        let fault = self.tx.fault.take();
        if let Some(error) = fault {
            if lite(&mut self.tx)?.is_undone() {
                return Err(error.into());
            }
            keep = false;
        }
        let ended = lite(&mut self.tx)?.end_unit(keep)?;
        match (keep, ended) {
            (_, Ended::Entangled) => return Err(Stop::Entangled),
            (true, ended) => self.tx.group.keep_unit(ended == Ended::Wrote),
            (false, _) => self.tx.group.undo_unit(),
        }
        Ok(keep)
    }

    fn enter(&mut self, tenant: Tenant) -> Result<()> {
        self.tx.tenant = tenant;
        self.tx.fault = None;
        if self.tx.group.enter(tenant) {
            return Ok(());
        }
        let stored = self.tx.query_opt(
            "SELECT stamp, event_seq, turn FROM tenant_clock WHERE tenant = ?1",
            &[tenant.into()],
            |row| Ok((row.moment(0)?, row.int(1)?, row.int(2)?)),
        )?;
        let stamp = self.clocks.take_off(tenant, stored.map(|(stamp, ..)| stamp));
        let (event_seq, turn) = stored.map_or((0, 0), |(_, event_seq, turn)| (event_seq, turn));
        self.tx.group.join(tenant, stamp, event_seq, turn);
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        self.tx.fault = None;
        if !group::write_back(&mut self.tx)? {
            return lite(&mut self.tx)?.run("ROLLBACK");
        }
        let started = Instant::now();
        lite(&mut self.tx)?.run("COMMIT")?;
        Statistics::add(&self.statistics.groups, 1);
        Statistics::add(
            &self.statistics.commit_micros,
            u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        );
        Ok(())
    }

    fn roll_back(&mut self) {
        if let Ok(lite) = lite(&mut self.tx)
            && !lite.is_undone()
            && let Err(error) = lite.run("ROLLBACK")
        {
            tracing::error!(%error, "a group could not be rolled back");
        }
    }

    /// Answers everybody. A refusal is answered only now too: it may rest on what a neighbour wrote.
    fn answer(&self, ran: &mut Vec<Ran>, end: Result<()>) {
        for (mut unit, kept) in ran.drain(..) {
            match &end {
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

    fn look_after_log(&mut self) {
        if self.checkpoint.is_copied() {
            if let Ok(lite) = lite(&mut self.tx) {
                checkpoint::copy(&lite.connection);
            }
            return;
        }
        self.groups += 1;
        if self.groups.is_multiple_of(LOOK_EVERY)
            && let Ok(lite) = lite(&mut self.tx)
            && checkpoint::frames(&lite.connection) > limits::WAL_FRAMES
        {
            self.checkpoint.ask();
        }
    }
}

fn lite(tx: &mut Tx) -> Result<&mut Lite> {
    match &mut tx.reader.session {
        Session::Lite(lite) => Ok(lite),
        Session::Pg(_) => Err(Error::Statement("not a SQLite session".to_owned())),
    }
}
