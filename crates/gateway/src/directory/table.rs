//! The only place with SQL of the gateway.

use store::{Reader, Row, Tx, Value};

use super::model::{App, Environment, Grant, Protocol, Target, TenantInfo};
use super::{Error, Result};

pub(super) fn version(reader: &mut Reader) -> Result<i64> {
    Ok(reader.query_one("SELECT version FROM directory_version WHERE one = 1", &[], |row| row.int(0))?)
}

pub(super) fn raise_version(tx: &mut Tx) -> Result<()> {
    tx.execute("UPDATE directory_version SET version = version + 1 WHERE one = 1", &[])?;
    Ok(())
}

const TENANT: &str = "SELECT number, sid, environment, name, enabled, settings FROM directory_tenant";

pub(super) fn tenants(reader: &mut Reader) -> Result<Vec<TenantInfo>> {
    let rows = reader.query(&format!("{TENANT} ORDER BY number"), &[], tenant_row)?;
    rows.into_iter().collect()
}

pub(super) fn tenant(reader: &mut Reader, number: i64) -> Result<Option<TenantInfo>> {
    reader.query_opt(&format!("{TENANT} WHERE number = ?1"), &[number.into()], tenant_row)?.transpose()
}

/// The outer error is the store's, the inner one ours: a row that we cannot understand.
fn tenant_row(row: &Row<'_>) -> store::Result<Result<TenantInfo>> {
    let environment = Environment::named(row.text(2)?);
    let settings = serde_json::from_str(row.text(5)?);
    Ok(match (environment, settings) {
        (Some(environment), Ok(settings)) => Ok(TenantInfo {
            number: row.int(0)?,
            sid: row.text(1)?.to_owned(),
            environment,
            name: row.text(3)?.to_owned(),
            enabled: row.int(4)? != 0,
            settings,
        }),
        _ => Err(Error::Unreadable(format!("directory_tenant {}", row.int(0)?))),
    })
}

pub(super) fn insert_tenant(tx: &mut Tx, tenant: &TenantInfo) -> Result<bool> {
    let settings = json(&tenant.settings)?;
    let inserted = tx.execute(
        "INSERT INTO directory_tenant (number, sid, environment, name, enabled, settings) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (environment, sid) DO NOTHING",
        &[
            tenant.number.into(),
            (&tenant.sid).into(),
            tenant.environment.name().into(),
            (&tenant.name).into(),
            tenant.enabled.into(),
            (&settings).into(),
        ],
    )?;
    Ok(inserted == 1)
}

pub(super) fn update_tenant(tx: &mut Tx, tenant: &TenantInfo) -> Result<()> {
    let settings = json(&tenant.settings)?;
    tx.execute(
        "UPDATE directory_tenant SET name = ?2, enabled = ?3, settings = ?4 WHERE number = ?1",
        &[tenant.number.into(), (&tenant.name).into(), tenant.enabled.into(), (&settings).into()],
    )?;
    Ok(())
}

const APP: &str = "SELECT number, protocol, app_key, secret, tenant, name, enabled, rights, options FROM directory_app";

/// An application whose secret is still sealed.
pub(super) struct SealedApp {
    pub(super) app: App,
    pub(super) sealed: Vec<u8>,
}

pub(super) fn apps(reader: &mut Reader) -> Result<Vec<SealedApp>> {
    let rows = reader.query(&format!("{APP} ORDER BY number"), &[], app_row)?;
    rows.into_iter().collect()
}

pub(super) fn app(reader: &mut Reader, number: i64) -> Result<Option<SealedApp>> {
    reader.query_opt(&format!("{APP} WHERE number = ?1"), &[number.into()], app_row)?.transpose()
}

fn app_row(row: &Row<'_>) -> store::Result<Result<SealedApp>> {
    let protocol = Protocol::named(row.text(1)?);
    let rights = serde_json::from_str(row.text(7)?);
    let options = serde_json::from_str(row.text(8)?);
    Ok(match (protocol, rights, options) {
        (Some(protocol), Ok(rights), Ok(options)) => Ok(SealedApp {
            sealed: row.bytes(3)?.to_vec(),
            app: App {
                number: row.int(0)?,
                protocol,
                key: row.text(2)?.to_owned(),
                secret: store::Secret::new(Vec::new()),
                tenant: row.int(4)?,
                name: row.text(5)?.to_owned(),
                enabled: row.int(6)? != 0,
                rights,
                options,
            },
        }),
        _ => Err(Error::Unreadable(format!("directory_app {}", row.int(0)?))),
    })
}

