//! A gateway with the Wangdian methods over a merchant's store (SQLite, or the PostgreSQL of `MATOU_TEST_POSTGRES`), and callers
//! that sign.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gateway::directory::{App, AppOptions, Environment, Grant, NewApp, NewTenant, Protocol, Rights, Settings, Target};
use gateway::{Config, Directory, Gateway, Parts, Received};
use serde_json::Value;
use store::{Options, Reader, Secret, Store, Tenant, Tx, Vault};
use units::{Clock, ManualClock, Moment};
use wire::form::{Space, encode};
use wire::top::Digest;
use wire::wdt::LengthUnit;

use crate::place::Place;

/// 2023-11-15 06:13:20 at GMT+8, the moment of every example in the sheet.
pub(crate) const NOW: i64 = 1_700_000_000;
const SECRET: &str = "demo_secret_01";
const FORM: &str = "application/x-www-form-urlencoded;charset=UTF-8";

pub(crate) struct World {
    pub gateway: Gateway,
    pub store: Store,
    pub clock: Arc<ManualClock>,
    pub tenant: Tenant,
    calls: AtomicU64,
    _place: Place,
}

impl Drop for World {
    fn drop(&mut self) {
        self.store.close();
    }
}

/// A merchant with the goods, shops and places of the sheet's examples.
pub(crate) async fn world() -> World {
    world_with("{}").await
}

/// The same with other settings, JSON.
pub(crate) async fn world_with(settings: &str) -> World {
    let world = empty(settings).await;
    crate::merchant::settle(&world).await;
    world
}

async fn empty(settings: &str) -> World {
    let (place, engine) = Place::new();
    let clock = Arc::new(ManualClock::at(Moment::from_unix(NOW)));
    let migrations = [gateway::MIGRATIONS, erp::MIGRATIONS];
    let shared: Arc<dyn Clock> = clock.clone();
    // On a thread of its own: opening PostgreSQL waits.
    let open =
        || Store::open(&Options::new(engine, &migrations), shared.clone(), Arc::new(Vault::new([3; 32]))).unwrap();
    let store = std::thread::scope(|scope| scope.spawn(open).join()).unwrap();
    let directory = Arc::new(Directory::open(store.clone()).await.unwrap());
    let gateway = Gateway::new(Parts {
        store: store.clone(),
        directory: directory.clone(),
        registry: dock_wdt::registry(),
        clock: shared,
        sink: Arc::new(crate::proofs::Witness),
        log: None,
        seed: 7,
        config: Config { read_here: place.is_embedded(), ..Config::default() },
    });
    let settings: Settings = serde_json::from_str(settings).unwrap();
    let new = |sid: &str, settings| NewTenant {
        sid: sid.into(),
        environment: Environment::Production,
        name: "示例".into(),
        settings,
    };
    let tenant = directory.create_tenant(new("demo2", settings)).await.unwrap().tenant();
    let other = directory.create_tenant(new("other", Settings::default())).await.unwrap().tenant();
    let world = World { gateway, store, clock, tenant, calls: AtomicU64::new(0), _place: place };
    world.app(Protocol::Openapi2, "demo2-test", tenant, Rights::default()).await;
    world.app(Protocol::Openapi2, "other-test", other, Rights::default()).await;
    world.app(Protocol::Top, "21300001", Tenant::HOUSE, Rights::default()).await;
    let target = Target::built_in("21300099", "ERP");
    directory.put_target(target).await.unwrap();
    let grant = Grant {
        environment: Environment::Production,
        app_key: "21300001".into(),
        target_app_key: "21300099".into(),
        sid: "demo2".into(),
    };
    directory.grant(grant).await.unwrap();
    world
}

impl World {
    pub(crate) async fn app(&self, protocol: Protocol, key: &str, tenant: Tenant, rights: Rights) -> Arc<App> {
        let new = NewApp {
            protocol,
            key: key.into(),
            secret: Secret::new(SECRET.as_bytes()),
            tenant: tenant.0,
            name: String::new(),
            rights,
            options: AppOptions::default(),
        };
        self.gateway.directory().create_app(new).await.unwrap()
    }

    /// One openapi2 call; the answer as text.
    pub(crate) async fn text(&self, php: &str, business: &[(&str, &str)]) -> String {
        self.text_as(("demo2", "demo2-test"), php, business).await
    }

    /// The same as another application, by `sid` and `appkey`.
    pub(crate) async fn text_as(&self, who: (&str, &str), php: &str, business: &[(&str, &str)]) -> String {
        let (now, call) = (self.clock.now().unix().to_string(), self.number());
        let mut pairs = vec![("sid", who.0), ("appkey", who.1), ("timestamp", &*now), ("call", &*call)];
        pairs.extend(business);
        let sign = wire::wdt::sign(SECRET, pairs.iter().copied(), LengthUnit::CodePoints);
        pairs.push(("sign", &sign));
        self.send(&format!("/openapi2/{php}"), encode(pairs, Space::Plus)).await
    }

