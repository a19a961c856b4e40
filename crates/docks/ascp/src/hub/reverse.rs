//! A return: the push becomes a raw refund of the core, the goods come in (in parts, if they like), and the platform hears of it
//! once, when all of it is there. (Fact sheet ascp-direct, 1.5, 2.3, 2.9, 3.3, 3.5.)

use erp::aftersale::{self, NewReturnIn, NewReturnLine, PlatformStatus, PushRefund, PushRefundLine, RawRefundKind};
use erp::order::RawOrder;
use serde_json::{Value, json};
use store::{Event, Tx};
use units::{Moment, Money, Quantity};
use wire::args::{Arguments, Text, given};
use wire::json::Object;

use super::alarm::{self, kind};
use super::call::enqueue;
use super::channel::Channel;
use super::error::{Error, Refusal, Result};
use super::message::{Incoming, Message, MessageState, body_of, keep, turn as turn_message};
use super::notify::fen;
use super::order::{OrderFacts, Stage, SupplyOrder, stage};
use super::return_order::{
    RETURN_ORDER, ReturnOrder, ReverseChange, ReverseFactLine, ReverseFacts, ReverseState as R, return_by_code,
};
use super::table;
use crate::limits::PIECES;
use crate::messages::{CallKind, PushKind, PushReply, Receiver, Reverse, Sender, read_body};

/// Goes where the table leads, and is stored.
pub(super) fn turn(tx: &mut Tx, found: &mut ReturnOrder, on: ReverseChange) -> Result<()> {
    found.state = RETURN_ORDER.fire(found.state, on)?;
    if !matches!(found.state, R::FullyStocked | R::ReportFailed | R::Reported) {
        found.due = Moment::from_unix(0);
    }
    save(tx, found)
}

fn save(tx: &mut Tx, found: &mut ReturnOrder) -> Result<()> {
    found.modified = tx.now();
    table::update_reverse(tx, found)
}

/// Takes a new return. It is accepted whatever its content; what cannot be mapped waits for a person, and what comes before the goods
/// have left waits for them.
pub(super) fn take(tx: &mut Tx, settings: &erp::Settings, channel: &Channel, push: &Incoming) -> Result<PushReply> {
    let read = read(&push.json);
    let now = tx.now();
    let mut found = ReturnOrder {
        id: tx.document_id("ascp_reverse")?,
        channel: channel.id,
        code: push.code.clone(),
        forward: read.as_ref().map(|read| read.forward.to_string()).unwrap_or_default(),
        state: R::Raw,
        due: Moment::from_unix(0),
        facts: read.as_ref().map(facts).unwrap_or_default(),
        created: now,
        modified: now,
    };
    let people = read.as_ref().map(|read| people(channel, read)).unwrap_or_default();
    let (state, reason) = match &read {
        Err(problem) => (MessageState::Parked, problem.clone()),
        Ok(read) => submit(tx, settings, channel, &mut found, read)?,
    };
    found.facts.reason.clone_from(&reason);
    table::insert_reverse(tx, &found, &people.to_string())?;
    keep(tx, channel.id, push, state, &reason, "")?;
    if state == MessageState::Parked {
        alarm::raise(tx, channel.id, kind::PARKED, &push.key, &format!("{}: {reason}", push.code))?;
    }
    Ok(PushReply::accepted())
}

/// Tries a parked return again; the reason why it still waits, if so.
pub(super) fn again(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    message: &Message,
    json: &str,
) -> Result<Option<String>> {
    let Some(mut found) = table::reverse_by_code(tx, channel.id, &message.code)? else { return Ok(None) };
    if found.state != R::Raw {
        return Ok(None);
    }
    let read = match read(json) {
        Ok(read) => read,
        Err(problem) => return Ok(Some(problem)),
    };
    found.facts = ReverseFacts { arrived: found.facts.arrived, ..facts(&read) };
    let (state, reason) = submit(tx, settings, channel, &mut found, &read)?;
    found.facts.reason.clone_from(&reason);
    save(tx, &mut found)?;
    Ok((state != MessageState::Applied).then_some(reason))
}

