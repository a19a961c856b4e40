//! The queue of calls to TOP: each with its idempotency key, sent until the platform took it, or given up for a person.

use serde_json::Value;
use store::{Reader, Tx};
use units::Moment;

use super::alarm::{self, kind};
use super::channel::Channel;
use super::error::{Refusal, Result};
use super::{settle, table};
use crate::limits::{ATTEMPTS, PAUSE, PAUSE_LAST};
use crate::messages::{CallKind, Verdict};

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallState {
    /// To be sent, or under way.
    Waiting,
    /// The platform took it.
    Done,
    /// Refused for good, or tried too often: a person is needed.
    Dead,
    /// Nobody needs it any more.
    Dropped,
}

impl CallState {
    /// The number under which it is stored.
    pub const fn code(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Done => 1,
            Self::Dead => 2,
            Self::Dropped => 3,
        }
    }

    /// The name in the admin API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }

    /// The reverse of [`Self::code`].
    pub const fn of(code: i64) -> Self {
        match code {
            0 => Self::Waiting,
            1 => Self::Done,
            3 => Self::Dropped,
            _ => Self::Dead,
        }
    }
}

/// A call of the queue; its body is kept beside it, sealed.
#[derive(Debug, Clone)]
pub struct Call {
    /// Key.
    pub id: i64,
    /// Channel.
    pub channel: i64,
    /// Which call.
    pub kind: CallKind,
    /// Idempotency key: the same statement is in the queue once.
    pub key: String,
    /// The document that it is about; empty = none.
    pub code: String,
    /// What became of it.
    pub state: CallState,
    /// When it is to be sent; while it is under way, when that is given up.
    pub due: Moment,
    /// Attempts that failed.
    pub attempts: i64,
    /// What the last one came to.
    pub problem: String,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// Puts a call into the queue. `body` holds its parameters, or the content of its one parameter. False when the same statement was
/// there already.
pub(super) fn enqueue(
    tx: &mut Tx,
    channel: &Channel,
    kind: CallKind,
    key: &str,
    code: &str,
    body: &Value,
) -> Result<bool> {
    let now = tx.now();
    let call = Call {
        id: tx.document_id("ascp_call")?,
        channel: channel.id,
        kind,
        key: format!("{}:{key}", kind.name()),
        code: code.to_owned(),
        state: CallState::Waiting,
        due: now,
        attempts: 0,
        problem: String::new(),
        created: now,
        modified: now,
    };
    table::insert_call(tx, &call, &body.to_string())
}

/// What the platform's answer changes: the call itself, and whatever waited for it.
pub(super) fn settle_call(tx: &mut Tx, settings: &erp::Settings, id: i64, verdict: &Verdict) -> Result<()> {
    let Some(mut call) = table::call_by_id(tx, id)?.filter(|call| call.state == CallState::Waiting) else {
        return Ok(());
    };
    let Some(mut channel) = table::channel_by_id(tx, call.channel)? else { return Ok(()) };
    let now = tx.now();
    call.modified = now;
    match verdict {
        Verdict::Done(answer) => {
            call.state = CallState::Done;
            call.problem.clear();
            alarm::clear(tx, channel.id, kind::DEAD_CALL, &call.key)?;
            settle::done(tx, settings, &channel, &call, answer)?;
        }
        Verdict::Again(problem) => {
            call.attempts += 1;
            call.problem = short(problem);
            if call.attempts >= ATTEMPTS {
                give_up(tx, settings, &channel, &mut call, "", problem)?;
            } else {
                let doublings = (call.attempts - 1).clamp(0, 20);
                call.due = now.plus((PAUSE << doublings).min(PAUSE_LAST));
            }
        }
        Verdict::Refused { code, message } => {
            call.attempts += 1;
            call.problem = short(&format!("{code} {message}"));
            give_up(tx, settings, &channel, &mut call, code, message)?;
        }
        Verdict::Hold(problem) => {
            // The call is as good as before: it goes out when the channel does.
            call.problem = short(problem);
            call.due = now;
            hold_channel(tx, &mut channel, problem)?;
        }
    }
    table::update_call(tx, &call)
}

/// Nothing of a channel goes out until somebody puts right what TOP refuses; what waits keeps its order.
pub(super) fn hold(tx: &mut Tx, channel: i64, problem: &str) -> Result<()> {
    match table::channel_by_id(tx, channel)? {
        Some(mut channel) => hold_channel(tx, &mut channel, problem),
        None => Ok(()),
    }
}

fn hold_channel(tx: &mut Tx, channel: &mut Channel, problem: &str) -> Result<()> {
    if !channel.facts.held.is_empty() {
        return Ok(());
    }
    channel.facts.held = short(problem);
    channel.facts.held_since = Some(tx.now());
    super::channel::save_channel(tx, channel)?;
    let text = format!("平台拒绝了授权,回传已暂停,恢复后按顺序补传: {problem}");
    alarm::raise(tx, channel.id, kind::HELD, "", &text)
}

/// The problem, short enough for a column and a screen.
fn short(problem: &str) -> String {
    problem.chars().filter(|c| *c != '\0').take(500).collect()
}

fn give_up(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    call: &mut Call,
    code: &str,
    message: &str,
) -> Result<()> {
    call.state = CallState::Dead;
    if settle::dead(tx, settings, channel, call, code, message)? {
        call.state = CallState::Dropped;
        return Ok(());
    }
    let text = format!("{}回传失败: {}", call.code, call.problem);
    alarm::raise(tx, channel.id, kind::DEAD_CALL, &call.key, &text)
}

/// A person sends a call again that was given up; its key stays the same.
pub fn replay_call(tx: &mut Tx, id: i64) -> Result<Call> {
    let mut call =
        table::call_by_id(tx, id)?.ok_or_else(|| Refusal::Unknown("回传记录", store::wire_id(id).to_string()))?;
    if call.state == CallState::Done {
        return Err(Refusal::State("回传已成功,不能重发".to_owned()).into());
    }
    call.state = CallState::Waiting;
    call.attempts = 0;
    call.due = tx.now();
    call.modified = tx.now();
    table::update_call(tx, &call)?;
    alarm::clear(tx, call.channel, kind::DEAD_CALL, &call.key)?;
    settle::resent(tx, &call)?;
    Ok(call)
}

/// A person decides that a call is not needed any more.
pub fn drop_call(tx: &mut Tx, id: i64) -> Result<Call> {
    let mut call =
        table::call_by_id(tx, id)?.ok_or_else(|| Refusal::Unknown("回传记录", store::wire_id(id).to_string()))?;
    if call.state != CallState::Dead {
        return Err(Refusal::State("只有失败的回传可以关闭".to_owned()).into());
    }
    call.state = CallState::Dropped;
    call.modified = tx.now();
    table::update_call(tx, &call)?;
    alarm::clear(tx, call.channel, kind::DEAD_CALL, &call.key)?;
    Ok(call)
}

/// Calls of the tenant in a state, behind `after`.
pub fn calls(reader: &mut Reader, state: CallState, after: i64, limit: i64) -> Result<Vec<Call>> {
    table::calls_in(reader, state, after, limit)
}

/// The body of a call, as it is sent.
pub fn call_body(reader: &mut Reader, id: i64) -> Result<String> {
    table::call_body(reader, id)
}
