//! What somebody should look at: raised once, cleared when it is over. Every raising is an event, so that it reaches whoever listens.

use store::{Reader, Tx};
use units::Moment;

use super::error::Result;
use super::table;

/// Kinds of alarms.
pub mod kind {
    /// Calls are held back: the session ended, or TOP refuses the application.
    pub const HELD: &str = "held";
    /// The session ends soon.
    pub const SESSION: &str = "session";
    /// No push for a long time.
    pub const SILENCE: &str = "silence";
    /// A push that cannot be mapped.
    pub const PARKED: &str = "parked";
    /// A push that repeats a number with other content.
    pub const CONFLICT: &str = "conflict";
    /// A push of a method that nobody knows.
    pub const UNKNOWN_PUSH: &str = "unknown_push";
    /// A call that the platform refused for good.
    pub const DEAD_CALL: &str = "dead_call";
    /// An order that should be audited.
    pub const AUDIT_DUE: &str = "audit_due";
    /// An order that must be shipped.
    pub const SHIP_DUE: &str = "ship_due";
    /// The refund is agreed, and the goods leave all the same.
    pub const REFUND_AGREED: &str = "refund_agreed";
    /// Cancelled here by hand; the platform does not know.
    pub const CANCELLED_HERE: &str = "cancelled_here";
    /// A return that is stocked in and not reported.
    pub const RETURN_DUE: &str = "return_due";
    /// A return that is reported, and nobody has seen the consumer's refund.
    pub const REFUND_DUE: &str = "refund_due";
    /// The platform has occupied more than there is.
    pub const OVERSOLD: &str = "oversold";
    /// The figures of both sides differ.
    pub const STOCK_DIFFERS: &str = "stock_differs";
    /// The day's counts of both sides differ.
    pub const COUNT_DIFFERS: &str = "count_differs";
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
    /// In words.
    pub text: String,
    /// Since when.
    pub at: Moment,
    /// Last raised.
    pub modified: Moment,
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
