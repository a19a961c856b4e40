//! Reading the event log.

use units::Moment;

use crate::{Reader, Result, Row, limits, wire_id};

/// One entry of a tenant's event log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Place in the tenant's log: 1, 2, 3 … without gaps. An entry never appears behind one that was already visible.
    pub seq: i64,
    /// Commit stamp.
    pub at: Moment,
    /// What happened.
    pub topic: String,
    /// What it happened to.
    pub key: String,
    /// Receipt of the signed message that caused it; 0 when none did.
    pub receipt: i64,
    /// JSON.
    pub body: String,
}

const COLUMNS: &str = "SELECT id, at, topic, key, receipt, body FROM event";

impl Reader {
    /// The tenant's events after `seq`, in order, at most `limit` (and at most [`limits::EVENT_PAGE`]).
    pub fn events_after(&mut self, seq: i64, limit: i64) -> Result<Vec<Event>> {
        let tenant = self.tenant();
        let last = tenant.id(-1);
        self.query(
            &format!("{COLUMNS} WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3"),
            &[tenant.id(seq.max(0)).into(), last.into(), limit.clamp(0, limits::EVENT_PAGE).into()],
            event,
        )
    }

    /// Number of the tenant's last event; 0 when it has none.
    pub fn last_event(&mut self) -> Result<i64> {
        let tenant = self.tenant();
        let last =
            self.query_opt("SELECT event_seq FROM tenant_clock WHERE tenant = ?1", &[tenant.into()], |row| row.int(0))?;
        Ok(last.unwrap_or(0))
    }

    /// The tenant's events about `key`, in order.
    pub fn events_of(&mut self, key: &str) -> Result<Vec<Event>> {
        let tenant = self.tenant();
        self.query(
            &format!("{COLUMNS} WHERE tenant = ?1 AND key = ?2 ORDER BY id"),
            &[tenant.into(), key.into()],
            event,
        )
    }
}

fn event(row: &Row<'_>) -> Result<Event> {
    Ok(Event {
        seq: wire_id(row.int(0)?),
        at: row.moment(1)?,
        topic: row.string(2)?,
        key: row.string(3)?,
        receipt: row.int(4)?,
        body: row.string(5)?,
    })
}
