//! The directory as maps that can be compared: what is stored, and what a document wants.

use std::collections::BTreeMap;

use store::{Reader, Secret};
use units::Moment;

use super::document::{
    ApiEntry, ApplicationEntry, AuthorisationEntry, CustomerRouteEntry, Document, EndpointEntry, SceneEntry,
    TargetEntry,
};
use super::guard::{self, LimitKey, StubKey};
use crate::directory::edit::{apps, targets};
use crate::directory::model::{
    Api, App, CustomerRoute, Direction, Endpoint, Environment, Grant, Protocol, Scene, Target,
};
use crate::directory::{Error, Result, table};
use crate::limit::LimitRule;
use crate::stub::StubSet;

/// Scene, name and environment.
pub(super) type ApiKey = (String, String, Environment);
/// `customerId`, direction and environment.
pub(super) type RouteKey = (String, Direction, Environment);

/// Scenes that every Matou has: a document that leaves them out does not mean them.
const STANDING: [&str; 2] = ["hu3cgwt0tc", "qimen"];

/// What is there, or what is wanted: for a wanted state, `None` = not spoken of.
#[derive(Default)]
pub(super) struct State {
    pub(super) scenes: Option<BTreeMap<String, Scene>>,
    pub(super) apis: Option<BTreeMap<ApiKey, Api>>,
    pub(super) targets: Option<BTreeMap<String, Target>>,
    pub(super) routes: Option<BTreeMap<RouteKey, CustomerRoute>>,
    /// With their ends.
    pub(super) grants: Option<BTreeMap<Grant, Option<Moment>>>,
    pub(super) apps: Option<BTreeMap<String, Wanted>>,
    pub(super) limits: Option<BTreeMap<LimitKey, LimitRule>>,
    pub(super) stubs: Option<BTreeMap<StubKey, StubSet>>,
}

/// An application as a document sees it.
#[derive(Clone, PartialEq)]
pub(super) struct Wanted {
    /// 0 = there is none yet.
    pub(super) number: i64,
    pub(super) entry: ApplicationEntry,
    pub(super) secret: Secret,
}

impl State {
    /// What is stored; every section is there.
    pub(super) fn stored(reader: &mut Reader) -> Result<Self> {
        let scenes = table::scenes(reader)?.into_iter().map(|scene| (scene.code.clone(), scene));
        let apis = table::online_apis(reader)?.into_iter().map(|api| (key_of(&api), unversioned(api)));
        let routes = table::customer_routes(reader)?
            .into_iter()
            .map(|route| ((route.customer_id.clone(), route.direction, route.environment), route));
        let apps = apps(reader)?.into_iter().filter(|app| app.protocol == Protocol::Top);
        Ok(Self {
            scenes: Some(scenes.collect()),
            apis: Some(apis.collect()),
            routes: Some(routes.collect()),
            grants: Some(table::approved(reader)?.into_iter().map(|one| (one.grant, one.until)).collect()),
            targets: Some(targets(reader)?.into_iter().map(|target| (target.key.clone(), target)).collect()),
            apps: Some(apps.map(|app| (app.key.clone(), wanted_of(app))).collect()),
            limits: Some(guard::stored_limits(reader)?),
            stubs: Some(guard::stored_stubs(reader)?),
        })
    }

