//! Fulfilment orders and return orders.

use store::{Reader, Row, Tx};
use units::Moment;

use super::{read_doc, write_doc};
use crate::hub::error::{Error, Result};
use crate::hub::order::{OrderState, SupplyOrder};
use crate::hub::return_order::{ReturnOrder, ReverseState};

const ORDER: &str = "SELECT id, channel, code, state, due, doc, created, modified FROM ascp_order";
const REVERSE: &str = "SELECT id, channel, code, forward, state, due, doc, created, modified FROM ascp_reverse";

type Head = (i64, i64, String, i64, Moment, String, Moment, Moment);

fn head(row: &Row<'_>) -> store::Result<Head> {
    Ok((
        row.int(0)?,
        row.int(1)?,
        row.string(2)?,
        row.int(3)?,
        row.moment(4)?,
        row.string(5)?,
        row.moment(6)?,
        row.moment(7)?,
    ))
}

fn unknown_state() -> Error {
    store::Error::Corrupt("state of an ASCP document".into()).into()
}

fn order((id, channel, code, state, due, doc, created, modified): Head) -> Result<SupplyOrder> {
    let state = OrderState::of(state).ok_or_else(unknown_state)?;
    Ok(SupplyOrder { id, channel, code, state, due, facts: read_doc("ascp_order", &doc)?, created, modified })
}

pub(in crate::hub) fn order_by_code(reader: &mut Reader, channel: i64, code: &str) -> Result<Option<SupplyOrder>> {
    let found =
        reader.query_opt(&format!("{ORDER} WHERE channel = ?1 AND code = ?2"), &[channel.into(), code.into()], head)?;
    found.map(order).transpose()
}

/// Announces [`order_by_code`].
pub(in crate::hub) fn foresee_order(tx: &mut Tx, channel: i64, code: &str) -> Result<()> {
    Ok(tx.foresee_nothing(&format!("{ORDER} WHERE channel = ?1 AND code = ?2"), &[channel.into(), code.into()])?)
}

/// Orders of the tenant behind `after`, in a state or in any.
pub(in crate::hub) fn orders(
    reader: &mut Reader,
    state: Option<OrderState>,
    after: i64,
    limit: i64,
) -> Result<Vec<SupplyOrder>> {
    let tenant = reader.tenant();
    let found = match state {
        Some(state) => reader.query(
            &format!("{ORDER} WHERE tenant = ?1 AND state = ?2 AND id > ?3 ORDER BY id LIMIT ?4"),
            &[tenant.into(), state.code().into(), after.into(), limit.into()],
            head,
        )?,
        None => reader.query(
            &format!("{ORDER} WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3"),
            &[after.max(tenant.id(0)).into(), tenant.id(-1).into(), limit.into()],
            head,
        )?,
    };
    found.into_iter().map(order).collect()
}

/// Orders whose deadline has come.
pub(in crate::hub) fn due_orders(reader: &mut Reader, now: Moment, limit: i64) -> Result<Vec<SupplyOrder>> {
    let tenant = reader.tenant();
    let found = reader.query(
        &format!("{ORDER} WHERE tenant = ?1 AND due > 0 AND due <= ?2 ORDER BY due, id LIMIT ?3"),
        &[tenant.into(), now.into(), limit.into()],
        head,
    )?;
    found.into_iter().map(order).collect()
}

pub(in crate::hub) fn insert_order(tx: &mut Tx, order: &SupplyOrder) -> Result<()> {
    let (tenant, doc) = (tx.tenant(), write_doc("ascp_order", &order.facts)?);
    Ok(tx.put(
        "INSERT INTO ascp_order (id, tenant, channel, code, state, due, doc, created, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            order.id.into(),
            tenant.into(),
            order.channel.into(),
            (&order.code).into(),
            order.state.code().into(),
            order.due.into(),
            (&doc).into(),
            order.created.into(),
            order.modified.into(),
        ],
    )?)
}

pub(in crate::hub) fn update_order(tx: &mut Tx, order: &SupplyOrder) -> Result<()> {
    let doc = write_doc("ascp_order", &order.facts)?;
    Ok(tx.put(
        "UPDATE ascp_order SET state = ?2, due = ?3, doc = ?4, modified = ?5 WHERE id = ?1",
        &[order.id.into(), order.state.code().into(), order.due.into(), (&doc).into(), order.modified.into()],
    )?)
}

