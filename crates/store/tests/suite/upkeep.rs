//! Schema steps, backup, and who may open what.

use std::sync::atomic::{AtomicBool, Ordering};

use store::{Access, Engine, Error, Migration, Result, Tenant};

use crate::world::{SCHEMA, TENANT, World, note, notes, open, open_with};

on_both_engines!(steps_are_applied_once, health_and_integrity, onlookers_only_look);

fn steps_are_applied_once(world: &World) {
    world.store.write_blocking(TENANT, |tx| note(tx, "kept")).unwrap();
    world.store.close();
    let try_with = |lists: &[&[Migration]]| open_with(&world.engine, &world.clock, lists, |options| options);
    let more = &[Migration { name: "test-2", sql: "CREATE TABLE extra (id BIGINT PRIMARY KEY)" }];
    let store = try_with(&[SCHEMA, more]).unwrap();
    assert_eq!(notes(&store, TENANT), ["kept"]);
    store.close();
    let error = try_with(&[SCHEMA]).err();
    assert!(matches!(&error, Some(Error::Migration(text)) if text.contains("test-2")), "an older program: {error:?}");
    let changed = &[Migration { name: "test-2", sql: "CREATE TABLE extra (id BIGINT PRIMARY KEY, x TEXT)" }];
    let error = try_with(&[SCHEMA, changed]).err();
    assert!(matches!(&error, Some(Error::Migration(text)) if text.contains("another text")), "{error:?}");
    let broken =
        &[Migration { name: "test-3", sql: "CREATE TABLE half (id BIGINT PRIMARY KEY); CREATE TABLE extra (a TEXT);" }];
    let error = try_with(&[SCHEMA, more, broken]).err();
    assert!(matches!(&error, Some(Error::Migration(text)) if text.contains("test-3")), "{error:?}");
    let twice = try_with(&[SCHEMA, more, more]).err();
    assert!(matches!(twice, Some(Error::Migration(_))), "{twice:?}");
    let store = try_with(&[SCHEMA, more]).unwrap();
    let half: Result<i64> =
        store.read_blocking(TENANT, |r| r.query_one("SELECT COUNT(*) FROM half", &[], |row| row.int(0)));
    assert!(half.is_err(), "a step that fails leaves nothing");
}

fn health_and_integrity(world: &World) {
    world.store.write_blocking(TENANT, |tx| tx.event("some", "thing", &1)).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(world.store.health()).unwrap();
    assert_eq!(world.store.check().unwrap(), Vec::<String>::new());
    let groups = world.store.statistics().figures().groups;
    runtime.block_on(world.store.health()).unwrap();
    assert_eq!(world.store.statistics().figures().groups, groups, "a health check commits nothing");
    world.store.write_blocking(TENANT, |tx| tx.execute("DELETE FROM event", &[])).unwrap();
    assert_eq!(world.store.check().unwrap().len(), 1, "a lost event is found");
    world.store.close();
    assert_eq!(runtime.block_on(world.store.health()), Err(Error::Closed));
}

fn onlookers_only_look(world: &World) {
    world.store.write_blocking(TENANT, |tx| note(tx, "visible")).unwrap();
    let onlooker = open_with(&world.engine, &world.clock, &[SCHEMA], |mut options| {
        options.access = Access::ReadOnly;
        options
    })
    .unwrap();
    assert_eq!(notes(&onlooker, TENANT), ["visible"]);
    assert!(onlooker.write_blocking(TENANT, |tx| note(tx, "refused")).is_err());
    world.store.write_blocking(TENANT, |tx| note(tx, "later")).unwrap();
    assert_eq!(notes(&onlooker, TENANT).len(), 2);
}

#[test]
fn one_process_owns_a_folder() {
    let world = World::sqlite();
    let second = open(&world.engine, &world.clock).err();
    assert!(matches!(second, Some(Error::Locked(_))), "{second:?}");
    let store = world.reopened();
    store.write_blocking(TENANT, |tx| note(tx, "mine again")).unwrap();
}

#[test]
fn a_backup_is_whole_while_writes_go_on() {
    let world = World::sqlite();
    let over = AtomicBool::new(false);
    let target = tempfile::tempdir().unwrap();
    let copy = target.path().join("matou.db");
    let before = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut number = 0;
            while !over.load(Ordering::SeqCst) {
                // Two rows that belong together: a copy holds both or none.
                world
                    .store
                    .write_blocking(TENANT, move |tx| {
                        note(tx, &format!("{number} first"))?;
                        note(tx, &format!("{number} second"))
                    })
                    .unwrap();
                number += 1;
            }
        });
        while notes(&world.store, TENANT).len() < 200 {
            std::thread::yield_now();
        }
        let before = notes(&world.store, TENANT).len();
        world.store.backup(&copy).unwrap();
        over.store(true, Ordering::SeqCst);
        writing.join().unwrap();
        before
    });
    assert!(matches!(world.store.backup(&copy), Err(Error::Elsewhere(_))), "a backup overwrites nothing");
    let files: Vec<_> = std::fs::read_dir(target.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["matou.db"], "one file, nothing left over");
    let engine = Engine::Sqlite { folder: target.path().to_owned() };
    let restored = open(&engine, &world.clock).unwrap();
    let found = notes(&restored, TENANT);
    assert!(found.len() >= before && found.len().is_multiple_of(2), "{} of {before}", found.len());
    assert_eq!(restored.check().unwrap(), Vec::<String>::new());
    let number = restored.write_blocking(TENANT, |tx| note(tx, "goes on")).unwrap();
    assert_eq!(usize::try_from(number).unwrap(), found.len() + 1);
    assert_eq!(notes(&restored, Tenant(2)), Vec::<String>::new());
}

#[test]
fn postgres_backup_says_how() {
    let Some(world) = World::postgres() else { return };
    let error = world.store.backup(std::path::Path::new("/tmp/x.dump")).unwrap_err();
    assert!(error.to_string().contains("pg_dump"), "{error}");
}
