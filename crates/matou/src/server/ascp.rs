//! The ASCP dock in the program: the supplier's side always, the simulator where the sandbox is on.

use std::sync::Arc;

use axum::Router;
use dock_ascp::hub::{self, Hub, HubParts};
use dock_ascp::platform::{self, Platform, PlatformParts, TopPlayer};
use gateway::{Directory, Registry};
use store::{Secret, Store, Tenant};
use tokio::task::JoinHandle;
use units::{Clock, MovableClock};

use crate::config::Config;
use crate::trouble::Trouble;

/// Both sides.
pub(crate) struct Ascp {
    pub(crate) hub: Arc<Hub>,
    pub(crate) platform: Option<Arc<Platform>>,
    movable: Option<Arc<MovableClock>>,
}

impl Ascp {
    /// Opens what the settings ask for.
    pub(super) async fn open(
        config: &Config,
        store: &Store,
        directory: &Arc<Directory>,
        clock: &Arc<dyn Clock>,
        movable: Option<Arc<MovableClock>>,
    ) -> Result<Self, Trouble> {
        let known = Arc::clone(directory);
        let settings = move |tenant: Tenant| {
            let snapshot = known.snapshot();
            let tenant = snapshot.tenant(tenant.0)?;
            dock_wdt::Settings::of(&tenant.settings).ok().map(|settings| settings.erp)
        };
        let about = |error: &dyn std::fmt::Display| Trouble::new(error.to_string());
        let parts = HubParts {
            store: store.clone(),
            directory: Arc::clone(directory),
            clock: Arc::clone(clock),
            settings: Arc::new(settings),
        };
        let hub = Hub::open(parts).await.map_err(|error| about(&error))?;
        if let Some(movable) = &movable {
            platform::restore_clock(store, movable).await.map_err(|error| about(&error))?;
        }
        let platform = config.sandbox.enabled.then(|| {
            Platform::new(PlatformParts {
                store: store.clone(),
                tenant: Tenant::HOUSE,
                directory: Arc::clone(directory),
                clock: Arc::clone(clock),
            })
        });
        Ok(Self { hub, platform, movable })
    }

    /// The methods of TOP that the simulator plays, after those of the registry.
    pub(super) fn methods(&self, registry: Registry) -> Registry {
        match &self.platform {
            Some(platform) => registry.player(Arc::new(TopPlayer(Arc::clone(platform)))),
            None => registry,
        }
    }

    /// The push endpoint, and the sandbox where there is one.
    pub(super) fn doors(&self, store: &Store, token: &Secret) -> Router {
        let mut doors = hub::router(Arc::clone(&self.hub));
        if let Some(platform) = &self.platform {
            doors = doors.merge(platform::router(Arc::clone(platform), token.clone()));
        }
        if let Some(movable) = &self.movable {
            doors = doors.merge(platform::clock_router(store.clone(), Arc::clone(movable), token.clone()));
        }
        doors
    }

    /// What both sides do by themselves, until it is aborted.
    pub(crate) fn work(&self) -> Vec<JoinHandle<()>> {
        let hub = tokio::spawn(Arc::clone(&self.hub).work());
        let platform = self.platform.clone().map(|platform| tokio::spawn(platform.work()));
        std::iter::once(hub).chain(platform).collect()
    }
}
