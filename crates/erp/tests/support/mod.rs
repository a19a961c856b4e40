//! A merchant with a shop, a warehouse, a carrier and goods, on a store of its own: SQLite, or the PostgreSQL of
//! `MATOU_TEST_POSTGRES`.

#![allow(dead_code, reason = "each test file uses a part of it")]

#[path = "../../../store/tests/place/mod.rs"]
mod place;

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use erp::catalog::{self, Carrier, GoodsChange, OWN_MALL, Shop, SpecChange, Warehouse};
use erp::order::{self, Buyer, DeliveryTerm, Order, Outcome, PushLine, PushOrder, TradeStatus};
use erp::stock::{self, BalanceFilter, NewStockIn, NewStockInLine, QuantityColumn};
use erp::{Error, Settings};
use store::{Options, Store, Tenant, Tx, Vault};
use units::{ManualClock, Moment, Money, Quantity};

pub(crate) const TENANT: Tenant = Tenant(1);

pub(crate) struct Merchant {
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) settings: Settings,
    _place: place::Place,
}

impl Drop for Merchant {
    fn drop(&mut self) {
        self.store.close();
    }
}

impl Merchant {
    /// Shop S1, warehouses WH01 and WH02, carrier ZTO, the given specs (goods G), nothing in stock.
    pub(crate) fn with_specs(specs: &[&str]) -> Self {
        let (place, engine) = place::Place::new();
        let clock = Arc::new(ManualClock::at(Moment::parse("2026-01-02 10:00:00").unwrap()));
        let store =
            Store::open(&Options::new(engine, &[erp::MIGRATIONS]), clock.clone(), Arc::new(Vault::new([7; 32])))
                .unwrap();
        let merchant = Self { store, clock, settings: Settings::default(), _place: place };
        let specs: Vec<String> = specs.iter().map(|&s| s.to_owned()).collect();
        merchant
            .write(move |tx, _| {
                catalog::create_shop(
                    tx,
                    Shop { no: "S1".into(), name: "自有商城".into(), platform: OWN_MALL, ..Shop::default() },
                )?;
                for no in ["WH01", "WH02"] {
                    catalog::create_warehouse(tx, Warehouse { no: no.into(), kind: 1, ..Warehouse::default() })?;
                }
                catalog::create_carrier(
                    tx,
                    Carrier { no: "ZTO".into(), name: "中通快递".into(), kind: 5, ..Carrier::default() },
                )?;
                let specs = specs.iter().map(|no| SpecChange { no, change: Box::new(|_| {}) }).collect();
                catalog::push_goods(
                    tx,
                    &GoodsChange { no: "G", brand: None, class: None, change: &|f| f.name = "示例".into(), specs },
                )
            })
            .unwrap();
        merchant
    }

    pub(crate) fn write<T, F>(&self, unit: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Tx, &Settings) -> Result<T, Error> + Send + 'static,
    {
        let settings = self.settings.clone();
        self.store.write_blocking(TENANT, move |tx| unit(tx, &settings))
    }

    pub(crate) fn push(&self, order: PushOrder) -> Result<Outcome, Error> {
        self.write(move |tx, settings| {
            let shop = catalog::own_mall(tx, "S1")?;
            order::push(tx, settings, &shop, order.clone())
        })
    }

    pub(crate) fn stock_in(&self, outer_no: &str, spec_no: &str, num: i64) -> Result<(), Error> {
        let new = self.new_stock_in(outer_no, spec_no, num);
        self.write(move |tx, settings| stock::push_other_stock_in(tx, settings, &new).map(drop))
    }

    /// Pieces that come into WH01 and are audited at once.
    pub(crate) fn new_stock_in(&self, outer_no: &str, spec_no: &str, num: i64) -> NewStockIn {
        NewStockIn {
            outer_no: outer_no.into(),
            warehouse_no: "WH01".into(),
            audit: true,
            lines: vec![NewStockInLine {
                spec_no: spec_no.into(),
                num: Quantity::whole(num),
                price: Money::whole(20),
                ..NewStockInLine::default()
            }],
            ..NewStockIn::default()
        }
    }

    /// The system order of a raw order.
    pub(crate) fn order_of(&self, tid: &str) -> Option<Order> {
        let tid = tid.to_owned();
        self.store
            .read_blocking(TENANT, move |reader| {
                let raw = order::raw_by_tid(reader, &tid)?;
                let Some(no) = raw.and_then(|raw| raw.orders.first().copied()) else { return Ok(None) };
                let all = order::orders(reader, &order::OrderFilter::default(), catalog::Page::ALL)?;
                Ok::<_, Error>(all.rows.into_iter().map(|(order, _)| order).find(|order| order.id == no))
            })
            .unwrap()
    }

