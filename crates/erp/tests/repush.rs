//! The re-push matrix of fact sheet wdt-1, 2.0.5, cell by cell: what a second push does to an order, by how far it has come.

mod support;

use erp::order::{self, OrderStatus, Outcome, ProcessStatus, PushOrder, Reserved, TradeStatus};
use erp::{Error, Refusal};
use support::{Merchant, TENANT, line, paid};
use units::Money;

/// How far the order has come before the second push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Raw order waiting, no system order: one of its goods is unknown.
    Raw,
    /// System order 30.
    Open,
    /// System order 55.
    Released,
    /// System order 95.
    Shipped,
}

/// What is seen afterwards.
#[derive(Debug, PartialEq, Eq, Default)]
struct Seen {
    process: i64,
    status: i64,
    refund: i64,
    bad: i64,
    block: i64,
    sellable: i64,
}

fn base(at: At) -> PushOrder {
    let second = if at == At::Raw { "LATER" } else { "BLUE" };
    let mut order = paid("T", vec![line("T-1", "RED", 2, 9), line("T-2", second, 1, 9)]);
    if at == At::Raw {
        order.lines[1].goods_no.clear();
    }
    order
}

fn merchant(at: At) -> Merchant {
    let merchant = Merchant::with_specs(&["RED", "BLUE"]);
    merchant.stock_in("IN-1", "RED", 10).unwrap();
    merchant.stock_in("IN-2", "BLUE", 10).unwrap();
    merchant.push(base(at)).unwrap();
    if matches!(at, At::Released | At::Shipped) {
        let no = merchant.order_of("T").unwrap().no;
        merchant.write(move |tx, settings| order::audit(tx, settings, &no, "t").map(drop)).unwrap();
    }
    if at == At::Shipped {
        let no = merchant.order_of("T").unwrap().no;
        merchant.write(move |tx, settings| order::ship(tx, settings, &no, None, "W1").map(drop)).unwrap();
    }
    merchant.clock.advance(10);
    merchant
}

fn seen(merchant: &Merchant) -> Seen {
    merchant.assert_books_balance();
    let raw = merchant.raw("T");
    let order = merchant.order_of("T");
    let block = order.as_ref().map_or(0, |order| {
        let id = order.id;
        let outs = merchant.store.read_blocking(TENANT, move |r| order::stock_outs_of(r, id)).unwrap();
        outs.last().map_or(0, |out| out.block_reason)
    });
    Seen {
        process: raw.process.code(),
        status: order.as_ref().map_or(0, |order| order.status.code()),
        refund: order.as_ref().map_or(raw.refund_status, |order| order.refund_status),
        bad: order.as_ref().map_or(0, |order| order.bad_reason),
        block,
        sellable: merchant.stock("RED")[4],
    }
}

fn check(row: &str, change: impl Fn(&mut PushOrder), cells: [(At, Seen); 4]) {
    for (at, expected) in cells {
        let merchant = merchant(at);
        let mut again = base(at);
        change(&mut again);
        merchant.push(again).unwrap_or_else(|error| panic!("{row} at {at:?}: {error}"));
        assert_eq!(seen(&merchant), expected, "{row} at {at:?}");
    }
}

fn cells(raw: Seen, open: Seen, released: Seen, shipped: Seen) -> [(At, Seen); 4] {
    [(At::Raw, raw), (At::Open, open), (At::Released, released), (At::Shipped, shipped)]
}

fn raw(process: i64, refund: i64) -> Seen {
    Seen { process, refund, sellable: 10, ..Seen::default() }
}

fn at(status: i64, refund: i64, bad: i64, block: i64) -> Seen {
    let process = if status >= 95 { 40 } else { 20 };
    Seen { process, status, refund, bad, block, sellable: 8 }
}

#[test]
fn address() {
    let change = |order: &mut PushOrder| order.buyer.address = "花园路2号".into();
    check("address", change, cells(raw(10, 0), at(30, 0, 2, 0), at(55, 0, 2, 4), at(95, 0, 0, 0)));
}

