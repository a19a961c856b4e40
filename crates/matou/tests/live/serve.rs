//! `matou serve` from nothing: everything that the first order needs is made through the admin API.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::house::{House, folder, matou};

#[test]
fn a_merchant_is_set_up_through_the_admin_api() {
    let folder = folder();
    let data = folder.path().join("data");
    let mut command = matou();
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
    let mut house = House::spawn(command, folder.path());
    let begun = Instant::now();
    let base_url = loop {
        let log = house.log(folder.path());
        if let Some(url) = log.split_whitespace().find(|word| word.starts_with("http://")) {
            break url.to_owned();
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{log}");
        std::thread::sleep(Duration::from_millis(10));
    };
    let token = std::fs::read_to_string(data.join("admin.token")).unwrap().trim().to_owned();
    house.card = json!({
        "base_url": base_url, "admin": { "token": token },
        "wdt": { "sid": "m1", "appkey": "m1-ot", "appsecret": "", "shop_no": "S1" },
    });
    let caller = house.caller();
    assert_eq!(caller.admin("GET", "/shops", &Value::Null).status, 404, "there is no tenant yet");
    let mut secret = String::new();
    for (path, body) in [
        ("/tenants", json!({ "sid": "m1", "name": "商家一" })),
        ("/shops", json!({ "shop_no": "S1", "shop_name": "商城" })),
        ("/warehouses", json!({ "warehouse_no": "W1", "name": "仓库" })),
        ("/carriers", json!({ "logistics_no": "ZTO", "logistics_name": "中通", "logistics_type": 5 })),
        ("/goods", json!({ "goods_no": "G", "goods_name": "货", "specs": [{ "spec_no": "A", "retail_price": 99 }] })),
        ("/suites", json!({ "suite_no": "AA", "suite_name": "两件", "specs": [{ "spec_no": "A", "num": 2 }] })),
        ("/stock-in", json!({ "outer_no": "O1", "warehouse_no": "W1", "lines": [{ "spec_no": "A", "num": 3 }] })),
        ("/shops/S1/stock-sync", json!({ "enabled": true, "percent": 50 })),
        ("/applications", json!({ "key": "m1-ot" })),
        ("/applications", json!({ "key": "213", "protocol": "top" })),
        ("/targets", json!({ "target_app_key": "T" })),
        ("/authorisations", json!({ "app_key": "213", "target_app_key": "T", "sid": "m1" })),
    ] {
        let made = caller.admin("POST", path, &body);
        assert!((200..300).contains(&made.status), "{path}: {}", made.text);
        if body["key"] == "m1-ot" {
            secret = made.json()["secret"].as_str().unwrap().to_owned();
        }
    }
    let caller = caller.with_keys("m1-ot", &secret);
    let pushed = caller.push("A1", "AA", 1);
    assert_eq!((&pushed["code"], &pushed["new_count"]), (&json!(0), &json!(1)), "{pushed}");
    // A suite of two takes two of the three pieces; the next one waits and cannot be released.
    assert_eq!(caller.push("A2", "AA", 1)["code"], 0);
    let short = caller.admin("GET", "/orders?tid=A2", &Value::Null).json();
    let order = &short["orders"][0];
    assert!(!order["shortage"].as_str().unwrap().is_empty(), "{short}");
    let refused = caller.admin("POST", &format!("/orders/{}/audit", order["trade_no"].as_str().unwrap()), &Value::Null);
    assert_eq!(refused.status, 409, "{}", refused.text);
    let more =
        json!({ "outer_no": "O2", "warehouse_no": "W1", "audit": false, "lines": [{ "spec_no": "A", "num": 5 }] });
    let number = caller.admin("POST", "/stock-in", &more).json()["stockin_no"].as_str().unwrap().to_owned();
    assert_eq!(caller.admin("POST", &format!("/stock-in/{number}/audit"), &Value::Null).json()["stockin_status"], 80);
    let audited = caller.admin("POST", &format!("/orders/{}/audit", order["trade_no"].as_str().unwrap()), &Value::Null);
    assert_eq!(audited.json()["trade_status"], 55, "{}", audited.text);
}
