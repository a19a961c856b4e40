//! The stock-sync queue (库存同步): which goods of a shop changed their sellable stock, and how many to publish now.

use store::{Reader, Tx};
use units::Quantity;

use super::balance::sellable_over;
use crate::catalog::{
    Page, PlatformGoods, Shop, StockSync, Target, ack_stock_change, platform_goods_by_id, platform_goods_pending,
    suite_by_id, warehouses,
};
use crate::{Refusal, Result, Settings};

/// A row to publish.
#[derive(Debug, Clone)]
pub struct Change {
    /// The platform goods row, with its counter.
    pub goods: PlatformGoods,
    /// Pieces to publish.
    pub publish: i64,
}

/// Rows of a shop whose sellable stock changed since the last acknowledgement, with the quantity to publish at this moment
/// (fact sheet wdt-1, 2.0.7). Empty when the shop's stock sync is not enabled.
pub fn pending_changes(reader: &mut Reader, settings: &Settings, shop: &Shop, limit: i64) -> Result<Vec<Change>> {
    let Some(strategy) = &shop.stock_sync else { return Ok(Vec::new()) };
    let stocked = stocked_warehouses(reader, strategy)?;
    let mut changes = Vec::new();
    for goods in platform_goods_pending(reader, shop.id, limit)? {
        let sellable = match goods.target {
            None => Quantity::ZERO,
            Some(Target::Spec(spec)) => sellable_over(reader, settings, spec, &stocked)?,
            Some(Target::Suite(suite)) => sellable_suites(reader, settings, suite, &stocked)?,
        };
        changes.push(Change { publish: strategy.publish(sellable), goods });
    }
    Ok(changes)
}

fn stocked_warehouses(reader: &mut Reader, strategy: &StockSync) -> Result<Vec<i64>> {
    let all = warehouses(reader, None, None, None, false, Page::ALL)?;
    Ok(all
        .rows
        .iter()
        .filter(|w| !w.defect && (strategy.warehouses.is_empty() || strategy.warehouses.contains(&w.no)))
        .map(|w| w.id)
        .collect())
}

/// Whole suites that the parts allow: the minimum over the parts of `floor(sellable / num)`.
fn sellable_suites(reader: &mut Reader, settings: &Settings, suite: i64, warehouses: &[i64]) -> Result<Quantity> {
    let parts = suite_by_id(reader, suite)?.map(|suite| suite.parts).unwrap_or_default();
    let mut fewest: Option<i64> = None;
    for part in parts {
        let sellable = sellable_over(reader, settings, part.spec, warehouses)?;
        let suites = sellable.raw().checked_div(part.num.raw()).unwrap_or(0);
        fewest = Some(fewest.map_or(suites, |fewest| fewest.min(suites)));
    }
    Ok(Quantity::whole(fewest.unwrap_or(0)))
}

/// Records that the mall stored `published` for a row, as it was offered with `count`. When the stock moved meanwhile the row
/// stays in the queue and shows the new quantity next time; `stored = false` keeps it there too.
pub fn ack_change(tx: &mut Tx, row: i64, published: i64, count: i64, stored: bool) -> Result<()> {
    let goods = platform_goods_by_id(tx, row)?.ok_or(Refusal::QueueRow("平台货品不存在"))?;
    if count > goods.changes || count < 0 {
        return Err(Refusal::QueueRow("stock_change_count与系统不一致").into());
    }
    if !stored {
        return Ok(());
    }
    let goods = PlatformGoods { synced_stock: published, ..goods };
    ack_stock_change(tx, &goods, count)
}
