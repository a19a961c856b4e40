//! Taking connections, with the limits that keep slow and idle strangers from holding the server.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::patient::Patient;
use super::places::Places;

/// Open connections; further ones wait in the kernel's queue.
const CONNECTIONS: usize = 8_192;
/// Bytes of a request's head: some clients put a whole call into the query.
const HEAD_BYTES: usize = 512 * 1024;
/// What a connection may take; the settings stand in `[server]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Longest wait for the head of a request, also between two requests of one connection.
    pub(crate) head: Duration,
    /// Longest time that a client may stand still while an answer waits for it.
    pub(crate) stall: Duration,
    /// Connections of one address; 0 = any number.
    pub(crate) per_address: usize,
}

/// Pause after a refused `accept`, such as for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `end`; then no new connections are taken, idle ones are closed, and running requests finish.
pub(super) async fn serve(listener: TcpListener, router: Router, patience: Patience, end: impl Future<Output = ()>) {
    let places = Places::new(patience.per_address);
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let (stop, stopping) = watch::channel(());
    let mut end = pin!(end);
    loop {
        let next = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut end => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(own) = places.take(peer.ip()) else {
                    tracing::debug!(%peer, "too many connections from this address");
                    continue;
                };
                let (router, stopping) = (router.clone(), stopping.clone());
                tokio::spawn(async move {
                    connection(stream, peer, router, patience, stopping).await;
                    drop((place, own));
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    drop(stop);
    // Every place is free again when the last connection has gone.
    drop(room.acquire_many(u32::try_from(CONNECTIONS).unwrap_or(u32::MAX)).await);
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    patience: Patience,
    mut stopping: watch::Receiver<()>,
) {
    // Small answers must not wait for the next packet.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        // For the allow-lists of applications.
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(Patient::new(stream, patience.stall)), service);
    let mut connection = pin!(connection);
    let done = tokio::select! {
        done = connection.as_mut() => done,
        // An error means that the sender is gone: the end.
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = done {
        tracing::debug!(%error, "a connection ended early");
    }
}
