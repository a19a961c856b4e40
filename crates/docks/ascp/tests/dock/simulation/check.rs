//! What must be true in the end.

use std::collections::BTreeMap;

use dock_ascp::hub::{self, OrderState, ReverseState};
use dock_ascp::platform::{self, SimOrderState, SimReverseState};
use erp::order::RawOrder;

use super::play::Play;
use crate::world::{PIECES, STORE};

impl Play {
    /// What must be true in the end.
    pub(super) async fn check(&mut self, seed: u64) {
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
        for order in &theirs {
            match order.state {
                SimOrderState::Cancelled => self.tally.cancelled += 1,
                SimOrderState::PushFailed => self.tally.given_up += 1,
                _ => self.tally.shipped += 1,
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
                    self.tally.refunded += 1;
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
        let compared = self.reconcile().await.expect("the platform answers");
        assert!(
            compared.iter().all(|one| one.theirs.as_ref().is_some_and(|theirs| theirs.locked == 0)),
            "seed {seed}: {compared:?}"
        );
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
        if seed.is_multiple_of(64) {
            assert_eq!(self.world.store.check().unwrap(), Vec::<String>::new(), "seed {seed}");
            assert_eq!(self.world.far.check().unwrap(), Vec::<String>::new(), "seed {seed}");
        }
        let books = self.world.store.read(self.world.ours, erp::stock::audit_books).await.unwrap();
        assert!(books.is_empty(), "seed {seed}: {books:?}");
    }
}
