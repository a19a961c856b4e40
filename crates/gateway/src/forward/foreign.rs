//! A call for a target outside: which scene, API and endpoint it means, whether its caller may, and what of it goes on.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use units::Moment;
use wire::call::Call as Content;
use wire::content::Media;
use wire::params::Params;

use super::errand::{Errand, Reader};
use super::qimen::{self, Message, Written};
use super::upstream::Upstream;
use super::{ForwardRequest, claim::Claim};
use super::{openapi2, raw};
use crate::admission::Caller;
use crate::directory::{Api, ArgumentFault, Effect, Environment, Place, Reach, Scene, Snapshot, Target, TargetKind};
use crate::exchange::Received;
use crate::fault::Fault;
use crate::limits::{FORWARD_LATE, MAX_QUOTED};
use crate::log;
use crate::registry::{Entry, Registry};
use crate::trace::Trace;
use crate::window;

/// Public parameters that are forwarded as they came (fact sheet qimen, C4).
const KEPT: [&str; 6] = ["app_key", "target_app_key", "v", "format", "customerId", "customerid"];

/// What a call for a target outside means.
#[derive(Clone)]
pub(crate) struct Foreign {
    pub(crate) target: Arc<Target>,
    pub(crate) scene: Arc<Scene>,
    /// Name without scene.
    pub(crate) name: String,
    pub(crate) api: Arc<Api>,
    /// The method of the same name that Matou serves itself, if there is one: then its kind and its fields are known.
    pub(crate) entry: Option<Arc<Entry>>,
}

/// The target outside with this key; `None` when it is the built-in one, or nobody.
pub(crate) fn addressee<'d>(key: &str, directory: &'d Snapshot) -> Option<&'d Arc<Target>> {
    directory.target(key).filter(|target| target.kind != TargetKind::Erp)
}

/// Why a method that Matou does not serve itself goes to nobody: its scene has it, but `target_app_key` is missing or wrong; or
/// there is no such method (fact sheet qimen, B8).
pub(crate) fn unaddressed(
    method: &str,
    key: Option<&str>,
    environment: Environment,
    received: &Received,
    directory: &Snapshot,
) -> Fault {
    let host = received.host.as_ref().and_then(|host| host.to_str().ok()).unwrap_or_default();
    let known = directory
        .scene_of(method, host)
        .is_some_and(|(scene, name)| scene.forward_unknown || directory.api(environment, &scene.code, name).is_some());
    match key {
        None | Some("") if known => Fault::Missing("target_app_key"),
        Some(key) if known && directory.target(key).is_none() => Fault::UnknownTarget,
        _ => Fault::UnknownMethod,
    }
}

impl Foreign {
    /// Which API `method` means at this target: what the directory defines, else what Matou itself serves, else anything, where the
    /// scene allows it.
    pub(crate) fn find(
        method: &str,
        host: &str,
        environment: Environment,
        target: &Arc<Target>,
        directory: &Snapshot,
        registry: &Registry,
    ) -> Result<Self, Fault> {
        let entry = registry.find(method);
        let (scene, name) = match directory.scene_of(method, host) {
            Some((scene, name)) => (Arc::clone(scene), name),
            None if entry.is_some() => (Arc::default(), method),
            None => return Err(Fault::UnknownMethod),
        };
        let api = match directory.api(environment, &scene.code, name) {
            Some(api) => Arc::clone(api),
            None if entry.is_some() || scene.forward_unknown => Arc::default(),
            None => return Err(Fault::UnknownMethod),
        };
        Ok(Self { target: Arc::clone(target), scene, name: name.to_owned(), api, entry: entry.cloned() })
    }

    /// It may change something at the target.
    pub(crate) fn is_command(&self) -> bool {
        match &self.entry {
            Some(entry) => entry.kind.has_receipt(),
            None => self.api.effect == Effect::Command,
        }
    }

    /// Somebody here defined or serves it. Of what is forwarded unseen, strangers choose the name: it is not noted before they are known.
    pub(crate) fn is_defined(&self) -> bool {
        self.entry.is_some() || !self.api.name.is_empty()
    }

    /// What the log is to know about the call.
    pub(crate) fn note(&self, trace: &mut Trace<'_>) {
        let record = &mut trace.record;
        record.scene.clone_from(&self.scene.code);
        record.method = match &self.entry {
            Some(entry) => entry.name.into(),
            None => log::short(&self.name).to_owned().into(),
        };
        record.writes = self.is_command();
        if let Some(entry) = &self.entry {
            trace.rows = entry.row_name;
        }
    }

    /// Under which business number the call is found in the log, once its signature was accepted.
    pub(crate) fn note_number(&self, content: &Content<'_>, trace: &mut Trace<'_>) {
        trace.record.number = match (&self.api.indexed, self.entry.as_ref().and_then(|entry| entry.number.as_ref())) {
            (Some(path), _) => log::indexed(path, content),
            (None, Some(number)) => number.of(&content.params).to_owned(),
            (None, None) => String::new(),
        };
    }

    /// The right to call this method, and an authorisation for this target, environment and `sid` (fact sheet qimen, C2). A call without
    /// `sid` needs one for all.
    pub(crate) fn authorise(
        &self,
        caller: &Caller<'_>,
        params: &Params<'_>,
        directory: &Snapshot,
        now: Moment,
    ) -> Result<(), Fault> {
        let sid = params.get("sid").unwrap_or_default();
        let reach = directory.reach(caller.environment, &caller.app.key, &self.target.key, sid, now);
        match reach {
            Reach::Granted if caller.app.rights.methods.permits(&self.name) => Ok(()),
            Reach::Granted => Err(Fault::NotPermitted),
            Reach::Ended(at) => Err(Fault::AuthorisationEnded { at }),
            Reach::OtherSid | Reach::Nothing => Err(Fault::NotAuthorised),
        }
    }

