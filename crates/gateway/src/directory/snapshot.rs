//! The whole directory at one moment, arranged for lookups. Immutable: a change makes a new one.

use std::sync::Arc;

use foldhash::HashMap;
use units::Moment;

use crate::limit::{Book, LimitRule};
use crate::stub::StubSet;

use super::model::{
    Api, App, Authorisation, CustomerRoute, Direction, EVERY_SID, Environment, Grant, Protocol, Scene, Target,
    TenantInfo,
};

/// One state of the directory.
#[derive(Default)]
pub struct Snapshot {
    pub(super) version: i64,
    tenants: HashMap<i64, Arc<TenantInfo>>,
    production: HashMap<String, Arc<TenantInfo>>,
    test: HashMap<String, Arc<TenantInfo>>,
    openapi2: HashMap<String, Arc<App>>,
    top: HashMap<String, Arc<App>>,
    targets: HashMap<String, Arc<Target>>,
    /// By `app_key`, then by `sid`.
    grants: HashMap<String, HashMap<String, Vec<Authorisation>>>,
    scenes: HashMap<String, Arc<Scene>>,
    apis: Worlds<HashMap<String, HashMap<String, Arc<Api>>>>,
    to_wms: Worlds<HashMap<String, CustomerRoute>>,
    to_erp: Worlds<HashMap<String, CustomerRoute>>,
    limits: Book,
    /// By method.
    stubs: Worlds<HashMap<String, Arc<StubSet>>>,
}

/// Everything that a snapshot is made of.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) version: i64,
    pub(super) tenants: Vec<TenantInfo>,
    pub(super) apps: Vec<App>,
    pub(super) targets: Vec<Target>,
    /// Approved ones.
    pub(super) grants: Vec<Authorisation>,
    pub(super) scenes: Vec<Scene>,
    /// On line.
    pub(super) apis: Vec<Api>,
    pub(super) routes: Vec<CustomerRoute>,
    pub(super) limits: Vec<LimitRule>,
    pub(super) stubs: Vec<StubSet>,
}

/// One for each environment.
#[derive(Default)]
struct Worlds<T> {
    production: T,
    test: T,
}

impl<T> Worlds<T> {
    fn of(&self, environment: Environment) -> &T {
        match environment {
            Environment::Production => &self.production,
            Environment::Test => &self.test,
        }
    }

    fn of_mut(&mut self, environment: Environment) -> &mut T {
        match environment {
            Environment::Production => &mut self.production,
            Environment::Test => &mut self.test,
        }
    }
}

/// Whether a caller may reach a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Yes.
    Granted,
    /// Not any more: the authorisation ended at this moment.
    Ended(Moment),
    /// The caller has a grant for this target and environment, but not for this `sid`.
    OtherSid,
    /// The caller has no grant for this target and environment at all.
    Nothing,
}

impl Snapshot {
    pub(super) fn new(contents: Contents) -> Self {
        let Contents { version, tenants, apps, targets, grants, scenes, apis, routes, limits, stubs } = contents;
        let mut snapshot = Self { version, limits: Book::new(limits), ..Self::default() };
        for tenant in tenants {
            let tenant = Arc::new(tenant);
            let world = match tenant.environment {
                Environment::Production => &mut snapshot.production,
                Environment::Test => &mut snapshot.test,
            };
            world.insert(tenant.sid.clone(), Arc::clone(&tenant));
            snapshot.tenants.insert(tenant.number, tenant);
        }
        for app in apps {
            let keys = match app.protocol {
                Protocol::Openapi2 => &mut snapshot.openapi2,
                Protocol::Top => &mut snapshot.top,
            };
            keys.insert(app.key.clone(), Arc::new(app));
        }
        for target in targets {
            snapshot.targets.insert(target.key.clone(), Arc::new(target));
        }
        for authorisation in grants {
            let Grant { app_key, sid, .. } = authorisation.grant.clone();
            snapshot.grants.entry(app_key).or_default().entry(sid).or_default().push(authorisation);
        }
        for scene in scenes {
            snapshot.scenes.insert(scene.code.clone(), Arc::new(scene));
        }
        for api in apis {
            let by_name = snapshot.apis.of_mut(api.environment).entry(api.scene.clone()).or_default();
            by_name.insert(api.name.clone(), Arc::new(api));
        }
        for set in stubs {
            snapshot.stubs.of_mut(set.environment).insert(set.method.clone(), Arc::new(set));
        }
        for route in routes {
            let routes = match route.direction {
                Direction::ToWms => &mut snapshot.to_wms,
                Direction::ToErp => &mut snapshot.to_erp,
            };
            routes.of_mut(route.environment).insert(route.customer_id.clone(), route);
        }
        snapshot
    }

    /// The tenant with this number.
    pub fn tenant(&self, number: i64) -> Option<&Arc<TenantInfo>> {
        self.tenants.get(&number)
    }

