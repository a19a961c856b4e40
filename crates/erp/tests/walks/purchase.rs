//! Requisitions and purchase orders.

use std::sync::LazyLock;

use erp::purchase::{
    self, ApplyStatus, NewApply, NewApplyLine, NewOrder, NewOrderLine, NewPurchaseIn, NewPurchaseInLine, OrderFacts,
    PURCHASE_APPLY, PURCHASE_ORDER, PurchaseStatus, PushOutcome, Stage,
};
use erp::{Error, catalog};
use units::{Money, Quantity};

use crate::support::Merchant;
use crate::walk::{Command, Reached, Walk, table};

/// Spec A in plenty, provider P, and the warehouse OUT that others run.
pub(crate) fn merchant() -> Merchant {
    let merchant = Merchant::with_specs(&["A", "B"]);
    merchant.stock_in("IN", "A", 10_000).unwrap();
    merchant.outsourced_warehouse("OUT", "A", 10_000);
    merchant
        .write(|tx, _| {
            let provider =
                catalog::Provider { no: "P".into(), name: "供应商".into(), ..catalog::Provider::default() };
            catalog::create_provider(tx, provider)
        })
        .unwrap();
    merchant
}

fn order_line(num: i64, apply_no: &str) -> NewOrderLine {
    NewOrderLine {
        spec_no: "A".into(),
        num: Quantity::whole(num),
        price: Money::whole(20),
        discount: None,
        tax: Quantity::ZERO,
        tax_price: None,
        apply_no: apply_no.into(),
        props: Default::default(),
        remark: String::new(),
    }
}

fn order(warehouse_no: &str, num: i64, apply_no: &str) -> NewOrder {
    NewOrder {
        provider_no: "P".into(),
        warehouse_no: warehouse_no.into(),
        outer_no: String::new(),
        use_outer_no: false,
        facts: OrderFacts { post_fee: Money::whole(5), ..OrderFacts::default() },
        lines: vec![order_line(num, apply_no)],
    }
}

fn open_order(merchant: &Merchant, warehouse_no: &'static str) -> String {
    let made = merchant.write(move |tx, settings| {
        purchase::create_order(tx, settings, &order(warehouse_no, 10, ""), Stage::Edit, "t")
    });
    made.unwrap().no
}

/// Ten A and one B.
fn open_order_of_two(merchant: &Merchant, warehouse_no: &'static str) -> String {
    let made = merchant.write(move |tx, settings| {
        let mut new = order(warehouse_no, 10, "");
        new.lines.push(NewOrderLine { spec_no: "B".into(), ..order_line(1, "") });
        purchase::create_order(tx, settings, &new, Stage::Edit, "t")
    });
    made.unwrap().no
}

/// So many pieces of an order come in.
fn receive(merchant: &Merchant, no: &str, num: i64) -> Result<(), Error> {
    stock_in(merchant, no, num, true).map(drop)
}

/// A stock-in of so many pieces of an order, audited or a draft; its number.
fn stock_in(merchant: &Merchant, no: &str, num: i64, audit: bool) -> Result<String, Error> {
    let (purchase_no, outer_no) = (no.to_owned(), merchant.fresh("PI"));
    merchant.write(move |tx, settings| {
        let order = purchase::order_by_no(tx, &purchase_no)?;
        let warehouse = catalog::warehouse_by_id(tx, order.warehouse)?.unwrap_or_default();
        let line = NewPurchaseInLine { spec_no: "A".into(), num: Quantity::whole(num), ..NewPurchaseInLine::default() };
        let new = NewPurchaseIn {
            purchase_no: purchase_no.clone(),
            outer_no: outer_no.clone(),
            warehouse_no: warehouse.no,
            lines: vec![line],
            ..NewPurchaseIn::default()
        };
        Ok(purchase::push_stock_in(tx, settings, &new, audit)?.no)
    })
}

/// The warehouse that others run answered.
fn pushed(merchant: &Merchant, no: &str, answer: PushOutcome) -> Result<(), Error> {
    let no = no.to_owned();
    merchant.write(move |tx, settings| purchase::order_pushed(tx, settings, &no, &answer).map(drop))
}

/// A stock-in whose prices are to be confirmed, for settings that want that; its number.
pub(crate) fn unpriced(merchant: &Merchant) -> String {
    let no = open_order(merchant, "WH01");
    merchant.on(&no, |tx, settings, no| purchase::submit_order(tx, settings, no).map(drop)).unwrap();
    merchant.on(&no, |tx, settings, no| purchase::audit_order(tx, settings, no, "t").map(drop)).unwrap();
    receive(merchant, &no, 4).unwrap();
    let found = merchant.store.read_blocking(crate::support::TENANT, move |reader| {
        let filter = erp::stock::StockInFilter { source_no: Some(&no), ..Default::default() };
        erp::stock::stock_ins(reader, &filter, catalog::Page::ALL)
    });
    found.unwrap().rows.pop().unwrap().no
}

