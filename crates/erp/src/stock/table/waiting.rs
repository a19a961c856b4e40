//! Lines that wait for stock, in the order of their places.

use store::{Reader, Tx};
use units::Quantity;

use crate::stock::reserve::Need;
use crate::{Result, values};

/// Places are counted in these steps, so that the parts of a line that is split can stand one behind the other.
const PLACES: i64 = 1024;

pub(in crate::stock) fn enqueue(tx: &mut Tx, need: &Need<'_>) -> Result<()> {
    let place = tx.next("waiting")? * PLACES;
    tx.put(
        "INSERT INTO waiting_line (warehouse, spec, place, line, sales_order, num) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        values![need.warehouse, need.spec, place, need.line, need.order, need.num],
    )?;
    Ok(())
}

pub(in crate::stock) fn dequeue(tx: &mut Tx, warehouse: i64, spec: i64, line: i64) -> Result<()> {
    tx.put(
        "DELETE FROM waiting_line WHERE warehouse = ?1 AND spec = ?2 AND line = ?3",
        values![warehouse, spec, line],
    )?;
    Ok(())
}

/// The line waits at its place for another order.
pub(in crate::stock) fn requeue(tx: &mut Tx, from: &Need<'_>, to: &Need<'_>) -> Result<()> {
    tx.put(
        "UPDATE waiting_line SET sales_order = ?4, line = ?5 WHERE warehouse = ?1 AND spec = ?2 AND line = ?3",
        values![from.warehouse, from.spec, from.line, to.order, to.line],
    )?;
    Ok(())
}

/// `rest` keeps its place with fewer pieces, `part` gets the next free place behind it.
pub(in crate::stock) fn split_place(tx: &mut Tx, rest: &Need<'_>, part: &Need<'_>) -> Result<()> {
    let place = tx.query_one(
        "SELECT place FROM waiting_line WHERE warehouse = ?1 AND spec = ?2 AND line = ?3",
        values![rest.warehouse, rest.spec, rest.line],
        |row| row.int(0),
    )?;
    let end = (place / PLACES + 1) * PLACES;
    let taken = tx.query(
        "SELECT place FROM waiting_line WHERE warehouse = ?1 AND spec = ?2 AND place > ?3 AND place < ?4 ORDER BY place",
        values![rest.warehouse, rest.spec, place, end],
        |row| row.int(0),
    )?;
    let Some(next) = (place + 1..end).find(|next| !taken.contains(next)) else {
        return Err(crate::Refusal::Invalid { field: "num", why: "该行拆分次数过多" }.into());
    };
    tx.put(
        "UPDATE waiting_line SET num = ?4 WHERE warehouse = ?1 AND spec = ?2 AND line = ?3",
        values![rest.warehouse, rest.spec, rest.line, rest.num],
    )?;
    tx.put(
        "INSERT INTO waiting_line (warehouse, spec, place, line, sales_order, num) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        values![part.warehouse, part.spec, next, part.line, part.order, part.num],
    )?;
    Ok(())
}

/// A line waits for fewer pieces; it keeps its place.
pub(in crate::stock) fn shrink_waiting(tx: &mut Tx, warehouse: i64, spec: i64, line: i64, num: Quantity) -> Result<()> {
    tx.put(
        "UPDATE waiting_line SET num = ?4 WHERE warehouse = ?1 AND spec = ?2 AND line = ?3",
        values![warehouse, spec, line, num],
    )?;
    Ok(())
}

/// A line that waits.
pub(in crate::stock) struct Waiting {
    pub(in crate::stock) line: i64,
    pub(in crate::stock) order: i64,
    pub(in crate::stock) num: Quantity,
}

pub(in crate::stock) fn first_waiting(reader: &mut Reader, warehouse: i64, spec: i64) -> Result<Option<Waiting>> {
    Ok(reader.query_opt(
        "SELECT line, sales_order, num FROM waiting_line WHERE warehouse = ?1 AND spec = ?2 ORDER BY place LIMIT 1",
        values![warehouse, spec],
        |row| Ok(Waiting { line: row.int(0)?, order: row.int(1)?, num: row.quantity(2)? }),
    )?)
}