    /// The enabled tenant with this `sid` in this environment.
    pub fn tenant_of(&self, environment: Environment, sid: &str) -> Option<&Arc<TenantInfo>> {
        let world = match environment {
            Environment::Production => &self.production,
            Environment::Test => &self.test,
        };
        world.get(sid).filter(|tenant| tenant.enabled)
    }

    /// The application with this key.
    pub fn app(&self, protocol: Protocol, key: &str) -> Option<&Arc<App>> {
        match protocol {
            Protocol::Openapi2 => self.openapi2.get(key),
            Protocol::Top => self.top.get(key),
        }
    }

    /// The target with this key.
    pub fn target(&self, key: &str) -> Option<&Arc<Target>> {
        self.targets.get(key)
    }

    /// Whether `app_key` may reach `sid` through `target_app_key` at this moment.
    pub fn reach(
        &self,
        environment: Environment,
        app_key: &str,
        target_app_key: &str,
        sid: &str,
        now: Moment,
    ) -> Reach {
        let Some(by_sid) = self.grants.get(app_key) else { return Reach::Nothing };
        let fits =
            |one: &&Authorisation| one.grant.environment == environment && one.grant.target_app_key == target_app_key;
        let mut ended = None;
        for one in [sid, EVERY_SID].into_iter().filter_map(|sid| by_sid.get(sid)).flatten().filter(fits) {
            match one.ended(now) {
                None => return Reach::Granted,
                at => ended = ended.max(at),
            }
        }
        match ended {
            Some(at) => Reach::Ended(at),
            None if by_sid.values().flatten().any(|one| fits(&one)) => Reach::OtherSid,
            None => Reach::Nothing,
        }
    }

