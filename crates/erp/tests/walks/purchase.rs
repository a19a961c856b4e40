//! Requisitions, purchase orders and purchase returns.

use erp::purchase::{
    self, ApplyStatus, NewApply, NewApplyLine, NewOrder, NewOrderLine, NewPurchaseIn, NewPurchaseInLine, NewReturn,
    NewReturnLine, NewReturnOut, NewReturnOutLine, OrderFacts, PURCHASE_APPLY, PURCHASE_ORDER, PURCHASE_RETURN,
    PurchaseStatus, PushOutcome, ReturnFacts, ReturnStatus, Stage,
};
use erp::{Error, catalog};
use units::{Money, Quantity};

use crate::support::Merchant;
use crate::walk::{Command, Walk, table};

/// Spec A in plenty, provider P, and the warehouse OUT that others run.
fn merchant() -> Merchant {
    let merchant = Merchant::with_specs(&["A"]);
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

/// So many pieces of an order come in.
fn receive(merchant: &Merchant, no: &str, num: i64) -> Result<(), Error> {
    let (purchase_no, outer_no) = (no.to_owned(), merchant.fresh("PI"));
    merchant.write(move |tx, settings| {
        let order = purchase::order_by_no(tx, &purchase_no)?;
        let warehouse = catalog::warehouse_by_id(tx, order.warehouse)?.unwrap_or_default();
        let line = NewPurchaseInLine {
            spec_no: "A".into(),
            num: Quantity::whole(num),
            price: None,
            src_price: None,
            tax: None,
            tax_price: None,
            position_no: String::new(),
            batch_no: String::new(),
            production_date: None,
            expire_date: None,
            validity_days: 0,
            remark: String::new(),
        };
        let new = NewPurchaseIn {
            purchase_no: purchase_no.clone(),
            outer_no: outer_no.clone(),
            warehouse_no: warehouse.no,
            create_batch: false,
            logistics_code: String::new(),
            logistics_no: String::new(),
            post_fee: Money::ZERO,
            other_fee: Money::ZERO,
            remark: String::new(),
            props: Default::default(),
            lines: vec![line],
        };
        purchase::push_stock_in(tx, settings, &new, true).map(drop)
    })
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
        run: |merchant, no| {
            let told = |tx: &mut store::Tx, settings: &erp::Settings, no: &str| {
                purchase::order_pushed(tx, settings, no, &PushOutcome::Accepted("W1".into())).map(drop)
            };
            merchant.on(no, told)
        },
    },
    Command {
        name: "push failed",
        events: &["推送失败"],
        run: |merchant, no| {
            let told = |tx: &mut store::Tx, settings: &erp::Settings, no: &str| {
                purchase::order_pushed(tx, settings, no, &PushOutcome::Failed("闭仓".into())).map(drop)
            };
            merchant.on(no, told)
        },
    },
    Command {
        name: "reject",
        events: &["驳回"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::reject_order(tx, settings, no, "", "t").map(drop))
        },
    },
    Command { name: "a piece comes in", events: &["部分到货"], run: |merchant, no| receive(merchant, no, 1) },
    Command { name: "all comes in", events: &["全部到货"], run: |merchant, no| receive(merchant, no, 10) },
    Command {
        name: "stop waiting",
        events: &["停止等待"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::stop_waiting(tx, settings, no, &[], "t").map(drop))
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
        state: |merchant, no| merchant.read(no, purchase::order_by_no).status.code(),
        commands: ORDER,
    }
}

#[test]
fn purchase_orders_do_what_the_table_says_and_nothing_else() {
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
    order_walk(|merchant, _| open_order(merchant, "WH01")).check(&merchant, &own.map(P::code));
    merchant.settings.purchase.finance_audit = true;
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
    order_walk(|merchant, _| open_order(merchant, "OUT")).check(&merchant, &with_finance.map(P::code));
}

fn open_return(merchant: &Merchant, warehouse_no: &'static str) -> String {
    let made = merchant.write(move |tx, settings| {
        let line = NewReturnLine {
            spec_no: "A".into(),
            num: Quantity::whole(3),
            price: Money::whole(20),
            discount: None,
            tax: Quantity::ZERO,
            remark: String::new(),
        };
        let new = NewReturn {
            provider_no: "P".into(),
            warehouse_no: warehouse_no.into(),
            outer_no: String::new(),
            facts: ReturnFacts::default(),
            lines: vec![line],
        };
        purchase::create_return(tx, settings, &new, Stage::Edit, "t")
    });
    made.unwrap().no
}

/// So many pieces of a return leave.
fn let_out(merchant: &Merchant, no: &str, num: i64) -> Result<(), Error> {
    let (return_no, outer_no) = (no.to_owned(), merchant.fresh("RO"));
    merchant.write(move |tx, settings| {
        let line = NewReturnOutLine {
            spec_no: "A".into(),
            num: Quantity::whole(num),
            price: None,
            position_no: String::new(),
            batch_no: String::new(),
            remark: String::new(),
        };
        let new = NewReturnOut {
            return_no: return_no.clone(),
            outer_no: outer_no.clone(),
            logistics_code: String::new(),
            logistics_no: String::new(),
            post_cost: Money::ZERO,
            remark: String::new(),
            lines: vec![line],
        };
        purchase::push_return_out(tx, settings, &new, true).map(drop)
    })
}

