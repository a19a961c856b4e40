//! Supplier and platform with everything that can go wrong between them: messages lost, repeated, passed by others; either side dying
//! between what it did and what it noted. Whatever happened, when the weather clears: every order is shipped, cancelled or refused
//! with a reason; both sides have the same stock; every return is refunded once.
//!
//! A world is its seed: `MATOU_ASCP_SEED=7` plays one, `MATOU_ASCP_SEEDS=10000` many. Worlds share a store, so that they share the
//! disk's time; they do not see each other.

use std::collections::BTreeMap;

use dock_ascp::hub::{self, Leased, OrderState, ReceivedLine, ReverseState};
use dock_ascp::limits::LEASE;
use dock_ascp::messages::{CallKind, Verdict, judge};
use dock_ascp::platform::{self, NewLine, NewRefund, Outgoing, SimOrderState, SimReverseState};
use erp::order::{OrderStatus, RawOrder};
use fastrand::Rng;
use futures_util::future::join_all;
use store::Tx;

use crate::world::{GOODS, House, PIECES, STORE, World};

/// Worlds that share a store.
const TOGETHER: u64 = 32;
/// Worlds that are played when nobody says how many.
const USUAL: u64 = 16;
/// Rounds of bad weather.
const ROUNDS: usize = 30;
/// Rounds of good weather at most; then something never ends.
const CALM: usize = 60;

/// What happens to a message.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Fine,
    /// It never arrives.
    Lost,
    /// It arrives; the answer does not, or who gets it dies before he can note it.
    Deaf,
    /// It arrives twice.
    Twice,
}

struct Play {
    world: World,
    chance: Rng,
    bad: bool,
    /// Pushes that were taken out and not sent yet: later ones may pass them.
    late: Vec<Outgoing>,
    waybills: u64,
}

impl Play {
    fn fate(&mut self) -> Fate {
        match self.chance.u32(0..100) {
            _ if !self.bad => Fate::Fine,
            0..20 => Fate::Lost,
            20..40 => Fate::Deaf,
            40..50 => Fate::Twice,
            _ => Fate::Fine,
        }
    }

