//! 库存类: what is on hand, the stock-sync queue, other stock-in (fact sheets wdt-1, 2.18 and 2.19; wdt-2, 5.1 and 5.4).

pub(crate) mod change;
pub(crate) mod query;
pub(crate) mod stock_in;

use gateway::Registry;

/// The methods of the family, in the order of the platform's page.
pub(crate) fn methods(registry: Registry) -> Registry {
    registry.query::<query::StockQuery>().command::<stock_in::StockInPush>()
}
