//! From a push to an empty queue: what the sheet shows at each station (fact sheet wdt-1, 2.13 to 2.19).

use erp::{Settings, order};
use serde_json::Value;

use crate::merchant::{ORDER, order as another, push};
use crate::world::{World, at, some, world};

async fn audit(world: &World, no: &str) {
    let no = no.to_owned();
    world.by_hand(move |tx| order::audit(tx, &Settings::default(), &no, "王五").map(drop)).await;
}

async fn ship(world: &World, no: &str, waybill: &str) {
    let (no, waybill) = (no.to_owned(), waybill.to_owned());
    world.by_hand(move |tx| order::ship(tx, &Settings::default(), &no, None, &waybill).map(drop)).await;
}

async fn trade(world: &World, tid: &str) -> Value {
    world.call("trade_query.php", &[("src_tid", tid)]).await["trades"][0].clone()
}

#[tokio::test]
async fn from_push_to_waybill_to_empty_queues() {
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    let no = trade(&world, "T20231115001").await["trade_no"].as_str().unwrap().to_owned();
    assert_eq!(no, "JY202311150001");
    world.clock.advance(60);
    audit(&world, &no).await;
    world.clock.advance(60);
    ship(&world, &no, "75312345678901").await;
    let shipped = trade(&world, "T20231115001").await;
    assert_eq!(
        some(&shipped, &["trade_status", "logistics_no", "stockout_no", "consign_status", "checker_name"]),
        "trade_status=95 logistics_no=75312345678901 stockout_no=CK202311150001 consign_status=5 checker_name=王五"
    );
    let out = world.call("stockout_order_query_trade.php", &[("start_time", &at(0)), ("end_time", &at(600))]).await;
    assert_eq!(out["total_count"], 1);
    let out = &out["stockout_list"][0];
    assert_eq!(
        some(
            out,
            &[
                "order_no",
                "stockout_no",
                "src_order_no",
                "trade_no",
                "src_trade_no",
                "src_tids",
                "warehouse_name",
                "shop_no"
            ]
        ),
        "order_no=CK202311150001 stockout_no=CK202311150001 src_order_no=JY202311150001 trade_no=JY202311150001 src_trade_no=T20231115001 src_tids=T20231115001 warehouse_name=北京一仓 shop_no=api_test"
    );
    assert_eq!(
        some(
            out,
            &[
                "consign_time",
                "stock_check_time",
                "order_type",
                "order_type_name",
                "status",
                "trade_status",
                "consign_status"
            ]
        ),
        "consign_time=2023-11-15 06:15:20 stock_check_time=2023-11-15 06:14:20 order_type=1 order_type_name=销售出库 status=95 trade_status=95 consign_status=5"
    );
    assert_eq!(
        some(
            out,
            &[
                "goods_count",
                "goods_total_amount",
                "goods_total_cost",
                "receivable",
                "paid",
                "discount",
                "post_amount",
                "calc_weight",
                "receiver_name"
            ]
        ),
        "goods_count=2.0000 goods_total_amount=193.0000 goods_total_cost=80.0000 receivable=203.0000 paid=203.0000 discount=5.0000 post_amount=10.0000 calc_weight=0.4000 receiver_name=张三"
    );
    let line = &out["details_list"][0];
    assert_eq!(
        some(
            line,
            &[
                "spec_no",
                "brand_no",
                "goods_count",
                "num",
                "sell_price",
                "share_amount",
                "market_price",
                "discount",
                "share_post",
                "paid",
                "cost_price",
                "total_amount",
                "weight",
                "src_oid"
            ]
        ),
        "spec_no=G1001-RED brand_no=BD001 goods_count=2.0000 num=2.0000 sell_price=96.5000 share_amount=193.0000 market_price=99.0000 discount=5.0000 share_post=10.0000 paid=203.0000 cost_price=40.0000 total_amount=80.0000 weight=0.4000 src_oid=T20231115001-1"
    );
    assert_eq!(
        some(&line["position_list"][0], &["position_no", "position_goods_count"]),
        "position_no=ZANCUN position_goods_count=2.0000"
    );
    let waiting = [("shop_no", "api_test"), ("limit", "100"), ("is_part_sync_able", "1")];
    let queue = world.call("logistics_sync_query.php", &waiting).await;
    let row = &queue["trades"][0];
    assert_eq!(
        some(
            row,
            &[
                "shop_no",
                "tid",
                "logistics_no",
                "logistics_type",
                "logistics_name",
                "logistics_code_erp",
                "logistics_name_erp",
                "is_part_sync",
                "oids"
            ]
        ),
        "shop_no=api_test tid=T20231115001 logistics_no=75312345678901 logistics_type=5 logistics_name=中通快递 logistics_code_erp=ZTO01 logistics_name_erp=中通快递 is_part_sync=0 oids=T20231115001-1"
    );
    assert_eq!(
        some(
            row,
            &[
                "platform_id",
                "is_need_sync",
                "sync_status",
                "is_last",
                "sync_time",
                "error_code",
                "try_times",
                "consign_time"
            ]
        ),
        "platform_id=127 is_need_sync=1 sync_status=0 is_last=1 sync_time=0000-00-00 00:00:00 error_code= try_times=1 consign_time=2023-11-15 06:15:20"
    );
    let id = row["rec_id"].as_str().unwrap();
    let rows = format!(
        r#"[{{"rec_id":{id},"status":0,"message":"同步成功"}},{{"rec_id":6999,"status":1,"message":"订单不存在"}}]"#
    );
    let ack = world.text("logistics_sync_ack.php", &[("logistics_list", &rows)]).await;
    assert_eq!(
        ack,
        r#"{"code":0,"message":"","errors":[{"rec_id":"6999","error":"物流同步结果回传失败,同步表不存在"}]}"#
    );
    assert_eq!(world.text("logistics_sync_query.php", &waiting).await, r#"{"code":0,"message":"","trades":[]}"#);
    assert_eq!(trade(&world, "T20231115001").await["consign_status"], "13", "bit 8: the mall knows the waybill");
    // Received: the mall says completed.
    let done =
        ORDER.replace(r#""trade_status":30"#, r#""trade_status":70"#).replace(r#""status":30"#, r#""status":70"#);
    assert_eq!(push(&world, "1", &[done]).await["chg_count"], 1);
    assert_eq!(trade(&world, "T20231115001").await["trade_status"], "110");
}

#[tokio::test]
async fn an_order_without_stock_waits_and_says_for_what() {
    let world = world().await;
    let blue = another("B1").replace("G1001-RED", "G1001-BLUE").replace("M100-1", "M100-2");
    push(&world, "1", &[blue]).await;
    let waiting = trade(&world, "B1").await;
    assert_eq!(
        some(&waiting, &["trade_status", "freeze_reason", "freeze_reason_info"]),
        "trade_status=30 freeze_reason=1 freeze_reason_info=缺货:G1001-BLUE×2.0000"
    );
    assert_eq!(waiting["goods_list"][0]["stock_reserved"], "0");
    let stock = r#"{"outer_no":"IN-1","warehouse_no":"WH01","is_check":"1","goods_list":[{"spec_no":"G1001-BLUE","stockin_num":"2"}]}"#;
    let answer = world.call("stockin_order_push.php", &[("stockin_info", stock)]).await;
    assert_eq!(some(&answer, &["code", "message", "stockin_no"]), "code:0 message= stockin_no=RK202311150002");
    let served = trade(&world, "B1").await;
    assert_eq!(some(&served, &["freeze_reason", "freeze_reason_info"]), "freeze_reason=0 freeze_reason_info=");
    assert_eq!(served["goods_list"][0]["stock_reserved"], "3");
}

#[tokio::test]
async fn a_suite_is_taken_apart() {
    let world = world().await;
    let suite = another("S1").replace(r#""spec_no":"G1001-RED""#, r#""spec_no":"TZ001""#);
    push(&world, "1", &[suite]).await;
    let trade = trade(&world, "S1").await;
    assert_eq!(
        some(
            &trade,
            &[
                "single_spec_no",
                "goods_type_count",
                "goods_count",
                "raw_goods_count",
                "raw_goods_type_count",
                "goods_amount",
                "paid"
            ]
        ),
        "single_spec_no=多种货品 goods_type_count=2 goods_count=4.0000 raw_goods_count=2.0000 raw_goods_type_count=1 goods_amount=198.0000 paid=203.0000"
    );
    assert_eq!(
        some(
            &trade["goods_list"][1],
            &["spec_no", "suite_no", "suite_num", "suite_amount", "suite_discount", "num", "share_amount", "is_master"]
        ),
        "spec_no=G1001-BLUE suite_no=TZ001 suite_num=2.0000 suite_amount=193.0000 suite_discount=5.0000 num=2.0000 share_amount=96.5000 is_master=0"
    );
}

/// Rejected and audited again: a new stock-out, the old one cancelled; and on which time the window lies.
#[tokio::test]
async fn stock_outs_by_state_and_time() {
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    audit(&world, "JY202311150001").await;
    world.clock.advance(100);
    world.by_hand(|tx| order::reject(tx, &Settings::default(), "JY202311150001", "改地址", "王五").map(drop)).await;
    world.clock.advance(100);
    audit(&world, "JY202311150001").await;
    let found = async |business: &[(&str, &str)]| {
        let answer = world.call("stockout_order_query_trade.php", business).await;
        assert_eq!(answer["code"], 0, "{business:?} {answer}");
        let rows = answer["stockout_list"].as_array().unwrap().iter();
        rows.map(|row| some(row, &["stockout_no", "status", "consign_time"])).collect::<Vec<_>>().join("; ")
    };
    let (start, end) = (at(0), at(1000));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    let with = |more: (&'static str, &'static str)| [window[0], window[1], more];
    let zero = "consign_time=0000-00-00 00:00:00";
    let cancelled = format!("stockout_no=CK202311150001 status=5 {zero}");
    let audited = format!("stockout_no=CK202311150002 status=55 {zero}");
    assert_eq!(found(&window).await, "", "nothing was shipped");
    assert_eq!(found(&with(("status", "5"))).await, cancelled);
    assert_eq!(found(&with(("status", "55"))).await, audited);
    assert_eq!(found(&with(("status", "95"))).await, "");
    assert_eq!(found(&with(("is_by_modified", "1"))).await, format!("{cancelled}; {audited}"));
    world.clock.advance(500);
    ship(&world, "JY202311150001", "1").await;
    let shipped = "stockout_no=CK202311150002 status=95 consign_time=2023-11-15 06:25:00";
    assert_eq!(found(&window).await, shipped);
    assert_eq!(found(&[window[0], ("end_time", &at(699))]).await, "", "shipped after that");
    assert_eq!(found(&[window[0], ("end_time", &at(700))]).await, shipped, "closed at the end");
    for number in [("src_order_no", "JY202311150001"), ("src_tid", "T20231115001")] {
        assert_eq!(found(&[number]).await, format!("{cancelled}; {shipped}"));
    }
    assert_eq!(found(&[("stockout_no", "CK202311150002")]).await, shipped);
    assert_eq!(found(&[("stockout_no", "CK9")]).await, "");
    let bare =
        world.call("stockout_order_query_trade.php", &[("src_tid", "T20231115001"), ("is_no_position", "1")]).await;
    assert!(bare["stockout_list"][1]["details_list"][0].get("position_list").is_none());
    for (business, code) in [
        (&[][..], 2900),
        (&window[..1], 2160),
        (&with(("status", "7"))[..], 2830),
        (&with(("page_size", "0")), 2220),
        (&with(("shop_no", "nowhere")), 2310),
        (&with(("warehouse_no", "nowhere")), 9004),
        (&[("start_time", "2023-10-01 00:00:00"), window[1]], 2180),
    ] {
        assert_eq!(world.call("stockout_order_query_trade.php", business).await["code"], code, "{business:?}");
    }
}
