//! The gateway's directory from outside: scenes, definitions, targets, routes, the flow of authorisations, the file.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::house::{Caller, House, folder, matou, said};

fn post(caller: &Caller, path: &str, body: Value, expected: u16) -> Value {
    let heard = caller.admin("POST", path, &body);
    assert_eq!(heard.status, expected, "{path} {body}: {}", heard.text);
    heard.json()
}

fn get(caller: &Caller, path: &str) -> Value {
    let heard = caller.admin("GET", path, &Value::Null);
    assert_eq!(heard.status, 200, "{path}: {}", heard.text);
    heard.json()
}

#[test]
fn a_scene_is_set_up_and_its_definition_goes_through_its_versions() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let scene = post(&caller, "/scenes", json!({ "code": "x1y2z3", "hosts": ["shop.example.cn"] }), 201);
    assert_eq!((&scene["hosts"], &scene["forward_unknown"]), (&json!("shop.example.cn"), &json!(0)));
    post(&caller, "/scenes", json!({ "code": "x1y2z3", "forward_unknown": true }), 200);
    assert_eq!(get(&caller, "/scenes")["total_count"], 3);

    let one = json!({ "scene": "x1y2z3", "name": "demo.order.push", "environment": "test" });
    let draft = |definition: Value| {
        let mut body = one.clone();
        body["definition"] = definition;
        body
    };
    let drafted = post(&caller, "/apis", draft(json!({ "timeout_ms": 9000, "parameters": [{ "name": "tid" }] })), 201);
    assert_eq!((&drafted["version"], &drafted["standing"]), (&json!(1), &json!("developing")));
    let wrong = caller.admin("POST", "/apis", &draft(json!({ "time_out": 1 })));
    assert_eq!((wrong.status, &wrong.json()["error"]["field"]), (400, &json!("definition.time_out")));
    let wrong = caller.admin("POST", "/apis", &draft(json!({ "timeout_ms": 60000 })));
    assert_eq!((wrong.status, &wrong.json()["error"]["field"]), (400, &json!("timeout_ms")));
    assert_eq!(post(&caller, "/apis/publish", one.clone(), 200)["standing"], "online");
    let drafted = post(&caller, "/apis", draft(json!({ "indexed": "tid" })), 201);
    assert_eq!((&drafted["version"], &drafted["standing"]), (&json!(2), &json!("upgrading")));
    let definition: Value = serde_json::from_str(drafted["definition"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&definition["timeout_ms"], &definition["indexed"]),
        (&json!(9000), &json!("tid")),
        "laid over version 1"
    );
    post(&caller, "/apis/publish", one.clone(), 200);
    let back = post(&caller, "/apis/rollback", one.clone(), 200);
    assert_eq!((&back["version"], &back["state"]), (&json!(1), &json!("online")));
    let live = post(&caller, "/apis/promote", json!({ "scene": "x1y2z3", "name": "demo.order.push" }), 201);
    assert_eq!((&live["environment"], &live["state"]), (&json!("production"), &json!("draft")));
    assert_eq!(get(&caller, "/apis?scene=x1y2z3&environment=test")["total_count"], 2);
    let document = get(&caller, "/scenes/x1y2z3/openapi?environment=test");
    assert_eq!(document["paths"]["/router/qmtest#x1y2z3.demo.order.push"]["post"]["x-version"], 1, "{document}");
    let trial = json!({
        "scene": "x1y2z3", "name": "demo.order.push", "environment": "test", "envelope": "flat",
        "definition": { "failure": { "field": "ok", "is": ["false"] }, "reply_fields": { "code": "err" } },
        "reply": "{\"ok\":false,\"err\":\"E7\"}",
    });
    let tried = post(&caller, "/apis/try-reply", trial, 200);
    assert_eq!((&tried["verdict"], &tried["code"]), (&json!("refused"), &json!("E7")), "{tried}");
    let busy = caller.admin("DELETE", "/scenes/x1y2z3", &Value::Null);
    assert_eq!(busy.status, 400, "{}", busy.text);
    assert_eq!(post(&caller, "/apis/retire", one.clone(), 200)["standing"], "offline");
    assert_eq!(caller.admin("POST", "/apis/retire", &one).status, 404);
}

