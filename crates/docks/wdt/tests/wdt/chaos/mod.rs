//! The property test: every method that writes, and the people in between, at random, by several callers at once, on the engine
//! of the run. Whatever happened: the books balance, every document is in a legal state, no money is lost, queues drain.
//!
//! `MATOU_SEED=… cargo test -p dock-wdt --test wdt chaos` plays one seed; a failure prints its own.

mod actor;
mod aftersale;
mod orders;
mod people;
mod pool;
mod purchase;
mod rest;
mod stock;

use std::collections::BTreeMap;
use std::sync::Arc;

use erp::catalog::{self, Warehouse};
use gateway::Kind;

use crate::world::{World, at, world};
use actor::Actor;
use pool::Pool;

/// Callers at the same time.
const ACTORS: u64 = 4;
/// What each of them does.
const STEPS: usize = 160;
/// Seeds of a run without `MATOU_SEED`.
const SEEDS: [u64; 3] = [1, 2, 3];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_books_balance_whatever_happens() {
    let seeds = match std::env::var("MATOU_SEED") {
        Ok(seed) => vec![seed.parse().expect("MATOU_SEED is a number")],
        Err(_) => SEEDS.to_vec(),
    };
    let mut done: BTreeMap<String, usize> = BTreeMap::new();
    for seed in &seeds {
        for (method, times) in play(*seed).await {
            *done.entry(method).or_default() += times;
        }
    }
    let registry = dock_wdt::registry();
    println!("chaos: {done:?}");
    let writes = registry.iter().filter(|entry| matches!(entry.kind, Kind::Write | Kind::Ack));
    let never: Vec<&str> = writes.map(|entry| entry.php).filter(|php| !done.contains_key(*php)).collect();
    assert_eq!(never, Vec::<&str>::new(), "seeds {seeds:?}: never succeeded; done: {done:?}");
}

/// One world, lived in at random. Returns how often each method succeeded.
async fn play(seed: u64) -> BTreeMap<String, usize> {
    println!("chaos: seed {seed}");
    let world = Arc::new(world().await);
    world
        .by_hand(|tx| {
            let third = Warehouse { no: "WH03".into(), name: "三仓".into(), kind: 1, ..Warehouse::default() };
            catalog::create_warehouse(tx, third)
        })
        .await;
    let pool = Arc::new(Pool::default());
    let mut first = Actor::new(&world, &pool, seed, ACTORS);
    first.open_the_house().await;
    let tasks: Vec<_> = (0..ACTORS)
        .map(|number| {
            let mut actor = Actor::new(&world, &pool, seed, number);
            tokio::spawn(async move {
                for _ in 0..STEPS {
                    actor.step().await;
                }
            })
        })
        .collect();
    for task in tasks {
        if let Err(problem) = task.await {
            panic!("seed {seed}: {problem}");
        }
    }
    settle(seed, &world, &mut first).await;
    pool.done()
}

/// What must hold afterwards.
async fn settle(seed: u64, world: &World, actor: &mut Actor) {
    let mut rounds = 0;
    while actor.drain_waybills().await + actor.drain_changes().await > 0 {
        rounds += 1;
        assert!(rounds < 200, "seed {seed}: a queue does not drain");
    }
    let settings = erp::Settings::default();
    let books = world.store.read(world.tenant, move |reader| erp::report::books(reader, &settings)).await.unwrap();
    let findings: Vec<String> = books
        .findings
        .iter()
        .map(|finding| format!("{} {}: {}", finding.check, finding.subject, finding.text))
        .collect();
    assert_eq!(findings, Vec::<String>::new(), "seed {seed}");
    // Nobody here changes a postage.
    assert_eq!(books.other_postage, 0, "seed {seed}");
    assert!(books.balances > 5 && books.documents > 100, "seed {seed}: {books:?}");
    // The whole past is one window; its count and its pages agree.
    let window = [("start_time", at(-1_200)), ("end_time", at(1_200))];
    let window: Vec<(&str, &str)> = window.iter().map(|(name, time)| (*name, &**time)).collect();
    let first = world.call("trade_query.php", &[&window[..], &[("page_no", "0"), ("page_size", "100")]].concat()).await;
    let total = first["total_count"].as_i64().or_else(|| first["total_count"].as_str()?.parse().ok()).unwrap_or(-1);
    assert_eq!(first["code"], 0, "{first}");
    let mut found = 0;
    for page in 0.. {
        let number = page.to_string();
        let pages = [&window[..], &[("page_no", &*number), ("page_size", "100")]].concat();
        let rows = world.call("trade_query.php", &pages).await["trades"].as_array().map_or(0, Vec::len);
        found += i64::try_from(rows).unwrap_or_default();
        if rows == 0 {
            break;
        }
    }
    assert_eq!(found, total, "seed {seed}");
}
