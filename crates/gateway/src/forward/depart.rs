//! The pipeline's branch for targets outside: from a call that passed every check to its errand, and from what the errand brought to
//! the answer.

use std::sync::Arc;

use bytes::Bytes;
use units::Moment;
use wire::call::Call as Content;

use super::{Brought, Check, Claim, Done, Errand, Foreign, carry_out, recall};
use crate::admission::{Asked, Caller};
use crate::coverage::Sighting;
use crate::directory::{Environment, Snapshot, Target};
use crate::envelope::Form;
use crate::exchange::{Received, Sent};
use crate::fault::Fault;
use crate::pipeline::{Gateway, Ready, envelope};
use crate::reply::Answer;
use crate::route::Route;
use crate::run::Ran;
use crate::telemetry::Step;
use crate::trace::Trace;

impl Gateway {
    /// Probes an endpoint of a target; see [`Forwarder::probe`](super::Forwarder::probe).
    pub async fn probe(
        &self,
        target: &Arc<Target>,
        environment: Environment,
        method: Option<&str>,
    ) -> Result<Vec<Check>, String> {
        self.forwarder.probe(target, environment, method, self.parts.clock.now()).await
    }

    /// Which API of a target outside a call means.
    pub(crate) fn foreign(
        &self,
        method: &str,
        target: &Arc<Target>,
        route: Route<'_>,
        received: &Received,
        directory: &Snapshot,
    ) -> Result<Asked<'_>, Fault> {
        let host = received.host.as_ref().and_then(|host| host.to_str().ok()).unwrap_or_default();
        let registry = &self.parts.registry;
        let foreign = Foreign::find(method, host, route.environment(), target, directory, registry)?;
        Ok(Asked::Foreign(Box::new(foreign)))
    }

    /// A call for a target outside: checked against its definition, written and signed for the target.
    #[expect(clippy::too_many_arguments, reason = "what is known about a call at this point")]
    pub(crate) fn send_off(
        &self,
        route: Route<'_>,
        foreign: &Foreign,
        caller: &Caller<'_>,
        content: &Content<'_>,
        received: &Received,
        now: Moment,
        stale: Option<Fault>,
        trace: &mut Trace<'_>,
    ) -> Result<Ready, Fault> {
        let (writes, environment) = (foreign.is_command(), caller.environment);
        let method = format!("{}@{}", foreign.name, environment.name());
        let sealed = self.guard_against_replay(route, &method, writes, caller.app, content, received, now)?;
        let claim = sealed.map(|sealed| Claim {
            fingerprint: sealed.fingerprint,
            app: caller.app.key.clone(),
            method,
            message_sealed: sealed.message,
            once: self.once_key(Some(&foreign.api), content, &trace.record),
        });
        let errand = foreign.errand(environment, content, claim, trace.record.request_id.to_string(), now)?;
        trace.record.forwarded = errand.upstream.place();
        if stale.is_none() {
            let (entry, target) = (foreign.entry.as_deref(), &*foreign.target.key);
            let what = (&*foreign.api, &*foreign.name, entry);
            let (app, vault) = (caller.app.number, self.parts.store.vault());
            trace.sighting = Sighting::outside(&self.coverage, what, target, environment, content, app, now, vault);
        }
        trace.watch.mark(Step::Check);
        Ok(Ready::Forward(Box::new(errand), stale))
    }

    /// A call for a target outside.
    pub(crate) async fn forward(
        &self,
        errand: Errand,
        stale: Option<Fault>,
        mut trace: Trace<'_>,
        route: Route<'_>,
    ) -> Sent {
        let store = &self.parts.store;
        let outcome = match (stale, &errand.claim) {
            (None, _) => carry_out(&self.forwarder, store, errand).await,
            (Some(fault), Some(claim)) => recall(store, claim).await.and_then(|done| done.ok_or(fault)),
            (Some(fault), None) => Err(fault),
        };
        trace.watch.mark(Step::Run);
        if let (Ok(done), Some(sighting)) = (&outcome, trace.sighting.take()) {
            sighting.brought(&done.brought);
        }
        let (sent, outcome) = match outcome {
            Ok(Done { brought: Brought::Passed { body, xml }, replayed }) => {
                let content_type = if xml { Form::QimenXml } else { Form::Qimen }.content_type();
                let answer =
                    Answer { code: 0, message: String::new(), members: Bytes::new(), request_id: String::new() };
                let sent = Sent::new(200, content_type, body.into());
                (sent, Ok(Ran { answer, replayed }))
            }
            Ok(Done { brought: Brought::Answer(answer), replayed }) => {
                let outcome = Ok(Ran { answer, replayed });
                (envelope(&outcome, &trace, route), outcome)
            }
            Err(fault) => (envelope(&Err(fault.clone()), &trace, route), Err(fault)),
        };
        trace.finish(&outcome, sent)
    }
}
