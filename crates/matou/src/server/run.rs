//! Binding, serving, and the end: requests finish, the store closes, all within a bounded time.

use std::future::Future;
use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use gateway::Directory;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::accept::{self, Patience};
use super::endings;
use super::open::Opened;
use super::routes::router;
use super::timers;
use crate::config::{Config, Server};
use crate::trouble::Trouble;

/// How often the directory looks whether another node changed it: one row. A change reaches every node within a second.
const DIRECTORY_PAUSE: Duration = Duration::from_millis(400);

/// Does the work on so many threads; 0 = one less than there are cores, one at least. The store writes on a thread of its own, and with a
/// core for it calls are answered faster: work that two threads share travels from core to core.
pub(crate) fn on_threads(threads: usize, work: impl Future<Output = Result<(), Trouble>>) -> Result<(), Trouble> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = if threads > 0 { threads } else { cores.saturating_sub(1).max(1) };
    tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?.block_on(work)
}

/// A bound address.
pub(crate) struct Bound {
    listener: TcpListener,
    pub(crate) address: SocketAddr,
    patience: Patience,
}

impl Bound {
    /// The URL under which clients on this machine reach it.
    pub(crate) fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip([127, 0, 0, 1].into());
        }
        format!("http://{address}")
    }

    /// Serves until `end`, then lets running requests finish.
    pub(crate) async fn serve(self, router: Router, end: impl Future<Output = ()>) {
        accept::serve(self.listener, router, self.patience, end).await;
    }
}

/// Takes the address.
pub(crate) async fn bind(config: &Server) -> Result<Bound, Trouble> {
    let address = config.listen;
    let patience = Patience {
        head: Duration::from_secs(config.head_seconds),
        stall: Duration::from_secs(config.stall_seconds),
        per_address: config.connections_per_address,
    };
    let taken = |error: std::io::Error| {
        Trouble::new(format!("{address}: {error}; stop what uses it, or choose another server.listen"))
    };
    let listener = TcpListener::bind(address).await.map_err(taken)?;
    let address = listener.local_addr()?;
    Ok(Bound { listener, address, patience })
}

/// Serves, with `more` doors and `work` beside it, until `ending`; then stops in order.
pub(crate) async fn run(
    config: &Config,
    opened: Opened,
    bound: Bound,
    more: Router,
    ending: impl Future<Output = ()>,
    work: impl Future<Output = Result<(), Trouble>> + Send + 'static,
) -> Result<(), Trouble> {
    let (router, gateway) = router(config, &opened)?;
    let router = router.merge(more);
    let (stop, mut stopping) = watch::channel(false);
    let follower = tokio::spawn(follow(Arc::clone(&opened.directory)));
    let timers =
        tokio::spawn(timers::work(opened.store.clone(), Arc::clone(&opened.directory), config.gateway.once_days));
    let keeping = Arc::clone(&gateway);
    let keeper = tokio::spawn(async move { keeping.keep_coverage_always().await });
    let endings = tokio::spawn(endings::watch(opened.store.clone(), Arc::clone(&opened.directory)));
    let warehouses = tokio::spawn(opened.warehouses.clone().work());
    let ascp = opened.ascp.work();
    let work = tokio::spawn(work);
    let mut serving = tokio::spawn(bound.serve(router, async move {
        // An error means that the sender is gone, which also ends it.
        let _ = stopping.wait_for(|stop| *stop).await;
    }));
    tokio::select! {
        () = ending => tracing::info!("stopping: running requests finish"),
        ended = &mut serving => tracing::error!(?ended, "the server ended by itself"),
    }
    work.abort();
    follower.abort();
    timers.abort();
    endings.abort();
    warehouses.abort();
    ascp.iter().for_each(tokio::task::JoinHandle::abort);
    // Nobody may be listening any more.
    let _ = stop.send(true);
    let patience = Duration::from_secs(config.server.stop_seconds);
    if !serving.is_finished() && tokio::time::timeout(patience, &mut serving).await.is_err() {
        tracing::warn!(seconds = config.server.stop_seconds, "some requests did not finish in time");
        serving.abort();
    }
    // What the last seconds read and pushed. The keeper may just be writing what was noted before.
    match tokio::time::timeout(patience, gateway.keep_coverage()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "what callers read in the last seconds is not written down"),
        Err(_) => tracing::warn!("what callers read in the last seconds could not be written down in time"),
    }
    keeper.abort();
    let store = opened.store;
    let closing = tokio::task::spawn_blocking(move || store.close());
    match tokio::time::timeout(patience, closing).await {
        Ok(_) => tracing::info!("stopped"),
        Err(_) => tracing::warn!("the store did not close in time; what was acknowledged is on the disk"),
    }
    Ok(())
}

/// Resolves at the first SIGTERM or SIGINT from now on. To be called before anybody is told that the server is there.
pub(crate) fn ending() -> Result<impl Future<Output = ()>, Trouble> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Keeps the directory up to date with what other nodes change.
async fn follow(directory: Arc<Directory>) {
    let mut troubled = false;
    loop {
        tokio::time::sleep(DIRECTORY_PAUSE).await;
        match directory.refresh_if_changed().await {
            Ok(_) => troubled = false,
            Err(error) if !troubled => {
                tracing::warn!(%error, "the directory cannot be read; going on with what is known");
                troubled = true;
            }
            Err(_) => {}
        }
    }
}
