//! Pushes on their way, and faults to come.

use store::{Reader, Row, Tenant, Tx};
use units::Moment;

use crate::messages::PushKind;
use crate::platform::error::Result;
use crate::platform::fault::NewFault;
use crate::platform::push::SimPush;

fn context(id: i64) -> Vec<u8> {
    format!("ascp_sim_push.request:{id}").into_bytes()
}

pub(in crate::platform) fn insert_push(tx: &mut Tx, push: &SimPush, due: Moment) -> Result<()> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let sealed = tx.vault().seal(&context(push.id), push.request.as_bytes());
    Ok(tx.put(
        "INSERT INTO ascp_sim_push (id, tenant, supplier_id, kind, code, state, due, attempts, answer, sealed, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, 0, '', ?7, ?8)",
        &[
            push.id.into(),
            tenant.into(),
            (&push.supplier_id).into(),
            push.kind.name().into(),
            (&push.code).into(),
            due.into(),
            (&sealed).into(),
            now.into(),
        ],
    )?)
}

pub(in crate::platform) fn any_push_due(reader: &mut Reader, tenant: Tenant, now: Moment) -> Result<bool> {
    let sql = "SELECT 1 FROM ascp_sim_push WHERE state = 0 AND due <= ?1 AND tenant = ?2 LIMIT 1";
    Ok(reader.query_opt(sql, &[now.into(), tenant.into()], |row| row.int(0))?.is_some())
}

/// Due pushes of the tenant, oldest first.
pub(in crate::platform) fn due_pushes(reader: &mut Reader, now: Moment, limit: i64) -> Result<Vec<SimPush>> {
    let tenant = reader.tenant();
    let read = |row: &Row<'_>| {
        let kind = PushKind::named(row.text(2)?).ok_or_else(|| store::Error::Corrupt("kind of a push".into()))?;
        let push = SimPush {
            id: row.int(0)?,
            supplier_id: row.string(1)?,
            kind,
            code: row.string(3)?,
            attempts: row.int(4)?,
            request: String::new(),
        };
        Ok((push, row.bytes(5)?.to_vec()))
    };
    let found = reader.query(
        "SELECT id, supplier_id, kind, code, attempts, sealed FROM ascp_sim_push
         WHERE state = 0 AND due <= ?1 AND tenant = ?2 ORDER BY due, id LIMIT ?3",
        &[now.into(), tenant.into(), limit.into()],
        read,
    )?;
    let mut pushes = Vec::with_capacity(found.len());
    for (mut push, sealed) in found {
        push.request = reader.vault().open_text(&context(push.id), &sealed).map_err(store::Error::from)?;
        pushes.push(push);
    }
    Ok(pushes)
}

pub(in crate::platform) fn push_waits(reader: &mut Reader, id: i64) -> Result<bool> {
    let state = reader.query_opt("SELECT state FROM ascp_sim_push WHERE id = ?1", &[id.into()], |row| row.int(0))?;
    Ok(state == Some(0))
}

pub(in crate::platform) fn postpone_push(tx: &mut Tx, id: i64, due: Moment) -> Result<()> {
    Ok(tx.put("UPDATE ascp_sim_push SET due = ?2 WHERE id = ?1", &[id.into(), due.into()])?)
}

pub(in crate::platform) fn retry_push(tx: &mut Tx, id: i64, attempts: i64, due: Moment, answer: &str) -> Result<()> {
    let now = tx.now();
    Ok(tx.put(
        "UPDATE ascp_sim_push SET attempts = ?2, due = ?3, answer = ?4, modified = ?5 WHERE id = ?1",
        &[id.into(), attempts.into(), due.into(), answer.into(), now.into()],
    )?)
}

/// 1 accepted, 2 refused, given up or not needed any more.
pub(in crate::platform) fn close_push(tx: &mut Tx, id: i64, state: i64, answer: &str) -> Result<()> {
    let now = tx.now();
    Ok(tx.put(
        "UPDATE ascp_sim_push SET state = ?2, answer = ?3, modified = ?4 WHERE id = ?1",
        &[id.into(), state.into(), answer.into(), now.into()],
    )?)
}

