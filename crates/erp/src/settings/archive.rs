//! Settings of the archive (归档).

use serde::{Deserialize, Serialize};

/// What a merchant decides about the archive (归档). Days are whole days without a change; 0 = never, which is the default of all
/// (fact sheet wdt-2, chapter 12 no. 23).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveSettings {
    /// Raw orders that are shipped, completed or cancelled, with their orders, stock-outs and logistics-sync rows, move to the archive
    /// after so many days. All that belongs together moves together.
    pub orders_after_days: u32,
    /// Refund orders that are over move to the archive after so many days, with their return stock-ins. Raw refunds stay.
    pub refunds_after_days: u32,
    /// Rows of the stock ledger are carried forward and move to the archive after so many days.
    pub ledger_after_days: u32,
    /// Entries of the event log are deleted after so many days. Sinks must have read them by then.
    pub events_kept_days: u32,
    /// Receipts of signed writes are deleted after so many days: an identical message is then refused for its age, and timelines no
    /// longer show the message.
    pub receipts_kept_days: u32,
}
