//! One order from the first message to the waybill: signed messages, changes of state, stock movements, in order.

use erp::report::{self, Entry};
use serde_json::{Map, Value, json};
use store::{Reader, receipt};
use wire::args::{Text, arguments};
use wire::rows::{Personal, mask};

use super::lookup::Names;
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads};

arguments! {
    /// Which order.
    struct One {
        /// order number, or the number of a raw order in it / 订单号或原始单号
        trade_no: Text<40>,
    }
}

arguments! {
    /// Which document.
    struct Document {
        /// number of the document / 单据编号
        document_no: Text<40>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = Head {
        id: "order.timeline",
        verb: Verb::Get,
        path: "/orders/{trade_no}/timeline",
        summary: ("everything that happened to an order", "订单时间线"),
        shape: Shape::Free(
            "trade_no, trade_status; entries in order, each with kind = message (receipt, app, method, parameters), event \
             (topic, key, body) or movement (spec_no, warehouse_no, column, delta, before, after, document)",
        ),
    };
    let any = Head {
        id: "timeline",
        verb: Verb::Get,
        path: "/timeline/{document_no}",
        summary: (
            "everything that happened to a refund order, purchase order, transfer, stock-taking, stock-in or stock-out",
            "任意单据的时间线",
        ),
        shape: Shape::Free("document_no; entries as in the timeline of an order"),
    };
    vec![reads(head, timeline), reads(any, of_document)]
}

fn of_document(ask: &Ask, one: &Document, reader: &mut Reader) -> Result<Answer, Fault> {
    let entries = report::timeline_of(reader, &one.document_no)?;
    let entries = shown(ask, reader, entries)?;
    Ok(Answer::json(&json!({ "document_no": &*one.document_no, "entries": entries })))
}

fn timeline(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let told = report::timeline(reader, &one.trade_no)?;
    let entries = shown(ask, reader, told.entries)?;
    Ok(Answer::json(&json!({
        "trade_no": told.order.no,
        "trade_status": told.order.status.code(),
        "trade_status_name": told.order.status.chinese(),
        "entries": entries,
    })))
}

fn shown(ask: &Ask, reader: &mut Reader, told: Vec<Entry>) -> Result<Vec<Value>, Fault> {
    let show = ask.style.personal == Personal::Show;
    let mut names = Names::default();
    let mut entries = Vec::with_capacity(told.len());
    for entry in told {
        entries.push(match entry {
            Entry::Message(id) => message(reader, id, show)?,
            Entry::Event(event) => json!({
                "kind": "event",
                "at": event.at.to_string(),
                "seq": event.seq,
                "topic": event.topic,
                "key": event.key,
                "receipt": store::wire_id(event.receipt),
                "body": serde_json::from_str::<Value>(&event.body).unwrap_or(Value::String(event.body)),
            }),
            Entry::Movement(row) => json!({
                "kind": "movement",
                "at": row.at.to_string(),
                "receipt": store::wire_id(row.receipt),
                "document": row.document,
                "warehouse_no": names.warehouse(reader, row.warehouse)?,
                "spec_no": erp::catalog::spec_by_id(reader, row.spec)?.map(|(spec, _)| spec.no).unwrap_or_default(),
                "defect": row.defect,
                "column": row.column.name(),
                "column_name": row.column.chinese(),
                "delta": row.delta.to_string(),
                "before": row.before.to_string(),
                "after": row.after.to_string(),
            }),
        });
    }
    Ok(entries)
}

/// A signed message, with its parameters; the personal ones masked unless they were asked for.
fn message(reader: &mut Reader, id: i64, show: bool) -> Result<Value, Fault> {
    let Some(kept) = receipt::get(reader, id)? else {
        return Ok(json!({ "kind": "message", "receipt": store::wire_id(id), "lost": true }));
    };
    let raw = kept.message(reader.vault())?;
    let mut told = serde_json::from_slice::<Value>(&raw).unwrap_or(Value::Null);
    Ok(json!({
        "kind": "message",
        "at": kept.at.to_string(),
        "receipt": store::wire_id(id),
        "app": kept.app,
        "method": kept.method,
        "path": told["path"].take(),
        "sign": told["sign"].take(),
        "parameters": parameters(told["parameters"].take(), show),
        "body": if show { told["body"].take() } else { Value::Null },
    }))
}

/// The signed parameters; JSON texts among them opened.
fn parameters(params: Value, show: bool) -> Value {
    let Value::Object(params) = params else { return Value::Null };
    let told: Map<String, Value> = params
        .into_iter()
        .map(|(name, value)| {
            let inner = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
            let told = inner.filter(|inner| inner.is_array() || inner.is_object()).unwrap_or(value);
            let told = if show { told } else { masked(&name, told) };
            (name, told)
        })
        .collect();
    Value::Object(told)
}

/// Members about a person (fact sheet qimen, D1, and the fields of wdt-1, 2.13).
const PERSONAL: &[&str] = &[
    "buyer_nick",
    "buyer_name",
    "buyer_email",
    "buyer_message",
    "pay_id",
    "pay_account",
    "receiver_name",
    "receiver_address",
    "receiver_mobile",
    "receiver_telno",
    "receiver_phone",
    "receiver_zip",
    "receiver_email",
    "id_card",
    "alipay_id",
    "buyer_alipay_no",
    "cust_data",
    "mobile",
    "telno",
    "contact",
    "address",
];

fn masked(name: &str, value: Value) -> Value {
    match value {
        Value::String(text) if PERSONAL.contains(&name) => Value::String(mask(&text)),
        Value::Number(number) if PERSONAL.contains(&name) => Value::String(mask(&number.to_string())),
        Value::Array(rows) => Value::Array(rows.into_iter().map(|row| masked(name, row)).collect()),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name.clone(), masked(&name, value))).collect())
        }
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_show_what_is_no_secret() {
        let message = json!({ "sid": "demo", "trade_list": "[{\"tid\":\"T1\",\"receiver_name\":\"张三\"}]" });
        assert_eq!(parameters(message.clone(), false)["trade_list"][0]["receiver_name"], "张*");
        assert_eq!(parameters(message.clone(), true)["trade_list"][0]["receiver_name"], "张三");
        assert_eq!(parameters(message, false)["trade_list"][0]["tid"], "T1");
    }
}
