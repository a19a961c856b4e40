//! Changing rule sets. Every change is a new version; the last ones are kept and can be put in force again.

use store::{Tenant, Tx};
use units::Moment;

use super::set::StubSet;
use super::table;
use crate::directory::{Directory, Environment, Error, Result, check_method};
use crate::pipeline::Gateway;

/// Versions of a set that are kept.
const KEPT: i64 = 20;
/// Sets there may be.
const MOST_SETS: usize = 1000;

/// A version of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StubVersion {
    /// The set.
    pub set: StubSet,
    /// In force.
    pub current: bool,
}

/// How often a rule of a set in force was hit on this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StubHits {
    /// Name of the rule.
    pub rule: String,
    /// Hits since this version or this process began.
    pub hits: u64,
    /// The last one.
    pub last: Option<Moment>,
}

impl Directory {
    /// Puts a rule set in force as a new version; gives the version.
    ///
    /// # Errors
    /// The set is not in order.
    pub async fn put_stub(&self, set: StubSet) -> Result<i64> {
        self.change(move |tx| put(tx, &set)).await
    }

    /// Puts an older version in force again, as a new version: its counts begin anew.
    ///
    /// # Errors
    /// There is no such version.
    pub async fn restore_stub(&self, environment: Environment, method: String, version: i64) -> Result<i64> {
        self.change(move |tx| {
            let found = versions(tx, environment, &method)?.into_iter().find(|found| found.set.version == version);
            let found = found.ok_or_else(|| Error::Unknown(format!("version {version} of the stub of {method}")))?;
            put(tx, &found.set)
        })
        .await
    }

    /// Takes a rule set out of force; its versions are kept. False when none was in force.
    ///
    /// # Errors
    /// The store failed.
    pub async fn retire_stub(&self, environment: Environment, method: String) -> Result<bool> {
        let there = self.snapshot().stub(environment, &method).is_some();
        self.change(move |tx| Ok(table::retire(tx, environment, &method)?)).await?;
        Ok(there)
    }

    /// All kept versions of a rule set, newest first.
    ///
    /// # Errors
    /// The store failed, or a row cannot be read.
    pub async fn stub_versions(&self, environment: Environment, method: String) -> Result<Vec<StubVersion>> {
        self.store().read(Tenant::HOUSE, move |reader| versions(reader, environment, &method)).await
    }
}

fn versions(reader: &mut store::Reader, environment: Environment, method: &str) -> Result<Vec<StubVersion>> {
    let found = table::versions(reader, environment, method)?;
    found.into_iter().map(|(set, current)| Ok(StubVersion { set: set.map_err(Error::Unreadable)?, current })).collect()
}

pub(crate) fn put(tx: &mut Tx, set: &StubSet) -> Result<i64> {
    if let Some(problem) = set.problem() {
        return Err(Error::Invalid(problem));
    }
    check_method(tx, &set.method)?;
    let known = table::versions(tx, set.environment, &set.method)?;
    if known.is_empty() && table::current(tx)?.len() >= MOST_SETS {
        return Err(Error::Invalid(format!("at most {MOST_SETS} stubs")));
    }
    let last = known.iter().filter_map(|(set, _)| set.as_ref().ok()).map(|set| set.version).max().unwrap_or(0);
    let set = StubSet { version: last + 1, ..set.clone() };
    let definition = serde_json::to_string(&set).map_err(|error| Error::Invalid(error.to_string()))?;
    table::put(tx, &set, &definition)?;
    table::forget(tx, set.environment, &set.method, set.version - KEPT)?;
    Ok(set.version)
}

impl Gateway {
    /// How often the rules of a set were hit on this node.
    pub fn stub_hits(&self, set: &StubSet) -> Vec<StubHits> {
        let hits = set.rules.iter().enumerate().map(|(at, rule)| {
            let hit = self.stubs().hits(set, at);
            let last = (hit.count > 0).then(|| Moment::from_unix(hit.last));
            StubHits { rule: rule.name.clone(), hits: hit.count, last }
        });
        hits.collect()
    }
}
