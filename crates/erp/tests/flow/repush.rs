//! A second push after a merge or a split: each raw order touches its own lines, in every order that it is in.

use erp::order::{OrderStatus, ProcessStatus, Reserved, TradeStatus};
use units::Money;

use super::{Merchant, merchant, two_lines};

fn merged() -> (Merchant, String) {
    let merchant = merchant();
    merchant.push(two_lines("A")).unwrap();
    merchant.push(two_lines("B")).unwrap();
    let numbers = [merchant.order_of("A").unwrap().no, merchant.order_of("B").unwrap().no];
    let kept = merchant.merge(&[&numbers[0], &numbers[1]]).unwrap();
    merchant.clock.advance(10);
    (merchant, kept.no)
}

/// T in two orders: RED in the first, BLUE in the second.
fn parted() -> (Merchant, String, String) {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let order = merchant.order_of("T").unwrap();
    let (kept, part) = merchant.split(&order.no, &[(order.lines[1].id, None)]).unwrap();
    merchant.clock.advance(10);
    (merchant, kept.no, part.no)
}

#[test]
fn a_refund_hits_the_right_line_of_a_merged_order() {
    let (merchant, no) = merged();
    let mut b = two_lines("B");
    b.lines[0].refund_status = 2;
    merchant.push(b.clone()).unwrap();
    let order = merchant.order(&no);
    assert_eq!((order.refund_status, order.bad_reason), (1, 64));
    // A push of the other raw order says nothing of it, and must not let it go.
    let mut a = two_lines("A");
    a.seller_memo = Some("加急".into());
    merchant.push(a.clone()).unwrap();
    let order = merchant.order(&no);
    assert_eq!((order.refund_status, order.bad_reason), (1, 64), "the refund of B is still open");
    assert!(merchant.audit(&no).is_err());
    b.lines[0].refund_status = 5;
    merchant.push(b.clone()).unwrap();
    let order = merchant.order(&no);
    assert_eq!((order.refund_status, order.bad_reason), (2, 0));
    let dropped: Vec<_> = order.lines.iter().filter(|l| l.actual_num.is_zero()).map(|l| l.oid.as_str()).collect();
    assert_eq!(dropped, ["B-1"]);
    assert_eq!(merchant.stock("RED"), [10, 2, 0, 0, 8]);

    // The rest of B: B ends, the order goes on with the goods of A.
    b.status = TradeStatus::Refunded;
    merchant.push(b).unwrap();
    assert_eq!(merchant.raw("B").process, ProcessStatus::Cancelled);
    assert_eq!(merchant.raw("A").process, ProcessStatus::Submitted);
    let order = merchant.order(&no);
    assert_eq!((order.status, order.refund_status), (OrderStatus::AwaitingAudit, 2));
    assert_eq!(merchant.stock("BLUE"), [10, 1, 0, 0, 9]);
    a.status = TradeStatus::Refunded;
    merchant.push(a).unwrap();
    assert_eq!(merchant.order(&no).status, OrderStatus::Cancelled);
    assert_eq!(merchant.raw("A").process, ProcessStatus::Cancelled);
    assert_eq!(merchant.stock("RED"), [10, 0, 0, 0, 10]);
    merchant.assert_books_balance();
}

#[test]
fn a_refund_blocks_the_stock_out_of_a_merged_order() {
    let (merchant, no) = merged();
    let audited = merchant.audit(&no).unwrap();
    let mut b = two_lines("B");
    b.lines[1].refund_status = 2;
    merchant.push(b.clone()).unwrap();
    assert_eq!(merchant.block_of(&audited), 1);
    b.lines[1].refund_status = 1;
    merchant.push(b.clone()).unwrap();
    assert_eq!(merchant.block_of(&audited), 256);
    b.status = TradeStatus::Refunded;
    merchant.push(b).unwrap();
    assert_eq!(merchant.block_of(&audited) & 2, 2);
    assert_eq!(merchant.order(&no).refund_status, 2, "the goods of A are not refunded");
    let back = merchant.on(&no, |tx, settings, no| erp::order::reject(tx, settings, no, "退款", "t")).unwrap();
    assert_eq!(back.status, OrderStatus::AwaitingAudit);
    assert_eq!(merchant.raw("B").process, ProcessStatus::Cancelled);
    merchant.audit(&no).unwrap();
    merchant.ship(&no, "W").unwrap();
    assert_eq!(merchant.syncs().iter().map(|row| row.tid.as_str()).collect::<Vec<_>>(), ["A"]);
    merchant.assert_books_balance();
}

#[test]
fn remarks_of_merged_orders_stand_side_by_side() {
    let (merchant, no) = merged();
    for (tid, memo, message) in [("A", "加急", "快"), ("B", "送礼", "慢")] {
        let mut again = two_lines(tid);
        again.seller_memo = Some(memo.into());
        again.buyer_message = Some(message.into());
        merchant.push(again).unwrap();
    }
    let order = merchant.order(&no);
    assert_eq!((order.cs_remark.as_str(), order.buyer_message.as_str()), ("加急；送礼", "快；慢"));
    assert_eq!(order.bad_reason, 2048);
}

