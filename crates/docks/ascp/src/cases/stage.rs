//! The words of the joint-test cases.
//!
//! `order`, `push`, `cancel`, `refund`, `stock`, `trouble`, `expire`, `calm` are the platform's; `hands` asks the people of the ERP;
//! `reply`, `call`, `calls`, `no call`, `state` look at what the ERP did. Patience is counted in time waited, as the runner does.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rehearsal::{Act, Exchange, Fault, Reply, Stage};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::explain;
use super::hands::{self, Hands, Task};
use super::partner::Partner;
use crate::messages::{CallKind, PushKind};
use crate::platform::{self, NewFault, NewLine, NewOrder, NewRefund, Spoken, Topic};

/// Milliseconds between two looks.
const LOOK: u64 = 50;

/// The words of `when`, for the message about unknown ones.
const ACTS: &[&str] = &[
    "order ITEM NUM, ITEM NUM [delay, business_model]",
    "push CODE again",
    "cancel CODE with STATUS",
    "refund CODE of ITEM NUM",
    "stock ITEM is NUM",
    "trouble TARGET WHAT [times, amount]",
    "calm",
    "expire session, renew session",
    "hands ACTION ABOUT [details]",
    "reply to notify|cancel|reverse CODE",
    "call KIND CODE",
    "calls KIND CODE",
    "no call KIND CODE for SECONDS",
    "state CODE",
];

/// An ERP under test.
pub struct JointStage<'h> {
    partner: Arc<Partner>,
    runtime: Handle,
    hands: &'h mut dyn Hands,
    /// Longest wait for the ERP, seconds.
    patience: u64,
    /// Where the journal stood when the case began, and when the platform last did something.
    begun: usize,
    since: usize,
    renewed: u32,
}

impl<'h> JointStage<'h> {
    /// Plays with this partner; `patience` seconds are waited for whatever the ERP must do by itself.
    pub fn new(partner: Arc<Partner>, runtime: Handle, hands: &'h mut dyn Hands, patience: u64) -> Self {
        Self { partner, runtime, hands, patience, begun: 0, since: 0, renewed: 0 }
    }

    /// The platform does something; what comes after it belongs to it.
    fn unit<T, F>(&mut self, unit: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut store::Tx) -> platform::Result<T> + Send + 'static,
    {
        self.since = self.partner.journal.mark();
        self.runtime.block_on(self.partner.unit(unit)).map_err(|error| Fault::new(error.to_string()))
    }

    /// Looks until there is something, or patience ends.
    fn until<T>(&self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        for _ in 0..=(self.patience * 1_000 / LOOK) {
            if let Some(found) = look() {
                return Some(found);
            }
            thread::sleep(Duration::from_millis(LOOK));
        }
        None
    }

    fn order(&mut self, goods: &[&str], act: &Act) -> Result<Reply, Fault> {
        let lines = lines(goods)?;
        let text = |name: &str| act.argument(name).map(|argument| argument.text.clone());
        let new = NewOrder {
            supplier_id: self.partner.terms.supplier_id.clone(),
            store_code: self.partner.terms.store_code.clone(),
            lines,
            business_model: text("business_model"),
            seed: None,
            change: act.argument("change").map(rehearsal::Argument::value),
            delay: text("delay").and_then(|text| text.parse().ok()).unwrap_or(0),
        };
        let code = self.unit(move |tx| platform::place(tx, &new))?;
        self.state(&code)
    }

    /// The order or return as the platform knows it.
    fn state(&self, code: &str) -> Result<Reply, Fault> {
        let code = code.to_owned();
        let shown = self.partner.unit(move |tx| platform::look_up(tx, &code));
        let value = self.runtime.block_on(shown).map_err(|error| Fault::new(error.to_string()))?;
        Ok(Reply { value, exchanges: Vec::new() })
    }

    /// The platform knows nothing of the session any more, or gives a new one and has it entered in the ERP.
    fn session(&mut self, renewed: bool) -> Result<Reply, Fault> {
        let supplier_id = self.partner.terms.supplier_id.clone();
        if !renewed {
            self.unit(move |tx| platform::expire_session(tx, &supplier_id))?;
            return Ok(Reply::default());
        }
        self.renewed += 1;
        let fresh = format!("{}R{}", self.partner.terms.session, self.renewed);
        let session = fresh.clone();
        self.unit(move |tx| platform::renew_session(tx, &supplier_id, &session, None))?;
        self.ask("renew", &fresh, Vec::new())
    }

    fn ask(&mut self, action: &str, about: &str, details: Vec<(String, String)>) -> Result<Reply, Fault> {
        let Some(text) = hands::text(action, about, &details) else {
            return Err(Fault::new(format!("nobody can be asked to {action}")));
        };
        let task = Task { action: action.to_owned(), about: about.to_owned(), details, text };
        self.hands.ask(&task).map_err(|problem| Fault::new(format!("{}: {problem}", task.text)))?;
        Ok(Reply::default())
    }

