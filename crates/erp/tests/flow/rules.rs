//! Rules at work: gifts, pre-sale, warehouse, carrier, audit by rule, delay.

use erp::catalog;
use erp::order::{self, Given, OrderStatus, Reserved, Rule, RuleKind, Then, When};
use units::{Moment, Money, Quantity};

use super::{Merchant, line, merchant, money, paid, pushed_money, two_lines};

impl Merchant {
    fn rule(&self, kind: RuleKind, name: &'static str, when: When, then: Then) -> i64 {
        self.write(move |tx, _| {
            let (when, then) = (when.clone(), then.clone());
            let now = tx.now();
            let name = name.to_owned();
            let draft =
                Rule { id: 0, kind, name, priority: 1, disabled: false, when, then, created: now, modified: now };
            Ok(order::create_rule(tx, draft)?.id)
        })
        .unwrap()
    }

    fn spec(&self, no: &'static str) -> i64 {
        self.store.read_blocking(super::TENANT, move |r| catalog::spec_by_no(r, no)).unwrap().unwrap().id
    }

    fn warehouse(&self, no: &'static str) -> i64 {
        self.store.read_blocking(super::TENANT, move |r| catalog::warehouse_by_no(r, no)).unwrap().id
    }

    fn stock_in_at(&self, warehouse: &'static str, outer_no: &str, spec_no: &str, num: i64) {
        let mut new =
            erp::stock::NewStockIn { warehouse_no: warehouse.into(), ..self.new_stock_in(outer_no, spec_no, num) };
        new.audit = true;
        self.write(move |tx, settings| erp::stock::push_other_stock_in(tx, settings, &new).map(drop)).unwrap();
    }
}

fn gift(spec: i64, num: i64) -> Then {
    Then { gifts: vec![Given { spec, spec_no: String::new(), num: Quantity::whole(num) }], ..Then::default() }
}

#[test]
fn gifts_are_given_once_and_cost_nothing() {
    let mut merchant = merchant();
    merchant.settings.flow.gifts = true;
    let when = When { min_amount: Money::whole(20), ..When::default() };
    merchant.rule(RuleKind::Gift, "满20送蓝", when, gift(merchant.spec("BLUE"), 1));
    let pushed = two_lines("T");
    merchant.push(pushed.clone()).unwrap();
    merchant.push(paid("S", vec![line("S-1", "RED", 1, 9)])).unwrap();
    let order = merchant.order_of("T").unwrap();
    let gifts: Vec<_> = order.lines.iter().filter(|l| l.gift_type == 1).collect();
    assert_eq!((gifts.len(), order.marks.gift_mask), (1, order::GIFT_AUTOMATIC));
    assert_eq!((gifts[0].reserved, gifts[0].share_amount), (Reserved::Order, Money::ZERO));
    assert_eq!(merchant.order_of("S").unwrap().marks.gift_mask, order::GIFT_NONE);
    assert_eq!(order.paid, pushed.paid);
    assert_eq!(merchant.stock("BLUE"), [10, 2, 0, 0, 8]);

    // A line is refunded: the gift may not be deserved any more, somebody should look.
    let mut refunded = pushed;
    refunded.lines[0].refund_status = 5;
    merchant.push(refunded.clone()).unwrap();
    assert_eq!(merchant.order_of("T").unwrap().bad_reason, order::BAD_GIFT);
    let audited = merchant.audit(&order.no).unwrap();
    refunded.lines[1].refund_status = 5;
    merchant.push(refunded).unwrap();
    assert_eq!(merchant.block_of(&audited), order::BLOCK_REFUNDED | order::BLOCK_GIFT);
    merchant.assert_books_balance();
}

#[test]
fn an_unpaid_order_gets_its_gift_when_it_is_paid() {
    let mut merchant = merchant();
    merchant.settings.flow.gifts = true;
    merchant.rule(RuleKind::Gift, "都送", When::default(), gift(merchant.spec("BLUE"), 1));
    let mut unpaid = paid("T", vec![line("T-1", "RED", 1, 9)]);
    unpaid.status = order::TradeStatus::Unpaid;
    merchant.push(unpaid).unwrap();
    assert_eq!(merchant.order_of("T").unwrap().lines.len(), 1);
    merchant.push(paid("T", vec![line("T-1", "RED", 1, 9)])).unwrap();
    assert_eq!(merchant.order_of("T").unwrap().lines.len(), 2);
    assert_eq!((merchant.stock("RED")[1], merchant.stock("BLUE")[1]), (1, 1));
    merchant.assert_books_balance();
}

