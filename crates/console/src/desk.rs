//! What every operation has at hand.

use std::path::PathBuf;
use std::sync::Arc;

use gateway::Gateway;
use gateway::directory::{Directory, Environment, Settings, TenantInfo};
use store::{Secret, Store};
use units::Moment;
use wire::rows::{Personal, Scalars, Style};

use crate::fault::Fault;
use crate::job::Jobs;

/// What the program hands to the admin API.
pub struct Options {
    /// Where everything is kept.
    pub store: Store,
    /// Tenants, applications, authorisations.
    pub directory: Arc<Directory>,
    /// Who answers the calls of the open doors: its log, and calls that are sent again.
    pub gateway: Arc<Gateway>,
    /// Suppliers of 天猫国际直营.
    pub ascp: Option<Arc<dock_ascp::hub::Hub>>,
    /// The bearer token that callers must show.
    pub token: Secret,
    /// 128 random bits for a new application's secret; the program brings the randomness.
    pub fresh: Arc<dyn Fn() -> [u8; 16] + Send + Sync>,
    /// Where the files of jobs lie.
    pub jobs_folder: PathBuf,
    /// Version of the program, for `/health`.
    pub version: &'static str,
}

/// What was handed over, and the long work.
pub(crate) struct Desk(pub(crate) Options, Arc<Jobs>);

/// One request, past the token check.
pub(crate) struct Ask {
    /// Whose data it is about.
    pub(crate) tenant: Arc<TenantInfo>,
    /// That tenant's business settings.
    pub(crate) settings: erp::Settings,
    /// How rows are written: personal fields masked unless asked for.
    pub(crate) style: Style,
    /// The present by the store's clock.
    pub(crate) now: Moment,
}

/// Who acts through the admin API, as events name it. One token, one name.
pub(crate) const WHO: &str = "admin";

impl Desk {
    /// Opens the desk, and goes on with the jobs that were not finished.
    pub(crate) fn new(options: Options) -> Self {
        let jobs = Jobs::open(options.jobs_folder.clone(), options.store.clone(), Arc::clone(&options.directory));
        Self(options, jobs)
    }

    /// Suppliers of 天猫国际直营.
    pub(crate) fn ascp(&self) -> Result<&Arc<dock_ascp::hub::Hub>, Fault> {
        self.0.ascp.as_ref().ok_or_else(|| Fault::unavailable("the ASCP dock does not run here"))
    }

    /// Imports and exports.
    pub(crate) fn jobs(&self) -> &Arc<Jobs> {
        &self.1
    }

    /// Chooses the tenant: by `sid` and environment, or the first of the environment.
    pub(crate) fn ask(&self, sid: Option<&str>, environment: Option<&str>, reveal: bool) -> Result<Ask, Fault> {
        let tenant = tenant(&self.0.directory, sid, environment)?;
        let settings = business(&tenant.settings)?;
        Ok(Ask { tenant, settings, style: style(reveal), now: self.0.store.clock().now() })
    }

    /// The store.
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }
}

/// The tenant of this `sid` and environment; the first of the environment without a `sid`.
pub(crate) fn tenant(
    directory: &Directory,
    sid: Option<&str>,
    environment: Option<&str>,
) -> Result<Arc<TenantInfo>, Fault> {
    let environment = match environment {
        None => Environment::Production,
        Some(name) => Environment::named(name)
            .ok_or_else(|| Fault::invalid("environment", "environment is production or test"))?,
    };
    let tenants = directory.snapshot().tenants();
    tenants
        .into_iter()
        .find(|tenant| tenant.environment == environment && sid.is_none_or(|sid| tenant.sid == sid))
        .ok_or_else(|| match sid {
            Some(sid) => Fault::not_found(format!("no tenant {sid} in {}; create it first", environment.name())),
            None => Fault::not_found(format!("no tenant in {} yet; create one first", environment.name())),
        })
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
