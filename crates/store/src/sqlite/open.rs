//! Opening the file, and what is open then.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use units::Clock;

use crate::inbox::Inbox;
use crate::migration::{self, Migration};
use crate::reader::{Reader, Session};
use crate::schema::{Spelling, spell};
use crate::sqlite::checkpoint::{self, Checkpoint};
use crate::sqlite::clocks::Clocks;
use crate::sqlite::lite::{Lite, fault};
use crate::sqlite::lock::Lock;
use crate::sqlite::pool::Pool;
use crate::sqlite::writer;
use crate::unit::{Look, Unit, read_safely};
use crate::{Access, Error, Options, Result, Statistics, Tenant, Tx, Vault, limits};

/// The running engine.
pub(crate) struct Sqlite {
    pub(crate) file: PathBuf,
    pub(crate) units: Arc<Inbox<Box<dyn Unit>>>,
    pub(crate) looks: Arc<Inbox<Box<dyn Look>>>,
    pub(crate) clocks: Arc<Clocks>,
    pub(crate) pool: Arc<Pool>,
    checkpoint: Arc<Checkpoint>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    lock: Mutex<Option<Lock>>,
    owner: bool,
}

/// Name of the database in the data folder.
pub const DATABASE_FILE: &str = "matou.db";

/// Opens the database of `folder`, brings its schema up to date and starts the threads.
pub(crate) fn open(
    folder: &Path,
    options: &Options<'_>,
    clock: Arc<dyn Clock>,
    vault: Arc<Vault>,
    statistics: Arc<Statistics>,
) -> Result<Sqlite> {
    let file = folder.join(DATABASE_FILE);
    let owner = options.access == Access::Owner;
    let lock = if owner {
        std::fs::create_dir_all(folder).map_err(|error| Error::Disk(format!("{}: {error}", folder.display())))?;
        let lock = Lock::take(folder)?;
        migrate(&mut connect_writer(&file)?, &options.all_migrations(), clock.as_ref())?;
        Some(lock)
    } else {
        None
    };
    let clocks = Arc::new(Clocks::new(clock));
    let units = Arc::new(Inbox::new());
    let looks = Arc::new(Inbox::new());
    let pool = Arc::new(Pool::new(file.clone(), vault.clone()));
    let checkpoint = Arc::new(Checkpoint::new());
    let mut threads = Vec::new();
    if owner {
        let connection = connect_writer(&file)?;
        if let Some(pages) = options.max_pages {
            connection.pragma_update(None, "max_page_count", pages).map_err(|e| fault(&e))?;
        }
        let tx = Tx::new(Reader::new(Session::Lite(Lite::new(connection)), vault));
        let desk = writer::Writer::new(tx, units.clone(), clocks.clone(), checkpoint.clone(), statistics.clone());
        threads.push(start("store-writer", move || desk.run())?);
        let (copier, signal) = (connect_writer(&file)?, checkpoint.clone());
        threads.push(start("store-checkpoint", move || checkpoint::run(&copier, &signal))?);
    } else {
        units.close();
        pool.snapshot(Tenant::HOUSE, |_| ())?;
    }
    for _ in 0..options.readers.max(1) {
        let (looks, clocks, pool, statistics) = (looks.clone(), clocks.clone(), pool.clone(), statistics.clone());
        threads.push(start("store-reader", move || {
            while let Some(look) = looks.pop() {
                answer(look, &clocks, &pool);
                Statistics::add(&statistics.reads, 1);
            }
        })?);
    }
    Ok(Sqlite {
        file,
        units,
        looks,
        clocks,
        pool,
        checkpoint,
        threads: Mutex::new(threads),
        lock: Mutex::new(lock),
        owner,
    })
}

fn answer(look: Box<dyn Look>, clocks: &Clocks, pool: &Pool) {
    if let Some(end) = look.until() {
        clocks.pass(look.tenant(), end);
    }
    let mut look = Some(look);
    let lent = pool.snapshot(look.as_ref().map_or(Tenant::HOUSE, |look| look.tenant()), |reader| {
        if let Some(look) = look.take() {
            look.run(reader);
        }
    });
    if let (Err(error), Some(look)) = (lent, look) {
        look.refuse(error);
    }
}

impl Sqlite {
    /// Whether this process is the one that writes.
    pub(crate) fn is_owner(&self) -> bool {
        self.owner
    }

    /// Reads on the calling thread.
    pub(crate) fn read_here<T, E: From<Error>>(
        &self,
        tenant: Tenant,
        work: impl FnOnce(&mut Reader) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match self.pool.snapshot(tenant, |reader| read_safely(work, reader)) {
            Ok(outcome) => outcome,
            Err(error) => Err(error.into()),
        }
    }

    /// Finishes what waits and ends the threads.
    pub(crate) fn close(&self) {
        self.units.close();
        self.looks.close();
        self.checkpoint.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let here = std::thread::current().id();
        for thread in threads {
            // The last handle of the store may be dropped by a unit that it runs; a thread cannot wait for itself.
            if thread.thread().id() != here {
                drop(thread.join());
            }
        }
        self.pool.close();
        drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map_err(|error| Error::Disk(error.to_string()))
}

/// A connection that may write. Checkpoints are made by their own thread, so a commit never pays for one.
pub(crate) fn connect_writer(file: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|e| fault(&e))?;
    let settings = format!(
        "PRAGMA page_size = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;
         PRAGMA foreign_keys = OFF; PRAGMA cache_size = -{};",
        limits::PAGE_BYTES,
        limits::WRITER_CACHE_KIB
    );
    connection.execute_batch(&settings).map_err(|e| fault(&e))?;
    common(&connection)?;
    Ok(connection)
}

/// A connection that cannot write.
pub(crate) fn connect_reader(file: &Path) -> Result<Lite> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|e| fault(&e))?;
    let settings = format!(
        "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{};",
        limits::READER_CACHE_KIB
    );
    connection.execute_batch(&settings).map_err(|e| fault(&e))?;
    common(&connection)?;
    Ok(Lite::new(connection))
}

fn common(connection: &Connection) -> Result<()> {
    // A plan is made once for a statement: without this, SQLite compiles joins and limits anew for every set of parameters.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(|e| fault(&e))?;
    connection.set_prepared_statement_cache_capacity(limits::STATEMENTS);
    connection.busy_timeout(Duration::from_secs(10)).map_err(|e| fault(&e))
}

fn migrate(connection: &mut Connection, wanted: &[&Migration], clock: &dyn Clock) -> Result<()> {
    let sql = |e: rusqlite::Error| fault(&e);
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sql)?;
    transaction.execute_batch(migration::TABLE).map_err(sql)?;
    let applied = {
        let mut statement = transaction.prepare("SELECT name, checksum FROM migration").map_err(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(sql)?;
        rows.collect::<rusqlite::Result<Vec<(String, String)>>>().map_err(sql)?
    };
    for step in migration::pending(wanted, &applied)? {
        transaction
            .execute_batch(&spell(step.sql, Spelling::Sqlite))
            .map_err(|error| Error::Migration(format!("step {}: {error}", step.name)))?;
        transaction
            .execute(
                "INSERT INTO migration (name, checksum, at) VALUES (?1, ?2, ?3)",
                (step.name, step.checksum(), clock.now().unix()),
            )
            .map_err(sql)?;
    }
    transaction.commit().map_err(sql)
}
