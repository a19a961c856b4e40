//! The connections to one endpoint: opened, used by one call at a time, kept for the next.
//!
//! A connection has no task of its own: the call that uses it drives it, so that no call waits for another task to have its turn.
//! Whether a kept one was closed meanwhile is found out when it is taken.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::Uri;
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use tokio::time::Instant;

use super::connect::{ConnectFault, Connector, Stream};
use crate::limits::FORWARD_IDLE;

/// Takes requests for a connection.
pub(super) type Sender = SendRequest<Full<Bytes>>;
type Driver = http1::Connection<Stream, Full<Bytes>>;

/// An open connection.
pub(super) struct Connection {
    sender: Sender,
    /// `None` once it is closed.
    driver: Option<Box<Driver>>,
}

impl Connection {
    /// Does something that waits for this connection, and meanwhile what the connection has to do itself.
    pub(super) async fn run<'c, W: Future>(&'c mut self, work: impl FnOnce(&'c mut Sender) -> W) -> W::Output {
        let Self { sender, driver } = self;
        let mut work = pin!(work(sender));
        poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            drive(driver, context);
            work.as_mut().poll(context)
        })
        .await
    }

    /// Whether it can take a request.
    fn is_free(&mut self) -> bool {
        drive(&mut self.driver, &mut Context::from_waker(Waker::noop()));
        self.driver.is_some() && self.sender.is_ready()
    }
}

/// How a connection ended is told to the call that waited for it, if there was one.
fn drive(driver: &mut Option<Box<Driver>>, context: &mut Context<'_>) {
    if driver.as_mut().is_some_and(|driver| Pin::new(driver).poll(context).is_ready()) {
        *driver = None;
    }
}

/// Where connections to one endpoint come from and go to.
pub(super) struct Connections {
    connector: Connector,
    /// Oldest first.
    idle: Arc<Idle>,
}

/// Connections that nobody uses.
struct Idle {
    kept: Mutex<Vec<(Connection, Instant)>>,
    most: usize,
    /// Whether somebody is there to close those that nobody wants.
    swept: AtomicBool,
}

impl Connections {
    /// `most`: how many are kept.
    pub(super) fn new(connector: Connector, most: usize) -> Self {
        let idle = Idle { kept: Mutex::default(), most, swept: AtomicBool::new(false) };
        Self { connector, idle: Arc::new(idle) }
    }

    /// A connection that was kept and is still open.
    pub(super) fn take(&self) -> Option<Connection> {
        loop {
            let (mut connection, since) = self.idle.lock().pop()?;
            if since.elapsed() < FORWARD_IDLE && connection.is_free() {
                return Some(connection);
            }
        }
    }

    /// A new one.
    pub(super) async fn open(&self, url: &Uri) -> Result<Connection, ConnectFault> {
        let stream = self.connector.open(url).await?;
        let begun = http1::handshake(stream).await;
        let (sender, driver) = begun.map_err(|error| ConnectFault::Refused(error.to_string()))?;
        Ok(Connection { sender, driver: Some(Box::new(driver)) })
    }

    /// Keeps one for the next call, if it can take another.
    pub(super) fn keep(&self, mut connection: Connection) {
        if !connection.is_free() {
            return;
        }
        let mut kept = self.idle.lock();
        if kept.len() < self.idle.most {
            kept.push((connection, Instant::now()));
        }
        drop(kept);
        if !self.idle.swept.swap(true, Ordering::AcqRel) {
            tokio::spawn(sweep(Arc::clone(&self.idle)));
        }
    }
}

impl Idle {
    fn lock(&self) -> MutexGuard<'_, Vec<(Connection, Instant)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes what was kept for too long, until nothing is kept.
async fn sweep(idle: Arc<Idle>) {
    loop {
        tokio::time::sleep(FORWARD_IDLE).await;
        let mut kept = idle.lock();
        let old = kept.partition_point(|(_, since)| since.elapsed() >= FORWARD_IDLE);
        kept.drain(..old);
        if kept.is_empty() {
            // Under the lock: whoever keeps a connection after this finds that nobody sweeps.
            idle.swept.store(false, Ordering::Release);
            return;
        }
    }
}
