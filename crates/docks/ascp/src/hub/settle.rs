//! What a settled call changes beside itself.

use serde_json::Value;
use store::Tx;

use super::alarm::{self, kind};
use super::call::Call;
use super::channel::Channel;
use super::error::Result;
use super::order::{OrderChange, OrderState, save};
use super::return_order::{ReverseChange, ReverseState};
use super::{delivery, reverse, stock, table};
use crate::messages::CallKind;

/// The platform took the call.
pub(super) fn done(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    call: &Call,
    answer: &Value,
) -> Result<()> {
    match call.kind {
        CallKind::Ship => {
            let Some(mut order) = table::order_by_code(tx, channel.id, &call.code)? else { return Ok(()) };
            if matches!(order.state, OrderState::Shipped | OrderState::ConfirmFailed) {
                let now = tx.now();
                order.facts.confirmed = Some(now);
                order.turn(&channel.facts.settings, now, OrderChange::Confirm)?;
                save(tx, &mut order)?;
                tx.event("ascp.confirmed", &order.event_key(), &serde_json::json!({ "code": order.code }))?;
            }
            Ok(())
        }
        CallKind::TmsChange => {
            let body: Value = serde_json::from_str(&table::call_body(tx, call.id)?).unwrap_or_default();
            let word = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let Some(mut order) = table::order_by_code(tx, channel.id, &call.code)? else { return Ok(()) };
            let (old, new) = (word("old_tms_order_code"), word("new_tms_order_code"));
            for (waybill, _) in order.facts.parcels.iter_mut().filter(|(waybill, _)| *waybill == old) {
                waybill.clone_from(&new);
            }
            save(tx, &mut order)
        }
        CallKind::ReturnFeedback => {
            let Some(mut found) = table::reverse_by_code(tx, channel.id, &call.code)? else { return Ok(()) };
            if matches!(found.state, ReverseState::FullyStocked | ReverseState::ReportFailed) {
                let now = tx.now();
                found.facts.reported = Some(now);
                found.look_ahead(&channel.facts.settings, now);
                reverse::turn(tx, &mut found, ReverseChange::Report)?;
                alarm::clear(tx, channel.id, kind::RETURN_DUE, &found.code)?;
            }
            Ok(())
        }
        CallKind::StockPublish => stock::published(tx, channel, call),
        CallKind::Waybill => delivery::drawn(tx, channel, call, answer),
        CallKind::Precheck => delivery::checked(tx, channel, call, answer),
        _ => {
            let _ = settings;
            Ok(())
        }
    }
}

/// The call is given up. True when nobody needs to look: it was overtaken by what happened since.
pub(super) fn dead(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    call: &Call,
    code: &str,
    message: &str,
) -> Result<bool> {
    match call.kind {
        // Whoever was cancelled, or shipped before, needs no receipt (fact sheet ascp-direct, section 7, no. 10).
        CallKind::Received => {
            Ok(table::order_by_code(tx, channel.id, &call.code)?
                .is_some_and(|order| order.state >= OrderState::Shipped))
        }
        CallKind::Ship => {
            if let Some(mut order) = table::order_by_code(tx, channel.id, &call.code)?
                && order.state == OrderState::Shipped
            {
                let now = tx.now();
                order.facts.reason = format!("{code} {message}");
                order.turn(&channel.facts.settings, now, OrderChange::Refuse)?;
                save(tx, &mut order)?;
            }
            Ok(false)
        }
        CallKind::ReturnFeedback => {
            if let Some(mut found) = table::reverse_by_code(tx, channel.id, &call.code)?
                && found.state == ReverseState::FullyStocked
            {
                found.facts.reason = format!("{code} {message}");
                reverse::turn(tx, &mut found, ReverseChange::Refuse)?;
            }
            Ok(false)
        }
        CallKind::StockPublish => stock::refused(tx, settings, channel, call, message),
        // The goods left, or nobody wants them any more: the shortage is over.
        CallKind::OutOfStock => {
            Ok(table::order_by_code(tx, channel.id, &call.code)?
                .is_some_and(|order| order.state >= OrderState::Shipped))
        }
        // A cancel that came too late was followed by one that did not, and the platform heard of that first.
        CallKind::CancelFeedback => {
            let refused = call.key.rsplit(':').next().unwrap_or_default();
            Ok(table::order_by_code(tx, channel.id, &call.code)?.is_some_and(|order| {
                let earlier = order.facts.cancels.iter().any(|one| one.refund_status == refused && !one.intercepted);
                earlier && order.facts.cancels.last().is_some_and(|last| last.intercepted)
            }))
        }
        _ => Ok(false),
    }
}

/// A person sends it again.
pub(super) fn resent(tx: &mut Tx, call: &Call) -> Result<()> {
    match call.kind {
        CallKind::Ship => {
            if let Some(mut order) = table::order_by_code(tx, call.channel, &call.code)?
                && order.state == OrderState::ConfirmFailed
                && let Some(channel) = table::channel_by_id(tx, call.channel)?
            {
                let now = tx.now();
                order.turn(&channel.facts.settings, now, OrderChange::Resend)?;
                save(tx, &mut order)?;
            }
            Ok(())
        }
        CallKind::ReturnFeedback => {
            if let Some(mut found) = table::reverse_by_code(tx, call.channel, &call.code)?
                && found.state == ReverseState::ReportFailed
            {
                reverse::turn(tx, &mut found, ReverseChange::Resend)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
