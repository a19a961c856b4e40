//! Explaining refused signatures: a hint for the caller when it made a known mistake, the whole story for the merchant's console.
//!
//! Known mistakes can only be recognised by who holds the secret, so a hint tells a stranger nothing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use units::Moment;
use wire::call::Call as Content;
use wire::explain::{Comparison, Explanation, Place, Question, Rule, Verdict, explain};
use wire::form;
use wire::sample::{Language, Wanted, sample};
use wire::top::Digest;

use crate::decode;
use crate::directory::{App, Protocol, Snapshot};
use crate::exchange::Received;
use crate::limits::{HINTS_PER_SECOND, MAX_HINTED, MAX_OTHER_SECRETS};
use crate::log::{Entry, Hider, Messages, View};
use crate::route::{Channel, Route};
use crate::service;

/// What stands for a value that must not be seen.
const HIDDEN: &str = "***";

/// Gives hints, few enough that wrong signatures cost little.
pub(crate) struct Hints {
    /// Nobody may learn which keys exist: the secrets of an owner's other applications are not tried, since that takes the longer
    /// the more of them there are.
    concealing: bool,
    /// The second, and the hints that were given in it.
    given: Mutex<(i64, u32)>,
}

impl Hints {
    pub(crate) fn new(concealing: bool) -> Self {
        Self { concealing, given: Mutex::default() }
    }

    /// The mistake that gives exactly this signature, or that it is none, in words for the client's developer.
    pub(crate) fn of(
        &self,
        app: &App,
        content: &Content<'_>,
        received: Option<&Received>,
        directory: &Snapshot,
        now: Moment,
    ) -> Option<String> {
        let size: usize = content.params.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size + content.raw.map_or(0, <[u8]>::len) > MAX_HINTED || !self.admit(now) {
            return None;
        }
        let relatives = if self.concealing { Vec::new() } else { relatives(app, directory) };
        let more = More { client_string: None, now: None, budget: wire::limits::HINTED_BYTES, relatives };
        match asked(app, content, received, more).ok()?.verdict {
            verdict @ (Verdict::Mistake(_) | Verdict::NoSignature { .. }) => Some(verdict.to_string()),
            _ => None,
        }
    }

    fn admit(&self, now: Moment) -> bool {
        let mut second = self.given.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if second.0 != now.unix() {
            *second = (now.unix(), 0);
        }
        second.1 += 1;
        second.1 <= HINTS_PER_SECOND
    }
}

/// Why a received call's signature is wrong, or that it is right; `Err` says why that cannot be told. The explanation holds the
/// values of the call: for the merchant concerned, never for a log.
pub fn story(
    received: &Received,
    client_string: Option<&str>,
    directory: &Snapshot,
    now: Moment,
) -> Result<Explanation, String> {
    let (content, app) = disputed(received, directory)?;
    let relatives = relatives(&app, directory);
    let more = More { client_string, now: Some(now), budget: wire::limits::EXPLAINED_BYTES, relatives };
    asked(&app, &content, Some(received), more)
}

/// The same call as programs that sign it rightly; `base_url` is the address under which clients reach the gateway.
pub fn samples(
    received: &Received,
    base_url: &str,
    languages: &[Language],
    directory: &Snapshot,
) -> Result<Vec<(Language, String)>, String> {
    let (content, app) = disputed(received, directory)?;
    let url = format!("{}{}", base_url.trim_end_matches('/'), received.path);
    let wanted = Wanted {
        url: &url,
        rule: rule(&app, &content)?,
        params: &content.params,
        content_type: &received.content_type,
        secret: app.secret.expose_text(),
    };
    Ok(languages.iter().map(|language| (*language, sample(*language, &wanted))).collect())
}

/// What is asked about a call of the log.
#[derive(Clone, Copy)]
pub struct Asked<'q> {
    /// The string that the client says it signed.
    pub client_string: Option<&'q str>,
    /// The languages of the programs.
    pub languages: &'q [Language],
    /// The address under which clients reach the gateway.
    pub base_url: &'q str,
    /// Whether personal values may be seen, and how they are known.
    pub view: &'q View<'q>,
}

