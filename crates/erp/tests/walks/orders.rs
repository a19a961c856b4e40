//! System orders, and the sales stock-outs that go with them.

use erp::order::{self, ORDER, OrderStatus};

use crate::support::{Merchant, line, paid};
use crate::walk::{Command, Walk, table};

fn open(merchant: &Merchant, n: usize) -> String {
    let tid = format!("W{n}");
    merchant.push(paid(&tid, vec![line(&format!("{tid}-1"), "A", 1, 9)])).unwrap();
    merchant.order_of(&tid).unwrap().no
}

fn state(merchant: &Merchant, no: &str) -> i64 {
    merchant.read(no, order::order_by_no).status.code()
}

const COMMANDS: &[Command] = &[
    Command {
        name: "audit",
        events: &["审核", "提交财审"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| order::audit(tx, settings, no, "t").map(drop)),
    },
    Command {
        name: "finance audit",
        events: &["财审"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| order::finance_audit(tx, settings, no, "t").map(drop)),
    },
    Command {
        name: "finance reject",
        events: &["财审驳回"],
        run: |merchant, no| merchant.on(no, |tx, _, no| order::finance_reject(tx, no, "t", "t").map(drop)),
    },
    Command {
        name: "reject",
        events: &["驳回"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| order::reject(tx, settings, no, "t", "t").map(drop)),
    },
    Command {
        name: "ship",
        events: &["发货"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| order::ship(tx, settings, no, None, "W1").map(drop)),
    },
    Command {
        name: "resolve",
        events: &["异常处理"],
        run: |merchant, no| merchant.on(no, |tx, _, no| order::resolve(tx, no, "t", "t").map(drop)),
    },
    Command {
        name: "presell",
        events: &["转预订单"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| order::to_presale(tx, settings, no, None, "t").map(drop))
        },
    },
    Command {
        name: "release",
        events: &["转审核"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| order::release_presale(tx, settings, no, "t").map(drop)),
    },
    Command {
        name: "part settle",
        events: &["部分打款"],
        run: |merchant, no| merchant.on(no, |tx, _, no| order::settle(tx, no, true, "t").map(drop)),
    },
    Command {
        name: "settle",
        events: &["完成"],
        run: |merchant, no| merchant.on(no, |tx, _, no| order::settle(tx, no, false, "t").map(drop)),
    },
    Command {
        name: "cancel",
        events: &["取消"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| order::cancel(tx, settings, no, "t").map(drop)),
    },
];

fn walk() -> Walk {
    Walk { table: table(&ORDER), open, state, commands: COMMANDS }
}

#[test]
fn orders_do_what_the_table_says_and_nothing_else() {
    let merchant = Merchant::with_specs(&["A"]);
    merchant.stock_in("IN", "A", 10_000).unwrap();
    use OrderStatus::{Audited, AwaitingAudit, Cancelled, Completed, PartlySettled, Presale, Shipped};
    let states = [Cancelled, Presale, AwaitingAudit, Audited, Shipped, PartlySettled, Completed];
    walk().check(&merchant, &states.map(OrderStatus::code));
}
