//! The archive with a clock that is moved: what leaves, what stays, what is still known, and that the books balance.

mod support;

use erp::catalog::{Page, Window};
use erp::order::{self, Order, OrderFilter, Outcome, PushOrder, RawFilter, StockOutFilter, SyncStatus, TradeStatus};
use erp::{Settings, archive, stock};
use store::timer::Round;
use support::{Merchant, TENANT, line, paid};
use units::Moment;

const DAY: i64 = 24 * 60 * 60;

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.archive.orders_after_days = 90;
    settings
}

/// Runs timers until none is due; says how many units that took.
fn work(merchant: &Merchant, settings: &Settings) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut units = 0;
    loop {
        let settings = settings.clone();
        let round = merchant.store.run_due_timers(10, move |tx, timer| erp::on_timer(tx, &settings, timer));
        let Round { done, failed } = runtime.block_on(round).unwrap();
        assert_eq!(failed, 0);
        units += done;
        if done == 0 {
            return units;
        }
        assert!(units < 10_000, "the archive does not come to an end");
    }
}

fn arm(merchant: &Merchant, settings: &Settings) {
    let settings = settings.clone();
    merchant.write(move |tx, _| archive::arm(tx, &settings)).unwrap();
}

fn holding(merchant: &Merchant, kind: &str) -> (i64, i64) {
    let found = merchant.store.read_blocking(TENANT, archive::holdings).unwrap();
    found.iter().find(|holding| holding.kind == kind).map(|holding| (holding.live, holding.archived)).unwrap()
}

fn books(merchant: &Merchant) {
    let problems = merchant.store.read_blocking(TENANT, stock::audit_books).unwrap();
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(merchant.store.check().unwrap(), Vec::<String>::new());
}

fn one(tid: &str) -> PushOrder {
    paid(tid, vec![line(&format!("{tid}-1"), "A", 1, 50)])
}

fn pushed(merchant: &Merchant, tid: &str) -> Order {
    merchant.push(one(tid)).unwrap();
    merchant.order_of(tid).unwrap()
}

/// An order that was shipped and whose waybill the mall has stored.
fn shipped(merchant: &Merchant, tid: &str) -> String {
    let order = pushed(merchant, tid);
    let no = order.no.clone();
    merchant
        .write(move |tx, settings| {
            order::audit(tx, settings, &no, "t")?;
            order::ship(tx, settings, &no, Some("ZTO"), "W1")?;
            for row in order::pending_syncs(tx, None, 100)? {
                order::ack_sync(tx, row.id, None)?;
            }
            Ok(())
        })
        .unwrap();
    order.no
}

#[test]
fn old_orders_leave_in_small_units_and_stay_known() {
    let merchant = Merchant::with_specs(&["A"]);
    merchant.stock_in("IN-A", "A", 1000).unwrap();
    let numbers: Vec<String> = (0..60).map(|i| shipped(&merchant, &format!("OLD{i}"))).collect();
    let open = pushed(&merchant, "OPEN");
    merchant.clock.advance(91 * DAY);
    let young = shipped(&merchant, "YOUNG");
    let settings = settings();
    assert_eq!(work(&merchant, &settings), 0, "nothing happens unless it is armed");
    arm(&merchant, &settings);
    let units = work(&merchant, &settings);
    assert!((3..=4).contains(&units), "60 of 61 old raw orders in units of 25: {units}");
    assert_eq!(holding(&merchant, "raw_order"), (2, 60));
    assert_eq!(holding(&merchant, "sales_order"), (2, 60));
    assert_eq!(holding(&merchant, "stock_out"), (1, 60));
    assert_eq!(holding(&merchant, "logistics_sync"), (1, 60));
    books(&merchant);
    let first = numbers[0].clone();
    merchant
        .store
        .read_blocking(TENANT, move |reader| {
            let page = Page { no: 0, size: 100 };
            let count = |reader: &mut store::Reader, history| {
                let filter = OrderFilter { history, ..OrderFilter::default() };
                order::orders(reader, &filter, page).map(|found| (found.rows.len(), found.total))
            };
            assert_eq!(count(reader, false)?, (2, Some(2)));
            assert_eq!(count(reader, true)?, (62, Some(62)));
            let by_tid = |reader: &mut store::Reader, history| {
                let filter = OrderFilter { src_tid: Some("OLD7"), history, ..OrderFilter::default() };
                order::orders(reader, &filter, page).map(|found| found.rows.len())
            };
            assert_eq!((by_tid(reader, false)?, by_tid(reader, true)?), (0, 1));
            let raws = |reader: &mut store::Reader, history| {
                let filter = RawFilter { history, ..RawFilter::default() };
                order::raw_orders(reader, &filter, page).map(|found| found.rows.len())
            };
            assert_eq!((raws(reader, false)?, raws(reader, true)?), (2, 62));
            let outs = |reader: &mut store::Reader, history| {
                let filter = StockOutFilter { src_tid: Some("OLD7"), history, ..StockOutFilter::default() };
                order::stock_outs(reader, &filter, page).map(|found| found.rows.len())
            };
            assert_eq!((outs(reader, false)?, outs(reader, true)?), (0, 1));
            // The buyer is readable, and everything is there for who asks by number.
            let filter = OrderFilter { no: Some(&first), history: true, ..OrderFilter::default() };
            let (order, buyer) = order::orders(reader, &filter, page)?.rows.remove(0);
            assert_eq!((order.no.as_str(), buyer.name.is_empty()), (first.as_str(), false));
            assert_eq!(order::order_by_no(reader, &first)?.no, first);
            assert!(order::raw_by_tid(reader, "OLD0")?.is_some_and(|raw| raw.archived));
            assert_eq!(order::stock_outs_of(reader, order.id)?.len(), 1);
            assert_eq!(order::syncs_of(reader, order.id)?[0].status, SyncStatus::Succeeded);
            assert!(erp::report::timeline(reader, &first)?.entries.len() > 3);
            Ok::<_, erp::Error>(())
        })
        .unwrap();
    // Pages over both tables follow each other in the order of change.
    let pages = merchant
        .store
        .read_blocking(TENANT, |reader| {
            let mut ids = Vec::new();
            for no in 0..4 {
                let window = Window { start: Moment::from_unix(0), end: Moment::from_unix(i64::from(u32::MAX)) };
                let filter = OrderFilter { history: true, window: Some(window), ..OrderFilter::default() };
                let found = order::orders(reader, &filter, Page { no, size: 20 })?;
                ids.extend(found.rows.into_iter().map(|(order, _)| (order.modified, order.id)));
            }
            Ok::<_, erp::Error>(ids)
        })
        .unwrap();
    assert_eq!(pages.len(), 62);
    assert!(pages.is_sorted(), "{pages:?}");
    assert_eq!(open.status, order::OrderStatus::AwaitingAudit);
    assert!(!young.is_empty());
}

