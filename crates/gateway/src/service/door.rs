//! The door of the scene, one function a step: receive → admit (`admit.rs`) → find the destination → throttle → stub → replay guard →
//! serve, or forward (`away.rs`) → reply.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use http::header::{CONNECTION, HOST, HeaderValue};
use units::Moment;

use super::admit::Admitted;
use super::{Receipt, Scene, SceneCall, Served, away, envelope};
use crate::directory::{App, EVERY_SID, Environment, Reach, Snapshot, Target, TargetKind, TenantInfo};
use crate::exchange::{Received, Sent};
use crate::fault::{self, Fault};
use crate::http::{receive, send};
use crate::limits;
use crate::once::OnceKey;
use crate::patience::within;
use crate::pipeline::Gateway;
use crate::replay::Sealed;
use crate::request_id::RequestId;
use crate::route::{Channel, Route};
use crate::run::Draft;
use crate::telemetry::Step;
use crate::trace::Trace;

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

/// Whether a path is one of this door.
pub(crate) fn is_path(path: &str) -> bool {
    PATHS.contains(&path)
}

#[derive(Clone)]
struct House {
    gateway: Arc<Gateway>,
    scene: Arc<dyn Scene>,
    hosts: Hosts,
}

/// The doors of the scene, beside those of [`crate::http::router`].
pub fn router(gateway: Arc<Gateway>, scene: Arc<dyn Scene>, hosts: Hosts) -> Router {
    // A second router of the same gateway has the same scene behind it.
    let _ = gateway.scene.set(Arc::clone(&scene));
    let house = House { gateway, scene, hosts };
    PATHS.into_iter().fold(Router::new(), |router, path| router.route(path, any(serve))).with_state(house)
}

