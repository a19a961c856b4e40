//! Alarms.

use store::{Reader, Row, Tx};

use crate::hub::alarm::Alarm;
use crate::hub::error::Result;

const COLUMNS: &str = "SELECT id, channel, kind, key, text, at, modified FROM ascp_alarm";

fn alarm(row: &Row<'_>) -> store::Result<Alarm> {
    Ok(Alarm {
        id: row.int(0)?,
        channel: row.int(1)?,
        kind: row.string(2)?,
        key: row.string(3)?,
        text: row.string(4)?,
        at: row.moment(5)?,
        modified: row.moment(6)?,
    })
}

/// Open alarms of the tenant behind `after`.
pub(in crate::hub) fn open_alarms(reader: &mut Reader, after: i64, limit: i64) -> Result<Vec<Alarm>> {
    let tenant = reader.tenant();
    Ok(reader.query(
        &format!("{COLUMNS} WHERE tenant = ?1 AND state = 0 AND id > ?2 ORDER BY id LIMIT ?3"),
        &[tenant.into(), after.into(), limit.into()],
        alarm,
    )?)
}

pub(in crate::hub) fn alarm_is_open(reader: &mut Reader, channel: i64, kind: &str, key: &str) -> Result<bool> {
    let sql = "SELECT state FROM ascp_alarm WHERE channel = ?1 AND kind = ?2 AND key = ?3";
    let state = reader.query_opt(sql, &[channel.into(), kind.into(), key.into()], |row| row.int(0))?;
    Ok(state == Some(0))
}

/// Opens an alarm, or opens it again.
pub(in crate::hub) fn raise_alarm(tx: &mut Tx, channel: i64, kind: &str, key: &str, text: &str) -> Result<()> {
    let (id, tenant, now) = (tx.document_id("ascp_alarm")?, tx.tenant(), tx.now());
    Ok(tx.put(
        "INSERT INTO ascp_alarm (id, tenant, channel, kind, key, state, text, at, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?7)
         ON CONFLICT (channel, kind, key) DO UPDATE SET state = 0, text = excluded.text, at = excluded.at, modified = excluded.modified",
        &[id.into(), tenant.into(), channel.into(), kind.into(), key.into(), text.into(), now.into()],
    )?)
}

/// Closes an alarm, if it is open.
pub(in crate::hub) fn clear_alarm(tx: &mut Tx, channel: i64, kind: &str, key: &str) -> Result<()> {
    let now = tx.now();
    Ok(tx.put(
        "UPDATE ascp_alarm SET state = 1, modified = ?4 WHERE channel = ?1 AND kind = ?2 AND key = ?3 AND state = 0",
        &[channel.into(), kind.into(), key.into(), now.into()],
    )?)
}
