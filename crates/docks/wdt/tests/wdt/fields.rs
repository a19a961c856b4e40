//! Generated from the declarations: every required field of every method missing, of the wrong type, too long. The answer
//! names the field, and nothing is stored.

use serde_json::{Map, Value, json};
use wire::args::{Field, Kind};

use crate::merchant::ORDER;
use crate::world::{World, at, world};
use crate::{aftersale, purchase};

/// The least that a method accepts; JSON arguments as values.
pub(crate) fn valid(name: &str) -> Value {
    let window = json!({ "start_time": at(-600), "end_time": at(600) });
    match name {
        "wdt.goods.push" => {
            json!({ "goods_list": [{ "goods_no": "G9", "goods_name": "新货", "spec_list": [{ "spec_no": "G9-1" }] }] })
        }
        "wdt.trade.push" => {
            let mut order: Value = serde_json::from_str(ORDER).unwrap();
            order["tid"] = json!("T9");
            order["order_list"][0]["oid"] = json!("T9-1");
            json!({ "shop_no": "api_test", "switch": "1", "trade_list": [order] })
        }
        "wdt.logistics.sync.query" => json!({ "limit": "100" }),
        "wdt.logistics.sync.ack" => json!({ "logistics_list": [{ "rec_id": 1, "status": 0 }] }),
        "wdt.api.goods.stock.change.query" => json!({ "shop_no": "api_test", "limit": "100" }),
        "wdt.api.goods.stock.change.ack" => {
            json!({ "stock_sync_list": [{ "rec_id": 1, "sync_stock": 1, "stock_change_count": 1 }] })
        }
        "wdt.api.goodsspec.push" => {
            let row = json!({ "goods_id": "M1", "spec_id": "M1-1", "spec_no": "G1001-RED", "status": 1 });
            json!({ "api_goods_info": { "platform_id": 127, "shop_no": "api_test", "goods_list": [row] } })
        }
        "wdt.vip.trade.modify" => json!({ "trade_no": "JY202311150001", "cs_remark": "好" }),
        "wdt.vip.stat.sales.by.spec.shop.warehouse.query" => json!({ "consign_date": "2023-11-15" }),
        "wdt.stockin.order.push" => {
            let line = json!({ "spec_no": "G1001-RED", "stockin_num": 2 });
            json!({ "stockin_info": { "outer_no": "O9", "warehouse_no": "WH01", "goods_list": [line] } })
        }
        "wdt.stock.sync.by.pd" => {
            let line = json!({ "spec_no": "G1001-RED", "stock_num": 60 });
            json!({ "warehouse_no": "WH01", "api_outer_no": "PD9", "goods_list": [line] })
        }
        "wdt.stockout.order.push" => {
            let line = json!({ "spec_no": "G1001-RED", "num": 1 });
            json!({ "stockout_info": { "outer_no": "OO9", "warehouse_no": "WH01", "detail_list": [line] } })
        }
        // The three of a transfer follow one another: this one makes the first transfer of the day …
        "wdt.stock.transfer.push" => {
            let line = json!({ "spec_no": "G1001-RED", "num": 4 });
            json!({ "transfer_info": { "outer_no": "TF9", "from_warehouse_no": "WH01", "to_warehouse_no": "WH02",
                "transfer_type": 0, "autocheck": 1, "skus": [line] } })
        }
        // … of which two pieces leave and one comes in.
        "wdt.stockout.transfer.push" => {
            let line = json!({ "spec_no": "G1001-RED", "num": 2 });
            json!({ "stockout_info": { "src_order_no": "TF202311150001", "outer_no": "TO9", "is_check": 1,
                "warehouse_no": "WH01", "goods_list": [line] } })
        }
        "wdt.stockin.transfer.push" => {
            let line = json!({ "spec_no": "G1001-RED", "num": 1 });
            json!({ "stockin_info": { "src_order_no": "TF202311150001", "outer_no": "TI9", "is_check": 1,
                "warehouse_no": "WH02", "goods_list": [line] } })
        }
        "wdt.vip.wms.stockinout.order.push" => {
            let line = json!({ "spec_no": "G1001-RED", "num": 2 });
            json!({ "stockin_info": { "api_outer_no": "W9", "warehouse_no": "WH02", "order_type": 2, "goods_list": [line] } })
        }
        "wdt.vip.jit.stockout.order.query" => {
            json!({ "start_time": at(-600), "end_time": at(600), "page_no": "0", "page_size": "10" })
        }
        name => purchase::least(name).or_else(|| aftersale::least(name)).unwrap_or(window),
    }
}

/// One way to spoil a request, and words that the answer must have.
struct Spoiled {
    request: Value,
    says: Vec<String>,
    what: String,
}

/// A place in a request: the object there, and how the answer calls the object.
#[derive(Clone)]
struct Place {
    pointer: String,
    path: String,
}

impl Place {
    fn of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn object<'r>(&self, request: &'r mut Value) -> &'r mut Map<String, Value> {
        request.pointer_mut(&self.pointer).and_then(Value::as_object_mut).unwrap()
    }
}

