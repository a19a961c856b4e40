//! What a writer remembers holds until somebody, on whatever node, changes the tenant's data.

use store::{Error, Store};

use crate::world::{TENANT, World, note};

on_both_engines!(
    remembers_what_it_read,
    forgets_when_told,
    another_node_is_noticed,
    a_failed_load_is_not_remembered,
    a_foreseen_read_is_the_same_read,
);

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

/// A read that was announced says what it would have said, to the unit that announced it and to nobody else.
fn a_foreseen_read_is_the_same_read(world: &World) {
    const SQL: &str = "SELECT id FROM note WHERE words = ?1";
    world.store.write_blocking(TENANT, |tx| note(tx, "a")).unwrap();
    for round in 0..3 {
        let found = world.store.write_blocking(TENANT, move |tx| {
            tx.foresee(SQL, &["a".into()])?;
            tx.foresee(SQL, &["nobody".into()])?;
            if round == 1 {
                // Announced and never asked: the next unit must not meet the answer.
                return Ok((None, None, None));
            }
            let a = tx.query_opt(SQL, &["a".into()], |row| row.int(0))?;
            let nobody = tx.query_opt(SQL, &["nobody".into()], |row| row.int(0))?;
            let again = tx.query_opt(SQL, &["a".into()], |row| row.int(0))?;
            Ok::<_, Error>((a, nobody, again))
        });
        let (a, nobody, again) = found.unwrap();
        assert_eq!((a.is_some(), nobody, again == a), (round != 1, None, true), "round {round}");
        world
            .store
            .write_blocking(TENANT, move |tx| {
                note(tx, &format!("between {round}"))?;
                tx.foresee(SQL, &["b".into()])?;
                assert_eq!(tx.query_opt(SQL, &["b".into()], |row| row.int(0))?, None);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
