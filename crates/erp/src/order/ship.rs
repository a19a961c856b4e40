//! Shipment (发货): the goods leave, the waybill goes to the mall.

use store::Tx;

use super::bits::{MASK_PARTLY_SHIPPED, MASK_SHIPPED, block_words, holding};
use super::document::{Carriage, LogisticsSync, Order, RawOrder, Reserved, StockOut};
use super::machines::{ORDER, STOCK_OUT};
use super::split::Take;
use super::status::{OrderEvent, ProcessStatus, StockOutEvent, SyncStatus};
use super::submit::need;
use super::{progress, table};
use crate::catalog::{self, OWN_MALL};
use crate::{Refusal, Result, Settings, report, stock};

/// `consign_status`: inspected.
const INSPECTED: i64 = 1;
/// `consign_status`: out of the warehouse.
const OUT: i64 = 4;

/// What leaves, and how.
#[derive(Debug, Clone, Default)]
pub struct Shipping<'a> {
    /// Carrier number; none = the carrier that the order has.
    pub carrier_no: Option<&'a str>,
    /// Waybill; of several parcels the one that the mall hears of (the parent).
    pub waybill: &'a str,
    /// Waybills of further parcels.
    pub parcels: Vec<String>,
    /// The goods are gone although the stock-out was intercepted: the order becomes 异常发货 for somebody to deal with.
    pub despite_block: bool,
}

/// Ships an audited order with a waybill: stock goes down, the stock-out becomes 已发货, and every raw order of an own mall
/// gets a row in the logistics-sync queue. Refused while the stock-out is blocked.
pub fn ship(tx: &mut Tx, settings: &Settings, no: &str, carrier_no: Option<&str>, waybill: &str) -> Result<Order> {
    ship_with(tx, settings, no, &Shipping { carrier_no, waybill, ..Shipping::default() })
}

/// Ships some lines or pieces of an audited order in a parcel of their own; the rest stays with the warehouse. Returns the order
/// that left.
pub fn ship_part(tx: &mut Tx, settings: &Settings, no: &str, takes: &[Take], how: &Shipping<'_>) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let stock_out = stock_out_of(tx, &order)?;
    ORDER.fire(order.status, way_out(&stock_out).0)?;
    check(&order, &stock_out, how)?;
    let part = super::split::split_parcel(tx, settings, &mut order, takes)?;
    ship_with(tx, settings, &part.no, how)
}

fn stock_out_of(tx: &mut Tx, order: &Order) -> Result<StockOut> {
    let id = order.stock_out.as_ref().map_or(0, |(id, _)| *id);
    Ok(table::stock_out_by_id(tx, id)?.ok_or(Refusal::QueueRow("出库单不存在"))?)
}

/// Goods leave, or they left although they were to stay.
fn way_out(stock_out: &StockOut) -> (OrderEvent, StockOutEvent) {
    if holding(stock_out.block_reason) != 0 {
        (OrderEvent::ShipAnyway, StockOutEvent::ShipAnyway)
    } else {
        (OrderEvent::Ship, StockOutEvent::Ship)
    }
}

fn check(order: &Order, stock_out: &StockOut, how: &Shipping<'_>) -> Result<()> {
    let holding = holding(stock_out.block_reason);
    if holding != 0 && !how.despite_block {
        return Err(Refusal::Blocked { no: stock_out.no.clone(), reason: block_words(holding) }.into());
    }
    if how.waybill.is_empty() || how.parcels.iter().any(String::is_empty) {
        return Err(Refusal::Invalid { field: "logistics_no", why: "发货必须有物流单号" }.into());
    }
    if order.carriage.id == 0 && how.carrier_no.is_none() {
        return Err(Refusal::CarrierUnknown(String::new()).into());
    }
    Ok(())
}

