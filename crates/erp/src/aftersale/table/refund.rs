//! SQL of refund orders and of what they take of order lines.

use std::collections::HashMap;

use store::{Reader, Tx, Value};
use units::{Money, Quantity};

use super::{one_of, seal, unseal};
use crate::aftersale::{MASK_UNCONFIRMED, RefundFilter, RefundOrder};
use crate::catalog::{Conditions, Page, Rows, key_list};
use crate::document::{decode, encode};
use crate::{Refusal, Result, values};

const KIND: [u8; 6] = *b"refund";

fn open(reader: &mut Reader, (text, sealed): (String, Vec<u8>)) -> Result<RefundOrder> {
    let mut refund: RefundOrder = decode("refund order", &text)?;
    refund.people = unseal(reader, KIND, refund.id, &sealed)?;
    Ok(refund)
}

pub(in crate::aftersale) fn refund_by_id(reader: &mut Reader, id: i64) -> Result<Option<RefundOrder>> {
    let found = reader.query_opt("SELECT doc, sealed FROM refund_order WHERE id = ?1", values![id], |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec()))
    })?;
    found.map(|found| open(reader, found)).transpose()
}

pub(in crate::aftersale) fn refund_by_no(reader: &mut Reader, no: &str) -> Result<RefundOrder> {
    let tenant = reader.tenant().0;
    let sql = "SELECT doc, sealed FROM refund_order WHERE tenant = ?1 AND no = ?2";
    let found = reader.query_opt(sql, values![tenant, no], |row| Ok((row.string(0)?, row.bytes(1)?.to_vec())))?;
    let found = found.ok_or_else(|| Refusal::NotFound { what: "退换单号", no: no.to_owned() })?;
    open(reader, found)
}

/// Number of the refund order with this number of somebody else's, archived or not.
pub(in crate::aftersale) fn no_of_outer_no(reader: &mut Reader, outer_no: &str) -> Result<Option<String>> {
    let tenant = reader.tenant().0;
    let sql = "SELECT no FROM refund_order WHERE tenant = ?1 AND outer_no <> '' AND outer_no = ?2
         UNION ALL SELECT no FROM refund_order_archive WHERE tenant = ?1 AND outer_no <> '' AND outer_no = ?2";
    Ok(reader.query_opt(sql, values![tenant, outer_no], |row| row.string(0))?)
}

pub(in crate::aftersale) fn save_refund(tx: &mut Tx, refund: &mut RefundOrder) -> Result<()> {
    refund.modified = tx.now();
    let tenant = tx.tenant().0;
    let doc = encode("refund order", refund)?;
    let sealed = seal(tx, KIND, refund.id, &refund.people)?;
    tx.put(
        "INSERT INTO refund_order (id, tenant, no, outer_no, src_no, shop, warehouse, status, waybill, finished, modified, doc,
             sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET warehouse = ?7, status = ?8, waybill = ?9, finished = ?10, modified = ?11, doc = ?12,
             sealed = ?13",
        values![
            refund.id,
            tenant,
            &refund.no,
            &refund.outer_no,
            &refund.src_no,
            refund.shop,
            refund.warehouse,
            refund.status.code(),
            &refund.parcel.no,
            refund.finished.map_or(0, units::Moment::unix),
            refund.modified,
            &doc,
            &*sealed
        ],
    )?;
    Ok(())
}

/// Writes what a refund order takes of order lines; what it took before is forgotten.
pub(in crate::aftersale) fn take_lines(tx: &mut Tx, refund: &RefundOrder, is_new: bool) -> Result<()> {
    if !is_new {
        tx.put("DELETE FROM refund_line WHERE refund_order = ?1", values![refund.id])?;
    }
    let (tenant, live) = (tx.tenant().0, i64::from(refund.is_live()));
    let over = i64::from(refund.over_paid || refund.mask & MASK_UNCONFIRMED != 0);
    for (place, line) in (0i64..).zip(&refund.lines) {
        let num = if refund.kind.takes_pieces() { line.num } else { Quantity::ZERO };
        tx.put(
            "INSERT INTO refund_line (refund_order, place, tenant, order_line, sales_order, tid, num, amount, live, over_paid)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            values![refund.id, place, tenant, line.order_line, line.order, &line.tid, num, line.amount, live, over],
        )?;
    }
    Ok(())
}

/// What the refund order took is free again.
pub(in crate::aftersale) fn give_lines_back(tx: &mut Tx, refund: i64) -> Result<()> {
    tx.put("UPDATE refund_line SET live = 0 WHERE refund_order = ?1", values![refund])?;
    Ok(())
}

/// What live refund orders (but `except`) took of the lines of these orders: pieces and money, by order line.
pub(in crate::aftersale) fn taken_of(
    reader: &mut Reader,
    orders: &[i64],
    except: i64,
) -> Result<HashMap<i64, (Quantity, Money)>> {
    let mut taken = HashMap::new();
    if orders.is_empty() {
        return Ok(taken);
    }
    let list = orders.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT order_line, CAST(SUM(num) AS BIGINT), CAST(SUM(amount) AS BIGINT) FROM refund_line
         WHERE sales_order IN ({list}) AND live = 1 AND refund_order <> ?1 GROUP BY order_line"
    );
    reader.each(&sql, values![except], |row| {
        taken.insert(row.int(0)?, (row.quantity(1)?, row.money(2)?));
        Ok(())
    })?;
    Ok(taken)
}

