//! Stock-ins, stock-outs that are not sales, stock-takings, transfers, outsourced orders.

use erp::inout;
use erp::stock::{
    self, Direction, NewStep, NewStepLine, NewStockOut, NewStockOutLine, NewStockTaking, NewTakingLine, NewTransfer,
    NewTransferLine, OUTSOURCED, OutsourcedStatus, Reported, STOCK_IN, STOCK_TAKING, StockInStatus, TRANSFER,
    TakingMode, TakingStatus, TransferMode, TransferStatus, WAREHOUSE_OUT, WarehouseOutStatus,
};
use units::Quantity;

use crate::support::Merchant;
use crate::walk::{Command, Walk, table};

fn merchant() -> Merchant {
    let merchant = Merchant::with_specs(&["A"]);
    merchant.stock_in("IN", "A", 100_000).unwrap();
    merchant
}

const fn one(
    name: &'static str,
    events: &'static [&'static str],
    run: fn(&Merchant, &str) -> erp::Result<()>,
) -> Command {
    Command { name, events, run }
}

const STOCK_INS: &[Command] = &[
    one("audit", &["审核", "审核待结算"], |m, no| {
        m.on(no, |tx, s, no| inout::audit_stock_in(tx, s, no).map(drop))
    }),
    one("settle", &["结算"], |m, no| m.on(no, |tx, _, no| inout::settle_stock_in(tx, no).map(drop))),
    one("cancel", &["取消"], |m, no| m.on(no, |tx, s, no| inout::cancel_stock_in(tx, s, no).map(drop))),
];

fn stock_in_walk() -> Walk {
    Walk {
        table: table(&STOCK_IN),
        open: |merchant, n| merchant.draft_stock_in(&format!("I{n}"), "A", 3),
        state: |merchant, no| merchant.read(no, stock::stock_in_by_no).status.code(),
        commands: STOCK_INS,
    }
}

#[test]
fn stock_ins_do_what_the_table_says_and_nothing_else() {
    use StockInStatus::{AwaitingAudit, Cancelled, Completed};
    stock_in_walk().check(&merchant(), &[Cancelled, AwaitingAudit, Completed].map(StockInStatus::code));
}

const STOCK_OUTS: &[Command] = &[
    one("audit", &["审核", "审核待结算"], |m, no| {
        m.on(no, |tx, s, no| inout::audit_stock_out(tx, s, no).map(drop))
    }),
    one("settle", &["结算"], |m, no| m.on(no, |tx, _, no| inout::settle_stock_out(tx, no).map(drop))),
    one("cancel", &["取消"], |m, no| m.on(no, |tx, s, no| inout::cancel_stock_out(tx, s, no).map(drop))),
];

fn stock_out(merchant: &Merchant, outer_no: String, editing: bool) -> String {
    let line = NewStockOutLine { spec_no: "A".into(), num: Quantity::whole(2), ..NewStockOutLine::default() };
    let new =
        NewStockOut { outer_no, warehouse_no: "WH01".into(), editing, lines: vec![line], ..NewStockOut::default() };
    merchant.write(move |tx, settings| stock::push_other_stock_out(tx, settings, &new)).unwrap().no
}

#[test]
fn stock_outs_do_what_the_table_says_and_nothing_else() {
    use WarehouseOutStatus::{AwaitingAudit, Cancelled, Completed, Editing};
    let state = |merchant: &Merchant, no: &str| merchant.read(no, stock::warehouse_out_by_no).status.code();
    let submitted = Walk {
        table: table(&WAREHOUSE_OUT),
        open: |merchant, n| stock_out(merchant, format!("O{n}"), false),
        state,
        commands: STOCK_OUTS,
    };
    let merchant = merchant();
    submitted.check(&merchant, &[Cancelled, AwaitingAudit, Completed].map(WarehouseOutStatus::code));
    let edited = Walk { open: |merchant, n| stock_out(merchant, format!("E{n}"), true), ..submitted };
    edited.check(&merchant, &[Cancelled, Editing].map(WarehouseOutStatus::code));
}

