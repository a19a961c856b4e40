//! What it does with what it is told: orders kept, cancelled, goods made known, questions answered.

use gateway::service;
use units::{Moment, Quantity};
use wire::xml::Element;

use super::door::refuse;
use super::state::{Held, HeldKind, HeldLine, HeldState, State};
use crate::message::{
    self, BatchCreate, CombineSynchronize, DeliveryCreate, EntryCreate, Flaw, InventoryQuery, ItemSynchronize,
    ItemsSynchronize, OrderCancel, OrderPending, ReturnCreate, StockAnswer, StockOutCreate, StockQuery, StockRow,
};

/// A line as it is told.
fn line(no: &Option<String>, item: &str, kind: &Option<String>, plan: Quantity) -> HeldLine {
    HeldLine {
        line_no: no.clone().unwrap_or_default(),
        item_code: item.to_owned(),
        inventory_type: kind.clone().unwrap_or_else(|| "ZP".to_owned()),
        plan,
        moved: Quantity::ZERO,
    }
}

fn held(kind: HeldKind, code: &str, order_type: &str, warehouse: &str, now: Moment) -> Held {
    Held {
        code: code.to_owned(),
        id: String::new(),
        kind,
        order_type: order_type.to_owned(),
        warehouse_code: warehouse.to_owned(),
        owner_code: String::new(),
        logistics_code: String::new(),
        state: HeldState::Accepted,
        lines: Vec::new(),
        received: now,
        times: 0,
        waits: false,
    }
}

/// Does what it is told; the reply.
pub(super) fn take(state: &mut State, method: &str, root: &Element, now: Moment) -> Result<String, Flaw> {
    Ok(match method {
        "deliveryorder.create" => {
            let told: DeliveryCreate = message::read(root)?;
            let held = delivery(&told, now);
            accept(state, held, "deliveryOrderId")
        }
        "deliveryorder.batchcreate" => {
            let told: BatchCreate = message::read(root)?;
            for order in told.orders.iter() {
                accept(state, delivery(order, now), "deliveryOrderId");
            }
            service::answer(true, "0", "ok", |_| {})
        }
        "entryorder.create" => {
            let told: EntryCreate = message::read(root)?;
            let order_type = told.order.order_type.as_deref().unwrap_or("CGRK");
            let mut held = held(HeldKind::Entry, &told.order.code, order_type, &told.order.warehouse_code, now);
            held.owner_code.clone_from(&told.order.owner_code);
            held.lines =
                told.lines.iter().map(|l| line(&l.line_no, &l.item_code, &l.inventory_type, l.plan_qty)).collect();
            accept(state, held, "entryOrderId")
        }
        "returnorder.create" => {
            let told: ReturnCreate = message::read(root)?;
            let order_type = told.order.order_type.as_deref().unwrap_or("XTRK");
            let mut held = held(HeldKind::Return, &told.order.code, order_type, &told.order.warehouse_code, now);
            held.logistics_code.clone_from(&told.order.logistics_code);
            held.owner_code = told.lines.first().map(|line| line.owner_code.clone()).unwrap_or_default();
            held.lines =
                told.lines.iter().map(|l| line(&l.line_no, &l.item_code, &l.inventory_type, l.plan_qty)).collect();
            accept(state, held, "returnOrderId")
        }
        "stockout.create" => {
            let told: StockOutCreate = message::read(root)?;
            let order = &told.order;
            let mut held = held(HeldKind::StockOut, &order.code, &order.order_type, &order.warehouse_code, now);
            held.owner_code = told.lines.first().map(|line| line.owner_code.clone()).unwrap_or_default();
            held.lines =
                told.lines.iter().map(|l| line(&l.line_no, &l.item_code, &l.inventory_type, l.plan_qty)).collect();
            accept(state, held, "deliveryOrderId")
        }
        "order.cancel" => cancel(state, &message::read(root)?),
        "order.pending" => pending(state, &message::read(root)?),
        "combineitem.synchronize" => {
            let told: CombineSynchronize = message::read(root)?;
            state.items.insert(told.item_code.clone(), told.item_code);
            service::answer(true, "0", "ok", |_| {})
        }
        "singleitem.synchronize" => {
            let told: ItemSynchronize = message::read(root)?;
            state.items.insert(told.item.code.clone(), told.item.name.clone());
            service::answer(true, "0", "ok", |out| out.element("itemId", &told.item.code))
        }
        "items.synchronize" => {
            let told: ItemsSynchronize = message::read(root)?;
            for item in told.items.iter() {
                state.items.insert(item.code.clone(), item.name.clone());
            }
            service::answer(true, "0", "ok", |_| {})
        }
        "inventory.query" => {
            let told: InventoryQuery = message::read(root)?;
            let rows = told.criteria.iter().flat_map(|asked| {
                rows(state, &asked.item_code, asked.warehouse_code.as_deref().unwrap_or("OTHER"), &asked.inventory_type)
            });
            stock(StockAnswer { items: rows.collect(), ..StockAnswer::default() })
        }
        "stock.query" => {
            let told: StockQuery = message::read(root)?;
            let place = told.warehouse_code.as_deref().unwrap_or("OTHER");
            let items = rows(state, &told.item_code, place, &told.inventory_type);
            stock(StockAnswer { total_count: i64::try_from(items.len()).ok(), items, ..StockAnswer::default() })
        }
        _ => refuse("30002", "not served by this warehouse"),
    })
}

