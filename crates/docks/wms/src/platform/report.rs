//! What its people report of an order: goods that are not there, how far it is, its wave, serial numbers.

use units::Moment;

use super::act::post;
use super::state::{Held, HeldKind, State};
use super::stock::{Moved, open, plan};
use crate::message::{
    self, LackItem, LackReport, Message, Process, ProcessReport, ReportedOrder, SerialItem, SerialOrder, SerialReport,
    Some1, WaveOrder, WaveReport,
};

fn held<'s>(state: &'s State, code: &str) -> Result<&'s Held, String> {
    state.orders.get(code).ok_or_else(|| format!("no order {code}"))
}

/// Says that goods of a delivery are not there.
pub(super) fn lack(state: &mut State, code: &str, missing: &[Moved], now: Moment) -> Result<(), String> {
    let held = open(state, code, &[HeldKind::Delivery])?;
    let items = missing.iter().map(|(item, kind, num)| LackItem {
        item_code: item.clone(),
        inventory_type: Some(kind.clone()),
        plan_qty: plan(&held, item),
        lack_qty: *num,
        ..LackItem::default()
    });
    let message = LackReport {
        warehouse_code: held.warehouse_code.clone(),
        code: code.to_owned(),
        id: Some(held.id.clone()),
        create_time: now,
        out_biz_code: state.next("OB"),
        items: Some1(items.collect()),
        more: Vec::new(),
    };
    post(state, LackReport::METHOD, message::write(&message), now, false);
    Ok(())
}

/// Says how far an order has come.
pub(super) fn progress(state: &mut State, code: &str, status: &str, now: Moment) -> Result<(), String> {
    let held = held(state, code)?;
    let message = ProcessReport {
        order: ReportedOrder {
            code: code.to_owned(),
            id: Some(held.id.clone()),
            order_type: Some(held.order_type.clone()),
            warehouse_code: Some(held.warehouse_code.clone()),
            more: Vec::new(),
        },
        process: Process { status: status.to_owned(), operate_time: Some(now), ..Process::default() },
        more: Vec::new(),
    };
    post(state, ProcessReport::METHOD, message::write(&message), now, false);
    Ok(())
}

/// Says which pieces went into an order, by their serial numbers.
pub(super) fn serials(state: &mut State, code: &str, pieces: &[(String, String)], now: Moment) -> Result<(), String> {
    let held = held(state, code)?;
    let items = pieces.iter().map(|(item_code, sn)| SerialItem {
        item_code: item_code.clone(),
        sn: sn.clone(),
        more: Vec::new(),
    });
    let message = SerialReport {
        total_page: 1,
        current_page: 1,
        page_size: 100,
        order: SerialOrder {
            code: code.to_owned(),
            warehouse_code: held.warehouse_code.clone(),
            order_type: held.order_type.clone(),
            more: Vec::new(),
        },
        items: Some1(items.collect()),
        more: Vec::new(),
    };
    post(state, SerialReport::METHOD, message::write(&message), now, false);
    Ok(())
}

/// Says which orders are picked together.
pub(super) fn wave(state: &mut State, wave_no: &str, codes: &[String], now: Moment) -> Result<(), String> {
    for code in codes {
        held(state, code)?;
    }
    let orders = codes.iter().map(|code| WaveOrder { code: code.clone(), more: Vec::new() });
    let message = WaveReport { wave_num: wave_no.to_owned(), orders: Some1(orders.collect()), more: Vec::new() };
    post(state, WaveReport::METHOD, message::write(&message), now, false);
    Ok(())
}
