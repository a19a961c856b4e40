//! A set of mock rules, as plain values.

use serde::{Deserialize, Serialize};

use crate::directory::Environment;
use crate::pick;

/// Rules of a set.
const MOST_RULES: usize = 100;
/// Conditions of a rule.
const MOST_CONDITIONS: usize = 20;
/// Bytes of an answer's template.
const LONGEST_BODY: usize = 64 * 1024;
/// The longest delay: the caller still gets an envelope within his patience.
const LONGEST_DELAY_MS: u32 = 25_000;

/// The mock rules of one API in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StubSet {
    /// Where it answers.
    #[serde(skip)]
    pub environment: Environment,
    /// Name of the method, without scene.
    #[serde(skip)]
    pub method: String,
    /// Counted from 1; raised by every change and reset.
    #[serde(skip)]
    pub version: i64,
    /// Whether it answers.
    pub on: bool,
    /// It may answer in production, too.
    pub production_allowed: bool,
    /// What happens to a call that no rule fits.
    pub otherwise: Otherwise,
    /// The first one that fits answers.
    pub rules: Vec<MockRule>,
}

impl Default for StubSet {
    fn default() -> Self {
        Self {
            environment: Environment::Test,
            method: String::new(),
            version: 0,
            on: true,
            production_allowed: false,
            otherwise: Otherwise::default(),
            rules: Vec::new(),
        }
    }
}

/// What happens to a call that no rule fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Otherwise {
    /// It is refused with words that say so: a forgotten stub must not look like the target.
    #[default]
    Refuse,
    /// It goes to the target.
    Pass,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MockRule {
    /// For people, and for the hit log.
    pub name: String,
    /// All must hold; none = it fits every call.
    pub when: Vec<Condition>,
    /// Milliseconds before the answer.
    pub delay_ms: u32,
    /// It answers so often on each node, then it does not fit any more; 0 = always.
    pub times: u32,
    /// What the answer is.
    pub format: MockFormat,
    /// The answer; `${path}` is a value of the call, `${request_id}` and `${now}` are what they say.
    pub body: String,
}

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MockFormat {
    /// JSON; values are escaped for a JSON text.
    #[default]
    Json,
    /// XML; values are escaped for an XML text.
    Xml,
}

/// A condition on a value of the call. Exactly one of its tests is given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// Path of the value: `tid`, `trade_list[0].tid`.
    pub at: String,
    /// It is this.
    pub equals: Option<String>,
    /// It contains this.
    pub contains: Option<String>,
    /// It is there, or is not.
    pub exists: Option<bool>,
}

impl Condition {
    /// Whether the value (`None` = absent) fits.
    pub(crate) fn holds(&self, value: Option<&str>) -> bool {
        self.equals.as_deref().is_none_or(|wanted| value == Some(wanted))
            && self.contains.as_deref().is_none_or(|part| value.is_some_and(|value| value.contains(part)))
            && self.exists.is_none_or(|there| value.is_some() == there)
    }
}

impl StubSet {
    /// What is wrong with it, if anything.
    pub(super) fn problem(&self) -> Option<String> {
        if self.method.is_empty() || self.method.len() > 128 {
            return Some("method has 1 to 128 characters".to_owned());
        }
        if self.rules.len() > MOST_RULES {
            return Some(format!("at most {MOST_RULES} rules"));
        }
        self.rules.iter().enumerate().find_map(|(at, rule)| Some(format!("rules[{at}]: {}", rule.problem()?)))
    }
}

impl MockRule {
    fn problem(&self) -> Option<String> {
        if self.name.len() > 64 || self.name.chars().any(char::is_control) {
            return Some("name has at most 64 bytes".to_owned());
        }
        if self.delay_ms > LONGEST_DELAY_MS {
            return Some(format!("delay_ms is at most {LONGEST_DELAY_MS}"));
        }
        if self.body.len() > LONGEST_BODY {
            return Some(format!("body has at most {LONGEST_BODY} bytes"));
        }
        if self.when.len() > MOST_CONDITIONS {
            return Some(format!("at most {MOST_CONDITIONS} conditions"));
        }
        for condition in &self.when {
            let tests = [condition.equals.is_some(), condition.contains.is_some(), condition.exists.is_some()];
            if tests.into_iter().filter(|given| *given).count() != 1 {
                return Some("a condition has one of equals, contains, exists".to_owned());
            }
            if !pick::is_path(&condition.at) {
                return Some(format!("{:?} is no path such as tid or trade_list[0].tid", condition.at));
            }
        }
        // With a digit in each place the answer must be what it claims to be.
        let filled = super::answer::fill(&self.body, |_, out| out.push(b'0'))?;
        let text = String::from_utf8(filled).unwrap_or_default();
        match self.format {
            MockFormat::Json => wire::json::value(&text).err().map(|error| format!("body is {error}")),
            MockFormat::Xml => wire::xml::read(&text).err().map(|error| format!("body is {error}")),
        }
    }
}
