//! Splitting: by lines, by pieces, by stock, by warehouse, in parcels; two waybills for one raw order; one waybill for one line.

use erp::order::{self, OrderStatus, ProcessStatus, Reserved, Shipping, Take};
use erp::{Error, Refusal};
use units::{Money, Quantity};

use super::{Merchant, line, merchant, money, paid, pushed_money, two_lines};

#[test]
fn lines_leave_with_their_money_and_their_stock() {
    let merchant = merchant();
    let pushed = two_lines("T");
    merchant.push(pushed.clone()).unwrap();
    let order = merchant.order_of("T").unwrap();
    let (kept, part) = merchant.split(&order.no, &[(order.lines[1].id, None)]).unwrap();
    assert_eq!((kept.lines.len(), part.lines.len()), (1, 1));
    assert_eq!((part.marks.split_from, part.status), (order.id, OrderStatus::AwaitingAudit));
    assert_eq!(merchant.raw("T").orders, [kept.id, part.id]);
    assert_eq!(money(&merchant.orders()), pushed_money(&[&pushed]));
    assert!(kept.paid == kept.due && part.paid == part.due, "both are paid in full");
    merchant.assert_books_balance();

    // Each ships by itself: two rows, each with its own lines.
    for (no, waybill, process) in
        [(&part.no, "W1", ProcessStatus::PartlyShipped), (&kept.no, "W2", ProcessStatus::Shipped)]
    {
        merchant.audit(no).unwrap();
        merchant.ship(no, waybill).unwrap();
        assert_eq!(merchant.raw("T").process, process);
    }
    let rows = merchant.syncs();
    let told: Vec<_> = rows.iter().map(|row| (row.oids.join(","), row.is_part, row.is_last)).collect();
    assert_eq!(told, [("T-2".to_owned(), true, false), ("T-1".to_owned(), true, true)]);
    assert_eq!((merchant.order(&part.no).marks.trade_mask, merchant.order(&kept.no).marks.trade_mask), (64, 128));
    merchant.assert_books_balance();
}

#[test]
fn pieces_of_one_line_share_its_amounts_to_the_last_digit() {
    let merchant = merchant();
    let mut pushed = paid("T", vec![line("T-1", "RED", 7, 3)]);
    pushed.lines[0].discount = Money::whole(1);
    pushed.other_amount = Money::whole(2);
    pushed.paid = Money::whole(21 - 1 + 10 + 2);
    merchant.push(pushed.clone()).unwrap();
    let order = merchant.order_of("T").unwrap();
    let (kept, part) = merchant.split(&order.no, &[(order.lines[0].id, Some(3))]).unwrap();
    assert_eq!(part.lines[0].share_amount.to_string(), "8.5714");
    assert_eq!(kept.lines[0].share_amount.to_string(), "11.4286");
    assert_eq!((kept.lines[0].num, part.lines[0].num), (Quantity::whole(4), Quantity::whole(3)));
    assert!(kept.lines[0].flag != 0 && kept.lines[0].flag != part.lines[0].flag);
    assert_eq!(kept.other_amount + part.other_amount, pushed.other_amount);
    assert_eq!(kept.lines[0].discount + part.lines[0].discount, Money::whole(1));
    assert_eq!(money(&merchant.orders()), pushed_money(&[&pushed]));
    assert_eq!(merchant.stock("RED")[1], 7);
    merchant.audit(&kept.no).unwrap();
    merchant.audit(&part.no).unwrap();
    merchant.ship(&kept.no, "W1").unwrap();
    merchant.ship(&part.no, "W2").unwrap();
    // One line, one waybill: the second parcel tells the mall nothing.
    let rows = merchant.syncs();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].carriage.waybill.as_str(), rows[0].is_part, rows[0].is_last), ("W1", false, true));
    assert_eq!(merchant.raw("T").process, ProcessStatus::Shipped);
    assert_eq!(merchant.stock("RED"), [3, 0, 0, 0, 3]);
    merchant.assert_books_balance();
}

