//! The sections of a document and their rows.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use units::Moment;

use super::guard::{StubEntry, test};
use super::strict::{lean, read};
use crate::directory::model::{
    Api, AppOptions, Direction, EVERY_SID, Endpoint, Environment, Rights, Scene, TargetKind,
};
use crate::directory::{Error, Result};
use crate::limit::LimitRule;

/// What a document may speak of.
const SECTIONS: [&str; 8] =
    ["scene", "api", "target", "customer_route", "authorisation", "application", "limit", "stub"];

/// Most rows of a section.
const ROWS: usize = 10_000;

/// A document; `None` = the section is not there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// `[[scene]]`
    pub scenes: Option<Vec<SceneEntry>>,
    /// `[[api]]`
    pub apis: Option<Vec<ApiEntry>>,
    /// `[[target]]`
    pub targets: Option<Vec<TargetEntry>>,
    /// `[[customer_route]]`
    pub customer_routes: Option<Vec<CustomerRouteEntry>>,
    /// `[[authorisation]]`
    pub authorisations: Option<Vec<AuthorisationEntry>>,
    /// `[[application]]`: those of TOP and Qimen.
    pub applications: Option<Vec<ApplicationEntry>>,
    /// `[[limit]]`
    pub limits: Option<Vec<LimitRule>>,
    /// `[[stub]]`
    pub stubs: Option<Vec<StubEntry>>,
}

/// A scene.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SceneEntry {
    /// Its code.
    pub code: String,
    /// Everything else.
    #[serde(flatten)]
    pub scene: Scene,
}

/// The definition of an API that is on line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ApiEntry {
    /// Code of its scene.
    pub scene: String,
    /// Name without scene.
    pub name: String,
    /// Where it is on line; both when absent.
    #[serde(default = "both")]
    pub environments: Vec<Environment>,
    /// Everything else.
    #[serde(flatten)]
    pub api: Api,
}

/// A target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetEntry {
    /// Its key.
    pub target_app_key: String,
    /// For people.
    #[serde(default)]
    pub name: String,
    /// What answers.
    pub kind: TargetKind,
    /// Where it answers `/router/qm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub production: Option<EndpointEntry>,
    /// Where it answers `/router/qmtest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<EndpointEntry>,
}

/// An endpoint. A secret that is not given stays as it is stored. On the way to the directory the program replaces the name of a
/// variable or file by the secret itself; a document that comes out has neither.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EndpointEntry {
    /// Everything but the secrets.
    #[serde(flatten)]
    pub endpoint: Endpoint,
    /// Signs the forwarded call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// That of the interface account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_secret: Option<String>,
}

/// Who answers for a `customerId`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomerRouteEntry {
    /// The key.
    pub customer_id: String,
    /// Who is called.
    pub direction: Direction,
    /// The target.
    pub target_app_key: String,
    /// Where it holds; both when absent.
    #[serde(default = "both")]
    pub environments: Vec<Environment>,
}

/// An authorisation in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuthorisationEntry {
    /// The caller.
    pub app_key: String,
    /// The target.
    pub target_app_key: String,
    /// Seller account there; all when absent.
    #[serde(default = "every")]
    pub sid: String,
    /// Where it holds; both when absent.
    #[serde(default = "both")]
    pub environments: Vec<Environment>,
    /// When it ends, `yyyy-MM-dd HH:mm:ss` at GMT+8; never when absent.
    #[serde(default, with = "moment", skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

/// Moments as people write them.
mod moment {
    use serde::{Deserialize, Deserializer, Serializer, de};
    use units::Moment;

    pub(super) fn serialize<S: Serializer>(moment: &Option<Moment>, out: S) -> Result<S::Ok, S::Error> {
        match moment {
            Some(moment) => out.collect_str(moment),
            None => out.serialize_none(),
        }
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(given: D) -> Result<Option<Moment>, D::Error> {
        let wrong = |_| de::Error::custom("until is yyyy-MM-dd HH:mm:ss at GMT+8, in quotes");
        let text = Option::<String>::deserialize(given)?;
        text.map(|text| Moment::parse(&text).map_err(wrong)).transpose()
    }
}

/// An application of TOP or Qimen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicationEntry {
    /// Its key.
    pub app_key: String,
    /// For people.
    #[serde(default)]
    pub name: String,
    /// Whether it may call at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// A new application needs one; absent = as it is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// What it may do.
    #[serde(default)]
    pub rights: Rights,
    /// How it is treated.
    #[serde(flatten)]
    pub options: AppOptions,
}

