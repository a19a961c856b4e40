//! SQL of bins and batches.

use store::{Reader, Tx};
use units::Quantity;

use crate::{Result, values};

pub(in crate::stock) fn position_exists(reader: &mut Reader, warehouse: i64, no: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM position WHERE warehouse = ?1 AND no = ?2";
    Ok(reader.query_opt(sql, values![warehouse, no], |row| row.int(0))?.is_some())
}

pub(in crate::stock) fn save_position(tx: &mut Tx, warehouse: i64, no: &str) -> Result<()> {
    let tenant = tx.tenant().0;
    tx.put(
        "INSERT INTO position (tenant, warehouse, no) VALUES (?1, ?2, ?3) ON CONFLICT (warehouse, no) DO NOTHING",
        values![tenant, warehouse, no],
    )?;
    Ok(())
}

pub(in crate::stock) fn batch_exists(reader: &mut Reader, spec: i64, no: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM batch WHERE spec = ?1 AND no = ?2";
    Ok(reader.query_opt(sql, values![spec, no], |row| row.int(0))?.is_some())
}

pub(in crate::stock) fn save_batch(tx: &mut Tx, spec: i64, no: &str) -> Result<()> {
    let tenant = tx.tenant().0;
    tx.put(
        "INSERT INTO batch (tenant, spec, no) VALUES (?1, ?2, ?3) ON CONFLICT (spec, no) DO NOTHING",
        values![tenant, spec, no],
    )?;
    Ok(())
}

pub(in crate::stock) fn in_bin(reader: &mut Reader, balance: i64, position: &str) -> Result<Quantity> {
    let sql = "SELECT num FROM bin WHERE balance = ?1 AND position = ?2";
    Ok(reader.query_opt(sql, values![balance, position], |row| row.quantity(0))?.unwrap_or_default())
}

pub(in crate::stock) fn in_bins(reader: &mut Reader, balance: i64) -> Result<Quantity> {
    let sql = "SELECT CAST(COALESCE(SUM(num), 0) AS BIGINT) FROM bin WHERE balance = ?1";
    Ok(reader.query_one(sql, values![balance], |row| row.quantity(0))?)
}

pub(in crate::stock) fn bins_of(reader: &mut Reader, balance: i64) -> Result<Vec<(String, Quantity)>> {
    let sql = "SELECT position, num FROM bin WHERE balance = ?1 AND num <> 0 ORDER BY position";
    Ok(reader.query(sql, values![balance], |row| Ok((row.string(0)?, row.quantity(1)?)))?)
}

pub(in crate::stock) fn add_to_bin(tx: &mut Tx, balance: i64, position: &str, num: Quantity) -> Result<()> {
    tx.put(
        "INSERT INTO bin (balance, position, num) VALUES (?1, ?2, ?3)
         ON CONFLICT (balance, position) DO UPDATE SET num = bin.num + ?3",
        values![balance, position, num],
    )?;
    Ok(())
}
