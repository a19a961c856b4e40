//! `stock_query` and `stockin_order_push` (fact sheet wdt-2, 5.1 and 5.4).

use crate::merchant::{ORDER, push};
use crate::world::{at, refusal, some, world, world_with};

#[tokio::test]
async fn stock_by_code_warehouse_and_window() {
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    let answer = world.call("stock_query.php", &[("spec_no", "G1001-RED")]).await;
    assert_eq!((&answer["code"], &answer["total_count"]), (&0.into(), &"1".into()), "part 2: the total is a text");
    let row = &answer["stocks"][0];
    assert_eq!(
        some(
            row,
            &[
                "spec_no",
                "goods_no",
                "brand_name",
                "warehouse_no",
                "warehouse_type",
                "defect",
                "status",
                "stock_num",
                "avaliable_num"
            ]
        ),
        "spec_no=G1001-RED goods_no=G1001 brand_name=示例牌 warehouse_no=WH01 warehouse_type=1 defect=0 status=1 stock_num=50.0000 avaliable_num=48.0000"
    );
    assert_eq!(
        some(
            row,
            &[
                "order_num",
                "sending_num",
                "lock_num",
                "purchase_num",
                "transfer_num",
                "refund_onway_num",
                "cost_price",
                "weight",
                "last_pd_time",
                "last_inout_time"
            ]
        ),
        "order_num=2.0000 sending_num=0.0000 lock_num=0.0000 purchase_num=0.0000 transfer_num=0.0000 refund_onway_num=0.0000 cost_price=40.0000 weight=0.2000 last_pd_time=0000-00-00 00:00:00 last_inout_time=2023-11-15 06:13:20"
    );
    let mirror = world.qimen("wdt.stock.query", &[("barcode", "6900000000011")]).await;
    assert_eq!((&mirror["total_count"], &mirror["stocks"][0]["defect"]), (&1.into(), &0.into()));
    let rows = async |business: &[(&str, &str)]| {
        let answer = world.call("stock_query.php", business).await;
        assert_eq!(answer["code"], 0, "{answer}");
        answer["stocks"].as_array().unwrap().len()
    };
    let (start, end) = (at(-60), at(60));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    assert_eq!(rows(&window).await, 1);
    assert_eq!(rows(&[("start_time", &at(1)), ("end_time", &at(60))]).await, 0);
    assert_eq!(rows(&[]).await, 1, "neither window nor code: everything");
    assert_eq!(rows(&[("spec_no", "NOWHERE")]).await, 0);
    assert_eq!(rows(&[("goods_no", "G1001")]).await, 1);
    assert_eq!(rows(&[("warehouse_no", "WH02")]).await, 0);
    assert_eq!(rows(&[("page_size", "0")]).await, 1, "part 2: the usual size");
    // By warehouse alone: what changed in the last hour.
    assert_eq!(rows(&[("warehouse_no", "WH01")]).await, 1);
    world.clock.advance(3601);
    assert_eq!(rows(&[("warehouse_no", "WH01")]).await, 0);
    assert_eq!(rows(&[("warehouse_no", "WH01"), ("spec_no", "G1001-RED")]).await, 1);
    let whole = world_with(r#"{"stock_by_warehouse_is_full":true}"#).await;
    whole.clock.advance(7200);
    assert_eq!(whole.call("stock_query.php", &[("warehouse_no", "WH01")]).await["total_count"], "1");
    for (business, code) in [
        (vec![("warehouse_no", "nowhere")], 9004),
        (window[..1].to_vec(), 2160),
        (vec![("start_time", "2023-10-01 00:00:00"), window[1]], 2180),
        (vec![("page_size", "x")], 2220),
    ] {
        assert_eq!(world.call("stock_query.php", &business).await["code"], code, "{business:?}");
    }
}

#[tokio::test]
async fn goods_come_in_once() {
    let world = world().await;
    let send = async |info: &str| world.call("stockin_order_push.php", &[("stockin_info", info)]).await;
    let good = r#"{"outer_no":"OIN-1","warehouse_no":"WH01","is_check":1,"reason":"gift","goods_list":[{"spec_no":"G1001-RED","stockin_num":2,"stockin_price":"20.00"},{"spec_no":"G1001-RED","stockin_num":"1","defect":1}]}"#;
    assert_eq!(
        some(&send(good).await, &["code", "message", "stockin_no"]),
        "code:0 message= stockin_no=RK202311150002"
    );
    let stocks = world.call("stock_query.php", &[("spec_no", "G1001-RED")]).await;
    let rows = stocks["stocks"].as_array().unwrap().iter();
    assert_eq!(
        rows.map(|row| some(row, &["defect", "stock_num", "avaliable_num", "cost_price"]))
            .collect::<Vec<_>>()
            .join("; "),
        "defect=0 stock_num=52.0000 avaliable_num=52.0000 cost_price=39.2308; defect=1 stock_num=1.0000 avaliable_num=0.0000 cost_price=0.0000"
    );
    let draft = good.replace("OIN-1", "OIN-2").replace(r#""is_check":1,"#, "");
    assert_eq!(send(&draft).await["code"], 0);
    let unchanged = world.call("stock_query.php", &[("spec_no", "G1001-RED")]).await;
    assert_eq!(unchanged["stocks"][0]["stock_num"], "52.0000", "not audited, not on hand");
    let bad = good.replace("OIN-1", "BAD");
    for (info, code, message) in [
        (good.to_owned(), 2470, "入库单外部单号已存在:OIN-1"),
        (bad.replace("WH01", "WH77"), 9004, "仓库编号在系统中不存在或已停用，请检查warehouse_no是否正确:WH77"),
        (bad.replace("WH01", "WH02"), 9005, "委外仓库不支持该操作,仓库编号:WH02"),
        (bad.replace("G1001-RED", "X"), 9007, "商家编码不存在或已删除:X"),
        (bad.replace(r#""stockin_num":2"#, r#""stockin_num":0"#), 9012, "参数值无效:stockin_num(应大于0)"),
        (bad.replace("20.00", "-1"), 9012, "参数值无效:stockin_price(不能小于0)"),
        (
            bad.replace(r#""stockin_num":2"#, r#""stockin_num":"two""#),
            9012,
            "参数值无效:stockin_info.goods_list[0].stockin_num(应为数字)",
        ),
        (
            bad.replace(r#""reason""#, r#""logistics_code":"SF","reason""#),
            9018,
            "不存在物流编码为 SF 的物流公司或业务类型错误!",
        ),
        (
            bad.replace(r#""defect":1"#, r#""defect":2"#),
            2830,
            "参数值无效:stockin_info.goods_list[1].defect(不是有效的取值)",
        ),
        (bad.replace("gift", &"长".repeat(256)), 9020, "参数值无效:stockin_info.reason(长度不能超过255个字符)"),
        ("{".to_owned(), 9002, "参数值无效:stockin_info(json格式错误,无法解析)"),
        ("[]".to_owned(), 9002, "参数值无效:stockin_info(json结构异常)"),
        (String::new(), 2900, "必传参数缺失入参：stockin_info"),
    ] {
        let before = world.stored().await;
        assert_eq!(refusal(&send(&info).await), (code, message), "{info}");
        assert_eq!(world.stored().await, before, "{info}");
    }
}
