//! Stock documents: stock-taking, other stock-out, transfers, outsourced and JIT orders, and what the queries say of them (fact
//! sheet wdt-2, chapter 5).

use erp::catalog::{self, Warehouse};
use erp::stock::{self, NewJit, NewJitLine, Reported, WmsFigure};
use erp::{Settings, inout};
use serde_json::Value;
use units::Quantity;

use crate::merchant::{ORDER, push};
use crate::world::{World, at, refusal, some, world, world_with};

const RED: &str = "G1001-RED";

/// The world with a second warehouse of one's own.
async fn two_warehouses(settings: &str) -> World {
    let world = world_with(settings).await;
    let create = |tx: &mut store::Tx| {
        catalog::create_warehouse(
            tx,
            Warehouse { no: "WH03".into(), name: "二仓".into(), kind: 1, ..Default::default() },
        )
    };
    world.by_hand(create).await;
    world
}

async fn send(world: &World, php: &str, parameter: &str, json: &str) -> Value {
    world.call(php, &[(parameter, json)]).await
}

/// The given quantities of the red spec's good row in a warehouse.
async fn figures(world: &World, warehouse: &str, columns: &[&str]) -> String {
    let answer = world.call("stock_query.php", &[("spec_no", RED), ("warehouse_no", warehouse)]).await;
    let rows = answer["stocks"].as_array().unwrap();
    let row = rows.iter().find(|row| row["defect"] == "0").unwrap_or_else(|| panic!("{answer}"));
    some(row, columns)
}

async fn doctor(world: &World) {
    let findings = world.store.read(world.tenant, stock::audit_books).await.unwrap();
    assert_eq!(findings, Vec::<String>::new());
}

fn ok(answer: &Value) -> &Value {
    assert_eq!(answer["code"], 0, "{answer}");
    answer
}

