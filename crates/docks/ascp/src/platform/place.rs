//! Consumers order: one order, or a rush of many from a seed.

use fastrand::Rng;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Reader, Tx};
use units::Moment;

use super::error::{Result, no};
use super::order::{SimLine, SimOrder, SimOrderFacts, SimOrderState, any_order};
use super::supplier::{SimSupplier, supplier};
use super::{push, stock, table};
use crate::limits::LINES;
use crate::messages::{PushKind, TMGJZY};

/// An order to place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// Supplier.
    pub supplier_id: String,
    /// Warehouse.
    pub store_code: String,
    /// What is bought.
    pub lines: Vec<NewLine>,
    /// Who delivers; 0 when absent.
    #[serde(default)]
    pub business_model: Option<String>,
    /// Chooses the consumer; the order's number when absent.
    #[serde(default)]
    pub seed: Option<u64>,
    /// Members of the push that are to be set or, with `null`, left out: to see what the receiver does with odd messages.
    #[serde(default)]
    pub change: Option<Value>,
    /// Seconds before the push is sent.
    #[serde(default)]
    pub delay: i64,
}

/// A line of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    /// Goods.
    pub sc_item_id: i64,
    /// Pieces.
    pub quantity: i64,
}

/// Many orders at once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rush {
    /// Supplier.
    pub supplier_id: String,
    /// Warehouse.
    pub store_code: String,
    /// How many, 1 to 1000.
    pub count: i64,
    /// Where its chances begin.
    pub seed: u64,
}

/// Invented people in real places; names and numbers are masked, as the platform masks them.
const PEOPLE: [(&str, [&str; 3], &str, &str); 8] = [
    ("张*", ["浙江省", "杭州市", "余杭区"], "示例街道", "示例路1号*"),
    ("李*", ["上海", "上海市", "浦东新区"], "示例镇", "示例大道22号*"),
    ("王**", ["广东省", "深圳市", "罗湖区"], "示例街道", "示例花园3栋*"),
    ("陈*", ["北京", "北京市", "海淀区"], "示例街道", "示例胡同4号*"),
    ("刘**", ["四川省", "成都市", "武侯区"], "示例街道", "示例巷5号*"),
    ("赵*", ["江苏省", "南京市", "鼓楼区"], "示例街道", "示例里6号*"),
    ("孙*", ["福建省", "厦门市", "思明区"], "示例街道", "示例湾7号*"),
    ("周**", ["湖北省", "武汉市", "武昌区"], "示例街道", "示例村8号*"),
];

/// Places an order: the warehouse's stock is occupied and the push goes on its way. Returns the order's number.
pub fn place(tx: &mut Tx, new: &NewOrder) -> Result<String> {
    let supplier = supplier(tx, &new.supplier_id)?;
    if new.lines.is_empty() || new.lines.len() > LINES || new.lines.iter().any(|line| line.quantity < 1) {
        return Err(no("SIM_INVALID", "an order has 1 to 200 lines of at least one piece"));
    }
    let (number, now) = (tx.next("ascp_sim_order_code")?, tx.now());
    let code = format!("LP009{number:011}");
    let mut lines = Vec::with_capacity(new.lines.len());
    let mut items = Vec::with_capacity(new.lines.len());
    for (place, line) in (1..).zip(&new.lines) {
        let goods = table::goods(tx, &new.supplier_id, line.sc_item_id)?
            .ok_or_else(|| no("SIM_INVALID", format!("no goods {}", line.sc_item_id)))?;
        stock::occupy(tx, &new.supplier_id, &new.store_code, line.sc_item_id, line.quantity)?;
        let made = SimLine {
            sub_order_code: format!("9{number:011}{place:03}"),
            sc_item_id: line.sc_item_id,
            outer_id: goods.outer_id.clone(),
            quantity: line.quantity,
            amount: goods.price.saturating_mul(line.quantity),
            returned: 0,
        };
        items.push(json!({
            "subOrderCode": made.sub_order_code, "scItemId": made.sc_item_id.to_string(), "outerId": goods.outer_id,
            "barCode": goods.barcode, "quantity": made.quantity, "scItemName": goods.name,
            "tradeOrerId": format!("30000000000{number:011}"), "subTradeOrderId": format!("30000000000{number:011}{place}"),
            "itemAmount": made.amount,
        }));
        lines.push(made);
    }
    let facts = SimOrderFacts {
        supplier_id: new.supplier_id.clone(),
        store_code: new.store_code.clone(),
        business_model: new.business_model.clone().unwrap_or_else(|| "0".to_owned()),
        lines,
        ..SimOrderFacts::default()
    };
    let order = SimOrder {
        id: tx.document_id("ascp_sim_order")?,
        code: code.clone(),
        state: SimOrderState::Pushing,
        facts,
        created: now,
    };
    let seed = new.seed.unwrap_or_else(|| u64::try_from(number).unwrap_or(0));
    let mut request = request(&supplier, &order, &items, seed, now);
    if let Some(change) = &new.change {
        merge(&mut request, change);
    }
    let request = request.to_string();
    table::insert_order(tx, &order, &request)?;
    push::send(tx, &supplier.supplier_id, PushKind::Notify, &code, &request, now.plus(new.delay.max(0)))?;
    Ok(code)
}

