//! Telling the other side: the signed query, and whoever carries it there.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use gateway::directory::{Api, Endpoint, Environment, Target, TargetKind};
use gateway::forward::{ForwardRequest, Forwarder, Upstream};
use gateway::service::name_in;
use serde::{Deserialize, Serialize};
use store::Secret;
use units::Moment;
use wire::form::{self, Space};
use wire::top::{self, Digest};

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
    /// Calls of one line share connections and a queue.
    pub line: String,
    /// It may lie at a private, loopback or link-local address.
    pub private_allowed: bool,
}

/// Carries calls to the other side.
pub trait Outgoing: Send + Sync {
    /// Posts a call; the body of the reply, or why there is none.
    fn post(&self, call: Outbound) -> Pin<Box<dyn Future<Output = Result<Bytes, String>> + Send>>;
}

/// Through the gateway's forwarding: its connections, queues, circuit breakers, guard of private addresses, TLS.
pub struct Through {
    forwarder: Arc<Forwarder>,
}

impl Through {
    /// Sends with this forwarder.
    pub fn new(forwarder: Arc<Forwarder>) -> Self {
        Self { forwarder }
    }
}

impl Outgoing for Through {
    fn post(&self, call: Outbound) -> Pin<Box<dyn Future<Output = Result<Bytes, String>> + Send>> {
        let forwarder = Arc::clone(&self.forwarder);
        Box::pin(async move {
            let endpoint = Endpoint {
                url: call.url,
                private_allowed: call.private_allowed,
                timeout_ms: u32::try_from(call.patience.as_millis()).ok(),
                ..Endpoint::default()
            };
            let target = Arc::new(Target {
                key: format!("wms {}", call.line),
                name: String::new(),
                kind: TargetKind::Http,
                production: endpoint,
                test: Endpoint::default(),
            });
            let upstream = Upstream::of(&target, Environment::Production, &Api::default())?;
            let own = upstream.path();
            let mark = if own.contains('?') { '&' } else { '?' };
            let request = ForwardRequest {
                path: format!("{own}{mark}{}", call.query),
                content_type: "text/xml;charset=utf-8",
                body: call.body,
                repeatable: false,
                request_id: call.line,
                patience: call.patience,
                overtime: Duration::ZERO,
            };
            let reply = forwarder.call(&upstream, &request).await.map_err(|fault| fault.to_string())?;
            Ok(reply.body)
        })
    }
}
