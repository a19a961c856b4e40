//! The documents on both sides of an order: raw orders and sales stock-outs.

use std::sync::LazyLock;

use erp::Error;
use erp::order::{
    self, Order, ProcessStatus, PushOrder, RAW_ORDER, STOCK_OUT, Shipping, StockOutStatus, Take, TradeStatus,
};

use crate::orders::merchant;
use crate::support::{Merchant, TENANT, line, paid};
use crate::walk::{Command, Reached, Walk, table};

const fn one(
    name: &'static str,
    events: &'static [&'static str],
    run: fn(&Merchant, &str) -> Result<(), Error>,
) -> Command {
    Command { name, events, run }
}

fn pushed(tid: &str, status: TradeStatus) -> PushOrder {
    let mut order = paid(tid, vec![line(&format!("{tid}-1"), "A", 2, 9)]);
    order.status = status;
    order.lines[0].status = status;
    order
}

/// The orders of a raw order, those that are over left out.
fn open_orders(merchant: &Merchant, tid: &str) -> Vec<Order> {
    let ids = merchant.raw(tid).orders;
    let all = merchant
        .store
        .read_blocking(TENANT, |reader| order::orders(reader, &order::OrderFilter::default(), erp::catalog::Page::ALL));
    let all = all.unwrap().rows.into_iter().map(|(order, _)| order);
    all.filter(|order| ids.contains(&order.id) && (30..95).contains(&order.status.code())).collect()
}

fn refused() -> Error {
    erp::Refusal::NotThisWay("原始订单").into()
}

/// The same, for commands whose refusal is silence.
fn must_move(merchant: &Merchant, tid: &str, run: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    let before = merchant.raw(tid).process;
    run()?;
    if merchant.raw(tid).process == before { Err(refused()) } else { Ok(()) }
}

fn audited(merchant: &Merchant, order: &Order) -> Result<String, Error> {
    if order.status.code() == 30 {
        merchant.on(&order.no, |tx, s, no| order::audit(tx, s, no, "t").map(drop))?;
    }
    Ok(order.no.clone())
}

/// One of two pieces leaves.
fn ship_part(merchant: &Merchant, tid: &str) -> Result<(), Error> {
    let orders = open_orders(merchant, tid);
    let [order] = orders.as_slice() else { return Err(refused()) };
    let no = audited(merchant, order)?;
    let line = order.lines[0].id;
    merchant.write(move |tx, settings| {
        let takes = [Take { line, num: Some(units::Quantity::whole(1)) }];
        let how = Shipping { waybill: "W1", ..Shipping::default() };
        order::ship_part(tx, settings, &no, &takes, &how).map(drop)
    })
}

/// Everything leaves.
fn ship_all(merchant: &Merchant, tid: &str) -> Result<(), Error> {
    let orders = open_orders(merchant, tid);
    if orders.is_empty() {
        return Err(refused());
    }
    for order in orders {
        let no = audited(merchant, &order)?;
        merchant.on(&no, |tx, s, no| order::ship(tx, s, no, None, "W2").map(drop))?;
    }
    Ok(())
}

const RAW: &[Command] = &[
    one("submit", &["递交"], |m, tid| m.on(tid, |tx, s, tid| order::submit_raw(tx, s, tid).map(drop))),
    one("a part leaves", &["部分发货"], ship_part),
    one("everything leaves", &["发货"], ship_all),
    one("completed", &["完成"], |m, tid| must_move(m, tid, || m.push(pushed(tid, TradeStatus::Completed)).map(drop))),
    one("refunded", &["取消"], |m, tid| must_move(m, tid, || m.push(pushed(tid, TradeStatus::Refunded)).map(drop))),
];

pub(crate) static RAWS: LazyLock<Reached> = LazyLock::new(|| {
    let mut merchant = merchant();
    merchant.settings.auto_submit = false;
    use ProcessStatus::{Cancelled, Completed, PartlyShipped, Shipped, Submitted, Waiting};
    let walk = Walk {
        table: table(&RAW_ORDER),
        open: |merchant, _| {
            let tid = merchant.fresh("R");
            merchant.push(pushed(&tid, TradeStatus::Paid)).unwrap();
            tid
        },
        born: None,
        edges: Vec::new(),
        state: |merchant, tid| merchant.raw(tid).process.code(),
        commands: RAW,
    };
    let states = [Waiting, Submitted, PartlyShipped, Shipped, Completed, Cancelled];
    walk.check(&merchant, &states.map(ProcessStatus::code))
});

#[test]
fn raw_orders_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&RAWS);
}

const OUT: &[Command] = &[
    one("ship", &["发货"], |m, no| m.on(no, |tx, s, no| order::ship(tx, s, no, None, "W1").map(drop))),
    one("ship although intercepted", &["异常发货"], |m, no| {
        m.on(no, |tx, s, no| {
            order::intercept(tx, no, true, 0, "t")?;
            let how = Shipping { waybill: "W1", despite_block: true, ..Shipping::default() };
            order::ship_with(tx, s, no, &how).map(drop)
        })
    }),
    one("resolve", &["异常处理"], |m, no| m.on(no, |tx, _, no| order::resolve(tx, no, "t", "t").map(drop))),
    one("reject", &["取消"], |m, no| m.on(no, |tx, s, no| order::reject(tx, s, no, "t", "t").map(drop))),
    one("part settle", &["部分打款"], |m, no| m.on(no, |tx, _, no| order::settle(tx, no, true, "t").map(drop))),
    one("settle", &["完成"], |m, no| m.on(no, |tx, _, no| order::settle(tx, no, false, "t").map(drop))),
];

pub(crate) static STOCK_OUTS: LazyLock<Reached> = LazyLock::new(|| {
    use StockOutStatus::{Abnormal, Audited, Cancelled, Completed, PartlySettled, Shipped};
    let walk = Walk {
        table: table(&STOCK_OUT),
        open: |merchant, _| {
            let tid = merchant.fresh("O");
            merchant.push(pushed(&tid, TradeStatus::Paid)).unwrap();
            let no = merchant.order_of(&tid).unwrap().no;
            merchant.on(&no, |tx, s, no| order::audit(tx, s, no, "t").map(drop)).unwrap();
            no
        },
        born: None,
        edges: Vec::new(),
        state: |merchant, no| {
            let order = merchant.read(no, order::order_by_no).id;
            let outs = merchant.store.read_blocking(TENANT, move |reader| order::stock_outs_of(reader, order));
            outs.unwrap().last().map_or(0, |out| out.status.code())
        },
        commands: OUT,
    };
    let states = [Cancelled, Audited, Shipped, Abnormal, PartlySettled, Completed];
    walk.check(&merchant(), &states.map(StockOutStatus::code))
});

#[test]
fn sales_stock_outs_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&STOCK_OUTS);
}
