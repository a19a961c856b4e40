//! What is counted on the lines to targets outside, for `/metrics`.

use std::sync::atomic::{AtomicI64, AtomicU64};

use gateway::forward::LineState;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LineLabels {
    target: String,
    environment: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    target: String,
    environment: &'static str,
    outcome: &'static str,
}

type LineGauge = Family<LineLabels, Gauge<i64, AtomicI64>>;

/// Gauges and counters of every endpoint that was called.
pub(super) struct LineMetrics {
    open: LineGauge,
    in_flight: LineGauge,
    waiting: LineGauge,
    calls: Family<CallLabels, Counter<u64, AtomicU64>>,
}

impl LineMetrics {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let lines = Self {
            open: Family::default(),
            in_flight: Family::default(),
            waiting: Family::default(),
            calls: Family::default(),
        };
        registry.register("target_circuit", "Circuit of a target: 0 closed, 1 half-open, 2 open", lines.open.clone());
        registry.register("target_in_flight", "Calls under way to a target", lines.in_flight.clone());
        registry.register("target_waiting", "Calls that wait for a target", lines.waiting.clone());
        registry.register("target_calls", "Calls to a target by outcome", lines.calls.clone());
        lines
    }

    pub(super) fn note(&self, states: &[LineState]) {
        for state in states {
            let environment = state.environment.name();
            let labels = LineLabels { target: state.target.clone(), environment };
            let circuit = match state.circuit {
                "open" => 2,
                "half-open" => 1,
                _ => 0,
            };
            self.open.get_or_create(&labels).set(circuit);
            self.in_flight.get_or_create(&labels).set(i64::try_from(state.in_flight).unwrap_or(i64::MAX));
            self.waiting.get_or_create(&labels).set(i64::try_from(state.waiting).unwrap_or(i64::MAX));
            let outcomes = [("answered", state.answered), ("failed", state.failed), ("turned_away", state.turned_away)];
            for (outcome, now) in outcomes {
                let labels = CallLabels { target: state.target.clone(), environment, outcome };
                let counter = self.calls.get_or_create(&labels);
                // A line that was made anew counts from nothing; a counter never goes back.
                counter.inc_by(now.saturating_sub(counter.get()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use gateway::directory::Environment;
    use prometheus_client::encoding::text::encode;

    use super::*;

    #[test]
    fn states_become_gauges_and_counters() {
        let mut registry = Registry::default();
        let lines = LineMetrics::new(&mut registry);
        let state = |answered| LineState {
            target: "21363512".into(),
            environment: Environment::Test,
            circuit: "open",
            in_flight: 2,
            waiting: 1,
            answered,
            failed: 5,
            turned_away: 0,
        };
        for answered in [7, 9, 1] {
            lines.note(&[state(answered)]);
        }
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        for line in [
            r#"target_circuit{target="21363512",environment="test"} 2"#,
            r#"target_waiting{target="21363512",environment="test"} 1"#,
            r#"target_calls_total{target="21363512",environment="test",outcome="answered"} 9"#,
        ] {
            assert!(text.contains(line), "{text}");
        }
    }
}
