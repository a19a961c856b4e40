//! Supplier and platform with everything that can go wrong between them: messages lost, repeated, late, passed by others; either side
//! dying at any point between what it did and what it noted. Whatever happened, when the weather clears: every order is shipped,
//! cancelled or refused with a reason; both sides have the same stock; every return is refunded once.
//!
//! A world is its seed. `MATOU_SEED=7` plays one, `MATOU_SEEDS=10000` so many, from `MATOU_SEEDS_FROM` on; docs/rehearsing.md has the
//! command for very many.

mod check;
mod machine;
mod play;
mod weather;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dock_ascp::limits::LEASE;
use machine::Templates;
use play::Play;

/// Worlds that are played when nobody says how many.
const USUAL: u64 = 48;
/// The same on PostgreSQL, where each makes its tables anew.
const USUAL_ELSEWHERE: u64 = 4;
/// Worlds that failed once. They are always played.
const REMEMBERED: &[u64] = &[];
/// Rounds of bad weather.
const ROUNDS: usize = 30;
/// Rounds of good weather at most; then something never ends.
const CALM: usize = 60;
/// Worlds that are played at once on a core: mostly they wait for one of their threads.
const TOGETHER: usize = 4;
/// Worlds after which the progress of a long run is told.
const TOLD: u64 = 500;

async fn play(templates: &Templates, seed: u64) -> play::Tally {
    let mut play = Play::begin(templates, seed).await;
    for round in 0..ROUNDS {
        play.round().await;
        play.wait([3, 20, 75, 11, LEASE + 1][round % 5]);
    }
    for round in 0..=CALM {
        if play.calm().await {
            break;
        }
        assert!(round < CALM, "seed {seed} does not come to rest");
        play.wait(3_000);
    }
    play.check(seed).await;
    play.tally
}

/// Plays worlds until none is left; those that failed, and what happened in the others.
fn play_all(seeds: &[u64]) -> (Vec<u64>, play::Tally) {
    let templates = Templates::make();
    let (next, done, began) = (AtomicU64::new(0), AtomicU64::new(0), Instant::now());
    let ended = Mutex::new((Vec::new(), play::Tally::default()));
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        while let Some(&seed) = seeds.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap()) {
            let played = catch_unwind(AssertUnwindSafe(|| runtime.block_on(play(&templates, seed))));
            let mut ended = ended.lock().unwrap();
            match played {
                Ok(tally) => ended.1 += tally,
                Err(_) => ended.0.push(seed),
            }
            let failed = ended.0.len();
            drop(ended);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if done.is_multiple_of(TOLD) {
                let took = Duration::from_secs(began.elapsed().as_secs());
                println!("{done} of {} worlds, {failed} failed, {took:?}", seeds.len());
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..if is_elsewhere() { 1 } else { TOGETHER * cores } {
            scope.spawn(work);
        }
    });
    ended.into_inner().unwrap()
}

/// Whether the worlds live on PostgreSQL.
fn is_elsewhere() -> bool {
    std::env::var("MATOU_TEST_POSTGRES").is_ok_and(|url| !url.is_empty())
}

#[test]
fn whatever_happens_in_between_both_sides_agree_in_the_end() {
    let given = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect(name));
    let seeds: Vec<u64> = match (given("MATOU_SEED"), given("MATOU_SEEDS")) {
        (Some(one), _) => vec![one],
        (None, many) => {
            let from = given("MATOU_SEEDS_FROM").unwrap_or(0);
            let usual = if is_elsewhere() { USUAL_ELSEWHERE } else { USUAL };
            REMEMBERED.iter().copied().chain(from..from + many.unwrap_or(usual)).collect()
        }
    };
    let (failed, tally) = play_all(&seeds);
    println!("{} worlds: {tally:?}", seeds.len());
    assert!(failed.is_empty(), "{} of {} worlds failed, seeds {failed:?}", failed.len(), seeds.len());
}
