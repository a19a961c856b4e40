//! Calls per minute of one application, or of one application and method. Off unless a limit is set (fact sheets wdt-1, 1.10 and qimen, B4).

use std::collections::HashMap;
use std::sync::Mutex;

use units::Moment;

use crate::admission::Caller;
use crate::fault::Fault;
use crate::pipeline::Gateway;
use crate::quota;

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

impl Gateway {
    /// Arrears, hours of the day, calls per minute: what the application may spend, before anything is looked up. Calls per day are
    /// counted where the call is carried out.
    pub(crate) fn throttle(&self, caller: &Caller<'_>, method: Option<&'static str>, now: Moment) -> Result<(), Fault> {
        let (app, tenant) = (caller.app, caller.tenant);
        let limits = tenant.map(|tenant| &tenant.settings.limits);
        if app.options.arrears || limits.is_some_and(|limits| limits.arrears) {
            return Err(Fault::Business(quota::in_arrears()));
        }
        let admit = |method: &'static str, limit: u32| match limit {
            0 => Ok(()),
            limit => {
                let admitted = self.throttle.admit(app.number, method, limit, now);
                admitted.map_err(|seconds| Fault::TooFrequent { seconds })
            }
        };
        if let (Some(method), Some(tenant)) = (method, tenant)
            && let Some(quota) = quota::of(app, tenant, method)
        {
            let present = self.parts.store.clock().now();
            if let Some(hours) = quota.hours.filter(|hours| !hours.contain(present)) {
                return Err(Fault::Business(quota::closed(&String::from(hours))));
            }
            admit(method, quota.per_minute)?;
        }
        let limits = [app.options.calls_per_minute, limits.map_or(0, |limits| limits.calls_per_minute)];
        let limit = limits.into_iter().find(|limit| *limit > 0).unwrap_or(self.parts.config.calls_per_minute);
        admit("", limit)
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
