//! 库存类: what is on hand, the stock-sync queue, stock-ins and stock-outs, stock-taking, transfers, outsourced and JIT orders
//! (fact sheets wdt-1, 2.18 and 2.19; wdt-2, chapter 5).

pub(crate) mod change;
mod full;
mod jit;
mod outside;
pub(crate) mod query;
pub(crate) mod stock_in;
mod stock_in_query;
mod stock_out;
mod stock_out_query;
mod taking;
mod transfer;

use gateway::Registry;

/// The methods of the family, in the order of the platform's page.
pub(crate) fn methods(registry: Registry) -> Registry {
    registry
        .query::<query::StockQuery>()
        .command::<taking::push::StockTakingPush>()
        .query::<taking::query::StockTakingQuery>()
        .command::<stock_in::StockInPush>()
        .query::<stock_in_query::StockInQuery>()
        .command::<stock_out::StockOutPush>()
        .query::<stock_out_query::StockOutQuery>()
        .command::<transfer::push::TransferPush>()
        .command::<transfer::step::TransferOutPush>()
        .command::<transfer::step::TransferInPush>()
        .query::<taking::statistics::StockTakingStatistics>()
        .query::<transfer::query::TransferQuery>()
        .query::<full::StockQueryAll>()
        .query::<outside::query::OutsideQuery>()
        .command::<outside::push::OutsidePush>()
        .query::<jit::returned::JitReturnQuery>()
        .query::<jit::pick::JitPickQuery>()
        .alias("wdt.stock.query.all", "stock_query_all.php", "wdt.vip.stock.query.all")
        .alias("wdt.wms.stockinout.order.push", "wms_stockinout_order_push.php", "wdt.vip.wms.stockinout.order.push")
        .alias(
            "wdt.jit.return.stockin.order.query",
            "jit_return_stockin_order_query.php",
            "wdt.vip.jit.return.stockin.order.query",
        )
}
