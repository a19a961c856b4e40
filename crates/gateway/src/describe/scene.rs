//! The OpenAPI 3.1 document of a scene of one's own, made from its definitions: nobody needs a generated SDK (fact sheet qimen, G 5).

use serde_json::{Map, Value, json};

use crate::directory::{Api, BodyKind, Effect, Environment, Parameter, ParameterKind, Place, Scene};

const SIGNING: &str = "签名 / signing: sort all parameters of query and form but `sign` by name in byte order; write name and value one \
    after the other without separators; append a JSON or XML body as it is sent; md5 = MD5(secret + text + secret), hmac = HMAC-MD5, \
    hmac-sha256 = HMAC-SHA256 with the secret as key; upper-case hexadecimal digits. `timestamp` is GMT+8.";

/// The document of the definitions in `apis` that belong to `scene` and `environment`.
pub fn scene(scene: &Scene, environment: Environment, apis: &[Api], version: &str) -> Value {
    let path = match environment {
        Environment::Production => "/router/qm",
        Environment::Test => "/router/qmtest",
    };
    let mut paths = Map::new();
    for api in apis.iter().filter(|api| api.scene == scene.code && api.environment == environment) {
        // One path serves all methods; the fragment keeps them apart, as it is never sent.
        paths.insert(format!("{path}#{}.{}", scene.code, api.name), json!({ "post": operation(scene, api) }));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": if scene.name.is_empty() { &scene.code } else { &scene.name },
            "version": version,
            "description": SIGNING,
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
    })
}

fn operation(scene: &Scene, api: &Api) -> Value {
    let method = format!("{}.{}", scene.code, api.name);
    let constant = |name: &str, value: &str| query(name, json!({ "const": value }), true);
    let mut parameters = vec![
        constant("method", &method),
        query("app_key", json!({ "type": "string" }), true),
        query("target_app_key", json!({ "type": "string" }), scene.default_target_app_key.is_empty()),
        query("timestamp", json!({ "type": "string", "examples": ["2026-01-02 03:04:05"] }), true),
        constant("v", "2.0"),
        query("format", json!({ "enum": ["json", "xml", "json2", "xml2"] }), false),
        query("sign_method", json!({ "enum": ["md5", "hmac", "hmac-sha256"] }), true),
        query("sign", json!({ "type": "string", "pattern": "^[0-9A-F]{32}([0-9A-F]{32})?$" }), true),
    ];
    let (queried, sent): (Vec<&Parameter>, Vec<&Parameter>) =
        api.parameters.iter().partition(|parameter| parameter.place == Place::Query);
    parameters
        .extend(queried.iter().map(|parameter| query(&parameter.name, schema(parameter.kind), parameter.required)));
    let media = match api.body {
        BodyKind::Form => "application/x-www-form-urlencoded",
        BodyKind::Json => "application/json",
        BodyKind::Xml => "text/xml",
    };
    let properties: Map<String, Value> =
        sent.iter().map(|parameter| (parameter.name.clone(), property(parameter.kind, api.body))).collect();
    let required: Vec<&str> = sent.iter().filter(|p| p.required).map(|p| p.name.as_str()).collect();
    let mut body = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        body["required"] = json!(required);
    }
    json!({
        "operationId": method,
        "summary": if api.title.is_empty() { &api.name } else { &api.title },
        "x-version": api.version,
        "x-reads-only": api.effect == Effect::Query,
        "parameters": parameters,
        "requestBody": { "content": { media: { "schema": body } } },
        "responses": { "200": { "description": "the target's answer; a failure has `flag`, `code`, `message`, `sub_code`, `sub_message`, `request_id`" } },
    })
}

fn query(name: &str, schema: Value, required: bool) -> Value {
    json!({ "name": name, "in": "query", "required": required, "schema": schema })
}

/// In a form a struct or list is JSON text.
fn property(kind: ParameterKind, body: BodyKind) -> Value {
    match (kind, body) {
        (ParameterKind::Struct | ParameterKind::List, BodyKind::Form) => {
            json!({ "type": "string", "contentMediaType": "application/json", "contentSchema": schema(kind) })
        }
        (kind, _) => schema(kind),
    }
}

fn schema(kind: ParameterKind) -> Value {
    match kind {
        ParameterKind::Text => json!({ "type": "string" }),
        ParameterKind::Number => json!({ "type": ["number", "string"] }),
        ParameterKind::Boolean => json!({ "enum": [true, false, "true", "false", 0, 1, "0", "1"] }),
        ParameterKind::Struct => json!({ "type": "object" }),
        ParameterKind::List => json!({ "type": "array" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scene_describes_its_own_methods_only() {
        let own = Scene { code: "x1y2z3".into(), ..Scene::default() };
        let parameter = |name: &str, kind, place| Parameter { name: name.into(), kind, place, ..Parameter::default() };
        let api = Api {
            scene: "x1y2z3".into(),
            name: "demo.order.push".into(),
            version: 3,
            parameters: vec![
                Parameter { required: true, ..parameter("tid", ParameterKind::Text, Place::Body) },
                parameter("lines", ParameterKind::List, Place::Body),
                parameter("shop_no", ParameterKind::Text, Place::Query),
            ],
            ..Api::default()
        };
        let other = Api { scene: "other".into(), ..api.clone() };
        let tested = Api { environment: Environment::Test, name: "demo.a".into(), ..api.clone() };
        let document = scene(&own, Environment::Production, &[api, other, tested], "1");
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(paths.keys().collect::<Vec<_>>(), ["/router/qm#x1y2z3.demo.order.push"]);
        let operation = &paths["/router/qm#x1y2z3.demo.order.push"]["post"];
        let names: Vec<&str> =
            operation["parameters"].as_array().unwrap().iter().filter_map(|p| p["name"].as_str()).collect();
        assert!(names.contains(&"shop_no") && names.contains(&"target_app_key") && !names.contains(&"tid"));
        let body = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        assert_eq!((&body["required"], &body["properties"]["lines"]["type"]), (&json!(["tid"]), &json!("string")));
    }
}
