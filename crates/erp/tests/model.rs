//! Random commands against a model that a child could check: after every step the core says and holds the same.
//!
//! The seed of a failure is printed; `MATOU_SEED=… cargo test -p erp --test model` runs it again.

mod support;

use std::collections::{BTreeMap, VecDeque};

use erp::order::{self, Order, OrderStatus, PushOrder, Reserved, Take, TradeStatus};
use erp::{Error, FinanceAudit};
use support::{Merchant, TENANT, line, paid};
use units::{Money, Quantity};

const SPECS: [&str; 3] = ["A", "B", "C"];
/// What a piece costs.
const PRICE: i64 = 9;
/// Orders of so much go to finance.
const FINANCE: i64 = 60;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Unpaid,
    Open,
    Finance,
    Audited,
    Shipped,
    Cancelled,
}

/// A line, known by its key.
struct ModelLine {
    tid: String,
    spec: usize,
    num: i64,
    /// Whether it holds stock.
    held: bool,
}

/// An order, known by its number.
struct ModelOrder {
    lines: Vec<i64>,
    state: State,
}

#[derive(Default)]
struct Model {
    stock: [i64; 3],
    pushed: BTreeMap<String, Vec<(usize, i64)>>,
    lines: BTreeMap<i64, ModelLine>,
    orders: BTreeMap<String, ModelOrder>,
    queues: [VecDeque<i64>; 3],
}

impl Model {
    fn promised(&self, spec: usize) -> i64 {
        self.lines.values().filter(|line| line.spec == spec && line.held).map(|line| line.num).sum()
    }

    fn free(&self, spec: usize) -> i64 {
        self.stock[spec] - self.promised(spec)
    }

    /// What an order asks for: its lines' keys, pieces and whether they hold stock.
    fn lines_of(&self, no: &str) -> Vec<(i64, i64, bool)> {
        self.orders[no].lines.iter().map(|id| (*id, self.lines[id].num, self.lines[id].held)).collect()
    }

    fn open(&mut self, no: &str) {
        self.orders.get_mut(no).unwrap().state = State::Open;
        for id in self.orders[no].lines.clone() {
            let (spec, num) = (self.lines[&id].spec, self.lines[&id].num);
            if self.queues[spec].is_empty() && self.free(spec) >= num {
                self.lines.get_mut(&id).unwrap().held = true;
            } else {
                self.queues[spec].push_back(id);
            }
        }
    }

    fn serve(&mut self) {
        for spec in 0..SPECS.len() {
            while let Some(id) = self.queues[spec].front().copied() {
                if self.free(spec) < self.lines[&id].num {
                    break;
                }
                self.queues[spec].pop_front();
                self.lines.get_mut(&id).unwrap().held = true;
            }
        }
    }

    fn drop_lines(&mut self, ids: &[i64]) {
        for id in ids {
            self.lines.get_mut(id).unwrap().held = false;
            for queue in &mut self.queues {
                queue.retain(|waiting| waiting != id);
            }
        }
        for order in self.orders.values_mut() {
            order.lines.retain(|id| !ids.contains(id));
        }
    }

    fn cancel(&mut self, no: &str) {
        let lines = self.orders[no].lines.clone();
        self.drop_lines(&lines);
        self.orders.get_mut(no).unwrap().state = State::Cancelled;
        self.serve();
    }

    /// Takes the lines of a raw order out of every order that is not released.
    fn refund(&mut self, tid: &str) {
        let of = |model: &Self, no: &str| -> Vec<i64> {
            model.orders[no].lines.iter().filter(|id| model.lines[id].tid == tid).copied().collect()
        };
        let numbers: Vec<String> = self.orders.keys().cloned().collect();
        for no in numbers {
            let lines = of(self, &no);
            if lines.is_empty() {
                continue;
            }
            self.drop_lines(&lines);
            let order = self.orders.get_mut(&no).unwrap();
            if order.lines.is_empty() {
                order.state = State::Cancelled;
            }
        }
        self.serve();
    }

