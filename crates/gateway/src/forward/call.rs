//! One forwarded call on the wire: breaker, queue, connection, request, reply, within its limits of time and size.
//!
//! Nothing is followed (no redirects), nothing is unpacked, and nothing is sent twice unless it is a read or certainly never left.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT};
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::TrySendError;
use tokio::time::{Instant, timeout_at};

use super::breaker::Health;
use super::connect::ConnectFault;
use super::connections::{Connections, Sender};
use super::fault::ForwardFault;
use super::pool::{LineState, Lines};
use super::trust::Trust;
use super::upstream::Upstream;
use super::waiting::Turned;
use crate::directory::Environment;
use crate::limits::MAX_FORWARDED_REPLY;

/// Under which name the request id travels, so that both sides' logs can be laid side by side.
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static AGENT: HeaderValue = HeaderValue::from_static("matou");

/// A call that is ready to leave.
#[derive(Clone)]
pub struct ForwardRequest {
    /// Path and query behind the endpoint's host.
    pub path: String,
    /// Value of `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: Bytes,
    /// It changes nothing, so it may be sent a second time when the connection breaks.
    pub repeatable: bool,
    /// Id of the call.
    pub request_id: String,
    /// How long its caller waits.
    pub patience: Duration,
    /// How much longer the answer is listened for after that.
    pub overtime: Duration,
}

/// What came back, with a status of success.
#[derive(Debug, Clone)]
pub struct ForwardReply {
    /// Value of `Content-Type`; empty when there is none.
    pub content_type: String,
    /// The body as it travelled.
    pub body: Bytes,
    /// How long the call waited for its turn.
    pub waited: Duration,
    /// How long the target took, connecting included.
    pub took: Duration,
}

/// Forwards calls.
pub struct Forwarder {
    lines: Lines,
}

impl Forwarder {
    /// `authorities`: certificates in PEM that are believed beside those of this machine.
    pub fn new(authorities: &str) -> Self {
        Self { lines: Lines::new(Trust::new(authorities)) }
    }

    /// Sends a call to an endpoint and brings the answer.
    pub async fn call(&self, upstream: &Upstream, request: &ForwardRequest) -> Result<ForwardReply, ForwardFault> {
        let line = self.lines.to(upstream);
        let started = Instant::now();
        let turned_away = || line.tally.turned_away.fetch_add(1, Ordering::Relaxed);
        let pass = line.breaker.admit(started).map_err(|rest| {
            turned_away();
            ForwardFault::Resting(rest)
        })?;
        let place = line.queue.enter(started + request.patience).await.map_err(|turned| {
            turned_away();
            match turned {
                Turned::Full => ForwardFault::Full,
                Turned::TooLate => ForwardFault::Queued(started.elapsed()),
            }
        })?;
        let waited = started.elapsed();
        let (patience, limit) = (started + request.patience, started + request.patience + request.overtime);
        let mut going = pin!(exchange(&line.connections, upstream, request, limit));
        // Where nobody listens on after the caller has gone, the exchange ends by itself in time.
        let in_time = match request.overtime.is_zero() {
            true => Ok(going.as_mut().await),
            false => timeout_at(patience, going.as_mut()).await,
        };
        let outcome = match in_time {
            Ok(outcome) => {
                let failed = outcome.as_ref().err().is_some_and(ForwardFault::is_failure);
                line.note(pass, if failed { Health::Failed } else { Health::Answered });
                outcome
            }
            Err(_) => {
                // An answer in overtime is an answer to the call and a failure of the endpoint, which is known now and not then.
                line.note(pass, Health::Failed);
                going.await
            }
        };
        drop(place);
        let took = started.elapsed() - waited;
        outcome.map(|(content_type, body)| ForwardReply { content_type, body, waited, took })
    }

    /// The state of every line.
    pub fn states(&self) -> Vec<LineState> {
        self.lines.states(Instant::now())
    }

    /// Closes the circuit of an endpoint that somebody repaired; false when it was never called.
    pub fn close_circuit(&self, target: &str, environment: Environment) -> bool {
        let line = self.lines.known(target, environment);
        line.inspect(|line| line.breaker.close()).is_some()
    }
}

