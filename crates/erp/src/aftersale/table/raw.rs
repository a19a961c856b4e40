//! SQL of raw refunds.

use store::{Reader, Tx, Value};

use super::{one_of, seal, unseal};
use crate::aftersale::{RawRefund, RawRefundFilter};
use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::{Result, values};

const KIND: [u8; 6] = *b"rrefun";

fn open(reader: &mut Reader, (text, sealed): (String, Vec<u8>)) -> Result<RawRefund> {
    let mut raw: RawRefund = decode("raw refund", &text)?;
    raw.payer = unseal(reader, KIND, raw.id, &sealed)?;
    Ok(raw)
}

const BY_NO: &str = "SELECT doc, sealed FROM raw_refund WHERE tenant = ?1 AND refund_no = ?2 AND shop = ?3";

pub(in crate::aftersale) fn raw_by_no(reader: &mut Reader, shop: i64, refund_no: &str) -> Result<Option<RawRefund>> {
    let tenant = reader.tenant().0;
    let found = reader
        .query_opt(BY_NO, values![tenant, refund_no, shop], |row| Ok((row.string(0)?, row.bytes(1)?.to_vec())))?;
    found.map(|found| open(reader, found)).transpose()
}

pub(in crate::aftersale) fn raw_by_id(reader: &mut Reader, id: i64) -> Result<Option<RawRefund>> {
    let found = reader.query_opt("SELECT doc, sealed FROM raw_refund WHERE id = ?1", values![id], |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec()))
    })?;
    found.map(|found| open(reader, found)).transpose()
}

/// The raw refunds of a raw order, oldest first.
pub(in crate::aftersale) fn raws_of_tid(reader: &mut Reader, tid: &str) -> Result<Vec<RawRefund>> {
    let tenant = reader.tenant().0;
    let found = reader.query(
        "SELECT doc, sealed FROM raw_refund WHERE tenant = ?1 AND tid = ?2 ORDER BY id LIMIT 1000",
        values![tenant, tid],
        |row| Ok((row.string(0)?, row.bytes(1)?.to_vec())),
    )?;
    found.into_iter().map(|found| open(reader, found)).collect()
}

pub(in crate::aftersale) fn save_raw(tx: &mut Tx, raw: &RawRefund) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("raw refund", raw)?;
    let sealed = seal(tx, KIND, raw.id, &raw.payer)?;
    tx.put(
        "INSERT INTO raw_refund (id, tenant, refund_no, shop, tid, process, waybill, refund_time, modified, doc, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (id) DO UPDATE SET process = ?6, waybill = ?7, refund_time = ?8, modified = ?9, doc = ?10, sealed = ?11",
        values![
            raw.id,
            tenant,
            &raw.refund_no,
            raw.shop,
            &raw.tid,
            raw.process.code(),
            &raw.logistics_no,
            raw.refund_time,
            raw.modified,
            &doc,
            &*sealed
        ],
    )?;
    Ok(())
}

pub(in crate::aftersale) fn raw_refunds(
    reader: &mut Reader,
    filter: &RawRefundFilter<'_>,
    page: Page,
) -> Result<Rows<RawRefund>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(no) = filter.refund_no {
        conditions.and_number("refund_no = ?", no);
    }
    conditions.and_text_in("tid", &filter.tids);
    if let Some(waybill) = filter.waybill {
        conditions.and_number("waybill <> '' AND waybill = ?", waybill);
    }
    one_of(&mut conditions, "shop", &filter.shops);
    one_of(&mut conditions, "process", &filter.processes);
    let column = if filter.by_refund_time { "refund_time" } else { "modified" };
    if let Some(window) = filter.window {
        let condition = format!("{column} BETWEEN ? AND ?");
        conditions.and(&condition, [Value::from(window.start), Value::from(window.end)]);
    }
    let order = format!("{column}, id");
    let found = conditions.page_of(reader, "raw_refund", "doc, sealed", &order, page, |row| {
        Ok((row.string(0)?, row.bytes(1)?.to_vec()))
    })?;
    let rows = found.rows.into_iter().map(|found| open(reader, found)).collect::<Result<_>>()?;
    Ok(Rows { rows, total: found.total })
}
