//! Who reads windows of `modified` one after the other misses nothing, whatever is written meanwhile.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use store::{Result, Store};
use units::{Clock, Moment};

use crate::world::{START, TENANT, World, note};

on_both_engines!(an_incremental_reader_misses_nothing, the_stamp_is_one_and_moves_on);

/// Writers on two nodes, the clock running, and a reader that asks for `[last + 1, now]` over and over.
fn an_incremental_reader_misses_nothing(world: &World) {
    const WRITERS: usize = 6;
    const EACH: usize = 60;
    let nodes = [world.node(), world.node()];
    let reader = world.node();
    let over = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let reading = scope.spawn(|| tail(world, &reader, &over));
        let ticking = scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(3));
                world.clock.advance(1);
            }
        });
        let writing: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let node = &nodes[writer % 2];
                scope.spawn(move || {
                    for number in 0..EACH {
                        // Some units are slow, so that their stamp is old when they commit.
                        let (words, slow) = (format!("{writer}-{number}"), number % 10 == 0);
                        node.write_blocking(TENANT, move |tx| {
                            let id = note(tx, &words)?;
                            if slow {
                                std::thread::sleep(Duration::from_millis(8));
                            }
                            Ok::<_, store::Error>(id)
                        })
                        .unwrap();
                    }
                })
            })
            .collect();
        for writer in writing {
            writer.join().unwrap();
        }
        over.store(true, Ordering::SeqCst);
        ticking.join().unwrap();
        reading.join().unwrap()
    });
    for (words, times) in &seen {
        assert_eq!(*times, 1, "{words} was seen {times} times");
    }
    assert_eq!(seen.len(), WRITERS * EACH, "every row was seen");
}

/// How often each note was seen by a reader of consecutive windows.
fn tail(world: &World, store: &Store, over: &AtomicBool) -> HashMap<String, u32> {
    let mut seen = HashMap::new();
    let mut last = Moment::from_unix(START - 1);
    loop {
        let finish = over.load(Ordering::SeqCst);
        if finish {
            // The last stamp can be a second ahead of the clock.
            world.clock.advance(10);
        }
        let (start, end) = (last.plus(1), world.clock.now());
        if start <= end {
            let found: Result<Vec<String>> = store.read_until_blocking(TENANT, end, move |reader| {
                reader.query(
                    "SELECT words FROM note WHERE tenant = ?1 AND modified >= ?2 AND modified <= ?3 ORDER BY modified, id",
                    &[TENANT.into(), start.into(), end.into()],
                    |row| row.string(0),
                )
            });
            for words in found.unwrap() {
                *seen.entry(words).or_insert(0) += 1;
            }
            last = end;
        }
        if finish {
            return seen;
        }
    }
}

fn the_stamp_is_one_and_moves_on(world: &World) {
    let stamp = |store: &Store| {
        store
            .write_blocking(TENANT, |tx| {
                let first = tx.now();
                let any = tx.next("any")?;
                note(tx, &format!("at {any}"))?;
                assert_eq!(tx.now(), first);
                Ok::<_, store::Error>(first.unix())
            })
            .unwrap()
    };
    let read = |store: &Store, end: i64| {
        store.read_until_blocking(TENANT, Moment::from_unix(end), |_| Ok::<_, store::Error>(())).unwrap();
    };
    let other = world.node();
    assert_eq!(stamp(&world.store), START);
    assert_eq!(stamp(&other), START);
    read(&world.store, START - 1);
    assert_eq!(stamp(&other), START, "what is older than the last stamp is closed already");
    read(&world.store, START);
    assert_eq!(stamp(&other), START + 1);
    read(&other, START + 1000);
    assert_eq!(stamp(&world.store), START + 1, "only what has passed was read");
    world.clock.advance(-30);
    assert_eq!(stamp(&world.store), START + 1, "the clock went back, the stamp does not");
    world.clock.advance(100);
    assert_eq!(stamp(&other), START + 70);
    world.clock.advance(1);
    let again = world.reopened();
    assert!(stamp(&again) >= START + 71);
    again.close();
}