    /// The ERP's answer to the push that the platform made last.
    fn reply_to(&self, kind: PushKind, code: &str) -> Result<Reply, Fault> {
        let mine = |spoken: &Spoken| spoken.topic == Topic::Push(kind) && spoken.names(code) && !spoken.is_lost;
        let found = self.until(|| self.partner.journal.since(self.since, mine).pop());
        let Some(spoken) = found else {
            return Err(Fault::new(explain::unpushed(&self.partner, kind, code, self.patience)));
        };
        let exchanges = vec![exchange(&spoken)];
        match explain::reply(&spoken, &self.partner.terms.push_url) {
            Err(message) => Err(Fault { message, exchanges }),
            Ok(reply) => Ok(Reply {
                value: json!({
                    "success": reply.success, "errorCode": reply.code, "errorMsg": reply.message, "retry": reply.retry,
                    "answers": self.partner.journal.since(self.begun, mine).len(),
                }),
                exchanges,
            }),
        }
    }

    fn of_case(&self, kind: CallKind, code: &str) -> Vec<Spoken> {
        self.partner.journal.since(self.begun, |spoken| spoken.topic == Topic::Call(kind) && spoken.names(code))
    }

    /// Waits for a call that the platform took.
    fn call(&self, kind: CallKind, code: &str) -> Result<Reply, Fault> {
        let taken = self.until(|| self.of_case(kind, code).iter().any(is_taken).then_some(()));
        if taken.is_some() {
            return Ok(self.calls(kind, code));
        }
        let message = explain::uncalled(&self.partner, self.begun, kind, code, self.patience);
        let about = self.partner.journal.since(self.begun, |spoken| spoken.names(code));
        Err(Fault { message, exchanges: about.iter().map(exchange).collect() })
    }

    /// The calls so far: how many, how many of them were taken, the numbers that make them one, the last one's content.
    fn calls(&self, kind: CallKind, code: &str) -> Reply {
        let came = self.of_case(kind, code);
        let requests: Vec<Value> = came.iter().map(|spoken| request(kind, &spoken.sent)).collect();
        let mut keys: Vec<&str> = requests.iter().filter_map(|request| request.get("out_biz_id")?.as_str()).collect();
        keys.dedup();
        let mut value = json!({
            "times": came.len(),
            "taken": came.iter().filter(|spoken| is_taken(spoken)).count(),
            "out_biz_ids": keys,
            "request": requests.last(),
        });
        if kind == CallKind::CancelFeedback {
            // Clients leave out what is false (fact sheet ascp-direct, section 6).
            let said =
                requests.last().and_then(|request| request.get("cancel_result")).is_some_and(|said| said == true);
            value["intercepted"] = said.into();
        }
        Reply { value, exchanges: came.last().map(exchange).into_iter().collect() }
    }

    fn no_call(&self, kind: CallKind, code: &str, seconds: &str) -> Result<Reply, Fault> {
        let seconds: u64 = seconds.trim_end_matches('s').parse().map_err(|_| Fault::new("`for 3s` is expected"))?;
        for _ in 0..=(seconds * 1_000 / LOOK) {
            if let Some(unwanted) = self.of_case(kind, code).first() {
                let message = explain::unwanted(kind, code, unwanted);
                return Err(Fault { message, exchanges: vec![exchange(unwanted)] });
            }
            thread::sleep(Duration::from_millis(LOOK));
        }
        Ok(Reply::default())
    }

    fn trouble(&mut self, target: &str, what: &str, act: &Act) -> Result<Reply, Fault> {
        let number = |name: &str, otherwise: i64| {
            act.argument(name).and_then(|argument| argument.text.parse().ok()).unwrap_or(otherwise)
        };
        let fault = NewFault {
            target: target.into(),
            what: what.into(),
            amount: number("amount", 0),
            times: number("times", 1),
        };
        self.unit(move |tx| platform::add_fault(tx, &fault))?;
        Ok(Reply::default())
    }
}

