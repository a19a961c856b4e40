//! System orders under every setting that opens another way for them.

use std::sync::LazyLock;

use erp::order::{self, Handed, ORDER, OrderStatus as O, PushOrder, RuleKind, Shipping, Then, TradeStatus, When};
use erp::{Error, FinanceAudit, MergeMode, Settings};

use crate::support::{Merchant, line, paid};
use crate::walk::{Command, Reached, Walk, table};

/// A merchant with plenty of A, here and in the warehouse OUT that others run.
pub(crate) fn merchant() -> Merchant {
    let merchant = Merchant::with_specs(&["A"]);
    merchant.stock_in("IN", "A", 100_000).unwrap();
    merchant.outsourced_warehouse("OUT", "A", 100_000);
    merchant
}

fn tid_of(merchant: &Merchant, no: &str) -> String {
    merchant.read(no, order::order_by_no).raw.first().map(|(_, tid)| tid.clone()).unwrap_or_default()
}

fn pushed(tid: &str, status: TradeStatus) -> PushOrder {
    let mut order = paid(tid, vec![line(&format!("{tid}-1"), "A", 2, 9)]);
    order.status = status;
    order.lines[0].status = status;
    if matches!(status, TradeStatus::Unpaid | TradeStatus::AwaitingFinal) {
        order.pay_status = 0;
        order.paid = Default::default();
    }
    order
}

/// Pushes the order's raw order again in another state, and expects something of it.
fn again(merchant: &Merchant, no: &str, status: TradeStatus) -> Result<(), Error> {
    let before = merchant.read(no, order::order_by_no).status;
    merchant.push(pushed(&tid_of(merchant, no), status))?;
    if merchant.read(no, order::order_by_no).status == before { Err(refused()) } else { Ok(()) }
}

/// What a push that is silently ignored counts as here.
fn refused() -> Error {
    erp::Refusal::NotThisWay("订单").into()
}

/// An order of the same buyer, which takes this one's goods.
fn merge_away(merchant: &Merchant, no: &str) -> Result<(), Error> {
    let tid = merchant.fresh("KEEP");
    let mut other = paid(&tid, vec![line(&format!("{tid}-1"), "A", 1, 9)]);
    other.buyer.nick = "并入".into();
    merchant.push(other)?;
    let keep = merchant.order_of(&tid).unwrap().no;
    let away = no.to_owned();
    merchant.write(move |tx, settings| order::merge(tx, settings, &[&keep, &away]).map(drop))
}

/// Two days later.
fn later(merchant: &Merchant, no: &str) -> Result<(), Error> {
    let before = merchant.read(no, order::order_by_no).status;
    merchant.clock.advance(2 * 24 * 3600);
    merchant.tick();
    if merchant.read(no, order::order_by_no).status == before { Err(refused()) } else { Ok(()) }
}

const fn one(
    name: &'static str,
    events: &'static [&'static str],
    run: fn(&Merchant, &str) -> Result<(), Error>,
) -> Command {
    Command { name, events, run }
}

fn ship_anyway(tx: &mut store::Tx, settings: &Settings, no: &str) -> Result<(), Error> {
    if !order::order_by_no(tx, no)?.has_left() {
        order::intercept(tx, no, true, 0, "t")?;
    }
    let how = Shipping { waybill: "W1", despite_block: true, ..Shipping::default() };
    order::ship_with(tx, settings, no, &how).map(drop)
}

