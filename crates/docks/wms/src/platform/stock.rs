//! What its people do with goods that are not for buyers: receive, issue, count, find more or less than before.

use units::{Moment, Quantity};

use super::act::post;
use super::state::{Held, HeldKind, HeldState, State};
use crate::message::{
    self, ChangeReport, ChangedItem, CountedItem, EntryConfirm, EntryConfirmHead, InventoryReport, IssuedLine, Message,
    Party, ReceivedLine, ReturnConfirm, ReturnConfirmHead, Some1, StockOutConfirm, StockOutConfirmHead,
};

/// Item, inventory type, pieces.
pub(super) type Moved = (String, String, Quantity);

pub(super) fn open(state: &State, code: &str, kinds: &[HeldKind]) -> Result<Held, String> {
    let held = state.orders.get(code).ok_or_else(|| format!("no order {code}"))?;
    if !kinds.contains(&held.kind) || matches!(held.state, HeldState::Done | HeldState::Cancelled) {
        return Err(format!("order {code} is not open for this"));
    }
    Ok(held.clone())
}

/// Everything that is open, unless something is named.
fn meant(held: &Held, named: &[Moved]) -> Vec<Moved> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let open = held.lines.iter().filter(|line| line.moved < line.plan);
    open.map(|line| (line.item_code.clone(), line.inventory_type.clone(), line.plan - line.moved)).collect()
}

/// Gives pieces to the lines of an order, the rest to the last.
fn book(held: &mut Held, item: &str, num: Quantity) {
    let mut left = num;
    let last = held.lines.iter().rposition(|line| line.item_code == item);
    for (at, line) in held.lines.iter_mut().enumerate().filter(|(_, line)| line.item_code == item) {
        let moved = if Some(at) == last { left } else { left.min(line.plan - line.moved) };
        line.moved += moved;
        left -= moved;
    }
    let open = held.lines.iter().any(|line| line.moved < line.plan);
    held.state = if open { HeldState::Partly } else { HeldState::Done };
}

pub(super) fn plan(held: &Held, item: &str) -> Quantity {
    held.lines.iter().filter(|line| line.item_code == item).map(|line| line.plan).sum()
}

/// Receives goods of an announced receipt or return.
pub(super) fn receive(state: &mut State, code: &str, named: &[Moved], now: Moment) -> Result<(), String> {
    let mut held = open(state, code, &[HeldKind::Entry, HeldKind::Return])?;
    let came = meant(&held, named);
    let lines: Vec<ReceivedLine> = came
        .iter()
        .map(|(item, kind, num)| ReceivedLine {
            owner_code: held.owner_code.clone(),
            item_code: item.clone(),
            inventory_type: Some(kind.clone()),
            plan_qty: plan(&held, item),
            actual_qty: *num,
            ..ReceivedLine::default()
        })
        .collect();
    for (item, kind, num) in &came {
        book(&mut held, item, *num);
        state.add(item, kind, *num);
    }
    let done = held.state == HeldState::Done;
    let out_biz_code = state.next("OB");
    let (method, body) = if held.kind == HeldKind::Entry {
        let order = EntryConfirmHead {
            code: held.code.clone(),
            owner_code: held.owner_code.clone(),
            warehouse_code: held.warehouse_code.clone(),
            id: Some(held.id.clone()),
            order_type: Some(held.order_type.clone()),
            out_biz_code,
            confirm_type: Some(i64::from(!done)),
            status: if done { "FULFILLED" } else { "PARTFULFILLED" }.to_owned(),
            shop_nick: "无".to_owned(),
            shop_code: "无".to_owned(),
            operate_time: Some(now),
            more: Vec::new(),
        };
        (EntryConfirm::METHOD, message::write(&EntryConfirm { order, lines: Some1(lines), more: Vec::new() }))
    } else {
        let sender = Party {
            name: "买家".to_owned(),
            mobile: "无".to_owned(),
            province: "无".to_owned(),
            city: "无".to_owned(),
            detail_address: "无".to_owned(),
            ..Party::default()
        };
        let order = ReturnConfirmHead {
            code: held.code.clone(),
            id: Some(held.id.clone()),
            warehouse_code: held.warehouse_code.clone(),
            out_biz_code: Some(out_biz_code),
            order_type: Some(held.order_type.clone()),
            order_confirm_time: Some(now),
            logistics_code: "OTHER".to_owned(),
            express_code: None,
            sender,
            more: Vec::new(),
        };
        (ReturnConfirm::METHOD, message::write(&ReturnConfirm { order, lines: Some1(lines), more: Vec::new() }))
    };
    state.orders.insert(code.to_owned(), held);
    post(state, method, body, now, false);
    Ok(())
}

