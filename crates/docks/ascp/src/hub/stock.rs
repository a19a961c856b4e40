//! Stock on the platform: what is published, and what is done when the platform refuses (fact sheet ascp-direct, 2.12, 3.4).

use serde_json::Value;
use store::Tx;

use super::alarm::{self, kind};
use super::call::Call;
use super::channel::Channel;
use super::error::Result;
use super::table;

/// Goods and quantity of each line of a publish.
fn lines_of(body: &Value) -> Vec<(String, i64)> {
    let operations = body.get("inventory_main_operation").and_then(Value::as_array);
    let details = operations.into_iter().flatten().filter_map(|one| one.get("detail_operation_list")?.as_array());
    details
        .flatten()
        .filter_map(|line| {
            let item = line.pointer("/item/sc_item_id")?.to_string();
            let quantity = line.pointer("/inventory_line_list/0/inventory_line/quantity")?.as_i64()?;
            Some((item, quantity))
        })
        .collect()
}

/// The platform has the quantities.
pub(super) fn published(tx: &mut Tx, channel: &Channel, call: &Call) -> Result<()> {
    let body: Value = serde_json::from_str(&table::call_body(tx, call.id)?).unwrap_or_default();
    for (item, quantity) in lines_of(&body) {
        if let Some(mut goods) = table::goods_by_item(tx, channel.id, &item)? {
            goods.facts.published = Some(quantity);
            goods.modified = tx.now();
            table::save_goods(tx, &goods)?;
            alarm::clear(tx, channel.id, kind::OVERSOLD, &item)?;
        }
    }
    Ok(())
}

/// The platform refused the quantities: somebody should know which goods, and why. True when the call need not be looked at: the next
/// reconciliation reads what is occupied and publishes anew.
pub(super) fn refused(
    tx: &mut Tx,
    _settings: &erp::Settings,
    channel: &Channel,
    call: &Call,
    message: &str,
) -> Result<bool> {
    let body: Value = serde_json::from_str(&table::call_body(tx, call.id)?).unwrap_or_default();
    for (item, quantity) in lines_of(&body) {
        let text = format!("货品{item}库存{quantity}被平台拒绝: {message}");
        alarm::raise(tx, channel.id, kind::OVERSOLD, &item, &text)?;
    }
    Ok(false)
}