const ORDER: &[Command] = &[
    Command {
        name: "submit",
        events: &["提交"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| purchase::submit_order(tx, settings, no).map(drop)),
    },
    Command {
        name: "audit",
        events: &["审核", "审核(转财审)", "审核(委外)"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| purchase::audit_order(tx, settings, no, "t").map(drop)),
    },
    Command {
        name: "finance audit",
        events: &["财审", "财审(委外)"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::finance_audit_order(tx, settings, no, "t").map(drop))
        },
    },
    Command {
        name: "push taken",
        events: &["推送成功"],
        run: |merchant, no| pushed(merchant, no, PushOutcome::Accepted("W1".into())),
    },
    Command {
        name: "push failed",
        events: &["推送失败"],
        run: |merchant, no| pushed(merchant, no, PushOutcome::Failed("闭仓".into())),
    },
    Command {
        name: "reject",
        events: &["驳回"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::reject_order(tx, settings, no, "", "t").map(drop))
        },
    },
    Command { name: "a piece comes in", events: &["部分到货"], run: |merchant, no| receive(merchant, no, 1) },
    Command {
        name: "all comes in", events: &["部分到货", "全部到货"], run: |merchant, no| receive(merchant, no, 10)
    },
    Command {
        name: "stop waiting",
        events: &["停止等待"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::stop_waiting(tx, settings, no, &[], "t").map(drop))
        },
    },
    Command {
        name: "stop waiting for B",
        events: &["停止等待(部分)", "停止等待"],
        run: |merchant, no| {
            merchant
                .on(no, |tx, settings, no| purchase::stop_waiting(tx, settings, no, &["B".to_owned()], "t").map(drop))
        },
    },
    Command {
        name: "to settlement",
        events: &["转结算"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::order_to_settlement(tx, settings, no).map(drop))
        },
    },
    Command {
        name: "settle in part",
        events: &["部分结算"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| {
                purchase::settle_order(tx, settings, no, Some(Money::whole(1)), "t").map(drop)
            })
        },
    },
    Command {
        name: "settle",
        events: &["结算"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::settle_order(tx, settings, no, None, "t").map(drop))
        },
    },
    Command {
        name: "cancel",
        events: &["取消"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::cancel_order(tx, settings, no, "", "t").map(drop))
        },
    },
];

fn order_walk(open: fn(&Merchant, usize) -> String) -> Walk {
    Walk {
        table: table(&PURCHASE_ORDER),
        open,
        born: None,
        edges: Vec::new(),
        state: |merchant, no| merchant.read(no, purchase::order_by_no).status.code(),
        commands: ORDER,
    }
}

pub(crate) static ORDERS: LazyLock<Reached> = LazyLock::new(|| {
    use PurchaseStatus as P;
    let mut merchant = merchant();
    merchant.settings.purchase.auto_settle = false;
    let own = [
        P::Cancelled,
        P::Editing,
        P::AwaitingAudit,
        P::Audited,
        P::PartlyArrived,
        P::Arrived,
        P::AwaitingSettlement,
        P::PartlySettled,
        P::Completed,
    ];
    let mut reached = order_walk(|merchant, _| open_order(merchant, "WH01")).check(&merchant, &own.map(P::code));
    let two = order_walk(|merchant, _| open_order_of_two(merchant, "WH01"));
    reached.extend(two.check(&merchant, &own.map(P::code)));
    let two = order_walk(|merchant, _| open_order_of_two(merchant, "OUT"));
    let outsourced = [&own[..], &[P::AwaitingPush, P::PushFailed, P::AwaitingReceipt]].concat();
    let codes: Vec<i64> =
        outsourced.iter().filter(|status| **status != P::Audited).map(|status| status.code()).collect();
    reached.extend(order_walk(|merchant, _| open_order(merchant, "OUT")).check(&merchant, &codes));
    reached.extend(two.check(&merchant, &codes));
    merchant.settings.purchase.finance_audit = true;
    let codes: Vec<i64> = own.iter().chain(&[P::AwaitingFinance]).map(|status| status.code()).collect();
    reached.extend(order_walk(|merchant, _| open_order(merchant, "WH01")).check(&merchant, &codes));
    let with_finance = [
        P::Cancelled,
        P::Editing,
        P::AwaitingAudit,
        P::AwaitingFinance,
        P::AwaitingPush,
        P::PushFailed,
        P::AwaitingReceipt,
        P::PartlyArrived,
        P::Arrived,
        P::AwaitingSettlement,
        P::PartlySettled,
        P::Completed,
    ];
    reached.extend(order_walk(|merchant, _| open_order(merchant, "OUT")).check(&merchant, &with_finance.map(P::code)));
    reached
});

#[test]
fn purchase_orders_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&ORDERS);
}

/// Puts so many pieces of a requisition on a purchase order.
fn reference(merchant: &Merchant, no: &str, num: i64) -> Result<(), Error> {
    let no = no.to_owned();
    merchant.write(move |tx, settings| {
        purchase::create_order(tx, settings, &order("WH01", num, &no), Stage::Submit, "t").map(drop)
    })
}

