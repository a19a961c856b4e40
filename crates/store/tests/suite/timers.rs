//! Timers run when they are due, once, and again when they fail.

use store::timer::{self, Round, Timer};
use store::{Error, Result, Tenant, Tx};

use crate::world::{TENANT, World, note, notes};

on_both_engines!(due_timers_run_once, a_failing_timer_comes_back_later, nodes_share_timers);

fn run(world: &World, handler: impl Fn(&mut Tx, &Timer) -> Result<()> + Clone + Send + 'static) -> Round {
    tokio::runtime::Runtime::new().unwrap().block_on(world.store.run_due_timers(100, handler)).unwrap()
}

fn set(world: &World, tenant: Tenant, after: i64, key: &'static str) {
    let due = world.now().plus(after);
    world.store.write_blocking(tenant, move |tx| timer::set(tx, due, "close", key, &["body", key])).unwrap();
}

fn due_timers_run_once(world: &World) {
    set(world, TENANT, 10, "a");
    set(world, Tenant(2), 5, "b");
    set(world, TENANT, 5, "moved");
    set(world, TENANT, 50, "moved");
    set(world, TENANT, 5, "cancelled");
    let cancel = || world.store.write_blocking(TENANT, |tx| timer::cancel(tx, "close", "cancelled")).unwrap();
    assert_eq!((cancel(), cancel()), (true, false));
    let write = |tx: &mut Tx, timer: &Timer| {
        assert_eq!(timer.body, format!("[\"body\",\"{}\"]", timer.key));
        note(tx, &format!("{} {}", timer.topic, timer.key)).map(drop)
    };
    assert_eq!(run(world, write), Round::default());
    world.clock.advance(20);
    assert_eq!(run(world, write), Round { done: 2, failed: 0 });
    assert_eq!(run(world, write), Round::default());
    assert_eq!(notes(&world.store, TENANT), ["close a"]);
    assert_eq!(notes(&world.store, Tenant(2)), ["close b"]);
    world.clock.advance(50);
    assert_eq!(run(world, write).done, 1);
}

fn a_failing_timer_comes_back_later(world: &World) {
    set(world, TENANT, 0, "stubborn");
    let fail = |tx: &mut Tx, timer: &Timer| {
        note(tx, &format!("attempt {}", timer.attempts))?;
        if timer.attempts < 2 { Err(Error::Elsewhere("not yet".to_owned())) } else { Ok(()) }
    };
    let mut history = Vec::new();
    for _ in 0..20 {
        let round = run(world, fail);
        history.push(match (round.done, round.failed) {
            (0, 0) => '.',
            (0, 1) => 'x',
            (1, 0) => 'o',
            _ => '?',
        });
        world.clock.advance(1);
    }
    assert_eq!(history.iter().collect::<String>(), "x....x.........o....");
    assert_eq!(notes(&world.store, TENANT), ["attempt 2"], "failed attempts leave nothing");
}

fn nodes_share_timers(world: &World) {
    for number in 0..30 {
        let due = world.now();
        world
            .store
            .write_blocking(TENANT, move |tx| timer::set(tx, due, "count", &number.to_string(), &number))
            .unwrap();
    }
    let nodes = [world.node(), world.node(), world.node()];
    let done: usize = std::thread::scope(|scope| {
        let running: Vec<_> = nodes
            .iter()
            .map(|node| {
                scope.spawn(|| {
                    let handler = |tx: &mut Tx, timer: &Timer| note(tx, &timer.key).map(drop);
                    let round =
                        tokio::runtime::Runtime::new().unwrap().block_on(node.run_due_timers(100, handler)).unwrap();
                    assert_eq!(round.failed, 0);
                    round.done
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(done, 30);
    assert_eq!(notes(&world.store, TENANT).len(), 30);
}
