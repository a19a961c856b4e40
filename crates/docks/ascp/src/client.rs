//! The HTTP client of both sides: one request, one answer, within limits of time and size.

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::limits::{ANSWER, PATIENCE};

/// Sends what one side says to the other.
#[derive(Clone)]
pub(crate) struct Client(Hyper<HttpConnector, Full<Bytes>>);

/// Status and body of an answer, or why there was none.
pub(crate) type Heard = Result<(u16, String), String>;

impl Client {
    /// A client with a pool of connections.
    pub(crate) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(std::time::Duration::from_secs(5)));
        Self(Hyper::builder(TokioExecutor::new()).build(connector))
    }

    /// Posts a body.
    pub(crate) async fn post(&self, url: &str, content_type: &str, body: String) -> Heard {
        let request = Request::post(url)
            .header(header::CONTENT_TYPE, content_type)
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| format!("{url}: {error}"))?;
        let exchange = async {
            let response = self.0.request(request).await.map_err(|error| format!("no connection: {error}"))?;
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), ANSWER)
                .collect()
                .await
                .map_err(|error| format!("the answer broke off: {error}"))?;
            let body = String::from_utf8(body.to_bytes().into()).map_err(|_| "the answer is not UTF-8".to_owned())?;
            Ok((status, body))
        };
        match tokio::time::timeout(PATIENCE, exchange).await {
            Ok(heard) => heard,
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }
}