impl Stage for JointStage<'_> {
    fn begin(&mut self, _title: &str, _run: &str) {
        self.begun = self.partner.journal.mark();
        self.since = self.begun;
    }

    fn given(&mut self, given: &Act) -> Result<(), Fault> {
        Err(Fault::unknown(given, &["nothing: the terms of the test are given on the command line"]))
    }

    fn act(&mut self, act: &Act) -> Result<Reply, Fault> {
        match act.words().as_slice() {
            ["order", goods @ ..] => self.order(goods, act),
            ["push", code, "again"] => {
                let code = (*code).to_owned();
                self.unit(move |tx| platform::push_again(tx, &code, None))?;
                Ok(Reply::default())
            }
            ["cancel", code, "with", status] => {
                let (code, status) = ((*code).to_owned(), (*status).to_owned());
                self.unit(move |tx| platform::cancel_order(tx, &code, &status))?;
                Ok(Reply::default())
            }
            ["refund", code, "of", goods @ ..] => {
                let (code, refund) = ((*code).to_owned(), NewRefund { lines: lines(goods)?, reason: None });
                let back = self.unit(move |tx| {
                    let back = platform::ask_refund(tx, &code, &refund)?;
                    platform::judge_refund(tx, &back, true)?;
                    platform::fill_waybill(tx, &back, "SF", &format!("SF{}", back.trim_start_matches("LP")))?;
                    Ok(back)
                })?;
                self.state(&back)
            }
            ["stock", item, "is", num] => {
                let (item, num) = (number(item)?, number(num)?);
                let (supplier, store) = (self.partner.terms.supplier_id.clone(), self.partner.terms.store_code.clone());
                self.unit(move |tx| platform::enter_stock(tx, &supplier, &store, item, num))?;
                Ok(Reply::default())
            }
            ["trouble", target, what] => self.trouble(target, what, act),
            ["calm"] => {
                self.unit(platform::clear_faults)?;
                Ok(Reply::default())
            }
            ["expire", "session"] => self.session(false),
            ["renew", "session"] => self.session(true),
            ["hands", action] => self.ask(action, "", details(act)),
            ["hands", action, about] => self.ask(action, about, details(act)),
            ["reply", "to", kind, code] => match PushKind::named(kind) {
                Some(kind) => self.reply_to(kind, code),
                None => Err(Fault::unknown(act, ACTS)),
            },
            ["call", kind, code] => self.call(call_kind(act, kind)?, code),
            ["calls", kind, code] => Ok(self.calls(call_kind(act, kind)?, code)),
            ["no", "call", kind, code, "for", seconds] => self.no_call(call_kind(act, kind)?, code, seconds),
            ["state", code] => self.state(code),
            _ => Err(Fault::unknown(act, ACTS)),
        }
    }

    fn clock(&mut self, seconds: i64) -> Result<(), Fault> {
        self.partner.clock.advance(seconds);
        self.partner.platform.wake();
        Ok(())
    }

    fn wait(&mut self, milliseconds: u64) {
        thread::sleep(Duration::from_millis(milliseconds));
    }

    fn variable(&self, name: &str) -> Option<Value> {
        let terms = &self.partner.terms;
        let goods = |place: usize| terms.goods.get(place).map(|(id, _)| Value::String(id.to_string()));
        match name {
            "goods_a" => goods(0),
            "goods_b" => goods(1),
            "code_b" => terms.goods.get(1).map(|(_, code)| Value::String(code.clone())),
            "unknown_goods" => Some(Value::String(terms.unknown_goods().to_string())),
            "store_code" => Some(Value::String(terms.store_code.clone())),
            "supplier_id" => Some(Value::String(terms.supplier_id.clone())),
            _ => None,
        }
    }
}

fn call_kind(act: &Act, name: &str) -> Result<CallKind, Fault> {
    CallKind::named(name).ok_or_else(|| Fault::unknown(act, ACTS))
}

fn details(act: &Act) -> Vec<(String, String)> {
    act.arguments.iter().map(|argument| (argument.name.clone(), argument.text.clone())).collect()
}

fn number(text: &str) -> Result<i64, Fault> {
    text.parse().map_err(|_| Fault::new(format!("{text} is not a number")))
}

/// `ITEM NUM, ITEM NUM`
fn lines(words: &[&str]) -> Result<Vec<NewLine>, Fault> {
    words
        .split(|word| matches!(*word, "," | "\u{ff0c}"))
        .map(|group| match group {
            [item, num] => Ok(NewLine { sc_item_id: number(item)?, quantity: number(num)? }),
            _ => Err(Fault::new(format!("`{}`: ITEM NUM is expected", group.join(" ")))),
        })
        .collect()
}

/// Whether the platform took it, and the ERP could hear so.
fn is_taken(spoken: &Spoken) -> bool {
    let answer: Value = serde_json::from_str(spoken.body()).unwrap_or_default();
    let results = answer.as_object().into_iter().flatten();
    !spoken.is_lost && results.into_iter().any(|(_, result)| result.get("success").is_none_or(|yes| yes == true))
}

/// The content of a call: of its one parameter, or its plain parameters.
fn request(kind: CallKind, sent: &str) -> Value {
    let pairs = || sent.lines().filter_map(|line| line.split_once('='));
    let named = pairs().find(|(name, _)| *name == kind.parameter());
    match named {
        Some((_, text)) => serde_json::from_str(text).unwrap_or(Value::Null),
        None => pairs().map(|(name, value)| (name.to_owned(), Value::String(value.to_owned()))).collect(),
    }
}

fn exchange(spoken: &Spoken) -> Exchange {
    let what = match spoken.topic {
        Topic::Push(kind) => kind.method(),
        Topic::Call(kind) => kind.method(),
    };
    let received = match &spoken.answer {
        Ok((200, body)) => body.clone(),
        Ok((status, body)) => format!("HTTP {status} {body}"),
        Err(problem) => problem.clone(),
    };
    let lost = if spoken.is_lost { " (the answer was lost on purpose)" } else { "" };
    Exchange { sent: format!("{} {what}\n{}", spoken.at, spoken.sent), received: format!("{received}{lost}") }
}
