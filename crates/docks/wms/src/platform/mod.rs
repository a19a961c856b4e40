//! A warehouse's system, simulated: it takes orders at its own door, keeps stock, picks, packs, ships, and tells the ERP, signed, over
//! HTTP. It has no private way into the hub.
//!
//! `state` is what it keeps, `door` the protocol, `orders` what it does with what it is told, `act`, `stock` and `report` what its people
//! do and say, `tell` its outbox, `powers` the API under `/sandbox/v1/wms`, by which tests and people make it slow, short of goods or
//! stubborn.

mod act;
mod door;
mod orders;
mod powers;
mod report;
mod state;
mod stock;
mod tell;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use store::Secret;
use units::{Clock, Moment};

pub use state::{Held, HeldKind, HeldLine, HeldState, Manner, Mood, Parcel, State};

use crate::outgoing::{Outgoing, Signer};

/// Where its own door stands.
pub const DOOR: &str = "/sandbox/wms/service";

/// How a simulated warehouse's system is set up.
#[derive(Clone)]
pub struct Setup {
    /// Signs what it tells the ERP; long names, as Qimen's callers use.
    pub signer: Signer,
    /// Verifies what the ERP tells it.
    pub secret: Secret,
    /// Where the ERP hears: `http://host/router/qimen/service`.
    pub erp_url: String,
    /// It ships by itself, this many seconds after an order came; none = when told to.
    pub ships_after: Option<i64>,
    /// Where its memory is kept over restarts; none = nowhere.
    pub memory: Option<PathBuf>,
}

/// A simulated warehouse's system.
#[derive(Clone)]
pub struct Simulator(Arc<Inner>);

struct Inner {
    setup: Setup,
    clock: Arc<dyn Clock>,
    outgoing: Arc<dyn Outgoing>,
    state: Mutex<State>,
    /// What its memory's file holds.
    kept: Mutex<Vec<u8>>,
}

impl Simulator {
    /// Opens one, with its memory if there is one.
    pub fn new(setup: Setup, clock: Arc<dyn Clock>, outgoing: Arc<dyn Outgoing>) -> Self {
        let kept = setup.memory.as_ref().and_then(|file| std::fs::read(file).ok()).unwrap_or_default();
        let state = Mutex::new(serde_json::from_slice(&kept).unwrap_or_default());
        Self(Arc::new(Inner { setup, clock, outgoing, state, kept: Mutex::new(kept) }))
    }

    /// Its door and its powers.
    pub fn router(&self) -> Router {
        door::router(self.clone()).merge(powers::router(self.clone()))
    }

    /// Works for as long as the program lives: ships what is due, tells what is to be told.
    pub async fn work(self) {
        loop {
            self.round().await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// One look at everything; how much was told.
    pub async fn round(&self) -> usize {
        let now = self.now();
        if let Some(after) = self.0.setup.ships_after {
            self.change(|state| act::do_due(state, now, after));
        }
        tell::all(self).await
    }

    fn now(&self) -> Moment {
        self.0.clock.now()
    }

    /// Looks at its memory.
    pub fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state())
    }

    /// Changes its memory and keeps it; most looks change nothing, and nothing is written then.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let done = change(&mut state);
        if let Some(file) = &self.0.setup.memory
            && let Ok(text) = serde_json::to_vec(&*state)
        {
            let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let part = file.with_extension("part");
            if *kept == text {
                return done;
            }
            match std::fs::write(&part, &text).and_then(|()| std::fs::rename(&part, file)) {
                Ok(()) => *kept = text,
                // A simulator that cannot write goes on from what it knows.
                Err(error) => tracing::debug!(%error, "the simulated warehouse cannot keep its memory"),
            }
        }
        done
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
