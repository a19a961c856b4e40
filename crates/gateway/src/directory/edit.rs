//! Changing the directory: what the admin API calls. Each change is one unit of work; the snapshot follows at once on this node and
//! with the next [`Directory::refresh_if_changed`] on the others.

use std::sync::Arc;

use store::{Secret, Store, Tenant, Tx, Vault};

use super::model::{App, AppOptions, EVERY_SID, Environment, Grant, Protocol, Rights, Settings, Target, TenantInfo};
use super::table::SealedApp;
use super::{Directory, Error, Result, Snapshot, table};

/// Longest key, `sid` or name, characters.
const MAX_NAME: usize = 64;

/// A tenant to be created.
#[derive(Debug, Clone)]
pub struct NewTenant {
    /// Seller account; unique within the environment.
    pub sid: String,
    /// Which world.
    pub environment: Environment,
    /// For people.
    pub name: String,
    /// Settings; default = those of the reference product.
    pub settings: Settings,
}

/// What changes of a tenant; `None` = stays.
#[derive(Debug, Clone, Default)]
pub struct TenantChange {
    /// For people.
    pub name: Option<String>,
    /// On or off.
    pub enabled: Option<bool>,
    /// All settings.
    pub settings: Option<Settings>,
}

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
    /// Creates a tenant and gives it its number.
    pub async fn create_tenant(&self, new: NewTenant) -> Result<Arc<TenantInfo>> {
        check_name("sid", &new.sid)?;
        check_title(&new.name)?;
        let number = self
            .change(move |tx| {
                let number = tx.next("directory_tenant")?;
                if number > Tenant::MAX {
                    return Err(Error::Invalid(format!("no more than {} tenants", Tenant::MAX)));
                }
                let tenant = TenantInfo {
                    number,
                    sid: new.sid.clone(),
                    environment: new.environment,
                    name: new.name.clone(),
                    enabled: true,
                    settings: new.settings.clone(),
                };
                if !table::insert_tenant(tx, &tenant)? {
                    return Err(Error::Taken(format!("sid {} in {}", new.sid, new.environment.name())));
                }
                Ok(number)
            })
            .await?;
        self.snapshot().tenant(number).cloned().ok_or_else(|| unknown_tenant(number))
    }

    /// Changes a tenant. Number, `sid` and environment never change.
    pub async fn update_tenant(&self, number: i64, change: TenantChange) -> Result<Arc<TenantInfo>> {
        if let Some(name) = &change.name {
            check_title(name)?;
        }
        self.change(move |tx| {
            let mut tenant = table::tenant(tx, number)?.ok_or_else(|| unknown_tenant(number))?;
            replace(&mut tenant.name, change.name.as_ref());
            replace(&mut tenant.enabled, change.enabled.as_ref());
            replace(&mut tenant.settings, change.settings.as_ref());
            table::update_tenant(tx, &tenant)
        })
        .await?;
        self.snapshot().tenant(number).cloned().ok_or_else(|| unknown_tenant(number))
    }

    /// Creates an application.
    pub async fn create_app(&self, new: NewApp) -> Result<Arc<App>> {
        check_name("key", &new.key)?;
        check_secret(&new.secret)?;
        check_title(&new.name)?;
        if (new.protocol == Protocol::Openapi2) != (new.tenant != 0) {
            return Err(Error::Invalid("an openapi2 application has a tenant, a TOP one has none".into()));
        }
        let (protocol, key) = (new.protocol, new.key.clone());
        self.change(move |tx| {
            if new.tenant != 0 && table::tenant(tx, new.tenant)?.is_none() {
                return Err(unknown_tenant(new.tenant));
            }
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
                Ok(())
            } else {
                Err(Error::Taken(format!("{} key {}", new.protocol.name(), new.key)))
            }
        })
        .await?;
        self.snapshot().app(protocol, &key).cloned().ok_or(Error::Unknown(key))
    }

    /// Changes an application. Key, protocol and tenant never change.
    pub async fn update_app(&self, number: i64, change: AppChange) -> Result<Arc<App>> {
        if let Some(name) = &change.name {
            check_title(name)?;
        }
        if let Some(secret) = &change.secret {
            check_secret(secret)?;
        }
        let (protocol, key) = self
            .change(move |tx| {
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
            })
            .await?;
        self.snapshot().app(protocol, &key).cloned().ok_or(Error::Unknown(key))
    }

    /// Creates a target, or changes its name and kind.
    pub async fn put_target(&self, target: Target) -> Result<()> {
        check_name("target_app_key", &target.key)?;
        check_title(&target.name)?;
        if target.kind != super::BUILT_IN {
            return Err(Error::Invalid(format!("kind of target must be {}", super::BUILT_IN)));
        }
        self.change(move |tx| table::put_target(tx, &target)).await
    }

    /// Authorises a caller. Granting twice changes nothing.
    pub async fn grant(&self, grant: Grant) -> Result<()> {
        let known = self.snapshot();
        if known.app(Protocol::Top, &grant.app_key).is_none() {
            return Err(Error::Unknown(format!("app_key {}", grant.app_key)));
        }
        if known.target(&grant.target_app_key).is_none() {
            return Err(Error::Unknown(format!("target_app_key {}", grant.target_app_key)));
        }
        if grant.sid != EVERY_SID && !known.tenants().iter().any(|t| is_of(t, &grant)) {
            return Err(Error::Unknown(format!("sid {} in {}", grant.sid, grant.environment.name())));
        }
        self.change(move |tx| table::insert_grant(tx, &grant)).await
    }

    /// Takes an authorisation back; false when there was none.
    pub async fn revoke(&self, grant: Grant) -> Result<bool> {
        self.change(move |tx| table::delete_grant(tx, &grant)).await
    }

    async fn change<T: Send + 'static>(&self, work: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
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
            let tenants = table::tenants(reader)?;
            let sealed = table::apps(reader)?;
            let apps = sealed.into_iter().map(|app| open_secret(reader.vault(), app)).collect::<Result<Vec<_>>>()?;
            let (targets, grants) = (table::targets(reader)?, table::grants(reader)?);
            Ok(Arc::new(Snapshot::new(version, tenants, apps, targets, grants)))
        })
        .await
}

