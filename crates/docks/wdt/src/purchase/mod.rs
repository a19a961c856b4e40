//! 采购类: requisitions, purchase orders, their stock-in, purchase returns (fact sheet wdt-2, chapter 4).

use gateway::Registry;

/// The methods of the family, in the order of the platform's page.
pub(crate) fn methods(registry: Registry) -> Registry {
    registry
}
