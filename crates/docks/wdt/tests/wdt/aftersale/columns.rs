//! Every column of the sheet's tables is in the reply; people are blank where they must be.

use erp::aftersale::{NewRefund, RefundKind, ReturnParcel, SwapReceiver};
use erp::catalog;
use serde_json::Value;

use super::{TID, push_refund, push_return, shipped};
use crate::merchant::{ORDER, push};
use crate::world::{at, some, world};

const REFUND: &str = "refund_id refund_no api_outer_no outer_no platform_id src_no type process_status status guarantee_mode cs_status shop_id shop_no shop_name swap_trade_id pay_account pay_no goods_amount refund_amount direct_refund_amount guarante_refund_amount actual_refund_amount exchange_amount post_amount other_amount paid tid sales_trade_id sales_tid buyer_nick receiver_name receiver_address receiver_telno return_name return_mobile return_telno return_address return_logistics_name return_logistics_no swap_receiver swap_mobile swap_telno swap_zip swap_province swap_city swap_district swap_area swap_address swap_warehouse_no swap_warehouse_id swap_logistics_type swap_logistics_name swap_logistics_id swap_trade_no warehouse_no warehouse_id warehouse_type refund_time modified created finish_time refund_reason reason_id remark customer_id customer_no customer_name creator_name error_msg advance_status is_goods_received wms_status wms_result wms_outer_no from_type return_goods_count op_constraint refund_version consign_mode logistics_name logistics_no push_no logistics_style revert_reason revert_reason_info bad_reason return_mask is_trade_charged stockin_pre_no fenxiao_nick_name fenxiao_refund_no fenxiao_tid flag_name refund_order_list refund_out_goods_list";
const REFUND_LINE: &str = "order_id refund_id oid tid src_no process_status sales_tid sales_trade_id sales_order_id platform_id order_num refund_num stockin_num price original_price discount paid cost_price market_price refund_order_amount total_amount stockin_amount spec_id spec_no goods_id goods_no goods_name spec_name spec_code barcode brand_name suite_id suite_no suite_name suite_num is_sn_enable position_id position_no edit_mask tag remark created modified";
const STOCK_IN: &str = "stockin_id order_no stockin_no status process_status order_type src_order_type order_type_name warehouse_no warehouse_name shop_no shop_name shop_remark src_order_no refund_no tid trade_no trade_type stockin_time check_time created_time modified check_operator_name stockin_operator_name refund_operator_name stockin_reason remark refund_remark goods_count adjust_num goods_type_count goods_amount total_price discount tax_amount post_fee other_fee adjust_price right_price actual_refund_amount logistics_type logistics_code logistics_name logistics_no customer_no customer_name nick_name details_list";
const STOCK_IN_LINE: &str = "rec_id stockin_id src_order_detail_id src_order_type spec_id spec_no spec_name spec_code goods_no goods_name goods_unit brand_no brand_name barcode num goods_count num2 adjust_num right_num src_price cost_price total_cost right_price right_cost adjust_price discount tax tax_price tax_amount batch_no production_date expire_date validity_days position_no defect oid tid platform_id remark created modified";
const RAW: &str = "refund_id platform_id shop_id shop_no refund_no tid type status process_status op_constraint is_aftersale cs_status guarantee_mode refund_amount actual_refund_amount reason remark refund_mask logistics_name logistics_no refund_time modified created current_phase_timeout title is_external pay_no goods_list discount_list";
const RAW_LINE: &str = "order_id platform_id refund_no oid status goods_id spec_id goods_no spec_no goods_name spec_name num price total_amount remark return_time created modified";
const SUM: &str = "stat_date stockin_date shop_no shop_name warehouse_no warehouse_name spec_no spec_code spec_name goods_no goods_name barcode brand_no brand_name class_name num refund_num amount cost_amount unit_name";

fn missing(row: &Value, keys: &str) -> Vec<String> {
    keys.split(' ').filter(|key| row.get(*key).is_none()).map(str::to_owned).collect()
}

