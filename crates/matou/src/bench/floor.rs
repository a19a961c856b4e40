//! The floor: the least that a server must do to take in an order durably. It reads the form, verifies one signature, and
//! commits in groups as many rows as Matou writes for an order of two lines, of about the same size and with as many
//! indexes, synchronous to the disk. No fields are decoded, nothing is looked up, nothing is decided.
//!
//! Rows for an order (13): raw order, two line numbers, order, two balances, two ledger rows, two counted platform goods, two
//! events, one receipt.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use rusqlite::{Connection, params};
use tokio::sync::oneshot;
use wire::call;
use wire::params::Clash;
use wire::wdt;

use crate::trouble::Trouble;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -16384;
    CREATE TABLE IF NOT EXISTS document (id INTEGER PRIMARY KEY, tenant INTEGER, no TEXT, modified INTEGER, doc TEXT,
        sealed BLOB, UNIQUE (tenant, no));
    CREATE INDEX IF NOT EXISTS document_modified ON document (tenant, modified, id);
    CREATE TABLE IF NOT EXISTS receipt (id INTEGER PRIMARY KEY, fingerprint BLOB UNIQUE, message BLOB);
    CREATE TABLE IF NOT EXISTS line (tenant INTEGER, oid TEXT, owner INTEGER, PRIMARY KEY (tenant, oid)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, tenant INTEGER, key TEXT, body TEXT);
    CREATE INDEX IF NOT EXISTS entry_key ON entry (tenant, key);
    CREATE TABLE IF NOT EXISTS balance (id INTEGER PRIMARY KEY, modified INTEGER, a INTEGER, b INTEGER, c INTEGER);
    CREATE INDEX IF NOT EXISTS balance_modified ON balance (modified, id);
";

struct Job {
    message: Bytes,
    done: oneshot::Sender<()>,
}

/// Serves the floor on `listen` until the process is stopped.
pub(super) async fn serve(listen: SocketAddr, folder: &Path) -> Result<(), Trouble> {
    let connection = Connection::open(folder.join("floor.db")).map_err(|error| Trouble::new(error.to_string()))?;
    let (jobs, waiting) = mpsc::channel::<Job>();
    std::thread::Builder::new().name("floor-writer".into()).spawn(move || write(connection, &waiting))?;
    let router = Router::new().route("/openapi2/trade_push.php", post(push)).with_state(jobs);
    let listener = tokio::net::TcpListener::bind(listen).await?;
    axum::serve(listener, router).await?;
    Ok(())
}

async fn push(State(jobs): State<mpsc::Sender<Job>>, body: Bytes) -> &'static str {
    let form = "application/x-www-form-urlencoded";
    let Ok(read) = call::read(b"", form, &body, Clash::Refuse) else { return "{\"code\":2830}" };
    let sign = read.params.get("sign").unwrap_or_default().to_owned();
    // The secret is not known here; the digest is computed and compared all the same.
    let verified = wdt::verify_as("floor", &read.params, &sign, wdt::Accept::CANONICAL);
    let (done, wait) = oneshot::channel();
    if verified.is_some() || jobs.send(Job { message: body, done }).is_err() || wait.await.is_err() {
        return "{\"code\":1020}";
    }
    "{\"code\":0}"
}

fn write(connection: Connection, waiting: &mpsc::Receiver<Job>) {
    if let Err(error) = write_all(&connection, waiting) {
        eprintln!("floor: {error}");
    }
}

fn write_all(connection: &Connection, waiting: &mpsc::Receiver<Job>) -> rusqlite::Result<()> {
    connection.execute_batch(SCHEMA)?;
    for i in 0..2000 {
        connection.execute("INSERT OR IGNORE INTO balance VALUES (?1, 0, 0, 0, 0)", [i])?;
    }
    let mut order: i64 = connection.query_row("SELECT COALESCE(MAX(id), 0) FROM receipt", [], |row| row.get(0))?;
    let doc = "x".repeat(1400);
    let sealed = vec![7u8; 260];
    while let Ok(first) = waiting.recv() {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let mut group = vec![first];
        write_order(connection, &mut order, &doc, &sealed, &group[0].message)?;
        while group.len() < 256
            && let Ok(next) = waiting.try_recv()
        {
            write_order(connection, &mut order, &doc, &sealed, &next.message)?;
            group.push(next);
        }
        connection.execute_batch("COMMIT")?;
        for job in group {
            // A caller that went away does not need its answer.
            let _ = job.done.send(());
        }
    }
    Ok(())
}

fn write_order(c: &Connection, order: &mut i64, doc: &str, sealed: &[u8], message: &[u8]) -> rusqlite::Result<()> {
    *order += 1;
    let n = *order;
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| c.prepare_cached(sql)?.execute(values).map(drop);
    for kind in 0..2 {
        let no = format!("M2026{n:012}-{kind}");
        run(
            "INSERT INTO document (id, tenant, no, modified, doc, sealed) VALUES (?1, 1, ?2, ?3, ?4, ?5)",
            params![n * 2 + kind, no, n / 5000, doc, sealed],
        )?;
        run("INSERT INTO line (tenant, oid, owner) VALUES (1, ?1, ?2)", params![no, n])?;
        for part in 0..2 {
            run(
                "INSERT INTO entry (id, tenant, key, body) VALUES (?1, 1, ?2, ?3)",
                params![n * 4 + kind * 2 + part, no, &doc[..80]],
            )?;
            run(
                "UPDATE balance SET modified = ?2, a = a + 1, b = b - 1 WHERE id = ?1",
                params![(n * 7 + kind * 31 + part * 1000) % 2000, n / 5000],
            )?;
        }
    }
    run("INSERT INTO receipt (id, fingerprint, message) VALUES (?1, ?2, ?3)", params![n, n.to_be_bytes(), message])
}
