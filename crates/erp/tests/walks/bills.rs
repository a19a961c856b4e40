//! Lines of platform bills.

use std::sync::LazyLock;

use erp::report::{self, BILL, BillEvent, BillStatus, NewBill};
use erp::{Error, catalog};
use units::Money;

use crate::orders::merchant;
use crate::support::{Merchant, TENANT};
use crate::walk::{Command, Reached, Walk, table};

fn fire(merchant: &Merchant, key: &str, event: BillEvent) -> Result<(), Error> {
    let key = key.parse().unwrap();
    merchant.write(move |tx, _| report::change_bill(tx, key, event).map(drop))
}

const COMMANDS: &[Command] = &[
    Command { name: "link", events: &["关联"], run: |m, key| fire(m, key, BillEvent::Link) },
    Command { name: "confirm", events: &["确认"], run: |m, key| fire(m, key, BillEvent::Confirm) },
    Command { name: "reconcile", events: &["对账"], run: |m, key| fire(m, key, BillEvent::Reconcile) },
    Command { name: "reopen", events: &["反确认"], run: |m, key| fire(m, key, BillEvent::Reopen) },
];

pub(crate) static BILLS: LazyLock<Reached> = LazyLock::new(|| {
    let walk = Walk {
        table: table(&BILL),
        open: |merchant, _| {
            let order_no = merchant.fresh("B");
            let key = merchant.write(move |tx, _| {
                let shop = catalog::shop_by_no(tx, "S1")?.id;
                let new = NewBill {
                    kind: 1,
                    order_no: order_no.clone(),
                    in_amount: Money::whole(9),
                    paid: tx.now(),
                    ..NewBill::default()
                };
                report::import_bills(tx, shop, &[new])?;
                let all = report::bills(tx, &report::BillFilter::default(), catalog::Page::ALL)?;
                Ok(all.rows.iter().find(|bill| bill.facts.order_no == order_no).map_or(0, |bill| bill.id))
            });
            key.unwrap().to_string()
        },
        born: None,
        edges: Vec::new(),
        state: |merchant, key| {
            let key: i64 = key.parse().unwrap();
            merchant
                .store
                .read_blocking(TENANT, move |reader| report::bill_by_id(reader, key))
                .unwrap()
                .unwrap()
                .status
                .code()
        },
        commands: COMMANDS,
    };
    use BillStatus::{Confirmed, Reconciled, Unconfirmed, Unlinked};
    walk.check(&merchant(), &[Unlinked, Unconfirmed, Confirmed, Reconciled].map(BillStatus::code))
});

#[test]
fn bill_lines_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&BILLS);
}
