//! A supplier of 天猫国际直营 from the mail to the first return, as docs/ascp.md walks it, and everything else that the admin API offers for it: every
//! operation works, every one refuses, and at the end the operation manual's table is green.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::house::{Caller, Heard, House, folder};
use crate::operations::Round;

/// A second contract beside the demo's own: nothing has happened to it.
const ID: &str = "1000000000090002";
const STORE: &str = "DEMO_WH_02";
/// Its goods: two that are sold, and one that nobody has named.
const ITEMS: [i64; 3] = [690_000_000_101, 690_000_000_102, 690_000_000_103];

/// What consumers, service and the platform do.
fn sandbox(caller: &Caller, verb: &str, path: &str, body: &Value) -> Heard {
    let headers = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", caller.token);
    let body = if body.is_null() { String::new() } else { body.to_string() };
    caller.http(verb, &format!("/sandbox/v1{path}"), &headers, &body).unwrap()
}

/// Everybody at the table.
struct Walk<'c> {
    caller: &'c Caller,
    round: Round<'c>,
    waybills: std::cell::Cell<u32>,
}

impl Walk<'_> {
    fn play(&self, path: &str, body: Value) -> Value {
        let heard = sandbox(self.caller, "POST", path, &body);
        assert_eq!(heard.status, 200, "{path} {body}: {}", heard.text);
        heard.json()
    }

    fn works(&self, verb: &str, path: &str, body: Value) -> Value {
        self.round.works(verb, &format!("/ascp{path}"), body)
    }

    fn refuses(&self, verb: &str, path: &str, body: Value, status: u16, says: &str) {
        self.round.refuses(verb, &format!("/ascp{path}"), body, status, says);
    }

    /// Waits until what `ask` says is `right`.
    fn until(&self, what: &str, ask: impl Fn() -> Heard, right: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let heard = ask();
            if heard.status == 200 && right(&heard.json()) {
                return heard.json();
            }
            assert!(begun.elapsed().as_secs() < 60, "{what}: {}", heard.text);
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// The platform's document in this state.
    fn theirs(&self, path: &str, state: i64) -> Value {
        let ask = || sandbox(self.caller, "GET", &format!("/ascp{path}"), &Value::Null);
        self.until(&format!("{path} in {state} there"), ask, |found| found["state"] == state)
    }

    /// The supplier's, by `right`.
    fn ours(&self, path: &str, right: impl Fn(&Value) -> bool) -> Value {
        self.until(path, || self.caller.admin("GET", &format!("/ascp{path}"), &Value::Null), right)
    }

    fn place(&self, item: i64, quantity: i64, more: Value) -> String {
        let line = json!([{ "sc_item_id": item, "quantity": quantity }]);
        let mut body = json!({ "supplier_id": ID, "store_code": STORE, "lines": line });
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.play("/ascp/orders", body)["code"].as_str().unwrap().to_owned()
    }

    /// Takes an order as far as the warehouse; its number in the core.
    fn release(&self, code: &str) -> String {
        self.ours(&format!("/orders/{code}"), |order| order["state"] == 30);
        let found = self.caller.admin("GET", &format!("/orders?tid={code}"), &Value::Null).json();
        let no = found["orders"][0]["trade_no"].as_str().unwrap().to_owned();
        self.round.works("POST", &format!("/orders/{no}/audit"), Value::Null);
        no
    }

    /// Ships it with a fresh waybill.
    fn ship(&self, code: &str) -> String {
        let no = self.release(code);
        self.waybills.set(self.waybills.get() + 1);
        let waybill = format!("SF{:012}", self.waybills.get());
        self.round.works("POST", &format!("/orders/{no}/ship"), json!({ "logistics_no": "SF", "waybill": waybill }));
        waybill
    }

    fn modules(&self) -> Vec<String> {
        let rows = self.works("GET", &format!("/channels/{ID}/modules"), Value::Null);
        rows["modules"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn every_operation_of_a_supplier_works_and_refuses_and_the_manuals_table_is_green() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let walk = Walk { caller: &caller, round: Round::new(&caller), waybills: Default::default() };
    onboarding(&walk, &house);
    assert_eq!(walk.modules(), ["unsupported", "untested", "untested", "untested", "working", "untested"]);
    the_walk(&walk);
    assert_eq!(walk.modules(), ["unsupported", "working", "working", "working", "working", "working"]);
    what_people_do_beside(&walk);
    queues(&walk);
    let [uncalled, unrefused] = walk.round.missing(|id| id.starts_with("ascp."));
    assert_eq!(uncalled, [] as [&str; 0], "operations that this test does not call");
    // Nothing can be wrong with it but a parameter that nobody knows.
    assert_eq!(unrefused, ["ascp.channels"]);
}

fn onboarding(walk: &Walk<'_>, house: &House) {
    let app = json!({ "protocol": "top", "key": "21999002", "name": "品牌站" });
    walk.round.works("POST", "/applications", app);
    let shop = json!({ "shop_no": "TMGJZY02", "shop_name": "天猫国际直营-品牌站", "platform_id": 9001 });
    walk.round.works("POST", "/shops", shop);
    let mut new = json!({
        "supplier_id": ID, "shop_no": "TMGJZY02", "contract": "resale", "app_key": "21999002", "owner_user_id": 19,
        "top_url": house.text("/ascp/top_url"), "settings": { "warehouses": { (STORE): "WH02" }, "silence_hours": "soon" },
    });
    walk.refuses("POST", "/channels", new.clone(), 400, "settings.silence_hours");
    new["settings"] = json!({ "warehouses": { (STORE): "WH02" } });
    let made = walk.works("POST", "/channels", new.clone());
    assert!(made["stage"] == 10 && made["missing"].as_str().unwrap().contains("flagship_shop_no"), "{made}");
    walk.refuses("POST", "/channels", new, 409, ID);
    let at = |path: &str| format!("/channels/{ID}{path}");
    walk.refuses("POST", &at("/mailed"), Value::Null, 409, "资料不全");
    walk.refuses("PATCH", &at(""), json!({ "settings": { "silence": 1 } }), 400, "settings.silence");
    let changed =
        walk.works("PATCH", &at(""), json!({ "flagship_shop_no": "TMALL01", "settings": { "silence_hours": 12 } }));
    let settings: Value = serde_json::from_str(changed["settings"].as_str().unwrap()).unwrap();
    assert_eq!((&changed["stage"], &settings["silence_hours"]), (&json!(20), &json!(12)), "{changed}");
    assert_eq!(settings["warehouses"][STORE], "WH02", "what is not sent stays");
    let mail = walk.works("GET", &at("/mail"), Value::Null);
    let body = mail["body"].as_str().unwrap();
    assert!(
        [ID, "天猫国际直营-品牌站", house.text("/wdt/sid"), "旗舰店"].iter().all(|item| body.contains(item)),
        "{body}"
    );
    walk.refuses("GET", "/channels/4711/mail", Value::Null, 404, "4711");
    walk.refuses("POST", &at("/confirmed"), Value::Null, 409, "待发配置邮件");
    assert_eq!(walk.works("POST", &at("/mailed"), Value::Null)["stage"], 30);
    walk.refuses("POST", &at("/session"), json!({ "session": "S2" }), 409, "待服务商配置");
    assert_eq!(walk.works("POST", &at("/confirmed"), Value::Null)["stage"], 40);

    walk.play(
        "/ascp/suppliers",
        json!({
            "supplier_id": ID, "app_key": "21999002", "session": "S2", "user_id": 19, "push_url": house.text("/ascp/push_url"),
        }),
    );
    let goods = json!([
        { "sc_item_id": ITEMS[0], "name": "甲", "outer_id": "G1001-RED", "price": 9900 },
        { "sc_item_id": ITEMS[1], "name": "乙", "price": 9900 }, { "sc_item_id": ITEMS[2], "name": "丙", "price": 9900 },
    ]);
    walk.play("/ascp/goods", json!({ "supplier_id": ID, "goods": goods }));
    walk.refuses("POST", &at("/session"), json!({ "session": "S2", "ends": "2020-01-01 00:00:00" }), 400, "session");
    let live = walk.works("POST", &at("/session"), json!({ "session": "S2", "ends": "2099-01-01 00:00:00" }));
    assert_eq!(live["stage"], 50, "{live}");
    assert_eq!(walk.works("POST", &at("/sync-goods"), Value::Null)["open"], 2);
    walk.refuses("POST", "/channels/4711/sync-goods", Value::Null, 404, "4711");
    let open = format!("/goods?supplier_id={ID}&open=true");
    assert_eq!(walk.works("GET", &open, Value::Null)["goods"].as_array().unwrap().len(), 2);
    walk.refuses("GET", "/goods", Value::Null, 400, "several channels");
    let name = |spec_no: &str| json!({ "supplier_id": ID, "spec_no": spec_no });
    walk.refuses("POST", &format!("/goods/{}", ITEMS[1]), name("NOBODY"), 404, "NOBODY");
    walk.works("POST", &format!("/goods/{}", ITEMS[1]), name("G1001-BLUE"));
    assert_eq!(walk.works("POST", &at("/reconcile"), Value::Null)["total_count"], 2);
    walk.refuses("POST", "/channels/4711/reconcile", Value::Null, 404, "4711");
    walk.ours(&format!("/goods?supplier_id={ID}"), |found| {
        let published = |one: &&Value| one["published"].as_i64() > Some(0);
        found["goods"].as_array().unwrap().iter().filter(published).count() == 2
    });
    let carriers = walk.works("GET", &at("/carriers"), Value::Null);
    assert!(carriers["carriers"].as_array().unwrap().iter().any(|one| one["code"] == "SF"), "{carriers}");
    walk.refuses("GET", "/channels/4711/carriers", Value::Null, 404, "4711");
    walk.refuses("GET", "/channels/4711/modules", Value::Null, 404, "4711");
    let channels = walk.works("GET", "/channels", Value::Null);
    assert_eq!(channels["total_count"], 2, "{channels}");
}

/// The first order, a cancel, the first return: what docs/ascp.md shows.
fn the_walk(walk: &Walk<'_>) {
    let code = walk.place(ITEMS[0], 2, Value::Null);
    let rule = |order: Value| order["refund_rule"].as_str().unwrap().to_owned();
    assert!(rule(walk.ours(&format!("/orders/{code}"), |order| order["state"] == 30)).contains("不产生销退单"));
    walk.theirs(&format!("/orders/{code}"), 40);
    walk.ship(&code);
    walk.theirs(&format!("/orders/{code}"), 60);
    let order = walk.works("GET", &format!("/orders/{code}"), Value::Null);
    assert!(order["parcels"].as_str().unwrap().contains("SF"), "{order}");
    assert!(rule(order).contains("填写退货运单后才产生销退单"));
    walk.refuses("GET", "/orders/LP0", Value::Null, 400, "several channels");
    assert!(!walk.works("GET", "/orders?state=70", Value::Null)["orders"].as_array().unwrap().is_empty());
    walk.refuses("GET", "/orders?state=71", Value::Null, 400, "no such state");

    let other = walk.place(ITEMS[1], 1, Value::Null);
    walk.ours(&format!("/orders/{other}"), |order| order["state"] == 30);
    walk.play(&format!("/ascp/orders/{other}/cancel"), Value::Null);
    walk.theirs(&format!("/orders/{other}"), 90);

    let back = walk.play(&format!("/ascp/orders/{code}/refunds"), Value::Null)["code"].as_str().unwrap().to_owned();
    walk.play(&format!("/ascp/refunds/{back}/approve"), Value::Null);
    let parcel = json!({ "carrier": "SF", "waybill": "SF0000000000901" });
    walk.play(&format!("/ascp/refunds/{back}/waybill"), parcel);
    let at = |path: &str| format!("/returns/{back}{path}");
    let found = walk.ours(&at(""), |found| found["state"] == 20);
    let line = &found["lines"][0]["sub_order_code"];
    walk.works("POST", &at("/arrived"), Value::Null);
    walk.refuses("POST", "/returns/LP0/arrived", json!({ "supplier_id": ID }), 404, "LP0");
    walk.refuses("POST", &at("/refunded"), Value::Null, 409, "退换管理");
    let came = |good: i64| json!({ "lines": [{ "sub_order_code": line, "good": good, "defective": 1 }] });
    walk.refuses("POST", &at("/receive"), came(5), 400, "最多还可入库2件");
    assert_eq!(walk.works("POST", &at("/receive"), came(1))["state"], 40);
    walk.theirs(&at(""), 60);
    let found = walk.ours(&at(""), |found| found["state"] == 50);
    assert!(found["refund_by"].as_str() > found["reported"].as_str(), "{found}");
    assert!(!walk.works("GET", "/returns?state=50", Value::Null)["returns"].as_array().unwrap().is_empty());
    walk.refuses("GET", "/returns?state=51", Value::Null, 400, "no such state");
    walk.refuses("GET", "/returns/LP0", json!(null), 400, "several channels");
    let seen = walk.works("POST", &at("/refunded"), Value::Null);
    assert!(seen["state"] == 60 && seen["refunded"].as_str() > Some("2020"), "{seen}");
    assert_eq!(walk.works("GET", &at(""), Value::Null)["state_name"], "已确认退款");
}

/// Shortage, waybills, serial numbers, a return that is asked for, figures of the day and of stock.
fn what_people_do_beside(walk: &Walk<'_>) {
    let code = walk.place(ITEMS[0], 1, Value::Null);
    walk.release(&code);
    let order = walk.ours(&format!("/orders/{code}"), |order| order["state"] == 50);
    let line = order["lines"][0]["sub_order_code"].clone();
    let at = |path: &str| format!("/orders/{code}{path}");
    walk.refuses("POST", &at("/restock"), Value::Null, 409, "已递交仓库");
    let lack = |quantity: i64| json!({ "lines": [{ "sub_order_code": line, "quantity": quantity }] });
    walk.refuses("POST", &at("/shortage"), lack(2), 400, "lack_quantity");
    assert_eq!(walk.works("POST", &at("/shortage"), lack(1))["state"], 55);
    walk.theirs(&at(""), 45);
    assert_eq!(walk.works("POST", &at("/restock"), Value::Null)["state"], 50);
    let new = json!({ "old_waybill": "SF1", "new_waybill": "SF2" });
    walk.refuses("POST", &at("/waybill"), new, 409, "尚未回传发货");
    let back = json!({ "reverse_type": "3", "logistics_no": "SF", "waybill": "SF3" });
    walk.refuses("POST", &at("/return"), back.clone(), 409, "未发货");

    let gone = walk.place(ITEMS[0], 1, Value::Null);
    let waybill = walk.ship(&gone);
    walk.ours(&format!("/orders/{gone}"), |order| order["state"] == 70);
    let new = json!({ "old_waybill": waybill, "new_waybill": "SF000000099999" });
    walk.works("POST", &format!("/orders/{gone}/waybill"), new);
    walk.ours(&format!("/orders/{gone}"), |order| order["parcels"] == "SF SF000000099999");
    walk.works("POST", &format!("/orders/{gone}/return"), back);
    let returned = || sandbox(walk.caller, "GET", &format!("/ascp/orders/{gone}"), &Value::Null);
    walk.until("the return that was asked for", returned, |order| order["returns"][0].is_string());

    let own = walk.place(ITEMS[1], 1, json!({ "business_model": "1" }));
    walk.release(&own);
    let order = walk.ours(&format!("/orders/{own}"), |order| order["drawn"][0].is_object());
    let more = json!({ "supplier_id": ID, "packages": ["P2"] });
    assert_eq!(walk.works("POST", &format!("/orders/{own}/draw"), more.clone())["drawn"].as_array().unwrap().len(), 2);
    walk.refuses("POST", &format!("/orders/{gone}/draw"), more, 409, "平台配送");
    let numbers = |line: &Value| json!({ "supplier_id": ID, "sub_order_code": line, "serials": ["SN1", "BAD1"] });
    let checked = walk.works("POST", &format!("/orders/{own}/serials"), numbers(&order["lines"][0]["sub_order_code"]));
    assert!(checked["serials"].as_array().unwrap().iter().any(|one| one["is_refused"] == 1), "{checked}");
    walk.refuses("POST", &format!("/orders/{own}/serials"), numbers(&json!("0")), 404, "履约单明细");

    let today = caller_day(walk);
    let count = walk.works("POST", &format!("/channels/{ID}/count"), json!({ "day": today, "orders": 1_000 }));
    assert!(count["agrees"] == false && count["ours"].as_i64() > Some(3), "{count}");
    walk.refuses("POST", &format!("/channels/{ID}/count"), json!({ "day": "today", "orders": 1 }), 400, "day");
    let change = |delta: i64| json!({ "store_code": STORE, "sc_item_id": ITEMS[0].to_string(), "delta": delta });
    walk.refuses("POST", &format!("/channels/{ID}/increment"), change(0), 400, "delta");
    walk.works("POST", &format!("/channels/{ID}/increment"), change(1));
}

/// The day of the last push, as the program counts it.
fn caller_day(walk: &Walk<'_>) -> String {
    let channels = walk.works("GET", "/channels", Value::Null);
    let own = channels["channels"].as_array().unwrap().iter().find(|one| one["supplier_id"] == ID).unwrap();
    own["last_push"].as_str().unwrap()[..10].to_owned()
}

/// What waits for a person.
fn queues(walk: &Walk<'_>) {
    // A push that cannot be mapped, until its goods have a name.
    let stock = json!({ "supplier_id": ID, "store_code": STORE, "sc_item_id": ITEMS[2], "quantity": 5 });
    walk.play("/ascp/stock", stock);
    let code = walk.place(ITEMS[2], 1, Value::Null);
    walk.ours(&format!("/orders/{code}"), |order| order["state"] == 20);
    let parked = walk.works("GET", "/messages", Value::Null);
    let id = parked["messages"].as_array().unwrap().iter().find(|one| one["code"] == *code).unwrap()["id"].clone();
    walk.refuses("GET", "/messages?state=lost", Value::Null, 400, "state");
    assert_eq!(walk.works("POST", &format!("/messages/{id}/retry"), Value::Null)["state"], "parked");
    walk.refuses("POST", "/messages/999999/retry", Value::Null, 404, "999999");
    walk.refuses("POST", &format!("/messages/{id}/dismiss"), Value::Null, 409, "内容冲突");
    walk.works("GET", &format!("/orders/{code}/messages"), Value::Null);
    walk.refuses("GET", "/orders/LP0/messages", Value::Null, 400, "several channels");
    walk.refuses("GET", "/orders/LP0/calls", Value::Null, 400, "several channels");
    let alarms = walk.works("GET", "/alarms?page_size=100", Value::Null);
    let about = |kind: &str| alarms["alarms"].as_array().unwrap().iter().find(|one| one["kind"] == kind).cloned();
    assert!(about("parked").is_some() && about("count_differs").is_some(), "{alarms}");
    let told = |alarm: &Value| {
        !alarm["text"].as_str().unwrap().is_empty() && alarm["meaning"].as_str().unwrap().ends_with('.')
    };
    assert!(alarms["alarms"].as_array().unwrap().iter().all(told), "{alarms}");
    walk.refuses("GET", "/alarms?page_size=0", Value::Null, 400, "page_size");
    let key = about("count_differs").unwrap()["key"].clone();
    walk.refuses("POST", "/alarms/close", json!({ "kind": "count_differs" }), 400, "several channels");
    walk.works("POST", "/alarms/close", json!({ "kind": "count_differs", "key": key, "supplier_id": ID }));
    let name = json!({ "supplier_id": ID, "spec_no": "G1001-BLUE" });
    assert_eq!(walk.works("POST", &format!("/goods/{}", ITEMS[2]), name)["resumed"], 1);

    // The same number with another content.
    let seen = walk.play(&format!("/ascp/orders/{code}/push"), json!({ "change": { "buyerMessage": "另一份" } }));
    assert!(seen.is_object(), "{seen}");
    let conflicting = || walk.caller.admin("GET", "/ascp/messages?state=conflicting", &Value::Null);
    let found = walk.until("the conflict", conflicting, |found| found["messages"][0].is_object());
    let dismissed = walk.works("POST", &format!("/messages/{}/dismiss", found["messages"][0]["id"]), Value::Null);
    assert_eq!(dismissed["state"], "over");

    // A report that is refused for good: with platform-run delivery the waybill must be a drawn one.
    let refused = walk.place(ITEMS[1], 1, json!({ "business_model": "1" }));
    walk.ship(&refused);
    walk.ours(&format!("/orders/{refused}"), |order| order["state"] == 65);
    let calls = walk.works("GET", &format!("/orders/{refused}/calls"), Value::Null);
    let ship = calls["calls"].as_array().unwrap().iter().find(|one| one["kind"] == "ship").unwrap().clone();
    let dead = || walk.caller.admin("GET", "/ascp/calls", &Value::Null);
    let is_there = |found: &Value| found["calls"].as_array().unwrap().iter().any(|one| one["id"] == ship["id"]);
    walk.until("the dead report", dead, is_there);
    walk.works("GET", "/calls", Value::Null);
    walk.refuses("GET", "/calls?state=lost", Value::Null, 400, "state");
    walk.works("POST", &format!("/calls/{}/replay", ship["id"]), Value::Null);
    walk.ours(&format!("/orders/{refused}"), |order| order["state"] == 65);
    walk.works("POST", &format!("/calls/{}/drop", ship["id"]), Value::Null);
    walk.refuses("POST", &format!("/calls/{}/drop", ship["id"]), Value::Null, 409, "只有失败的回传可以关闭");
    walk.refuses("POST", "/calls/999999/replay", Value::Null, 404, "999999");

    // Whoever has put right what held the channel says so.
    walk.works("POST", &format!("/channels/{ID}/release"), Value::Null);
    walk.refuses("POST", "/channels/4711/release", Value::Null, 404, "4711");
}