#[test]
fn a_pre_sale_waits_for_its_day_and_holds_its_stock() {
    let mut merchant = merchant();
    merchant.settings.flow.presale = true;
    let day = Moment::parse("2026-01-05 00:00:00").unwrap();
    let when = When { specs: vec![merchant.spec("RED")], ..When::default() };
    merchant.rule(RuleKind::Presale, "预售", when, Then { delivers_from: Some(day), ..Then::default() });
    merchant.push(paid("P", vec![line("P-1", "RED", 6, 9)])).unwrap();
    merchant.push(paid("Q", vec![line("Q-1", "RED", 6, 9)])).unwrap();
    merchant.push(paid("N", vec![line("N-1", "BLUE", 1, 9)])).unwrap();
    let state = |tid: &str| {
        let order = merchant.order_of(tid).unwrap();
        (order.status, order.lines[0].reserved)
    };
    assert_eq!(state("P"), (OrderStatus::Presale, Reserved::Presale));
    assert_eq!(state("Q"), (OrderStatus::Presale, Reserved::Waiting), "four are left");
    assert_eq!(state("N"), (OrderStatus::AwaitingAudit, Reserved::Order));
    assert_eq!(merchant.stock("RED"), [10, 0, 0, 0, 4]);
    merchant.stock_in("IN-9", "RED", 2).unwrap();
    assert_eq!(state("Q"), (OrderStatus::Presale, Reserved::Presale), "served as a pre-sale");
    merchant.tick();
    assert_eq!(state("P").0, OrderStatus::Presale, "not yet");
    merchant.clock.advance(3 * 24 * 3600);
    merchant.tick();
    assert_eq!(state("P"), (OrderStatus::AwaitingAudit, Reserved::Order));
    assert_eq!(merchant.stock("RED"), [12, 12, 0, 0, 0]);
    merchant.push(paid("L", vec![line("L-1", "RED", 1, 9)])).unwrap();
    assert_eq!(state("L").0, OrderStatus::AwaitingAudit, "the day has come");
    merchant.assert_books_balance();
}

#[test]
fn the_warehouse_that_can_ship_all() {
    let mut merchant = merchant();
    merchant.settings.flow.warehouse_strategy = true;
    merchant.settings.flow.split_by_warehouse = true;
    merchant.settings.flow.no_warehouse_waits = true;
    let (one, two) = (merchant.warehouse("WH01"), merchant.warehouse("WH02"));
    let near = || When { regions: vec![110_000], ..When::default() };
    merchant.rule(RuleKind::Warehouse, "一仓", near(), Then { warehouse: one, ..Then::default() });
    merchant.rule(RuleKind::Warehouse, "二仓", near(), Then { warehouse: two, ..Then::default() });
    merchant.stock_in_at("WH02", "W2-1", "RED", 20);
    merchant.stock_in_at("WH02", "W2-2", "GREEN", 20);

    merchant.push(paid("A", vec![line("A-1", "RED", 2, 9)])).unwrap();
    assert_eq!(merchant.order_of("A").unwrap().warehouse, one, "both can, the first comes first");
    merchant.push(paid("B", vec![line("B-1", "RED", 12, 9)])).unwrap();
    assert_eq!(merchant.order_of("B").unwrap().warehouse, two, "only the second can");
    let pushed = paid("C", vec![line("C-1", "BLUE", 1, 9), line("C-2", "GREEN", 1, 5), line("C-3", "RED", 1, 7)]);
    merchant.push(pushed.clone()).unwrap();
    let orders = merchant.orders_of("C");
    let shown: Vec<_> = orders
        .iter()
        .map(|order| (order.warehouse, order.lines.iter().map(|l| l.spec_no.as_str()).collect::<Vec<_>>().join(",")))
        .collect();
    assert_eq!(shown, [(one, "BLUE,RED".to_owned()), (two, "GREEN".to_owned())]);
    assert!(orders.iter().flat_map(|order| &order.lines).all(|line| line.reserved == Reserved::Order));
    assert!(orders.iter().all(|order| order.paid == order.due));
    assert_eq!(money(&orders), pushed_money(&[&pushed]));

    // The mall names one: no question. Nobody serves the address: a person decides.
    let mut named = paid("D", vec![line("D-1", "GREEN", 1, 9)]);
    named.warehouse_no = Some("WH01".into());
    merchant.push(named).unwrap();
    assert_eq!(merchant.order_of("D").unwrap().warehouse, one);
    let mut far = paid("E", vec![line("E-1", "RED", 1, 9)]);
    far.region = [540_000, 540_100, 540_102];
    merchant.push(far).unwrap();
    let order = merchant.order_of("E").unwrap();
    assert_eq!((order.status, order.lines[0].reserved), (OrderStatus::AwaitingWarehouse, Reserved::Nothing));
    assert!(merchant.audit(&order.no).is_err());
    let chosen =
        merchant.on(&order.no, |tx, settings, no| order::choose_warehouse(tx, settings, no, "WH02", "t")).unwrap();
    assert_eq!((chosen.status, chosen.lines[0].reserved), (OrderStatus::AwaitingAudit, Reserved::Order));
    merchant.assert_books_balance();
}

