//! A unit of work in its envelope: what to run, and whom to answer.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use tokio::sync::oneshot;
use units::Moment;

use crate::{Error, Reader, Tenant, Tx};

/// What a unit of work does. A function is one that announces nothing.
pub trait Work<T, E>: Send {
    /// Announces what [`Self::run`] begins by reading (see [`Tx::foresee`]), before any of the units that are committed together
    /// runs: then all of them ask in one exchange. A hint: it must not write, and what it does not announce is simply read.
    fn announce(&self, tx: &mut Tx) {
        let _ = tx;
    }

    /// Does the work. It may be done more than once, so it must not do anything but use its transaction.
    fn run(&self, tx: &mut Tx) -> Result<T, E>;
}

impl<F, T, E> Work<T, E> for F
where
    F: Fn(&mut Tx) -> Result<T, E> + Send,
{
    fn run(&self, tx: &mut Tx) -> Result<T, E> {
        self(tx)
    }
}

/// A waiting write. It can be run again: only `answer` lets it go.
pub(crate) trait Unit: Send {
    fn tenant(&self) -> Tenant;
    /// Announces what it begins by reading.
    fn announce(&self, tx: &mut Tx);
    /// Runs it; true when what it wrote is to be kept.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Replaces the outcome by an error.
    fn refuse(&mut self, error: Error);
    /// Sends the outcome.
    fn answer(self: Box<Self>);
}

/// How a group runs its units.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// Without savepoints, which are dear: hardly ever does a unit fail after it wrote. When one does, the group runs again with
    /// care.
    Trusting,
    /// Each unit under a savepoint of its own.
    Careful,
}

/// How a unit ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It wrote, and what it wrote is part of the group.
    Wrote,
    /// Nothing of it is part of the group.
    Idle,
    /// It failed after it wrote, and cannot be told apart from its neighbours.
    Entangled,
}

/// Why a group stops before its end.
pub(crate) enum Stop {
    /// A trusted unit failed after it wrote: everything runs again, with care.
    Entangled,
    /// The engine gave up.
    Lost(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Lost(error)
    }
}

/// A waiting read.
pub(crate) trait Look: Send {
    fn tenant(&self) -> Tenant;
    /// The end of the window that the caller reads, if the snapshot must be complete up to it.
    fn until(&self) -> Option<Moment>;
    fn run(self: Box<Self>, reader: &mut Reader);
    fn refuse(self: Box<Self>, error: Error);
}

/// Where an outcome goes: to a task or to a thread that waits.
pub(crate) enum Reply<R> {
    Task(oneshot::Sender<R>),
    Thread(mpsc::SyncSender<R>),
}

impl<R> Reply<R> {
    fn send(self, outcome: R) {
        // The caller may have gone away; the work is done all the same.
        match self {
            Self::Task(to) => drop(to.send(outcome)),
            Self::Thread(to) => drop(to.send(outcome)),
        }
    }
}

pub(crate) struct WriteJob<W, T, E> {
    pub(crate) tenant: Tenant,
    pub(crate) work: W,
    pub(crate) outcome: Option<Result<T, E>>,
    pub(crate) reply: Reply<Result<T, E>>,
}

impl<W, T, E> Unit for WriteJob<W, T, E>
where
    W: Work<T, E>,
    T: Send,
    E: From<Error> + Send,
{
    fn tenant(&self) -> Tenant {
        self.tenant
    }

    fn announce(&self, tx: &mut Tx) {
        // A panic will be met again by the unit itself.
        drop(catch_unwind(AssertUnwindSafe(|| self.work.announce(tx))));
    }

    fn run(&mut self, tx: &mut Tx) -> bool {
        let outcome = match catch_unwind(AssertUnwindSafe(|| self.work.run(tx))) {
            Ok(Ok(value)) => tx.fault.clone().map_or(Ok(value), |error| Err(error.into())),
            Ok(Err(error)) => Err(error),
            Err(panic) => Err(Error::Panicked(said(&*panic)).into()),
        };
        self.outcome.insert(outcome).is_ok()
    }

    fn refuse(&mut self, error: Error) {
        self.outcome = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>) {
        self.reply.send(self.outcome.unwrap_or_else(|| Err(Error::Closed.into())));
    }
}

pub(crate) struct ReadJob<F, T, E> {
    pub(crate) tenant: Tenant,
    pub(crate) until: Option<Moment>,
    pub(crate) work: F,
    pub(crate) reply: Reply<Result<T, E>>,
}

impl<F, T, E> Look for ReadJob<F, T, E>
where
    F: FnOnce(&mut Reader) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn tenant(&self) -> Tenant {
        self.tenant
    }

    fn until(&self) -> Option<Moment> {
        self.until
    }

    fn run(self: Box<Self>, reader: &mut Reader) {
        self.reply.send(read_safely(self.work, reader));
    }

    fn refuse(self: Box<Self>, error: Error) {
        self.reply.send(Err(error.into()));
    }
}

/// Runs a read; a panic comes back as an error.
pub(crate) fn read_safely<T, E: From<Error>>(
    work: impl FnOnce(&mut Reader) -> Result<T, E>,
    reader: &mut Reader,
) -> Result<T, E> {
    match catch_unwind(AssertUnwindSafe(|| work(reader))) {
        Ok(outcome) => outcome,
        Err(panic) => Err(Error::Panicked(said(&*panic)).into()),
    }
}

fn said(panic: &(dyn Any + Send)) -> String {
    if let Some(text) = panic.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = panic.downcast_ref::<String>() {
        text.clone()
    } else {
        "no message".to_owned()
    }
}
