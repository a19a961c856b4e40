//! The OpenAPI 3.1 document of the openapi2 door, made from the declarations.

use serde_json::{Map, Value, json};

use super::example::Example;
use super::{schema, title};
use crate::registry::{Entry, Registry};

const SIGNING: &str = "签名 / signing: sort all parameters but `sign` by name; write each as `NN-name:NNNN-value`, NN and NNNN \
    the numbers of characters of name and value (at least two and four digits); join them with `;`; append the secret; MD5 in \
    lower-case hexadecimal digits.\n\nEvery method answers on Qimen (`/router/qm`, `/router/qmtest`, `/router/rest`) as well, \
    under the name in `x-qimen-method`, with or without the scene before it.";

/// The whole document. `version` is the program's; examples come from `examples`.
pub fn openapi(registry: &Registry, examples: &[Example], version: &str) -> Value {
    let mut paths = Map::new();
    for entry in registry.iter() {
        let example = examples.iter().find(|example| example.method == entry.name);
        paths.insert(format!("/openapi2/{}", entry.php), json!({ "post": operation(entry, example) }));
    }
    for (name, php, entry) in registry.aliases() {
        let mut described = operation(entry, None);
        described["operationId"] = name.into();
        described["x-qimen-method"] = name.into();
        paths.insert(format!("/openapi2/{php}"), json!({ "post": described }));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "旺店通企业版开放接口 / Wangdian open API, as served by Matou",
            "version": version,
            "description": SIGNING,
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": { "Public": {
            "type": "object",
            "description": "公共参数 / what every call carries",
            "properties": {
                "sid": { "type": "string", "description": "卖家账号 / merchant" },
                "appkey": { "type": "string", "description": "接口账号 / application" },
                "timestamp": {
                    "type": "string", "pattern": "^[0-9]{10}$",
                    "description": "Unix 时间(秒), 误差 5 分钟内 / Unix time in seconds, at most 5 minutes off",
                },
                "sign": { "type": "string", "pattern": "^[0-9a-f]{32}$", "description": "签名 / signature" },
            },
            "required": ["sid", "appkey", "timestamp", "sign"],
        } } },
    })
}

fn operation(entry: &Entry, example: Option<&Example>) -> Value {
    let (english, chinese) = entry.summary;
    let (chapter, chapter_english) = title(entry.category);
    let mut form = json!({
        "schema": { "allOf": [{ "$ref": "#/components/schemas/Public" }, schema::object(entry.fields)] },
    });
    if let Some(example) = example {
        let sent: Map<String, Value> =
            example.sent().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        form["example"] = sent.into();
    }
    json!({
        "operationId": entry.name,
        "tags": [format!("{chapter} / {chapter_english}")],
        "summary": format!("{chinese} / {english}"),
        "description": entry.doc,
        "x-qimen-method": entry.name,
        "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": form } },
        "responses": { "200": {
            "description": "code 0, or the reason of the refusal",
            "content": { "application/json": { "schema": schema::answer(&entry.reply().members) } },
        } },
    })
}