/// The returns that waited for an order go on, now that it is here or has left.
pub(super) fn resume(tx: &mut Tx, settings: &erp::Settings, channel: &Channel, forward: &str) -> Result<()> {
    for waiting in table::reverses_of(tx, channel.id, forward)?.into_iter().filter(|found| found.state == R::Raw) {
        let key = format!("{}:{}", PushKind::Reverse.name(), waiting.code);
        let Some(mut message) = table::message_by_key(tx, channel.id, &key)? else { continue };
        if message.state != MessageState::Remembered {
            continue;
        }
        let (content_type, body) = body_of(tx, &message)?;
        let Ok(body) = read_body(&content_type, &body) else { continue };
        match again(tx, settings, channel, &message, &body.json)? {
            None => turn_message(tx, &mut message, MessageState::Applied, "")?,
            Some(reason) => turn_message(tx, &mut message, MessageState::Remembered, &reason)?,
        }
    }
    Ok(())
}

fn read(json: &str) -> Result<Reverse, String> {
    let object = Object::parse(json).map_err(|error| error.to_string())?;
    let reverse = Reverse::decode_root(&object).map_err(|refusal| refusal.to_string())?;
    for (i, line) in reverse.lines.iter().enumerate() {
        if !(1..=PIECES).contains(&line.quantity) {
            return Err(format!("orderItems[{i}].planReturnQuantity is not between 1 and {PIECES}"));
        }
        if reverse.lines.iter().take(i).any(|other| *other.sub_order_code == *line.sub_order_code) {
            return Err(format!("orderItems[{i}].subOrderCode occurs twice"));
        }
    }
    Ok(reverse)
}

fn text<const MAX: usize>(field: &Option<Text<MAX>>) -> String {
    given(field).unwrap_or_default().to_owned()
}

fn facts(reverse: &Reverse) -> ReverseFacts {
    ReverseFacts {
        business_model: given(&reverse.business_model).unwrap_or("0").to_owned(),
        store_code: reverse.store_code.to_string(),
        carrier_code: text(&reverse.carrier_code),
        waybill: text(&reverse.waybill),
        lines: reverse
            .lines
            .iter()
            .map(|line| ReverseFactLine {
                sub_order_code: line.sub_order_code.to_string(),
                sc_item_id: line.sc_item_id.to_string(),
                planned: line.quantity,
                refund_id: text(&line.refund_id),
                reason: text(&line.refund_reason),
                ..ReverseFactLine::default()
            })
            .collect(),
        ..ReverseFacts::default()
    }
}

/// Who receives and who sent, in the words of the report; what the push lacks and the report wants has a value that says so.
fn people(channel: &Channel, reverse: &Reverse) -> Value {
    let zip = &channel.facts.settings.zip;
    let or = |field: Option<&str>, otherwise: &str| field.unwrap_or(otherwise).to_owned();
    let receiver = reverse.receiver.as_ref();
    let to = |pick: fn(&Receiver) -> Option<&str>, otherwise: &str| or(receiver.and_then(pick), otherwise);
    let sender = reverse.sender.as_ref();
    let from = |pick: fn(&Sender) -> Option<&str>, otherwise: &str| or(sender.and_then(pick), otherwise);
    json!({
        "receiver_info": {
            "receiver_name": to(|r| given(&r.name), "仓库"), "receiver_country": to(|r| given(&r.country), "中国"),
            "receiver_province": to(|r| given(&r.province), "-"), "receiver_city": to(|r| given(&r.city), "-"),
            "receiver_area": to(|r| given(&r.area), ""), "receiver_zip_code": to(|r| given(&r.zip), zip),
        },
        "sender_info": {
            "sender_name": from(|s| given(&s.name), "-"), "sender_country": from(|s| given(&s.country), "中国"),
            "sender_province": from(|s| given(&s.province), "-"), "sender_city": from(|s| given(&s.city), "-"),
            "sender_area": from(|s| given(&s.area), ""), "sender_zip_code": from(|s| given(&s.zip), zip),
        },
    })
}

/// Makes the raw refund, if the goods have left. What became of the push, and why.
fn submit(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    found: &mut ReturnOrder,
    reverse: &Reverse,
) -> Result<(MessageState, String)> {
    let Some(order) = table::order_by_code(tx, channel.id, &reverse.forward)? else {
        return Ok((MessageState::Remembered, format!("原履约单未到:{}", &*reverse.forward)));
    };
    let Some(raw) = erp::order::raw_by_tid(tx, &order.code)?.filter(|raw| raw.shop == channel.shop) else {
        return Ok((MessageState::Remembered, format!("原履约单未建单:{}", order.code)));
    };
    if stage(tx, &raw)? != Stage::Gone {
        return Ok((MessageState::Remembered, format!("原履约单未发货:{}", order.code)));
    }
    let lines = match forward_lines(tx, channel, &order, reverse)? {
        Ok(lines) => lines,
        Err(reason) => return Ok((MessageState::Parked, reason)),
    };
    let Some(shop) = erp::catalog::shop_by_id(tx, channel.shop)? else {
        return Ok((MessageState::Parked, "店铺不存在".to_owned()));
    };
    let push = push_refund(tx.now(), found, &raw, &order.facts, &lines);
    match aftersale::push_refund(tx, settings, &shop, &push) {
        Ok(_) => {}
        Err(erp::Error::Refused(refusal)) => return Ok((MessageState::Parked, refusal.to_string())),
        Err(error) => return Err(error.into()),
    }
    let made = aftersale::raw_refund_by_no(tx, channel.shop, found.refund())?;
    let Some(made) = made.filter(|made| !made.refund_order_no.is_empty()) else {
        return Ok((MessageState::Parked, "原始退款单未递交,请在售后处理".to_owned()));
    };
    found.facts.refund_no.clone_from(&made.refund_order_no);
    found.state = RETURN_ORDER.fire(found.state, ReverseChange::Submit)?;
    Ok((MessageState::Applied, String::new()))
}

