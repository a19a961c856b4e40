//! `/healthz`: the process lives. `/readyz`: the store takes writes to the disk and answers reads.

use std::time::{Duration, Instant};

use store::{Store, Tenant};
use tokio::sync::Mutex;

/// Longest wait for the probe.
const PATIENCE: Duration = Duration::from_secs(3);
/// A probe that was good is believed so long; one that was not is repeated at once.
const FRESH: Duration = Duration::from_secs(1);

/// The last probe.
pub(crate) struct Readiness {
    store: Store,
    last_good: Mutex<Option<Instant>>,
}

impl Readiness {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, last_good: Mutex::new(None) }
    }

    /// Why the server is not ready, if it is not.
    pub(crate) async fn problem(&self) -> Option<String> {
        let mut last_good = self.last_good.lock().await;
        if last_good.is_some_and(|at| at.elapsed() < FRESH) {
            return None;
        }
        let problem = match tokio::time::timeout(PATIENCE, probe(&self.store)).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("the store did not answer within {} s", PATIENCE.as_secs())),
        };
        *last_good = problem.is_none().then(Instant::now);
        if let Some(problem) = &problem {
            tracing::warn!(problem, "not ready");
        }
        problem
    }
}

/// A write that must reach the disk (a counter of the house: a full disk shows itself only there), and a read.
async fn probe(store: &Store) -> store::Result<()> {
    store.write(Tenant::HOUSE, |tx| tx.next("readiness probe").map(drop)).await?;
    store.read(Tenant::HOUSE, |reader| reader.last_event().map(drop)).await
}
