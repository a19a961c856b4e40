//! Schema changes: applied once, in order, never altered afterwards.

use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// One step of a schema. Once released, its text never changes.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Unique over all lists (`erp-3`).
    pub name: &'static str,
    /// Statements, in the common spelling (see `schema::spell`).
    pub sql: &'static str,
}

/// The table in which applied migrations are recorded.
pub(crate) const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, at BIGINT NOT NULL)";

impl Migration {
    /// What identifies the text: SHA-256, hexadecimal.
    pub(crate) fn checksum(&self) -> String {
        Sha256::digest(self.sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Which of `wanted` are still to be applied, given what `applied` records as (name, checksum).
pub(crate) fn pending<'m>(wanted: &[&'m Migration], applied: &[(String, String)]) -> Result<Vec<&'m Migration>> {
    for (name, checksum) in applied {
        match wanted.iter().find(|migration| migration.name == name) {
            None => {
                return Err(Error::Migration(format!(
                    "it holds step {name}, which this program does not know: it was written by a newer Matou; start that one"
                )));
            }
            Some(migration) if migration.checksum() != *checksum => {
                return Err(Error::Migration(format!(
                    "step {name} was applied with another text than this program has: a released step must never change"
                )));
            }
            Some(_) => {}
        }
    }
    for (index, migration) in wanted.iter().enumerate() {
        if wanted[..index].iter().any(|other| other.name == migration.name) {
            return Err(Error::Migration(format!("two steps are called {}", migration.name)));
        }
    }
    Ok(wanted.iter().copied().filter(|migration| !applied.iter().any(|(name, _)| name == migration.name)).collect())
}
