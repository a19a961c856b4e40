//! A fulfilment order arrives: stored, mapped into the core, or parked whole with the reason (fact sheet ascp-direct, 2.1, 3.1).

use erp::order::{Buyer, DeliveryTerm, PushLine, PushOrder, TradeStatus};
use erp::region::{self, Region};
use store::Tx;
use units::{Moment, Money, Quantity};
use wire::args::{Arguments, Text, given};
use wire::json::Object;

use super::alarm::{self, kind};
use super::channel::Channel;
use super::error::{Error, Result};
use super::goods::{Named, resolve};
use super::message::{Incoming, Message, MessageState, keep};
use super::order::{OrderChange, OrderFactLine, OrderFacts, OrderState, SupplyOrder, save};
use super::{cancel, reverse, table};
use crate::limits::{FEN, PIECES};
use crate::messages::{Notify, PushReply};

/// Takes a new order. It is accepted whatever its content: what cannot be mapped waits for a person, because a refused push is a lost
/// order.
pub(super) fn take(tx: &mut Tx, settings: &erp::Settings, channel: &Channel, push: &Incoming) -> Result<PushReply> {
    let read = read(&push.json);
    let mut order = new_order(tx, channel, &push.code, read.as_ref().ok())?;
    let stopped = cancel::remembered(tx, channel, &order)?;
    let problem = match (&read, stopped) {
        (_, true) => {
            cancel::stop(tx, channel, &mut order, "平台已先行取消")?;
            None
        }
        (Err(problem), false) => Some(problem.clone()),
        (Ok(notify), false) => build(tx, settings, channel, notify)?.err(),
    };
    let state = match &problem {
        Some(reason) => {
            order.facts.reason.clone_from(reason);
            let now = tx.now();
            order.turn(&channel.facts.settings, now, OrderChange::Park)?;
            alarm::raise(tx, channel.id, kind::PARKED, &push.key, &format!("{}: {reason}", push.code))?;
            MessageState::Parked
        }
        None if stopped => MessageState::Over,
        None => {
            built(tx, channel, &mut order)?;
            MessageState::Applied
        }
    };
    table::insert_order(tx, &order)?;
    keep(tx, channel.id, push, state, problem.as_deref().unwrap_or_default(), "")?;
    if state == MessageState::Applied {
        reverse::resume(tx, settings, channel, &push.code)?;
    }
    Ok(PushReply::accepted())
}

/// Tries a parked order again; the reason why it still cannot be mapped, if so.
pub(super) fn again(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    message: &Message,
    json: &str,
) -> Result<Option<String>> {
    let Some(mut order) = table::order_by_code(tx, channel.id, &message.code)? else { return Ok(None) };
    if order.state != OrderState::Exception {
        return Ok(None);
    }
    let notify = match read(json) {
        Ok(notify) => notify,
        Err(problem) => return Ok(Some(problem)),
    };
    if let Err(problem) = build(tx, settings, channel, &notify)? {
        order.facts.reason.clone_from(&problem);
        save(tx, &mut order)?;
        return Ok(Some(problem));
    }
    order.facts = OrderFacts { cancels: order.facts.cancels, ..facts(tx.now(), channel, &notify) };
    built(tx, channel, &mut order)?;
    save(tx, &mut order)?;
    reverse::resume(tx, settings, channel, &message.code)?;
    Ok(None)
}

fn read(json: &str) -> Result<Notify, String> {
    let object = Object::parse(json).map_err(|error| error.to_string())?;
    let notify = Notify::decode_root(&object).map_err(|refusal| refusal.to_string())?;
    check(&notify).map(|()| notify)
}

