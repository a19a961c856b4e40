//! How far the clocks of callers are off: the time that a call claims less ours, counted for each application since the start. A clock
//! that drifts is seen before its calls are refused, and a host in the wrong zone is named (fact sheet qimen, G 6).
//!
//! Noted is who signed rightly, and whose call came outside the window; a call that somebody sends again from the log says nothing about
//! a caller's clock.

use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;
use units::Moment;

use crate::directory::App;
use crate::pipeline::Gateway;
use crate::shards::Shards;

/// The last second of each bucket on either side of 0. It belongs to its bucket as the edge of a window belongs to the window.
const EDGES: [i64; 4] = [10, 60, 300, 600];
/// Both sides, what lies beyond them, and the middle.
const BUCKETS: usize = 2 * EDGES.len() + 1;
/// The bucket of clocks that are right.
const RIGHT: usize = EDGES.len();
/// How far from whole hours the clock of a host in another zone may be, seconds.
const NEAR_HOURS: i64 = 300;
/// Hours between GMT+8 and the zone that is farthest from it, UTC-12.
const FARTHEST: i64 = 20;
/// Hours that UTC claims when GMT+8 is wanted.
const UTC: i64 = -8;

/// The whole hours, not 0, from which this skew is at most `near` seconds away: what a host in another zone than GMT+8 claims.
pub(crate) fn whole_hours(skew: i64, near: i64) -> Option<i64> {
    let hours = (skew.abs() + 1800) / 3600 * skew.signum();
    (hours != 0 && hours.abs() <= FARTHEST && (skew - hours * 3600).abs() <= near).then_some(hours)
}

/// What each thread saw, by the number of the application. The stranger who stands for unknown keys is counted like anybody, so that his
/// calls take as long; nobody asks for his number.
#[derive(Default)]
pub(crate) struct Skews(Shards<Mutex<HashMap<i64, Seen>>>);

/// What was seen of one application.
#[derive(Clone, Default)]
struct Seen {
    counts: [u64; BUCKETS],
    outside: u64,
    /// Whole hours off by as much as UTC.
    utc: u64,
    /// Whole hours off otherwise.
    zone: u64,
    last_hours: (Moment, i64),
    last: (Moment, i64),
}

impl Skews {
    /// One call; `outside` the window in which it is accepted, or not.
    pub(crate) fn note(&self, app: &App, claimed: Moment, now: Moment, outside: bool) {
        let mut seen = self.0.mine().1.lock().unwrap_or_else(PoisonError::into_inner);
        seen.entry(app.number).or_default().count(claimed.since(now), now, outside);
    }

    fn sum(&self) -> HashMap<i64, Seen> {
        let mut sum = HashMap::default();
        for shard in self.0.iter() {
            for (app, seen) in &*shard.lock().unwrap_or_else(PoisonError::into_inner) {
                match sum.entry(*app) {
                    Entry::Vacant(vacant) => _ = vacant.insert(seen.clone()),
                    Entry::Occupied(mut there) => there.get_mut().add(seen),
                }
            }
        }
        sum
    }
}

impl Seen {
    fn count(&mut self, skew: i64, now: Moment, outside: bool) {
        let beyond = EDGES.iter().filter(|edge| skew.abs() > **edge).count();
        let bucket = if skew < 0 { RIGHT - beyond } else { RIGHT + beyond };
        if let Some(count) = self.counts.get_mut(bucket) {
            *count += 1;
        }
        self.outside += u64::from(outside);
        match whole_hours(skew, NEAR_HOURS) {
            Some(UTC) => self.utc += 1,
            Some(hours) => {
                self.zone += 1;
                self.last_hours = (now, hours);
            }
            None => {}
        }
        self.last = (now, skew);
    }

    fn add(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.outside += other.outside;
        self.utc += other.utc;
        self.zone += other.zone;
        self.last_hours = self.last_hours.max(other.last_hours);
        self.last = self.last.max(other.last);
    }