    pub(crate) fn raw(&self, tid: &str) -> order::RawOrder {
        let tid = tid.to_owned();
        self.store.read_blocking(TENANT, move |reader| order::raw_by_tid(reader, &tid)).unwrap().unwrap()
    }

    /// On hand, waiting for audit, waiting for shipment, unpaid, sellable: of a spec in WH01.
    pub(crate) fn stock(&self, spec_no: &str) -> [i64; 5] {
        let spec_no = spec_no.to_owned();
        let terms = self.settings.sellable.clone();
        self.store
            .read_blocking(TENANT, move |reader| {
                let filter = BalanceFilter { spec_no: Some(&spec_no), ..BalanceFilter::default() };
                let rows = stock::balances(reader, &filter, catalog::Page::ALL)?;
                let Some(row) = rows.rows.first() else { return Ok([0; 5]) };
                let q = &row.balance.quantities;
                let get = |column| q.get(column).floor();
                Ok::<_, Error>([
                    get(QuantityColumn::Stock),
                    get(QuantityColumn::Order),
                    get(QuantityColumn::Sending),
                    get(QuantityColumn::Unpaid),
                    row.balance.sellable(&terms).floor(),
                ])
            })
            .unwrap()
    }

    /// Runs what the timers say until nothing is due.
    pub(crate) fn tick(&self) {
        let settings = self.settings.clone();
        let run = self.store.run_due_timers(100, move |tx, timer| order::wake(tx, &settings, timer).map(drop));
        assert_eq!(wait_for(run).unwrap().failed, 0);
    }

    /// Balances equal their ledgers and nothing is oversold.
    pub(crate) fn assert_books_balance(&self) {
        let findings = self.store.read_blocking(TENANT, stock::audit_books).unwrap();
        assert_eq!(findings, Vec::<String>::new());
        let settings = self.settings.clone();
        let books = self.store.read_blocking(TENANT, move |reader| erp::report::books(reader, &settings)).unwrap();
        assert_eq!(books.findings, Vec::new());
    }
}

pub(crate) fn line(oid: &str, spec_no: &str, num: i64, price: i64) -> PushLine {
    PushLine {
        oid: oid.into(),
        status: TradeStatus::Paid,
        refund_status: 0,
        goods_id: format!("P-{spec_no}"),
        spec_id: String::new(),
        goods_no: "G".into(),
        spec_no: spec_no.into(),
        goods_name: "示例".into(),
        spec_name: String::new(),
        num: Quantity::whole(num),
        price: Money::whole(price),
        adjust: Money::ZERO,
        discount: Money::ZERO,
        share_discount: Money::ZERO,
        cid: String::new(),
        remark: String::new(),
    }
}

/// A paid order with these lines.
pub(crate) fn paid(tid: &str, lines: Vec<PushLine>) -> PushOrder {
    let goods: Money = lines.iter().map(PushLine::receivable).sum();
    PushOrder {
        tid: tid.into(),
        status: TradeStatus::Paid,
        pay_status: 2,
        delivery_term: DeliveryTerm::PayFirst,
        trade_time: None,
        pay_time: None,
        region: [110_000, 110_100, 110_108],
        area: "北京 北京市 海淀区".into(),
        pay_id: None,
        logistics_type: None,
        invoice_kind: None,
        invoice_title: None,
        invoice_content: None,
        buyer_message: None,
        seller_memo: None,
        seller_flag: None,
        post_amount: Money::whole(10),
        cod_amount: Money::ZERO,
        ext_cod_fee: Money::ZERO,
        other_amount: Money::ZERO,
        paid: goods + Money::whole(10),
        fenxiao_type: None,
        fenxiao_nick: None,
        warehouse_no: None,
        is_auto_wms: None,
        wms_type: None,
        to_deliver_time: None,
        id_card_type: None,
        cust_data: None,
        is_sealed: None,
        buyer: Buyer {
            nick: "张三_01".into(),
            name: "张三".into(),
            address: "花园路1号".into(),
            mobile: "13600000000".into(),
            ..Buyer::default()
        },
        lines,
    }
}

/// The store answers from threads of its own: looking now and then is enough.
fn wait_for<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => std::thread::sleep(std::time::Duration::from_millis(1)),
        }
    }
}
