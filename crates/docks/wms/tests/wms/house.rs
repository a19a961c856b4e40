//! One house on both sides: the merchant `m` orders of the merchant `w`, who ships and confirms.

use dock_wms::hub::{HeardState, TaskState};
use erp::{catalog, inout, order, stock};
use units::Quantity;

use crate::world::{outsourced, world};

#[tokio::test]
async fn an_order_goes_to_somebodys_warehouse_and_its_waybill_comes_back() {
    let world = world().await;
    let no = world.release("T1", "W2", &[("A-1", 2), ("C-3", 1)]).await;
    world.rest().await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 50);
    // There it is a raw order of theirs, reserved, to be audited and shipped by people.
    let there = world.order(world.w, &no).await;
    assert_eq!(there.status.code(), 30);
    assert_eq!(world.stock(world.w, "W2", "A-1").await, (1000, 2));
    let trade = there.no.clone();
    world
        .write(world.w, move |tx, settings| {
            order::audit(tx, settings, &trade, "t")?;
            order::ship(tx, settings, &trade, Some("ZTO"), "Z0001")
        })
        .await;
    world.rest().await;
    assert_eq!(world.orders(world.m, "T1").await, [(95, "Z0001".to_owned())]);
    assert_eq!(world.stock(world.w, "W2", "A-1").await, (998, 0));
    assert_eq!(world.stock(world.m, "W2", "A-1").await, (998, 0));
    assert!(world.tasks(world.m, TaskState::Dead).await.is_empty());
    assert!(world.tasks(world.w, TaskState::Dead).await.is_empty());
}

#[tokio::test]
async fn the_warehouse_gives_back_what_has_not_left() {
    let world = world().await;
    let no = world.release("T1", "W2", &[("A-1", 2)]).await;
    world.rest().await;
    let trade = world.order(world.m, "T1").await.no;
    let asked = trade.clone();
    world.write(world.m, move |tx, _| order::ask_back(tx, &asked, "", "t")).await;
    world.rest().await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 40);
    assert_eq!(world.order(world.w, &no).await.status.code(), 5);
    assert_eq!(world.stock(world.w, "W2", "A-1").await, (1000, 0));
    // Goods that the warehouse does not know are refused with their name.
    world
        .write(world.m, |tx, _| {
            let specs = vec![catalog::SpecChange { no: "NEW", change: Box::new(|_| {}) }];
            let change =
                catalog::GoodsChange { no: "N", brand: None, class: None, change: &|f| f.name = "新".into(), specs };
            catalog::push_goods(tx, &change)
        })
        .await;
    // Made known by itself: the goods of the merchant are goods there, too.
    world.rest().await;
    let spec = world.store.read(world.w, |reader| catalog::spec_by_no(reader, "NEW")).await.unwrap();
    assert!(spec.is_some());
}

#[tokio::test]
async fn receipts_and_issues_are_confirmed_when_people_audit_them() {
    let world = world().await;
    let line = |num| stock::NewOutsourcedLine {
        spec_no: "B-2".into(),
        num: Quantity::whole(num),
        ..stock::NewOutsourcedLine::default()
    };
    let (come, leave) = (
        outsourced("IN", "W2", stock::Direction::In, vec![line(7)]),
        outsourced("OUT", "W2", stock::Direction::Out, vec![line(4)]),
    );
    let (come, leave) = world
        .write(world.m, move |tx, settings| {
            let come = stock::push_outsourced(tx, settings, &come)?;
            Ok((come.no, stock::push_outsourced(tx, settings, &leave)?.no))
        })
        .await;
    world.rest().await;
    let (in_no, out_no) = (come.clone(), leave.clone());
    world
        .write(world.w, move |tx, settings| {
            let find = stock::StockInFilter { outer_no: Some(&in_no), ..stock::StockInFilter::default() };
            let come = stock::stock_ins(tx, &find, catalog::Page::ALL)?.rows.remove(0);
            inout::audit_stock_in(tx, settings, &come.no)?;
            let find = stock::WarehouseOutFilter { outer_no: Some(&out_no), ..stock::WarehouseOutFilter::default() };
            let out = stock::warehouse_outs(tx, &find, catalog::Page::ALL)?.rows.remove(0);
            inout::audit_stock_out(tx, settings, &out.no)?;
            Ok(())
        })
        .await;
    world.rest().await;
    assert_eq!(world.stock(world.w, "W2", "B-2").await, (1003, 0));
    assert_eq!(world.stock(world.m, "W2", "B-2").await, (1003, 0));
    assert!(world.heard(world.m, HeardState::Parked).await.is_empty());
    for no in [come, leave] {
        let order = world.store.read(world.m, move |reader| stock::outsourced_by_no(reader, &no)).await.unwrap().0;
        assert_eq!(order.status, stock::OutsourcedStatus::Completed);
    }
}

#[tokio::test]
async fn questions_are_answered_with_what_lies_there() {
    let world = world().await;
    let asked: Result<_, dock_wms::Error> = world.store.write(world.m, |tx| dock_wms::hub::ask_stock(tx, "W2")).await;
    asked.unwrap();
    world.rest().await;
    let figures = world.store.read(world.m, |reader| {
        let key = catalog::warehouse_by_no(reader, "W2")?.id;
        let filter = stock::BalanceFilter { warehouses: &[key], ..stock::BalanceFilter::default() };
        let rows = stock::balances(reader, &filter, catalog::Page::ALL)?.rows;
        Ok::<_, erp::Error>(rows.iter().map(|row| (row.note.wms_stock, row.note.wms_stock_diff)).collect::<Vec<_>>())
    });
    assert_eq!(figures.await.unwrap(), [(Quantity::whole(1000), Quantity::ZERO); 3]);
}
