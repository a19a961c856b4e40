//! A circuit breaker: an endpoint that fails again and again is left alone for a while, so that its callers hear at once what
//! they would otherwise wait for, and it can recover. Times are arguments; the numbers are in `limits.rs`.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::limits::{BREAKER_FAILURES, BREAKER_LONGEST, BREAKER_REST};

/// What the breaker lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// Everything.
    Closed,
    /// Nothing.
    Open,
    /// One call, which decides.
    HalfOpen,
}

impl Circuit {
    /// The name in metrics and in the admin API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        }
    }
}

/// How a call that was let through ended, as far as the endpoint's health is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    /// It answered, whatever it said.
    Answered,
    /// No answer, none in time, or none that can be used.
    Failed,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant, rest: Duration },
    HalfOpen { rest: Duration, probing: bool },
}

/// The breaker of one endpoint.
pub(crate) struct Breaker(Mutex<State>);

/// Leave to make one call. Dropped without [`Pass::end`], the call says nothing about the endpoint.
pub(crate) struct Pass<'b> {
    breaker: &'b Breaker,
    probe: bool,
    open: bool,
}

impl Default for Breaker {
    fn default() -> Self {
        Self(Mutex::new(State::Closed { failures: 0 }))
    }
}

impl Breaker {
    /// Lets a call through, or says how long the endpoint still rests.
    pub(crate) fn admit(&self, now: Instant) -> Result<Pass<'_>, Duration> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let probe = match *state {
            State::Closed { .. } => false,
            State::Open { until, .. } if now < until => return Err(until - now),
            State::HalfOpen { probing: true, rest } => return Err(rest),
            State::Open { rest, .. } | State::HalfOpen { rest, .. } => {
                *state = State::HalfOpen { rest, probing: true };
                true
            }
        };
        Ok(Pass { breaker: self, probe, open: true })
    }

    /// What it lets through now.
    pub(crate) fn circuit(&self, now: Instant) -> Circuit {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Closed { .. } => Circuit::Closed,
            State::Open { until, .. } if now < until => Circuit::Open,
            State::Open { .. } | State::HalfOpen { .. } => Circuit::HalfOpen,
        }
    }

    /// Lets everything through again: somebody says that the endpoint is repaired.
    pub(crate) fn close(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::Closed { failures: 0 };
    }
}

impl Pass<'_> {
    /// Tells how the call ended.
    pub(crate) fn end(mut self, health: Health, now: Instant) {
        self.open = false;
        let mut state = self.breaker.0.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = |rest: Duration| State::Open { until: now + rest, rest };
        *state = match (*state, health) {
            // A call from before says nothing about an endpoint that rests.
            (other @ (State::Open { .. } | State::HalfOpen { .. }), _) if !self.probe => other,
            (_, Health::Answered) => State::Closed { failures: 0 },
            (State::Closed { failures }, Health::Failed) if failures + 1 < BREAKER_FAILURES => {
                State::Closed { failures: failures + 1 }
            }
            (State::Closed { .. }, Health::Failed) => opened(BREAKER_REST),
            (State::Open { rest, .. } | State::HalfOpen { rest, .. }, Health::Failed) => {
                opened((rest * 2).min(BREAKER_LONGEST))
            }
        };
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.open && self.probe {
            let mut state = self.breaker.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let State::HalfOpen { rest, .. } = *state {
                *state = State::HalfOpen { rest, probing: false };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(breaker: &Breaker, times: u32, now: Instant) {
        for _ in 0..times {
            breaker.admit(now).ok().unwrap().end(Health::Failed, now);
        }
    }

    #[test]
    fn opens_after_failures_in_a_row_and_closes_after_a_good_probe() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        fail(&breaker, BREAKER_FAILURES - 1, start);
        breaker.admit(start).ok().unwrap().end(Health::Answered, start);
        fail(&breaker, BREAKER_FAILURES - 1, start);
        assert_eq!(breaker.circuit(start), Circuit::Closed, "an answer in between begins the count anew");
        fail(&breaker, 1, start);
        assert_eq!(breaker.circuit(start), Circuit::Open);
        assert_eq!(breaker.admit(start).err(), Some(BREAKER_REST));
        let later = start + BREAKER_REST;
        assert_eq!(breaker.circuit(later), Circuit::HalfOpen);
        let probe = breaker.admit(later).ok().unwrap();
        assert!(breaker.admit(later).is_err(), "one probe at a time");
        probe.end(Health::Answered, later);
        assert_eq!(breaker.circuit(later), Circuit::Closed);
    }

    #[test]
    fn rests_longer_after_each_failed_probe() {
        let (breaker, mut now) = (Breaker::default(), Instant::now());
        fail(&breaker, BREAKER_FAILURES, now);
        let mut rest = BREAKER_REST;
        for _ in 0..8 {
            now += rest;
            breaker.admit(now).ok().unwrap().end(Health::Failed, now);
            rest = (rest * 2).min(BREAKER_LONGEST);
            assert_eq!(breaker.admit(now).err(), Some(rest));
        }
        assert_eq!(rest, BREAKER_LONGEST);
        breaker.close();
        assert_eq!(breaker.circuit(now), Circuit::Closed);
    }

    #[test]
    fn a_probe_that_was_given_up_lets_the_next_one_through() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        let before = breaker.admit(start).ok().unwrap();
        fail(&breaker, BREAKER_FAILURES, start);
        before.end(Health::Answered, start);
        assert_eq!(breaker.circuit(start), Circuit::Open, "an old call does not close it");
        let later = start + BREAKER_REST;
        drop(breaker.admit(later).ok().unwrap());
        assert!(breaker.admit(later).is_ok());
    }
}
