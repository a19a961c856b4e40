//! Shipment (发货): the goods leave, the waybill goes to the mall.

use std::collections::HashMap;

use store::Tx;

use super::document::{Carriage, LogisticsSync, Order, Reserved, StockOut};
use super::status::{
    BLOCK_REFUND_CANCELLED, ORDER, OrderEvent, RAW_ORDER, RawEvent, STOCK_OUT, StockOutEvent, SyncStatus, block_words,
};
use super::submit::need;
use super::table;
use crate::catalog::{self, OWN_MALL};
use crate::{Refusal, Result, Settings, report, stock};

/// `consign_status`: inspected.
const INSPECTED: i64 = 1;
/// `consign_status`: out of the warehouse.
const OUT: i64 = 4;

/// Ships an audited order with a waybill: stock goes down, the stock-out becomes 已发货, and every raw order of an own mall
/// gets a row in the logistics-sync queue. Refused while the stock-out is blocked.
pub fn ship(tx: &mut Tx, settings: &Settings, no: &str, carrier_no: Option<&str>, waybill: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let status = ORDER.fire(order.status, OrderEvent::Ship)?;
    let id = order.stock_out.as_ref().map_or(0, |(id, _)| *id);
    let mut stock_out = table::stock_out_by_id(tx, id)?.ok_or(Refusal::QueueRow("出库单不存在"))?;
    let holding = stock_out.block_reason & !BLOCK_REFUND_CANCELLED;
    if holding != 0 {
        return Err(Refusal::Blocked { no: stock_out.no, reason: block_words(holding) }.into());
    }
    if waybill.is_empty() {
        return Err(Refusal::Invalid { field: "logistics_no", why: "发货必须有物流单号" }.into());
    }
    if let Some(carrier_no) = carrier_no {
        let carrier = catalog::carrier_by_no(tx, carrier_no)?;
        order.carriage =
            Carriage { id: carrier.id, no: carrier.no, name: carrier.name, kind: carrier.kind, waybill: String::new() };
    }
    if order.carriage.id == 0 {
        return Err(Refusal::CarrierUnknown(String::new()).into());
    }
    order.carriage.waybill = waybill.to_owned();
    take_goods(tx, settings, &mut order, &mut stock_out)?;
    stock_out.status = STOCK_OUT.fire(stock_out.status, StockOutEvent::Ship)?;
    stock_out.consigned = Some(tx.now());
    stock_out.modified = tx.now();
    order.status = status;
    order.consign_status |= INSPECTED | OUT;
    table::save_stock_out(tx, &stock_out)?;
    report::count_sales(tx, &order, &stock_out)?;
    tx.event(
        "order.shipped",
        &order.no,
        &serde_json::json!({ "stockout_no": stock_out.no, "logistics_no": waybill, "carrier": order.carriage.no }),
    )?;
    tx.event("stock_out.shipped", &stock_out.no, &serde_json::json!({ "logistics_no": waybill }))?;
    tell_malls(tx, &order, &stock_out)?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

fn take_goods(tx: &mut Tx, settings: &Settings, order: &mut Order, stock_out: &mut StockOut) -> Result<()> {
    for i in 0..order.lines.len() {
        if order.lines[i].reserved != Reserved::Sending {
            continue;
        }
        let cost = stock::ship_line(tx, settings, &need(order, i), &stock_out.no)?;
        order.lines[i].reserved = Reserved::Nothing;
        let id = order.lines[i].id;
        if let Some(line) = stock_out.lines.iter_mut().find(|line| line.order_line == id) {
            line.cost_price = cost;
        }
    }
    Ok(())
}

/// One row for every raw order of an own mall (fact sheet wdt-1, 2.0.6); raw orders become 已发货.
fn tell_malls(tx: &mut Tx, order: &Order, stock_out: &StockOut) -> Result<()> {
    let shop = catalog::shop_by_id(tx, order.shop)?;
    let own_mall = shop.is_some_and(|shop| shop.platform == OWN_MALL);
    let mut oids: HashMap<&str, Vec<String>> = HashMap::new();
    for line in order.open_lines() {
        let of_order = oids.entry(&line.tid).or_default();
        if !of_order.contains(&line.oid) {
            of_order.push(line.oid.clone());
        }
    }
    for (raw, tid) in &order.raw {
        let Some(mut raw) = table::raw_by_id(tx, *raw)? else { continue };
        raw.process = RAW_ORDER.fire(raw.process, RawEvent::Ship)?;
        raw.modified = tx.now();
        table::update_raw(tx, &raw)?;
        tx.event("raw_order.shipped", &raw.event_key(), &serde_json::json!({ "tid": tid, "process": raw.process }))?;
        if !own_mall {
            continue;
        }
        let sync = LogisticsSync {
            id: tx.document_id("logistics_sync")?,
            shop: order.shop,
            tid: tid.clone(),
            oids: oids.remove(&**tid).unwrap_or_default(),
            carriage: order.carriage.clone(),
            delivery_term: order.delivery_term,
            consigned: tx.now(),
            is_part: false,
            is_last: true,
            order: order.id,
            stock_out: stock_out.id,
            status: SyncStatus::Waiting,
            synced: None,
            error: String::new(),
            tries: 1,
            created: tx.now(),
            modified: tx.now(),
        };
        table::save_sync(tx, &sync)?;
    }
    Ok(())
}
