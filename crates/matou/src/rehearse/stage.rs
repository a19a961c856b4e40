//! The stage itself: which words lead where.

use std::thread;
use std::time::Duration;

use rehearsal::{Act, Fault, Reply, Stage};
use serde_json::{Value, json};

use super::speak::{Door, Speaker};
use super::{acts, givens};
use crate::demo::Card;
use crate::trouble::Trouble;

/// A server, reached over HTTP.
pub(crate) struct ServerStage {
    speaker: Speaker,
}

impl ServerStage {
    /// Plays on the server of this card.
    pub(crate) fn new(card: Card) -> Result<Self, Trouble> {
        Ok(Self { speaker: Speaker::new(card)? })
    }
}

/// The words of `when`, for the message about unknown ones.
const ACTS: &[&str] = &[
    "wdt.METHOD [arguments]",
    "qimen wdt.METHOD",
    "qmtest wdt.METHOD",
    "rest wdt.METHOD",
    "admin VERB PATH",
    "sandbox VERB PATH",
    "top METHOD [arguments]",
    "push TID [arguments]",
    "raw order TID",
    "order TID",
    "audit TID",
    "reject TID",
    "cancel TID",
    "ship TID with CARRIER WAYBILL",
    "submit TID",
    "stock SPEC in WAREHOUSE",
    "timeline TID",
];

impl Stage for ServerStage {
    fn given(&mut self, given: &Act) -> Result<(), Fault> {
        givens::given(&self.speaker, given)
    }

    fn act(&mut self, act: &Act) -> Result<Reply, Fault> {
        let speaker = &self.speaker;
        match act.words().as_slice() {
            [method] if method.starts_with("wdt.") => speaker.call(Door::Openapi2, method, acts::pairs(act)),
            ["openapi2", method] => speaker.call(Door::Openapi2, method, acts::pairs(act)),
            ["qimen", method] => speaker.call(Door::Qimen, method, acts::pairs(act)),
            ["qmtest", method] => speaker.call(Door::QimenTest, method, acts::pairs(act)),
            ["rest", method] => speaker.call(Door::Rest, method, acts::pairs(act)),
            ["sandbox", verb, path] => acts::sandbox(speaker, verb, path, act),
            ["top", method] => speaker.top(method, acts::pairs(act)),
            ["admin", verb, path] => acts::admin(speaker, verb, path, act),
            ["push", tid] => acts::push(speaker, tid, act),
            ["raw", "order", tid] => acts::raw_order(speaker, tid),
            ["order", tid] => acts::order(speaker, tid),
            [verb @ ("audit" | "reject" | "cancel"), tid] => acts::operate(speaker, verb, tid, act),
            ["ship", tid, "with", carrier, waybill] => acts::ship(speaker, tid, carrier, waybill),
            ["submit", tid] => speaker.admin("POST", &format!("/raw-orders/{tid}/submit"), None),
            ["stock", spec, "in", warehouse] => acts::stock(speaker, spec, warehouse),
            ["timeline", tid] => speaker.admin("GET", &format!("/orders/{tid}/timeline"), None),
            _ => Err(Fault::unknown(act, ACTS)),
        }
    }

    fn clock(&mut self, seconds: i64) -> Result<(), Fault> {
        let reply = self.speaker.sandbox("POST", "/clock", Some(json!({ "advance_seconds": seconds })))?;
        if reply.value["status"] == 200 {
            return Ok(());
        }
        Err(Fault::new(format!(
            "the clock of this server cannot be moved (by {seconds} s): it has no sandbox, or the step is wrong"
        )))
    }

    fn wait(&mut self, milliseconds: u64) {
        thread::sleep(Duration::from_millis(milliseconds));
    }

    fn variable(&self, name: &str) -> Option<Value> {
        let card = &self.speaker.card;
        let value = match name {
            "shop_no" => &card.wdt.shop_no,
            "warehouse_no" => &card.wdt.warehouse_no,
            "sid" => &card.wdt.sid,
            "appkey" => &card.wdt.appkey,
            "app_key" => &card.qimen.app_key,
            "target_app_key" => &card.qimen.target_app_key,
            "supplier_id" => &card.ascp.as_ref()?.supplier_id,
            "store_code" => &card.ascp.as_ref()?.store_code,
            "ascp_session" => &card.ascp.as_ref()?.session,
            _ => return None,
        };
        Some(Value::String(value.clone()))
    }
}
