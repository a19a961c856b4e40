//! All or nothing, together but not entangled.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use store::{Error, Result, Tenant, Tx, Value};

use crate::world::{TENANT, World, note, notes};

on_both_engines!(
    answered_is_durable_and_grouped,
    a_failing_unit_leaves_nothing,
    a_part_fails_alone,
    what_was_undone_is_not_remembered,
    a_failed_statement_fails_the_unit,
    a_panic_is_an_error,
    counters_count_per_tenant,
    values_come_back,
    reads_cannot_write,
    a_read_is_one_snapshot,
    a_closed_store_says_so,
);

/// A unit whose answer has come is visible to everybody, and survives a restart; units that wait share commits.
fn answered_is_durable_and_grouped(world: &World) {
    const CALLERS: usize = 16;
    const EACH: usize = 20;
    std::thread::scope(|scope| {
        for caller in 0..CALLERS {
            let store = &world.store;
            scope.spawn(move || {
                for number in 0..EACH {
                    let words = format!("{caller}-{number}");
                    let mine = words.clone();
                    store.write_blocking(TENANT, move |tx| note(tx, &words)).unwrap();
                    assert!(notes(store, TENANT).contains(&mine), "{mine} was answered but cannot be seen");
                }
            });
        }
    });
    let figures = world.store.statistics().figures();
    assert_eq!(figures.kept, (CALLERS * EACH) as u64);
    assert!(figures.groups < figures.kept, "{} units took {} commits", figures.kept, figures.groups);
    assert_eq!(notes(&world.reopened(), TENANT).len(), CALLERS * EACH);
}

/// Parts of a unit that are refused leave nothing, not even the numbers they took; the rest of the unit is kept.
fn a_part_fails_alone(world: &World) {
    let kept = world.store.write_blocking(TENANT, |tx| {
        let mut kept = Vec::new();
        for number in 0..6 {
            let outcome = tx.attempt(|tx| {
                let words = format!("part {number}");
                let taken = tx.next("part")?;
                note(tx, &words)?;
                tx.event("note.written", &words, &taken)?;
                // Half of the refused parts have read what they wrote, half have not.
                if number % 4 == 1 {
                    tx.query("SELECT 1 FROM note", &[], |row| row.int(0))?;
                }
                if number % 2 == 1 { Err(Error::Missing) } else { Ok(taken) }
            });
            kept.extend(outcome.ok());
        }
        Ok::<_, Error>(kept)
    });
    assert_eq!(kept.unwrap(), [1, 2, 3]);
    assert_eq!(notes(&world.store, TENANT), ["part 0", "part 2", "part 4"]);
    let events = world.store.read_blocking(TENANT, |reader| reader.events_after(0, 10)).unwrap();
    assert_eq!(events.iter().map(|event| &*event.key).collect::<Vec<_>>(), ["part 0", "part 2", "part 4"]);
    let poisoned: Result<()> = world.store.write_blocking(TENANT, |tx| {
        note(tx, "before")?;
        let _ = tx.attempt(|tx| tx.execute("INSERT INTO nowhere (id) VALUES (1)", &[]).map(drop));
        Ok(())
    });
    assert!(poisoned.is_err(), "a failure of the store spoils the whole unit");
    assert_eq!(notes(&world.store, TENANT).len(), 3);
}

/// A unit may remember a row that it made itself; when it is undone, the next one must not meet that row.
fn what_was_undone_is_not_remembered(world: &World) {
    fn words(tx: &mut Tx) -> Result<Option<Arc<String>>> {
        tx.remember("note", "mine", |tx| {
            tx.query_opt("SELECT words FROM note WHERE words = 'mine'", &[], |row| row.string(0))
        })
    }
    fn make(tx: &mut Tx) -> Result<()> {
        note(tx, "mine")?;
        assert_eq!(words(tx)?.as_deref().map(String::as_str), Some("mine"));
        Err(Error::Missing)
    }
    assert!(world.store.write_blocking(TENANT, make).is_err());
    let met = world.store.write_blocking(TENANT, |tx| {
        let before = words(tx)?;
        assert!(tx.attempt(make).is_err());
        Ok::<_, Error>((before, words(tx)?))
    });
    assert_eq!(met.unwrap(), (None, None));
}

