//! What people do about an order of a channel beside auditing and shipping it: report a shortage, correct a waybill, ask for a return.

use serde_json::{Value, json};
use store::{Reader, Tx};

use super::alarm::{self, kind};
use super::call::{Call, enqueue};
use super::channel::Channel;
use super::error::{Refusal, Result};
use super::message::{Message, MessageState};
use super::order::{OrderChange, OrderState, SupplyOrder, save};
use super::{ship, table};
use crate::messages::CallKind;

/// The order with this number.
pub fn order_by_code(reader: &mut Reader, channel: &Channel, code: &str) -> Result<SupplyOrder> {
    table::order_by_code(reader, channel.id, code)?.ok_or_else(|| Refusal::Unknown("履约单", code.to_owned()).into())
}

/// Orders of the tenant in a state, or all, behind `after`.
pub fn orders(reader: &mut Reader, state: Option<OrderState>, after: i64, limit: i64) -> Result<Vec<SupplyOrder>> {
    table::orders(reader, state, after, limit)
}

/// The channels of the tenant that got a push about a document: its own, because every document begins with one.
pub fn channels_of_document(reader: &mut Reader, code: &str) -> Result<Vec<Channel>> {
    let mut all = table::channels_of_tenant(reader)?;
    let mut known = Vec::new();
    for channel in all.drain(..) {
        if !table::messages_of(reader, channel.id, code)?.is_empty() {
            known.push(channel);
        }
    }
    Ok(known)
}

/// The pushes about a document.
pub fn messages_of(reader: &mut Reader, channel: &Channel, code: &str) -> Result<Vec<Message>> {
    table::messages_of(reader, channel.id, code)
}

/// The calls about a document.
pub fn calls_of(reader: &mut Reader, channel: &Channel, code: &str) -> Result<Vec<Call>> {
    table::calls_of(reader, channel.id, code)
}

/// Pushes of the tenant that somebody must deal with, behind `after`.
pub fn open_messages(reader: &mut Reader, state: MessageState, after: i64, limit: i64) -> Result<Vec<Message>> {
    table::open_messages(reader, state, after, limit)
}

/// The push with this key.
pub fn message_by_id(reader: &mut Reader, id: i64) -> Result<Message> {
    table::message_by_id(reader, id)?.ok_or_else(|| Refusal::Unknown("推送记录", store::wire_id(id).to_string()).into())
}

/// A conflicting copy was looked at; the first push stands.
pub fn dismiss_message(tx: &mut Tx, id: i64) -> Result<Message> {
    let mut message = message_by_id(tx, id)?;
    if message.state != MessageState::Conflicting {
        return Err(Refusal::State("只有内容冲突的重复推送可以关闭;异常推送请修复后重试".to_owned()).into());
    }
    super::message::turn(tx, &mut message, MessageState::Over, "")?;
    alarm::clear(tx, message.channel, kind::CONFLICT, &message.key)?;
    Ok(message)
}

/// Closes an alarm that a person dealt with.
pub fn close_alarm(tx: &mut Tx, channel: i64, about: &str, key: &str) -> Result<()> {
    alarm::clear(tx, channel, about, key)
}

/// Pieces of a line that are missing.
#[derive(Debug, Clone)]
pub struct Lack {
    /// Line number.
    pub sub_order_code: String,
    /// Pieces.
    pub quantity: i64,
}

/// The warehouse cannot pick the order (2.6). What the platform does next is not published: expect a cancel.
pub fn report_shortage(
    tx: &mut Tx,
    channel: &Channel,
    code: &str,
    lacks: &[Lack],
    reason: &str,
) -> Result<SupplyOrder> {
    let mut order = order_by_code(tx, channel, code)?;
    let cancelled_here =
        order.state == OrderState::Cancelled && order.facts.cancels.iter().all(|cancel| !cancel.intercepted);
    let mut items: Vec<Value> = Vec::new();
    for lack in lacks {
        let unknown = || Refusal::Unknown("履约单明细", lack.sub_order_code.clone());
        let line =
            order.facts.lines.iter().find(|line| line.sub_order_code == lack.sub_order_code).ok_or_else(unknown)?;
        if !(1..=line.quantity).contains(&lack.quantity) {
            return Err(
                Refusal::Invalid("lack_quantity", format!("{}为1到{}", line.sub_order_code, line.quantity)).into()
            );
        }
        items.push(json!({
            "sub_order_code": line.sub_order_code, "sc_item_id": line.sc_item_id, "lack_quantity": lack.quantity,
        }));
    }
    if items.is_empty() {
        return Err(Refusal::Invalid("lines", "没有缺货明细".to_owned()).into());
    }
    // An order that was cancelled here is lost to us: the platform is told in the one way it has.
    if !cancelled_here {
        let now = tx.now();
        order.turn(&channel.facts.settings, now, OrderChange::RunShort)?;
    }
    order.facts.shortages += 1;
    let number = format!("OOS-{code}-{}", order.facts.shortages);
    let body = json!({
        "supplier_id": channel.supplier_id, "out_biz_id": number, "biz_order_code": code, "out_of_stock_items": items,
        "out_of_stock_reason": reason,
    });
    save(tx, &mut order)?;
    enqueue(tx, channel, CallKind::OutOfStock, &number, code, &body)?;
    alarm::clear(tx, channel.id, kind::CANCELLED_HERE, code)?;
    Ok(order)
}

