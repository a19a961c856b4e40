//! Limits and mock rules in a document. A limit has no name: it is known by whom it concerns, and by its place among those that
//! concern the same. A changed limit begins its count anew, changed mock rules become a new version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};

use super::state::{gathered, unique};
use crate::directory::edit;
use crate::directory::model::Environment;
use crate::directory::{Error, Result};
use crate::limit::{self, LimitRule};
use crate::stub::{self, StubSet};

/// Whom it concerns, and the how manieth it is of those.
pub(super) type LimitKey = (String, usize);
/// Method and environment.
pub(super) type StubKey = (String, Environment);

/// The mock rules of a method.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StubEntry {
    /// Name of the method, without scene.
    pub method: String,
    /// Where they answer; in test only when absent.
    #[serde(default = "test")]
    pub environments: Vec<Environment>,
    /// Everything else.
    #[serde(flatten)]
    pub set: StubSet,
}

pub(super) fn test() -> Vec<Environment> {
    vec![Environment::Test]
}

pub(super) fn stored_limits(reader: &mut Reader) -> Result<BTreeMap<LimitKey, LimitRule>> {
    Ok(keyed(edit::limits(reader)?).collect())
}

/// Numbers and counts of the stored ones stay, so that equal rules are equal.
pub(super) fn wanted_limits(
    entries: &[LimitRule],
    stored: &BTreeMap<LimitKey, LimitRule>,
) -> BTreeMap<LimitKey, LimitRule> {
    let known = |(key, rule): (LimitKey, LimitRule)| {
        let (number, generation) = stored.get(&key).map_or((0, 0), |kept| (kept.number, kept.generation));
        (key, LimitRule { number, generation, ..rule })
    };
    keyed(entries.iter().cloned()).map(known).collect()
}

fn keyed(rules: impl IntoIterator<Item = LimitRule>) -> impl Iterator<Item = (LimitKey, LimitRule)> {
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    rules.into_iter().map(move |rule| {
        let whom = whom(&rule);
        let place = met.entry(whom.clone()).and_modify(|place| *place += 1).or_insert(1);
        ((whom, *place), rule)
    })
}

/// `app_api app 21300001 method demo.order.push in test`
fn whom(rule: &LimitRule) -> String {
    let mut told = rule.scope.name().to_owned();
    let environment = rule.environment.map(|environment| environment.name().to_owned());
    for (word, value) in [("app", &rule.app), ("method", &rule.method), ("target", &rule.target), ("in", &environment)]
    {
        if let Some(value) = value {
            told.push_str(&format!(" {word} {value}"));
        }
    }
    told
}

/// What a limit is called in a difference.
pub(super) fn limit_name((whom, place): &LimitKey) -> String {
    match place {
        1 => format!("limit {whom}"),
        place => format!("limit {whom} (no. {place})"),
    }
}

pub(super) fn stored_stubs(reader: &mut Reader) -> Result<BTreeMap<StubKey, StubSet>> {
    let sets = edit::stubs(reader)?.into_iter();
    Ok(sets.map(|set| ((set.method.clone(), set.environment), StubSet { version: 0, ..set })).collect())
}

pub(super) fn wanted_stubs(entries: &[StubEntry]) -> Result<BTreeMap<StubKey, StubSet>> {
    let rows = entries.iter().flat_map(|StubEntry { method, environments, set }| {
        environments.iter().map(move |environment| {
            let set = StubSet { environment: *environment, method: method.clone(), version: 0, ..set.clone() };
            ((method.clone(), *environment), set)
        })
    });
    unique(rows, "stub", |(method, environment)| format!("{method} in {}", environment.name()))
}

/// What is the same in both environments stands once.
pub(super) fn stub_entries(sets: &BTreeMap<StubKey, StubSet>) -> Vec<StubEntry> {
    let rows = sets.iter().map(|((method, environment), set)| {
        let set = StubSet { environment: Environment::default(), method: String::new(), ..set.clone() };
        (StubEntry { method: method.clone(), environments: Vec::new(), set }, *environment)
    });
    gathered(rows, |entry| &mut entry.environments)
}

pub(super) fn put_limit(tx: &mut Tx, rule: &LimitRule, key: &LimitKey) -> Result<()> {
    limit::put(tx, rule).map(drop).map_err(|error| named(error, &limit_name(key)))
}

pub(super) fn put_stub(tx: &mut Tx, set: &StubSet) -> Result<()> {
    let name = format!("stub {} in {}", set.method, set.environment.name());
    stub::put(tx, set).map(drop).map_err(|error| named(error, &name))
}

pub(super) fn delete_limit(tx: &mut Tx, rule: &LimitRule) -> Result<()> {
    limit::table::delete_rule(tx, rule.number).map(drop).map_err(Error::from)
}

pub(super) fn retire_stub(tx: &mut Tx, (method, environment): &StubKey) -> Result<()> {
    stub::table::retire(tx, *environment, method).map_err(Error::from)
}

/// A refusal that says which row it means.
fn named(error: Error, row: &str) -> Error {
    match error {
        Error::Invalid(problem) => Error::Invalid(format!("{row}: {problem}")),
        other => other,
    }
}
