//! Customers: found again by shop and nick, or by mobile; sealed; none when nobody wants them.

use erp::catalog::{self, CustomerFilter, Page};

use super::{TENANT, merchant, two_lines};

#[test]
fn found_by_nick_or_by_mobile() {
    let mut merchant = merchant();
    merchant.push(two_lines("BEFORE")).unwrap();
    assert_eq!(merchant.order_of("BEFORE").unwrap().marks.customer, 0);
    merchant.settings.flow.customers = true;
    let mut pushed = two_lines("A");
    merchant.push(pushed.clone()).unwrap();
    let first = merchant.order_of("A").unwrap().marks;
    assert_eq!(first.customer_no, "KH202601020001");

    pushed = two_lines("B");
    pushed.buyer.mobile = "13611111111".into();
    merchant.push(pushed.clone()).unwrap();
    assert_eq!(merchant.order_of("B").unwrap().marks.customer, first.customer, "the same nick");

    pushed = two_lines("C");
    pushed.buyer.nick = "别名".into();
    pushed.buyer.mobile = "13611111111".into();
    merchant.push(pushed.clone()).unwrap();
    assert_eq!(merchant.order_of("C").unwrap().marks.customer, first.customer, "the same mobile");

    pushed = two_lines("D");
    pushed.buyer.nick = "另一人".into();
    pushed.buyer.mobile = "13622222222".into();
    merchant.push(pushed).unwrap();
    assert_eq!(merchant.order_of("D").unwrap().marks.customer_no, "KH202601020002");

    let found = merchant
        .store
        .read_blocking(TENANT, |reader| {
            let filter = CustomerFilter { mobile: Some("13611111111"), ..CustomerFilter::default() };
            catalog::customers(reader, &filter, Page::ALL)
        })
        .unwrap();
    assert_eq!((found.rows.len(), found.rows[0].orders, found.rows[0].facts.nick.as_str()), (1, 3, "别名"));
}
