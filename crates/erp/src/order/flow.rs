//! What rules do to an order when it is made, and when it is paid: gifts, warehouse, merge, pre-sale, reservation, split, delay,
//! audit, in this order (前处理; fact sheet wdt-1, 2.0.3 and 2.0.4).
//!
//! Only merchants who switched something on come here; the straight way is `submit`.

use store::{Tx, timer};
use units::{Moment, Quantity};

use super::bits::{GIFT_AUTOMATIC, GIFT_NONE, MASK_FIRST_GIFT, STEP_PRESALE, UNMERGED_SAME_NAME, UNMERGED_UNPAID};
use super::document::{Carriage, Order, RawOrder};
use super::machines::ORDER;
use super::rule::{self, RuleKind, strategy::Choice};
use super::split::{Take, short_lines, split_off};
use super::status::{OrderEvent, OrderStatus};
use super::{audit, cancel, create, merge, submit, table};
use crate::catalog::{self, Carrier, Person, Shop, Warehouse};
use crate::{Error, MergeMode, Result, Settings, stock};

/// Topic of the timers that wake orders.
pub(super) const WAKE: &str = "order.wake";

/// Brings a new order on its way, and stores what becomes of it: one order, several, or lines of an older one.
pub(super) fn arrive(
    tx: &mut Tx,
    settings: &Settings,
    shop: &Shop,
    raw: &mut RawOrder,
    mut order: Order,
    sealed: &[u8],
) -> Result<()> {
    let flow = &settings.flow;
    let auto_flow = raw.facts.is_auto_wms == Some(true);
    let named = raw.facts.warehouse_no.as_deref().is_some_and(|no| !no.is_empty());
    if flow.customers {
        note_customer(tx, settings, shop, raw, &mut order)?;
    }
    add_gifts(tx, settings, &mut order)?;
    let mut orders = match flow.warehouse_strategy && !named && !auto_flow {
        true => send_from(tx, settings, order)?,
        false => vec![order],
    };
    if let ([order], false) = (orders.as_mut_slice(), auto_flow)
        && join(tx, settings, raw, order, named)?
    {
        return Ok(());
    }
    let mut freed = cancel::Freed::new();
    for mut order in orders {
        let wants_carrier = raw.facts.logistics_type.is_none_or(|kind| kind <= 0);
        if flow.carrier_strategy && wants_carrier {
            choose_carrier(tx, &mut order)?;
        }
        let part = if auto_flow {
            submit::reserve(tx, settings, &mut order)?;
            None
        } else {
            prepare(tx, settings, &mut order)?
        };
        for mut order in std::iter::once(order).chain(part) {
            submit::announce(tx, raw, &order)?;
            submit::auto_flow(tx, settings, raw, &mut order)?;
            audit_by_rule(tx, settings, &mut order)?;
            raw.orders.push(order.id);
            freed.extend(order.lines.iter().map(|line| (order.warehouse, line.spec)));
            table::insert_order(tx, &order, sealed)?;
        }
    }
    // Only a split lets somebody be served: the rest of a line that was cut.
    if flow.split_by_stock { cancel::serve(tx, settings, &freed) } else { Ok(()) }
}

/// An order that was paid later goes the same way from there. The caller stores it, and then serves what is returned.
pub(super) fn paid(
    tx: &mut Tx,
    settings: &Settings,
    raw: &mut RawOrder,
    order: &mut Order,
    sealed: &[u8],
) -> Result<cancel::Freed> {
    if settings.flow.is_straight() {
        submit::reserve(tx, settings, order)?;
        return Ok(cancel::Freed::new());
    }
    add_gifts(tx, settings, order)?;
    if join_when_paid(tx, settings, raw, order)? {
        return Ok(cancel::Freed::new());
    }
    let part = prepare(tx, settings, order)?;
    look_again(tx, settings, order)?;
    let Some(part) = part else { return Ok(cancel::Freed::new()) };
    raw.orders.push(part.id);
    table::insert_order(tx, &part, sealed)?;
    Ok(order.lines.iter().map(|line| (order.warehouse, line.spec)).collect())
}

