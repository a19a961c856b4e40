//! Orders of a warehouse that somebody else runs: 30 to 40, 45, 50 or 53, 55, 95, and every way back.

use erp::aftersale::{self, NewRefund, NewRefundLine, RefundKind, ReturnParcel, SwapReceiver};
use erp::catalog::{self, Warehouse};
use erp::order::{self, BLOCK_REVOKED, Handed, Order, OrderStatus, Outside, Shipping, Take, WmsStatus};
use erp::stock::{self, Direction, NewOutsourced, NewOutsourcedLine, Receiver, Reported};
use erp::{Error, FinanceAudit, Refusal};
use units::{Money, Quantity};

use super::{Merchant, TENANT, line, paid};

/// A merchant whose one warehouse with stock is run by somebody else: twenty RED there.
fn merchant() -> Merchant {
    let merchant = Merchant::with_specs(&["RED", "BLUE"]);
    merchant
        .write(|tx, settings| {
            catalog::create_warehouse(tx, Warehouse { no: "OUT".into(), kind: 11, ..Warehouse::default() })?;
            let line =
                NewOutsourcedLine { spec_no: "RED".into(), num: Quantity::whole(20), ..NewOutsourcedLine::default() };
            let new = NewOutsourced {
                outer_no: "OPEN".into(),
                warehouse_no: "OUT".into(),
                direction: Direction::In,
                audit: true,
                logistics_code: String::new(),
                logistics_no: String::new(),
                logistics_fee: Money::ZERO,
                other_fee: Money::ZERO,
                region: Default::default(),
                receiver: Receiver::default(),
                remark: String::new(),
                lines: vec![line],
            };
            let no = stock::push_outsourced(tx, settings, &new)?.no;
            stock::outsourced_pushed(tx, &no, Ok("X"))?;
            let reported = [Reported { spec_no: "RED".into(), num: Quantity::whole(20) }];
            stock::report_outsourced(tx, settings, &no, "OPENED", &reported).map(drop)
        })
        .unwrap();
    merchant
}

/// An audited order of so many RED; its number.
fn audited(merchant: &Merchant, tid: &str, num: i64) -> String {
    let mut pushed = paid(tid, vec![line(&format!("{tid}-1"), "RED", num, 9)]);
    pushed.warehouse_no = Some("OUT".into());
    merchant.push(pushed).unwrap();
    let no = merchant.order_of(tid).unwrap().no;
    assert_eq!(merchant.audit(&no).unwrap().status, OrderStatus::AwaitingRelease);
    no
}

fn hand_over(merchant: &Merchant, no: &str) -> Result<Order, Error> {
    merchant.on(no, |tx, _, no| order::hand_over(tx, no, "t"))
}

fn answer(merchant: &Merchant, no: &str, answer: Handed) -> Result<Order, Error> {
    merchant.on(no, move |tx, _, no| order::handed_over(tx, no, &answer))
}

fn outside(merchant: &Merchant, order: &Order) -> Outside {
    let id = order.id;
    let outs = merchant.store.read_blocking(TENANT, move |r| order::stock_outs_of(r, id)).unwrap();
    outs.last().unwrap().outside.clone()
}

#[test]
fn from_the_audit_to_the_waybill() {
    let merchant = merchant();
    let no = audited(&merchant, "T", 2);
    assert!(merchant.ship(&no, "W1").is_err(), "the warehouse has not got it yet");
    let told = hand_over(&merchant, &no).unwrap();
    assert_eq!((told.status, outside(&merchant, &told).tries), (OrderStatus::Releasing, 1));
    assert!(merchant.ship(&no, "W1").is_err(), "nobody knows whether the warehouse has it");
    let accepted = answer(&merchant, &no, Handed::Accepted("WMS-9".into())).unwrap();
    assert_eq!((accepted.status, &*outside(&merchant, &accepted).no), (OrderStatus::Released, "WMS-9"));
    let works = merchant.on(&no, |tx, _, no| order::warehouse_works(tx, no, "拣货", "t")).unwrap();
    assert_eq!((works.status, outside(&merchant, &works).status), (OrderStatus::Audited, WmsStatus::Working));
    let packed = merchant.on(&no, |tx, _, no| order::warehouse_works(tx, no, "打包", "t")).unwrap();
    assert_eq!((packed.status, &*outside(&merchant, &packed).note), (OrderStatus::Audited, "打包"));
    assert_eq!(merchant.ship(&no, "W1").unwrap().status, OrderStatus::Shipped);
    assert_eq!(merchant.syncs().len(), 1);
    merchant.assert_books_balance();
}

