//! The order flow: merge, split, freeze, finance, gifts, pre-sale, strategies, customers, and what a second push does after them.

#[path = "../support/mod.rs"]
mod support;

mod customers;
mod divide;
mod divided_refunds;
mod exchanged;
mod hands;
mod outside;
mod repush;
mod rules;
mod union;

use erp::Error;
use erp::order::{self, Order, OrderFilter, PushOrder, Take};
use support::{Merchant, TENANT, line, paid};
use units::{Money, Quantity};

impl Merchant {
    /// Everything that the core does to one order, by number.
    fn on<F>(&self, no: &str, run: F) -> Result<Order, Error>
    where
        F: Fn(&mut store::Tx, &erp::Settings, &str) -> Result<Order, Error> + Send + 'static,
    {
        let no = no.to_owned();
        self.write(move |tx, settings| run(tx, settings, &no))
    }

    fn orders_of(&self, tid: &str) -> Vec<Order> {
        let ids = self.raw(tid).orders;
        let mut all: Vec<Order> = self.orders().into_iter().filter(|order| ids.contains(&order.id)).collect();
        all.sort_by_key(|order| order.id);
        all
    }

    fn orders(&self) -> Vec<Order> {
        self.store
            .read_blocking(TENANT, |reader| {
                let all = order::orders(reader, &OrderFilter::default(), erp::catalog::Page::ALL)?;
                Ok::<_, Error>(all.rows.into_iter().map(|(order, _)| order).collect())
            })
            .unwrap()
    }

    fn order(&self, no: &str) -> Order {
        let no = no.to_owned();
        self.store.read_blocking(TENANT, move |reader| order::order_by_no(reader, &no)).unwrap()
    }

    fn block_of(&self, order: &Order) -> i64 {
        let id = order.id;
        let outs = self.store.read_blocking(TENANT, move |r| order::stock_outs_of(r, id)).unwrap();
        outs.last().map_or(0, |out| out.block_reason)
    }

    fn syncs(&self) -> Vec<order::LogisticsSync> {
        self.store.read_blocking(TENANT, |reader| order::pending_syncs(reader, None, 100)).unwrap()
    }

    fn merge(&self, numbers: &[&str]) -> Result<Order, Error> {
        let numbers: Vec<String> = numbers.iter().map(|&no| no.to_owned()).collect();
        self.write(move |tx, settings| {
            let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
            order::merge(tx, settings, &numbers)
        })
    }

    fn split(&self, no: &str, takes: &[(i64, Option<i64>)]) -> Result<(Order, Order), Error> {
        let takes: Vec<Take> =
            takes.iter().map(|(line, num)| Take { line: *line, num: num.map(Quantity::whole) }).collect();
        let no = no.to_owned();
        self.write(move |tx, settings| order::split(tx, settings, &no, &takes))
    }

    fn audit(&self, no: &str) -> Result<Order, Error> {
        self.on(no, |tx, settings, no| order::audit(tx, settings, no, "t"))
    }

    fn ship(&self, no: &str, waybill: &'static str) -> Result<Order, Error> {
        self.on(no, move |tx, settings, no| order::ship(tx, settings, no, None, waybill))
    }
}

/// What the orders that count (not 已取消) say of the money of these raw orders: goods, freight, paid.
fn money(orders: &[Order]) -> (Money, Money, Money) {
    let open = || orders.iter().filter(|order| order.status.code() != 5);
    (
        open().flat_map(|order| &order.lines).map(|line| line.share_amount).sum(),
        open().map(|order| order.post_amount).sum(),
        open().map(|order| order.paid).sum(),
    )
}

/// What the mall said of it.
fn pushed_money(pushed: &[&PushOrder]) -> (Money, Money, Money) {
    (
        pushed.iter().flat_map(|order| &order.lines).map(order::PushLine::receivable).sum(),
        pushed.iter().map(|order| order.post_amount).sum(),
        pushed.iter().map(|order| order.paid).sum(),
    )
}

/// A merchant with ten RED, ten BLUE and nothing of GREEN.
fn merchant() -> Merchant {
    let merchant = Merchant::with_specs(&["RED", "BLUE", "GREEN"]);
    merchant.stock_in("IN-1", "RED", 10).unwrap();
    merchant.stock_in("IN-2", "BLUE", 10).unwrap();
    merchant
}

/// RED twice at 9 and BLUE once at 5.
fn two_lines(tid: &str) -> PushOrder {
    paid(tid, vec![line(&format!("{tid}-1"), "RED", 2, 9), line(&format!("{tid}-2"), "BLUE", 1, 5)])
}
