//! What people do in a world: consumers on the platform, staff at the supplier.

use std::collections::BTreeSet;
use std::ops::AddAssign;
use std::sync::Arc;

use dock_ascp::hub::{self, OrderState, ReceivedLine, ReverseState};
use dock_ascp::platform::{self, NewLine, NewRefund, SimOrderState, SimReverseState};
use erp::order::{OrderStatus, RawOrder};
use fastrand::Rng;
use store::Tx;
use units::{ManualClock, Moment};

use super::machine::{BEGIN, Machine, Side, Templates};
use super::weather::{LateCall, LatePush};
use crate::world::{GOODS, World, open_hub, open_platform, supplier, tenants};

/// What happened in a world, so that a run can say that it was not a calm one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) pushes: u64,
    pub(super) calls: u64,
    pub(super) lost: u64,
    pub(super) repeated: u64,
    pub(super) late: u64,
    pub(super) supplier_deaths: u64,
    pub(super) platform_deaths: u64,
    pub(super) shipped: u64,
    pub(super) cancelled: u64,
    pub(super) given_up: u64,
    pub(super) refunded: u64,
    pub(super) oversold: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.pushes += other.pushes;
        self.calls += other.calls;
        self.lost += other.lost;
        self.repeated += other.repeated;
        self.late += other.late;
        self.supplier_deaths += other.supplier_deaths;
        self.platform_deaths += other.platform_deaths;
        self.shipped += other.shipped;
        self.cancelled += other.cancelled;
        self.given_up += other.given_up;
        self.refunded += other.refunded;
        self.oversold += other.oversold;
    }
}

pub(super) struct Play {
    pub(super) world: World,
    pub(super) ours: Machine,
    pub(super) theirs: Machine,
    pub(super) chance: Rng,
    pub(super) bad: bool,
    /// Pushes on the network: later ones may pass them.
    pub(super) late_pushes: Vec<LatePush>,
    /// Calls on the network that their sender has given up.
    pub(super) late_calls: Vec<LateCall>,
    pub(super) tally: Tally,
    oversold: BTreeSet<String>,
    waybills: u64,
}

impl Play {
    pub(super) async fn begin(templates: &Templates, seed: u64) -> Self {
        let clock = Arc::new(ManualClock::at(Moment::parse(BEGIN).unwrap()));
        let number = i64::try_from(seed).unwrap() % Templates::NUMBERS;
        let machine = async |side| Machine::start(templates, side, number, &clock).await;
        let (ours, theirs) = (machine(Side::Supplier).await, machine(Side::Platform).await);
        let (our_tenant, their_tenant) = tenants(number);
        let world = World {
            store: ours.store.clone(),
            far: theirs.store.clone(),
            hub: open_hub(&ours.store, &ours.directory, &clock).await,
            platform: open_platform(&theirs.store, their_tenant, &theirs.directory, &clock),
            directory: ours.directory.clone(),
            clock,
            ours: our_tenant,
            theirs: their_tenant,
            supplier: supplier(number),
        };
        Self {
            world,
            ours,
            theirs,
            chance: Rng::with_seed(seed),
            bad: true,
            late_pushes: Vec::new(),
            late_calls: Vec::new(),
            tally: Tally::default(),
            oversold: BTreeSet::new(),
            waybills: 0,
        }
    }

    pub(super) fn wait(&self, seconds: i64) {
        self.world.clock.advance(seconds);
    }

    /// One round: consumers and staff do something, then messages travel.
    pub(super) async fn round(&mut self) {
        for _ in 0..self.chance.usize(0..3) {
            self.consumer().await;
        }
        for _ in 0..self.chance.usize(0..4) {
            self.staff().await;
        }
        self.platform_sends().await;
        self.hub_sends().await;
        self.late_arrive().await;
    }

