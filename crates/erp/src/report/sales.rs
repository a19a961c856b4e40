//! Sales by day, shop, warehouse and spec (销售汇总): counted in the unit that ships, so that asking costs what the answer holds
//! and not what the day held (fact sheet wdt-1, 2.21).

use std::collections::HashMap;

use store::{Reader, Tx};
use units::{Day, Moment, Money, Quantity};

use super::table;
use crate::Result;
use crate::catalog::{Goods, Page, Rows, Spec, specs_with_goods};
use crate::order::{Order, StockOut};

/// A row of the summary.
#[derive(Debug, Clone)]
pub struct SalesRow {
    /// Key.
    pub id: i64,
    /// Shop key.
    pub shop: i64,
    /// Warehouse key.
    pub warehouse: i64,
    /// The spec and its goods, as they are called now.
    pub spec: (Spec, Goods),
    /// Pieces shipped.
    pub num: Quantity,
    /// What the buyers pay for the goods.
    pub amount: Money,
    /// What they pay for freight.
    pub post: Money,
    /// What the goods cost.
    pub cost: Money,
    /// First counted.
    pub created: Moment,
    /// Last counted.
    pub modified: Moment,
}

/// What to look for in [`sales_of_day`].
#[derive(Debug, Clone)]
pub struct SalesFilter {
    /// The day of shipment.
    pub day: Day,
    /// Shop keys; empty = all.
    pub shops: Vec<i64>,
    /// Warehouse keys; empty = all.
    pub warehouses: Vec<i64>,
}

/// What one document adds to a row of the summary.
pub(super) struct Share {
    pub(super) spec: i64,
    pub(super) num: Quantity,
    pub(super) amount: Money,
    pub(super) post: Money,
    pub(super) cost: Money,
}

/// Counts a stock-out that leaves now.
pub(crate) fn count_sales(tx: &mut Tx, order: &Order, stock_out: &StockOut) -> Result<()> {
    let mut shares: Vec<Share> = Vec::with_capacity(stock_out.lines.len());
    for out in &stock_out.lines {
        let Some(line) = order.lines.iter().find(|line| line.id == out.order_line) else { continue };
        let share = Share {
            spec: line.spec,
            num: out.num,
            amount: line.share_amount.share(out.num, line.num),
            post: line.share_post.share(out.num, line.num),
            cost: out.cost_price.times(out.num),
        };
        match shares.iter_mut().find(|known| known.spec == share.spec) {
            None => shares.push(share),
            Some(known) => {
                known.num += share.num;
                known.amount += share.amount;
                known.post += share.post;
                known.cost += share.cost;
            }
        }
    }
    for share in &shares {
        table::add_sales(tx, order.shop, stock_out.warehouse, share)?;
    }
    Ok(())
}

/// The summary of a day, a page of it, in the order in which the rows were first counted.
pub fn sales_of_day(reader: &mut Reader, filter: &SalesFilter, page: Page) -> Result<Rows<SalesRow>> {
    let found = table::sales_page(reader, filter, page)?;
    let mut specs: Vec<i64> = found.rows.iter().map(|row| row.spec).collect();
    specs.sort_unstable();
    specs.dedup();
    let specs: HashMap<i64, (Spec, Goods)> =
        specs_with_goods(reader, &specs)?.into_iter().map(|found| (found.0.id, found)).collect();
    Ok(found.map(|row| SalesRow {
        id: row.id,
        shop: row.shop,
        warehouse: row.warehouse,
        spec: specs.get(&row.spec).cloned().unwrap_or_default(),
        num: row.num,
        amount: row.amount,
        post: row.post,
        cost: row.cost,
        created: row.created,
        modified: row.modified,
    }))
}
