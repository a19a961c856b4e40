//! What the platform pushes, signed before the clock starts.

use std::ops::Range;

use dock_ascp::messages::{Format, PushKind, write_body};
use serde_json::json;
use units::Clock;
use wire::params::Params;
use wire::qimen::{self, Forwarded};

use crate::bench::child::Demo;
use crate::bench::load::Shot;
use crate::demo::Ascp;
use crate::outside::SystemClock;
use crate::trouble::Trouble;

/// What a reply to an accepted push begins with.
pub(super) const ACCEPTED: &str = "<success>true";
const XML: &str = "text/xml;charset=UTF-8";
const FIRST_ITEM: usize = 690_100_000_000;

/// Which push.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Notify,
    Cancel,
}

/// The order of this number.
pub(super) fn code(n: usize) -> String {
    format!("LP008{n:012}")
}

/// The number of this order.
pub(super) fn number(code: &str) -> Option<usize> {
    code.strip_prefix("LP008")?.parse().ok()
}

/// One push for each number: an order of two lines of the catalogue, or the cancel of that order.
pub(super) fn shots(demo: &Demo, ascp: &Ascp, kind: Kind, numbers: Range<usize>) -> Result<Vec<Shot>, Trouble> {
    numbers.map(|n| shot(demo, ascp, kind, n)).collect()
}

fn shot(demo: &Demo, ascp: &Ascp, kind: Kind, n: usize) -> Result<Shot, Trouble> {
    let about = |error: &dyn std::fmt::Display| Trouble::new(error.to_string());
    let (push, request) = match kind {
        Kind::Notify => (PushKind::Notify, order(demo, ascp, n)),
        Kind::Cancel => (PushKind::Cancel, cancel(ascp, n)),
    };
    let body = write_body(Format::Xml, &request.to_string()).map_err(|error| about(&error))?;
    let timestamp = SystemClock.now().to_string();
    let pairs = [
        ("method", push.method()),
        ("timestamp", &timestamp),
        ("format", "xml"),
        ("app_key", &ascp.app_key),
        ("v", "2.0"),
        ("sign_method", "md5"),
        ("customerId", &ascp.customer_id),
    ];
    let query = Params::of_pairs(pairs).map_err(|error| about(&error))?;
    let form = Params::default();
    let forwarded = Forwarded { headers: &[], query: &query, form: &form, content_type: XML, body: body.as_bytes() };
    let sign = qimen::sign(&ascp.app_secret, &forwarded).map_err(|error| about(&error))?;
    let path = format!("{}?{}", dock_ascp::hub::PATH, qimen::signed_query(&query, &sign));
    Ok(Shot { path: path.into(), body: body.into() })
}

fn order(demo: &Demo, ascp: &Ascp, n: usize) -> serde_json::Value {
    let code = code(n);
    let line = |i: usize| {
        let place = (n * 7 + i * 31) % demo.specs.len();
        json!({
            "subOrderCode": format!("{n:012}{i:03}"), "scItemId": (FIRST_ITEM + place).to_string(), "outerId": demo.specs[place].1,
            "barCode": "6900000000017", "quantity": 2, "scItemName": "示例货品 2026春季新款", "tradeOrerId": format!("3{n:018}"),
            "subTradeOrderId": format!("3{n:018}{i}"), "itemAmount": 19_800,
        })
    };
    json!({
        "supplierId": ascp.supplier_id, "supplierName": "示例进口商行", "orderSource": "201", "bizOrderCode": code,
        "orderItems": [line(0), line(1)], "storeCode": ascp.store_code, "storeName": "示例商家仓",
        "receiverInfo": {
            "receiverZipCode": "310000", "receiverCountry": "中国", "receiverProvince": "浙江省", "receiverCity": "杭州市",
            "receiverArea": "余杭区", "receiveTown": "示例街道", "receiverAddress": "示例路1号*", "receiverName": "张*",
            "receiverMobile": "1**********", "oaid": format!("DEMOOAID{n:012}"), "oaidSourceCode": format!("3{n:018}"),
        },
        "itemsValue": 39_600, "postFee": 0, "orderCreateTime": "2026-01-05 10:00:00", "payTime": "2026-01-05 10:00:30",
        "businessModel": "0", "sourcePlatformCode": "TMGJZY",
    })
}

fn cancel(ascp: &Ascp, n: usize) -> serde_json::Value {
    json!({
        "supplierId": ascp.supplier_id, "supplierName": "示例进口商行", "bizOrderCode": code(n), "bizTime": "2026-01-05 11:00:00",
        "refundStatus": "1", "businessModel": "0", "sourcePlatformCode": "TMGJZY",
    })
}