/// The same with everything that can be said about a shipment.
pub fn ship_with(tx: &mut Tx, settings: &Settings, no: &str, how: &Shipping<'_>) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let shippable = |event| ORDER.allowed(order.status).any(|allowed| allowed == event);
    if !shippable(OrderEvent::ShipAnyway) {
        ORDER.fire(order.status, OrderEvent::Ship)?;
    }
    let mut stock_out = stock_out_of(tx, &order)?;
    check(&order, &stock_out, how)?;
    let (event, out_event) = way_out(&stock_out);
    let anyway = event == OrderEvent::ShipAnyway;
    let status = ORDER.fire(order.status, event)?;
    if let Some(carrier_no) = how.carrier_no {
        let carrier = catalog::carrier_by_no(tx, carrier_no)?;
        order.carriage =
            Carriage { id: carrier.id, no: carrier.no, name: carrier.name, kind: carrier.kind, waybill: String::new() };
    }
    how.waybill.clone_into(&mut order.carriage.waybill);
    order.marks.parcels.clone_from(&how.parcels);
    take_goods(tx, settings, &mut order, &mut stock_out)?;
    stock_out.status = STOCK_OUT.fire(stock_out.status, out_event)?;
    stock_out.consigned = Some(tx.now());
    stock_out.modified = tx.now();
    order.status = status;
    order.consign_status |= INSPECTED | OUT;
    table::save_stock_out(tx, &stock_out)?;
    report::count_sales(tx, &order, &stock_out)?;
    tx.event(
        "order.shipped",
        &order.no,
        &serde_json::json!({
            "stockout_no": stock_out.no, "logistics_no": how.waybill, "carrier": order.carriage.no, "abnormal": anyway,
        }),
    )?;
    tx.event("stock_out.shipped", &stock_out.no, &serde_json::json!({ "logistics_no": how.waybill }))?;
    let whole = tell_malls(tx, &order, &stock_out)?;
    order.marks.trade_mask |= if whole { MASK_SHIPPED } else { MASK_PARTLY_SHIPPED };
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// Somebody dealt with an abnormal shipment (异常处理): 113 becomes 95.
pub fn resolve(tx: &mut Tx, no: &str, note: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    order.status = ORDER.fire(order.status, OrderEvent::Resolve)?;
    let mut stock_out = stock_out_of(tx, &order)?;
    stock_out.status = STOCK_OUT.fire(stock_out.status, StockOutEvent::Resolve)?;
    stock_out.modified = tx.now();
    table::save_stock_out(tx, &stock_out)?;
    tx.event("order.resolved", &order.no, &serde_json::json!({ "note": note, "by": who }))?;
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

/// One row for every raw order of an own mall; raw orders become 已发货, or 部分发货 while other orders hold some of their lines.
/// A line is told with one waybill only: what another order told already is left out, and a parcel that would tell nothing new tells
/// nothing (fact sheet wdt-1, 2.0.6). True when nothing of the raw orders is left to be shipped.
fn tell_malls(tx: &mut Tx, order: &Order, stock_out: &StockOut) -> Result<bool> {
    let shop = catalog::shop_by_id(tx, order.shop)?;
    let own_mall = shop.is_some_and(|shop| shop.platform == OWN_MALL);
    let mut whole = true;
    for (raw, tid) in &order.raw {
        let Some(mut raw) = table::raw_by_id(tx, *raw)? else { continue };
        if order.open_lines_of(tid).next().is_none() {
            continue;
        }
        progress::follow(tx, &mut raw, order)?;
        raw.modified = tx.now();
        table::update_raw(tx, &raw)?;
        tx.event("raw_order.shipped", &raw.event_key(), &serde_json::json!({ "tid": tid, "process": raw.process }))?;
        whole &= raw.process != ProcessStatus::PartlyShipped;
        if own_mall
            && !raw.internal
            && let Some(parcel) = parcel(tx, order, &raw)?
        {
            save_row(tx, order, stock_out, tid, parcel)?;
        }
    }
    Ok(whole)
}

/// What the mall is told of one raw order.
struct Parcel {
    oids: Vec<String>,
    is_part: bool,
    is_last: bool,
}

fn parcel(tx: &mut Tx, order: &Order, raw: &RawOrder) -> Result<Option<Parcel>> {
    let tid = &raw.facts.tid;
    let mut oids: Vec<String> = Vec::new();
    for line in order.open_lines_of(tid) {
        if !oids.contains(&line.oid) {
            oids.push(line.oid.clone());
        }
    }
    if raw.orders.len() < 2 {
        return Ok(Some(Parcel { oids, is_part: false, is_last: true }));
    }
    let mut told: Vec<String> = Vec::new();
    let mut expected = oids.clone();
    for id in raw.orders.iter().filter(|id| **id != order.id) {
        for row in table::syncs_of(tx, *id)?.into_iter().filter(|row| row.tid == *tid) {
            told.extend(row.oids);
        }
        if let Some(other) = table::order_by_id(tx, *id)? {
            expected.extend(other.open_lines_of(tid).map(|line| line.oid.clone()));
        }
    }
    oids.retain(|oid| !told.contains(oid));
    if oids.is_empty() {
        return Ok(None);
    }
    let is_part = expected.iter().any(|oid| !oids.contains(oid));
    let is_last = expected.iter().all(|oid| oids.contains(oid) || told.contains(oid));
    Ok(Some(Parcel { oids, is_part, is_last }))
}

fn save_row(tx: &mut Tx, order: &Order, stock_out: &StockOut, tid: &str, parcel: Parcel) -> Result<()> {
    let sync = LogisticsSync {
        id: tx.document_id("logistics_sync")?,
        shop: order.shop,
        tid: tid.to_owned(),
        oids: parcel.oids,
        carriage: order.carriage.clone(),
        delivery_term: order.delivery_term,
        consigned: tx.now(),
        is_part: parcel.is_part,
        is_last: parcel.is_last,
        order: order.id,
        stock_out: stock_out.id,
        status: SyncStatus::Waiting,
        synced: None,
        error: String::new(),
        tries: 1,
        created: tx.now(),
        modified: tx.now(),
    };
    table::save_sync(tx, &sync)
}
