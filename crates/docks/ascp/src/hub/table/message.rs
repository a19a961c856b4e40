//! Accepted pushes.

use store::{Reader, Row, Tx};
use units::Moment;

use crate::hub::error::Result;
use crate::hub::message::{Message, MessageState};
use crate::messages::PushKind;

const COLUMNS: &str =
    "SELECT id, channel, kind, key, code, state, reason, copies, answer, fingerprint, at, modified FROM ascp_message";

fn message(row: &Row<'_>) -> store::Result<Message> {
    let kind = PushKind::named(row.text(2)?).ok_or_else(|| store::Error::Corrupt("kind of a push".into()))?;
    Ok(Message {
        id: row.int(0)?,
        channel: row.int(1)?,
        kind,
        key: row.string(3)?,
        code: row.string(4)?,
        state: MessageState::of(row.int(5)?),
        reason: row.string(6)?,
        copies: row.int(7)?,
        answer: row.string(8)?,
        fingerprint: row.bytes(9)?.to_vec(),
        at: row.moment(10)?,
        modified: row.moment(11)?,
    })
}

pub(in crate::hub) fn message_by_key(reader: &mut Reader, channel: i64, key: &str) -> Result<Option<Message>> {
    let sql = format!("{COLUMNS} WHERE channel = ?1 AND key = ?2");
    Ok(reader.query_opt(&sql, &[channel.into(), key.into()], message)?)
}

/// Announces [`message_by_key`].
pub(in crate::hub) fn foresee_message(tx: &mut Tx, channel: i64, key: &str) -> Result<()> {
    Ok(tx.foresee_nothing(&format!("{COLUMNS} WHERE channel = ?1 AND key = ?2"), &[channel.into(), key.into()])?)
}

pub(in crate::hub) fn message_by_id(reader: &mut Reader, id: i64) -> Result<Option<Message>> {
    let tenant = reader.tenant();
    Ok(reader.query_opt(&format!("{COLUMNS} WHERE id = ?1 AND tenant = ?2"), &[id.into(), tenant.into()], message)?)
}

/// All pushes about a document, oldest first.
pub(in crate::hub) fn messages_of(reader: &mut Reader, channel: i64, code: &str) -> Result<Vec<Message>> {
    let sql = format!("{COLUMNS} WHERE channel = ?1 AND code = ?2 ORDER BY id");
    Ok(reader.query(&sql, &[channel.into(), code.into()], message)?)
}

/// Pushes of the tenant in a state that somebody must deal with, oldest first, behind `after`.
pub(in crate::hub) fn open_messages(
    reader: &mut Reader,
    state: MessageState,
    after: i64,
    limit: i64,
) -> Result<Vec<Message>> {
    let tenant = reader.tenant();
    Ok(reader.query(
        &format!("{COLUMNS} WHERE tenant = ?1 AND state = ?2 AND state > 1 AND id > ?3 ORDER BY id LIMIT ?4"),
        &[tenant.into(), state.code().into(), after.into(), limit.into()],
        message,
    )?)
}

pub(in crate::hub) fn message_body(reader: &mut Reader, id: i64) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT body FROM ascp_message WHERE id = ?1";
    Ok(reader.query_opt(sql, &[id.into()], |row| Ok(row.bytes(0)?.to_vec()))?)
}

/// Stores a push; its body is sealed already.
pub(in crate::hub) fn insert_message(tx: &mut Tx, message: &Message, body: &[u8]) -> Result<()> {
    let tenant = tx.tenant();
    Ok(tx.put(
        "INSERT INTO ascp_message (id, tenant, channel, kind, key, code, state, reason, copies, answer, fingerprint, body, at, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        &[
            message.id.into(),
            tenant.into(),
            message.channel.into(),
            message.kind.name().into(),
            (&message.key).into(),
            (&message.code).into(),
            message.state.code().into(),
            (&message.reason).into(),
            message.copies.into(),
            (&message.answer).into(),
            (&message.fingerprint).into(),
            body.into(),
            message.at.into(),
            message.modified.into(),
        ],
    )?)
}

pub(in crate::hub) fn update_message(tx: &mut Tx, message: &Message) -> Result<()> {
    Ok(tx.put(
        "UPDATE ascp_message SET state = ?2, reason = ?3, copies = ?4, answer = ?5, modified = ?6 WHERE id = ?1",
        &[
            message.id.into(),
            message.state.code().into(),
            (&message.reason).into(),
            message.copies.into(),
            (&message.answer).into(),
            message.modified.into(),
        ],
    )?)
}

/// When the last push of a channel came.
pub(in crate::hub) fn last_message(reader: &mut Reader, channel: i64) -> Result<Option<Moment>> {
    let sql = "SELECT at FROM ascp_message WHERE channel = ?1 ORDER BY at DESC LIMIT 1";
    Ok(reader.query_opt(sql, &[channel.into()], |row| row.moment(0))?)
}

/// Documents that came within a span of time, by kind of push.
pub(in crate::hub) fn count_messages(
    reader: &mut Reader,
    channel: i64,
    kind: PushKind,
    from: Moment,
    to: Moment,
) -> Result<i64> {
    let sql =
        "SELECT COUNT(*) FROM ascp_message WHERE channel = ?1 AND at >= ?2 AND at < ?3 AND kind = ?4 AND state <> 4";
    Ok(reader.query_one(sql, &[channel.into(), from.into(), to.into(), kind.name().into()], |row| row.int(0))?)
}
