//! One of a thing for each thread: cores that answer calls at the same time do not write to the same memory, which would travel from one
//! to the other at every call. It costs a read a third of its time.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Things there are; threads beyond that share them.
const SHARDS: usize = 16;

/// One of a thing for each thread.
#[derive(Default)]
pub struct Shards<T>([Apart<T>; SHARDS]);

/// Alone on its cache lines: two of them, since they are fetched in pairs.
#[derive(Default)]
#[repr(align(128))]
struct Apart<T>(T);

/// Number of a thread.
static NEXT: AtomicUsize = AtomicUsize::new(0);
thread_local! {
    static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS;
}

impl<T> Shards<T> {
    /// The thread's own, and its number.
    pub fn mine(&self) -> (usize, &T) {
        let number = NUMBER.with(|number| *number);
        (number, self.of(number))
    }

    /// The one of this number.
    pub fn of(&self, number: usize) -> &T {
        // Every remainder has its place.
        &self.0[number % SHARDS].0
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|apart| &apart.0)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_thread_keeps_its_own_and_nothing_is_missing_in_the_sum() {
        let counts: Shards<Mutex<u64>> = Shards::default();
        let count = || *counts.mine().1.lock().unwrap() += 1;
        let (first, _) = counts.mine();
        std::thread::scope(|scope| {
            for _ in 0..3 * SHARDS {
                scope.spawn(|| (0..100).for_each(|_| count()));
            }
        });
        assert_eq!(counts.mine().0, first);
        assert_eq!(counts.iter().map(|count| *count.lock().unwrap()).sum::<u64>(), 300 * SHARDS as u64);
    }
}
