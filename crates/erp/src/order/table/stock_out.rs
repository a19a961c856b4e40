//! SQL of sales stock-outs.

use store::{Reader, Tx, Value};

use super::sales::{order, order_anywhere, orders_with_buyers};
use super::{one_of, raw, with_archive};
use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::order::{Shipment, StockOut, StockOutFilter};
use crate::{Error, Refusal, Result, values};

pub(in crate::order) fn save_stock_out(tx: &mut Tx, stock_out: &StockOut) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("stock-out", stock_out)?;
    let consigned = stock_out.consigned.map_or(0, units::Moment::unix);
    tx.put(
        "INSERT INTO stock_out (id, tenant, no, sales_order, shop, warehouse, status, consigned, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET status = ?7, consigned = ?8, modified = ?9, doc = ?10",
        values![
            stock_out.id,
            tenant,
            &stock_out.no,
            stock_out.order,
            stock_out.shop,
            stock_out.warehouse,
            stock_out.status.code(),
            consigned,
            stock_out.modified,
            &doc
        ],
    )?;
    Ok(())
}

pub(in crate::order) fn stock_out_by_id(reader: &mut Reader, id: i64) -> Result<Option<StockOut>> {
    let text = reader.query_opt("SELECT doc FROM stock_out WHERE id = ?1", values![id], |row| row.string(0))?;
    text.map(|text| decode("stock-out", &text)).transpose()
}

pub(in crate::order) fn stock_outs_of(reader: &mut Reader, order: i64) -> Result<Vec<StockOut>> {
    let sql = "SELECT doc, id FROM stock_out WHERE sales_order = ?1
         UNION ALL SELECT doc, id FROM stock_out_archive WHERE sales_order = ?1 ORDER BY id";
    let texts = reader.query(sql, values![order], |row| row.string(0))?;
    texts.iter().map(|text| decode("stock-out", text)).collect()
}

pub(in crate::order) fn stock_outs(
    reader: &mut Reader,
    filter: &StockOutFilter<'_>,
    page: Page,
) -> Result<Rows<Shipment>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(no) = filter.order_no {
        let found = if filter.history { order_anywhere(reader, no) } else { order(reader, no) };
        let id = match found {
            Ok(order) => order.id,
            Err(Error::Refused(Refusal::NotFound { .. })) => -1,
            Err(error) => return Err(error),
        };
        conditions.and_number("sales_order = ?", id);
    }
    if let Some(tid) = filter.src_tid {
        let ids = raw::orders_of_tid(reader, tid, false, filter.history)?;
        one_of(&mut conditions, "sales_order", if ids.is_empty() { &[-1] } else { &ids });
    }
    if let Some(no) = filter.no {
        conditions.and_number("no = ?", no);
    }
    one_of(&mut conditions, "status", &filter.statuses);
    one_of(&mut conditions, "shop", &filter.shops);
    one_of(&mut conditions, "warehouse", &filter.warehouses);
    if let Some(window) = filter.modified {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    if let Some(window) = filter.consigned {
        conditions.and("consigned BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    let order_by = if filter.consigned.is_some() { "consigned, id" } else { "modified, id" };
    let tables = with_archive("stock_out", filter.history);
    let found = conditions.page_of_tables(reader, &tables, "doc", order_by, page, |row| row.string(0))?;
    let texts = found.rows.iter().map(|text| decode("stock-out", text));
    let stock_outs: Vec<StockOut> = texts.collect::<Result<_>>()?;
    let mut ids: Vec<i64> = stock_outs.iter().map(|stock_out| stock_out.order).collect();
    ids.sort_unstable();
    ids.dedup();
    let orders = orders_with_buyers(reader, &ids, filter.history)?;
    let rows = stock_outs.into_iter().filter_map(|stock_out| {
        let (order, buyer) = orders.get(&stock_out.order)?.clone();
        Some(Shipment { stock_out, order, buyer })
    });
    Ok(Rows { rows: rows.collect(), total: found.total })
}
