//! Merging: what both orders hold and cost is in the one; refusals; the waybill for every raw order; automatic merging.

use erp::order::{OrderStatus, ProcessStatus, PushOrder, Reserved, TradeStatus};
use erp::{Error, MergeMode, Refusal};

use super::{Merchant, line, merchant, money, paid, pushed_money, two_lines};

#[test]
fn everything_goes_over_and_nothing_is_lost() {
    let merchant = merchant();
    let (a, b) = (two_lines("A"), paid("B", vec![line("B-1", "RED", 3, 7), line("B-2", "GREEN", 1, 4)]));
    merchant.push(a.clone()).unwrap();
    merchant.push(b.clone()).unwrap();
    let (first, second) = (merchant.order_of("A").unwrap(), merchant.order_of("B").unwrap());
    let before = merchant.stock("RED");
    let kept = merchant.merge(&[&first.no, &second.no]).unwrap();
    assert_eq!(kept.no, first.no);
    assert_eq!(kept.lines.len(), 4);
    assert_eq!(kept.raw.iter().map(|(_, tid)| tid.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(money(&merchant.orders()), pushed_money(&[&a, &b]));
    assert_eq!((kept.paid, kept.due), (a.paid + b.paid, a.paid + b.paid));
    assert_eq!(merchant.stock("RED"), before, "the reservation moved with the lines");
    let gone = merchant.order(&second.no);
    assert_eq!((gone.status, gone.lines.len(), gone.paid.is_zero()), (OrderStatus::Cancelled, 0, true));
    assert_eq!(gone.marks.merged_into, first.no);
    assert_eq!(merchant.raw("B").orders, [kept.id]);
    merchant.assert_books_balance();

    // GREEN waits in the name of the merged order, and is served there.
    assert_eq!(kept.shortage(), "GREEN×1.0000");
    merchant.stock_in("IN-3", "GREEN", 1).unwrap();
    let kept = merchant.order(&first.no);
    assert!(kept.lines.iter().all(|line| line.reserved == Reserved::Order), "{}", kept.shortage());

    // One parcel, one waybill, a row for each mall order; cancelled goods of nobody else.
    merchant.audit(&kept.no).unwrap();
    merchant.ship(&kept.no, "W1").unwrap();
    let rows = merchant.syncs();
    let told: Vec<_> =
        rows.iter().map(|row| (row.tid.as_str(), row.oids.join(","), row.is_part, row.is_last)).collect();
    assert_eq!(told, [("A", "A-1,A-2".to_owned(), false, true), ("B", "B-1,B-2".to_owned(), false, true)]);
    assert!(["A", "B"].iter().all(|tid| merchant.raw(tid).process == ProcessStatus::Shipped));

    // Money arrives for one of them, then for the other: 105, 110.
    for (pushed, status, process) in [(&a, 105, 40), (&b, 110, 60)] {
        let mut done = pushed.clone();
        done.status = TradeStatus::Completed;
        merchant.push(done).unwrap();
        assert_eq!(merchant.order(&kept.no).status.code(), status);
        let _ = process;
    }
    assert!(["A", "B"].iter().all(|tid| merchant.raw(tid).process == ProcessStatus::Completed));
    merchant.assert_books_balance();
}

#[test]
fn what_cannot_travel_together_is_refused_and_nothing_is_stored() {
    let check = |why: &str, change: fn(&mut PushOrder), prepare: fn(&Merchant, &str)| {
        let merchant = merchant();
        merchant.push(two_lines("A")).unwrap();
        let mut b = two_lines("B");
        change(&mut b);
        merchant.push(b).unwrap();
        let (a, b) = (merchant.order_of("A").unwrap(), merchant.order_of("B").unwrap());
        prepare(&merchant, &b.no);
        let before = serde_json::to_string(&merchant.orders()).unwrap();
        match merchant.merge(&[&a.no, &b.no]) {
            Err(Error::Refused(Refusal::Invalid { field: "merge", why: said })) => assert_eq!(said, why),
            other => panic!("{why}: {:?}", other.map(|order| order.no)),
        }
        assert_eq!(serde_json::to_string(&merchant.orders()).unwrap(), before, "{why}");
    };
    check("收件人或地址不同", |b| b.buyer.address = "花园路2号".into(), |_, _| {});
    check("收件人或地址不同", |b| b.buyer.mobile = "13700000000".into(), |_, _| {});
    check("仓库不同", |b| b.warehouse_no = Some("WH02".into()), |_, _| {});
    check("付款方式或分销类别不同", |b| b.delivery_term = erp::order::DeliveryTerm::OnAccount, |_, _| {});
    check("订单不允许合并", |b| b.is_sealed = Some(3), |_, _| {});
    check("只有待客审、延时审核、等未付的订单可以合并", |b| b.status = TradeStatus::Unpaid, |_, _| {});
    check(
        "只有待客审、延时审核、等未付的订单可以合并",
        |_| {},
        |merchant, no| {
            merchant.audit(no).unwrap();
        },
    );
    check(
        "订单已冻结",
        |_| {},
        |merchant, no| {
            merchant.on(no, |tx, _, no| erp::order::freeze(tx, no, 2, "等客户", "t")).unwrap();
        },
    );
    let merchant = merchant();
    merchant.push(two_lines("A")).unwrap();
    let no = merchant.order_of("A").unwrap().no;
    assert!(merchant.merge(&[&no]).is_err() && merchant.merge(&[&no, &no]).is_err() && merchant.merge(&[]).is_err());
}

fn automatic(mode: MergeMode) -> Merchant {
    let mut merchant = merchant();
    merchant.settings.flow.merge = mode;
    merchant
}

#[test]
fn a_later_order_joins_an_earlier_one() {
    let merchant = automatic(MergeMode::Auto);
    let (a, b) = (two_lines("A"), two_lines("B"));
    merchant.push(a.clone()).unwrap();
    merchant.push(b.clone()).unwrap();
    let mut elsewhere = two_lines("C");
    elsewhere.buyer.address = "花园路2号".into();
    merchant.push(elsewhere).unwrap();
    let orders = merchant.orders();
    assert_eq!(orders.len(), 2, "the second order was never one of its own");
    let kept = merchant.order_of("A").unwrap();
    assert_eq!(merchant.order_of("B").unwrap().id, kept.id);
    assert_eq!((kept.lines.len(), kept.paid), (4, a.paid + b.paid));
    assert!(kept.lines.iter().all(|line| line.reserved == Reserved::Order));
    assert_ne!(merchant.order_of("C").unwrap().id, kept.id);
    merchant.assert_books_balance();

    // What was released takes nobody in any more.
    merchant.audit(&kept.no).unwrap();
    merchant.push(two_lines("D")).unwrap();
    assert_ne!(merchant.order_of("D").unwrap().id, kept.id);
}

#[test]
fn an_order_waits_for_the_unpaid_one_of_the_same_buyer() {
    let mut merchant = automatic(MergeMode::Auto);
    merchant.settings.flow.sibling_minutes = 30;
    let mut unpaid = two_lines("U");
    unpaid.status = TradeStatus::Unpaid;
    unpaid.paid = units::Money::ZERO;
    merchant.push(unpaid).unwrap();
    merchant.push(two_lines("A")).unwrap();
    let waiting = merchant.order_of("A").unwrap();
    assert_eq!((waiting.status, waiting.marks.unmerge_mask), (OrderStatus::AwaitingSibling, 1));
    assert!(merchant.audit(&waiting.no).is_err());
    merchant.push(two_lines("U")).unwrap();
    let kept = merchant.order(&waiting.no);
    assert_eq!((kept.status, kept.lines.len()), (OrderStatus::AwaitingAudit, 4));
    assert_eq!(merchant.raw("U").orders, [kept.id]);
    assert_eq!(money(&merchant.orders()), pushed_money(&[&two_lines("U"), &two_lines("A")]));
    merchant.assert_books_balance();
}

#[test]
fn or_until_that_one_is_closed() {
    let mut merchant = automatic(MergeMode::Auto);
    merchant.settings.flow.sibling_minutes = 30;
    let mut unpaid = two_lines("U");
    unpaid.status = TradeStatus::Unpaid;
    merchant.push(unpaid.clone()).unwrap();
    merchant.push(two_lines("A")).unwrap();
    assert_eq!(merchant.order_of("A").unwrap().status, OrderStatus::AwaitingSibling);
    unpaid.status = TradeStatus::Closed;
    merchant.push(unpaid).unwrap();
    let order = merchant.order_of("A").unwrap();
    assert_eq!((order.status, order.marks.wakes, order.marks.unmerge_mask), (OrderStatus::AwaitingAudit, None, 0));
    merchant.audit(&order.no).unwrap();
    merchant.assert_books_balance();
}

#[test]
fn or_both_are_only_marked() {
    let merchant = automatic(MergeMode::Mark);
    merchant.push(two_lines("A")).unwrap();
    merchant.push(two_lines("B")).unwrap();
    for tid in ["A", "B"] {
        assert_eq!(merchant.order_of(tid).unwrap().marks.unmerge_mask, 2, "{tid}");
    }
    assert_eq!(merchant.orders().len(), 2);
    let numbers = [merchant.order_of("A").unwrap().no, merchant.order_of("B").unwrap().no];
    assert_eq!(merchant.merge(&[&numbers[0], &numbers[1]]).unwrap().marks.unmerge_mask, 0);
}

#[test]
fn or_until_a_person_cancels_that_one() {
    let mut merchant = automatic(MergeMode::Auto);
    merchant.settings.flow.sibling_minutes = 30;
    for tid in ["U", "V"] {
        let mut unpaid = two_lines(tid);
        unpaid.status = TradeStatus::Unpaid;
        unpaid.paid = units::Money::ZERO;
        merchant.push(unpaid).unwrap();
    }
    merchant.push(two_lines("A")).unwrap();
    for (tid, status) in [("U", OrderStatus::AwaitingSibling), ("V", OrderStatus::AwaitingAudit)] {
        let no = merchant.order_of(tid).unwrap().no;
        merchant.on(&no, |tx, settings, no| erp::order::cancel(tx, settings, no, "买家不要了")).unwrap();
        let order = merchant.order_of("A").unwrap();
        assert_eq!((order.status, order.marks.wakes.is_some()), (status, status == OrderStatus::AwaitingSibling));
    }
    merchant.assert_books_balance();
}
