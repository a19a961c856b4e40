//! What the words of `when` do.

use rehearsal::{Act, Argument, Fault, Form, Reply};
use serde_json::{Map, Value, json};
use units::Clock;
use wire::form::{self, Space};

use super::speak::{Door, Speaker};
use crate::client::Pairs;
use crate::outside::SystemClock;

/// The arguments as a form.
pub(super) fn pairs(act: &Act) -> Pairs {
    act.arguments.iter().map(|argument| (argument.name.clone(), argument.text.clone())).collect()
}

/// One call of the admin API: arguments are the body, or the query of a `GET` or `DELETE`.
pub(super) fn admin(speaker: &Speaker, verb: &str, path: &str, act: &Act) -> Result<Reply, Fault> {
    if matches!(verb, "GET" | "DELETE") {
        let query = form::encode(act.arguments.iter().map(|a| (a.name.as_str(), a.text.as_str())), Space::Percent);
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = if query.is_empty() { path.to_owned() } else { format!("{path}{mark}{query}") };
        return speaker.admin(verb, &path, None);
    }
    let body: Map<String, Value> =
        act.arguments.iter().map(|argument| (argument.name.clone(), argument.value())).collect();
    speaker.admin(verb, path, Some(Value::Object(body)))
}

/// One call of the sandbox of a simulated platform: arguments are the body.
pub(super) fn sandbox(speaker: &Speaker, verb: &str, path: &str, act: &Act) -> Result<Reply, Fault> {
    if verb == "GET" {
        return speaker.sandbox(verb, path, None);
    }
    let body: Map<String, Value> =
        act.arguments.iter().map(|argument| (argument.name.clone(), argument.value())).collect();
    speaker.sandbox(verb, path, Some(Value::Object(body)))
}

/// Arguments of `push` that belong to its one line.
const OF_LINE: &[&str] = &[
    "oid",
    "num",
    "price",
    "status",
    "refund_status",
    "spec_no",
    "goods_no",
    "goods_id",
    "spec_id",
    "discount",
    "share_discount",
    "adjust_amount",
    "goods_name",
    "spec_name",
];

/// Pushes one order with one line (`order_list` replaces it); every field of order and line can be given.
pub(super) fn push(speaker: &Speaker, tid: &str, act: &Act) -> Result<Reply, Fault> {
    let now = SystemClock.now();
    let given = |name: &str| act.argument(name).map(value);
    let spec_no = given("spec_no").unwrap_or_else(|| json!("G1001-RED"));
    let mut line = json!({
        "oid": format!("{tid}-1"), "status": 30, "refund_status": 0, "goods_id": spec_no, "spec_id": spec_no,
        "goods_no": "", "spec_no": spec_no, "goods_name": "示例货品", "spec_name": "示例规格", "num": 1, "price": "99.00",
        "adjust_amount": 0, "discount": 0, "share_discount": 0,
    });
    if let Some(status) = given("trade_status") {
        line["status"] = status;
    }
    let status = given("trade_status").unwrap_or_else(|| json!(30));
    let unpaid = matches!(status.to_string().trim_matches('"'), "10" | "90");
    let mut order = json!({
        "tid": tid, "trade_status": status, "pay_status": if unpaid { 0 } else { 2 }, "delivery_term": 1,
        "trade_time": now.plus(-600).to_string(),
        "pay_time": if unpaid { units::Moment::UNSET.to_owned() } else { now.plus(-300).to_string() },
        "buyer_nick": format!("买家{tid}"), "receiver_name": "张三", "receiver_province": "北京", "receiver_city": "北京市",
        "receiver_district": "海淀区", "receiver_address": "花园路1号", "receiver_mobile": "19900000000", "logistics_type": -1,
        "post_amount": 0, "cod_amount": 0, "ext_cod_fee": 0, "other_amount": 0,
    });
    let mut shop_no = json!(speaker.card.wdt.shop_no);
    for argument in &act.arguments {
        if argument.name == "shop_no" {
            shop_no = value(argument);
        } else if OF_LINE.contains(&&*argument.name) {
            line[&argument.name] = value(argument);
        } else {
            order[&argument.name] = value(argument);
        }
    }
    if act.argument("paid").is_none() {
        order["paid"] = if unpaid { json!(0) } else { json!(worth(&line)) };
    }
    if act.argument("order_list").is_none() {
        order["order_list"] = json!([line]);
    }
    let arguments = vec![
        ("shop_no".to_owned(), shop_no.as_str().unwrap_or_default().to_owned()),
        ("trade_list".to_owned(), json!([order]).to_string()),
    ];
    speaker.call(Door::Openapi2, "wdt.trade.push", arguments)
}