    /// What a document wants, over what is stored: the two standing scenes, applications that it does not name and secrets that it
    /// does not give stay.
    pub(super) fn wanted(document: &Document, stored: &Self) -> Result<Self> {
        let mut wanted = Self::default();
        if let Some(entries) = &document.scenes {
            let rows = entries
                .iter()
                .map(|SceneEntry { code, scene }| (code.clone(), Scene { code: code.clone(), ..scene.clone() }));
            let mut scenes = unique(rows, "scene", Clone::clone)?;
            for code in STANDING {
                if let (Some(scene), false) = (stored.scene(code), scenes.contains_key(code)) {
                    scenes.insert(code.to_owned(), scene.clone());
                }
            }
            wanted.scenes = Some(scenes);
        }
        if let Some(entries) = &document.apis {
            let rows = entries.iter().flat_map(|ApiEntry { scene, name, environments, api }| {
                environments.iter().map(move |environment| {
                    let (scene, name) = (scene.clone(), name.clone());
                    let key = (scene.clone(), name.clone(), *environment);
                    (key, Api { environment: *environment, scene, name, version: 0, ..api.clone() })
                })
            });
            wanted.apis = Some(unique(rows, "api", |(scene, name, at)| format!("{scene}.{name} in {}", at.name()))?);
        }
        if let Some(entries) = &document.targets {
            let rows = entries.iter().map(|entry| {
                let target = target_of(entry, stored.target(&entry.target_app_key));
                (entry.target_app_key.clone(), target)
            });
            wanted.targets = Some(unique(rows, "target", Clone::clone)?);
        }
        if let Some(entries) = &document.customer_routes {
            let rows = entries.iter().flat_map(|entry| {
                let CustomerRouteEntry { customer_id, direction, target_app_key, environments } = entry;
                environments.iter().map(move |environment| {
                    let route = CustomerRoute {
                        environment: *environment,
                        customer_id: customer_id.clone(),
                        direction: *direction,
                        target_app_key: target_app_key.clone(),
                    };
                    ((customer_id.clone(), *direction, *environment), route)
                })
            });
            wanted.routes =
                Some(unique(rows, "customer_route", |(id, to, at)| format!("{id} {} in {}", to.name(), at.name()))?);
        }
        if let Some(entries) = &document.authorisations {
            let rows = entries.iter().flat_map(|entry| {
                let AuthorisationEntry { app_key, target_app_key, sid, environments, until } = entry;
                environments.iter().map(move |environment| {
                    let (app_key, target_app_key, sid) = (app_key.clone(), target_app_key.clone(), sid.clone());
                    (Grant { environment: *environment, app_key, target_app_key, sid }, *until)
                })
            });
            wanted.grants = Some(unique(rows, "authorisation", grant_name)?);
        }
        if let Some(entries) = &document.applications {
            let rows = entries.iter().map(|entry| {
                let kept = stored.app(&entry.app_key);
                let given = entry.secret.as_ref().map(|secret| Secret::new(secret.clone()));
                let secret = given.or_else(|| kept.map(|kept| kept.secret.clone())).unwrap_or_default();
                let number = kept.map_or(0, |kept| kept.number);
                let entry = ApplicationEntry { secret: None, ..entry.clone() };
                (entry.app_key.clone(), Wanted { number, entry, secret })
            });
            let mut apps = unique(rows, "application", Clone::clone)?;
            for (key, app) in stored.apps.iter().flatten() {
                apps.entry(key.clone()).or_insert_with(|| app.clone());
            }
            wanted.apps = Some(apps);
        }
        if let Some(entries) = &document.limits {
            let stored = stored.limits.as_ref();
            wanted.limits = Some(guard::wanted_limits(entries, stored.unwrap_or(&BTreeMap::new())));
        }
        if let Some(entries) = &document.stubs {
            wanted.stubs = Some(guard::wanted_stubs(entries)?);
        }
        Ok(wanted)
    }

    /// The stored directory as a document, without secrets. What is the same in both environments stands once.
    pub(super) fn document(&self) -> Document {
        let scenes = self.scenes.iter().flatten();
        let targets = self.targets.iter().flatten().map(|(_, target)| entry_of(target));
        let apis = self.apis.iter().flatten().map(|((scene, name, environment), api)| {
            let api =
                Api { environment: Environment::default(), scene: String::new(), name: String::new(), ..api.clone() };
            (ApiEntry { scene: scene.clone(), name: name.clone(), environments: Vec::new(), api }, *environment)
        });
        let routes = self.routes.iter().flatten().map(|(_, route)| {
            let CustomerRoute { environment, customer_id, direction, target_app_key } = route.clone();
            (CustomerRouteEntry { customer_id, direction, target_app_key, environments: Vec::new() }, environment)
        });
        let grants = self.grants.iter().flatten().map(|(grant, until)| {
            let Grant { environment, app_key, target_app_key, sid } = grant.clone();
            let environments = Vec::new();
            (AuthorisationEntry { app_key, target_app_key, sid, environments, until: *until }, environment)
        });
        Document {
            scenes: Some(scenes.map(|(code, scene)| scene_entry(code, scene)).collect()),
            apis: Some(gathered(apis, |entry| &mut entry.environments)),
            targets: Some(targets.collect()),
            customer_routes: Some(gathered(routes, |entry| &mut entry.environments)),
            authorisations: Some(gathered(grants, |entry| &mut entry.environments)),
            applications: Some(self.apps.iter().flatten().map(|(_, app)| app.entry.clone()).collect()),
            limits: Some(self.limits.iter().flatten().map(|(_, rule)| rule.clone()).collect()),
            stubs: Some(self.stubs.as_ref().map(guard::stub_entries).unwrap_or_default()),
        }
    }

