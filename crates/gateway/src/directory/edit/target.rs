//! Targets and their endpoints.

use store::{Reader, Secret, Tx, Vault};

use super::check::check_target;
use crate::directory::model::{Endpoint, Environment, Target, TargetKind};
use crate::directory::table::SealedEndpoint;
use crate::directory::{Directory, Error, Result, table};

impl Directory {
    /// Creates a target, or changes everything but its key. A secret that is not set keeps the stored one.
    pub async fn put_target(&self, target: Target) -> Result<()> {
        self.change(move |tx| put(tx, &target)).await
    }

    /// Takes a target away to which no authorisation and no route leads; false when there was none.
    pub async fn delete_target(&self, key: String) -> Result<bool> {
        self.change(move |tx| delete(tx, &key)).await
    }
}

/// All targets with their endpoints, secrets opened.
pub(in crate::directory) fn all(reader: &mut Reader) -> Result<Vec<Target>> {
    let mut targets = table::targets(reader)?;
    for sealed in table::endpoints(reader)? {
        if let Some(target) = targets.iter_mut().find(|target| target.key == sealed.target) {
            let environment = sealed.environment;
            *target.endpoint_mut(environment) = open(reader.vault(), sealed)?;
        }
    }
    Ok(targets)
}

pub(in crate::directory) fn put(tx: &mut Tx, target: &Target) -> Result<()> {
    check_target(target)?;
    table::put_target(tx, target)?;
    let stored = table::endpoints(tx)?;
    for environment in [Environment::Production, Environment::Test] {
        let kept = stored.iter().find(|kept| kept.target == target.key && kept.environment == environment);
        let endpoint = target.endpoint(environment);
        if target.kind != TargetKind::Erp || kept.is_some() {
            let sealed = seal(tx.vault(), &target.key, environment, endpoint, kept);
            table::put_endpoint(tx, &sealed)?;
        }
    }
    Ok(())
}

pub(in crate::directory) fn delete(tx: &mut Tx, key: &str) -> Result<bool> {
    if table::approved(tx)?.iter().any(|one| one.grant.target_app_key == key) {
        return Err(Error::Invalid(format!("target {key} has authorisations; withdraw them first")));
    }
    if table::customer_routes(tx)?.iter().any(|route| route.target_app_key == key) {
        return Err(Error::Invalid(format!("target {key} has customer routes; take them away first")));
    }
    table::delete_target(tx, key)
}

fn seal(
    vault: &Vault,
    target: &str,
    environment: Environment,
    endpoint: &Endpoint,
    kept: Option<&SealedEndpoint>,
) -> SealedEndpoint {
    let sealed = |column: &str, secret: &Secret, kept: Option<&Vec<u8>>| match secret.expose() {
        [] => kept.cloned().unwrap_or_default(),
        plain => vault.seal(&context(column, target, environment), plain),
    };
    let secret = sealed("secret", &endpoint.secret, kept.map(|kept| &kept.secret));
    let account_secret = endpoint.openapi2.as_ref().map_or_else(Vec::new, |account| {
        sealed("account_secret", &account.secret, kept.map(|kept| &kept.account_secret))
    });
    SealedEndpoint { target: target.to_owned(), environment, endpoint: endpoint.clone(), secret, account_secret }
}

fn open(vault: &Vault, sealed: SealedEndpoint) -> Result<Endpoint> {
    let SealedEndpoint { target, environment, mut endpoint, secret, account_secret } = sealed;
    let opened = |column: &str, sealed: &[u8]| match sealed {
        [] => Ok(Secret::default()),
        sealed => {
            vault.open(&context(column, &target, environment), sealed).map(Secret::new).map_err(store::Error::from)
        }
    };
    endpoint.secret = opened("secret", &secret)?;
    if let Some(account) = &mut endpoint.openapi2 {
        account.secret = opened("account_secret", &account_secret)?;
    }
    Ok(endpoint)
}

fn context(column: &str, target: &str, environment: Environment) -> Vec<u8> {
    format!("gateway_endpoint.{column}:{}:{target}", environment.name()).into_bytes()
}
