//! A call of the scene for somebody outside: the body goes on as it was signed, under the target's own signature, and the provider's
//! XML comes back as it is, a refusal too (fact sheet qimen, A6, C4). A write is claimed before it leaves, as on the other doors.

use std::sync::Arc;
use std::time::Duration;

use wire::content::Media;

use super::admit::Admitted;
use super::door::Door;
use super::{Served, name_in};
use crate::directory::{Api, MethodSpelling, PUBLIC_PARAMETERS, Target, TargetKind};
use crate::exchange::Received;
use crate::fault::Fault;
use crate::forward::{Brought, Claim, Done, Errand, Reader, Upstream, carry_out, message, written};
use crate::limits::FORWARD_LATE;
use crate::trace::Trace;
use crate::window;

/// Parameters that go on as they came: the public ones, and those seen beside them (fact sheet qimen, C6).
const KEPT: [&str; 7] = ["app_key", "v", "format", "customerId", "target_app_key", "test_type", "version"];

/// The target outside that the route of a customer names; `None` when the call stays here.
pub(super) fn target(door: &Door<'_>, admitted: &Admitted<'_>) -> Option<Arc<Target>> {
    let directory = door.gateway.parts.directory.guard();
    let environment = admitted.environment;
    let route = directory.customer_route(environment, &admitted.customer_id, admitted.method.direction)?;
    directory.target(&route.target_app_key).filter(|target| target.kind != TargetKind::Erp).cloned()
}

/// Forwards a call.
pub(super) async fn forward(
    door: &Door<'_>,
    admitted: Admitted<'_>,
    received: &Received,
    target: &Arc<Target>,
    trace: &mut Trace<'_>,
) -> Result<Served, Fault> {
    let errand = errand(door, &admitted, received, target, trace)?;
    trace.record.forwarded.clone_from(&target.key);
    let (forwarder, store) = (&door.gateway.forwarder, &door.gateway.parts.store);
    let Done { brought, replayed } = carry_out(forwarder, store, errand).await?;
    let xml = match brought {
        Brought::Passed { body, .. } => String::from_utf8_lossy(&body).into_owned(),
        Brought::Answer(answer) => super::answer(answer.code == 0, &answer.code.to_string(), &answer.message, |_| {}),
    };
    let failed =
        wire::xml::read(&xml).is_ok_and(|root| root.text_of("flag").is_some_and(|flag| flag.trim() != "success"));
    Ok(Served { xml, code: if failed { 15 } else { 0 }, replayed })
}

/// The call, written and signed for its target.
fn errand(
    door: &Door<'_>,
    admitted: &Admitted<'_>,
    received: &Received,
    target: &Arc<Target>,
    trace: &Trace<'_>,
) -> Result<Errand, Fault> {
    let (method, params, environment) = (admitted.method, &admitted.content.params, admitted.environment);
    let not_set = |why| Fault::NoAnswer { sub_code: "isp.top-remote-connection-error", why, open: false };
    let plain = Api::default();
    let upstream = Upstream::of(target, environment, admitted.api.as_deref().unwrap_or(&plain)).map_err(not_set)?;
    let endpoint = upstream.endpoint();
    // Under an empty secret anybody could sign.
    if endpoint.secret.expose().is_empty() {
        return Err(not_set(format!("target {} has no secret in this environment", target.key)));
    }
    let name = name_in(method.name, params.get("v").unwrap_or_default());
    let spelt = match endpoint.method_spelling {
        MethodSpelling::Short => name.to_owned(),
        MethodSpelling::Scene | MethodSpelling::Long => format!("taobao.qimen.{name}"),
    };
    let timestamp = params.get("timestamp").and_then(window::of_top).ok_or(Fault::BadTimestamp)?.to_string();
    let mut public = vec![("method", spelt.as_str()), ("timestamp", &timestamp), ("sign_method", "md5")];
    public.extend(KEPT.iter().filter_map(|name| Some((*name, params.get(name)?))));
    let defined = admitted.api.iter().flat_map(|api| &api.parameters).map(|parameter| parameter.name.as_str());
    let defined = defined.filter(|name| !KEPT.contains(name) && !PUBLIC_PARAMETERS.contains(name));
    public.extend(defined.filter_map(|name| Some((name, params.get(name)?))));
    // One signature in two environments is two calls.
    let claimed = format!("{}@{}", method.name, environment.name());
    let claim = door.sealed(admitted, &claimed, received)?.map(|sealed| Claim {
        fingerprint: sealed.fingerprint,
        app: admitted.app.key.clone(),
        method: claimed,
        message_sealed: sealed.message,
        once: door.once_key(admitted, trace),
    });
    let overtime = if claim.is_some() { FORWARD_LATE } else { Duration::ZERO };
    let request = written(
        &upstream,
        message(public, (&admitted.text, Media::Xml)),
        method.query,
        (trace.record.request_id.to_string(), upstream.timeout(), overtime),
    )?;
    Ok(Errand { upstream, request, reader: Reader::Scene, claim })
}