/// How many orders of the tenant are in each state.
pub(in crate::hub) fn count_orders(reader: &mut Reader, channel: i64) -> Result<Vec<(OrderState, i64)>> {
    let tenant = reader.tenant();
    let rows = reader.query(
        "SELECT state, COUNT(*) FROM ascp_order WHERE tenant = ?1 AND channel = ?2 GROUP BY state ORDER BY state",
        &[tenant.into(), channel.into()],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?;
    Ok(rows.into_iter().filter_map(|(state, count)| Some((OrderState::of(state)?, count))).collect())
}

type ReverseHead = (i64, i64, String, String, i64, Moment, String, Moment, Moment);

fn reverse_head(row: &Row<'_>) -> store::Result<ReverseHead> {
    Ok((
        row.int(0)?,
        row.int(1)?,
        row.string(2)?,
        row.string(3)?,
        row.int(4)?,
        row.moment(5)?,
        row.string(6)?,
        row.moment(7)?,
        row.moment(8)?,
    ))
}

fn reverse((id, channel, code, forward, state, due, doc, created, modified): ReverseHead) -> Result<ReturnOrder> {
    let state = ReverseState::of(state).ok_or_else(unknown_state)?;
    Ok(ReturnOrder {
        id,
        channel,
        code,
        forward,
        state,
        due,
        facts: read_doc("ascp_reverse", &doc)?,
        created,
        modified,
    })
}

pub(in crate::hub) fn reverse_by_code(reader: &mut Reader, channel: i64, code: &str) -> Result<Option<ReturnOrder>> {
    let sql = format!("{REVERSE} WHERE channel = ?1 AND code = ?2");
    reader.query_opt(&sql, &[channel.into(), code.into()], reverse_head)?.map(reverse).transpose()
}

/// The returns of a forward order.
pub(in crate::hub) fn reverses_of(reader: &mut Reader, channel: i64, forward: &str) -> Result<Vec<ReturnOrder>> {
    let sql = format!("{REVERSE} WHERE channel = ?1 AND forward = ?2 ORDER BY id");
    reader.query(&sql, &[channel.into(), forward.into()], reverse_head)?.into_iter().map(reverse).collect()
}

/// Returns of the tenant behind `after`, in a state or in any.
pub(in crate::hub) fn reverses(
    reader: &mut Reader,
    state: Option<ReverseState>,
    after: i64,
    limit: i64,
) -> Result<Vec<ReturnOrder>> {
    let tenant = reader.tenant();
    let found = match state {
        Some(state) => reader.query(
            &format!("{REVERSE} WHERE tenant = ?1 AND state = ?2 AND id > ?3 ORDER BY id LIMIT ?4"),
            &[tenant.into(), state.code().into(), after.into(), limit.into()],
            reverse_head,
        )?,
        None => reader.query(
            &format!("{REVERSE} WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3"),
            &[after.max(tenant.id(0)).into(), tenant.id(-1).into(), limit.into()],
            reverse_head,
        )?,
    };
    found.into_iter().map(reverse).collect()
}

/// Returns whose deadline has come.
pub(in crate::hub) fn due_reverses(reader: &mut Reader, now: Moment, limit: i64) -> Result<Vec<ReturnOrder>> {
    let tenant = reader.tenant();
    let found = reader.query(
        &format!("{REVERSE} WHERE tenant = ?1 AND due > 0 AND due <= ?2 ORDER BY due, id LIMIT ?3"),
        &[tenant.into(), now.into(), limit.into()],
        reverse_head,
    )?;
    found.into_iter().map(reverse).collect()
}

/// Stores a return; `people` are sealed here.
pub(in crate::hub) fn insert_reverse(tx: &mut Tx, reverse: &ReturnOrder, people: &str) -> Result<()> {
    let (tenant, doc) = (tx.tenant(), write_doc("ascp_reverse", &reverse.facts)?);
    let sealed = tx.vault().seal(&people_context(reverse.id), people.as_bytes());
    Ok(tx.put(
        "INSERT INTO ascp_reverse (id, tenant, channel, code, forward, state, due, doc, sealed, created, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &[
            reverse.id.into(),
            tenant.into(),
            reverse.channel.into(),
            (&reverse.code).into(),
            (&reverse.forward).into(),
            reverse.state.code().into(),
            reverse.due.into(),
            (&doc).into(),
            (&sealed).into(),
            reverse.created.into(),
            reverse.modified.into(),
        ],
    )?)
}

pub(in crate::hub) fn update_reverse(tx: &mut Tx, reverse: &ReturnOrder) -> Result<()> {
    let doc = write_doc("ascp_reverse", &reverse.facts)?;
    Ok(tx.put(
        "UPDATE ascp_reverse SET state = ?2, due = ?3, doc = ?4, modified = ?5 WHERE id = ?1",
        &[reverse.id.into(), reverse.state.code().into(), reverse.due.into(), (&doc).into(), reverse.modified.into()],
    )?)
}

/// Sender and receiver of a return, as JSON.
pub(in crate::hub) fn reverse_people(reader: &mut Reader, id: i64) -> Result<String> {
    let sealed = reader
        .query_one("SELECT sealed FROM ascp_reverse WHERE id = ?1", &[id.into()], |row| Ok(row.bytes(0)?.to_vec()))?;
    Ok(reader.vault().open_text(&people_context(id), &sealed).map_err(store::Error::from)?)
}

fn people_context(id: i64) -> Vec<u8> {
    format!("ascp_reverse.people:{id}").into_bytes()
}

/// Decided cancels, published goods, reported and refused returns of a channel.
pub(in crate::hub) fn activity(reader: &mut Reader, channel: i64) -> Result<[i64; 4]> {
    let mut count = |sql: &str| reader.query_one(sql, &[channel.into()], |row| row.int(0));
    Ok([
        count("SELECT COUNT(*) FROM ascp_message WHERE channel = ?1 AND kind = 'cancel' AND state = 0")?,
        count(
            "SELECT COUNT(*) FROM ascp_goods WHERE channel = ?1 AND doc LIKE '%\"published\":_%' AND doc NOT LIKE '%\"published\":null%'",
        )?,
        count("SELECT COUNT(*) FROM ascp_reverse WHERE channel = ?1 AND state IN (50, 60)")?,
        count("SELECT COUNT(*) FROM ascp_reverse WHERE channel = ?1 AND state = 55")?,
    ])
}