#[test]
fn finance_looks_first() {
    let mut merchant = merchant();
    merchant.settings.flow.finance = FinanceAudit { all: true, ..FinanceAudit::default() };
    let mut pushed = paid("T", vec![line("T-1", "RED", 2, 9)]);
    pushed.warehouse_no = Some("OUT".into());
    merchant.push(pushed).unwrap();
    let no = merchant.order_of("T").unwrap().no;
    assert_eq!(merchant.audit(&no).unwrap().status, OrderStatus::AwaitingFinance);
    let done = merchant.on(&no, |tx, settings, no| order::finance_audit(tx, settings, no, "f")).unwrap();
    assert_eq!((done.status, done.stock_out.is_some()), (OrderStatus::AwaitingRelease, true));
}

#[test]
fn refused_unanswered_and_handed_over_again() {
    let merchant = merchant();
    let no = audited(&merchant, "T", 2);
    hand_over(&merchant, &no).unwrap();
    let refused = answer(&merchant, &no, Handed::Refused("地址超区".into())).unwrap();
    assert_eq!((refused.status, &*outside(&merchant, &refused).note), (OrderStatus::AwaitingRelease, "地址超区"));
    hand_over(&merchant, &no).unwrap();
    let unknown = answer(&merchant, &no, Handed::Unanswered("超时".into())).unwrap();
    assert_eq!(
        (unknown.status, outside(&merchant, &unknown).status),
        (OrderStatus::Unconfirmed, WmsStatus::Unanswered)
    );
    for refused in [
        merchant.on(&no, |tx, settings, no| order::reject(tx, settings, no, "", "t")),
        merchant.on(&no, |tx, settings, no| order::cancel(tx, settings, no, "")),
    ] {
        assert!(refused.is_err(), "the warehouse may have it");
    }
    let told = hand_over(&merchant, &no).unwrap();
    assert_eq!((told.status, outside(&merchant, &told).tries), (OrderStatus::Releasing, 3));
    assert_eq!(hand_over(&merchant, &no).unwrap().status, OrderStatus::Releasing, "after a crash");
    answer(&merchant, &no, Handed::Accepted(String::new())).unwrap();
    let later = answer(&merchant, &no, Handed::Refused("缺货".into())).unwrap();
    assert_eq!(later.status, OrderStatus::AwaitingRelease, "it had it, and gives up");
    let back = merchant.on(&no, |tx, settings, no| order::reject(tx, settings, no, "改仓", "t")).unwrap();
    assert_eq!((back.status, back.stock_out), (OrderStatus::AwaitingAudit, None));
    merchant.assert_books_balance();
}

#[test]
fn asked_back() {
    let merchant = merchant();
    let no = audited(&merchant, "T", 2);
    hand_over(&merchant, &no).unwrap();
    answer(&merchant, &no, Handed::Accepted("X".into())).unwrap();
    merchant.on(&no, |tx, _, no| order::warehouse_works(tx, no, "", "t")).unwrap();
    let rejected = merchant.on(&no, |tx, settings, no| order::reject(tx, settings, no, "", "t"));
    assert!(matches!(rejected, Err(Error::Refused(Refusal::WithWarehouse(_)))), "55 at the warehouse");
    let asked = merchant.on(&no, |tx, _, no| order::ask_back(tx, no, "客户取消", "t")).unwrap();
    assert_eq!((asked.status, merchant.block_of(&asked)), (OrderStatus::Audited, BLOCK_REVOKED));
    assert!(matches!(merchant.ship(&no, "W1"), Err(Error::Refused(Refusal::Blocked { .. }))));
    let kept = merchant.on(&no, |tx, _, no| order::gave_back(tx, no, Err("已打包"), "t")).unwrap();
    assert_eq!((kept.status, merchant.block_of(&kept)), (OrderStatus::Audited, 0));
    merchant.on(&no, |tx, _, no| order::ask_back(tx, no, "", "t")).unwrap();
    let back = merchant.on(&no, |tx, _, no| order::gave_back(tx, no, Ok(()), "t")).unwrap();
    assert_eq!((back.status, outside(&merchant, &back).status), (OrderStatus::AwaitingRelease, WmsStatus::NotTold));
    assert!(merchant.on(&no, |tx, _, no| order::ask_back(tx, no, "", "t")).is_err(), "it is here");
    let over = merchant.on(&no, |tx, settings, no| order::cancel(tx, settings, no, "")).unwrap();
    assert_eq!(over.status, OrderStatus::Cancelled);
    // An order of our own warehouse is in nobody else's hands.
    merchant.stock_in("IN", "BLUE", 5).unwrap();
    merchant.push(paid("OWN", vec![line("OWN-1", "BLUE", 1, 9)])).unwrap();
    let own = merchant.order_of("OWN").unwrap().no;
    merchant.audit(&own).unwrap();
    assert!(merchant.on(&own, |tx, _, no| order::ask_back(tx, no, "", "t")).is_err());
    assert!(merchant.on(&own, |tx, _, no| order::gave_back(tx, no, Ok(()), "t")).is_err());
    assert!(merchant.on(&own, |tx, _, no| order::warehouse_works(tx, no, "x", "t")).is_err());
    merchant.assert_books_balance();
}

