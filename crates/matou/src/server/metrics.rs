//! What the server counts, for `/metrics`.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Mutex, PoisonError, RwLock};

use foldhash::HashMap;
use gateway::forward::LineState;
use gateway::log::CallLog;
use gateway::{CallRecord, CallSink, STEPS};
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use store::{Figures, Store};

use super::lines::LineMetrics;

/// Bounds of the latency histograms, seconds.
const BOUNDS: [f64; 14] = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Kinds of calls that are counted apart, and the name of all others.
const KINDS: usize = 4_000;
const OTHER: &str = "other";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    channel: &'static str,
    method: Cow<'static, str>,
    outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TimeLabels {
    method: Cow<'static, str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepLabels {
    step: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TenantLabels {
    tenant: i64,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Outcome {
    Done,
    Replayed,
    Refused,
}

impl EncodeLabelValue for Outcome {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        EncodeLabelValue::encode(
            &match self {
                Self::Done => "done",
                Self::Replayed => "replayed",
                Self::Refused => "refused",
            },
            encoder,
        )
    }
}

/// A counter of seconds.
type Seconds = Counter<f64, AtomicU64>;

/// All metrics of the program. The gateway tells it about each call.
pub(crate) struct Metrics {
    registry: Registry,
    calls: Family<CallLabels, Counter>,
    /// Counter and histogram of each kind of call that was seen, so that a call looks up one thing.
    kinds: RwLock<HashMap<CallLabels, (Counter, Histogram)>>,
    seconds: Family<TimeLabels, Histogram>,
    /// One for each of the [`STEPS`].
    steps: [Seconds; 4],
    waiting: Gauge,
    commits: Counter,
    units: Counter,
    failed: Counter,
    reads: Counter,
    lost: Counter,
    commit_seconds: Seconds,
    logged: Counter,
    unlogged: Counter,
    logged_bytes: Counter,
    events: Family<TenantLabels, Gauge<i64, AtomicI64>>,
    lines: LineMetrics,
    /// What of the store's figures the counters have already.
    told: Mutex<Option<Figures>>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("matou");
        let calls = Family::default();
        let seconds = Family::new_with_constructor(new_histogram as fn() -> Histogram);
        let steps: Family<StepLabels, Seconds> = Family::default();
        let (waiting, events) = (Gauge::default(), Family::default());
        let (commits, units, failed, reads, lost) =
            (Counter::default(), Counter::default(), Counter::default(), Counter::default(), Counter::default());
        let commit_seconds = Counter::default();
        let (logged, unlogged, logged_bytes) = (Counter::default(), Counter::default(), Counter::default());
        registry.register("calls", "Signed calls by door, method and outcome", calls.clone());
        registry.register("call_seconds", "Seconds from the first byte to the answer", seconds.clone());
        registry.register("call_step_seconds", "Seconds spent in each step of the pipeline", steps.clone());
        registry.register("store_waiting", "Writes that wait for the database now", waiting.clone());
        registry.register("store_commits", "Commits; units divided by commits is the group size", commits.clone());
        registry.register("store_units", "Units of work that were kept", units.clone());
        registry.register("store_units_failed", "Units of work that were refused or failed", failed.clone());
        registry.register("store_reads", "Snapshots read", reads.clone());
        registry.register("store_connections_lost", "Connections to the database that broke", lost.clone());
        registry.register("store_commit_seconds", "Seconds spent in COMMIT", commit_seconds.clone());
        registry.register("call_log_calls", "Calls written to the call log", logged.clone());
        registry.register("call_log_missing", "Calls that could not be written to the call log", unlogged.clone());
        registry.register("call_log_bytes", "Bytes written to the call log", logged_bytes.clone());
        registry.register("event_seq", "Number of the last event of each tenant", events.clone());
        let lines = LineMetrics::new(&mut registry);
        let steps = STEPS.map(|step| steps.get_or_create(&StepLabels { step }).clone());
        Self {
            registry,
            calls,
            kinds: RwLock::default(),
            seconds,
            steps,
            waiting,
            commits,
            units,
            failed,
            reads,
            lost,
            commit_seconds,
            logged,
            unlogged,
            logged_bytes,
            events,
            lines,
            told: Mutex::new(None),
        }
    }

    /// The state of the lines to targets, before [`Self::text`] writes it.
    pub(crate) fn note_lines(&self, states: &[LineState]) {
        self.lines.note(states);
    }

    fn kind(&self, labels: &CallLabels) -> (Counter, Histogram) {
        {
            let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = kinds.get(labels) {
                return known.clone();
            }
            // A scene may forward whatever its callers name.
            if kinds.len() >= KINDS && labels.method != OTHER {
                drop(kinds);
                return self.kind(&CallLabels { method: Cow::Borrowed(OTHER), ..labels.clone() });
            }
        }
        let calls = self.calls.get_or_create(labels).clone();
        let seconds = self.seconds.get_or_create(&TimeLabels { method: labels.method.clone() }).clone();
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.entry(labels.clone()).or_insert((calls, seconds)).clone()
    }

    /// The text of `/metrics`; `events` are tenants with the number of their last event.
    pub(crate) fn text(&self, store: &Store, log: &CallLog, events: &[(i64, i64)]) -> String {
        self.waiting.set(i64::try_from(store.waiting()).unwrap_or(i64::MAX));
        for (tenant, seq) in events {
            self.events.get_or_create(&TenantLabels { tenant: *tenant }).set(*seq);
        }
        let now = store.statistics().figures();
        {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            let since = |pick: fn(&Figures) -> u64| pick(&now).saturating_sub(told.as_ref().map_or(0, pick));
            self.commits.inc_by(since(|f| f.groups));
            self.units.inc_by(since(|f| f.kept));
            self.failed.inc_by(since(|f| f.failed));
            self.reads.inc_by(since(|f| f.reads));
            self.lost.inc_by(since(|f| f.lost));
            self.commit_seconds.inc_by(since(|f| f.commit_micros) as f64 / 1e6);
            *told = Some(now);
            // Under the same lock: two readers must not count one difference twice.
            let log = log.figures();
            for (counter, now) in
                [(&self.logged, log.written), (&self.unlogged, log.lost), (&self.logged_bytes, log.bytes)]
            {
                counter.inc_by(now.saturating_sub(counter.get()));
            }
        }
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(_) => String::new(),
        }
    }
}

