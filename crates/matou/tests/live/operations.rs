//! Every declared operation of the admin API is called: each refuses what it does not know, and those of the gateway do, one after the
//! other, what they are for. An operation that nobody calls here fails the test.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::house::{Caller, House, folder};
use crate::qimen::Target;

/// The first words of the ids whose operations belong to the gateway.
const OF_THE_GATEWAY: [&str; 13] = [
    "api",
    "application",
    "authorisation",
    "call",
    "customer_route",
    "gateway_file",
    "house",
    "limit",
    "scene",
    "signature",
    "stub",
    "target",
    "tenant",
];

/// An operation as the document lists it.
struct Listed {
    verb: String,
    path: String,
    id: String,
}

fn listed(caller: &Caller) -> Vec<Listed> {
    let document = caller.http("GET", "/admin/v1/openapi.json", "", "").unwrap().json();
    let mut all = Vec::new();
    for (path, verbs) in document["paths"].as_object().unwrap() {
        for (verb, operation) in verbs.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let path = path.strip_prefix("/admin/v1").unwrap().to_owned();
            all.push(Listed { verb: verb.to_uppercase(), path, id: id.to_owned() });
        }
    }
    assert!(all.len() > 200, "the document lists {} operations", all.len());
    all
}

/// Whether a path is one of a template such as `/calls/{request_id}/repush`.
fn fits(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(_)) if part.starts_with('{') => {}
            (Some(part), Some(other)) if part == other => {}
            _ => return false,
        }
    }
}

#[test]
fn every_operation_wants_the_token_and_refuses_what_it_does_not_know() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let mut stranger = caller.clone();
    stranger.token = "0".repeat(32);
    for Listed { verb, path, id } in listed(&caller) {
        let mut concrete = String::new();
        for part in path.split('/').skip(1) {
            // Numbers, codes and request ids alike can be written so.
            concrete.push_str(if part.starts_with('{') { "/1234567890123" } else { "/" });
            concrete.push_str(if part.starts_with('{') { "" } else { part });
        }
        let in_body = matches!(verb.as_str(), "POST" | "PATCH");
        let ask = |caller: &Caller| {
            let own = if in_body { concrete.clone() } else { format!("{concrete}?nonsense=1") };
            caller.admin(&verb, &own, &if in_body { json!({ "nonsense": 1 }) } else { Value::Null })
        };
        assert_eq!(ask(&stranger).status, 401, "{id}: without the token");
        let heard = ask(&caller);
        assert!((400..500).contains(&heard.status), "{id} {verb} {concrete}: {} {}", heard.status, heard.text);
        let error = heard.json()["error"].clone();
        assert!(error["code"].is_string() && error["message"].is_string(), "{id}: {}", heard.text);
    }
}

/// Calls operations and remembers which ones worked and which ones refused.
pub(crate) struct Round<'c> {
    caller: &'c Caller,
    listed: Vec<Listed>,
    worked: RefCell<BTreeSet<String>>,
    refused: RefCell<BTreeSet<String>>,
}

impl<'c> Round<'c> {
    pub(crate) fn new(caller: &'c Caller) -> Self {
        Self { caller, listed: listed(caller), worked: RefCell::default(), refused: RefCell::default() }
    }

    /// Which of these operations never worked, and which never refused.
    pub(crate) fn missing(&self, of: impl Fn(&str) -> bool) -> [Vec<&str>; 2] {
        [&self.worked, &self.refused].map(|called| {
            let ids = self.listed.iter().map(|own| own.id.as_str());
            ids.filter(|id| of(id) && !called.borrow().contains(*id)).collect()
        })
    }

    /// Calls an operation that must work.
    pub(crate) fn works(&self, verb: &str, path: &str, body: Value) -> Value {
        let heard = self.caller.admin(verb, path, &body);
        assert!(matches!(heard.status, 200 | 201), "{verb} {path} {body}: {} {}", heard.status, heard.text);
        self.note(&self.worked, verb, path);
        heard.json()
    }

    /// Calls an operation that must refuse, for this reason.
    pub(crate) fn refuses(&self, verb: &str, path: &str, body: Value, status: u16, says: &str) {
        let heard = self.caller.admin(verb, path, &body);
        assert_eq!(heard.status, status, "{verb} {path} {body}: {}", heard.text);
        assert!(heard.text.contains(says), "{verb} {path}: {says}: {}", heard.text);
        self.note(&self.refused, verb, path);
    }

