//! Interception: a cancel succeeds while the order has not been released to the warehouse, and fails afterwards. Decided in the unit
//! of work that cancels, so it cannot race with a release. (Fact sheet ascp-direct, 1.4, 2.2, 2.7, 3.2.)

use erp::order::TradeStatus;
use store::Tx;
use wire::args::{Arguments, given};
use wire::json::Object;

use super::alarm::{self, kind};
use super::channel::{CancelReply, Channel};
use super::error::Result;
use super::message::{Incoming, Message, MessageState, keep, turn};
use super::order::{CancelDecision, OrderChange, OrderState, Stage, SupplyOrder, save, stage};
use super::table;
use crate::messages::{Cancel, PushKind, PushReply};

/// What [`Message::answer`] says of a cancel that succeeded.
const YES: &str = "yes";
/// Code of the reply to a cancel that came too late.
const TOO_LATE: &str = "CANCEL_REFUSED";
/// Code of the reply to a cancel whose order is not known yet.
const UNKNOWN: &str = "ORDER_NOT_FOUND";

/// Takes a cancel.
pub(super) fn take(tx: &mut Tx, settings: &erp::Settings, channel: &Channel, push: &Incoming) -> Result<PushReply> {
    let refund_status = refund_status(&push.json);
    let Some(mut order) = table::order_by_code(tx, channel.id, &push.code)? else {
        // It waits for its order: when that comes it is cancelled before anybody sees it (fact sheet ascp-direct, 1.9).
        keep(tx, channel.id, push, MessageState::Remembered, "履约单未到,已记录取消", "")?;
        return Ok(PushReply::later(UNKNOWN, "order is not known yet; the cancel is remembered"));
    };
    let decision = decide(tx, settings, channel, &mut order, &refund_status)?;
    let answer = if decision.intercepted { YES } else { &decision.reason };
    keep(tx, channel.id, push, MessageState::Applied, "", answer)?;
    Ok(reply(channel, decision.intercepted, &decision.reason))
}

/// The same cancel again: the earlier answer, or, for one that was remembered, what became of it.
pub(super) fn again(tx: &mut Tx, settings: &erp::Settings, channel: &Channel, stored: &Message) -> Result<PushReply> {
    if stored.state != MessageState::Remembered {
        return Ok(reply(channel, stored.answer == YES, &stored.answer));
    }
    let Some(mut order) = table::order_by_code(tx, channel.id, &stored.code)? else {
        return Ok(PushReply::later(UNKNOWN, "order is not known yet; the cancel is remembered"));
    };
    let refund_status = stored.key.rsplit(':').next().unwrap_or_default().to_owned();
    let decision = decide(tx, settings, channel, &mut order, &refund_status)?;
    let mut stored = stored.clone();
    stored.answer = if decision.intercepted { YES.to_owned() } else { decision.reason.clone() };
    turn(tx, &mut stored, MessageState::Applied, "")?;
    Ok(reply(channel, decision.intercepted, &decision.reason))
}

/// `1` when the push says nothing (fact sheet ascp-direct, 2.2).
pub(super) fn refund_status(json: &str) -> String {
    let cancel = Object::parse(json).ok().and_then(|object| Cancel::decode_root(&object).ok());
    let status = cancel.and_then(|cancel| given(&cancel.refund_status).map(str::to_owned));
    status.unwrap_or_else(|| "1".to_owned())
}

fn reply(channel: &Channel, intercepted: bool, reason: &str) -> PushReply {
    if intercepted || channel.facts.settings.cancel_reply == CancelReply::AckOnly {
        PushReply::accepted()
    } else {
        PushReply::refused(TOO_LATE, reason)
    }
}

/// Decides, cancels if it can, and has the platform told.
fn decide(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    order: &mut SupplyOrder,
    refund_status: &str,
) -> Result<CancelDecision> {
    let refused = if order.state == OrderState::Cancelled { None } else { intercept(tx, settings, channel, order)? };
    let decision = CancelDecision {
        refund_status: refund_status.to_owned(),
        intercepted: refused.is_none(),
        reason: refused.unwrap_or_default(),
        at: tx.now(),
    };
    order.facts.cancels.push(decision.clone());
    save(tx, order)?;
    if !decision.intercepted && refund_status == "9" {
        let text = format!("{}退款已同意但货物已{},请拦截包裹", order.code, order.state.chinese());
        alarm::raise(tx, channel.id, kind::REFUND_AGREED, &order.code, &text)?;
    }
    tx.event(
        "ascp.cancel_decided",
        &order.event_key(),
        &serde_json::json!({
            "supplier_id": channel.supplier_id, "code": order.code, "refund_status": refund_status,
            "intercepted": decision.intercepted, "reason": decision.reason, "at": decision.at.to_string(),
        }),
    )?;
    Ok(decision)
}