fn both() -> Vec<Environment> {
    vec![Environment::Production, Environment::Test]
}

fn every() -> String {
    EVERY_SID.to_owned()
}

fn yes() -> bool {
    true
}

impl Document {
    /// Reads a document; what is wrong is named by its path, such as `api[2].timeout_ms`.
    pub fn read(value: &Value) -> Result<Self> {
        let sections = value.as_object().ok_or_else(|| Error::Invalid("a document has sections".to_owned()))?;
        if let Some(unknown) = sections.keys().find(|name| !SECTIONS.contains(&name.as_str())) {
            return Err(Error::Invalid(format!("{unknown}: no such section; known are {}", SECTIONS.join(", "))));
        }
        Ok(Self {
            scenes: rows(sections, "scene")?,
            apis: rows(sections, "api")?,
            targets: rows(sections, "target")?,
            customer_routes: rows(sections, "customer_route")?,
            authorisations: rows(sections, "authorisation")?,
            applications: rows(sections, "application")?,
            limits: rows(sections, "limit")?,
            stubs: rows(sections, "stub")?,
        })
    }

    /// The document as JSON, without what has its usual value.
    pub fn to_value(&self) -> Value {
        let mut sections = Map::new();
        let mut put = |name: &str, rows: Option<Vec<Value>>| {
            if let Some(rows) = rows {
                sections.insert(name.to_owned(), Value::Array(rows));
            }
        };
        let usual = value(&SceneEntry::default());
        put("scene", lean_rows(self.scenes.as_deref(), |_| usual.clone()));
        let usual = value(&ApiEntry { environments: both(), ..ApiEntry::default() });
        put("api", lean_rows(self.apis.as_deref(), |_| usual.clone()));
        let usual = serde_json::json!({ "name": "", "production": Endpoint::default(), "test": Endpoint::default() });
        put("target", lean_rows(self.targets.as_deref(), |_| usual.clone()));
        let usual = serde_json::json!({ "environments": both() });
        put("customer_route", lean_rows(self.customer_routes.as_deref(), |_| usual.clone()));
        let usual = serde_json::json!({ "environments": both(), "sid": EVERY_SID });
        put("authorisation", lean_rows(self.authorisations.as_deref(), |_| usual.clone()));
        let usual = value(&ApplicationEntry {
            app_key: String::new(),
            name: String::new(),
            enabled: true,
            secret: None,
            rights: Rights::default(),
            options: AppOptions::default(),
        });
        put("application", lean_rows(self.applications.as_deref(), |_| usual.clone()));
        let usual = value(&LimitRule::default());
        put("limit", lean_rows(self.limits.as_deref(), |_| usual.clone()));
        let usual = value(&StubEntry { environments: test(), ..StubEntry::default() });
        put("stub", lean_rows(self.stubs.as_deref(), |_| usual.clone()));
        Value::Object(sections)
    }
}

fn rows<T: Serialize + for<'d> Deserialize<'d>>(sections: &Map<String, Value>, name: &str) -> Result<Option<Vec<T>>> {
    let Some(section) = sections.get(name) else { return Ok(None) };
    let rows = section.as_array().filter(|rows| rows.len() <= ROWS);
    let rows = rows.ok_or_else(|| Error::Invalid(format!("{name}: a list of at most {ROWS} rows, [[{name}]]")))?;
    let read = |(index, row): (usize, &Value)| read(row, &format!("{name}[{}]", index + 1));
    rows.iter().enumerate().map(read).collect::<Result<_>>().map(Some)
}

fn lean_rows<T: Serialize>(rows: Option<&[T]>, usual: impl Fn(&T) -> Value) -> Option<Vec<Value>> {
    rows.map(|rows| rows.iter().map(|row| lean(value(row), &usual(row))).collect())
}

/// Everything here can be written as JSON.
fn value(entry: &impl Serialize) -> Value {
    serde_json::to_value(entry).unwrap_or_default()
}