    fn note(&self, into: &RefCell<BTreeSet<String>>, verb: &str, path: &str) {
        // Fixed words go before places: /apis/publish is no /apis/{number}.
        let found = self.listed.iter().filter(|own| own.verb == verb && fits(&own.path, path));
        let own = found.min_by_key(|own| own.path.matches('{').count());
        into.borrow_mut().insert(own.unwrap_or_else(|| panic!("{verb} {path} is not declared")).id.clone());
    }
}

#[test]
fn every_operation_of_the_gateway_works_and_refuses() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let round = Round::new(&caller);
    let (works, refuses) = (
        |verb: &str, path: &str, body: Value| round.works(verb, path, body),
        |verb: &str, path: &str, body: Value, status: u16, says: &str| round.refuses(verb, path, body, status, says),
    );
    tenants_and_applications(&works, &refuses);
    let target = Target::start(None);
    scenes_and_targets(&works, &refuses, &target);
    authorisations(&works, &refuses);
    limits_and_stubs(&works, &refuses);
    calls(&works, &refuses, &caller, &house);
    file(&works, &refuses);
    simple_reads(&works, &refuses);
    taken_away(&works, &refuses);

    let gateway = |id: &str| OF_THE_GATEWAY.contains(&id.split('.').next().unwrap_or_default());
    assert!(round.listed.iter().filter(|own| gateway(&own.id)).count() > 55);
    let [uncalled, unrefused] = round.missing(gateway);
    assert_eq!(uncalled, [] as [&str; 0], "operations that this test does not call");
    assert_eq!(unrefused, [] as [&str; 0], "operations of which this test sees no refusal");
}

type Works<'r> = dyn Fn(&str, &str, Value) -> Value + 'r;
type Refuses<'r> = dyn Fn(&str, &str, Value, u16, &str) + 'r;

fn tenants_and_applications(works: &Works<'_>, refuses: &Refuses<'_>) {
    works("GET", "/health", Value::Null);
    let made = works("POST", "/tenants", json!({ "sid": "second", "name": "第二家" }));
    refuses("POST", "/tenants", json!({ "sid": "second" }), 409, "exists");
    let number = made["number"].as_i64().unwrap();
    let changed = works("PATCH", &format!("/tenants/{number}"), json!({ "name": "改名", "enabled": false }));
    assert_eq!((&changed["name"], &changed["enabled"]), (&json!("改名"), &json!(0)), "{changed}");
    refuses("PATCH", "/tenants/999", json!({ "name": "x" }), 404, "not_found");
    assert!(works("GET", "/tenants", Value::Null)["total_count"].as_i64() >= Some(3));

    let made =
        works("POST", "/applications", json!({ "key": "21300009", "protocol": "top", "addresses": ["127.0.0.1"] }));
    refuses("POST", "/applications", json!({ "key": "21300009", "protocol": "top" }), 409, "exists");
    let path = format!("/applications/{}", made["number"]);
    assert_eq!(works("PATCH", &path, json!({ "envelope": "dotnet" }))["envelope"], "dotnet");
    refuses("PATCH", &path, json!({ "envelope": "cobol" }), 400, "envelope");
    works("GET", "/applications", Value::Null);
}

