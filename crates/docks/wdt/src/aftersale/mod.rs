//! 售后类: raw refunds, refund and exchange orders, return stock-in (fact sheet wdt-2, chapter 3).

use gateway::Registry;

/// The methods of the family, in the order of the platform's page.
pub(crate) fn methods(registry: Registry) -> Registry {
    registry
}
