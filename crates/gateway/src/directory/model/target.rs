//! Targets: whom a Qimen call can be addressed to, and where they live.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use store::Secret;

use super::api::Api;
use super::tenant::{Environment, PersonalForm};
use crate::limits;

/// Whom a Qimen call can be addressed to (提供方).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// `target_app_key`.
    pub key: String,
    /// For people.
    pub name: String,
    /// What answers.
    pub kind: TargetKind,
    /// Where it answers calls of `/router/qm`.
    pub production: Endpoint,
    /// Where it answers calls of `/router/qmtest`.
    pub test: Endpoint,
}

impl Target {
    /// A target that Matou answers itself.
    pub fn built_in(key: impl Into<String>, name: impl Into<String>) -> Self {
        let (production, test) = (Endpoint::default(), Endpoint::default());
        Self { key: key.into(), name: name.into(), kind: TargetKind::Erp, production, test }
    }

    /// Its endpoint in this environment.
    pub fn endpoint(&self, environment: Environment) -> &Endpoint {
        match environment {
            Environment::Production => &self.production,
            Environment::Test => &self.test,
        }
    }

    /// As [`Self::endpoint`], to be changed.
    pub fn endpoint_mut(&mut self, environment: Environment) -> &mut Endpoint {
        match environment {
            Environment::Production => &mut self.production,
            Environment::Test => &mut self.test,
        }
    }
}

/// What answers the calls of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetKind {
    /// The built-in ERP, without a network hop.
    Erp,
    /// A server that checks Qimen's second signature (fact sheet qimen, A6).
    Http,
    /// A server that speaks the Wangdian standard API (fact sheet qimen, C5).
    Openapi2,
}

impl TargetKind {
    /// `erp`, `http` or `openapi2`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Erp => "erp",
            Self::Http => "http",
            Self::Openapi2 => "openapi2",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        [Self::Erp, Self::Http, Self::Openapi2].into_iter().find(|kind| kind.name() == name)
    }
}

/// Where a target answers in one environment, and how it wants to be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Endpoint {
    /// `http://` or `https://` with host and path; empty = not set. For `openapi2` the folder of the `.php` files.
    pub url: String,
    /// Signs the forwarded call; sealed in the store, never written out. Empty = not set.
    #[serde(skip)]
    pub secret: Secret,
    /// How `method` is spelt (fact sheet qimen, C4).
    pub method_spelling: MethodSpelling,
    /// The charset of forwarded calls and of replies.
    pub charset: Charset,
    /// How long it may take, milliseconds; absent = as the API says.
    pub timeout_ms: Option<u32>,
    /// Calls that are under way at once.
    pub max_in_flight: u32,
    /// Calls that wait for their turn; one more is refused.
    pub max_waiting: u32,
    /// It may lie at a private, loopback or link-local address.
    pub private_allowed: bool,
    /// The interface account of an `openapi2` target.
    pub openapi2: Option<Openapi2Account>,
}

impl Default for Endpoint {
    fn default() -> Self {
        Self {
            url: String::new(),
            secret: Secret::default(),
            method_spelling: MethodSpelling::default(),
            charset: Charset::default(),
            timeout_ms: None,
            max_in_flight: limits::TARGET_IN_FLIGHT,
            max_waiting: limits::TARGET_WAITING,
            private_allowed: false,
            openapi2: None,
        }
    }
}

impl Endpoint {
    /// Whether there is anything to call.
    pub fn is_set(&self) -> bool {
        !self.url.is_empty()
    }

    /// The URL for an API: the endpoint's, with the API's path behind it.
    pub fn url_for(&self, api: &Api) -> Cow<'_, str> {
        match api.path.as_str() {
            "" => Cow::Borrowed(&self.url),
            path => Cow::Owned(format!("{}/{}", self.url.trim_end_matches('/'), path.trim_start_matches('/'))),
        }
    }

    /// How long a call of this API may take here, milliseconds.
    pub fn timeout_for(&self, api: &Api) -> u32 {
        self.timeout_ms.unwrap_or(api.timeout_ms).clamp(1, limits::MAX_API_TIMEOUT_MS)
    }
}

/// How `method` is spelt towards a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MethodSpelling {
    /// `wdt.trade.push`, `deliveryorder.create`
    Short,
    /// `hu3cgwt0tc.wdt.trade.push`
    #[default]
    Scene,
    /// `taobao.qimen.deliveryorder.create`
    Long,
}

/// The charset of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Charset {
    /// UTF-8.
    #[default]
    Utf8,
    /// GBK (fact sheet qimen, C4).
    Gbk,
}

/// The interface account with which calls are signed for an `openapi2` target.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Openapi2Account {
    /// `appkey`.
    pub appkey: String,
    /// Its secret; sealed in the store, never written out.
    #[serde(skip)]
    pub secret: Secret,
    /// Seller account there; absent = the caller's `sid`.
    pub sid: Option<String>,
    /// What becomes of personal fields in its answers, on custom scenes (fact sheet qimen, D1).
    pub personal: PersonalForm,
    /// Further names of personal fields, beside the privacy list and what the method itself declares.
    pub personal_names: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_may_have_a_path_and_a_time_of_its_own() {
        let endpoint = Endpoint { url: "https://a.example/qimen/".into(), ..Endpoint::default() };
        let api = Api { path: "/orders".into(), timeout_ms: 9000, ..Api::default() };
        assert_eq!(endpoint.url_for(&api), "https://a.example/qimen/orders");
        assert_eq!(endpoint.url_for(&Api::default()), "https://a.example/qimen/");
        assert_eq!(endpoint.timeout_for(&api), 9000);
        assert_eq!(Endpoint { timeout_ms: Some(90_000), ..endpoint }.timeout_for(&api), 30_000);
    }

    #[test]
    fn secrets_are_never_written_out() {
        let account = Openapi2Account { secret: Secret::new("account-secret"), ..Openapi2Account::default() };
        let endpoint =
            Endpoint { secret: Secret::new("target-secret"), openapi2: Some(account), ..Endpoint::default() };
        let text = serde_json::to_string(&endpoint).unwrap() + &format!("{endpoint:?}");
        assert!(!text.contains("-secret"), "{text}");
    }
}
