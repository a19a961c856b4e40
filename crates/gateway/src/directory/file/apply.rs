//! Taking a document over: in one unit of work, whole or not at all. Applying it again changes nothing.

use std::collections::BTreeMap;

use store::{Tenant, Tx};

use super::compare::{Change, changes};
use super::document::Document;
use super::guard;
use super::state::{State, Wanted};
use crate::directory::edit::{self, AppChange, Decision, Extension, NewApp};
use crate::directory::model::{ApiState, Grant, GrantStatus, Protocol};
use crate::directory::{Directory, Error, Result, table};

impl Directory {
    /// What is stored, as a document without secrets.
    pub async fn document(&self) -> Result<Document> {
        self.store.read(Tenant::HOUSE, |reader| Ok::<_, Error>(State::stored(reader)?.document())).await
    }

    /// What the document would change.
    pub async fn compare(&self, document: Document) -> Result<Vec<Change>> {
        let work = move |reader: &mut store::Reader| {
            let stored = State::stored(reader)?;
            let wanted = State::wanted(&document, &stored)?;
            Ok::<_, Error>(changes(&stored, &wanted))
        };
        self.store.read(Tenant::HOUSE, work).await
    }

    /// Makes the stored directory what the document says, and tells what changed. `by` stands in the stories of authorisations.
    pub async fn apply(&self, document: Document, by: String) -> Result<Vec<Change>> {
        if self.compare(document.clone()).await?.is_empty() {
            return Ok(Vec::new());
        }
        self.change(move |tx| {
            let stored = State::stored(tx)?;
            let wanted = State::wanted(&document, &stored)?;
            let changes = changes(&stored, &wanted);
            carry_out(tx, &stored, &wanted, &by)?;
            Ok(changes)
        })
        .await
    }
}

/// The reason in the stories of authorisations.
const BY_FILE: &str = "gateway file";

/// What others need comes first; what others needed goes last.
fn carry_out(tx: &mut Tx, stored: &State, wanted: &State, by: &str) -> Result<()> {
    for (_, scene) in fresh(stored.scenes.as_ref(), wanted.scenes.as_ref()) {
        edit::check_scene(scene)?;
        table::put_scene(tx, scene)?;
    }
    edit::check_hosts(tx)?;
    for (_, app) in fresh(stored.apps.as_ref(), wanted.apps.as_ref()) {
        let kept = stored.apps.as_ref().and_then(|apps| apps.get(&app.entry.app_key));
        put_app(tx, app, kept)?;
    }
    for (_, target) in fresh(stored.targets.as_ref(), wanted.targets.as_ref()) {
        edit::put_target(tx, target)?;
    }
    for ((scene, name, environment), api) in fresh(stored.apis.as_ref(), wanted.apis.as_ref()) {
        edit::check_api(tx, api)?;
        edit::retire(tx, *environment, scene, name)?;
        let version = table::next_version(tx, api)?;
        let api = crate::directory::Api { version, ..api.clone() };
        table::insert_api(tx, &api, ApiState::Online)?;
    }
    for (_, route) in fresh(stored.routes.as_ref(), wanted.routes.as_ref()) {
        edit::put_route(tx, route)?;
    }
    let decision = |grant: &Grant, status, until| {
        let (by, reason) = (by.to_owned(), BY_FILE.to_owned());
        Decision { grant: grant.clone(), status, until, by, reason }
    };
    for (grant, until) in fresh(stored.grants.as_ref(), wanted.grants.as_ref()) {
        if stored.grants.as_ref().is_some_and(|grants| grants.contains_key(grant)) {
            let (by, reason) = (by.to_owned(), BY_FILE.to_owned());
            edit::extend(tx, &Extension { grant: grant.clone(), until: *until, by, reason })?;
        } else {
            edit::decide(tx, &decision(grant, GrantStatus::Approved, *until))?;
        }
    }
    for (grant, _) in gone(stored.grants.as_ref(), wanted.grants.as_ref()) {
        edit::decide(tx, &decision(grant, GrantStatus::Withdrawn, None))?;
    }
    for (key, rule) in fresh(stored.limits.as_ref(), wanted.limits.as_ref()) {
        guard::put_limit(tx, rule, key)?;
    }
    for (_, set) in fresh(stored.stubs.as_ref(), wanted.stubs.as_ref()) {
        guard::put_stub(tx, set)?;
    }
    for (_, rule) in gone(stored.limits.as_ref(), wanted.limits.as_ref()) {
        guard::delete_limit(tx, rule)?;
    }
    for (key, _) in gone(stored.stubs.as_ref(), wanted.stubs.as_ref()) {
        guard::retire_stub(tx, key)?;
    }
    for ((id, direction, environment), _) in gone(stored.routes.as_ref(), wanted.routes.as_ref()) {
        table::delete_customer_route(tx, *environment, id, *direction)?;
    }
    for ((scene, name, environment), _) in gone(stored.apis.as_ref(), wanted.apis.as_ref()) {
        edit::retire(tx, *environment, scene, name)?;
    }
    for (key, _) in gone(stored.targets.as_ref(), wanted.targets.as_ref()) {
        edit::delete_target(tx, key)?;
    }
    for (code, _) in gone(stored.scenes.as_ref(), wanted.scenes.as_ref()) {
        edit::delete_scene(tx, code)?;
    }
    Ok(())
}

fn put_app(tx: &mut Tx, app: &Wanted, kept: Option<&Wanted>) -> Result<()> {
    let entry = &app.entry;
    let change = AppChange {
        name: Some(entry.name.clone()),
        enabled: Some(entry.enabled),
        secret: kept.filter(|kept| kept.secret != app.secret).map(|_| app.secret.clone()),
        rights: Some(entry.rights.clone()),
        options: Some(entry.options.clone()),
    };
    if app.number != 0 {
        return edit::update_app(tx, app.number, &change).map(drop);
    }
    if app.secret.expose().is_empty() {
        return Err(Error::Invalid(format!(
            "application {}: a new one needs secret_env or secret_file",
            entry.app_key
        )));
    }
    let new = NewApp {
        protocol: Protocol::Top,
        key: entry.app_key.clone(),
        secret: app.secret.clone(),
        tenant: 0,
        name: entry.name.clone(),
        rights: entry.rights.clone(),
        options: entry.options.clone(),
    };
    let number = edit::create_app(tx, &new)?;
    if entry.enabled { Ok(()) } else { edit::update_app(tx, number, &change).map(drop) }
}

/// Rows that are new or differ.
fn fresh<'s, K: Ord, V: PartialEq>(
    stored: Option<&'s BTreeMap<K, V>>,
    wanted: Option<&'s BTreeMap<K, V>>,
) -> impl Iterator<Item = (&'s K, &'s V)> {
    let differs = move |(key, row): &(&K, &V)| stored.and_then(|rows| rows.get(key)) != Some(*row);
    wanted.into_iter().flatten().filter(differs)
}

/// Rows that a section does not have any more.
fn gone<'s, K: Ord, V>(
    stored: Option<&'s BTreeMap<K, V>>,
    wanted: Option<&'s BTreeMap<K, V>>,
) -> impl Iterator<Item = (&'s K, &'s V)> {
    let rows = wanted.and(stored).into_iter().flatten();
    rows.filter(move |(key, _)| wanted.is_some_and(|wanted| !wanted.contains_key(key)))
}
