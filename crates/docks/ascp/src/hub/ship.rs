//! The shipment report: the whole order, all parcels, in one call (fact sheet ascp-direct, 2.5).

use erp::order::{Order, OrderStatus, RawOrder};
use serde_json::{Value, json};
use store::Tx;

use super::call::{enqueue, replay_call};
use super::channel::Channel;
use super::error::{Error, Result};
use super::order::{OrderFactLine, SupplyOrder, save};
use super::table;
use crate::limits::PARCELS;
use crate::messages::CallKind;

/// A parcel: waybill, carrier code and name, and pieces of the lines, by their place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parcel {
    waybill: String,
    carrier: String,
    carrier_name: String,
    pieces: Vec<(usize, i64)>,
}

/// Puts the report of an order that left into the queue.
pub(super) fn report(tx: &mut Tx, channel: &Channel, order: &mut SupplyOrder, raw: &RawOrder) -> Result<()> {
    let orders = erp::order::orders_of(tx, raw)?;
    let parcels = parcels(channel, order, &orders);
    let line = |i: usize, quantity: i64| {
        let line = order.facts.lines.get(i);
        json!({
            "sub_order_code": line.map(|line| &*line.sub_order_code),
            "sc_item_id": line.map(|line| &*line.sc_item_id),
            "item_quantity": quantity,
            "lack_quantity": 0,
        })
    };
    let whole: Vec<Value> = (0..order.facts.lines.len())
        .map(|i| line(i, order.facts.lines.get(i).map_or(0, |line| line.quantity)))
        .collect();
    let tms: Vec<Value> = parcels
        .iter()
        .map(|parcel| {
            let items: Vec<Value> = parcel.pieces.iter().map(|(i, quantity)| line(*i, *quantity)).collect();
            json!({
                "tms_order_code": parcel.waybill, "tms_service_code": parcel.carrier,
                "tms_service_name": parcel.carrier_name, "tms_items": items,
            })
        })
        .collect();
    let body = json!({
        "supplier_id": channel.supplier_id,
        "out_biz_id": format!("SHIP-{}-1", order.code),
        "biz_order_code": order.code,
        "order_items": whole,
        "store_code": order.facts.store_code,
        "tms_orders": tms,
        "whole_sheet_consigned": true,
        "business_model": model(order),
    });
    order.facts.parcels = parcels.into_iter().map(|parcel| (parcel.waybill, parcel.carrier)).collect();
    save(tx, order)?;
    enqueue(tx, channel, CallKind::Ship, &order.code, &order.code, &body)?;
    Ok(())
}

/// The platform refused the report for its waybill: it is put right, and sent again under the same number.
pub(super) fn correct(
    tx: &mut Tx,
    channel: &Channel,
    order: &mut SupplyOrder,
    old: &str,
    (waybill, carrier): (&str, &str),
) -> Result<()> {
    let key = format!("{}:{}", CallKind::Ship.name(), order.code);
    let call = table::call_by_key(tx, channel.id, &key)?.ok_or(store::Error::Missing)?;
    let mut body: Value =
        serde_json::from_str(&table::call_body(tx, call.id)?).map_err(|error| Error::Document("ascp_call", error))?;
    for parcel in body.get_mut("tms_orders").and_then(Value::as_array_mut).into_iter().flatten() {
        if parcel.get("tms_order_code").and_then(Value::as_str) == Some(old) {
            parcel["tms_order_code"] = waybill.into();
            parcel["tms_service_code"] = carrier.into();
        }
    }
    table::reword_call(tx, call.id, &body.to_string())?;
    for parcel in order.facts.parcels.iter_mut().filter(|(known, _)| known == old) {
        *parcel = (waybill.to_owned(), carrier.to_owned());
    }
    save(tx, order)?;
    replay_call(tx, call.id)?;
    Ok(())
}

/// Who delivers, as the push said it.
pub(super) fn model(order: &SupplyOrder) -> &str {
    if order.facts.business_model.is_empty() { "0" } else { &order.facts.business_model }
}