    /// Numbers of the orders that hold goods of a raw order.
    fn holders(&self, tid: &str) -> Vec<&ModelOrder> {
        self.orders.values().filter(|order| order.lines.iter().any(|id| self.lines[id].tid == tid)).collect()
    }
}

fn pushed(tid: &str, lines: &[(usize, i64)], status: TradeStatus) -> PushOrder {
    let lines = lines
        .iter()
        .enumerate()
        .map(|(i, (spec, num))| {
            let mut line = line(&format!("{tid}-{i}"), SPECS[*spec], *num, PRICE);
            line.status = status;
            line.refund_status = if status == TradeStatus::Refunded { 5 } else { 0 };
            line
        })
        .collect();
    PushOrder { status, ..paid(tid, lines) }
}

/// One random command on both; returns what it was, for the message of a failure.
fn step(rng: &mut fastrand::Rng, n: usize, merchant: &Merchant, model: &mut Model) -> String {
    match rng.u8(..14) {
        0..=2 => push(rng, n, merchant, model),
        3 => {
            let (spec, num) = (rng.usize(..3), rng.i64(1..8));
            merchant.stock_in(&format!("IN{n}"), SPECS[spec], num).unwrap();
            model.stock[spec] += num;
            model.serve();
            format!("stock in {} {num}", SPECS[spec])
        }
        4 | 5 => again(rng, merchant, model),
        kind => {
            let known: Vec<String> = model.orders.keys().cloned().collect();
            let Some(no) = known.get(rng.usize(..known.len().max(1))).cloned() else { return "nothing".into() };
            let state = model.orders[&no].state;
            match kind {
                6 | 7 => audit(merchant, model, &no, state),
                8 => ship(merchant, model, &no, state),
                9 => {
                    let done = on(merchant, &no, |tx, settings, no| order::cancel(tx, settings, no, "t"));
                    let may = !matches!(state, State::Shipped | State::Cancelled);
                    assert_eq!(done.is_ok(), may, "cancel {no} {state:?}");
                    if may {
                        model.cancel(&no);
                    }
                }
                10 => {
                    let back = move |tx: &mut store::Tx, settings: &erp::Settings, no: &str| match state {
                        State::Finance => order::finance_reject(tx, no, "t", "t"),
                        _ => order::reject(tx, settings, no, "t", "t"),
                    };
                    let done = on(merchant, &no, back);
                    let may = matches!(state, State::Audited | State::Finance);
                    assert_eq!(done.is_ok(), may, "reject {no} {state:?}");
                    if may {
                        model.orders.get_mut(&no).unwrap().state = State::Open;
                    }
                }
                11 => {
                    let other = known[rng.usize(..known.len())].clone();
                    merge(merchant, model, &no, &other);
                }
                _ => split(rng, merchant, model, &no, state),
            }
            format!("{kind} {no} {state:?}")
        }
    }
}

fn on<F>(merchant: &Merchant, no: &str, run: F) -> Result<Order, Error>
where
    F: Fn(&mut store::Tx, &erp::Settings, &str) -> Result<Order, Error> + Send + 'static,
{
    let no = no.to_owned();
    merchant.write(move |tx, settings| run(tx, settings, &no))
}

fn push(rng: &mut fastrand::Rng, n: usize, merchant: &Merchant, model: &mut Model) -> String {
    let tid = format!("T{n}");
    let lines: Vec<(usize, i64)> = (0..rng.usize(1..4)).map(|_| (rng.usize(..3), rng.i64(1..6))).collect();
    let unpaid = rng.u8(..4) == 0;
    let status = if unpaid { TradeStatus::Unpaid } else { TradeStatus::Paid };
    merchant.push(pushed(&tid, &lines, status)).unwrap();
    let order = merchant.order_of(&tid).unwrap();
    let ids: Vec<i64> = order.lines.iter().map(|line| line.id).collect();
    for (id, (spec, num)) in ids.iter().zip(&lines) {
        model.lines.insert(*id, ModelLine { tid: tid.clone(), spec: *spec, num: *num, held: false });
    }
    model.pushed.insert(tid.clone(), lines);
    model.orders.insert(order.no.clone(), ModelOrder { lines: ids, state: State::Unpaid });
    if !unpaid {
        model.open(&order.no);
    }
    format!("push {tid} unpaid={unpaid}")
}