#[test]
fn it_left_while_we_wanted_it_back() {
    let merchant = merchant();
    let no = audited(&merchant, "T", 2);
    hand_over(&merchant, &no).unwrap();
    answer(&merchant, &no, Handed::Accepted("X".into())).unwrap();
    merchant.on(&no, |tx, _, no| order::ask_back(tx, no, "", "t")).unwrap();
    let gone = merchant.on(&no, |tx, settings, no| {
        let how = Shipping { waybill: "W1", despite_block: true, ..Shipping::default() };
        order::ship_with(tx, settings, no, &how)
    });
    assert_eq!(gone.unwrap().status, OrderStatus::Abnormal);
    merchant.assert_books_balance();
}

#[test]
fn two_parcels_of_one_order() {
    let merchant = merchant();
    let no = audited(&merchant, "T", 3);
    hand_over(&merchant, &no).unwrap();
    let order = answer(&merchant, &no, Handed::Accepted("X".into())).unwrap();
    let line = order.lines[0].id;
    assert!(merchant.split(&no, &[(line, Some(1))]).is_err(), "nobody splits what the warehouse has");
    let left = merchant.on(&no, move |tx, settings, no| {
        let takes = [Take { line, num: Some(Quantity::whole(1)) }];
        let how = Shipping { waybill: "W1", ..Shipping::default() };
        order::ship_part(tx, settings, no, &takes, &how)
    });
    assert_eq!(left.unwrap().status, OrderStatus::Shipped);
    assert_eq!(merchant.order(&no).status, OrderStatus::Released);
    assert_eq!(merchant.ship(&no, "W2").unwrap().status, OrderStatus::Shipped);
    merchant.assert_books_balance();
}

#[test]
fn a_refund_waits_until_the_warehouse_gave_the_goods_back() {
    let merchant = merchant();
    let no = audited(&merchant, "T", 2);
    hand_over(&merchant, &no).unwrap();
    answer(&merchant, &no, Handed::Accepted("X".into())).unwrap();
    let refund = merchant
        .write(|tx, settings| {
            let new = NewRefund {
                kind: RefundKind::Unshipped,
                tid: "T".into(),
                outer_no: String::new(),
                lines: vec![NewRefundLine { oid: "T-1".into(), num: Quantity::whole(1) }],
                out: Vec::new(),
                amount: None,
                post_amount: Money::ZERO,
                other_amount: Money::ZERO,
                warehouse_no: None,
                reason: String::new(),
                remark: String::new(),
                parcel: ReturnParcel::default(),
                consign_mode: 0,
                is_trade_charged: false,
                swap: SwapReceiver::default(),
            };
            aftersale::create_refund(tx, settings, &new, "t")
        })
        .unwrap()
        .no;
    let audit = |no: &str| {
        let no = no.to_owned();
        merchant.write(move |tx, settings| aftersale::audit_refund(tx, settings, &no, "t").map(drop))
    };
    assert!(matches!(audit(&refund), Err(Error::Refused(Refusal::WithWarehouse(_)))));
    merchant.on(&no, |tx, _, no| order::gave_back(tx, no, Ok(()), "t")).unwrap();
    audit(&refund).unwrap();
    let order = merchant.order(&no);
    assert_eq!((order.status, order.lines[0].actual_num), (OrderStatus::AwaitingRelease, Quantity::whole(1)));
    merchant.assert_books_balance();
}
