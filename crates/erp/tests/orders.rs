//! The order story on the core: push, reserve, audit, ship, acknowledge; shortage and its end; refusals leave nothing.

mod support;

use erp::order::{self, OrderStatus, Outcome, ProcessStatus, Reserved, TradeStatus};
use erp::{Error, Refusal, catalog};
use support::{Merchant, TENANT, line, paid};

#[test]
fn from_push_to_waybill() {
    let merchant = Merchant::with_specs(&["RED", "BLUE"]);
    merchant.stock_in("IN-1", "RED", 10).unwrap();
    assert_eq!(merchant.stock("RED"), [10, 0, 0, 0, 10]);

    assert_eq!(merchant.push(paid("T1", vec![line("T1-1", "RED", 2, 99)])).unwrap(), Outcome::Created);
    assert_eq!(merchant.push(paid("T1", vec![line("T1-1", "RED", 2, 99)])).unwrap(), Outcome::Unchanged);
    let order = merchant.order_of("T1").unwrap();
    assert_eq!((order.status, order.no.as_str()), (OrderStatus::AwaitingAudit, "JY202601020001"));
    assert_eq!(order.lines[0].share_post.to_string(), "10.0000");
    assert_eq!(merchant.stock("RED"), [10, 2, 0, 0, 8]);

    let no = order.no.clone();
    merchant.write(move |tx, settings| order::audit(tx, settings, &no, "admin").map(drop)).unwrap();
    assert_eq!(merchant.stock("RED"), [10, 0, 2, 0, 8]);

    let no = order.no.clone();
    merchant
        .write(move |tx, settings| order::ship(tx, settings, &no, Some("ZTO"), "75312345678901").map(drop))
        .unwrap();
    assert_eq!(merchant.stock("RED"), [8, 0, 0, 0, 8]);
    assert_eq!(merchant.raw("T1").process, ProcessStatus::Shipped);

    let waiting = merchant.store.read_blocking(TENANT, |reader| order::pending_syncs(reader, None, 100)).unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].tid.as_str(), waiting[0].carriage.waybill.as_str()), ("T1", "75312345678901"));
    let id = waiting[0].id;
    merchant.write(move |tx, _| order::ack_sync(tx, id, None)).unwrap();
    merchant.write(move |tx, _| order::ack_sync(tx, id, Some("late"))).unwrap();
    let waiting = merchant.store.read_blocking(TENANT, |reader| order::pending_syncs(reader, None, 100)).unwrap();
    assert!(waiting.is_empty());
    assert_eq!(merchant.order_of("T1").unwrap().consign_status, 1 + 4 + 8);
    merchant.assert_books_balance();

    let timeline = merchant.store.read_blocking(TENANT, |reader| erp::report::timeline(reader, "T1")).unwrap();
    assert!(timeline.entries.len() >= 10, "{:?}", timeline.entries);
}

#[test]
fn waits_for_stock_first_come_first_served() {
    let merchant = Merchant::with_specs(&["RED"]);
    merchant.stock_in("IN-1", "RED", 3).unwrap();
    merchant.push(paid("A", vec![line("A-1", "RED", 2, 9)])).unwrap();
    merchant.push(paid("B", vec![line("B-1", "RED", 5, 9)])).unwrap();
    merchant.push(paid("C", vec![line("C-1", "RED", 1, 9)])).unwrap();
    let reserved = |tid: &str| merchant.order_of(tid).unwrap().lines[0].reserved;
    assert_eq!([reserved("A"), reserved("B"), reserved("C")], [Reserved::Order, Reserved::Waiting, Reserved::Waiting]);
    assert_eq!(merchant.order_of("B").unwrap().shortage(), "RED×5.0000");

    let no = merchant.order_of("C").unwrap().no;
    let refused = merchant.write(move |tx, settings| order::audit(tx, settings, &no, "admin").map(drop));
    assert!(matches!(refused, Err(Error::Refused(Refusal::Short { .. }))), "{refused:?}");

    merchant.stock_in("IN-2", "RED", 3).unwrap();
    assert_eq!(
        [reserved("B"), reserved("C")],
        [Reserved::Waiting, Reserved::Waiting],
        "4 free, B needs 5 and stands first"
    );
    merchant.stock_in("IN-3", "RED", 1).unwrap();
    assert_eq!([reserved("B"), reserved("C")], [Reserved::Order, Reserved::Waiting]);

    let no = merchant.order_of("A").unwrap().no;
    merchant.write(move |tx, settings| order::cancel(tx, settings, &no, "买家取消").map(drop)).unwrap();
    assert_eq!(reserved("C"), Reserved::Order, "what A gave back went to C");
    assert_eq!(merchant.stock("RED"), [7, 6, 0, 0, 1]);
    merchant.assert_books_balance();
}

#[test]
fn an_order_that_cannot_be_matched_waits_with_its_reason() {
    let merchant = Merchant::with_specs(&["RED"]);
    let mut order = paid("T1", vec![line("T1-1", "UNKNOWN", 1, 9)]);
    order.lines[0].goods_no.clear();
    merchant.push(order).unwrap();
    let raw = merchant.raw("T1");
    assert_eq!((raw.process, raw.reason.as_str()), (ProcessStatus::Waiting, "货品未匹配:UNKNOWN"));

    merchant.push(paid("T2", vec![line("X", "RED", 1, 9)])).unwrap();
    merchant.push(paid("T3", vec![line("X", "RED", 1, 9)])).unwrap();
    assert_eq!(merchant.raw("T3").reason, "订单货品数量不一致T3");
}