/// Which lines of the order the pieces belong to: by goods, those first that still have pieces out. By line, never the whole order
/// (fact sheet ascp-direct, section 5, no. 14).
fn forward_lines(
    tx: &mut Tx,
    channel: &Channel,
    order: &SupplyOrder,
    reverse: &Reverse,
) -> Result<std::result::Result<Vec<(String, i64)>, String>> {
    let mut left: Vec<(String, String, i64)> = order
        .facts
        .lines
        .iter()
        .map(|line| (line.sub_order_code.clone(), line.sc_item_id.clone(), line.quantity))
        .collect();
    for other in table::reverses_of(tx, channel.id, &order.code)?.iter().filter(|other| *other.code != *reverse.code) {
        for line in &other.facts.lines {
            let mut gone = line.planned;
            for (_, _, open) in left.iter_mut().filter(|(_, item, _)| *item == line.sc_item_id) {
                let take = gone.min(*open);
                *open -= take;
                gone -= take;
            }
        }
    }
    let mut lines: Vec<(String, i64)> = Vec::new();
    for line in &reverse.lines {
        let mut wanted = line.quantity;
        for (oid, _, open) in left.iter_mut().filter(|(_, item, _)| **item == *line.sc_item_id) {
            let take = wanted.min(*open);
            if take > 0 {
                *open -= take;
                wanted -= take;
                lines.push((oid.clone(), take));
            }
        }
        if wanted > 0 {
            return Ok(Err(format!("退货数量超过已发数量:货品{},多{wanted}件", &*line.sc_item_id)));
        }
    }
    Ok(Ok(lines))
}

fn push_refund(
    now: Moment,
    found: &ReturnOrder,
    raw: &RawOrder,
    forward: &OrderFacts,
    lines: &[(String, i64)],
) -> PushRefund {
    let share = |oid: &str, pieces: i64| {
        let line = forward.lines.iter().find(|line| line.sub_order_code == oid);
        line.map_or(Money::ZERO, |line| {
            fen(line.amount).share(Quantity::whole(pieces), Quantity::whole(line.quantity.max(1)))
        })
    };
    let reason = found.facts.lines.first().map(|line| line.reason.clone()).unwrap_or_default();
    PushRefund {
        refund_no: found.refund().to_owned(),
        tid: raw.facts.tid.clone(),
        kind: RawRefundKind::Return,
        status: PlatformStatus::AwaitingReceipt,
        amount: lines.iter().map(|(oid, pieces)| share(oid, *pieces)).sum(),
        nick: String::new(),
        account: String::new(),
        refund_time: now,
        reason,
        remark: String::new(),
        version: String::new(),
        logistics_name: found.facts.carrier_code.clone(),
        logistics_no: found.facts.waybill.clone(),
        lines: lines
            .iter()
            .map(|(oid, pieces)| PushRefundLine { oid: oid.clone(), num: Quantity::whole(*pieces) })
            .collect(),
    }
}

/// Pieces of a line that came in.
#[derive(Debug, Clone)]
pub struct ReceivedLine {
    /// Reverse line number.
    pub sub_order_code: String,
    /// Good pieces.
    pub good: i64,
    /// Defective pieces.
    pub defective: i64,
}

