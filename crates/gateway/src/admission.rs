//! Who calls, whom, and whether he may: the checks around the signature, in the order of fact sheets wdt-1, 1.11 and qimen, B8.

use std::net::IpAddr;
use std::sync::Arc;

use units::Moment;
use wire::params::Params;
use wire::top::Digest;

use crate::directory::{App, Environment, Protocol, Reach, SignMethod, Snapshot, TargetKind, TenantInfo};
use crate::envelope::Form;
use crate::exchange::Received;
use crate::fault::Fault;
use crate::forward::Foreign;
use crate::method::Refused;
use crate::own::Own;
use crate::player::Player;
use crate::registry::Entry;
use crate::route::Route;
use crate::stranger::Strangers;

/// What the caller asks for.
pub(crate) enum Asked<'r> {
    Method(&'r Arc<Entry>),
    /// A method of TOP that the gateway answers itself.
    Own(Own),
    /// A method of a target outside.
    Foreign(Box<Foreign>),
    /// A method of TOP that a simulator plays.
    Played(&'r Arc<dyn Player>, &'static str),
}

impl Asked<'_> {
    /// The name by which limits know it; none for what has no limit of its own.
    pub(crate) fn name(&self) -> Option<&'static str> {
        match self {
            Self::Method(entry) => Some(entry.name),
            _ => None,
        }
    }

    /// It may change something, so the identical call is answered from its receipt.
    pub(crate) fn has_receipt(&self) -> bool {
        match self {
            Self::Method(entry) => entry.kind.has_receipt(),
            Self::Foreign(foreign) => foreign.is_command(),
            Self::Own(_) | Self::Played(..) => false,
        }
    }
}

/// Who calls, and whom.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'d> {
    pub(crate) app: &'d Arc<App>,
    /// Known from the start on openapi2; on TOP the authorisation names it.
    pub(crate) tenant: Option<&'d Arc<TenantInfo>>,
    pub(crate) environment: Environment,
}

/// A public parameter; an empty one is missing.
pub(crate) fn given<'p>(params: &'p Params<'_>, name: &'static str) -> Result<&'p str, Fault> {
    params.get(name).filter(|value| !value.is_empty()).ok_or(Fault::Missing(name))
}

/// The target of a call that names none: the one of its scene, for clients that cannot send `target_app_key` (fact sheet qimen, G 4).
pub(crate) fn standing_target<'d>(
    route: Route<'_>,
    params: &Params<'_>,
    received: &Received,
    directory: &'d Snapshot,
) -> Option<&'d str> {
    let host = received.host.as_ref().and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scene = match route {
        Route::Qimen(_) => directory.scene_of(params.get("method")?, host)?.0,
        _ => return None,
    };
    Some(scene.default_target_app_key.as_str()).filter(|key| !key.is_empty())
}

/// The application, and on openapi2 its tenant (fact sheet wdt-1, 1.11: sid before appkey).
pub(crate) fn who<'d>(
    route: Route<'_>,
    params: &Params<'_>,
    directory: &'d Snapshot,
    strangers: &'d Strangers,
) -> Result<Caller<'d>, Fault> {
    let stranger = |protocol, environment| strangers.of(protocol).map(|app| Caller { app, tenant: None, environment });
    let environment = match route {
        Route::Openapi2(_) => {
            let (sid, key) = (given(params, "sid")?, given(params, "appkey")?);
            let app = directory.app(Protocol::Openapi2, key);
            let tenant = app.and_then(|app| directory.tenant(app.tenant)).filter(|tenant| tenant.enabled);
            if let (Some(app), Some(tenant)) = (app, tenant.filter(|tenant| tenant.sid == sid)) {
                return Ok(Caller { app, tenant: Some(tenant), environment: tenant.environment });
            }
            if let Some(caller) = stranger(Protocol::Openapi2, Environment::Production) {
                return Ok(caller);
            }
            let worlds = [Environment::Production, Environment::Test];
            let known = worlds.iter().any(|environment| directory.tenant_of(*environment, sid).is_some());
            return Err(if known { Fault::UnknownApp } else { Fault::UnknownSid });
        }
        Route::Qimen(environment) => environment,
        Route::Rest => Environment::Production,
    };
    match directory.app(Protocol::Top, given(params, "app_key")?) {
        Some(app) => Ok(Caller { app, tenant: None, environment }),
        None => stranger(Protocol::Top, environment).ok_or(Fault::UnknownApp),
    }
}