#[test]
fn the_carrier_of_the_first_rule_that_holds() {
    let mut merchant = merchant();
    merchant.settings.flow.carrier_strategy = true;
    let sf = merchant
        .write(|tx, _| {
            let carrier = catalog::Carrier { no: "SF".into(), name: "顺丰".into(), kind: 8, ..Default::default() };
            Ok(catalog::create_carrier(tx, carrier)?.id)
        })
        .unwrap();
    let when = When { regions: vec![110_000], min_amount: Money::whole(20), ..When::default() };
    merchant.rule(RuleKind::Carrier, "京内顺丰", when, Then { carrier: sf, ..Then::default() });
    merchant.push(two_lines("A")).unwrap();
    merchant.push(paid("B", vec![line("B-1", "RED", 1, 9)])).unwrap();
    let mut wanted = two_lines("C");
    wanted.logistics_type = Some(5);
    merchant.push(wanted).unwrap();
    let carrier = |tid: &str| merchant.order_of(tid).unwrap().carriage.no;
    assert_eq!([carrier("A"), carrier("B"), carrier("C")], ["SF", "ZTO", "ZTO"]);
}

#[test]
fn plain_orders_go_by_rule_and_late_stock_lets_them_go_too() {
    let mut merchant = merchant();
    merchant.settings.flow.auto_audit = true;
    merchant.rule(
        RuleKind::Audit,
        "小单",
        When { max_amount: Money::whole(50), no_remarks: true, ..When::default() },
        Then::default(),
    );
    merchant.push(two_lines("A")).unwrap();
    let mut said = two_lines("B");
    said.buyer_message = Some("快".into());
    merchant.push(said).unwrap();
    merchant.push(paid("C", vec![line("C-1", "RED", 6, 9)])).unwrap();
    merchant.push(paid("D", vec![line("D-1", "GREEN", 1, 9)])).unwrap();
    let status = |tid: &str| merchant.order_of(tid).unwrap().status.code();
    assert_eq!(["A", "B", "C", "D"].map(status), [55, 30, 30, 30]);
    assert_eq!(merchant.order_of("A").unwrap().checker, "auto:小单");
    merchant.stock_in("IN-3", "GREEN", 1).unwrap();
    merchant.tick();
    assert_eq!(status("D"), 55);
    merchant.assert_books_balance();
}

