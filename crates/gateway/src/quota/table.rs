//! SQL of the daily counts.

use store::{Result, Tx};

/// Calls counted so far on this day.
pub(super) fn spent(tx: &mut Tx, app: i64, method: &str, day: i64) -> Result<i64> {
    let tenant = tx.tenant();
    let found = tx.query_opt(
        "SELECT calls FROM quota_day WHERE tenant = ?1 AND app = ?2 AND method = ?3 AND day = ?4",
        &[tenant.into(), app.into(), method.into(), day.into()],
        |row| row.int(0),
    )?;
    Ok(found.unwrap_or(0))
}

/// Counts one more. The first of a day removes the days before.
pub(super) fn count(tx: &mut Tx, app: i64, method: &str, day: i64, spent: i64) -> Result<()> {
    let tenant = tx.tenant();
    if spent == 0 {
        tx.put(
            "DELETE FROM quota_day WHERE tenant = ?1 AND app = ?2 AND method = ?3 AND day < ?4",
            &[tenant.into(), app.into(), method.into(), day.into()],
        )?;
    }
    tx.put(
        "INSERT INTO quota_day (tenant, app, method, day, calls) VALUES (?1, ?2, ?3, ?4, 1)
         ON CONFLICT (tenant, app, method, day) DO UPDATE SET calls = quota_day.calls + 1",
        &[tenant.into(), app.into(), method.into(), day.into()],
    )
}
