//! Rules over HTTP: made, changed condition by condition, and each change seen in what an order gets.

use serde_json::{Value, json};

use crate::house::{Caller, House, folder, order};

/// What a rule says of itself.
fn shown(caller: &Caller, rule: &Value) -> Value {
    caller.admin("GET", &format!("/rules/{rule}"), &Value::Null).json()
}

fn patch(caller: &Caller, rule: &Value, change: &Value) -> Value {
    let heard = caller.admin("PATCH", &format!("/rules/{rule}"), change);
    assert_eq!(heard.status, 200, "{change}: {}", heard.text);
    heard.json()
}

fn made(caller: &Caller, rule: &Value) -> Value {
    let heard = caller.admin("POST", "/rules", rule);
    assert_eq!(heard.status, 201, "{rule}: {}", heard.text);
    heard.json()["rule_id"].clone()
}

fn settings(caller: &Caller, flow: &Value) {
    let heard = caller.admin("PATCH", "/tenants/1/settings", &json!({ "flow": flow }));
    assert_eq!(heard.status, 200, "{}", heard.text);
}

/// Pushes an order of two pieces, 198 altogether, and shows what was made of it.
fn pushed(caller: &Caller, change: impl Fn(&mut Value)) -> Value {
    static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let tid = format!("RULE{}", NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    let mut order = order(&tid, "G1001-RED", 2);
    change(&mut order);
    let answer = caller.call("trade_push.php", &[("shop_no", "api_test"), ("trade_list", &json!([order]).to_string())]);
    assert_eq!(answer["code"], 0, "{answer}");
    let found = caller.admin("GET", &format!("/orders?tid={tid}"), &Value::Null).json();
    found["orders"][0].clone()
}

fn gets_gift(caller: &Caller, change: impl Fn(&mut Value)) -> bool {
    let order = pushed(caller, change);
    let lines = order["lines"].as_array().unwrap_or_else(|| panic!("{order}"));
    lines.iter().any(|line| line["gift_type"] == 1)
}

/// Every condition, first such that the order does not fit, then such that it does: `PATCH` and nothing else.
#[test]
fn every_condition_of_a_rule_can_be_changed() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let shop = json!({ "shop_no": "second", "shop_name": "二店" });
    assert_eq!(caller.admin("POST", "/shops", &shop).status, 201);
    settings(&caller, &json!({ "gifts": true }));
    let rule = made(&caller, &json!({ "kind": "gift", "name": "满赠", "gifts": [{ "spec_no": "FZ1001-NV-S" }] }));
    assert!(gets_gift(&caller, |_| {}), "no condition");
    let row = shown(&caller, &rule);
    let specs = caller.call("goods_query.php", &[("spec_no", "G1001-RED")]);
    let goods_no = specs["goods_list"][0]["goods_no"].clone();
    let warehouses = caller.admin("GET", "/warehouses", &Value::Null).json();
    let numbers: Vec<String> = warehouses["warehouses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warehouse| warehouse["warehouse_no"].as_str().unwrap().to_owned())
        .collect();
    let home = pushed(&caller, |_| {})["warehouse_no"].clone();
    let other = numbers.iter().find(|no| **no != home).expect("two warehouses");
    // Condition, value that leaves the order out, value that lets it in, the value that takes the condition away.
    for (name, out, within, none) in [
        ("shop_nos", json!(["second"]), json!(["api_test"]), json!([])),
        ("warehouse_nos", json!([other]), json!([home]), json!([])),
        ("regions", json!([440_000, 440_100]), json!([110_000]), json!([])),
        ("delivery_terms", json!([2, 3]), json!([1]), json!([])),
        ("spec_nos", json!(["G1001-BLUE"]), json!(["G1001-RED", "G1001-BLUE"]), json!([])),
        ("goods_nos", json!(["FZ1001"]), json!([goods_no]), json!([])),
        ("min_num", json!(3), json!(2), json!(0)),
        ("min_amount", json!("198.01"), json!("198"), json!(0)),
        ("max_amount", json!("197.99"), json!("198"), json!(0)),
        ("max_weight", json!("0.0001"), json!(1000), json!(0)),
        ("start_time", json!("2026-01-02 03:05:07"), json!("2026-01-02 03:05:06"), Value::Null),
        ("end_time", json!("2026-01-02 03:05:05"), json!("2026-01-02 03:05:06"), Value::Null),
        ("disabled", json!(true), json!(false), json!(false)),
    ] {
        patch(&caller, &rule, &json!({ name: out }));
        assert!(!gets_gift(&caller, |_| {}), "{name} {out}");
        let row = patch(&caller, &rule, &json!({ name: within }));
        assert!(gets_gift(&caller, |_| {}), "{name} {within}");
        assert_eq!(shown(&caller, &rule)[name], row[name]);
        let row = match none {
            Value::Null => patch(&caller, &rule, &json!({ "clear": [name] })),
            none => patch(&caller, &rule, &json!({ name: none })),
        };
        assert!(gets_gift(&caller, |_| {}), "{name} taken away");
        assert_eq!(row[name], shown(&caller, &rule)[name]);
    }
    let row_after = shown(&caller, &rule);
    for name in
        ["shop_nos", "warehouse_nos", "regions", "delivery_terms", "spec_nos", "goods_nos", "start_time", "end_time"]
    {
        assert_eq!(row_after[name], row[name], "{name} is as it was before");
    }
    patch(&caller, &rule, &json!({ "no_remarks": true }));
    assert!(gets_gift(&caller, |_| {}));
    assert!(!gets_gift(&caller, |order| order["buyer_message"] = json!("请尽快")), "the buyer wrote something");
    patch(&caller, &rule, &json!({ "no_remarks": false }));
    assert!(gets_gift(&caller, |order| order["buyer_message"] = json!("请尽快")));
}

/// What follows from a rule, of every kind.
#[test]
fn every_consequence_of_a_rule_can_be_changed() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    settings(&caller, &json!({ "gifts": true }));
    let gift = made(&caller, &json!({ "kind": "gift", "name": "满赠", "gifts": [{ "spec_no": "FZ1001-NV-S" }] }));
    let pieces = |spec: &str| {
        let order = pushed(&caller, |_| {});
        let of =
            order["lines"].as_array().unwrap().iter().filter(|line| line["spec_no"] == spec && line["gift_type"] == 1);
        of.map(|line| line["num"].to_string().trim_matches('"').parse::<f64>().unwrap()).sum::<f64>()
    };
    patch(&caller, &gift, &json!({ "gifts": [{ "spec_no": "G1001-BLUE", "num": 2 }] }));
    assert_eq!((pieces("G1001-BLUE"), pieces("FZ1001-NV-S")), (2.0, 0.0));
    patch(&caller, &gift, &json!({ "min_num": 1, "multiply": true }));
    assert_eq!(pieces("G1001-BLUE"), 4.0, "twice the minimum");
    patch(&caller, &gift, &json!({ "most_times": 1 }));
    assert_eq!(pieces("G1001-BLUE"), 2.0);
    let second = made(
        &caller,
        &json!({ "kind": "gift", "name": "再赠", "priority": 200, "gifts": [{ "spec_no": "FZ1001-NV-S" }] }),
    );
    assert_eq!(pieces("FZ1001-NV-S"), 1.0);
    patch(&caller, &gift, &json!({ "last": true }));
    assert_eq!(pieces("FZ1001-NV-S"), 0.0, "the first one is the last");
    patch(&caller, &second, &json!({ "priority": 1, "name": "先赠" }));
    assert_eq!(pieces("FZ1001-NV-S"), 1.0, "now it is asked first");
    let row = patch(&caller, &second, &json!({ "first_orders": 1 }));
    assert_eq!((&row["name"], &row["first_orders"]), (&json!("先赠"), &json!(1)));
    assert_eq!((pieces("FZ1001-NV-S"), pieces("FZ1001-NV-S")), (1.0, 0.0), "counted from now on");
    patch(&caller, &second, &json!({ "first_orders": 0, "most_pieces": 1 }));
    assert_eq!(pieces("FZ1001-NV-S"), 0.0, "all are given");
    for (wrong, field) in [
        (json!({ "gifts": [] }), "gifts"),
        (json!({ "min_num": 0, "multiply": true }), "multiply"),
        (json!({ "most_times": -1 }), "most_times"),
        (json!({ "clear": ["name"] }), "clear"),
        (json!({ "kind": "audit" }), "kind"),
        (json!({ "start_time": "2026-01-02 00:00:00", "end_time": "2026-01-01 00:00:00" }), "end_time"),
    ] {
        let heard = caller.admin("PATCH", &format!("/rules/{gift}"), &wrong);
        assert_eq!((heard.status, heard.json()["error"]["field"].as_str()), (400, Some(field)), "{}", heard.text);
    }
    for kind in [gift, second] {
        assert_eq!(caller.admin("DELETE", &format!("/rules/{kind}"), &Value::Null).status, 200);
    }

    // Pre-sale, carrier, audit, warehouse.
    settings(
        &caller,
        &json!({ "presale": true, "carrier_strategy": true, "auto_audit": true, "warehouse_strategy": true }),
    );
    let status = || pushed(&caller, |_| {})["trade_status"].clone();
    let presale = made(&caller, &json!({ "kind": "presale", "name": "预售", "delivers_from": "2099-01-01 00:00:00" }));
    let order = pushed(&caller, |_| {});
    assert_eq!((&order["trade_status"], &order["delay_to_time"]), (&json!(25), &json!("2099-01-01 00:00:00")));
    patch(&caller, &presale, &json!({ "clear": ["delivers_from"] }));
    let order = pushed(&caller, |_| {});
    assert_eq!(order["trade_status"], 25);
    assert_ne!(order["delay_to_time"], "2099-01-01 00:00:00", "somebody releases it");
    patch(&caller, &presale, &json!({ "disabled": true }));
    assert_eq!(status(), 30);
    let audit = made(&caller, &json!({ "kind": "audit", "name": "小单", "max_amount": "100" }));
    assert_eq!(status(), 30, "too much for that");
    patch(&caller, &audit, &json!({ "max_amount": 198 }));
    assert_eq!(status(), 55);
    let carriers = caller.admin("GET", "/carriers", &Value::Null).json();
    let numbers: Vec<&str> = carriers["carriers"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|carrier| carrier["logistics_no"].as_str())
        .collect();
    let [first, second, ..] = numbers.as_slice() else { panic!("two carriers: {carriers}") };
    let carrier = made(&caller, &json!({ "kind": "carrier", "name": "物流", "logistics_no": first }));
    assert_eq!(pushed(&caller, |_| {})["logistics_no"], *first);
    patch(&caller, &carrier, &json!({ "logistics_no": second }));
    assert_eq!(pushed(&caller, |_| {})["logistics_no"], *second);
    let home = pushed(&caller, |_| {})["warehouse_no"].clone();
    let warehouses = caller.admin("GET", "/warehouses", &Value::Null).json();
    let all = warehouses["warehouses"].as_array().unwrap();
    let other = all.iter().map(|warehouse| &warehouse["warehouse_no"]).find(|no| **no != home).unwrap();
    let warehouse = made(&caller, &json!({ "kind": "warehouse", "name": "选仓", "warehouse_no": home }));
    assert_eq!(pushed(&caller, |_| {})["warehouse_no"], home);
    patch(&caller, &warehouse, &json!({ "warehouse_no": other }));
    assert_eq!(pushed(&caller, |_| {})["warehouse_no"], *other);
}
