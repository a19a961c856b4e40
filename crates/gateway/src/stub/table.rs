//! SQL of mock rules.

use store::{Reader, Result, Row, Tx};

use super::set::StubSet;
use crate::directory::Environment;

const SET: &str = "SELECT environment, method, version, definition FROM gateway_stub";

/// A set, or the name of one that cannot be read.
pub(crate) type Found = std::result::Result<StubSet, String>;

/// The versions in force.
pub(crate) fn current(reader: &mut Reader) -> Result<Vec<Found>> {
    reader.query(&format!("{SET} WHERE current = 1 ORDER BY method, environment"), &[], set)
}

/// All versions of a set, newest first, each with whether it is in force.
pub(super) fn versions(reader: &mut Reader, environment: Environment, method: &str) -> Result<Vec<(Found, bool)>> {
    let sql = "SELECT environment, method, version, definition, current FROM gateway_stub
               WHERE environment = ?1 AND method = ?2 ORDER BY version DESC";
    reader.query(sql, &[environment.name().into(), method.into()], |row| Ok((set(row)?, row.int(4)? != 0)))
}

fn set(row: &Row<'_>) -> Result<Found> {
    let (environment, method, version) = (Environment::named(row.text(0)?), row.string(1)?, row.int(2)?);
    let read = serde_json::from_str::<StubSet>(row.text(3)?).ok().zip(environment);
    Ok(match read {
        Some((set, environment)) => Ok(StubSet { environment, method, version, ..set }),
        None => Err(format!("gateway_stub {method} {version}")),
    })
}

/// Puts a version in force; the others of its set are kept.
pub(super) fn put(tx: &mut Tx, set: &StubSet, definition: &str) -> Result<()> {
    retire(tx, set.environment, &set.method)?;
    tx.put(
        "INSERT INTO gateway_stub (environment, method, version, current, definition) VALUES (?1, ?2, ?3, 1, ?4)
         ON CONFLICT (environment, method, version) DO UPDATE SET current = 1, definition = excluded.definition",
        &[set.environment.name().into(), (&set.method).into(), set.version.into(), definition.into()],
    )
}

/// No version is in force any more.
pub(crate) fn retire(tx: &mut Tx, environment: Environment, method: &str) -> Result<()> {
    let sql = "UPDATE gateway_stub SET current = 0 WHERE environment = ?1 AND method = ?2 AND current = 1";
    tx.execute(sql, &[environment.name().into(), method.into()]).map(drop)
}

/// Forgets versions below this one.
pub(super) fn forget(tx: &mut Tx, environment: Environment, method: &str, below: i64) -> Result<()> {
    let sql = "DELETE FROM gateway_stub WHERE environment = ?1 AND method = ?2 AND version < ?3 AND current = 0";
    tx.execute(sql, &[environment.name().into(), method.into(), below.into()]).map(drop)
}
