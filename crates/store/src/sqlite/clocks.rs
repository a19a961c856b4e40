//! The stamps of a single process: no commit appears behind a window that somebody has read to its end.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use units::{Clock, Moment};

use crate::Tenant;

/// Stamps, horizons and groups in flight of every tenant.
pub(crate) struct Clocks {
    clock: Arc<dyn Clock>,
    /// Horizons of before the start are unknown, but were not later than this.
    opened: Moment,
    hands: Mutex<HashMap<Tenant, Hand>>,
    landed: Condvar,
    /// Counts the commits that changed somebody's master data.
    masters: AtomicU64,
}

#[derive(Default)]
struct Hand {
    /// Stamp of the last group; `None` before the first since the start.
    stamp: Option<Moment>,
    /// Up to here somebody has read.
    horizon: Option<Moment>,
    /// Stamp of the group that is being built or committed.
    in_flight: Option<Moment>,
}

impl Clocks {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let opened = clock.now();
        Self { clock, opened, hands: Mutex::default(), landed: Condvar::new(), masters: AtomicU64::new(0) }
    }

    fn hands(&self) -> MutexGuard<'_, HashMap<Tenant, Hand>> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often master data changed, as far as readers can see.
    pub(crate) fn masters(&self) -> u64 {
        self.masters.load(Ordering::Acquire)
    }

    /// A commit changed master data. Called before anybody hears of the commit.
    pub(crate) fn masters_changed(&self) {
        self.masters.fetch_add(1, Ordering::AcqRel);
    }

    /// The stamp of a new group. `stored` is the last one on disk, if the tenant has written before.
    pub(crate) fn take_off(&self, tenant: Tenant, stored: Option<Moment>) -> Moment {
        let mut hands = self.hands();
        let hand = hands.entry(tenant).or_default();
        let mut stamp = self.clock.now();
        if let Some(stored) = stored {
            stamp = stamp.max(stored);
        }
        match hand.stamp {
            Some(last) => stamp = stamp.max(last),
            None if stored.is_some() => stamp = stamp.max(self.opened.plus(1)),
            None => {}
        }
        if let Some(horizon) = hand.horizon {
            stamp = stamp.max(horizon.plus(1));
        }
        hand.stamp = Some(stamp);
        hand.in_flight = Some(stamp);
        stamp
    }

    /// The group is committed, or given up.
    pub(crate) fn land(&self, tenants: impl Iterator<Item = Tenant>) {
        let mut hands = self.hands();
        for tenant in tenants {
            if let Some(hand) = hands.get_mut(&tenant) {
                hand.in_flight = None;
            }
        }
        drop(hands);
        self.landed.notify_all();
    }

    /// Raises the horizon to `end` (to now, when that is earlier) and waits for the group in flight that could write behind it.
    /// A snapshot taken afterwards is complete up to `end`.
    pub(crate) fn pass(&self, tenant: Tenant, end: Moment) {
        let mut hands = self.hands();
        let end = end.min(self.clock.now());
        let hand = hands.entry(tenant).or_default();
        hand.horizon = hand.horizon.max(Some(end));
        while hands.get(&tenant).and_then(|hand| hand.in_flight).is_some_and(|stamp| stamp <= end) {
            hands = self.landed.wait(hands).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::ManualClock;

    #[test]
    fn a_stamp_is_later_than_what_was_read() {
        let clock = Arc::new(ManualClock::at(Moment::from_unix(100)));
        let clocks = Clocks::new(clock.clone());
        let tenant = Tenant(1);
        let group = |stored: Option<i64>| {
            let stamp = clocks.take_off(tenant, stored.map(Moment::from_unix)).unix();
            clocks.land([tenant].into_iter());
            stamp
        };
        assert_eq!(group(None), 100);
        clocks.pass(tenant, Moment::from_unix(99));
        assert_eq!(group(None), 100);
        clocks.pass(tenant, Moment::from_unix(500));
        assert_eq!(group(None), 101, "the future is not read yet, so the horizon stops at now");
        clock.advance(-50);
        assert_eq!(group(None), 101, "a clock that goes back does not take the stamp back");
        assert_eq!(group(Some(300)), 300);
    }

    #[test]
    fn after_a_restart_the_second_of_the_start_counts_as_read() {
        let clocks = Clocks::new(Arc::new(ManualClock::at(Moment::from_unix(100))));
        assert_eq!(clocks.take_off(Tenant(1), Some(Moment::from_unix(90))).unix(), 101);
    }
}
