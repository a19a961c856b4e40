//! SQL of what is known.

use store::{Reader, Result, Tx};
use units::Moment;

use super::Key;
use super::track::{LOOKS_BACK, Track};
use crate::limits;

/// How long a caller may be away until he is forgotten, seconds.
const FORGOTTEN: i64 = 2 * LOOKS_BACK;

/// Merges what was noted with what is there. All keys are of the unit's tenant.
pub(super) fn merge(tx: &mut Tx, noted: &[(Key, Track)]) -> Result<()> {
    let tenant = tx.tenant();
    let mut fresh = None;
    for (key, track) in noted {
        let subject = serde_json::to_string(key).unwrap_or_default();
        let known = tx.query_opt(
            "SELECT state FROM gateway_coverage WHERE tenant = ?1 AND subject = ?2",
            &[tenant.into(), (&subject).into()],
            |row| Ok(serde_json::from_str::<Track>(row.text(0)?).unwrap_or_default()),
        )?;
        if known.is_none() {
            fresh = fresh.max(Some(track.last));
        }
        let mut known = known.unwrap_or_default();
        known.merge(track.clone());
        let state = serde_json::to_string(&known).unwrap_or_default();
        tx.put(
            "INSERT INTO gateway_coverage (tenant, subject, state, seen) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (tenant, subject) DO UPDATE SET state = excluded.state, seen = excluded.seen",
            &[tenant.into(), (&subject).into(), (&state).into(), Moment::from_unix(known.last).into()],
        )?;
    }
    fresh.map_or(Ok(()), |now| forget(tx, now))
}

/// A newcomer is the moment to forget who has not called for long, and who is too many.
fn forget(tx: &mut Tx, now: i64) -> Result<()> {
    let tenant = tx.tenant();
    let most = i64::try_from(limits::COVERAGE_KEYS).unwrap_or(i64::MAX);
    let last = tx.query_opt(
        "SELECT seen FROM gateway_coverage WHERE tenant = ?1 ORDER BY seen DESC LIMIT 1 OFFSET ?2",
        &[tenant.into(), (most - 1).into()],
        |row| row.moment(0),
    )?;
    let oldest = Moment::from_unix(now - FORGOTTEN);
    let before = last.map_or(oldest, |last| last.max(oldest));
    tx.put("DELETE FROM gateway_coverage WHERE tenant = ?1 AND seen < ?2", &[tenant.into(), before.into()])
}

/// All that is known of callers who were seen lately.
pub(super) fn all(reader: &mut Reader, now: Moment) -> Result<Vec<(Key, Track)>> {
    let rows = reader.query(
        "SELECT tenant, subject, state FROM gateway_coverage WHERE seen >= ?1",
        &[now.plus(-FORGOTTEN).into()],
        |row| {
            let key = serde_json::from_str::<Key>(row.text(1)?).ok();
            let track = serde_json::from_str::<Track>(row.text(2)?).ok();
            let tenant = row.int(0)?;
            Ok(key.zip(track).map(|(key, track)| (Key { tenant, ..key }, track)))
        },
    )?;
    Ok(rows.into_iter().flatten().collect())
}
