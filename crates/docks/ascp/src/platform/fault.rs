//! What is to go wrong: the next so many messages of a kind are lost, repeated, delayed, answered with an error or not at all.

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};

use super::error::{Result, no};
use super::table;
use crate::messages::{CallKind, PushKind};

/// A fault to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFault {
    /// `push:notify`, `push:cancel`, `push:reverse`, `push:*`, or `call:ship` and so on, `call:*`.
    pub target: String,
    /// `lose_request`, `lose_reply`, `repeat`, `delay`, `reorder`, `silence`; of a push also `wrong_sign`, `changed_body`, `clock_off`;
    /// of a call also `status`, `refuse`.
    pub what: String,
    /// Repetitions, seconds, or HTTP status.
    #[serde(default)]
    pub amount: i64,
    /// How many messages; 1 when absent.
    #[serde(default = "once")]
    pub times: i64,
}

const fn once() -> i64 {
    1
}

/// What goes wrong with one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// It never arrives.
    LoseRequest,
    /// It arrives and acts, and nobody hears of it.
    LoseReply,
    /// It arrives so many times more.
    Repeat(i64),
    /// It arrives so many seconds later.
    Delay(i64),
    /// The platform answers with this HTTP status and does nothing.
    Status(u16),
    /// The platform takes it and never answers.
    Silence,
    /// The platform asks to be called again; a publish of stock it refuses for good, with the words that the fact sheet knows.
    Refuse,
    /// The push is not what was signed.
    Forge(Forgery),
}

/// What is wrong with a push that nobody may believe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgery {
    /// Its signature.
    Sign,
    /// Its body, which was changed on the way.
    Body,
    /// Its timestamp, so many seconds behind.
    Clock(i64),
}

/// Seconds that a message is held back so that later ones pass it.
const REORDER: i64 = 5;
/// Seconds by which a clock is off that must not be believed: a minute more than the window of Qimen.
const CLOCK_OFF: i64 = 660;

/// Enters a fault.
pub fn add_fault(tx: &mut Tx, new: &NewFault) -> Result<()> {
    let known = |target: &str| match target.split_once(':') {
        Some(("push", name)) => name == "*" || PushKind::named(name).is_some(),
        Some(("call", name)) => name == "*" || CallKind::named(name).is_some(),
        _ => false,
    };
    if !known(&new.target) {
        return Err(no("SIM_INVALID", format!("target {} is not known", new.target)));
    }
    let fits = match of(&new.what, new.amount) {
        None => return Err(no("SIM_INVALID", format!("what {} is not known", new.what))),
        Some(Trouble::Forge(_)) => new.target.starts_with("push:"),
        Some(Trouble::Status(_) | Trouble::Refuse) => new.target.starts_with("call:"),
        Some(_) => true,
    };
    if !fits {
        return Err(no("SIM_INVALID", format!("{} cannot happen to {}", new.what, new.target)));
    }
    if !(1..=1_000_000).contains(&new.times) || !(0..=1_000_000).contains(&new.amount) {
        return Err(no("SIM_INVALID", "times is 1 to 1000000, amount 0 to 1000000"));
    }
    table::insert_fault(tx, new)
}

fn of(what: &str, amount: i64) -> Option<Trouble> {
    Some(match what {
        "lose_request" => Trouble::LoseRequest,
        "lose_reply" => Trouble::LoseReply,
        "repeat" => Trouble::Repeat(amount.clamp(1, 100)),
        "delay" => Trouble::Delay(amount.max(1)),
        "reorder" => Trouble::Delay(REORDER),
        "status" => {
            Trouble::Status(u16::try_from(amount).ok().filter(|status| (500..600).contains(status)).unwrap_or(500))
        }
        "silence" => Trouble::Silence,
        "refuse" => Trouble::Refuse,
        "wrong_sign" => Trouble::Forge(Forgery::Sign),
        "changed_body" => Trouble::Forge(Forgery::Body),
        "clock_off" => Trouble::Forge(Forgery::Clock(if amount == 0 { CLOCK_OFF } else { amount })),
        _ => return None,
    })
}

/// What goes wrong with this message; uses one of the times up.
pub(super) fn strike(tx: &mut Tx, target: &str) -> Result<Trouble> {
    let Some(fault) = table::take_fault(tx, target)? else { return Ok(Trouble::None) };
    Ok(of(&fault.what, fault.amount).unwrap_or(Trouble::None))
}

/// What is still to go wrong.
pub fn faults(reader: &mut Reader) -> Result<Vec<NewFault>> {
    table::faults(reader)
}

/// Nothing goes wrong any more.
pub fn clear_faults(tx: &mut Tx) -> Result<()> {
    table::clear_faults(tx)
}
