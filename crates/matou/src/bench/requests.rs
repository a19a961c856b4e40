//! The calls that are measured, signed before the clock starts.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;

use super::child::Demo;
use super::load::Shot;
use crate::client::{self, Keys};
use crate::outside::SystemClock;

/// `count` calls of `trade_push` with `batch` orders of two lines each; about 1.7 kB an order on the wire. Numbers begin at
/// `first`, as a mall counts its orders.
pub(super) fn pushes(demo: &Demo, first: usize, count: usize, batch: usize) -> Vec<Shot> {
    let path: Arc<str> = "/openapi2/trade_push.php".into();
    (0..count)
        .map(|i| {
            let orders: Vec<_> = (0..batch).map(|j| order(demo, first + i * batch + j)).collect();
            let arguments = vec![
                ("shop_no".to_owned(), demo.shop_no.clone()),
                ("trade_list".to_owned(), serde_json::Value::from(orders).to_string()),
            ];
            let pairs = client::openapi2(&SystemClock, &demo.sid, &demo.wdt, arguments);
            Shot { path: path.clone(), body: Bytes::from(client::encode(&pairs)) }
        })
        .collect()
}

fn order(demo: &Demo, n: usize) -> serde_json::Value {
    let tid = format!("M2026{n:012}");
    let line = |i: usize| {
        let (goods_no, spec_no) = &demo.specs[(n * 7 + i * 31) % demo.specs.len()];
        json!({
            "oid": format!("{tid}-{i}"), "num": 2, "price": "99.00", "status": 30, "refund_status": 0,
            "goods_id": format!("M-{goods_no}"), "spec_id": format!("M-{spec_no}"), "goods_no": goods_no, "spec_no": spec_no,
            "goods_name": "示例货品 2026春季新款", "spec_name": "红色 L", "adjust_amount": 0, "discount": 0,
            "share_discount": "5.00",
        })
    };
    json!({
        "tid": tid, "trade_status": 30, "pay_status": 2, "delivery_term": 1, "trade_time": "2026-01-02 03:04:05",
        "pay_time": "2026-01-02 03:05:06", "buyer_nick": format!("买家_{n}"), "receiver_name": "张三",
        "receiver_province": "北京", "receiver_city": "北京市", "receiver_district": "海淀区",
        "receiver_address": "花园路1号东门快递柜", "receiver_mobile": "19900000000", "receiver_zip": "100000",
        "logistics_type": -1, "invoice_kind": 0, "buyer_message": "请尽快发货，谢谢", "seller_memo": "", "seller_flag": 0,
        "post_amount": 10, "cod_amount": 0, "ext_cod_fee": 0, "other_amount": 0, "paid": "396.00",
        "order_list": [line(0), line(1)],
    })
}

/// `count` calls of `shop_query` through Qimen, each with its own signature.
pub(super) fn shop_queries(demo: &Demo, count: usize) -> Vec<Shot> {
    shop_queries_to(demo, &demo.target_app_key, count)
}

/// The same to another target.
pub(super) fn shop_queries_to(demo: &Demo, target: &str, count: usize) -> Vec<Shot> {
    let path: Arc<str> = "/router/qm".into();
    let keys = Keys { key: demo.qimen.key.clone(), secret: demo.qimen.secret.clone() };
    (0..count)
        .map(|i| {
            let arguments = vec![("page_no".to_owned(), "0".to_owned()), ("app_rights".to_owned(), i.to_string())];
            let pairs = client::qimen(&SystemClock, "wdt.shop.query", &demo.sid, &keys, target, arguments);
            Shot { path: path.clone(), body: Bytes::from(client::encode(&pairs)) }
        })
        .collect()
}

/// `count` calls of `trade_query`, each a page of 100 of some hour of the stored past.
pub(super) fn trade_queries(demo: &Demo, hours: &[(String, String)], count: usize) -> Vec<Shot> {
    let path: Arc<str> = "/openapi2/trade_query.php".into();
    (0..count)
        .map(|i| {
            let (start, end) = &hours[(i * 37) % hours.len()];
            let arguments = vec![
                ("start_time".to_owned(), start.clone()),
                ("end_time".to_owned(), end.clone()),
                ("page_no".to_owned(), (i % 3).to_string()),
                ("page_size".to_owned(), "100".to_owned()),
            ];
            let pairs = client::openapi2(&SystemClock, &demo.sid, &demo.wdt, arguments);
            Shot { path: path.clone(), body: Bytes::from(client::encode(&pairs)) }
        })
        .collect()
}

/// The same requests, to another path.
pub(super) fn to(path: &str, shots: Vec<Shot>) -> Vec<Shot> {
    let path: Arc<str> = path.into();
    shots.into_iter().map(|shot| Shot { path: path.clone(), ..shot }).collect()
}
