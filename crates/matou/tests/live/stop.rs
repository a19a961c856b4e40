//! SIGTERM: running requests finish, the store closes, the program ends in time and with success.

use std::io::Write;
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::house::{House, folder};

#[test]
fn stops_in_order_and_starts_where_it_was() {
    let folder = folder();
    let mut house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let through = Arc::new(AtomicUsize::new(0));
    let pushers: Vec<_> = (0..4)
        .map(|number| {
            let (caller, through) = (caller.clone(), Arc::clone(&through));
            std::thread::spawn(move || {
                let mut acknowledged = Vec::new();
                for count in 0.. {
                    let tid = format!("T{number}-{count}");
                    match caller.send("trade_push.php", &caller.push_body(&tid, "G1001-RED", 1)) {
                        Ok(heard) => {
                            assert_eq!(heard.json()["code"], 0, "{}", heard.text);
                            acknowledged.push(tid);
                            through.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(_) => break,
                    }
                }
                acknowledged
            })
        })
        .collect();
    let begun = Instant::now();
    while through.load(Ordering::Relaxed) < 20 {
        assert!(begun.elapsed().as_secs() < 60, "hardly an order comes through");
        std::thread::sleep(Duration::from_millis(5));
    }
    let killed = Command::new("kill").args(["-TERM", &house.pid().to_string()]).status().unwrap();
    assert!(killed.success());
    let status = house.wait(Duration::from_secs(15)).expect("it stops within the time it was given");
    assert!(status.success(), "{status}");
    let acknowledged: Vec<String> = pushers.into_iter().flat_map(|pusher| pusher.join().unwrap()).collect();
    assert!(acknowledged.len() >= 20);
    drop(house);

    let house = House::start(folder.path(), &[]);
    for tid in &acknowledged {
        let found = house.caller().admin("GET", &format!("/orders?tid={tid}"), &Value::Null).json();
        assert_eq!(found["total_count"], 1, "{tid}");
    }
}

#[test]
fn connections_that_do_nothing_do_not_hold_it() {
    let folder = folder();
    let mut house = House::start(folder.path(), &[]);
    let address = house.text("/base_url").trim_start_matches("http://").to_owned();
    let idle: Vec<TcpStream> = (0..20).map(|_| TcpStream::connect(&address).unwrap()).collect();
    assert_eq!(house.caller().http("GET", "/healthz", "", "").unwrap().status, 200);
    let began = Instant::now();
    assert!(Command::new("kill").args(["-INT", &house.pid().to_string()]).status().unwrap().success());
    assert!(house.wait(Duration::from_secs(15)).expect("it stops").success());
    assert!(began.elapsed() < Duration::from_secs(8), "idle connections held it for {:?}", began.elapsed());
    drop(idle);

    // One that began a request and does not go on holds it no longer than it was told to wait.
    let mut house = House::start(folder.path(), &[]);
    let address = house.text("/base_url").trim_start_matches("http://").to_owned();
    let mut slow = TcpStream::connect(address).unwrap();
    slow.write_all(b"POST /openapi2/shop.php HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nsid=").unwrap();
    std::thread::sleep(Duration::from_millis(100));
    assert!(Command::new("kill").args(["-TERM", &house.pid().to_string()]).status().unwrap().success());
    assert!(house.wait(Duration::from_secs(20)).expect("it stops").success());
}
