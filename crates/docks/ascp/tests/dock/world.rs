//! A store with a directory, and worlds in it: each a supplier with its platform, tenants of their own.

use std::sync::Arc;

use dock_ascp::hub::{self, Arrived, ChannelFacts, Hub, HubParts, NewChannel, PLATFORM};
use dock_ascp::messages::{CallKind, Format, PushReply};
use dock_ascp::platform::{self, Outgoing, Platform, PlatformParts, SimGoods, SimSupplier};
use erp::Settings;
use erp::catalog::{self, Carrier, GoodsChange, Shop, SpecChange, Warehouse};
use erp::stock::{self, NewStockIn, NewStockInLine};
use gateway::directory::{AppOptions, Directory, NewApp, Protocol, Rights};
use gateway::{Played, PlayedCall};
use http::HeaderMap;
use store::{Engine, Options, Secret, Store, Tenant, Tx, Vault};
use units::{Clock, ManualClock, Moment, Money, Quantity};

use crate::place::Place;

pub(crate) const APP: &str = "21999001";
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const STORE: &str = "DEMO_WH_01";
/// Goods of each world: id and merchant code.
pub(crate) const GOODS: [(i64, &str); 3] = [(690_000_000_001, "A"), (690_000_000_002, "B"), (690_000_000_003, "C")];
/// Pieces of each at the beginning.
pub(crate) const PIECES: i64 = 40;

/// The store, and who may sign.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) directory: Arc<Directory>,
    _place: Place,
}

impl Drop for House {
    fn drop(&mut self) {
        self.store.close();
    }
}

impl House {
    pub(crate) async fn new(begin: &str) -> Self {
        let (place, engine) = Place::new();
        let clock = Arc::new(ManualClock::at(Moment::parse(begin).unwrap()));
        let store = open_store(engine, &clock);
        let directory = Arc::new(Directory::open(store.clone()).await.unwrap());
        enter_app(&directory).await;
        Self { store, clock, directory, _place: place }
    }

    /// A supplier of this number, and its platform.
    pub(crate) async fn world(&self, number: i64) -> World {
        let (ours, theirs) = tenants(number);
        let supplier = supplier(number);
        let id = supplier.clone();
        self.store.write(ours, move |tx| furnish_hub(tx, &id)).await.unwrap();
        let id = supplier.clone();
        self.store.write(theirs, move |tx| furnish_platform(tx, &id)).await.unwrap();
        World {
            store: self.store.clone(),
            far: self.store.clone(),
            clock: self.clock.clone(),
            directory: self.directory.clone(),
            hub: open_hub(&self.store, &self.directory, &self.clock).await,
            platform: open_platform(&self.store, theirs, &self.directory, &self.clock),
            ours,
            theirs,
            supplier,
        }
    }
}

/// Whose rows the supplier's and the platform's are.
pub(crate) fn tenants(number: i64) -> (Tenant, Tenant) {
    (Tenant(100 + 2 * number), Tenant(101 + 2 * number))
}

/// The supplier of this number.
pub(crate) fn supplier(number: i64) -> String {
    format!("1{number:015}")
}

/// A store with everybody's tables.
pub(crate) fn open_store(engine: Engine, clock: &Arc<ManualClock>) -> Store {
    let migrations = [erp::MIGRATIONS, gateway::MIGRATIONS, dock_ascp::MIGRATIONS];
    let options = Options { readers: 1, ..Options::new(engine, &migrations) };
    let shared: Arc<dyn Clock> = clock.clone();
    // On a thread of its own: opening PostgreSQL waits.
    let open = || Store::open(&options, shared, Arc::new(Vault::new([5; 32])));
    std::thread::scope(|scope| scope.spawn(open).join()).unwrap().unwrap()
}

/// Enters the application that pushes and calls are signed with.
pub(crate) async fn enter_app(directory: &Directory) {
    let new = NewApp {
        protocol: Protocol::Top,
        key: APP.into(),
        secret: Secret::new(SECRET),
        tenant: 0,
        name: String::new(),
        rights: Rights::default(),
        options: AppOptions::default(),
    };
    directory.create_app(new).await.unwrap();
}

/// The supplier side as a process that starts on this store.
pub(crate) async fn open_hub(store: &Store, directory: &Arc<Directory>, clock: &Arc<ManualClock>) -> Arc<Hub> {
    let parts = HubParts {
        store: store.clone(),
        directory: directory.clone(),
        clock: clock.clone(),
        settings: Arc::new(|_| Some(Settings::default())),
    };
    Hub::open(parts).await.unwrap()
}

/// The simulator as a process that starts on this store.
pub(crate) fn open_platform(
    store: &Store,
    tenant: Tenant,
    directory: &Arc<Directory>,
    clock: &Arc<ManualClock>,
) -> Arc<Platform> {
    Platform::new(PlatformParts { store: store.clone(), tenant, directory: directory.clone(), clock: clock.clone() })
}

/// A supplier and its platform.
pub(crate) struct World {
    /// The supplier's.
    pub(crate) store: Store,
    /// The platform's: the same one, unless the two are to die apart.
    pub(crate) far: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) platform: Arc<Platform>,
    pub(crate) ours: Tenant,
    pub(crate) theirs: Tenant,
    pub(crate) supplier: String,
}

