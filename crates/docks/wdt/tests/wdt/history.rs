//! The history methods read the archive and the live documents, the others the live ones only.

use erp::{Settings, order};

use crate::merchant::{order as another, push};
use crate::world::{World, at, some, world_with};

const DAY: i64 = 24 * 60 * 60;

async fn archive(world: &World) {
    let mut settings = Settings::default();
    settings.archive.orders_after_days = 90;
    let rules = settings.clone();
    world.by_hand(move |tx| erp::archive::arm(tx, &rules)).await;
    loop {
        let rules = settings.clone();
        let round = world.store.run_due_timers(10, move |tx, timer| erp::on_timer(tx, &rules, timer)).await.unwrap();
        assert_eq!(round.failed, 0);
        if round.done == 0 {
            return;
        }
    }
}

#[tokio::test]
async fn archived_orders_are_read_by_the_history_methods() {
    let world = world_with("{}").await;
    push(&world, "1", &[another("H1")]).await;
    let no = "JY202311150001";
    world
        .by_hand(move |tx| {
            order::audit(tx, &Settings::default(), no, "t")?;
            order::ship(tx, &Settings::default(), no, Some("ZTO01"), "123456789012")?;
            let row = order::pending_syncs(tx, None, 1)?[0].id;
            order::ack_sync(tx, row, None)
        })
        .await;
    let as_live = [
        world.text("trade_query.php", &[("src_tid", "H1")]).await,
        world.text("stockout_order_query_trade.php", &[("src_tid", "H1")]).await,
        world.text("vip_api_trade_query.php", &[("tid", "H1")]).await,
    ];
    world.clock.advance(100 * DAY);
    push(&world, "1", &[another("H2").replace("2023-11-15 05:5", "2024-02-20 05:5")]).await;
    archive(&world).await;
    let pairs = [
        ("trade_query.php", "his_trade_query.php", "src_tid", "trades"),
        ("stockout_order_query_trade.php", "his_stockout_order_query_trade.php", "src_tid", "stockout_list"),
        ("vip_api_trade_query.php", "vip_his_api_trade_query.php", "tid", "trade_list"),
    ];
    for ((live, his, by, node), before) in pairs.into_iter().zip(as_live) {
        let found = world.call(live, &[(by, "H1")]).await;
        assert_eq!(found[node].as_array().map(Vec::len), Some(0), "{live} {found}");
        assert_eq!(world.text(his, &[(by, "H1")]).await, before, "{his} shows what {live} showed");
    }
    // By window: the archived one on its day, the live one on its own.
    let (start, end) = (at(-60), at(300));
    let old = [("start_time", start.as_str()), ("end_time", end.as_str())];
    assert_eq!(world.call("trade_query.php", &old).await["total_count"], 0);
    assert_eq!(world.call("his_trade_query.php", &old).await["total_count"], 1);
    let (start, end) = (at(100 * DAY - 60), at(100 * DAY + 60));
    let young = [("start_time", start.as_str()), ("end_time", end.as_str())];
    assert_eq!(world.call("his_trade_query.php", &young).await["trades"][0]["src_tids"], "H2");
    let qimen = world.qimen("wdt.his.trade.query", &old).await;
    assert_eq!(some(&qimen["trades"][0], &["src_tids", "trade_status"]), "src_tids=H1 trade_status:95");
    // The archived number is known to the mall's pushes.
    let again = push(&world, "1", &[another("H1")]).await;
    assert_eq!(some(&again, &["code", "new_count", "chg_count"]), "code:0 new_count:0 chg_count:0");
}
