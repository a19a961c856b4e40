//! Calls per minute of one application, or of one application and method. Off unless a limit is set (fact sheets wdt-1, 1.10 and qimen, B4).

use std::collections::HashMap;
use std::sync::Mutex;

use units::Moment;

/// Counts calls in fixed minutes, in memory: a restart or a second node starts its own count.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<(i64, &'static str), Minute>>);

struct Minute {
    number: i64,
    calls: u32,
}

impl Throttle {
    /// Counts one call of application `app`, of one `method` or (empty) of all. `Err(seconds)`: the limit is reached, free again after that many seconds.
    pub(crate) fn admit(&self, app: i64, method: &'static str, limit: u32, now: Moment) -> Result<(), i64> {
        let number = now.unix().div_euclid(60);
        let mut minutes = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let minute = minutes.entry((app, method)).or_insert(Minute { number, calls: 0 });
        if minute.number != number {
            *minute = Minute { number, calls: 0 };
        }
        if minute.calls >= limit {
            return Err(60 - now.unix().rem_euclid(60));
        }
        minute.calls += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_minute_refuses_and_the_next_one_is_free() {
        let throttle = Throttle::default();
        let at = |s: i64| Moment::from_unix(1_700_000_040 + s);
        assert_eq!(
            (0..3).map(|_| throttle.admit(1, "", 2, at(10))).collect::<Vec<_>>(),
            [Ok(()), Ok(()), Err(10 + 40)]
        );
        assert_eq!(throttle.admit(2, "", 2, at(10)), Ok(()), "each application has its own count");
        assert_eq!(throttle.admit(1, "wdt.shop.query", 2, at(10)), Ok(()), "and each of its methods");
        assert_eq!(throttle.admit(1, "", 2, at(59)), Err(1));
        assert_eq!(throttle.admit(1, "", 2, at(60)), Ok(()));
    }
}