impl World {
    /// A unit of work of the supplier.
    pub(crate) async fn us<T, F>(&self, unit: F) -> hub::Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx, &Settings) -> hub::Result<T> + Send + 'static,
    {
        let settings = Settings::default();
        self.store.write(self.ours, move |tx| unit(tx, &settings)).await
    }

    /// A unit of work of the platform.
    pub(crate) async fn them<T, F>(&self, unit: F) -> platform::Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx) -> platform::Result<T> + Send + 'static,
    {
        self.far.write(self.theirs, unit).await
    }

    /// A push as Qimen would send it, taken by the hub.
    pub(crate) async fn deliver(&self, outgoing: &Outgoing) -> PushReply {
        let (url, content_type, body) = platform::signed(&self.directory, outgoing, self.clock.now()).unwrap();
        let query = url.split_once('?').unwrap().1.to_owned();
        self.arrive(&query, content_type, &body).await.0
    }

    pub(crate) async fn arrive(&self, query: &str, content_type: &str, body: &str) -> (PushReply, Format) {
        let arrived = Arrived {
            query: query.to_owned(),
            content_type: content_type.to_owned(),
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        };
        self.hub.push(&arrived).await
    }

    /// A call as TOP would get it, as far as the session; status and body of the answer.
    pub(crate) async fn call(&self, kind: CallKind, body: &str) -> Result<(u16, String), String> {
        let session = format!("SESSION{}", self.supplier);
        let mut params = hub::pairs(kind, body);
        params.push(("session".to_owned(), session));
        params.sort();
        let call = PlayedCall { app_key: APP.to_owned(), method: kind.method(), params };
        Ok(match self.platform.call(kind, &call).await {
            Played::Members(members) => (200, members),
            Played::Refused(refusal) => (
                200,
                serde_json::json!({ "error_response": {
                    "code": refusal.code, "msg": refusal.message, "sub_code": refusal.sub_code, "sub_msg": refusal.sub_message,
                } })
                .to_string(),
            ),
            Played::Broken(status) => (status, String::new()),
        })
    }

    pub(crate) async fn channel(&self) -> hub::Channel {
        let supplier = self.supplier.clone();
        self.us(move |tx, _| hub::channel_by_supplier(tx, &supplier)).await.unwrap()
    }

    /// Places an order of so many pieces of each goods.
    pub(crate) async fn place(&self, lines: &[(i64, i64)]) -> platform::Result<String> {
        let new = platform::NewOrder {
            supplier_id: self.supplier.clone(),
            store_code: STORE.to_owned(),
            lines: lines
                .iter()
                .map(|(item, quantity)| platform::NewLine { sc_item_id: *item, quantity: *quantity })
                .collect(),
            business_model: None,
            seed: None,
            change: None,
            delay: 0,
        };
        self.them(move |tx| platform::place(tx, &new)).await
    }
}

/// What a supplier has before the first order.
pub(crate) fn furnish_hub(tx: &mut Tx, supplier: &str) -> hub::Result<()> {
    for (no, platform) in [("TMALL", 1), ("DIRECT", PLATFORM)] {
        catalog::create_shop(tx, Shop { no: no.into(), name: no.into(), platform, ..Shop::default() })?;
    }
    catalog::create_warehouse(tx, Warehouse { no: "WH01".into(), kind: 1, ..Warehouse::default() })?;
    catalog::create_carrier(tx, Carrier { no: "SF".into(), name: "顺丰速运".into(), kind: 8, ..Carrier::default() })?;
    let specs = GOODS.iter().map(|(_, no)| SpecChange { no, change: Box::new(|_| {}) }).collect();
    catalog::push_goods(
        tx,
        &GoodsChange { no: "G", brand: None, class: None, change: &|f| f.name = "示例".into(), specs },
    )?;
    let lines = GOODS.map(|(_, no)| NewStockInLine {
        spec_no: no.into(),
        num: Quantity::whole(PIECES),
        price: Money::whole(10),
        ..NewStockInLine::default()
    });
    let opening = NewStockIn {
        outer_no: "OPENING".into(),
        warehouse_no: "WH01".into(),
        audit: true,
        lines: lines.into(),
        ..NewStockIn::default()
    };
    stock::push_other_stock_in(tx, &Settings::default(), &opening)?;
    let mut facts = ChannelFacts {
        shop_no: "DIRECT".into(),
        flagship_shop_no: "TMALL".into(),
        app_key: APP.into(),
        owner_user_id: 9,
        top_url: "http://127.0.0.1:1/".into(),
        ..ChannelFacts::default()
    };
    facts.settings.warehouses.insert(STORE.into(), "WH01".into());
    facts.settings.publish_stock = false;
    let mut channel = hub::open_channel(tx, &NewChannel { supplier_id: supplier.to_owned(), facts })?;
    hub::renew(tx, &mut channel, &format!("SESSION{supplier}"), None)
}

/// What the platform knows of it then.
pub(crate) fn furnish_platform(tx: &mut Tx, supplier: &str) -> platform::Result<()> {
    platform::put_supplier(
        tx,
        &SimSupplier {
            supplier_id: supplier.to_owned(),
            app_key: APP.into(),
            session: format!("SESSION{supplier}"),
            push_url: "http://127.0.0.1:1/spi/ascp".into(),
            user_id: 9,
            json: supplier.ends_with('1'),
            ..SimSupplier::default()
        },
    )?;
    let goods = GOODS.map(|(id, no)| SimGoods {
        sc_item_id: id,
        name: no.into(),
        outer_id: no.into(),
        price: 1_999,
        ..SimGoods::default()
    });
    platform::put_goods(tx, supplier, &goods)?;
    for (id, _) in GOODS {
        platform::enter_stock(tx, supplier, STORE, id, PIECES)?;
    }
    Ok(())
}