#[test]
fn a_target_shows_no_secret_and_keeps_it() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let test = json!({ "url": "http://127.0.0.1:9/qimen", "secret": "target-secret", "private_allowed": true });
    let made = post(&caller, "/targets", json!({ "target_app_key": "21360002", "kind": "http", "test": test }), 201);
    let endpoint = |answer: &Value| answer["endpoints"][1].clone();
    assert_eq!((&endpoint(&made)["secret_set"], &endpoint(&made)["url"]), (&json!(1), &test["url"]));
    let change = json!({ "target_app_key": "21360002", "test": { "max_in_flight": 5 } });
    let changed = post(&caller, "/targets", change, 200);
    assert_eq!((&endpoint(&changed)["secret_set"], &endpoint(&changed)["max_in_flight"]), (&json!(1), &json!(5)));
    assert!(!caller.admin("GET", "/targets", &Value::Null).text.contains("target-secret"));
    let wrong = json!({ "target_app_key": "21360002", "test": { "ulr": "x" } });
    assert_eq!(caller.admin("POST", "/targets", &wrong).json()["error"]["field"], "test.ulr");
    let route = json!({ "customer_id": "c0001", "direction": "to_wms", "target_app_key": "21360002" });
    post(&caller, "/customer-routes", route, 201);
    assert_eq!(caller.admin("DELETE", "/targets/21360002", &Value::Null).status, 400, "a route leads there");
    let gone = caller.admin("DELETE", "/customer-routes?customer_id=c0001&direction=to_wms", &Value::Null);
    assert_eq!(gone.status, 200, "{}", gone.text);
    assert_eq!(caller.admin("DELETE", "/targets/21360002", &Value::Null).status, 200);
}

#[test]
fn an_authorisation_goes_from_application_to_letter_to_withdrawal() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let caller = house.caller();
    post(&caller, "/applications", json!({ "key": "21300009", "protocol": "top", "name": "自研商城" }), 201);
    let target = get(&caller, "/targets")["targets"][0]["target_app_key"].as_str().unwrap().to_owned();
    let step = |reason: &str| json!({ "environment": "test", "app_key": "21300009", "target_app_key": target, "reason": reason, "by": "李" });
    let row = post(&caller, "/authorisations/apply", step("接入商城订单"), 201);
    assert_eq!(row["status"], "applied");
    assert_eq!(caller.admin("POST", "/authorisations/reject", &step("")).json()["error"]["field"], "reason");
    post(&caller, "/authorisations/reject", step("请先补充联系人"), 200);
    post(&caller, "/authorisations/apply", step("联系人王五"), 201);
    let row = post(&caller, "/authorisations/approve", step(""), 201);
    let letter = |index: usize| row["letters"][index]["body"].as_str().unwrap().to_owned();
    for part in [target.as_str(), "/router/qmtest", "21300009", "自研商城"] {
        assert!(letter(0).contains(part) && letter(1).contains(part), "{part}: {row}");
    }
    assert!(letter(0).contains("后续步骤") && letter(1).contains("What to do next"));

    let page = get(&caller, "/authorisations/page?app_key=21300009");
    let rows = page["rows"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["test"], &rows[0]["production"]), (1, &json!("approved"), &json!("")));
    assert_eq!(rows[0]["errors"], 1, "{page}");
    let check = get(&caller, "/authorisations/check?app_key=21300009");
    let found: Vec<&str> =
        check["findings"].as_array().unwrap().iter().map(|f| f["finding"].as_str().unwrap()).collect();
    assert_eq!(found, ["only_in_test"], "{check}");
    let live = json!({ "app_key": "21300009", "target_app_key": target });
    let row = post(&caller, "/authorisations/approve", live, 201);
    assert!(row["letters"][1]["body"].as_str().unwrap().contains("- path: /router/qm\n"), "{row}");
    let check = get(&caller, "/authorisations/check?app_key=21300009");
    assert_eq!(check["findings"][0]["finding"], "no_addresses", "{check}");

    let row = post(&caller, "/authorisations/withdraw", step("合作结束"), 200);
    assert_eq!((&row["status"], row["history"].as_array().map(Vec::len)), (&json!("withdrawn"), Some(5)));
    let path = format!("/authorisations/story?environment=test&app_key=21300009&target_app_key={target}");
    let story = get(&caller, &path);
    assert_eq!((&story["history"][1]["reason"], &story["history"][4]["by"]), (&json!("请先补充联系人"), &json!("李")));
    assert_eq!(get(&caller, "/authorisations?status=withdrawn")["total_count"], 1);
}

