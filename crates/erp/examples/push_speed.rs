//! How many raw orders of two lines a second the core takes in, durably, stock reserved, without any protocol around it.
//!
//! `cargo run --release -p erp --example push_speed -- [orders] [callers] [orders a unit] [postgres url]`

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use erp::catalog::{self, GoodsChange, OWN_MALL, Shop, SpecChange, Warehouse};
use erp::order::{self, Buyer, DeliveryTerm, PushLine, PushOrder, TradeStatus};
use erp::stock::{self, NewStockIn, NewStockInLine};
use erp::{Error, Settings};
use store::{Engine, Options, Store, Tenant, Vault};
use units::{ManualClock, Moment, Money, Quantity};

const TENANT: Tenant = Tenant(1);
const SPECS: usize = 200;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, default: usize| arguments.get(i).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (orders, callers, batch) = (number(0, 20_000), number(1, 32), number(2, 1));
    let folder = tempfile::tempdir().expect("a folder");
    let engine = match arguments.get(3) {
        Some(url) => Engine::Postgres { url: url.clone(), workers: 2 },
        None => Engine::Sqlite { folder: folder.path().to_owned() },
    };
    let clock = Arc::new(ManualClock::at(Moment::from_unix(1_767_319_200)));
    let store = Store::open(&Options::new(engine, &[erp::MIGRATIONS]), clock, Arc::new(Vault::new([7; 32])))
        .expect("a store that opens");
    prepare(&store);
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..callers {
            scope.spawn(|| {
                loop {
                    let first = next.fetch_add(batch, Ordering::Relaxed);
                    if first >= orders {
                        break;
                    }
                    let pushed: Vec<PushOrder> = (first..first + batch).map(order).collect();
                    store
                        .write_blocking(TENANT, move |tx| {
                            let settings = Settings::default();
                            let shop = catalog::own_mall_to_push(tx, "S1")?;
                            for order in &pushed {
                                order::push(tx, &settings, &shop, order.clone())?;
                            }
                            Ok::<_, Error>(())
                        })
                        .expect("a push that works");
                }
            });
        }
    });
    let seconds = began.elapsed().as_secs_f64();
    println!("{orders} orders, {callers} callers, {batch} a unit: {:.0} orders/s", orders as f64 / seconds);
    println!("{:?}", store.statistics());
}

fn prepare(store: &Store) {
    store
        .write_blocking(TENANT, |tx| {
            if catalog::own_mall(tx, "S1").is_ok() {
                return Ok(());
            }
            let shop = Shop { no: "S1".into(), platform: OWN_MALL, ..Shop::default() };
            catalog::create_shop(tx, shop)?;
            catalog::create_warehouse(tx, Warehouse { no: "WH01".into(), kind: 1, ..Warehouse::default() })?;
            let numbers: Vec<String> = (0..SPECS).map(|i| format!("SPEC-{i}")).collect();
            let specs = numbers.iter().map(|no| SpecChange { no, change: Box::new(|_| {}) }).collect();
            let change =
                GoodsChange { no: "G", brand: None, class: None, change: &|f| f.name = "示例T恤".into(), specs };
            catalog::push_goods(tx, &change)?;
            let lines = numbers.iter().map(|no| NewStockInLine {
                spec_no: no.clone(),
                defect: 0,
                num: Quantity::whole(10_000_000),
                price: Money::whole(20),
                position_no: String::new(),
                batch_no: String::new(),
                remark: String::new(),
            });
            let new = NewStockIn {
                outer_no: "IN".into(),
                warehouse_no: "WH01".into(),
                audit: true,
                remark: String::new(),
                reason: String::new(),
                logistics_code: String::new(),
                logistics_no: String::new(),
                post_fee: Money::ZERO,
                other_fee: Money::ZERO,
                discount: Money::ZERO,
                lines: lines.collect(),
            };
            stock::push_other_stock_in(tx, &Settings::default(), &new)?;
            Ok::<_, Error>(())
        })
        .expect("a merchant");
}

fn order(n: usize) -> PushOrder {
    let line = |i: usize| PushLine {
        oid: format!("T{n:010}-{i}"),
        status: TradeStatus::Paid,
        refund_status: 0,
        goods_id: format!("M-{}", (n * 7 + i * 13) % SPECS),
        spec_id: String::new(),
        goods_no: "G".into(),
        spec_no: format!("SPEC-{}", (n * 7 + i * 13) % SPECS),
        goods_name: "示例T恤 2026春季新款".into(),
        spec_name: "红色 L".into(),
        num: Quantity::whole(2),
        price: Money::whole(99),
        adjust: Money::ZERO,
        discount: Money::ZERO,
        share_discount: Money::whole(5),
        cid: String::new(),
        remark: String::new(),
    };
    PushOrder {
        tid: format!("T{n:010}"),
        status: TradeStatus::Paid,
        pay_status: 2,
        delivery_term: DeliveryTerm::PayFirst,
        trade_time: None,
        pay_time: None,
        region: [110_000, 110_100, 110_108],
        area: "北京 北京市 海淀区".into(),
        pay_id: None,
        logistics_type: Some(-1),
        invoice_kind: Some(0),
        invoice_title: None,
        invoice_content: None,
        buyer_message: Some("请尽快发货，谢谢".into()),
        seller_memo: None,
        seller_flag: Some(0),
        post_amount: Money::whole(10),
        cod_amount: Money::ZERO,
        ext_cod_fee: Money::ZERO,
        other_amount: Money::ZERO,
        paid: Money::whole(396),
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
            nick: format!("买家_{n}"),
            name: "张三".into(),
            address: "花园路1号东门快递柜".into(),
            mobile: "19900000000".into(),
            zip: "100000".into(),
            ..Buyer::default()
        },
        lines: vec![line(0), line(1)],
    }
}
