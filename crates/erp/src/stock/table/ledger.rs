//! The ledger of stock, and what compares balances with it.

use store::{Reader, Row, Tenant, Tx};
use units::Quantity;

use super::{BALANCE, balance};
use crate::stock::balance::{QUANTITIES, QuantityColumn};
use crate::stock::ledger::LedgerRow;
use crate::{Result, values};

pub(in crate::stock) fn insert_ledger(
    tx: &mut Tx,
    balance: i64,
    column: QuantityColumn,
    before: Quantity,
    after: Quantity,
    document: &str,
) -> Result<()> {
    let (id, tenant, receipt, now) = (tx.document_id("ledger")?, tx.tenant().0, tx.receipt(), tx.now());
    tx.put(
        "INSERT INTO ledger (id, tenant, balance, quantity, delta, before, after, doc_no, receipt, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        values![id, tenant, balance, column as i64, after - before, before, after, document, receipt, now],
    )?;
    Ok(())
}

/// Rows of the merchant's ledger that are looked through for those of one balance.
const LOOKED_BACK: i64 = 5_000;

/// Movements of a spec's good stock in a warehouse among the newest of the merchant, newest first.
pub(in crate::stock) fn recent_moves(reader: &mut Reader, warehouse: i64, spec: i64) -> Result<Vec<LedgerRow>> {
    let tenant = reader.tenant();
    Ok(reader.query(
        "SELECT l.id, balance.warehouse, balance.spec, balance.defect, quantity, delta, before, after, doc_no, receipt, at
         FROM (SELECT * FROM ledger WHERE tenant = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4) AS l
         JOIN balance ON balance.id = l.balance
         WHERE balance.warehouse = ?5 AND balance.spec = ?6 AND balance.defect = 0 ORDER BY l.id DESC",
        values![tenant.0, tenant.id(0), Tenant(tenant.0 + 1).id(0), LOOKED_BACK, warehouse, spec],
        ledger_row,
    )?)
}

fn ledger_row(row: &Row<'_>) -> store::Result<LedgerRow> {
    let column = usize::try_from(row.int(4)?).ok().and_then(|i| QUANTITIES.get(i)).copied();
    Ok(LedgerRow {
        id: row.int(0)?,
        warehouse: row.int(1)?,
        spec: row.int(2)?,
        defect: row.int(3)?,
        column: column.unwrap_or(QuantityColumn::Stock),
        delta: row.quantity(5)?,
        before: row.quantity(6)?,
        after: row.quantity(7)?,
        document: row.string(8)?,
        receipt: row.int(9)?,
        at: row.moment(10)?,
    })
}

pub(in crate::stock) fn ledger_of(reader: &mut Reader, document: &str) -> Result<Vec<LedgerRow>> {
    let tenant = reader.tenant().0;
    Ok(reader.query(
        "SELECT l.id, balance.warehouse, balance.spec, balance.defect, quantity, delta, before, after, doc_no, receipt, at
         FROM (SELECT * FROM ledger WHERE tenant = ?1 AND doc_no = ?2
               UNION ALL SELECT * FROM ledger_archive WHERE tenant = ?1 AND doc_no = ?2) AS l
         JOIN balance ON balance.id = l.balance ORDER BY l.id",
        values![tenant, document],
        ledger_row,
    )?)
}

/// What was carried forward and differs from the archived rows: key, column number, carried, archived. Over all merchants.
pub(in crate::stock) fn carry_differences(reader: &mut Reader) -> Result<Vec<(i64, i64, Quantity, Quantity)>> {
    let mut sums = std::collections::HashMap::new();
    let archived =
        "SELECT balance, quantity, CAST(SUM(delta) AS BIGINT) FROM ledger_archive GROUP BY balance, quantity";
    reader.each(archived, values![], |row| {
        sums.insert((row.int(0)?, row.int(1)?), row.quantity(2)?);
        Ok(())
    })?;
    let mut differences = Vec::new();
    reader.each("SELECT balance, quantity, num FROM ledger_carry", values![], |row| {
        let key = (row.int(0)?, row.int(1)?);
        let (carried, archived) = (row.quantity(2)?, sums.remove(&key).unwrap_or_default());
        if carried != archived {
            differences.push((key.0, key.1, carried, archived));
        }
        Ok(())
    })?;
    differences.extend(sums.into_iter().map(|((balance, column), sum)| (balance, column, Quantity::ZERO, sum)));
    Ok(differences)
}

/// Balances that differ from the sum of their ledger and of what was carried forward: key, column number, kept, summed. Over all merchants.
pub(in crate::stock) fn ledger_differences(reader: &mut Reader) -> Result<Vec<(i64, i64, Quantity, Quantity)>> {
    let mut sums = std::collections::HashMap::new();
    reader.each(
        "SELECT balance, quantity, CAST(SUM(delta) AS BIGINT) FROM
             (SELECT balance, quantity, delta FROM ledger UNION ALL SELECT balance, quantity, num FROM ledger_carry) AS l
         GROUP BY balance, quantity",
        values![],
        |row| {
            sums.insert((row.int(0)?, row.int(1)?), row.quantity(2)?);
            Ok(())
        },
    )?;
    let mut differences = Vec::new();
    let sql = format!("SELECT {BALANCE} FROM balance ORDER BY id");
    reader.each(&sql, values![], |row| {
        let balance = balance(row)?;
        for (number, column) in (0i64..).zip(QUANTITIES) {
            let kept = balance.quantities.get(*column);
            let summed = sums.remove(&(balance.id, number)).unwrap_or_default();
            if kept != summed {
                differences.push((balance.id, number, kept, summed));
            }
        }
        Ok(())
    })?;
    differences.extend(sums.into_iter().map(|((balance, column), summed)| (balance, column, Quantity::ZERO, summed)));
    Ok(differences)
}

/// Good stock promised beyond what is on hand without leave: key and how many. Over all merchants.
pub(in crate::stock) fn oversold(reader: &mut Reader) -> Result<Vec<(i64, Quantity)>> {
    let sql = format!("SELECT {BALANCE} FROM balance WHERE defect = 0 ORDER BY id");
    let mut found = Vec::new();
    reader.each(&sql, values![], |row| {
        let balance = balance(row)?;
        let beyond = balance.oversold() - balance.short;
        if beyond.is_positive() {
            found.push((balance.id, beyond));
        }
        Ok(())
    })?;
    Ok(found)
}