/// Stock came after all: the warehouse picks the order again.
pub fn restock(tx: &mut Tx, channel: &Channel, code: &str) -> Result<SupplyOrder> {
    let mut order = order_by_code(tx, channel, code)?;
    let now = tx.now();
    order.turn(&channel.facts.settings, now, OrderChange::Restock)?;
    save(tx, &mut order)?;
    // The core may stand elsewhere: the order may have been short before it was released.
    if let Some(raw) = erp::order::raw_by_tid(tx, code)?.filter(|raw| raw.shop == channel.shop) {
        super::order::follow_core(tx, &channel.facts.settings, &mut order, &raw)?;
    }
    Ok(order)
}

/// A reported waybill was wrong (2.8). The carrier cannot be changed: the platform has no field for it (section 7, no. 18). A report that
/// the platform refused is put right and sent again instead; with platform-run delivery a drawn waybill brings its carrier.
pub fn change_waybill(tx: &mut Tx, channel: &Channel, code: &str, old: &str, new: &str) -> Result<SupplyOrder> {
    let mut order = order_by_code(tx, channel, code)?;
    if !matches!(order.state, OrderState::Confirmed | OrderState::ConfirmFailed) {
        return Err(Refusal::State(format!("{code}尚未回传发货({}),请先完成回传", order.state.chinese())).into());
    }
    let parcel = order.facts.parcels.iter().find(|(waybill, _)| waybill == old);
    let (_, carrier) = parcel.ok_or_else(|| Refusal::Unknown("已回传的物流单号", old.to_owned()))?.clone();
    if new.is_empty() || new == old {
        return Err(Refusal::Invalid("new_waybill", "与原单号相同或为空".to_owned()).into());
    }
    let drawn = order.facts.drawn.iter().find(|drawn| drawn.waybill == new).cloned();
    if ship::model(&order) == "1" && drawn.is_none() {
        return Err(Refusal::Invalid("new_waybill", "平台配送的运单须先取号".to_owned()).into());
    }
    if order.state == OrderState::ConfirmFailed {
        let carrier = drawn.map_or(carrier, |drawn| drawn.carrier);
        ship::correct(tx, channel, &mut order, old, (new, &carrier))?;
        return order_by_code(tx, channel, code);
    }
    let body = json!({
        "supplier_id": channel.supplier_id, "biz_order_code": code, "old_tms_order_code": old, "new_tms_order_code": new,
        "old_tms_service_code": carrier,
    });
    enqueue(tx, channel, CallKind::TmsChange, &format!("{code}:{old}:{new}"), code, &body)?;
    Ok(order)
}

/// Goods that came back without a return order.
#[derive(Debug, Clone)]
pub struct ReturnRequest {
    /// The order that they were shipped for.
    pub code: String,
    /// 1 consumer return, 2 delivery exception, 3 refused, 4 intercepted, 5 door pick-up.
    pub reverse_type: String,
    /// Carrier number of ours.
    pub carrier_no: String,
    /// Waybill of the parcel.
    pub waybill: String,
    /// Lines and pieces; empty = the whole order.
    pub lines: Vec<Lack>,
}

