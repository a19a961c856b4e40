//! A merchant `m` whose warehouse W1 is run by a simulated system and W2 by the merchant `w` of the same house.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use dock_wms::hub::{self, Heard, HeardState, Hub, Task, TaskState};
use dock_wms::platform::{DOOR, Setup, Simulator};
use dock_wms::{NewBinding, Role, Signer, Spelling, bind};
use erp::catalog::{self, Carrier, GoodsChange, OWN_MALL, Shop, SpecChange, Warehouse};
use erp::order::{self, Buyer, DeliveryTerm, Order, PushLine, PushOrder, TradeStatus};
use erp::stock::{self, BalanceFilter, Direction, NewOutsourced, NewOutsourcedLine, Receiver, Reported};
use erp::{Error, Settings};
use gateway::directory::{AppOptions, Environment, Grant, NewApp, NewTenant, Protocol, Rights, Target};
use gateway::service::Hosts;
use gateway::{Config, Directory, Gateway, NoSink, Parts, Registry};
use store::{Options, Secret, Store, Tenant, Tx, Vault};
use tempfile::TempDir;
use units::{Clock, ManualClock, Moment, Money, Quantity};

use crate::network::{Line, Network};
use crate::place::Place;

pub(crate) const SPECS: [&str; 3] = ["A-1", "B-2", "C-3"];
pub(crate) const WMS_KEY: &str = "21300002";
pub(crate) const ERP_KEY: &str = "21300003";
pub(crate) const SECRET: &str = "abcdef0123456789abcdef0123456789";
/// Pieces of each spec in W1, and there.
pub(crate) const OPENING: i64 = 1000;

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) hub: Hub,
    pub(crate) simulator: Simulator,
    pub(crate) network: Arc<Network>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) settings: Settings,
    /// The merchant.
    pub(crate) m: Tenant,
    /// Somebody's warehouse.
    pub(crate) w: Tenant,
    pub(crate) gateway: Arc<Gateway>,
    _calls: TempDir,
    place: Option<Place>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.store.close();
        drop(self.place.take());
    }
}

pub(crate) async fn world() -> World {
    let (place, engine) = Place::new();
    let clock = Arc::new(ManualClock::at(Moment::parse("2026-01-02 03:04:05").unwrap()));
    let migrations = [gateway::MIGRATIONS, erp::MIGRATIONS, dock_wms::MIGRATIONS];
    let shared: Arc<dyn Clock> = clock.clone();
    // On a thread of its own: opening PostgreSQL waits.
    let open =
        || Store::open(&Options::new(engine, &migrations), shared.clone(), Arc::new(Vault::new([3; 32]))).unwrap();
    let store = std::thread::scope(|scope| scope.spawn(open).join()).unwrap();
    let directory = Arc::new(Directory::open(store.clone()).await.unwrap());
    let mut tenants = Vec::new();
    for sid in ["m", "w"] {
        let new = NewTenant {
            sid: sid.into(),
            environment: Environment::Production,
            name: sid.into(),
            settings: Default::default(),
        };
        tenants.push(directory.create_tenant(new).await.unwrap().tenant());
    }
    directory.put_target(Target::built_in("21360001", "ERP")).await.unwrap();
    for key in [WMS_KEY, ERP_KEY] {
        let new = NewApp {
            protocol: Protocol::Top,
            key: key.into(),
            secret: Secret::new(SECRET),
            tenant: 0,
            name: String::new(),
            rights: Rights::default(),
            options: AppOptions::default(),
        };
        directory.create_app(new).await.unwrap();
        for sid in ["m", "w"] {
            let grant = Grant {
                environment: Environment::Production,
                app_key: key.into(),
                target_app_key: "21360001".into(),
                sid: sid.into(),
            };
            directory.grant(grant).await.unwrap();
        }
    }
    let calls = tempfile::tempdir().unwrap();
    let now = {
        let clock = clock.clone();
        Arc::new(move || clock.now().unix() * 1000)
    };
    let log = gateway::log::Options::new(calls.path().to_owned(), now, [5; 32]);
    let log = Arc::new(gateway::log::CallLog::open(log, Arc::clone(store.vault())).unwrap());
    let gateway = Arc::new(Gateway::new(Parts {
        store: store.clone(),
        directory: directory.clone(),
        registry: Registry::new(),
        clock: shared.clone(),
        sink: Arc::new(NoSink),
        log: Some(log),
        seed: 7,
        config: Config::default(),
    }));
    let network = Arc::new(Network::default());
    let hub = Hub::new(store.clone(), directory, Arc::new(Line(network.clone())), shared.clone());
    network.open("hub", gateway::service::router(gateway.clone(), Arc::new(hub.clone()), Hosts::default()));
    let setup = Setup {
        signer: Signer {
            app_key: WMS_KEY.into(),
            secret: Secret::new(SECRET),
            customer_id: "c1".into(),
            spelling: Spelling::Long,
            version: "2.0".into(),
        },
        secret: Secret::new(SECRET),
        erp_url: "http://hub/router/qimen/service".into(),
        ships_after: None,
        memory: None,
    };
    let simulator = Simulator::new(setup, shared, Arc::new(Line(network.clone())));
    network.open("wms", simulator.router());
    let (m, w) = (tenants[0], tenants[1]);
    let (settings, place) = (Settings::default(), Some(place));
    let world = World { store, hub, simulator, network, clock, settings, m, w, gateway, _calls: calls, place };
    world.settle().await;
    world
}

