//! What the stock methods refuse, row by row of fact sheet wdt-2, chapters 5 and 9. A refused request stores nothing.

use erp::catalog::{self, Warehouse};

use crate::world::{World, at, refusal, world_with};

async fn strict() -> World {
    let settings = r#"{"erp":{"stock":{"in_reasons":["gift"],"out_reasons":["sample"],"bins_must_exist":true,
        "batches_must_exist":true,"stock_takings_a_day":2}}}"#;
    let world = world_with(settings).await;
    let create = |tx: &mut store::Tx| {
        for (no, disabled) in [("WH03", false), ("WH04", true)] {
            catalog::create_warehouse(tx, Warehouse { no: no.into(), kind: 1, disabled, ..Default::default() })?;
        }
        Ok(())
    };
    world.by_hand(create).await;
    world
}

/// Sends `good` with `from` replaced by `to`, one after the other; every answer is a refusal with this code that names its cause
/// and leaves nothing behind.
async fn check(world: &World, php: &str, parameter: &str, good: &str, rows: &[(&str, &str, i64, &str)]) {
    for (from, to, code, words) in rows {
        assert!(good.contains(from), "{from} is not in {good}");
        let spoiled = good.replace(from, to);
        let before = world.stored().await;
        let answer = world.call(php, &[(parameter, &spoiled)]).await;
        let (got, message) = refusal(&answer);
        assert!(got == *code && message.contains(words), "{php} {from} -> {to}: {answer}");
        assert_eq!(world.stored().await, before, "{php} {from} -> {to} stored something");
    }
    let answer = world.call(php, &[(parameter, good)]).await;
    assert_eq!(answer["code"], 0, "{php} refused {good}: {answer}");
}