/// Takes the order back, or says why it cannot be.
fn intercept(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    order: &mut SupplyOrder,
) -> Result<Option<String>> {
    let now = tx.now();
    let raw = erp::order::raw_by_tid(tx, &order.code)?.filter(|raw| raw.shop == channel.shop);
    if let Some(raw) = raw {
        let short = order.state == OrderState::Short;
        match stage(tx, &raw)? {
            Stage::Gone => return Ok(Some("订单已发货".to_owned())),
            Stage::Released if !short => return Ok(Some("订单已递交仓库".to_owned())),
            // What the warehouse cannot pick is taken back from it first (fact sheet ascp-direct, 3.1).
            Stage::Released => {
                for released in erp::order::orders_of(tx, &raw)? {
                    if released.status == erp::order::OrderStatus::Audited {
                        erp::order::reject(tx, settings, &released.no, "平台取消", "ascp")?;
                    }
                }
            }
            Stage::Open | Stage::Audited | Stage::Over => {}
        }
        let Some(shop) = erp::catalog::shop_by_id(tx, channel.shop)? else {
            return Ok(Some("店铺不存在".to_owned()));
        };
        // The order is refunded in full: the core drops its lines wherever they are, also out of orders that were merged.
        let raw = erp::order::raw_by_tid(tx, &order.code)?.ok_or(store::Error::Missing)?;
        if stage(tx, &raw)? != Stage::Over {
            let mut facts = raw.facts.clone();
            facts.buyer = raw.facts.buyer.clone();
            facts.status = TradeStatus::Refunded;
            for line in &mut facts.lines {
                (line.status, line.refund_status) = (TradeStatus::Refunded, 5);
            }
            erp::order::push(tx, settings, &shop, facts)?;
            let raw = erp::order::raw_by_tid(tx, &order.code)?.ok_or(store::Error::Missing)?;
            if stage(tx, &raw)? != Stage::Over {
                return Err(super::error::Refusal::State(format!("{}未能整单取消", order.code)).into());
            }
        }
    }
    order.turn(&channel.facts.settings, now, OrderChange::Cancel)?;
    "平台取消,拦截成功".clone_into(&mut order.facts.reason);
    let key = format!("{}:{}", PushKind::Notify.name(), order.code);
    if let Some(mut message) = table::message_by_key(tx, channel.id, &key)?
        && message.state == MessageState::Parked
    {
        turn(tx, &mut message, MessageState::Over, "已取消")?;
        alarm::clear(tx, channel.id, kind::PARKED, &key)?;
    }
    Ok(None)
}

/// Whether a cancel of this order came before it; those that did are settled now, all of them as intercepted.
pub(super) fn remembered(tx: &mut Tx, channel: &Channel, order: &SupplyOrder) -> Result<bool> {
    let waiting: Vec<Message> = table::messages_of(tx, channel.id, &order.code)?
        .into_iter()
        .filter(|message| message.kind == PushKind::Cancel && message.state == MessageState::Remembered)
        .collect();
    for mut message in waiting.iter().cloned() {
        message.answer = YES.to_owned();
        turn(tx, &mut message, MessageState::Applied, "")?;
        let refund_status = message.key.rsplit(':').next().unwrap_or_default();
        tx.event(
            "ascp.cancel_decided",
            &order.event_key(),
            &serde_json::json!({
                "supplier_id": channel.supplier_id, "code": order.code, "refund_status": refund_status,
                "intercepted": true, "reason": "", "at": tx.now().to_string(),
            }),
        )?;
    }
    Ok(!waiting.is_empty())
}

/// An order that was cancelled before it came never gets into the core.
pub(super) fn stop(tx: &mut Tx, channel: &Channel, order: &mut SupplyOrder, reason: &str) -> Result<()> {
    let now = tx.now();
    reason.clone_into(&mut order.facts.reason);
    order.turn(&channel.facts.settings, now, OrderChange::Cancel)
}
