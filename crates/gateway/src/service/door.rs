//! The door of the scene, one function a step: receive → decode → identify → authenticate → authorise → throttle → serve → reply.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use http::header::{CONNECTION, HOST, HeaderValue};
use units::Moment;
use wire::call::Call as Content;
use wire::params::Clash;
use wire::xml::Element;

use super::{Receipt, Scene, SceneCall, SceneMethod, Served, away, envelope, methods};
use crate::admission::{Caller, digest_of, given};
use crate::directory::{App, Environment, Protocol, Reach, Snapshot, TargetKind, TenantInfo};
use crate::exchange::{Received, Sent};
use crate::fault::{self, Fault};
use crate::http::{receive, send};
use crate::limits;
use crate::patience::within;
use crate::pipeline::Gateway;
use crate::replay::Signed;
use crate::route::Channel;
use crate::telemetry::{self, Step};
use crate::trace::Trace;
use crate::{decode, log, window};

/// The paths of the scene; the second is a test environment for callers that cannot choose their host.
const PATHS: [&str; 4] = [
    "/router/qimen/service",
    "/router/qimen/servicetest",
    "/top/router/qimen/service",
    "/top/router/qimen/servicetest",
];

/// Which hosts mean the test environment (fact sheet qimen, A1).
#[derive(Debug, Clone)]
pub struct Hosts {
    /// Host names, without port.
    pub test: Vec<String>,
}

impl Default for Hosts {
    fn default() -> Self {
        Self { test: vec!["qimenapi.tbsandbox.com".to_owned()] }
    }
}

pub(super) struct Door {
    pub(super) gateway: Arc<Gateway>,
    scene: Arc<dyn Scene>,
    hosts: Hosts,
}

/// The doors of the scene, beside those of [`crate::http::router`].
pub fn router(gateway: Arc<Gateway>, scene: Arc<dyn Scene>, hosts: Hosts) -> Router {
    let door = Arc::new(Door { gateway, scene, hosts });
    PATHS.into_iter().fold(Router::new(), |router, path| router.route(path, any(serve))).with_state(door)
}