/// The purchase orders of a requisition are cancelled, all of them or the first.
fn give_back(merchant: &Merchant, no: &str, all: bool) -> Result<(), Error> {
    let filter =
        |reader: &mut store::Reader| purchase::orders(reader, &purchase::OrderFilter::default(), catalog::Page::ALL);
    let found = merchant.store.read_blocking(crate::support::TENANT, filter)?;
    let of_it = found.rows.into_iter().filter(|order| {
        order.status != PurchaseStatus::Cancelled
            && order.lines.iter().any(|line| line.apply.as_ref().is_some_and(|apply| apply.no == no))
    });
    let numbers: Vec<String> = of_it.map(|order| order.no).collect();
    if numbers.is_empty() || !all && numbers.len() < 2 {
        return Err(erp::Refusal::NotThisWay("采购申请单").into());
    }
    for order in numbers.iter().take(if all { numbers.len() } else { 1 }) {
        merchant.on(order, |tx, settings, no| purchase::cancel_order(tx, settings, no, "", "t").map(drop))?;
    }
    Ok(())
}

/// A requisition of five pieces.
fn open_apply(merchant: &Merchant) -> String {
    let made = merchant.write(|tx, settings| {
        let line = NewApplyLine {
            spec_no: "A".into(),
            num: Quantity::whole(5),
            provider_no: "P".into(),
            remark: String::new(),
        };
        let new = NewApply {
            warehouse_no: "WH01".into(),
            applicant: "t".into(),
            expected: None,
            remark: String::new(),
            lines: vec![line],
        };
        purchase::create_apply(tx, settings, &new, false)
    });
    made.unwrap().no
}

/// One whose pieces are on two orders.
fn on_two_orders(merchant: &Merchant) -> String {
    let no = open_apply(merchant);
    merchant.on(&no, |tx, _, no| purchase::confirm_apply(tx, no).map(drop)).unwrap();
    reference(merchant, &no, 2).unwrap();
    reference(merchant, &no, 3).unwrap();
    no
}

pub(crate) static APPLIES: LazyLock<Reached> = LazyLock::new(|| {
    use ApplyStatus as A;
    let merchant = merchant();
    let commands: &'static [Command] = &[
        Command {
            name: "confirm",
            events: &["确认"],
            run: |merchant, no| merchant.on(no, |tx, _, no| purchase::confirm_apply(tx, no).map(drop)),
        },
        Command {
            name: "two on an order", events: &["部分引用", "全部引用"], run: |m, no| reference(m, no, 2)
        },
        Command {
            name: "three on an order", events: &["部分引用", "全部引用"], run: |m, no| reference(m, no, 3)
        },
        Command { name: "five on an order", events: &["全部引用"], run: |m, no| reference(m, no, 5) },
        Command { name: "its orders are cancelled", events: &["释放引用"], run: |m, no| give_back(m, no, true) },
        Command {
            name: "one of its orders is cancelled", events: &["部分引用"], run: |m, no| give_back(m, no, false)
        },
        Command {
            name: "cancel",
            events: &["取消"],
            run: |merchant, no| merchant.on(no, |tx, _, no| purchase::cancel_apply(tx, no).map(drop)),
        },
    ];
    let walk = Walk {
        table: table(&PURCHASE_APPLY),
        open: |merchant, _| open_apply(merchant),
        born: None,
        edges: Vec::new(),
        state: |merchant, no| merchant.read(no, purchase::apply_by_no).status.code(),
        commands,
    };
    let states = [A::Unconfirmed, A::AwaitingReference, A::PartlyReferenced, A::Referenced, A::Cancelled];
    let mut reached = walk.check(&merchant, &states.map(A::code));
    let divided = Walk { open: |merchant, _| on_two_orders(merchant), ..walk };
    let states = [A::AwaitingReference, A::PartlyReferenced, A::Referenced, A::Cancelled];
    reached.extend(divided.check(&merchant, &states.map(A::code)));
    reached
});

#[test]
fn requisitions_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&APPLIES);
}

/// What is stopped while a draft waits keeps the order open until the draft is decided.
#[test]
fn an_order_waits_for_its_drafts() {
    let merchant = merchant();
    let no = open_order(&merchant, "WH01");
    let status = |merchant: &Merchant, no: &str| merchant.read(no, purchase::order_by_no).status.code();
    merchant.on(&no, |tx, settings, no| purchase::submit_order(tx, settings, no).map(drop)).unwrap();
    merchant.on(&no, |tx, settings, no| purchase::audit_order(tx, settings, no, "t").map(drop)).unwrap();
    receive(&merchant, &no, 4).unwrap();
    let draft = stock_in(&merchant, &no, 2, false).unwrap();
    merchant.on(&no, |tx, settings, no| purchase::stop_waiting(tx, settings, no, &[], "t").map(drop)).unwrap();
    assert_eq!(status(&merchant, &no), 50, "two pieces are here and not audited");
    merchant.on(&draft, |tx, settings, no| erp::inout::audit_stock_in(tx, settings, no).map(drop)).unwrap();
    assert_eq!(status(&merchant, &no), 90);
    merchant.assert_books_balance();
}
