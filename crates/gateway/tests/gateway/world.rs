//! A gateway over an empty store, with a merchant in each environment, and callers that sign.
//!
//! The store is SQLite, or the PostgreSQL of `MATOU_TEST_POSTGRES`.

use std::sync::{Arc, Mutex};

use gateway::directory::{App, AppOptions, Environment, Grant, NewApp, NewTenant, Protocol, Rights, Settings, Target};
use gateway::{CallRecord, CallSink, Config, Directory, Gateway, Parts, Received};
use store::{Engine, Options, Secret, Store, Vault};
use units::{Clock, ManualClock, Moment};
use wire::form::{Space, encode};
use wire::top::Digest;
use wire::wdt::LengthUnit;

use crate::place::Place;
use crate::toy;

/// 2023-11-15 06:13:20 at GMT+8.
pub(crate) const NOW: i64 = 1_700_000_000;
pub(crate) const SECRET: &str = "demo_secret_01";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded;charset=UTF-8";

#[derive(Default)]
pub(crate) struct Records(Mutex<Vec<CallRecord>>);

impl CallSink for Records {
    fn record(&self, call: &CallRecord) {
        self.0.lock().unwrap().push(call.clone());
    }
}

impl Records {
    pub(crate) fn last(&self) -> CallRecord {
        self.0.lock().unwrap().last().cloned().expect("a call was made")
    }
}

pub(crate) struct World {
    pub gateway: Arc<Gateway>,
    pub store: Store,
    pub clock: Arc<ManualClock>,
    pub records: Arc<Records>,
    engine: Engine,
    _place: Place,
    _calls: tempfile::TempDir,
}

pub(crate) async fn world() -> World {
    world_with(Config::default()).await
}

pub(crate) async fn world_with(config: Config) -> World {
    let (place, engine) = Place::new();
    let clock = Arc::new(ManualClock::at(Moment::from_unix(NOW)));
    let shared: Arc<dyn Clock> = clock.clone();
    let store = open(&engine, &shared);
    let directory = Arc::new(Directory::open(store.clone()).await.unwrap());
    let records = Arc::new(Records::default());
    let calls = tempfile::tempdir().unwrap();
    let millis = clock.clone();
    let now = Arc::new(move || millis.now().unix() * 1000);
    let options = gateway::log::Options::new(calls.path().to_owned(), now, [5; 32]);
    let log = gateway::log::CallLog::open(options, Arc::clone(store.vault())).unwrap();
    let gateway = Arc::new(Gateway::new(Parts {
        store: store.clone(),
        directory,
        registry: toy::registry(),
        clock: shared,
        sink: records.clone(),
        log: Some(Arc::new(log)),
        seed: 7,
        config,
    }));
    let world = World { gateway, store, clock, records, engine, _place: place, _calls: calls };
    world.settle().await;
    world
}

/// On a thread of its own: opening PostgreSQL waits.
fn open(engine: &Engine, clock: &Arc<dyn Clock>) -> Store {
    let migrations = [gateway::MIGRATIONS, toy::MIGRATIONS];
    let options = Options::new(engine.clone(), &migrations);
    let open = || Store::open(&options, clock.clone(), Arc::new(Vault::new([3; 32])));
    std::thread::scope(|scope| scope.spawn(open).join()).unwrap().unwrap()
}

impl Drop for World {
    fn drop(&mut self) {
        self.store.close();
    }
}

impl World {
    /// Another gateway on the same database: what a second node or a restarted one is. On PostgreSQL it has connections of its own.
    pub(crate) async fn node(&self, config: Config) -> Arc<Gateway> {
        let store = self.second_store().unwrap_or_else(|| self.store.clone());
        Arc::new(Gateway::new(Parts {
            directory: Arc::new(Directory::open(store.clone()).await.unwrap()),
            store,
            registry: toy::registry(),
            clock: self.clock.clone(),
            sink: self.records.clone(),
            log: None,
            seed: 8,
            config,
        }))
    }

