//! What a client of the Wangdian API skipped, as the running program tells it, over a restart.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use units::Moment;

use crate::house::{House, folder, run, said, time};

#[test]
fn the_window_that_nobody_read_is_named_exactly() {
    let folder = folder();
    let mut house = House::start(folder.path(), &[]);
    let caller = house.caller();
    for tid in ["G1", "G2", "G3"] {
        assert_eq!(caller.push(tid, "G1001-RED", 1)["code"], 0);
    }
    let now: i64 = time().parse().unwrap();
    let at = |minutes: i64| Moment::from_unix(now - minutes * 60).to_string();
    let read = |window: (i64, i64), page: &str| {
        let (start, end) = (at(window.0), at(window.1));
        let answer = caller.call(
            "trade_query.php",
            &[("start_time", &start), ("end_time", &end), ("page_no", page), ("page_size", "2"), ("status", "30")],
        );
        assert_eq!(answer["code"], 0, "{answer}");
        answer
    };
    // Twenty minutes in steps of five, one of them forgotten; then the three orders on two pages, up to now and later.
    for window in [(25, 20), (20, 15), (10, 5)] {
        read(window, "0");
    }
    assert_eq!(read((5, -5), "0")["total_count"], 3);
    read((5, -5), "1");

    let (url, key) = (house.text("/base_url").to_owned(), house.text("/wdt/appkey").to_owned());
    let data = folder.path().display().to_string();
    let asked =
        |url: &str, more: &[&str]| run(&[&["calls", "--gaps", "--data", &data, "--server", url], more].concat());
    let (from, to) = (at(15), at(10));
    let hole = format!("· not read / 未读取: start_time={from} end_time={to} (5 min)");
    let names_the_hole = |url: &str| {
        let drawn = asked(url, &["--method", "wdt.trade.query"]);
        let words = said(&drawn);
        assert!(drawn.status.success() && words.contains(&hole), "{words}");
        assert_eq!(words.matches("not read").count(), 1, "{words}");
        assert!(words.contains("█·") && words.contains("·█") && words.contains("status=30"), "{words}");
        let told = asked(url, &["--json", "--app", &key]);
        let told: Value = serde_json::from_str(said(&told).trim()).unwrap();
        assert_eq!(told["gaps"], json!([{ "from": from, "to": to }]), "{told}");
        assert_eq!(told["unfinished"], json!([]), "{told}");
    };
    names_the_hole(&url);
    let nobody = asked(&url, &["--app", "nobody"]);
    assert!(!nobody.status.success() && said(&nobody).contains("no application nobody"), "{}", said(&nobody));
    let all = caller.admin("GET", "/gaps?all=true", &Value::Null).json();
    let pushed = all["watched"].as_array().unwrap().iter().find(|watched| watched["kind"] == "push").unwrap();
    assert_eq!((&pushed["method"], &pushed["calls"]), (&json!("wdt.trade.push"), &json!(3)), "{all}");
    assert_eq!((&pushed["shop_no"], &pushed["silent_seconds"]), (&json!("api_test"), &json!(0)), "{all}");

    // What the last seconds read is written down when the program ends.
    assert!(Command::new("kill").args(["-TERM", &house.pid().to_string()]).status().unwrap().success());
    assert!(house.wait(Duration::from_secs(60)).unwrap().success());
    let house = House::start(folder.path(), &[]);
    let url = house.text("/base_url").to_owned();
    names_the_hole(&url);
    let caller = house.caller();
    let answer = caller.call("trade_query.php", &[("start_time", &from), ("end_time", &to), ("status", "30")]);
    assert_eq!(answer["code"], 0, "{answer}");
    let healed = said(&asked(&url, &["--method", "wdt.trade.query"]));
    assert!(healed.contains("nothing is missing"), "{healed}");
    let metrics = caller.http("GET", "/metrics", "", "").unwrap().text;
    assert!(metrics.contains(r#"matou_gaps{kind="gap"}"#), "{metrics}");
}
