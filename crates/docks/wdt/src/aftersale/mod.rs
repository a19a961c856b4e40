//! 售后类: raw refunds, refund and exchange orders, return stock-in (fact sheet wdt-2, chapter 3).

pub(crate) mod history;
pub(crate) mod push;
pub(crate) mod raw;
pub(crate) mod refund;
pub(crate) mod return_in;
pub(crate) mod return_push;
pub(crate) mod summary;
mod words;

use gateway::Registry;

/// The methods of the family, in the order of the platform's page.
pub(crate) fn methods(registry: Registry) -> Registry {
    registry
        .command::<push::RefundPush>()
        .command::<return_push::ReturnPush>()
        .query::<refund::RefundQuery>()
        .query::<return_in::ReturnInQuery>()
        .query::<summary::ReturnSummaryQuery>()
        .query::<raw::RawRefundQuery>()
        .alias("wdt.api.refund.query", "api_refund_query.php", "wdt.vip.api.refund.query")
        .alias(
            "wdt.stat.refund.by.spec.shop.warehouse.query",
            "stat_refund_by_spec_shop_warehouse_query.php",
            "wdt.vip.stat.refund.by.spec.shop.warehouse.query",
        )
        .query::<history::HisRefundQuery>()
        .query::<history::HisReturnInQuery>()
}
