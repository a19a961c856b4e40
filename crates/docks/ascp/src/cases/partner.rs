//! The platform that plays: a simulator with a store of its own, a clock that can be moved, TOP's door, and a journal.

use std::sync::Arc;

use axum::Router;
use gateway::directory::{AppOptions, Directory, NewApp, Protocol, Rights};
use gateway::{Gateway, Parts, Registry};
use store::{Engine, Options, Store, Tenant, Tx, Vault};
use units::{Clock, MovableClock};

use super::terms::Terms;
use crate::platform::{self, Journal, Platform, PlatformParts, TopPlayer};

/// What a partner needs from outside.
pub struct Opening {
    /// Where it keeps its data: nothing of it outlives the test.
    pub engine: Engine,
    /// The real time.
    pub clock: Arc<dyn Clock>,
    /// Key under which its data are sealed.
    pub key: [u8; 32],
    /// Where its chances begin.
    pub seed: u64,
}

/// The platform's side of a joint test.
pub struct Partner {
    pub(super) terms: Terms,
    pub(super) platform: Arc<Platform>,
    pub(super) journal: Arc<Journal>,
    pub(super) clock: Arc<MovableClock>,
    gateway: Arc<Gateway>,
}

impl Partner {
    /// Opens it.
    ///
    /// # Errors
    /// The store cannot be opened, or the terms make no sense; in words.
    pub async fn open(opening: Opening, terms: Terms) -> Result<Arc<Self>, String> {
        if terms.goods.len() < 2 {
            return Err("two goods are needed that the ERP knows".to_owned());
        }
        let clock = Arc::new(MovableClock::over(Arc::clone(&opening.clock)));
        let business: Arc<dyn Clock> = clock.clone();
        let vault = Arc::new(Vault::new(opening.key));
        let engine = opening.engine;
        let open =
            move || Store::open(&Options::new(engine, &[gateway::MIGRATIONS, crate::MIGRATIONS]), business, vault);
        // Opening waits, for PostgreSQL even on an event loop of its own.
        let store = tokio::task::spawn_blocking(open).await.map_err(|error| error.to_string())?;
        let store = store.map_err(|error| error.to_string())?;
        let directory = Arc::new(Directory::open(store.clone()).await.map_err(|error| error.to_string())?);
        let app = NewApp {
            protocol: Protocol::Top,
            key: terms.app_key.clone(),
            secret: terms.app_secret.clone(),
            tenant: 0,
            name: "联调".to_owned(),
            rights: Rights::default(),
            options: AppOptions::default(),
        };
        directory.create_app(app).await.map_err(|error| error.to_string())?;
        let agreed = terms.clone();
        let furnish = move |tx: &mut Tx| furnish(tx, &agreed);
        store.write(Tenant::HOUSE, furnish).await.map_err(|error| error.to_string())?;
        let journal = Arc::new(Journal::default());
        let parts = PlatformParts {
            store: store.clone(),
            tenant: Tenant::HOUSE,
            directory: Arc::clone(&directory),
            clock: Arc::clone(&opening.clock),
        };
        let platform = Platform::noted(parts, Arc::clone(&journal));
        let gateway = Arc::new(Gateway::new(Parts {
            store,
            directory,
            registry: Registry::new().player(Arc::new(TopPlayer(Arc::clone(&platform)))),
            clock: opening.clock,
            sink: Arc::clone(&journal) as _,
            log: None,
            seed: opening.seed,
            config: gateway::Config::default(),
        }));
        Ok(Arc::new(Self { terms, platform, journal, clock, gateway }))
    }

    /// TOP's door, where the ERP calls.
    pub fn door(&self) -> Router {
        gateway::http::router(Arc::clone(&self.gateway))
    }

    /// Pushes, repeats and refunds, until it is aborted.
    pub async fn work(self: Arc<Self>) {
        Arc::clone(&self.platform).work().await;
    }

    /// The simulator itself.
    pub fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    /// What was said so far.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The business clock of the platform.
    pub fn clock(&self) -> &MovableClock {
        &self.clock
    }

    /// A unit of work of the platform.
    pub(super) async fn unit<T, F>(&self, unit: F) -> platform::Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx) -> platform::Result<T> + Send + 'static,
    {
        let done = self.platform.store().write(self.platform.tenant(), unit).await;
        self.platform.wake();
        done
    }

    /// Nothing of it is used any more.
    pub fn close(&self) {
        self.platform.store().close();
    }
}

fn furnish(tx: &mut Tx, terms: &Terms) -> platform::Result<()> {
    platform::put_supplier(tx, &terms.supplier())?;
    let goods = terms.sold();
    platform::put_goods(tx, &terms.supplier_id, &goods)?;
    for one in &goods {
        platform::enter_stock(tx, &terms.supplier_id, &terms.store_code, one.sc_item_id, terms.pieces)?;
    }
    Ok(())
}
