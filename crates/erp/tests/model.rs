//! Random commands against a model that a child could check: after every step the core says and holds the same.
//!
//! The seed of a failure is printed; `MATOU_SEED=… cargo test -p erp --test model` runs it again.

mod support;

use std::collections::{BTreeMap, VecDeque};

use erp::order::{self, OrderStatus, PushOrder, Reserved, TradeStatus};
use support::{Merchant, line, paid};

const SPECS: [&str; 3] = ["A", "B", "C"];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Unpaid,
    Open,
    Audited,
    Shipped,
    Cancelled,
}

struct ModelOrder {
    lines: Vec<(usize, i64)>,
    /// Which lines hold stock.
    held: Vec<bool>,
    state: State,
}

#[derive(Default)]
struct Model {
    stock: [i64; 3],
    orders: BTreeMap<String, ModelOrder>,
    queues: [VecDeque<(String, usize)>; 3],
}

impl Model {
    fn promised(&self, spec: usize) -> i64 {
        let holds = |order: &&ModelOrder| matches!(order.state, State::Open | State::Audited);
        self.orders
            .values()
            .filter(holds)
            .flat_map(|order| order.lines.iter().zip(&order.held))
            .filter(|((of, _), held)| *of == spec && **held)
            .map(|((_, num), _)| num)
            .sum()
    }

    fn free(&self, spec: usize) -> i64 {
        self.stock[spec] - self.promised(spec)
    }

    fn open(&mut self, tid: &str) {
        let lines = self.orders[tid].lines.clone();
        self.orders.get_mut(tid).unwrap().state = State::Open;
        for (i, (spec, num)) in lines.into_iter().enumerate() {
            if self.queues[spec].is_empty() && self.free(spec) >= num {
                self.orders.get_mut(tid).unwrap().held[i] = true;
            } else {
                self.queues[spec].push_back((tid.to_owned(), i));
            }
        }
    }

    fn serve(&mut self) {
        for spec in 0..SPECS.len() {
            while let Some((tid, i)) = self.queues[spec].front().cloned() {
                if self.free(spec) < self.orders[&tid].lines[i].1 {
                    break;
                }
                self.queues[spec].pop_front();
                self.orders.get_mut(&tid).unwrap().held[i] = true;
            }
        }
    }

    fn cancel(&mut self, tid: &str) {
        let order = self.orders.get_mut(tid).unwrap();
        order.state = State::Cancelled;
        order.held.fill(false);
        for queue in &mut self.queues {
            queue.retain(|(of, _)| of != tid);
        }
        self.serve();
    }
}

fn pushed(tid: &str, lines: &[(usize, i64)], status: TradeStatus) -> PushOrder {
    let lines = lines
        .iter()
        .enumerate()
        .map(|(i, (spec, num))| {
            let mut line = line(&format!("{tid}-{i}"), SPECS[*spec], *num, 9);
            line.status = status;
            line.refund_status = if status == TradeStatus::Refunded { 5 } else { 0 };
            line
        })
        .collect();
    PushOrder { status, ..paid(tid, lines) }
}