fn delivery(told: &DeliveryCreate, now: Moment) -> Held {
    let order = &told.order;
    let mut held = held(HeldKind::Delivery, &order.code, &order.order_type, &order.warehouse_code, now);
    held.logistics_code.clone_from(&order.logistics_code);
    held.owner_code = told.lines.first().map(|line| line.owner_code.clone()).unwrap_or_default();
    held.lines = told.lines.iter().map(|l| line(&l.line_no, &l.item_code, &l.inventory_type, l.plan_qty)).collect();
    held
}

/// What lies of an item; what open orders will take counts as locked.
fn rows(state: &State, item: &str, place: &str, kind: &Option<String>) -> Vec<StockRow> {
    let locked: Quantity = state
        .orders
        .values()
        .filter(|held| matches!(held.kind, HeldKind::Delivery | HeldKind::StockOut))
        .filter(|held| matches!(held.state, HeldState::Accepted | HeldState::Picking | HeldState::Partly))
        .flat_map(|held| held.lines.iter())
        .filter(|line| line.item_code == item)
        .map(|line| line.plan - line.moved)
        .sum();
    let kinds = state.stock.get(item).cloned().unwrap_or_default();
    let wanted = kinds.into_iter().filter(|(of, _)| kind.as_ref().is_none_or(|kind| kind == of));
    let row = |(of, quantity): (String, Quantity)| StockRow {
        warehouse_code: place.to_owned(),
        item_code: item.to_owned(),
        item_name: state.items.get(item).cloned(),
        lock_quantity: if of == "ZP" { locked } else { Quantity::ZERO },
        inventory_type: of,
        quantity,
        ..StockRow::default()
    };
    wanted.map(row).collect()
}

fn stock(answer: StockAnswer) -> String {
    service::answer(true, "0", "ok", |out| message::put(&answer, out))
}

/// Keeps a new order; one that is known already is answered as before.
pub(super) fn accept(state: &mut State, mut held: Held, id_name: &str) -> String {
    if let Some(known) = state.orders.get_mut(&held.code) {
        known.times += 1;
        let id = known.id.clone();
        return service::answer(true, "0", "ok", |out| out.element(id_name, &id));
    }
    if !state.mood.refuse_orders.is_empty() {
        return refuse("S100", &state.mood.refuse_orders);
    }
    held.id = state.next("WMS");
    held.times = 1;
    let id = held.id.clone();
    state.orders.insert(held.code.clone(), held);
    service::answer(true, "0", "ok", |out| out.element(id_name, &id))
}

fn cancel(state: &mut State, told: &OrderCancel) -> String {
    let refusal = state.mood.refuse_cancel.clone();
    let Some(held) = state.orders.get_mut(&told.order_code) else { return refuse("S101", "单据不存在") };
    match held.state {
        HeldState::Cancelled => service::answer(true, "0", "ok", |_| {}),
        _ if !refusal.is_empty() => refuse("S102", &refusal),
        HeldState::Accepted => {
            held.state = HeldState::Cancelled;
            service::answer(true, "0", "ok", |_| {})
        }
        HeldState::Picking => refuse("S103", "已开始拣货,不能取消"),
        HeldState::Partly | HeldState::Done => refuse("S104", "已出库,不能取消"),
    }
}

fn pending(state: &mut State, told: &OrderPending) -> String {
    let Some(held) = state.orders.get_mut(&told.code) else { return refuse("S101", "单据不存在") };
    if matches!(held.state, HeldState::Done | HeldState::Cancelled) {
        return refuse("S104", "已出库或已取消,不能挂起");
    }
    held.waits = told.action_type == OrderPending::HOLD;
    service::answer(true, "0", "ok", |_| {})
}