#[test]
fn name_and_phone() {
    for change in [
        (|order: &mut PushOrder| order.buyer.name = "李四".into()) as fn(&mut PushOrder),
        |order| order.buyer.mobile = "13700000000".into(),
        |order| order.buyer.telno = "010-1".into(),
        |order| order.region = [110_000, 110_100, 110_101],
    ] {
        check("receiver", change, cells(raw(10, 0), at(30, 0, 2, 0), at(55, 0, 2, 4), at(95, 0, 0, 0)));
    }
    // What the warehouse prints stays as it was when it got the order; an open order takes the new one over.
    for (stage, expected) in [(At::Open, "李四"), (At::Released, "张三"), (At::Shipped, "张三")] {
        let merchant = merchant(stage);
        let mut again = base(stage);
        again.buyer.name = "李四".into();
        merchant.push(again).unwrap();
        let found = merchant
            .store
            .read_blocking(TENANT, |r| order::orders(r, &order::OrderFilter::default(), erp::catalog::Page::ALL))
            .unwrap();
        assert_eq!(found.rows[0].1.name, expected, "{stage:?}");
        assert_eq!(merchant.raw("T").facts.buyer.name, "李四", "{stage:?}: the raw order stores what the mall says");
    }
}

#[test]
fn a_remark_by_hand_is_not_replaced() {
    for stage in [At::Open, At::Released, At::Shipped] {
        let merchant = merchant(stage);
        let no = merchant.order_of("T").unwrap().no;
        merchant
            .write(move |tx, _| {
                let change = order::OrderChange {
                    cs_remark: Some("手工"),
                    remark_by_hand: true,
                    ..order::OrderChange::default()
                };
                order::modify(tx, &no, &change).map(drop)
            })
            .unwrap();
        let mut again = base(stage);
        again.seller_memo = Some("周末送".into());
        merchant.push(again).unwrap();
        assert_eq!(merchant.order_of("T").unwrap().cs_remark, "手工", "{stage:?}");
    }
}

/// Every accepted change moves `modified` and the version; a push that changes nothing moves neither.
#[test]
fn changes_are_counted() {
    for stage in [At::Raw, At::Open, At::Released, At::Shipped] {
        let merchant = merchant(stage);
        let before = (merchant.raw("T").modified, merchant.order_of("T").map(|order| (order.version, order.modified)));
        assert_eq!(merchant.push(base(stage)).unwrap(), Outcome::Unchanged, "{stage:?}");
        let after = (merchant.raw("T").modified, merchant.order_of("T").map(|order| (order.version, order.modified)));
        assert_eq!(after, before, "{stage:?}");
        let mut again = base(stage);
        again.seller_memo = Some("周末送".into());
        assert_eq!(merchant.push(again).unwrap(), Outcome::Changed, "{stage:?}");
        assert!(merchant.raw("T").modified > before.0, "{stage:?}");
        if let (Some(order), Some((version, modified))) = (merchant.order_of("T"), before.1) {
            assert!(order.version == version + 1 && order.modified > modified, "{stage:?}");
        }
    }
}

/// Paid, or the deposit was, at the two stages where that is possible; backward reports change nothing anywhere.
#[test]
fn payment() {
    for (from, to, status) in [
        (TradeStatus::Unpaid, TradeStatus::AwaitingFinal, OrderStatus::AwaitingFinal),
        (TradeStatus::Unpaid, TradeStatus::Paid, OrderStatus::AwaitingAudit),
        (TradeStatus::AwaitingFinal, TradeStatus::Paid, OrderStatus::AwaitingAudit),
    ] {
        for known in [true, false] {
            let merchant = Merchant::with_specs(&["RED"]);
            merchant.stock_in("IN-1", "RED", 10).unwrap();
            let mut order = paid("T", vec![line("T-1", if known { "RED" } else { "LATER" }, 2, 9)]);
            if !known {
                order.lines[0].goods_no.clear();
            }
            let whole = order.paid;
            order.status = from;
            order.paid = Money::ZERO;
            merchant.push(order.clone()).unwrap();
            order.status = to;
            order.paid = if to == TradeStatus::Paid { whole } else { Money::whole(3) };
            merchant.push(order.clone()).unwrap();
            let raw = merchant.raw("T");
            assert_eq!((raw.facts.status, raw.facts.paid), (to, order.paid), "{from:?} {to:?}");
            match merchant.order_of("T") {
                Some(made) => {
                    assert_eq!((made.status, made.paid), (status, order.paid), "{from:?} {to:?}");
                    order.status = from;
                    merchant.push(order).unwrap();
                    assert_eq!(merchant.order_of("T").unwrap().status, status, "backward");
                }
                None => assert_eq!(raw.process, ProcessStatus::Waiting, "{from:?} {to:?}"),
            }
            merchant.assert_books_balance();
        }
    }
}

#[test]
fn seller_memo() {
    let change = |order: &mut PushOrder| order.seller_memo = Some("周末送".into());
    check("seller_memo", change, cells(raw(10, 0), at(30, 0, 0, 0), at(55, 0, 16, 0), at(95, 0, 0, 0)));
    for stage in [At::Open, At::Released, At::Shipped] {
        let merchant = merchant(stage);
        let mut again = base(stage);
        change(&mut again);
        merchant.push(again).unwrap();
        let order = merchant.order_of("T").unwrap();
        assert_eq!((order.cs_remark.as_str(), order.cs_remark_changes), ("周末送", 1), "{stage:?}");
    }
}

