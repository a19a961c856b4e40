//! The event log turned into calls: what the core or a person did about an order of a channel is told to the platform.
//!
//! Each unit of work reads the events behind the cursor, acts, and moves the cursor, so nothing is told twice or forgotten. The state
//! of an order follows from what the core knows when the event is read, not from the event.

use serde_json::{Value, json};
use store::{Event, Tx};

use super::alarm::{self, kind};
use super::call::enqueue;
use super::channel::Channel;
use super::error::Result;
use super::order::{OrderState, SupplyOrder, follow_core, save};
use super::{delivery, reverse, ship, table};
use crate::limits::FOLLOWED;
use crate::messages::CallKind;

/// Topics of the core after which an order may stand elsewhere.
const MOVES: &[&str] = &[
    "order.audited",
    "order.to_finance",
    "order.finance_audited",
    "order.finance_rejected",
    "order.rejected",
    "order.shipped",
    "order.cancelled",
    "order.resolved",
];

/// Follows the tenant's event log for a while. True when there may be more.
pub fn follow(tx: &mut Tx, settings: &erp::Settings) -> Result<bool> {
    let Some(seq) = table::cursor(tx)? else { return Ok(false) };
    let events = tx.events_after(seq, FOLLOWED)?;
    let Some(last) = events.last().map(|event| event.seq) else { return Ok(false) };
    let channels = table::channels_of_tenant(tx)?;
    for event in &events {
        if MOVES.contains(&event.topic.as_str()) {
            moved(tx, settings, &channels, event)?;
        } else if event.topic == "refund.received" {
            reverse::received(tx, settings, &channels, event)?;
        } else if event.topic.starts_with("ascp.") {
            own(tx, &channels, event)?;
        }
    }
    table::move_cursor(tx, last)?;
    Ok(i64::try_from(events.len()).unwrap_or(0) >= FOLLOWED)
}

/// Something of the core happened to an order.
fn moved(tx: &mut Tx, settings: &erp::Settings, channels: &[Channel], event: &Event) -> Result<()> {
    let order = match erp::order::order_by_no(tx, &event.key) {
        Ok(order) => order,
        Err(erp::Error::Refused(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let Some(channel) = channels.iter().find(|channel| channel.shop == order.shop) else { return Ok(()) };
    for (_, tid) in &order.raw {
        let Some(raw) = erp::order::raw_by_tid(tx, tid)?.filter(|raw| raw.shop == channel.shop) else { continue };
        let Some(mut supply) = table::order_by_code(tx, channel.id, tid)? else { continue };
        let before = supply.state;
        if !follow_core(tx, &channel.facts.settings, &mut supply, &raw)? {
            continue;
        }
        match supply.state {
            OrderState::Shipped => {
                ship::report(tx, channel, &mut supply, &raw)?;
                reverse::resume(tx, settings, channel, tid)?;
            }
            OrderState::Released => delivery::released(tx, channel, &supply)?,
            OrderState::Cancelled => cancelled_here(tx, channel, &mut supply, before)?,
            _ => {}
        }
    }
    Ok(())
}

/// A person cancelled the order here. The platform has no word for that; somebody must report the shortage.
fn cancelled_here(tx: &mut Tx, channel: &Channel, order: &mut SupplyOrder, before: OrderState) -> Result<()> {
    order.facts.reason = format!("本地取消(取消前{})", before.chinese());
    save(tx, order)?;
    let text = format!("{}在本地被取消,平台不知情,请上报缺货", order.code);
    alarm::raise(tx, channel.id, kind::CANCELLED_HERE, &order.code, &text)
}

/// Something that this dock said itself.
fn own(tx: &mut Tx, channels: &[Channel], event: &Event) -> Result<()> {
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    let word = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let Some(channel) = channels.iter().find(|channel| channel.supplier_id == word("supplier_id")) else {
        return Ok(());
    };
    let code = word("code");
    match event.topic.as_str() {
        "ascp.accepted" => {
            let model = model(tx, channel, code)?;
            let call = json!({
                "supplier_id": channel.supplier_id, "biz_order_code": code, "biz_time": event.at.to_string(),
                "business_model": model,
            });
            enqueue(tx, channel, CallKind::Received, code, code, &call)?;
        }
        "ascp.cancel_decided" if channel.facts.settings.cancel_feedback => {
            let intercepted = body.get("intercepted").and_then(Value::as_bool).unwrap_or(false);
            let model = model(tx, channel, code)?;
            let mut call = json!({
                "supplier_id": channel.supplier_id, "biz_order_code": code, "biz_time": word("at"),
                "cancel_result": intercepted, "business_model": model,
            });
            if !intercepted {
                call["cancel_reason"] = Value::String(word("reason").to_owned());
            }
            let key = format!("{code}:{}", word("refund_status"));
            enqueue(tx, channel, CallKind::CancelFeedback, &key, code, &call)?;
        }
        _ => {}
    }
    Ok(())
}

fn model(tx: &mut Tx, channel: &Channel, code: &str) -> Result<String> {
    let order = table::order_by_code(tx, channel.id, code)?;
    Ok(order.as_ref().map_or_else(|| "0".to_owned(), |order| ship::model(order).to_owned()))
}
