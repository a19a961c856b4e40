//! Changing the directory: what the admin API and the gateway file call. Each change is one unit of work; the snapshot follows at
//! once on this node and with the next [`Directory::refresh_if_changed`] on the others.
//!
//! Lives here: one file a concept, each with what a unit of work does and with the rules that stored values keep. Never here: SQL.

mod api;
mod app;
mod check;
mod grant;
mod scene;
mod target;
mod tenant;

use std::sync::Arc;

use store::{Reader, Store, Tenant, Tx};

use super::{Directory, Error, Result, Snapshot, table};
use crate::limit::{self, LimitRule};
use crate::stub::{self, StubSet};

pub use app::{AppChange, NewApp};
pub use grant::{Decision, Extension};
pub use tenant::{NewTenant, TenantChange};

// What an application of the gateway file does, too.
pub(super) use api::{check as check_api, retire};
pub(super) use app::{all as apps, create as create_app, update_numbered as update_app};
pub(super) use check::check_scene;
pub(super) use grant::{decide, extend};
pub(crate) use scene::check_method;
pub(super) use scene::{check_hosts, delete as delete_scene, put_route};
pub(super) use target::{all as targets, delete as delete_target, put as put_target};

impl Directory {
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let done = self
            .store
            .write(Tenant::HOUSE, move |tx| {
                let done = work(tx)?;
                table::raise_version(tx)?;
                Ok::<_, Error>(done)
            })
            .await?;
        self.reload().await?;
        Ok(done)
    }
}

/// A snapshot of what the store holds, secrets opened.
pub(super) async fn load(store: &Store) -> Result<Arc<Snapshot>> {
    store
        .read(Tenant::HOUSE, |reader| {
            let version = table::version(reader)?;
            Ok(Arc::new(Snapshot::new(super::snapshot::Contents {
                version,
                tenants: table::tenants(reader)?,
                apps: apps(reader)?,
                targets: targets(reader)?,
                grants: table::approved(reader)?,
                scenes: table::scenes(reader)?,
                apis: table::online_apis(reader)?,
                routes: table::customer_routes(reader)?,
                limits: limits(reader)?,
                stubs: stubs(reader)?,
            })))
        })
        .await
}

pub(super) fn limits(reader: &mut Reader) -> Result<Vec<LimitRule>> {
    let unreadable = |number| Error::Unreadable(format!("gateway_limit {number}"));
    limit::table::rules(reader)?.into_iter().map(|rule| rule.map_err(unreadable)).collect()
}

pub(super) fn stubs(reader: &mut Reader) -> Result<Vec<StubSet>> {
    stub::table::current(reader)?.into_iter().map(|set| set.map_err(Error::Unreadable)).collect()
}

fn replace<T: Clone>(slot: &mut T, fresh: Option<&T>) {
    if let Some(fresh) = fresh {
        slot.clone_from(fresh);
    }
}