#[tokio::test]
async fn no_column_of_the_sheet_is_absent() {
    let world = world().await;
    shipped(&world).await;
    push_refund(&world, &[]).await;
    push_return(&world, "TK2311150001", "IN-1", "1", 1, r#","batch_no":"B1","position_no":"A-1","remark":"完好""#)
        .await;
    let tk = &world.call("refund_query.php", &[("tid", TID)]).await["refunds"][0];
    let back =
        &world.call("stockin_order_query_refund.php", &[("src_order_no", "TK2311150001")]).await["stockin_list"][0];
    let raw = &world.call("vip_api_refund_query.php", &[("tid", TID)]).await["trade_list"][0];
    let day = &world.call("vip_stat_refund_by_spec_shop_warehouse_query.php", &[("stockin_date", "2023-11-15")]).await
        ["content"][0];
    for (row, keys) in [
        (tk, REFUND),
        (&tk["refund_order_list"][0], REFUND_LINE),
        (back, STOCK_IN),
        (&back["details_list"][0], STOCK_IN_LINE),
        (raw, RAW),
        (&raw["goods_list"][0], RAW_LINE),
        (&day["spec_list"][0], SUM),
    ] {
        assert_eq!(missing(row, keys), Vec::<String>::new());
    }
    assert_eq!(
        some(
            tk,
            &[
                "buyer_nick",
                "pay_account",
                "return_name",
                "return_mobile",
                "return_address",
                "refund_reason",
                "cs_status"
            ]
        ),
        "buyer_nick=张三_01 pay_account=pay@example return_name=张三 return_mobile=13600000000 return_address=北京 北京市 海淀区 花园路2号 refund_reason=尺码不合适 cs_status=1"
    );
    assert_eq!(
        some(&back["details_list"][0], &["batch_no", "position_no", "src_price", "cost_price", "brand_name", "oid"]),
        "batch_no=B1 position_no=A-1 src_price=96.5000 cost_price=40.0000 brand_name=示例牌 oid=T20231115001-1"
    );
    assert_eq!(
        some(raw, &["type", "status", "process_status", "refund_amount", "title", "is_aftersale", "logistics_no"]),
        "type=2 status=2 process_status=20 refund_amount=96.5000 title=示例T恤 is_aftersale=1 logistics_no=7700001"
    );
    // The number of the refund stands on the line of the raw order, too.
    let order = &world.call("vip_api_trade_query.php", &[("tid", TID)]).await["trade_list"][0];
    assert_eq!(some(order, &["refund_status"]), "refund_status=1");
}

#[tokio::test]
async fn windows_pages_and_both_times() {
    let world = world().await;
    shipped(&world).await;
    push_refund(&world, &[]).await;
    push_refund(&world, &[("refund_no", "RF900002".into()), ("type", 2.into())]).await;
    let (start, end) = (at(-1000), at(1000));
    let window = [("start_time", &*start), ("end_time", &*end)];
    let all = world.call("refund_query.php", &window).await;
    assert_eq!((all["total_count"].clone(), all["refunds"].as_array().map(Vec::len)), (2.into(), Some(2)));
    let one = world.call("refund_query.php", &[&window[..], &[("page_no", "1"), ("page_size", "1")]].concat()).await;
    assert!(one.get("total_count").is_none());
    assert_eq!(one["refunds"][0]["src_no"], "RF900002");
    let some_of = |pairs: &[(&'static str, &'static str)]| [&window[..], pairs].concat();
    for (pairs, expected) in [
        (vec![("process_status", "60")], 1),
        (vec![("process_status", "60,80")], 2),
        (vec![("time_type", "1")], 0),
        (vec![("shop_no", "jd")], 0),
        (vec![("shop_nos", "jd,api_test")], 2),
        (vec![("logistics_no", "7700001")], 2),
    ] {
        let found = world.call("refund_query.php", &some_of(&pairs)).await;
        assert_eq!(found["total_count"], expected, "{pairs:?}");
    }
    world.by_hand(|tx| erp::aftersale::settle_refund(tx, &erp::Settings::default(), "TK2311150002", "财务")).await;
    let settled = world.call("refund_query.php", &some_of(&[("time_type", "1")])).await;
    assert_eq!(settled["refunds"][0]["refund_no"], "TK2311150002");
    let asked = world.call("vip_api_refund_query.php", &[&window[..], &[("time_type", "1")]].concat()).await;
    assert_eq!(asked["total_count"], 2);
    let none = world.call("vip_api_refund_query.php", &[("refund_no", "RF900001"), ("platform_id", "3")]).await;
    assert_eq!(none["total_count"], 0);
}

/// Shops of the Taobao family are not shown on openapi2 at all, and without people through Qimen.
#[tokio::test]
async fn people_are_kept_private() {
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    world
        .by_hand(|tx| {
            let settings = erp::Settings::default();
            let (from, to) = (catalog::shop_by_no(tx, "api_test")?, catalog::shop_by_no(tx, "taobao")?);
            let raw = erp::order::raw_by_tid(tx, TID)?.filter(|raw| raw.shop == from.id);
            let Some(mut facts) = raw.map(|raw| raw.facts) else { return Ok(()) };
            facts.tid = "TB1".into();
            for line in &mut facts.lines {
                line.oid = "TB1-1".into();
            }
            erp::order::push(tx, &settings, &to, facts)?;
            let new = NewRefund {
                kind: RefundKind::RefundOnly,
                tid: "TB1".into(),
                outer_no: String::new(),
                lines: Vec::new(),
                out: Vec::new(),
                amount: None,
                post_amount: units::Money::ZERO,
                other_amount: units::Money::ZERO,
                warehouse_no: None,
                reason: String::new(),
                remark: String::new(),
                parcel: ReturnParcel::default(),
                consign_mode: 0,
                is_trade_charged: false,
                swap: SwapReceiver::default(),
            };
            erp::aftersale::create_refund(tx, &settings, &new, "客服").map(drop)
        })
        .await;
    let direct = world.call("refund_query.php", &[("tid", "TB1")]).await;
    assert_eq!(direct["total_count"], 0);
    let mirrored = world.qimen("wdt.refund.query", &[("tid", "TB1")]).await;
    let row = &mirrored["refunds"][0];
    assert_eq!(
        some(
            row,
            &["refund_amount", "buyer_nick", "receiver_name", "receiver_address", "return_mobile", "pay_account"]
        ),
        "refund_amount=203.0000 buyer_nick= receiver_name= receiver_address= return_mobile= pay_account="
    );
}