fn a_failing_unit_leaves_nothing(world: &World) {
    std::thread::scope(|scope| {
        for caller in 0..8 {
            let store = &world.store;
            scope.spawn(move || {
                for number in 0..10 {
                    let words = format!("{caller}-{number}");
                    let bad = number % 3 == 0;
                    let done: Result<i64> = store.write_blocking(TENANT, move |tx| {
                        let id = note(tx, &words)?;
                        tx.event("note.written", &words, &id)?;
                        if bad { Err(Error::Missing) } else { Ok(id) }
                    });
                    assert_eq!(done.is_err(), bad);
                }
            });
        }
    });
    let kept = notes(&world.store, TENANT);
    assert_eq!(kept.len(), 8 * 6);
    assert!(kept.iter().all(|words| !words.ends_with(['0', '3', '6', '9'])), "{kept:?}");
    let events = world.store.read_blocking(TENANT, |reader| reader.events_after(0, 1000)).unwrap();
    let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=48).collect::<Vec<i64>>(), "failed units gave their event numbers back");
}

/// PostgreSQL spoils a transaction with a failed statement, so neither engine lets a unit hide one.
fn a_failed_statement_fails_the_unit(world: &World) {
    world.store.write_blocking(TENANT, |tx| note(tx, "once")).unwrap();
    let done: Result<()> = world.store.write_blocking(TENANT, |tx| {
        note(tx, "before")?;
        let twice = note(tx, "once").and_then(|_| tx.query("SELECT 1", &[], |row| row.int(0)));
        assert!(matches!(twice, Err(Error::Conflict(_))), "{twice:?}");
        assert!(note(tx, "after").is_err(), "nothing runs after a failed statement");
        Ok(())
    });
    assert!(matches!(done, Err(Error::Conflict(_))), "{done:?}");
    let done: Result<u64> = world.store.write_blocking(TENANT, |tx| tx.execute("INSERT INTO nowhere VALUES (1)", &[]));
    assert!(matches!(done, Err(Error::Statement(_))), "{done:?}");
    let done: Result<i64> = world.store.write_blocking(TENANT, |tx| note(tx, "a\0b"));
    assert!(matches!(done, Err(Error::Invalid(_))), "{done:?}");
    assert_eq!(notes(&world.store, TENANT), ["once"]);
    assert_eq!(world.store.write_blocking(TENANT, |tx| note(tx, "twice")).unwrap(), 2);
}

fn a_panic_is_an_error(world: &World) {
    let done: Result<()> = world.store.write_blocking(TENANT, |tx| {
        note(tx, "lost")?;
        panic!("out of order")
    });
    assert_eq!(done, Err(Error::Panicked("out of order".to_owned())));
    let read: Result<()> = world.store.read_blocking(TENANT, |_| panic!("unreadable"));
    assert_eq!(read, Err(Error::Panicked("unreadable".to_owned())));
    assert_eq!(world.store.write_blocking(TENANT, |tx| note(tx, "kept")).unwrap(), 1);
    assert_eq!(notes(&world.store, TENANT), ["kept"]);
}

fn counters_count_per_tenant(world: &World) {
    let seen = Arc::new(std::sync::Mutex::new(HashSet::new()));
    std::thread::scope(|scope| {
        for caller in 0..6_i64 {
            let (store, seen) = (&world.store, seen.clone());
            scope.spawn(move || {
                let tenant = Tenant(1 + caller % 3);
                for number in 0..12 {
                    let got: Result<(i64, i64)> = store.write_blocking(tenant, move |tx| {
                        let pair = (tx.next("order")?, tx.document_id("refund")?);
                        if number % 4 == 3 { Err(Error::Missing) } else { Ok(pair) }
                    });
                    if let Ok((order, refund)) = got {
                        assert_eq!(store::wire_id(refund), order);
                        assert_eq!(Tenant::of(refund), tenant);
                        assert!(seen.lock().unwrap().insert((tenant, order)), "{tenant:?} {order} was given twice");
                    }
                }
            });
        }
    });
    let seen = seen.lock().unwrap();
    for tenant in 1..=3 {
        let mut numbers: Vec<i64> = seen.iter().filter(|(t, _)| t.0 == tenant).map(|(_, n)| *n).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=18).collect::<Vec<i64>>(), "no gaps, though units failed");
    }
    let next = world.reopened().write_blocking(Tenant(1), |tx: &mut Tx| tx.next("order")).unwrap();
    assert_eq!(next, 19);
}

