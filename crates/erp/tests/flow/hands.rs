//! By hand: freeze, finance audit, abnormal shipment, interception, warehouse, carrier, gifts, pre-sale, settlement.

use erp::order::{self, OrderStatus, Reserved, Shipping};
use erp::{Error, FinanceAudit, Refusal, catalog};
use units::{Money, Quantity};

use super::{line, merchant, paid, two_lines};

#[test]
fn a_frozen_order_stays() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let no = merchant.order_of("T").unwrap().no;
    merchant.on(&no, |tx, _, no| order::freeze(tx, no, 12, "等客户确认", "t")).unwrap();
    let refused = merchant.audit(&no);
    assert!(matches!(&refused, Err(Error::Refused(Refusal::Frozen(_, note))) if note == "等客户确认"));
    assert!(merchant.on(&no, |tx, _, no| order::freeze(tx, no, 1, "", "t")).is_err(), "1 means short of stock");
    merchant.on(&no, |tx, settings, no| order::unfreeze(tx, settings, no, "t")).unwrap();
    merchant.audit(&no).unwrap();
    assert!(merchant.on(&no, |tx, _, no| order::freeze(tx, no, 2, "", "t")).is_err(), "the warehouse has it");
}

#[test]
fn finance_has_a_word() {
    let mut merchant = merchant();
    merchant.settings.flow.finance = FinanceAudit { over_amount: Money::whole(20), ..FinanceAudit::default() };
    merchant.push(two_lines("BIG")).unwrap();
    merchant.push(paid("SMALL", vec![line("S-1", "BLUE", 1, 5)])).unwrap();
    let (big, small) = (merchant.order_of("BIG").unwrap().no, merchant.order_of("SMALL").unwrap().no);
    assert_eq!(merchant.audit(&small).unwrap().status, OrderStatus::Audited);
    let waiting = merchant.audit(&big).unwrap();
    assert_eq!((waiting.status, waiting.stock_out.is_none()), (OrderStatus::AwaitingFinance, true));
    assert_eq!(merchant.stock("RED")[1..3], [2, 0], "待审核量 still");
    let back = merchant.on(&big, |tx, _, no| order::finance_reject(tx, no, "折扣过高", "f")).unwrap();
    assert_eq!((back.status, back.revert_reason.as_str()), (OrderStatus::AwaitingAudit, "折扣过高"));
    merchant.audit(&big).unwrap();
    let done = merchant.on(&big, |tx, settings, no| order::finance_audit(tx, settings, no, "f")).unwrap();
    assert_eq!((done.status, done.checker.as_str()), (OrderStatus::Audited, "t"));
    assert_eq!((done.marks.finance_checker.as_str(), done.stock_out.is_some()), ("f", true));
    assert_eq!(merchant.stock("RED")[1..3], [0, 2]);
    assert!(merchant.on(&small, |tx, settings, no| order::finance_audit(tx, settings, no, "f")).is_err());
    merchant.assert_books_balance();
}

#[test]
fn gone_although_it_was_intercepted() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let no = merchant.order_of("T").unwrap().no;
    merchant.audit(&no).unwrap();
    let mut refund = two_lines("T");
    refund.lines[0].refund_status = 2;
    merchant.push(refund).unwrap();
    assert!(matches!(merchant.ship(&no, "W1"), Err(Error::Refused(Refusal::Blocked { .. }))));
    let gone = merchant
        .on(&no, |tx, settings, no| {
            let how = Shipping { waybill: "W1", despite_block: true, ..Shipping::default() };
            order::ship_with(tx, settings, no, &how)
        })
        .unwrap();
    assert_eq!(gone.status, OrderStatus::Abnormal);
    assert_eq!(merchant.stock("RED")[0], 8);
    assert_eq!(merchant.syncs().len(), 1, "the mall hears of the waybill");
    assert!(merchant.on(&no, |tx, _, no| order::settle(tx, no, false, "t")).is_err());
    let resolved = merchant.on(&no, |tx, _, no| order::resolve(tx, no, "客户收下", "t")).unwrap();
    assert_eq!(resolved.status, OrderStatus::Shipped);
    for (partly, status) in [(true, OrderStatus::PartlySettled), (false, OrderStatus::Completed)] {
        let order = merchant.on(&no, move |tx, _, no| order::settle(tx, no, partly, "t")).unwrap();
        assert_eq!(order.status, status);
        let id = order.id;
        let out = merchant.store.read_blocking(super::TENANT, move |r| order::stock_outs_of(r, id)).unwrap();
        assert_eq!(out[0].status.code(), status.code());
    }
    merchant.assert_books_balance();
}

