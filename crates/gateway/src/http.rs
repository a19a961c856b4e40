//! The HTTP doors: axum routes that read a request whole, hand it to the pipeline and send the answer.
//!
//! Never here: a decision about the call. A body that is too large or too slow still gets an envelope.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use axum::routing::any;
use bytes::{Bytes, BytesMut};
use http::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderName, HeaderValue,
};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;

use crate::exchange::{Received, Sent};
use crate::fault::Fault;
use crate::limit::Budget;
use crate::limits;
use crate::patience::within;
use crate::pipeline::Gateway;

/// Content types of answers, as header values that need no check.
static KNOWN_TYPES: [(&str, HeaderValue); 2] = {
    const JSON: &str = "application/json;charset=UTF-8";
    const XML: &str = "text/xml;charset=UTF-8";
    [(JSON, HeaderValue::from_static(JSON)), (XML, HeaderValue::from_static(XML))]
};

/// All doors of the gateway. The program serves it with `into_make_service_with_connect_info::<SocketAddr>()`, so that
/// address lists of applications work.
pub fn router(gateway: Arc<Gateway>) -> Router {
    [
        "/openapi2/{file}",
        "/router/qm",
        "/router/qmtest",
        "/router/rest",
        "/top/router/qm",
        "/top/router/qmtest",
        "/top/router/rest",
    ]
    .into_iter()
    .fold(Router::new(), |router, path| router.route(path, any(serve)))
    .with_state(gateway)
}

async fn serve(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let received = receive(request).await;
    // A body that was not read to its end cannot be followed by another request.
    let last = received.spoiled.is_some();
    let sent = gateway.answer(received).await;
    gateway.written_down(&sent).await;
    let mut response = send(sent);
    if last {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Reads the request whole, within the limits of size and time.
pub async fn receive(request: Request) -> Received {
    let at = Instant::now();
    let (head, body) = request.into_parts();
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let (body, spoiled) = if !matches!(head.method, Method::GET | Method::POST) {
        (Bytes::new(), Some(Fault::WrongVerb))
    } else if too_large_to_begin(&head.headers) {
        (Bytes::new(), Some(Fault::TooLarge))
    } else {
        match within(limits::READ_TIMEOUT, collect(body)).await {
            Ok(Ok(body)) => (body, None),
            Ok(Err(fault)) => (Bytes::new(), Some(fault)),
            Err(_) => (Bytes::new(), Some(Fault::TooSlow)),
        }
    };
    Received {
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        content_type: text(&head.headers, CONTENT_TYPE).to_owned(),
        body,
        gzip: wire::gzip::is_accepted(text(&head.headers, ACCEPT_ENCODING)),
        host: head.headers.get(HOST).cloned(),
        peer,
        at,
        resent: false,
        spoiled,
    }
}

/// A client that waits for `100 Continue` before it sends can be spared the sending.
fn too_large_to_begin(headers: &HeaderMap) -> bool {
    !text(headers, EXPECT).is_empty() && text(headers, CONTENT_LENGTH).parse().unwrap_or(0usize) > limits::MAX_BODY
}

/// The body, of one piece without copying. Beyond the limit it is read on and thrown away, so that the client, which writes
/// before it reads, gets its envelope.
async fn collect(mut body: Body) -> Result<Bytes, Fault> {
    let (mut first, mut rest, mut length) = (Bytes::new(), BytesMut::new(), 0usize);
    while let Some(frame) = body.frame().await {
        let broken = |_| Fault::Undecodable {
            parameter: String::new(),
            problem: "the request body broke off".to_owned(),
            encoding: false,
        };
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length > limits::MAX_DRAIN {
            return Err(Fault::TooLarge);
        }
        if length > limits::MAX_BODY {
            (first, rest) = (Bytes::new(), BytesMut::new());
        } else if first.is_empty() {
            first = data;
        } else {
            if rest.is_empty() {
                rest.reserve(first.len() + data.len());
                rest.extend_from_slice(&first);
            }
            rest.extend_from_slice(&data);
        }
    }
    if length > limits::MAX_BODY {
        return Err(Fault::TooLarge);
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

pub(crate) fn send(sent: Sent) -> Response {
    let mut response = Response::new(Body::from(sent.body));
    *response.status_mut() = StatusCode::from_u16(sent.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    let known = KNOWN_TYPES.iter().find(|known| known.0 == sent.content_type);
    headers.insert(
        CONTENT_TYPE,
        known.map_or_else(|| HeaderValue::from_static(sent.content_type), |known| known.1.clone()),
    );
    if sent.gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if let Some(Budget { limit, remaining, seconds }) = sent.budget {
        headers.insert("x-matou-limit", HeaderValue::from(limit));
        headers.insert("x-matou-remaining", HeaderValue::from(remaining));
        headers.insert("x-matou-reset", HeaderValue::from(seconds));
    }
    response
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