    /// The call, checked against its definition, written for the target and signed with its secret.
    pub(crate) fn errand(
        &self,
        environment: Environment,
        content: &Content<'_>,
        claim: Option<Claim>,
        request_id: String,
        now: Moment,
    ) -> Result<Errand, Fault> {
        let body = raw::body(&self.api, content, self.entry.is_some())?;
        if !content.files.is_empty() {
            let problem = "files are not forwarded".to_owned();
            return Err(Fault::Undecodable { parameter: String::new(), problem, encoding: false });
        }
        let upstream = Upstream::of(&self.target, environment, &self.api).map_err(not_set)?;
        let (written, reader) = match self.target.kind {
            TargetKind::Openapi2 => self.as_openapi2(&upstream, content, now)?,
            // Under an empty secret anybody could sign.
            _ if upstream.endpoint().secret.expose().is_empty() => {
                return Err(not_set(format!(
                    "target {} has no secret in the environment {}",
                    self.target.key,
                    environment.name()
                )));
            }
            _ => (self.as_qimen(&upstream, &content.params, body)?, Reader::Qimen(Arc::clone(&self.api))),
        };
        let Written { path, content_type, body } = written;
        let patience = upstream.timeout();
        let (repeatable, overtime) = match &claim {
            Some(_) => (false, FORWARD_LATE),
            None => (true, Duration::ZERO),
        };
        let request = ForwardRequest { path, content_type, body, repeatable, request_id, patience, overtime };
        Ok(Errand { upstream, request, reader, claim })
    }

    fn as_qimen(
        &self,
        upstream: &Upstream,
        params: &Params<'_>,
        body: Option<(Cow<'_, str>, Media)>,
    ) -> Result<Written, Fault> {
        let method = upstream.spelt(&self.scene, &self.name);
        // The official helper reads this form only, whatever the caller wrote (fact sheet qimen, A6).
        let timestamp = params.get("timestamp").and_then(window::of_top).ok_or(Fault::BadTimestamp)?.to_string();
        let mut public = vec![("method", method.as_str()), ("timestamp", timestamp.as_str()), ("sign_method", "md5")];
        public.extend(KEPT.iter().filter_map(|name| Some((*name, params.get(name)?))));
        let raw = body.as_ref().map(|(text, media)| (&**text, *media));
        let business = self.business(params).collect();
        qimen::write(upstream, &Message { public, business, raw }).map_err(unwritable)
    }

    fn as_openapi2(&self, upstream: &Upstream, content: &Content<'_>, now: Moment) -> Result<(Written, Reader), Fault> {
        let account = upstream.endpoint().openapi2.as_ref();
        let account = account.ok_or_else(|| not_set(format!("target {} has no interface account", self.target.key)))?;
        let file = match &self.entry {
            _ if !self.api.path.is_empty() => String::new(),
            Some(entry) => entry.php.to_owned(),
            None => openapi2::file_of(&self.name),
        };
        // The members of a raw body are its parameters; no signature of openapi2 covers a body.
        let mut own = Content { params: content.params.clone(), raw: content.raw, media: content.media, files: vec![] };
        if own.media != Media::None {
            crate::decode::add_body_members(&mut own)?;
        }
        let business: Vec<_> = self.business(&own.params).map(|(_, name, value)| (name, value)).collect();
        let written = openapi2::write(upstream, account, &file, &business, now);
        let columns = self.entry.as_deref().map(openapi2::columns).unwrap_or_default().at(account);
        Ok((written, Reader::Openapi2 { columns, blank: !self.scene.official }))
    }

    /// The business parameters that the target knows, and where it wants them. All others are dropped: the signed string has no
    /// separators, so an unknown name could borrow its text from a known value (fact sheet qimen, C4).
    fn business<'p>(&'p self, params: &'p Params<'_>) -> impl Iterator<Item = (Place, &'p str, &'p str)> {
        let of_entry = self.entry.iter().flat_map(|entry| {
            let known = |name: &str| {
                let field = |field: &wire::args::Field| field.name == name || field.aliases.contains(&name);
                name == "sid" || entry.fields.iter().any(field)
            };
            params.iter().filter(move |(name, _)| known(name)).map(|(name, value)| (Place::Body, name, value))
        });
        let of_api = self.entry.is_none().then(|| self.api.known(params)).into_iter().flatten();
        of_entry.chain(of_api.map(|(parameter, name, value)| (parameter.map_or(Place::Body, |p| p.place), name, value)))
    }
}

pub(super) fn refused(fault: ArgumentFault) -> Fault {
    match fault {
        ArgumentFault::Missing(name) => Fault::MissingArgument(name),
        ArgumentFault::Invalid { name, problem } => {
            Fault::Undecodable { parameter: name, problem: problem.to_owned(), encoding: false }
        }
    }
}

/// The target is not set up for this.
fn not_set(why: String) -> Fault {
    Fault::NoAnswer { sub_code: "isp.top-remote-connection-error", why, open: false }
}

fn unwritable(problem: String) -> Fault {
    let problem = problem.chars().take(4 * MAX_QUOTED).collect();
    Fault::Undecodable { parameter: String::new(), problem, encoding: true }
}
