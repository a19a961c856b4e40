//! The whole directory at one moment, arranged for lookups. Immutable: a change makes a new one.

use std::sync::Arc;

use foldhash::HashMap;

use super::model::{App, EVERY_SID, Environment, Grant, Protocol, Target, TenantInfo};

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
    grants: HashMap<String, HashMap<String, Vec<Grant>>>,
}

/// Whether a caller may reach a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Yes.
    Granted,
    /// The caller has a grant for this target and environment, but not for this `sid`.
    OtherSid,
    /// The caller has no grant for this target and environment at all.
    Nothing,
}

impl Snapshot {
    pub(super) fn new(
        version: i64,
        tenants: Vec<TenantInfo>,
        apps: Vec<App>,
        targets: Vec<Target>,
        grants: Vec<Grant>,
    ) -> Self {
        let mut snapshot = Self { version, ..Self::default() };
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
        for grant in grants {
            let by_sid = snapshot.grants.entry(grant.app_key.clone()).or_default();
            by_sid.entry(grant.sid.clone()).or_default().push(grant);
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

    /// Whether `app_key` may reach `sid` through `target_app_key`.
    pub fn reach(&self, environment: Environment, app_key: &str, target_app_key: &str, sid: &str) -> Reach {
        let Some(by_sid) = self.grants.get(app_key) else { return Reach::Nothing };
        let fits = |grant: &Grant| grant.environment == environment && grant.target_app_key == target_app_key;
        let granted = |sid: &str| by_sid.get(sid).is_some_and(|grants| grants.iter().any(fits));
        if granted(sid) || granted(EVERY_SID) {
            Reach::Granted
        } else if by_sid.values().flatten().any(fits) {
            Reach::OtherSid
        } else {
            Reach::Nothing
        }
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

    /// All authorisations, in order.
    pub fn grants(&self) -> Vec<Grant> {
        let mut all: Vec<_> = self.grants.values().flat_map(|by_sid| by_sid.values()).flatten().cloned().collect();
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_hold_for_one_environment_target_and_sid() {
        let grant = |environment, sid: &str| Grant {
            environment,
            app_key: "213".into(),
            target_app_key: "t".into(),
            sid: sid.into(),
        };
        let snapshot = Snapshot::new(
            1,
            vec![],
            vec![],
            vec![],
            vec![grant(Environment::Production, "a"), grant(Environment::Test, EVERY_SID)],
        );
        for (environment, app, target, sid, expected) in [
            (Environment::Production, "213", "t", "a", Reach::Granted),
            (Environment::Production, "213", "t", "b", Reach::OtherSid),
            (Environment::Production, "213", "u", "a", Reach::Nothing),
            (Environment::Production, "214", "t", "a", Reach::Nothing),
            (Environment::Test, "213", "t", "b", Reach::Granted),
        ] {
            assert_eq!(snapshot.reach(environment, app, target, sid), expected, "{environment:?} {app} {target} {sid}");
        }
    }
}
