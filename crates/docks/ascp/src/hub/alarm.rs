//! What somebody should look at: raised once, cleared when it is over. Every raising is an event, so that it reaches whoever listens.

use store::{Reader, Tx};
use units::Moment;

use super::error::Result;
use super::table;

/// Names each kind once, with what it says in English and what to do; the text of an alarm has the particulars, in Chinese.
macro_rules! kinds {
    ($($name:ident = $word:literal, $meaning:literal;)+) => {
        /// Kinds of alarms.
        pub mod kind {
            $(#[doc = $meaning] pub const $name: &str = $word;)+

            /// Each kind, and what it means.
            pub const ALL: &[(&str, &str)] = &[$(($word, $meaning)),+];
        }
    };
}

kinds! {
    HELD = "held", "Reports are held back, because the session ended or TOP refuses the application: enter a new session.";
    SESSION = "session", "The session ends soon: have the flagship store renew its authorisation, and enter the new session.";
    SILENCE = "silence", "No push for a long time: compare the day's orders with the supplier back office.";
    PARKED = "parked", "A push cannot be mapped: put its reason right and try it again.";
    CONFLICT = "conflict", "A push repeats a number with other content: the first one stands; look at both.";
    UNKNOWN_PUSH = "unknown_push", "A push of a method that is not known here: ask the platform what it wants.";
    DEAD_CALL = "dead_call", "The platform refused a report for good: mend the reason and send it again.";
    AUDIT_DUE = "audit_due", "An order should be audited before its time runs out.";
    SHIP_DUE = "ship_due", "An order must be shipped before its time runs out.";
    REFUND_AGREED = "refund_agreed", "The refund is agreed, and the goods leave all the same: stop the parcel.";
    CANCELLED_HERE = "cancelled_here", "An order was cancelled here by hand: the platform does not know, tell it.";
    RETURN_DUE = "return_due", "A return is stocked in and not reported: report it.";
    REFUND_DUE = "refund_due", "A return is reported, and nobody has seen the consumer's refund: look, and confirm it.";
    OVERSOLD = "oversold", "The platform has occupied more than there is: find goods, or agree on cancelling.";
    STOCK_DIFFERS = "stock_differs", "The figures of both sides differ: publish the stock again, or count it.";
    COUNT_DIFFERS = "count_differs", "The day's numbers of orders differ: look for those that are missing.";
}

/// An open alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Key.
    pub id: i64,
    /// Channel.
    pub channel: i64,
    /// See [`kind`].
    pub kind: String,
    /// What it is about.
    pub key: String,
    /// The particulars in words, Chinese.
    pub text: String,
    /// Since when.
    pub at: Moment,
    /// Last raised.
    pub modified: Moment,
}

impl Alarm {
    /// What its kind means in English, and what to do; empty for a kind that only another version knows.
    pub fn meaning(&self) -> &'static str {
        kind::ALL.iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, meaning)| meaning)
    }
}

/// Raises an alarm; one that is open already stays as it is.
pub(super) fn raise(tx: &mut Tx, channel: i64, kind: &str, key: &str, text: &str) -> Result<()> {
    if table::alarm_is_open(tx, channel, kind, key)? {
        return Ok(());
    }
    table::raise_alarm(tx, channel, kind, key, text)?;
    Ok(tx.event("ascp.alarm", key, &serde_json::json!({ "kind": kind, "text": text }))?)
}

/// Clears an alarm.
pub(super) fn clear(tx: &mut Tx, channel: i64, kind: &str, key: &str) -> Result<()> {
    table::clear_alarm(tx, channel, kind, key)
}

/// Open alarms of the tenant behind `after`.
pub fn open_alarms(reader: &mut Reader, after: i64, limit: i64) -> Result<Vec<Alarm>> {
    table::open_alarms(reader, after, limit)
}
