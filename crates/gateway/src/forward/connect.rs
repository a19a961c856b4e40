//! Connecting to a target: its name is resolved, each address judged, and the connection goes to an address that passed, so that
//! a name cannot be answered differently a second time. Then TLS, for the name. All of it within one limit of time.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::{fmt, io};

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::{TcpStream, lookup_host};
use tower_service::Service;

use super::address::{self, Refusal};
use crate::limits::{CONNECT_ADDRESSES, CONNECT_TIMEOUT};

/// Why there is no connection. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectFault {
    /// The name is not known.
    Name(String),
    /// The name leads to this machine or a private network, which the endpoint does not allow.
    Private(IpAddr),
    /// The name leads where no target lives.
    Forbidden(IpAddr),
    /// Nobody accepts the connection.
    Refused(String),
    /// The certificate is not trusted, or the other side does not speak TLS.
    Tls(String),
    /// All of it took too long.
    TooSlow,
}

impl fmt::Display for ConnectFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(problem) => write!(f, "the target's name cannot be resolved: {problem}"),
            Self::Private(address) => {
                write!(f, "the target's address {address} is private, which its endpoint does not allow")
            }
            Self::Forbidden(address) => write!(f, "no target may live at {address}"),
            Self::Refused(problem) => write!(f, "the target does not accept the connection: {problem}"),
            Self::Tls(problem) => write!(f, "no TLS with the target: {problem}"),
            Self::TooSlow => write!(f, "the target could not be connected to within {} s", CONNECT_TIMEOUT.as_secs()),
        }
    }
}

impl std::error::Error for ConnectFault {}

/// Opens plain connections to addresses that passed.
#[derive(Clone)]
struct Plain {
    private_allowed: bool,
}

/// Opens plain and TLS connections.
pub(super) struct Connector(HttpsConnector<Plain>);

/// An open connection.
pub(super) type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

impl Connector {
    pub(super) fn new(tls: Arc<ClientConfig>, private_allowed: bool) -> Self {
        Self(HttpsConnector::from((Plain { private_allowed }, tls)))
    }

    /// A connection to this address, within [`CONNECT_TIMEOUT`].
    pub(super) async fn open(&self, url: &Uri) -> Result<Stream, ConnectFault> {
        match tokio::time::timeout(CONNECT_TIMEOUT, self.0.clone().call(url.clone())).await {
            Err(_) => Err(ConnectFault::TooSlow),
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(match error.downcast::<ConnectFault>() {
                Ok(fault) => *fault,
                Err(other) => ConnectFault::Tls(other.to_string()),
            }),
        }
    }
}

impl Service<Uri> for Plain {
    type Response = TokioIo<TcpStream>;
    type Error = ConnectFault;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectFault>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let private_allowed = self.private_allowed;
        Box::pin(async move { open(&uri, private_allowed).await.map(TokioIo::new) })
    }
}

async fn open(uri: &Uri, private_allowed: bool) -> Result<TcpStream, ConnectFault> {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let mut fault = ConnectFault::Name("no address".to_owned());
    for address in resolve(host, port).await.map_err(|error| ConnectFault::Name(error.to_string()))? {
        match address::check(address.ip(), private_allowed) {
            Err(Refusal::Private) => fault = ConnectFault::Private(address.ip()),
            Err(Refusal::Never) => fault = ConnectFault::Forbidden(address.ip()),
            Ok(()) => match TcpStream::connect(address).await {
                Ok(stream) => {
                    // Small requests are answered sooner; a kernel that cannot is no reason to fail.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Err(error) => fault = ConnectFault::Refused(format!("{address}: {error}")),
            },
        }
    }
    Err(fault)
}

async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    Ok(lookup_host((host, port)).await?.take(CONNECT_ADDRESSES).collect())
}
