//! What was said between the platform and its suppliers, in full: for the joint test, which must be able to show it. A simulator that
//! nobody judges keeps none.

use std::sync::{Mutex, MutexGuard, PoisonError};

use gateway::{CallRecord, CallSink, Played, PlayedCall};
use serde_json::Value;
use units::Moment;

use crate::client::Heard;
use crate::messages::{CallKind, PushKind};

/// Exchanges that are kept; later ones are not.
const KEPT: usize = 20_000;
/// Members of a call that say what it is about.
const ABOUT: [&str; 4] = ["biz_order_code", "lg_order_code", "consign_lp_order_code", "sc_item_id"];

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The platform pushed.
    Push(PushKind),
    /// The supplier called.
    Call(CallKind),
}

/// One exchange.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// When, by the business clock.
    pub at: Moment,
    /// What it was.
    pub topic: Topic,
    /// Numbers of documents and goods that it names.
    pub about: Vec<String>,
    /// What was sent: the body of a push, the parameters of a call.
    pub sent: String,
    /// HTTP status and body of the answer, or why there was none.
    pub answer: Heard,
    /// The answer was lost on purpose: whoever asked never saw it.
    pub is_lost: bool,
}

impl Spoken {
    /// A push of the platform.
    pub(super) fn push(at: Moment, kind: PushKind, code: &str, sent: String, answer: Heard, is_lost: bool) -> Self {
        Self { at, topic: Topic::Push(kind), about: vec![code.to_owned()], sent, answer, is_lost }
    }

    /// A call of the supplier.
    pub(super) fn call(at: Moment, kind: CallKind, call: &PlayedCall, played: &Played) -> Self {
        let mut about = Vec::new();
        for (name, value) in &call.params {
            if ABOUT.contains(&name.as_str()) {
                about.push(value.clone());
            } else if let Ok(value) = serde_json::from_str::<Value>(value) {
                collect(&value, &mut about);
            }
        }
        let hidden = |name: &str| matches!(name, "session" | "sign");
        let shown = call.params.iter().filter(|(name, _)| !hidden(name));
        let sent = shown.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n");
        let (answer, is_lost) = match played {
            Played::Members(members) => (Ok((200, members.clone())), false),
            Played::Refused(refusal) => {
                let text = format!("TOP {} {} {}", refusal.code, refusal.message, refusal.sub_code);
                (Ok((200, text)), false)
            }
            Played::Broken(status) => (Ok((*status, String::new())), true),
        };
        Self { at, topic: Topic::Call(kind), about, sent, answer, is_lost }
    }

    /// Whether it names this document or goods.
    pub fn names(&self, code: &str) -> bool {
        self.about.iter().any(|about| about == code)
    }

    /// The answer's text; empty when there was none.
    pub fn body(&self) -> &str {
        self.answer.as_ref().map_or("", |(_, body)| body)
    }
}

/// Values of the members that name something, at whatever depth; JSON readers bound that.
fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if ABOUT.contains(&name.as_str()) => into.push(text.clone()),
                    Value::Number(number) if ABOUT.contains(&name.as_str()) => into.push(number.to_string()),
                    other => collect(other, into),
                }
            }
        }
        Value::Array(rows) => rows.iter().for_each(|row| collect(row, into)),
        _ => {}
    }
}

/// Everything that was said, in order.
#[derive(Default)]
pub struct Journal {
    spoken: Mutex<Vec<Spoken>>,
    turned_away: Mutex<Vec<(i64, String)>>,
}

impl Journal {
    pub(super) fn note(&self, spoken: Spoken) {
        let mut all = held(&self.spoken);
        if all.len() < KEPT {
            all.push(spoken);
        }
    }

    /// How much was said so far: a mark for [`Self::since`].
    pub fn mark(&self) -> usize {
        held(&self.spoken).len()
    }

    /// What was said after a mark and passes.
    pub fn since(&self, mark: usize, pass: impl Fn(&Spoken) -> bool) -> Vec<Spoken> {
        held(&self.spoken).iter().skip(mark).filter(|spoken| pass(spoken)).cloned().collect()
    }

    /// Code and sub-code of the calls that TOP itself turned away, before any method saw them.
    pub fn turned_away(&self) -> Vec<(i64, String)> {
        held(&self.turned_away).clone()
    }
}

/// As the gateway's sink it hears of calls that no method sees: permissions, unknown methods, wrong signatures, keys and clocks.
impl CallSink for Journal {
    fn record(&self, call: &CallRecord) {
        let mut turned_away = held(&self.turned_away);
        if matches!(call.code, 9 | 11..=13 | 21..=25 | 28..=34) && turned_away.len() < KEPT {
            turned_away.push((call.code, call.sub_code.clone()));
        }
    }
}

fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_found_by_every_number_that_it_names() {
        let call = PlayedCall {
            app_key: String::new(),
            method: "",
            params: vec![
                ("aic_inventory_publish_request".into(), r#"{"l":[{"item":{"sc_item_id":69}}]}"#.into()),
                ("biz_order_code".into(), "LP1".into()),
                ("session".into(), "S".into()),
            ],
        };
        let played = Played::Members("{}".into());
        let spoken = Spoken::call(Moment::from_unix(0), CallKind::StockPublish, &call, &played);
        assert!(spoken.names("69") && spoken.names("LP1") && !spoken.names("S"));
        assert!(!spoken.sent.contains("session"), "{}", spoken.sent);
    }
}