/// The mall says something of a raw order again: paid, or refunded in full.
fn again(rng: &mut fastrand::Rng, merchant: &Merchant, model: &mut Model) -> String {
    let known: Vec<String> = model.pushed.keys().cloned().collect();
    let Some(tid) = known.get(rng.usize(..known.len().max(1))).cloned() else { return "nothing".into() };
    let lines = model.pushed[&tid].clone();
    let holders = model.holders(&tid);
    if rng.bool() {
        let unpaid = holders.iter().any(|order| order.state == State::Unpaid);
        merchant.push(pushed(&tid, &lines, TradeStatus::Paid)).unwrap();
        if unpaid {
            let no = merchant.order_of(&tid).unwrap().no;
            model.open(&no);
        }
        return format!("pay {tid}");
    }
    if holders.iter().all(|order| matches!(order.state, State::Unpaid | State::Open | State::Finance)) {
        merchant.push(pushed(&tid, &lines, TradeStatus::Refunded)).unwrap();
        model.refund(&tid);
        return format!("refund {tid}");
    }
    "nothing".into()
}

fn audit(merchant: &Merchant, model: &mut Model, no: &str, state: State) {
    let finance = state == State::Finance;
    let done = on(merchant, no, move |tx, settings, no| {
        if finance { order::finance_audit(tx, settings, no, "f") } else { order::audit(tx, settings, no, "t") }
    });
    let may = matches!(state, State::Open | State::Finance) && model.lines_of(no).iter().all(|(_, _, held)| *held);
    assert_eq!(done.is_ok(), may, "audit {no} {state:?}");
    if may {
        // What was refunded still counts: finance sees the whole order.
        let worth: Money = done.unwrap().lines.iter().map(|line| line.share_amount).sum();
        let big = worth >= Money::whole(FINANCE);
        let next = if big && !finance { State::Finance } else { State::Audited };
        model.orders.get_mut(no).unwrap().state = next;
    }
}

fn ship(merchant: &Merchant, model: &mut Model, no: &str, state: State) {
    let done = on(merchant, no, |tx, settings, no| order::ship(tx, settings, no, None, "W"));
    assert_eq!(done.is_ok(), state == State::Audited, "ship {no} {state:?}");
    if done.is_ok() {
        for (id, num, _) in model.lines_of(no) {
            let line = model.lines.get_mut(&id).unwrap();
            line.held = false;
            model.stock[line.spec] -= num;
        }
        model.orders.get_mut(no).unwrap().state = State::Shipped;
    }
}

fn merge(merchant: &Merchant, model: &mut Model, no: &str, other: &str) {
    let numbers = [no.to_owned(), other.to_owned()];
    let done = merchant.write(move |tx, settings| order::merge(tx, settings, &[&numbers[0], &numbers[1]]).map(drop));
    let open = |no: &str| model.orders[no].state == State::Open;
    let may = no != other && open(no) && open(other);
    assert_eq!(done.is_ok(), may, "merge {no} {other}: {done:?}");
    if may {
        let gone = model.orders.get_mut(other).unwrap();
        gone.state = State::Cancelled;
        let lines = std::mem::take(&mut gone.lines);
        model.orders.get_mut(no).unwrap().lines.extend(lines);
    }
}

