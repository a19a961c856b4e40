//! Orders and returns of the simulator.

use store::{Reader, Row, Tx};
use units::Moment;

use super::{read_doc, write_doc};
use crate::platform::error::Result;
use crate::platform::order::{SimOrder, SimOrderState};
use crate::platform::reverse::{SimReverse, SimReverseState};

const ORDER: &str = "SELECT id, code, state, doc, created FROM ascp_sim_order";
const REVERSE: &str = "SELECT id, code, forward, state, refund_due, doc, created FROM ascp_sim_reverse";

fn corrupt() -> store::Error {
    store::Error::Corrupt("state of a document of the simulator".into())
}

fn head(row: &Row<'_>) -> store::Result<(i64, String, i64, String, Moment)> {
    Ok((row.int(0)?, row.string(1)?, row.int(2)?, row.string(3)?, row.moment(4)?))
}

fn made((id, code, state, doc, created): (i64, String, i64, String, Moment)) -> Result<SimOrder> {
    let state = SimOrderState::of(state).ok_or_else(corrupt)?;
    Ok(SimOrder { id, code, state, facts: read_doc(&doc)?, created })
}

pub(in crate::platform) fn order(reader: &mut Reader, code: &str) -> Result<Option<SimOrder>> {
    let tenant = reader.tenant();
    let sql = format!("{ORDER} WHERE tenant = ?1 AND code = ?2");
    reader.query_opt(&sql, &[tenant.into(), code.into()], head)?.map(made).transpose()
}

/// Orders behind `after`, oldest first.
pub(in crate::platform) fn orders(reader: &mut Reader, after: i64, limit: i64) -> Result<Vec<SimOrder>> {
    let tenant = reader.tenant();
    let sql = format!("{ORDER} WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3");
    let rows = reader.query(&sql, &[after.max(tenant.id(0)).into(), tenant.id(-1).into(), limit.into()], head)?;
    rows.into_iter().map(made).collect()
}

pub(in crate::platform) fn count_orders(
    reader: &mut Reader,
    supplier_id: &str,
    from: Moment,
    to: Moment,
) -> Result<i64> {
    let tenant = reader.tenant();
    Ok(reader.query_one(
        "SELECT COUNT(*) FROM ascp_sim_order WHERE tenant = ?1 AND supplier_id = ?2 AND created >= ?3 AND created < ?4",
        &[tenant.into(), supplier_id.into(), from.into(), to.into()],
        |row| row.int(0),
    )?)
}

/// Stores an order with its request, sealed: it names a consignee.
pub(in crate::platform) fn insert_order(tx: &mut Tx, order: &SimOrder, request: &str) -> Result<()> {
    let (tenant, doc) = (tx.tenant(), write_doc(&order.facts)?);
    let sealed = tx.vault().seal(&context(order.id), request.as_bytes());
    Ok(tx.put(
        "INSERT INTO ascp_sim_order (id, tenant, supplier_id, code, state, doc, sealed, created, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
        &[
            order.id.into(),
            tenant.into(),
            (&order.facts.supplier_id).into(),
            (&order.code).into(),
            order.state.code().into(),
            (&doc).into(),
            (&sealed).into(),
            order.created.into(),
        ],
    )?)
}

/// The request of an order, as it was pushed.
pub(in crate::platform) fn order_request(reader: &mut Reader, id: i64) -> Result<String> {
    let sql = "SELECT sealed FROM ascp_sim_order WHERE id = ?1";
    let sealed = reader.query_one(sql, &[id.into()], |row| Ok(row.bytes(0)?.to_vec()))?;
    Ok(reader.vault().open_text(&context(id), &sealed).map_err(store::Error::from)?)
}

fn context(id: i64) -> Vec<u8> {
    format!("ascp_sim_order.request:{id}").into_bytes()
}