#[test]
fn buyer_message() {
    let change = |order: &mut PushOrder| order.buyer_message = Some("请尽快".into());
    check("buyer_message", change, cells(raw(10, 0), at(30, 0, 2048, 0), at(55, 0, 2048, 0), at(95, 0, 0, 0)));
}

#[test]
fn refund_applied_and_cancelled() {
    let applied = |order: &mut PushOrder| order.lines[0].refund_status = 2;
    check("refund applied", applied, cells(raw(10, 1), at(30, 1, 64, 0), at(55, 1, 64, 1), at(95, 0, 0, 0)));

    let open = merchant(At::Open);
    let mut order = base(At::Open);
    applied(&mut order);
    open.push(order.clone()).unwrap();
    let no = open.order_of("T").unwrap().no;
    let refused = open.write(move |tx, settings| order::audit(tx, settings, &no, "t").map(drop));
    assert!(matches!(refused, Err(Error::Refused(Refusal::RefundPending(_)))), "{refused:?}");
    order.lines[0].refund_status = 1;
    open.push(order.clone()).unwrap();
    assert_eq!(seen(&open), at(30, 0, 0, 0), "cancelled: the order can go on");

    let released = merchant(At::Released);
    order.lines[0].refund_status = 2;
    released.push(order.clone()).unwrap();
    let no = released.order_of("T").unwrap().no;
    let blocked = released.write(move |tx, settings| order::ship(tx, settings, &no, None, "W").map(drop));
    assert!(matches!(blocked, Err(Error::Refused(Refusal::Blocked { .. }))), "{blocked:?}");
    order.lines[0].refund_status = 1;
    released.push(order).unwrap();
    assert_eq!(seen(&released), at(55, 0, 0, 256));
    let no = released.order_of("T").unwrap().no;
    released.write(move |tx, settings| order::ship(tx, settings, &no, None, "W").map(drop)).unwrap();
}

#[test]
fn one_line_refunded() {
    let change = |order: &mut PushOrder| {
        order.lines[0].refund_status = 5;
        order.lines[0].status = TradeStatus::Refunded;
    };
    let open = Seen { sellable: 10, ..at(30, 2, 0, 0) };
    check("one line refunded", change, cells(raw(10, 2), open, at(55, 2, 0, 2), at(95, 0, 0, 0)));

    let merchant = merchant(At::Open);
    let mut order = base(At::Open);
    change(&mut order);
    merchant.push(order).unwrap();
    let lines = merchant.order_of("T").unwrap().lines;
    assert!(lines[0].actual_num.is_zero() && lines[0].reserved == Reserved::Nothing);
    assert_eq!(lines[1].reserved, Reserved::Order);
}

#[test]
fn everything_refunded() {
    let change = |order: &mut PushOrder| {
        order.status = TradeStatus::Refunded;
        for line in &mut order.lines {
            line.refund_status = 5;
            line.status = TradeStatus::Refunded;
        }
    };
    let open = Seen { process: 70, sellable: 10, ..at(5, 3, 0, 0) };
    check("everything refunded", change, cells(raw(70, 3), open, at(55, 3, 0, 2), at(95, 0, 0, 0)));

    // A human rejects the released order: it is cancelled, its stock comes back.
    let merchant = merchant(At::Released);
    let mut order = base(At::Released);
    change(&mut order);
    merchant.push(order).unwrap();
    let no = merchant.order_of("T").unwrap().no;
    merchant.write(move |tx, settings| order::reject(tx, settings, &no, "全额退款", "t").map(drop)).unwrap();
    assert_eq!(merchant.order_of("T").unwrap().status, OrderStatus::Cancelled);
    assert_eq!(merchant.raw("T").process, ProcessStatus::Cancelled);
    assert_eq!(merchant.stock("RED"), [10, 0, 0, 0, 10]);
    merchant.assert_books_balance();
}

#[test]
fn shipped_and_completed_by_the_mall() {
    let shipped = |order: &mut PushOrder| order.status = TradeStatus::Shipped;
    check("50", shipped, cells(raw(10, 0), at(30, 0, 0, 0), at(55, 0, 0, 0), at(95, 0, 0, 0)));
    let completed = |order: &mut PushOrder| order.status = TradeStatus::Completed;
    let done = Seen { process: 60, ..at(110, 0, 0, 0) };
    check("70", completed, cells(raw(10, 0), at(30, 0, 0, 0), at(55, 0, 0, 0), done));
    let merchant = merchant(At::Open);
    let mut order = base(At::Open);
    shipped(&mut order);
    merchant.push(order).unwrap();
    assert!(merchant.order_of("T").unwrap().lines.iter().all(|line| line.is_consigned));
}