/// `v`, `format`, `sign_method`, in this order (fact sheet qimen, B8).
pub(crate) fn check_public(params: &Params<'_>, form: Form) -> Result<Digest, Fault> {
    match given(params, "v")? {
        "2.0" => {}
        version if version.bytes().all(|b| b.is_ascii_digit() || b == b'.') => return Err(Fault::UnsupportedVersion),
        _ => return Err(Fault::BadVersion),
    }
    let flat = !matches!(form, Form::Top | Form::TopSimple | Form::TopXml);
    match params.get("format") {
        None | Some("json" | "xml") => {}
        Some("json2" | "xml2") if flat => {}
        _ if flat => return Err(Fault::BadFormat("use format=json, xml, json2 or xml2")),
        _ => return Err(Fault::BadFormat("use format=json or format=xml")),
    }
    digest_of(params)
}

/// How the call says that it is signed.
pub(crate) fn digest_of(params: &Params<'_>) -> Result<Digest, Fault> {
    Digest::of_sign_method(params.get("sign_method")).ok_or(Fault::BadSignMethod("known are md5, hmac and hmac-sha256"))
}

/// Whether the application may sign like that. Asked after the signature: before it, the answer would tell strangers who is known here.
pub(crate) fn strong_enough(params: &Params<'_>, app: &App) -> Result<(), Fault> {
    let minimum = match app.options.minimum_sign_method {
        SignMethod::Md5 => Digest::Md5,
        SignMethod::Hmac => Digest::Hmac,
        SignMethod::HmacSha256 => Digest::HmacSha256,
    };
    match digest_of(params)? < minimum {
        true => Err(Fault::BadSignMethod("this application must use a stronger sign_method")),
        false => Ok(()),
    }
}

/// Enabled, a digest that is strong enough, address, then on the TOP side target, `sid` and authorisation, then the method's permission.
pub(crate) fn authorise<'d>(
    route: Route<'_>,
    asked: &Asked<'_>,
    mut caller: Caller<'d>,
    params: &Params<'_>,
    peer: Option<IpAddr>,
    directory: &'d Snapshot,
    now: Moment,
) -> Result<Caller<'d>, Fault> {
    if !caller.app.enabled {
        return Err(Fault::AppDisabled);
    }
    if !matches!(route, Route::Openapi2(_)) {
        strong_enough(params, caller.app)?;
    }
    let networks = &caller.app.options.addresses;
    if !networks.is_empty() && !peer.is_some_and(|peer| networks.iter().any(|network| network.contains(peer))) {
        return Err(Fault::AddressRefused(peer));
    }
    let entry = match asked {
        Asked::Method(entry) => entry,
        Asked::Foreign(foreign) => return foreign.authorise(&caller, params, directory, now).map(|()| caller),
        Asked::Played(_, name) if !caller.app.rights.methods.permits(name) => return Err(Fault::NotPermitted),
        Asked::Played(..) | Asked::Own(_) => return Ok(caller),
    };
    if !matches!(route, Route::Openapi2(_)) {
        let target = given(params, "target_app_key")?;
        directory.target(target).filter(|target| target.kind == TargetKind::Erp).ok_or(Fault::UnknownTarget)?;
        caller.tenant = Some(reached(&caller, target, params, directory, now)?);
    }
    if !caller.app.rights.methods.permits(entry.name) {
        return Err(Fault::NotPermitted);
    }
    Ok(caller)
}

/// The tenant behind a target. `sid` is the ERP's own parameter: what is wrong with it, the ERP says (code 15).
fn reached<'d>(
    caller: &Caller<'_>,
    target: &str,
    params: &Params<'_>,
    directory: &'d Snapshot,
    now: Moment,
) -> Result<&'d Arc<TenantInfo>, Fault> {
    let sid = params.get("sid").unwrap_or_default();
    let reach = directory.reach(caller.environment, &caller.app.key, target, sid, now);
    let tenant = directory.tenant_of(caller.environment, sid);
    match (reach, tenant) {
        (Reach::Nothing, _) => Err(Fault::NotAuthorised),
        (Reach::Ended(at), _) => Err(Fault::AuthorisationEnded { at }),
        _ if sid.is_empty() => Err(Fault::Business(Refused::new(2900, "必传参数缺失入参：sid"))),
        (_, None) => Err(Fault::UnknownSid),
        (Reach::OtherSid, Some(_)) => Err(Fault::NotAuthorised),
        (Reach::Granted, Some(tenant)) => Ok(tenant),
    }
}