fn scenes_and_targets(works: &Works<'_>, refuses: &Refuses<'_>, target: &Target) {
    works("POST", "/scenes", json!({ "code": "x1y2z3", "hosts": ["shop.example.cn"] }));
    refuses("POST", "/scenes", json!({ "code": "" }), 400, "code");
    works("GET", "/scenes", Value::Null);
    let endpoint =
        json!({ "url": format!("http://{}/", target.address), "secret": "target-secret", "private_allowed": true });
    works("POST", "/targets", json!({ "target_app_key": "21360009", "kind": "http", "test": endpoint }));
    refuses("POST", "/targets", json!({ "target_app_key": "21360009", "test": { "url": "ftp://x" } }), 400, "url");
    works("GET", "/targets", Value::Null);
    let told = works("GET", "/targets/21360009/verification?environment=test", Value::Null);
    assert!(told["points"].as_array().unwrap().len() > 3, "{told}");
    refuses("GET", "/targets/21360009/verification?environment=moon", Value::Null, 400, "environment");
    let checks = works("POST", "/targets/21360009/probe", json!({ "environment": "test" }));
    assert!(checks["checks"].as_array().unwrap().iter().any(|check| check["grade"] == "passed"), "{checks}");
    refuses("POST", "/targets/nobody/probe", json!({}), 404, "no target nobody");
    refuses(
        "POST",
        "/targets/21360009/close-circuit",
        json!({ "environment": "production" }),
        404,
        "was not called yet",
    );

    let one = json!({ "scene": "x1y2z3", "name": "demo.order.query", "environment": "test" });
    let mut draft = one.clone();
    draft["definition"] = json!({ "effect": "query" });
    works("POST", "/apis", draft.clone());
    works("POST", "/apis/publish", one.clone());
    works("POST", "/apis", draft);
    works("POST", "/apis/publish", one.clone());
    works("POST", "/apis/rollback", one.clone());
    works("POST", "/apis/promote", json!({ "scene": "x1y2z3", "name": "demo.order.query" }));
    assert_eq!(works("GET", "/apis?scene=x1y2z3", Value::Null)["total_count"], 3);
    works("GET", "/scenes/x1y2z3/openapi?environment=test", Value::Null);
    let mut trial = one.clone();
    trial["reply"] = json!("{\"flag\":\"failure\",\"code\":\"E1\"}");
    assert_eq!(works("POST", "/apis/try-reply", trial)["verdict"], "refused");
    let nowhere = json!({ "scene": "nowhere", "name": "a.b.c", "environment": "test" });
    for path in ["/apis/publish", "/apis/rollback", "/apis/retire"] {
        refuses("POST", path, nowhere.clone(), 404, "not_found");
    }
    refuses("POST", "/apis/promote", json!({ "scene": "nowhere", "name": "a.b.c" }), 404, "not_found");
    let mut wrong = one.clone();
    wrong["definition"] = json!({ "timeout_ms": 60000 });
    refuses("POST", "/apis", wrong, 400, "timeout_ms");
    let mut wrong = one;
    (wrong["reply"], wrong["envelope"]) = (json!("{}"), json!("cobol"));
    refuses("POST", "/apis/try-reply", wrong, 400, "envelope");
    refuses("GET", "/apis?environment=moon", Value::Null, 400, "environment");
    refuses("GET", "/scenes/nowhere/openapi", Value::Null, 404, "not_found");

    let route = json!({ "customer_id": "c9", "direction": "to_wms", "target_app_key": "21360009" });
    works("POST", "/customer-routes", route);
    let wrong = json!({ "customer_id": "c9", "direction": "sideways", "target_app_key": "21360009" });
    refuses("POST", "/customer-routes", wrong, 400, "direction");
    assert_eq!(works("GET", "/customer-routes", Value::Null)["total_count"], 1);
    refuses("DELETE", "/customer-routes?customer_id=c9&direction=to_erp", Value::Null, 404, "not_found");
    works("DELETE", "/customer-routes?customer_id=c9&direction=to_wms", Value::Null);
}

fn authorisations(works: &Works<'_>, refuses: &Refuses<'_>) {
    let step = |environment: &str, reason: &str| json!({ "app_key": "21300009", "target_app_key": "21360009", "environment": environment, "reason": reason });
    works("POST", "/authorisations/apply", step("test", "联调"));
    refuses("POST", "/authorisations/reject", step("test", ""), 400, "reason");
    works("POST", "/authorisations/reject", step("test", "资料不全"));
    works("POST", "/authorisations/apply", step("test", "已补充"));
    works("POST", "/authorisations/approve", step("test", ""));
    works("POST", "/authorisations/withdraw", step("test", "结束"));
    works("POST", "/authorisations", step("production", ""));
    let end = |until: &str| json!({ "app_key": "21300009", "target_app_key": "21360009", "until": until, "by": "li" });
    assert_eq!(works("POST", "/authorisations/extend", end("2099-01-01 00:00:00"))["until"], "2099-01-01 00:00:00");
    let found = works("POST", "/authorisations/extend", end("never"));
    assert_eq!(found["history"].as_array().map(Vec::len), Some(3), "{found}");
    for (until, says) in [("2001-01-01 00:00:00", "has passed"), ("soon", "never"), ("", "until")] {
        refuses("POST", "/authorisations/extend", end(until), 400, says);
    }
    refuses("POST", "/authorisations", end("2001-01-01 00:00:00"), 400, "has passed");
    assert_eq!(works("POST", "/authorisations", end("2099-01-01 00:00:00"))["until"], "2099-01-01 00:00:00");
    let place = "app_key=21300009&target_app_key=21360009";
    assert_eq!(works("GET", &format!("/authorisations?{place}"), Value::Null)["total_count"], 2);
    let page = works("GET", &format!("/authorisations/page?{place}"), Value::Null);
    let row = &page["rows"][0];
    assert_eq!(
        (&row["production_until"], &row["test_until"]),
        (&json!("2099-01-01 00:00:00"), &json!("0000-00-00 00:00:00"))
    );
    works("GET", &format!("/authorisations/check?{place}"), Value::Null);
    works("GET", &format!("/authorisations/story?environment=test&{place}"), Value::Null);
    works("DELETE", &format!("/authorisations?{place}"), Value::Null);
    let nobody = json!({ "app_key": "21300009", "target_app_key": "nobody" });
    for path in ["/authorisations", "/authorisations/apply", "/authorisations/approve"] {
        refuses("POST", path, nobody.clone(), 404, "nobody");
    }
    refuses("POST", "/authorisations/withdraw", nobody, 404, "not_found");
    refuses("GET", "/authorisations?status=forgotten", Value::Null, 400, "status");
    refuses("GET", "/authorisations/story?app_key=21300009", Value::Null, 400, "target_app_key");
    refuses("DELETE", "/authorisations?app_key=21300009&target_app_key=nobody", Value::Null, 404, "not_found");
}

