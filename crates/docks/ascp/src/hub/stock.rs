//! Stock on the platform: what is published, what is done when the platform refuses, and how both sides are compared (fact sheet
//! ascp-direct, 2.12, 2.13, 3.4; section 7, no. 15 and 17).
//!
//! The number that is published is a total: what is free to sell, and what open orders of the channel hold. What the platform has
//! occupied is read first; a total below that would be refused, so the occupied number is published and somebody is told.

use std::collections::HashMap;

use erp::catalog::Page;
use serde_json::{Value, json};
use store::{Reader, Tenant, Tx};
use units::Quantity;

use super::alarm::{self, kind};
use super::ask::Account;
use super::call::{Call, CallState, enqueue};
use super::channel::Channel;
use super::error::{Error, Refusal, Result};
use super::goods::ChannelGoods;
use super::hub::Hub;
use super::order::OrderState;
use super::table;
use crate::limits::{STOCK_GOODS, TRUE_FOR};
use crate::messages::CallKind;

/// Rows of one read.
const ROWS: i64 = 500;

/// What the supplier has of one goods in one warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Warehouse, as the platform calls it.
    pub store_code: String,
    /// Goods.
    pub sc_item_id: String,
    /// Merchant code.
    pub spec_no: String,
    /// Pieces that nobody holds.
    pub free: i64,
    /// Pieces that orders of the channel hold which the platform does not count as shipped.
    pub reserved: i64,
}

/// Both sides of one goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Ours.
    pub figure: Figure,
    /// What should be published.
    pub total: i64,
    /// What the platform has; `None` = nothing was published yet.
    pub theirs: Option<Account>,
}

impl Compared {
    /// Whether both sides agree.
    pub fn agrees(&self) -> bool {
        self.theirs.as_ref().is_some_and(|theirs| theirs.quantity == self.total)
    }
}