type Written = Request<Full<Bytes>>;
type Unsent = TrySendError<Written>;

async fn exchange(
    connections: &Connections,
    upstream: &Upstream,
    request: &ForwardRequest,
    deadline: Instant,
) -> Result<(String, Bytes), ForwardFault> {
    let mut again = true;
    loop {
        let outcome = match timeout_at(deadline, attempt(connections, upstream, request)).await {
            Ok(outcome) => outcome,
            Err(_) => return Err(ForwardFault::Late(request.patience)),
        };
        let safe = match &outcome {
            Err(ForwardFault::Broken(_)) => request.repeatable,
            // A name or an address that is refused stays refused.
            Err(ForwardFault::Connect(ConnectFault::Refused(_))) => true,
            _ => false,
        };
        if !safe || !std::mem::replace(&mut again, false) {
            return outcome;
        }
    }
}

/// One request on one connection. What had not begun to leave when a kept connection turned out to be closed leaves on another.
async fn attempt(
    connections: &Connections,
    upstream: &Upstream,
    request: &ForwardRequest,
) -> Result<(String, Bytes), ForwardFault> {
    let mut written = written(upstream, request)?;
    loop {
        let (mut connection, kept) = match connections.take() {
            Some(connection) => (connection, true),
            None => (connections.open(&upstream.url).await.map_err(ForwardFault::Connect)?, false),
        };
        match connection.run(|sender| converse(sender, written)).await {
            Ok(reply) => {
                connections.keep(connection);
                return reply;
            }
            Err(mut unsent) => match unsent.take_message() {
                Some(message) if kept => written = message,
                _ => return Err(broken(unsent.error())),
            },
        }
    }
}

/// A request and its reply. The outer error tells whether anything was sent, the inner one is about the reply.
async fn converse(sender: &mut Sender, request: Written) -> Result<Result<(String, Bytes), ForwardFault>, Unsent> {
    let (head, body) = sender.try_send_request(request).await?.into_parts();
    if !head.status.is_success() {
        return Ok(Err(ForwardFault::Status(head.status.as_u16())));
    }
    let stated = head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if stated.is_some_and(|length| length > MAX_FORWARDED_REPLY) {
        return Ok(Err(ForwardFault::TooLarge));
    }
    let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Ok(collect(body).await.map(|body| (content_type.to_owned(), body)))
}

/// The reply's body; dropping it half read closes the connection.
async fn collect(mut body: hyper::body::Incoming) -> Result<Bytes, ForwardFault> {
    let (mut first, mut rest) = (Bytes::new(), BytesMut::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| ForwardFault::Broken(error.to_string()))?;
        let Ok(data) = frame.into_data() else { continue };
        if first.len() + rest.len() + data.len() > MAX_FORWARDED_REPLY {
            return Err(ForwardFault::TooLarge);
        }
        if first.is_empty() && rest.is_empty() {
            first = data;
        } else {
            rest.extend_from_slice(&std::mem::take(&mut first));
            rest.extend_from_slice(&data);
        }
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

/// The request. Everything in its head is ours or was checked by `http`, which takes no line breaks.
fn written(upstream: &Upstream, request: &ForwardRequest) -> Result<Written, ForwardFault> {
    let unwritable = |error: &dyn std::fmt::Display| ForwardFault::Unwritable(error.to_string());
    let path: Uri = request.path.parse().map_err(|error| unwritable(&error))?;
    let host = HeaderValue::from_str(&upstream.place()).map_err(|error| unwritable(&error))?;
    let id = HeaderValue::from_str(&request.request_id).map_err(|error| unwritable(&error))?;
    let mut written = Request::new(Full::new(request.body.clone()));
    *written.method_mut() = http::Method::POST;
    *written.uri_mut() = path;
    let headers = written.headers_mut();
    headers.insert(HOST, host);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(request.content_type));
    headers.insert(USER_AGENT, AGENT.clone());
    headers.insert(REQUEST_ID.clone(), id);
    Ok(written)
}

/// What an error of a connection means: the request was sent, at least in part.
fn broken(error: &hyper::Error) -> ForwardFault {
    let mut deepest: &(dyn std::error::Error + 'static) = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    ForwardFault::Broken(deepest.to_string())
}