#[test]
fn a_delay_ends_by_itself() {
    let mut merchant = merchant();
    merchant.settings.flow.delay_minutes = 10;
    merchant.push(two_lines("T")).unwrap();
    let order = merchant.order_of("T").unwrap();
    assert_eq!((order.status, order.lines[0].reserved), (OrderStatus::DelayedAudit, Reserved::Order));
    assert_eq!(order.marks.wakes, Some(order.created.plus(600)));
    assert!(merchant.audit(&order.no).is_err());
    merchant.clock.advance(599);
    merchant.tick();
    assert_eq!(merchant.order(&order.no).status, OrderStatus::DelayedAudit);
    merchant.clock.advance(1);
    merchant.tick();
    let woken = merchant.order(&order.no);
    assert_eq!((woken.status, woken.marks.wakes), (OrderStatus::AwaitingAudit, None));
    merchant.audit(&order.no).unwrap();
}

#[test]
fn rules_are_named_changed_and_removed() {
    let merchant = merchant();
    let id = merchant.rule(RuleKind::Gift, "送", When::default(), gift(merchant.spec("BLUE"), 1));
    let again = merchant.write(move |tx, _| {
        let rule = order::rule_by_id(tx, id)?;
        order::create_rule(tx, rule).map(drop)
    });
    assert!(matches!(again, Err(erp::Error::Refused(erp::Refusal::Exists { .. }))));
    let empty = merchant.write(move |tx, _| {
        let rule = order::rule_by_id(tx, id)?;
        order::change_rule(tx, Rule { then: Then::default(), ..rule }).map(drop)
    });
    assert!(matches!(empty, Err(erp::Error::Refused(erp::Refusal::Invalid { field: "gifts", .. }))));
    merchant.write(move |tx, _| order::delete_rule(tx, id).map(drop)).unwrap();
    let left = merchant.store.read_blocking(super::TENANT, |r| order::rules(r, None, catalog::Page::ALL)).unwrap();
    assert!(left.rows.is_empty());
}

#[test]
fn merged_orders_are_asked_about_gifts_again_and_keep_what_they_had() {
    let mut merchant = merchant();
    merchant.settings.flow.gifts = true;
    let blue = merchant.spec("BLUE");
    merchant.rule(RuleKind::Gift, "都送", When::default(), gift(blue, 1));
    let when = When { min_amount: Money::whole(15), ..When::default() };
    merchant.rule(RuleKind::Gift, "满15再送", when, gift(blue, 2));
    merchant.push(paid("A", vec![line("A-1", "RED", 1, 9)])).unwrap();
    merchant.push(paid("B", vec![line("B-1", "RED", 1, 9)])).unwrap();
    let (a, b) = (merchant.order_of("A").unwrap(), merchant.order_of("B").unwrap());
    let kept = merchant.merge(&[&a.no, &b.no]).unwrap();
    let gifts: Vec<i64> = kept.lines.iter().filter(|l| l.gift_type == 1).map(|l| l.num.floor()).collect();
    assert_eq!(gifts, [1, 1, 2], "one each of before, two that they earn together");
    assert!(kept.lines.iter().all(|line| line.reserved == Reserved::Order));
    assert_eq!((kept.marks.gift_mask, merchant.stock("BLUE")[1]), (order::GIFT_AUTOMATIC, 4));
    merchant.assert_books_balance();
}

#[test]
fn only_the_first_orders_get_a_gift_and_only_while_it_lasts() {
    let given = |then: Then| {
        let mut merchant = merchant();
        merchant.settings.flow.gifts = true;
        let blue = merchant.spec("BLUE");
        merchant.rule(RuleKind::Gift, "限", When::default(), Then { gifts: gift(blue, 2).gifts, ..then });
        ["A", "B", "C"].map(|tid| {
            let line = line(
                if tid == "A" {
                    "A-1"
                } else if tid == "B" {
                    "B-1"
                } else {
                    "C-1"
                },
                "RED",
                1,
                9,
            );
            merchant.push(paid(tid, vec![line])).unwrap();
            merchant.order_of(tid).unwrap().lines.len() - 1
        })
    };
    assert_eq!(given(Then::default()), [1, 1, 1]);
    assert_eq!(given(Then { first_orders: 2, ..Then::default() }), [1, 1, 0]);
    assert_eq!(given(Then { most_pieces: Quantity::whole(3), ..Then::default() }), [1, 0, 0]);
}
