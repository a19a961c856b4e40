//! What the server counts, for `/metrics`.

use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError};

use erp::catalog::EndingShop;
use gateway::forward::LineState;
use gateway::log::CallLog;
use gateway::{CallRecord, CallSink};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use store::{Figures, Store};

use super::endings::EndingMetrics;
use super::lines::LineMetrics;
use super::tallies::Tallies;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TenantLabels {
    tenant: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FindingLabels {
    kind: &'static str,
}

/// A counter of seconds.
type Seconds = Counter<f64, AtomicU64>;

/// All metrics of the program. The gateway tells it about each call.
pub(crate) struct Metrics {
    registry: Registry,
    tallies: Arc<Tallies>,
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
    gaps: Family<FindingLabels, Gauge<i64, AtomicI64>>,
    unnoted: Gauge,
    endings: EndingMetrics,
    /// What of the store's figures the counters have already.
    told: Mutex<Option<Figures>>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("matou");
        let tallies: Arc<Tallies> = Arc::default();
        registry.register_collector(Box::new(Arc::clone(&tallies)));
        let (waiting, events) = (Gauge::default(), Family::default());
        let (commits, units, failed, reads, lost) =
            (Counter::default(), Counter::default(), Counter::default(), Counter::default(), Counter::default());
        let commit_seconds = Counter::default();
        let (logged, unlogged, logged_bytes) = (Counter::default(), Counter::default(), Counter::default());
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
        let (gaps, unnoted) = (Family::default(), Gauge::default());
        registry.register(
            "gaps",
            "What callers skipped by kind, counted every minute; see matou calls --gaps",
            gaps.clone(),
        );
        let help = "Calls since the start that were not watched for gaps: too many callers, methods and shops at once";
        registry.register("gaps_unwatched", help, unnoted.clone());
        let lines = LineMetrics::new(&mut registry);
        let endings = EndingMetrics::new(&mut registry);
        Self {
            registry,
            tallies,
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
            gaps,
            unnoted,
            endings,
            told: Mutex::new(None),
        }
    }

    /// The state of the lines to targets, before [`Self::text`] writes it.
    pub(crate) fn note_lines(&self, states: &[LineState]) {
        self.lines.note(states);
    }

    /// What callers skipped, before [`Self::text`] writes it.
    pub(crate) fn note_findings(&self, counts: [i64; gateway::FINDINGS.len()], unnoted: u64) {
        self.unnoted.set(i64::try_from(unnoted).unwrap_or(i64::MAX));
        for (kind, count) in gateway::FINDINGS.into_iter().zip(counts) {
            self.gaps.get_or_create(&FindingLabels { kind }).set(count);
        }
    }

    /// Shops whose authorisation ends, before [`Self::text`] writes them.
    pub(crate) fn note_endings(&self, shops: &[EndingShop]) {
        self.endings.note(shops);
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

impl CallSink for Metrics {
    fn record(&self, call: &CallRecord) {
        let micros = self.tallies.count(call);
        log(call, micros);
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