/// Goods of a return came in. In parts, if they like: the platform hears of it once, when everything is there or, with `is_all`, a
/// person says that nothing more will come (fact sheet ascp-direct, section 7, no. 14).
pub fn receive_return(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    code: &str,
    lines: &[ReceivedLine],
    is_all: bool,
) -> Result<ReturnOrder> {
    let mut found = return_by_code(tx, channel, code)?;
    // Refused before anything is written when the state has no room for goods.
    RETURN_ORDER.fire(found.state, ReverseChange::ReceivePart)?;
    let mut into: Vec<NewReturnLine> = Vec::new();
    for line in lines {
        let unknown = || Refusal::Unknown("销退单明细", line.sub_order_code.clone());
        let of =
            found.facts.lines.iter_mut().find(|of| of.sub_order_code == line.sub_order_code).ok_or_else(unknown)?;
        if line.good < 0 || line.defective < 0 || line.good + line.defective > of.open() {
            let why = format!("{}最多还可入库{}件", line.sub_order_code, of.open());
            return Err(Refusal::Invalid("lines", why).into());
        }
        of.good += line.good;
        of.defective += line.defective;
        let item = of.sc_item_id.clone();
        into.extend(core_lines(tx, channel, &item, line)?);
    }
    let all = found.facts.lines.iter().all(|line| line.open() == 0);
    if into.is_empty() && !is_all {
        return Err(Refusal::Invalid("lines", "没有入库数量".to_owned()).into());
    }
    if !into.is_empty() {
        found.facts.parts += 1;
        let new = NewReturnIn {
            refund_no: found.facts.refund_no.clone(),
            outer_no: format!("RIN-{}-{}", found.code, found.facts.parts),
            warehouse_no: channel.warehouse_of(&found.facts.store_code).to_owned(),
            audit: true,
            create_batch: true,
            lines: into,
            ..NewReturnIn::default()
        };
        aftersale::push_return_in(tx, settings, &new)?;
    }
    if is_all {
        for line in &mut found.facts.lines {
            line.lacking += line.open();
        }
    }
    progressed(tx, channel, &mut found, all || is_all)?;
    Ok(found)
}

/// The goods as the core counts them: a suite is its parts.
fn core_lines(tx: &mut Tx, channel: &Channel, sc_item_id: &str, line: &ReceivedLine) -> Result<Vec<NewReturnLine>> {
    let goods = table::goods_by_item(tx, channel.id, sc_item_id)?
        .filter(|goods| !goods.spec_no.is_empty())
        .ok_or_else(|| Refusal::Unknown("货品映射", sc_item_id.to_owned()))?;
    let mut parts: Vec<(String, Quantity)> = Vec::new();
    if erp::catalog::spec_by_no(tx, &goods.spec_no)?.is_some() {
        parts.push((goods.spec_no, Quantity::whole(1)));
    } else {
        let filter = erp::catalog::SuiteFilter { no: Some(&goods.spec_no), ..erp::catalog::SuiteFilter::default() };
        let suites = erp::catalog::suites(tx, &filter, erp::catalog::Page { no: 0, size: 1 })?;
        parts.extend(suites.rows.into_iter().flat_map(|suite| suite.parts).map(|part| (part.spec_no, part.num)));
    }
    let mut lines = Vec::new();
    for (defect, pieces) in [(0, line.good), (1, line.defective)] {
        lines.extend(parts.iter().filter(|_| pieces > 0).map(|(spec_no, num)| NewReturnLine {
            spec_no: spec_no.clone(),
            num: num.times(Quantity::whole(pieces)),
            defect,
            ..NewReturnLine::default()
        }));
    }
    Ok(lines)
}

/// Some goods are in; with all of them the report goes out.
fn progressed(tx: &mut Tx, channel: &Channel, found: &mut ReturnOrder, all: bool) -> Result<()> {
    if !all {
        return turn(tx, found, ReverseChange::ReceivePart);
    }
    let now = tx.now();
    found.facts.stocked = Some(now);
    found.due = now.plus(channel.facts.settings.return_hours.max(1).saturating_mul(3_600));
    turn(tx, found, ReverseChange::ReceiveAll)?;
    if channel.facts.settings.report_returns {
        let body = feedback(tx, channel, found, now)?;
        enqueue(tx, channel, CallKind::ReturnFeedback, &found.code, &found.code, &body)?;
    }
    Ok(tx.event("ascp.return_stocked", &found.event_key(), &json!({ "code": found.code }))?)
}

