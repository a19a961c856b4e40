//! What is counted of calls: each thread has its own figures, which are added up when somebody asks for `/metrics`.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::HashMap;
use gateway::shards::Shards;
use gateway::{CallRecord, STEPS};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeLabelValue, LabelValueEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

/// Bounds of the latency histogram, seconds.
const BOUNDS: [f64; 14] = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Kinds of calls that are counted apart, and the name of all others: a scene may forward whatever its callers name.
const KINDS: usize = 4_000;
const OTHER: &str = "other";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    channel: &'static str,
    method: Cow<'static, str>,
    outcome: Outcome,
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

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Method {
    method: Cow<'static, str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepLabel {
    step: &'static str,
}

/// The calls of one kind.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    calls: u64,
    micros: u64,
    /// Calls up to each bound, and those beyond the last.
    buckets: [u64; BOUNDS.len() + 1],
}

impl Tally {
    fn count(&mut self, micros: u64) {
        let seconds = micros as f64 / 1e6;
        self.calls += 1;
        self.micros += micros;
        let bucket = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        self.buckets[bucket] += 1;
    }

    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.micros += other.micros;
        for (sum, part) in self.buckets.iter_mut().zip(other.buckets) {
            *sum += part;
        }
    }
}

/// The figures of one thread, or of all.
#[derive(Debug, Default)]
struct Sheet {
    kinds: HashMap<Kind, Tally>,
    /// Microseconds of each of the [`STEPS`].
    steps: [u64; STEPS.len()],
}

/// Everything that is counted of calls.
#[derive(Default)]
pub(super) struct Tallies(Shards<Mutex<Sheet>>);

impl Tallies {
    /// Counts a call; gives its microseconds.
    pub(super) fn count(&self, call: &CallRecord) -> u64 {
        let micros = call.micros.iter().map(|micros| u64::from(*micros)).sum();
        let outcome = match (call.code, call.replayed) {
            (0, false) => Outcome::Done,
            (0, true) => Outcome::Replayed,
            _ => Outcome::Refused,
        };
        let method = if call.method.is_empty() { Cow::Borrowed("unknown") } else { call.method.clone() };
        let mut kind = Kind { channel: call.channel.name(), method, outcome };
        let mut sheet = locked(self.0.mine().1);
        for (sum, micros) in sheet.steps.iter_mut().zip(call.micros) {
            *sum += u64::from(micros);
        }
        if let Some(tally) = sheet.kinds.get_mut(&kind) {
            tally.count(micros);
        } else {
            if sheet.kinds.len() >= KINDS {
                kind.method = Cow::Borrowed(OTHER);
            }
            sheet.kinds.entry(kind).or_default().count(micros);
        }
        micros
    }

    fn sum(&self) -> Sheet {
        let mut sum = Sheet::default();
        for shard in self.0.iter() {
            let sheet = locked(shard);
            for (kind, tally) in &sheet.kinds {
                sum.kinds.entry(kind.clone()).or_default().add(tally);
            }
            for (sum, part) in sum.steps.iter_mut().zip(sheet.steps) {
                *sum += part;
            }
        }
        sum
    }
}

fn locked(sheet: &Mutex<Sheet>) -> MutexGuard<'_, Sheet> {
    sheet.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Tallies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sum().fmt(f)
    }
}

impl Collector for Tallies {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let sum = self.sum();
        let mut methods: HashMap<Method, Tally> = HashMap::default();
        {
            let what = "Signed calls by door, method and outcome";
            let mut calls = encoder.encode_descriptor("calls", what, None, MetricType::Counter)?;
            for (kind, tally) in &sum.kinds {
                calls.encode_family(kind)?.encode_counter::<NoLabelSet, _, u64>(&tally.calls, None)?;
                methods.entry(Method { method: kind.method.clone() }).or_default().add(tally);
            }
        }
        {
            let what = "Seconds from the first byte to the answer";
            let mut seconds = encoder.encode_descriptor("call_seconds", what, None, MetricType::Histogram)?;
            for (method, tally) in &methods {
                let bounds = BOUNDS.iter().copied().chain(std::iter::once(f64::MAX));
                let buckets: Vec<(f64, u64)> = bounds.zip(tally.buckets).collect();
                let total = tally.micros as f64 / 1e6;
                seconds.encode_family(method)?.encode_histogram::<NoLabelSet>(total, tally.calls, &buckets, None)?;
            }
        }
        let what = "Seconds spent in each step of the pipeline";
        let mut steps = encoder.encode_descriptor("call_step_seconds", what, None, MetricType::Counter)?;
        for (step, micros) in STEPS.iter().zip(sum.steps) {
            let seconds = micros as f64 / 1e6;
            steps.encode_family(&StepLabel { step })?.encode_counter::<NoLabelSet, _, u64>(&seconds, None)?;
        }
        Ok(())
    }
}
