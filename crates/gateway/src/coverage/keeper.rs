//! Writing down what was noted, and telling what is known.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use store::Tenant;
use units::Moment;

use super::finding::{Found, Stretch, Unfinished, stretch};
use super::track::Track;
use super::{Key, merged, table};
use crate::directory::{App, Environment, Snapshot};
use crate::pipeline::Gateway;

/// How often what was noted is written down: so much is forgotten at most when the process is killed.
const PAUSE: Duration = Duration::from_secs(10);
/// How often the findings are counted for the metrics, in such pauses.
const COUNTED: u32 = 6;
/// Callers, methods and shops of one unit of work.
const PORTION: usize = 200;

/// The kinds of findings, as metrics name them.
pub const FINDINGS: [&str; 4] = ["gap", "unfinished", "behind", "silent"];

/// What is known of one caller, method and shop.
#[derive(Clone)]
pub struct Watched {
    /// Who calls.
    pub app: Arc<App>,
    /// Test or production.
    pub environment: Environment,
    /// The merchant.
    pub sid: String,
    /// Key of the target outside; empty for built-in methods.
    pub target: String,
    /// Name without scene.
    pub method: String,
    /// Pushes, not reads.
    pub push: bool,
    /// The shop; empty = all.
    pub shop: String,
    /// The other conditions of the reads.
    pub filter: String,
    /// Calls since the first.
    pub calls: i64,
    /// When the first came.
    pub first: Moment,
    /// When the last came.
    pub last: Moment,
    /// What was read; of pushes: when they came, to five minutes.
    pub spans: Vec<Stretch>,
    /// Longest pause between calls that is usual, seconds; `None` while no pace is known.
    pub usual_pause: Option<i64>,
    /// Between what was read: read by nobody.
    pub gaps: Vec<Stretch>,
    /// Windows of which pages are missing.
    pub unfinished: Vec<Unfinished>,
    /// Seconds since the last moment that was read, when that is unusually long ago.
    pub behind: Option<i64>,
    /// Seconds since the last push, when that is unusually long ago.
    pub silent: Option<i64>,
}

impl Watched {
    /// How many findings of each kind, in the order of [`FINDINGS`].
    pub fn findings(&self) -> [usize; FINDINGS.len()] {
        [self.gaps.len(), self.unfinished.len(), usize::from(self.behind.is_some()), usize::from(self.silent.is_some())]
    }

    /// Whether anything is wrong.
    pub fn is_wrong(&self) -> bool {
        self.findings().iter().any(|count| *count > 0)
    }

    fn of(key: Key, track: Track, found: Found, directory: &Snapshot, apps: &HashMap<i64, Arc<App>>) -> Option<Self> {
        let app = Arc::clone(apps.get(&key.app)?);
        let (sid, environment) = match directory.tenant(key.tenant) {
            Some(tenant) if key.target.is_empty() => (tenant.sid.clone(), tenant.environment),
            _ if key.target.is_empty() => return None,
            _ => (key.sid, if key.test { Environment::Test } else { Environment::Production }),
        };
        let spans = if key.push { &track.active } else { &track.covered };
        Some(Self {
            app,
            environment,
            sid,
            target: key.target,
            method: key.method.into_owned(),
            push: key.push,
            shop: key.shop,
            filter: key.filter,
            calls: track.calls,
            first: Moment::from_unix(track.first),
            last: Moment::from_unix(track.last),
            spans: spans.iter().map(stretch).collect(),
            usual_pause: track.longest_usual(),
            gaps: found.gaps,
            unfinished: found.unfinished,
            behind: found.behind,
            silent: found.silent,
        })
    }
}

impl Gateway {
    /// What is known of every caller, method and shop that was watched lately, on whatever node, in order of their names.
    pub async fn watched(&self) -> store::Result<Vec<Watched>> {
        let now = self.store().clock().now();
        let known = self.store().read(Tenant::HOUSE, move |reader| table::all(reader, now)).await?;
        let known = merged(self.coverage.look(), known.into_iter().collect());
        let directory = self.directory().snapshot();
        let apps = directory.apps().into_iter().map(|app| (app.number, app)).collect();
        let mut all: Vec<(Key, Found)> = known
            .iter()
            .map(|(key, track)| {
                let everywhere = Key { shop: String::new(), ..key.clone() };
                let others = if key.shop.is_empty() { None } else { known.get(&everywhere) };
                (key.clone(), track.found(key.push, others, self.time_of(key)))
            })
            .collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        let watched = |(key, found): (Key, Found)| {
            let track = known.get(&key)?.clone();
            Watched::of(key, track, found, &directory, &apps)
        };
        Ok(all.into_iter().filter_map(watched).collect())
    }

    /// Built-in methods live in the store's time, which may be simulated, targets outside in the real one.
    fn time_of(&self, key: &Key) -> Moment {
        if key.target.is_empty() { self.store().clock().now() } else { self.now() }
    }

    /// Merges what was noted on this node into what all nodes know. What cannot be written is kept for the next time.
    pub async fn keep_coverage(&self) -> store::Result<()> {
        let mut portions: BTreeMap<i64, Vec<(Key, Track)>> = BTreeMap::new();
        for (key, track) in self.coverage.take() {
            portions.entry(key.tenant).or_default().push((key, track));
        }
        let mut outcome = Ok(());
        for (tenant, noted) in portions {
            for portion in noted.chunks(PORTION) {
                let own: Arc<[(Key, Track)]> = portion.into();
                let written = Arc::clone(&own);
                if let Err(error) = self.store().write(Tenant(tenant), move |tx| table::merge(tx, &written)).await {
                    self.coverage.give_back(own.to_vec());
                    outcome = Err(error);
                }
            }
        }
        outcome
    }

    /// Keeps for as long as the program lives.
    pub async fn keep_coverage_always(&self) {
        let mut troubled = false;
        for round in 1_u32.. {
            tokio::time::sleep(PAUSE).await;
            let mut outcome = self.keep_coverage().await;
            if outcome.is_ok() && round % COUNTED == 1 {
                outcome = self.count_findings().await;
            }
            match outcome {
                Ok(()) => troubled = false,
                Err(error) if !std::mem::replace(&mut troubled, true) => {
                    tracing::warn!(%error, "what callers read and push cannot be written down; trying again");
                }
                Err(_) => {}
            }
        }
    }

    async fn count_findings(&self) -> store::Result<()> {
        let mut sums = [0_usize; FINDINGS.len()];
        for watched in self.watched().await? {
            for (sum, count) in sums.iter_mut().zip(watched.findings()) {
                *sum += count;
            }
        }
        for (count, sum) in self.coverage.counts.iter().zip(sums) {
            count.store(i64::try_from(sum).unwrap_or(i64::MAX), Ordering::Relaxed);
        }
        Ok(())
    }

    /// Findings as they were counted last, in the order of [`FINDINGS`]: at most a minute ago.
    pub fn finding_counts(&self) -> [i64; FINDINGS.len()] {
        self.coverage.counts.each_ref().map(|count| count.load(Ordering::Relaxed))
    }

    /// Watched calls that were not noted since the start because there were too many callers, methods and shops at once.
    pub fn unnoted_calls(&self) -> u64 {
        self.coverage.left_out.load(Ordering::Relaxed)
    }
}
