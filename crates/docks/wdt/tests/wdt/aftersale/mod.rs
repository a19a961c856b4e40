//! After-sale as its callers see it (fact sheet wdt-2, chapter 3): stories, refused requests, every column.

mod archived;
mod columns;
mod refused;
mod story;

use erp::aftersale;
use serde_json::Value;

use crate::merchant::{ORDER, push};
use crate::world::World;

/// The order of the sheet, two pieces for 193 and 10 freight.
pub(super) const TID: &str = "T20231115001";

/// A raw refund: one piece of [`TID`], with some members replaced.
pub(super) fn refund(changes: &[(&str, Value)]) -> String {
    let mut refund = serde_json::json!({
        "platform_id": 127, "shop_no": "api_test", "tid": TID, "refund_no": "RF900001", "type": 3,
        "status": "wait_seller_agree", "refund_fee": "96.50", "alipay_no": "pay@example", "buyer_nick": "张三_01",
        "refund_time": "2023-11-15 06:00:00", "reason": "尺码不合适", "desc": "备注", "refund_version": "1",
        "logistics_name": "中通快递", "logistics_no": "7700001",
        "order_list": [{"oid": format!("{TID}-1"), "num": "1"}],
    });
    for (name, value) in changes {
        refund[*name] = value.clone();
    }
    refund.to_string()
}

pub(super) async fn push_refund(world: &World, changes: &[(&str, Value)]) -> Value {
    let list = format!("[{}]", refund(changes));
    world.call("sales_refund_push.php", &[("api_refund_list", &list)]).await
}

/// The refund order with this platform number.
pub(super) async fn refund_order(world: &World, src: &str) -> Value {
    world.call("refund_query.php", &[("src_refund_no", src)]).await["refunds"][0].clone()
}

pub(super) async fn raw_refund(world: &World, no: &str) -> Value {
    world.call("vip_api_refund_query.php", &[("refund_no", no)]).await["trade_list"][0].clone()
}

/// A return stock-in of the spec of [`TID`].
pub(super) async fn push_return(world: &World, tk: &str, outer: &str, num: &str, check: i64, more: &str) -> Value {
    let info = format!(
        r#"{{"refund_no":"{tk}","outer_no":"{outer}","warehouse_no":"WH01","is_check":{check},"logistics_code":"ZTO01","logistics_no":"7700001","post_fee":"3","detail_list":[{{"spec_no":"G1001-RED","stockin_num":{num}{more}}}]}}"#
    );
    world.call("stockin_refund_push.php", &[("stockin_refund_info", &info)]).await
}

/// Quantities of good stock in WH01, as far as they are not zero.
pub(super) async fn stock(world: &World) -> String {
    let rows = world.call("stock_query.php", &[("spec_no", "G1001-RED"), ("warehouse_no", "WH01")]).await;
    let row = rows["stocks"].as_array().unwrap().iter().find(|row| row["defect"] == "0").unwrap().clone();
    let columns = ["stock_num", "order_num", "sending_num", "refund_num", "refund_onway_num", "refund_exch_num"];
    let quantities = columns.iter().filter_map(|name| {
        let text = row[*name].as_str()?;
        let short = text.trim_end_matches('0').trim_end_matches('.');
        (text != "0.0000").then(|| format!("{name}={short}"))
    });
    quantities.collect::<Vec<_>>().join(" ")
}

/// [`TID`] shipped, and a return of one piece of it that waits for its goods.
pub(crate) async fn prepare(world: &World) {
    shipped(world).await;
    assert_eq!(push_refund(world, &[]).await["code"], 0);
    assert_eq!(refund_order(world, "RF900001").await["process_status"], "60");
}

/// The least that a push of the family accepts after [`prepare`]; `None` = a window.
pub(crate) fn least(name: &str) -> Option<Value> {
    Some(match name {
        "wdt.sales.refund.push" => {
            let refund: Value = serde_json::from_str(&refund(&[("refund_no", "RF9".into())])).unwrap();
            serde_json::json!({ "api_refund_list": [refund] })
        }
        "wdt.stockin.refund.push" => {
            let line = serde_json::json!({ "spec_no": "G1001-RED", "stockin_num": 1 });
            serde_json::json!({ "stockin_refund_info": { "refund_no": "TK2311150001", "outer_no": "RI9",
                "warehouse_no": "WH01", "detail_list": [line] } })
        }
        "wdt.vip.stat.refund.by.spec.shop.warehouse.query" => serde_json::json!({ "stockin_date": "2023-11-15" }),
        _ => return None,
    })
}

/// [`TID`] pushed, audited and shipped.
pub(super) async fn shipped(world: &World) -> String {
    push(world, "1", &[ORDER.to_owned()]).await;
    let no = trade_no(world).await;
    let number = no.clone();
    world
        .by_hand(move |tx| {
            let settings = erp::Settings::default();
            erp::order::audit(tx, &settings, &number, "审核员")?;
            erp::order::ship(tx, &settings, &number, Some("ZTO01"), "123456789012")
        })
        .await;
    no
}

pub(super) async fn trade(world: &World) -> Value {
    world.call("trade_query.php", &[("src_tid", TID)]).await["trades"][0].clone()
}

pub(super) async fn trade_no(world: &World) -> String {
    trade(world).await["trade_no"].as_str().unwrap().to_owned()
}

/// Nothing is lost: ledger and money.
pub(super) async fn assert_books(world: &World) {
    let findings = world
        .store
        .read(world.tenant, |reader| {
            let mut findings = aftersale::audit_money(reader)?;
            findings.extend(erp::stock::audit_books(reader)?);
            let books = erp::report::books(reader, &erp::Settings::default())?;
            findings.extend(books.findings.iter().map(|found| format!("{found:?}")));
            Ok::<_, erp::Error>(findings)
        })
        .await
        .unwrap();
    assert_eq!(findings, Vec::<String>::new());
}
