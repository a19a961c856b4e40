//! The line to each endpoint: its connections, its queue, its breaker. Lines are made when they are first needed and made anew
//! when the endpoint changes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde::Serialize;
use tokio::time::Instant;

use super::breaker::{Breaker, Health, Pass};
use super::connect::Connector;
use super::connections::Connections;
use super::trust::Trust;
use super::upstream::Upstream;
use super::waiting::Queue;
use crate::directory::Environment;

/// The line to one endpoint.
pub(super) struct Line {
    /// What it was made for.
    made_for: Upstream,
    pub(super) connections: Connections,
    pub(super) queue: Queue,
    pub(super) breaker: Breaker,
    pub(super) tally: Tally,
}

/// What was counted on a line.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) answered: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) turned_away: AtomicU64,
}

/// The state of a line, for the admin API and the metrics.
#[derive(Debug, Clone, Serialize)]
pub struct LineState {
    /// Key of the target.
    pub target: String,
    /// Which of its endpoints.
    pub environment: Environment,
    /// `closed` (calls pass), `open` (calls are refused at once) or `half-open` (one call tries).
    pub circuit: &'static str,
    /// Calls under way.
    pub in_flight: usize,
    /// Calls that wait for a place.
    pub waiting: usize,
    /// Calls that were answered, since the line was made.
    pub answered: u64,
    /// Calls that got no usable answer.
    pub failed: u64,
    /// Calls that were not sent: the endpoint rested or was full.
    pub turned_away: u64,
}

/// All lines.
pub(super) struct Lines {
    lines: RwLock<HashMap<String, [Option<Arc<Line>>; 2]>>,
    trust: Trust,
}

impl Lines {
    pub(super) fn new(trust: Trust) -> Self {
        Self { lines: RwLock::default(), trust }
    }

    /// The line to an endpoint.
    pub(super) fn to(&self, upstream: &Upstream) -> Arc<Line> {
        let place = place(upstream.environment());
        let fits = |line: &&Arc<Line>| line.made_for.connects_like(upstream);
        {
            let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
            let known = lines.get(upstream.target()).and_then(|pair| pair.get(place)?.as_ref());
            if let Some(line) = known.filter(fits) {
                return Arc::clone(line);
            }
        }
        let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
        let pair = lines.entry(upstream.target().to_owned()).or_default();
        match pair.get_mut(place) {
            Some(Some(line)) if fits(&&*line) => Arc::clone(line),
            slot => {
                let line = Arc::new(Line::new(upstream, &self.trust));
                if let Some(slot) = slot {
                    *slot = Some(Arc::clone(&line));
                }
                line
            }
        }
    }

    /// The line to an endpoint, if there is one.
    pub(super) fn known(&self, target: &str, environment: Environment) -> Option<Arc<Line>> {
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        lines.get(target)?.get(place(environment))?.clone()
    }

    /// The state of every line, by target.
    pub(super) fn states(&self, now: Instant) -> Vec<LineState> {
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        let mut states: Vec<_> = lines.values().flatten().flatten().map(|line| line.state(now)).collect();
        drop(lines);
        states.sort_by(|a, b| (&a.target, a.environment).cmp(&(&b.target, b.environment)));
        states
    }
}

impl Line {
    fn new(upstream: &Upstream, trust: &Trust) -> Self {
        let endpoint = upstream.endpoint();
        let connector = Connector::new(trust.settings(upstream.url.scheme_str()), endpoint.private_allowed);
        let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        Self {
            made_for: upstream.clone(),
            connections: Connections::new(connector, count(endpoint.max_in_flight)),
            queue: Queue::new(count(endpoint.max_in_flight), count(endpoint.max_waiting)),
            breaker: Breaker::default(),
            tally: Tally::default(),
        }
    }

    /// Counts a call that was sent, and tells the breaker.
    pub(super) fn note(&self, pass: Pass<'_>, health: Health) {
        let tally = match health {
            Health::Answered => &self.tally.answered,
            Health::Failed => &self.tally.failed,
        };
        tally.fetch_add(1, Ordering::Relaxed);
        pass.end(health, Instant::now());
    }

    /// What is going on.
    pub(super) fn state(&self, now: Instant) -> LineState {
        let (load, read) = (self.queue.load(), |count: &AtomicU64| count.load(Ordering::Relaxed));
        LineState {
            target: self.made_for.target().to_owned(),
            environment: self.made_for.environment(),
            circuit: self.breaker.circuit(now).name(),
            in_flight: load.in_flight,
            waiting: load.waiting,
            answered: read(&self.tally.answered),
            failed: read(&self.tally.failed),
            turned_away: read(&self.tally.turned_away),
        }
    }
}

fn place(environment: Environment) -> usize {
    match environment {
        Environment::Production => 0,
        Environment::Test => 1,
    }
}