fn values_come_back(world: &World) {
    let insert = "INSERT INTO note (id, tenant, modified, words, picture) VALUES (?1, ?2, ?3, ?4, ?5)";
    world
        .store
        .write_blocking(TENANT, move |tx| -> Result<()> {
            // The first use binds NULLs, so that PostgreSQL must infer the types.
            tx.put(insert, &[1_i64.into(), TENANT.into(), i64::MAX.into(), Value::Null, Value::Null])?;
            tx.put(
                insert,
                &[2_i64.into(), TENANT.into(), i64::MIN.into(), "汉字 '?1' 😀".into(), Value::Bytes(&[0, 255])],
            )?;
            tx.put(insert, &[3_i64.into(), TENANT.into(), 7_i64.into(), Some("").into(), (&[0_u8; 0]).into()])?;
            assert_eq!(tx.execute("UPDATE note SET modified = modified WHERE tenant = ?1", &[TENANT.into()])?, 3);
            Ok(())
        })
        .unwrap();
    world
        .store
        .read_blocking(TENANT, |reader| -> Result<()> {
            let rows = reader.query("SELECT modified, words, picture FROM note ORDER BY id", &[], |row| {
                Ok((row.int(0)?, row.opt_text(1)?.map(str::to_owned), row.opt_bytes(2)?.map(<[u8]>::to_vec)))
            })?;
            assert_eq!(
                rows,
                [
                    (i64::MAX, None, None),
                    (i64::MIN, Some("汉字 '?1' 😀".to_owned()), Some(vec![0, 255])),
                    (7, Some(String::new()), Some(vec![]))
                ]
            );
            let sums = reader.query_one(
                "SELECT SUM(id), COUNT(*), COALESCE(SUM(id) FILTER (WHERE id > ?1), 0), MAX(words) FROM note WHERE id < ?2",
                &[99_i64.into(), 100_i64.into()],
                |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?, row.string(3)?)),
            )?;
            assert_eq!(sums, (6, 3, 0, "汉字 '?1' 😀".to_owned()));
            let page = reader.query(
                "SELECT id FROM note WHERE (?1 IS NULL OR words = ?1) AND id > ?2 ORDER BY id LIMIT ?3",
                &[Value::Null, 1_i64.into(), 1_i64.into()],
                |row| row.int(0),
            );
            assert_eq!(page?, [2]);
            assert_eq!(reader.query_opt("SELECT id FROM note WHERE id = ?1", &[9_i64.into()], |row| row.int(0))?, None);
            let wrong = reader.query_one("SELECT words FROM note WHERE id = ?1", &[2_i64.into()], |row| row.int(0));
            assert!(matches!(wrong, Err(Error::Corrupt(_))), "{wrong:?}");
            let mut first = 0;
            let stopped = reader.each("SELECT id FROM note ORDER BY id", &[], |row| {
                first = row.int(0)?;
                Err(Error::Missing)
            });
            assert_eq!((stopped, first), (Err(Error::Missing), 1));
            reader.query_one("SELECT id FROM note WHERE id = ?1", &[4_i64.into()], |row| row.int(0)).map(drop)
        })
        .expect_err("the last query finds nothing");
}

fn reads_cannot_write(world: &World) {
    let done: Result<Vec<i64>> = world.store.read_blocking(TENANT, |reader| {
        reader.query("INSERT INTO pair (a, b) VALUES (1, 'x') RETURNING a", &[], |row| row.int(0))
    });
    assert!(done.is_err());
    assert_eq!(
        world.store.read_blocking(TENANT, |r| r.query_one("SELECT COUNT(*) FROM pair", &[], |row| row.int(0))),
        Ok(0)
    );
}

fn a_read_is_one_snapshot(world: &World) {
    let store = world.store.clone();
    let count = |reader: &mut store::Reader| reader.query_one("SELECT COUNT(*) FROM note", &[], |row| row.int(0));
    let (before, after) = world
        .store
        .read_blocking(TENANT, move |reader| -> Result<(i64, i64)> {
            let before = count(reader)?;
            store.write_blocking(TENANT, |tx| note(tx, "meanwhile"))?;
            Ok((before, count(reader)?))
        })
        .unwrap();
    assert_eq!((before, after), (0, 0));
    assert_eq!(notes(&world.store, TENANT), ["meanwhile"]);
}

fn a_closed_store_says_so(world: &World) {
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    world.store.close();
    let done: Result<i64> = world.store.write_blocking(TENANT, move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        note(tx, "late")
    });
    assert_eq!(done, Err(Error::Closed));
    assert_eq!(runs.load(Ordering::SeqCst), 0);
}
