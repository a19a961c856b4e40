//! SQL of the notes to balances.

use std::collections::HashMap;

use store::{Reader, Tx};

use crate::stock::StockNote;
use crate::{Result, values};

pub(in crate::stock) fn note_counted(tx: &mut Tx, balance: i64) -> Result<()> {
    let now = tx.now();
    tx.put(
        "INSERT INTO stock_note (balance, last_pd, wms_stock, wms_stock_diff, wms_preempty, wms_preempty_diff, wms_time)
         VALUES (?1, ?2, 0, 0, 0, 0, 0) ON CONFLICT (balance) DO UPDATE SET last_pd = ?2",
        values![balance, now],
    )?;
    Ok(())
}

pub(in crate::stock) fn note_wms(tx: &mut Tx, balance: i64, note: &StockNote) -> Result<()> {
    tx.put(
        "INSERT INTO stock_note (balance, last_pd, wms_stock, wms_stock_diff, wms_preempty, wms_preempty_diff, wms_time)
         VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (balance) DO UPDATE SET wms_stock = ?2, wms_stock_diff = ?3, wms_preempty = ?4,
             wms_preempty_diff = ?5, wms_time = ?6",
        values![
            balance,
            note.wms_stock,
            note.wms_stock_diff,
            note.wms_preempty,
            note.wms_preempty_diff,
            note.wms_time
        ],
    )?;
    Ok(())
}

/// The notes to these balances (a page of them), read together.
pub(in crate::stock) fn notes(reader: &mut Reader, balances: &[i64]) -> Result<HashMap<i64, StockNote>> {
    if balances.is_empty() {
        return Ok(HashMap::new());
    }
    let list = balances.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT balance, last_pd, wms_stock, wms_stock_diff, wms_preempty, wms_preempty_diff, wms_time FROM stock_note
         WHERE balance IN ({list})"
    );
    let rows = reader.query(&sql, &[], |row| {
        let note = StockNote {
            last_pd: row.moment(1)?,
            wms_stock: row.quantity(2)?,
            wms_stock_diff: row.quantity(3)?,
            wms_preempty: row.quantity(4)?,
            wms_preempty_diff: row.quantity(5)?,
            wms_time: row.moment(6)?,
        };
        Ok((row.int(0)?, note))
    })?;
    Ok(rows.into_iter().collect())
}
