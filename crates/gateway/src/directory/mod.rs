//! Who may call, what, and whom: tenants, applications, scenes and their APIs, targets, customer routes, authorisations.
//!
//! Lives here: their tables, their in-memory snapshot, the functions that change them. The snapshot is immutable and swapped
//! whole, so a call never sees half a change and takes no lock. Never here: what a tenant's business looks like, randomness
//! (secrets are made by the caller).

mod edit;
mod error;
mod file;
mod model;
mod quota;
mod readiness;
mod snapshot;
mod table;

use std::sync::Arc;

use arc_swap::ArcSwap;
use store::{Store, Tenant};

pub(crate) use edit::check_method;
pub use edit::{AppChange, Decision, Extension, NewApp, NewTenant, TenantChange};
pub use error::{Error, Result};
pub use file::{
    Action, ApiEntry, ApplicationEntry, AuthorisationEntry, Change, CustomerRouteEntry, Document, EndpointEntry,
    MemberChange, SceneEntry, StubEntry, TargetEntry,
};
pub(crate) use model::Given;
pub use model::{
    Allowed, Api, ApiState, App, AppOptions, ArgumentFault, Authorisation, BodyKind, Charset, CustomerRoute, Direction,
    EVERY_SID, Effect, Endpoint, EnvelopeProfile, Environment, FailureRule, Grant, GrantEvent, GrantStatus,
    MethodSpelling, Network, Openapi2Account, PUBLIC_PARAMETERS, Parameter, ParameterKind, PersonalForm, Place,
    Protocol, ReplyFields, Rights, ScalarForm, Scene, Settings, SignMethod, StubState, Target, TargetKind, TenantInfo,
    WindowRule,
};
pub use quota::{Hours, Limits, Quota};
pub use readiness::{Finding, FindingKind, Severity, endings, readiness};
pub use snapshot::{Reach, Snapshot};

/// The directory: the current snapshot and the store behind it.
pub struct Directory {
    store: Store,
    current: ArcSwap<Snapshot>,
}

impl Directory {
    /// Reads the directory from the store.
    pub async fn open(store: Store) -> Result<Self> {
        let current = ArcSwap::new(edit::load(&store).await?);
        Ok(Self { store, current })
    }

    /// The current state. Keep it for the length of one call, not longer.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// As [`Self::snapshot`], without touching a counter that all threads share: for the hot path.
    pub(crate) fn guard(&self) -> arc_swap::Guard<Arc<Snapshot>> {
        self.current.load()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Reads everything again.
    pub async fn reload(&self) -> Result<()> {
        let fresh = edit::load(&self.store).await?;
        // Two reloads may end in the other order than they began.
        self.current.rcu(|old| if old.version > fresh.version { Arc::clone(old) } else { Arc::clone(&fresh) });
        Ok(())
    }

    /// Reads everything again if another node (or another process) changed something; true when it did. Cheap: one row.
    pub async fn refresh_if_changed(&self) -> Result<bool> {
        let stored = self.store.read(Tenant::HOUSE, table::version).await?;
        let changed = stored != self.guard().version;
        if changed {
            self.reload().await?;
        }
        Ok(changed)
    }
}