/// A line, or some of its pieces, leaves for an order of its own.
fn split(rng: &mut fastrand::Rng, merchant: &Merchant, model: &mut Model, no: &str, state: State) {
    let lines = model.lines_of(no);
    let Some((id, num, _)) = lines.get(rng.usize(..lines.len().max(1))).copied() else { return };
    let takes = rng.i64(1..=num);
    let take = Take { line: id, num: Some(Quantity::whole(takes)) };
    let owned = no.to_owned();
    let done = merchant.write(move |tx, settings| order::split(tx, settings, &owned, &[take]));
    let may = matches!(state, State::Open | State::Audited) && (takes < num || lines.len() > 1);
    assert_eq!(done.is_ok(), may, "split {no} {state:?} {takes} of {num}");
    let Ok((_, part)) = done else { return };
    let new = part.lines[0].id;
    if takes < num {
        let line = model.lines.get_mut(&id).unwrap();
        line.num -= takes;
        let (tid, spec, held) = (line.tid.clone(), line.spec, line.held);
        model.lines.insert(new, ModelLine { tid, spec, num: takes, held });
        let queue = &mut model.queues[spec];
        if let Some(place) = queue.iter().position(|waiting| *waiting == id) {
            queue.insert(place + 1, new);
        }
    } else {
        model.orders.get_mut(no).unwrap().lines.retain(|line| *line != id);
    }
    model.orders.insert(part.no.clone(), ModelOrder { lines: vec![new], state });
    model.serve();
}

fn compare(merchant: &Merchant, model: &Model) {
    for (spec, name) in SPECS.iter().enumerate() {
        let [stock, order, sending, _, sellable] = merchant.stock(name);
        assert_eq!((stock, order + sending), (model.stock[spec], model.promised(spec)), "{name}");
        assert!(sellable >= 0, "{name} oversold: {sellable}");
    }
    let orders = merchant
        .store
        .read_blocking(TENANT, |reader| {
            let all = order::orders(reader, &order::OrderFilter::default(), erp::catalog::Page::ALL)?;
            Ok::<_, Error>(all.rows.into_iter().map(|(order, _)| order).collect::<Vec<_>>())
        })
        .unwrap();
    assert_eq!(orders.len(), model.orders.len());
    let mut money: BTreeMap<&str, [Money; 3]> = BTreeMap::new();
    for order in &orders {
        let expected = &model.orders[&order.no];
        let status = match expected.state {
            State::Unpaid => OrderStatus::Unpaid,
            State::Open => OrderStatus::AwaitingAudit,
            State::Finance => OrderStatus::AwaitingFinance,
            State::Audited => OrderStatus::Audited,
            State::Shipped => OrderStatus::Shipped,
            State::Cancelled => OrderStatus::Cancelled,
        };
        assert_eq!(order.status, status, "{}", order.no);
        if matches!(expected.state, State::Open | State::Finance | State::Audited) {
            let seen = |line: &order::OrderLine| {
                let held = matches!(line.reserved, Reserved::Order | Reserved::Sending);
                (line.id, line.actual_num.floor(), held)
            };
            let mut lines: Vec<_> = order.open_lines().map(seen).collect();
            let mut of_model = model.lines_of(&order.no);
            lines.sort_unstable();
            of_model.sort_unstable();
            assert_eq!(lines, of_model, "{}", order.no);
        }
        for line in &order.lines {
            let sums = money.entry(&line.tid).or_default();
            for (sum, amount) in sums.iter_mut().zip([line.share_amount, line.share_post, line.paid]) {
                *sum += amount;
            }
        }
    }
    for (tid, lines) in &model.pushed {
        let goods = Money::whole(lines.iter().map(|(_, num)| num * PRICE).sum());
        let post = Money::whole(10);
        assert_eq!(money[tid.as_str()], [goods, post, goods + post], "money of {tid}");
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
        let mut merchant = Merchant::with_specs(&SPECS);
        merchant.settings.flow.finance = FinanceAudit { over_amount: Money::whole(FINANCE), ..FinanceAudit::default() };
        let mut model = Model::default();
        let mut said = Vec::new();
        let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for n in 0..80 {
                said.push(step(&mut rng, n, &merchant, &mut model));
                compare(&merchant, &model);
            }
            merchant.assert_books_balance();
        }));
        assert!(run.is_ok(), "seed {seed} failed after: {}", said.join("; "));
    }
}