#[test]
fn a_line_that_waits_keeps_its_place_when_it_is_split() {
    let merchant = merchant();
    for (tid, num) in [("A", 10), ("B", 4), ("C", 2)] {
        merchant
            .push(paid(tid, vec![line(&format!("{tid}-1"), "RED", num, 9), line(&format!("{tid}-2"), "BLUE", 1, 9)]))
            .unwrap();
    }
    let b = merchant.order_of("B").unwrap();
    let (kept, part) = merchant.split(&b.no, &[(b.lines[0].id, Some(3))]).unwrap();
    assert_eq!([kept.lines[0].reserved, part.lines[0].reserved], [Reserved::Waiting; 2]);
    let held = |no: &str| merchant.order(no).lines[0].reserved == Reserved::Order;
    let c = merchant.order_of("C").unwrap().no;
    merchant.stock_in("IN-3", "RED", 2).unwrap();
    assert_eq!(
        [held(&kept.no), held(&part.no), held(&c)],
        [true, false, false],
        "one for the rest, the part needs three"
    );
    merchant.stock_in("IN-4", "RED", 2).unwrap();
    assert_eq!([held(&part.no), held(&c)], [true, false], "the part stands before C");
    merchant.stock_in("IN-5", "RED", 2).unwrap();
    assert!(held(&c));
    merchant.assert_books_balance();
}

#[test]
fn by_stock_what_is_there_can_leave() {
    let merchant = merchant();
    let pushed = paid("T", vec![line("T-1", "RED", 12, 9), line("T-2", "BLUE", 1, 9), line("T-3", "GREEN", 1, 9)]);
    merchant.push(pushed.clone()).unwrap();
    let order = merchant.order_of("T").unwrap();
    let (kept, part) = merchant.on_both(&order.no, order::split_by_stock);
    let shown = |order: &erp::order::Order| -> Vec<(String, i64, Reserved)> {
        order.lines.iter().map(|l| (l.spec_no.clone(), l.actual_num.floor(), l.reserved)).collect()
    };
    assert_eq!(shown(&kept), [("RED".to_owned(), 10, Reserved::Order), ("BLUE".to_owned(), 1, Reserved::Order)]);
    assert_eq!(shown(&part), [("RED".to_owned(), 2, Reserved::Waiting), ("GREEN".to_owned(), 1, Reserved::Waiting)]);
    assert_eq!(money(&merchant.orders()), pushed_money(&[&pushed]));
    merchant.audit(&kept.no).unwrap();
    assert!(matches!(merchant.audit(&part.no), Err(Error::Refused(Refusal::Short { .. }))));
    merchant.assert_books_balance();

    // The same by itself, when the merchant wants it.
    let mut automatic = super::merchant();
    automatic.settings.flow.split_by_stock = true;
    automatic.push(pushed.clone()).unwrap();
    let orders = automatic.orders_of("T");
    assert_eq!(orders.len(), 2);
    assert_eq!(orders[1].marks.split_from, -orders[0].id, "negative: a rule did it");
    assert_eq!(shown(&orders[0]), shown(&kept));
    assert_eq!(shown(&orders[1]), shown(&part));
    assert_eq!(money(&automatic.orders()), pushed_money(&[&pushed]));
    automatic.assert_books_balance();
}

impl Merchant {
    fn on_both<F>(&self, no: &str, run: F) -> (erp::order::Order, erp::order::Order)
    where
        F: Fn(&mut store::Tx, &erp::Settings, &str) -> Result<(erp::order::Order, erp::order::Order), Error>
            + Send
            + 'static,
    {
        let no = no.to_owned();
        self.write(move |tx, settings| run(tx, settings, &no)).unwrap()
    }
}

