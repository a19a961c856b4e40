//! The HTTP client of both sides: one request, one answer, within limits of time and size; over TLS where the address says so.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::{Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};

use crate::limits::{ANSWER, PATIENCE};

/// Sends what one side says to the other.
#[derive(Clone)]
pub(crate) struct Client {
    plain: Hyper<HttpConnector, Full<Bytes>>,
    /// Reading the machine's authorities takes some milliseconds and some hundred kilobytes: only when an address wants it.
    secure: Arc<OnceLock<Hyper<HttpsConnector<HttpConnector>, Full<Bytes>>>>,
}

/// Status and body of an answer, or why there was none.
pub(crate) type Heard = Result<(u16, String), String>;

impl Client {
    /// A client with a pool of connections.
    pub(crate) fn new() -> Self {
        Self { plain: Hyper::builder(TokioExecutor::new()).build(connector()), secure: Arc::default() }
    }

    /// Posts a body.
    pub(crate) async fn post(&self, url: &str, content_type: &str, body: String) -> Heard {
        let uri: Uri = url.parse().map_err(|error| format!("{url}: {error}"))?;
        let is_secure = uri.scheme_str() == Some("https");
        let request = Request::post(uri)
            .header(header::CONTENT_TYPE, content_type)
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| format!("{url}: {error}"))?;
        let exchange = async {
            let sent = match is_secure {
                true => self.secure.get_or_init(secure).request(request),
                false => self.plain.request(request),
            };
            let response = sent.await.map_err(|error| format!("no connection: {error}"))?;
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

fn connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(std::time::Duration::from_secs(5)));
    connector
}

/// Believes the authorities of this machine, as its administrator keeps them for every program.
fn secure() -> Hyper<HttpsConnector<HttpConnector>, Full<Bytes>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        tracing::warn!("no certificate authorities on this machine: https:// addresses cannot be reached");
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = match ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions() {
        Ok(builder) => builder,
        // The provider is compiled in with its protocol versions.
        Err(_) => ClientConfig::builder(),
    };
    let settings = builder.with_root_certificates(roots).with_no_client_auth();
    let mut connector = connector();
    connector.enforce_http(false);
    Hyper::builder(TokioExecutor::new()).build(HttpsConnector::from((connector, settings)))
}