fn masters(tx: &mut Tx, kind: i64) -> erp::Result<()> {
    let shop = Shop { no: "S1".into(), name: "商城".into(), platform: OWN_MALL, ..Shop::default() };
    catalog::create_shop(tx, shop)?;
    for no in ["W1", "W2"] {
        let warehouse = Warehouse { no: no.into(), name: no.into(), kind, ..Warehouse::default() };
        catalog::create_warehouse(tx, warehouse)?;
    }
    let own = Warehouse { no: "OWN".into(), name: "自有仓".into(), kind: 1, ..Warehouse::default() };
    catalog::create_warehouse(tx, own)?;
    let carrier = Carrier { no: "ZTO".into(), name: "中通快递".into(), kind: 5, ..Carrier::default() };
    catalog::create_carrier(tx, carrier)?;
    let specs = SPECS.iter().map(|no| SpecChange { no, change: Box::new(|_| {}) }).collect();
    let goods = GoodsChange { no: "G", brand: None, class: None, change: &|f| f.name = "示例".into(), specs };
    catalog::push_goods(tx, &goods)
}

fn new_binding(customer: &str, role: Role, warehouse: &str, url: &str) -> NewBinding {
    NewBinding {
        customer_id: customer.into(),
        role,
        environment: Environment::Production,
        owner_code: "OWNER".into(),
        warehouses: vec![(warehouse.into(), format!("{warehouse}-CODE"))],
        url: url.into(),
        app_key: ERP_KEY.into(),
        secret: Secret::new(SECRET),
        spelling: if role == Role::Erp { Spelling::Short } else { Spelling::Long },
        version: "2.0".into(),
        shop_no: "S1".into(),
        disabled: false,
        private_allowed: true,
    }
}

