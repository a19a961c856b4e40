//! SQL of the archive: moving rows between a table and its archive, carrying the ledger forward, counting.

use store::{Reader, Tx};
use units::Moment;

use super::{Cursor, Holding};
use crate::catalog::key_list;
use crate::{Result, values};

/// Moves rows into the archive of their table, by a key column.
pub(crate) fn put_away(tx: &mut Tx, table: &str, column: &str, keys: &[i64]) -> Result<()> {
    shift(tx, table, &format!("{table}_archive"), column, keys)
}

/// Moves rows back.
pub(crate) fn bring_back(tx: &mut Tx, table: &str, column: &str, keys: &[i64]) -> Result<()> {
    shift(tx, &format!("{table}_archive"), table, column, keys)
}

fn shift(tx: &mut Tx, from: &str, to: &str, column: &str, keys: &[i64]) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let list = key_list(keys);
    tx.put(&format!("INSERT INTO {to} SELECT * FROM {from} WHERE {column} IN ({list})"), &[])?;
    tx.put(&format!("DELETE FROM {from} WHERE {column} IN ({list})"), &[])?;
    Ok(())
}

/// Moves the oldest ledger rows and adds what they changed to what is carried forward. Keys ascend in time.
pub(super) fn carry_ledger_forward(tx: &mut Tx, before: Moment, after: Cursor, limit: i64) -> Result<Option<Cursor>> {
    let tenant = tx.tenant();
    let rows = tx.query(
        "SELECT id, at FROM ledger WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3",
        values![tenant.id(store::wire_id(after.id)), tenant.id(-1), limit],
        |row| Ok((row.int(0)?, row.moment(1)?)),
    )?;
    let old: Vec<i64> = rows.iter().take_while(|(_, at)| *at < before).map(|(id, _)| *id).collect();
    let (Some(first), Some(last)) = (old.first().copied(), old.last().copied()) else { return Ok(None) };
    tx.put(
        "INSERT INTO ledger_carry (balance, quantity, num)
         SELECT balance, quantity, CAST(SUM(delta) AS BIGINT) FROM ledger WHERE id BETWEEN ?1 AND ?2
         GROUP BY balance, quantity
         ON CONFLICT (balance, quantity) DO UPDATE SET num = ledger_carry.num + excluded.num",
        values![first, last],
    )?;
    tx.put("INSERT INTO ledger_archive SELECT * FROM ledger WHERE id BETWEEN ?1 AND ?2", values![first, last])?;
    tx.put("DELETE FROM ledger WHERE id BETWEEN ?1 AND ?2", values![first, last])?;
    let whole = old.len() == rows.len() && i64::try_from(rows.len()).is_ok_and(|read| read == limit);
    Ok(whole.then_some(Cursor { modified: 0, id: last }))
}

/// The tables that have an archive.
const KINDS: &[&str] =
    &["raw_order", "sales_order", "stock_out", "logistics_sync", "refund_order", "stock_in", "ledger"];

pub(super) fn holdings(reader: &mut Reader) -> Result<Vec<Holding>> {
    let tenant = reader.tenant().0;
    let mut found = Vec::with_capacity(KINDS.len());
    for kind in KINDS {
        let mut count = |table: &str| {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE tenant = ?1");
            reader.query_one(&sql, values![tenant], |row| row.int(0))
        };
        found.push(Holding { kind, live: count(kind)?, archived: count(&format!("{kind}_archive"))? });
    }
    Ok(found)
}
