//! Tenants.

use std::sync::Arc;

use store::Tenant;

use super::check::{check_name, check_title};
use super::replace;
use crate::directory::model::{Environment, Settings, TenantInfo};
use crate::directory::{Directory, Error, Result, table};

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
}

pub(super) fn unknown_tenant(number: i64) -> Error {
    Error::Unknown(format!("tenant {number}"))
}