const TAKINGS: &[Command] = &[
    one("audit", &["审核"], |m, no| m.on(no, |tx, s, no| stock::audit_stock_taking(tx, s, no).map(drop))),
    one("cancel", &["取消"], |m, no| m.on(no, |tx, _, no| stock::cancel_stock_taking(tx, no).map(drop))),
];

#[test]
fn stock_takings_do_what_the_table_says_and_nothing_else() {
    let walk = Walk {
        table: table(&STOCK_TAKING),
        open: |merchant, n| {
            let line = NewTakingLine { spec_no: "A".into(), num: Quantity::whole(90_000), ..NewTakingLine::default() };
            let new = NewStockTaking {
                outer_no: format!("PD{n}"),
                warehouse_no: "WH01".into(),
                mode: TakingMode::BySpec,
                audit: false,
                strict: true,
                create_stock: false,
                remark: String::new(),
                lines: vec![line],
            };
            merchant.write(move |tx, s| stock::push_stock_taking(tx, s, &new)).unwrap().0.unwrap().no
        },
        state: |merchant, no| merchant.read(no, stock::stock_taking_by_no).status.code(),
        commands: TAKINGS,
    };
    use TakingStatus::{AwaitingSettlement, Cancelled, Completed};
    walk.check(&merchant(), &[Cancelled, AwaitingSettlement, Completed].map(TakingStatus::code));
}

/// A step of so many pieces; the number of its own is never used twice.
fn step(merchant: &Merchant, no: &str, out: bool, num: i64) -> erp::Result<()> {
    let (no, outer_no) = (no.to_owned(), merchant.fresh("S"));
    merchant.write(move |tx, settings| {
        let line = NewStepLine { spec_no: "A".into(), num: Quantity::whole(num), ..NewStepLine::default() };
        let new = NewStep {
            transfer_no: no.clone(),
            outer_no: outer_no.clone(),
            warehouse_no: if out { "WH01" } else { "WH02" }.into(),
            audit: true,
            lines: vec![line],
            ..NewStep::default()
        };
        if out {
            stock::push_transfer_out(tx, settings, &new).map(drop)
        } else {
            stock::push_transfer_in(tx, settings, &new).map(drop)
        }
    })
}

const TRANSFERS: &[Command] = &[
    one("audit", &["审核", "快速调拨审核"], |m, no| {
        m.on(no, |tx, s, no| stock::audit_transfer(tx, s, no).map(drop))
    }),
    one("a part goes out", &["部分出库", "全部出库"], |m, no| step(m, no, true, 2)),
    one("all goes out", &["全部出库"], |m, no| step(m, no, true, 4)),
    one("a part comes in", &["部分入库", "全部入库"], |m, no| step(m, no, false, 1)),
    one("what is out comes in", &["部分入库", "全部入库"], |m, no| step(m, no, false, 2)),
    one("all comes in", &["全部入库"], |m, no| step(m, no, false, 4)),
    one("settle", &["结算"], |m, no| m.on(no, |tx, _, no| stock::settle_transfer(tx, no).map(drop))),
    one("pushed", &["推送成功"], |m, no| m.on(no, |tx, _, no| stock::transfer_pushed(tx, no, Ok("X")).map(drop))),
    one("push failed", &["推送失败"], |m, no| {
        m.on(no, |tx, _, no| stock::transfer_pushed(tx, no, Err("X")).map(drop))
    }),
    one("cancel", &["取消"], |m, no| m.on(no, |tx, s, no| stock::cancel_transfer(tx, s, no).map(drop))),
];

fn transfer(merchant: &Merchant, outer_no: String, quick: bool) -> String {
    let line = NewTransferLine { spec_no: "A".into(), num: Quantity::whole(4), ..NewTransferLine::default() };
    let new = NewTransfer {
        outer_no,
        from_warehouse_no: "WH01".into(),
        to_warehouse_no: "WH02".into(),
        quick,
        mode: TransferMode::BySpec,
        audit: false,
        contact: String::new(),
        telno: String::new(),
        address: String::new(),
        remark: String::new(),
        lines: vec![line],
    };
    merchant.write(move |tx, settings| stock::push_transfer(tx, settings, &new)).unwrap().no
}