#[test]
fn every_part_of_a_split_order_hears_of_its_own() {
    let (merchant, red, blue) = parted();
    let mut again = two_lines("T");
    again.buyer.address = "花园路9号".into();
    again.lines[1].refund_status = 2;
    merchant.push(again.clone()).unwrap();
    for (no, refund, bad) in [(&red, 0, 2), (&blue, 1, 2 + 64)] {
        let order = merchant.order(no);
        assert_eq!((order.refund_status, order.bad_reason), (refund, bad), "{no}");
        assert_eq!(merchant.buyer(no).address, "花园路9号");
    }
    merchant.audit(&red).unwrap();
    assert!(merchant.audit(&blue).is_err());
    merchant.ship(&red, "W1").unwrap();
    assert_eq!(merchant.raw("T").process, ProcessStatus::PartlyShipped);

    // The other half is refunded: it ends, and what left was all.
    again.lines[1].refund_status = 5;
    merchant.push(again.clone()).unwrap();
    assert_eq!(merchant.order(&blue).status, OrderStatus::Cancelled);
    assert_eq!(merchant.raw("T").process, ProcessStatus::Shipped);
    again.status = TradeStatus::Completed;
    merchant.push(again).unwrap();
    assert_eq!(merchant.order(&red).status, OrderStatus::Completed);
    assert_eq!(merchant.raw("T").process, ProcessStatus::Completed);
    merchant.assert_books_balance();
}

#[test]
fn a_split_order_that_is_refunded_in_full_ends_everywhere() {
    let (merchant, red, blue) = parted();
    let mut again = two_lines("T");
    again.status = TradeStatus::Refunded;
    merchant.push(again).unwrap();
    for no in [&red, &blue] {
        let order = merchant.order(no);
        assert_eq!((order.status, order.refund_status), (OrderStatus::Cancelled, 3), "{no}");
    }
    assert_eq!(merchant.raw("T").process, ProcessStatus::Cancelled);
    assert_eq!((merchant.stock("RED"), merchant.stock("BLUE")), ([10, 0, 0, 0, 10], [10, 0, 0, 0, 10]));
    merchant.assert_books_balance();
}

#[test]
fn one_half_cancelled_by_hand_does_not_end_the_raw_order() {
    let (merchant, red, blue) = parted();
    merchant.on(&blue, |tx, settings, no| erp::order::cancel(tx, settings, no, "t")).unwrap();
    assert_eq!(merchant.raw("T").process, ProcessStatus::Submitted);
    merchant.audit(&red).unwrap();
    merchant.ship(&red, "W").unwrap();
    assert_eq!(merchant.raw("T").process, ProcessStatus::Shipped);
}

#[test]
fn wishes_that_come_late() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let order = merchant.order_of("T").unwrap();
    let mut again = two_lines("T");
    again.invoice_title = Some("码头公司".into());
    again.warehouse_no = Some("WH02".into());
    merchant.push(again.clone()).unwrap();
    let open = merchant.order(&order.no);
    assert_eq!((open.bad_reason, open.invoice_title.as_str()), (8, "码头公司"));
    let audited = merchant.audit(&order.no).unwrap();
    again.invoice_title = Some("别的公司".into());
    again.logistics_type = Some(8);
    again.warehouse_no = Some("WH01".into());
    merchant.push(again).unwrap();
    assert_eq!(merchant.block_of(&audited), 8 + 16 + 32);
    assert_eq!(merchant.order(&order.no).invoice_title, "码头公司", "what the warehouse has stays");
}

/// The matrix of the fact sheet on a raw order with an unpaid order behind it: what the columns of `tests/repush.rs` leave out.
#[test]
fn deposit_then_the_rest() {
    let merchant = merchant();
    let mut order = two_lines("T");
    order.status = TradeStatus::Unpaid;
    order.paid = Money::ZERO;
    merchant.push(order.clone()).unwrap();
    assert_eq!(merchant.order_of("T").unwrap().status, OrderStatus::Unpaid);
    order.status = TradeStatus::AwaitingFinal;
    order.paid = Money::whole(5);
    order.pay_status = 1;
    merchant.push(order.clone()).unwrap();
    let deposit = merchant.order_of("T").unwrap();
    assert_eq!((deposit.status, deposit.paid), (OrderStatus::AwaitingFinal, Money::whole(5)));
    assert_eq!(merchant.stock("RED"), [10, 0, 0, 2, 10]);
    merchant.push(two_lines("T")).unwrap();
    let whole = merchant.order_of("T").unwrap();
    assert_eq!(
        (whole.status, whole.paid, whole.lines[0].reserved),
        (OrderStatus::AwaitingAudit, whole.due, Reserved::Order)
    );
    assert_eq!(merchant.stock("RED"), [10, 2, 0, 0, 8]);
    merchant.assert_books_balance();
}