/// Issues goods of an announced stock-out.
pub(super) fn issue(state: &mut State, code: &str, named: &[Moved], now: Moment) -> Result<(), String> {
    let mut held = open(state, code, &[HeldKind::StockOut])?;
    let left = meant(&held, named);
    for (item, kind, num) in &left {
        book(&mut held, item, *num);
        state.add(item, kind, -*num);
    }
    let lines = left.iter().map(|(item, kind, num)| IssuedLine {
        item_code: item.clone(),
        inventory_type: Some(kind.clone()),
        actual_qty: *num,
        ..IssuedLine::default()
    });
    let done = held.state == HeldState::Done;
    let message = StockOutConfirm {
        order: StockOutConfirmHead {
            code: held.code.clone(),
            id: Some(held.id.clone()),
            warehouse_code: held.warehouse_code.clone(),
            order_type: held.order_type.clone(),
            status: Some(if done { "DELIVERED" } else { "PARTDELIVERED" }.to_owned()),
            out_biz_code: Some(state.next("OB")),
            confirm_type: Some(i64::from(!done)),
            express_code: Some(state.next("YD")),
            order_confirm_time: Some(now),
            ..StockOutConfirmHead::default()
        },
        packages: Vec::new(),
        lines: Some1(lines.collect()),
        more: Vec::new(),
    };
    let body = message::write(&message);
    state.orders.insert(code.to_owned(), held);
    post(state, StockOutConfirm::METHOD, body, now, false);
    Ok(())
}

/// Where stock is, as messages call it.
#[derive(Debug, Clone, Default)]
pub(super) struct Somewhere {
    pub(super) warehouse_code: String,
    pub(super) owner_code: String,
}

/// Finds more or less than before, and says so at once.
pub(super) fn change(state: &mut State, at: &Somewhere, moved: &[Moved], now: Moment) {
    let order_code = state.next("YD");
    let items = moved.iter().map(|(item, kind, num)| {
        state.add(item, kind, *num);
        ChangedItem {
            owner_code: at.owner_code.clone(),
            warehouse_code: at.warehouse_code.clone(),
            order_code: order_code.clone(),
            out_biz_code: state.next("OB"),
            item_code: item.clone(),
            inventory_type: Some(kind.clone()),
            quantity: *num,
            change_time: Some(now),
            ..ChangedItem::default()
        }
    });
    let message = ChangeReport { items: Some1(items.collect()), more: Vec::new() };
    post(state, ChangeReport::METHOD, message::write(&message), now, false);
}

/// Counts, and says what is more or less than was known.
pub(super) fn count(state: &mut State, at: &Somewhere, differences: &[Moved], now: Moment) {
    for (item, kind, num) in differences {
        state.add(item, kind, *num);
    }
    let items = differences.iter().map(|(item, kind, num)| CountedItem {
        item_code: item.clone(),
        inventory_type: Some(kind.clone()),
        quantity: *num,
        ..CountedItem::default()
    });
    let message = InventoryReport {
        total_page: 1,
        current_page: 1,
        page_size: 100,
        warehouse_code: at.warehouse_code.clone(),
        check_order_code: state.next("PD"),
        owner_code: at.owner_code.clone(),
        check_time: Some(now),
        out_biz_code: state.next("OB"),
        adjust_type: "CHECK".to_owned(),
        items: Some1(items.collect()),
        ..InventoryReport::default()
    };
    post(state, InventoryReport::METHOD, message::write(&message), now, false);
}