impl World {
    async fn settle(&self) {
        let settings = self.settings.clone();
        let done: Result<(), dock_wms::Error> = self
            .store
            .write(self.m, move |tx| {
                masters(tx, 11)?;
                for warehouse_no in ["W1", "W2"] {
                    stock_up(tx, &settings, warehouse_no)?;
                }
                bind(tx, new_binding("c1", Role::Erp, "W1", &format!("http://wms{DOOR}")))?;
                bind(tx, new_binding("c2", Role::Erp, "W2", "http://hub/router/qimen/service"))?;
                Ok(())
            })
            .await;
        done.unwrap();
        let settings = self.settings.clone();
        let done: Result<(), dock_wms::Error> = self
            .store
            .write(self.w, move |tx| {
                masters(tx, 1)?;
                let new = stock::NewStockIn {
                    outer_no: "OPENING".into(),
                    warehouse_no: "W2".into(),
                    audit: true,
                    lines: SPECS
                        .iter()
                        .map(|spec_no| stock::NewStockInLine {
                            spec_no: (*spec_no).into(),
                            num: Quantity::whole(OPENING),
                            ..Default::default()
                        })
                        .collect(),
                    ..Default::default()
                };
                stock::push_other_stock_in(tx, &settings, &new)?;
                Ok(())
            })
            .await;
        done.unwrap();
        // What lay there before is nobody's to be told.
        let bound = self.store.write(self.w, |tx| {
            bind(tx, new_binding("c2", Role::Wms, "W2", "http://hub/router/qimen/service")).map(drop)
        });
        bound.await.unwrap();
        self.simulator.change(|state| {
            for spec in SPECS {
                state.add(spec, "ZP", Quantity::whole(OPENING));
            }
        });
        // The goods are made known before the stories begin.
        self.rest().await;
        assert!(self.tasks(self.m, TaskState::Dead).await.is_empty());
    }

    pub(crate) async fn write<T, F>(&self, tenant: Tenant, unit: F) -> T
    where
        T: Send + 'static,
        F: Fn(&mut Tx, &Settings) -> erp::Result<T> + Send + 'static,
    {
        self.try_write(tenant, unit).await.unwrap()
    }

    pub(crate) async fn try_write<T, F>(&self, tenant: Tenant, unit: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Tx, &Settings) -> erp::Result<T> + Send + 'static,
    {
        let settings = self.settings.clone();
        self.store.write(tenant, move |tx| unit(tx, &settings)).await
    }

    /// Everything that is to be done now, until nothing is.
    pub(crate) async fn rest(&self) {
        for _ in 0..50 {
            if self.hub.round().await.unwrap() + self.simulator.round().await == 0 {
                return;
            }
        }
    }

    /// The same, some seconds later.
    pub(crate) async fn later(&self, seconds: i64) {
        self.clock.advance(seconds);
        self.rest().await;
    }

    /// A paid order of the mall for this warehouse, audited; the number of its stock-out.
    pub(crate) async fn release(&self, tid: &str, warehouse: &str, lines: &[(&str, i64)]) -> String {
        let new = pushed(tid, warehouse, lines, self.clock.now());
        let tid = tid.to_owned();
        self.write(self.m, move |tx, settings| {
            let shop = catalog::own_mall(tx, "S1")?;
            order::push(tx, settings, &shop, new.clone())?;
            let no = order_of(tx, &tid)?.map(|order| order.no).unwrap_or_default();
            let order = order::audit(tx, settings, &no, "t")?;
            Ok(order.stock_out.map(|(_, no)| no).unwrap_or_default())
        })
        .await
    }

    /// The first order of a raw order.
    pub(crate) async fn order(&self, tenant: Tenant, tid: &str) -> Order {
        let tid = tid.to_owned();
        self.store.read(tenant, move |reader| order_of(reader, &tid)).await.unwrap().expect("an order")
    }

    /// All orders of a raw order: number, state, waybill.
    pub(crate) async fn orders(&self, tenant: Tenant, tid: &str) -> Vec<(i64, String)> {
        let tid = tid.to_owned();
        let found = self.store.read(tenant, move |reader| orders_of(reader, &tid)).await.unwrap();
        found.into_iter().map(|order| (order.status.code(), order.carriage.waybill)).collect()
    }