/// Asks for a return order (2.11). The number comes with a push.
pub fn request_return(tx: &mut Tx, channel: &Channel, new: &ReturnRequest) -> Result<SupplyOrder> {
    let order = order_by_code(tx, channel, &new.code)?;
    if !matches!(order.state, OrderState::Shipped | OrderState::ConfirmFailed | OrderState::Confirmed) {
        return Err(Refusal::State(format!("{}未发货,不能申请销退单", new.code)).into());
    }
    if !matches!(new.reverse_type.as_str(), "1" | "2" | "3" | "4" | "5") {
        return Err(Refusal::Invalid("reverse_type", "为1到5".to_owned()).into());
    }
    if new.waybill.is_empty() || new.carrier_no.is_empty() {
        return Err(Refusal::Invalid("waybill", "物流公司与物流单号必填".to_owned()).into());
    }
    let mut items: Vec<Value> = Vec::new();
    for (place, lack) in (1..).zip(&new.lines) {
        let unknown = || Refusal::Unknown("履约单明细", lack.sub_order_code.clone());
        let line =
            order.facts.lines.iter().find(|line| line.sub_order_code == lack.sub_order_code).ok_or_else(unknown)?;
        if !(1..=line.quantity).contains(&lack.quantity) {
            return Err(Refusal::Invalid("quantity", format!("{}为1到{}", line.sub_order_code, line.quantity)).into());
        }
        items.push(json!({
            "erp_order_line": place.to_string(), "sub_order_code": line.sub_order_code, "sc_item_id": line.sc_item_id,
            "plan_return_quantity": lack.quantity,
        }));
    }
    let (to, from) = people(tx, channel, &order)?;
    let number = format!("RCR-{}-{}", new.code, new.waybill);
    let mut body = json!({
        "supplier_id": channel.supplier_id, "out_biz_id": number, "reverse_type": new.reverse_type,
        "biz_order_code": new.code, "tms_service_code": channel.carrier_code(&new.carrier_no),
        "tms_order_code": new.waybill, "receiver_info": to, "sender_info": from, "store_code": order.facts.store_code,
    });
    if !items.is_empty() {
        body["order_items"] = items.into();
    }
    enqueue(tx, channel, CallKind::ReturnCreate, &number, &new.code, &body)?;
    Ok(order)
}

/// Where the goods are (the warehouse) and where they come from (the consignee).
fn people(tx: &mut Tx, channel: &Channel, order: &SupplyOrder) -> Result<(Value, Value)> {
    let zip = &channel.facts.settings.zip;
    let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
    let warehouse = erp::catalog::warehouse_by_no(tx, channel.warehouse_of(&order.facts.store_code))?;
    let [province, city, area] = &warehouse.region;
    let to = json!({
        "receiver_name": or(&warehouse.contact, "仓库"), "receiver_mobile": or(&warehouse.mobile, "-"),
        "receiver_country": "中国", "receiver_province": or(province, "-"), "receiver_city": or(city, "-"),
        "receiver_area": or(area, "-"), "receiver_zip_code": zip, "receiver_address": warehouse.address,
    });
    let raw = erp::order::raw_by_tid(tx, &order.code)?;
    let (name, area, post) = match &raw {
        Some(raw) => (raw.facts.buyer.name.clone(), raw.facts.area.clone(), raw.facts.buyer.zip.clone()),
        None => Default::default(),
    };
    let mut parts = area.split(' ');
    let mut part = || or(parts.next().unwrap_or_default(), "-");
    let from = json!({
        "sender_name": or(&name, "-"), "sender_country": "中国", "sender_province": part(), "sender_city": part(),
        "sender_area": part(), "sender_zip_code": or(&post, zip),
    });
    Ok((to, from))
}

/// How many orders of the channel are in each state.
pub fn order_counts(reader: &mut Reader, channel: &Channel) -> Result<Vec<(OrderState, i64)>> {
    table::count_orders(reader, channel.id)
}

/// What has worked on a channel, for its status page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// Cancels that were decided.
    pub cancels: i64,
    /// Goods whose stock was published.
    pub published: i64,
    /// Open alarms about stock.
    pub stock_trouble: i64,
    /// Returns that the platform has.
    pub reported: i64,
    /// Returns whose report was refused.
    pub return_trouble: i64,
    /// Calls that wait.
    pub waiting: i64,
    /// Calls that are given up.
    pub dead: i64,
}

/// What has worked on a channel.
pub fn channel_activity(reader: &mut Reader, channel: &Channel) -> Result<Activity> {
    use super::call::CallState;
    let [cancels, published, reported, return_trouble] = table::activity(reader, channel.id)?;
    let alarms = table::open_alarms(reader, 0, 1_000)?;
    let about_stock = |alarm: &&super::alarm::Alarm| {
        alarm.channel == channel.id && matches!(alarm.kind.as_str(), kind::OVERSOLD | kind::STOCK_DIFFERS)
    };
    Ok(Activity {
        cancels,
        published,
        stock_trouble: i64::try_from(alarms.iter().filter(about_stock).count()).unwrap_or(0),
        reported,
        return_trouble,
        waiting: table::count_calls(reader, channel.id, CallState::Waiting)?,
        dead: table::count_calls(reader, channel.id, CallState::Dead)?,
    })
}