    fn calls(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// What is wrong when most calls say the same.
    fn hint(&self) -> Option<Hint> {
        let most = |calls: u64| calls > self.calls() / 2;
        let (behind, rest) = self.counts.split_at(RIGHT);
        let (behind, ahead): (u64, u64) = (behind.iter().sum(), rest.iter().skip(1).sum());
        match () {
            () if most(self.utc) => Some(Hint::Utc),
            () if most(self.utc + self.zone) => Some(Hint::Zone(self.last_hours.1)),
            () if most(behind) => Some(Hint::Behind),
            () if most(ahead) => Some(Hint::Ahead),
            () if most(behind + ahead) => Some(Hint::Unsteady),
            () => None,
        }
    }

    fn buckets(&self) -> Vec<SkewBucket> {
        let place = |bucket: usize| match bucket.checked_sub(RIGHT) {
            // Counted from the middle: where it begins and ends on its side.
            Some(0) => (EDGES.first().map(|edge| -edge), EDGES.first().copied()),
            Some(side) => (EDGES.get(side - 1).map(|edge| edge + 1), EDGES.get(side).copied()),
            None => {
                let side = RIGHT - bucket;
                (EDGES.get(side).map(|edge| -edge), EDGES.get(side - 1).map(|edge| -edge - 1))
            }
        };
        let bucket = |(bucket, calls): (usize, &u64)| {
            let (from, to) = place(bucket);
            SkewBucket { from, to, calls: *calls }
        };
        self.counts.iter().enumerate().map(bucket).collect()
    }
}

/// What is wrong with a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hint {
    Utc,
    /// So many whole hours, when it was seen last.
    Zone(i64),
    Behind,
    Ahead,
    Unsteady,
}

impl Hint {
    fn text(self) -> String {
        let text = match self {
            Self::Utc => {
                "looks like UTC instead of GMT+8: write timestamp in GMT+8 / 疑似使用了 UTC 而非东八区时间,timestamp 应为 GMT+8"
            }
            Self::Zone(hours) => {
                return format!(
                    "whole hours off (last {hours:+}), looks like another time zone than GMT+8 / 相差整数小时(最近 {hours:+}),疑似时区错误,timestamp 应为 GMT+8"
                );
            }
            Self::Behind => {
                "the clock is slow, or calls travel or wait long after they were signed: synchronise it (NTP) / 时钟偏慢,或签名后发送过晚,请校时(NTP)"
            }
            Self::Ahead => "the clock is fast: synchronise it (NTP) / 时钟偏快,请校时(NTP)",
            Self::Unsteady => {
                "now slow, now fast: several hosts with different clocks? / 时快时慢:是否有多台时钟不一致的主机?"
            }
        };
        text.to_owned()
    }
}

/// Calls whose skew lies in a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkewBucket {
    /// First second of the span; `None` = no bound.
    pub from: Option<i64>,
    /// Last second of the span; `None` = no bound.
    pub to: Option<i64>,
    /// Calls since the start.
    pub calls: u64,
}

/// How far the clock of an application is off.
#[derive(Clone)]
pub struct ClockSkew {
    /// Whose clock.
    pub app: Arc<App>,
    /// Its calls since the start.
    pub calls: u64,
    /// Those outside the window: refused, unless a repeated write was answered from its receipt.
    pub outside: u64,
    /// From far behind to far ahead.
    pub buckets: Vec<SkewBucket>,
    /// Skew of the last call in seconds; behind us = negative.
    pub last: i64,
    /// When that was.
    pub last_at: Moment,
    /// What is wrong in most calls, in both languages; empty when nothing is.
    pub hint: String,
}

