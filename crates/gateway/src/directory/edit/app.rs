//! Applications.

use std::sync::Arc;

use store::{Reader, Secret, Tx, Vault};

use super::check::{check_name, check_secret, check_title};
use super::replace;
use super::tenant::unknown_tenant;
use crate::directory::model::{App, AppOptions, Protocol, Rights};
use crate::directory::table::SealedApp;
use crate::directory::{Directory, Error, Result, table};

/// An application to be created.
#[derive(Debug, Clone)]
pub struct NewApp {
    /// Which kind of key.
    pub protocol: Protocol,
    /// The key; unique within the protocol.
    pub key: String,
    /// The secret, made by the caller.
    pub secret: Secret,
    /// The tenant of an openapi2 application; 0 for a TOP one.
    pub tenant: i64,
    /// For people.
    pub name: String,
    /// What it may do; default = everything.
    pub rights: Rights,
    /// How it is treated.
    pub options: AppOptions,
}

/// What changes of an application; `None` = stays.
#[derive(Debug, Clone, Default)]
pub struct AppChange {
    /// For people.
    pub name: Option<String>,
    /// On or off.
    pub enabled: Option<bool>,
    /// A new secret; the old one ends at once.
    pub secret: Option<Secret>,
    /// What it may do.
    pub rights: Option<Rights>,
    /// How it is treated.
    pub options: Option<AppOptions>,
}

impl Directory {
    /// Creates an application.
    pub async fn create_app(&self, new: NewApp) -> Result<Arc<App>> {
        if (new.protocol == Protocol::Openapi2) != (new.tenant != 0) {
            return Err(Error::Invalid("an openapi2 application has a tenant, a TOP one has none".into()));
        }
        let (protocol, key) = (new.protocol, new.key.clone());
        self.change(move |tx| {
            if new.tenant != 0 && table::tenant(tx, new.tenant)?.is_none() {
                return Err(unknown_tenant(new.tenant));
            }
            create(tx, &new).map(drop)
        })
        .await?;
        self.snapshot().app(protocol, &key).cloned().ok_or(Error::Unknown(key))
    }

    /// Changes an application. Key, protocol and tenant never change.
    pub async fn update_app(&self, number: i64, change: AppChange) -> Result<Arc<App>> {
        let (protocol, key) = self.change(move |tx| update_numbered(tx, number, &change)).await?;
        self.snapshot().app(protocol, &key).cloned().ok_or(Error::Unknown(key))
    }
}

/// Gives the number of the new one.
pub(in crate::directory) fn create(tx: &mut Tx, new: &NewApp) -> Result<i64> {
    check_name("key", &new.key)?;
    check_secret(&new.secret)?;
    check_title(&new.name)?;
    let app = App {
        number: tx.next("directory_app")?,
        protocol: new.protocol,
        key: new.key.clone(),
        secret: new.secret.clone(),
        tenant: new.tenant,
        name: new.name.clone(),
        enabled: true,
        rights: new.rights.clone(),
        options: new.options.clone(),
    };
    let sealed = tx.vault().seal(&secret_context(&app), app.secret.expose());
    if table::insert_app(tx, &app, &sealed)? {
        Ok(app.number)
    } else {
        Err(Error::Taken(format!("{} key {}", new.protocol.name(), new.key)))
    }
}

pub(in crate::directory) fn update_numbered(
    tx: &mut Tx,
    number: i64,
    change: &AppChange,
) -> Result<(Protocol, String)> {
    if let Some(name) = &change.name {
        check_title(name)?;
    }
    if let Some(secret) = &change.secret {
        check_secret(secret)?;
    }
    let unknown = || Error::Unknown(format!("application {number}"));
    let SealedApp { mut app, mut sealed } = table::app(tx, number)?.ok_or_else(unknown)?;
    replace(&mut app.name, change.name.as_ref());
    replace(&mut app.enabled, change.enabled.as_ref());
    replace(&mut app.rights, change.rights.as_ref());
    replace(&mut app.options, change.options.as_ref());
    if let Some(secret) = &change.secret {
        sealed = tx.vault().seal(&secret_context(&app), secret.expose());
    }
    table::update_app(tx, &app, &sealed)?;
    Ok((app.protocol, app.key))
}

/// All applications, secrets opened.
pub(in crate::directory) fn all(reader: &mut Reader) -> Result<Vec<App>> {
    let sealed = table::apps(reader)?;
    sealed.into_iter().map(|app| open_secret(reader.vault(), app)).collect()
}

fn open_secret(vault: &Vault, SealedApp { mut app, sealed }: SealedApp) -> Result<App> {
    let secret = vault.open(&secret_context(&app), &sealed).map_err(store::Error::from)?;
    app.secret = Secret::new(secret);
    Ok(app)
}

fn secret_context(app: &App) -> Vec<u8> {
    format!("directory_app.secret:{}:{}", app.protocol.name(), app.key).into_bytes()
}