#[test]
fn an_archived_number_is_used_for_ever() {
    let merchant = Merchant::with_specs(&["A"]);
    merchant.stock_in("IN-A", "A", 10).unwrap();
    let no = shipped(&merchant, "T1");
    merchant.clock.advance(100 * DAY);
    arm(&merchant, &settings());
    work(&merchant, &settings());
    assert_eq!(holding(&merchant, "raw_order"), (0, 1));
    let before = merchant.stock("A");
    // The same again: nothing happens, and it stays where it is.
    let same = one("T1");
    assert_eq!(merchant.push(same.clone()).unwrap(), Outcome::Unchanged);
    assert_eq!(holding(&merchant, "raw_order"), (0, 1));
    // The mall completes it: it comes back, changed, and no second order is made.
    let mut done = same.clone();
    done.status = TradeStatus::Completed;
    assert_eq!(merchant.push(done).unwrap(), Outcome::Changed);
    assert_eq!(holding(&merchant, "raw_order"), (1, 0));
    assert_eq!(holding(&merchant, "sales_order"), (1, 0));
    assert_eq!(holding(&merchant, "stock_out"), (1, 0));
    let found = merchant.store.read_blocking(TENANT, move |reader| order::order_by_no(reader, &no)).unwrap();
    assert_eq!(found.status, order::OrderStatus::Completed);
    assert_eq!(merchant.stock("A"), before);
    // And leaves again when it is old again.
    merchant.clock.advance(100 * DAY);
    work(&merchant, &settings());
    assert_eq!(holding(&merchant, "raw_order"), (0, 1));
    // Its line numbers cannot be used by another order.
    let mut thief = one("T2");
    thief.lines[0].oid.clone_from(&same.lines[0].oid);
    merchant.push(thief).unwrap();
    let raw = merchant.store.read_blocking(TENANT, |reader| order::raw_by_tid(reader, "T2")).unwrap().unwrap();
    assert_eq!((raw.reason.as_str(), raw.orders.len()), ("订单货品数量不一致T2", 0));
    // A remark on an archived order brings it back too.
    let no = found.no;
    merchant
        .write(move |tx, _| {
            let change = order::OrderChange { cs_remark: Some("回访"), ..order::OrderChange::default() };
            order::modify(tx, &no, &change)
        })
        .unwrap();
    assert_eq!(holding(&merchant, "sales_order"), (1, 0));
    books(&merchant);
}

