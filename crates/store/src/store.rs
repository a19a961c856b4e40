//! The handle that everybody holds.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use tokio::sync::oneshot;
use units::{Clock, Moment};

use crate::postgres::{self, Postgres};
use crate::schema::MIGRATIONS;
use crate::sqlite::{self, Sqlite};
use crate::unit::{Look, ReadJob, Reply, Unit, Work, WriteJob};
use crate::{Error, Event, Migration, Reader, Result, Statistics, Tenant, Tx, Vault};

/// Which database keeps the data.
#[derive(Debug, Clone)]
pub enum Engine {
    /// One file in this folder. One process at a time.
    Sqlite {
        /// The data folder; created when it does not exist.
        folder: PathBuf,
    },
    /// A PostgreSQL database (15 or later), which several nodes may share.
    Postgres {
        /// `postgresql://user:password@host/database`.
        url: String,
        /// Threads that write, each with its own connection; a tenant always has the same one.
        workers: usize,
    },
}

/// Who opens the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The program that serves: owns the data folder, brings the schema up to date, may write.
    Owner,
    /// A tool that looks on (`doctor`, `backup`), also while the program runs: every write is refused.
    ReadOnly,
}

/// How to open a store.
pub struct Options<'a> {
    /// Which database.
    pub engine: Engine,
    /// Schema steps of the crates above, in order; the store's own come first by themselves.
    pub migrations: &'a [&'a [Migration]],
    /// Owner or onlooker.
    pub access: Access,
    /// Threads that answer reads.
    pub readers: usize,
    /// Only for tests of a full disk: pages that the SQLite file may have.
    #[doc(hidden)]
    pub max_pages: Option<i64>,
}

impl<'a> Options<'a> {
    /// The usual options.
    pub fn new(engine: Engine, migrations: &'a [&'a [Migration]]) -> Self {
        Self { engine, migrations, access: Access::Owner, readers: 2, max_pages: None }
    }

    pub(crate) fn all_migrations(&self) -> Vec<&Migration> {
        MIGRATIONS.iter().chain(self.migrations.iter().flat_map(|list| list.iter())).collect()
    }
}

/// An open store. Clones are the same store; the last one closes it.
#[derive(Clone)]
pub struct Store(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) running: Running,
    clock: Arc<dyn Clock>,
    vault: Arc<Vault>,
    statistics: Arc<Statistics>,
}

pub(crate) enum Running {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

impl Inner {
    fn close(&self) {
        match &self.running {
            Running::Sqlite(sqlite) => sqlite.close(),
            Running::Postgres(postgres) => postgres.close(),
        }
    }
}

impl Store {
    /// Opens the database and brings its schema up to date.
    pub fn open(options: &Options<'_>, clock: Arc<dyn Clock>, vault: Arc<Vault>) -> Result<Self> {
        let statistics = Arc::new(Statistics::default());
        let running = match &options.engine {
            Engine::Sqlite { folder } => {
                Running::Sqlite(sqlite::open(folder, options, clock.clone(), vault.clone(), statistics.clone())?)
            }
            Engine::Postgres { url, workers } => {
                Running::Postgres(postgres::open(url, *workers, options, &clock, &vault, &statistics)?)
            }
        };
        Ok(Self(Arc::new(Inner { running, clock, vault, statistics })))
    }

    /// Runs a unit of work; when it returns `Ok`, the unit is on disk. `Err` means that nothing of it is kept (except
    /// [`Error::Unknown`]). The unit may run more than once, so it must not do anything but use its transaction.
    pub async fn write<T, E, F>(&self, tenant: Tenant, work: F) -> std::result::Result<T, E>
    where
        F: Fn(&mut Tx) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.carry_out(tenant, work).await
    }