fn spoil(request: &Value, fields: &[Field], place: &Place, out: &mut Vec<Spoiled>) {
    for field in fields {
        let path = place.of(field.name);
        let given = request.pointer(&place.pointer).and_then(|object| object.get(field.name));
        let mut change = |value: Option<Value>, says: Vec<String>| {
            let mut request = request.clone();
            let object = place.object(&mut request);
            let what =
                format!("{path} = {:?}", value.as_ref().map(|v| v.to_string().chars().take(20).collect::<String>()));
            match value {
                Some(value) => object.insert(field.name.to_owned(), value),
                None => object.remove(field.name),
            };
            out.push(Spoiled { request, says, what });
        };
        let missing = match field.name {
            "spec_list" => vec!["最少包含一个规格！".to_owned()],
            "start_time" | "end_time" => vec!["start_time和end_time为空或不是有效的时间格式".to_owned()],
            _ => vec![format!("必传参数缺失入参：{path}")],
        };
        if field.required {
            change(None, missing);
        }
        let kind = if let Kind::JsonText(inner) = field.kind { *inner } else { field.kind };
        let wrong = match field.name {
            "page_size" => vec!["page_size为正整数".to_owned()],
            "start_time" | "end_time" => vec!["start_time和end_time为空或不是有效的时间格式".to_owned()],
            _ => vec![format!("参数值无效:{path}(")],
        };
        match kind {
            Kind::Text { max } => {
                // A status is one of the words that the sheet lists; a long one is just another unknown word.
                let rule = match field.name {
                    "status" => format!("参数值无效:{path}("),
                    _ => format!("参数值无效:{path}(长度不能超过{max}个字符)"),
                };
                change(Some("长".repeat(max + 1).into()), vec![rule]);
            }
            Kind::Object(inner) => {
                change(Some(json!([])), wrong);
                if given.is_some() {
                    spoil(request, inner, &below(place, field.name, None), out);
                }
            }
            Kind::List { of, .. } => {
                change(Some(json!({})), wrong);
                if given.is_some() {
                    spoil(request, of, &below(place, field.name, Some(0)), out);
                }
            }
            _ => change(Some("x".into()), wrong),
        }
    }
}

fn below(place: &Place, name: &str, index: Option<usize>) -> Place {
    let pointer = format!("{}/{name}", place.pointer);
    let path = place.of(name);
    match index {
        None => Place { pointer, path },
        Some(index) => Place { pointer: format!("{pointer}/{index}"), path: format!("{path}[{index}]") },
    }
}

pub(crate) async fn send(world: &World, php: &str, request: &Value) -> String {
    send_as(world, ("demo2", "demo2-test"), php, request).await
}

/// The same as another application.
pub(crate) async fn send_as(world: &World, who: (&str, &str), php: &str, request: &Value) -> String {
    let pairs: Vec<(&str, String)> = request
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    world.text_as(who, php, &pairs).await
}

#[tokio::test]
async fn every_field_is_refused_by_its_name() {
    let world = world().await;
    aftersale::prepare(&world).await;
    purchase::prepare(&world).await;
    let registry = dock_wdt::registry();
    assert!(registry.iter().len() >= 50, "methods went missing");
    let mut tried = 0;
    for entry in registry.iter() {
        let request = valid(entry.name);
        let mut spoiled = Vec::new();
        spoil(&request, entry.fields, &Place { pointer: String::new(), path: String::new() }, &mut spoiled);
        for Spoiled { request, says, what } in spoiled {
            tried += 1;
            let before = world.stored().await;
            let answer = send(&world, entry.php, &request).await;
            for words in says {
                assert!(answer.contains(&words), "{} {what}: {words} expected in {answer}", entry.name);
            }
            let after = world.stored().await;
            // A list whose rows are refused one by one leaves its receipt: the answer is kept.
            let receipt = i64::from(answer.starts_with(r#"{"code":0,"#));
            assert_eq!(after, before + receipt, "{} {what} stored something", entry.name);
        }
        let answer = send(&world, entry.php, &request).await;
        assert!(answer.starts_with(r#"{"code":0,"#), "{} refused {request}: {answer}", entry.name);
    }
    assert!(tried > 250, "{tried} requests were tried");
}

#[tokio::test]
async fn every_field_and_column_is_documented_once() {
    fn check(fields: &[Field]) {
        for (i, field) in fields.iter().enumerate() {
            assert!(!field.doc.is_empty(), "{} has no meaning", field.name);
            assert!(fields.iter().skip(i + 1).all(|other| other.name != field.name), "{} twice", field.name);
            let kind = if let Kind::JsonText(inner) = field.kind { *inner } else { field.kind };
            if let Kind::Object(inner) | Kind::List { of: inner, .. } = kind {
                check(inner);
            }
        }
    }
    fn columns(columns: &[wire::rows::Description]) {
        for (i, column) in columns.iter().enumerate() {
            assert!(!column.doc.is_empty(), "{} has no meaning", column.name);
            assert!(columns.iter().skip(i + 1).all(|other| other.name != column.name), "{} twice", column.name);
            self::columns_below(column);
        }
    }
    for entry in dock_wdt::registry().iter() {
        check(entry.fields);
        entry.reply().members.iter().filter_map(|member| member.columns.as_deref()).for_each(columns);
    }
}

fn columns_below(column: &wire::rows::Description) {
    for (i, inner) in column.columns.iter().enumerate() {
        assert!(!inner.doc.is_empty(), "{} has no meaning", inner.name);
        assert!(column.columns.iter().skip(i + 1).all(|other| other.name != inner.name), "{} twice", inner.name);
        columns_below(inner);
    }
}