async fn serve(State(door): State<Arc<Door>>, request: Request) -> Response {
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let environment = door.environment(request.uri().path(), host);
    let received = receive(request).await;
    let last = received.spoiled.is_some();
    let sent = door.answer(received, environment).await;
    door.gateway.written_down().await;
    let mut response = send(sent);
    if last {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// What is known when every check that needs no waiting has passed.
pub(super) struct Admitted {
    pub(super) method: &'static SceneMethod,
    pub(super) caller: Caller,
    pub(super) customer_id: String,
    /// What stood in the query.
    pub(super) public: Vec<(String, String)>,
    pub(super) body: Element,
    pub(super) text: String,
    pub(super) receipt: Option<Receipt>,
}

impl Door {
    fn environment(&self, path: &str, host: &str) -> Environment {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let test = path.ends_with("test") || self.hosts.test.iter().any(|test| test.eq_ignore_ascii_case(name));
        if test { Environment::Test } else { Environment::Production }
    }

    /// Answers one request. Never fails: every refusal has its envelope. HTTP 200, whatever happened.
    async fn answer(&self, received: Received, environment: Environment) -> Sent {
        let (id, gateway) = (self.gateway.ids.next(), &self.gateway);
        let mut trace = Trace::new(Channel::Service, id, &received, gateway.log(), &*gateway.parts.sink);
        trace.record.environment = Some(environment);
        let outcome = self.work(&received, environment, &mut trace).await;
        trace.watch.mark(Step::Run);
        let body = match outcome {
            Ok(served) => {
                (trace.record.code, trace.record.replayed) = (served.code, served.replayed);
                served.xml
            }
            Err(fault) => {
                trace.refuse(&fault);
                envelope::fault(&fault, id.as_str())
            }
        };
        trace.let_go(Sent::new(200, "text/xml;charset=UTF-8", body.into_bytes()))
    }

    async fn work(
        &self,
        received: &Received,
        environment: Environment,
        trace: &mut Trace<'_>,
    ) -> Result<Served, Fault> {
        let admitted = self.admit(received, environment, trace)?;
        if let Some(target) = away::target(self, &admitted) {
            self.gateway.throttle(&admitted.caller, Some(admitted.method.right), self.gateway.parts.clock.now())?;
            self.gateway.count(trace).await?;
            trace.watch.mark(Step::Check);
            return away::forward(self, &admitted, &target, trace).await;
        }
        let Admitted { method, caller, customer_id, body, text, receipt, .. } = admitted;
        let place = self.scene.place(environment, &customer_id, method.direction).await.map_err(troubled)?;
        let tenant = self.reached(&caller.app, environment, &customer_id, place)?;
        trace.record.tenant = tenant.number;
        let (app, request_id) = (Arc::clone(&caller.app), trace.record.request_id);
        let caller = Caller { tenant: Some(Arc::clone(&tenant)), ..caller };
        self.gateway.throttle(&caller, Some(method.right), self.gateway.parts.clock.now())?;
        self.gateway.count(trace).await?;
        trace.watch.mark(Step::Check);
        let call = SceneCall { method, tenant, app, customer_id, body, text, request_id, receipt };
        match within(limits::CALL_TIMEOUT, self.scene.serve(call)).await {
            Ok(served) => served.map_err(troubled),
            Err(_) => Err(Fault::Unavailable(fault::STILL_RUNNING)),
        }
    }

    /// Everything that needs nobody else: parameters, application, clock, signature, permission, and whether the body is XML.
    fn admit(&self, received: &Received, environment: Environment, trace: &mut Trace<'_>) -> Result<Admitted, Fault> {
        let content = decoded(received)?;
        trace.watch.mark(Step::Decode);
        let parts = &self.gateway.parts;
        let method = methods::find(given(&content.params, "method")?).ok_or(Fault::UnknownMethod)?;
        trace.record.method = method.name.into();
        trace.record.writes = !method.query;
        let directory = parts.directory.guard();
        let app = directory.app(Protocol::Top, given(&content.params, "app_key")?);
        let app = app.or_else(|| self.gateway.strangers.of(Protocol::Top)).ok_or(Fault::UnknownApp)?;
        let app = Arc::clone(app);
        let content = self.authenticate(&app, content, parts.clock.now(), trace)?;
        trace.record.app.clone_from(&app.key);
        may_call(&app, method, received)?;
        let customer_id = given(&content.params, "customerId")?.to_owned();
        log::short(&customer_id).clone_into(&mut trace.record.target);
        let text = content.raw.map(String::from_utf8_lossy).unwrap_or_default().into_owned();
        if text.is_empty() {
            return Err(Fault::Missing("request"));
        }
        let body = wire::xml::read(&text).map_err(|error| Fault::Undecodable {
            parameter: String::new(),
            problem: error.to_string(),
            encoding: false,
        })?;
        log::number_in_xml(&body).clone_into(&mut trace.record.number);
        let receipt = (!method.query).then(|| Receipt {
            draft: Signed {
                app: &app,
                method: method.name,
                path: &received.path,
                sign: content.params.get("sign").unwrap_or_default(),
                params: &content.params,
                raw: content.raw,
            }
            .sealed(parts.store.vault())
            .draft(method.name),
            app: app.key.clone(),
        });
        let public = content.params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let caller = Caller { app, tenant: None, environment };
        Ok(Admitted { method, caller, customer_id, public, body, text, receipt })
    }

    /// Clock, `v`, `format`, `sign_method`, signature (fact sheet qimen, B8, A5). What the signature did not cover counts as not sent.
    fn authenticate<'c>(
        &self,
        app: &App,
        mut content: Content<'c>,
        now: Moment,
        trace: &mut Trace<'_>,
    ) -> Result<Content<'c>, Fault> {
        let params = &content.params;
        let claimed = window::of_top(given(params, "timestamp")?).ok_or(Fault::BadTimestamp)?;
        let window = self.gateway.parts.config.top_window;
        if !trace.record.repushed && !window::holds(claimed, now, window) {
            return Err(Fault::Skewed { claimed, now, window });
        }
        match given(params, "v")? {
            "1.0" | "2.0" => {}
            version if version.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
                return Err(Fault::UnsupportedVersion);
            }
            _ => return Err(Fault::BadVersion),
        }
        if !matches!(params.get("format"), None | Some("" | "xml")) {
            return Err(Fault::BadFormat("use format=xml"));
        }
        let digest = digest_of(params, app)?;
        let (sign, secret) = (given(params, "sign")?, app.secret.expose_text());
        let options = wire::top::Options { skip_at: app.options.skip_at_values };
        let dialect = wire::top::verify(digest, secret, params, content.raw, sign, options).ok_or_else(|| {
            let directory = self.gateway.parts.directory.guard();
            Fault::BadSignature { hint: self.gateway.hints.of(app, &content, None, &directory, now) }
        })?;
        trace.record.dialect = telemetry::top_dialect(dialect);
        content.params.retain_values(|value| dialect.covers(value));
        Ok(content)
    }

    /// The tenant behind a customer, if the caller may reach it: through any authorisation of a built-in target for its `sid`.
    fn reached(
        &self,
        app: &App,
        environment: Environment,
        customer_id: &str,
        place: Option<i64>,
    ) -> Result<Arc<TenantInfo>, Fault> {
        let directory = self.gateway.parts.directory.snapshot();
        let tenant = place.and_then(|number| directory.tenant(number)).filter(|tenant| tenant.enabled);
        let tenant = tenant.filter(|tenant| tenant.environment == environment).ok_or_else(|| Fault::Undecodable {
            parameter: "customerId".to_owned(),
            problem: format!("no route for customerId {} in this environment", quoted(customer_id)),
            encoding: false,
        })?;
        if reaches(&directory, app, environment, &tenant.sid) {
            Ok(Arc::clone(tenant))
        } else {
            Err(Fault::NotAuthorised)
        }
    }
}

