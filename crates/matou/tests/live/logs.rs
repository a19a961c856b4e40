//! Log lines say what happened, never about whom, and hold no secret; also when everything is logged.

use serde_json::Value;

use crate::house::{House, folder, matou};

#[test]
fn logs_hold_neither_people_nor_secrets() {
    let folder = folder();
    let mut command = matou();
    command.args(["demo", "--listen", "127.0.0.1:0", "--shop-rate", "0", "--catalogue", "small", "--data"]);
    command.arg(folder.path()).env("MATOU_LOG_LEVEL", "trace").env("MATOU_LOG_FORMAT", "json");
    let mut house = House::spawn(command, folder.path());
    house.settle(folder.path());
    let caller = house.caller();
    assert_eq!(caller.push("LOG1", "G1001-RED", 1)["code"], 0);
    let mut strange = caller.push_body("LOG2", "G1001-RED", 1);
    strange.push('0');
    assert_eq!(caller.send("trade_push.php", &strange).unwrap().json()["code"], 2100);
    assert_ne!(caller.push("LOG3", "NOBODY'S", -1)["code"], 0);
    caller.admin("GET", "/orders?reveal=true", &Value::Null);
    caller.admin("POST", "/shops", &serde_json::json!({ "shop_no": "x", "mobile": 1, "colour": "张三" }));

    let log = std::fs::read_to_string(folder.path().join("test.log")).unwrap();
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    // The demo's other docks call on their own in the meantime: only the calls of this story count.
    let of = |code: i64| {
        let story = |line: &&Value| line["target"] == "matou::call" && line["method"] == "wdt.trade.push";
        lines.iter().filter(story).find(|line| line["code"] == code)
    };
    assert_eq!(of(0).map(|line| &line["app"]), Some(&Value::from(house.text("/wdt/appkey"))), "{log}");
    assert_eq!(of(2100).map(|line| &line["level"]), Some(&Value::from("INFO")), "{log}");
    // What the demo prints for people holds ready-made calls; the log lines are the others.
    let told: String = lines.iter().map(Value::to_string).collect();
    for word in ["张三", "19900000000", "花园路", "买家LOG1", house.text("/admin/token"), house.text("/wdt/appsecret")]
    {
        assert!(!told.contains(word), "{word} is in the log");
    }
}
