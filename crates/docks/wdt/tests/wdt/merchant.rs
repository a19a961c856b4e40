//! The merchant of the sheet's examples.

use erp::catalog::{self, Carrier, Shop, StockSync, Suite, SuitePart, Warehouse};
use units::{Money, Quantity};

use crate::world::World;

/// The goods of fact sheet wdt-1, 2.6.
pub(crate) const GOODS: &str = r#"[{"goods_no":"G1001","goods_name":"示例T恤","goods_type":1,"class_name":"服装","brand_name":"示例牌","unit_name":"件","props1":"2023春","spec_list":[{"spec_no":"G1001-RED","spec_name":"红色","barcode":"6900000000011","retail_price":99,"weight":"0.2"},{"spec_no":"G1001-BLUE","spec_name":"蓝色","barcode":"6900000000028","retail_price":99}]},{"goods_no":"G1002","spec_list":[{"spec_no":"G1002-A"}]}]"#;

/// The order of fact sheet wdt-1, 2.13.
pub(crate) const ORDER: &str = r#"{"tid":"T20231115001","trade_status":30,"pay_status":2,"delivery_term":1,"trade_time":"2023-11-15 05:50:00","pay_time":"2023-11-15 05:52:00","buyer_nick":"张三_01","receiver_name":"张三","receiver_province":"北京","receiver_city":"北京市","receiver_district":"海淀区","receiver_address":"花园路1号","receiver_mobile":"13600000000","receiver_zip":"100000","logistics_type":-1,"invoice_kind":0,"buyer_message":"请尽快","seller_memo":"","seller_flag":0,"post_amount":10,"cod_amount":0,"ext_cod_fee":0,"other_amount":0,"paid":"203.00","order_list":[{"oid":"T20231115001-1","num":2,"price":99,"status":30,"refund_status":0,"goods_id":"M100","spec_id":"M100-1","goods_no":"G1001","spec_no":"G1001-RED","goods_name":"示例T恤","spec_name":"红色","adjust_amount":0,"discount":0,"share_discount":5}]}"#;

pub(crate) async fn settle(world: &World) {
    world
        .by_hand(|tx| {
            catalog::create_warehouse(
                tx,
                Warehouse {
                    no: "WH01".into(),
                    name: "北京一仓".into(),
                    kind: 1,
                    region: ["北京".into(), "北京市".into(), "海淀区".into()],
                    address: "花园路2号".into(),
                    contact: "王五".into(),
                    mobile: "13900000000".into(),
                    zip: "100000".into(),
                    ..Warehouse::default()
                },
            )?;
            let outsourced =
                Warehouse { no: "WH02".into(), name: "奇门仓".into(), kind: 11, ..Warehouse::default() };
            catalog::create_warehouse(tx, outsourced)?;
            catalog::create_carrier(
                tx,
                Carrier {
                    no: "ZTO01".into(),
                    name: "中通快递".into(),
                    kind: 5,
                    bill_type: 1,
                    pattern: "^[0-9]{12,14}$".into(),
                    ..Carrier::default()
                },
            )?;
            catalog::create_shop(tx, own_mall())?;
            for (no, platform) in [("taobao", 1), ("jd", 3)] {
                catalog::create_shop(tx, Shop { no: no.into(), platform, ..Shop::default() })?;
            }
            let closed = Shop { no: "closed".into(), platform: 127, disabled: true, ..Shop::default() };
            catalog::create_shop(tx, closed)?;
            catalog::enable_stock_sync(tx, "api_test", Some(StockSync::default()))
        })
        .await;
    let errors = world.call("goods_push.php", &[("goods_list", GOODS)]).await;
    assert_eq!(errors["code"], 0, "{errors}");
    world
        .by_hand(|tx| {
            let part = |no: &str| SuitePart { spec_no: no.into(), num: Quantity::whole(1), ..SuitePart::default() };
            let suite = Suite {
                no: "TZ001".into(),
                name: "T恤两件套".into(),
                retail_price: Money::whole(180),
                weight: "0.4".parse().unwrap_or_default(),
                parts: vec![part("G1001-RED"), part("G1001-BLUE")],
                ..Suite::default()
            };
            catalog::create_suite(tx, suite)
        })
        .await;
    let stock = r#"{"outer_no":"OPENING","warehouse_no":"WH01","is_check":1,"goods_list":[{"spec_no":"G1001-RED","stockin_num":50,"stockin_price":40}]}"#;
    let answer = world.call("stockin_order_push.php", &[("stockin_info", stock)]).await;
    assert_eq!(answer["code"], 0, "{answer}");
}

fn own_mall() -> Shop {
    Shop {
        no: "api_test".into(),
        name: "示例商城".into(),
        platform: 127,
        region: [110_000, 110_100, 110_108],
        address: "花园路1号".into(),
        contact: "李四".into(),
        mobile: "13800000000".into(),
        zip: "100000".into(),
        ..Shop::default()
    }
}

/// The order of the sheet with other numbers.
pub(crate) fn order(number: &str) -> String {
    ORDER.replace("T20231115001", number).replace("张三_01", &format!("nick-{number}"))
}

/// The parameters of a push of these orders.
pub(crate) async fn push(world: &World, switch: &str, orders: &[String]) -> serde_json::Value {
    let list = format!("[{}]", orders.join(","));
    world.call("trade_push.php", &[("shop_no", "api_test"), ("switch", switch), ("trade_list", &list)]).await
}