#[test]
fn several_parcels_of_an_order_that_the_warehouse_has() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let order = merchant.order_of("T").unwrap();
    merchant.audit(&order.no).unwrap();
    let takes = [Take { line: order.lines[0].id, num: Some(Quantity::whole(1)) }];
    let left = merchant
        .on(&order.no, move |tx, settings, no| {
            let how = Shipping { waybill: "W1", parcels: vec!["W1-2".into()], ..Shipping::default() };
            order::ship_part(tx, settings, no, &takes, &how)
        })
        .unwrap();
    assert_eq!((left.status, left.lines[0].actual_num), (OrderStatus::Shipped, Quantity::whole(1)));
    assert_eq!(left.marks.parcels, ["W1-2"]);
    let rest = merchant.order(&order.no);
    assert_eq!((rest.status, rest.lines.len()), (OrderStatus::Audited, 2));
    assert_eq!(merchant.stock("RED"), [9, 0, 1, 0, 8]);
    assert_eq!(merchant.raw("T").process, ProcessStatus::PartlyShipped);
    merchant.ship(&rest.no, "W2").unwrap();
    let rows = merchant.syncs();
    let told: Vec<_> =
        rows.iter().map(|r| (r.carriage.waybill.as_str(), r.oids.join(","), r.is_part, r.is_last)).collect();
    assert_eq!(told, [("W1", "T-1".to_owned(), true, false), ("W2", "T-2".to_owned(), true, true)]);
    assert_eq!(merchant.raw("T").process, ProcessStatus::Shipped);
    merchant.assert_books_balance();
}

#[test]
fn what_cannot_be_split_is_refused() {
    let merchant = merchant();
    merchant.push(two_lines("T")).unwrap();
    let order = merchant.order_of("T").unwrap();
    let (first, second) = (order.lines[0].id, order.lines[1].id);
    let check = |takes: &[(i64, Option<i64>)]| {
        let refused = merchant.split(&order.no, takes);
        assert!(matches!(refused, Err(Error::Refused(Refusal::Invalid { field: "split", .. }))), "{takes:?}");
    };
    check(&[]);
    check(&[(first, None), (second, None)]);
    check(&[(first, Some(3))]);
    check(&[(first, Some(0))]);
    check(&[(first, Some(1)), (first, Some(1))]);
    check(&[(first + 1000, None)]);
    merchant.on(&order.no, |tx, _, no| order::freeze(tx, no, 2, "", "t")).unwrap();
    check(&[(first, None)]);
    assert_eq!(merchant.orders().len(), 1);
}

#[test]
fn a_merged_order_comes_apart_again() {
    let merchant = merchant();
    let (a, mut b) = (two_lines("A"), two_lines("B"));
    merchant.push(a.clone()).unwrap();
    merchant.push(b.clone()).unwrap();
    let numbers = [merchant.order_of("A").unwrap().no, merchant.order_of("B").unwrap().no];
    let kept = merchant.merge(&[&numbers[0], &numbers[1]]).unwrap();
    // B moves house: the parcel must not leave before somebody decides.
    b.buyer.address = "花园路2号".into();
    merchant.push(b.clone()).unwrap();
    assert!(matches!(merchant.audit(&kept.no), Err(Error::Refused(Refusal::Frozen(..)))));
    merchant.on(&kept.no, |tx, settings, no| order::unfreeze(tx, settings, no, "t")).unwrap();
    let takes: Vec<_> = kept.lines.iter().filter(|l| l.tid == "B").map(|l| (l.id, None)).collect();
    let (rest, part) = merchant.split(&kept.no, &takes).unwrap();
    assert_eq!((rest.raw.len(), part.raw.len()), (1, 1));
    assert_eq!(merchant.raw("A").orders, [rest.id]);
    assert_eq!(merchant.raw("B").orders, [part.id]);
    let address = |no: &str| merchant.buyer(no).address;
    assert_eq!([address(&rest.no), address(&part.no)], ["花园路1号", "花园路2号"]);
    assert_eq!(money(&merchant.orders()), pushed_money(&[&a, &b]));
    merchant.assert_books_balance();
}

impl Merchant {
    pub(super) fn buyer(&self, no: &str) -> order::Buyer {
        let no = no.to_owned();
        self.store
            .read_blocking(super::TENANT, move |reader| {
                let filter = order::OrderFilter { no: Some(&no), ..order::OrderFilter::default() };
                let found = order::orders(reader, &filter, erp::catalog::Page::ALL)?;
                Ok::<_, Error>(found.rows.into_iter().next().map(|(_, buyer)| buyer).unwrap_or_default())
            })
            .unwrap()
    }
}