/// Pre-sale, reservation, split, delay: what happens to every paid order that stays by itself. Returns what was split off.
fn prepare(tx: &mut Tx, settings: &Settings, order: &mut Order) -> Result<Option<Order>> {
    let flow = &settings.flow;
    let now = tx.now();
    if flow.presale && order.status == OrderStatus::AwaitingAudit {
        let rules = rule::in_force(tx, RuleKind::Presale)?;
        if let Some(from) = rule::presale::applies(&rules, order, now) {
            order.status = ORDER.fire(order.status, OrderEvent::Presell)?;
            order.marks.check_step = STEP_PRESALE;
            order.marks.wakes = from;
        }
    }
    submit::reserve(tx, settings, order)?;
    let mut part = None;
    if flow.split_by_stock && order.status == OrderStatus::AwaitingAudit && order.is_sealed == 0 {
        let takes = short_lines(tx, order)?;
        if !takes.is_empty() {
            part = Some(split_off(tx, settings, order, &takes, true)?);
        }
    }
    for order in std::iter::once(order).chain(part.as_mut()) {
        if flow.delay_minutes > 0 && order.status == OrderStatus::AwaitingAudit {
            order.status = ORDER.fire(order.status, OrderEvent::Delay)?;
            order.marks.wakes = Some(now.plus(flow.delay_minutes.saturating_mul(60)));
        }
        if let Some(at) = order.marks.wakes {
            wake_at(tx, order, at)?;
        }
    }
    Ok(part)
}

pub(super) fn wake_at(tx: &mut Tx, order: &Order, at: Moment) -> Result<()> {
    Ok(timer::set(tx, at, WAKE, &order.no, &serde_json::json!({}))?)
}

/// An order whose last line got its goods, or that was paid, may go by rule now; it does so in a unit of its own.
pub(super) fn look_again(tx: &mut Tx, settings: &Settings, order: &Order) -> Result<()> {
    if settings.flow.auto_audit && order.status == OrderStatus::AwaitingAudit && order.shortage().is_empty() {
        let now = tx.now();
        wake_at(tx, order, now)?;
    }
    Ok(())
}

