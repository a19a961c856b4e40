//! Definitions of APIs with their versions.

use store::{Reader, Row, Tx, Value};

use super::json;
use crate::directory::model::{Api, ApiState, Environment};
use crate::directory::{Error, Result};

const API: &str = "SELECT environment, scene, name, version, state, definition FROM gateway_api";
const ONE: &str = "environment = ?1 AND scene = ?2 AND name = ?3";

/// What is in force.
pub(in crate::directory) fn online_apis(reader: &mut Reader) -> Result<Vec<Api>> {
    let sql = format!("{API} WHERE state = ?1 ORDER BY environment, scene, name");
    let rows = reader.query(&sql, &[ApiState::Online.name().into()], api_row)?;
    rows.into_iter().map(|row| row.map(|(api, _)| api)).collect()
}

/// Every version of everything.
pub(in crate::directory) fn api_versions(reader: &mut Reader) -> Result<Vec<(Api, ApiState)>> {
    let rows = reader.query(&format!("{API} ORDER BY environment, scene, name, version"), &[], api_row)?;
    rows.into_iter().collect()
}

/// Every version of one definition.
pub(in crate::directory) fn apis_of(
    reader: &mut Reader,
    environment: Environment,
    scene: &str,
    name: &str,
) -> Result<Vec<(Api, ApiState)>> {
    let sql = format!("{API} WHERE {ONE} ORDER BY version");
    let rows = reader.query(&sql, &key(environment, scene, name), api_row)?;
    rows.into_iter().collect()
}

pub(in crate::directory) fn api(
    reader: &mut Reader,
    environment: Environment,
    scene: &str,
    name: &str,
    version: i64,
) -> Result<Option<(Api, ApiState)>> {
    let [environment, scene, name] = key(environment, scene, name);
    let sql = format!("{API} WHERE {ONE} AND version = ?4");
    reader.query_opt(&sql, &[environment, scene, name, version.into()], api_row)?.transpose()
}

fn api_row(row: &Row<'_>) -> store::Result<Result<(Api, ApiState)>> {
    let (environment, state) = (Environment::named(row.text(0)?), ApiState::named(row.text(4)?));
    let (scene, name, version) = (row.text(1)?.to_owned(), row.text(2)?.to_owned(), row.int(3)?);
    let definition: serde_json::Result<Api> = serde_json::from_str(row.text(5)?);
    Ok(match (environment.zip(state), definition) {
        (Some((environment, state)), Ok(api)) => Ok((Api { environment, scene, name, version, ..api }, state)),
        _ => Err(Error::Unreadable(format!("gateway_api {scene} {name} {version}"))),
    })
}

/// The number of the version after the last one.
pub(in crate::directory) fn next_version(tx: &mut Tx, api: &Api) -> Result<i64> {
    let sql = format!("SELECT COALESCE(MAX(version), 0) FROM gateway_api WHERE {ONE}");
    Ok(tx.query_one(&sql, &key(api.environment, &api.scene, &api.name), |row| row.int(0))? + 1)
}

pub(in crate::directory) fn insert_api(tx: &mut Tx, api: &Api, state: ApiState) -> Result<()> {
    let [environment, scene, name] = key(api.environment, &api.scene, &api.name);
    tx.execute(
        "INSERT INTO gateway_api (environment, scene, name, version, state, definition) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[environment, scene, name, api.version.into(), state.name().into(), (&json(api)?).into()],
    )?;
    Ok(())
}

pub(in crate::directory) fn update_api(tx: &mut Tx, api: &Api) -> Result<()> {
    let [environment, scene, name] = key(api.environment, &api.scene, &api.name);
    let sql = format!("UPDATE gateway_api SET definition = ?5 WHERE {ONE} AND version = ?4");
    tx.execute(&sql, &[environment, scene, name, api.version.into(), (&json(api)?).into()])?;
    Ok(())
}

pub(in crate::directory) fn set_api_state(tx: &mut Tx, api: &Api, state: ApiState) -> Result<()> {
    let [environment, scene, name] = key(api.environment, &api.scene, &api.name);
    let sql = format!("UPDATE gateway_api SET state = ?5 WHERE {ONE} AND version = ?4");
    tx.execute(&sql, &[environment, scene, name, api.version.into(), state.name().into()])?;
    Ok(())
}

fn key<'k>(environment: Environment, scene: &'k str, name: &'k str) -> [Value<'k>; 3] {
    [environment.name().into(), scene.into(), name.into()]
}
