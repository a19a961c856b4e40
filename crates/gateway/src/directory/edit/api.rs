//! Definitions of APIs: drafts, publication, rollback.

use store::{Tenant, Tx};

use super::check::check_api;
use crate::directory::model::{Api, ApiState, Environment};
use crate::directory::{Directory, Error, Result, table};

impl Directory {
    /// Keeps a definition as a draft: the draft that there is is replaced, otherwise a new version begins. Gives its version. What is
    /// on line stays as it is.
    pub async fn draft_api(&self, api: Api) -> Result<i64> {
        self.change(move |tx| draft(tx, &api)).await
    }

    /// Puts a version on line; the one that was there retires. With an older version that is a rollback.
    pub async fn publish_api(&self, environment: Environment, scene: String, name: String, version: i64) -> Result<()> {
        self.change(move |tx| publish(tx, environment, &scene, &name, version)).await
    }

    /// Puts the version on line that was there before the present one; gives its version.
    pub async fn roll_back_api(&self, environment: Environment, scene: String, name: String) -> Result<i64> {
        self.change(move |tx| roll_back(tx, environment, &scene, &name)).await
    }

    /// Takes the definition off line; false when none was.
    pub async fn retire_api(&self, environment: Environment, scene: String, name: String) -> Result<bool> {
        self.change(move |tx| retire(tx, environment, &scene, &name)).await
    }

    /// Every version of every definition.
    pub async fn api_versions(&self) -> Result<Vec<(Api, ApiState)>> {
        self.store.read(Tenant::HOUSE, table::api_versions).await
    }
}

/// Whether a definition can be used and its scene is there.
pub(in crate::directory) fn check(tx: &mut Tx, api: &Api) -> Result<()> {
    check_api(api)?;
    if table::scenes(tx)?.iter().any(|scene| scene.code == api.scene) {
        return Ok(());
    }
    Err(Error::Unknown(format!("scene {}", api.scene)))
}

pub(super) fn draft(tx: &mut Tx, api: &Api) -> Result<i64> {
    check(tx, api)?;
    let versions = table::apis_of(tx, api.environment, &api.scene, &api.name)?;
    if let Some((open, _)) = versions.iter().find(|(_, state)| *state == ApiState::Draft) {
        let version = open.version;
        table::update_api(tx, &Api { version, ..api.clone() })?;
        return Ok(version);
    }
    let version = table::next_version(tx, api)?;
    table::insert_api(tx, &Api { version, ..api.clone() }, ApiState::Draft)?;
    Ok(version)
}

pub(super) fn publish(tx: &mut Tx, environment: Environment, scene: &str, name: &str, version: i64) -> Result<()> {
    let unknown = || Error::Unknown(format!("version {version} of {scene}.{name} in {}", environment.name()));
    let (api, state) = table::api(tx, environment, scene, name, version)?.ok_or_else(unknown)?;
    if state != ApiState::Online {
        retire(tx, environment, scene, name)?;
        table::set_api_state(tx, &api, ApiState::Online)?;
    }
    Ok(())
}

fn roll_back(tx: &mut Tx, environment: Environment, scene: &str, name: &str) -> Result<i64> {
    let versions = table::apis_of(tx, environment, scene, name)?;
    let online = versions.iter().find(|(_, state)| *state == ApiState::Online).map(|(api, _)| api.version);
    let earlier = |api: &Api| online.is_none_or(|online| api.version < online);
    let back = versions.iter().rev().find(|(api, state)| *state == ApiState::Retired && earlier(api));
    let unknown = || Error::Unknown(format!("an earlier version of {scene}.{name} in {}", environment.name()));
    let version = back.ok_or_else(unknown)?.0.version;
    publish(tx, environment, scene, name, version)?;
    Ok(version)
}

pub(in crate::directory) fn retire(tx: &mut Tx, environment: Environment, scene: &str, name: &str) -> Result<bool> {
    let versions = table::apis_of(tx, environment, scene, name)?;
    let Some((online, _)) = versions.iter().find(|(_, state)| *state == ApiState::Online) else { return Ok(false) };
    table::set_api_state(tx, online, ApiState::Retired)?;
    Ok(true)
}