#[test]
fn a_new_line_and_what_must_not_change() {
    for stage in [At::Open, At::Released, At::Shipped] {
        let merchant = merchant(stage);
        let before = seen(&merchant);
        let mut more = base(stage);
        more.lines.push(line("T-3", "RED", 1, 9));
        assert!(matches!(merchant.push(more), Err(Error::Refused(Refusal::LinesDiffer(_)))), "{stage:?}");
        let mut fewer = base(stage);
        fewer.lines[0].num = units::Quantity::whole(1);
        assert!(matches!(merchant.push(fewer), Err(Error::Refused(Refusal::LineChanged { field: "num", .. }))));
        let mut dearer = base(stage);
        dearer.lines[0].price = Money::whole(10);
        assert!(matches!(merchant.push(dearer), Err(Error::Refused(Refusal::LineChanged { field: "price", .. }))));
        assert_eq!(seen(&merchant), before, "{stage:?}");
    }
    let merchant = merchant(At::Raw);
    let mut fewer = base(At::Raw);
    fewer.lines[0].num = units::Quantity::whole(1);
    assert!(matches!(merchant.push(fewer), Err(Error::Refused(Refusal::LineChanged { field: "num", .. }))));
    let mut dearer = base(At::Raw);
    dearer.lines[1].price = Money::whole(10);
    assert!(matches!(merchant.push(dearer), Err(Error::Refused(Refusal::LineChanged { field: "price", .. }))));
    let mut more = base(At::Raw);
    more.lines.push(line("T-3", "RED", 1, 9));
    merchant.push(more).unwrap();
    assert_eq!(merchant.raw("T").facts.lines.len(), 3);
}

#[test]
fn closed_before_payment() {
    let merchant = Merchant::with_specs(&["RED"]);
    merchant.stock_in("IN-1", "RED", 10).unwrap();
    let mut order = paid("T", vec![line("T-1", "RED", 2, 9)]);
    order.status = TradeStatus::Unpaid;
    merchant.push(order.clone()).unwrap();
    assert_eq!(merchant.stock("RED"), [10, 0, 0, 2, 10]);
    order.status = TradeStatus::Closed;
    merchant.push(order.clone()).unwrap();
    assert_eq!(merchant.order_of("T").unwrap().status, OrderStatus::Cancelled);
    assert_eq!(merchant.raw("T").process, ProcessStatus::Cancelled);
    assert_eq!(merchant.stock("RED"), [10, 0, 0, 0, 10]);
    // Backward: ignored in silence.
    order.status = TradeStatus::Paid;
    merchant.push(order).unwrap();
    assert_eq!(merchant.order_of("T").unwrap().status, OrderStatus::Cancelled);
}

/// A mall that closes an order after it was paid says the same of its lines; neither counts.
#[test]
fn a_paid_order_is_not_closed_by_its_lines() {
    let merchant = Merchant::with_specs(&["RED"]);
    merchant.stock_in("IN-1", "RED", 10).unwrap();
    let mut order = paid("T", vec![line("T-1", "RED", 2, 9)]);
    merchant.push(order.clone()).unwrap();
    order.status = TradeStatus::Closed;
    order.lines[0].status = TradeStatus::Closed;
    assert_eq!(merchant.push(order).unwrap(), Outcome::Unchanged);
    assert_eq!(merchant.order_of("T").unwrap().status, OrderStatus::AwaitingAudit);
    assert_eq!(merchant.raw("T").facts.lines[0].status, TradeStatus::Paid);
}

/// Not submitted: a refund that is applied for holds it back, one that is cancelled lets it go, one that succeeded drops the line.
#[test]
fn refunds_before_submission() {
    for (then, lines) in [(1, 2), (5, 1)] {
        let merchant = Merchant::with_specs(&["RED", "BLUE"]);
        let mut order = base(At::Open);
        order.lines[0].refund_status = 2;
        merchant.push(order.clone()).unwrap();
        assert!(merchant.order_of("T").is_none());
        assert_eq!(merchant.raw("T").process, ProcessStatus::Waiting);
        order.lines[0].refund_status = then;
        merchant.push(order).unwrap();
        assert_eq!(merchant.order_of("T").unwrap().lines.len(), lines, "{then}");
        assert_eq!(merchant.raw("T").process, ProcessStatus::Submitted, "{then}");
    }
}
