//! The mall exchanges the goods of a line (货品被更换), lets a released order be intercepted for more reasons, and says that the buyer
//! has the parcel.

use erp::order::{
    self, BLOCK_BUYER_MESSAGE, BLOCK_CONSIGNED, BLOCK_EXCHANGED, BLOCK_REMARK, OrderStatus, PushOrder, SyncStatus,
    TradeStatus,
};
use erp::{Error, Refusal};

use super::{line, merchant, money, paid, pushed_money, two_lines};

/// The same order with BLUE (or another code) instead of RED on its first line.
fn exchanged(tid: &str, code: &str) -> PushOrder {
    let mut order = two_lines(tid);
    order.lines[0].spec_no = code.into();
    order.lines[0].goods_id = format!("P-{code}");
    order
}

#[test]
fn an_open_order_takes_the_new_goods() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let new = exchanged("T", "BLUE");
    merchant.push(new.clone()).unwrap();
    let order = merchant.order_of("T").unwrap();
    let specs: Vec<&str> = order.lines.iter().map(|line| line.spec_no.as_str()).collect();
    assert_eq!(specs, ["BLUE", "BLUE"]);
    assert_eq!(money(&[order]), pushed_money(&[&new]));
    assert_eq!((merchant.stock("RED")[1], merchant.stock("BLUE")[1]), (0, 3));
    merchant.assert_books_balance();
}

#[test]
fn a_released_order_is_intercepted_and_takes_them_when_it_is_rejected() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let no = merchant.order_of("T").unwrap().no;
    merchant.audit(&no).unwrap();
    merchant.push(exchanged("T", "BLUE")).unwrap();
    let order = merchant.order(&no);
    assert_eq!((merchant.block_of(&order), &*order.lines[0].spec_no), (BLOCK_EXCHANGED, "RED"));
    assert!(matches!(merchant.ship(&no, "W"), Err(Error::Refused(Refusal::Blocked { .. }))));
    let back = merchant.on(&no, |tx, settings, no| order::reject(tx, settings, no, "", "t")).unwrap();
    assert!(back.lines.iter().all(|line| line.spec_no == "BLUE"));
    assert_eq!(merchant.stock("RED")[1..3], [0, 0]);
    merchant.audit(&no).unwrap();
    assert_eq!(merchant.block_of(&merchant.order(&no)), 0);
    assert_eq!(merchant.ship(&no, "W").unwrap().status, OrderStatus::Shipped);
    merchant.assert_books_balance();
}

#[test]
fn goods_that_nobody_knows_freeze_the_order() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    merchant.push(exchanged("T", "NONE")).unwrap();
    let order = merchant.order_of("T").unwrap();
    assert_eq!(order.marks.freeze.as_ref().map(|freeze| freeze.reason), Some(order::Freeze::GOODS_EXCHANGED));
    assert!(matches!(merchant.audit(&order.no), Err(Error::Refused(Refusal::Frozen(..)))));
    let thawed = merchant.on(&order.no, |tx, settings, no| order::unfreeze(tx, settings, no, "t")).unwrap();
    assert!(thawed.marks.freeze.is_some(), "still nobody knows them");
    merchant.push(exchanged("T", "BLUE")).unwrap();
    let order = merchant.order_of("T").unwrap();
    assert!(order.marks.freeze.is_none() && order.lines.iter().all(|line| line.spec_no == "BLUE"));
    merchant.assert_books_balance();
}

#[test]
fn a_line_that_was_divided_cannot_follow() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let order = merchant.order_of("T").unwrap();
    merchant.split(&order.no, &[(order.lines[0].id, Some(1))]).unwrap();
    merchant.push(exchanged("T", "BLUE")).unwrap();
    let frozen = merchant.orders_of("T").iter().filter(|order| order.marks.freeze.is_some()).count();
    assert_eq!(frozen, 2);
    merchant.assert_books_balance();
}