fn open_secret(vault: &Vault, SealedApp { mut app, sealed }: SealedApp) -> Result<App> {
    let secret = vault.open(&secret_context(&app), &sealed).map_err(store::Error::from)?;
    app.secret = Secret::new(secret);
    Ok(app)
}

fn secret_context(app: &App) -> Vec<u8> {
    format!("directory_app.secret:{}:{}", app.protocol.name(), app.key).into_bytes()
}

fn replace<T: Clone>(slot: &mut T, fresh: Option<&T>) {
    if let Some(fresh) = fresh {
        slot.clone_from(fresh);
    }
}

fn is_of(tenant: &TenantInfo, grant: &Grant) -> bool {
    tenant.environment == grant.environment && tenant.sid == grant.sid
}

fn unknown_tenant(number: i64) -> Error {
    Error::Unknown(format!("tenant {number}"))
}

/// Keys travel in URLs and signatures: printable ASCII without blanks.
fn check_name(field: &str, value: &str) -> Result<()> {
    let fits = (1..=MAX_NAME).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic());
    if fits && value != EVERY_SID {
        return Ok(());
    }
    Err(Error::Invalid(format!("{field} must have 1 to {MAX_NAME} printable ASCII characters without blanks")))
}

fn check_title(value: &str) -> Result<()> {
    if value.chars().count() <= MAX_NAME && !value.contains(char::is_control) {
        return Ok(());
    }
    Err(Error::Invalid(format!("name must have at most {MAX_NAME} characters and no control characters")))
}

/// Signatures are made with the secret as text.
fn check_secret(secret: &Secret) -> Result<()> {
    let length = secret.expose_text().chars().count();
    if (8..=128).contains(&length) && !secret.expose_text().contains(char::is_control) {
        return Ok(());
    }
    Err(Error::Invalid("secret must be a text of 8 to 128 characters".into()))
}