async fn serve(State(house): State<House>, request: Request) -> Response {
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let environment = house.hosts.environment(request.uri().path(), host);
    let received = receive(request).await;
    let last = received.spoiled.is_some();
    let (_, sent) = Door { gateway: &house.gateway, scene: &*house.scene }.answer(received, environment).await;
    house.gateway.written_down(&sent).await;
    let mut response = send(sent);
    if last {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

impl Hosts {
    fn environment(&self, path: &str, host: &str) -> Environment {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let test = path.ends_with("test") || self.test.iter().any(|test| test.eq_ignore_ascii_case(name));
        if test { Environment::Test } else { Environment::Production }
    }
}

impl Gateway {
    /// Answers a call of the scene that does not come through HTTP; `None` when nobody serves the scene here.
    pub(crate) async fn answer_scene(&self, received: Received, environment: Environment) -> Option<(RequestId, Sent)> {
        let scene = self.scene.get()?;
        Some(Door { gateway: self, scene: &**scene }.answer(received, environment).await)
    }
}

/// The steps of a call.
pub(super) struct Door<'d> {
    pub(super) gateway: &'d Gateway,
    scene: &'d dyn Scene,
}

/// Where a customer's calls go.
enum Destination {
    /// To a target outside.
    Away(Arc<Target>),
    /// To a merchant of this house.
    Here(Arc<TenantInfo>),
    /// Nowhere; a stub may answer all the same: it is there for the time before the other side is.
    Nowhere(Fault),
}

/// What goes back.
enum Reply {
    Served(Served),
    /// What a mock rule says.
    Mocked(Sent),
}

impl Door<'_> {
    /// Answers one request. Never fails: every refusal has its envelope. HTTP 200, whatever happened.
    async fn answer(&self, received: Received, environment: Environment) -> (RequestId, Sent) {
        let (id, gateway) = (self.gateway.ids.next(), self.gateway);
        let mut trace = Trace::new(Channel::Service, id, &received, gateway.log(), &*gateway.parts.sink);
        trace.record.environment = Some(environment);
        let outcome = self.work(&received, environment, &mut trace).await;
        trace.watch.mark(Step::Run);
        let xml = |text: String| Sent::new(200, "text/xml;charset=UTF-8", text.into_bytes());
        let sent = match outcome {
            Ok(Reply::Served(served)) => {
                (trace.record.code, trace.record.replayed) = (served.code, served.replayed);
                xml(served.xml)
            }
            Ok(Reply::Mocked(sent)) => sent,
            Err(fault) => {
                trace.refuse(&fault);
                xml(envelope::fault(&fault, id.as_str()))
            }
        };
        (id, trace.let_go(sent))
    }

    async fn work(&self, received: &Received, environment: Environment, trace: &mut Trace<'_>) -> Result<Reply, Fault> {
        let admitted = self.admit(received, environment, trace)?;
        let now = self.gateway.parts.clock.now();
        let to = self.destination(&admitted, now).await?;
        let tenant = match &to {
            Destination::Here(tenant) => Some(tenant),
            Destination::Away(_) | Destination::Nowhere(_) => None,
        };
        trace.record.tenant = tenant.map_or(0, |tenant| tenant.number);
        self.gateway.throttle(&admitted.caller(tenant), Some(admitted.method.right), now)?;
        self.gateway.count(trace).await?;
        let mocked = self.mocked(&admitted, now, trace)?;
        trace.watch.mark(Step::Check);
        if let Some((sent, delay)) = mocked {
            tokio::time::sleep(delay).await;
            return Ok(Reply::Mocked(sent));
        }
        let served = match to {
            Destination::Nowhere(fault) => Err(fault),
            Destination::Away(target) => away::forward(self, admitted, received, &target, trace).await,
            Destination::Here(tenant) => self.serve(admitted, received, tenant, trace).await,
        };
        served.map(Reply::Served)
    }

    /// Where the calls of a customer go. Whoever may not send anything there is told so, stub or not.
    async fn destination(&self, admitted: &Admitted<'_>, now: Moment) -> Result<Destination, Fault> {
        let (app, environment) = (&admitted.app, admitted.environment);
        let (customer_id, direction) = (&admitted.customer_id, admitted.method.direction);
        if let Some(target) = away::target(self, admitted) {
            let directory = self.gateway.parts.directory.guard();
            // For all of its merchants: the scene has no `sid`.
            return match directory.reach(environment, &app.key, &target.key, EVERY_SID, now) {
                Reach::Granted => Ok(Destination::Away(target)),
                Reach::Ended(at) => Err(Fault::AuthorisationEnded { at }),
                Reach::OtherSid | Reach::Nothing => Err(Fault::NotAuthorised),
            };
        }
        let place = self.scene.place(environment, customer_id, direction).await.map_err(troubled)?;
        let directory = self.gateway.parts.directory.snapshot();
        let tenant = place.and_then(|number| directory.tenant(number)).filter(|tenant| tenant.enabled);
        match tenant.filter(|tenant| tenant.environment == environment) {
            None => Ok(Destination::Nowhere(Fault::Undecodable {
                parameter: "customerId".to_owned(),
                problem: format!("no route for customerId {} in this environment", quoted(customer_id)),
                encoding: false,
            })),
            Some(tenant) => match reach(&directory, app, environment, &tenant.sid, now) {
                Reach::Granted => Ok(Destination::Here(Arc::clone(tenant))),
                Reach::Ended(at) => Err(Fault::AuthorisationEnded { at }),
                Reach::OtherSid | Reach::Nothing => Err(Fault::NotAuthorised),
            },
        }
    }

    /// What a mock rule answers, and after how long.
    fn mocked(
        &self,
        admitted: &Admitted<'_>,
        now: Moment,
        trace: &mut Trace<'_>,
    ) -> Result<Option<(Sent, Duration)>, Fault> {
        let directory = self.gateway.parts.directory.guard();
        self.gateway.mocked(&directory, admitted.api.as_deref(), &admitted.content, now, trace)
    }

    /// Tells an identical call from a new one; the receipt of a write is known by this name.
    pub(super) fn sealed(
        &self,
        admitted: &Admitted<'_>,
        name: &str,
        received: &Received,
    ) -> Result<Option<Sealed>, Fault> {
        let (app, writes, now) = (&admitted.app, !admitted.method.query, self.gateway.parts.clock.now());
        // The clock's window is the one of TOP.
        self.gateway.guard_against_replay(Route::Rest, name, writes, app, &admitted.content, received, now)
    }

    /// The business key of a write.
    pub(super) fn once_key(&self, admitted: &Admitted<'_>, trace: &Trace<'_>) -> Option<OnceKey> {
        self.gateway.once_key(admitted.api.as_deref(), &admitted.content, &trace.record)
    }

    /// The merchant's own answer.
    async fn serve(
        &self,
        admitted: Admitted<'_>,
        received: &Received,
        tenant: Arc<TenantInfo>,
        trace: &Trace<'_>,
    ) -> Result<Served, Fault> {
        let sealed = self.sealed(&admitted, admitted.method.name, received)?;
        let receipt = sealed.map(|sealed| Receipt {
            draft: Draft { once: self.once_key(&admitted, trace), ..sealed.draft(admitted.method.name) },
            app: admitted.app.key.clone(),
        });
        let request_id = trace.record.request_id;
        let Admitted { method, app, customer_id, api, body, text, .. } = admitted;
        let patience = api.map_or(limits::CALL_TIMEOUT, |api| Duration::from_millis(api.timeout_ms.into()));
        let call = SceneCall { method, tenant, app, customer_id, body, text, request_id, receipt };
        match within(patience, self.scene.serve(call)).await {
            Ok(served) => served.map_err(troubled),
            Err(_) => Err(Fault::Unavailable(fault::STILL_RUNNING)),
        }
    }
}

/// Through any of the built-in targets: the scene names none.
fn reach(directory: &Snapshot, app: &App, environment: Environment, sid: &str, now: Moment) -> Reach {
    let mut best = Reach::Nothing;
    for target in directory.targets().into_iter().filter(|target| target.kind == TargetKind::Erp) {
        match directory.reach(environment, &app.key, &target.key, sid, now) {
            Reach::Granted => return Reach::Granted,
            Reach::Ended(at) => best = Reach::Ended(at),
            Reach::OtherSid | Reach::Nothing => {}
        }
    }
    best
}

fn quoted(text: &str) -> String {
    text.chars().take(limits::MAX_QUOTED).collect()
}

fn troubled(error: store::Error) -> Fault {
    tracing::error!(%error, "the store failed under a call of the warehouse scene");
    Fault::Unavailable(fault::REPEAT)
}
