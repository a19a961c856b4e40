//! The push endpoint, `/spi/ascp`: whoever knows the application's secret may push for the suppliers that are bound to it. One
//! function a step, in the order in which they run. (Fact sheet ascp-direct, 1.6.)

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use gateway::directory::Protocol;
use http::{HeaderMap, HeaderValue, Method, header};
use units::Moment;
use wire::args::{Arguments, given};
use wire::content::{ContentType, Media};
use wire::json::Object;
use wire::params::{Clash, Params};
use wire::qimen::{self, Forwarded};

use super::channel::Channel;
use super::error::Error;
use super::hub::Hub;
use super::message::Incoming;
use super::{alarm, receive};
use crate::limits::{PUSH_BODY, PUSH_READ, PUSH_WINDOW, PUSH_WORK};
use crate::messages::{Body, Envelope, Format, PushKind, PushReply, read_body};

/// Where the pushes come in.
pub const PATH: &str = "/spi/ascp";

/// The pair of strings that the platform documents for a wrong signature (fact sheet ascp-direct, 1.6).
const ILLEGAL: (&str, &str) = ("sign-check-failure", "Illegal request");

/// A push as it comes in.
pub struct Arrived {
    /// Raw query string.
    pub query: String,
    /// Value of `Content-Type`.
    pub content_type: String,
    /// The headers that `top-sign-list` may name.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// The push endpoint.
pub fn router(hub: Arc<Hub>) -> Router {
    Router::new().route(PATH, any(serve)).with_state(hub)
}

async fn serve(State(hub): State<Arc<Hub>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let content_type = text(header::CONTENT_TYPE);
    let format = match ContentType::read(&content_type).media {
        Media::Json => Format::Json,
        _ => Format::Xml,
    };
    if head.method != Method::POST {
        return send(format, &PushReply::refused("INVALID_REQUEST", "use POST"));
    }
    let body = match tokio::time::timeout(PUSH_READ, to_bytes(body, PUSH_BODY)).await {
        Ok(Ok(body)) => body.to_vec(),
        Ok(Err(_)) => {
            return send(format, &PushReply::refused("INVALID_REQUEST", "the body is too large or broke off"));
        }
        Err(_) => return send(format, &PushReply::later("TIMEOUT", "the body did not arrive in time")),
    };
    let query = head.uri.query().unwrap_or_default().to_owned();
    let (reply, format) = hub.push(&Arrived { query, content_type, headers: head.headers, body }).await;
    send(format, &reply)
}

/// HTTP 200 whatever happened: the platform reads the reply.
fn send(format: Format, reply: &PushReply) -> Response {
    let (content_type, body) = reply.write(format);
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

impl Hub {
    /// Takes a push: when the reply says success, it is on the disk.
    pub async fn push(&self, arrived: &Arrived) -> (PushReply, Format) {
        let format = match ContentType::read(&arrived.content_type).media {
            Media::Json => Format::Json,
            _ => Format::Xml,
        };
        match self.admit(arrived) {
            Err(reply) => (reply, format),
            Ok(admitted) => {
                let format = admitted.format;
                (self.take(admitted).await, format)
            }
        }
    }

    /// Everything before the unit of work: nothing of a refused push is stored.
    fn admit(&self, arrived: &Arrived) -> Result<Admitted, PushReply> {
        let query = Params::of_query(arrived.query.as_bytes())
            .map_err(|error| PushReply::refused("INVALID_REQUEST", error.to_string()))?;
        let app_key = self.check_signature(arrived, &query)?;
        let method = query.get("method").unwrap_or_default();
        let Some(kind) = PushKind::of_method(method) else {
            let shown = wire::limits::quoted(method);
            tracing::warn!(method = shown, "a push of an unknown method");
            self.report_unknown(&app_key, &shown);
            return Err(PushReply::refused("UNKNOWN_METHOD", format!("{shown} is not handled")));
        };
        let Body { json, format } = read_body(&arrived.content_type, &arrived.body)
            .map_err(|error| PushReply::refused("INVALID_BODY", error.to_string()))?;
        let object = Object::parse(&json).map_err(|error| PushReply::refused("INVALID_BODY", error.to_string()))?;
        let envelope = Envelope::decode_root(&object)
            .map_err(|refusal| PushReply::refused("INVALID_FIELD", refusal.to_string()))?;
        let channel = self.route(&envelope, &app_key, &query)?;
        let status = given(&envelope.refund_status).unwrap_or("1");
        let raw = (arrived.content_type.as_str(), arrived.body.as_slice());
        let vault = self.store().vault();
        let incoming = Incoming::new(vault, channel.id, kind, &envelope.code, status, json.clone(), raw);
        Ok(Admitted { channel, incoming: Arc::new(incoming), format })
    }

    /// The application that the push is addressed to, once its secret has been proved and the clock is right.
    fn check_signature(&self, arrived: &Arrived, query: &Params<'_>) -> Result<String, PushReply> {
        let illegal = || PushReply::refused(ILLEGAL.0, ILLEGAL.1);
        let (app_key, sign) = (query.get("app_key").unwrap_or_default(), query.get("sign").unwrap_or_default());
        let directory = self.directory().snapshot();
        let app = directory.app(Protocol::Top, app_key).filter(|app| app.enabled).ok_or_else(illegal)?;
        let header = |name: &str| arrived.headers.get(name).and_then(|value| value.to_str().ok());
        let headers =
            qimen::listed_headers(header(qimen::SIGN_LIST).unwrap_or_default(), header).map_err(|_| illegal())?;
        let is_form = matches!(ContentType::read(&arrived.content_type).media, Media::Form);
        let form_body: &[u8] = if is_form { &arrived.body } else { b"" };
        let form = Params::of_form(b"", form_body, Clash::BodyWins).map_err(|_| illegal())?;
        let forwarded = Forwarded {
            headers: &headers,
            query,
            form: &form,
            content_type: if arrived.content_type.is_empty() { "text/xml" } else { &arrived.content_type },
            body: &arrived.body,
        };
        if !qimen::verify(app.secret.expose_text(), &forwarded, sign).unwrap_or(false) {
            return Err(illegal());
        }
        let now = self.real_time();
        let claimed = query.get("timestamp").and_then(|text| Moment::parse(text).ok());
        match claimed {
            Some(claimed) if now.since(claimed).abs() <= PUSH_WINDOW => Ok(app.key.clone()),
            _ => Err(PushReply::refused(ILLEGAL.0, "Illegal request: timestamp is missing or out of the window")),
        }
    }

    /// The channel: by source platform and supplier, never by URL alone (fact sheet ascp-direct, 1.2). A supplier that nobody has
    /// entered yet is pushed again, so that nothing is lost while somebody does.
    fn route(&self, envelope: &Envelope, app_key: &str, query: &Params<'_>) -> Result<Arc<Channel>, PushReply> {
        let (supplier, platform) = (&*envelope.supplier_id, &*envelope.source_platform);
        let Some(channel) = self.channel(supplier, platform) else {
            tracing::warn!("a push for a supplier that has no channel");
            let text = format!("supplierId {supplier} of {platform} is not configured here");
            return Err(PushReply::later("UNKNOWN_SUPPLIER", text));
        };
        if channel.facts.app_key != app_key {
            return Err(PushReply::refused(ILLEGAL.0, ILLEGAL.1));
        }
        let customer = query.get("customerId").unwrap_or_default();
        if !channel.facts.customer_id.is_empty() && channel.facts.customer_id != customer {
            return Err(PushReply::refused("WRONG_CUSTOMER", "customerId is not the one of this supplier"));
        }
        Ok(channel)
    }

    /// The unit of work. Until it is kept nobody hears of success.
    async fn take(&self, admitted: Admitted) -> PushReply {
        let Admitted { channel, incoming, .. } = admitted;
        let Some(settings) = self.settings(channel.tenant) else {
            return PushReply::later("NOT_READY", "the merchant's settings cannot be read");
        };
        let tenant = channel.tenant;
        let unit = self.store().write(tenant, move |tx| receive::receive(tx, &settings, &channel, &incoming));
        let outcome = match tokio::time::timeout(PUSH_WORK, unit).await {
            Ok(outcome) => outcome,
            Err(_) => return PushReply::later("TIMEOUT", "the store is slow; push again, it is safe"),
        };
        self.wake();
        match outcome {
            Ok(reply) => reply,
            Err(Error::Store(error)) => {
                tracing::error!(%error, "the store failed under a push");
                PushReply::later("STORE_BUSY", "the order store is unavailable; push again")
            }
            Err(error) => {
                tracing::error!(%error, "a push could not be taken");
                PushReply::later("INTERNAL", "the push could not be taken; push again")
            }
        }
    }

    /// A method that nobody knows may be a new kind of document: somebody must look (fact sheet ascp-direct, 2.17).
    fn report_unknown(&self, app_key: &str, method: &str) {
        for channel in self.channels_of_app(app_key) {
            let (store, method) = (self.store().clone(), method.to_owned());
            tokio::spawn(async move {
                let text = format!("平台推送了未知接口 {method}");
                let tenant = channel.tenant;
                let raised = store
                    .write(tenant, move |tx| alarm::raise(tx, channel.id, alarm::kind::UNKNOWN_PUSH, &method, &text));
                if let Err(error) = raised.await {
                    tracing::warn!(%error, "an alarm could not be raised");
                }
            });
        }
    }
}

/// A push that passed every check.
struct Admitted {
    channel: Arc<Channel>,
    incoming: Arc<Incoming>,
    format: Format,
}
