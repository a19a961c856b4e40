//! An open store with a table to play with.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use store::{Engine, Migration, Options, Result, Row, Store, Tenant, Tx, Vault};
use tempfile::TempDir;
use units::{Clock, ManualClock, Moment};

/// The tenant most tests write for.
pub(crate) const TENANT: Tenant = Tenant(1);
/// When the world begins.
pub(crate) const START: i64 = 1_700_000_000;

/// The table of the tests.
pub(crate) const SCHEMA: &[Migration] = &[Migration {
    name: "test-1",
    sql: "
        CREATE TABLE note (
            id BIGINT PRIMARY KEY,
            tenant BIGINT NOT NULL,
            modified BIGINT NOT NULL,
            words TEXT,
            picture BYTES
        );
        CREATE UNIQUE INDEX note_words ON note (tenant, words);
        CREATE INDEX note_modified ON note (tenant, modified, id);
        CREATE TABLE pair (a BIGINT NOT NULL, b TEXT NOT NULL, PRIMARY KEY (a, b)) /*clustered*/;
    ",
}];

/// A store, its clock and where it lives.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) engine: Engine,
    pub(crate) schema: Option<String>,
    _folder: Option<TempDir>,
}

impl World {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::Sqlite { folder: folder.path().to_owned() };
        let clock = Arc::new(ManualClock::at(Moment::from_unix(START)));
        Self { store: open(&engine, &clock).unwrap(), clock, engine, schema: None, _folder: Some(folder) }
    }

    /// A schema of its own in the database that was asked for.
    pub(crate) fn postgres() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = postgres_url()?;
        let schema = format!("suite_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
        psql(&format!("CREATE SCHEMA {schema}"));
        let mark = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{mark}options=-csearch_path%3D{schema}");
        let engine = Engine::Postgres { url, workers: 2 };
        let clock = Arc::new(ManualClock::at(Moment::from_unix(START)));
        Some(Self { store: open(&engine, &clock).unwrap(), clock, engine, schema: Some(schema), _folder: None })
    }

    /// Another handle on the same data: a second node with PostgreSQL, the same store with SQLite.
    pub(crate) fn node(&self) -> Store {
        match self.engine {
            Engine::Sqlite { .. } => self.store.clone(),
            Engine::Postgres { .. } => open(&self.engine, &self.clock).unwrap(),
        }
    }

    /// Closes the store and opens it again.
    pub(crate) fn reopened(&self) -> Store {
        self.store.close();
        open(&self.engine, &self.clock).unwrap()
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.store.close();
        if let Some(schema) = &self.schema {
            psql(&format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

pub(crate) fn postgres_url() -> Option<String> {
    std::env::var("MATOU_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// Runs a statement on a connection beside the store.
pub(crate) fn psql(sql: &str) {
    let url = postgres_url().expect("a PostgreSQL test");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("SET client_min_messages = warning; {sql}")).await.unwrap();
    });
}

pub(crate) fn vault() -> Arc<Vault> {
    Arc::new(Vault::new([3; 32]))
}

pub(crate) fn open(engine: &Engine, clock: &Arc<ManualClock>) -> Result<Store> {
    open_with(engine, clock, &[SCHEMA], |options| options)
}

pub(crate) fn open_with<'a>(
    engine: &Engine,
    clock: &Arc<ManualClock>,
    lists: &'a [&'a [Migration]],
    change: impl FnOnce(Options<'a>) -> Options<'a>,
) -> Result<Store> {
    Store::open(&change(Options::new(engine.clone(), lists)), clock.clone(), vault())
}

/// Writes a note and gives its number.
pub(crate) fn note(tx: &mut Tx, words: &str) -> Result<i64> {
    let (id, tenant, now) = (tx.document_id("note")?, tx.tenant(), tx.now());
    tx.put(
        "INSERT INTO note (id, tenant, modified, words) VALUES (?1, ?2, ?3, ?4)",
        &[id.into(), tenant.into(), now.into(), words.into()],
    )?;
    Ok(store::wire_id(id))
}

/// The words of all notes of the tenant, by number.
pub(crate) fn notes(store: &Store, tenant: Tenant) -> Vec<String> {
    store
        .read_blocking(tenant, move |reader| {
            reader.query("SELECT words FROM note WHERE tenant = ?1 ORDER BY id", &[tenant.into()], |row: &Row<'_>| {
                row.string(0)
            })
        })
        .unwrap()
}
