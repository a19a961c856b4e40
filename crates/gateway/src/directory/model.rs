//! What the directory knows: tenants, applications, targets and authorisations, as plain values.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::{Secret, Tenant};

use super::quota::{Limits, Quota};

/// Test and production are two worlds with separate tenants and data (fact sheet qimen, C2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// `/router/qm`, `/router/rest`
    Production,
    /// `/router/qmtest`
    Test,
}

impl Environment {
    /// `production` or `test`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "production" => Some(Self::Production),
            "test" => Some(Self::Test),
            _ => None,
        }
    }
}

/// A merchant in one environment: one set of data.
#[derive(Debug, Clone, Serialize)]
pub struct TenantInfo {
    /// Number of the data set; never given twice.
    pub number: i64,
    /// Seller account (卖家账号), unique within the environment.
    pub sid: String,
    /// Which world.
    pub environment: Environment,
    /// For people.
    pub name: String,
    /// A tenant that is switched off answers as if it did not exist.
    pub enabled: bool,
    /// How the gateway answers for this tenant, and what the docks keep here.
    pub settings: Settings,
}

impl TenantInfo {
    /// The tenant as the store wants it.
    pub fn tenant(&self) -> Tenant {
        Tenant(self.number)
    }
}

/// Settings of a tenant, JSON in the store. What is absent has the value of the reference product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Row scalars on openapi2: texts unless `native` (fact sheet wdt-1, 1.9).
    pub openapi2_scalars: ScalarForm,
    /// Row scalars on the Qimen side: integers as numbers unless `text`.
    pub qimen_scalars: ScalarForm,
    /// Personal fields on the Qimen side: blanked unless `show` (fact sheet qimen, D1).
    pub qimen_personal: PersonalForm,
    /// How much its applications may call; nothing is limited by default.
    pub limits: Limits,
    /// Everything else that a dock keeps for the tenant.
    #[serde(flatten)]
    pub more: serde_json::Map<String, serde_json::Value>,
}

/// How integer columns of rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScalarForm {
    /// As the door usually does: text on openapi2, native on Qimen.
    #[default]
    Usual,
    /// Every scalar is a JSON string.
    Text,
    /// Integers are JSON numbers.
    Native,
}

/// What happens to personal columns on the Qimen side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PersonalForm {
    /// The member stays, its value is empty.
    #[default]
    Blank,
    /// As on openapi2.
    Show,
}

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

/// An address or a network in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    base: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether `address` lies in this network. An IPv4 address that arrives as IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(given)) => {
                let drop = 32 - u32::from(self.prefix.min(32));
                u32::from(base).checked_shr(drop) == u32::from(given).checked_shr(drop)
            }
            (IpAddr::V6(base), IpAddr::V6(given)) => {
                let drop = 128 - u32::from(self.prefix.min(128));
                u128::from(base).checked_shr(drop) == u128::from(given).checked_shr(drop)
            }
            _ => false,
        }
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (base, prefix) = text.split_once('/').map_or((text.as_str(), None), |(base, prefix)| (base, Some(prefix)));
        let base: IpAddr = base.parse().map_err(|_| format!("{text}: not an address"))?;
        let widest = if base.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => widest,
            Some(digits) => {
                digits.parse().ok().filter(|n| *n <= widest).ok_or_else(|| format!("{text}: not a network"))?
            }
        };
        Ok(Self { base: base.to_canonical(), prefix })
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        format!("{}/{}", network.base, network.prefix)
    }
}

/// Whom a Qimen call can be addressed to.
#[derive(Debug, Clone, Serialize)]
pub struct Target {
    /// `target_app_key`.
    pub key: String,
    /// For people.
    pub name: String,
    /// What answers: `erp`, the built-in one.
    pub kind: String,
}

/// The kind of the built-in target.
pub const BUILT_IN: &str = "erp";

/// The right of a caller to reach a tenant through a target (fact sheet qimen, C2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Granted separately for test and production.
    pub environment: Environment,
    /// The caller.
    pub app_key: String,
    /// The target.
    pub target_app_key: String,
    /// The tenant's `sid`, or [`EVERY_SID`].
    pub sid: String,
}

/// A grant for all tenants of the environment.
pub const EVERY_SID: &str = "*";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_their_addresses() {
        for (network, address, expected) in [
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false),
            ("10.0.0.0/8", "10.200.1.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("127.0.0.1", "::ffff:127.0.0.1", true),
            ("2001:db8::/32", "2001:db8:1::5", true),
            ("2001:db8::/32", "2001:db9::5", false),
            ("::/0", "10.0.0.1", false),
        ] {
            let parsed = Network::try_from(network.to_owned()).unwrap();
            assert_eq!(parsed.contains(address.parse().unwrap()), expected, "{network} {address}");
        }
        for bad in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "host"] {
            assert!(Network::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn settings_are_the_usual_ones_when_absent_and_keep_what_docks_put_there() {
        let settings: Settings = serde_json::from_str(r#"{"qimen_personal":"show","strict_emoji":true}"#).unwrap();
        assert_eq!(settings.qimen_personal, PersonalForm::Show);
        assert_eq!(settings.openapi2_scalars, ScalarForm::Usual);
        assert_eq!(settings.more.get("strict_emoji"), Some(&serde_json::Value::Bool(true)));
        let rights: Rights = serde_json::from_str(r#"{"shops":["a"],"methods":null}"#).unwrap();
        assert!(rights.shops.permits("a") && !rights.shops.permits("b") && rights.methods.permits("b"));
        assert_eq!(
            serde_json::to_string(&rights).unwrap(),
            r#"{"methods":null,"shops":["a"],"warehouses":null,"providers":null}"#
        );
    }
}