    async fn consumer(&mut self) {
        let world = &self.world;
        match self.chance.u32(0..10) {
            0..5 => {
                let mut lines: Vec<(i64, i64)> = Vec::new();
                for (item, _) in GOODS {
                    if self.chance.bool() || lines.is_empty() {
                        lines.push((item, self.chance.i64(1..=3)));
                    }
                }
                // Nothing sellable is left now and then.
                drop(world.place(&lines).await);
            }
            5..8 => {
                let orders = world.them(|tx| platform::orders(tx, 0, 1_000)).await.unwrap();
                if orders.is_empty() {
                    return;
                }
                let code = orders[self.chance.usize(..orders.len())].code.clone();
                let status = if self.chance.bool() { "1" } else { "9" };
                // Too late for most of them.
                drop(world.them(move |tx| platform::cancel_order(tx, &code, status)).await);
            }
            _ => {
                let orders = world.them(|tx| platform::orders(tx, 0, 1_000)).await.unwrap();
                let shipped: Vec<_> = orders.iter().filter(|order| order.state == SimOrderState::Shipped).collect();
                if shipped.is_empty() {
                    return;
                }
                let order = shipped[self.chance.usize(..shipped.len())];
                let line = &order.facts.lines[self.chance.usize(..order.facts.lines.len())];
                let (code, item, quantity) = (order.code.clone(), line.sc_item_id, self.chance.i64(1..=line.quantity));
                let refund = NewRefund { lines: vec![NewLine { sc_item_id: item, quantity }], reason: None };
                self.waybills += 1;
                let waybill = format!("SF{:012}", self.waybills);
                // More than is left of the line is refused.
                drop(
                    world
                        .them(move |tx| {
                            let code = platform::ask_refund(tx, &code, &refund)?;
                            platform::judge_refund(tx, &code, true)?;
                            platform::fill_waybill(tx, &code, "SF", &waybill)
                        })
                        .await,
                );
            }
        }
    }

    async fn staff(&mut self) {
        match self.chance.u32(0..10) {
            0..4 => self.audit_one().await,
            4..7 => self.ship_one().await,
            7 => self.send_back().await,
            8 if self.chance.bool() => self.report_shortage().await,
            8 => drop(self.reconcile().await),
            _ => self.receive_some(false).await,
        }
    }

    pub(super) async fn raws(&self) -> Vec<(hub::SupplyOrder, Option<RawOrder>)> {
        let unit = |tx: &mut Tx, _: &erp::Settings| {
            let mut found = Vec::new();
            for order in hub::orders(tx, None, 0, 1_000)? {
                let raw = erp::order::raw_by_tid(tx, &order.code)?;
                found.push((order, raw));
            }
            Ok(found)
        };
        self.world.us(unit).await.unwrap()
    }

    /// Orders of the core in this state, with their numbers on the platform.
    async fn orders_in(&self, status: OrderStatus) -> Vec<(String, String)> {
        let unit = move |tx: &mut Tx, _: &erp::Settings| {
            let filter = erp::order::OrderFilter { statuses: vec![status.code()], ..Default::default() };
            let page = erp::catalog::Page { no: 0, size: 100 };
            let found = erp::order::orders(tx, &filter, page)?;
            Ok(found.rows.into_iter().map(|(order, _)| (order.no, order.raw[0].1.clone())).collect::<Vec<_>>())
        };
        let mut found = self.world.us(unit).await.unwrap();
        found.sort();
        found
    }

    /// One of them.
    async fn order_in(&mut self, status: OrderStatus) -> Option<(String, String)> {
        let mut found = self.orders_in(status).await;
        if found.is_empty() { None } else { Some(found.swap_remove(self.chance.usize(..found.len()))) }
    }

    async fn audit_one(&mut self) {
        let Some((no, _)) = self.order_in(OrderStatus::AwaitingAudit).await else { return };
        // Short of stock, for one.
        drop(self.world.us(move |tx, settings| Ok(erp::order::audit(tx, settings, &no, "staff")?)).await);
    }

    async fn ship_one(&mut self) {
        let Some((no, _)) = self.order_in(OrderStatus::Audited).await else { return };
        self.waybills += 1;
        let waybill = format!("SF{:012}", self.waybills);
        self.world
            .us(move |tx, settings| Ok(erp::order::ship(tx, settings, &no, Some("SF"), &waybill)?))
            .await
            .expect("an audited order can be shipped");
    }

    async fn send_back(&mut self) {
        let Some((no, _)) = self.order_in(OrderStatus::Audited).await else { return };
        self.world.us(move |tx, settings| Ok(erp::order::reject(tx, settings, &no, "", "staff")?)).await.unwrap();
    }

    async fn report_shortage(&mut self) {
        let Some((_, code)) = self.order_in(OrderStatus::Audited).await else { return };
        let channel = self.world.channel().await;
        let unit = move |tx: &mut Tx, _: &erp::Settings| {
            let order = hub::order_by_code(tx, &channel, &code)?;
            let lack = hub::Lack { sub_order_code: order.facts.lines[0].sub_order_code.clone(), quantity: 1 };
            hub::report_shortage(tx, &channel, &code, &[lack], "盘亏")
        };
        // The hub may not have heard of the audit yet.
        drop(self.world.us(unit).await);
    }

