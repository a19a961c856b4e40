//! The call log, limits and stubs of a running program, through its admin API and its command.

use serde_json::{Value, json};
use wire::form::{self, Space};

use crate::house::{House, folder, run, said, time};
use crate::qimen;

#[test]
fn a_call_is_found_shown_masked_and_sent_again() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    assert_eq!(caller.push("CALL1", "G1001-RED", 1)["code"], 0);
    assert_ne!(caller.call("trade_push.php", &[("shop_no", "nobody"), ("trade_list", "[]")])["code"], 0);

    let found = caller.admin("GET", "/calls?business_no=CALL1", &Value::Null).json();
    let call = &found["calls"][0];
    assert_eq!((call["outcome"].as_str(), call["method"].as_str()), (Some("done"), Some("wdt.trade.push")), "{found}");
    assert_eq!((found["calls"].as_array().map(Vec::len), &found["missing"]), (Some(1), &json!(0)));
    let id = call["request_id"].as_str().unwrap().to_owned();
    assert_eq!(found["node"], id[..2]);

    let shown = caller.admin("GET", &format!("/calls/{id}"), &Value::Null);
    assert!(shown.text.contains("CALL1") && !shown.text.contains("19900000000"), "{}", shown.text);
    assert!(shown.json()["steps"]["run"].as_u64().is_some(), "{}", shown.text);
    let open = caller.admin("GET", &format!("/calls/{id}?reveal=true"), &Value::Null);
    assert!(open.text.contains("19900000000"), "{}", open.text);
    let other = format!("{}{}", if id.starts_with("00") { "01" } else { "00" }, &id[2..]);
    let elsewhere = caller.admin("GET", &format!("/calls/{other}"), &Value::Null);
    assert!(elsewhere.status == 404 && elsewhere.text.contains("answered by node 0"), "{}", elsewhere.text);

    let again = caller.admin("POST", &format!("/calls/{id}/repush"), &json!({}));
    assert!(again.status == 409 && again.text.contains("already succeeded"), "{}", again.text);
    let forced = caller.admin("POST", &format!("/calls/{id}/repush"), &json!({ "force": true }));
    assert!(forced.status == 200 && forced.json()["code"] == 0, "{}", forced.text);
    let refused = caller.admin("GET", "/calls?outcome=refused&method=wdt.trade.push", &Value::Null).json();
    assert_eq!(refused["calls"].as_array().map(Vec::len), Some(1), "{refused}");

    let url = house.text("/base_url").to_owned();
    let data = folder.path().display().to_string();
    let listed = run(&["calls", "--data", &data, "--server", &url, "--number", "CALL1"]);
    assert!(listed.status.success() && said(&listed).matches("CALL1").count() == 2, "{}", said(&listed));
    let one = run(&["calls", &id, "--data", &data, "--server", &url]);
    assert!(said(&one).contains("\"reply\"") && !said(&one).contains("19900000000"), "{}", said(&one));
    let metrics = caller.http("GET", "/metrics", "", "").unwrap();
    assert!(metrics.text.contains("matou_call_log_missing_total 0"), "{}", metrics.text);
}

#[test]
fn more_than_a_page_of_calls_is_listed_and_every_call_once() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    for _ in 0..430 {
        assert_ne!(caller.call("no_such_method.php", &[])["code"], 0);
    }
    let (url, data) = (house.text("/base_url").to_owned(), folder.path().display().to_string());
    let listed = |last: &str| {
        let asked = ["calls", "--data", &data, "--server", &url, "--json", "--outcome", "refused", "--last", last];
        let answer = run(&asked);
        assert!(answer.status.success(), "{}", said(&answer));
        let calls: Vec<Value> = said(&answer).lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        calls.iter().map(|call| call["request_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (all, some) = (listed("1000"), listed("401"));
    let told_apart: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), told_apart.len()), (430, 430));
    assert_eq!(some, all[29..], "the newest, oldest first");
    assert!(!run(&["calls", "--data", &data, "--server", &url, "--last", "0"]).status.success());
}

