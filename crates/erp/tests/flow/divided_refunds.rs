//! Orders that are split and merged after a part of them was refunded before shipment: no money is lost, no piece refunded twice.

use erp::aftersale::{
    self, AftersaleRefusal, NewRefund, NewRefundLine, RefundKind, RefundOrder, ReturnParcel, SwapReceiver,
};
use erp::{Error, Refusal};
use units::{Money, Quantity};

use super::{Merchant, TENANT, line, merchant, money, paid, pushed_money};

impl Merchant {
    /// A refund before shipment of so many pieces of a line.
    fn refund(&self, tid: &str, oid: &str, num: i64, audit: bool) -> Result<RefundOrder, Error> {
        let (tid, oid) = (tid.to_owned(), oid.to_owned());
        self.write(move |tx, settings| {
            let new = NewRefund {
                kind: RefundKind::Unshipped,
                tid: tid.clone(),
                outer_no: String::new(),
                lines: vec![NewRefundLine { oid: oid.clone(), num: Quantity::whole(num) }],
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
            let made = aftersale::create_refund(tx, settings, &new, "t")?;
            if audit { aftersale::audit_refund(tx, settings, &made.no, "t") } else { Ok(made) }
        })
    }

    fn refund_order(&self, no: &str) -> RefundOrder {
        let no = no.to_owned();
        self.store.read_blocking(TENANT, move |reader| aftersale::refund_by_no(reader, &no)).unwrap()
    }
}

fn nothing_left(result: Result<RefundOrder, Error>) -> bool {
    matches!(result, Err(Error::Refused(Refusal::Aftersale(AftersaleRefusal::NothingLeft { .. }))))
}

#[test]
fn what_was_refunded_stays_with_its_line() {
    let merchant = merchant();
    let mut pushed = paid("T", vec![line("T-1", "RED", 4, 7), line("T-2", "BLUE", 1, 5)]);
    pushed.lines[0].discount = Money::whole(1);
    pushed.paid = Money::whole(28 - 1 + 5 + 10);
    merchant.push(pushed.clone()).unwrap();
    let refunded = merchant.refund("T", "T-1", 1, true).unwrap();
    let order = merchant.order_of("T").unwrap();
    assert_eq!((order.lines[0].num, order.lines[0].actual_num), (Quantity::whole(4), Quantity::whole(3)));
    merchant.assert_books_balance();

    // One of the three that are left leaves with a quarter of what four cost.
    let (kept, part) = merchant.split(&order.no, &[(order.lines[0].id, Some(1))]).unwrap();
    assert_eq!(part.lines[0].share_amount.to_string(), "6.7500");
    assert_eq!((kept.lines[0].num, kept.lines[0].actual_num), (Quantity::whole(3), Quantity::whole(2)));
    assert_eq!(money(&merchant.orders()), pushed_money(&[&pushed]));
    merchant.assert_books_balance();

    // The rest of the line leaves whole, and its refund goes along.
    let (_, rest) = merchant.split(&kept.no, &[(kept.lines[0].id, None)]).unwrap();
    let followed = merchant.refund_order(&refunded.no);
    assert_eq!((followed.order, followed.lines[0].order_no.as_str()), (rest.id, rest.no.as_str()));
    assert_eq!(money(&merchant.orders()), pushed_money(&[&pushed]));
    merchant.assert_books_balance();

    assert!(nothing_left(merchant.refund("T", "T-1", 4, true)), "one is refunded already");
    merchant.refund("T", "T-1", 3, true).unwrap();
    assert!(nothing_left(merchant.refund("T", "T-1", 1, true)));
    merchant.assert_books_balance();
}

#[test]
fn pieces_of_an_open_refund_do_not_leave_their_line() {
    let merchant = merchant();
    merchant.push(paid("T", vec![line("T-1", "RED", 3, 10)])).unwrap();
    let open = merchant.refund("T", "T-1", 2, false).unwrap();
    let order = merchant.order_of("T").unwrap();
    let refused = merchant.split(&order.no, &[(order.lines[0].id, Some(2))]);
    assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid { field: "split", .. }))));
    merchant.split(&order.no, &[(order.lines[0].id, Some(1))]).unwrap();
    merchant
        .on(&order.no, move |tx, settings, no| {
            aftersale::audit_refund(tx, settings, &open.no, "t")?;
            erp::order::order_by_no(tx, no)
        })
        .unwrap();
    assert_eq!(merchant.stock("RED")[1], 1, "the one that left is still ordered");
    merchant.assert_books_balance();
}

#[test]
fn a_merged_order_still_knows_what_was_refunded() {
    let merchant = merchant();
    merchant.push(paid("A", vec![line("A-1", "BLUE", 1, 5)])).unwrap();
    merchant.push(paid("B", vec![line("B-1", "RED", 3, 10)])).unwrap();
    let refunded = merchant.refund("B", "B-1", 1, true).unwrap();
    let (a, b) = (merchant.order_of("A").unwrap(), merchant.order_of("B").unwrap());
    let all = merchant.merge(&[&a.no, &b.no]).unwrap();
    assert_eq!(merchant.refund_order(&refunded.no).order_no, all.no);
    merchant.assert_books_balance();
    assert!(nothing_left(merchant.refund("B", "B-1", 3, true)));
    merchant.refund("B", "B-1", 2, true).unwrap();
    assert_eq!(merchant.stock("RED")[1], 0);
    merchant.assert_books_balance();
}
