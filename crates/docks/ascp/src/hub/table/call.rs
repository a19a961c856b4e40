//! Calls to TOP that wait, were made, or are given up.

use store::{Reader, Row, Tenant, Tx};
use units::Moment;

use crate::hub::call::{Call, CallState};
use crate::hub::error::Result;
use crate::limits::{LEASE, LEASED};
use crate::messages::CallKind;

const COLUMNS: &str =
    "SELECT id, channel, kind, key, code, state, due, attempts, problem, created, modified FROM ascp_call";

fn call(row: &Row<'_>) -> store::Result<Call> {
    Ok(Call {
        id: row.int(0)?,
        channel: row.int(1)?,
        kind: CallKind::named(row.text(2)?).ok_or_else(|| store::Error::Corrupt("kind of a call".into()))?,
        key: row.string(3)?,
        code: row.string(4)?,
        state: CallState::of(row.int(5)?),
        due: row.moment(6)?,
        attempts: row.int(7)?,
        problem: row.string(8)?,
        created: row.moment(9)?,
        modified: row.moment(10)?,
    })
}

fn context(id: i64) -> Vec<u8> {
    format!("ascp_call.body:{id}").into_bytes()
}

/// Puts a call into the queue; one with the same key stays as it is. True when it is new.
pub(in crate::hub) fn insert_call(tx: &mut Tx, call: &Call, body: &str) -> Result<bool> {
    let tenant = tx.tenant();
    let sealed = tx.vault().seal(&context(call.id), body.as_bytes());
    let rows = tx.execute(
        "INSERT INTO ascp_call (id, tenant, channel, kind, key, code, state, due, attempts, problem, sealed, created, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, 0, '', ?8, ?9, ?9) ON CONFLICT (channel, key) DO NOTHING",
        &[
            call.id.into(),
            tenant.into(),
            call.channel.into(),
            call.kind.name().into(),
            (&call.key).into(),
            (&call.code).into(),
            call.due.into(),
            (&sealed).into(),
            call.created.into(),
        ],
    )?;
    Ok(rows > 0)
}

/// Tenants that have calls to send now.
pub(in crate::hub) fn tenants_with_calls(reader: &mut Reader, now: Moment) -> Result<Vec<Tenant>> {
    let sql = "SELECT DISTINCT tenant FROM ascp_call WHERE state = 0 AND due <= ?1";
    Ok(reader.query(sql, &[now.into()], |row| Ok(Tenant(row.int(0)?)))?)
}

/// Takes due calls of the tenant, oldest first, leaving out those of the channels that are held. Until they are settled nobody else
/// takes them, for as long as a lease lasts.
pub(in crate::hub) fn lease_calls(tx: &mut Tx, held: &[i64]) -> Result<Vec<Call>> {
    let (tenant, now) = (tx.tenant(), tx.now());
    // Left out here and not afterwards: what waits for a held channel must not stand in the way of the others.
    let others: String = held.iter().map(|channel| format!(" AND channel <> {channel}")).collect();
    let taken = tx.query(
        &format!("{COLUMNS} WHERE tenant = ?1 AND state = 0 AND due <= ?2{others} ORDER BY id LIMIT ?3"),
        &[tenant.into(), now.into(), LEASED.into()],
        call,
    )?;
    for call in &taken {
        tx.put("UPDATE ascp_call SET due = ?2 WHERE id = ?1", &[call.id.into(), now.plus(LEASE).into()])?;
    }
    Ok(taken)
}

pub(in crate::hub) fn call_body(reader: &mut Reader, id: i64) -> Result<String> {
    let sealed = reader
        .query_one("SELECT sealed FROM ascp_call WHERE id = ?1", &[id.into()], |row| Ok(row.bytes(0)?.to_vec()))?;
    Ok(reader.vault().open_text(&context(id), &sealed).map_err(store::Error::from)?)
}

/// The call with this key.
pub(in crate::hub) fn call_by_key(reader: &mut Reader, channel: i64, key: &str) -> Result<Option<Call>> {
    Ok(reader.query_opt(&format!("{COLUMNS} WHERE channel = ?1 AND key = ?2"), &[channel.into(), key.into()], call)?)
}

/// Takes one call that waits, and its body, as [`lease_calls`] does.
pub(in crate::hub) fn lease_call(tx: &mut Tx, call: &Call) -> Result<String> {
    let due = tx.now().plus(LEASE);
    tx.put("UPDATE ascp_call SET due = ?2 WHERE id = ?1", &[call.id.into(), due.into()])?;
    call_body(tx, call.id)
}

/// The call says something else from now on.
pub(in crate::hub) fn reword_call(tx: &mut Tx, id: i64, body: &str) -> Result<()> {
    let sealed = tx.vault().seal(&context(id), body.as_bytes());
    Ok(tx.put("UPDATE ascp_call SET sealed = ?2 WHERE id = ?1", &[id.into(), (&sealed).into()])?)
}

pub(in crate::hub) fn call_by_id(reader: &mut Reader, id: i64) -> Result<Option<Call>> {
    let tenant = reader.tenant();
    Ok(reader.query_opt(&format!("{COLUMNS} WHERE id = ?1 AND tenant = ?2"), &[id.into(), tenant.into()], call)?)
}

/// All calls about a document, oldest first.
pub(in crate::hub) fn calls_of(reader: &mut Reader, channel: i64, code: &str) -> Result<Vec<Call>> {
    let sql = format!("{COLUMNS} WHERE channel = ?1 AND code = ?2 ORDER BY id");
    Ok(reader.query(&sql, &[channel.into(), code.into()], call)?)
}

/// Waiting calls, or those that are given up, behind `after`.
pub(in crate::hub) fn calls_in(reader: &mut Reader, state: CallState, after: i64, limit: i64) -> Result<Vec<Call>> {
    let tenant = reader.tenant();
    Ok(reader.query(
        &format!("{COLUMNS} WHERE tenant = ?1 AND state = {} AND id > ?2 ORDER BY id LIMIT ?3", state.code()),
        &[tenant.into(), after.into(), limit.into()],
        call,
    )?)
}

pub(in crate::hub) fn count_calls(reader: &mut Reader, channel: i64, state: CallState) -> Result<i64> {
    let tenant = reader.tenant();
    let sql = format!("SELECT COUNT(*) FROM ascp_call WHERE tenant = ?1 AND channel = ?2 AND state = {}", state.code());
    Ok(reader.query_one(&sql, &[tenant.into(), channel.into()], |row| row.int(0))?)
}

pub(in crate::hub) fn update_call(tx: &mut Tx, call: &Call) -> Result<()> {
    Ok(tx.put(
        "UPDATE ascp_call SET state = ?2, due = ?3, attempts = ?4, problem = ?5, modified = ?6 WHERE id = ?1",
        &[
            call.id.into(),
            call.state.code().into(),
            call.due.into(),
            call.attempts.into(),
            (&call.problem).into(),
            call.modified.into(),
        ],
    )?)
}
