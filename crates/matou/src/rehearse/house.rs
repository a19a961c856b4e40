//! A demo server of one's own, in a folder that goes away with it.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::config;
use crate::demo::{self, Card, Size};
use crate::outside;
use crate::server;
use crate::trouble::Trouble;

/// The running demo.
pub(crate) struct House {
    runtime: Runtime,
    card: Card,
    folder: PathBuf,
    _stop: oneshot::Sender<()>,
}

impl House {
    /// Starts it on a free port.
    pub(crate) fn start() -> Result<Self, Trouble> {
        let folder = std::env::temp_dir().join(format!("matou-rehearsal-{:016x}", outside::seed()));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let place = folder.clone();
        let card = runtime.block_on(async move {
            let mut config = config::load(None)?;
            config.data.folder = place;
            config.database.url.clear();
            config.sandbox.enabled = true;
            config.server.listen = ([127, 0, 0, 1], 0).into();
            "warn".clone_into(&mut config.log.level);
            server::start_logging(&config.log).map_err(Trouble::new)?;
            let opened = server::open(&config).await?;
            demo::settle(&opened.directory).await?;
            demo::furnish(&opened.store, &opened.directory, Size::Full).await?;
            let bound = server::bind(&config.server).await?;
            let mut card = Card::of(&opened.directory, &opened.token, bound.url())?;
            let (warehouse, wms) = demo::open_warehouse(
                &opened.store,
                &opened.directory,
                Arc::clone(&opened.clock),
                Size::Full,
                &card.base_url,
                &config.data.folder,
            )
            .await?;
            card.wms = Some(wms);
            card.ascp = demo::ascp_entry(&opened, Size::Full, &card.base_url).await?;
            let doors = warehouse.router();
            tokio::spawn(warehouse.work());
            tokio::spawn(opened.warehouses.clone().work());
            drop(opened.ascp.work());
            tokio::spawn(server::timers(opened.store.clone(), Arc::clone(&opened.directory), config.gateway.once_days));
            let (router, _) = server::router(&config, &Arc::new(opened))?;
            let router = router.merge(doors);
            tokio::spawn(bound.serve(router, async move {
                // An error means that the house is gone, which also ends it.
                let _ = stopped.await;
            }));
            Ok::<_, Trouble>(card)
        })?;
        Ok(Self { runtime, card, folder, _stop: stop })
    }

    /// Where it runs and with which keys.
    pub(crate) fn card(&self) -> &Card {
        &self.card
    }

    /// Stops it and removes its folder.
    pub(crate) fn end(self) {
        self.runtime.shutdown_background();
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{}: {error}", self.folder.display());
        }
    }
}
