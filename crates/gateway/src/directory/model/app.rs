//! Applications: who signs, what he may do, how he is treated.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::Secret;

use super::network::Network;
use crate::directory::quota::Quota;

/// Which protocol an application signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// `appkey` of openapi2: belongs to one tenant and so to one environment.
    Openapi2,
    /// `app_key` of TOP and Qimen: reaches tenants through authorisations.
    Top,
}

impl Protocol {
    /// `openapi2` or `top`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Openapi2 => "openapi2",
            Self::Top => "top",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "openapi2" => Some(Self::Openapi2),
            "top" => Some(Self::Top),
            _ => None,
        }
    }
}

/// An application: who signs a call.
#[derive(Clone, Serialize)]
pub struct App {
    /// Number of the application.
    pub number: i64,
    /// Which kind of key it is.
    pub protocol: Protocol,
    /// `appkey` or `app_key`; unique within the protocol.
    pub key: String,
    /// The secret, opened; sealed in the store, never written out.
    #[serde(skip)]
    pub secret: Secret,
    /// The tenant of an openapi2 application; 0 for a TOP one.
    pub tenant: i64,
    /// For people.
    pub name: String,
    /// An application that is switched off is refused with its own code.
    pub enabled: bool,
    /// What it may do.
    pub rights: Rights,
    /// How it is treated.
    pub options: AppOptions,
}

/// Three allow-lists for rows and one for methods; all by default (fact sheet wdt-1, 1.12).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rights {
    /// Methods by their name without scene: `wdt.trade.push`.
    pub methods: Allowed,
    /// Shops by number.
    pub shops: Allowed,
    /// Warehouses by number.
    pub warehouses: Allowed,
    /// Providers by number (fact sheet wdt-2, 0.3 no. 10).
    pub providers: Allowed,
}

/// Everything, or a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Option<BTreeSet<String>>", into = "Option<BTreeSet<String>>")]
pub enum Allowed {
    /// No restriction; `null` in JSON.
    #[default]
    All,
    /// Only these; a list in JSON.
    Only(Arc<BTreeSet<String>>),
}

impl Allowed {
    /// Only the listed.
    pub fn only<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        Self::Only(Arc::new(names.into_iter().map(str::to_owned).collect()))
    }

    /// Whether `name` is allowed.
    pub fn permits(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
        }
    }

    /// The list; `None` when there is no restriction.
    pub fn list(&self) -> Option<&BTreeSet<String>> {
        match self {
            Self::All => None,
            Self::Only(names) => Some(names),
        }
    }
}

impl From<Option<BTreeSet<String>>> for Allowed {
    fn from(list: Option<BTreeSet<String>>) -> Self {
        list.map_or(Self::All, |names| Self::Only(Arc::new(names)))
    }
}

impl From<Allowed> for Option<BTreeSet<String>> {
    fn from(allowed: Allowed) -> Self {
        allowed.list().cloned()
    }
}

/// How one application is treated, JSON in the store.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AppOptions {
    /// The weakest `sign_method` that is accepted on the TOP side.
    pub minimum_sign_method: SignMethod,
    /// Leave values that begin with `@` out of the signed string, as the official PHP client does (fact sheet qimen,
    /// A4). Such values are then unsigned: only for clients that cannot be changed.
    pub skip_at_values: bool,
    /// Refuse an identical read within the window instead of answering it again: code 1020 请勿重复操作 on openapi2, code 15 with
    /// that as sub code on the TOP side.
    pub strict_replay: bool,
    /// Calls per minute; 0 = as the tenant's limits, or else the gateway's own setting, say.
    pub calls_per_minute: u32,
    /// Limits of single methods, by their name without scene; before those of the tenant.
    pub quotas: BTreeMap<String, Quota>,
    /// The application is in arrears: every call is refused with 1060 (fact sheet wdt-1, 1.11).
    pub arrears: bool,
    /// Addresses or networks (`10.0.0.0/8`) that may call; empty = all (fact sheet qimen, B3: IP白名单).
    pub addresses: Vec<Network>,
    /// How the answers of its Qimen calls are wrapped.
    pub envelope: EnvelopeProfile,
}

/// Ways to sign on the TOP side, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum SignMethod {
    /// `md5`
    #[default]
    #[serde(rename = "md5")]
    Md5,
    /// `hmac` (HMAC-MD5)
    #[serde(rename = "hmac")]
    Hmac,
    /// `hmac-sha256`
    #[serde(rename = "hmac-sha256")]
    HmacSha256,
}

/// How the answers of Qimen calls are wrapped for one caller: the public clients disagree on what success looks like (fact sheet
/// qimen, B6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnvelopeProfile {
    /// No `flag` in a success: the official Java client takes any flag for a failure. What Python, Node and PHP take, too.
    #[default]
    Java,
    /// `flag` is `success` in a success: the official .NET client takes its absence for a failure.
    DotNet,
    /// As `Java`, without the member `response` around everything.
    Flat,
}

impl EnvelopeProfile {
    /// `java`, `dotnet` or `flat`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Java => "java",
            Self::DotNet => "dotnet",
            Self::Flat => "flat",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        [Self::Java, Self::DotNet, Self::Flat].into_iter().find(|profile| profile.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_lists_or_everything() {
        let rights: Rights = serde_json::from_str(r#"{"shops":["a"],"methods":null}"#).unwrap();
        assert!(rights.shops.permits("a") && !rights.shops.permits("b") && rights.methods.permits("b"));
        assert_eq!(
            serde_json::to_string(&rights).unwrap(),
            r#"{"methods":null,"shops":["a"],"warehouses":null,"providers":null}"#
        );
    }

    #[test]
    fn the_words_of_a_profile_are_those_of_its_json() {
        for profile in [EnvelopeProfile::Java, EnvelopeProfile::DotNet, EnvelopeProfile::Flat] {
            assert_eq!(serde_json::to_string(&profile).unwrap(), format!("{:?}", profile.name()));
            assert_eq!(EnvelopeProfile::named(profile.name()), Some(profile));
        }
    }
}
