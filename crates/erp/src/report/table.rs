//! SQL of sales by day and of bills.

use store::{Reader, Tx, Value};
use units::{Day, Moment, Money, Quantity};

use super::bill::{Bill, BillFilter};
use super::sales::{SalesFilter, Share};
use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::{Result, values};

/// A stored row of the summary.
pub(super) struct Stored {
    pub(super) id: i64,
    pub(super) shop: i64,
    pub(super) warehouse: i64,
    pub(super) spec: i64,
    pub(super) num: Quantity,
    pub(super) amount: Money,
    pub(super) post: Money,
    pub(super) cost: Money,
    pub(super) created: Moment,
    pub(super) modified: Moment,
}

/// 20231115.
fn number(day: Day) -> i64 {
    day.compact().parse().unwrap_or(0)
}

pub(super) fn add_sales(tx: &mut Tx, shop: i64, warehouse: i64, share: &Share) -> Result<()> {
    let (id, tenant, now) = (tx.document_id("sales_day")?, tx.tenant().0, tx.now());
    let day = number(now.day());
    tx.put(
        "INSERT INTO sales_day (id, tenant, day, shop, warehouse, spec, num, amount, post, cost, created, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
         ON CONFLICT (tenant, day, shop, warehouse, spec) DO UPDATE SET num = sales_day.num + excluded.num,
             amount = sales_day.amount + excluded.amount, post = sales_day.post + excluded.post,
             cost = sales_day.cost + excluded.cost, modified = excluded.modified",
        values![id, tenant, day, shop, warehouse, share.spec, share.num, share.amount, share.post, share.cost, now],
    )?;
    Ok(())
}

pub(super) fn sales_page(reader: &mut Reader, filter: &SalesFilter, page: Page) -> Result<Rows<Stored>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and("day = ?", [Value::from(number(filter.day))]);
    conditions.and_int_in("shop", &filter.shops).and_int_in("warehouse", &filter.warehouses);
    let columns = "id, shop, warehouse, spec, num, amount, post, cost, created, modified";
    conditions.page_of(reader, "sales_day", columns, "id", page, |row| {
        Ok(Stored {
            id: row.int(0)?,
            shop: row.int(1)?,
            warehouse: row.int(2)?,
            spec: row.int(3)?,
            num: row.quantity(4)?,
            amount: row.money(5)?,
            post: row.money(6)?,
            cost: row.money(7)?,
            created: row.moment(8)?,
            modified: row.moment(9)?,
        })
    })
}

type Sealed = (String, Vec<u8>);

fn read(row: &store::Row<'_>) -> store::Result<Sealed> {
    Ok((row.string(0)?, row.bytes(1)?.to_vec()))
}

fn context(id: i64) -> Vec<u8> {
    format!("bill.account:{id}").into_bytes()
}

fn open(reader: &mut Reader, (text, sealed): Sealed) -> Result<Bill> {
    let mut bill: Bill = decode("bill", &text)?;
    let account = reader.vault().open(&context(bill.id), &sealed).map_err(store::Error::from)?;
    bill.facts.opt_pay_account = String::from_utf8_lossy(&account).into_owned();
    Ok(bill)
}

pub(super) fn bill(reader: &mut Reader, id: i64) -> Result<Option<Bill>> {
    let sql = "SELECT doc, sealed FROM bill WHERE id = ?1";
    let found = reader.query_opt(sql, values![id], read)?;
    found.map(|found| open(reader, found)).transpose()
}

pub(super) fn bill_by_key(reader: &mut Reader, shop: i64, key: &str) -> Result<Option<Bill>> {
    let sql = "SELECT doc, sealed FROM bill WHERE shop = ?1 AND bill_key = ?2";
    let found = reader.query_opt(sql, values![shop, key], read)?;
    found.map(|found| open(reader, found)).transpose()
}

pub(super) fn save_bill(tx: &mut Tx, bill: &Bill, key: &str) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("bill", bill)?;
    let sealed = tx.vault().seal(&context(bill.id), bill.facts.opt_pay_account.as_bytes());
    tx.put(
        "INSERT INTO bill (id, tenant, shop, bill_key, status, order_no, paid, modified, doc, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET status = ?5, paid = ?7, modified = ?8, doc = ?9, sealed = ?10",
        values![
            bill.id,
            tenant,
            bill.shop,
            key,
            bill.status.code(),
            &bill.facts.order_no,
            bill.facts.paid,
            bill.modified,
            &doc,
            &sealed
        ],
    )?;
    Ok(())
}

pub(super) fn bills(reader: &mut Reader, filter: &BillFilter, page: Page) -> Result<Rows<Bill>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and_int_in("shop", &filter.shops);
    if let Some(status) = filter.status {
        conditions.and("status = ?", [Value::from(status.code())]);
    }
    if let Some(window) = filter.paid {
        conditions.and("paid BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    let found = conditions.page_of(reader, "bill", "doc, sealed", "paid, id", page, read)?;
    let rows = found.rows.into_iter().map(|found| open(reader, found)).collect::<Result<_>>()?;
    Ok(Rows { rows, total: found.total })
}