fn gateway(action: &str, file: Option<&Path>, folder: &Path, server: Option<&str>) -> Output {
    let mut command = matou();
    command.args(["gateway", action]).args(file).arg("--data").arg(folder).env("TARGET_SECRET", "target-secret");
    if let Some(server) = server {
        command.args(["--server", server]);
    }
    command.current_dir(folder).output().unwrap()
}

const FILE: &str = r#"
[[scene]]
code = "x1y2z3"

[[target]]
target_app_key = "21360003"
kind = "http"
[target.test]
url = "https://erp.example.cn/qimen"
secret_env = "TARGET_SECRET"

[[api]]
scene = "x1y2z3"
name = "demo.order.push"
environments = ["test"]
parameters = [{ name = "tid", required = true }]
"#;

#[test]
fn the_file_is_compared_applied_and_exported_with_and_without_a_server() {
    let folder = folder();
    let mut house = House::start(folder.path(), &[]);
    let server = house.text("/base_url").to_owned();
    let file = folder.path().join("gateway.toml");
    // The built-in target of the demo has authorisations, so the file must name it, too.
    let demo = get(&house.caller(), "/targets")["targets"][0].clone();
    let rest =
        format!("[[target]]\ntarget_app_key = {}\nname = {}\nkind = \"erp\"\n", demo["target_app_key"], demo["name"]);
    std::fs::write(&file, format!("{FILE}{rest}")).unwrap();
    let diff = gateway("diff", Some(&file), folder.path(), Some(&server));
    assert_eq!(diff.status.code(), Some(1), "{}", said(&diff));
    for line in ["+ scene x1y2z3", "+ target 21360003", "+ api x1y2z3.demo.order.push in test", "3 differences"] {
        assert!(said(&diff).contains(line), "{line}: {}", said(&diff));
    }
    let applied = gateway("apply", Some(&file), folder.path(), Some(&server));
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    let again = gateway("diff", Some(&file), folder.path(), Some(&server));
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    assert!(said(&again).contains("nothing differs"));
    let exported = gateway("export", None, folder.path(), Some(&server));
    let text = String::from_utf8(exported.stdout).unwrap();
    assert!(text.contains("x1y2z3") && !text.contains("target-secret"), "{text}");
    std::fs::write(&file, &text).unwrap();
    assert_eq!(gateway("diff", Some(&file), folder.path(), Some(&server)).status.code(), Some(0));

    house.kill();
    let here = gateway("diff", Some(&file), folder.path(), None);
    assert_eq!(here.status.code(), Some(0), "{}", said(&here));
    std::fs::write(&file, text.replace("https://erp.example.cn/qimen", "https://erp2.example.cn/qimen")).unwrap();
    let here = gateway("apply", Some(&file), folder.path(), None);
    assert_eq!(here.status.code(), Some(0), "{}", said(&here));
    assert!(said(&here).contains("test.url: \"https://erp.example.cn/qimen\" -> \"https://erp2.example.cn/qimen\""));
    std::fs::write(&file, "[[target]]\ntarget_app_key = \"t\"\nkind = \"http\"\ncolour = 1\n").unwrap();
    let wrong = gateway("apply", Some(&file), folder.path(), None);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(said(&wrong).contains("target[1].colour: no such setting"), "{}", said(&wrong));
}