fn request(supplier: &SimSupplier, order: &SimOrder, items: &[Value], seed: u64, now: Moment) -> Value {
    let mut chance = Rng::with_seed(seed);
    let (name, [province, city, area], town, address) = PEOPLE[chance.usize(..PEOPLE.len())];
    let value: i64 = order.facts.lines.iter().map(|line| line.amount).sum();
    let oaid = if supplier.spell_aid { "aid" } else { "oaid" };
    json!({
        "supplierId": supplier.supplier_id, "supplierName": supplier.name, "orderSource": "201",
        "bizOrderCode": order.code, "orderItems": items, "storeCode": order.facts.store_code,
        "storeName": "示例商家仓",
        "receiverInfo": {
            "receiverZipCode": "310000", "receiverCountry": "中国", "receiverProvince": province, "receiverCity": city,
            "receiverArea": area, "receiveTown": town, "receiverAddress": address, "receiverName": name,
            "receiverMobile": "1**********", oaid: format!("SIMOAID{}", order.code),
            "oaidSourceCode": format!("3{}", order.code.trim_start_matches("LP")), "privacy": "1",
        },
        "itemsValue": value, "postFee": 0, "orderCreateTime": now.plus(-30).to_string(), "payTime": now.to_string(),
        "businessModel": order.facts.business_model, "sourcePlatformCode": TMGJZY,
    })
}

/// The order is pushed once more, as the platform does when it is not sure; with other content, if that is asked for.
pub fn push_again(tx: &mut Tx, code: &str, change: Option<&Value>) -> Result<()> {
    let found = any_order(tx, code)?;
    let mut request: Value = serde_json::from_str(&table::order_request(tx, found.id)?).unwrap_or_default();
    if let Some(change) = change {
        merge(&mut request, change);
    }
    let now = tx.now();
    push::send(tx, &found.facts.supplier_id, PushKind::Notify, code, &request.to_string(), now)
}

/// Members of `change` replace those of `into`; `null` takes them out.
fn merge(into: &mut Value, change: &Value) {
    let (Value::Object(into), Value::Object(change)) = (into, change) else { return };
    for (name, value) in change {
        match (into.get_mut(name), value) {
            (_, Value::Null) => {
                into.remove(name);
            }
            (Some(inner @ Value::Object(_)), Value::Object(_)) => merge(inner, value),
            _ => {
                into.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Places many orders of one to three lines from what is sellable; returns their numbers. It ends early when nothing is left to sell.
pub fn rush(tx: &mut Tx, rush: &Rush) -> Result<Vec<String>> {
    if !(1..=1_000).contains(&rush.count) {
        return Err(no("SIM_INVALID", "count is 1 to 1000"));
    }
    let mut chance = Rng::with_seed(rush.seed);
    let mut codes = Vec::new();
    for _ in 0..rush.count {
        let sellable = table::sellable(tx, &rush.supplier_id, &rush.store_code)?;
        if sellable.is_empty() {
            break;
        }
        let mut lines: Vec<NewLine> = Vec::new();
        for _ in 0..chance.usize(1..=3) {
            let (item, free) = sellable[chance.usize(..sellable.len())];
            if lines.iter().all(|line| line.sc_item_id != item) {
                lines.push(NewLine { sc_item_id: item, quantity: chance.i64(1..=3).min(free) });
            }
        }
        codes.push(place(
            tx,
            &NewOrder {
                supplier_id: rush.supplier_id.clone(),
                store_code: rush.store_code.clone(),
                lines,
                business_model: None,
                seed: Some(chance.u64(..)),
                change: None,
                delay: 0,
            },
        )?);
    }
    Ok(codes)
}

/// Orders of a supplier that were placed within a span of time: what the platform counts for a day.
pub fn count(reader: &mut Reader, supplier_id: &str, from: Moment, to: Moment) -> Result<i64> {
    table::count_orders(reader, supplier_id, from, to)
}