    /// On hand, promised: of a spec in a warehouse.
    pub(crate) async fn stock(&self, tenant: Tenant, warehouse: &'static str, spec: &'static str) -> (i64, i64) {
        let found = self.store.read(tenant, move |reader| {
            let key = catalog::warehouse_by_no(reader, warehouse)?.id;
            let filter = BalanceFilter { warehouses: &[key], spec_no: Some(spec), ..BalanceFilter::default() };
            let rows = stock::balances(reader, &filter, catalog::Page::ALL)?.rows;
            let good = || rows.iter().filter(|row| row.balance.defect == 0).map(|row| &row.balance.quantities);
            let stock: i64 = good().map(|q| q.stock_num.floor()).sum();
            let promised: i64 = good().map(|q| (q.order_num + q.sending_num).floor()).sum();
            Ok::<_, Error>((stock, promised))
        });
        found.await.unwrap()
    }

    pub(crate) async fn tasks(&self, tenant: Tenant, state: TaskState) -> Vec<Task> {
        self.store.read(tenant, move |reader| hub::tasks(reader, Some(state), None, 0, 1000)).await.unwrap().0
    }

    pub(crate) async fn heard(&self, tenant: Tenant, state: HeardState) -> Vec<Heard> {
        self.store.read(tenant, move |reader| hub::heards(reader, Some(state), None, 0, 1000)).await.unwrap().0
    }

