//! 采购类: requisitions, purchase orders, their stock-in, purchase returns (fact sheet wdt-2, chapter 4, and what chapter 6 has of
//! purchase).

pub(crate) mod apply_push;
pub(crate) mod apply_query;
pub(crate) mod order_end;
pub(crate) mod order_push;
pub(crate) mod order_query;
pub(crate) mod return_out_push;
pub(crate) mod return_out_query;
pub(crate) mod return_push;
pub(crate) mod return_query;
mod shared;
pub(crate) mod stock_in_push;
pub(crate) mod stock_in_query;

use gateway::Registry;

/// The methods of the family, in the order of the platform's page; those of chapter 6 behind them.
pub(crate) fn methods(registry: Registry) -> Registry {
    registry
        .command::<order_push::PurchaseOrderPush>()
        .command::<stock_in_push::PurchaseStockInPush>()
        .query::<order_query::PurchaseOrderQuery>()
        .query::<apply_query::PurchaseApplyQuery>()
        .query::<stock_in_query::PurchaseStockInQuery>()
        .command::<return_push::PurchaseReturnPush>()
        .command::<return_out_push::ReturnOutPush>()
        .query::<return_query::PurchaseReturnQuery>()
        .query::<return_out_query::ReturnOutQuery>()
        .command::<apply_push::PurchaseApplyPush>()
        .command::<order_end::PurchaseOrderEnd>()
        .command::<order_end::PurchaseReturnEnd>()
}