fn limits_and_stubs(works: &Works<'_>, refuses: &Refuses<'_>) {
    let made = works("POST", "/limits", json!({ "scope": "app", "app": "nobody", "per_day": 3 }));
    refuses("POST", "/limits", json!({ "scope": "app" }), 400, "per_second");
    let path = format!("/limits/{}", made["number"]);
    assert_eq!(works("PATCH", &path, json!({ "per_day": 5 }))["per_day"], 5);
    refuses("PATCH", "/limits/999", json!({ "per_day": 5 }), 404, "not_found");
    works("POST", &format!("{path}/reset"), json!({}));
    refuses("POST", "/limits/999/reset", json!({}), 404, "not_found");
    assert_eq!(works("GET", "/limits", Value::Null)["total_count"], 1);
    works("GET", "/limit-usage", Value::Null);
    works("DELETE", &path, Value::Null);
    refuses("DELETE", &path, Value::Null, 404, "not_found");

    let rules = json!({ "rules": [{ "body": "{}" }] });
    let body = json!({ "method": "wdt.shop.query", "environment": "test", "definition": rules });
    works("POST", "/stubs", body.clone());
    works("POST", "/stubs", body);
    let path = "/stubs/wdt.shop.query";
    assert_eq!(works("PATCH", path, json!({ "environment": "test", "version": 1 }))["version"], 3);
    assert_eq!(works("POST", &format!("{path}/reset"), json!({ "environment": "test" }))["version"], 4);
    let versions = works("GET", &format!("{path}/versions?environment=test"), Value::Null);
    assert_eq!(versions["versions"].as_array().map(Vec::len), Some(4), "{versions}");
    works("GET", &format!("{path}?environment=test"), Value::Null);
    works("GET", "/stubs", Value::Null);
    works("DELETE", &format!("{path}?environment=test"), Value::Null);
    refuses("POST", "/stubs", json!({ "method": "a", "definition": { "rules": [{ "body": "{" }] } }), 400, "rules[0]");
    refuses("PATCH", path, json!({ "environment": "test", "version": 99 }), 404, "not_found");
    refuses("POST", &format!("{path}/reset"), json!({ "environment": "test" }), 404, "not_found");
    refuses("GET", &format!("{path}/versions?environment=moon"), Value::Null, 400, "environment");
    refuses("GET", &format!("{path}?environment=test"), Value::Null, 404, "not_found");
    refuses("DELETE", &format!("{path}?environment=test"), Value::Null, 404, "not_found");
}