/// Audits an order in hand when a rule lets it go; what cannot be audited waits for a human.
pub(super) fn audit_by_rule(tx: &mut Tx, settings: &Settings, order: &mut Order) -> Result<()> {
    if !settings.flow.auto_audit || order.status != OrderStatus::AwaitingAudit || !order.shortage().is_empty() {
        return Ok(());
    }
    let rules = rule::in_force(tx, RuleKind::Audit)?;
    let now = tx.now();
    let Some(name) = rule::audit::lets_go(&rules, order, now).map(|rule| rule.name.clone()) else { return Ok(()) };
    match audit::audit_loaded(tx, settings, order, &format!("auto:{name}")) {
        Ok(()) | Err(Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

fn note_customer(tx: &mut Tx, settings: &Settings, shop: &Shop, raw: &RawOrder, order: &mut Order) -> Result<()> {
    let buyer = &raw.facts.buyer;
    let person = Person { nick: &buyer.nick, name: &buyer.name, mobile: &buyer.mobile, telno: &buyer.telno };
    let customer = catalog::customer_of(tx, &settings.flow.customer_number, shop.id, &person)?;
    order.marks.customer = customer.id;
    order.marks.customer_no = customer.no;
    order.marks.customer_kind = customer.kind;
    Ok(())
}

/// Adds what the rules give to a paid order; an order is asked about once.
fn add_gifts(tx: &mut Tx, settings: &Settings, order: &mut Order) -> Result<()> {
    if order.status != OrderStatus::AwaitingAudit || order.marks.gift_mask != 0 {
        return Ok(());
    }
    gifts_again(tx, settings, order)
}

/// Asks the rules for gifts about an order as it is now and adds what they give beyond what it has; merged orders come here again.
pub(super) fn gifts_again(tx: &mut Tx, settings: &Settings, order: &mut Order) -> Result<()> {
    if !settings.flow.gifts {
        return Ok(());
    }
    let rules = rule::in_force(tx, RuleKind::Gift)?;
    let now = tx.now();
    let mut gifts = rule::gift::missing(rule::gift::given(&rules, order, now), order);
    for rule in rules.iter().filter(|rule| rule.then.first_orders > 0 || rule.then.most_pieces.is_positive()) {
        let pieces: Quantity = gifts.iter().filter(|gift| gift.rule == rule.id).map(|gift| gift.num).sum();
        if !pieces.is_positive() {
            continue;
        }
        let new = !order.lines.iter().any(|line| line.gift_rule == rule.id);
        let used = table::rule_used(tx, rule.id)?;
        if rule::gift::is_left(&rule.then, used, new, pieces) {
            table::use_rule(tx, rule.id, used.0 + i64::from(new), used.1 + pieces)?;
            if rule.then.first_orders > 0 {
                order.marks.trade_mask |= MASK_FIRST_GIFT;
            }
        } else {
            gifts.retain(|gift| gift.rule != rule.id);
        }
    }
    let has = !gifts.is_empty() || order.lines.iter().any(|line| line.gift_rule != 0);
    let (set, unset) = if has { (GIFT_AUTOMATIC, GIFT_NONE) } else { (GIFT_NONE, 0) };
    order.marks.gift_mask = order.marks.gift_mask & !unset | set;
    for gift in gifts {
        let mut line = create::gift_line(tx, order, gift.spec, gift.num, 1)?;
        line.gift_rule = gift.rule;
        order.lines.push(line);
    }

    Ok(())
}

/// Sends an order that holds nothing yet to the warehouse of the strategy; a paid one to several when none can ship all.
fn send_from(tx: &mut Tx, settings: &Settings, mut order: Order) -> Result<Vec<Order>> {
    let flow = &settings.flow;
    let rules = rule::in_force(tx, RuleKind::Warehouse)?;
    let now = tx.now();
    let mut allowed = Vec::new();
    for id in rule::strategy::allowed(&rules, &order, now) {
        let warehouse: Option<std::sync::Arc<Warehouse>> =
            tx.remember("warehouse key", &id.to_string(), |tx| catalog::warehouse_by_id(tx, id))?;
        if warehouse.is_some_and(|warehouse| !warehouse.disabled) {
            allowed.push(id);
        }
    }
    let paid = order.status == OrderStatus::AwaitingAudit;
    let needs = needs(&order);
    let covers = if flow.warehouse_prefers_stock { stock::coverage(tx, &allowed, &needs)? } else { Vec::new() };
    match rule::strategy::choose(&allowed, &covers, flow.split_by_warehouse && paid && order.is_sealed == 0) {
        Choice::Nowhere if flow.no_warehouse_waits && paid => {
            order.status = ORDER.fire(order.status, OrderEvent::LackWarehouse)?;
        }
        Choice::Nowhere => {}
        Choice::One(warehouse) => order.warehouse = warehouse,
        Choice::Each(warehouses) => return scatter(tx, settings, order, &warehouses),
    }
    Ok(vec![order])
}

/// What each line needs; lines of one spec need what all of them need together.
fn needs(order: &Order) -> Vec<(i64, Quantity)> {
    let of = |spec: i64| order.lines.iter().filter(|line| line.spec == spec).map(|line| line.actual_num).sum();
    order.lines.iter().map(|line| (line.spec, of(line.spec))).collect()
}

/// One order a warehouse; the lines stand in the order of `warehouses`.
fn scatter(tx: &mut Tx, settings: &Settings, mut order: Order, warehouses: &[i64]) -> Result<Vec<Order>> {
    let places: Vec<(i64, i64)> = order.lines.iter().map(|line| line.id).zip(warehouses.iter().copied()).collect();
    let home = warehouses.first().copied().unwrap_or(order.warehouse);
    order.warehouse = home;
    let mut others: Vec<i64> = Vec::new();
    for warehouse in warehouses {
        if *warehouse != home && !others.contains(warehouse) {
            others.push(*warehouse);
        }
    }
    let mut parts = Vec::with_capacity(others.len());
    for warehouse in others {
        let takes: Vec<Take> =
            places.iter().filter(|(_, at)| *at == warehouse).map(|(line, _)| Take { line: *line, num: None }).collect();
        let mut part = split_off(tx, settings, &mut order, &takes, true)?;
        part.warehouse = warehouse;
        parts.push(part);
    }
    parts.insert(0, order);
    Ok(parts)
}

fn choose_carrier(tx: &mut Tx, order: &mut Order) -> Result<()> {
    let rules = rule::in_force(tx, RuleKind::Carrier)?;
    let now = tx.now();
    let Some(id) = rule::carrier::chosen(&rules, order, now) else { return Ok(()) };
    let carrier = tx.remember("carrier key", &id.to_string(), |tx| catalog::carrier_by_id(tx, id))?;
    if let Some(carrier) = carrier.filter(|carrier| !carrier.disabled) {
        order.carriage = carried_by(&carrier);
    }
    Ok(())
}

/// The carriage of a carrier, without a waybill.
pub(super) fn carried_by(carrier: &Carrier) -> Carriage {
    Carriage {
        id: carrier.id,
        no: carrier.no.clone(),
        name: carrier.name.clone(),
        kind: carrier.kind,
        waybill: String::new(),
    }
}

/// The other open orders of the same buyer and address, as they stand.
fn siblings(tx: &mut Tx, raw: &RawOrder, order: &Order) -> Result<Vec<Order>> {
    let key = rule::merge::key(order, &raw.facts.buyer);
    let print: String = tx.vault().fingerprint(&key).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut found = Vec::new();
    for id in table::open_orders_of(tx, &print)? {
        if id != order.id {
            found.extend(table::order_by_id(tx, id)?.filter(|other| (10..=30).contains(&other.status.code())));
        }
    }
    table::note_open_buyer(tx, &print, order.id)?;
    Ok(found)
}

pub(super) fn is_unpaid(order: &Order) -> bool {
    matches!(order.status, OrderStatus::Unpaid | OrderStatus::AwaitingFinal)
}

/// A new order joins an older one of the same buyer and address, or both are marked. True when it joined: it is stored as a part
/// of the older one.
fn join(tx: &mut Tx, settings: &Settings, raw: &mut RawOrder, order: &mut Order, named: bool) -> Result<bool> {
    if settings.flow.merge == MergeMode::Off {
        return Ok(false);
    }
    let siblings = siblings(tx, raw, order)?;
    let unpaid = siblings.iter().any(is_unpaid);
    if order.status == OrderStatus::AwaitingAudit && settings.flow.merge == MergeMode::Auto {
        for mut keep in siblings.iter().filter(|other| !is_unpaid(other)).cloned() {
            let home = order.warehouse;
            if !named {
                order.warehouse = keep.warehouse;
            }
            if merge::obstacle(&keep, order).is_none() {
                take_in(tx, settings, &mut keep, order, unpaid)?;
                table::forget_open_buyer(tx, order.id)?;
                raw.orders = vec![keep.id];
                return Ok(true);
            }
            order.warehouse = home;
        }
    }
    mark(tx, settings, order, siblings, unpaid)?;
    Ok(false)
}

/// The same for an order that was stored unpaid and is paid now.
fn join_when_paid(tx: &mut Tx, settings: &Settings, raw: &mut RawOrder, order: &mut Order) -> Result<bool> {
    if settings.flow.merge == MergeMode::Off {
        return Ok(false);
    }
    let siblings = siblings(tx, raw, order)?;
    let unpaid = siblings.iter().any(is_unpaid);
    if settings.flow.merge == MergeMode::Auto {
        for mut keep in siblings.iter().filter(|other| !is_unpaid(other)).cloned() {
            if merge::obstacle(&keep, order).is_none() {
                submit::reserve(tx, settings, order)?;
                take_in(tx, settings, &mut keep, order, unpaid)?;
                table::forget_open_buyer(tx, order.id)?;
                raw.orders.retain(|id| *id != order.id && *id != keep.id);
                raw.orders.push(keep.id);
                return Ok(true);
            }
        }
    }
    mark(tx, settings, order, siblings, unpaid)?;
    Ok(false)
}

fn take_in(tx: &mut Tx, settings: &Settings, keep: &mut Order, gone: &mut Order, unpaid: bool) -> Result<()> {
    merge::absorb(tx, settings, keep, gone)?;
    gifts_again(tx, settings, keep)?;
    submit::reserve(tx, settings, keep)?;
    if keep.status == OrderStatus::AwaitingSibling && !unpaid {
        keep.status = ORDER.fire(keep.status, OrderEvent::SiblingDone)?;
        keep.marks.wakes = None;
    }
    look_again(tx, settings, keep)?;
    table::update_order(tx, keep)
}

/// Notes on both sides that there are several orders of one buyer; a paid one may wait for one that is not.
fn mark(tx: &mut Tx, settings: &Settings, order: &mut Order, siblings: Vec<Order>, unpaid: bool) -> Result<()> {
    let paid = order.status == OrderStatus::AwaitingAudit;
    if unpaid {
        order.marks.unmerge_mask |= UNMERGED_UNPAID;
    }
    if siblings.iter().any(|other| !is_unpaid(other)) {
        order.marks.unmerge_mask |= UNMERGED_SAME_NAME;
    }
    let bit = if paid { UNMERGED_SAME_NAME } else { UNMERGED_UNPAID };
    for mut other in siblings {
        if other.marks.unmerge_mask & bit == 0 {
            other.marks.unmerge_mask |= bit;
            table::update_order(tx, &mut other)?;
        }
    }
    if unpaid && paid && settings.flow.sibling_minutes > 0 {
        order.status = ORDER.fire(order.status, OrderEvent::AwaitSibling)?;
        order.marks.wakes = Some(tx.now().plus(settings.flow.sibling_minutes.saturating_mul(60)));
    }
    Ok(())
}

/// An unpaid order ended, whoever ended it: those that waited for it go on, unless they wait for another one as well.
pub(super) fn sibling_ended(tx: &mut Tx, settings: &Settings, order: i64) -> Result<()> {
    for id in table::open_siblings(tx, order)? {
        let Some(mut other) = table::order_by_id(tx, id)? else { continue };
        if other.status != OrderStatus::AwaitingSibling {
            continue;
        }
        let mut waits = false;
        for id in table::open_siblings(tx, id)? {
            waits |= id != order && table::order_by_id(tx, id)?.is_some_and(|sibling| is_unpaid(&sibling));
        }
        if waits {
            continue;
        }
        other.status = ORDER.fire(other.status, OrderEvent::SiblingDone)?;
        other.marks.wakes = None;
        other.marks.unmerge_mask &= !UNMERGED_UNPAID;
        tx.event("order.woke", &other.no, &serde_json::json!({ "status": other.status }))?;
        look_again(tx, settings, &other)?;
        table::update_order(tx, &mut other)?;
    }
    Ok(())
}
