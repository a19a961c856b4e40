//! Opening the database, and what is open then.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use units::Clock;

use crate::inbox::Inbox;
use crate::migration::{self, Migration};
use crate::postgres::connect::Dial;
use crate::postgres::session::Pg;
use crate::postgres::writer::Writer;
use crate::reader::{Reader, Session};
use crate::schema::{Spelling, spell};
use crate::unit::{Look, Unit};
use crate::{Access, Error, Options, Result, Row, Statistics, Tenant, Tx, Vault};

/// Nodes that start together bring the schema up to date one after the other: the number of the advisory lock ("MATOU").
const SCHEMA_LOCK: i64 = 0x4D_4154_4F55;

/// The running engine.
pub(crate) struct Postgres {
    units: Vec<Arc<Inbox<Box<dyn Unit>>>>,
    pub(crate) looks: Arc<Inbox<Box<dyn Look>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// Connects, brings the schema up to date and starts the threads.
pub(crate) fn open(
    url: &str,
    workers: usize,
    options: &Options<'_>,
    clock: &Arc<dyn Clock>,
    vault: &Arc<Vault>,
    statistics: &Arc<Statistics>,
) -> Result<Postgres> {
    let config = Dial::parse(url)?;
    let session = || Pg::new(config.clone(), statistics.clone()).map(|pg| Session::Pg(Box::new(pg)));
    let mut first = Tx::new(Reader::new(session()?, vault.clone()));
    let owner = options.access == Access::Owner;
    if owner {
        migrate(&mut first, &options.all_migrations(), clock.as_ref())?;
    }
    let mut threads = Vec::new();
    let mut units = Vec::new();
    for number in 0..workers.max(1) {
        let inbox = Arc::new(Inbox::new());
        units.push(inbox.clone());
        if !owner {
            inbox.close();
            continue;
        }
        let tx = Tx::new(Reader::new(session()?, vault.clone()));
        let desk = Writer { tx, units: inbox, clock: clock.clone(), statistics: statistics.clone() };
        threads.push(start(&format!("store-writer-{number}"), move || desk.run())?);
    }
    let looks: Arc<Inbox<Box<dyn Look>>> = Arc::new(Inbox::new());
    for number in 0..options.readers.max(1) {
        let reader = Reader::new(session()?, vault.clone());
        let (looks, clock, statistics) = (looks.clone(), clock.clone(), statistics.clone());
        threads.push(start(&format!("store-reader-{number}"), move || {
            super::reader::run(reader, &looks, clock.as_ref(), &statistics);
        })?);
    }
    Ok(Postgres { units, looks, threads: Mutex::new(threads) })
}

impl Postgres {
    /// The inbox of the worker that writes for `tenant`.
    pub(crate) fn inbox(&self, tenant: Tenant) -> Option<&Inbox<Box<dyn Unit>>> {
        let number = usize::try_from(tenant.0).unwrap_or(0) % self.units.len().max(1);
        self.units.get(number).map(Arc::as_ref)
    }

    pub(crate) fn waiting(&self) -> usize {
        self.units.iter().map(|inbox| inbox.len()).sum()
    }

    /// Finishes what waits and ends the threads.
    pub(crate) fn close(&self) {
        for inbox in &self.units {
            inbox.close();
        }
        self.looks.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let here = std::thread::current().id();
        for thread in threads {
            // The last handle of the store may be dropped by a unit that it runs; a thread cannot wait for itself.
            if thread.thread().id() != here {
                drop(thread.join());
            }
        }
    }
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map_err(|error| Error::Disk(error.to_string()))
}

fn batch(tx: &mut Tx, sql: &str) -> Result<()> {
    match &mut tx.reader.session {
        Session::Pg(session) => {
            session.ready()?;
            session.batch(sql)
        }
        Session::Lite(_) => Err(Error::Statement("not a PostgreSQL session".to_owned())),
    }
}

fn migrate(tx: &mut Tx, wanted: &[&Migration], clock: &dyn Clock) -> Result<()> {
    batch(tx, &format!("BEGIN; SELECT pg_advisory_xact_lock({SCHEMA_LOCK})"))?;
    batch(tx, migration::TABLE)?;
    let applied =
        tx.query("SELECT name, checksum FROM migration", &[], |row: &Row<'_>| Ok((row.string(0)?, row.string(1)?)))?;
    for step in migration::pending(wanted, &applied)? {
        batch(tx, &spell(step.sql, Spelling::Postgres))
            .map_err(|error| Error::Migration(format!("step {}: {error}", step.name)))?;
        tx.execute(
            "INSERT INTO migration (name, checksum, at) VALUES (?1, ?2, ?3)",
            &[step.name.into(), (&step.checksum()).into(), clock.now().into()],
        )?;
    }
    batch(tx, "COMMIT")
}
