//! Telling the other side: the signed query, and whoever carries it there.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use gateway::service::name_in;
use http::{Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};
use store::Secret;
use units::Moment;
use wire::form::{self, Space};
use wire::top::{self, Digest};

use crate::limits;

/// How a method is spelled (fact sheet qimen, C4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spelling {
    /// `deliveryorder.create`: what receivers on the warehouse's side dispatch on.
    #[default]
    Short,
    /// `taobao.qimen.deliveryorder.create`: what Qimen itself and receivers on the ERP's side want.
    Long,
}

impl Spelling {
    /// `short` or `long`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Long => "long",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        [Self::Short, Self::Long].into_iter().find(|spelling| spelling.name() == name)
    }
}

/// Who signs a message, and how.
#[derive(Clone)]
pub struct Signer {
    /// `app_key`.
    pub app_key: String,
    /// Its secret.
    pub secret: Secret,
    /// `customerId`.
    pub customer_id: String,
    /// How methods are spelled.
    pub spelling: Spelling,
    /// `v`.
    pub version: String,
}

impl Signer {
    /// The signed query of a call. MD5 with every pair kept: the same string as a caller's signature (A5) and as that of a forwarded
    /// call (A6), so that Qimen and a bare target accept it alike.
    pub fn query(&self, method: &str, now: Moment, body: &[u8]) -> String {
        let name = name_in(method, &self.version);
        let name = match self.spelling {
            Spelling::Short => name.to_owned(),
            Spelling::Long => format!("taobao.qimen.{name}"),
        };
        let timestamp = now.to_string();
        let pairs = [
            ("method", &*name),
            ("app_key", &self.app_key),
            ("customerId", &self.customer_id),
            ("timestamp", &timestamp),
            ("format", "xml"),
            ("v", &self.version),
            ("sign_method", Digest::Md5.name()),
        ];
        let sign = top::sign(Digest::Md5, self.secret.expose_text(), pairs, Some(body));
        form::encode(pairs.into_iter().chain([("sign", &*sign)]), Space::Percent)
    }
}

/// A call that is ready to leave.
#[derive(Clone)]
pub struct Outbound {
    /// Where to, without query.
    pub url: String,
    /// The signed query.
    pub query: String,
    /// The body.
    pub body: Bytes,
    /// How long the other side may take.
    pub patience: Duration,
}

/// Carries calls to the other side.
pub trait Outgoing: Send + Sync {
    /// Posts a call; the body of the reply, or why there is none.
    fn post(&self, call: Outbound) -> Pin<Box<dyn Future<Output = Result<Bytes, String>> + Send>>;
}

/// Plain HTTP, connections kept.
pub struct Direct {
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Default for Direct {
    fn default() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
        Self { client: Client::builder(TokioExecutor::new()).build(connector) }
    }
}

impl Outgoing for Direct {
    fn post(&self, call: Outbound) -> Pin<Box<dyn Future<Output = Result<Bytes, String>> + Send>> {
        let client = self.client.clone();
        Box::pin(async move {
            let mark = if call.url.contains('?') { '&' } else { '?' };
            let request = Request::post(format!("{}{mark}{}", call.url, call.query))
                .header(header::CONTENT_TYPE, "text/xml;charset=utf-8")
                .body(Full::new(call.body))
                .map_err(|error| format!("the address cannot be called: {error}"))?;
            let exchange = async {
                let response = client.request(request).await.map_err(|error| format!("no connection: {error}"))?;
                let status = response.status();
                let body = Limited::new(response.into_body(), limits::REPLY).collect().await;
                let body = body.map_err(|error| format!("the reply broke off: {error}"))?.to_bytes();
                if status.is_success() { Ok(body) } else { Err(format!("HTTP {}", status.as_u16())) }
            };
            match tokio::time::timeout(call.patience, exchange).await {
                Ok(done) => done,
                Err(_) => Err(format!("no reply within {} s", call.patience.as_secs())),
            }
        })
    }
}
