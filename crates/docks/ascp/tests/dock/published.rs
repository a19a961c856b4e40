//! Stock on the platform: the total never goes below what is occupied, and a refusal is explained by what caused it.

use dock_ascp::hub::{self, alarm_kind};
use dock_ascp::messages::CallKind;
use dock_ascp::platform::{self, GOOD, SimStock};
use erp::Settings;
use erp::stock::{self, NewStockOut, NewStockOutLine};
use store::Tx;
use units::Quantity;

use crate::live::Live;
use crate::world::{GOODS, PIECES, STORE};

const ITEM: i64 = GOODS[0].0;

/// Goods leave by another way than the channel; the document's number.
async fn take(live: &Live, outer_no: &str, pieces: i64) -> String {
    let outer_no = outer_no.to_owned();
    let unit = move |tx: &mut Tx, settings: &Settings| {
        let line =
            NewStockOutLine { spec_no: GOODS[0].1.into(), num: Quantity::whole(pieces), ..NewStockOutLine::default() };
        let out = NewStockOut {
            outer_no: outer_no.clone(),
            warehouse_no: "WH01".into(),
            audit: true,
            lines: vec![line],
            ..NewStockOut::default()
        };
        Ok(stock::push_other_stock_out(tx, settings, &out)?.no)
    };
    live.world.us(unit).await.unwrap()
}

async fn account(live: &Live) -> SimStock {
    let supplier = live.world.supplier.clone();
    live.them(move |tx| platform::account(tx, &supplier, STORE, ITEM, GOOD)).await
}

async fn reconcile(live: &Live) -> Vec<hub::Compared> {
    let compared = live.world.hub.reconcile(live.world.ours, &live.world.supplier, true).await.unwrap();
    live.settle().await;
    compared
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_counts_open_orders_in_and_both_sides_agree_after_each_step() {
    let mut live = Live::new("2026-01-05 10:00:00").await;
    live.settle().await;
    let code = live.place(&[(ITEM, 4)]).await;
    live.settle().await;
    take(&live, "O1", 6).await;
    reconcile(&live).await;
    let now = account(&live).await;
    assert_eq!((now.quantity, now.lock_quantity), (PIECES - 6, 4));
    live.ship(&code).await;
    assert!(reconcile(&live).await.iter().all(hub::Compared::agrees));
    let now = account(&live).await;
    assert_eq!((now.quantity, now.lock_quantity), (PIECES - 10, 0));
    assert_eq!(live.alarms(alarm_kind::OVERSOLD).await, vec![]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_occupied_than_there_is_publishes_what_is_occupied_and_somebody_is_told() {
    let live = Live::new("2026-01-05 10:00:00").await;
    live.settle().await;
    // The platform has sold what we do not know of yet.
    live.place_as(&[(ITEM, 30)], None, 86_400).await;
    take(&live, "O1", 20).await;
    reconcile(&live).await;
    let now = account(&live).await;
    assert_eq!((now.quantity, now.lock_quantity), (30, 30));
    let alarms = live.alarms(alarm_kind::OVERSOLD).await;
    assert!(alarms.len() == 1 && alarms[0].1.contains("平台已占用30件"), "{alarms:?}");
    assert!(reconcile(&live).await.iter().all(hub::Compared::agrees));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_names_the_movements_that_caused_it_and_not_the_channels_own() {
    let live = Live::new("2026-01-05 10:00:00").await;
    live.place(&[(ITEM, 10)]).await;
    live.settle().await;
    let (first, second) = (take(&live, "O1", 5).await, take(&live, "O2", 7).await);
    let channel = live.world.channel().await;
    live.world.us(move |tx, _| hub::publish_change(tx, &channel, STORE, &ITEM.to_string(), -35)).await.unwrap();
    live.settle().await;
    assert_eq!(account(&live).await.quantity, PIECES, "nothing was changed");
    let alarms = live.alarms(alarm_kind::OVERSOLD).await;
    let text = &alarms.first().expect("an alarm").1;
    for words in
        ["增量-35件", "系统异常,可售库存不足", "现可发18件", &format!("{first} -5件"), &format!("{second} -7件")]
    {
        assert!(text.contains(words), "{words} is missing in {text}");
    }
    assert_eq!(text.matches("单据").count(), 2, "the order of the channel is not to blame: {text}");
    assert_eq!(live.alarms(alarm_kind::DEAD_CALL).await, vec![]);
    // The next comparison puts it right.
    reconcile(&live).await;
    assert_eq!(account(&live).await.quantity, PIECES - 12);
    assert_eq!(live.alarms(alarm_kind::OVERSOLD).await, vec![]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_for_another_reason_is_no_matter_of_stock() {
    let live = Live::new("2026-01-05 10:00:00").await;
    live.settle().await;
    let channel = live.world.channel().await;
    live.world
        .us(move |tx, _| {
            hub::map_goods(tx, &channel, "690000000999", "A")?;
            hub::publish_change(tx, &channel, STORE, "690000000999", 1)
        })
        .await
        .unwrap();
    live.settle().await;
    assert_eq!(live.alarms(alarm_kind::OVERSOLD).await, vec![]);
    let dead = live.alarms(alarm_kind::DEAD_CALL).await;
    assert!(dead.len() == 1 && dead[0].1.contains("no such goods"), "{dead:?}");
    assert_eq!(live.calls(CallKind::StockPublish).len(), 1, "it is not repeated");
}
