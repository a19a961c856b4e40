//! The calls with which a past is made, and writes are measured: file of the method and business arguments.

use serde_json::{Value, json};

use super::past::Scale;
use crate::demo::MALL;

/// What a call is made of.
pub(super) type Call = (&'static str, Vec<(&'static str, String)>);

pub(super) fn provider(no: &str) -> Call {
    let text = str::to_owned;
    let arguments = vec![
        ("provider_no", text(no)),
        ("provider_name", format!("供应商{no}")),
        ("min_purchase_num", text("1")),
        ("purchase_cycle_days", text("3")),
        ("arrive_cycle_days", text("2")),
        ("charge_cycle_days", text("30")),
    ];
    ("purchase_provider_create.php", arguments)
}

/// `goods` goods with `specs` specs each, from the spec of this number on.
pub(super) fn goods(first: usize, goods: usize, specs: usize) -> Call {
    let one = |g: usize| {
        let start = first + g * specs;
        let rows = (start..start + specs)
            .map(|n| json!({ "spec_no": Scale::spec(n), "spec_name": "红色 L", "retail_price": 99 }));
        json!({
            "goods_no": format!("B{:06}", start / specs.max(1)), "goods_name": "示例货品 2026春季新款", "brand_name": "示例牌",
            "class_name": "服装", "spec_list": rows.collect::<Vec<_>>(),
        })
    };
    ("goods_push.php", vec![("goods_list", Value::from((0..goods).map(one).collect::<Vec<_>>()).to_string())])
}

pub(super) fn stock_in(outer_no: &str, warehouse_no: &str, lines: &Value) -> Call {
    let info = json!({ "outer_no": outer_no, "warehouse_no": warehouse_no, "is_check": 1, "goods_list": lines });
    ("stockin_order_push.php", vec![("stockin_info", info.to_string())])
}

/// A stock-in of one line.
pub(super) fn small_stock_in(outer_no: &str, n: usize, scale: Scale) -> Call {
    let lines = json!([{ "spec_no": Scale::spec(n * 13 % scale.specs), "stockin_num": 3, "stockin_price": 20 }]);
    stock_in(outer_no, &Scale::warehouse(n % scale.warehouses), &lines)
}

/// Paid orders of two lines.
pub(super) fn orders(prefix: &str, first: usize, count: usize, specs: usize) -> Call {
    let list: Vec<Value> = (first..first + count).map(|n| order(prefix, n, specs)).collect();
    ("trade_push.php", vec![("shop_no", MALL.to_owned()), ("trade_list", Value::from(list).to_string())])
}

fn order(prefix: &str, n: usize, specs: usize) -> Value {
    let tid = format!("{prefix}{n:012}");
    let line = |i: usize| {
        let spec = Scale::spec((n * 7 + i * 31) % specs);
        json!({
            "oid": format!("{tid}-{i}"), "num": 2, "price": "99.00", "status": 30, "refund_status": 0,
            "goods_id": format!("M-{spec}"), "spec_id": format!("M-{spec}"), "goods_no": "B", "spec_no": spec,
            "goods_name": "示例货品 2026春季新款", "spec_name": "红色 L", "adjust_amount": 0, "discount": 0,
            "share_discount": "5.00",
        })
    };
    json!({
        "tid": tid, "trade_status": 30, "pay_status": 2, "delivery_term": 1, "trade_time": "2020-01-02 03:04:05",
        "pay_time": "2020-01-02 03:05:06", "buyer_nick": format!("买家_{prefix}{n}"), "receiver_name": "张三",
        "receiver_province": "北京", "receiver_city": "北京市", "receiver_district": "海淀区",
        "receiver_address": format!("花园路{n}号东门快递柜"), "receiver_mobile": "19900000000", "receiver_zip": "100000",
        "logistics_type": -1, "invoice_kind": 0, "buyer_message": "请尽快发货，谢谢", "seller_memo": "", "seller_flag": 0,
        "post_amount": 10, "cod_amount": 0, "ext_cod_fee": 0, "other_amount": 0, "paid": "396.00",
        "order_list": [line(0), line(1)],
    })
}

/// A refund without return of a line of such an order.
pub(super) fn refund(prefix: &str, n: usize, refund_no: &str) -> Call {
    let tid = format!("{prefix}{n:012}");
    let list = json!([{
        "platform_id": 127, "shop_no": MALL, "tid": tid, "refund_no": refund_no, "type": 2, "status": "wait_seller_agree",
        "refund_fee": "9.90", "buyer_nick": format!("买家_{prefix}{n}"), "refund_time": "2020-01-03 03:04:05", "reason": "少件",
        "order_list": [{ "oid": format!("{tid}-0"), "num": 1 }],
    }]);
    ("sales_refund_push.php", vec![("api_refund_list", list.to_string())])
}

pub(super) fn purchase(outer_no: &str, n: usize, scale: Scale) -> Call {
    let line = |i: usize| json!({ "spec_no": Scale::spec((n * 11 + i) % scale.specs), "num": 10, "price": "20.00" });
    let info = json!({
        "provider_no": "BENCH", "warehouse_no": Scale::warehouse(n % scale.warehouses), "outer_no": outer_no, "is_check": 1,
        "details_list": [line(0), line(1)],
    });
    ("purchase_order_push.php", vec![("purchase_info", info.to_string())])
}
