//! Definitions of APIs: how one method of a scene is checked, forwarded and logged (fact sheet qimen, C3).

use serde::{Deserialize, Serialize};

use super::parameter::Parameter;
use super::tenant::Environment;
use super::window::WindowRule;
use crate::limits;

/// One version of the definition of an API. In a snapshot only those that are online appear.
///
/// The methods of a scene that Matou serves itself are defined by the registry; a definition of such a method replaces its time
/// limit, log index, business key and stub, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Api {
    /// Test and production have separate definitions.
    #[serde(skip)]
    pub environment: Environment,
    /// Code of its scene.
    #[serde(skip)]
    pub scene: String,
    /// Name without scene: `wdt.trade.push`.
    #[serde(skip)]
    pub name: String,
    /// Counted from 1 within environment, scene and name.
    #[serde(skip)]
    pub version: i64,
    /// For people.
    pub title: String,
    /// Whether a call may be repeated without asking.
    pub effect: Effect,
    /// What the body of a call is.
    pub body: BodyKind,
    /// The parameters that it knows; with none, all are passed on.
    pub parameters: Vec<Parameter>,
    /// The parameter under which calls are found in the log; a path such as `trade_list[0].tid` looks into its JSON.
    pub indexed: Option<String>,
    /// The parameters whose values together make a repeated business write the same one; empty = none.
    pub once_key: Vec<String>,
    /// Where its calls name their window, page and shop; absent = nobody watches for gaps.
    pub window: Option<WindowRule>,
    /// How long a target may take, milliseconds; at most 30 000 (fact sheet qimen, C3).
    pub timeout_ms: u32,
    /// How a failure is told from the reply; absent = `flag` is `failure`.
    pub failure: Option<FailureRule>,
    /// The target's own names of the fields of a failure.
    pub reply_fields: ReplyFields,
    /// What comes after the endpoint's URL for this API; empty = nothing.
    pub path: String,
    /// Whether mock rules answer instead of the target (挡板).
    pub stub: StubState,
}

impl Default for Api {
    fn default() -> Self {
        Self {
            environment: Environment::Production,
            scene: String::new(),
            name: String::new(),
            version: 0,
            title: String::new(),
            effect: Effect::default(),
            body: BodyKind::default(),
            parameters: Vec::new(),
            indexed: None,
            once_key: Vec::new(),
            window: None,
            timeout_ms: limits::API_TIMEOUT_MS,
            failure: None,
            reply_fields: ReplyFields::default(),
            path: String::new(),
            stub: StubState::default(),
        }
    }
}

/// Whether a call changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It only reads: it may be repeated.
    Query,
    /// It may change something: what became of a call without an answer is not known.
    #[default]
    Command,
}

/// What the body of a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyKind {
    /// Form fields.
    #[default]
    Form,
    /// Raw JSON.
    Json,
    /// Raw XML.
    Xml,
}

/// How a failure is told from a target's reply: by the value of one field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FailureRule {
    /// Path of the field below the reply's root (and below `response`, where there is one): `flag`, `result.success`.
    pub field: String,
    /// It failed when the field has one of these values; JSON numbers and booleans are compared as they are written.
    pub is: Vec<String>,
    /// It failed when the field has none of these values, or is absent. Only one of the two lists is given.
    pub is_not: Vec<String>,
}

impl FailureRule {
    /// Whether a reply whose field has this value (`None` = absent) is a failure.
    pub fn says_failed(&self, value: Option<&str>) -> bool {
        let among = |list: &[String]| value.is_some_and(|value| list.iter().any(|own| own == value));
        if self.is_not.is_empty() { among(&self.is) } else { !among(&self.is_not) }
    }
}

/// The target's own names of the fields of a failure; empty = the usual name (fact sheet qimen, B6 and X9).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReplyFields {
    /// Instead of `sub_code`, or `code` where there is none.
    pub code: String,
    /// Instead of `sub_message`, or `message` where there is none.
    pub message: String,
    /// Instead of `flag`.
    pub flag: String,
}

/// Whether a stub answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StubState {
    /// The target answers.
    #[default]
    Off,
    /// Mock rules answer.
    On,
}

/// What a version of a definition is at the moment (fact sheet qimen, C3: the states of the platform).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApiState {
    /// Being worked on (开发中); may still be changed.
    Draft,
    /// In force (上线运行中).
    Online,
    /// Was in force; may come back by a rollback.
    Retired,
}

impl ApiState {
    /// `draft`, `online` or `retired`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Online => "online",
            Self::Retired => "retired",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        [Self::Draft, Self::Online, Self::Retired].into_iter().find(|state| state.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_by_one_field() {
        let is = FailureRule { is: vec!["failure".into(), "1".into()], ..FailureRule::default() };
        let is_not = FailureRule { is_not: vec!["0".into()], ..FailureRule::default() };
        for (value, by_is, by_is_not) in [
            (Some("failure"), true, true),
            (Some("1"), true, true),
            (Some("0"), false, false),
            (Some(""), false, true),
            (None, false, true),
        ] {
            assert_eq!((is.says_failed(value), is_not.says_failed(value)), (by_is, by_is_not), "{value:?}");
        }
        assert!(!FailureRule::default().says_failed(Some("failure")));
    }

    #[test]
    fn what_is_absent_has_its_usual_value() {
        let api: Api = serde_json::from_str(r#"{"effect":"query","parameters":[{"name":"tid"}]}"#).unwrap();
        assert_eq!((api.effect, api.timeout_ms, api.stub), (Effect::Query, 25_000, StubState::Off));
        assert_eq!(api.parameters.first().map(Parameter::name_at_target), Some("tid"));
        assert_eq!(serde_json::from_str::<Api>("{}").unwrap(), Api::default());
    }
}