const RETURN: &[Command] = &[
    Command {
        name: "submit",
        events: &["提交"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| purchase::submit_return(tx, settings, no).map(drop)),
    },
    Command {
        name: "audit",
        events: &["审核", "审核(委外)"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| purchase::audit_return(tx, settings, no, "t").map(drop)),
    },
    Command {
        name: "push taken",
        events: &["推送成功"],
        run: |merchant, no| {
            let told = |tx: &mut store::Tx, settings: &erp::Settings, no: &str| {
                purchase::return_pushed(tx, settings, no, &PushOutcome::Accepted(String::new())).map(drop)
            };
            merchant.on(no, told)
        },
    },
    Command {
        name: "push failed",
        events: &["推送失败"],
        run: |merchant, no| {
            let told = |tx: &mut store::Tx, settings: &erp::Settings, no: &str| {
                purchase::return_pushed(tx, settings, no, &PushOutcome::Failed("闭仓".into())).map(drop)
            };
            merchant.on(no, told)
        },
    },
    Command {
        name: "reject",
        events: &["驳回"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::reject_return(tx, settings, no, "", "t").map(drop))
        },
    },
    Command { name: "a piece leaves", events: &["部分出库"], run: |merchant, no| let_out(merchant, no, 1) },
    Command { name: "all leaves", events: &["全部出库"], run: |merchant, no| let_out(merchant, no, 3) },
    Command {
        name: "stop waiting",
        events: &["停止等待"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| purchase::stop_return(tx, settings, no, "t").map(drop)),
    },
    Command {
        name: "cancel",
        events: &["取消"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::cancel_return(tx, settings, no, "", "t").map(drop))
        },
    },
];

fn return_walk(open: fn(&Merchant, usize) -> String) -> Walk {
    Walk {
        table: table(&PURCHASE_RETURN),
        open,
        state: |merchant, no| merchant.read(no, purchase::return_by_no).status.code(),
        commands: RETURN,
    }
}

#[test]
fn purchase_returns_do_what_the_table_says_and_nothing_else() {
    use ReturnStatus as R;
    let merchant = merchant();
    let own = [R::Cancelled, R::Editing, R::AwaitingAudit, R::Audited, R::PartlyOut, R::Completed];
    return_walk(|merchant, _| open_return(merchant, "WH01")).check(&merchant, &own.map(R::code));
    let outsourced = [
        R::Cancelled,
        R::Editing,
        R::AwaitingAudit,
        R::AwaitingPush,
        R::PushFailed,
        R::AwaitingOut,
        R::PartlyOut,
        R::Completed,
    ];
    return_walk(|merchant, _| open_return(merchant, "OUT")).check(&merchant, &outsourced.map(R::code));
}

/// Puts so many pieces of a requisition on a purchase order.
fn reference(merchant: &Merchant, no: &str, num: i64) -> Result<(), Error> {
    let no = no.to_owned();
    merchant.write(move |tx, settings| {
        purchase::create_order(tx, settings, &order("WH01", num, &no), Stage::Submit, "t").map(drop)
    })
}

#[test]
fn requisitions_do_what_the_table_says_and_nothing_else() {
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
        Command { name: "five on an order", events: &["全部引用"], run: |m, no| reference(m, no, 5) },
        Command {
            name: "cancel",
            events: &["取消"],
            run: |merchant, no| merchant.on(no, |tx, _, no| purchase::cancel_apply(tx, no).map(drop)),
        },
    ];
    let walk = Walk {
        table: table(&PURCHASE_APPLY),
        open: |merchant, _| {
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
        },
        state: |merchant, no| merchant.read(no, purchase::apply_by_no).status.code(),
        commands,
    };
    let states = [A::Unconfirmed, A::AwaitingReference, A::PartlyReferenced, A::Referenced, A::Cancelled];
    walk.check(&merchant, &states.map(A::code));
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
    let (purchase_no, outer_no) = (no.clone(), merchant.fresh("PI"));
    let draft = merchant
        .write(move |tx, settings| {
            let line = NewPurchaseInLine {
                spec_no: "A".into(),
                num: Quantity::whole(2),
                price: None,
                src_price: None,
                tax: None,
                tax_price: None,
                position_no: String::new(),
                batch_no: String::new(),
                production_date: None,
                expire_date: None,
                validity_days: 0,
                remark: String::new(),
            };
            let new = NewPurchaseIn {
                purchase_no: purchase_no.clone(),
                outer_no: outer_no.clone(),
                warehouse_no: "WH01".into(),
                create_batch: false,
                logistics_code: String::new(),
                logistics_no: String::new(),
                post_fee: Money::ZERO,
                other_fee: Money::ZERO,
                remark: String::new(),
                props: Default::default(),
                lines: vec![line],
            };
            purchase::push_stock_in(tx, settings, &new, false)
        })
        .unwrap()
        .no;
    merchant.on(&no, |tx, settings, no| purchase::stop_waiting(tx, settings, no, &[], "t").map(drop)).unwrap();
    assert_eq!(status(&merchant, &no), 50, "two pieces are here and not audited");
    merchant.on(&draft, |tx, settings, no| erp::inout::audit_stock_in(tx, settings, no).map(drop)).unwrap();
    assert_eq!(status(&merchant, &no), 90);
    merchant.assert_books_balance();
}
