//! A collection (format 2.1) for Postman, Apifox and their like: every example in order, signed by a script before it is sent,
//! checked by a script after it was answered.

use serde_json::{Value, json};

use super::example::Example;
use super::title;
use crate::registry::Registry;

/// Signs a call; runs before every request of the collection.
const SIGN: &str = include_str!("sign.js");
const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
/// What the user of the collection fills in, with what the demo has.
const VARIABLES: &[(&str, &str)] = &[
    ("base_url", "http://127.0.0.1:8080"),
    ("sid", "matoudemo"),
    ("appkey", "matoudemo-ot"),
    ("appsecret", ""),
    ("admin_token", ""),
    ("shop_no", "api_test"),
    ("warehouse_no", "WH01"),
    ("other_warehouse_no", "WH02"),
    ("run", ""),
];

/// The whole collection.
pub fn collection(registry: &Registry, examples: &[Example]) -> Value {
    let mut folders: Vec<(String, Vec<Value>)> = Vec::new();
    let mut chapter = String::new();
    for (index, example) in examples.iter().enumerate() {
        let entry = registry.find(&example.method);
        if let Some(entry) = entry {
            let (chinese, english) = title(entry.category);
            chapter = format!("{chinese} / {english}");
        }
        let name = match entry {
            Some(entry) => format!("{} {}", entry.name, entry.summary.1),
            None => format!("admin {}", example.admin),
        };
        let mut events = vec![event("test", &check(example))];
        if index == 0 {
            let renew = "pm.collectionVariables.set('run', Date.now().toString(36).toUpperCase());";
            events.push(event("prerequest", renew));
        }
        let item = json!({ "name": name, "event": events, "request": request(example, entry.map(|entry| entry.php)) });
        match folders.last_mut() {
            Some((last, items)) if *last == chapter => items.push(item),
            _ => folders.push((chapter.clone(), vec![item])),
        }
    }
    let folders: Vec<Value> = folders.into_iter().map(|(name, items)| json!({ "name": name, "item": items })).collect();
    let variables: Vec<Value> = VARIABLES.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    json!({
        "info": {
            "name": "Matou: 旺店通企业版接口 / Wangdian API",
            "schema": SCHEMA,
            "description": "Fill in base_url, sid, appkey, appsecret and admin_token from demo.json, then run the whole collection in \
                order. 先按 demo.json 填写变量，再按顺序运行整个集合。",
        },
        "variable": variables,
        "event": [event("prerequest", SIGN)],
        "item": folders,
    })
}

fn event(listen: &str, script: &str) -> Value {
    let lines: Vec<&str> = script.lines().collect();
    json!({ "listen": listen, "script": { "type": "text/javascript", "exec": lines } })
}

fn request(example: &Example, php: Option<&str>) -> Value {
    if let Some(php) = php {
        let form: Vec<Value> = example
            .sent()
            .into_iter()
            .map(|(key, value)| json!({ "key": key, "value": value, "type": "text" }))
            .collect();
        return json!({
            "method": "POST",
            "header": [],
            "body": { "mode": "urlencoded", "urlencoded": form },
            "url": address(&format!("openapi2/{php}")),
        });
    }
    let (verb, path) = example.admin.split_once(' ').unwrap_or(("GET", &example.admin));
    let bearer = json!([{ "key": "token", "value": "{{admin_token}}", "type": "string" }]);
    let mut request = json!({
        "method": verb,
        "header": [],
        "auth": { "type": "bearer", "bearer": bearer },
        "url": address(&format!("admin/v1{path}")),
    });
    if !example.body.is_null() {
        request["header"] = json!([{ "key": "Content-Type", "value": "application/json" }]);
        request["body"] = json!({ "mode": "raw", "raw": example.body.to_string() });
    }
    request
}

/// A URL in the parts that the format wants.
fn address(path: &str) -> Value {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut url = json!({
        "raw": format!("{{{{base_url}}}}/{path}{}{query}", if query.is_empty() { "" } else { "?" }),
        "host": ["{{base_url}}"],
        "path": path.split('/').collect::<Vec<_>>(),
    });
    if !query.is_empty() {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        url["query"] = pairs.map(|(key, value)| json!({ "key": key, "value": value })).collect();
    }
    url
}

/// What must hold of the answer, and what is kept of it.
fn check(example: &Example) -> String {
    let mut script = String::from("const answer = pm.response.json();\n");
    script.push_str(if example.method.is_empty() {
        "pm.test('done', () => pm.expect(pm.response.code, JSON.stringify(answer)).to.be.below(300));\n"
    } else {
        "pm.test('code 0', () => pm.expect(answer.code, answer.message).to.eql(0));\n"
    });
    for (name, path) in &example.save {
        let steps: Vec<String> =
            path.split(['.', '[', ']']).filter(|step| !step.is_empty()).map(|step| json!(step).to_string()).collect();
        script.push_str(&format!(
            "pm.collectionVariables.set('{name}', [{}].reduce((at, step) => at[step], answer));\n",
            steps.join(", ")
        ));
    }
    script
}
