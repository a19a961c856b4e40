//! Environments, tenants and their settings.

use serde::{Deserialize, Serialize};
use store::Tenant;

use crate::directory::quota::Limits;

/// Test and production are two worlds with separate tenants and data (fact sheet qimen, C2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// `/router/qm`, `/router/rest`
    #[default]
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

impl PersonalForm {
    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Show => "show",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_the_usual_ones_when_absent_and_keep_what_docks_put_there() {
        let settings: Settings = serde_json::from_str(r#"{"qimen_personal":"show","strict_emoji":true}"#).unwrap();
        assert_eq!(settings.qimen_personal, PersonalForm::Show);
        assert_eq!(settings.openapi2_scalars, ScalarForm::Usual);
        assert_eq!(settings.more.get("strict_emoji"), Some(&serde_json::Value::Bool(true)));
    }
}
