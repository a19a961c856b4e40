//! SQL of refund orders on their way into the archive and back.

use store::{Reader, Tx, Value};
use units::Moment;

use crate::aftersale::RefundStatus;
use crate::archive::{Cursor, bring_back, put_away};
use crate::catalog::{Conditions, key_list};
use crate::stock::StockInKind;
use crate::{Result, values};

/// States in which nothing more is expected.
const OVER: &str = "10, 40, 90";

/// A refund order that did not change for long.
pub(in crate::aftersale) struct Candidate {
    pub(in crate::aftersale) place: Cursor,
    pub(in crate::aftersale) is_over: bool,
}

pub(in crate::aftersale) fn unchanged_since(
    reader: &mut Reader,
    before: Moment,
    after: Cursor,
    limit: i64,
) -> Result<Vec<Candidate>> {
    let tenant = reader.tenant().0;
    let over = [RefundStatus::Cancelled, RefundStatus::Refused, RefundStatus::Completed].map(RefundStatus::code);
    Ok(reader.query(
        "SELECT id, modified, status FROM refund_order WHERE tenant = ?1 AND modified < ?2 AND (modified, id) > (?3, ?4)
         ORDER BY modified, id LIMIT ?5",
        values![tenant, before, after.modified, after.id, limit],
        |row| {
            let place = Cursor { id: row.int(0)?, modified: row.int(1)? };
            Ok(Candidate { place, is_over: over.contains(&row.int(2)?) })
        },
    )?)
}

/// Moves those of the refund orders whose return stock-ins are all over and old, and the stock-ins; says how many.
pub(in crate::aftersale) fn put_refunds_away(tx: &mut Tx, ids: &[i64], before: Moment) -> Result<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let (tenant, kind) = (tx.tenant().0, StockInKind::Refund.code());
    let sql = format!(
        "SELECT s.id, s.source, s.status, s.modified FROM refund_order r
         JOIN stock_in s ON s.tenant = r.tenant AND s.source_no <> '' AND s.source_no = r.no
         WHERE r.id IN ({}) AND s.tenant = ?1 AND s.kind = ?2",
        key_list(ids)
    );
    let stock_ins = tx.query(&sql, values![tenant, kind], |row| {
        Ok((row.int(0)?, row.int(1)?, matches!(row.int(2)?, 10 | 80) && row.moment(3)? < before))
    })?;
    let stays = |refund: i64| stock_ins.iter().any(|(_, source, over)| *source == refund && !over);
    let refunds: Vec<i64> = ids.iter().copied().filter(|id| !stays(*id)).collect();
    let goods: Vec<i64> =
        stock_ins.iter().filter(|(_, source, _)| refunds.contains(source)).map(|(id, ..)| *id).collect();
    put_away(tx, "stock_in", "id", &goods)?;
    put_away(tx, "refund_order", "id", &refunds)?;
    Ok(refunds.len())
}

pub(in crate::aftersale) fn bring_refund_back(tx: &mut Tx, id: i64) -> Result<()> {
    bring_back(tx, "stock_in", "source", &[id])?;
    bring_back(tx, "refund_order", "id", &[id])
}

/// Whether a refund order of these orders, or a raw refund of these raw orders, is not over.
pub(in crate::aftersale) fn is_under_way(reader: &mut Reader, orders: &[i64], tids: &[&str]) -> Result<bool> {
    if !orders.is_empty() {
        let sql = format!(
            "SELECT 1 FROM refund_line l JOIN refund_order r ON r.id = l.refund_order
             WHERE l.sales_order IN ({}) AND r.status NOT IN ({OVER}) LIMIT 1",
            key_list(orders)
        );
        if reader.query_opt(&sql, &[], |row| row.int(0))?.is_some() {
            return Ok(true);
        }
    }
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and_text_in("tid", tids);
    // 0 waits to be submitted, 15 could not be.
    conditions.and("process IN (?, ?)", [Value::from(0i64), Value::from(15i64)]);
    Ok(!tids.is_empty() && !conditions.ids(reader, "raw_refund")?.is_empty())
}