#[test]
fn what_somebody_waits_for_stays() {
    let merchant = Merchant::with_specs(&["A"]);
    merchant.stock_in("IN-A", "A", 10).unwrap();
    let waiting = pushed(&merchant, "WAITING");
    let unsynced = pushed(&merchant, "UNSYNCED").no;
    let failed = pushed(&merchant, "FAILED").no;
    let (first, second) = (unsynced.clone(), failed.clone());
    merchant
        .write(move |tx, settings| {
            for no in [&first, &second] {
                order::audit(tx, settings, no, "t")?;
                order::ship(tx, settings, no, Some("ZTO"), "W1")?;
            }
            let rows = order::pending_syncs(tx, None, 100)?;
            let row = rows.iter().find(|row| row.tid == "FAILED").map_or(0, |row| row.id);
            order::ack_sync(tx, row, Some("拒收"))
        })
        .unwrap();
    let cancelled = pushed(&merchant, "CANCELLED").no;
    merchant.write(move |tx, settings| order::cancel(tx, settings, &cancelled, "")).unwrap();
    assert_eq!(waiting.status, order::OrderStatus::AwaitingAudit);
    merchant.clock.advance(1000 * DAY);
    arm(&merchant, &settings());
    work(&merchant, &settings());
    assert_eq!(holding(&merchant, "raw_order"), (3, 1));
    // The failed one is on the list until a person has it offered again.
    let failed = || {
        let page = Page { no: 0, size: 10 };
        merchant.store.read_blocking(TENANT, move |reader| order::failed_syncs(reader, None, page)).unwrap()
    };
    let list = failed();
    assert_eq!((list.total, list.rows[0].tid.as_str(), list.rows[0].error.as_str()), (Some(1), "FAILED", "拒收"));
    let row = list.rows[0].id;
    merchant.write(move |tx, _| order::retry_sync(tx, row)).unwrap();
    assert_eq!(failed().total, Some(0));
    // Once the mall has them, they may go.
    merchant
        .write(|tx, _| {
            for row in order::pending_syncs(tx, None, 100)? {
                order::ack_sync(tx, row.id, None)?;
            }
            Ok(())
        })
        .unwrap();
    merchant.clock.advance(100 * DAY);
    work(&merchant, &settings());
    assert_eq!(holding(&merchant, "raw_order"), (1, 3), "the one that was never shipped stays");
    books(&merchant);
}

#[test]
fn the_ledger_is_carried_forward_and_still_sums_up() {
    let merchant = Merchant::with_specs(&["A", "B"]);
    merchant.stock_in("IN-A", "A", 1000).unwrap();
    for i in 0..120 {
        shipped(&merchant, &format!("L{i}"));
    }
    let (live, _) = holding(&merchant, "ledger");
    assert!(live > 500, "more than one unit of work: {live}");
    merchant.clock.advance(40 * DAY);
    merchant.stock_in("IN-B", "B", 5).unwrap();
    let mut settings = settings();
    settings.archive.orders_after_days = 0;
    settings.archive.ledger_after_days = 30;
    arm(&merchant, &settings);
    let units = work(&merchant, &settings);
    assert!(units >= 2, "{units}");
    let (left, archived) = holding(&merchant, "ledger");
    assert_eq!((left, archived), (1, live), "what is young stays");
    books(&merchant);
    let no = merchant.order_of("L0").unwrap().no;
    let moves = merchant.store.read_blocking(TENANT, move |reader| stock::ledger_of(reader, &no)).unwrap();
    assert!(!moves.is_empty(), "the movements of a document stay readable");
    // Life goes on upon what was carried forward, and the next round adds to it.
    shipped(&merchant, "NEXT");
    books(&merchant);
    merchant.clock.advance(40 * DAY);
    work(&merchant, &settings);
    assert_eq!(holding(&merchant, "ledger").0, 0);
    books(&merchant);
    assert_eq!(merchant.stock("A")[0], 1000 - 121);
}

#[test]
fn events_and_receipts_are_kept_as_long_as_the_settings_say() {
    let merchant = Merchant::with_specs(&["A"]);
    merchant.stock_in("IN-A", "A", 10).unwrap();
    shipped(&merchant, "E1");
    let count = || merchant.store.read_blocking(TENANT, |reader| reader.events_after(0, 10_000)).unwrap();
    let old = count().len();
    assert!(old > 3);
    merchant.clock.advance(31 * DAY);
    shipped(&merchant, "E2");
    let young = count().len() - old;
    let mut settings = settings();
    settings.archive.orders_after_days = 0;
    settings.archive.events_kept_days = 30;
    settings.archive.receipts_kept_days = 30;
    arm(&merchant, &settings);
    work(&merchant, &settings);
    let left = count();
    assert_eq!(left.len(), young);
    assert_eq!(left[0].seq, i64::try_from(old).unwrap() + 1, "numbers go on");
    assert_eq!(merchant.store.check().unwrap(), Vec::<String>::new(), "a trimmed log is no finding");
    // Switched off, the stages end.
    merchant.clock.advance(100 * DAY);
    assert_eq!(work(&merchant, &Settings::default()), 2);
    assert_eq!(count().len(), young);
    merchant.clock.advance(100 * DAY);
    assert_eq!(work(&merchant, &Settings::default()), 0);
}
