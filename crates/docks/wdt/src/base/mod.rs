//! 基础类: shops, warehouses, carriers, providers (fact sheet wdt-1, 2.1 to 2.5).

pub(crate) mod logistics;
pub(crate) mod provider;
pub(crate) mod shop;
pub(crate) mod warehouse;

use gateway::Registry;

/// The methods of the family, in the order of the platform's page.
pub(crate) fn methods(registry: Registry) -> Registry {
    registry
        .query::<shop::ShopQuery>()
        .query::<warehouse::WarehouseQuery>()
        .query::<logistics::LogisticsQuery>()
        .query::<provider::ProviderQuery>()
        .command::<provider::ProviderCreate>()
}
