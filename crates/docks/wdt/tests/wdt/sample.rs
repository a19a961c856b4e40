//! The order of fact sheet wdt-1, 2.13 must come back from 2.14 as the sheet's sample shows it, in every value apart from ids,
//! numbers and times.

use serde_json::Value;

use crate::merchant::{ORDER, push};
use crate::world::{World, at, world};

/// The reply of fact sheet wdt-1, 2.14.
const SAMPLE: &str = include_str!("sample_trade.json");

/// What the store chooses, and what is not kept at all: customers.
const OWN: &[&str] = &[
    "trade_id",
    "trade_no",
    "shop_id",
    "warehouse_id",
    "logistics_id",
    "customer_id",
    "customer_no",
    "rec_id",
    "spec_id",
    "goods_id",
    "modified",
    "created",
];

fn compare(at: &str, sample: &Value, real: &Value, differences: &mut Vec<String>) {
    match (sample, real) {
        (Value::Object(sample), Value::Object(real)) => {
            for (key, expected) in sample {
                let at = format!("{at}.{key}");
                match real.get(key) {
                    None => differences.push(format!("{at} is missing")),
                    Some(_) if OWN.contains(&&**key) => {}
                    Some(found) => compare(&at, expected, found, differences),
                }
            }
        }
        (Value::Array(sample), Value::Array(real)) => {
            assert_eq!(sample.len(), real.len(), "{at}");
            sample.iter().zip(real).for_each(|(sample, real)| compare(at, sample, real, differences));
        }
        _ if sample == real => {}
        _ => differences.push(format!("{at}: {sample} expected, {real} found")),
    }
}

async fn page(world: &World) -> Value {
    let window = [("start_time", at(-1800)), ("end_time", at(1800))];
    let window: Vec<(&str, &str)> = window.iter().map(|(name, time)| (*name, &**time)).collect();
    world.call("trade_query.php", &[&window[..], &[("page_no", "0"), ("page_size", "40")]].concat()).await
}

#[tokio::test]
async fn a_pushed_order_reads_as_the_sheet_shows_it() {
    let world = world().await;
    let pushed = push(&world, "1", &[ORDER.to_owned()]).await;
    assert_eq!(pushed.to_string(), r#"{"chg_count":0,"code":0,"message":"","new_count":1}"#);
    let mut differences = Vec::new();
    compare("", &serde_json::from_str(SAMPLE).unwrap(), &page(&world).await, &mut differences);
    assert_eq!(differences, Vec::<String>::new());
    // Refunded in full before shipment, its region read from the address this time.
    let refunded = ORDER
        .replace(r#""receiver_province":"北京","receiver_city":"北京市","receiver_district":"海淀区","#, "")
        .replace("花园路1号", "北京 北京市 海淀区 花园路1号")
        .replace(r#""trade_status":30"#, r#""trade_status":80"#)
        .replace(r#""status":30,"refund_status":0"#, r#""status":80,"refund_status":5"#);
    let answer = push(&world, "1", std::slice::from_ref(&refunded)).await;
    assert_eq!(answer.to_string(), r#"{"chg_count":1,"code":0,"message":"","new_count":0}"#);
    let trade = &page(&world).await["trades"][0];
    let keys = ["trade_status", "refund_status", "bad_reason", "receiver_address", "goods_count", "version_id"];
    assert_eq!(
        crate::world::some(trade, &keys),
        "trade_status=5 refund_status=3 bad_reason=0 receiver_address=花园路1号 goods_count=2.0000 version_id=2"
    );
    let again = push(&world, "1", &[refunded]).await;
    assert_eq!(again.to_string(), r#"{"chg_count":0,"code":0,"message":"","new_count":0}"#);
}

/// Every column of the sheet's two tables, in the reply.
#[tokio::test]
async fn no_column_of_the_sheet_is_absent() {
    const TRADE: &str = "trade_id trade_no platform_id shop_platform_id shop_id shop_no shop_name shop_remark warehouse_id warehouse_no warehouse_type src_tids trade_status consign_status trade_type delivery_term freeze_reason freeze_reason_info refund_status fenxiao_type fenxiao_nick fenxiao_tid trade_time pay_time customer_id customer_no customer_name customer_type pay_account buyer_nick receiver_name receiver_address receiver_mobile receiver_telno receiver_zip receiver_country receiver_province receiver_city receiver_district receiver_area receiver_ring receiver_dtb to_deliver_time bad_reason logistics_id logistics_code logistics_name logistics_type logistics_no check_step unmerge_mask delay_to_time pre_charge_time is_prev_notify note_count buyer_message_count cs_remark_count cs_remark_change_count discount_change trade_prepay pi_amount other_cost volume sales_score flag_id flag_name is_sealed gift_mask split_from_trade_id logistics_template_id sendbill_template_id revert_reason cancel_reason is_unpayment_sms package_id trade_mask reserve large_type buyer_message cs_remark print_remark remark_flag goods_type_count goods_count goods_amount post_amount other_amount discount receivable dap_amount cod_amount ext_cod_fee goods_cost post_cost weight profit tax tax_rate commission paid invoice_type invoice_title invoice_content invoice_id salesman_id fullname checker_id checker_name fchecker_id fchecker_name checkouter_id checkouter_name stockout_no trade_from single_spec_no raw_goods_count raw_goods_type_count currency split_package_num version_id modified created id_card_type id_card tags goods_list";
    const LINE: &str = "rec_id trade_id platform_id src_oid src_tid platform_goods_id platform_spec_id spec_id goods_id goods_no goods_name spec_no spec_name spec_code barcode class_name suite_id suite_no suite_name suite_num suite_amount suite_discount flag gift_type refund_status guarantee_mode delivery_term bind_oid num actual_num refund_num price order_price share_price adjust discount share_amount share_post paid share_amount2 prop2 tc_order_id remark cid is_print_suite is_zero_cost is_consigned is_received is_master stock_reserved api_goods_name api_spec_name weight commission tax_rate goods_type large_type invoice_type invoice_content from_mask base_unit_id unit_name modified created";
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    let trade = &world.call("trade_query.php", &[("src_tid", "T20231115001")]).await["trades"][0];
    let missing = |row: &Value, keys: &str| keys.split(' ').filter(|key| row.get(*key).is_none()).count();
    assert_eq!((missing(trade, TRADE), missing(&trade["goods_list"][0], LINE)), (0, 0));
    assert!(trade["goods_list"][0].get("pay_id").is_none() && trade["goods_list"][0].get("img_url").is_none());
    let more = world.call("trade_query.php", &[("src_tid", "T20231115001"), ("src", "1"), ("img_url", "1")]).await;
    let line = &more["trades"][0]["goods_list"][0];
    assert_eq!(
        crate::world::some(line, &["pay_id", "pay_status", "pay_time", "img_url"]),
        "pay_id= pay_status=2 pay_time=2023-11-15 05:52:00 img_url="
    );
}