fn reaches(directory: &Snapshot, app: &App, environment: Environment, sid: &str) -> bool {
    let built_in = directory.targets().into_iter().filter(|target| target.kind == TargetKind::Erp);
    built_in.into_iter().any(|target| directory.reach(environment, &app.key, &target.key, sid) == Reach::Granted)
}

/// Query and raw body. A body without a content type is XML here; a form is none.
fn decoded(received: &Received) -> Result<Content<'_>, Fault> {
    if let Some(fault) = &received.spoiled {
        return Err(fault.clone());
    }
    let stated = if received.content_type.is_empty() { "text/xml" } else { &received.content_type };
    let content = wire::call::read(received.query.as_bytes(), stated, &received.body, Clash::Refuse);
    content.map_err(decode::undecodable)
}

/// Enabled, address, the method's permission.
fn may_call(app: &App, method: &SceneMethod, received: &Received) -> Result<(), Fault> {
    if !app.enabled {
        return Err(Fault::AppDisabled);
    }
    let networks = &app.options.addresses;
    if !networks.is_empty() && !received.peer.is_some_and(|peer| networks.iter().any(|net| net.contains(peer))) {
        return Err(Fault::AddressRefused);
    }
    if app.rights.methods.permits(method.right) { Ok(()) } else { Err(Fault::NotPermitted) }
}

fn quoted(text: &str) -> String {
    text.chars().take(limits::MAX_QUOTED).collect()
}

fn troubled(error: store::Error) -> Fault {
    tracing::error!(%error, "the store failed under a call of the warehouse scene");
    Fault::Unavailable(fault::REPEAT)
}