fn new_histogram() -> Histogram {
    Histogram::new(BOUNDS)
}

impl CallSink for Metrics {
    fn record(&self, call: CallRecord) {
        let method = if call.method.is_empty() { Cow::Borrowed("unknown") } else { call.method.clone() };
        let outcome = match (call.code, call.replayed) {
            (0, false) => Outcome::Done,
            (0, true) => Outcome::Replayed,
            _ => Outcome::Refused,
        };
        let (calls, seconds) = self.kind(&CallLabels { channel: call.channel.name(), method, outcome });
        calls.inc();
        let micros: u64 = call.micros.iter().map(|micros| u64::from(*micros)).sum();
        seconds.observe(micros as f64 / 1e6);
        for (step, micros) in self.steps.iter().zip(call.micros) {
            step.inc_by(f64::from(micros) / 1e6);
        }
        log(&call, micros);
    }
}

/// One line a call: refused ones for everybody, the others for who looks closely. Never a parameter.
fn log(call: &CallRecord, micros: u64) {
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: "matou::call",
                request_id = call.request_id.as_str(),
                channel = call.channel.name(),
                app = call.app,
                method = &*call.method,
                code = call.code,
                tenant = call.tenant,
                replayed = call.replayed,
                dialect = call.dialect,
                micros,
                "call"
            )
        };
    }
    if call.code == 0 { line!(debug) } else { line!(info) }
}