/// The one report of a whole return (2.9).
fn feedback(tx: &mut Tx, channel: &Channel, found: &ReturnOrder, at: Moment) -> Result<Value> {
    let people: Value = serde_json::from_str(&table::reverse_people(tx, found.id)?)
        .map_err(|error| Error::Document("ascp_reverse", error))?;
    let lines: Vec<Value> = found
        .facts
        .lines
        .iter()
        .map(|line| {
            let details: Vec<Value> = [("1", line.good), ("101", line.defective)]
                .into_iter()
                .filter(|(_, pieces)| *pieces > 0)
                .map(|(storage, pieces)| json!({ "received_quantity": pieces, "storage_type": storage }))
                .collect();
            json!({
                "sub_order_code": line.sub_order_code, "sc_item_id": line.sc_item_id,
                "actual_received_quantity": line.good + line.defective, "actual_lack_quantity": line.lacking,
                // A line of which nothing came has no quality; the platform still wants the list.
                "instorage_details": if details.is_empty() { vec![json!({ "received_quantity": 0, "storage_type": "1" })] } else { details },
            })
        })
        .collect();
    Ok(json!({
        "supplier_id": channel.supplier_id, "biz_order_code": found.code, "out_biz_id": format!("RIN-{}", found.code),
        "instorage_time": at.to_string(), "tms_service_code": found.facts.carrier_code,
        "tms_order_code": found.facts.waybill, "receiver_info": people.get("receiver_info"),
        "sender_info": people.get("sender_info"), "order_items": lines, "store_code": found.facts.store_code,
        "business_model": if found.facts.business_model.is_empty() { "0" } else { &*found.facts.business_model },
    }))
}

/// The parcel is at the dock (2.10).
pub fn arrive(tx: &mut Tx, channel: &Channel, code: &str, who: &str) -> Result<ReturnOrder> {
    let mut found = return_by_code(tx, channel, code)?;
    if found.facts.arrived.is_none() {
        let now = tx.now();
        found.facts.arrived = Some(now);
        save(tx, &mut found)?;
        if channel.facts.settings.report_arrival {
            let body = json!({
                "lg_order_code": found.code, "supplier_id": channel.supplier_id, "order_confirm_time": now.to_string(),
                "operate_info": { "operate_time": now.to_string(), "operate_name": who },
            });
            enqueue(tx, channel, CallKind::ReturnArrived, &found.code, &found.code, &body)?;
        }
    }
    Ok(found)
}

/// Goods of a refund order came in through after-sale. Where the order is of this channel and its goods are plain specs, the pieces
/// are counted here too.
pub(super) fn received(tx: &mut Tx, _settings: &erp::Settings, channels: &[Channel], event: &Event) -> Result<()> {
    let refund = match aftersale::refund_by_no(tx, &event.key) {
        Ok(refund) => refund,
        Err(erp::Error::Refused(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let Some(channel) = channels.iter().find(|channel| channel.shop == refund.shop) else { return Ok(()) };
    let Some(mut found) = table::reverse_by_code(tx, channel.id, &refund.src_no)? else { return Ok(()) };
    if !matches!(found.state, R::Submitted | R::Receiving) {
        return Ok(());
    }
    let Some(counted) = counted(tx, channel, &found)? else { return Ok(()) };
    if counted == found.facts.lines {
        return Ok(());
    }
    found.facts.lines = counted;
    let all = found.facts.lines.iter().all(|line| line.open() <= 0);
    progressed(tx, channel, &mut found, all)
}

/// The lines with what the core's stock-ins say; `None` when that cannot be told by line.
fn counted(tx: &mut Tx, channel: &Channel, found: &ReturnOrder) -> Result<Option<Vec<ReverseFactLine>>> {
    let filter = erp::stock::StockInFilter { source_no: Some(&found.facts.refund_no), ..Default::default() };
    let stock_ins = erp::stock::stock_ins(tx, &filter, erp::catalog::Page { no: 0, size: 100 })?;
    let mut lines = found.facts.lines.clone();
    let mut came: Vec<(String, i64, i64)> = Vec::new();
    for line in stock_ins.rows.iter().filter(|order| order.status.code() >= 60).flat_map(|order| &order.lines) {
        came.push((line.spec_no.clone(), line.defect, line.num.floor()));
    }
    for line in &mut lines {
        let Some(goods) = table::goods_by_item(tx, channel.id, &line.sc_item_id)? else { return Ok(None) };
        if erp::catalog::spec_by_no(tx, &goods.spec_no)?.is_none() {
            return Ok(None);
        }
        (line.good, line.defective) = (0, 0);
        for (spec_no, defect, pieces) in came.iter_mut().filter(|(spec_no, _, _)| *spec_no == goods.spec_no) {
            let take = (*pieces).min(line.planned - line.good - line.defective - line.lacking).max(0);
            *pieces -= take;
            if *defect == 0 {
                line.good += take
            } else {
                line.defective += take
            }
            let _ = spec_no;
        }
    }
    Ok(Some(lines))
}