/// The rules that need more than one field.
fn check(notify: &Notify) -> Result<(), String> {
    let receiver = &notify.receiver;
    for (name, field) in [
        ("receiverInfo.receiverName", given(&receiver.name)),
        ("receiverInfo.receiverAddress", given(&receiver.address)),
        (
            "receiverInfo.receiverMobile",
            given(&receiver.mobile).or(given(&receiver.phone)).or(given(&receiver.security_mobile)),
        ),
    ] {
        if field.is_none() {
            return Err(format!("{name} is missing"));
        }
    }
    for (i, line) in notify.lines.iter().enumerate() {
        if !(1..=PIECES).contains(&line.quantity) {
            return Err(format!("orderItems[{i}].quantity is not between 1 and {PIECES}"));
        }
        if !(0..=FEN).contains(&line.amount.unwrap_or(0)) {
            return Err(format!("orderItems[{i}].itemAmount is not an amount in fen"));
        }
        let again = notify.lines.iter().take(i).any(|other| *other.sub_order_code == *line.sub_order_code);
        if again {
            return Err(format!("orderItems[{i}].subOrderCode occurs twice"));
        }
    }
    if !(0..=FEN).contains(&notify.post_fee.unwrap_or(0)) {
        return Err("postFee is not an amount in fen".to_owned());
    }
    let stated = notify.items_value.filter(|_| notify.lines.iter().all(|line| line.amount.is_some()));
    let sum: i64 = notify.lines.iter().map(|line| line.amount.unwrap_or(0)).sum();
    if stated.is_some_and(|value| value != sum) {
        return Err(format!("itemsValue {} is not the sum of the lines, {sum}", stated.unwrap_or(0)));
    }
    if !matches!(given(&notify.business_model).unwrap_or("0"), "0" | "1" | "2") {
        return Err("businessModel is neither 0, 1 nor 2".to_owned());
    }
    Ok(())
}

fn text<const MAX: usize>(field: &Option<Text<MAX>>) -> String {
    given(field).unwrap_or_default().to_owned()
}

fn new_order(tx: &mut Tx, channel: &Channel, code: &str, notify: Option<&Notify>) -> Result<SupplyOrder> {
    let now = tx.now();
    Ok(SupplyOrder {
        id: tx.document_id("ascp_order")?,
        channel: channel.id,
        code: code.to_owned(),
        state: OrderState::Received,
        due: Moment::from_unix(0),
        facts: notify.map(|notify| facts(now, channel, notify)).unwrap_or_default(),
        created: now,
        modified: now,
    })
}

fn facts(now: Moment, channel: &Channel, notify: &Notify) -> OrderFacts {
    let settings = &channel.facts.settings;
    let paid = time(&notify.paid).or_else(|| time(&notify.created)).unwrap_or(now).min(now);
    let by = |hours: i64| (hours > 0).then(|| paid.plus(hours.saturating_mul(3_600)));
    let promised: Vec<&str> = [given(&notify.es_date), given(&notify.delivery_time)].into_iter().flatten().collect();
    OrderFacts {
        business_model: given(&notify.business_model).unwrap_or("0").to_owned(),
        store_code: notify.store_code.to_string(),
        store_name: text(&notify.store_name),
        order_type: text(&notify.order_type),
        source_consign: text(&notify.source_consign),
        has_oaid: given(&notify.receiver.oaid).is_some(),
        promised: promised.join(" "),
        lines: notify
            .lines
            .iter()
            .map(|line| OrderFactLine {
                sub_order_code: line.sub_order_code.to_string(),
                sc_item_id: line.sc_item_id.to_string(),
                quantity: line.quantity,
                amount: line.amount.unwrap_or(0),
            })
            .collect(),
        paid: Some(paid),
        audit_by: by(settings.audit_hours),
        ship_by: by(settings.ship_hours),
        ..OrderFacts::default()
    }
}

fn time<const MAX: usize>(field: &Option<Text<MAX>>) -> Option<Moment> {
    given(field).and_then(|text| Moment::parse(text).ok())
}

/// The order is in the core: the platform is to hear that it was taken into work.
fn built(tx: &mut Tx, channel: &Channel, order: &mut SupplyOrder) -> Result<()> {
    let now = tx.now();
    order.facts.reason.clear();
    order.turn(&channel.facts.settings, now, OrderChange::Build)?;
    Ok(tx.event(
        "ascp.accepted",
        &order.event_key(),
        &serde_json::json!({ "supplier_id": channel.supplier_id, "code": order.code }),
    )?)
}

