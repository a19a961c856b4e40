//! The list of examples of a dock: one good call of each method, in an order in which each finds what it needs, and between
//! them what people do in the admin API. The same list is documentation, a collection for API clients, and a test.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// One step: a call of a method, or of the admin API. `{{name}}` in a text stands for a variable.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The method, without scene; empty when the step is one of the admin API.
    #[serde(default)]
    pub method: String,
    /// Business parameters. A list or an object is sent as a JSON text.
    #[serde(default)]
    pub params: Map<String, Value>,
    /// Verb and path below `/admin/v1`, for a step of the admin API.
    #[serde(default)]
    pub admin: String,
    /// Body of that step.
    #[serde(default)]
    pub body: Value,
    /// Variables that the answer gives: name and path, such as `trades[0].trade_no`.
    #[serde(default)]
    pub save: BTreeMap<String, String>,
    /// The same call with one field wrong.
    #[serde(default)]
    pub wrong: Option<Wrong>,
}

/// What to spoil in an example, and what is answered then.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    /// Path of the field: `trade_list[0].order_list[0].num`.
    pub at: String,
    /// What to put there; `null` leaves the field out.
    pub value: Value,
    /// The code that is answered; its message names the field.
    pub code: i64,
    /// What the message names, when it is not the path itself.
    #[serde(default)]
    pub says: String,
}

impl Example {
    /// The parameters as they are sent: every value a text.
    pub fn sent(&self) -> Vec<(&str, String)> {
        self.params.iter().map(|(name, value)| (name.as_str(), text(value))).collect()
    }
}

/// A parameter's value on the wire.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Reads a list of examples.
pub fn examples(json: &str) -> serde_json::Result<Vec<Example>> {
    serde_json::from_str(json)
}