#[test]
fn a_person_intercepts_and_lets_go() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let no = merchant.order_of("T").unwrap().no;
    assert!(merchant.on(&no, |tx, _, no| order::intercept(tx, no, true, 0, "t")).is_err(), "no stock-out yet");
    let audited = merchant.audit(&no).unwrap();
    merchant.on(&no, |tx, _, no| order::intercept(tx, no, true, 0, "t")).unwrap();
    assert_eq!(merchant.block_of(&audited), order::BLOCK_OTHER);
    assert!(merchant.ship(&no, "W").is_err());
    let mut refunded = two_lines("T");
    refunded.lines[1].refund_status = 5;
    merchant.push(refunded).unwrap();
    let refused = merchant.on(&no, |tx, _, no| order::intercept(tx, no, false, order::BLOCK_REFUNDED, "t"));
    assert!(refused.is_err(), "only a rejection takes the refunded line out");
    merchant.on(&no, |tx, _, no| order::intercept(tx, no, false, order::BLOCK_OTHER, "t")).unwrap();
    assert_eq!(merchant.block_of(&audited), order::BLOCK_REFUNDED);
}

#[test]
fn another_warehouse_another_carrier() {
    let merchant = merchant();
    merchant.push(paid("A", vec![line("A-1", "RED", 10, 9)])).unwrap();
    merchant.push(paid("B", vec![line("B-1", "RED", 4, 9)])).unwrap();
    let (a, b) = (merchant.order_of("A").unwrap().no, merchant.order_of("B").unwrap());
    assert_eq!(b.lines[0].reserved, Reserved::Waiting);
    let moved = merchant.on(&a, |tx, settings, no| order::choose_warehouse(tx, settings, no, "WH02", "t")).unwrap();
    assert_eq!((moved.lines[0].reserved, moved.shortage().as_str()), (Reserved::Waiting, "RED×10.0000"));
    assert_eq!(merchant.order(&b.no).lines[0].reserved, Reserved::Order, "what became free went to who waited");
    let back = merchant.on(&a, |tx, settings, no| order::choose_warehouse(tx, settings, no, "WH01", "t")).unwrap();
    assert_eq!(back.lines[0].reserved, Reserved::Waiting, "six are left");
    merchant.assert_books_balance();
    assert!(merchant.on(&a, |tx, settings, no| order::choose_warehouse(tx, settings, no, "NONE", "t")).is_err());

    merchant
        .write(|tx, _| {
            let carrier = catalog::Carrier { no: "SF".into(), name: "顺丰".into(), kind: 8, ..Default::default() };
            catalog::create_carrier(tx, carrier).map(drop)
        })
        .unwrap();
    let order = merchant.on(&b.no, |tx, _, no| order::choose_carrier(tx, no, "SF", "t")).unwrap();
    assert_eq!((order.carriage.no.as_str(), order.marks.trade_mask & order::MASK_FIXED_CARRIER != 0), ("SF", true));
}

