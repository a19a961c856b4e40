//! Stock-ins, stock-outs that are not sales, stock-takings, transfers, outsourced orders.

use std::sync::LazyLock;

use erp::catalog;
use erp::inout;
use erp::purchase;
use erp::stock::{
    self, Direction, NewJit, NewJitLine, NewStep, NewStepLine, NewStockOut, NewStockOutLine, NewStockTaking,
    NewTakingLine, NewTransfer, NewTransferLine, OUTSOURCED, OutsourcedStatus, Reported, STOCK_IN, STOCK_TAKING,
    StockInStatus, TRANSFER, TakingMode, TakingStatus, TransferMode, TransferStatus, WAREHOUSE_OUT, WarehouseOutStatus,
};
use units::Quantity;

use crate::support::Merchant;
use crate::walk::{Command, Reached, Walk, table};

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
    one("confirm its prices", &["确认价格"], |m, no| {
        m.on(no, |tx, s, no| purchase::confirm_price(tx, s, no, &[], false).map(drop))
    }),
    one("audit", &["审核", "审核待结算"], |m, no| {
        m.on(no, |tx, s, no| inout::audit_stock_in(tx, s, no).map(drop))
    }),
    one("settle", &["结算"], |m, no| m.on(no, |tx, _, no| inout::settle_stock_in(tx, no).map(drop))),
    one("cancel", &["取消"], |m, no| m.on(no, |tx, s, no| inout::cancel_stock_in(tx, s, no).map(drop))),
];

fn stock_in_walk() -> Walk {
    Walk {
        table: table(&STOCK_IN),
        open: |merchant, _| merchant.draft_stock_in(&merchant.fresh("I"), "A", 3),
        born: None,
        edges: Vec::new(),
        state: |merchant, no| merchant.read(no, stock::stock_in_by_no).status.code(),
        commands: STOCK_INS,
    }
}

pub(crate) static STOCK_IN_WALKS: LazyLock<Reached> = LazyLock::new(|| {
    use StockInStatus::{AwaitingAudit, AwaitingPrice, AwaitingSettlement, Cancelled, Completed};
    let mut merchant = merchant();
    let states = [Cancelled, AwaitingAudit, Completed].map(StockInStatus::code);
    let mut reached = stock_in_walk().check(&merchant, &states);
    merchant.settings.stock.settle_stock_in = true;
    let states = [Cancelled, AwaitingAudit, AwaitingSettlement, Completed].map(StockInStatus::code);
    reached.extend(stock_in_walk().check(&merchant, &states));
    let mut merchant = crate::purchase::merchant();
    merchant.settings.purchase.confirm_price = true;
    let unpriced = Walk { open: |merchant, _| crate::purchase::unpriced(merchant), ..stock_in_walk() };
    let states = [Cancelled, AwaitingPrice, AwaitingAudit, Completed].map(StockInStatus::code);
    reached.extend(unpriced.check(&merchant, &states));
    reached
});

#[test]
fn stock_ins_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&STOCK_IN_WALKS);
}

const STOCK_OUTS: &[Command] = &[
    one("submit", &["提交"], |m, no| m.on(no, |tx, _, no| inout::submit_stock_out(tx, no).map(drop))),
    one("audit", &["占用", "审核", "审核待结算"], |m, no| {
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

pub(crate) static STOCK_OUT_WALKS: LazyLock<Reached> = LazyLock::new(|| {
    use WarehouseOutStatus::{Audited, AwaitingAudit, Cancelled, Completed, Editing, Shipped};
    let state = |merchant: &Merchant, no: &str| merchant.read(no, stock::warehouse_out_by_no).status.code();
    let submitted = Walk {
        table: table(&WAREHOUSE_OUT),
        open: |merchant, n| stock_out(merchant, format!("O{n}"), false),
        born: None,
        edges: Vec::new(),
        state,
        commands: STOCK_OUTS,
    };
    let mut merchant = merchant();
    let mut reached = submitted.check(&merchant, &[Cancelled, AwaitingAudit, Completed].map(WarehouseOutStatus::code));
    let edited = Walk { open: |merchant, n| stock_out(merchant, format!("E{n}"), true), ..submitted };
    let states = [Cancelled, Editing, AwaitingAudit, Completed].map(WarehouseOutStatus::code);
    reached.extend(edited.check(&merchant, &states));
    let picked = Walk { open: |merchant, _| jit_pick(merchant), ..edited };
    let states = [Cancelled, AwaitingAudit, Audited, Completed].map(WarehouseOutStatus::code);
    reached.extend(picked.check(&merchant, &states));
    merchant.settings.stock.settle_stock_out = true;
    let states = [Cancelled, AwaitingAudit, Audited, Shipped, Completed].map(WarehouseOutStatus::code);
    reached.extend(picked.check(&merchant, &states));
    let plain = Walk { open: |merchant, _| stock_out(merchant, merchant.fresh("OS"), false), ..picked };
    let states = [Cancelled, AwaitingAudit, Shipped, Completed].map(WarehouseOutStatus::code);
    reached.extend(plain.check(&merchant, &states));
    reached
});

#[test]
fn stock_outs_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&STOCK_OUT_WALKS);
}

/// A JIT pick that waits for its audit.
fn jit_pick(merchant: &Merchant) -> String {
    let outer_no = merchant.fresh("JIT");
    let made = merchant.write(move |tx, settings| {
        let line = NewJitLine { spec_no: "A".into(), num: Quantity::whole(2), ..NewJitLine::default() };
        let new =
            NewJit { outer_no: outer_no.clone(), warehouse_no: "WH01".into(), lines: vec![line], ..NewJit::default() };
        stock::create_jit_pick(tx, settings, &new)
    });
    made.unwrap().no
}

const TAKINGS: &[Command] = &[
    one("audit", &["审核"], |m, no| m.on(no, |tx, s, no| stock::audit_stock_taking(tx, s, no).map(drop))),
    one("cancel", &["取消"], |m, no| m.on(no, |tx, _, no| stock::cancel_stock_taking(tx, no).map(drop))),
];

pub(crate) static TAKING_WALKS: LazyLock<Reached> = LazyLock::new(|| {
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
        born: None,
        edges: Vec::new(),
        state: |merchant, no| merchant.read(no, stock::stock_taking_by_no).status.code(),
        commands: TAKINGS,
    };
    use TakingStatus::{AwaitingSettlement, Cancelled, Completed};
    walk.check(&merchant(), &[Cancelled, AwaitingSettlement, Completed].map(TakingStatus::code))
});

