//! What a writer remembers holds until somebody, on whatever node, changes the tenant's data.

use store::{Error, Store};

use crate::world::{TENANT, World, note};

on_both_engines!(remembers_what_it_read, forgets_when_told, another_node_is_noticed, a_failed_load_is_not_remembered);

/// The id of the note with these words, remembered; counts in `asked` whether the table had to be asked.
fn lookup(store: &Store, words: &'static str) -> (Option<i64>, bool) {
    store
        .write_blocking(TENANT, move |tx| {
            let mut asked = false;
            let found = tx.remember("note", words, |tx| {
                asked = true;
                tx.query_opt("SELECT id FROM note WHERE words = ?1", &[words.into()], |row| row.int(0))
            })?;
            Ok::<_, Error>((found.map(|id| *id), asked))
        })
        .unwrap()
}

fn remembers_what_it_read(world: &World) {
    assert_eq!(lookup(&world.store, "a"), (None, true));
    assert_eq!(lookup(&world.store, "a"), (None, true), "what is not there is not remembered");
    world.store.write_blocking(TENANT, |tx| note(tx, "a")).unwrap();
    let (found, asked) = lookup(&world.store, "a");
    assert!(found.is_some() && asked);
    assert_eq!(lookup(&world.store, "a"), (found, false));
    world.store.write_blocking(TENANT, |tx| note(tx, "b")).unwrap();
    assert_eq!(lookup(&world.store, "a"), (found, false), "a write that changes nothing remembered changes nothing");
}

fn forgets_when_told(world: &World) {
    world.store.write_blocking(TENANT, |tx| note(tx, "a")).unwrap();
    lookup(&world.store, "a");
    let refused = world.store.write_blocking(TENANT, |tx| {
        tx.forget();
        tx.execute("UPDATE note SET words = 'c' WHERE words = 'a'", &[])?;
        tx.remember("note", "c", |tx| tx.query_opt("SELECT id FROM note WHERE words = 'c'", &[], |row| row.int(0)))?;
        Err::<(), _>(Error::Missing)
    });
    assert_eq!(refused, Err(Error::Missing));
    assert_eq!(lookup(&world.store, "c"), (None, true), "what a refused unit read was not remembered");
    let (found, asked) = lookup(&world.store, "a");
    assert!(found.is_some() && asked);
}

fn another_node_is_noticed(world: &World) {
    world.store.write_blocking(TENANT, |tx| note(tx, "a")).unwrap();
    lookup(&world.store, "a");
    assert!(!lookup(&world.store, "a").1);
    let other = world.node();
    other
        .write_blocking(TENANT, |tx| {
            tx.forget();
            tx.execute("UPDATE note SET words = 'z' WHERE words = 'a'", &[])
        })
        .unwrap();
    assert_eq!(lookup(&world.store, "a"), (None, true));
    let counted = |store: &Store| store.write_blocking(TENANT, |tx| tx.next("n")).unwrap();
    let counts: Vec<i64> = (0..6).map(|i| counted(if i % 2 == 0 { &world.store } else { &other })).collect();
    assert_eq!(counts, [1, 2, 3, 4, 5, 6], "counters too");
}

fn a_failed_load_is_not_remembered(world: &World) {
    let failed = world
        .store
        .write_blocking(TENANT, |tx| tx.remember("note", "a", |_| Err::<Option<i64>, _>(Error::Missing)).map(drop));
    assert_eq!(failed, Err(Error::Missing));
    world.store.write_blocking(TENANT, |tx| note(tx, "a")).unwrap();
    assert!(lookup(&world.store, "a").0.is_some());
}
