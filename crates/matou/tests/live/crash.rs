//! `kill -9` under load, again and again on one folder: nothing that was acknowledged is lost, nothing is stored twice, the
//! books balance.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::house::{House, folder, matou, run, said};

const ROUNDS: u64 = 100;
const CALLERS: usize = 4;
const SEED: u64 = 20_260_102;

/// What the callers know: acknowledged orders, and messages without an answer, which they send again, word for word.
#[derive(Default)]
struct Known {
    acknowledged: BTreeSet<String>,
    /// Business numbers of calls that were answered; each must stand in the call log as often as it was.
    answered: BTreeMap<String, usize>,
    open: Vec<(String, String)>,
}

#[test]
fn nothing_acknowledged_is_lost_or_stored_twice() {
    let folder = folder();
    let known = Arc::new(Mutex::new(Known::default()));
    let mut chance = fastrand::Rng::with_seed(SEED);
    for round in 0..ROUNDS {
        let mut house = House::start(folder.path(), &[]);
        let over = Arc::new(AtomicBool::new(false));
        let callers: Vec<_> = (0..CALLERS)
            .map(|number| {
                let (caller, known, over) = (house.caller(), Arc::clone(&known), Arc::clone(&over));
                std::thread::spawn(move || {
                    let mut count = 0;
                    while !over.load(Ordering::Relaxed) {
                        count += 1;
                        // What was not answered comes first: a client repeats the same message.
                        let repeated = known.lock().unwrap().open.pop();
                        let (tid, body) = repeated.unwrap_or_else(|| {
                            let tid = format!("C{round}-{number}-{count}");
                            let body = caller.push_body(&tid, "G1001-RED", 1);
                            (tid, body)
                        });
                        let heard = caller.send("trade_push.php", &body);
                        let mut known = known.lock().unwrap();
                        match heard {
                            Ok(heard) => {
                                assert_eq!(heard.json()["code"], 0, "{}", heard.text);
                                *known.answered.entry(tid.clone()).or_default() += 1;
                                known.acknowledged.insert(tid);
                            }
                            Err(_) => {
                                known.open.push((tid, body));
                                break;
                            }
                        }
                    }
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(chance.u64(20..150)));
        house.kill();
        over.store(true, Ordering::Relaxed);
        for caller in callers {
            caller.join().expect("every answer was a success");
        }
    }

    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let known = known.lock().unwrap();
    assert!(known.acknowledged.len() > 200, "only {} orders came through", known.acknowledged.len());
    let mut stored = BTreeSet::new();
    for page in 0.. {
        let found = caller.admin("GET", &format!("/orders?page_size=100&page_no={page}"), &Value::Null).json();
        let orders = found["orders"].as_array().unwrap();
        for order in orders {
            let tid = order["tids"].as_str().unwrap().to_owned();
            assert!(stored.insert(tid.clone()), "{tid} is stored twice (seed {SEED})");
        }
        if orders.is_empty() {
            break;
        }
    }
    let lost: Vec<&String> = known.acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?} (seed {SEED})");
    // What is stored beyond that was on its way when the program was killed.
    let open: BTreeSet<String> = known.open.iter().map(|(tid, _)| tid.clone()).collect();
    let stray: Vec<&String> = stored.difference(&known.acknowledged).filter(|tid| !open.contains(*tid)).collect();
    assert!(stray.is_empty(), "stored and never sent: {stray:?}");
    // The call log has every call that was answered, through a hundred kills.
    let mut logged = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page =
            caller.admin("GET", &format!("/calls?method=wdt.trade.push&page_size=200{cursor}"), &Value::Null).json();
        for call in page["calls"].as_array().unwrap() {
            *logged.entry(call["business_no"].as_str().unwrap().to_owned()).or_insert(0) += 1;
        }
        assert_eq!(page["missing"], 0, "{page}");
        match page["next"].as_str() {
            Some(next) if !next.is_empty() => cursor = format!("&cursor={next}"),
            _ => break,
        }
    }
    for (tid, times) in &known.answered {
        let found = logged.get(tid).copied().unwrap_or(0);
        assert!(found >= *times, "{tid} was answered {times} times and logged {found} times (seed {SEED})");
    }
    let stock = caller.admin("GET", "/stock?spec_no=G1001-RED&warehouse_no=WH01", &Value::Null).json();
    let reserved = stock["stocks"][0]["order_num"].as_str().unwrap().to_owned();
    assert_eq!(reserved, format!("{}.0000", stored.len()));
    let doctor = run(&["doctor", "--data", &folder.path().display().to_string()]);
    assert!(doctor.status.success(), "{}", said(&doctor));
}

#[test]
fn a_first_start_that_was_killed_is_finished_by_the_next_one() {
    let folder = folder();
    let mut chance = fastrand::Rng::with_seed(SEED);
    for _ in 0..12 {
        let mut command = matou();
        command.args(["demo", "--listen", "127.0.0.1:0", "--shop-rate", "0", "--data"]).arg(folder.path());
        let mut house = House::spawn(command, folder.path());
        std::thread::sleep(Duration::from_millis(chance.u64(5..120)));
        house.kill();
    }
    let house = House::start(folder.path(), &["--catalogue", "full"]);
    let caller = house.caller();
    for environment in ["production", "test"] {
        let of = |path: &str| caller.admin("GET", &format!("{path}&environment={environment}"), &Value::Null).json();
        let found = of("/stock?page_size=1");
        let specs = found["total_count"].as_i64().unwrap();
        assert!(specs > 1_000 && specs % 2 == 0, "every spec in both warehouses: {found}");
        assert_eq!(found["stocks"][0]["stock_num"], "100000.0000", "{found}");
        assert_eq!(of("/shops?page_size=1")["shops"][0]["stock_sync"], 1);
        assert_eq!(of("/suites?page_size=1")["total_count"], 24);
    }
    let doctor = run(&["doctor", "--data", &folder.path().display().to_string()]);
    assert!(doctor.status.success(), "{}", said(&doctor));
}
