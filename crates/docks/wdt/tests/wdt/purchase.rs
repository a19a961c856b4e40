//! Providers, purchase orders, their stock-in in parts, purchase returns (fact sheets wdt-1, 2.4 and 2.5; wdt-2, chapter 4).

use serde_json::{Value, json};

use crate::world::{World, at, refusal, some, world, world_with};

/// Provider P01, purchase order PO9 of ten G1001-RED, audited, and a return CR202311150001 of two.
pub(crate) async fn prepare(world: &World) {
    provider(world, "P01").await;
    let order = order("PO9", 1, "10").replace(r#""outer_no""#, r#""is_use_outer_no":1,"outer_no""#);
    assert_eq!(push(world, &order).await["message"], "PO9");
    assert_eq!(give_back(world, &returned("PR9", 1, "2")).await["message"], "CR202311150001");
}

/// The least that a method of the family accepts after [`prepare`]; `None` = a window.
pub(crate) fn least(name: &str) -> Option<Value> {
    Some(match name {
        "wdt.purchase.provider.create" => json!({
            "provider_no": "P9", "provider_name": "供应商九", "min_purchase_num": 1, "purchase_cycle_days": 3,
            "arrive_cycle_days": 2,
        }),
        "wdt.purchase.provider.query" => json!({ "provider_no": "P01" }),
        "wdt.purchase.order.push" => json!({ "purchase_info": parsed(&order("PO8", 0, "1")) }),
        "wdt.stockin.purchase.push" => json!({ "purchase_info": parsed(&stock_in("PO9", "IN9", 0, "1")) }),
        "wdt.purchase.return.push" => json!({ "return_info": parsed(&returned("PR8", 0, "1")) }),
        "wdt.purchase.return.order.push" => {
            json!({ "purchase_return_info": parsed(&out("CR202311150001", "OUT9", 0, "1")) })
        }
        "wdt.purchase.apply.push" => {
            json!({ "warehouse_no": "WH01", "details_list": [{ "spec_no": "G1001-RED", "num": 1 }] })
        }
        "wdt.purchase.order.end" => json!({ "type": 1, "purchase_no_list": [{ "purchase_no": "NONE" }] }),
        "wdt.purchase.return.end" => {
            json!({ "type": 1, "purchase_return_no_list": [{ "purchase_return_no": "NONE" }] })
        }
        _ => return None,
    })
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

pub(crate) async fn provider(world: &World, no: &str) {
    let name = format!("供应商{no}");
    let answer = world
        .call(
            "purchase_provider_create.php",
            &[
                ("provider_no", no),
                ("provider_name", &name),
                ("min_purchase_num", "1"),
                ("purchase_cycle_days", "3"),
                ("arrive_cycle_days", "2"),
            ],
        )
        .await;
    assert_eq!(answer.to_string(), r#"{"code":0,"message":""}"#);
}

/// A purchase order of so many G1001-RED at 20.00 and 13 % tax.
pub(crate) fn order(outer_no: &str, is_check: i64, num: &str) -> String {
    format!(
        r#"{{"provider_no":"P01","warehouse_no":"WH01","outer_no":"{outer_no}","is_check":{is_check},"details_list":[{{"spec_no":"G1001-RED","num":"{num}","price":"20.00","tax":"0.13"}}]}}"#
    )
}

/// A stock-in of so many G1001-RED.
pub(crate) fn stock_in(purchase_no: &str, outer_no: &str, is_check: i64, num: &str) -> String {
    format!(
        r#"{{"purchase_no":"{purchase_no}","outer_no":"{outer_no}","warehouse_no":"WH01","is_check":{is_check},"details_list":[{{"spec_no":"G1001-RED","stockin_num":"{num}"}}]}}"#
    )
}

/// A return of so many G1001-RED.
pub(crate) fn returned(outer_no: &str, is_check: i64, num: &str) -> String {
    format!(
        r#"{{"provider_no":"P01","outer_no":"{outer_no}","warehouse_no":"WH01","is_check":{is_check},"detail_list":[{{"spec_no":"G1001-RED","num":"{num}","price":"20.00"}}]}}"#
    )
}

/// A stock-out of a return.
pub(crate) fn out(return_no: &str, outer_no: &str, is_check: i64, num: &str) -> String {
    format!(
        r#"{{"return_no":"{return_no}","outer_no":"{outer_no}","is_check":{is_check},"detail_list":[{{"spec_no":"G1001-RED","num":"{num}"}}]}}"#
    )
}

pub(crate) async fn push(world: &World, info: &str) -> Value {
    world.call("purchase_order_push.php", &[("purchase_info", info)]).await
}

pub(crate) async fn receive(world: &World, info: &str) -> Value {
    world.call("stockin_purchase_push.php", &[("purchase_info", info)]).await
}

pub(crate) async fn give_back(world: &World, info: &str) -> Value {
    world.call("purchase_return_push.php", &[("return_info", info)]).await
}

pub(crate) async fn let_out(world: &World, info: &str) -> Value {
    world.call("purchase_return_order_push.php", &[("purchase_return_info", info)]).await
}

/// On hand, bought, arrived, to be bought, to be returned, sellable, cost: of G1001-RED in WH01.
pub(crate) async fn stock(world: &World) -> String {
    let answer = world.call("stock_query.php", &[("spec_no", "G1001-RED"), ("warehouse_no", "WH01")]).await;
    let keys = [
        "stock_num",
        "purchase_num",
        "purchase_arrive_num",
        "to_purchase_num",
        "return_num",
        "avaliable_num",
        "cost_price",
    ];
    let row = &answer["stocks"][0];
    keys.iter()
        .map(|key| row[key].as_str().unwrap_or("?").trim_end_matches("0000").trim_end_matches('.'))
        .collect::<Vec<_>>()
        .join(" ")
}

pub(crate) async fn status_of(world: &World, purchase_no: &str) -> String {
    let answer = world.call("purchase_order_query.php", &[("purchase_no", purchase_no)]).await;
    answer["purchase_list"][0]["status"].as_str().unwrap_or("?").to_owned()
}

/// Steps 2 to 5 and 9, 10 of the story of fact sheet wdt-2, chapter 10, over fifty pieces at 40 that are there.
#[tokio::test]
async fn bought_received_in_parts_and_given_back() {
    let world = world().await;
    provider(&world, "P01").await;
    let made = push(&world, &order("PO-1", 1, "10")).await;
    assert_eq!(made.to_string(), r#"{"code":0,"message":"CG202311150001","purchase_no":"CG202311150001"}"#);
    assert_eq!(stock(&world).await, "50 10 0 0 0 50 40");
    let first = receive(&world, &stock_in("CG202311150001", "IN-1", 1, "4")).await;
    assert_eq!(first.to_string(), r#"{"code":0,"message":"","stockin_no":"RK202311150002"}"#);
    assert_eq!(
        (stock(&world).await, status_of(&world, "CG202311150001").await),
        ("54 6 0 0 0 54 38.5185".into(), "50".into())
    );
    let draft = receive(&world, &stock_in("CG202311150001", "IN-2", 0, "6")).await;
    assert_eq!(stock(&world).await, "54 0 6 0 0 54 38.5185");
    let no = draft["stockin_no"].as_str().unwrap().to_owned();
    world.by_hand(move |tx| erp::inout::audit_stock_in(tx, &erp::Settings::default(), &no).map(drop)).await;
    assert_eq!(
        (stock(&world).await, status_of(&world, "CG202311150001").await),
        ("60 0 0 0 0 60 36.6667".into(), "90".into())
    );
    assert_eq!(refusal(&receive(&world, &stock_in("CG202311150001", "IN-1", 1, "4")).await).0, 2470);
    assert_eq!(refusal(&push(&world, &order("PO-1", 1, "10")).await).0, 7010);
    let back = give_back(&world, &returned("PR-1", 1, "2")).await;
    assert_eq!(back.to_string(), r#"{"code":0,"message":"CR202311150001","return_no":"CR202311150001"}"#);
    assert_eq!(stock(&world).await, "60 0 0 0 2 58 36.6667");
    let draft = let_out(&world, &out("CR202311150001", "OUT-1", 0, "1")).await;
    assert_eq!(draft.to_string(), r#"{"code":0,"message":"","stockout_no":"CK202311150001"}"#);
    assert_eq!(stock(&world).await, "60 0 0 0 2 58 36.6667");
    world.by_hand(|tx| erp::inout::audit_stock_out(tx, &erp::Settings::default(), "CK202311150001").map(drop)).await;
    assert_eq!(stock(&world).await, "59 0 0 0 1 58 36.6667");
    assert_eq!(let_out(&world, &out("CR202311150001", "OUT-2", 1, "1")).await["stockout_no"], "CK202311150002");
    assert_eq!(stock(&world).await, "58 0 0 0 0 58 36.6667");
    assert_eq!(refusal(&let_out(&world, &out("CR202311150001", "OUT-3", 1, "1")).await).0, 9011);
    let answer = world.call("purchase_return_query.php", &[("api_outer_no", "PR-1")]).await;
    assert_eq!(
        some(&answer["purchase_list"][0], &["return_no", "status", "goods_count", "goods_out_count", "goods_fee"]),
        "return_no=CR202311150001 status=60 goods_count=2.0000 goods_out_count=2.0000 goods_fee=40.0000"
    );
}

#[tokio::test]
async fn the_queries_answer_as_the_sheet_shows() {
    let world = world().await;
    prepare(&world).await;
    receive(&world, &stock_in("PO9", "IN-1", 1, "4")).await;
    receive(&world, &stock_in("PO9", "IN-2", 0, "1")).await;
    let found = world.call("purchase_order_query.php", &[("outer_no", "PO9")]).await;
    assert_eq!((&found["code"], &found["total_count"]), (&0.into(), &"1".into()));
    let row = &found["purchase_list"][0];
    assert_eq!(
        some(
            row,
            &[
                "purchase_no",
                "outer_no",
                "api_outer_no",
                "status",
                "provider_no",
                "provider_name",
                "warehouse_no",
                "goods_count",
                "goods_arrive_count",
                "goods_type_count",
                "goods_amount",
                "tax_fee",
                "check_operator_name",
                "creator_name",
            ]
        ),
        "purchase_no=PO9 outer_no=PO9 api_outer_no=PO9 status=50 provider_no=P01 provider_name=供应商P01 warehouse_no=WH01 goods_count=10.0000 goods_arrive_count=5.0000 goods_type_count=1 goods_amount=200.0000 tax_fee=226.0000 check_operator_name=demo2-test creator_name=demo2-test"
    );
    assert_eq!(
        some(
            &row["details_list"][0],
            &[
                "spec_no",
                "goods_no",
                "brand_name",
                "num",
                "price",
                "discount",
                "tax",
                "tax_price",
                "amount",
                "tax_amount",
                "stockin_num",
                "stockin_amount",
                "arrive_num",
                "lack_num",
                "arrive_more_num",
                "last_price",
            ]
        ),
        "spec_no=G1001-RED goods_no=G1001 brand_name=示例牌 num=10.0000 price=20.0000 discount=1.0000 tax=0.1300 tax_price=22.6000 amount=200.0000 tax_amount=226.0000 stockin_num=4.0000 stockin_amount=80.0000 arrive_num=1.0000 lack_num=6.0000 arrive_more_num=0.0000 last_price=0.0000"
    );
    let found = world.call("stockin_order_query_purchase.php", &[("stockin_outer_no", "IN-1")]).await;
    let row = &found["stockin_list"][0];
    assert_eq!(
        some(
            row,
            &[
                "order_no",
                "stockin_no",
                "status",
                "src_order_no",
                "purchase_no",
                "outer_no",
                "provider_no",
                "goods_count",
                "right_nums",
                "total_price",
                "tax_amount",
                "order_type_name"
            ]
        ),
        "order_no=RK202311150002 stockin_no=RK202311150002 status=80 src_order_no=PO9 purchase_no=PO9 outer_no=IN-1 provider_no=P01 goods_count=4.0000 right_nums=4.0000 total_price=80.0000 tax_amount=90.4000 order_type_name=采购入库"
    );
    assert_eq!(
        some(
            &row["details_list"][0],
            &[
                "spec_no",
                "goods_name",
                "expect_num",
                "num",
                "right_num",
                "src_price",
                "right_price",
                "tax_price",
                "position_no"
            ]
        ),
        "spec_no=G1001-RED goods_name=示例T恤 expect_num=10.0000 num=4.0000 right_num=4.0000 src_price=20.0000 right_price=20.0000 tax_price=22.6000 position_no=ZANCUN"
    );
    let count = async |php: &str, node: &str, business: &[(&str, &str)]| {
        let answer = world.call(php, business).await;
        assert_eq!(answer["code"], 0, "{answer}");
        answer[node].as_array().unwrap().len()
    };
    let ins =
        async |business: &[(&str, &str)]| count("stockin_order_query_purchase.php", "stockin_list", business).await;
    assert_eq!(ins(&[("src_order_no", "PO9")]).await, 1, "80 by default");
    assert_eq!(ins(&[("src_order_no", "PO9"), ("status", "30,80")]).await, 2);
    assert_eq!(ins(&[("stockin_outer_no", "IN-2")]).await, 1, "whoever names one finds his draft");
    let (start, end) = (at(-60), at(60));
    let window = [("start_time", &*start), ("end_time", &*end)];
    assert_eq!(ins(&window).await, 1);
    assert_eq!(ins(&[window[0], window[1], ("warehouse_no", "WH02")]).await, 0);
    let orders = async |business: &[(&str, &str)]| count("purchase_order_query.php", "purchase_list", business).await;
    assert_eq!(orders(&window).await, 1);
    assert_eq!(orders(&[window[0], window[1], ("status", "50")]).await, 1);
    assert_eq!(orders(&[window[0], window[1], ("status", "40,90")]).await, 0);
    assert_eq!(orders(&[("purchase_no", "NONE")]).await, 0);
    let_out(&world, &out("CR202311150001", "OUT-1", 1, "1")).await;
    let found = world.call("stockout_order_query_return.php", &[("src_order_no", "CR202311150001")]).await;
    let row = &found["stockout_list"][0];
    assert_eq!(
        some(
            row,
            &[
                "order_no",
                "src_order_no",
                "return_no",
                "outer_no",
                "pr_api_outer_no",
                "provider_no",
                "status",
                "consign_status",
                "order_type",
                "goods_count",
                "goods_total_amount",
                "goods_total_cost",
                "consign_time"
            ]
        ),
        "order_no=CK202311150001 src_order_no=CR202311150001 return_no=CR202311150001 outer_no=OUT-1 pr_api_outer_no=PR9 provider_no=P01 status=110 consign_status=4 order_type=3 goods_count=1.0000 goods_total_amount=20.0000 goods_total_cost=38.5185 consign_time=2023-11-15 06:13:21"
    );
    assert_eq!(
        some(&row["details_list"][0], &["spec_no", "goods_count", "sell_price", "cost_price", "goods_unit"]),
        "spec_no=G1001-RED goods_count=1.0000 sell_price=20.0000 cost_price=38.5185 goods_unit=件"
    );
    assert_eq!(
        some(&row["details_list"][0]["position_list"][0], &["position_no", "position_goods_count"]),
        "position_no=ZANCUN position_goods_count=1.0000"
    );
    let mirror = world.qimen("wdt.purchase.order.query", &[("purchase_no", "PO9")]).await;
    assert_eq!(some(&mirror["purchase_list"][0], &["status", "goods_count"]), "status:50 goods_count=10.0000");
}

#[tokio::test]
async fn requisitions_are_put_on_orders() {
    let world = world().await;
    provider(&world, "P01").await;
    let lines = r#"[{"spec_no":"G1001-RED","num":"10","provider_no":"P01"},{"spec_no":"G1001-BLUE","num":"5"}]"#;
    let business = [("warehouse_no", "WH01"), ("employee_no", "buyer1"), ("is_submit", "1"), ("details_list", lines)];
    let made = world.call("purchase_apply_push.php", &business).await;
    assert_eq!(made.to_string(), r#"{"code":0,"message":"POA202311150001","purchase_apply_no":"POA202311150001"}"#);
    let asked = async || {
        let found = world.call("purchase_apply_query.php", &[("purchase_apply_no", "POA202311150001")]).await;
        some(&found["purchase_list"][0], &["status", "real_num", "ref_num", "unref_num"])
    };
    assert_eq!(asked().await, "status=20 real_num=15.0000 ref_num=0.0000 unref_num=15.0000");
    let buy = |spec_no: &'static str, num: i64| {
        move |tx: &mut store::Tx| {
            let line = erp::purchase::NewOrderLine {
                spec_no: spec_no.into(),
                num: units::Quantity::whole(num),
                price: units::Money::whole(20),
                discount: None,
                tax: units::Quantity::ZERO,
                tax_price: None,
                apply_no: "POA202311150001".into(),
                props: Default::default(),
                remark: String::new(),
            };
            let new = erp::purchase::NewOrder {
                provider_no: "P01".into(),
                warehouse_no: "WH01".into(),
                outer_no: String::new(),
                use_outer_no: false,
                facts: erp::purchase::OrderFacts::default(),
                lines: vec![line],
            };
            let stage = erp::purchase::Stage::Audit;
            erp::purchase::create_order(tx, &erp::Settings::default(), &new, stage, "buyer1").map(|order| order.no)
        }
    };
    let first = world.by_hand(buy("G1001-RED", 4)).await;
    assert_eq!(asked().await, "status=30 real_num=15.0000 ref_num=4.0000 unref_num=11.0000");
    world.by_hand(buy("G1001-RED", 6)).await;
    world.by_hand(buy("G1001-BLUE", 5)).await;
    assert_eq!(asked().await, "status=40 real_num=15.0000 ref_num=15.0000 unref_num=0.0000");
    world
        .by_hand(move |tx| erp::purchase::cancel_order(tx, &erp::Settings::default(), &first, "", "buyer1").map(drop))
        .await;
    assert_eq!(asked().await, "status=30 real_num=15.0000 ref_num=11.0000 unref_num=4.0000");
    let found = world.call("purchase_apply_query.php", &[("purchase_apply_no", "POA202311150001")]).await;
    let row = &found["purchase_list"][0];
    assert_eq!(
        some(row, &["createtor_name", "createor_name", "warehouse_no", "name", "expected_time"]),
        "createtor_name=buyer1 createor_name=buyer1 warehouse_no=WH01 name=北京一仓 expected_time=0000-00-00 00:00:00"
    );
    assert_eq!(
        some(
            &row["details_list"][0],
            &["purchase_apply_no", "spec_no", "class_name", "real_num", "ref_num", "provider_no", "provider_name"]
        ),
        "purchase_apply_no=POA202311150001 spec_no=G1001-RED class_name=服装 real_num=10.0000 ref_num=6.0000 provider_no=P01 provider_name=供应商P01"
    );
}

#[tokio::test]
async fn providers() {
    let world = world().await;
    provider(&world, "GYS001").await;
    let column = "provider_id,provider_no,provider_name,contact,mobile,is_disabled,modified";
    let answer = world.call("purchase_provider_query.php", &[("column", column), ("page_size", "30")]).await;
    assert_eq!(
        answer.to_string(),
        r#"{"code":0,"message":"","provider_list":[{"contact":"","is_disabled":"0","mobile":"","modified":"2023-11-15 06:13:20","provider_id":"1","provider_name":"供应商GYS001","provider_no":"GYS001"}],"total_count":1}"#
    );
    let all = world.call("purchase_provider_query.php", &[]).await;
    assert_eq!(
        some(
            &all["provider_list"][0],
            &[
                "min_purchase_num",
                "purchase_cycle_days",
                "arrive_cycle_days",
                "charge_cycle_days",
                "last_purchase_time",
                "deleted"
            ]
        ),
        "min_purchase_num=1.0000 purchase_cycle_days=3 arrive_cycle_days=2 charge_cycle_days=0 last_purchase_time=2023-11-15 06:13:20 deleted=0"
    );
    let create = async |change: &[(&str, &str)]| {
        let mut business = vec![
            ("provider_no", "P2"),
            ("provider_name", "第二"),
            ("min_purchase_num", "1"),
            ("purchase_cycle_days", "3"),
            ("arrive_cycle_days", "2"),
        ];
        for (name, value) in change {
            business.retain(|(known, _)| known != name);
            business.push((name, value));
        }
        let answer = world.call("purchase_provider_create.php", &business).await;
        refusal(&answer).0
    };
    for (change, code) in [
        (vec![("provider_no", "GYS001")], 17_000_001),
        (vec![("provider_name", "供应商GYS001")], 17_000_001),
        (vec![("provider_no", "")], 2900),
        (vec![("purchase_cycle_days", "-1")], 2830),
        (vec![("last_purchase_time", "yesterday")], 2830),
        (vec![("provider_no", "P3"), ("provider_name", "第三"), ("last_purchase_time", "2023-01-02")], 0),
        (vec![("last_purchase_time", "2023-01-02 03:04:05"), ("is_disabled", "1")], 0),
        (vec![], 17_000_001),
    ] {
        let before = world.stored().await;
        assert_eq!(create(&change).await, code, "{change:?}");
        assert_eq!(world.stored().await > before, code == 0, "{change:?}");
    }
    let found = async |business: &[(&str, &str)]| {
        let answer = world.call("purchase_provider_query.php", business).await;
        let rows = answer["provider_list"]
            .as_array()
            .map(|rows| rows.iter().map(|row| row["provider_no"].as_str().unwrap().to_owned()).collect::<Vec<_>>());
        rows.map_or_else(|| answer["code"].to_string(), |rows| rows.join(" "))
    };
    assert_eq!(found(&[]).await, "GYS001 P3 P2");
    assert_eq!(found(&[("provider_name", "第三")]).await, "P3");
    assert_eq!(found(&[("page_size", "1"), ("page_no", "1")]).await, "P3");
    assert_eq!(found(&[("page_size", "0")]).await, "2220");
    assert_eq!(found(&[("column", "provider_no,secret")]).await, "2830");
    world
        .by_hand(|tx| {
            let gone = erp::catalog::any_provider_by_no(tx, "P3")?.unwrap_or_default();
            erp::catalog::update_provider(tx, erp::catalog::Provider { deleted: 1, ..gone }).map(drop)
        })
        .await;
    assert_eq!(found(&[]).await, "GYS001 P2");
    assert_eq!(found(&[("is_deleted", "1")]).await, "GYS001 P3 P2");
}

/// Prices are confirmed first, whatever the call says; then the goods are audited in at the confirmed price.
#[tokio::test]
async fn prices_are_confirmed_where_the_merchant_wants_it() {
    let settings = r#"{"erp":{"purchase":{"confirm_price":true,"finance_audit":true,"auto_settle":false}}}"#;
    let world = world_with(settings).await;
    let settings: erp::Settings =
        serde_json::from_str(r#"{"purchase":{"confirm_price":true,"finance_audit":true,"auto_settle":false}}"#)
            .unwrap();
    provider(&world, "P01").await;
    let no = push(&world, &order("PO-1", 1, "10")).await["message"].as_str().unwrap().to_owned();
    assert_eq!((status_of(&world, &no).await.as_str(), stock(&world).await.as_str()), ("35", "50 0 0 0 0 50 40"));
    assert_eq!(refusal(&receive(&world, &stock_in(&no, "IN-1", 1, "10")).await).0, 9011, "not audited by finance yet");
    let (of, who) = (settings.clone(), no.clone());
    world.by_hand(move |tx| erp::purchase::finance_audit_order(tx, &of, &who, "cfo").map(drop)).await;
    assert_eq!((status_of(&world, &no).await.as_str(), stock(&world).await.as_str()), ("40", "50 10 0 0 0 50 40"));
    let made = receive(&world, &stock_in(&no, "IN-1", 1, "10")).await;
    let stock_in_no = made["stockin_no"].as_str().unwrap().to_owned();
    let found = world.call("stockin_order_query_purchase.php", &[("stockin_no", &stock_in_no)]).await;
    assert_eq!(some(&found["stockin_list"][0], &["status", "total_price"]), "status=25 total_price=200.0000");
    assert_eq!(stock(&world).await, "50 0 10 0 0 50 40");
    let of = settings.clone();
    world
        .by_hand(move |tx| {
            let price = erp::purchase::NewPrice { spec_no: "G1001-RED".into(), price: units::Money::whole(10) };
            erp::purchase::confirm_price(tx, &of, &stock_in_no, &[price], true).map(drop)
        })
        .await;
    assert_eq!((status_of(&world, &no).await.as_str(), stock(&world).await.as_str()), ("60", "60 0 0 0 0 60 35"));
    let found = world.call("stockin_order_query_purchase.php", &[("stockin_outer_no", "IN-1")]).await;
    assert_eq!(
        some(&found["stockin_list"][0], &["status", "total_price", "tax_amount"]),
        "status=80 total_price=100.0000 tax_amount=113.0000"
    );
    for (amount, status) in [(Some(26), "80"), (None, "90")] {
        let (of, order) = (settings.clone(), no.clone());
        world
            .by_hand(move |tx| {
                erp::purchase::settle_order(tx, &of, &order, amount.map(units::Money::whole), "cfo").map(drop)
            })
            .await;
        assert_eq!(status_of(&world, &no).await, status);
    }
}