/// Story and programs of a logged call, as of the moment when it was answered; against the secret that the application has today.
/// Personal values are masked unless the view reveals them: the string is then not the signed one, and the programs send masked values.
pub fn of_logged(
    entry: &Entry,
    messages: &Messages,
    asked: Asked<'_>,
    directory: &Snapshot,
) -> Result<(Explanation, Vec<(Language, String)>), String> {
    let received = Received::new(&messages.path, &messages.query, &messages.content_type, messages.body.clone());
    let then = Moment::from_unix(entry.at.div_euclid(1000));
    let mut told = story(&received, asked.client_string, directory, then)?;
    let hider = Hider::new(asked.view);
    let seen = told.stretches.iter().map(|(place, text)| match place {
        Place::Value(name) => hider.value(name, text),
        Place::Body => hider.body(text),
        _ => text.into(),
    });
    let seen: String = seen.collect();
    if seen != told.canonical {
        told.canonical = seen;
        if let Some(Comparison::Differs { before, ours, .. }) = &mut told.comparison {
            (*before, *ours) = (String::new(), HIDDEN.to_owned());
        }
    }
    let (content, app) = disputed(&received, directory)?;
    let params = hider.params(&content.params);
    let body = content.raw.map(String::from_utf8_lossy);
    let body = body.as_deref().map(|body| hider.body(body));
    let rule = match rule(&app, &content)? {
        Rule::Top { digest, .. } => Rule::Top { digest, body: body.as_deref().map(str::as_bytes) },
        Rule::Openapi2 => Rule::Openapi2,
    };
    let url = format!("{}{}", asked.base_url.trim_end_matches('/'), received.path);
    let secret = app.secret.expose_text();
    let wanted = Wanted { url: &url, rule, params: &params, content_type: &received.content_type, secret };
    let programs = asked.languages.iter().map(|language| (*language, sample(*language, &wanted)));
    Ok((told, programs.collect()))
}

/// The call, decoded, and its application.
fn disputed<'r>(received: &'r Received, directory: &Snapshot) -> Result<(Content<'r>, Arc<App>), String> {
    let (content, openapi2) = match Route::of(&received.path) {
        Some(route) => (decode::decode(received, route), route.channel() == Channel::Openapi2),
        None if service::is_path(&received.path) => (service::decoded(received), false),
        None => return Err("the path is not one of the gateway's".to_owned()),
    };
    let content = content.map_err(|fault| fault.openapi2().1.into_owned())?;
    let (protocol, key) = if openapi2 { (Protocol::Openapi2, "appkey") } else { (Protocol::Top, "app_key") };
    let app = directory.app(protocol, content.params.get(key).unwrap_or_default());
    let app = Arc::clone(app.ok_or("the application is not known")?);
    Ok((content, app))
}

fn rule<'c>(app: &App, content: &Content<'c>) -> Result<Rule<'c>, String> {
    if app.protocol == Protocol::Openapi2 {
        return Ok(Rule::Openapi2);
    }
    let digest = Digest::of_sign_method(content.params.get("sign_method")).ok_or("sign_method is not known")?;
    Ok(Rule::Top { digest, body: content.raw })
}

/// What the one who asks brings along.
struct More<'m> {
    client_string: Option<&'m str>,
    now: Option<Moment>,
    budget: usize,
    /// Applications whose secrets may have been taken for this one's.
    relatives: Vec<Arc<App>>,
}

fn asked(app: &App, content: &Content<'_>, received: Option<&Received>, more: More<'_>) -> Result<Explanation, String> {
    let other_secrets: Vec<&str> = more.relatives.iter().map(|other| other.secret.expose_text()).collect();
    let sent =
        received.map(|received| [received.query.as_bytes(), if content.raw.is_none() { &received.body } else { b"" }]);
    let sent: Vec<_> = sent.into_iter().flatten().flat_map(form::pairs).map_while(Result::ok).collect();
    let arrival: Vec<&str> = sent.iter().map(|(name, _)| &**name).collect();
    let given = content.params.get("sign").unwrap_or_default();
    let question = Question::new(rule(app, content)?, app.secret.expose_text(), &content.params, given);
    let question = Question { client_string: more.client_string, now: more.now, budget: more.budget, ..question };
    Ok(explain(&Question { other_secrets: &other_secrets, arrival: &arrival, ..question }))
}

/// Other applications of the same owner: those that reach one of the same tenants, whatever their protocol. (Both secrets of a
/// merchant lie beside each other in his configuration file.)
fn relatives(app: &App, directory: &Snapshot) -> Vec<Arc<App>> {
    let (grants, tenants) = (directory.grants(), directory.tenants());
    let owners = |app: &App| -> BTreeSet<i64> {
        let own = tenants.iter().filter(|tenant| tenant.number == app.tenant);
        let granted = tenants.iter().filter(|tenant| {
            app.protocol == Protocol::Top
                && grants.iter().any(|grant| {
                    grant.app_key == app.key && grant.environment == tenant.environment && grant.sid == tenant.sid
                })
        });
        own.chain(granted).map(|tenant| tenant.number).collect()
    };
    let ours = owners(app);
    let others = directory.apps().into_iter().filter(|other| other.number != app.number);
    others.filter(|other| !owners(other).is_disjoint(&ours)).take(MAX_OTHER_SECRETS).collect()
}
