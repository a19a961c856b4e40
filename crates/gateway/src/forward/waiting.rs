//! The queue of one endpoint: so many calls at once, so many that wait, and the rest is told at once. Each endpoint has its own,
//! so that a slow one never keeps the calls of another waiting.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

/// The queue of one endpoint.
pub(crate) struct Queue {
    places: Semaphore,
    in_flight: usize,
    waiting: AtomicUsize,
    max_waiting: usize,
}

/// Why a call did not get a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turned {
    /// As many wait as may.
    Full,
    /// No place became free in time.
    TooLate,
}

/// How many calls are under way and wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) in_flight: usize,
    pub(crate) waiting: usize,
}

impl Queue {
    /// A queue with `in_flight` places and room for `max_waiting` that wait for one.
    pub(crate) fn new(in_flight: usize, max_waiting: usize) -> Self {
        let in_flight = in_flight.clamp(1, Semaphore::MAX_PERMITS);
        Self { places: Semaphore::new(in_flight), in_flight, waiting: AtomicUsize::new(0), max_waiting }
    }

    /// A place, given back when it is dropped. First come, first served.
    pub(crate) async fn enter(&self, deadline: Instant) -> Result<SemaphorePermit<'_>, Turned> {
        if let Ok(place) = self.places.try_acquire() {
            return Ok(place);
        }
        let _waits = Waits::begin(self)?;
        match timeout_at(deadline, self.places.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Turned::TooLate),
        }
    }

    /// How full it is now.
    pub(crate) fn load(&self) -> Load {
        let free = self.places.available_permits();
        Load { in_flight: self.in_flight.saturating_sub(free), waiting: self.waiting.load(Ordering::Relaxed) }
    }
}

/// Counted among those that wait, as long as it lives.
struct Waits<'q>(&'q Queue);

impl<'q> Waits<'q> {
    fn begin(queue: &'q Queue) -> Result<Self, Turned> {
        let one_more = |waiting: usize| (waiting < queue.max_waiting).then_some(waiting + 1);
        match queue.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more) {
            Ok(_) => Ok(Self(queue)),
            Err(_) => Err(Turned::Full),
        }
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_full_queue_answers_at_once_and_a_waiting_call_gives_up_in_time() {
        let queue = Arc::new(Queue::new(1, 1));
        let soon = || Instant::now() + Duration::from_millis(200);
        let first = queue.enter(soon()).await.unwrap();
        let second = {
            let queue = Arc::clone(&queue);
            tokio::spawn(async move { queue.enter(soon()).await.map(drop) })
        };
        tokio::task::yield_now().await;
        assert_eq!(queue.load(), Load { in_flight: 1, waiting: 1 });
        assert_eq!(queue.enter(soon()).await.err(), Some(Turned::Full));
        drop(first);
        assert_eq!(second.await.unwrap(), Ok(()));
        let kept = queue.enter(soon()).await.unwrap();
        let before = Instant::now();
        assert_eq!(queue.enter(soon()).await.err(), Some(Turned::TooLate));
        assert!(before.elapsed() >= Duration::from_millis(190));
        assert_eq!(queue.load(), Load { in_flight: 1, waiting: 0 });
        drop(kept);
        assert_eq!(queue.load(), Load { in_flight: 0, waiting: 0 });
    }
}
