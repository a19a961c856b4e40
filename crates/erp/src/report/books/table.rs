//! The SQL of the books: only reads.

use std::collections::{HashMap, HashSet};

use store::{Reader, Row};
use units::Quantity;

use crate::stock::{QUANTITIES, QuantityColumn, StockOutKind};
use crate::{Result, values};

/// A balance as it is stored, with the names people use.
pub(super) struct Kept {
    pub(super) id: i64,
    pub(super) warehouse: i64,
    pub(super) spec: i64,
    pub(super) defect: i64,
    names: String,
    quantities: Vec<Quantity>,
}

impl Kept {
    /// Every column with its quantity.
    pub(super) fn columns(&self) -> impl Iterator<Item = (QuantityColumn, Quantity)> {
        QUANTITIES.iter().copied().zip(self.quantities.iter().copied())
    }

    pub(super) fn get(&self, column: QuantityColumn) -> Quantity {
        self.columns().find(|(of, _)| *of == column).map(|(_, quantity)| quantity).unwrap_or_default()
    }

    /// On hand and promised to nobody.
    pub(super) fn free(&self) -> Quantity {
        use QuantityColumn as C;
        let promised = [C::Lock, C::Subscribe, C::Order, C::Sending, C::ToTransfer, C::PurchaseReturn];
        promised.into_iter().fold(self.get(C::Stock), |free, column| free - self.get(column))
    }

    /// `WH01 A-RED`, and whether it is defective stock.
    pub(super) fn name(&self) -> String {
        if self.defect == 0 { self.names.clone() } else { format!("{} (defective)", self.names) }
    }

    fn read(row: &Row<'_>) -> store::Result<Self> {
        let quantities = (0..QUANTITIES.len()).map(|i| row.quantity(6 + i)).collect::<store::Result<_>>()?;
        Ok(Self {
            id: row.int(0)?,
            warehouse: row.int(1)?,
            spec: row.int(2)?,
            defect: row.int(3)?,
            names: format!("{} {}", row.text(4)?, row.text(5)?),
            quantities,
        })
    }
}

/// All balances of the merchant.
pub(super) fn balances(reader: &mut Reader) -> Result<Vec<Kept>> {
    let columns: Vec<String> = QUANTITIES.iter().map(|column| format!("b.{}", column.name())).collect();
    let sql = format!(
        "SELECT b.id, b.warehouse, b.spec, b.defect, w.no, s.no, {} FROM balance b JOIN warehouse w ON w.id = b.warehouse \
         JOIN spec s ON s.id = b.spec WHERE b.tenant = ?1 ORDER BY b.id",
        columns.join(", ")
    );
    Ok(reader.query(&sql, values![reader.tenant().0], Kept::read)?)
}

/// The sum of the ledger by balance and number of the column.
pub(super) fn sums(reader: &mut Reader) -> Result<HashMap<(i64, i64), Quantity>> {
    let mut sums = HashMap::new();
    reader.each(
        "SELECT balance, quantity, CAST(SUM(delta) AS BIGINT) FROM ledger WHERE tenant = ?1 GROUP BY balance, quantity",
        values![reader.tenant().0],
        |row| {
            sums.insert((row.int(0)?, row.int(1)?), row.quantity(2)?);
            Ok(())
        },
    )?;
    sums.retain(|_, sum| *sum != Quantity::ZERO);
    Ok(sums)
}

/// Rows of a table by the number in its column of states.
pub(super) fn states(reader: &mut Reader, table: &str, column: &str) -> Result<Vec<(i64, i64)>> {
    let sql = format!("SELECT {column}, COUNT(*) FROM {table} WHERE tenant = ?1 GROUP BY {column} ORDER BY {column}");
    Ok(reader.query(&sql, values![reader.tenant().0], |row| Ok((row.int(0)?, row.int(1)?)))?)
}

/// Keys of the balances in which a stock-taking found less than was thought.
pub(super) fn counted(reader: &mut Reader) -> Result<HashSet<i64>> {
    let sql = "SELECT DISTINCT l.balance FROM warehouse_out o JOIN ledger l ON l.tenant = o.tenant AND l.doc_no = o.no \
               WHERE o.tenant = ?1 AND o.kind = ?2";
    let found = reader.query(sql, values![reader.tenant().0, StockOutKind::Loss.code()], |row| row.int(0))?;
    Ok(found.into_iter().collect())
}