#[test]
fn transfers_do_what_the_table_says_and_nothing_else() {
    use TransferStatus::{AllOut, Audited, AwaitingAudit, Cancelled, Completed, PartlyIn, PartlyOut};
    let merchant = merchant();
    let stepwise = Walk {
        table: table(&TRANSFER),
        open: |merchant, n| transfer(merchant, format!("TF{n}"), false),
        state: |merchant, no| merchant.read(no, stock::transfer_by_no).status.code(),
        commands: TRANSFERS,
    };
    let states = [Cancelled, AwaitingAudit, Audited, PartlyOut, AllOut, PartlyIn, Completed];
    stepwise.check(&merchant, &states.map(TransferStatus::code));
    let quick = Walk { open: |merchant, n| transfer(merchant, format!("TQ{n}"), true), ..stepwise };
    quick.check(&merchant, &[Cancelled, AwaitingAudit, Completed].map(TransferStatus::code));
}

fn report(merchant: &Merchant, no: &str, num: i64) -> erp::Result<()> {
    let (no, outer_no) = (no.to_owned(), merchant.fresh("R"));
    merchant.write(move |tx, settings| {
        let reported = [Reported { spec_no: "A".into(), num: Quantity::whole(num) }];
        stock::report_outsourced(tx, settings, &no, &outer_no, &reported).map(drop)
    })
}

const OUTSOURCED_ORDERS: &[Command] = &[
    one("audit", &["审核"], |m, no| m.on(no, |tx, _, no| stock::audit_outsourced(tx, no).map(drop))),
    one("pushed", &["推送成功(出库)", "推送成功(入库)"], |m, no| {
        m.on(no, |tx, _, no| stock::outsourced_pushed(tx, no, Ok("X")).map(drop))
    }),
    one("push failed", &["推送失败"], |m, no| {
        m.on(no, |tx, _, no| stock::outsourced_pushed(tx, no, Err("X")).map(drop))
    }),
    one("a part moves", &["部分出库", "部分入库", "全部出库", "全部入库"], |m, no| report(m, no, 1)),
    one("all moves", &["全部出库", "全部入库"], |m, no| report(m, no, 3)),
    one("cancel", &["取消"], |m, no| m.on(no, |tx, _, no| stock::cancel_outsourced(tx, no).map(drop))),
];

fn outsourced(merchant: &Merchant, outer_no: String, direction: Direction) -> String {
    merchant
        .write(move |tx, settings| {
            let new = crate::hands::outsourced(outer_no.clone(), "WMS", direction, "A", 3);
            stock::push_outsourced(tx, settings, &new)
        })
        .unwrap()
        .no
}

#[test]
fn outsourced_orders_do_what_the_table_says_and_nothing_else() {
    use OutsourcedStatus::{
        AwaitingAudit, AwaitingIn, AwaitingOut, AwaitingPush, Cancelled, Completed, PartlyIn, PartlyOut, PushFailed,
    };
    let merchant = merchant();
    merchant.outsourced_warehouse("WMS", "A", 10_000);
    let incoming = Walk {
        table: table(&OUTSOURCED),
        open: |merchant, n| outsourced(merchant, format!("WI{n}"), Direction::In),
        state: |merchant, no| merchant.read(no, stock::outsourced_by_no).0.status.code(),
        commands: OUTSOURCED_ORDERS,
    };
    let states = [Cancelled, AwaitingAudit, AwaitingPush, PushFailed, AwaitingIn, PartlyIn, Completed];
    incoming.check(&merchant, &states.map(OutsourcedStatus::code));
    let outgoing = Walk { open: |merchant, n| outsourced(merchant, format!("WO{n}"), Direction::Out), ..incoming };
    let states = [Cancelled, AwaitingAudit, AwaitingPush, PushFailed, AwaitingOut, PartlyOut, Completed];
    outgoing.check(&merchant, &states.map(OutsourcedStatus::code));
}
