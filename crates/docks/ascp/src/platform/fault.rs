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
    /// `lose_request`, `lose_reply`, `repeat`, `delay`, `reorder`, `status`, `silence`, `refuse`.
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
    /// The platform asks to be called again.
    Refuse,
}

/// Seconds that a message is held back so that later ones pass it.
const REORDER: i64 = 5;

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
    if of(&new.what, new.amount).is_none() {
        return Err(no("SIM_INVALID", format!("what {} is not known", new.what)));
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
