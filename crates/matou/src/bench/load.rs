//! The caller: a fixed number of connections, each sending its next request when the last one was answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::figures::percentile;
use crate::trouble::Trouble;

/// The part of an answer in which the outcome stands.
const HEAD: usize = 96;

/// One request, ready to be sent.
#[derive(Clone)]
pub(super) struct Shot {
    pub(super) path: Arc<str>,
    pub(super) body: Bytes,
}

impl Shot {
    /// No form begins like XML.
    fn content_type(&self) -> &'static str {
        if self.body.starts_with(b"<") {
            "text/xml;charset=UTF-8"
        } else {
            "application/x-www-form-urlencoded;charset=UTF-8"
        }
    }
}

/// What a round gave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    /// Requests a second.
    pub(super) rate: f64,
    /// Half of the answers came within this, microseconds.
    pub(super) median: f64,
    /// 99 of 100 answers came within this, microseconds.
    pub(super) p99: f64,
}

/// When each shot is sent, however long the answers take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    began: Instant,
    rate: f64,
}

impl Pace {
    /// So many shots a second from now on.
    pub(super) fn starting_now(rate: f64) -> Self {
        Self { began: Instant::now(), rate }
    }

    /// When the shot at this place is due.
    pub(super) fn due(&self, place: usize) -> Instant {
        self.began + Duration::from_secs_f64(place as f64 / self.rate)
    }
}

/// Sends every shot once over `connections` connections. Every answer must hold `expected`.
pub(super) async fn fire(
    address: &str,
    connections: usize,
    shots: Vec<Shot>,
    expected: &'static str,
) -> Result<Round, Trouble> {
    fire_at(address, connections, shots, expected, None).await
}

/// The same, no shot before it is due.
pub(super) async fn fire_at(
    address: &str,
    connections: usize,
    shots: Vec<Shot>,
    expected: &'static str,
    pace: Option<Pace>,
) -> Result<Round, Trouble> {
    let (shots, next) = (Arc::new(shots), Arc::new(AtomicUsize::new(0)));
    let began = Instant::now();
    let mut tasks = Vec::with_capacity(connections);
    for _ in 0..connections {
        let (shots, next, address) = (shots.clone(), next.clone(), address.to_owned());
        tasks.push(tokio::spawn(connection(address, shots, next, expected, pace)));
    }
    let mut times = Vec::with_capacity(shots.len());
    for task in tasks {
        times.extend(task.await.map_err(|error| Trouble::new(error.to_string()))??);
    }
    let seconds = began.elapsed().as_secs_f64();
    times.sort_unstable();
    Ok(Round { rate: shots.len() as f64 / seconds, median: percentile(&times, 0.5), p99: percentile(&times, 0.99) })
}

async fn connection(
    address: String,
    shots: Arc<Vec<Shot>>,
    next: Arc<AtomicUsize>,
    expected: &'static str,
    pace: Option<Pace>,
) -> Result<Vec<u32>, Trouble> {
    let about = |error: &dyn std::fmt::Display| Trouble::new(format!("{address}: {error}"));
    let stream = TcpStream::connect(&address).await.map_err(|error| about(&error))?;
    stream.set_nodelay(true).map_err(|error| about(&error))?;
    let (mut sender, driver) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| about(&error))?;
    let driver = tokio::spawn(driver);
    let mut times = Vec::new();
    loop {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let Some(shot) = shots.get(place) else { break };
        if let Some(pace) = pace {
            tokio::time::sleep_until(pace.due(place).into()).await;
        }
        let request = Request::builder()
            .method(Method::POST)
            .uri(&*shot.path)
            .header(header::HOST, &address)
            .header(header::CONTENT_TYPE, shot.content_type())
            .body(Full::new(shot.body.clone()))
            .map_err(|error| about(&error))?;
        let sent = Instant::now();
        let response = sender.send_request(request).await.map_err(|error| about(&error))?;
        let body = response.into_body().collect().await.map_err(|error| about(&error))?.to_bytes();
        times.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        let head = &body[..body.len().min(HEAD)];
        if !head.windows(expected.len()).any(|part| part == expected.as_bytes()) {
            let shown: String = String::from_utf8_lossy(&body).chars().take(300).collect();
            return Err(about(&format!("expected {expected} in the answer, got {shown}")));
        }
    }
    drop(sender);
    driver.abort();
    Ok(times)
}
