//! Tenants.

use store::{Reader, Row, Tx};

use super::json;
use crate::directory::model::{Environment, TenantInfo};
use crate::directory::{Error, Result};

const TENANT: &str = "SELECT number, sid, environment, name, enabled, settings FROM directory_tenant";

pub(in crate::directory) fn tenants(reader: &mut Reader) -> Result<Vec<TenantInfo>> {
    let rows = reader.query(&format!("{TENANT} ORDER BY number"), &[], tenant_row)?;
    rows.into_iter().collect()
}

pub(in crate::directory) fn tenant(reader: &mut Reader, number: i64) -> Result<Option<TenantInfo>> {
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

pub(in crate::directory) fn insert_tenant(tx: &mut Tx, tenant: &TenantInfo) -> Result<bool> {
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

pub(in crate::directory) fn update_tenant(tx: &mut Tx, tenant: &TenantInfo) -> Result<()> {
    let settings = json(&tenant.settings)?;
    tx.execute(
        "UPDATE directory_tenant SET name = ?2, enabled = ?3, settings = ?4 WHERE number = ?1",
        &[tenant.number.into(), (&tenant.name).into(), tenant.enabled.into(), (&settings).into()],
    )?;
    Ok(())
}