    /// A call of the simulated warehouse's people.
    pub(crate) async fn power(&self, path: &str, body: serde_json::Value) -> serde_json::Value {
        let body = Bytes::from(body.to_string());
        let (status, text) =
            self.network.call("POST", &format!("wms/sandbox/v1/wms/{path}"), "application/json", body).await;
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// A message of the warehouse's system, signed, through the door.
    pub(crate) async fn tell(&self, customer: &str, method: &str, body: &str) -> String {
        self.tell_as(WMS_KEY, customer, method, body).await
    }

    /// A message of any caller.
    pub(crate) async fn tell_as(&self, app_key: &str, customer: &str, method: &str, body: &str) -> String {
        let signer = Signer {
            app_key: app_key.into(),
            secret: Secret::new(SECRET),
            customer_id: customer.into(),
            spelling: Spelling::Long,
            version: "2.0".into(),
        };
        let query = signer.query(method, self.clock.now(), body.as_bytes());
        let url = format!("hub/router/qimen/service?{query}");
        self.network.call("POST", &url, "text/xml;charset=utf-8", body.to_owned().into()).await.1
    }

    pub(crate) fn held_there(&self) -> BTreeMap<String, i64> {
        self.simulator.look(|state| SPECS.iter().map(|s| ((*s).to_owned(), state.have(s, "ZP").floor())).collect())
    }
}

fn orders_of(reader: &mut store::Reader, tid: &str) -> erp::Result<Vec<Order>> {
    let filter = order::OrderFilter { src_tid: Some(tid), ..order::OrderFilter::default() };
    Ok(order::orders(reader, &filter, catalog::Page::ALL)?.rows.into_iter().map(|(order, _)| order).collect())
}

fn order_of(reader: &mut store::Reader, tid: &str) -> erp::Result<Option<Order>> {
    let mut orders = orders_of(reader, tid)?;
    orders.sort_by_key(|order| order.id);
    Ok(orders.into_iter().next())
}

fn stock_up(tx: &mut Tx, settings: &Settings, warehouse_no: &str) -> erp::Result<()> {
    let lines = SPECS.iter().map(|spec_no| NewOutsourcedLine {
        spec_no: (*spec_no).into(),
        num: Quantity::whole(OPENING),
        ..NewOutsourcedLine::default()
    });
    let order =
        stock::push_outsourced(tx, settings, &outsourced("OPENING", warehouse_no, Direction::In, lines.collect()))?;
    stock::outsourced_pushed(tx, &order.no, Ok("OPENING"))?;
    let moved: Vec<Reported> =
        SPECS.iter().map(|spec_no| Reported { spec_no: (*spec_no).into(), num: Quantity::whole(OPENING) }).collect();
    stock::report_outsourced(tx, settings, &order.no, &format!("OPENING-{warehouse_no}"), &moved)?;
    Ok(())
}

pub(crate) fn outsourced(
    outer_no: &str,
    warehouse_no: &str,
    direction: Direction,
    lines: Vec<NewOutsourcedLine>,
) -> NewOutsourced {
    NewOutsourced {
        outer_no: format!("{outer_no}-{warehouse_no}"),
        warehouse_no: warehouse_no.into(),
        direction,
        audit: true,
        logistics_code: String::new(),
        logistics_no: String::new(),
        logistics_fee: Money::ZERO,
        other_fee: Money::ZERO,
        region: Default::default(),
        receiver: Receiver::default(),
        remark: String::new(),
        lines,
    }
}

fn pushed(tid: &str, warehouse: &str, lines: &[(&str, i64)], now: Moment) -> PushOrder {
    let lines: Vec<PushLine> = lines
        .iter()
        .enumerate()
        .map(|(at, (spec, num))| PushLine {
            oid: format!("{tid}-{at}"),
            status: TradeStatus::Paid,
            refund_status: 0,
            goods_id: (*spec).into(),
            spec_id: (*spec).into(),
            goods_no: String::new(),
            spec_no: (*spec).into(),
            goods_name: "示例".into(),
            spec_name: String::new(),
            num: Quantity::whole(*num),
            price: Money::whole(10),
            adjust: Money::ZERO,
            discount: Money::ZERO,
            share_discount: Money::ZERO,
            cid: String::new(),
            remark: String::new(),
        })
        .collect();
    let paid = lines.iter().map(PushLine::receivable).sum();
    PushOrder {
        tid: tid.into(),
        status: TradeStatus::Paid,
        pay_status: 2,
        delivery_term: DeliveryTerm::PayFirst,
        trade_time: Some(now),
        pay_time: Some(now),
        region: [110_000, 110_100, 110_108],
        area: "北京 北京市 海淀区".into(),
        pay_id: None,
        logistics_type: None,
        invoice_kind: None,
        invoice_title: None,
        invoice_content: None,
        buyer_message: Some("请尽快 <谢谢> & 平安".into()),
        seller_memo: None,
        seller_flag: None,
        post_amount: Money::ZERO,
        cod_amount: Money::ZERO,
        ext_cod_fee: Money::ZERO,
        other_amount: Money::ZERO,
        paid,
        fenxiao_type: None,
        fenxiao_nick: None,
        warehouse_no: Some(warehouse.into()),
        is_auto_wms: None,
        wms_type: None,
        to_deliver_time: None,
        id_card_type: None,
        cust_data: None,
        is_sealed: None,
        buyer: Buyer {
            nick: "买家".into(),
            name: "张三".into(),
            address: "花园路1号".into(),
            mobile: "13600000000".into(),
            ..Buyer::default()
        },
        lines,
    }
}

impl World {
    /// A call at a door that has read the directory just now.
    pub(crate) async fn fresh_door(&self, directory: &Directory, query: &str, body: &str) -> String {
        self.door_with(Config::default(), directory, query, body).await
    }

    /// The same with other settings of the gateway.
    pub(crate) async fn door_with(&self, config: Config, directory: &Directory, query: &str, body: &str) -> String {
        directory.reload().await.unwrap();
        let directory = Arc::new(Directory::open(self.store.clone()).await.unwrap());
        let shared: Arc<dyn Clock> = self.clock.clone();
        let gateway = Arc::new(Gateway::new(Parts {
            store: self.store.clone(),
            directory,
            registry: Registry::new(),
            clock: shared,
            sink: Arc::new(NoSink),
            log: None,
            seed: 8,
            config,
        }));
        let network = Network::default();
        network.open("fresh", gateway::service::router(gateway, Arc::new(self.hub.clone()), Hosts::default()));
        let url = format!("fresh/router/qimen/service?{query}");
        network.call("POST", &url, "text/xml;charset=utf-8", body.to_owned().into()).await.1
    }
}