/// Keys of the refund orders that name one of these lines of an order.
pub(in crate::aftersale) fn refunds_of_lines(reader: &mut Reader, order: i64, lines: &[i64]) -> Result<Vec<i64>> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT DISTINCT refund_order FROM refund_line WHERE sales_order = ?1 AND order_line IN ({}) ORDER BY refund_order",
        key_list(lines)
    );
    Ok(reader.query(&sql, values![order], |row| row.int(0))?)
}

/// These lines are in another order now.
pub(in crate::aftersale) fn lines_moved(tx: &mut Tx, refund: i64, from: i64, to: i64, lines: &[i64]) -> Result<()> {
    let list = key_list(lines);
    let sql = format!(
        "UPDATE refund_line SET sales_order = ?3 WHERE refund_order = ?1 AND sales_order = ?2 AND order_line IN ({list})"
    );
    tx.put(&sql, values![refund, from, to])?;
    Ok(())
}

pub(in crate::aftersale) fn refunds(
    reader: &mut Reader,
    filter: &RefundFilter<'_>,
    page: Page,
) -> Result<Rows<RefundOrder>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(no) = filter.no {
        conditions.and_number("no = ?", no);
    }
    if let Some(src_no) = filter.src_no {
        conditions.and_number("src_no <> '' AND src_no = ?", src_no);
    }
    if let Some(waybill) = filter.waybill {
        conditions.and_number("waybill <> '' AND waybill = ?", waybill);
    }
    if let Some(tid) = filter.tid {
        let of_tid = "id IN (SELECT refund_order FROM refund_line WHERE tenant = ?1 AND tid = ?)";
        conditions.and(of_tid, [Value::from(tid)]);
    }
    if let Some(order) = filter.order {
        let of_order = "id IN (SELECT refund_order FROM refund_line WHERE sales_order = ?)";
        conditions.and(of_order, [Value::from(order)]);
    }
    one_of(&mut conditions, "status", &filter.statuses);
    one_of(&mut conditions, "shop", &filter.shops);
    one_of(&mut conditions, "warehouse", &filter.warehouses);
    let column = if filter.by_finish { "finished" } else { "modified" };
    if let Some(window) = filter.window {
        if filter.by_finish {
            conditions.and("finished > 0", []);
        }
        let condition = format!("{column} BETWEEN ? AND ?");
        conditions.and(&condition, [Value::from(window.start), Value::from(window.end)]);
    }
    let order = format!("{column}, id");
    let tables: &[&str] = if filter.history { &["refund_order", "refund_order_archive"] } else { &["refund_order"] };
    let found = conditions.page_of_tables(reader, tables, "doc, sealed", &order, page, |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec()))
    })?;
    let rows = found.rows.into_iter().map(|found| open(reader, found)).collect::<Result<_>>()?;
    Ok(Rows { rows, total: found.total })
}

/// The refund orders with these numbers, without their people: for rows that belong to them.
pub(in crate::aftersale) fn refunds_by_no(reader: &mut Reader, nos: &[&str]) -> Result<Vec<RefundOrder>> {
    if nos.is_empty() {
        return Ok(Vec::new());
    }
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and_text_in("no", nos);
    let page = Page { no: 0, size: i64::try_from(nos.len()).unwrap_or(i64::MAX) };
    let tables = ["refund_order", "refund_order_archive"];
    let found = conditions.page_of_tables(reader, &tables, "doc, sealed", "id", page, |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec()))
    })?;
    found.rows.into_iter().map(|found| open(reader, found)).collect()
}

/// Refund orders of the reader's merchant (of all of them for the house) with keys above `after`, in the order of their keys,
/// without their people.
pub(in crate::aftersale) fn refunds_after(reader: &mut Reader, after: i64, limit: i64) -> Result<Vec<RefundOrder>> {
    let sql = "SELECT doc FROM refund_order WHERE id > ?1 AND (?3 = 0 OR tenant = ?3) ORDER BY id LIMIT ?2";
    let tenant = reader.tenant().0;
    let texts = reader.query(sql, values![after, limit, tenant], |row| row.string(0))?;
    texts.iter().map(|text| decode("refund order", text)).collect()
}

/// What the refund orders with keys from `first` to `last` take, as the table has it: pieces, money, live lines.
pub(in crate::aftersale) fn sums_of(
    reader: &mut Reader,
    first: i64,
    last: i64,
) -> Result<HashMap<i64, (Quantity, Money, i64)>> {
    let mut sums = HashMap::new();
    let sql = "SELECT refund_order, CAST(SUM(num) AS BIGINT), CAST(SUM(amount) AS BIGINT), CAST(SUM(live) AS BIGINT)
               FROM refund_line WHERE refund_order BETWEEN ?1 AND ?2 GROUP BY refund_order";
    reader.each(sql, values![first, last], |row| {
        sums.insert(row.int(0)?, (row.quantity(1)?, row.money(2)?, row.int(3)?));
        Ok(())
    })?;
    Ok(sums)
}

/// What live refund orders take of the lines of these orders: pieces, money, and whether it may be more than was paid.
pub(in crate::aftersale) fn taken_to_check(
    reader: &mut Reader,
    orders: &[i64],
) -> Result<HashMap<i64, (Quantity, Money, bool)>> {
    let mut taken = HashMap::new();
    if orders.is_empty() {
        return Ok(taken);
    }
    let list = orders.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT order_line, CAST(SUM(num) AS BIGINT), CAST(SUM(amount) AS BIGINT), MAX(over_paid) FROM refund_line
         WHERE sales_order IN ({list}) AND live = 1 GROUP BY order_line"
    );
    reader.each(&sql, values![], |row| {
        taken.insert(row.int(0)?, (row.quantity(1)?, row.money(2)?, row.int(3)? != 0));
        Ok(())
    })?;
    Ok(taken)
}