impl Gateway {
    /// How far the clocks of applications that called this node since its start are off, by the number of the application.
    pub fn clock_skews(&self) -> Vec<ClockSkew> {
        let mut seen = self.skews.sum();
        let row = |app: Arc<App>| {
            let seen = seen.remove(&app.number)?;
            Some(ClockSkew {
                calls: seen.calls(),
                outside: seen.outside,
                buckets: seen.buckets(),
                last: seen.last.1,
                last_at: seen.last.0,
                hint: seen.hint().map(Hint::text).unwrap_or_default(),
                app,
            })
        };
        self.directory().snapshot().apps().into_iter().filter_map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(skews: &[i64]) -> Seen {
        let mut seen = Seen::default();
        for (second, skew) in (0..).zip(skews) {
            seen.count(*skew, Moment::from_unix(second), skew.abs() > 600);
        }
        seen
    }

    #[test]
    fn every_skew_lies_in_the_bucket_whose_bounds_say_so() {
        for skew in (-700..=700).chain([i64::from(i32::MIN), -28_800, 28_800]) {
            let seen = seen(&[skew]);
            assert_eq!(seen.calls(), 1, "{skew}");
            for SkewBucket { from, to, calls } in seen.buckets() {
                let inside = from.is_none_or(|from| from <= skew) && to.is_none_or(|to| skew <= to);
                assert_eq!(calls == 1, inside, "{skew} in {from:?}..{to:?}");
            }
        }
        let bounds: Vec<_> = seen(&[]).buckets().iter().map(|bucket| (bucket.from, bucket.to)).collect();
        assert_eq!(
            bounds,
            [
                (None, Some(-601)),
                (Some(-600), Some(-301)),
                (Some(-300), Some(-61)),
                (Some(-60), Some(-11)),
                (Some(-10), Some(10)),
                (Some(11), Some(60)),
                (Some(61), Some(300)),
                (Some(301), Some(600)),
                (Some(601), None),
            ]
        );
    }

    #[test]
    fn another_zone_is_whole_hours_off() {
        for (skew, hours) in [
            (-28_800, Some(-8)),
            (-28_801, Some(-8)),
            (-29_100, Some(-8)),
            (-29_101, None),
            (-28_500, Some(-8)),
            (3600, Some(1)),
            (3299, None),
            (0, None),
            (200, None),
            (1800, None),
            (-57_600, Some(-16)),
            (-86_400, None),
        ] {
            assert_eq!(whole_hours(skew, NEAR_HOURS), hours, "{skew}");
        }
    }

    #[test]
    fn the_hint_says_what_most_calls_say() {
        for (skews, hint) in [
            (&[][..], None),
            (&[0, 3, -9], None),
            (&[-28_801, 0], None),
            (&[-28_801, -28_799, 0], Some(Hint::Utc)),
            (&[-28_800, 0, -57_600, 3600], Some(Hint::Zone(1))),
            (&[-40, -500, 0], Some(Hint::Behind)),
            (&[40, 700, 0], Some(Hint::Ahead)),
            (&[40, -40], Some(Hint::Unsteady)),
            (&[40, -40, 0, 0], None),
        ] {
            assert_eq!(seen(skews).hint(), hint, "{skews:?}");
        }
        assert!(Hint::Utc.text().contains("looks like UTC instead of GMT+8"));
        assert!(Hint::Zone(-16).text().contains("(last -16)"));
    }

    #[test]
    fn what_two_threads_saw_is_one_sum_and_the_later_call_is_the_last() {
        let (mut first, mut second) = (seen(&[0, -28_800]), Seen::default());
        second.count(20, Moment::from_unix(9), false);
        let both = |mut sum: Seen, other: &Seen| {
            sum.add(other);
            (sum.calls(), sum.outside, sum.utc, sum.last)
        };
        let expected = (3, 1, 1, (Moment::from_unix(9), 20));
        assert_eq!(both(first.clone(), &second), expected);
        assert_eq!(both(second.clone(), &first), expected);
        first.add(&second);
        assert_eq!(first.counts, seen(&[0, -28_800, 20]).counts);
    }
}