#[test]
fn an_unpaid_order_reserves_when_it_is_paid() {
    let merchant = Merchant::with_specs(&["RED"]);
    merchant.stock_in("IN-1", "RED", 1).unwrap();
    let mut unpaid = paid("T1", vec![line("T1-1", "RED", 1, 9)]);
    unpaid.status = TradeStatus::Unpaid;
    unpaid.paid = units::Money::ZERO;
    merchant.push(unpaid).unwrap();
    assert_eq!(merchant.order_of("T1").unwrap().status, OrderStatus::Unpaid);
    assert_eq!(merchant.stock("RED"), [1, 0, 0, 1, 1]);
    merchant.push(paid("T1", vec![line("T1-1", "RED", 1, 9)])).unwrap();
    let order = merchant.order_of("T1").unwrap();
    assert_eq!((order.status, order.lines[0].reserved), (OrderStatus::AwaitingAudit, Reserved::Order));
    assert_eq!(merchant.stock("RED"), [1, 1, 0, 0, 0]);
    merchant.assert_books_balance();
}

#[test]
fn a_suite_is_taken_apart_and_its_amount_shared() {
    let merchant = Merchant::with_specs(&["RED", "BLUE"]);
    merchant
        .write(|tx, _| {
            let part = |spec_no: &str, num| catalog::SuitePart {
                spec_no: spec_no.into(),
                num: units::Quantity::whole(num),
                ratio: "0.5".parse().unwrap(),
                ..catalog::SuitePart::default()
            };
            catalog::create_suite(
                tx,
                catalog::Suite {
                    no: "SUITE".into(),
                    name: "两件套".into(),
                    parts: vec![part("RED", 1), part("BLUE", 2)],
                    ..Default::default()
                },
            )
            .map(drop)
        })
        .unwrap();
    merchant.stock_in("IN-1", "RED", 5).unwrap();
    merchant.stock_in("IN-2", "BLUE", 5).unwrap();
    merchant.push(paid("T1", vec![line("T1-1", "SUITE", 2, 90)])).unwrap();
    let order = merchant.order_of("T1").unwrap();
    let lines: Vec<_> =
        order.lines.iter().map(|l| (l.spec_no.as_str(), l.num.floor(), l.share_amount.to_string())).collect();
    assert_eq!(lines, [("RED", 2, "90.0000".to_owned()), ("BLUE", 4, "90.0000".to_owned())]);
    assert_eq!(order.lines.iter().map(|l| l.paid).sum::<units::Money>(), units::Money::whole(190));
    assert_eq!(merchant.stock("BLUE"), [5, 4, 0, 0, 1]);
}

#[test]
fn changing_quantity_or_price_is_refused_whole() {
    let merchant = Merchant::with_specs(&["RED"]);
    merchant.push(paid("T1", vec![line("T1-1", "RED", 2, 99)])).unwrap();
    for changed in [line("T1-1", "RED", 3, 99), line("T1-1", "RED", 2, 98)] {
        let refused = merchant.push(paid("T1", vec![changed]));
        assert!(matches!(refused, Err(Error::Refused(Refusal::LineChanged { .. }))), "{refused:?}");
    }
    let refused = merchant.push(paid("T1", vec![line("T1-1", "RED", 2, 99), line("T1-2", "RED", 1, 1)]));
    assert!(matches!(refused, Err(Error::Refused(Refusal::LinesDiffer(_)))), "{refused:?}");
    assert_eq!(merchant.order_of("T1").unwrap().version, 1);
}

/// Refusals come before the first write: within one unit that goes on, a refused order leaves nothing at all.
#[test]
fn a_refused_order_of_a_list_leaves_nothing() {
    let merchant = Merchant::with_specs(&["RED"]);
    merchant.stock_in("IN-1", "RED", 10).unwrap();
    merchant.push(paid("T1", vec![line("T1-1", "RED", 2, 99)])).unwrap();
    let mut future = paid("T2", vec![line("T2-1", "RED", 1, 1)]);
    future.trade_time = Some(units::Moment::parse("2099-01-01 00:00:00").unwrap());
    let dearer = paid("T1", vec![line("T1-1", "RED", 2, 100)]);
    let more = paid("T1", vec![line("T1-1", "RED", 2, 99), line("T1-2", "RED", 1, 1)]);
    let image = |merchant: &Merchant| {
        let events = merchant.store.read_blocking(TENANT, |reader| reader.events_after(0, 1000)).unwrap();
        (events.len(), merchant.stock("RED"), merchant.order_of("T1").unwrap().version, merchant.raw("T1").modified)
    };
    let before = image(&merchant);
    merchant.clock.advance(60);
    merchant
        .write(move |tx, settings| {
            let shop = catalog::own_mall(tx, "S1")?;
            for refused in [&future, &dearer, &more] {
                let outcome = order::push(tx, settings, &shop, refused.clone());
                assert!(matches!(outcome, Err(Error::Refused(_))), "{outcome:?}");
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(image(&merchant), before);
}

/// An auto-flow order needs no human: audited at once when there is stock, left for a human otherwise.
#[test]
fn auto_flow_orders_audit_themselves() {
    let merchant = Merchant::with_specs(&["RED"]);
    merchant.stock_in("IN-1", "RED", 3).unwrap();
    for (tid, status) in [("A", OrderStatus::Audited), ("B", OrderStatus::AwaitingAudit)] {
        let mut auto = paid(tid, vec![line(&format!("{tid}-1"), "RED", 2, 9)]);
        auto.is_auto_wms = Some(true);
        merchant.push(auto).unwrap();
        assert_eq!(merchant.order_of(tid).unwrap().status, status, "{tid}");
    }
    merchant.assert_books_balance();
}
