//! A call of the scene for somebody outside: the body goes on as it was signed, under the target's own signature, and the provider's
//! XML comes back as it is (fact sheet qimen, A6, C4). A repeated creation is discarded by its receiver (C6), so nothing is claimed here.

use std::sync::Arc;
use std::time::Duration;

use wire::content::Media;

use super::door::{Admitted, Door};
use super::{Served, name_in};
use crate::directory::{Api, MethodSpelling, Reach, Target, TargetKind};
use crate::fault::Fault;
use crate::forward::{Forwarder, Upstream, message, written};
use crate::trace::Trace;
use crate::window;

/// Public parameters that go on as they came.
const KEPT: [&str; 5] = ["app_key", "v", "format", "customerId", "target_app_key"];

/// The target outside that the route of a customer names; `None` when the call stays here.
pub(super) fn target(door: &Door, admitted: &Admitted) -> Option<Arc<Target>> {
    let directory = door.gateway.parts.directory.guard();
    let environment = admitted.caller.environment;
    let route = directory.customer_route(environment, &admitted.customer_id, admitted.method.direction)?;
    directory.target(&route.target_app_key).filter(|target| target.kind != TargetKind::Erp).cloned()
}

/// Forwards a call. The caller needs an authorisation for the target, for all of its merchants: the scene has no `sid`.
pub(super) async fn forward(
    door: &Door,
    admitted: &Admitted,
    target: &Arc<Target>,
    trace: &mut Trace<'_>,
) -> Result<Served, Fault> {
    let caller = &admitted.caller;
    let reach = door.gateway.parts.directory.snapshot().reach(caller.environment, &caller.app.key, &target.key, "");
    if reach != Reach::Granted {
        return Err(Fault::NotAuthorised);
    }
    let not_set = |why| Fault::NoAnswer { sub_code: "isp.top-remote-connection-error", why, open: false };
    let upstream = Upstream::of(target, caller.environment, &Api::default()).map_err(not_set)?;
    let endpoint = upstream.endpoint();
    if endpoint.secret.expose().is_empty() {
        return Err(not_set(format!("target {} has no secret in this environment", target.key)));
    }
    let of = |name: &str| admitted.public.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str());
    let name = name_in(admitted.method.name, of("v").unwrap_or_default());
    let method = match endpoint.method_spelling {
        MethodSpelling::Short => name.to_owned(),
        MethodSpelling::Scene | MethodSpelling::Long => format!("taobao.qimen.{name}"),
    };
    let timestamp = of("timestamp").and_then(window::of_top).ok_or(Fault::BadTimestamp)?.to_string();
    let mut public = vec![("method", method.as_str()), ("timestamp", &timestamp), ("sign_method", "md5")];
    public.extend(KEPT.iter().filter_map(|name| Some((*name, of(name)?))));
    let request_id = trace.record.request_id.to_string();
    let request = written(
        &upstream,
        message(public, (&admitted.text, Media::Xml)),
        admitted.method.query,
        (request_id, upstream.timeout(), Duration::ZERO),
    )?;
    trace.record.forwarded.clone_from(&target.key);
    let forwarder: &Forwarder = &door.gateway.forwarder;
    let reply = forwarder.call(&upstream, &request).await.map_err(Fault::from)?;
    // A provider may write GBK, but no XML that its own declaration contradicts.
    let text = String::from_utf8(reply.body.to_vec()).ok().filter(|text| wire::xml::read(text).is_ok());
    let unreadable = || Fault::NoAnswer {
        sub_code: "isp.top-parse-error",
        why: "the target's reply is not XML in UTF-8".to_owned(),
        open: !admitted.method.query,
    };
    let xml = text.ok_or_else(unreadable)?;
    let failed =
        wire::xml::read(&xml).is_ok_and(|root| root.text_of("flag").is_some_and(|flag| flag.trim() != "success"));
    Ok(Served { xml, code: if failed { 15 } else { 0 }, replayed: false })
}
