//! A call from its bytes to its answer, one function a step, in the order in which they run:
//! receive → decode → identify → authenticate → authorise → throttle → replay guard → call → envelope → compress.
//!
//! The order of the checks and their codes: fact sheets wdt-1, 1.11 and qimen, B8. A refused call has no effect.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use store::receipt;
use units::Moment;
use wire::call::Call as Content;
use wire::explain::Explanation;
use wire::params::Params;

use crate::admission::{Asked, Caller, authorise, check_public, given, standing_target, who};
use crate::call::{self, Call};
use crate::config::Parts;
use crate::coverage::{Coverage, Sighting};
use crate::decode;
use crate::directory::{Api, Directory, Environment, Snapshot};
use crate::dispute::{self, Hints};
use crate::envelope::Form;
use crate::exchange::{Received, Sent};
use crate::fault::{self, Fault};
use crate::forward::{self, Errand, Forwarder};
use crate::limit::Limiter;
use crate::limits;
use crate::log::{self, CallLog};
use crate::memory::{Asking, Memory, Question};
use crate::method::Failure;
use crate::own::Own;
use crate::patience::within;
use crate::player::{PlayedCall, Player};
use crate::quota::{self, Daily};
use crate::registry::Registry;
use crate::replay::Seen;
use crate::reply::Answer;
use crate::request_id::{RequestId, RequestIds};
use crate::route::{Channel, Route};
use crate::run::{Draft, Job, Ran, Running, stored_answer};
use crate::service::Scene;
use crate::skew::Skews;
use crate::stranger::Strangers;
use crate::stub::Stubs;
use crate::telemetry::{self, Step};
use crate::throttle::Throttle;
use crate::trace::Trace;
use crate::window;

/// The gateway.
pub struct Gateway {
    pub(crate) parts: Parts,
    pub(crate) ids: RequestIds,
    pub(crate) throttle: Throttle,
    limiter: Limiter,
    stubs: Stubs,
    pub(crate) seen: Seen,
    pub(crate) hints: Hints,
    pub(crate) strangers: Strangers,
    pub(crate) skews: Skews,
    pub(crate) coverage: Arc<Coverage>,
    pub(crate) memory: Arc<Memory>,
    pub(crate) forwarder: Arc<Forwarder>,
    /// Whoever serves the warehouse scene, once its door is open.
    pub(crate) scene: OnceLock<Arc<dyn Scene>>,
}

/// A call that passed every check.
pub(crate) enum Ready {
    /// The unit of work, and how long the caller waits for it.
    Run(Running, Duration),
    /// The message is too old to be carried out, but it may have been: only its receipt may answer.
    Remembered { tenant: store::Tenant, draft: Draft, otherwise: Fault },
    /// Answered by the gateway itself.
    Here(Answer),
    /// To be forwarded; too old for that, if there is a fault: then only the answer that was kept is given.
    Forward(Box<Errand>, Option<Fault>),
    /// Answered by a mock rule, after a while.
    Mocked(Sent, Duration),
    /// Answered by a simulator.
    Play(Arc<dyn Player>, PlayedCall),
}

