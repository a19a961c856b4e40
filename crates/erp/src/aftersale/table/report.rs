//! SQL of the day sums of returns.

use store::{Reader, Tx, Value};

use super::one_of;
use crate::aftersale::report::{Returned, ReturnedFilter};
use crate::catalog::{Conditions, Page, Rows};
use crate::{Result, values};

/// Adds to the sum of a day, shop, warehouse and spec.
pub(in crate::aftersale) fn add_returned(tx: &mut Tx, row: &Returned) -> Result<()> {
    let (tenant, now) = (tx.tenant().0, tx.now());
    tx.put(
        "INSERT INTO return_stat (tenant, day, shop, warehouse, spec, num, amount, cost, created, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)
         ON CONFLICT (tenant, day, shop, warehouse, spec) DO UPDATE SET num = return_stat.num + excluded.num,
             amount = return_stat.amount + excluded.amount, cost = return_stat.cost + excluded.cost,
             modified = excluded.modified",
        values![tenant, row.day, row.shop, row.warehouse, row.spec, row.num, row.amount, row.cost, now],
    )?;
    Ok(())
}

pub(in crate::aftersale) fn returned(
    reader: &mut Reader,
    filter: &ReturnedFilter,
    page: Page,
) -> Result<Rows<Returned>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and("day = ?", [Value::from(filter.day)]);
    one_of(&mut conditions, "shop", &filter.shops);
    one_of(&mut conditions, "warehouse", &filter.warehouses);
    let columns = "day, shop, warehouse, spec, num, amount, cost, created, modified";
    conditions.page_of(reader, "return_stat", columns, "shop, warehouse, spec", page, |row| {
        Ok(Returned {
            day: row.int(0)?,
            shop: row.int(1)?,
            warehouse: row.int(2)?,
            spec: row.int(3)?,
            num: row.quantity(4)?,
            amount: row.money(5)?,
            cost: row.money(6)?,
            created: row.moment(7)?,
            modified: row.moment(8)?,
        })
    })
}