/// What lies in which parcel. An order of the core is a parcel with what it holds of each line; its further waybills, whose content
/// nobody noted, get a piece each.
fn parcels(channel: &Channel, order: &SupplyOrder, orders: &[Order]) -> Vec<Parcel> {
    let shipped: Vec<&Order> = orders.iter().filter(|order| order.status != OrderStatus::Cancelled).collect();
    let mut left: Vec<i64> = order.facts.lines.iter().map(|line| line.quantity).collect();
    let mut parcels: Vec<Parcel> = Vec::new();
    for (place, made) in shipped.iter().enumerate() {
        let last = place + 1 == shipped.len();
        let mut pieces = Vec::new();
        for (i, line) in order.facts.lines.iter().enumerate() {
            let Some(open) = left.get_mut(i) else { continue };
            let take = if last { *open } else { held_of(made, &order.code, line).min(*open) };
            if take > 0 {
                *open -= take;
                pieces.push((i, take));
            }
        }
        let carrier = channel.carrier_code(&made.carriage.no).to_owned();
        let waybills = std::iter::once(&made.carriage.waybill).chain(&made.marks.parcels);
        let room = PARCELS.saturating_sub(parcels.len());
        parcels.extend(spread(&pieces, waybills.take(room).cloned().collect()).into_iter().map(|(waybill, pieces)| {
            Parcel { waybill, carrier: carrier.clone(), carrier_name: made.carriage.name.clone(), pieces }
        }));
    }
    parcels.retain(|parcel| !parcel.pieces.is_empty());
    parcels
}

/// Pieces that an order of the core holds of a line of the platform, in the platform's pieces: of a suite, whole suites.
fn held_of(made: &Order, tid: &str, line: &OrderFactLine) -> i64 {
    let mine = |of: &&erp::order::OrderLine| of.tid == tid && of.oid == line.sub_order_code;
    match made.lines.iter().find(mine).map(|of| &of.suite) {
        Some(Some(suite)) => suite.num.floor(),
        Some(None) => made.lines.iter().filter(mine).map(|of| of.actual_num.floor()).sum(),
        None => 0,
    }
}

/// The first waybill carries what the others do not: each of them one piece.
fn spread(pieces: &[(usize, i64)], waybills: Vec<String>) -> Vec<(String, Vec<(usize, i64)>)> {
    let mut rest: Vec<(usize, i64)> = pieces.to_vec();
    let mut waybills = waybills.into_iter();
    let Some(first) = waybills.next() else { return Vec::new() };
    let mut others = Vec::new();
    for waybill in waybills {
        let total: i64 = rest.iter().map(|(_, quantity)| quantity).sum();
        let Some(last) = rest.iter_mut().rev().find(|(_, quantity)| *quantity > 0).filter(|_| total > 1) else { break };
        last.1 -= 1;
        others.push((waybill, vec![(last.0, 1)]));
    }
    rest.retain(|(_, quantity)| *quantity > 0);
    std::iter::once((first, rest)).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_waybills_get_a_piece_each_and_nothing_is_lost() {
        let names = |count: usize| (0..count).map(|i| format!("W{i}")).collect::<Vec<_>>();
        for (pieces, waybills) in [(vec![(0, 2)], 1), (vec![(0, 2)], 2), (vec![(0, 1), (1, 3)], 3), (vec![(0, 1)], 3)] {
            let parcels = spread(&pieces, names(waybills));
            let sum: i64 = parcels.iter().flat_map(|(_, held)| held).map(|(_, quantity)| quantity).sum();
            assert_eq!(sum, pieces.iter().map(|(_, quantity)| quantity).sum::<i64>());
            assert!(parcels.iter().all(|(_, held)| !held.is_empty()), "{parcels:?}");
            assert_eq!(parcels.len(), waybills.min(usize::try_from(sum).unwrap()));
        }
    }
}
