//! Calls to a target outside, by the real program over real TCP: a target that dies and comes back, a program that is killed between
//! the claim of a write and its answer.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::house::{Caller, House, folder};
use crate::qimen::{KEY, Target, form_of, route, send};

/// The line to the target in production, as the admin API shows it.
fn line(caller: &Caller) -> Value {
    let lines = caller.admin("GET", "/target-lines", &Value::Null).json();
    let rows = lines["lines"].as_array().unwrap();
    rows.iter().find(|row| row["target_app_key"] == KEY && row["environment"] == "production").unwrap().clone()
}

fn metric(caller: &Caller, name: &str) -> f64 {
    let text = caller.http("GET", "/metrics", "", "").unwrap().text;
    let start = format!("{name}{{target=\"{KEY}\",environment=\"production\"}} ");
    let value = text.lines().find_map(|line| line.strip_prefix(&start));
    value.unwrap_or_else(|| panic!("no {start}: {text}")).parse().unwrap()
}

fn until(seconds: u64, what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed().as_secs() < seconds, "not within {seconds} s: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_dead_target_is_spared_tried_by_one_call_and_used_again() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let target = Target::start(None);
    let address = target.address;
    route(&house, &caller, address);
    let query =
        |page: usize| send(&caller, &form_of(&house, "demo.order.query", &[("page", &page.to_string())])).unwrap();
    assert_eq!(query(0), r#"{"response":{"n":1}}"#);
    assert_eq!((&line(&caller)["circuit"], metric(&caller, "matou_target_circuit")), (&json!("closed"), 0.0));

    // It dies: five calls find that out, the others are told at once.
    drop(target);
    for page in 1..=5 {
        assert!(query(page).contains("isp.top-remote-connection-error"));
    }
    assert_eq!((&line(&caller)["circuit"], metric(&caller, "matou_target_circuit")), (&json!("open"), 2.0));
    let turned_away = || line(&caller)["turned_away"].as_i64().unwrap();
    let before = turned_away();
    for page in 6..=8 {
        let answer = query(page);
        assert!(
            answer.contains(r#""code":7,"#) && answer.contains("accesscontrol.limited-by-dynamic-access-count"),
            "{answer}"
        );
    }
    assert_eq!(turned_away(), before + 3);

    // It comes back. Until its rest is over nobody reaches it; then one call does, while the others go on waiting.
    let target = Target::start(Some(address));
    // Long enough for the others to ask while the one is under way.
    target.answer_after(Duration::from_secs(3));
    assert!(query(9).contains(r#""code":7,"#) && target.heard().is_empty());
    until(20, "half-open", || line(&caller)["circuit"] == "half-open");
    assert_eq!(metric(&caller, "matou_target_circuit"), 1.0);
    let answers: Vec<String> = std::thread::scope(|scope| {
        let asked: Vec<_> = (10..14).map(|page| scope.spawn(move || query(page))).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| *answer == r#"{"response":{"n":1}}"#).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| answer.contains(r#""code":7,"#)).count(), 3, "{answers:?}");
    assert_eq!(target.heard().len(), 1, "one call tries");
    assert_eq!((&line(&caller)["circuit"], metric(&caller, "matou_target_circuit")), (&json!("closed"), 0.0));
    target.answer_after(Duration::ZERO);
    for page in 14..18 {
        assert!(query(page).contains(r#""n":"#));
    }
    assert_eq!(target.heard().len(), 5);

    // A person who has repaired a target need not wait.
    drop(target);
    for page in 20..25 {
        query(page);
    }
    assert_eq!(line(&caller)["circuit"], "open");
    let target = Target::start(Some(address));
    let closed = caller.admin("POST", &format!("/targets/{KEY}/close-circuit"), &json!({}));
    assert_eq!(closed.status, 200, "{}", closed.text);
    assert!(query(26).contains(r#""n":1"#) && target.heard().len() == 1);
}

#[test]
fn a_write_that_was_claimed_when_the_program_was_killed_is_never_sent_again() {
    let folder = folder();
    let mut house = House::start(folder.path(), &[]);
    let target = Target::start(None);
    route(&house, &house.caller(), target.address);
    target.hang(true);
    let forms: Vec<String> = (0..3).map(|n| form_of(&house, "demo.order.push", &[("tid", &format!("K{n}"))])).collect();
    let callers: Vec<_> = forms
        .iter()
        .map(|form| {
            let (caller, form) = (house.caller(), form.clone());
            std::thread::spawn(move || send(&caller, &form))
        })
        .collect();
    until(20, "the target has the writes", || target.heard().len() == 3);
    house.kill();
    for caller in callers {
        assert!(caller.join().unwrap().is_err(), "nobody was answered");
    }

    // After the restart nobody knows what the target did: the same messages hear so, and do not leave.
    target.hang(false);
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    for form in &forms {
        for _ in 0..2 {
            let answer = send(&caller, form).unwrap();
            assert!(answer.contains(r#""code":15,"#) && answer.contains("isp.remote-service-timeout"), "{answer}");
        }
    }
    assert_eq!(target.heard().len(), 3, "no write was sent a second time");
    let open = caller.admin("GET", &format!("/calls?outcome=open&target={KEY}"), &Value::Null).json();
    assert_eq!(open["calls"].as_array().map(Vec::len), Some(6), "{open}");
    // Whoever is sure signs anew; what was answered before a kill is given again after it.
    let fresh = form_of(&house, "demo.order.push", &[("tid", "K0"), ("again", "1")]);
    assert_eq!(send(&caller, &fresh).unwrap(), r#"{"response":{"n":4}}"#);
    let mut house = house;
    house.kill();
    let house = House::start(folder.path(), &[]);
    assert_eq!(send(&house.caller(), &fresh).unwrap(), r#"{"response":{"n":4}}"#);
    assert_eq!(target.heard().len(), 4);
}