#[test]
fn the_clocks_of_callers_are_told_and_drawn() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let (sid, key) = (house.text("/wdt/sid"), house.text("/wdt/appkey"));
    assert_eq!(caller.call("shop.php", &[("page_no", "0")])["code"], 0);
    // A host that writes UTC; it is refused before its signature is looked at.
    let utc = (time().parse::<i64>().unwrap() - 28_800).to_string();
    let pairs = [("sid", sid), ("appkey", key), ("timestamp", &*utc), ("sign", "00")];
    let late = form::encode(pairs, Space::Plus);
    for _ in 0..2 {
        assert_eq!(caller.send("shop.php", &late).unwrap().json()["code"], 2060);
    }
    let told = caller.admin("GET", &format!("/clock-skews?app={key}"), &Value::Null).json();
    let clock = &told["clocks"][0];
    assert_eq!((&clock["calls"], &clock["outside_window"]), (&json!(3), &json!(2)), "{told}");
    let buckets = clock["buckets"].as_array().unwrap();
    assert_eq!(buckets.len(), 9, "{told}");
    assert_eq!(buckets[0], json!({ "from": "", "to": "-601", "calls": 2 }));
    assert!(clock["last_skew_seconds"].as_i64().unwrap() <= -28_800, "{told}");
    assert!(clock["hint"].as_str().unwrap().contains("looks like UTC instead of GMT+8"), "{told}");

    let (url, data) = (house.text("/base_url").to_owned(), folder.path().display().to_string());
    let asked = |more: &[&str]| run(&[&["calls", "--clocks", "--data", &data, "--server", &url], more].concat());
    let drawn = asked(&["--app", key]);
    let words = said(&drawn);
    let longest = format!("..-601          2 {}", "█".repeat(40));
    assert!(drawn.status.success() && words.contains(&longest) && words.contains("! looks like UTC"), "{words}");
    let json = said(&asked(&["--json", "--app", key]));
    assert_eq!(serde_json::from_str::<Value>(json.trim()).unwrap()["app"], *key, "{json}");
    let nobody = asked(&["--app", "nobody"]);
    assert!(!nobody.status.success() && said(&nobody).contains("no application nobody"), "{}", said(&nobody));
}

#[test]
fn limits_and_stubs_are_set_and_told() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let made = caller.admin("POST", "/limits", &json!({ "scope": "app", "per_day": 3, "ban_seconds": 60 }));
    assert_eq!(made.status, 201, "{}", made.text);
    let number = made.json()["number"].clone();
    let ask = || caller.call("shop.php", &[("page_no", "0")]);
    let codes: Vec<Value> = (0..4).map(|_| ask()["code"].clone()).collect();
    assert_eq!(codes, [json!(0), json!(0), json!(0), json!(1012)]);
    let usage = caller.admin("GET", "/limit-usage", &Value::Null).json();
    // Other applications may have called meanwhile, the simulated platform's among them.
    let own = usage["usage"].as_array().unwrap().iter().find(|row| row["app"] == house.text("/wdt/appkey"));
    let own = own.unwrap_or_else(|| panic!("{usage}"));
    assert_eq!((&own["used"], &own["remaining"]), (&json!(3), &json!(0)), "{usage}");
    assert_eq!(caller.admin("POST", &format!("/limits/{number}/reset"), &json!({})).status, 200);
    assert_eq!(ask()["code"], 0);
    assert_eq!(caller.admin("DELETE", &format!("/limits/{number}"), &Value::Null).status, 200);

    let rules = json!({ "production_allowed": true, "rules": [{ "body": "{\"code\":0,\"mock\":\"${page_no}\"}" }] });
    let body = json!({ "method": "wdt.shop.query", "environment": "production", "definition": rules });
    let made = caller.admin("POST", "/stubs", &body);
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(caller.call("shop.php", &[("page_no", "7")]), json!({ "code": 0, "mock": "7" }));
    let seen = caller.admin("GET", "/stubs/wdt.shop.query?environment=production", &Value::Null).json();
    assert_eq!((&seen["version"], &seen["rules"][0]["hits"]), (&json!(1), &json!(1)), "{seen}");
    let off = caller.admin("PATCH", "/stubs/wdt.shop.query", &json!({ "environment": "production", "on": false }));
    assert_eq!(off.json()["version"], 2, "{}", off.text);
    assert!(ask().get("mock").is_none());
    let wrong = caller.admin("POST", "/stubs", &json!({ "method": "a", "definition": { "rules": [{ "body": "{" }] } }));
    assert!(wrong.status == 400 && wrong.text.contains("rules[0]"), "{}", wrong.text);
    let stubbed = caller.admin("GET", "/calls?outcome=stubbed&method=wdt.shop.query", &Value::Null).json();
    assert_eq!(stubbed["calls"][0]["forwarded_to"], "stub v1 rule 0", "{stubbed}");
}