#[test]
fn stock_takings_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&TAKING_WALKS);
}

/// A step of so many pieces; the number of its own is never used twice.
fn step(merchant: &Merchant, no: &str, out: bool, num: i64) -> erp::Result<()> {
    let (no, outer_no) = (no.to_owned(), merchant.fresh("S"));
    merchant.write(move |tx, settings| {
        let transfer = stock::transfer_by_no(tx, &no)?;
        let place = catalog::warehouse_by_id(tx, if out { transfer.from } else { transfer.to })?.unwrap_or_default().no;
        let line = NewStepLine { spec_no: "A".into(), num: Quantity::whole(num), ..NewStepLine::default() };
        let new = NewStep {
            transfer_no: no.clone(),
            outer_no: outer_no.clone(),
            warehouse_no: place.clone(),
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
    one("audit", &["审核", "审核(委外)", "快速调拨审核"], |m, no| {
        m.on(no, |tx, s, no| stock::audit_transfer(tx, s, no).map(drop))
    }),
    one("one goes out", &["部分出库", "全部出库", "等待推送入库单"], |m, no| step(m, no, true, 1)),
    one("three go out", &["部分出库", "全部出库", "等待推送入库单"], |m, no| step(m, no, true, 3)),
    one("all goes out", &["全部出库", "等待推送入库单"], |m, no| step(m, no, true, 4)),
    one("two go out", &["部分出库", "全部出库", "等待推送入库单"], |m, no| step(m, no, true, 2)),
    one("a part comes in", &["部分入库", "全部入库", "全部入库待结算"], |m, no| step(m, no, false, 1)),
    one("what is out comes in", &["部分入库", "全部入库", "全部入库待结算"], |m, no| {
        step(m, no, false, 2)
    }),
    one("three come in", &["部分入库", "全部入库", "全部入库待结算"], |m, no| step(m, no, false, 3)),
    one("all comes in", &["全部入库", "全部入库待结算"], |m, no| step(m, no, false, 4)),
    one("settle", &["结算"], |m, no| m.on(no, |tx, _, no| stock::settle_transfer(tx, no).map(drop))),
    one("pushed", &["推送成功"], |m, no| m.on(no, |tx, _, no| stock::transfer_pushed(tx, no, Ok("X")).map(drop))),
    one("push failed", &["推送失败"], |m, no| {
        m.on(no, |tx, _, no| stock::transfer_pushed(tx, no, Err("X")).map(drop))
    }),
    one("cancel", &["取消"], |m, no| m.on(no, |tx, s, no| stock::cancel_transfer(tx, s, no).map(drop))),
];

fn transfer(merchant: &Merchant, from: &'static str, to: &'static str, quick: bool) -> String {
    let outer_no = merchant.fresh("TF");
    let line = NewTransferLine { spec_no: "A".into(), num: Quantity::whole(4), ..NewTransferLine::default() };
    let new = NewTransfer {
        outer_no,
        from_warehouse_no: from.into(),
        to_warehouse_no: to.into(),
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

/// A transfer of which everything went out and one piece came in.
fn half_in(merchant: &Merchant) -> String {
    let no = transfer(merchant, "WH01", "WH02", false);
    merchant.on(&no, |tx, s, no| stock::audit_transfer(tx, s, no).map(drop)).unwrap();
    step(merchant, &no, true, 4).unwrap();
    step(merchant, &no, false, 1).unwrap();
    no
}

pub(crate) static TRANSFER_WALKS: LazyLock<Reached> = LazyLock::new(|| {
    use TransferStatus as T;
    let mut merchant = merchant();
    merchant.outsourced_warehouse("OUT", "A", 100_000);
    let stepwise = Walk {
        table: table(&TRANSFER),
        open: |merchant, _| transfer(merchant, "WH01", "WH02", false),
        born: None,
        edges: Vec::new(),
        state: |merchant, no| merchant.read(no, stock::transfer_by_no).status.code(),
        commands: TRANSFERS,
    };
    let own = [T::Cancelled, T::AwaitingAudit, T::Audited, T::PartlyOut, T::AllOut, T::PartlyIn, T::Completed];
    let mut reached = stepwise.check(&merchant, &own.map(T::code));
    let quick = Walk { open: |merchant, _| transfer(merchant, "WH01", "WH02", true), ..stepwise };
    reached.extend(quick.check(&merchant, &[T::Cancelled, T::AwaitingAudit, T::Completed].map(T::code)));
    let from_outside = Walk { open: |merchant, _| transfer(merchant, "OUT", "WH02", false), ..quick };
    let pushed = [T::OutAwaitingPush, T::OutPushFailed, T::AwaitingOut, T::PartlyOut, T::AllOut, T::PartlyIn];
    let states = [&[T::Cancelled, T::AwaitingAudit][..], &pushed, &[T::Completed]].concat();
    let codes = |states: &[T]| states.iter().map(|status| status.code()).collect::<Vec<_>>();
    reached.extend(from_outside.check(&merchant, &codes(&states)));
    let to_outside = Walk { open: |merchant, _| transfer(merchant, "WH01", "OUT", false), ..from_outside };
    let pushed = [T::InAwaitingPush, T::InPushFailed, T::AwaitingIn, T::PartlyIn];
    let states = [&[T::Cancelled, T::AwaitingAudit, T::Audited, T::PartlyOut][..], &pushed, &[T::Completed]].concat();
    reached.extend(to_outside.check(&merchant, &codes(&states)));
    let half_in = Walk { open: |merchant, _| half_in(merchant), ..to_outside };
    let states_in = [T::PartlyIn, T::Completed].map(T::code);
    reached.extend(half_in.check(&merchant, &states_in));
    merchant.settings.stock.settle_transfer = true;
    reached.extend(half_in.check(&merchant, &[T::PartlyIn, T::AwaitingSettlement, T::Completed].map(T::code)));
    let to_outside = Walk { open: |merchant, _| transfer(merchant, "WH01", "OUT", false), ..half_in };
    reached.extend(to_outside.check(&merchant, &codes(&[&states[..], &[T::AwaitingSettlement]].concat())));
    let stepwise = Walk { open: |merchant, _| transfer(merchant, "WH01", "WH02", false), ..to_outside };
    reached.extend(stepwise.check(&merchant, &codes(&[&own[..], &[T::AwaitingSettlement]].concat())));
    reached
});

#[test]
fn transfers_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&TRANSFER_WALKS);
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
    one("two move", &["部分出库", "部分入库", "全部出库", "全部入库"], |m, no| report(m, no, 2)),
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

pub(crate) static OUTSOURCED_WALKS: LazyLock<Reached> = LazyLock::new(|| {
    use OutsourcedStatus::{
        AwaitingAudit, AwaitingIn, AwaitingOut, AwaitingPush, Cancelled, Completed, PartlyIn, PartlyOut, PushFailed,
    };
    let merchant = merchant();
    merchant.outsourced_warehouse("WMS", "A", 10_000);
    let incoming = Walk {
        table: table(&OUTSOURCED),
        open: |merchant, n| outsourced(merchant, format!("WI{n}"), Direction::In),
        born: None,
        edges: Vec::new(),
        state: |merchant, no| merchant.read(no, stock::outsourced_by_no).0.status.code(),
        commands: OUTSOURCED_ORDERS,
    };
    let states = [Cancelled, AwaitingAudit, AwaitingPush, PushFailed, AwaitingIn, PartlyIn, Completed];
    let mut reached = incoming.check(&merchant, &states.map(OutsourcedStatus::code));
    let outgoing = Walk { open: |merchant, n| outsourced(merchant, format!("WO{n}"), Direction::Out), ..incoming };
    let states = [Cancelled, AwaitingAudit, AwaitingPush, PushFailed, AwaitingOut, PartlyOut, Completed];
    reached.extend(outgoing.check(&merchant, &states.map(OutsourcedStatus::code)));
    reached
});

#[test]
fn outsourced_orders_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&OUTSOURCED_WALKS);
}
