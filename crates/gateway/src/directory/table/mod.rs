//! The only place with SQL of the directory: one file a concept.

mod api;
mod app;
mod grant;
mod scene;
mod target;
mod tenant;

use store::{Reader, Tx};

use super::{Error, Result};

pub(super) use api::{api, api_versions, apis_of, insert_api, next_version, online_apis, set_api_state, update_api};
pub(super) use app::{SealedApp, app, apps, insert_app, update_app};
pub(super) use grant::{approved, authorisation, authorisations, history, note, put_authorisation};
pub(super) use scene::{customer_routes, delete_customer_route, delete_scene, put_customer_route, put_scene, scenes};
pub(super) use target::{SealedEndpoint, delete_target, endpoints, put_endpoint, put_target, targets};
pub(super) use tenant::{insert_tenant, tenant, tenants, update_tenant};

pub(super) fn version(reader: &mut Reader) -> Result<i64> {
    Ok(reader.query_one("SELECT version FROM directory_version WHERE one = 1", &[], |row| row.int(0))?)
}

pub(super) fn raise_version(tx: &mut Tx) -> Result<()> {
    tx.execute("UPDATE directory_version SET version = version + 1 WHERE one = 1", &[])?;
    Ok(())
}

/// A definition as it is stored.
fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Invalid(error.to_string()))
}