#[test]
fn a_refused_signature_is_explained_from_the_log() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let (url, data) = (house.text("/base_url").to_owned(), folder.path().display().to_string());
    // The newest refusal of this kind; others may have called meanwhile.
    let refused = |code: i64| {
        let calls = caller.admin("GET", "/calls?outcome=refused&page_size=50", &Value::Null).json();
        let newest = calls["calls"].as_array().unwrap().iter().find(|call| call["code"] == code);
        let id = newest.unwrap_or_else(|| panic!("{calls}"))["request_id"].as_str().unwrap().to_owned();
        let call = caller.admin("GET", &format!("/calls/{id}"), &Value::Null).json();
        assert_eq!(call["explain"], format!("/admin/v1/calls/{id}/explain"), "{call}");
        id
    };
    // openapi2: a push of which one parameter was forgotten when it was signed.
    let body = caller.push_body("EXPLAIN1", "G1001-RED", 1) + "&switch=1";
    assert_eq!(caller.send("trade_push.php", &body).unwrap().json()["code"], 2100);
    let id = refused(2100);
    let told = caller.admin("POST", &format!("/calls/{id}/explain"), &json!({ "sample": "all" }));
    let story = told.json();
    assert_eq!((told.status, &story["right"]), (200, &json!(0)), "{}", told.text);
    assert_eq!(story["verdict"], "the parameter switch is sent but not signed / 参数 switch 已发送但未参与签名");
    let canonical = story["canonical"].as_str().unwrap();
    assert!(canonical.starts_with("06-appkey:") && canonical.ends_with("***"), "{canonical}");
    assert!(canonical.contains("EXPLAIN1") && canonical.contains("199****0000"), "{canonical}");
    let samples = story["samples"].as_array().unwrap();
    assert_eq!(samples.len(), 7);
    assert!(samples.iter().all(|sample| sample["code"].as_str().unwrap().contains("EXPLAIN1")));
    let secret = house.text("/wdt/appsecret");
    assert!(!told.text.contains("19900000000") && !told.text.contains(secret), "{}", told.text);
    let open = json!({ "reveal": true, "client_string": "06-appkey:0003-abc;" });
    let open = caller.admin("POST", &format!("/calls/{id}/explain"), &open);
    assert!(open.text.contains("19900000000") && !open.text.contains(secret), "{}", open.text);
    assert!(open.json()["comparison"].as_str().unwrap().starts_with("differs at character"), "{}", open.text);
    let command = run(&[
        "calls",
        &id,
        "--explain",
        "--sample",
        "python",
        "--client-string",
        "06-app",
        "--data",
        &data,
        "--server",
        &url,
    ]);
    let words = said(&command);
    assert!(command.status.success() && words.contains("the parameter switch is sent but not signed"), "{words}");
    assert!(words.contains("call.py") && words.contains("your string") && !words.contains("19900000000"), "{words}");

    // Qimen with a JSON body and the warehouse scene with XML: the body is signed, too.
    let (key, target) = (house.text("/qimen/app_key"), house.text("/qimen/target_app_key"));
    for (path, method, format, content_type, body, shown) in [
        ("/router/qm", "wdt.shop.query", "json", "application/json", r#"{"receiver_name":"张三丰"}"#, "张**"),
        (
            "/router/qimen/service",
            "taobao.qimen.deliveryorder.create",
            "xml",
            "text/xml",
            "<request><receiverInfo><name>张三丰</name></receiverInfo></request>",
            "张**",
        ),
    ] {
        let pairs = [
            ("method", method),
            ("app_key", key),
            ("target_app_key", target),
            ("customerId", "c1"),
            ("format", format),
        ];
        let query = qimen::signed(&pairs, house.text("/qimen/app_secret"), None);
        let header = format!("Content-Type: {content_type}\r\n");
        let answer = caller.http("POST", &format!("{path}?{query}"), &header, body).unwrap();
        assert!(answer.text.contains("25"), "{}", answer.text);
        let id = refused(25);
        let told = caller.admin("POST", &format!("/calls/{id}/explain"), &json!({ "sample": "curl" }));
        assert_eq!(told.json()["verdict"], "the body is not signed / 报文体未参与签名", "{}", told.text);
        assert!(told.text.contains(shown) && !told.text.contains("张三丰"), "{}", told.text);
        let wrong = caller.admin("POST", &format!("/calls/{id}/explain"), &json!({ "sample": "cobol" }));
        assert_eq!((wrong.status, &wrong.json()["error"]["field"]), (400, &json!("sample")));
    }
}