#[tokio::test]
async fn a_count_replaces_the_stock_and_leaves_gain_and_loss() {
    let world = world().await;
    let count = async |no: &str, num: &str, check: &str| {
        let goods = format!(r#"[{{"spec_no":"{RED}","stock_num":"{num}"}}]"#);
        let business =
            [("warehouse_no", "WH01"), ("api_outer_no", no), ("is_check", check), ("goods_list", goods.as_str())];
        world.call("stock_sync_by_pd.php", &business).await
    };
    let gained = count("PD-1", "56", "1").await;
    assert_eq!(some(&gained, &["code", "message", "pd_no"]), "code:0 message= pd_no=PD202311150001");
    assert_eq!(gained["warning"], serde_json::json!([]));
    let now = ["stock_num", "avaliable_num", "cost_price", "last_pd_time"];
    assert_eq!(
        figures(&world, "WH01", &now).await,
        "stock_num=56.0000 avaliable_num=56.0000 cost_price=40.0000 last_pd_time=2023-11-15 06:13:20"
    );
    let gain = world.call("stockin_order_query.php", &[("src_order_no", "PD202311150001")]).await;
    assert_eq!(
        some(&ok(&gain)["stockin_list"][0], &["order_type", "order_type_name", "status", "goods_count"]),
        "order_type=4 order_type_name=盘盈入库 status=80 goods_count=6.0000"
    );
    // Waits: nothing moves until a person lets it.
    let waits = count("PD-2", "50", "0").await;
    assert_eq!(figures(&world, "WH01", &["stock_num"]).await, "stock_num=56.0000");
    let no = ok(&waits)["pd_no"].as_str().unwrap().to_owned();
    let settings = Settings::default();
    let audited = no.clone();
    world.by_hand(move |tx| stock::audit_stock_taking(tx, &settings, &audited)).await;
    assert_eq!(figures(&world, "WH01", &["stock_num"]).await, "stock_num=50.0000");
    let loss = world.call("stockout_order_query.php", &[("src_order_no", &no)]).await;
    assert_eq!(
        some(&ok(&loss)["stockout_list"][0], &["order_type", "order_type_name", "status", "goods_count"]),
        "order_type=4 order_type_name=盘亏出库 status=110 goods_count=6.0000"
    );
    let found = world.call("stock_pd_order_query.php", &[("pd_no", &no)]).await;
    let row = &ok(&found)["pd_list"][0];
    assert_eq!(
        some(row, &["api_outer_no", "warehouse_no", "mode", "status"]),
        "api_outer_no=PD-2 warehouse_no=WH01 mode=0 status=40"
    );
    assert_eq!(
        some(&row["details_list"][0], &["spec_no", "goods_name", "old_num", "new_num"]),
        "spec_no=G1001-RED goods_name=示例T恤 old_num=56.0000 new_num=50.0000"
    );
    assert_eq!(ok(&world.call("stock_pd_order_query.php", &[]).await)["total_count"], "2", "no parameter: all");
    let (start, end) = (at(-60), at(60));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    let gains = world.call("stat_stock_pd_detail_query.php", &window).await;
    let list = ok(&gains)["pd_list"].as_array().unwrap();
    let figures: Vec<String> = list.iter().map(|pd| some(&pd["details"][0], &["yk_num", "yk_amount"])).collect();
    assert_eq!(figures, ["yk_num=6.0000 yk_amount=240.0000", "yk_num=-6.0000 yk_amount=-240.0000"]);
    doctor(&world).await;
}

#[tokio::test]
async fn a_lenient_count_passes_over_what_it_does_not_know() {
    let world = world().await;
    let goods = r#"[{"spec_no":"G1001-RED","stock_num":1},{"spec_no":"X","stock_num":1},{"spec_no":"G1001-BLUE","stock_num":1}]"#;
    let call = async |more: &[(&str, &str)]| {
        let mut business = vec![("warehouse_no", "WH01"), ("is_check", "1"), ("goods_list", goods)];
        business.extend(more);
        world.call("stock_sync_by_pd.php", &business).await
    };
    assert_eq!(refusal(&call(&[("api_outer_no", "A")]).await), (9007, "商家编码不存在或已删除:X"));
    let lenient = call(&[("api_outer_no", "A"), ("is_post_error", "0")]).await;
    let warnings: Vec<String> =
        ok(&lenient)["warning"].as_array().unwrap().iter().map(|w| some(w, &["spec_no", "error_msg"])).collect();
    assert_eq!(
        warnings,
        [
            "spec_no=X error_msg=商家编码不存在或已删除:X",
            "spec_no=G1001-BLUE error_msg=仓库中没有该货品的库存记录,商家编码:G1001-BLUE"
        ]
    );
    let made = call(&[("api_outer_no", "B"), ("is_post_error", "0"), ("is_create_stock", "1")]).await;
    assert_eq!(ok(&made)["warning"].as_array().unwrap().len(), 1);
    let other = world.call("stock_query.php", &[("spec_no", "G1001-BLUE")]).await;
    assert_eq!(some(&other["stocks"][0], &["stock_num", "status"]), "stock_num=1.0000 status=1");
    // Nothing is left of it: no order, no number.
    let nothing = [
        ("warehouse_no", "WH01"),
        ("api_outer_no", "C"),
        ("is_post_error", "0"),
        ("goods_list", r#"[{"spec_no":"X","stock_num":1}]"#),
    ];
    let nothing = world.call("stock_sync_by_pd.php", &nothing).await;
    assert_eq!(some(ok(&nothing), &["pd_no"]), "pd_no=");
    assert_eq!(world.call("stock_pd_order_query.php", &[]).await["total_count"], "2");
}

#[tokio::test]
async fn a_count_below_what_is_promised_is_leave_and_no_more() {
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    let goods = format!(r#"[{{"spec_no":"{RED}","stock_num":1}}]"#);
    let business =
        [("warehouse_no", "WH01"), ("api_outer_no", "PD-1"), ("is_check", "1"), ("goods_list", goods.as_str())];
    ok(&world.call("stock_sync_by_pd.php", &business).await);
    let now = ["stock_num", "order_num", "avaliable_num"];
    assert_eq!(figures(&world, "WH01", &now).await, "stock_num=1.0000 order_num=2.0000 avaliable_num=-1.0000");
    doctor(&world).await;
    // Nothing more can be taken, …
    let out = format!(
        r#"{{"outer_no":"O-1","warehouse_no":"WH01","is_check":1,"detail_list":[{{"spec_no":"{RED}","num":1}}]}}"#
    );
    assert_eq!(
        refusal(&send(&world, "stockout_order_push.php", "stockout_info", &out).await),
        (9014, "库存不足,商家编码:G1001-RED")
    );
    // … a new order waits, and what comes in shortens the leave.
    push(&world, "1", &[crate::merchant::order("T2")]).await;
    assert_eq!(figures(&world, "WH01", &now).await, "stock_num=1.0000 order_num=2.0000 avaliable_num=-1.0000");
    let come = format!(
        r#"{{"outer_no":"I-1","warehouse_no":"WH01","is_check":1,"goods_list":[{{"spec_no":"{RED}","stockin_num":3}}]}}"#
    );
    ok(&send(&world, "stockin_order_push.php", "stockin_info", &come).await);
    assert_eq!(figures(&world, "WH01", &now).await, "stock_num=4.0000 order_num=4.0000 avaliable_num=0.0000");
    doctor(&world).await;
    // Overselling without leave is found: the promise grows behind the ledger's back.
    let sql = "UPDATE balance SET order_num = order_num + 10000";
    world.by_hand(move |tx| Ok(tx.execute(sql, &[]).map(drop)?)).await;
    let findings = world.store.read(world.tenant, stock::audit_books).await.unwrap();
    assert!(findings.iter().any(|finding| finding.contains("1.0000 pieces promised beyond")), "{findings:?}");
}

#[tokio::test]
async fn a_count_by_bin_changes_that_bin_only() {
    let world = world().await;
    let come = format!(
        r#"{{"outer_no":"I-1","warehouse_no":"WH01","is_check":1,"goods_list":[{{"spec_no":"{RED}","stockin_num":10,"stockin_price":40,"position_no":"A-01"}}]}}"#
    );
    ok(&send(&world, "stockin_order_push.php", "stockin_info", &come).await);
    let count = async |no: &str, position: &str, num: i64| {
        let goods = format!(r#"[{{"spec_no":"{RED}","stock_num":{num},"position_no":"{position}"}}]"#);
        let business = [
            ("warehouse_no", "WH01"),
            ("api_outer_no", no),
            ("is_check", "1"),
            ("mode", "1"),
            ("goods_list", goods.as_str()),
        ];
        world.call("stock_sync_by_pd.php", &business).await
    };
    ok(&count("PD-1", "A-01", 7).await);
    assert_eq!(figures(&world, "WH01", &["stock_num"]).await, "stock_num=57.0000");
    ok(&count("PD-2", "ZANCUN", 51).await);
    assert_eq!(figures(&world, "WH01", &["stock_num"]).await, "stock_num=58.0000");
    assert_eq!(refusal(&count("PD-3", "B-99", 1).await), (9016, "当前仓库中不存在货位:B-99"));
    // Seven in the bin: eight cannot leave from there; within the warehouse they can move to another bin.
    let out = |num: i64| {
        format!(
            r#"{{"outer_no":"O-{num}","warehouse_no":"WH01","is_check":1,"detail_list":[{{"spec_no":"{RED}","num":{num},"position_no":"A-01"}}]}}"#
        )
    };
    assert_eq!(refusal(&send(&world, "stockout_order_push.php", "stockout_info", &out(8)).await).0, 9014);
    let shift = format!(
        r#"{{"outer_no":"T-1","from_warehouse_no":"WH01","to_warehouse_no":"WH01","mode":1,"autocheck":1,"skus":[{{"spec_no":"{RED}","num":5,"from_position_no":"A-01","to_position_no":"A-02"}}]}}"#
    );
    ok(&send(&world, "stock_transfer_push.php", "transfer_info", &shift).await);
    assert_eq!(figures(&world, "WH01", &["stock_num"]).await, "stock_num=58.0000");
    assert_eq!(refusal(&send(&world, "stockout_order_push.php", "stockout_info", &out(3)).await).0, 9014);
    ok(&send(&world, "stockout_order_push.php", "stockout_info", &out(2)).await);
    doctor(&world).await;
}

#[tokio::test]
async fn a_transfer_goes_step_by_step() {
    let world = two_warehouses("{}").await;
    let make = format!(
        r#"{{"outer_no":"T-1","from_warehouse_no":"WH01","to_warehouse_no":"WH03","transfer_type":0,"autocheck":1,"skus":[{{"spec_no":"{RED}","num":"5"}}]}}"#
    );
    let made = send(&world, "stock_transfer_push.php", "transfer_info", &make).await;
    assert_eq!(some(ok(&made), &["transfer_no"]), "transfer_no=TF202311150001");
    let there = ["stock_num", "to_transfer_num", "avaliable_num"];
    assert_eq!(figures(&world, "WH01", &there).await, "stock_num=50.0000 to_transfer_num=5.0000 avaliable_num=45.0000");
    let step = async |php: &str, parameter: &str, no: &str, warehouse: &str, check: i64, num: &str| {
        let info = format!(
            r#"{{"src_order_no":"TF202311150001","outer_no":"{no}","is_check":{check},"warehouse_no":"{warehouse}","goods_list":[{{"spec_no":"{RED}","num":"{num}"}}]}}"#
        );
        send(&world, php, parameter, &info).await
    };
    let out = async |no, check, num| step("stockout_transfer_push.php", "stockout_info", no, "WH01", check, num).await;
    let come = async |no, num| step("stockin_transfer_push.php", "stockin_info", no, "WH03", 1, num).await;
    assert_eq!(refusal(&come("TI-0", "1").await).0, 9011, "nothing is out");
    ok(&out("TO-1", 1, "2").await);
    let draft = out("TO-2", 0, "3").await;
    assert_eq!(figures(&world, "WH01", &there).await, "stock_num=48.0000 to_transfer_num=3.0000 avaliable_num=45.0000");
    assert_eq!(refusal(&out("TO-3", 1, "4").await).0, 9013, "three are open");
    assert_eq!(refusal(&come("TI-1", "3").await).0, 9013, "two are on their way");
    ok(&come("TI-1", "1").await);
    let query = async || {
        let found = world.call("stock_transfer_query.php", &[("transfer_no", "TF202311150001")]).await;
        some(&ok(&found)["transfer_list"][0], &["status", "goods_count", "goods_out_count", "goods_in_count"])
    };
    assert_eq!(query().await, "status=70 goods_count=5.0000 goods_out_count=2.0000 goods_in_count=1.0000");
    // The rest leaves after a part came in, by the audit of the draft.
    let no = ok(&draft)["stockout_no"].as_str().unwrap().to_owned();
    let settings = Settings::default();
    world.by_hand(move |tx| inout::audit_stock_out(tx, &settings, &no)).await;
    ok(&come("TI-2", "4").await);
    assert_eq!(query().await, "status=90 goods_count=5.0000 goods_out_count=5.0000 goods_in_count=5.0000");
    assert_eq!(figures(&world, "WH01", &there).await, "stock_num=45.0000 to_transfer_num=0.0000 avaliable_num=45.0000");
    assert_eq!(
        figures(&world, "WH03", &["stock_num", "transfer_num", "cost_price"]).await,
        "stock_num=5.0000 transfer_num=0.0000 cost_price=40.0000"
    );
    assert_eq!(refusal(&out("TO-9", 1, "1").await).0, 9011);
    assert_eq!(refusal(&come("TI-2", "1").await).0, 2470);
    doctor(&world).await;
}

#[tokio::test]
async fn a_quick_transfer_moves_at_once() {
    let world = two_warehouses("{}").await;
    let make = |no: &str, num: i64| {
        format!(
            r#"{{"outer_no":"{no}","from_warehouse_no":"WH01","to_warehouse_no":"WH03","autocheck":1,"skus":[{{"spec_no":"{RED}","num":{num}}}]}}"#
        )
    };
    assert_eq!(
        refusal(&send(&world, "stock_transfer_push.php", "transfer_info", &make("T-0", 51)).await),
        (9014, "库存不足,商家编码:G1001-RED")
    );
    ok(&send(&world, "stock_transfer_push.php", "transfer_info", &make("T-1", 7)).await);
    assert_eq!(figures(&world, "WH01", &["stock_num"]).await, "stock_num=43.0000");
    assert_eq!(figures(&world, "WH03", &["stock_num", "cost_price"]).await, "stock_num=7.0000 cost_price=40.0000");
    let found = world.call("stock_transfer_query.php", &[("api_outer_no", "T-1"), ("status", "90,10")]).await;
    let row = &ok(&found)["transfer_list"][0];
    assert_eq!(
        some(row, &["type", "status", "from_warehouse_no", "to_warehouse_no"]),
        "type=1 status=90 from_warehouse_no=WH01 to_warehouse_no=WH03"
    );
    assert_eq!(
        some(&row["details_list"][0], &["num", "out_num", "in_num", "stock_num", "out_cost_total"]),
        "num=7.0000 out_num=7.0000 in_num=7.0000 stock_num=50.0000 out_cost_total=280.0000"
    );
    doctor(&world).await;
}

#[tokio::test]
async fn other_stock_out_drafts_settles_and_shows() {
    let world = world_with(r#"{"erp":{"stock":{"settle_stock_out":true,"settle_stock_in":true}}}"#).await;
    let info = |no: &str, more: &str| {
        format!(
            r#"{{"outer_no":"{no}","warehouse_no":"WH01","logistics_code":"ZTO01",{more}"detail_list":[{{"spec_no":"{RED}","num":"3","price":"9"}}]}}"#
        )
    };
    let push = async |no: &str, more: &str| {
        let answer = send(&world, "stockout_order_push.php", "stockout_info", &info(no, more)).await;
        ok(&answer)["stockout_no"].as_str().unwrap().to_owned()
    };
    let editing = push("O-1", r#""is_submit":0,"is_check":1,"#).await;
    push("O-2", "").await;
    let out = push("O-3", r#""is_check":1,"order_type":"8","remark":"r","#).await;
    assert_eq!(figures(&world, "WH01", &["stock_num"]).await, "stock_num=47.0000");
    let status = async |filter: &[(&str, &str)]| {
        let found = world.call("stockout_order_query.php", filter).await;
        let list = ok(&found)["stockout_list"].as_array().unwrap();
        list.iter().map(|row| row["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (start, end) = (at(-60), at(60));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    assert_eq!(status(&window).await, ["95"]);
    assert_eq!(status(&[&window[..], &[("status", "48,50")]].concat()).await, ["48", "50"]);
    assert_eq!(status(&[("stockout_no", &editing)]).await, ["48"]);
    let found = world.call("stockout_order_query.php", &[("outer_no", "O-3")]).await;
    let row = &found["stockout_list"][0];
    assert_eq!(
        some(
            row,
            &["order_type", "order_type_name", "remark", "logistics_name", "goods_total_amount", "goods_total_cost"]
        ),
        "order_type=7 order_type_name=其他出库 remark=r[order_type:8] logistics_name=中通快递 goods_total_amount=27.0000 goods_total_cost=120.0000"
    );
    assert_eq!(
        some(&row["details_list"][0]["position_list"][0], &["position_no", "position_goods_count"]),
        "position_no=ZANCUN position_goods_count=3.0000"
    );
    let settled = world.by_hand(move |tx| inout::settle_stock_out(tx, &out)).await;
    assert_eq!(settled.status.code(), 110);
    let waits = world.call("stockin_order_query.php", &[&window[..], &[("status", "60")]].concat()).await;
    assert_eq!(ok(&waits)["stockin_list"][0]["outer_no"], "OPENING");
}

#[tokio::test]
async fn outsourced_orders_wait_for_the_warehouse() {
    let world = world().await;
    let make = |no: &str, kind: i64| {
        format!(
            r#"{{"api_outer_no":"{no}","warehouse_no":"WH02","order_type":{kind},"contact":"赵六","province":"北京","goods_list":[{{"spec_no":"{RED}","num":3,"price":8}}]}}"#
        )
    };
    let push = async |no: &str, kind: i64| {
        let answer = send(&world, "vip_wms_stockinout_order_push.php", "stockin_info", &make(no, kind)).await;
        ok(&answer)["order_no"].as_str().unwrap().to_owned()
    };
    let (come, leave) = (push("W-1", 2).await, push("W-2", 1).await);
    assert_eq!(come, "WK202311150001");
    let report = async |no: &str, num: i64| {
        let no = no.to_owned();
        let settings = Settings::default();
        world
            .by_hand(move |tx| {
                let reported = [Reported { spec_no: RED.into(), num: Quantity::whole(num) }];
                stock::report_outsourced(tx, &settings, &no, "", &reported)
            })
            .await
            .status
            .code()
    };
    for no in [&come, &leave] {
        let no = no.clone();
        world
            .by_hand(move |tx| {
                stock::outsourced_pushed(tx, &no, Err("timeout"))?;
                stock::outsourced_pushed(tx, &no, Ok("EXT-1"))
            })
            .await;
    }
    assert_eq!(report(&come, 1).await, 75);
    assert_eq!(report(&come, 2).await, 80);
    assert_eq!(report(&leave, 2).await, 70);
    let found = world.call("vip_stock_outside_wms_query.php", &[("outer_no", "W-2")]).await;
    let row = &ok(&found)["order_list"][0];
    assert_eq!(
        some(
            row,
            &["order_no", "order_type", "status", "goods_count", "goods_real_count", "outer_no", "receiver_name"]
        ),
        "order_no=WK202311150002 order_type=1 status=70 goods_count=3.0000 goods_real_count=2.0000 outer_no=EXT-1 receiver_name=赵六"
    );
    assert_eq!(figures(&world, "WH02", &["stock_num", "cost_price"]).await, "stock_num=1.0000 cost_price=8.0000");
    let (start, end) = (at(-60), at(60));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    let by_state = [&window[..], &[("order_type", "2"), ("status", "80")]].concat();
    assert_eq!(world.call("vip_stock_outside_wms_query.php", &by_state).await["total_count"], "1");
    let figure = WmsFigure { spec_no: RED.into(), defect: 0, stock: Quantity::whole(4), preempty: Quantity::whole(1) };
    let settings = Settings::default();
    world.by_hand(move |tx| stock::report_wms_stock(tx, &settings, "WH02", std::slice::from_ref(&figure))).await;
    assert_eq!(
        figures(&world, "WH02", &["wms_sync_stock", "wms_stock_diff", "wms_preempty_diff"]).await,
        "wms_sync_stock=4.0000 wms_stock_diff=3.0000 wms_preempty_diff=1.0000"
    );
    doctor(&world).await;
}

#[tokio::test]
async fn jit_documents_reserve_ship_and_return() {
    let world = world().await;
    let new = NewJit {
        warehouse_no: "WH01".into(),
        shop_no: "api_test".into(),
        order_no: "JR1".into(),
        jit_refund_no: "VIPR1".into(),
        pick: stock::JitPick { picks: "PICK1".into(), ..Default::default() },
        lines: vec![NewJitLine {
            spec_no: RED.into(),
            num: Quantity::whole(4),
            price: units::Money::whole(30),
            po_no: "PO1".into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let settings = Settings::default();
    let (pick, back) = world
        .by_hand(move |tx| {
            let pick = stock::create_jit_pick(tx, &settings, &new)?;
            let back = stock::create_jit_return(tx, &settings, &new)?;
            inout::audit_stock_out(tx, &settings, &pick.no)?;
            inout::audit_stock_in(tx, &settings, &back.no)?;
            Ok((pick.no, back.no))
        })
        .await;
    let now = ["stock_num", "sending_num", "avaliable_num"];
    assert_eq!(figures(&world, "WH01", &now).await, "stock_num=54.0000 sending_num=4.0000 avaliable_num=50.0000");
    let (start, end) = (at(-60), at(60));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    let paged = [&window[..], &[("page_no", "0"), ("page_size", "50")]].concat();
    assert_eq!(world.call("vip_jit_stockout_order_query.php", &paged).await["total_count"], "0", "not out yet");
    let settings = Settings::default();
    world.by_hand(move |tx| inout::audit_stock_out(tx, &settings, &pick)).await;
    assert_eq!(figures(&world, "WH01", &now).await, "stock_num=50.0000 sending_num=0.0000 avaliable_num=50.0000");
    let picks = world.call("vip_jit_stockout_order_query.php", &paged).await;
    let row = &ok(&picks)["stockout_list"][0];
    assert_eq!(
        some(row, &["src_tids", "po_no_list", "status", "shop_no", "goods_count", "order_type"]),
        "src_tids=PICK1 po_no_list=PO1 status=110 shop_no=api_test goods_count=4.0000 order_type=12"
    );
    let returns = world.call("vip_jit_return_stockin_order_query.php", &window).await;
    let row = &ok(&returns)["stockin_list"][0];
    assert_eq!(row["stockin_no"], back.as_str());
    assert_eq!(
        some(row, &["order_type", "refund_no", "jit_refund_no", "status", "goods_count", "total_cost"]),
        "order_type=11 refund_no=JR1 jit_refund_no=VIPR1 status=80 goods_count=4.0000 total_cost=120.0000"
    );
    doctor(&world).await;
}

#[tokio::test]
async fn all_stock_has_its_hours_where_they_are_set() {
    let world = world().await;
    let all = world.call("vip_stock_query_all.php", &[("warehouse_no", "WH01"), ("page_size", "100")]).await;
    assert_eq!(some(&ok(&all)["stocks"][0], &["spec_no", "stock_num"]), "spec_no=G1001-RED stock_num=50.0000");
    assert_eq!(world.call("stock_query_all.php", &[]).await["total_count"], "1", "its older name");
    let strict = world_with(r#"{"full_stock_at_night":true,"full_stock_by_warehouse":true}"#).await;
    let call = async |business: &[(&str, &str)]| {
        let answer = strict.call("vip_stock_query_all.php", business).await;
        (answer["code"].as_i64().unwrap(), answer["message"].as_str().unwrap().to_owned())
    };
    assert_eq!(call(&[]).await, (9024, "只允许凌晨00:00-02:00调用".to_owned()));
    strict.clock.advance(18 * 3600);
    assert_eq!(call(&[]).await, (2900, "必传参数缺失入参：warehouse_no".to_owned()));
    assert_eq!(call(&[("warehouse_no", "WH01")]).await.0, 0);
}

#[tokio::test]
async fn locked_stock_is_not_sellable() {
    let world = world().await;
    let lock = async |num: i64| {
        let settings = Settings::default();
        world
            .store
            .write(world.tenant, move |tx| stock::lock_stock(tx, &settings, "WH01", RED, 0, Quantity::whole(num)))
            .await
    };
    lock(20).await.unwrap();
    let now = ["stock_num", "lock_num", "avaliable_num"];
    assert_eq!(figures(&world, "WH01", &now).await, "stock_num=50.0000 lock_num=20.0000 avaliable_num=30.0000");
    lock(5).await.unwrap();
    assert_eq!(figures(&world, "WH01", &now).await, "stock_num=50.0000 lock_num=5.0000 avaliable_num=45.0000");
    assert!(lock(51).await.is_err());
    doctor(&world).await;
}