    /// A good call, signed so many seconds from now.
    pub(crate) async fn signed_at(&self, seconds: i64, php: &str) -> Value {
        let (time, call) = ((self.clock.now().unix() + seconds).to_string(), self.number());
        let mut pairs = vec![("sid", "demo2"), ("appkey", "demo2-test"), ("timestamp", &*time), ("call", &*call)];
        let sign = wire::wdt::sign(SECRET, pairs.iter().copied(), LengthUnit::CodePoints);
        pairs.push(("sign", &sign));
        parsed(&self.send(&format!("/openapi2/{php}"), encode(pairs, Space::Plus)).await)
    }

    /// A call with somebody else's signature.
    pub(crate) async fn missigned(&self, php: &str) -> Value {
        let time = self.clock.now().unix().to_string();
        let sign = "0".repeat(32);
        let pairs = vec![("sid", "demo2"), ("appkey", "demo2-test"), ("timestamp", &*time), ("sign", &*sign)];
        parsed(&self.send(&format!("/openapi2/{php}"), encode(pairs, Space::Plus)).await)
    }

    /// One openapi2 call.
    pub(crate) async fn call(&self, php: &str, business: &[(&str, &str)]) -> Value {
        parsed(&self.text(php, business).await)
    }

    /// One call through the Qimen mirror: what is inside `response`.
    pub(crate) async fn qimen(&self, method: &str, business: &[(&str, &str)]) -> Value {
        let (now, call) = (self.clock.now().to_string(), self.number());
        let mut pairs = vec![
            ("method", method),
            ("app_key", "21300001"),
            ("target_app_key", "21300099"),
            ("timestamp", &now),
            ("format", "json"),
            ("v", "2.0"),
            ("sign_method", "md5"),
            ("sid", "demo2"),
            ("call", &call),
        ];
        pairs.extend(business);
        let sign = wire::top::sign(Digest::Md5, SECRET, pairs.iter().copied(), None);
        pairs.push(("sign", &sign));
        let text = self.send("/router/qm", encode(pairs, Space::Plus)).await;
        parsed(&text).get("response").cloned().unwrap_or_else(|| panic!("no response in {text}"))
    }

    /// A parameter that nobody knows makes two calls of the same content two messages.
    fn number(&self) -> String {
        self.calls.fetch_add(1, Ordering::Relaxed).to_string()
    }

    async fn send(&self, path: &str, body: String) -> String {
        let sent = self.gateway.answer(Received::new(path, "", FORM, body)).await;
        assert_eq!(sent.status, 200);
        String::from_utf8(sent.body).unwrap()
    }

    /// Does something that people do in the client program.
    pub(crate) async fn by_hand<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx) -> erp::Result<T> + Send + 'static,
    ) -> T {
        self.store.write(self.tenant, work).await.unwrap()
    }

    /// Rows of the business and events: two equal counts, and nothing was stored in between.
    pub(crate) async fn stored(&self) -> i64 {
        let tables = [
            "raw_order",
            "raw_line",
            "sales_order",
            "goods",
            "spec",
            "brand",
            "class",
            "stock_in",
            "warehouse_out",
            "stock_taking",
            "transfer",
            "outsourced_order",
            "ledger",
            "provider",
            "purchase_apply",
            "purchase_order",
            "purchase_return",
            "event",
            "receipt",
        ];
        let count = move |reader: &mut Reader| {
            let mut sum = 0;
            for table in tables {
                sum += reader.query_one(&format!("SELECT COUNT(*) FROM {table}"), &[], |row| row.int(0))?;
            }
            Ok::<_, store::Error>(sum)
        };
        self.store.read(self.tenant, count).await.unwrap()
    }
}

pub(crate) fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Code and message of an openapi2 answer.
pub(crate) fn refusal(answer: &Value) -> (i64, &str) {
    (answer["code"].as_i64().unwrap(), answer["message"].as_str().unwrap())
}

/// `key=value` for the given keys of a row, in their order.
pub(crate) fn some(row: &Value, keys: &[&str]) -> String {
    let part = |key: &&str| match &row[*key] {
        Value::String(text) => format!("{key}={text}"),
        other => format!("{key}:{other}"),
    };
    keys.iter().map(part).collect::<Vec<_>>().join(" ")
}

/// A time relative to [`NOW`], as it is sent.
pub(crate) fn at(seconds: i64) -> String {
    Moment::from_unix(NOW + seconds).to_string()
}
