//! Where "now" comes from. The program crate reads the system clock; everyone else is handed one of these.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::Moment;

/// A source of the current moment.
pub trait Clock: Send + Sync {
    /// The current moment, whole seconds.
    fn now(&self) -> Moment;
}

/// A clock that stands still until it is moved: for tests, rehearsals and simulations.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `start`.
    pub fn at(start: Moment) -> Self {
        Self(AtomicI64::new(start.unix()))
    }

    /// Moves the clock forward by `seconds` (backward when negative).
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment::from_unix(self.0.load(Ordering::SeqCst))
    }
}