/// What the supplier has, by warehouse and goods that are named.
pub fn figures(reader: &mut Reader, settings: &erp::Settings, channel: &Channel) -> Result<Vec<Figure>> {
    let mut goods: Vec<ChannelGoods> = Vec::new();
    loop {
        let after = goods.last().map_or(0, |last| last.id);
        let page = table::goods_page(reader, channel.id, false, after, ROWS)?;
        if page.is_empty() {
            break;
        }
        goods.extend(page);
    }
    let reserved = reserved(reader, channel)?;
    let mut figures = Vec::new();
    for (store_code, warehouse_no) in &channel.facts.settings.warehouses {
        let warehouse = match erp::catalog::warehouse_by_no(reader, warehouse_no) {
            Ok(warehouse) => warehouse,
            Err(erp::Error::Refused(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        for one in goods.iter().filter(|one| !one.spec_no.is_empty()) {
            figures.push(Figure {
                store_code: store_code.clone(),
                sc_item_id: one.sc_item_id.clone(),
                spec_no: one.spec_no.clone(),
                free: free(reader, settings, warehouse.id, &one.spec_no)?,
                reserved: reserved.get(&(store_code.clone(), one.sc_item_id.clone())).copied().unwrap_or(0),
            });
        }
    }
    Ok(figures)
}

/// Pieces that nobody holds; of a suite, as many as its parts make.
fn free(reader: &mut Reader, settings: &erp::Settings, warehouse: i64, spec_no: &str) -> Result<i64> {
    if erp::catalog::spec_by_no(reader, spec_no)?.is_some() {
        return sellable(reader, settings, warehouse, spec_no).map(Quantity::floor);
    }
    let filter = erp::catalog::SuiteFilter { no: Some(spec_no), ..erp::catalog::SuiteFilter::default() };
    let suites = erp::catalog::suites(reader, &filter, Page { no: 0, size: 1 })?;
    let Some(suite) = suites.rows.into_iter().next() else { return Ok(0) };
    let mut sets: Option<i64> = None;
    for part in &suite.parts {
        let have = sellable(reader, settings, warehouse, &part.spec_no)?;
        let made = if part.num.is_positive() { have.raw() / part.num.raw() } else { 0 };
        sets = Some(sets.map_or(made, |sets| sets.min(made)));
    }
    Ok(sets.unwrap_or(0))
}

fn sellable(reader: &mut Reader, settings: &erp::Settings, warehouse: i64, spec_no: &str) -> Result<Quantity> {
    let filter = erp::stock::BalanceFilter { warehouses: &[warehouse], spec_no: Some(spec_no), ..Default::default() };
    let rows = erp::stock::balances(reader, &filter, Page { no: 0, size: 10 })?;
    let good = rows.rows.iter().filter(|row| row.balance.defect == 0);
    Ok(good.map(|row| row.balance.sellable(&settings.sellable)).sum::<Quantity>().max(Quantity::ZERO))
}

/// What orders of the channel hold which the platform does not count as shipped: waiting, in the warehouse, or gone without the report
/// having got through. Lines that wait for stock hold nothing yet.
fn reserved(reader: &mut Reader, channel: &Channel) -> Result<HashMap<(String, String), i64>> {
    let mut held = HashMap::new();
    for state in [
        OrderState::PendingAudit,
        OrderState::Audited,
        OrderState::Released,
        OrderState::Short,
        OrderState::Shipped,
        OrderState::ConfirmFailed,
    ] {
        let mut after = 0;
        loop {
            let page = table::orders(reader, Some(state), after, ROWS)?;
            let Some(last) = page.last().map(|order| order.id) else { break };
            after = last;
            for order in page.iter().filter(|order| order.channel == channel.id) {
                let waiting = waiting(reader, &order.code)?;
                for line in &order.facts.lines {
                    if !waiting.contains(&line.sub_order_code) {
                        let key = (order.facts.store_code.clone(), line.sc_item_id.clone());
                        *held.entry(key).or_insert(0) += line.quantity;
                    }
                }
            }
        }
    }
    Ok(held)
}

/// Lines of an order that wait for stock.
fn waiting(reader: &mut Reader, code: &str) -> Result<Vec<String>> {
    let Some(raw) = erp::order::raw_by_tid(reader, code)? else { return Ok(Vec::new()) };
    let orders = erp::order::orders_of(reader, &raw)?;
    let lines = orders.iter().flat_map(|order| &order.lines);
    let waits = |line: &&erp::order::OrderLine| line.reserved == erp::order::Reserved::Waiting && line.tid == code;
    Ok(lines.filter(waits).map(|line| line.oid.clone()).collect())
}

impl Hub {
    /// Compares both sides, and publishes where they differ if `publish`. What differs is an alarm until it agrees.
    pub async fn reconcile(&self, tenant: Tenant, supplier_id: &str, publish: bool) -> Result<Vec<Compared>> {
        let channel = self.fresh_channel(tenant, supplier_id).await?;
        let settings = self.settings(tenant).ok_or_else(|| Refusal::State("租户设置无法读取".to_owned()))?;
        let of = channel.clone();
        let ours = self.store().read(tenant, move |reader| figures(reader, &settings, &of)).await?;
        let mut compared = Vec::with_capacity(ours.len());
        let mut stores: Vec<String> = ours.iter().map(|figure| figure.store_code.clone()).collect();
        stores.dedup();
        for store_code in stores {
            let here: Vec<&Figure> = ours.iter().filter(|figure| figure.store_code == store_code).collect();
            for part in here.chunks(STOCK_GOODS) {
                let items: Vec<String> = part.iter().map(|figure| figure.sc_item_id.clone()).collect();
                let accounts = self.accounts(&channel, &store_code, &items).await?;
                compared.extend(part.iter().map(|figure| compare(&channel, figure, &accounts)));
            }
        }
        let kept = compared.clone();
        self.store().write(tenant, move |tx| note_compared(tx, &channel, &kept, publish)).await?;
        self.wake();
        Ok(compared)
    }
}

/// What should be published of a goods, given what the platform says of it.
pub fn compare(channel: &Channel, figure: &Figure, accounts: &[Account]) -> Compared {
    let theirs = accounts.iter().find(|account| account.sc_item_id == figure.sc_item_id).cloned();
    let wanted = if channel.facts.settings.free_only { figure.free } else { figure.free + figure.reserved };
    let locked = theirs.as_ref().map_or(0, |theirs| theirs.locked);
    Compared { figure: figure.clone(), total: wanted.max(locked), theirs }
}

/// Keeps what was seen, tells somebody, and puts the publishes into the queue.
pub fn note_compared(tx: &mut Tx, channel: &Channel, compared: &[Compared], publish: bool) -> Result<()> {
    let now = tx.now();
    let mut differing: Vec<&Compared> = Vec::new();
    for one in compared {
        let item = &one.figure.sc_item_id;
        let Some(mut goods) = table::goods_by_item(tx, channel.id, item)? else { continue };
        goods.facts.quantity = one.theirs.as_ref().map(|theirs| theirs.quantity);
        goods.facts.locked = one.theirs.as_ref().map(|theirs| theirs.locked);
        goods.facts.looked = Some(now);
        goods.modified = now;
        table::save_goods(tx, &goods)?;
        let ours = one.figure.free + one.figure.reserved;
        match &one.theirs {
            Some(theirs) if theirs.locked > ours => {
                let text = format!(
                    "货品{item}({})平台已占用{}件,超过可供{ours}件(可发{}+本渠道占用{}),已按占用数发布,请补货或上报缺货",
                    one.figure.spec_no, theirs.locked, one.figure.free, one.figure.reserved
                );
                alarm::raise(tx, channel.id, kind::OVERSOLD, item, &text)?;
            }
            _ => alarm::clear(tx, channel.id, kind::OVERSOLD, item)?,
        }
        if one.agrees() {
            alarm::clear(tx, channel.id, kind::STOCK_DIFFERS, item)?;
            continue;
        }
        differing.push(one);
        if !publish {
            let theirs = one.theirs.as_ref().map_or_else(|| "未发布".to_owned(), |theirs| theirs.quantity.to_string());
            let text = format!("货品{item}({})本地{}件,平台{theirs}", one.figure.spec_no, one.total);
            alarm::raise(tx, channel.id, kind::STOCK_DIFFERS, item, &text)?;
        }
    }
    if publish {
        let lines: Vec<(String, String, i64)> = differing
            .iter()
            .map(|one| (one.figure.store_code.clone(), one.figure.sc_item_id.clone(), one.total))
            .collect();
        for part in lines.chunks(STOCK_GOODS) {
            send(tx, channel, part, true)?;
        }
    }
    Ok(())
}

/// Puts a publish into the queue: one goods and warehouse to an operation, each statement with a number of its own.
fn send(tx: &mut Tx, channel: &Channel, lines: &[(String, String, i64)], full: bool) -> Result<()> {
    let number = tx.next("ascp_stock_publish")?;
    let day = tx.now().day().compact();
    let id = format!("matou-inv-{}-{day}-{number}", channel.supplier_id);
    let operations: Vec<Value> = (1..)
        .zip(lines)
        .map(|(place, (store_code, item, quantity))| {
            let item: Value = item.parse::<i64>().map_or_else(|_| Value::String(item.clone()), Into::into);
            json!({
                "main_order": { "operation_order_id": format!("{id}-{place}"), "user_id": channel.facts.owner_user_id },
                "detail_operation_list": [{
                    "location": { "store_code": store_code },
                    "item": { "sc_item_id": item },
                    "inventory_line_list": [{ "inventory_line": { "quantity": quantity } }],
                    "detail_order": { "operation_detail_order_id": format!("{id}-{place}-1") },
                    "additional_info": { "attribute": {
                        "supplier_id": channel.supplier_id, "inv_operate_mode": if full { "FULLAMOUNT" } else { "INCREMENT" },
                    } },
                }],
            })
        })
        .collect();
    enqueue(tx, channel, CallKind::StockPublish, &id, "", &json!({ "inventory_main_operation": operations }))?;
    Ok(())
}

/// Publishes a change of one goods, up or down (`INCREMENT`).
pub fn publish_change(tx: &mut Tx, channel: &Channel, store_code: &str, sc_item_id: &str, delta: i64) -> Result<()> {
    if delta == 0 {
        return Err(Refusal::Invalid("delta", "不能为0".to_owned()).into());
    }
    if table::goods_by_item(tx, channel.id, sc_item_id)?.is_none() {
        return Err(Refusal::Unknown("平台货品", sc_item_id.to_owned()).into());
    }
    send(tx, channel, &[(store_code.to_owned(), sc_item_id.to_owned(), delta)], false)
}

/// Warehouse, goods and quantity of each line of a publish, and whether they are totals.
fn lines_of(body: &Value) -> (Vec<(String, String, i64)>, bool) {
    let operations = body.get("inventory_main_operation").and_then(Value::as_array);
    let details: Vec<&Value> = operations
        .into_iter()
        .flatten()
        .filter_map(|one| one.get("detail_operation_list")?.as_array())
        .flatten()
        .collect();
    let full = details.iter().all(|line| {
        line.pointer("/additional_info/attribute/inv_operate_mode").and_then(Value::as_str) == Some("FULLAMOUNT")
    });
    let line = |line: &&Value| {
        let store_code = line.pointer("/location/store_code")?.as_str()?.to_owned();
        let item = line.pointer("/item/sc_item_id")?;
        let item = item.as_str().map_or_else(|| item.to_string(), str::to_owned);
        Some((store_code, item, line.pointer("/inventory_line_list/0/inventory_line/quantity")?.as_i64()?))
    };
    (details.iter().filter_map(line).collect(), full)
}

fn body_of(tx: &mut Tx, call: &Call) -> Result<Value> {
    serde_json::from_str(&table::call_body(tx, call.id)?).map_err(|error| Error::Document("ascp_call", error))
}

/// Whether a publish states totals that were counted too long ago. Sending one again, or late, would undo what a newer one or a shipment
/// did since, and the platform would sell what is not there.
pub(super) fn is_stale(tx: &mut Tx, call: &Call, body: &str) -> bool {
    call.kind == CallKind::StockPublish
        && (call.attempts > 0 || tx.now().since(call.created) > TRUE_FOR)
        && lines_of(&serde_json::from_str(body).unwrap_or_default()).1
}

/// Gives a publish up; the event makes the hub compare both sides anew and state what is true then.
pub(super) fn forget(tx: &mut Tx, mut call: Call) -> Result<()> {
    call.state = CallState::Dropped;
    call.modified = tx.now();
    table::update_call(tx, &call)?;
    Ok(tx.event("ascp.publish_forgotten", &call.key, &json!({}))?)
}

/// The platform has the quantities.
pub(super) fn published(tx: &mut Tx, channel: &Channel, call: &Call) -> Result<()> {
    let (lines, full) = lines_of(&body_of(tx, call)?);
    for (_, item, quantity) in lines.into_iter().filter(|_| full) {
        if let Some(mut goods) = table::goods_by_item(tx, channel.id, &item)? {
            goods.facts.published = Some(quantity);
            goods.modified = tx.now();
            table::save_goods(tx, &goods)?;
            alarm::clear(tx, channel.id, kind::STOCK_DIFFERS, &item)?;
        }
    }
    Ok(())
}

/// What the platform says when less is published than it has occupied; the one refusal that is known (fact sheet ascp-direct, 2.12;
/// section 7, no. 1).
const BELOW_LOCK: &str = "可售库存不足";
/// Movements that an explanation names.
const NAMED: usize = 3;

/// The platform refused. Of several lines nobody knows which was meant: each goes by itself, with a new number. One that is refused by
/// itself is told in words; the next reconciliation reads what is occupied and publishes anew. True when nobody need look at the call
/// itself.
pub(super) fn refused(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    call: &Call,
    message: &str,
) -> Result<bool> {
    let (lines, full) = lines_of(&body_of(tx, call)?);
    if lines.len() > 1 {
        for line in &lines {
            send(tx, channel, std::slice::from_ref(line), full)?;
        }
        return Ok(true);
    }
    if !message.contains(BELOW_LOCK) {
        return Ok(false);
    }
    for (store_code, item, quantity) in &lines {
        let story = story(tx, settings, channel, store_code, item)?;
        let what = if full { "总量" } else { "增量" };
        let text = format!("货品{item}发布{what}{quantity}件被平台拒绝({message}): 低于平台已占用数。{story}");
        alarm::raise(tx, channel.id, kind::OVERSOLD, item, &text)?;
    }
    Ok(true)
}

/// What is left of the goods here, and which movements took the rest: not those of the channel's own orders, for whose pieces the
/// published total allows.
fn story(tx: &mut Tx, settings: &erp::Settings, channel: &Channel, store_code: &str, item: &str) -> Result<String> {
    let Some(goods) = table::goods_by_item(tx, channel.id, item)?.filter(|goods| !goods.spec_no.is_empty()) else {
        return Ok(String::new());
    };
    let warehouse = match erp::catalog::warehouse_by_no(tx, channel.warehouse_of(store_code)) {
        Ok(warehouse) => warehouse,
        Err(erp::Error::Refused(_)) => return Ok(String::new()),
        Err(error) => return Err(error.into()),
    };
    let free = free(tx, settings, warehouse.id, &goods.spec_no)?;
    let mut story = format!("{}现可发{free}件", goods.spec_no);
    // Of a suite there is no stock of its own; its parts have movements, and too many.
    let Some(spec) = erp::catalog::spec_by_no(tx, &goods.spec_no)? else { return Ok(story) };
    let mut named = 0;
    for drain in erp::stock::drains(tx, settings, warehouse.id, spec.id)? {
        if named == NAMED {
            break;
        }
        if !is_own(tx, channel, &drain.document)? {
            let lead = if named == 0 { ";使可发数减少的变动: " } else { "、" };
            story.push_str(&format!("{lead}{} 单据{} -{}件", drain.at, drain.document, drain.pieces.floor()));
            named += 1;
        }
    }
    Ok(story)
}

/// Whether a document belongs to an order of the channel.
fn is_own(reader: &mut Reader, channel: &Channel, document: &str) -> Result<bool> {
    match erp::order::order_by_no(reader, document) {
        Ok(order) => Ok(order.shop == channel.shop),
        Err(erp::Error::Refused(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
