//! Where "now" comes from. The program crate reads the system clock; everyone else is handed one of these.

use std::sync::Arc;
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

/// Another clock, moved forward: the business clock of a simulated world, which goes on by itself and can be pushed ahead.
pub struct MovableClock {
    base: Arc<dyn Clock>,
    ahead: AtomicI64,
}

impl MovableClock {
    /// A clock that shows what `base` shows, until it is moved.
    pub fn over(base: Arc<dyn Clock>) -> Self {
        Self { base, ahead: AtomicI64::new(0) }
    }

    /// Moves it forward; it never goes back. Returns how far it is ahead now, seconds.
    pub fn advance(&self, seconds: i64) -> i64 {
        let seconds = seconds.max(0);
        self.ahead.fetch_add(seconds, Ordering::SeqCst).saturating_add(seconds)
    }

    /// How far it is ahead, seconds.
    pub fn ahead(&self) -> i64 {
        self.ahead.load(Ordering::SeqCst)
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Moment {
        self.base.now().plus(self.ahead())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_movable_clock_goes_on_and_never_back() {
        let base = Arc::new(ManualClock::at(Moment::from_unix(1_000)));
        let clock = MovableClock::over(base.clone());
        base.advance(5);
        assert_eq!(clock.now().unix(), 1_005);
        assert_eq!(clock.advance(3_600), 3_600);
        assert_eq!(clock.advance(-7), 3_600);
        base.advance(1);
        assert_eq!((clock.now().unix(), clock.ahead()), (4_606, 3_600));
    }
}