    /// One round: consumers and staff do something, then messages travel.
    async fn round(&mut self) {
        for _ in 0..self.chance.usize(0..3) {
            self.consumer().await;
        }
        for _ in 0..self.chance.usize(0..4) {
            self.staff().await;
        }
        self.platform_sends().await;
        self.hub_sends().await;
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
            8 => self.report_shortage().await,
            _ => self.receive_some(false).await,
        }
    }

    async fn raws(&self) -> Vec<(hub::SupplyOrder, Option<RawOrder>)> {
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

    /// An order of the core in this state.
    async fn order_in(&mut self, status: OrderStatus) -> Option<(String, String)> {
        let unit = move |tx: &mut Tx, _: &erp::Settings| {
            let filter = erp::order::OrderFilter { statuses: vec![status.code()], ..Default::default() };
            let page = erp::catalog::Page { no: 0, size: 100 };
            let found = erp::order::orders(tx, &filter, page)?;
            Ok(found.rows.into_iter().map(|(order, _)| (order.no, order.raw[0].1.clone())).collect::<Vec<_>>())
        };
        let mut found = self.world.us(unit).await.unwrap();
        found.sort();
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

    async fn platform_sends(&mut self) {
        self.world.them(|tx| platform::refund_due(tx, 1_000)).await.unwrap();
        let mut leased = self.world.them(|tx| platform::lease(tx, 1_000)).await.unwrap();
        leased.append(&mut self.late);
        self.chance.shuffle(&mut leased);
        for outgoing in leased {
            if self.bad && self.chance.u32(0..100) < 10 {
                self.late.push(outgoing);
                continue;
            }
            let fate = self.fate();
            let reply = match fate {
                Fate::Lost => None,
                Fate::Deaf => {
                    self.world.deliver(&outgoing).await;
                    // Half of the time the platform itself died: its lease has to run out.
                    if self.chance.bool() {
                        continue;
                    }
                    None
                }
                Fate::Twice => {
                    self.world.deliver(&outgoing).await;
                    Some(self.world.deliver(&outgoing).await)
                }
                Fate::Fine => Some(self.world.deliver(&outgoing).await),
            };
            let push = outgoing.push;
            self.world.them(move |tx| platform::settle(tx, &push, reply.as_ref())).await.unwrap();
        }
    }

    async fn hub_sends(&mut self) {
        self.world.hub.follow_all().await.unwrap();
        let mut leased: Vec<Leased> = hub::lease(&self.world.hub, self.world.ours).await.unwrap();
        self.chance.shuffle(&mut leased);
        for Leased { call, body } in leased {
            let heard = match self.fate() {
                Fate::Lost => Err("lost".to_owned()),
                Fate::Deaf => {
                    drop(self.world.call(call.kind, &body).await);
                    // Half of the time the hub itself died: its lease has to run out.
                    if self.chance.bool() {
                        continue;
                    }
                    Err("no answer".to_owned())
                }
                Fate::Twice => {
                    drop(self.world.call(call.kind, &body).await);
                    self.world.call(call.kind, &body).await
                }
                Fate::Fine => self.world.call(call.kind, &body).await,
            };
            let verdict: Verdict = judge(call.kind, &heard);
            hub::settle(&self.world.hub, self.world.ours, call.id, verdict).await.unwrap();
        }
        self.world.hub.follow_all().await.unwrap();
    }

    /// Nothing goes wrong any more, and staff finish what they have. True when nothing is left to do.
    async fn calm(&mut self) -> bool {
        self.bad = false;
        self.platform_sends().await;
        self.hub_sends().await;
        for (order, _) in self.raws().await {
            if order.state == OrderState::Short {
                let channel = self.world.channel().await;
                self.world.us(move |tx, _| hub::restock(tx, &channel, &order.code)).await.unwrap();
            }
        }
        while let Some((no, _)) = self.order_in(OrderStatus::AwaitingAudit).await {
            self.world.us(move |tx, settings| Ok(erp::order::audit(tx, settings, &no, "staff")?)).await.unwrap();
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

    async fn waiting(&self) -> usize {
        let unit = |tx: &mut Tx, _: &erp::Settings| Ok(hub::calls(tx, hub::CallState::Waiting, 0, 1_000)?.len());
        self.world.us(unit).await.unwrap()
    }

    /// What must be true in the end.
    async fn check(&mut self, seed: u64) {
        let theirs = self.world.them(|tx| platform::orders(tx, 0, 1_000)).await.unwrap();
        let ours: BTreeMap<String, (hub::SupplyOrder, Option<RawOrder>)> =
            self.raws().await.into_iter().map(|(order, raw)| (order.code.clone(), (order, raw))).collect();
        for order in &theirs {
            let code = &order.code;
            let mine = ours.get(code);
            match order.state {
                SimOrderState::Shipped | SimOrderState::Signed => {
                    let state = mine.map(|(mine, _)| mine.state);
                    assert_eq!(state, Some(OrderState::Confirmed), "seed {seed}: {code} is shipped there");
                }
                SimOrderState::Cancelled => {
                    let state = mine.map_or(OrderState::Cancelled, |(mine, _)| mine.state);
                    assert_eq!(state, OrderState::Cancelled, "seed {seed}: {code} is cancelled there");
                    assert!(!order.facts.reason.is_empty(), "seed {seed}: {code} has no reason");
                }
                SimOrderState::PushFailed => {
                    assert!(
                        mine.is_none(),
                        "seed {seed}: {code} is given up there, {:?} here",
                        mine.map(|(mine, _)| mine.state)
                    );
                    assert!(!order.facts.reason.is_empty(), "seed {seed}: {code} has no reason");
                }
                other => panic!("seed {seed}: {code} is {other:?} in the end"),
            }
        }
        assert!(ours.len() <= theirs.len(), "seed {seed}: orders out of nothing");
        for found in self.world.them(|tx| platform::reverses(tx, 0, 1_000)).await.unwrap() {
            let channel = self.world.channel().await;
            let code = found.code.clone();
            let mine = self.world.us(move |tx, _| hub::return_by_code(tx, &channel, &code)).await;
            match found.state {
                SimReverseState::Refunded => {
                    assert_eq!(
                        found.facts.refunds, 1,
                        "seed {seed}: {} is refunded {} times",
                        found.code, found.facts.refunds
                    );
                    assert_eq!(mine.unwrap().state, ReverseState::Reported, "seed {seed}: {}", found.code);
                }
                SimReverseState::PushFailed => assert!(mine.is_err(), "seed {seed}: {} is given up there", found.code),
                other => panic!("seed {seed}: return {} is {other:?} in the end", found.code),
            }
        }
        let dead = self.world.us(|tx, _| hub::calls(tx, hub::CallState::Dead, 0, 1_000)).await.unwrap();
        assert!(dead.is_empty(), "seed {seed}: {dead:?}");
        self.check_stock(seed).await;
    }

    /// One reconciliation, and both sides agree.
    async fn check_stock(&mut self, seed: u64) {
        let channel = self.world.channel().await;
        let items: Vec<i64> = GOODS.iter().map(|(id, _)| *id).collect();
        let query = serde_json::json!({
            "supplier_id": self.world.supplier, "store_code": STORE, "user_id": 9, "sc_item_ids": items,
        });
        let (_, body) = self.world.call(CallKind::StockQuery, &query.to_string()).await.unwrap();
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
        let number = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().parse::<i64>().unwrap();
        let accounts: Vec<hub::Account> = answer["merchant_inventory_query_response"]["datas"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| hub::Account {
                sc_item_id: row["sc_item_id"].to_string(),
                quantity: number(row, "quantity"),
                locked: number(row, "lock_quantity"),
            })
            .collect();
        assert!(accounts.iter().all(|account| account.locked == 0), "seed {seed}: {accounts:?}");
        let of = channel.clone();
        let compared = self
            .world
            .us(move |tx, settings| {
                let figures = hub::figures(tx, settings, &of)?;
                let compared: Vec<_> = figures.iter().map(|figure| hub::compare(&of, figure, &accounts)).collect();
                hub::note_compared(tx, &of, &compared, true)?;
                Ok(compared)
            })
            .await
            .unwrap();
        self.hub_sends().await;
        for one in compared {
            let item: i64 = one.figure.sc_item_id.parse().unwrap();
            let supplier = self.world.supplier.clone();
            let account =
                self.world.them(move |tx| platform::account(tx, &supplier, STORE, item, platform::GOOD)).await.unwrap();
            assert_eq!(account.quantity, one.figure.free, "seed {seed}: {}", one.figure.spec_no);
            assert_eq!(one.figure.reserved, 0, "seed {seed}: {}", one.figure.spec_no);
            assert!(one.figure.free <= PIECES, "seed {seed}: goods out of nothing");
        }
        let books = self.world.store.read(self.world.ours, erp::stock::audit_books).await.unwrap();
        assert!(books.is_empty(), "seed {seed}: {books:?}");
    }
}

async fn play(seeds: &[u64]) {
    let house = House::new("2026-01-05 10:00:00").await;
    let mut plays = Vec::new();
    for (number, seed) in (0..).zip(seeds) {
        let world = house.world(number).await;
        plays.push((*seed, Play { world, chance: Rng::with_seed(*seed), bad: true, late: Vec::new(), waybills: 0 }));
    }
    for round in 0..ROUNDS {
        join_all(plays.iter_mut().map(|(_, play)| play.round())).await;
        // The same time passes in every world, so a world does not depend on its neighbours.
        house.clock.advance([3, 20, 75, 11, LEASE + 1][round % 5]);
    }
    for round in 0..=CALM {
        let done = join_all(plays.iter_mut().map(|(_, play)| play.calm())).await;
        if done.iter().all(|done| *done) {
            break;
        }
        let open: Vec<u64> = plays.iter().zip(&done).filter(|(_, done)| !**done).map(|((seed, _), _)| *seed).collect();
        assert!(round < CALM, "the worlds of the seeds {open:?} do not come to rest");
        house.clock.advance(3_000);
    }
    for (seed, play) in &mut plays {
        play.check(*seed).await;
    }
}

#[tokio::test]
async fn whatever_happens_in_between_both_sides_agree_in_the_end() {
    let given = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds: Vec<u64> = match (given("MATOU_ASCP_SEED"), given("MATOU_ASCP_SEEDS")) {
        (Some(one), _) => vec![one],
        (None, many) => (0..many.unwrap_or(USUAL)).collect(),
    };
    for (number, part) in seeds.chunks(TOGETHER as usize).enumerate() {
        play(part).await;
        if seeds.len() > 1_000 && number % 10 == 9 {
            println!("{} of {} seeds", (number + 1) * TOGETHER as usize, seeds.len());
        }
    }
}