/// One random command on both; returns what it was, for the message of a failure.
fn step(rng: &mut fastrand::Rng, n: usize, merchant: &Merchant, model: &mut Model) -> String {
    let known: Vec<String> = model.orders.keys().cloned().collect();
    let some = |rng: &mut fastrand::Rng| known.get(rng.usize(..known.len().max(1))).cloned();
    let no = |tid: &str| merchant.order_of(tid).unwrap().no;
    match rng.u8(..10) {
        0..=2 => {
            let tid = format!("T{n}");
            let lines: Vec<(usize, i64)> = (0..rng.usize(1..4)).map(|_| (rng.usize(..3), rng.i64(1..6))).collect();
            let unpaid = rng.u8(..4) == 0;
            let status = if unpaid { TradeStatus::Unpaid } else { TradeStatus::Paid };
            merchant.push(pushed(&tid, &lines, status)).unwrap();
            let held = vec![false; lines.len()];
            model.orders.insert(tid.clone(), ModelOrder { lines, held, state: State::Unpaid });
            if !unpaid {
                model.open(&tid);
            }
            format!("push {tid} unpaid={unpaid}")
        }
        3 => {
            let (spec, num) = (rng.usize(..3), rng.i64(1..8));
            merchant.stock_in(&format!("IN{n}"), SPECS[spec], num).unwrap();
            model.stock[spec] += num;
            model.serve();
            format!("stock in {} {num}", SPECS[spec])
        }
        kind => {
            let Some(tid) = some(rng) else { return "nothing".into() };
            let state = model.orders[&tid].state;
            let lines = model.orders[&tid].lines.clone();
            match kind {
                4 => {
                    merchant.push(pushed(&tid, &lines, TradeStatus::Paid)).unwrap();
                    if state == State::Unpaid {
                        model.open(&tid);
                    }
                }
                5 | 6 => {
                    let no = no(&tid);
                    let done = merchant.write(move |tx, settings| order::audit(tx, settings, &no, "t").map(drop));
                    let may = state == State::Open && model.orders[&tid].held.iter().all(|held| *held);
                    assert_eq!(done.is_ok(), may, "audit {tid} {state:?}: {done:?}");
                    if may {
                        model.orders.get_mut(&tid).unwrap().state = State::Audited;
                    }
                }
                7 => {
                    let no = no(&tid);
                    let done = merchant.write(move |tx, settings| order::ship(tx, settings, &no, None, "W").map(drop));
                    assert_eq!(done.is_ok(), state == State::Audited, "ship {tid} {state:?}: {done:?}");
                    if done.is_ok() {
                        for (spec, num) in &lines {
                            model.stock[*spec] -= num;
                        }
                        model.orders.get_mut(&tid).unwrap().state = State::Shipped;
                    }
                }
                8 => {
                    let no = no(&tid);
                    let done = merchant.write(move |tx, settings| order::cancel(tx, settings, &no, "t").map(drop));
                    let may = matches!(state, State::Unpaid | State::Open | State::Audited);
                    assert_eq!(done.is_ok(), may, "cancel {tid} {state:?}: {done:?}");
                    if may {
                        model.cancel(&tid);
                    }
                }
                _ if rng.bool() => {
                    let no = no(&tid);
                    let done = merchant.write(move |tx, settings| order::reject(tx, settings, &no, "t", "t").map(drop));
                    assert_eq!(done.is_ok(), state == State::Audited, "reject {tid} {state:?}: {done:?}");
                    if done.is_ok() {
                        model.orders.get_mut(&tid).unwrap().state = State::Open;
                    }
                }
                _ => {
                    if matches!(state, State::Open | State::Unpaid) {
                        merchant.push(pushed(&tid, &lines, TradeStatus::Refunded)).unwrap();
                        model.cancel(&tid);
                    }
                }
            }
            format!("{kind} {tid} {state:?}")
        }
    }
}

fn compare(merchant: &Merchant, model: &Model) {
    for (spec, name) in SPECS.iter().enumerate() {
        let [stock, order, sending, _, sellable] = merchant.stock(name);
        assert_eq!((stock, order + sending), (model.stock[spec], model.promised(spec)), "{name}");
        assert!(sellable >= 0, "{name} oversold: {sellable}");
    }
    for (tid, expected) in &model.orders {
        let order = merchant.order_of(tid).unwrap();
        let status = match expected.state {
            State::Unpaid => OrderStatus::Unpaid,
            State::Open => OrderStatus::AwaitingAudit,
            State::Audited => OrderStatus::Audited,
            State::Shipped => OrderStatus::Shipped,
            State::Cancelled => OrderStatus::Cancelled,
        };
        assert_eq!(order.status, status, "{tid}");
        if expected.state == State::Open {
            let held: Vec<bool> = order.lines.iter().map(|line| line.reserved == Reserved::Order).collect();
            assert_eq!(held, expected.held, "{tid}");
        }
    }
}

#[test]
fn the_core_does_what_the_model_does() {
    let seeds: Vec<u64> = match std::env::var("MATOU_SEED") {
        Ok(seed) => vec![seed.parse().expect("MATOU_SEED is a number")],
        Err(_) => (1..=24).collect(),
    };
    for seed in seeds {
        let mut rng = fastrand::Rng::with_seed(seed);
        let merchant = Merchant::with_specs(&SPECS);
        let mut model = Model::default();
        let mut said = Vec::new();
        let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for n in 0..60 {
                said.push(step(&mut rng, n, &merchant, &mut model));
                compare(&merchant, &model);
            }
            merchant.assert_books_balance();
        }));
        assert!(run.is_ok(), "seed {seed} failed after: {}", said.join("; "));
    }
}