    /// The store of another node on the same database; only PostgreSQL can have several.
    pub(crate) fn second_store(&self) -> Option<Store> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        matches!(self.engine, Engine::Postgres { .. }).then(|| open(&self.engine, &clock))
    }

    /// One `sid` in both environments, an openapi2 key in each, a TOP key that may reach both.
    async fn settle(&self) {
        let directory = self.gateway.directory();
        for (environment, key) in [(Environment::Production, "demo2-ot"), (Environment::Test, "demo2-test")] {
            let tenant = self.tenant("demo2", environment).await;
            self.app(Protocol::Openapi2, key, tenant).await;
        }
        self.tenant("other", Environment::Production).await;
        self.app(Protocol::Top, "21300001", 0).await;
        let target = Target::built_in("21300099", "ERP");
        directory.put_target(target).await.unwrap();
        for environment in [Environment::Production, Environment::Test] {
            directory.grant(grant(environment)).await.unwrap();
        }
    }

    pub(crate) async fn tenant(&self, sid: &str, environment: Environment) -> i64 {
        let new = NewTenant { sid: sid.into(), environment, name: "示例".into(), settings: Settings::default() };
        self.gateway.directory().create_tenant(new).await.unwrap().number
    }

    pub(crate) async fn app(&self, protocol: Protocol, key: &str, tenant: i64) -> Arc<App> {
        let new = NewApp {
            protocol,
            key: key.into(),
            secret: Secret::new(SECRET.as_bytes()),
            tenant,
            name: String::new(),
            rights: Rights::default(),
            options: AppOptions::default(),
        };
        self.gateway.directory().create_app(new).await.unwrap()
    }

    /// Changes the application with this key.
    pub(crate) async fn change(&self, protocol: Protocol, key: &str, change: gateway::directory::AppChange) {
        let number = self.gateway.directory().snapshot().app(protocol, key).unwrap().number;
        self.gateway.directory().update_app(number, change).await.unwrap();
    }

    /// Sends a form; the answer as text, its request id replaced by `ID`.
    pub(crate) async fn send(&self, path: &str, query: &str, body: &str) -> String {
        self.receive(Received::new(path, query, FORM, body.to_owned())).await
    }

    pub(crate) async fn receive(&self, received: Received) -> String {
        let sent = self.gateway.answer(received).await;
        let text = String::from_utf8(sent.body).unwrap();
        text.replace(self.records.last().request_id.as_str(), "ID")
    }

    pub(crate) async fn openapi2(&self, file: &str, business: &[(&str, &str)]) -> String {
        self.send(&format!("/openapi2/{file}"), "", &openapi2_form("demo2-ot", business)).await
    }

    pub(crate) async fn qimen(&self, path: &str, method: &str, business: &[(&str, &str)]) -> String {
        self.send(path, "", &qimen_form(method, business)).await
    }

    /// Notes of a tenant, receipts and events: (3, 1, 3).
    pub(crate) async fn stored(&self, tenant: i64) -> (i64, i64, i64) {
        let counts = self.store.read(store::Tenant(tenant), move |reader| {
            let mut count = |table: &str| {
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE tenant = ?1");
                reader.query_one(&sql, &[tenant.into()], |row| row.int(0))
            };
            Ok::<_, store::Error>((count("note")?, count("receipt")?, count("event")?))
        });
        counts.await.unwrap()
    }
}

pub(crate) fn grant(environment: Environment) -> Grant {
    Grant { environment, app_key: "21300001".into(), target_app_key: "21300099".into(), sid: "demo2".into() }
}

/// A signed openapi2 form at `NOW`; `business` may replace public parameters, and drop them with `-`.
pub(crate) fn openapi2_form(appkey: &str, business: &[(&str, &str)]) -> String {
    let now = NOW.to_string();
    let public = [("sid", "demo2"), ("appkey", appkey), ("timestamp", &now)];
    let pairs = merged(&public, business);
    let sign = wire::wdt::sign(SECRET, pairs.iter().copied().filter(|(n, _)| *n != "sign"), LengthUnit::CodePoints);
    finish(pairs, &sign)
}

pub(crate) fn qimen_form(method: &str, business: &[(&str, &str)]) -> String {
    qimen_form_as(Digest::Md5, method, business)
}

pub(crate) fn qimen_form_as(digest: Digest, method: &str, business: &[(&str, &str)]) -> String {
    let pairs = qimen_pairs(digest, method, business);
    let sign = wire::top::sign(digest, SECRET, pairs.iter().copied().filter(|(n, _)| *n != "sign"), None);
    finish(pairs, &sign)
}

pub(crate) fn qimen_pairs<'p>(
    digest: Digest,
    method: &'p str,
    business: &[(&'p str, &'p str)],
) -> Vec<(&'p str, &'p str)> {
    let public = [
        ("method", method),
        ("app_key", "21300001"),
        ("target_app_key", "21300099"),
        ("timestamp", "2023-11-15 06:13:20"),
        ("format", "json"),
        ("v", "2.0"),
        ("sign_method", digest.name()),
        ("sid", "demo2"),
    ];
    merged(&public, business)
}

fn merged<'p>(public: &[(&'p str, &'p str)], business: &[(&'p str, &'p str)]) -> Vec<(&'p str, &'p str)> {
    let replaced = |name: &str| business.iter().any(|(n, _)| *n == name);
    let public = public.iter().copied().filter(|(name, _)| !replaced(name));
    public.chain(business.iter().copied()).filter(|(_, value)| *value != "-").collect()
}

fn finish<'p>(mut pairs: Vec<(&'p str, &'p str)>, sign: &'p str) -> String {
    if !pairs.iter().any(|(name, _)| *name == "sign") {
        pairs.push(("sign", sign));
    }
    pairs.retain(|(_, value)| *value != "(none)");
    encode(pairs, Space::Plus)
}
