//! Targets and their endpoints, secrets sealed.

use store::{Reader, Tx, Value};

use super::json;
use crate::directory::model::{Endpoint, Environment, Target, TargetKind};
use crate::directory::{Error, Result};

/// An endpoint whose secrets are still sealed.
pub(in crate::directory) struct SealedEndpoint {
    pub(in crate::directory) target: String,
    pub(in crate::directory) environment: Environment,
    pub(in crate::directory) endpoint: Endpoint,
    /// Empty when there is none; so is the next.
    pub(in crate::directory) secret: Vec<u8>,
    pub(in crate::directory) account_secret: Vec<u8>,
}

/// All targets; their endpoints are not set.
pub(in crate::directory) fn targets(reader: &mut Reader) -> Result<Vec<Target>> {
    let sql = "SELECT target_app_key, name, kind FROM directory_target ORDER BY target_app_key";
    let rows = reader.query(sql, &[], |row| {
        let key = row.text(0)?;
        let Some(kind) = TargetKind::named(row.text(2)?) else { return Ok(Err(key.to_owned())) };
        Ok(Ok(Target { kind, ..Target::built_in(key, row.text(1)?) }))
    })?;
    rows.into_iter().map(|row| row.map_err(|key| Error::Unreadable(format!("directory_target {key}")))).collect()
}

pub(in crate::directory) fn endpoints(reader: &mut Reader) -> Result<Vec<SealedEndpoint>> {
    let sql = "SELECT target_app_key, environment, definition, secret, account_secret FROM gateway_endpoint \
               ORDER BY target_app_key, environment";
    let rows = reader.query(sql, &[], |row| {
        let target = row.text(0)?.to_owned();
        let endpoint = serde_json::from_str(row.text(2)?);
        let (Some(environment), Ok(endpoint)) = (Environment::named(row.text(1)?), endpoint) else {
            return Ok(Err(target));
        };
        let (secret, account_secret) = (row.bytes(3)?.to_vec(), row.bytes(4)?.to_vec());
        Ok(Ok(SealedEndpoint { target, environment, endpoint, secret, account_secret }))
    })?;
    rows.into_iter().map(|row| row.map_err(|key| Error::Unreadable(format!("gateway_endpoint {key}")))).collect()
}

pub(in crate::directory) fn put_target(tx: &mut Tx, target: &Target) -> Result<()> {
    tx.execute(
        "INSERT INTO directory_target (target_app_key, name, kind) VALUES (?1, ?2, ?3) \
         ON CONFLICT (target_app_key) DO UPDATE SET name = excluded.name, kind = excluded.kind",
        &[(&target.key).into(), (&target.name).into(), target.kind.name().into()],
    )?;
    Ok(())
}

pub(in crate::directory) fn put_endpoint(tx: &mut Tx, sealed: &SealedEndpoint) -> Result<()> {
    tx.execute(
        "INSERT INTO gateway_endpoint (target_app_key, environment, definition, secret, account_secret) \
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (target_app_key, environment) DO UPDATE SET \
         definition = excluded.definition, secret = excluded.secret, account_secret = excluded.account_secret",
        &[
            (&sealed.target).into(),
            sealed.environment.name().into(),
            (&json(&sealed.endpoint)?).into(),
            Value::Bytes(&sealed.secret),
            Value::Bytes(&sealed.account_secret),
        ],
    )?;
    Ok(())
}

pub(in crate::directory) fn delete_target(tx: &mut Tx, key: &str) -> Result<bool> {
    tx.execute("DELETE FROM gateway_endpoint WHERE target_app_key = ?1", &[key.into()])?;
    Ok(tx.execute("DELETE FROM directory_target WHERE target_app_key = ?1", &[key.into()])? > 0)
}