/// Nothing more is pushed about a document that is over.
pub(in crate::platform) fn drop_pushes(tx: &mut Tx, code: &str) -> Result<()> {
    let tenant = tx.tenant();
    Ok(tx.put(
        "UPDATE ascp_sim_push SET state = 2 WHERE tenant = ?1 AND code = ?2 AND state = 0",
        &[tenant.into(), code.into()],
    )?)
}

/// Whether a push of this kind about the document still waits.
pub(in crate::platform) fn is_under_way(reader: &mut Reader, code: &str, kind: PushKind) -> Result<bool> {
    let tenant = reader.tenant();
    let sql = "SELECT 1 FROM ascp_sim_push WHERE tenant = ?1 AND code = ?2 AND kind = ?3 AND state = 0 LIMIT 1";
    Ok(reader.query_opt(sql, &[tenant.into(), code.into(), kind.name().into()], |row| row.int(0))?.is_some())
}

/// Pushes that wait go out now.
pub(in crate::platform) fn hurry_pushes(tx: &mut Tx) -> Result<()> {
    let (tenant, now) = (tx.tenant(), tx.now());
    Ok(tx.put(
        "UPDATE ascp_sim_push SET due = ?2 WHERE tenant = ?1 AND state = 0 AND due > ?2",
        &[tenant.into(), now.into()],
    )?)
}

/// Kind, state, attempts and last answer of the pushes about a document.
pub(in crate::platform) fn pushes_of(reader: &mut Reader, code: &str) -> Result<Vec<(String, i64, i64, String)>> {
    let tenant = reader.tenant();
    Ok(reader.query(
        "SELECT kind, state, attempts, answer FROM ascp_sim_push WHERE tenant = ?1 AND code = ?2 ORDER BY id",
        &[tenant.into(), code.into()],
        |row| Ok((row.string(0)?, row.int(1)?, row.int(2)?, row.string(3)?)),
    )?)
}

pub(in crate::platform) fn insert_fault(tx: &mut Tx, fault: &NewFault) -> Result<()> {
    let (id, tenant) = (tx.document_id("ascp_sim_fault")?, tx.tenant());
    Ok(tx.put(
        "INSERT INTO ascp_sim_fault (id, tenant, target, what, amount, times) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            id.into(),
            tenant.into(),
            (&fault.target).into(),
            (&fault.what).into(),
            fault.amount.into(),
            fault.times.into(),
        ],
    )?)
}

/// The oldest fault for this target, or for all of its kind; one of its times is used up.
pub(in crate::platform) fn take_fault(tx: &mut Tx, target: &str) -> Result<Option<NewFault>> {
    let tenant = tx.tenant();
    let every = target.split_once(':').map(|(side, _)| format!("{side}:*")).unwrap_or_default();
    let found = tx.query_opt(
        "SELECT id, target, what, amount, times FROM ascp_sim_fault WHERE tenant = ?1 AND (target = ?2 OR target = ?3) AND times > 0
         ORDER BY id LIMIT 1",
        &[tenant.into(), target.into(), (&every).into()],
        |row| {
            let fault =
                NewFault { target: row.string(1)?, what: row.string(2)?, amount: row.int(3)?, times: row.int(4)? };
            Ok((row.int(0)?, fault))
        },
    )?;
    let Some((id, fault)) = found else { return Ok(None) };
    tx.put("UPDATE ascp_sim_fault SET times = times - 1 WHERE id = ?1", &[id.into()])?;
    Ok(Some(fault))
}

pub(in crate::platform) fn faults(reader: &mut Reader) -> Result<Vec<NewFault>> {
    let tenant = reader.tenant();
    Ok(reader.query(
        "SELECT target, what, amount, times FROM ascp_sim_fault WHERE tenant = ?1 AND times > 0 ORDER BY id",
        &[tenant.into()],
        |row| Ok(NewFault { target: row.string(0)?, what: row.string(1)?, amount: row.int(2)?, times: row.int(3)? }),
    )?)
}

pub(in crate::platform) fn clear_faults(tx: &mut Tx) -> Result<()> {
    let tenant = tx.tenant();
    Ok(tx.put("DELETE FROM ascp_sim_fault WHERE tenant = ?1", &[tenant.into()])?)
}
