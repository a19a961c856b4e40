//! SQL of what was paid for a spec.

use std::collections::HashMap;

use store::{Reader, Tx, Value};

use crate::catalog::places;
use crate::purchase::PriceHistory;
use crate::{Result, values};

pub(in crate::purchase) fn prices(reader: &mut Reader, specs: &[i64]) -> Result<HashMap<i64, PriceHistory>> {
    if specs.is_empty() {
        return Ok(HashMap::new());
    }
    let values: Vec<Value<'_>> = specs.iter().map(|spec| Value::from(*spec)).collect();
    let sql =
        format!("SELECT spec, last, second, lowest FROM purchase_price WHERE spec IN ({})", places(1, specs.len()));
    let found = reader.query(&sql, &values, |row| {
        Ok((row.int(0)?, PriceHistory { last: row.money(1)?, second: row.money(2)?, lowest: row.money(3)? }))
    })?;
    Ok(found.into_iter().collect())
}

pub(in crate::purchase) fn save_price(tx: &mut Tx, spec: i64, price: &PriceHistory) -> Result<()> {
    tx.put(
        "INSERT INTO purchase_price (spec, last, second, lowest) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (spec) DO UPDATE SET last = ?2, second = ?3, lowest = ?4",
        values![spec, price.last, price.second, price.lowest],
    )?;
    Ok(())
}
