//! Raw refunds and refund orders of every kind.

use std::sync::LazyLock;

use erp::aftersale::{
    self, NewOut, NewRefund, NewReturnIn, NewReturnLine, PlatformStatus, PushRefund, PushRefundLine, RAW_REFUND,
    REFUND_ORDER, RawRefundKind, RawRefundStatus, RefundKind, RefundStatus as R, ReturnParcel, SwapReceiver,
};
use erp::{Error, Settings, catalog, order};
use units::{Money, Quantity};

use crate::orders::merchant;
use crate::support::{Merchant, line, paid};
use crate::walk::{Command, Reached, Walk, table};

const fn one(
    name: &'static str,
    events: &'static [&'static str],
    run: fn(&Merchant, &str) -> Result<(), Error>,
) -> Command {
    Command { name, events, run }
}

fn refused() -> Error {
    erp::Refusal::NotThisWay("退换单").into()
}

/// Raw refunds are known by the number of their raw order here.
fn push(merchant: &Merchant, tid: &str, status: PlatformStatus) -> Result<(), Error> {
    let tid = tid.to_owned();
    merchant.write(move |tx, settings| {
        let shop = catalog::own_mall(tx, "S1")?;
        let new = PushRefund {
            refund_no: tid.clone(),
            tid: tid.clone(),
            kind: RawRefundKind::RefundOnly,
            status,
            amount: Money::whole(9),
            nick: String::new(),
            account: String::new(),
            refund_time: tx.now(),
            reason: String::new(),
            remark: String::new(),
            version: String::new(),
            logistics_name: String::new(),
            logistics_no: String::new(),
            lines: vec![PushRefundLine { oid: format!("{tid}-1"), num: Quantity::whole(1) }],
        };
        aftersale::push_refund(tx, settings, &shop, &new).map(drop)
    })
}

fn raw_state(merchant: &Merchant, tid: &str) -> aftersale::RawRefund {
    merchant.read(tid, |reader, tid| {
        let shop = catalog::shop_by_no(reader, "S1")?.id;
        Ok(aftersale::raw_refund_by_no(reader, shop, tid)?.unwrap())
    })
}

fn submit(tx: &mut store::Tx, settings: &Settings, tid: &str) -> Result<(), Error> {
    let shop = catalog::shop_by_no(tx, "S1")?.id;
    aftersale::submit_raw_refund(tx, settings, shop, tid, "t").map(drop)
}

const RAW: &[Command] = &[
    one("submit before there is an order", &["递交失败"], |m, tid| {
        if m.raw(tid).orders.is_empty() { m.on(tid, submit) } else { Err(refused()) }
    }),
    one("submit after there is one", &["递交"], |m, tid| {
        if m.raw(tid).orders.is_empty() {
            m.on(tid, |tx, s, tid| order::submit_raw(tx, s, tid).map(drop))?;
        }
        m.on(tid, submit)
    }),
    one("cancelled by the mall", &["取消"], |m, tid| push(m, tid, PlatformStatus::Cancelled)),
    one("its refund order is cancelled", &["退换单取消"], |m, tid| {
        let no = raw_state(m, tid).refund_order_no;
        if no.is_empty() {
            return Err(refused());
        }
        m.on(&no, |tx, s, no| aftersale::cancel_refund(tx, s, no, "t", "t").map(drop))
    }),
];

pub(crate) static RAWS: LazyLock<Reached> = LazyLock::new(|| {
    let mut merchant = merchant();
    merchant.settings.auto_submit = false;
    merchant.settings.aftersale.auto_submit_refund = false;
    merchant.settings.aftersale.auto_audit_refund = false;
    let walk = Walk {
        table: table(&RAW_REFUND),
        open: |merchant, _| {
            let tid = merchant.fresh("RR");
            merchant.push(paid(&tid, vec![line(&format!("{tid}-1"), "A", 2, 9)])).unwrap();
            push(merchant, &tid, PlatformStatus::Requested).unwrap();
            tid
        },
        born: None,
        edges: Vec::new(),
        state: |merchant, tid| raw_state(merchant, tid).process.code(),
        commands: RAW,
    };
    use RawRefundStatus::{Cancelled, NotSubmitted, Submitted, Waiting};
    walk.check(&merchant, &[Waiting, NotSubmitted, Submitted, Cancelled].map(RawRefundStatus::code))
});

#[test]
fn raw_refunds_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&RAWS);
}

/// So many pieces come back.
fn receive(merchant: &Merchant, no: &str, num: i64) -> Result<(), Error> {
    let (refund_no, outer_no) = (no.to_owned(), merchant.fresh("RI"));
    merchant.write(move |tx, settings| {
        let warehouse = aftersale::refund_by_no(tx, &refund_no)?.warehouse;
        let new = NewReturnIn {
            refund_no: refund_no.clone(),
            outer_no: outer_no.clone(),
            warehouse_no: catalog::warehouse_by_id(tx, warehouse)?.unwrap_or_default().no,
            audit: true,
            create_batch: false,
            logistics_code: String::new(),
            logistics_no: String::new(),
            post_fee: Money::ZERO,
            other_fee: Money::ZERO,
            remark: String::new(),
            lines: vec![NewReturnLine { spec_no: "A".into(), num: Quantity::whole(num), ..NewReturnLine::default() }],
        };
        aftersale::push_return_in(tx, settings, &new).map(drop)
    })
}

