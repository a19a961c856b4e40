//! How many durable units a second the store takes: 14 row writes and 10 reads each, from 32 concurrent callers.
//!
//! `cargo run --release -p store --example group_commit -- FOLDER [seconds] [rows already stored]`; with `MATOU_TEST_POSTGRES` set
//! and `postgres` as the folder, on PostgreSQL.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use store::{Engine, Migration, Options, Store, Tenant, Tx, Vault, receipt};
use units::{Clock, ManualClock, Moment};

const SCHEMA: &[Migration] = &[Migration {
    name: "bench-1",
    sql: "
    CREATE TABLE raw (id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, tid TEXT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL);
    CREATE UNIQUE INDEX raw_tid ON raw (tenant, tid);
    CREATE INDEX raw_modified ON raw (tenant, modified, id);
    CREATE TABLE raw_line (oid TEXT NOT NULL, raw BIGINT NOT NULL, num BIGINT NOT NULL, PRIMARY KEY (raw, oid)) /*clustered*/;
    CREATE TABLE trade (id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, status BIGINT NOT NULL, modified BIGINT NOT NULL,
        doc TEXT NOT NULL);
    CREATE UNIQUE INDEX trade_no ON trade (tenant, no);
    CREATE INDEX trade_modified ON trade (tenant, modified, id);
    CREATE TABLE balance (spec BIGINT PRIMARY KEY, reserved BIGINT NOT NULL);
    CREATE TABLE ledger (id BIGINT PRIMARY KEY, spec BIGINT NOT NULL, delta BIGINT NOT NULL, after BIGINT NOT NULL, document BIGINT NOT NULL);
    CREATE INDEX ledger_spec ON ledger (spec, id);
    ",
}];
const SPECS: i64 = 500;

fn order(tx: &mut Tx, number: i64) -> store::Result<i64> {
    let tenant = tx.tenant();
    let now = tx.now();
    let tid = format!("JY{:016x}", number.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15));
    if tx
        .query_opt("SELECT id FROM raw WHERE tenant = ?1 AND tid = ?2", &[tenant.into(), (&tid).into()], |r| r.int(0))?
        .is_some()
    {
        return Err(store::Error::Conflict(tid));
    }
    let receipt = tx.document_id("receipt")?;
    let print = receipt::fingerprint(tx.vault(), now, &tid);
    let message = [7_u8; 900];
    tx.put(
        "INSERT INTO receipt (id, tenant, fingerprint, app, method, at, message, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            receipt.into(),
            tenant.into(),
            (&print).into(),
            "app".into(),
            "trade.push".into(),
            now.into(),
            (&message).into(),
            (&message[..16]).into(),
        ],
    )?;
    tx.set_receipt(receipt);
    let doc = "x".repeat(700);
    let raw = tx.document_id("raw")?;
    tx.put(
        "INSERT INTO raw (id, tenant, tid, modified, doc) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[raw.into(), tenant.into(), (&tid).into(), now.into(), (&doc).into()],
    )?;
    let trade = tx.document_id("trade")?;
    let no = format!("JY{:012}", store::wire_id(trade));
    for line in 0..2 {
        let oid = format!("{tid}-{line}");
        tx.put("INSERT INTO raw_line (oid, raw, num) VALUES (?1, ?2, ?3)", &[(&oid).into(), raw.into(), 1_i64.into()])?;
        let spec = (number * 7 + line * 13) % SPECS;
        for _ in 0..3 {
            tx.query_one("SELECT reserved FROM balance WHERE spec = ?1", &[spec.into()], |r| r.int(0))?;
        }
        let after = tx.query_one(
            "UPDATE balance SET reserved = reserved + 1 WHERE spec = ?1 RETURNING reserved",
            &[spec.into()],
            |r| r.int(0),
        )?;
        let entry = tx.document_id("ledger")?;
        tx.put(
            "INSERT INTO ledger (id, spec, delta, after, document) VALUES (?1, ?2, ?3, ?4, ?5)",
            &[entry.into(), spec.into(), 1_i64.into(), after.into(), trade.into()],
        )?;
    }
    tx.put(
        "INSERT INTO trade (id, tenant, no, status, modified, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[trade.into(), tenant.into(), (&no).into(), 30_i64.into(), now.into(), (&doc).into()],
    )?;
    for topic in ["raw.pushed", "trade.made", "trade.reserved", "stock.reserved"] {
        tx.event(topic, &no, &[("id", trade), ("status", 30)])?;
    }
    Ok(trade)
}

fn percent(sorted: &[u64], part: usize) -> u64 {
    sorted.get(sorted.len() * part / 100).copied().unwrap_or(0)
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "group-commit-data".to_owned());
    let seconds: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(5);
    let fill: i64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let engine = engine(&folder);
    let clock = Arc::new(ManualClock::at(Moment::from_unix(1_700_000_000)));
    let lists: [&[Migration]; 1] = [SCHEMA];
    let store =
        Store::open(&Options::new(engine, &lists), clock.clone() as Arc<dyn Clock>, Arc::new(Vault::new([1; 32])))
            .unwrap();
    let tenant = Tenant(1);
    let first = store
        .write_blocking(tenant, |tx| {
            for spec in 0..SPECS {
                tx.put("INSERT INTO balance (spec, reserved) VALUES (?1, 0) ON CONFLICT DO NOTHING", &[spec.into()])?;
            }
            tx.query_one("SELECT COALESCE(MAX(id), 0) FROM raw", &[], |r| r.int(0)).map(store::wire_id)
        })
        .unwrap();
    let number = Arc::new(AtomicI64::new(first));
    while number.load(Ordering::Relaxed) < fill {
        let from = number.fetch_add(500, Ordering::Relaxed);
        store.write_blocking(tenant, move |tx| (from..from + 500).try_for_each(|n| order(tx, n).map(drop))).unwrap();
        clock.advance(1);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let done = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let before = store.statistics().figures();
    let mut times: Vec<u64> = runtime.block_on(async {
        let callers: Vec<_> = (0..32)
            .map(|_| {
                let (store, number, done) = (store.clone(), number.clone(), done.clone());
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    while started.elapsed() < Duration::from_secs(seconds) {
                        let n = number.fetch_add(1, Ordering::Relaxed);
                        let begun = Instant::now();
                        store.write(tenant, move |tx| order(tx, n)).await.unwrap();
                        times.push(u64::try_from(begun.elapsed().as_micros()).unwrap());
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    times
                })
            })
            .collect();
        let mut all = Vec::new();
        for caller in callers {
            all.extend(caller.await.unwrap());
        }
        all
    });
    let after = store.statistics().figures();
    times.sort_unstable();
    let count = done.load(Ordering::Relaxed);
    let groups = after.groups - before.groups;
    println!(
        "{:.0} units/s, {:.1} units a group, commit {:.0} us, p50 {} us, p99 {} us, {} stored",
        count as f64 / started.elapsed().as_secs_f64(),
        count as f64 / groups.max(1) as f64,
        (after.commit_micros - before.commit_micros) as f64 / groups.max(1) as f64,
        percent(&times, 50),
        percent(&times, 99),
        number.load(Ordering::Relaxed),
    );
    store.close();
}

/// `postgres` means the database of `MATOU_TEST_POSTGRES`; everything else is a folder.
fn engine(folder: &str) -> Engine {
    match std::env::var("MATOU_TEST_POSTGRES") {
        Ok(url) if folder == "postgres" => Engine::Postgres { url, workers: 2 },
        _ => Engine::Sqlite { folder: folder.into() },
    }
}
