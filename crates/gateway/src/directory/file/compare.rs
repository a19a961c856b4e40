//! What a document would change, for people.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use store::Secret;
use units::Moment;

use super::guard::{StubKey, limit_name};
use super::state::{ApiKey, RouteKey, State, Wanted, grant_name};
use crate::directory::model::{Api, CustomerRoute, Environment, Grant, Scene, Target};
use crate::stub::StubSet;

/// One difference between the document and the store.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What would happen.
    pub action: Action,
    /// To what: `api x1y2z3.demo.order.push in test`.
    pub what: String,
    /// Which of its members differ, for a change.
    pub members: Vec<MemberChange>,
}

/// What happens to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is new.
    Add,
    /// It is there, and differs.
    Change,
    /// The document does not have it.
    Remove,
}

/// One member of a row; `null` = absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MemberChange {
    /// Path to it.
    pub path: String,
    /// As it is stored.
    pub before: Value,
    /// As the document has it.
    pub after: Value,
}

/// All differences, section by section in the order of application.
pub(super) fn changes(stored: &State, wanted: &State) -> Vec<Change> {
    let mut all = Vec::new();
    let section = |stored: BTreeMap<String, Value>, wanted: Option<BTreeMap<String, Value>>, out: &mut Vec<Change>| {
        if let Some(wanted) = wanted {
            out.extend(compare(&stored, &wanted));
        }
    };
    let scenes = |state: &State| {
        let named = |(code, scene): (&String, &Scene)| (format!("scene {code}"), value(scene));
        state.scenes.as_ref().map(|rows| rows.iter().map(named).collect())
    };
    section(scenes(stored).unwrap_or_default(), scenes(wanted), &mut all);
    let apps = |state: &State, base: &State| {
        let named = |(key, app): (&String, &Wanted)| {
            let kept = base.apps.as_ref().and_then(|apps| apps.get(key)).map(|kept| &kept.secret);
            (format!("application {key}"), with_secret(value(&app.entry), "secret", &app.secret, kept))
        };
        state.apps.as_ref().map(|rows| rows.iter().map(named).collect())
    };
    section(apps(stored, stored).unwrap_or_default(), apps(wanted, stored), &mut all);
    let targets = |state: &State, base: &State| {
        let named = |(key, target): (&String, &Target)| {
            let kept = base.targets.as_ref().and_then(|targets| targets.get(key));
            (format!("target {key}"), target_value(target, kept))
        };
        state.targets.as_ref().map(|rows| rows.iter().map(named).collect())
    };
    section(targets(stored, stored).unwrap_or_default(), targets(wanted, stored), &mut all);
    let apis = |state: &State| {
        let named =
            |((scene, name, at), api): (&ApiKey, &Api)| (format!("api {scene}.{name} in {}", at.name()), value(api));
        state.apis.as_ref().map(|rows| rows.iter().map(named).collect())
    };
    section(apis(stored).unwrap_or_default(), apis(wanted), &mut all);
    let routes = |state: &State| {
        let named = |((id, to, at), route): (&RouteKey, &CustomerRoute)| {
            (format!("customer_route {id} {} in {}", to.name(), at.name()), value(route))
        };
        state.routes.as_ref().map(|rows| rows.iter().map(named).collect())
    };
    section(routes(stored).unwrap_or_default(), routes(wanted), &mut all);
    let grants = |state: &State| {
        let named = |(grant, until): (&Grant, &Option<Moment>)| {
            let until = until.map(|until| until.to_string());
            (format!("authorisation {}", grant_name(grant)), serde_json::json!({ "until": until }))
        };
        state.grants.as_ref().map(|rows| rows.iter().map(named).collect())
    };
    section(grants(stored).unwrap_or_default(), grants(wanted), &mut all);
    let limits = |state: &State| {
        state.limits.as_ref().map(|rows| rows.iter().map(|(key, rule)| (limit_name(key), value(rule))).collect())
    };
    section(limits(stored).unwrap_or_default(), limits(wanted), &mut all);
    let stubs = |state: &State| {
        let named = |((method, at), set): (&StubKey, &StubSet)| (format!("stub {method} in {}", at.name()), value(set));
        state.stubs.as_ref().map(|rows| rows.iter().map(named).collect())
    };
    section(stubs(stored).unwrap_or_default(), stubs(wanted), &mut all);
    all
}

fn compare(stored: &BTreeMap<String, Value>, wanted: &BTreeMap<String, Value>) -> Vec<Change> {
    let change = |action, what: &String, members| Change { action, what: what.clone(), members };
    let mut all = Vec::new();
    for (what, after) in wanted {
        match stored.get(what) {
            None => all.push(change(Action::Add, what, Vec::new())),
            Some(before) if before != after => {
                let mut members = Vec::new();
                differ("", before, after, &mut members);
                all.push(change(Action::Change, what, members));
            }
            Some(_) => {}
        }
    }
    let gone = stored.keys().filter(|what| !wanted.contains_key(*what));
    all.extend(gone.map(|what| change(Action::Remove, what, Vec::new())));
    all
}

/// Goes down as far as both sides are objects or lists of one length.
fn differ(at: &str, before: &Value, after: &Value, out: &mut Vec<MemberChange>) {
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let nothing = Value::Null;
                let (old, new) = (old.get(name).unwrap_or(&nothing), new.get(name).unwrap_or(&nothing));
                differ(&below(name), old, new, out);
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                differ(&format!("{at}[{}]", index + 1), old, new, out);
            }
        }
        (before, after) if before != after => {
            out.push(MemberChange { path: at.to_owned(), before: before.clone(), after: after.clone() });
        }
        _ => {}
    }
}

fn target_value(target: &Target, kept: Option<&Target>) -> Value {
    let mut shown = value(target);
    for environment in [Environment::Production, Environment::Test] {
        let (endpoint, kept) = (target.endpoint(environment), kept.map(|kept| kept.endpoint(environment)));
        let Some(slot) = shown.get_mut(environment.name()) else { continue };
        let mut own = with_secret(slot.take(), "secret", &endpoint.secret, kept.map(|kept| &kept.secret));
        if let Some(account) = &endpoint.openapi2 {
            let kept = kept.and_then(|kept| kept.openapi2.as_ref()).map(|kept| &kept.secret);
            own = with_secret(own, "account_secret", &account.secret, kept);
        }
        *slot = own;
    }
    shown
}

/// A secret shows only whether it is there and whether it is the stored one.
fn with_secret(mut row: Value, name: &str, secret: &Secret, kept: Option<&Secret>) -> Value {
    let word = match secret.expose() {
        [] => "not set",
        _ if kept == Some(secret) => "set",
        _ => "another one",
    };
    if let Some(members) = row.as_object_mut() {
        members.insert(name.to_owned(), word.into());
    }
    row
}

fn value(row: &impl Serialize) -> Value {
    serde_json::to_value(row).unwrap_or_default()
}
