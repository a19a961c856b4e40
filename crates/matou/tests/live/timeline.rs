//! `GET /timeline/{document_no}`: what happened to a document of any kind, over HTTP.

use serde_json::{Value, json};

use crate::house::{Caller, House, folder};

fn told(caller: &Caller, no: &str) -> Vec<Value> {
    let heard = caller.admin("GET", &format!("/timeline/{no}"), &Value::Null);
    assert_eq!(heard.status, 200, "{no}: {}", heard.text);
    let answer = heard.json();
    assert_eq!(answer["document_no"], no);
    answer["entries"].as_array().unwrap().clone()
}

/// What happened, without who of the admin API asked for it.
fn topics(entries: &[Value]) -> Vec<&str> {
    entries.iter().filter_map(|entry| entry["topic"].as_str()).filter(|topic| *topic != "admin").collect()
}

fn post(caller: &Caller, path: &str, body: &Value) -> Value {
    let heard = caller.admin("POST", path, body);
    assert!(heard.status == 200 || heard.status == 201, "{path}: {}", heard.text);
    heard.json()
}

/// Messages, changes of state and movements, in the order in which they happened, for one document of each family.
#[test]
fn any_document_tells_its_story() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let warehouses = caller.admin("GET", "/warehouses", &Value::Null).json();
    let numbers: Vec<String> = warehouses["warehouses"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|warehouse| warehouse["type"].as_i64().or(warehouse["warehouse_type"].as_i64()).unwrap_or(1) == 1)
        .map(|warehouse| warehouse["warehouse_no"].as_str().unwrap().to_owned())
        .collect();
    let (from, to) = (&numbers[0], &numbers[1]);

    // A signed message, what it caused, and what moved: an other stock-in through the Wangdian method.
    let info = json!({
        "outer_no": "TL-IN", "warehouse_no": from, "is_check": 1,
        "goods_list": [{ "spec_no": "G1001-RED", "stockin_num": 50, "stockin_price": 10 }],
    });
    let made = caller.call("stockin_order_push.php", &[("stockin_info", &info.to_string())]);
    assert_eq!(made["code"], 0, "{made}");
    let stockin_no = made["stockin_no"].as_str().unwrap().to_owned();
    let entries = told(&caller, &stockin_no);
    let kinds: Vec<&str> = entries.iter().filter_map(|entry| entry["kind"].as_str()).collect();
    assert_eq!(kinds, ["message", "event", "event", "movement"], "{entries:?}");
    assert_eq!(entries[0]["method"], "wdt.stockin.order.push");
    assert_eq!(entries[0]["parameters"]["stockin_info"]["outer_no"], "TL-IN");
    assert_eq!(topics(&entries), ["stock_in.created", "stock_in.audited"]);
    assert_eq!((&entries[3]["spec_no"], &entries[3]["delta"]), (&json!("G1001-RED"), &json!("50.0000")));

    // A stock-out, written by hand.
    let out = json!({ "outer_no": "TL-OUT", "warehouse_no": from, "audit": false, "lines": [{ "spec_no": "G1001-RED", "num": 1 }] });
    let no = post(&caller, "/stock-out", &out)["stockout_no"].as_str().unwrap().to_owned();
    post(&caller, &format!("/stock-out/{no}/audit"), &Value::Null);
    assert_eq!(topics(&told(&caller, &no)), ["warehouse_out.created", "warehouse_out.audited"]);

    // A transfer with the stock-out and the stock-in below it.
    let info = json!({
        "outer_no": "TL-TF", "from_warehouse_no": from, "to_warehouse_no": to, "transfer_type": 1, "autocheck": 1,
        "skus": [{ "spec_no": "G1001-RED", "num": 2 }],
    });
    let moved = caller.call("stock_transfer_push.php", &[("transfer_info", &info.to_string())]);
    assert_eq!(moved["code"], 0, "{moved}");
    let entries = told(&caller, moved["transfer_no"].as_str().unwrap());
    let moved = topics(&entries);
    for topic in ["transfer.created", "transfer.audited", "warehouse_out.audited", "stock_in.audited"] {
        assert!(moved.contains(&topic), "{topic} in {moved:?}");
    }
    let deltas: Vec<&str> = entries.iter().filter_map(|entry| entry["delta"].as_str()).collect();
    assert_eq!(deltas, ["-2.0000", "2.0000"]);

    // A stock-taking.
    let lines = json!([{ "spec_no": "G1001-RED", "stock_num": 40 }]).to_string();
    let counted = caller.call(
        "stock_sync_by_pd.php",
        &[("api_outer_no", "TL-PD"), ("warehouse_no", from), ("is_check", "1"), ("goods_list", &lines)],
    );
    assert_eq!(counted["code"], 0, "{counted}");
    assert!(topics(&told(&caller, counted["pd_no"].as_str().unwrap())).contains(&"stock_taking.audited"));

    // An order's stock-out, and a refund order with its raw refund.
    assert_eq!(caller.push("TL-1", "G1001-RED", 1)["code"], 0);
    let order = caller.admin("GET", "/orders?tid=TL-1", &Value::Null).json()["orders"][0].clone();
    let trade_no = order["trade_no"].as_str().unwrap();
    let order = post(&caller, &format!("/orders/{trade_no}/audit"), &Value::Null);
    post(&caller, &format!("/orders/{trade_no}/ship"), &json!({ "waybill": "W1" }));
    let shipped = told(&caller, order["stockout_no"].as_str().unwrap());
    assert_eq!(topics(&shipped), ["stock_out.created", "stock_out.shipped"]);
    assert!(shipped.iter().any(|entry| entry["kind"] == "movement"));
    let refund = post(&caller, "/refunds", &json!({ "type": 2, "tid": "TL-1" }));
    let refund_no = refund["refund_no"].as_str().unwrap();
    post(&caller, &format!("/refunds/{refund_no}/audit"), &Value::Null);
    assert_eq!(topics(&told(&caller, refund_no)), ["refund.created", "refund.audited"]);

    let nothing = caller.admin("GET", "/timeline/NOBODY", &Value::Null);
    assert_eq!(
        (nothing.status, nothing.json()["error"]["code"].as_str()),
        (404, Some("not_found")),
        "{}",
        nothing.text
    );
}
