//! SIGTERM: running requests finish, the store closes, the program ends in time and with success.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::house::{House, folder};

#[test]
fn stops_in_order_and_starts_where_it_was() {
    let folder = folder();
    let mut house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let pushers: Vec<_> = (0..4)
        .map(|number| {
            let caller = caller.clone();
            std::thread::spawn(move || {
                let mut acknowledged = Vec::new();
                for count in 0.. {
                    let tid = format!("T{number}-{count}");
                    match caller.send("trade_push.php", &caller.push_body(&tid, "G1001-RED", 1)) {
                        Ok(heard) => {
                            assert_eq!(heard.json()["code"], 0, "{}", heard.text);
                            acknowledged.push(tid);
                        }
                        Err(_) => break,
                    }
                }
                acknowledged
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(200));
    let killed = Command::new("kill").args(["-TERM", &house.pid().to_string()]).status().unwrap();
    assert!(killed.success());
    let status = house.wait(Duration::from_secs(15)).expect("it stops within the time it was given");
    assert!(status.success(), "{status}");
    let acknowledged: Vec<String> = pushers.into_iter().flat_map(|pusher| pusher.join().unwrap()).collect();
    assert!(!acknowledged.is_empty());
    drop(house);

    let house = House::start(folder.path(), &[]);
    for tid in &acknowledged {
        let found = house.caller().admin("GET", &format!("/orders?tid={tid}"), &Value::Null).json();
        assert_eq!(found["total_count"], 1, "{tid}");
    }
}