    /// The scene that a call means, and the name of its method without the prefix: the first label of `method` when that is a known
    /// code, otherwise the scene of the host (fact sheet qimen, A1).
    pub fn scene_of<'n>(&self, method: &'n str, host: &str) -> Option<(&Arc<Scene>, &'n str)> {
        let prefixed = method.split_once('.').and_then(|(code, name)| Some((self.scenes.get(code)?, name)));
        prefixed.or_else(|| {
            let scene = self.scenes.values().filter(|scene| scene.is_at(host)).min_by(|a, b| a.code.cmp(&b.code))?;
            Some((scene, method))
        })
    }

    /// The scene with this code.
    pub fn scene(&self, code: &str) -> Option<&Arc<Scene>> {
        self.scenes.get(code)
    }

    /// The definition of a method of a scene that is on line in this environment.
    pub fn api(&self, environment: Environment, scene: &str, name: &str) -> Option<&Arc<Api>> {
        self.apis.of(environment).get(scene)?.get(name)
    }

    /// Whether anything is defined in this environment.
    pub(crate) fn has_apis(&self, environment: Environment) -> bool {
        !self.apis.of(environment).is_empty()
    }

    /// Who answers for a `customerId` on the WMS scene.
    pub fn customer_route(
        &self,
        environment: Environment,
        customer_id: &str,
        direction: Direction,
    ) -> Option<&CustomerRoute> {
        let routes = match direction {
            Direction::ToWms => &self.to_wms,
            Direction::ToErp => &self.to_erp,
        };
        routes.of(environment).get(customer_id)
    }

    /// Limits of calls.
    pub fn limits(&self) -> &[LimitRule] {
        self.limits.rules()
    }

    /// The mock rules in force for a method.
    pub fn stub(&self, environment: Environment, method: &str) -> Option<&Arc<StubSet>> {
        self.stubs.of(environment).get(method)
    }

    /// All mock rules in force, by method and environment.
    pub fn stubs(&self) -> Vec<Arc<StubSet>> {
        let worlds = [&self.stubs.production, &self.stubs.test];
        let mut all: Vec<_> = worlds.into_iter().flat_map(|sets| sets.values()).cloned().collect();
        all.sort_by(|a, b| (&a.method, a.environment).cmp(&(&b.method, b.environment)));
        all
    }

    /// The same, arranged for calls.
    pub(crate) fn limit_book(&self) -> &Book {
        &self.limits
    }

    /// All tenants, by number.
    pub fn tenants(&self) -> Vec<Arc<TenantInfo>> {
        let mut all: Vec<_> = self.tenants.values().cloned().collect();
        all.sort_by_key(|tenant| tenant.number);
        all
    }

    /// All applications, by number.
    pub fn apps(&self) -> Vec<Arc<App>> {
        let mut all: Vec<_> = self.openapi2.values().chain(self.top.values()).cloned().collect();
        all.sort_by_key(|app| app.number);
        all
    }

    /// All targets, by key.
    pub fn targets(&self) -> Vec<Arc<Target>> {
        let mut all: Vec<_> = self.targets.values().cloned().collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }

    /// All approved authorisations, in order, also those that have ended.
    pub fn grants(&self) -> Vec<Grant> {
        let all = self.grants.values().flat_map(|by_sid| by_sid.values()).flatten();
        let mut all: Vec<_> = all.map(|one| one.grant.clone()).collect();
        all.sort();
        all
    }

    /// All scenes, by code.
    pub fn scenes(&self) -> Vec<Arc<Scene>> {
        let mut all: Vec<_> = self.scenes.values().cloned().collect();
        all.sort_by(|a, b| a.code.cmp(&b.code));
        all
    }

    /// All definitions on line, by environment, scene and name.
    pub fn apis(&self) -> Vec<Arc<Api>> {
        let worlds = [&self.apis.production, &self.apis.test];
        let mut all: Vec<_> =
            worlds.into_iter().flat_map(|scenes| scenes.values()).flat_map(|apis| apis.values()).cloned().collect();
        all.sort_by(|a, b| (a.environment, &a.scene, &a.name).cmp(&(b.environment, &b.scene, &b.name)));
        all
    }

    /// All customer routes, in order.
    pub fn customer_routes(&self) -> Vec<CustomerRoute> {
        let worlds = [&self.to_wms.production, &self.to_wms.test, &self.to_erp.production, &self.to_erp.test];
        let mut all: Vec<_> = worlds.into_iter().flat_map(|routes| routes.values()).cloned().collect();
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::model::GrantStatus;

    #[test]
    fn grants_hold_for_one_environment_target_and_sid_until_they_end() {
        let grant = |environment, sid: &str, until: Option<i64>| Authorisation {
            grant: Grant { environment, app_key: "213".into(), target_app_key: "t".into(), sid: sid.into() },
            status: GrantStatus::Approved,
            until: until.map(Moment::from_unix),
        };
        let (production, test) = (Environment::Production, Environment::Test);
        let grants = vec![
            grant(production, "a", None),
            grant(production, "c", Some(100)),
            grant(test, EVERY_SID, Some(90)),
            grant(test, "d", Some(100)),
        ];
        let snapshot = Snapshot::new(Contents { grants, ..Contents::default() });
        let ended = |at| Reach::Ended(Moment::from_unix(at));
        for (environment, app, target, sid, now, expected) in [
            (production, "213", "t", "a", 100, Reach::Granted),
            (production, "213", "t", "b", 0, Reach::OtherSid),
            (production, "213", "u", "a", 0, Reach::Nothing),
            (production, "214", "t", "a", 0, Reach::Nothing),
            (production, "213", "t", "c", 99, Reach::Granted),
            (production, "213", "t", "c", 100, ended(100)),
            (test, "213", "t", "b", 89, Reach::Granted),
            (test, "213", "t", "b", 90, ended(90)),
            (test, "213", "t", "d", 95, Reach::Granted),
            (test, "213", "t", "d", 100, ended(100)),
            (test, "213", "u", "d", 100, Reach::Nothing),
        ] {
            let now = Moment::from_unix(now);
            let reach = snapshot.reach(environment, app, target, sid, now);
            assert_eq!(reach, expected, "{environment:?} {app} {target} {sid} {now}");
        }
    }

    #[test]
    fn a_scene_is_named_by_the_method_or_by_the_host() {
        let scene = |code: &str, host: &str| Scene { code: code.into(), hosts: vec![host.into()], ..Scene::default() };
        let scenes = vec![scene("abc", "abc.example.cn"), scene("xyz", "shop.example.cn")];
        let snapshot = Snapshot::new(Contents { scenes, ..Contents::default() });
        for (method, host, expected) in [
            ("abc.demo.order.push", "shop.example.cn", Some(("abc", "demo.order.push"))),
            ("demo.order.push", "shop.example.cn:80", Some(("xyz", "demo.order.push"))),
            ("demo.order.push", "xyz.api.example.cn", Some(("xyz", "demo.order.push"))),
            ("demo.order.push", "localhost", None),
            ("abc", "localhost", None),
        ] {
            let found = snapshot.scene_of(method, host).map(|(scene, name)| (scene.code.as_str(), name));
            assert_eq!(found, expected, "{method} {host}");
        }
    }

    #[test]
    fn definitions_and_routes_belong_to_an_environment() {
        let api = Api { environment: Environment::Test, scene: "abc".into(), name: "a.b".into(), ..Api::default() };
        let route = CustomerRoute {
            environment: Environment::Production,
            customer_id: "c1".into(),
            direction: Direction::ToErp,
            target_app_key: "t".into(),
        };
        let snapshot = Snapshot::new(Contents { apis: vec![api], routes: vec![route], ..Contents::default() });
        assert!(snapshot.api(Environment::Test, "abc", "a.b").is_some());
        assert!(snapshot.api(Environment::Production, "abc", "a.b").is_none());
        let target = |environment, direction| {
            snapshot.customer_route(environment, "c1", direction).map(|route| route.target_app_key.as_str())
        };
        assert_eq!(target(Environment::Production, Direction::ToErp), Some("t"));
        assert_eq!(target(Environment::Production, Direction::ToWms), None);
        assert_eq!(target(Environment::Test, Direction::ToErp), None);
    }
}