/// The argument with its type; numbers that are written bare keep their digits as text, which the API takes too.
fn value(argument: &Argument) -> Value {
    match argument.form {
        Form::Json => argument.value(),
        Form::Bare | Form::Quoted => Value::String(argument.text.clone()),
    }
}

fn worth(line: &Value) -> String {
    let number = |name: &str| {
        let text = line[name].as_str().map_or_else(|| line[name].to_string(), str::to_owned);
        text.parse::<units::Money>().unwrap_or_default()
    };
    let num = units::Quantity::from_raw(number("num").raw());
    number("price").times(num).to_string()
}

/// The raw order with this number, as the API shows it.
pub(super) fn raw_order(speaker: &Speaker, tid: &str) -> Result<Reply, Fault> {
    let mut reply = speaker.call(Door::Openapi2, "wdt.vip.api.trade.query", vec![("tid".into(), tid.into())])?;
    first(&mut reply);
    Ok(reply)
}

/// The order made from it, as the API shows it.
pub(super) fn order(speaker: &Speaker, tid: &str) -> Result<Reply, Fault> {
    let mut reply = speaker.call(Door::Openapi2, "wdt.trade.query", vec![("src_tid".into(), tid.into())])?;
    first(&mut reply);
    Ok(reply)
}

/// Replaces an answer with one list by the list's first row; `null` when it is empty.
fn first(reply: &mut Reply) {
    let failed = reply.value["code"] != 0;
    let list =
        reply.value.as_object_mut().and_then(|members| members.values_mut().find_map(|member| member.as_array_mut()));
    match list {
        Some(rows) if !rows.is_empty() => reply.value = rows.swap_remove(0),
        Some(_) if !failed => reply.value = Value::Null,
        _ => {}
    }
}

/// `audit`, `reject`, `cancel` of the order made from a raw order.
pub(super) fn operate(speaker: &Speaker, verb: &str, tid: &str, act: &Act) -> Result<Reply, Fault> {
    let number = number(speaker, tid)?;
    let body: Map<String, Value> =
        act.arguments.iter().map(|argument| (argument.name.clone(), argument.value())).collect();
    speaker.admin("POST", &format!("/orders/{number}/{verb}"), Some(Value::Object(body)))
}

/// Ships the order made from a raw order.
pub(super) fn ship(speaker: &Speaker, tid: &str, carrier: &str, waybill: &str) -> Result<Reply, Fault> {
    let number = number(speaker, tid)?;
    let body = json!({ "logistics_no": carrier, "waybill": waybill });
    speaker.admin("POST", &format!("/orders/{number}/ship"), Some(body))
}

/// The number of the latest order made from a raw order.
fn number(speaker: &Speaker, tid: &str) -> Result<String, Fault> {
    let found = speaker.admin("GET", &format!("/orders?tid={tid}"), None)?;
    let number =
        found.value["orders"].as_array().and_then(|orders| orders.last()).and_then(|order| order["trade_no"].as_str());
    match number {
        Some(number) => Ok(number.to_owned()),
        None => Err(Fault { message: format!("no order was made from {tid}"), exchanges: found.exchanges }),
    }
}

/// The balance of a spec in a warehouse.
pub(super) fn stock(speaker: &Speaker, spec: &str, warehouse: &str) -> Result<Reply, Fault> {
    let mut reply = speaker.admin("GET", &format!("/stock?spec_no={spec}&warehouse_no={warehouse}"), None)?;
    if let Some(row) = reply.value["stocks"].as_array_mut().and_then(|rows| rows.pop()) {
        reply.value = row;
    }
    Ok(reply)
}
