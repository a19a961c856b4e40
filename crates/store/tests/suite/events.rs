//! The event log: numbers without gaps, never visible out of order.

use std::sync::atomic::{AtomicBool, Ordering};

use store::{Result, Tenant};

use crate::world::{TENANT, World};

on_both_engines!(events_are_seen_in_order, events_name_key_and_receipt);

fn events_are_seen_in_order(world: &World) {
    const WRITERS: i64 = 4;
    const EACH: i64 = 40;
    let nodes = [world.node(), world.node()];
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut last = 0;
            loop {
                let finish = over.load(Ordering::SeqCst);
                let page = world.store.read_blocking(TENANT, move |reader| reader.events_after(last, 7)).unwrap();
                for event in &page {
                    assert_eq!(event.seq, last + 1, "an event was not there when its successor was");
                    last = event.seq;
                }
                if finish && page.is_empty() {
                    return last;
                }
            }
        });
        let writing: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let node = &nodes[writer as usize % 2];
                scope.spawn(move || {
                    for number in 0..EACH {
                        node.write_blocking(TENANT, move |tx| -> Result<()> {
                            tx.event("test.first", &format!("{writer}"), &number)?;
                            tx.event("test.second", &format!("{writer}"), &number)
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
        assert_eq!(reading.join().unwrap(), WRITERS * EACH * 2);
    });
    let mine = world.store.read_blocking(TENANT, |reader| reader.events_of("2")).unwrap();
    let numbers: Vec<&str> = mine.iter().map(|event| event.body.as_str()).collect();
    let expected: Vec<String> = (0..EACH).flat_map(|number| [number.to_string(), number.to_string()]).collect();
    assert_eq!(numbers, expected, "in order within a key");
}

fn events_name_key_and_receipt(world: &World) {
    world
        .store
        .write_blocking(TENANT, |tx| -> Result<()> {
            tx.event("plain", "trade:1", &"without")?;
            tx.set_receipt(77);
            assert_eq!(tx.receipt(), 77);
            tx.event("caused", "trade:1", &[("状态", 30)])
        })
        .unwrap();
    world.store.write_blocking(TENANT, |tx| tx.event("next", "trade:2", &())).unwrap();
    world.store.write_blocking(Tenant(2), |tx| tx.event("other", "trade:1", &())).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let events = runtime.block_on(world.store.events(TENANT, 0, 10)).unwrap();
    let short: Vec<_> = events.iter().map(|e| (e.seq, &*e.topic, &*e.key, e.receipt, &*e.body)).collect();
    assert_eq!(
        short,
        [
            (1, "plain", "trade:1", 0, "\"without\""),
            (2, "caused", "trade:1", 77, "[[\"状态\",30]]"),
            (3, "next", "trade:2", 0, "null")
        ]
    );
    assert!(events.iter().all(|event| event.at == world.now()));
    assert_eq!(runtime.block_on(world.store.events(TENANT, 2, 10)).unwrap().len(), 1);
    let other = world.store.read_blocking(Tenant(2), |reader| reader.events_of("trade:1")).unwrap();
    assert_eq!(other.len(), 1);
}