impl Gateway {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let ids = match &parts.log {
            Some(log) => RequestIds::of_node(log.node(), parts.seed),
            None => RequestIds::new(parts.seed),
        };
        let forwarder = Arc::new(Forwarder::new(&parts.config.authorities));
        let strangers = Strangers::new(parts.config.conceal_applications, parts.seed);
        let hints = Hints::new(parts.config.conceal_applications);
        Self {
            parts,
            forwarder,
            ids,
            throttle: Throttle::default(),
            limiter: Limiter::default(),
            stubs: Stubs::default(),
            seen: Seen::default(),
            hints,
            strangers,
            skews: Skews::default(),
            coverage: Arc::default(),
            memory: Arc::default(),
            scene: OnceLock::new(),
        }
    }

    /// The methods that it serves.
    pub fn registry(&self) -> &Registry {
        &self.parts.registry
    }

    /// Who may call.
    pub fn directory(&self) -> &Arc<Directory> {
        &self.parts.directory
    }

    /// Where its calls are written down; `None` when they are not.
    pub fn log(&self) -> Option<&CallLog> {
        self.parts.log.as_deref()
    }

    /// To be awaited before an answer leaves: the call is in the log then, whatever becomes of this process. Calls that are answered at
    /// the same time are let run on first, and written down together.
    pub(crate) async fn written_down(&self, sent: &Sent) {
        if let (Some(log), Some(slip)) = (self.log(), sent.slip) {
            tokio::task::yield_now().await;
            log.settle(slip);
        }
    }

    pub(crate) fn store(&self) -> &store::Store {
        &self.parts.store
    }

    pub(crate) fn stubs(&self) -> &Stubs {
        &self.stubs
    }

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// The real time.
    pub(crate) fn now(&self) -> Moment {
        self.parts.clock.now()
    }

    /// The lines to targets outside.
    pub fn forwarder(&self) -> &Arc<Forwarder> {
        &self.forwarder
    }

    /// Why the signature of a call is wrong, or that it is right: the string that should have been signed (without the secret), the
    /// known mistake that gives the presented signature, and where the client's own string differs. For the merchant
    /// concerned: it holds the values of the call.
    pub fn explain(&self, received: &Received, client_string: Option<&str>) -> Result<Explanation, String> {
        dispute::story(received, client_string, &self.parts.directory.guard(), self.parts.clock.now())
    }

    /// Answers one request. Never fails: every refusal has its envelope.
    pub async fn answer(&self, received: Received) -> Sent {
        self.answer_named(received).await.1
    }

    /// The same, with the id of the call.
    pub(crate) async fn answer_named(&self, received: Received) -> (RequestId, Sent) {
        let id = self.ids.next();
        let Some(route) = Route::of(&received.path) else { return (id, no_such_path()) };
        let mut trace = Trace::new(route.channel(), id, &received, self.log(), &*self.parts.sink);
        let mut ready = self.prepare(&received, route, &mut trace);
        if ready.is_ok() {
            ready = self.count(&mut trace).await.and(ready);
        }
        let outcome = match ready {
            // Their state is large, and the caller's task is copied as often as it is handed on: it stays small for what is answered here.
            Ok(Ready::Play(player, call)) => return (id, Box::pin(self.play(&*player, call, trace, route)).await),
            Ok(Ready::Forward(errand, stale)) => {
                return (id, Box::pin(self.forward(*errand, stale, trace, route)).await);
            }
            Ok(Ready::Mocked(sent, delay)) => {
                tokio::time::sleep(delay).await;
                trace.watch.mark(Step::Run);
                return (id, trace.let_go(sent));
            }
            Ok(ready) => self.run(ready).await,
            Err(fault) => {
                trace.watch.mark(Step::Check);
                Err(fault)
            }
        };
        trace.watch.mark(Step::Run);
        let sent = envelope(&outcome, &trace, route);
        (id, trace.finish(&outcome, sent))
    }

    /// Everything before the unit of work. Does not wait.
    fn prepare(&self, received: &Received, route: Route<'_>, trace: &mut Trace<'_>) -> Result<Ready, Fault> {
        let decoded = decode::decode(received, route);
        let mut content = decoded.inspect_err(|_| trace.form = decode::guess_form(route.channel(), received))?;
        trace.form = decode::form(route, &content.params, &self.parts.registry);
        trace.watch.mark(Step::Decode);

        let directory = self.parts.directory.guard();
        let now = self.parts.clock.now();
        let asked = self.identify(route, received, &content.params, &directory, trace)?;
        if let Asked::Foreign(foreign) = &asked
            && foreign.is_defined()
        {
            foreign.note(trace);
        }
        let caller = who(route, &content.params, &directory, &self.strangers)?;
        trace.profile = self.strangers.envelope(caller.app);
        trace.record.environment = Some(caller.environment);
        trace.record.app.clone_from(&caller.app.key);
        let mut stale = self.authenticate(route, &asked, &caller, &mut content, now, trace);
        if let Err(Fault::BadSignature { hint }) = &mut stale {
            *hint = self.hints.of(caller.app, &content, Some(received), &directory, now);
        }
        let stale = stale?;
        trace.record.recognised = true;
        trace.profile = caller.app.options.envelope;
        if !matches!(asked, Asked::Foreign(_)) {
            decode::add_body_members(&mut content)?;
        }
        if let Some(target) = content.params.get("target_app_key") {
            log::short(target).clone_into(&mut trace.record.target);
        } else if let Some(target) = standing_target(route, &content.params, received, &directory) {
            target.clone_into(&mut trace.record.target);
            content.params.set("target_app_key", target.to_owned()).map_err(|_| Fault::UnknownTarget)?;
        }
        let caller = authorise(route, &asked, caller, &content.params, received.peer, &directory, now)?;
        if let Asked::Foreign(foreign) = &asked {
            foreign.note(trace);
            foreign.note_number(&content, trace);
        }
        let api = self.definition(&asked, &directory, caller.environment);
        if let (Asked::Method(_), Some(path)) = (&asked, api.as_ref().and_then(|api| api.indexed.as_deref())) {
            trace.record.number = log::indexed(path, &content);
        }
        self.throttle(&caller, asked.name(), now)?;
        if stale.is_none()
            && let Some((sent, delay)) = self.mocked(&directory, api.as_deref(), &content, now, trace)?
        {
            trace.watch.mark(Step::Check);
            return Ok(Ready::Mocked(sent, delay));
        }
        if let Asked::Foreign(foreign) = &asked {
            return self.send_off(route, foreign, &caller, &content, received, now, stale, trace);
        }
        if let Asked::Played(player, name) = asked {
            let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
            let params = content.params.iter().map(own).collect();
            trace.watch.mark(Step::Check);
            let call = PlayedCall { app_key: caller.app.key.clone(), method: name, params };
            return Ok(Ready::Play(Arc::clone(player), call));
        }
        if let Asked::Own(own) = asked {
            let answer = own.answer(now, &self.parts.config, trace.record.request_id.to_string());
            return stale.map_or(Ok(Ready::Here(answer)), Err);
        }
        let (Asked::Method(entry), Some(tenant)) = (asked, caller.tenant) else { return Err(Fault::UnknownMethod) };
        trace.record.tenant = tenant.number;
        let writes = entry.kind.has_receipt();
        let sealed = self.guard_against_replay(route, entry.name, writes, caller.app, &content, received, now)?;
        let once = if writes { self.once_key(api.as_deref(), &content, &trace.record) } else { None };
        let receipt = sealed.map(|sealed| Draft { once, ..sealed.draft(entry.name) });
        let quota = quota::of(caller.app, tenant, entry.name).copied().unwrap_or_default();
        let daily = Some(quota.per_day).filter(|calls| *calls > 0);
        let daily = daily.map(|limit| Daily { app: caller.app.number, method: entry.name, limit });
        let style = call::style(route.channel(), &tenant.settings);
        let asking = Asking { app: caller.app, tenant, style };
        let limited = daily.is_some() || quota.page_size > 0;
        let question = if limited { None } else { self.question(entry, &content.params, asking) };
        let recalled = |question: &Question| {
            let present = || self.parts.store.clock().now();
            self.memory.recall(question, asking, trace.record.request_id, present)
        };
        if let Some(answer) = question.as_ref().and_then(recalled) {
            trace.watch.mark(Step::Check);
            return Ok(Ready::Here(answer));
        }
        let ready = match (stale, receipt) {
            (Some(otherwise), Some(draft)) => Ready::Remembered { tenant: tenant.tenant(), draft, otherwise },
            (Some(fault), None) => return Err(fault),
            (None, receipt) => {
                let (store, read_here) = (self.parts.store.clone(), self.parts.config.read_here);
                let present = store.clock().now();
                let id = trace.record.request_id;
                let (whose, vault) = ((caller.app.number, tenant.number), store.vault());
                let sighting = Sighting::of(&self.coverage, entry, &content.params, whose, present, vault);
                let (app, tenant) = (Arc::clone(caller.app), Arc::clone(tenant));
                let call = Call::new(app, tenant, route.channel(), present, quota, id);
                let question = question.map(|question| (question, Arc::clone(&self.memory)));
                let job = Job { store, call, receipt, read_here, question, daily, sighting };
                let patience = api.map_or(limits::CALL_TIMEOUT, |api| Duration::from_millis(api.timeout_ms.into()));
                Ready::Run(entry.start(job, &content.params)?, patience)
            }
        };
        trace.watch.mark(Step::Check);
        Ok(ready)
    }

    /// The definition of what is asked for, when the directory has one.
    fn definition(&self, asked: &Asked<'_>, directory: &Snapshot, environment: Environment) -> Option<Arc<Api>> {
        match asked {
            Asked::Foreign(foreign) => Some(Arc::clone(&foreign.api)),
            Asked::Method(entry) if directory.has_apis(environment) => {
                let mut scenes = self.parts.registry.scenes();
                scenes.find_map(|scene| directory.api(environment, scene, entry.name)).cloned()
            }
            _ => None,
        }
    }

    /// Which method is meant, and whether the public parameters of openapi2 are all there.
    fn identify(
        &self,
        route: Route<'_>,
        received: &Received,
        params: &Params<'_>,
        directory: &Snapshot,
        trace: &mut Trace<'_>,
    ) -> Result<Asked<'_>, Fault> {
        let entry = match route {
            Route::Openapi2(file) => {
                let entry = self.parts.registry.find_file(file).ok_or(Fault::UnknownMethod)?;
                for name in ["sid", "appkey", "timestamp", "sign"] {
                    given(params, name)?;
                }
                entry
            }
            Route::Qimen(_) | Route::Rest => {
                let name = given(params, "method")?;
                if let Some(own) = Own::named(name).filter(|_| route == Route::Rest) {
                    trace.record.method = own.name().into();
                    return Ok(Asked::Own(own));
                }
                if route == Route::Rest
                    && params.get("target_app_key").is_none()
                    && let Some((player, name)) = self.parts.registry.find_player(name)
                {
                    trace.record.method = name.into();
                    return Ok(Asked::Played(player, name));
                }
                let key = params.get("target_app_key").or_else(|| standing_target(route, params, received, directory));
                if let Some(target) = key.and_then(|key| forward::addressee(key, directory)) {
                    return self.foreign(name, target, route, received, directory);
                }
                let nobody = || forward::unaddressed(name, key, route.environment(), received, directory);
                self.parts.registry.find(name).ok_or_else(nobody)?
            }
        };
        trace.record.method = entry.name.into();
        trace.record.writes = entry.kind.has_receipt();
        if let Some(number) = &entry.number {
            number.of(params).clone_into(&mut trace.record.number);
        }
        trace.rows = entry.row_name;
        Ok(Asked::Method(entry))
    }

    /// Clock, then the parameters around the signature, then the signature itself. Parameters that the signature did not cover
    /// are dropped: they count as not sent (fact sheet qimen, A4).
    ///
    /// `Ok(Some)`: signed correctly, but outside the window. Only a write comes that far: its receipt may answer it.
    fn authenticate(
        &self,
        route: Route<'_>,
        asked: &Asked<'_>,
        caller: &Caller<'_>,
        content: &mut Content<'_>,
        now: Moment,
        trace: &mut Trace<'_>,
    ) -> Result<Option<Fault>, Fault> {
        let params = &content.params;
        let (top, timestamp) = (route.channel() != Channel::Openapi2, given(params, "timestamp")?);
        let (claimed, window) = match top {
            true => (window::of_top(timestamp), self.parts.config.top_window),
            false => (window::of_openapi2(timestamp), self.parts.config.openapi2_window),
        };
        let claimed = claimed.ok_or(Fault::BadTimestamp)?;
        let holds = trace.record.repushed || window::holds(claimed, now, window);
        let stale = (!holds).then_some(Fault::Skewed { claimed, now, window });
        if stale.is_some() {
            self.skews.note(caller.app, claimed, now, true);
            if !asked.has_receipt() {
                return stale.map_or(Ok(None), Err);
            }
        }
        let digest = if top { Some(check_public(params, trace.form)?) } else { None };
        let (sign, secret) = (given(params, "sign")?, caller.app.secret.expose_text());
        let wrong = || match &stale {
            Some(fault) => fault.clone(),
            None => Fault::BadSignature { hint: None },
        };
        match digest {
            None => {
                let dialect = wire::wdt::verify(secret, params, sign).ok_or_else(wrong)?;
                trace.record.dialect = telemetry::openapi2_dialect(dialect.unit);
                content.params.retain_values(|value| dialect.covers(value));
            }
            Some(digest) => {
                let options = wire::top::Options { skip_at: caller.app.options.skip_at_values };
                let dialect =
                    wire::top::verify(digest, secret, params, content.raw, sign, options).ok_or_else(wrong)?;
                trace.record.dialect = telemetry::top_dialect(dialect);
                content.params.retain_values(|value| dialect.covers(value));
            }
        }
        if stale.is_none() && !trace.record.repushed {
            self.skews.note(caller.app, claimed, now, false);
        }
        Ok(stale)
    }

    /// The unit of work. When it takes too long the caller is told so; it goes on, and its receipt answers the repeated call.
    async fn run(&self, ready: Ready) -> Result<Ran, Fault> {
        let outcome = match ready {
            Ready::Here(answer) => return Ok(Ran { answer, replayed: false }),
            // `answer` has sent it where it belongs.
            Ready::Play(..) | Ready::Forward(..) | Ready::Mocked(..) => return Err(Fault::UnknownMethod),
            Ready::Run(running, patience) => match within(patience, running).await {
                Ok(outcome) => outcome,
                Err(_) => return Err(Fault::Unavailable(fault::STILL_RUNNING)),
            },
            Ready::Remembered { tenant, draft, otherwise } => {
                let found =
                    self.parts.store.read(tenant, move |reader| match receipt::find(reader, &draft.fingerprint)? {
                        Some(kept) => stored_answer(&kept, reader.vault()).map(Some),
                        None => Ok(None),
                    });
                match found.await {
                    Ok(Some(ran)) => Ok(ran),
                    Ok(None) => return Err(otherwise),
                    Err(failure) => Err(failure),
                }
            }
        };
        outcome.map_err(|failure| match failure {
            Failure::Refused(refused) => Fault::Business(refused),
            Failure::Store(error) => {
                tracing::error!(%error, "the store failed under a call");
                Fault::Unavailable(fault::REPEAT)
            }
        })
    }
}

/// Wraps the outcome in the caller's envelope. HTTP 200, whatever happened; 404 only for a file that does not exist.
pub(crate) fn envelope(outcome: &Result<Ran, Fault>, trace: &Trace<'_>, route: Route<'_>) -> Sent {
    let (status, body) = match outcome {
        Ok(ran) => {
            let method = &*trace.record.method;
            (200, trace.form.success(&ran.answer, method, trace.rows))
        }
        Err(fault) => {
            let missing = *fault == Fault::UnknownMethod && matches!(route, Route::Openapi2(_));
            (if missing { 404 } else { 200 }, trace.form.failure(fault, trace.record.request_id.as_str()))
        }
    };
    Sent::new(status, trace.form.content_type(), body)
}

fn no_such_path() -> Sent {
    let body = Form::Openapi2.failure(&Fault::UnknownMethod, "");
    Sent::new(404, Form::Openapi2.content_type(), body)
}
