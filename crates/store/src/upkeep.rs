//! Looking after a running store: health, integrity, backup.

use std::path::Path;

use crate::store::Running;
use crate::{Error, Result, Store, Tenant};

impl Store {
    /// Whether units of work and reads get through now. Changes nothing and waits for no disk.
    pub async fn health(&self) -> Result<()> {
        self.write(Tenant::HOUSE, |tx| tx.query_one("SELECT 1", &[], |row| row.int(0)).map(drop)).await?;
        self.read(Tenant::HOUSE, |reader| reader.query_one("SELECT 1", &[], |row| row.int(0)).map(drop)).await
    }

    /// Checks the database file thoroughly and lists what is wrong with it. PostgreSQL checks its own pages; there only the
    /// store's tables are read.
    pub fn check(&self) -> Result<Vec<String>> {
        let mut problems = match &self.0.running {
            Running::Sqlite(_) => self.read_blocking(Tenant::HOUSE, |reader| {
                reader.query("PRAGMA integrity_check(20)", &[], |row| row.string(0))
            })?,
            Running::Postgres(_) => Vec::new(),
        };
        problems.retain(|problem| problem != "ok");
        problems.extend(self.read_blocking(Tenant::HOUSE, |reader| {
            reader.query(
                "SELECT tenant, event_seq FROM tenant_clock WHERE event_seq <>
                    (SELECT COUNT(*) FROM event WHERE event.tenant = tenant_clock.tenant) + COALESCE((SELECT floor
                        FROM retention WHERE retention.tenant = tenant_clock.tenant AND what = 'event'), 0)",
                &[],
                |row| Ok(format!("the event log of tenant {} does not hold its {} entries", row.int(0)?, row.int(1)?)),
            )
        })?);
        Ok(problems)
    }

    /// Copies the database to `target`, which must not exist, while everything goes on. When this returns, the copy is on disk and has
    /// been checked. The calling thread waits.
    pub fn backup(&self, target: &Path) -> Result<()> {
        match &self.0.running {
            Running::Sqlite(sqlite) => sqlite.backup(target),
            Running::Postgres(_) => Err(Error::Elsewhere(format!(
                "PostgreSQL is backed up by its own tool: pg_dump --format=custom --file={} \"$MATOU_DATABASE_URL\"",
                target.display()
            ))),
        }
    }
}
