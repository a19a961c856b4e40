//! What is asked of a call of the scene before anybody else is: parameters, application, clock, signature, permission, XML.

use std::sync::Arc;

use units::Moment;
use wire::call::Call as Content;
use wire::params::{Clash, Params};
use wire::xml::Element;

use super::door::Door;
use super::{SceneMethod, methods};
use crate::admission::{Caller, digest_of, given, strong_enough};
use crate::directory::{Api, App, Environment, Protocol, TenantInfo};
use crate::exchange::Received;
use crate::fault::Fault;
use crate::telemetry::{self, Step};
use crate::trace::Trace;
use crate::{decode, log, window};

/// Code of the official scene, under which the directory defines its methods.
const SCENE: &str = "qimen";

/// What the body of a call is; without a content type it is XML here.
pub(crate) fn stated(content_type: &str) -> &str {
    if content_type.is_empty() { "text/xml" } else { content_type }
}

/// What is known when every check that needs no waiting has passed.
pub(super) struct Admitted<'c> {
    pub(super) method: &'static SceneMethod,
    pub(super) app: Arc<App>,
    pub(super) environment: Environment,
    pub(super) customer_id: String,
    /// The signed parameters, and the body as it was signed.
    pub(super) content: Content<'c>,
    /// The definition of the method, when the directory has one.
    pub(super) api: Option<Arc<Api>>,
    pub(super) body: Element,
    pub(super) text: String,
}

impl Admitted<'_> {
    /// Who calls, and the merchant whom the call is for, when it is one of here.
    pub(super) fn caller<'a>(&'a self, tenant: Option<&'a Arc<TenantInfo>>) -> Caller<'a> {
        Caller { app: &self.app, tenant, environment: self.environment }
    }
}

impl Door<'_> {
    /// Everything that needs nobody else: parameters, application, clock, signature, permission, and whether the body is XML.
    pub(super) fn admit<'c>(
        &self,
        received: &'c Received,
        environment: Environment,
        trace: &mut Trace<'_>,
    ) -> Result<Admitted<'c>, Fault> {
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
        trace.record.app.clone_from(&app.key);
        let content = self.authenticate(&app, content, parts.clock.now(), trace)?;
        trace.record.recognised = true;
        may_call(&app, method, &content.params, received)?;
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
        let api = directory.api(environment, SCENE, method.name).cloned();
        trace.record.number = match api.as_ref().and_then(|api| api.indexed.as_deref()) {
            Some(path) => log::indexed(path, &content),
            None => log::number_in_xml(&body).to_owned(),
        };
        Ok(Admitted { method, app, environment, customer_id, content, api, body, text })
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
            self.gateway.skews.note(app, claimed, now, true);
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
        let digest = digest_of(params)?;
        let (sign, secret) = (given(params, "sign")?, app.secret.expose_text());
        let options = wire::top::Options { skip_at: app.options.skip_at_values };
        let dialect = wire::top::verify(digest, secret, params, content.raw, sign, options).ok_or_else(|| {
            let directory = self.gateway.parts.directory.guard();
            Fault::BadSignature { hint: self.gateway.hints.of(app, &content, None, &directory, now) }
        })?;
        trace.record.dialect = telemetry::top_dialect(dialect);
        content.params.retain_values(|value| dialect.covers(value));
        if !trace.record.repushed {
            self.gateway.skews.note(app, claimed, now, false);
        }
        Ok(content)
    }
}

/// Query and raw body. A body without a content type is XML here; a form is none.
pub(crate) fn decoded(received: &Received) -> Result<Content<'_>, Fault> {
    if let Some(fault) = &received.spoiled {
        return Err(fault.clone());
    }
    let stated = stated(&received.content_type);
    let content = wire::call::read(received.query.as_bytes(), stated, &received.body, Clash::Refuse);
    content.map_err(decode::undecodable)
}

/// Enabled, a digest that is strong enough, address, the method's permission.
fn may_call(app: &App, method: &SceneMethod, params: &Params<'_>, received: &Received) -> Result<(), Fault> {
    if !app.enabled {
        return Err(Fault::AppDisabled);
    }
    strong_enough(params, app)?;
    let networks = &app.options.addresses;
    if !networks.is_empty() && !received.peer.is_some_and(|peer| networks.iter().any(|net| net.contains(peer))) {
        return Err(Fault::AddressRefused(received.peer));
    }
    if app.rights.methods.permits(method.right) { Ok(()) } else { Err(Fault::NotPermitted) }
}
