//! The stages: what each of them moves or deletes, a small piece at a time.

use store::{Tx, retention};
use units::Moment;

use super::{Cursor, table};
use crate::settings::ArchiveSettings;
use crate::{Result, aftersale, order};

/// Raw orders that one unit looks at.
const FAMILIES: i64 = 25;
/// Ledger rows, events or receipts that one unit moves.
const ROWS: i64 = 500;

/// What the archive does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Orders with all that belongs to them.
    Orders,
    /// Refund orders with their return stock-ins.
    Refunds,
    /// The stock ledger.
    Ledger,
    /// The event log.
    Events,
    /// Receipts of signed writes.
    Receipts,
}

impl Stage {
    /// Every stage.
    pub const ALL: &'static [Self] = &[Self::Orders, Self::Refunds, Self::Ledger, Self::Events, Self::Receipts];

    /// Key of its timer.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Refunds => "refunds",
            Self::Ledger => "ledger",
            Self::Events => "events",
            Self::Receipts => "receipts",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.name() == name)
    }

    /// After how many days; 0 = never.
    pub const fn days(self, settings: &ArchiveSettings) -> u32 {
        match self {
            Self::Orders => settings.orders_after_days,
            Self::Refunds => settings.refunds_after_days,
            Self::Ledger => settings.ledger_after_days,
            Self::Events => settings.events_kept_days,
            Self::Receipts => settings.receipts_kept_days,
        }
    }

    /// One piece of work on what did not change since `before`. Returns where to go on; `None` at the end.
    pub(super) fn work(self, tx: &mut Tx, before: Moment, cursor: Cursor) -> Result<Option<Cursor>> {
        match self {
            Self::Orders => order::archive_some(tx, before, cursor, FAMILIES),
            Self::Refunds => aftersale::archive_some(tx, before, cursor, FAMILIES),
            Self::Ledger => table::carry_ledger_forward(tx, before, cursor, ROWS),
            Self::Events => Ok(on(retention::trim_events(tx, before, ROWS)? == ROWS)),
            Self::Receipts => Ok(on(retention::trim_receipts(tx, before, ROWS)? == ROWS)),
        }
    }
}

/// Stages that begin where the last piece ended keep no place of their own.
fn on(more: bool) -> Option<Cursor> {
    more.then(Cursor::default)
}
