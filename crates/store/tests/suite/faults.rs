//! A full disk, a lost database: a clear error, nothing half done, and recovery by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use store::{Engine, Error, Result, Store, Tx};
use units::{ManualClock, Moment};

use crate::world::{SCHEMA, START, TENANT, World, note, notes, open, open_with, psql};

fn big(tx: &mut Tx, number: i64) -> Result<()> {
    let id = note(tx, &format!("big {number}"))?;
    let picture = vec![7_u8; 60_000];
    tx.put("UPDATE note SET picture = ?2 WHERE id = ?1", &[TENANT.id(id).into(), (&picture).into()])
}

#[test]
fn a_full_disk_is_said_and_survived() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::Sqlite { folder: folder.path().to_owned() };
    let clock = Arc::new(ManualClock::at(Moment::from_unix(START)));
    let store = open_with(&engine, &clock, &[SCHEMA], |mut options| {
        options.max_pages = Some(400);
        options
    })
    .unwrap();
    let mut kept = 0;
    let error = loop {
        match store.write_blocking(TENANT, move |tx| big(tx, kept)) {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 1000, "the disk never gets full");
    };
    assert!(matches!(error, Error::Full(_)), "{error:?}");
    assert!(error.to_string().contains("disk is full") && error.is_passing(), "{error}");
    assert_eq!(notes(&store, TENANT).len() as i64, kept, "nothing of the refused unit is there");
    // Several at once: those that fit are kept, and an answer is the truth.
    let fits = std::thread::scope(|scope| {
        let running: Vec<_> = (0..8)
            .map(|n| {
                let store = &store;
                scope.spawn(move || store.write_blocking(TENANT, move |tx| big(tx, 1000 + n)).is_ok())
            })
            .collect();
        running.into_iter().filter(|_| true).map(|thread| thread.join().unwrap()).filter(|ok| *ok).count()
    });
    assert_eq!(notes(&store, TENANT).len(), usize::try_from(kept).unwrap() + fits);
    // Room is made: what was deleted can be used again, without a restart.
    let freed: u64 = store
        .write_blocking(TENANT, |tx| tx.execute("UPDATE note SET picture = NULL WHERE tenant = ?1", &[TENANT.into()]))
        .unwrap();
    assert!(freed > 0);
    store.write_blocking(TENANT, |tx| big(tx, 5000)).unwrap();
    store.close();
    let store = open(&engine, &clock).unwrap();
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    store.write_blocking(TENANT, |tx| big(tx, 6000)).unwrap();
}

#[test]
fn a_lost_connection_is_opened_again() {
    let Some(world) = World::postgres() else { return };
    let Some(schema) = world.schema.clone() else { return };
    let over = AtomicBool::new(false);
    let (kept, lost) = std::thread::scope(|scope| {
        let writing: Vec<_> = (0..4)
            .map(|writer| {
                let (store, over) = (&world.store, &over);
                scope.spawn(move || write_until(store, writer, over))
            })
            .collect();
        for _ in 0..6 {
            std::thread::sleep(Duration::from_millis(60));
            psql(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE application_name = 'matou' AND pid <> pg_backend_pid() AND query LIKE '%' AND datname = current_database()
                 AND pid IN (SELECT pid FROM pg_locks JOIN pg_class ON relation = pg_class.oid
                             JOIN pg_namespace ON relnamespace = pg_namespace.oid WHERE nspname = '{schema}')"
            ));
        }
        std::thread::sleep(Duration::from_millis(300));
        over.store(true, Ordering::SeqCst);
        writing.into_iter().map(|thread| thread.join().unwrap()).fold((Vec::new(), 0), |(mut all, n), (kept, lost)| {
            all.extend(kept);
            (all, n + lost)
        })
    });
    assert!(lost > 0, "no connection was killed in the middle of its work");
    let stored = notes(&world.store, TENANT);
    for words in &kept {
        assert_eq!(stored.iter().filter(|found| *found == words).count(), 1, "{words} was acknowledged");
    }
    assert!(world.store.statistics().figures().lost > 0);
}

/// Writes notes until told to stop; those acknowledged, and how many units were lost. Goes on after a loss.
fn write_until(store: &Store, writer: usize, over: &AtomicBool) -> (Vec<String>, usize) {
    let (mut kept, mut lost) = (Vec::new(), 0);
    let mut number = 0;
    let mut last_kept = Instant::now();
    while !over.load(Ordering::SeqCst) || last_kept.elapsed() > Duration::from_secs(5) {
        number += 1;
        let words = format!("{writer}-{number}");
        let mine = words.clone();
        let done: Result<i64> = store.write_blocking(TENANT, move |tx| {
            std::thread::sleep(Duration::from_millis(1));
            let id = note(tx, &words)?;
            tx.query("SELECT id FROM note WHERE words = ?1", &[(&words).into()], |row| row.int(0))?;
            Ok(id)
        });
        match done {
            Ok(_) => {
                kept.push(mine);
                last_kept = Instant::now();
            }
            Err(Error::Lost(_) | Error::Unknown(_)) => lost += 1,
            Err(other) => panic!("{other:?}"),
        }
        assert!(last_kept.elapsed() < Duration::from_secs(20), "the connection never came back");
    }
    (kept, lost)
}

#[test]
fn no_database_is_an_error_at_once() {
    let clock = Arc::new(ManualClock::at(Moment::from_unix(START)));
    // Nothing listens on the discard port of the loopback.
    let engine = Engine::Postgres { url: "postgresql://nobody@127.0.0.1:9/none".to_owned(), workers: 1 };
    let refused = open(&engine, &clock).err();
    assert!(matches!(refused, Some(Error::Lost(_))), "{refused:?}");
    let engine = Engine::Postgres { url: "not an address".to_owned(), workers: 1 };
    assert!(matches!(open(&engine, &clock).err(), Some(Error::Elsewhere(_))));
}