    async fn receive_some(&mut self, all: bool) {
        let returns = self.world.us(|tx, _| hub::returns(tx, None, 0, 1_000)).await.unwrap();
        let open: Vec<_> = returns
            .into_iter()
            .filter(|found| matches!(found.state, ReverseState::Submitted | ReverseState::Receiving))
            .collect();
        if open.is_empty() {
            return;
        }
        let which = if all {
            0..open.len()
        } else {
            let one = self.chance.usize(..open.len());
            one..one + 1
        };
        for found in &open[which] {
            let channel = self.world.channel().await;
            let lines: Vec<ReceivedLine> = found
                .facts
                .lines
                .iter()
                .map(|line| {
                    let open = line.planned - line.good - line.defective;
                    let good = if all { open } else { self.chance.i64(0..=open) };
                    let defective = if all { 0 } else { self.chance.i64(0..=open - good) };
                    ReceivedLine { sub_order_code: line.sub_order_code.clone(), good, defective }
                })
                .collect();
            let code = found.code.clone();
            let unit = move |tx: &mut Tx, settings: &erp::Settings| {
                hub::receive_return(tx, settings, &channel, &code, &lines, false)
            };
            // Nothing came after all.
            let received = self.world.us(unit).await;
            assert!(received.is_ok() || !all, "{}", received.err().unwrap());
        }
    }

    /// Nothing goes wrong any more, and staff finish what they have. True when nothing is left to do.
    pub(super) async fn calm(&mut self) -> bool {
        self.bad = false;
        self.late_arrive().await;
        self.platform_sends().await;
        self.hub_sends().await;
        for (order, _) in self.raws().await {
            if order.state == OrderState::Short && !self.oversold.contains(&order.code) {
                let channel = self.world.channel().await;
                self.world.us(move |tx, _| hub::restock(tx, &channel, &order.code)).await.unwrap();
            }
        }
        for (no, code) in self.orders_in(OrderStatus::AwaitingAudit).await {
            match self.world.us(move |tx, settings| Ok(erp::order::audit(tx, settings, &no, "staff")?)).await {
                Ok(_) => {}
                Err(hub::Error::Business(erp::Error::Refused(erp::Refusal::Short { .. }))) => self.oversold(code).await,
                Err(error) => panic!("an order cannot be audited: {error}"),
            }
        }
        while self.order_in(OrderStatus::Audited).await.is_some() {
            self.ship_one().await;
        }
        self.receive_some(true).await;
        self.hub_sends().await;
        let orders = self.world.them(|tx| platform::orders(tx, 0, 1_000)).await.unwrap();
        let returns = self.world.them(|tx| platform::reverses(tx, 0, 1_000)).await.unwrap();
        let ends = [SimOrderState::Shipped, SimOrderState::Signed, SimOrderState::Cancelled, SimOrderState::PushFailed];
        orders.iter().all(|order| ends.contains(&order.state))
            && returns
                .iter()
                .all(|found| matches!(found.state, SimReverseState::Refunded | SimReverseState::PushFailed))
            && self.waiting().await == 0
    }

    /// The platform sold what had gone, because a publish was late: the supplier says so, and the platform takes the order back.
    async fn oversold(&mut self, code: String) {
        if !self.oversold.insert(code.clone()) {
            return;
        }
        self.tally.oversold += 1;
        let (channel, at) = (self.world.channel().await, code.clone());
        let unit = move |tx: &mut Tx, _: &erp::Settings| {
            let order = hub::order_by_code(tx, &channel, &at)?;
            let lack = hub::Lack { sub_order_code: order.facts.lines[0].sub_order_code.clone(), quantity: 1 };
            hub::report_shortage(tx, &channel, &at, &[lack], "超卖")
        };
        self.world.us(unit).await.unwrap();
        let unit = move |tx: &mut Tx| {
            // It was asked for before, when the order could not be stopped any more.
            platform::cancel_order(tx, &code, "1").or_else(|_| platform::cancel_order(tx, &code, "9"))
        };
        self.world.them(unit).await.unwrap();
    }

    async fn waiting(&self) -> usize {
        let unit = |tx: &mut Tx, _: &erp::Settings| Ok(hub::calls(tx, hub::CallState::Waiting, 0, 1_000)?.len());
        self.world.us(unit).await.unwrap()
    }
}
