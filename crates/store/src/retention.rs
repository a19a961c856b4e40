//! Forgetting what is old: entries of the event log and receipts, the oldest first, a few at a time.

use units::Moment;

use crate::{Result, Tx, wire_id};

/// What is kept from some number on.
const EVENTS: &str = "event";
const RECEIPTS: &str = "receipt";

/// Deletes up to `limit` of the tenant's oldest events that are older than `before`; says how many. Readers of the log that stand
/// further back go on with what is left.
pub fn trim_events(tx: &mut Tx, before: Moment, limit: i64) -> Result<i64> {
    trim(tx, EVENTS, before, limit)
}

/// The same for receipts: the identical message is then no longer known.
pub fn trim_receipts(tx: &mut Tx, before: Moment, limit: i64) -> Result<i64> {
    trim(tx, RECEIPTS, before, limit)
}

/// Numbers ascend in time, so the oldest are those behind the last that was deleted.
fn trim(tx: &mut Tx, table: &'static str, before: Moment, limit: i64) -> Result<i64> {
    let tenant = tx.tenant();
    let floor = tx
        .query_opt(
            "SELECT floor FROM retention WHERE tenant = ?1 AND what = ?2",
            &[tenant.into(), table.into()],
            |row| row.int(0),
        )?
        .unwrap_or(0);
    let rows = tx.query(
        &format!("SELECT id, at FROM {table} WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3"),
        &[tenant.id(floor).into(), tenant.id(-1).into(), limit.into()],
        |row| Ok((row.int(0)?, row.moment(1)?)),
    )?;
    let old = rows.iter().take_while(|(_, at)| *at < before);
    let (count, last) = old.fold((0, 0), |(count, _), (id, _)| (count + 1, *id));
    if count == 0 {
        return Ok(0);
    }
    tx.put(&format!("DELETE FROM {table} WHERE id > ?1 AND id <= ?2"), &[tenant.id(floor).into(), last.into()])?;
    tx.put(
        "INSERT INTO retention (tenant, what, floor) VALUES (?1, ?2, ?3)
         ON CONFLICT (tenant, what) DO UPDATE SET floor = excluded.floor",
        &[tenant.into(), table.into(), wire_id(last).into()],
    )?;
    Ok(count)
}
