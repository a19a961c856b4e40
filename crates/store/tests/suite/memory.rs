//! What a writer remembers holds until somebody, on whatever node, changes the tenant's data.

use store::{Error, Store, Tx, Work};

use crate::world::{TENANT, World, note, notes};

on_both_engines!(
    remembers_what_it_read,
    forgets_when_told,
    another_node_is_noticed,
    a_failed_load_is_not_remembered,
    a_foreseen_read_is_the_same_read,
    who_looks_ahead_sees_what_neighbours_write,
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
    fn announce(tx: &mut Tx, round: i32, words: &str) -> Result<(), Error> {
        if round % 2 == 0 { tx.foresee("note", SQL, &[words.into()]) } else { tx.foresee_nothing(SQL, &[words.into()]) }
    }
    world.store.write_blocking(TENANT, |tx| note(tx, "a")).unwrap();
    for round in 0..6 {
        let found = world.store.write_blocking(TENANT, move |tx| {
            announce(tx, round, "a")?;
            announce(tx, round, "nobody")?;
            if (2..4).contains(&round) {
                // Announced and never asked: the next unit must not meet the answer.
                return Ok((None, None, None));
            }
            let a = tx.query_opt(SQL, &["a".into()], |row| row.int(0))?;
            let nobody = tx.query_opt(SQL, &["nobody".into()], |row| row.int(0))?;
            let again = tx.query_opt(SQL, &["a".into()], |row| row.int(0))?;
            Ok::<_, Error>((a, nobody, again))
        });
        let (a, nobody, again) = found.unwrap();
        assert_eq!((a.is_some(), nobody, again == a), (!(2..4).contains(&round), None, true), "round {round}");
        world
            .store
            .write_blocking(TENANT, move |tx| {
                note(tx, &format!("between {round}"))?;
                announce(tx, round, "b")?;
                assert_eq!(tx.query_opt(SQL, &["b".into()], |row| row.int(0))?, None);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}

/// Notes its name unless somebody has, and adds one to a tally that all of them read and write; announces both reads. With `some_fail`,
/// every seventh fails after it wrote, so that the group is run again unit by unit.
struct Step {
    number: usize,
    some_fail: bool,
}

const NAMES: usize = 5;
const BY_NAME: &str = "SELECT id FROM note WHERE words = ?1";
const TALLY: &str = "SELECT id, words FROM note WHERE id = ?1";

impl Step {
    fn name(&self) -> String {
        format!("name {}", self.number % NAMES)
    }
}

impl Work<(), Error> for Step {
    fn announce(&self, tx: &mut Tx) {
        tx.foresee_nothing(BY_NAME, &[(&self.name()).into()]).unwrap();
        let tally = tx.tenant().id(1);
        tx.foresee("note", TALLY, &[tally.into()]).unwrap();
    }

    fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        if tx.query_opt(BY_NAME, &[(&self.name()).into()], |row| row.int(0))?.is_none() {
            note(tx, &self.name())?;
        }
        let tally = tx.tenant().id(1);
        let so_far = tx.query_one(TALLY, &[tally.into()], |row| row.string(1))?;
        if self.some_fail && self.number % 7 == 6 {
            return Err(Error::Missing);
        }
        let next = so_far.parse::<usize>().map_or(1, |n| n + 1).to_string();
        tx.put("UPDATE note SET words = ?2 WHERE id = ?1", &[tally.into(), (&next).into()])
    }
}

/// Units of one group announce their reads together, before the first of them writes.
fn who_looks_ahead_sees_what_neighbours_write(world: &World) {
    const STEPS: usize = 70;
    world.store.write_blocking(TENANT, |tx| note(tx, "0")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut tally = 0;
    for some_fail in [false, true] {
        let steps = (0..STEPS).map(|number| world.store.carry_out(TENANT, Step { number, some_fail }));
        let done = runtime.block_on(futures_util::future::join_all(steps));
        let well = done.iter().filter(|done| done.is_ok()).count();
        assert_eq!(well, if some_fail { STEPS - STEPS / 7 } else { STEPS });
        tally += well;
        let mut kept = notes(&world.store, TENANT);
        assert_eq!(kept.remove(0), tally.to_string());
        kept.sort();
        assert_eq!(kept, ["name 0", "name 1", "name 2", "name 3", "name 4"]);
    }
}