pub(in crate::platform) fn update_order(tx: &mut Tx, order: &SimOrder) -> Result<()> {
    let (now, doc) = (tx.now(), write_doc(&order.facts)?);
    Ok(tx.put(
        "UPDATE ascp_sim_order SET state = ?2, doc = ?3, modified = ?4 WHERE id = ?1",
        &[order.id.into(), order.state.code().into(), (&doc).into(), now.into()],
    )?)
}

type ReverseHead = (i64, String, String, i64, Moment, String, Moment);

fn reverse_head(row: &Row<'_>) -> store::Result<ReverseHead> {
    Ok((row.int(0)?, row.string(1)?, row.string(2)?, row.int(3)?, row.moment(4)?, row.string(5)?, row.moment(6)?))
}

fn reversed((id, code, forward, state, refund_due, doc, created): ReverseHead) -> Result<SimReverse> {
    let state = SimReverseState::of(state).ok_or_else(corrupt)?;
    Ok(SimReverse { id, code, forward, state, refund_due, facts: read_doc(&doc)?, created })
}

pub(in crate::platform) fn reverse(reader: &mut Reader, code: &str) -> Result<Option<SimReverse>> {
    let tenant = reader.tenant();
    let sql = format!("{REVERSE} WHERE tenant = ?1 AND code = ?2");
    reader.query_opt(&sql, &[tenant.into(), code.into()], reverse_head)?.map(reversed).transpose()
}

pub(in crate::platform) fn reverses_of(reader: &mut Reader, forward: &str) -> Result<Vec<SimReverse>> {
    let tenant = reader.tenant();
    let sql = format!("{REVERSE} WHERE tenant = ?1 AND forward = ?2 ORDER BY id");
    reader.query(&sql, &[tenant.into(), forward.into()], reverse_head)?.into_iter().map(reversed).collect()
}

/// Returns behind `after`, oldest first.
pub(in crate::platform) fn reverses(reader: &mut Reader, after: i64, limit: i64) -> Result<Vec<SimReverse>> {
    let tenant = reader.tenant();
    let sql = format!("{REVERSE} WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3");
    let rows =
        reader.query(&sql, &[after.max(tenant.id(0)).into(), tenant.id(-1).into(), limit.into()], reverse_head)?;
    rows.into_iter().map(reversed).collect()
}

pub(in crate::platform) fn due_refunds(reader: &mut Reader, now: Moment, limit: i64) -> Result<Vec<SimReverse>> {
    let tenant = reader.tenant();
    let sql =
        format!("{REVERSE} WHERE refund_due > 0 AND refund_due <= ?1 AND tenant = ?2 ORDER BY refund_due, id LIMIT ?3");
    let rows = reader.query(&sql, &[now.into(), tenant.into(), limit.into()], reverse_head)?;
    rows.into_iter().map(reversed).collect()
}

pub(in crate::platform) fn insert_reverse(tx: &mut Tx, reverse: &SimReverse) -> Result<()> {
    let (tenant, doc) = (tx.tenant(), write_doc(&reverse.facts)?);
    Ok(tx.put(
        "INSERT INTO ascp_sim_reverse (id, tenant, supplier_id, code, forward, state, refund_due, doc, created, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
        &[
            reverse.id.into(),
            tenant.into(),
            (&reverse.facts.supplier_id).into(),
            (&reverse.code).into(),
            (&reverse.forward).into(),
            reverse.state.code().into(),
            reverse.refund_due.into(),
            (&doc).into(),
            reverse.created.into(),
        ],
    )?)
}

pub(in crate::platform) fn update_reverse(tx: &mut Tx, reverse: &SimReverse) -> Result<()> {
    let (now, doc) = (tx.now(), write_doc(&reverse.facts)?);
    Ok(tx.put(
        "UPDATE ascp_sim_reverse SET state = ?2, refund_due = ?3, doc = ?4, modified = ?5 WHERE id = ?1",
        &[reverse.id.into(), reverse.state.code().into(), reverse.refund_due.into(), (&doc).into(), now.into()],
    )?)
}