const ORDERS: &[Command] = &[
    one("audit", &["审核", "审核待财审", "审核补款", "审核退货", "审核委外退货"], |m, no| {
        m.on(no, |tx, s, no| aftersale::audit_refund(tx, s, no, "t").map(drop))
    }),
    one("finance audit", &["财审"], |m, no| {
        m.on(no, |tx, s, no| aftersale::finance_audit_refund(tx, s, no, "t").map(drop))
    }),
    one("refuse", &["拒绝"], |m, no| m.on(no, |tx, s, no| aftersale::refuse_refund(tx, s, no, "t", "t").map(drop))),
    one("pushed", &["推送"], |m, no| {
        m.on(no, |tx, _, no| aftersale::announce_result(tx, no, Ok("X"), "t").map(drop))
    }),
    one("push failed", &["推送失败"], |m, no| {
        m.on(no, |tx, _, no| aftersale::announce_result(tx, no, Err("X"), "t").map(drop))
    }),
    one("settle early", &["提前结算"], |m, no| {
        m.on(no, |tx, s, no| aftersale::settle_refund_early(tx, s, no, "t").map(drop))
    }),
    one("a piece is back", &["部分入库", "全部入库"], |m, no| receive(m, no, 1)),
    one("all is back", &["全部入库"], |m, no| receive(m, no, 3)),
    one("settle", &["结算"], |m, no| m.on(no, |tx, s, no| aftersale::settle_refund(tx, s, no, "t").map(drop))),
    one("cancel", &["取消"], |m, no| m.on(no, |tx, s, no| aftersale::cancel_refund(tx, s, no, "t", "t").map(drop))),
];

/// A refund order of three pieces, made by hand; after their order has left where the kind wants that.
fn open(merchant: &Merchant, kind: RefundKind, warehouse_no: Option<&'static str>) -> String {
    let tid = merchant.fresh("RO");
    merchant.push(paid(&tid, vec![line(&format!("{tid}-1"), "A", 3, 9)])).unwrap();
    let no = merchant.order_of(&tid).unwrap().no;
    if kind != RefundKind::Unshipped {
        merchant.on(&no, |tx, s, no| order::audit(tx, s, no, "t").map(drop)).unwrap();
        merchant.on(&no, |tx, s, no| order::ship(tx, s, no, None, "W").map(drop)).unwrap();
    }
    let out = NewOut { merchant_no: "A".into(), num: Quantity::whole(1), price: None };
    let made = merchant.write(move |tx, settings| {
        let new = NewRefund {
            kind,
            tid: tid.clone(),
            outer_no: String::new(),
            lines: Vec::new(),
            out: if kind == RefundKind::Exchange { vec![out.clone()] } else { Vec::new() },
            amount: (kind == RefundKind::Payment).then(|| Money::whole(1)),
            post_amount: Money::ZERO,
            other_amount: Money::ZERO,
            warehouse_no: warehouse_no.map(str::to_owned),
            reason: String::new(),
            remark: String::new(),
            parcel: ReturnParcel::default(),
            consign_mode: 0,
            is_trade_charged: false,
            swap: SwapReceiver::default(),
        };
        aftersale::create_refund(tx, settings, &new, "t")
    });
    made.unwrap().no
}

fn check(merchant: &Merchant, open: fn(&Merchant, usize) -> String, states: &[R]) -> Reached {
    let state = |merchant: &Merchant, no: &str| merchant.read(no, aftersale::refund_by_no).status.code();
    let walk = Walk { table: table(&REFUND_ORDER), open, born: None, edges: Vec::new(), state, commands: ORDERS };
    let codes: Vec<i64> = states.iter().map(|status| status.code()).collect();
    walk.check(merchant, &codes)
}

pub(crate) static REFUNDS: LazyLock<Reached> = LazyLock::new(|| {
    let mut merchant = merchant();
    let without_goods = [R::Cancelled, R::AwaitingAudit, R::Refused, R::AwaitingSettlement, R::Completed];
    let with_finance = [&without_goods[..], &[R::AwaitingFinance]].concat();
    let unshipped = |merchant: &Merchant, _: usize| open(merchant, RefundKind::Unshipped, None);
    let money = |merchant: &Merchant, _: usize| open(merchant, RefundKind::RefundOnly, None);
    let payment = |merchant: &Merchant, _: usize| open(merchant, RefundKind::Payment, None);
    let mut reached = check(&merchant, unshipped, &without_goods);
    reached.extend(check(&merchant, money, &without_goods));
    reached.extend(check(&merchant, payment, &[R::Payment, R::Cancelled, R::AwaitingAudit, R::Refused, R::Completed]));
    merchant.settings.aftersale.finance_audit_refund = true;
    reached.extend(check(&merchant, unshipped, &with_finance));
    reached.extend(check(&merchant, money, &with_finance));
    reached
});

#[test]
fn refunds_without_goods_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&REFUNDS);
}

pub(crate) static RETURNS: LazyLock<Reached> = LazyLock::new(|| {
    let merchant = merchant();
    let own = [
        R::Cancelled,
        R::AwaitingAudit,
        R::Refused,
        R::AwaitingReceipt,
        R::SettledEarly,
        R::PartlyReceived,
        R::PartlyReceivedSettled,
        R::AwaitingSettlement,
        R::Completed,
    ];
    let mut reached = check(&merchant, |merchant, _| open(merchant, RefundKind::Return, Some("WH01")), &own);
    reached.extend(check(&merchant, |merchant, _| open(merchant, RefundKind::Exchange, Some("WH01")), &own));
    let outsourced: Vec<R> = own
        .into_iter()
        .filter(|status| *status != R::AwaitingReceipt)
        .chain([R::AwaitingPush, R::PushFailed, R::OutsourcedReceipt])
        .collect();
    reached.extend(check(&merchant, |merchant, _| open(merchant, RefundKind::Return, Some("OUT")), &outsourced));
    reached
});

#[test]
fn returns_and_exchanges_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&RETURNS);
}