/// Remark, message and the mall's own shipment intercept where the merchant wants that, and nowhere else.
#[test]
fn further_reasons_to_intercept_are_the_merchant_s_choice() {
    for (also, expected) in
        [(0, 0), (BLOCK_REMARK, BLOCK_REMARK), (-1, BLOCK_REMARK | BLOCK_BUYER_MESSAGE | BLOCK_CONSIGNED)]
    {
        let mut merchant = merchant();
        merchant.settings.flow.block_also = also;
        merchant.push(two_lines("T")).unwrap();
        let no = merchant.order_of("T").unwrap().no;
        merchant.audit(&no).unwrap();
        let mut changed = two_lines("T");
        changed.seller_memo = Some("加急".into());
        changed.buyer_message = Some("换红色".into());
        changed.status = TradeStatus::PartlyShipped;
        changed.lines[0].status = TradeStatus::Shipped;
        merchant.push(changed).unwrap();
        assert_eq!(merchant.block_of(&merchant.order(&no)), expected, "{also}");
        assert_eq!(merchant.ship(&no, "W").is_err(), expected != 0);
    }
}

#[test]
fn the_buyer_has_it() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let no = merchant.order_of("T").unwrap().no;
    merchant.audit(&no).unwrap();
    merchant.ship(&no, "W").unwrap();
    let mut signed = two_lines("T");
    signed.status = TradeStatus::Signed;
    merchant.push(signed.clone()).unwrap();
    let order = merchant.order(&no);
    assert_eq!(order.status, OrderStatus::Signed);
    assert_eq!(
        merchant.on(&no, |tx, _, no| order::settle(tx, no, true, "t")).unwrap().status,
        OrderStatus::PartlySettled
    );
    signed.status = TradeStatus::Completed;
    merchant.push(signed).unwrap();
    assert_eq!(merchant.order(&no).status, OrderStatus::Completed);
    // By hand, where no mall says so; and once only.
    merchant.push(paid("H", vec![line("H-1", "RED", 1, 9)])).unwrap();
    let no = merchant.order_of("H").unwrap().no;
    assert!(merchant.on(&no, |tx, _, no| order::sign(tx, no, "t")).is_err());
    merchant.audit(&no).unwrap();
    merchant.ship(&no, "W").unwrap();
    assert_eq!(merchant.on(&no, |tx, _, no| order::sign(tx, no, "t")).unwrap().status, OrderStatus::Signed);
    assert!(merchant.on(&no, |tx, _, no| order::sign(tx, no, "t")).is_err());
    merchant.assert_books_balance();
}

/// Two merged raw orders: the buyer has it when both malls say so.
#[test]
fn merged_orders_are_signed_together() {
    let merchant = merchant();
    for tid in ["A", "B"] {
        merchant.push(paid(tid, vec![line(&format!("{tid}-1"), "RED", 1, 9)])).unwrap();
    }
    let numbers = ["A", "B"].map(|tid| merchant.order_of(tid).unwrap().no);
    let no = merchant.merge(&[&numbers[0], &numbers[1]]).unwrap().no;
    merchant.audit(&no).unwrap();
    merchant.ship(&no, "W").unwrap();
    for (tid, expected) in [("A", OrderStatus::Shipped), ("B", OrderStatus::Signed)] {
        let mut signed = paid(tid, vec![line(&format!("{tid}-1"), "RED", 1, 9)]);
        signed.status = TradeStatus::Signed;
        merchant.push(signed).unwrap();
        assert_eq!(merchant.order(&no).status, expected);
    }
}

#[test]
fn rows_of_the_logistics_sync_queue_are_closed_by_hand() {
    let merchant = merchant();
    for (tid, told, status) in [("A", true, SyncStatus::SetByHand), ("B", false, SyncStatus::CancelledByHand)] {
        merchant.push(paid(tid, vec![line(&format!("{tid}-1"), "RED", 1, 9)])).unwrap();
        let no = merchant.order_of(tid).unwrap().no;
        merchant.audit(&no).unwrap();
        merchant.ship(&no, "W").unwrap();
        let row = merchant.syncs()[0].id;
        let closed = merchant.write(move |tx, _| order::close_sync(tx, row, told, "t")).unwrap();
        assert_eq!(closed.status, status);
        assert!(merchant.syncs().is_empty());
        assert_eq!(merchant.order(&no).consign_status & 8 != 0, told);
        assert!(merchant.write(move |tx, _| order::close_sync(tx, row, told, "t")).is_err());
    }
}
