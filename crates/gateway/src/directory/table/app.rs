//! Applications, their secrets sealed.

use store::{Reader, Row, Tx, Value};

use super::json;
use crate::directory::model::{App, Protocol};
use crate::directory::{Error, Result};

const APP: &str = "SELECT number, protocol, app_key, secret, tenant, name, enabled, rights, options FROM directory_app";

/// An application whose secret is still sealed.
pub(in crate::directory) struct SealedApp {
    pub(in crate::directory) app: App,
    pub(in crate::directory) sealed: Vec<u8>,
}

pub(in crate::directory) fn apps(reader: &mut Reader) -> Result<Vec<SealedApp>> {
    let rows = reader.query(&format!("{APP} ORDER BY number"), &[], app_row)?;
    rows.into_iter().collect()
}

pub(in crate::directory) fn app(reader: &mut Reader, number: i64) -> Result<Option<SealedApp>> {
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

pub(in crate::directory) fn insert_app(tx: &mut Tx, app: &App, sealed: &[u8]) -> Result<bool> {
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

pub(in crate::directory) fn update_app(tx: &mut Tx, app: &App, sealed: &[u8]) -> Result<()> {
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
