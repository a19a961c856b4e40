//! The admin API from outside: token, error shape, tenants, applications, settings.

use serde_json::{Value, json};

use crate::house::{House, folder};

#[test]
fn wrong_requests_get_one_shape_that_names_the_field() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let mut stranger = caller.clone();
    stranger.token = "0".repeat(32);
    let check = |caller: &crate::house::Caller, verb: &str, path: &str, body: Value, expected: (u16, &str, &str)| {
        let heard = caller.admin(verb, path, &body);
        let error = heard.json()["error"].clone();
        let got =
            (heard.status, error["code"].as_str().unwrap_or_default(), error["field"].as_str().unwrap_or_default());
        assert_eq!(got, expected, "{verb} {path}: {}", heard.text);
    };
    check(&stranger, "GET", "/shops", Value::Null, (401, "unauthorised", ""));
    check(&stranger, "GET", "/nowhere", Value::Null, (401, "unauthorised", ""));
    check(&caller, "GET", "/nowhere", Value::Null, (404, "not_found", ""));
    check(&caller, "DELETE", "/shops", Value::Null, (405, "method_not_allowed", ""));
    check(&caller, "POST", "/shops", json!({}), (400, "invalid", "shop_no"));
    check(
        &caller,
        "POST",
        "/shops",
        json!({ "shop_no": "a", "shop_name": "b", "colour": 1 }),
        (400, "invalid", "colour"),
    );
    check(&caller, "POST", "/shops", json!([1]), (400, "invalid", ""));
    check(
        &caller,
        "POST",
        "/shops",
        json!({ "shop_no": "x".repeat(41), "shop_name": "b" }),
        (400, "invalid", "shop_no"),
    );
    check(&caller, "POST", "/shops", json!({ "shop_no": "api_test", "shop_name": "b" }), (409, "exists", ""));
    check(&caller, "GET", "/shops?colour=1", Value::Null, (400, "invalid", "colour"));
    check(&caller, "GET", "/shops?tenant=nobody", Value::Null, (404, "not_found", ""));
    check(&caller, "GET", "/shops?environment=moon", Value::Null, (400, "invalid", "environment"));
    check(&caller, "GET", "/orders?page_size=101", Value::Null, (400, "invalid", "page_size"));
    check(&caller, "POST", "/orders/JY1/audit", Value::Null, (404, "not_found", ""));
    let part =
        json!({ "suite_no": "S1", "suite_name": "s", "specs": [{ "spec_no": "G1001-RED", "num": 1, "colour": 2 }] });
    check(&caller, "POST", "/suites", part, (400, "invalid", "specs[0].colour"));
    let large = json!({ "shop_no": "a", "shop_name": "b".repeat(1_100_000) });
    check(&caller, "POST", "/shops", large, (413, "too_large", ""));
    let broken =
        caller.http("POST", "/admin/v1/shops", &format!("Authorization: Bearer {}\r\n", caller.token), "{\"shop_no\":");
    assert_eq!(broken.unwrap().status, 400);
}

#[test]
fn an_application_is_made_used_and_switched_off() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let made = caller.admin("POST", "/applications", &json!({ "key": "matoudemo-erp", "shops": ["other"] }));
    let app = made.json();
    assert_eq!((made.status, app["secret"].as_str().map(str::len)), (201, Some(32)), "{app}");
    let listed = caller.admin("GET", "/applications", &Value::Null);
    assert!(!listed.text.contains(app["secret"].as_str().unwrap()), "a secret is shown again");
    assert!(listed.text.contains("matoudemo-erp"));

    let other = caller.with_keys("matoudemo-erp", app["secret"].as_str().unwrap());
    assert_eq!(other.call("shop.php", &[])["shoplist"], json!([]), "it may see only the shop other");
    let path = format!("/applications/{}", app["number"]);
    let fresh = caller.admin("PATCH", &path, &json!({ "new_secret": true })).json();
    assert_ne!(fresh["secret"], app["secret"]);
    assert_eq!(other.call("shop.php", &[])["code"], 2100, "the old secret has ended");
    caller.admin("PATCH", &path, &json!({ "enabled": false }));
    let off = caller.with_keys("matoudemo-erp", fresh["secret"].as_str().unwrap());
    assert_eq!(off.call("shop.php", &[])["code"], 2090);
}

#[test]
fn tenants_of_both_environments_are_apart_and_have_settings() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let shop = json!({ "shop_no": "test-only", "shop_name": "测试店" });
    let count = |query: &str| {
        let page = caller.admin("GET", &format!("/shops{query}"), &Value::Null).json();
        page["total_count"].as_i64().unwrap()
    };
    let (production, test) = (count(""), count("?environment=test"));
    assert_eq!(caller.admin("POST", "/shops?environment=test", &shop).status, 201);
    assert_eq!((count(""), count("?environment=test")), (production, test + 1));
    let changed =
        caller.admin("PATCH", "/tenants/1/settings", &json!({ "auto_submit": false, "sellable": { "unpaid": true } }));
    assert_eq!(changed.json()["erp"]["sellable"]["unpaid"], true, "{}", changed.text);
    assert_eq!(caller.push("S1", "G1001-RED", 1)["code"], 0);
    assert_eq!(caller.admin("GET", "/orders?tid=S1", &Value::Null).json()["total_count"], 0, "not submitted by itself");
    let raw = caller.admin("POST", "/raw-orders/S1/submit", &Value::Null).json();
    assert_eq!(raw["process_status"], 20, "{raw}");
    assert_eq!(caller.admin("GET", "/orders?tid=S1", &Value::Null).json()["total_count"], 1);
}

#[test]
fn the_document_is_served() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let document = house.caller().http("GET", "/admin/v1/openapi.json", "", "").unwrap().json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["paths"]["/admin/v1/orders/{trade_no}/ship"]["post"]["operationId"], "order.ship");
}