const COMMANDS: &[Command] = &[
    one("audit", &["审核", "审核(委外)", "提交财审"], |m, no| {
        m.on(no, |tx, s, no| order::audit(tx, s, no, "t").map(drop))
    }),
    one("finance audit", &["财审", "财审(委外)"], |m, no| {
        m.on(no, |tx, s, no| order::finance_audit(tx, s, no, "t").map(drop))
    }),
    one("finance reject", &["财审驳回"], |m, no| {
        m.on(no, |tx, _, no| order::finance_reject(tx, no, "t", "t").map(drop))
    }),
    one("reject", &["驳回"], |m, no| m.on(no, |tx, s, no| order::reject(tx, s, no, "t", "t").map(drop))),
    one("ship", &["发货"], |m, no| m.on(no, |tx, s, no| order::ship(tx, s, no, None, "W1").map(drop))),
    one("ship although intercepted", &["异常发货"], |m, no| m.on(no, ship_anyway)),
    one("resolve", &["异常处理"], |m, no| m.on(no, |tx, _, no| order::resolve(tx, no, "t", "t").map(drop))),
    one("presell", &["转预订单"], |m, no| m.on(no, |tx, s, no| order::to_presale(tx, s, no, None, "t").map(drop))),
    one("release", &["转审核"], |m, no| m.on(no, |tx, s, no| order::release_presale(tx, s, no, "t").map(drop))),
    one("choose the warehouse", &["选仓"], |m, no| {
        let before = m.read(no, order::order_by_no).status;
        m.on(no, |tx, s, no| order::choose_warehouse(tx, s, no, "WH01", "t").map(drop))?;
        if m.read(no, order::order_by_no).status == before { Err(refused()) } else { Ok(()) }
    }),
    one("hand over", &["递交仓库"], |m, no| m.on(no, |tx, _, no| order::hand_over(tx, no, "t").map(drop))),
    one("accepted", &["仓库接单"], |m, no| {
        m.on(no, |tx, _, no| order::handed_over(tx, no, &Handed::Accepted("X".into())).map(drop))
    }),
    one("refused", &["仓库拒单"], |m, no| {
        m.on(no, |tx, _, no| order::handed_over(tx, no, &Handed::Refused("X".into())).map(drop))
    }),
    one("unanswered", &["仓库未答复"], |m, no| {
        m.on(no, |tx, _, no| order::handed_over(tx, no, &Handed::Unanswered("X".into())).map(drop))
    }),
    one("works", &["仓库作业"], |m, no| {
        if m.read(no, order::order_by_no).status == O::Audited {
            return Err(refused());
        }
        m.on(no, |tx, _, no| order::warehouse_works(tx, no, "X", "t").map(drop))
    }),
    one("given back", &["仓库撤单"], |m, no| m.on(no, |tx, _, no| order::gave_back(tx, no, Ok(()), "t").map(drop))),
    one("sign", &["签收"], |m, no| m.on(no, |tx, _, no| order::sign(tx, no, "t").map(drop))),
    one("part settle", &["部分打款"], |m, no| m.on(no, |tx, _, no| order::settle(tx, no, true, "t").map(drop))),
    one("settle", &["完成"], |m, no| m.on(no, |tx, _, no| order::settle(tx, no, false, "t").map(drop))),
    one("cancel", &["取消"], |m, no| m.on(no, |tx, s, no| order::cancel(tx, s, no, "t").map(drop))),
    one("deposit", &["付定金"], |m, no| again(m, no, TradeStatus::AwaitingFinal)),
    one("paid", &["付款"], |m, no| again(m, no, TradeStatus::Paid)),
    one("merged away", &["并入其他订单"], merge_away),
    one("later", &["激活", "未付已处理"], later),
];

fn open(merchant: &Merchant, order: PushOrder) -> String {
    let tid = order.tid.clone();
    let mut order = order;
    order.buyer.nick = tid.clone();
    merchant.push(order).unwrap();
    merchant.order_of(&tid).unwrap().no
}

fn walk(open: fn(&Merchant, usize) -> String, born: Option<(i64, &'static str)>, edges: &[O]) -> Walk {
    let state = |merchant: &Merchant, no: &str| merchant.read(no, order::order_by_no).status.code();
    let edges = edges.iter().map(|status| status.code()).collect();
    Walk { table: table(&ORDER), open, born, state, commands: COMMANDS, edges }
}

/// Up to the states from which [`PLAIN`] knows all ways: what happens there does not depend on how the order came there.
fn check(
    merchant: &Merchant,
    open: fn(&Merchant, usize) -> String,
    born: Option<(i64, &'static str)>,
    states: &[O],
    edges: &[O],
) -> Reached {
    let codes: Vec<i64> = states.iter().chain(edges).map(|status| status.code()).collect();
    walk(open, born, edges).check(merchant, &codes)
}

fn plain(merchant: &Merchant, _: usize) -> String {
    open(merchant, pushed(&merchant.fresh("W"), TradeStatus::Paid))
}

fn at_out(merchant: &Merchant, _: usize) -> String {
    let mut order = pushed(&merchant.fresh("W"), TradeStatus::Paid);
    order.warehouse_no = Some("OUT".into());
    open(merchant, order)
}

/// What is switched off by default is not there.
pub(crate) static PLAIN: LazyLock<Reached> = LazyLock::new(|| {
    let gone = [O::Shipped, O::Signed, O::PartlySettled, O::Completed, O::Abnormal];
    let states = [&[O::Cancelled, O::Presale, O::AwaitingAudit, O::Audited][..], &gone].concat();
    check(&merchant(), plain, None, &states, &[])
});

#[test]
fn orders_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&PLAIN);
}

pub(crate) static UNPAID: LazyLock<Reached> = LazyLock::new(|| {
    let unpaid = |merchant: &Merchant, _: usize| open(merchant, pushed(&merchant.fresh("U"), TradeStatus::Unpaid));
    check(&merchant(), unpaid, None, &[O::Cancelled, O::Unpaid, O::AwaitingFinal], &[O::AwaitingAudit])
});

#[test]
fn unpaid_orders_do_too() {
    LazyLock::force(&UNPAID);
}

pub(crate) static FINANCE: LazyLock<Reached> = LazyLock::new(|| {
    let mut merchant = merchant();
    merchant.settings.flow.finance = FinanceAudit { all: true, ..FinanceAudit::default() };
    let states = [O::Cancelled, O::AwaitingAudit, O::AwaitingFinance];
    check(&merchant, plain, None, &states, &[O::Presale, O::Audited])
});

