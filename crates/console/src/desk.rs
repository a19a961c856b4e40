//! What every operation has at hand.

use std::sync::Arc;

use gateway::directory::{Directory, Environment, Settings, TenantInfo};
use store::{Secret, Store};
use wire::rows::{Personal, Scalars, Style};

use crate::fault::Fault;

/// What the program hands to the admin API.
pub struct Options {
    /// Where everything is kept.
    pub store: Store,
    /// Tenants, applications, authorisations.
    pub directory: Arc<Directory>,
    /// The bearer token that callers must show.
    pub token: Secret,
    /// 128 random bits for a new application's secret; the program brings the randomness.
    pub fresh: Arc<dyn Fn() -> [u8; 16] + Send + Sync>,
    /// Version of the program, for `/health`.
    pub version: &'static str,
}

pub(crate) struct Desk(pub(crate) Options);

/// One request, past the token check.
pub(crate) struct Ask {
    /// Whose data it is about.
    pub(crate) tenant: Arc<TenantInfo>,
    /// That tenant's business settings.
    pub(crate) settings: erp::Settings,
    /// How rows are written: personal fields masked unless asked for.
    pub(crate) style: Style,
}

/// Who acts through the admin API, as events name it. One token, one name.
pub(crate) const WHO: &str = "admin";

impl Desk {
    /// Chooses the tenant: by `sid` and environment, or the first of the environment.
    pub(crate) fn ask(&self, sid: Option<&str>, environment: Option<&str>, reveal: bool) -> Result<Ask, Fault> {
        let environment = match environment {
            None => Environment::Production,
            Some(name) => Environment::named(name)
                .ok_or_else(|| Fault::invalid("environment", "environment is production or test"))?,
        };
        let tenants = self.0.directory.snapshot().tenants();
        let tenant = tenants
            .into_iter()
            .find(|tenant| tenant.environment == environment && sid.is_none_or(|sid| tenant.sid == sid))
            .ok_or_else(|| match sid {
                Some(sid) => Fault::not_found(format!("no tenant {sid} in {}; create it first", environment.name())),
                None => Fault::not_found(format!("no tenant in {} yet; create one first", environment.name())),
            })?;
        let settings = business(&tenant.settings)?;
        Ok(Ask { tenant, settings, style: style(reveal) })
    }

    /// The store.
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }
}

/// How rows are written for people: numbers as numbers.
pub(crate) fn style(reveal: bool) -> Style {
    Style { scalars: Scalars::Native, personal: if reveal { Personal::Show } else { Personal::Mask } }
}

/// The tenant's business settings, which the gateway keeps for the docks.
pub(crate) fn business(settings: &Settings) -> Result<erp::Settings, Fault> {
    match settings.more.get(BUSINESS) {
        None => Ok(erp::Settings::default()),
        Some(value) => serde_json::from_value(value.clone())
            .map_err(|error| Fault::internal(format!("stored settings cannot be read: {error}"))),
    }
}

/// Where the business settings stand among the tenant's settings.
pub(crate) const BUSINESS: &str = "erp";
