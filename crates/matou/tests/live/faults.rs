//! A disk that takes no more: writes are refused in words, `/readyz` says why, reads go on, and it recovers by itself.

use std::process::Command;

use serde_json::Value;

use crate::house::{House, folder, matou};

/// Sets the size to which the program's files may grow, while it runs.
fn limit_files(house: &House, bytes: &str) {
    let limit = format!("--fsize={bytes}:unlimited");
    let status = Command::new("prlimit").args(["--pid", &house.pid().to_string(), &limit]).status();
    assert!(status.expect("prlimit (util-linux) is there").success());
}

#[test]
fn a_disk_that_refuses_writes_is_told_and_survived() {
    let folder = folder();
    // With the signal ignored, a write over the limit fails as on a full disk instead of ending the program.
    let mut command = Command::new("sh");
    let matou = matou();
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(matou.get_program());
    command.args(["demo", "--listen", "127.0.0.1:0", "--shop-rate", "0", "--catalogue", "small", "--data"]);
    command.arg(folder.path());
    let mut house = House::spawn(command, folder.path());
    house.settle(folder.path());
    let caller = house.caller();
    let ready = || caller.http("GET", "/readyz", "", "").unwrap();
    assert_eq!(caller.push("F1", "G1001-RED", 1)["code"], 0);
    assert_eq!(ready().status, 200);

    limit_files(&house, "4096");
    let body = caller.push_body("F2", "G1001-RED", 1);
    let refused = caller.send("trade_push.php", &body).unwrap().json();
    assert_eq!(refused["code"], 1020, "{refused}");
    let waited = (0..600).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        Some(ready()).filter(|heard| heard.status == 503)
    });
    let told = waited.expect("a disk that refuses writes is not ready").text;
    assert!(told.contains("disk"), "{told}");
    assert_eq!(caller.http("GET", "/healthz", "", "").unwrap().status, 200);
    assert_eq!(caller.call("shop.php", &[])["code"], 0, "reads go on");
    let admin = caller.admin("POST", "/raw-orders/F1/submit", &Value::Null);
    assert!(admin.status >= 400, "{}", admin.text);

    limit_files(&house, "unlimited");
    let begun = std::time::Instant::now();
    while ready().status != 200 {
        assert!(begun.elapsed().as_secs() < 60, "{}", ready().text);
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let repeated = caller.send("trade_push.php", &body).unwrap().json();
    assert_eq!((&repeated["code"], &repeated["new_count"]), (&0.into(), &1.into()), "{repeated}");
}
