//! A small HTTP client, for the simulated shop and for rehearsals: a caller like every other, through the public doors.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use units::Clock;
use wire::form::{self, Space};
use wire::top::{self, Digest};
use wire::wdt::{self, LengthUnit};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of an answer.
const ANSWER: usize = 64 * 1024 * 1024;

/// The client.
#[derive(Clone)]
pub(crate) struct Client {
    base: String,
    hyper: Hyper<HttpConnector, Full<Bytes>>,
}

/// An answer.
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Key and secret of an application.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) key: String,
    pub(crate) secret: String,
}

/// Pairs of a call, in the order of sending.
pub(crate) type Pairs = Vec<(String, String)>;

impl Client {
    /// Speaks to `base`, such as `http://127.0.0.1:8080`.
    pub(crate) fn new(base: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
        Self {
            base: base.trim_end_matches('/').to_owned(),
            hyper: Hyper::builder(TokioExecutor::new()).build(connector),
        }
    }

    /// Posts a form.
    pub(crate) async fn post_form(&self, path: &str, pairs: &[(String, String)]) -> Result<Heard, String> {
        let request = Request::post(format!("{}{path}", self.base))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded;charset=UTF-8");
        self.send(request, encode(pairs).into()).await
    }

    /// One call of the admin API.
    pub(crate) async fn admin(
        &self,
        verb: &str,
        path: &str,
        token: &str,
        body: Option<String>,
    ) -> Result<Heard, String> {
        let request = Request::builder()
            .method(verb)
            .uri(format!("{}{}{path}", self.base, console::ROOT))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request, body.unwrap_or_default().into()).await
    }

    /// One call of the sandbox of a simulated platform, or of its clock.
    pub(crate) async fn sandbox(
        &self,
        verb: &str,
        path: &str,
        token: &str,
        body: Option<String>,
    ) -> Result<Heard, String> {
        let request = Request::builder()
            .method(verb)
            .uri(format!("{}/sandbox/v1{path}", self.base))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request, body.unwrap_or_default().into()).await
    }

    async fn send(&self, request: http::request::Builder, body: Bytes) -> Result<Heard, String> {
        let request = request.body(Full::new(body)).map_err(|error| format!("request: {error}"))?;
        let exchange = async {
            let response = self.hyper.request(request).await.map_err(|error| format!("{}: {error}", self.base))?;
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), ANSWER)
                .collect()
                .await
                .map_err(|error| format!("{}: the answer broke off: {error}", self.base))?;
            let body = String::from_utf8(body.to_bytes().into()).map_err(|_| "the answer is not UTF-8".to_owned())?;
            Ok(Heard { status, body })
        };
        match tokio::time::timeout(PATIENCE, exchange).await {
            Ok(heard) => heard,
            Err(_) => Err(format!("{}: no answer within {} s", self.base, PATIENCE.as_secs())),
        }
    }
}

/// A form body.
pub(crate) fn encode(pairs: &[(String, String)]) -> String {
    form::encode(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), Space::Plus)
}

/// The pairs of an openapi2 call, signed (fact sheet wdt-1, 1.3 and 1.4).
pub(crate) fn openapi2(clock: &dyn Clock, sid: &str, keys: &Keys, arguments: Pairs) -> Pairs {
    let mut pairs = vec![
        ("sid".to_owned(), sid.to_owned()),
        ("appkey".to_owned(), keys.key.clone()),
        ("timestamp".to_owned(), clock.now().unix().to_string()),
    ];
    pairs.extend(arguments);
    let sign = wdt::sign(&keys.secret, borrowed(&pairs), LengthUnit::CodePoints);
    pairs.push(("sign".to_owned(), sign));
    pairs
}

/// The pairs of a Qimen call, signed (fact sheet qimen, A2 and A4).
pub(crate) fn qimen(clock: &dyn Clock, method: &str, sid: &str, keys: &Keys, target: &str, arguments: Pairs) -> Pairs {
    qimen_as(Digest::Md5, clock, method, sid, keys, target, arguments, None)
}

/// The same with another digest than MD5, or beside a raw body.
#[expect(clippy::too_many_arguments, reason = "what a call consists of, each of another type")]
pub(crate) fn qimen_as(
    digest: Digest,
    clock: &dyn Clock,
    method: &str,
    sid: &str,
    keys: &Keys,
    target: &str,
    arguments: Pairs,
    body: Option<&[u8]>,
) -> Pairs {
    let mut pairs = vec![
        ("method".to_owned(), method.to_owned()),
        ("app_key".to_owned(), keys.key.clone()),
        ("target_app_key".to_owned(), target.to_owned()),
        ("timestamp".to_owned(), clock.now().to_string()),
        ("format".to_owned(), "json".to_owned()),
        ("v".to_owned(), "2.0".to_owned()),
        ("sign_method".to_owned(), digest.name().to_owned()),
        ("sid".to_owned(), sid.to_owned()),
    ];
    pairs.extend(arguments);
    let sign = top::sign(digest, &keys.secret, borrowed(&pairs), body);
    pairs.push(("sign".to_owned(), sign));
    pairs
}

/// The pairs of a call of TOP itself, signed (fact sheet ascp-direct, 1.7). A `session` among the arguments stands before the given one.
pub(crate) fn top(clock: &dyn Clock, method: &str, session: &str, keys: &Keys, arguments: Pairs) -> Pairs {
    let mut pairs = vec![
        ("method".to_owned(), method.to_owned()),
        ("app_key".to_owned(), keys.key.clone()),
        ("timestamp".to_owned(), clock.now().to_string()),
        ("format".to_owned(), "json".to_owned()),
        ("simplify".to_owned(), "true".to_owned()),
        ("v".to_owned(), "2.0".to_owned()),
        ("sign_method".to_owned(), Digest::Md5.name().to_owned()),
        ("session".to_owned(), session.to_owned()),
    ];
    pairs.retain(|(name, _)| !arguments.iter().any(|(given, _)| given == name));
    pairs.extend(arguments);
    let sign = top::sign(Digest::Md5, &keys.secret, borrowed(&pairs), None);
    pairs.push(("sign".to_owned(), sign));
    pairs
}

fn borrowed(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}
