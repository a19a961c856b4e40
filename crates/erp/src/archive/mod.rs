//! The archive (归档): documents that are over and old leave the tables of daily work and stay readable by the history methods.
//!
//! Lives here: when something moves, in small units of work that a durable timer starts, each of them gone before a writer notices.
//! What moves together is decided beside the documents (`order/archive.rs`). Never here: a rule about a single document.
//!
//! * What an archived document owns stays owned: its numbers, its line numbers. A push that changes it brings it back first.
//! * A balance stays the sum of its ledger: rows that leave are carried forward in the same unit.

mod stage;
mod table;

use serde::{Deserialize, Serialize};
use store::timer::{self, Timer};
use store::{Reader, Tx};

use crate::{Result, Settings};

pub use stage::Stage;
pub(crate) use table::{bring_back, put_away};

/// Topic of the timers; the key is the name of the stage.
pub const TOPIC: &str = "archive";

/// Pause of a stage that has come to its end.
const PAUSE: i64 = 24 * 60 * 60;

/// How far a stage has come: what it looked at last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cursor {
    /// Unix seconds of the last change, for documents.
    pub modified: i64,
    /// Key.
    pub id: i64,
}

/// Sets the timers of the stages that the settings switch on; those that are set stay. To be called at start and after a change
/// of the settings. A stage that was switched off ends by itself.
pub fn arm(tx: &mut Tx, settings: &Settings) -> Result<()> {
    for stage in Stage::ALL {
        if stage.days(&settings.archive) > 0 && timer::due(tx, TOPIC, stage.name())?.is_none() {
            let now = tx.now();
            timer::set(tx, now, TOPIC, stage.name(), &Cursor::default())?;
        }
    }
    Ok(())
}

/// Does one small piece of a stage and sets the timer for the next: at once while there is more, a day later at the end.
pub fn run(tx: &mut Tx, settings: &Settings, timer: &Timer) -> Result<()> {
    let Some(stage) = Stage::named(&timer.key) else { return Ok(()) };
    let days = stage.days(&settings.archive);
    if days == 0 {
        return Ok(());
    }
    let now = tx.now();
    let before = now.plus(-i64::from(days) * PAUSE);
    let cursor = serde_json::from_str(&timer.body).unwrap_or_default();
    let (due, cursor) = match stage.work(tx, before, cursor)? {
        Some(next) => (now, next),
        None => (now.plus(PAUSE), Cursor::default()),
    };
    Ok(timer::set(tx, due, TOPIC, stage.name(), &cursor)?)
}

/// How many documents of each kind there are, live and archived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The kind, by the name of its table.
    pub kind: &'static str,
    /// In the tables of daily work.
    pub live: i64,
    /// In the archive.
    pub archived: i64,
}

/// Counts the merchant's documents, live and archived.
pub fn holdings(reader: &mut Reader) -> Result<Vec<Holding>> {
    table::holdings(reader)
}

/// When each stage that is under way will do its next piece.
pub fn due(reader: &mut Reader, stage: Stage) -> Result<Option<units::Moment>> {
    Ok(timer::due(reader, TOPIC, stage.name())?)
}
