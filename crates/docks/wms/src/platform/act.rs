//! What its people do: pick, pack, ship.

use units::{Moment, Quantity};

use super::state::{Held, HeldKind, HeldState, Parcel, State};
use super::stock;
use crate::message::{self, ConfirmHead, DeliveryConfirm, Message, Package, PackageItem, Some1};

/// What leaves, and how it is told.
#[derive(Debug, Clone, Default)]
pub(super) struct Shipment {
    /// Item and pieces; empty = everything that is open.
    pub items: Vec<(String, Quantity)>,
    /// More will follow (`confirmType` 1).
    pub more_follows: bool,
    /// In this many parcels; 0 = one.
    pub parcels: usize,
    /// Tell the ERP twice.
    pub twice: bool,
    /// Tell the ERP this many seconds later.
    pub later: i64,
}

/// Ships, issues and receives what came long enough ago.
pub(super) fn do_due(state: &mut State, now: Moment, after: i64) {
    if state.mood.idle {
        return;
    }
    let due: Vec<(String, HeldKind)> = state
        .orders
        .values()
        .filter(|held| held.state == HeldState::Accepted && !held.waits && now.since(held.received) >= after)
        .map(|held| (held.code.clone(), held.kind))
        .collect();
    for (code, kind) in due {
        // What cannot be done stays.
        let _ = match kind {
            HeldKind::Delivery => ship(state, &code, &Shipment::default(), now),
            HeldKind::StockOut => stock::issue(state, &code, &[], now),
            HeldKind::Entry | HeldKind::Return => stock::receive(state, &code, &[], now),
        };
    }
}

/// Somebody begins to pick an order.
pub(super) fn pick(state: &mut State, code: &str) -> Result<(), String> {
    let held = state.orders.get_mut(code).ok_or_else(|| format!("no order {code}"))?;
    if held.state != HeldState::Accepted {
        return Err(format!("order {code} cannot be picked now"));
    }
    held.state = HeldState::Picking;
    Ok(())
}

/// Ships a delivery, or a part of it.
pub(super) fn ship(state: &mut State, code: &str, how: &Shipment, now: Moment) -> Result<(), String> {
    let held = state.orders.get(code).ok_or_else(|| format!("no order {code}"))?;
    if held.kind != HeldKind::Delivery || matches!(held.state, HeldState::Done | HeldState::Cancelled) {
        return Err(format!("order {code} cannot be shipped"));
    }
    if held.waits {
        return Err(format!("order {code} is held by the ERP"));
    }
    let mut held = held.clone();
    let leaves = leaving(&held, how)?;
    for (item, num) in &leaves {
        let mut left = *num;
        for line in held.lines.iter_mut().filter(|line| line.item_code == *item) {
            let moved = left.min(line.plan - line.moved);
            line.moved += moved;
            left -= moved;
        }
        state.add(item, "ZP", -*num);
    }
    let open = held.lines.iter().any(|line| line.moved < line.plan);
    held.state = if open && how.more_follows { HeldState::Partly } else { HeldState::Done };
    let body = confirmation(state, &held, &leaves, how, now);
    state.orders.insert(code.to_owned(), held);
    post(state, DeliveryConfirm::METHOD, body, now.plus(how.later), how.twice);
    Ok(())
}

/// Puts something into the outbox.
pub(super) fn post(state: &mut State, method: &str, body: String, due: Moment, twice: bool) {
    let method = method.to_owned();
    state.outbox.push(Parcel { method, body, due, attempts: 0, said: String::new(), done: false, twice });
}

fn leaving(held: &Held, how: &Shipment) -> Result<Vec<(String, Quantity)>, String> {
    let mut open: Vec<(String, Quantity)> = Vec::new();
    for line in &held.lines {
        match open.iter_mut().find(|(item, _)| *item == line.item_code) {
            Some((_, num)) => *num += line.plan - line.moved,
            None => open.push((line.item_code.clone(), line.plan - line.moved)),
        }
    }
    open.retain(|(_, num)| num.is_positive());
    if how.items.is_empty() {
        return Ok(open);
    }
    for (item, num) in &how.items {
        let there = open.iter().find(|(of, _)| of == item).map_or(Quantity::ZERO, |(_, num)| *num);
        if !num.is_positive() || *num > there {
            return Err(format!("{item}: {there} open"));
        }
    }
    Ok(how.items.clone())
}

fn confirmation(state: &mut State, held: &Held, leaves: &[(String, Quantity)], how: &Shipment, now: Moment) -> String {
    let carrier = if held.logistics_code == "OTHER" { "ZTO" } else { &held.logistics_code };
    let items = leaves.iter().map(|(item_code, quantity)| PackageItem {
        item_code: item_code.clone(),
        quantity: *quantity,
        more: Vec::new(),
    });
    let items: Vec<PackageItem> = items.collect();
    let chunk = items.len().div_ceil(how.parcels.max(1)).max(1);
    let packages = items.chunks(chunk).map(|items| Package {
        logistics_code: carrier.to_owned(),
        express_code: state.next("YD"),
        items: Some1(items.to_vec()),
        ..Package::default()
    });
    let packages: Vec<Package> = packages.collect();
    let message = DeliveryConfirm {
        order: ConfirmHead {
            code: held.code.clone(),
            id: Some(held.id.clone()),
            warehouse_code: held.warehouse_code.clone(),
            order_type: held.order_type.clone(),
            status: Some(if held.state == HeldState::Done { "DELIVERED" } else { "PARTDELIVERED" }.to_owned()),
            out_biz_code: Some(state.next("OB")),
            confirm_type: Some(i64::from(how.more_follows)),
            order_confirm_time: Some(now),
            more: Vec::new(),
        },
        packages: Some1(packages),
        lines: Vec::new(),
        more: Vec::new(),
    };
    message::write(&message)
}