/// Makes the raw order; the inner error says what a person must put right first.
fn build(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    notify: &Notify,
) -> Result<std::result::Result<(), String>> {
    let warehouse_no = channel.warehouse_of(&notify.store_code).to_owned();
    let known =
        tx.remember("warehouse", &warehouse_no, |tx| erp::catalog::warehouse_by_no(tx, &warehouse_no).map(Some));
    if let Err(error) = known {
        return refusal(error, |text| format!("仓库未映射:{} ({text})", &*notify.store_code));
    }
    let key = channel.shop.to_string();
    let shop = tx.remember("ascp shop", &key, |tx| erp::catalog::shop_by_id(tx, channel.shop))?;
    let Some(shop) = shop else { return Ok(Err(format!("店铺不存在:{}", channel.facts.shop_no))) };
    let region = match region_of(notify) {
        Some(region) => region,
        None => return Ok(Err("省市区无法匹配".to_owned())),
    };
    let (mut codes, mut unknown) = (Vec::with_capacity(notify.lines.len()), Vec::new());
    for line in &notify.lines {
        let named = Named {
            sc_item_id: &line.sc_item_id,
            outer_id: given(&line.outer_id).unwrap_or_default(),
            barcode: given(&line.barcode).unwrap_or_default(),
            name: given(&line.name).unwrap_or_default(),
        };
        match resolve(tx, channel, &named)? {
            Some(spec_no) => codes.push(spec_no),
            None => unknown.push(line.sc_item_id.to_string()),
        }
    }
    if !unknown.is_empty() {
        return Ok(Err(format!("货品未映射:{}", unknown.join(","))));
    }
    let raw = raw_order(tx.now(), notify, region, &warehouse_no, codes);
    match erp::order::push(tx, settings, &shop, raw) {
        Ok(_) => Ok(Ok(())),
        Err(error) => refusal(error, |text| text),
    }
}

/// A refusal of the business is something that a person can put right; everything else is not.
fn refusal(error: erp::Error, word: impl FnOnce(String) -> String) -> Result<std::result::Result<(), String>> {
    match error {
        erp::Error::Refused(refusal) => Ok(Err(word(refusal.to_string()))),
        other => Err(Error::Business(other)),
    }
}

fn region_of(notify: &Notify) -> Option<Region> {
    let part = |field: &Option<Text<40>>| given(field).unwrap_or_default().to_owned();
    let receiver = &notify.receiver;
    let (province, city, area) = (part(&receiver.province), part(&receiver.city), part(&receiver.area));
    region::resolve(&province, &city, &area).ok().or_else(|| {
        let whole = format!("{province}{city}{area}{}", given(&receiver.address).unwrap_or_default());
        region::parse(&whole).map(|(region, _)| region)
    })
}

/// Fen as money.
pub(super) fn fen(amount: i64) -> Money {
    Money::from_raw(amount.saturating_mul(100))
}