#[test]
fn a_gift_costs_nothing_and_travels_along() {
    let merchant = merchant();
    let pushed = paid("T", vec![line("T-1", "RED", 1, 9)]);
    merchant.push(pushed.clone()).unwrap();
    let no = merchant.order_of("T").unwrap().no;
    let order =
        merchant.on(&no, |tx, settings, no| order::give(tx, settings, no, "BLUE", Quantity::whole(2), "t")).unwrap();
    assert_eq!((order.lines[1].gift_type, order.marks.gift_mask), (2, order::GIFT_MANUAL));
    assert_eq!((order.paid, order.due), (pushed.paid, pushed.paid));
    assert_eq!(merchant.stock("BLUE"), [10, 2, 0, 0, 8]);
    let gift = order.lines[1].id;
    merchant.on(&no, move |tx, settings, no| order::take_gift_back(tx, settings, no, gift, "t")).unwrap();
    assert_eq!(merchant.stock("BLUE"), [10, 0, 0, 0, 10]);
    merchant.on(&no, |tx, settings, no| order::give(tx, settings, no, "BLUE", Quantity::whole(1), "t")).unwrap();
    merchant.audit(&no).unwrap();
    merchant.ship(&no, "W").unwrap();
    assert_eq!(merchant.stock("BLUE")[0], 9);
    assert_eq!(merchant.syncs()[0].oids, ["T-1"], "the mall knows nothing of gifts");
    merchant.assert_books_balance();

    // All goods are refunded: the gift does not leave alone.
    let pushed = paid("R", vec![line("R-1", "RED", 1, 9)]);
    merchant.push(pushed.clone()).unwrap();
    let no = merchant.order_of("R").unwrap().no;
    merchant.on(&no, |tx, settings, no| order::give(tx, settings, no, "BLUE", Quantity::whole(1), "t")).unwrap();
    let mut refunded = pushed;
    refunded.lines[0].refund_status = 5;
    merchant.push(refunded).unwrap();
    assert_eq!(merchant.order(&no).status, OrderStatus::Cancelled);
    assert_eq!(merchant.stock("BLUE"), [9, 0, 0, 0, 9]);
}

#[test]
fn pre_sale_by_hand() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let no = merchant.order_of("T").unwrap().no;
    let order = merchant.on(&no, |tx, settings, no| order::to_presale(tx, settings, no, None, "t")).unwrap();
    assert_eq!((order.status, order.lines[0].reserved), (OrderStatus::Presale, Reserved::Presale));
    assert_eq!(order.marks.check_step, -101);
    assert_eq!(merchant.stock("RED"), [10, 0, 0, 0, 8], "预订单量 is subtracted");
    assert!(merchant.audit(&no).is_err());
    merchant.on(&no, |tx, settings, no| order::release_presale(tx, settings, no, "t")).unwrap();
    assert_eq!(merchant.stock("RED"), [10, 2, 0, 0, 8]);
    merchant.audit(&no).unwrap();
    merchant.assert_books_balance();

    merchant.push(two_lines("C")).unwrap();
    let no = merchant.order_of("C").unwrap().no;
    merchant.on(&no, |tx, settings, no| order::to_presale(tx, settings, no, None, "t")).unwrap();
    merchant.on(&no, |tx, settings, no| order::cancel(tx, settings, no, "t")).unwrap();
    assert_eq!(merchant.stock("RED"), [10, 0, 2, 0, 8]);
    merchant.assert_books_balance();
}

#[test]
fn marks_hold_an_order_when_the_merchant_wants_it() {
    let mut merchant = merchant();
    merchant.settings.flow.bad_reason_holds = order::BAD_BUYER_MESSAGE;
    merchant.push(two_lines("T")).unwrap();
    let mut said = two_lines("T");
    said.buyer_message = Some("换颜色".into());
    merchant.push(said).unwrap();
    let no = merchant.order_of("T").unwrap().no;
    let refused = merchant.audit(&no);
    assert!(matches!(&refused, Err(Error::Refused(Refusal::Held(_, words))) if words == "客户备注变更"));
    merchant.on(&no, |tx, _, no| order::clear_bad_reason(tx, no, order::BAD_BUYER_MESSAGE, "t")).unwrap();
    merchant.audit(&no).unwrap();
}