#[test]
fn orders_that_finance_sees_do_too() {
    LazyLock::force(&FINANCE);
}

pub(crate) static OUTSIDE: LazyLock<Reached> = LazyLock::new(|| {
    let mut merchant = merchant();
    let states =
        [O::Cancelled, O::AwaitingAudit, O::AwaitingRelease, O::Releasing, O::Released, O::Unconfirmed, O::Audited];
    let mut reached = check(&merchant, at_out, None, &states, &[O::Presale, O::Shipped, O::Abnormal]);
    merchant.settings.flow.finance = FinanceAudit { all: true, ..FinanceAudit::default() };
    let states = [O::Cancelled, O::AwaitingAudit, O::AwaitingFinance];
    reached.extend(check(&merchant, at_out, None, &states, &[O::Presale, O::AwaitingRelease]));
    reached
});

#[test]
fn orders_of_an_outsourced_warehouse_do_too() {
    LazyLock::force(&OUTSIDE);
}

pub(crate) static DELAYED: LazyLock<Reached> = LazyLock::new(|| {
    let mut merchant = merchant();
    merchant.settings.flow.delay_minutes = 30;
    check(&merchant, plain, Some((30, "延时")), &[O::Cancelled, O::DelayedAudit], &[O::AwaitingAudit])
});

#[test]
fn delayed_orders_do_too() {
    LazyLock::force(&DELAYED);
}

pub(crate) static PRESOLD: LazyLock<Reached> = LazyLock::new(|| {
    let mut merchant = merchant();
    merchant.settings.flow.presale = true;
    merchant.rule(RuleKind::Presale, When::default(), Then::default());
    check(&merchant, plain, Some((30, "转预订单")), &[O::Cancelled, O::Presale], &[O::AwaitingAudit])
});

#[test]
fn orders_that_a_rule_presells_do_too() {
    LazyLock::force(&PRESOLD);
}

pub(crate) static WITHOUT_WAREHOUSE: LazyLock<Reached> = LazyLock::new(|| {
    let mut merchant = merchant();
    merchant.settings.flow.warehouse_strategy = true;
    merchant.settings.flow.no_warehouse_waits = true;
    check(&merchant, plain, Some((30, "待选仓")), &[O::Cancelled, O::AwaitingWarehouse], &[O::AwaitingAudit])
});

#[test]
fn orders_without_a_warehouse_do_too() {
    LazyLock::force(&WITHOUT_WAREHOUSE);
}

/// A paid order whose buyer has an unpaid one.
fn with_sibling(merchant: &Merchant, _: usize) -> String {
    let (tid, sibling) = (merchant.fresh("S"), merchant.fresh("SIB"));
    let mut unpaid = pushed(&sibling, TradeStatus::Unpaid);
    unpaid.buyer.nick = tid.clone();
    merchant.push(unpaid).unwrap();
    open(merchant, pushed(&tid, TradeStatus::Paid))
}

pub(crate) static WAITING: LazyLock<Reached> = LazyLock::new(|| {
    let mut merchant = merchant();
    merchant.settings.flow.merge = MergeMode::Mark;
    merchant.settings.flow.sibling_minutes = 30;
    check(&merchant, with_sibling, Some((30, "等未付")), &[O::Cancelled, O::AwaitingSibling], &[O::AwaitingAudit])
});

#[test]
fn orders_that_wait_for_an_unpaid_one_do_too() {
    LazyLock::force(&WAITING);
}

/// Split orders go the same ways as others.
pub(crate) static SPLIT: LazyLock<Reached> = LazyLock::new(|| {
    let split = |merchant: &Merchant, n: usize| {
        let no = plain(merchant, n);
        let line = merchant.read(&no, order::order_by_no).lines[0].id;
        merchant
            .write(move |tx, settings| {
                let takes = [order::Take { line, num: Some(units::Quantity::whole(1)) }];
                order::split(tx, settings, &no, &takes)
            })
            .unwrap()
            .1
            .no
    };
    let states = [O::Cancelled, O::Presale, O::AwaitingAudit, O::Audited];
    check(&merchant(), split, None, &states, &[O::Shipped, O::Abnormal])
});

#[test]
fn split_orders_do_too() {
    LazyLock::force(&SPLIT);
}

impl Merchant {
    fn rule(&self, kind: RuleKind, when: When, then: Then) {
        self.write(move |tx, _| {
            let (when, then, now) = (when.clone(), then.clone(), tx.now());
            let name = "规则".to_owned();
            let draft = order::Rule {
                id: 0,
                kind,
                name,
                priority: 1,
                disabled: false,
                when,
                then,
                created: now,
                modified: now,
            };
            order::create_rule(tx, draft).map(drop)
        })
        .unwrap();
    }
}