fn raw_order(now: Moment, notify: &Notify, region: Region, warehouse_no: &str, codes: Vec<String>) -> PushOrder {
    let receiver = &notify.receiver;
    let town = given(&receiver.town).unwrap_or_default();
    let post = fen(notify.post_fee.unwrap_or(0));
    let lines: Vec<PushLine> = notify.lines.iter().zip(codes).map(|(line, spec_no)| raw_line(line, spec_no)).collect();
    let goods: Money = lines.iter().map(PushLine::receivable).sum();
    let placed = time(&notify.placed).or_else(|| time(&notify.created)).unwrap_or(now).min(now);
    PushOrder {
        tid: notify.code.to_string(),
        status: TradeStatus::Paid,
        pay_status: 2,
        delivery_term: DeliveryTerm::PayFirst,
        trade_time: Some(placed),
        pay_time: Some(time(&notify.paid).unwrap_or(placed).min(now)),
        region: [region.province, region.city, region.district],
        area: region.names.join(" "),
        pay_id: None,
        logistics_type: None,
        invoice_kind: None,
        invoice_title: None,
        invoice_content: None,
        buyer_message: given(&notify.buyer_message).map(str::to_owned),
        seller_memo: None,
        seller_flag: None,
        post_amount: post,
        cod_amount: Money::ZERO,
        ext_cod_fee: Money::ZERO,
        other_amount: Money::ZERO,
        // The consumer paid the platform; towards the supplier the order counts as paid.
        paid: goods + post,
        fenxiao_type: None,
        fenxiao_nick: None,
        warehouse_no: Some(warehouse_no.to_owned()),
        is_auto_wms: None,
        wms_type: None,
        to_deliver_time: None,
        id_card_type: None,
        cust_data: None,
        is_sealed: None,
        buyer: Buyer {
            nick: text(&receiver.name),
            name: text(&receiver.name),
            address: format!("{town}{}", given(&receiver.address).unwrap_or_default()),
            mobile: given(&receiver.mobile).or(given(&receiver.security_mobile)).unwrap_or_default().to_owned(),
            telno: text(&receiver.phone),
            zip: text(&receiver.zip),
            ..Buyer::default()
        },
        lines,
    }
}

/// The price of a piece has four places; what is left over goes into the adjustment, so that the line costs what the push says.
fn raw_line(line: &crate::messages::Line, spec_no: String) -> PushLine {
    let (num, amount) = (Quantity::whole(line.quantity), fen(line.amount.unwrap_or(0)));
    let price = amount.over(num);
    PushLine {
        oid: line.sub_order_code.to_string(),
        status: TradeStatus::Paid,
        refund_status: 0,
        goods_id: line.sc_item_id.to_string(),
        spec_id: line.sc_item_id.to_string(),
        goods_no: String::new(),
        spec_no,
        goods_name: text(&line.name),
        spec_name: text(&line.spec_name),
        num,
        price,
        adjust: amount - price.times(num),
        discount: Money::ZERO,
        share_discount: Money::ZERO,
        cid: String::new(),
        remark: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: i64, amount: i64) -> PushLine {
        let json = format!(r#"{{"subOrderCode":"1","scItemId":"2","quantity":{quantity},"itemAmount":{amount}}}"#);
        let line = crate::messages::Line::decode_root(&Object::parse(&json).unwrap()).ok().unwrap();
        raw_line(&line, "S".into())
    }

    #[test]
    fn a_line_costs_what_the_push_says() {
        for (quantity, amount) in [(2, 25_800), (3, 10_000), (7, 1), (1, 0), (999_999, 1)] {
            assert_eq!(line(quantity, amount).receivable(), fen(amount), "{quantity} for {amount}");
        }
    }

    #[test]
    fn wrong_orders_are_named() {
        let order = |more: &str, line: &str| {
            format!(
                r#"{{"bizOrderCode":"LP1","storeCode":"W","receiverInfo":{{"receiverName":"a","receiverMobile":"1","receiverAddress":"b"}},"orderItems":[{{"subOrderCode":"1","scItemId":"2","quantity":1{line}}}]{more}}}"#
            )
        };
        assert!(read(&order("", "")).is_ok());
        for (json, problem) in [
            (order(",\"itemsValue\":5", ",\"itemAmount\":4"), "itemsValue 5 is not the sum of the lines, 4"),
            (order(",\"businessModel\":\"7\"", ""), "businessModel is neither 0, 1 nor 2"),
            (order("", ",\"itemAmount\":-1"), "orderItems[0].itemAmount is not an amount in fen"),
            (order(",\"postFee\":\"1.5\"", ""), "postFee"),
        ] {
            let said = read(&json).err().unwrap_or_default();
            assert!(said.contains(problem), "{said}");
        }
    }
}
