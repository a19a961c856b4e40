//! The first order: pushed, audited, shipped, read back, acknowledged.

use serde_json::{Value, json};

use crate::house::{House, folder};

#[test]
fn an_order_goes_from_push_to_acknowledged_waybill() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let pushed = caller.push("H1", "G1001-RED", 2);
    assert_eq!((&pushed["code"], &pushed["new_count"]), (&json!(0), &json!(1)), "{pushed}");

    let found = caller.admin("GET", "/orders?tid=H1", &Value::Null).json();
    let order = &found["orders"][0];
    assert_eq!((&found["total_count"], &order["trade_status"]), (&json!(1), &json!(30)), "{found}");
    let number = order["trade_no"].as_str().unwrap().to_owned();
    let waybill = json!({ "logistics_no": "ZTO", "waybill": "ZT0001" });
    let early = caller.admin("POST", &format!("/orders/{number}/ship"), &waybill);
    assert_eq!((early.status, early.json()["error"]["code"].as_str()), (409, Some("state")));

    assert_eq!(caller.admin("POST", &format!("/orders/{number}/audit"), &Value::Null).json()["trade_status"], 55);
    assert_eq!(caller.admin("POST", &format!("/orders/{number}/ship"), &waybill).json()["trade_status"], 95);

    let queue = caller.call("logistics_sync_query.php", &[("shop_no", "api_test"), ("limit", "10")]);
    let row = &queue["trades"][0];
    assert_eq!((row["tid"].as_str(), row["logistics_no"].as_str()), (Some("H1"), Some("ZT0001")), "{queue}");
    let ack = json!([{ "rec_id": row["rec_id"], "status": 0, "message": "" }]).to_string();
    let acked = caller.call("logistics_sync_ack.php", &[("logistics_list", &ack)]);
    assert_eq!(acked["code"], 0, "{acked}");
    let queue = caller.call("logistics_sync_query.php", &[("shop_no", "api_test"), ("limit", "10")]);
    assert_eq!(queue["trades"], json!([]), "{queue}");

    let syncs = caller.admin("GET", &format!("/orders/{number}/logistics-sync"), &Value::Null).json();
    let sync = &syncs["rows"][0];
    assert_eq!((&sync["waybill"], &sync["sync_status"]), (&json!("ZT0001"), &json!(3)), "{syncs}");
    let retried = caller.admin("POST", &format!("/logistics-sync/{}/retry", sync["rec_id"]), &Value::Null);
    assert_eq!(retried.status, 422, "only a failed row can be offered again: {}", retried.text);

    let stock = caller.admin("GET", "/stock?spec_no=G1001-RED&warehouse_no=WH01", &Value::Null).json();
    assert_eq!(stock["stocks"][0]["stock_num"], "99998.0000", "{stock}");

    let told = caller.admin("GET", "/orders/H1/timeline", &Value::Null).json();
    let kinds: Vec<&str> = told["entries"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.first(), Some(&"message"), "{told}");
    for kind in ["event", "movement"] {
        assert!(kinds.contains(&kind), "{told}");
    }
    assert!(!told.to_string().contains("19900000000"), "a mobile number is not masked");
    let shown = caller.admin("GET", "/orders/H1/timeline?reveal=true", &Value::Null).json();
    assert!(shown.to_string().contains("19900000000"), "{shown}");
}

#[test]
fn the_identical_message_gets_the_first_answer() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let body = caller.push_body("R1", "G1001-RED", 1);
    let first = caller.send("trade_push.php", &body).unwrap().json();
    let again = caller.send("trade_push.php", &body).unwrap().json();
    assert_eq!(first["new_count"], 1, "{first}");
    assert_eq!(again, first);
    assert_eq!(caller.admin("GET", "/orders?tid=R1", &Value::Null).json()["total_count"], 1);
    let metrics = caller.http("GET", "/metrics", "", "").unwrap().text;
    let line = r#"matou_calls_total{channel="openapi2",method="wdt.trade.push",outcome="replayed"} 1"#;
    assert!(metrics.contains(line), "{metrics}");
    assert_eq!(caller.http("GET", "/readyz", "", "").unwrap().status, 200);
    assert_eq!(caller.http("GET", "/healthz", "", "").unwrap().text, "ok\n");
}

#[test]
fn the_simulated_shop_pushes_through_the_public_door() {
    let folder = folder();
    let house = House::start(folder.path(), &["--shop-rate", "20", "--seed", "7"]);
    let caller = house.caller();
    let begun = std::time::Instant::now();
    loop {
        let count = caller.admin("GET", "/orders?page_size=1", &Value::Null).json()["total_count"].as_i64().unwrap();
        if count >= 5 {
            break;
        }
        assert!(begun.elapsed().as_secs() < 60, "only {count} orders came");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