pub(super) fn insert_app(tx: &mut Tx, app: &App, sealed: &[u8]) -> Result<bool> {
    let (rights, options) = (json(&app.rights)?, json(&app.options)?);
    let inserted = tx.execute(
        "INSERT INTO directory_app (number, protocol, app_key, secret, tenant, name, enabled, rights, options) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (protocol, app_key) DO NOTHING",
        &[
            app.number.into(),
            app.protocol.name().into(),
            (&app.key).into(),
            Value::Bytes(sealed),
            app.tenant.into(),
            (&app.name).into(),
            app.enabled.into(),
            (&rights).into(),
            (&options).into(),
        ],
    )?;
    Ok(inserted == 1)
}

pub(super) fn update_app(tx: &mut Tx, app: &App, sealed: &[u8]) -> Result<()> {
    let (rights, options) = (json(&app.rights)?, json(&app.options)?);
    tx.execute(
        "UPDATE directory_app SET secret = ?2, name = ?3, enabled = ?4, rights = ?5, options = ?6 WHERE number = ?1",
        &[
            app.number.into(),
            Value::Bytes(sealed),
            (&app.name).into(),
            app.enabled.into(),
            (&rights).into(),
            (&options).into(),
        ],
    )?;
    Ok(())
}

pub(super) fn targets(reader: &mut Reader) -> Result<Vec<Target>> {
    let sql = "SELECT target_app_key, name, kind FROM directory_target ORDER BY target_app_key";
    Ok(reader.query(sql, &[], |row| {
        Ok(Target { key: row.text(0)?.to_owned(), name: row.text(1)?.to_owned(), kind: row.text(2)?.to_owned() })
    })?)
}

pub(super) fn put_target(tx: &mut Tx, target: &Target) -> Result<()> {
    tx.execute(
        "INSERT INTO directory_target (target_app_key, name, kind) VALUES (?1, ?2, ?3) \
         ON CONFLICT (target_app_key) DO UPDATE SET name = excluded.name, kind = excluded.kind",
        &[(&target.key).into(), (&target.name).into(), (&target.kind).into()],
    )?;
    Ok(())
}

pub(super) fn grants(reader: &mut Reader) -> Result<Vec<Grant>> {
    let sql = "SELECT environment, app_key, target_app_key, sid FROM directory_grant \
               ORDER BY environment, app_key, target_app_key, sid";
    let rows = reader.query(sql, &[], |row| {
        Ok(Environment::named(row.text(0)?).map(|environment| -> store::Result<Grant> {
            Ok(Grant {
                environment,
                app_key: row.text(1)?.to_owned(),
                target_app_key: row.text(2)?.to_owned(),
                sid: row.text(3)?.to_owned(),
            })
        }))
    })?;
    rows.into_iter().flatten().map(|grant| grant.map_err(Error::Store)).collect()
}

pub(super) fn insert_grant(tx: &mut Tx, grant: &Grant) -> Result<()> {
    tx.execute(
        "INSERT INTO directory_grant (environment, app_key, target_app_key, sid) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (environment, app_key, target_app_key, sid) DO NOTHING",
        &grant_values(grant),
    )?;
    Ok(())
}

pub(super) fn delete_grant(tx: &mut Tx, grant: &Grant) -> Result<bool> {
    let sql =
        "DELETE FROM directory_grant WHERE environment = ?1 AND app_key = ?2 AND target_app_key = ?3 AND sid = ?4";
    Ok(tx.execute(sql, &grant_values(grant))? > 0)
}

fn grant_values(grant: &Grant) -> [Value<'_>; 4] {
    [grant.environment.name().into(), (&grant.app_key).into(), (&grant.target_app_key).into(), (&grant.sid).into()]
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Invalid(error.to_string()))
}
