//! What units that are committed together share, per tenant: the stamp, the event sequence, the counters.

use std::collections::HashMap;

use units::Moment;

use crate::memo::Memo;
use crate::{Result, Tenant, Tx, Value, limits};

/// The tenants of the group that is being built, and how to undo the current unit.
#[derive(Default)]
pub(crate) struct Group {
    tenants: Vec<Share>,
    current: usize,
    undo: Vec<(usize, i64)>,
    undo_event: i64,
    kept: HashMap<Tenant, Kept>,
}

/// What is known of a tenant from the last group, and good as long as nobody else took a turn in between.
struct Kept {
    turn: i64,
    counters: Vec<Counter>,
    memo: Memo,
}

/// One tenant's part of a group.
pub(crate) struct Share {
    pub(crate) tenant: Tenant,
    pub(crate) stamp: Moment,
    event_seq: i64,
    turn: i64,
    counters: Vec<Counter>,
    memo: Memo,
    written: bool,
}

struct Counter {
    name: Box<str>,
    value: i64,
    stored: i64,
}

impl Group {
    /// Makes `tenant` the current one; false when the group has not met it yet.
    pub(crate) fn enter(&mut self, tenant: Tenant) -> bool {
        match self.tenants.iter().position(|share| share.tenant == tenant) {
            Some(index) => {
                self.current = index;
                true
            }
            None => false,
        }
    }

    /// Adds a tenant and makes it the current one. `turn` counts the groups that changed something of the tenant, on all nodes:
    /// when it is where this writer left it, what the writer knows still holds.
    pub(crate) fn join(&mut self, tenant: Tenant, stamp: Moment, event_seq: i64, turn: i64) {
        let (counters, memo) = match self.kept.remove(&tenant) {
            Some(kept) if kept.turn == turn => (kept.counters, kept.memo),
            _ => (Vec::new(), Memo::default()),
        };
        self.current = self.tenants.len();
        self.tenants.push(Share { tenant, stamp, event_seq, turn, counters, memo, written: false });
    }

    pub(crate) fn here(&self) -> &Share {
        &self.tenants[self.current]
    }

    fn here_mut(&mut self) -> &mut Share {
        &mut self.tenants[self.current]
    }

    pub(crate) fn tenants(&self) -> impl Iterator<Item = Tenant> {
        self.tenants.iter().map(|share| share.tenant)
    }

    /// The group is over. What was learned is kept when it was committed.
    pub(crate) fn settle(&mut self, committed: bool) {
        if self.kept.len() > limits::KEPT_TENANTS {
            self.kept.clear();
        }
        for mut share in self.tenants.drain(..).filter(|_| committed) {
            for counter in &mut share.counters {
                counter.stored = counter.value;
            }
            if share.counters.len() > limits::KEPT_COUNTERS {
                share.counters.clear();
            }
            let turn = share.turn + i64::from(share.written);
            self.kept.insert(share.tenant, Kept { turn, counters: share.counters, memo: share.memo.settled() });
        }
    }

    /// Whether the group changed master data of some tenant.
    pub(crate) fn changed_masters(&self) -> bool {
        self.tenants.iter().any(|share| share.memo.is_changed())
    }

    pub(crate) fn memo(&mut self) -> &mut Memo {
        &mut self.here_mut().memo
    }

    pub(crate) fn start_unit(&mut self) {
        self.undo.clear();
        self.undo_event = self.here().event_seq;
    }

    /// The unit is kept; `wrote` when it changed a row.
    pub(crate) fn keep_unit(&mut self, wrote: bool) {
        self.here_mut().written |= wrote || !self.undo.is_empty();
    }

    /// Gives the numbers of a failed unit back.
    pub(crate) fn undo_unit(&mut self) {
        let undo = std::mem::take(&mut self.undo);
        let event_seq = self.undo_event;
        let share = self.here_mut();
        for &(index, value) in undo.iter().rev() {
            share.counters[index].value = value;
        }
        share.event_seq = event_seq;
        share.memo.drop_all();
        self.undo = undo;
    }

    /// Where the numbers of the unit stand, for [`Self::undo_to`].
    pub(crate) fn mark(&self) -> (usize, i64) {
        (self.undo.len(), self.here().event_seq)
    }

    /// Gives back the numbers that a part of the unit took.
    pub(crate) fn undo_to(&mut self, (numbers, event_seq): (usize, i64)) {
        for (index, value) in self.undo.split_off(numbers).into_iter().rev() {
            self.here_mut().counters[index].value = value;
        }
        let share = self.here_mut();
        share.event_seq = event_seq;
        share.memo.drop_all();
    }

    pub(crate) fn next(&mut self, name: &str) -> Option<i64> {
        let share = &mut self.tenants[self.current];
        let index = share.counters.iter().position(|counter| &*counter.name == name)?;
        let counter = &mut share.counters[index];
        self.undo.push((index, counter.value));
        counter.value += 1;
        Some(counter.value)
    }

    pub(crate) fn load(&mut self, name: &str, stored: i64) {
        self.here_mut().counters.push(Counter { name: name.into(), value: stored, stored });
    }

    pub(crate) fn next_event(&mut self) -> i64 {
        let share = self.here_mut();
        share.event_seq += 1;
        share.event_seq
    }
}

/// Counters that are stored with one statement.
const COUNTERS: usize = 8;

/// Stores so many counters: their tenant is `?1`, then follow name and value of each.
fn counter_rows(count: usize) -> String {
    let rows: Vec<String> = (0..count).map(|row| format!("(?1, ?{}, ?{})", 2 * row + 2, 2 * row + 3)).collect();
    format!(
        "INSERT INTO counter (tenant, name, value) VALUES {}
         ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value",
        rows.join(", ")
    )
}

/// Writes the stamps, event sequences and counters of the group; false when no unit changed anything.
pub(crate) fn write_back(tx: &mut Tx) -> Result<bool> {
    let tenants = std::mem::take(&mut tx.group.tenants);
    let done = tenants.iter().filter(|share| share.written).try_fold(false, |_, share| {
        let moved: Vec<_> = share.counters.iter().filter(|counter| counter.value != counter.stored).collect();
        for some in moved.chunks(COUNTERS) {
            let mut values: Vec<Value<'_>> = vec![share.tenant.into()];
            for counter in some {
                values.extend([Value::from(&*counter.name), Value::from(counter.value)]);
            }
            tx.put(&counter_rows(some.len()), &values)?;
        }
        tx.put(
            "INSERT INTO tenant_clock (tenant, stamp, horizon, event_seq, turn) VALUES (?1, ?2, 0, ?3, ?4)
             ON CONFLICT (tenant) DO UPDATE SET stamp = excluded.stamp, event_seq = excluded.event_seq, turn = excluded.turn",
            &[share.tenant.into(), share.stamp.into(), share.event_seq.into(), (share.turn + 1).into()],
        )?;
        Ok(true)
    });
    tx.group.tenants = tenants;
    done
}