#[tokio::test]
async fn other_stock_in_and_out() {
    let world = strict().await;
    let good = r#"{"outer_no":"I-1","warehouse_no":"WH01","is_check":1,"reason":"gift","is_create_batch":1,"goods_list":[{"spec_no":"G1001-RED","stockin_num":"2","stockin_price":"20","batch_no":"B1"}]}"#;
    check(
        &world,
        "stockin_order_push.php",
        "stockin_info",
        good,
        &[
            ("I-1", "OPENING", 2470, "OPENING"),
            ("WH01", "WH99", 9004, "WH99"),
            ("WH01", "WH04", 9004, "WH04"),
            ("WH01", "WH02", 9005, "WH02"),
            ("G1001-RED", "NONE", 9007, "NONE"),
            (r#":"2""#, r#":"0""#, 9012, "stockin_num"),
            (r#":"2""#, r#":"two""#, 9012, "stockin_num"),
            (r#":"20""#, r#":"-1""#, 9012, "stockin_price"),
            (r#""batch_no""#, r#""position_no":"Z-9","batch_no""#, 9016, "Z-9"),
            (r#""is_create_batch":1"#, r#""is_create_batch":0"#, 9017, "B1"),
            (r#""reason":"gift""#, r#""reason":"theft""#, 9019, "theft"),
            (r#""is_check""#, r#""logistics_code":"SF","is_check""#, 9018, "SF"),
            ("I-1", &"长".repeat(41), 9020, "outer_no"),
            (r#""goods_list":["#, r#""goods_list":{"#, 9002, "stockin_info"),
        ],
    )
    .await;
    let good = r#"{"outer_no":"O-1","warehouse_no":"WH01","is_check":1,"reason":"sample","detail_list":[{"spec_no":"G1001-RED","num":"2","price":"1"}]}"#;
    check(
        &world,
        "stockout_order_push.php",
        "stockout_info",
        good,
        &[
            ("WH01", "WH99", 9004, "WH99"),
            ("WH01", "WH02", 9005, "WH02"),
            ("G1001-RED", "NONE", 9007, "NONE"),
            (r#":"2""#, r#":"-2""#, 9012, "num"),
            (r#":"2""#, r#":"1000""#, 9014, "G1001-RED"),
            (r#""price":"1""#, r#""price":"-1""#, 9012, "price"),
            (r#""price""#, r#""position_no":"Z-9","price""#, 9016, "Z-9"),
            (r#""price""#, r#""batch_no":"B7","price""#, 9017, "B7"),
            ("sample", "theft", 9019, "theft"),
            (r#""is_check""#, r#""logistics_code":"SF","is_check""#, 9018, "SF"),
            ("[{", "[[{", 9002, "stockout_info"),
        ],
    )
    .await;
    let again = world.call("stockout_order_push.php", &[("stockout_info", good)]).await;
    assert_eq!(refusal(&again), (9001, "出库单外部单号已存在:O-1"));
}

#[tokio::test]
async fn stock_taking() {
    let world = strict().await;
    let call = async |no: &str, more: &[(&str, &str)]| {
        let mut business = vec![("api_outer_no", no), ("warehouse_no", "WH01")];
        for (name, value) in more {
            match business.iter_mut().find(|(given, _)| given == name) {
                Some(given) => given.1 = value,
                None => business.push((name, value)),
            }
        }
        let answer = world.call("stock_sync_by_pd.php", &business).await;
        (answer["code"].as_i64().unwrap(), answer["message"].as_str().unwrap_or_default().to_owned())
    };
    let good = ("goods_list", r#"[{"spec_no":"G1001-RED","stock_num":"50"}]"#);
    let too_many: Vec<String> = (0..501).map(|i| format!(r#"{{"spec_no":"S{i}","stock_num":1}}"#)).collect();
    let too_many = format!("[{}]", too_many.join(","));
    for (more, code, words) in [
        (vec![good, ("warehouse_no", "WH99")], 9004, "WH99"),
        (vec![("goods_list", r#"[{"spec_no":"NONE","stock_num":1}]"#)], 9007, "NONE"),
        (vec![("goods_list", r#"[{"spec_no":"G1001-BLUE","stock_num":1}]"#)], 9015, "G1001-BLUE"),
        (vec![("goods_list", r#"[{"spec_no":"G1001-RED","stock_num":-1}]"#)], 9012, "stock_num"),
        (
            vec![("goods_list", r#"[{"spec_no":"G1001-RED","stock_num":1},{"spec_no":"G1001-RED","stock_num":2}]"#)],
            9008,
            "G1001-RED",
        ),
        (vec![good, ("mode", "1")], 9016, "货位"),
        (vec![("goods_list", &*too_many)], 9022, "goods_list"),
        (vec![("goods_list", "[{")], 9002, "goods_list"),
        (vec![("goods_list", "[]")], 2900, "goods_list"),
    ] {
        let before = world.stored().await;
        let (got, message) = call("PD-1", &more).await;
        assert!(got == code && message.contains(words), "{more:?}: {got} {message}");
        assert_eq!(world.stored().await, before, "{more:?}");
    }
    assert_eq!(call("PD-1", &[good, ("mode", "9")]).await.0, 0, "an unknown mode is by spec");
    assert_eq!(
        call("PD-1", &[good]).await,
        (9001, "外部单号重复，请保证外部单号[api_outer_no]的唯一性:PD-1".to_owned())
    );
    assert_eq!(call("PD-2", &[good]).await.0, 0);
    assert_eq!(call("PD-3", &[good]).await, (9023, "每日盘点次数超过每日限制:2".to_owned()));
    world.clock.advance(24 * 3600);
    assert_eq!(call("PD-3", &[good]).await.0, 0, "another day");
}

#[tokio::test]
async fn transfers_and_their_steps() {
    let world = strict().await;
    let good = r#"{"outer_no":"T-1","from_warehouse_no":"WH01","to_warehouse_no":"WH03","transfer_type":0,"autocheck":1,"skus":[{"spec_no":"G1001-RED","num":"5"}]}"#;
    check(
        &world,
        "stock_transfer_push.php",
        "transfer_info",
        good,
        &[
            ("WH01", "WH99", 9004, "WH99"),
            ("WH03", "WH04", 9004, "WH04"),
            ("WH03", "WH01", 9021, "WH01"),
            ("G1001-RED", "NONE", 9007, "NONE"),
            (r#":"5""#, r#":"0""#, 9012, "num"),
            (r#":"5""#, r#":"51""#, 9014, "G1001-RED"),
            (r#""transfer_type":0"#, r#""transfer_type":2"#, 2830, "transfer_type"),
            (r#"WH03","transfer_type":0"#, r#"WH02","transfer_type":1"#, 9005, "WH02"),
            (r#""autocheck":1,"skus":[{"#, r#""autocheck":1,"mode":1,"skus":[{"from_position_no":"Z-9","#, 9016, "Z-9"),
        ],
    )
    .await;
    let again = world.call("stock_transfer_push.php", &[("transfer_info", good)]).await;
    assert_eq!(refusal(&again), (9001, "外部单号重复，请保证外部单号[outer_no]的唯一性:T-1"));
    let out = r#"{"src_order_no":"TF202311150001","outer_no":"TO-1","is_check":1,"warehouse_no":"WH01","goods_list":[{"spec_no":"G1001-RED","num":"5"}]}"#;
    let come = out.replace("TO-1", "TI-1").replace("WH01", "WH03");
    let early = world.call("stockin_transfer_push.php", &[("stockin_info", &come)]).await;
    assert_eq!(refusal(&early), (9011, "调拨单状态为40已审核,不能部分入库,允许:部分出库、全部出库、取消"));
    let rows = [
        ("TF202311150001", "TF1", 9010, "TF1"),
        ("G1001-RED", "G1001-BLUE", 9009, "G1001-BLUE"),
        (r#":"5""#, r#":"6""#, 9013, "5.0000"),
        (r#":"5""#, r#":"0""#, 9012, "num"),
        (r#""is_check""#, r#""logistics_code":"SF","is_check""#, 9018, "SF"),
        (r#""outer_no""#, r#""src_order_type":3,"outer_no""#, 2830, "src_order_type"),
    ];
    check(
        &world,
        "stockout_transfer_push.php",
        "stockout_info",
        out,
        &[&rows[..], &[("WH01", "WH03", 9004, "WH03"), (r#""num""#, r#""position_no":"Z-9","num""#, 9016, "Z-9")]]
            .concat(),
    )
    .await;
    check(
        &world,
        "stockin_transfer_push.php",
        "stockin_info",
        &come,
        &[
            &rows[..],
            &[
                ("WH03", "WH01", 9004, "WH01"),
                ("TI-1", "OPENING", 2470, "OPENING"),
                (r#""num""#, r#""batch_no":"B7","num""#, 9017, "B7"),
                (r#""num""#, r#""position_no":"Z-9","num""#, 9016, "Z-9"),
            ],
        ]
        .concat(),
    )
    .await;
    let late = world.call("stockout_transfer_push.php", &[("stockout_info", &out.replace("TO-1", "TO-2"))]).await;
    assert_eq!(refusal(&late).0, 9011);
}

#[tokio::test]
async fn outsourced_orders() {
    let world = strict().await;
    let good = r#"{"api_outer_no":"W-1","warehouse_no":"WH02","order_type":1,"goods_list":[{"spec_no":"G1001-RED","num":"5"}]}"#;
    check(
        &world,
        "vip_wms_stockinout_order_push.php",
        "stockin_info",
        good,
        &[
            ("WH02", "WH01", 9005, "WH01"),
            ("WH02", "WH99", 9004, "WH99"),
            (r#""order_type":1"#, r#""order_type":3"#, 2830, "order_type"),
            ("G1001-RED", "NONE", 9007, "NONE"),
            (r#":"5""#, r#":"0""#, 9012, "num"),
            (r#""order_type""#, r#""logistics_code":"SF","order_type""#, 9018, "SF"),
        ],
    )
    .await;
    let again = world.call("vip_wms_stockinout_order_push.php", &[("stockin_info", good)]).await;
    assert_eq!(refusal(&again).0, 9001);
}

#[tokio::test]
async fn queries() {
    let world = strict().await;
    let (start, end) = (at(-60), at(60));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    let wide = [("start_time", "2023-10-01 00:00:00"), ("end_time", end.as_str())];
    let all = [
        "stockin_order_query.php",
        "stockout_order_query.php",
        "stock_pd_order_query.php",
        "stock_transfer_query.php",
        "stat_stock_pd_detail_query.php",
        "vip_stock_query_all.php",
        "vip_stock_outside_wms_query.php",
        "vip_jit_return_stockin_order_query.php",
        "vip_jit_stockout_order_query.php",
    ];
    let paged = |business: &[(&'static str, &'static str)]| business.to_vec();
    for php in all {
        let page = [("page_no", "0"), ("page_size", "10")];
        let code = async |business: &[(&str, &str)]| {
            world.call(php, &[business, &page[..]].concat()).await["code"].as_i64().unwrap()
        };
        assert_eq!(code(&window).await, 0, "{php}");
        assert_eq!(code(&wide).await, 2180, "{php}");
        assert_eq!(code(&window[..1]).await, 2160, "{php}");
        assert_eq!(code(&[("start_time", "yesterday"), window[1]]).await, 2160, "{php}");
        assert_eq!(code(&[("start_time", &end), ("end_time", &start)]).await, 2160, "{php}");
    }
    for (php, business, code) in [
        ("stockin_order_query.php", paged(&[]), 2900),
        ("stockout_order_query.php", paged(&[]), 2900),
        ("stat_stock_pd_detail_query.php", paged(&[]), 2900),
        ("vip_stock_outside_wms_query.php", paged(&[]), 2900),
        ("stock_pd_order_query.php", paged(&[]), 0),
        ("stock_transfer_query.php", paged(&[]), 0),
        ("vip_jit_stockout_order_query.php", paged(&[]), 2160),
        ("stockin_order_query.php", paged(&[("stockin_no", "RK1"), ("order_type", "3")]), 2830),
        ("stockin_order_query.php", paged(&[("stockin_no", "RK1"), ("status", "31")]), 2830),
        ("stockin_order_query.php", paged(&[("stockin_no", "RK1"), ("warehouse_no", "WH99")]), 9004),
        ("stockout_order_query.php", paged(&[("stockout_no", "CK1"), ("order_type", "1")]), 2830),
        ("stockout_order_query.php", paged(&[("stockout_no", "CK1"), ("status", "113")]), 0),
        ("stockout_order_query.php", paged(&[("stockout_no", "CK1"), ("status", "1")]), 2830),
        ("stock_transfer_query.php", paged(&[("status", "45")]), 2830),
        ("stock_transfer_query.php", paged(&[("from_warehouse_no", "WH99")]), 9004),
        ("stock_pd_order_query.php", paged(&[("warehouse_no", "WH99")]), 9004),
        ("vip_stock_outside_wms_query.php", paged(&[("order_no", "WK1"), ("status", "80")]), 9027),
        ("vip_stock_outside_wms_query.php", paged(&[("order_no", "WK1"), ("order_type", "3")]), 2830),
    ] {
        assert_eq!(world.call(php, &business).await["code"], code, "{php} {business:?}");
    }
    // The two of one hour and of one day.
    let edge = |seconds: i64| {
        [("start_time", at(0)), ("end_time", at(seconds)), ("page_no", "0".into()), ("page_size", "1".into())]
    };
    for (php, seconds) in
        [("vip_jit_return_stockin_order_query.php", 3600), ("vip_jit_stockout_order_query.php", 24 * 3600)]
    {
        for (more, code) in [(0, 0), (1, 2180)] {
            let business = edge(seconds + more);
            let business: Vec<(&str, &str)> = business.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(world.call(php, &business).await["code"], code, "{php} {more}");
        }
    }
    let unpaged = world.call("vip_jit_stockout_order_query.php", &window).await;
    assert_eq!(refusal(&unpaged), (2900, "必传参数缺失入参：page_no"));
}

/// What was promised to a transfer may be gone when it is to leave: a stock-taking is a fact.
#[tokio::test]
async fn a_transfer_cannot_leave_what_is_not_there() {
    let world = world_with("{}").await;
    world
        .by_hand(|tx| catalog::create_warehouse(tx, Warehouse { no: "WH03".into(), kind: 1, ..Default::default() }))
        .await;
    let transfer = r#"{"outer_no":"T-1","from_warehouse_no":"WH01","to_warehouse_no":"WH03","transfer_type":0,"autocheck":1,"skus":[{"spec_no":"G1001-RED","num":"5"}]}"#;
    assert_eq!(world.call("stock_transfer_push.php", &[("transfer_info", transfer)]).await["code"], 0);
    let counted = [
        ("api_outer_no", "PD-1"),
        ("warehouse_no", "WH01"),
        ("is_check", "1"),
        ("goods_list", r#"[{"spec_no":"G1001-RED","stock_num":"3"}]"#),
    ];
    assert_eq!(world.call("stock_sync_by_pd.php", &counted).await["code"], 0);
    let before = world.stored().await;
    let out = r#"{"src_order_no":"TF202311150001","outer_no":"TO-1","is_check":1,"warehouse_no":"WH01","goods_list":[{"spec_no":"G1001-RED","num":"5"}]}"#;
    let answer = world.call("stockout_transfer_push.php", &[("stockout_info", out)]).await;
    let (code, message) = refusal(&answer);
    assert!(code == 9014 && message.contains("G1001-RED"), "{answer}");
    assert_eq!(world.stored().await, before);
}