    /// [`Store::write`] for work that says what it begins by reading.
    pub async fn carry_out<T, E, W>(&self, tenant: Tenant, work: W) -> std::result::Result<T, E>
    where
        W: Work<T, E> + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        self.submit(Box::new(WriteJob { tenant, work, outcome: None, reply: Reply::Task(sender) }));
        receiver.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// [`Store::write`] for a thread that may wait.
    pub fn write_blocking<T, E, F>(&self, tenant: Tenant, work: F) -> std::result::Result<T, E>
    where
        F: Fn(&mut Tx) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.submit(Box::new(WriteJob { tenant, work, outcome: None, reply: Reply::Thread(sender) }));
        receiver.recv().unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// Reads one snapshot, on a reader thread.
    pub async fn read<T, E, F>(&self, tenant: Tenant, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&mut Reader) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.look(tenant, None, work).await
    }

    /// Reads a snapshot that is complete up to `end`: no later commit can have a stamp of `end` or before, as far as `end` is not in the
    /// future. Who reads windows of `modified` one after the other this way misses nothing.
    pub async fn read_until<T, E, F>(&self, tenant: Tenant, end: Moment, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&mut Reader) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.look(tenant, Some(end), work).await
    }

    /// Reads one snapshot on the calling thread (SQLite) or while it waits (PostgreSQL). For SQLite this is the fastest way to look up
    /// a few rows, also from a task.
    pub fn read_blocking<T, E, F>(&self, tenant: Tenant, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&mut Reader) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.0.running {
            Running::Sqlite(sqlite) => {
                Statistics::add(&self.0.statistics.reads, 1);
                sqlite.read_here(tenant, work)
            }
            Running::Postgres(_) => self.look_blocking(tenant, None, work),
        }
    }

    /// [`Store::read_until`] for a thread that may wait.
    pub fn read_until_blocking<T, E, F>(&self, tenant: Tenant, end: Moment, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&mut Reader) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.0.running {
            Running::Sqlite(sqlite) => {
                sqlite.clocks.pass(tenant, end);
                self.read_blocking(tenant, work)
            }
            Running::Postgres(_) => self.look_blocking(tenant, Some(end), work),
        }
    }

    /// The tenant's events after `seq`, in order.
    pub async fn events(&self, tenant: Tenant, seq: i64, limit: i64) -> Result<Vec<Event>> {
        self.read(tenant, move |reader| reader.events_after(seq, limit)).await
    }

    /// How often master data (what [`Tx::forget`] is called for) has changed: two readings with the same number in between
    /// which a query ran mean that its answer still holds. `None` where other processes may write too: on PostgreSQL, and for a
    /// store that only looks on.
    pub fn masters(&self) -> Option<u64> {
        match &self.0.running {
            Running::Sqlite(sqlite) if sqlite.is_owner() => Some(sqlite.clocks.masters()),
            Running::Sqlite(_) | Running::Postgres(_) => None,
        }
    }

    /// What the engine counts about itself.
    pub fn statistics(&self) -> &Statistics {
        &self.0.statistics
    }

    /// Writes that wait for the engine now.
    pub fn waiting(&self) -> usize {
        match &self.0.running {
            Running::Sqlite(sqlite) => sqlite.units.len(),
            Running::Postgres(postgres) => postgres.waiting(),
        }
    }

    /// Where this store takes the time from.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// The database is in this process, so no other node writes to it.
    pub fn is_embedded(&self) -> bool {
        matches!(self.0.running, Running::Sqlite(_))
    }

    /// Seals and opens.
    pub fn vault(&self) -> &Arc<Vault> {
        &self.0.vault
    }

    /// Finishes what waits, refuses what comes later, and lets the database go.
    pub fn close(&self) {
        self.0.close();
    }

    async fn look<T, E, F>(&self, tenant: Tenant, until: Option<Moment>, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&mut Reader) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        self.ask(Box::new(ReadJob { tenant, until, work, reply: Reply::Task(sender) }));
        receiver.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    fn look_blocking<T, E, F>(&self, tenant: Tenant, until: Option<Moment>, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&mut Reader) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.ask(Box::new(ReadJob { tenant, until, work, reply: Reply::Thread(sender) }));
        receiver.recv().unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    fn ask(&self, look: Box<dyn Look>) {
        let refused = match &self.0.running {
            Running::Sqlite(sqlite) => sqlite.looks.push(look),
            Running::Postgres(postgres) => postgres.looks.push(look),
        };
        if let Err((look, error)) = refused {
            look.refuse(error);
        }
    }

    fn submit(&self, unit: Box<dyn Unit>) {
        let refused = match &self.0.running {
            Running::Sqlite(sqlite) => sqlite.units.push(unit),
            Running::Postgres(postgres) => match postgres.inbox(unit.tenant()) {
                Some(inbox) => inbox.push(unit),
                None => Err((unit, Error::Closed)),
            },
        };
        if let Err((mut unit, error)) = refused {
            unit.refuse(error);
            unit.answer();
        }
    }
}