fn calls(works: &Works<'_>, refuses: &Refuses<'_>, caller: &Caller, house: &House) {
    let form = crate::qimen::signed(
        &[
            ("method", "x1y2z3.demo.order.query"),
            ("app_key", house.text("/qimen/app_key")),
            ("target_app_key", "21360009"),
            ("format", "json"),
        ],
        house.text("/qimen/app_secret"),
        None,
    );
    let header = "Content-Type: application/x-www-form-urlencoded\r\n";
    let refused = caller.http("POST", "/router/qmtest", header, &form).unwrap().text;
    assert!(refused.contains(r#""code":11,"#), "{refused}");
    let page = works("GET", "/calls?outcome=refused&target=21360009", Value::Null);
    let id = page["calls"][0]["request_id"].as_str().unwrap().to_owned();
    works("GET", &format!("/calls/{id}"), Value::Null);
    let told = works("POST", &format!("/calls/{id}/explain"), json!({}));
    assert_eq!(told["right"], 1, "{told}");
    assert_eq!(works("POST", &format!("/calls/{id}/repush"), json!({}))["outcome"], "refused");
    refuses("GET", "/calls?outcome=splendid", Value::Null, 400, "outcome");
    let key = house.text("/qimen/app_key");
    assert_eq!(works("GET", &format!("/clock-skews?app={key}"), Value::Null)["clocks"][0]["outside_window"], 0);
    refuses("GET", "/clock-skews?app=nobody", Value::Null, 404, "no application nobody");
    assert!(works("GET", "/gaps?all=1", Value::Null)["watched"].is_array());
    refuses("GET", "/gaps?app=nobody", Value::Null, 404, "no application nobody");
    let unknown = format!("{}zzzzzzzzzzz", &id[..2]);
    refuses("GET", &format!("/calls/{unknown}"), Value::Null, 404, "no call");
    refuses("POST", &format!("/calls/{unknown}/explain"), json!({}), 404, "no call");
    refuses("POST", &format!("/calls/{unknown}/repush"), json!({}), 404, "no call");
    assert_eq!(works("POST", "/signatures/explain", json!({ "path": "/router/qm", "body": form }))["right"], 1);
    refuses("POST", "/signatures/explain", json!({ "path": "/nowhere" }), 400, "path");
}

fn file(works: &Works<'_>, refuses: &Refuses<'_>) {
    let mut document = works("GET", "/gateway-file", Value::Null);
    assert_eq!(works("POST", "/gateway-file/compare", json!({ "document": document }))["changes"], json!([]));
    document["limit"] = json!([{ "scope": "api", "method": "demo.order.query", "per_second": 9 }]);
    let changes = works("POST", "/gateway-file/apply", json!({ "document": document }))["changes"].clone();
    assert_eq!(changes[0]["what"], "limit api method demo.order.query", "{changes}");
    for path in ["/gateway-file/compare", "/gateway-file/apply"] {
        refuses("POST", path, json!({ "document": { "limits": [] } }), 400, "no such section");
    }
    works("POST", "/gateway-file/apply", json!({ "document": { "limit": [] } }));
}

/// What only reads, and asks for little: a value that cannot be meant, a parameter that nobody knows or that comes twice.
fn simple_reads(works: &Works<'_>, refuses: &Refuses<'_>) {
    const READS: [&str; 11] = [
        "/applications",
        "/customer-routes",
        "/gateway-file",
        "/health",
        "/limits",
        "/limit-usage",
        "/scenes",
        "/stubs",
        "/target-lines",
        "/targets",
        "/tenants",
    ];
    for path in READS {
        works("GET", path, Value::Null);
        refuses("GET", &format!("{path}?enviroment=test"), Value::Null, 400, "enviroment");
    }
    for (query, says) in [
        ("app_key=21300009&app_key=21300001", "app_key"),
        ("target_app_key=21360009&target_app_key=nobody", "target_app_key"),
        ("environment=moon", "environment"),
    ] {
        for path in ["/authorisations/check", "/authorisations/page"] {
            refuses("GET", &format!("{path}?{query}"), Value::Null, 400, says);
        }
    }
    for path in ["/authorisations/check", "/authorisations/page"] {
        let nobody = works("GET", &format!("{path}?app_key=nobody"), Value::Null);
        assert!(!nobody.to_string().contains("21360009"), "{nobody}");
    }
}

fn taken_away(works: &Works<'_>, refuses: &Refuses<'_>) {
    let lines = works("GET", "/target-lines", Value::Null);
    assert!(lines["lines"].as_array().unwrap().iter().any(|line| line["target_app_key"] == "21360009"), "{lines}");
    works("POST", "/targets/21360009/close-circuit", json!({ "environment": "test" }));
    let gone = json!({ "scene": "x1y2z3", "name": "demo.order.query", "environment": "test" });
    refuses("DELETE", "/scenes/x1y2z3", Value::Null, 400, "x1y2z3");
    works("POST", "/apis/retire", gone);
    works("DELETE", "/targets/21360009", Value::Null);
    refuses("DELETE", "/targets/21360009", Value::Null, 404, "21360009");
    works("DELETE", "/scenes/x1y2z3", Value::Null);
}
