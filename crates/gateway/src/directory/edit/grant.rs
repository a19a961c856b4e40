//! Authorisations: applied for, decided, extended, withdrawn; each step is kept.

use store::{Tenant, Tx};
use units::Moment;

use super::check::check_reason;
use crate::directory::model::{
    Authorisation, EVERY_SID, Environment, Grant, GrantEvent, GrantStatus, Protocol, TenantInfo,
};
use crate::directory::{Directory, Error, Result, table};

/// A step that somebody takes with an authorisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which one.
    pub grant: Grant,
    /// What it becomes.
    pub status: GrantStatus,
    /// When an approval ends; `None` = never. Other steps have none.
    pub until: Option<Moment>,
    /// Who decides.
    pub by: String,
    /// Why; required of a rejection.
    pub reason: String,
}

/// Another end for an authorisation in force, or one that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Which one.
    pub grant: Grant,
    /// The new end; `None` = it does not end any more.
    pub until: Option<Moment>,
    /// Who decides.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl Directory {
    /// Takes a step with an authorisation. A step to where it stands already changes nothing, but an approval with another end than
    /// the present one is an extension. The end must be to come.
    pub async fn decide(&self, decision: Decision) -> Result<()> {
        self.change(move |tx| {
            check_end(tx, decision.until)?;
            decide(tx, &decision)
        })
        .await
    }

    /// Moves the end of an approved authorisation; one to come.
    pub async fn extend(&self, extension: Extension) -> Result<()> {
        self.change(move |tx| {
            check_end(tx, extension.until)?;
            extend(tx, &extension)
        })
        .await
    }

    /// Authorises a caller without an application. Granting twice changes nothing.
    pub async fn grant(&self, grant: Grant) -> Result<()> {
        let (by, reason) = (String::new(), String::new());
        self.decide(Decision { grant, status: GrantStatus::Approved, until: None, by, reason }).await
    }

    /// Takes an authorisation back; false when there was none in force.
    pub async fn revoke(&self, grant: Grant) -> Result<bool> {
        self.change(move |tx| {
            let found = table::authorisation(tx, &grant)?;
            if found.is_none_or(|found| found.status != GrantStatus::Approved) {
                return Ok(false);
            }
            let (by, reason) = (String::new(), String::new());
            let status = GrantStatus::Withdrawn;
            decide(tx, &Decision { grant: grant.clone(), status, until: None, by, reason })?;
            Ok(true)
        })
        .await
    }

    /// All authorisations, wherever they stand.
    pub async fn authorisations(&self) -> Result<Vec<Authorisation>> {
        self.store.read(Tenant::HOUSE, table::authorisations).await
    }

    /// The story of one authorisation, oldest step first.
    pub async fn story(&self, grant: Grant) -> Result<Vec<GrantEvent>> {
        self.store.read(Tenant::HOUSE, move |reader| table::history(reader, &grant)).await
    }
}

pub(in crate::directory) fn decide(tx: &mut Tx, decision: &Decision) -> Result<()> {
    let Decision { grant, status, until, by, reason } = decision;
    check_reason(reason)?;
    let now = table::authorisation(tx, grant)?.map(|found| found.status);
    if now == Some(*status) {
        let (by, reason) = (by.clone(), reason.clone());
        let another = until.filter(|_| *status == GrantStatus::Approved);
        return another
            .map_or(Ok(()), |until| extend(tx, &Extension { grant: grant.clone(), until: Some(until), by, reason }));
    }
    match now {
        Some(now) if !now.may_become(*status) => {
            return Err(Error::Invalid(format!("the authorisation is {}; it cannot be {}", now.name(), status.name())));
        }
        None if matches!(status, GrantStatus::Rejected | GrantStatus::Withdrawn) => {
            return Err(Error::Unknown("the authorisation".to_owned()));
        }
        _ => {}
    }
    if *status == GrantStatus::Rejected && reason.is_empty() {
        return Err(Error::Invalid("reason: a rejection says why".to_owned()));
    }
    if matches!(status, GrantStatus::Applied | GrantStatus::Approved) {
        check_parties(tx, grant)?;
    }
    let until = until.filter(|_| *status == GrantStatus::Approved);
    step(tx, &Authorisation { grant: grant.clone(), status: *status, until }, by, reason)
}

/// An end that the authorisation has already changes nothing.
pub(in crate::directory) fn extend(tx: &mut Tx, extension: &Extension) -> Result<()> {
    let Extension { grant, until, by, reason } = extension;
    check_reason(reason)?;
    let unknown = || Error::Unknown("the authorisation".to_owned());
    let found = table::authorisation(tx, grant)?.ok_or_else(unknown)?;
    if found.status != GrantStatus::Approved {
        return Err(Error::Invalid(format!("the authorisation is {}; approve it", found.status.name())));
    }
    if found.until == *until {
        return Ok(());
    }
    step(tx, &Authorisation { until: *until, ..found }, by, reason)
}

fn step(tx: &mut Tx, authorisation: &Authorisation, by: &str, reason: &str) -> Result<()> {
    table::put_authorisation(tx, authorisation)?;
    let Authorisation { grant, status, until } = authorisation;
    let (by, reason) = (by.to_owned(), reason.to_owned());
    table::note(tx, grant, &GrantEvent { at: tx.now(), status: *status, until: *until, by, reason })
}

/// Whoever means to end an authorisation now withdraws it.
fn check_end(tx: &Tx, until: Option<Moment>) -> Result<()> {
    match until.filter(|until| *until <= tx.now()) {
        Some(until) => Err(Error::Invalid(format!("until: {until} has passed; give a moment to come, or withdraw"))),
        None => Ok(()),
    }
}

/// Whether caller, target and tenant exist.
fn check_parties(tx: &mut Tx, grant: &Grant) -> Result<()> {
    let known = |app: &table::SealedApp| app.app.protocol == Protocol::Top && app.app.key == grant.app_key;
    if !table::apps(tx)?.iter().any(known) {
        return Err(Error::Unknown(format!("app_key {}", grant.app_key)));
    }
    let targets = table::targets(tx)?;
    let Some(target) = targets.iter().find(|target| target.key == grant.target_app_key) else {
        return Err(Error::Unknown(format!("target_app_key {}", grant.target_app_key)));
    };
    // Only the built-in target has its tenants here; a `sid` of another target is the target's own.
    let ours = target.kind == crate::directory::TargetKind::Erp;
    if ours && grant.sid != EVERY_SID && !table::tenants(tx)?.iter().any(|tenant| is_of(tenant, grant)) {
        return Err(Error::Unknown(format!("sid {} in {}", grant.sid, grant.environment.name())));
    }
    Ok(())
}

fn is_of(tenant: &TenantInfo, grant: &Grant) -> bool {
    let environment: Environment = tenant.environment;
    environment == grant.environment && tenant.sid == grant.sid
}