    fn scene(&self, code: &str) -> Option<&Scene> {
        self.scenes.as_ref()?.get(code)
    }

    fn target(&self, key: &str) -> Option<&Target> {
        self.targets.as_ref()?.get(key)
    }

    fn app(&self, key: &str) -> Option<&Wanted> {
        self.apps.as_ref()?.get(key)
    }
}

/// Rows by key; a key that occurs twice is refused.
pub(super) fn unique<K: Ord, V>(
    rows: impl Iterator<Item = (K, V)>,
    section: &str,
    name: impl Fn(&K) -> String,
) -> Result<BTreeMap<K, V>> {
    let mut map = BTreeMap::new();
    for (key, row) in rows {
        let shown = name(&key);
        if map.insert(key, row).is_some() {
            return Err(Error::Invalid(format!("{section}: {shown} is there twice")));
        }
    }
    Ok(map)
}

/// Joins rows that differ in nothing but their environment.
pub(super) fn gathered<T: Clone + PartialEq>(
    rows: impl Iterator<Item = (T, Environment)>,
    environments: impl Fn(&mut T) -> &mut Vec<Environment>,
) -> Vec<T> {
    let mut plain: Vec<(T, Vec<Environment>)> = Vec::new();
    for (row, environment) in rows {
        match plain.iter_mut().find(|(known, _)| *known == row) {
            Some((_, list)) => list.push(environment),
            None => plain.push((row, vec![environment])),
        }
    }
    let with = |(mut row, list): (T, Vec<Environment>)| {
        *environments(&mut row) = list;
        row
    };
    plain.into_iter().map(with).collect()
}

pub(super) fn grant_name(grant: &Grant) -> String {
    let Grant { environment, app_key, target_app_key, sid } = grant;
    format!("{app_key} -> {target_app_key} sid {sid} in {}", environment.name())
}

fn key_of(api: &Api) -> ApiKey {
    (api.scene.clone(), api.name.clone(), api.environment)
}

fn unversioned(api: Api) -> Api {
    Api { version: 0, ..api }
}

fn scene_entry(code: &str, scene: &Scene) -> SceneEntry {
    SceneEntry { code: code.to_owned(), scene: Scene { code: String::new(), ..scene.clone() } }
}

fn wanted_of(app: App) -> Wanted {
    let App { number, key, secret, name, enabled, rights, options, .. } = app;
    Wanted { number, secret, entry: ApplicationEntry { app_key: key, name, enabled, secret: None, rights, options } }
}

fn target_of(entry: &TargetEntry, stored: Option<&Target>) -> Target {
    let endpoint = |given: Option<&EndpointEntry>, environment| {
        let Some(EndpointEntry { endpoint, secret, account_secret }) = given else { return Endpoint::default() };
        let kept = stored.map(|stored| stored.endpoint(environment));
        let chosen = |given: &Option<String>, kept: Option<&Secret>| match given {
            Some(text) => Secret::new(text.clone()),
            None => kept.cloned().unwrap_or_default(),
        };
        let mut endpoint = endpoint.clone();
        endpoint.secret = chosen(secret, kept.map(|kept| &kept.secret));
        if let Some(account) = &mut endpoint.openapi2 {
            let kept = kept.and_then(|kept| kept.openapi2.as_ref()).map(|kept| &kept.secret);
            account.secret = chosen(account_secret, kept);
        }
        endpoint
    };
    Target {
        key: entry.target_app_key.clone(),
        name: entry.name.clone(),
        kind: entry.kind,
        production: endpoint(entry.production.as_ref(), Environment::Production),
        test: endpoint(entry.test.as_ref(), Environment::Test),
    }
}

fn entry_of(target: &Target) -> TargetEntry {
    let entry = |endpoint: &Endpoint| {
        let endpoint = endpoint.clone();
        (endpoint != Endpoint::default()).then(|| EndpointEntry { endpoint, secret: None, account_secret: None })
    };
    TargetEntry {
        target_app_key: target.key.clone(),
        name: target.name.clone(),
        kind: target.kind,
        production: entry(&target.production),
        test: entry(&target.test),
    }
}
