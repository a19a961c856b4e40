//! 订单类: raw orders, system orders, sales stock-outs, the logistics-sync queue, sales by day, bills (fact sheet wdt-1, 2.13 to
//! 2.23).

pub(crate) mod bill;
pub(crate) mod history;
pub(crate) mod logistics_sync;
pub(crate) mod modify;
pub(crate) mod push;
pub(crate) mod raw;
pub(crate) mod stock_out;
pub(crate) mod summary;
pub(crate) mod trade;

use units::{Money, Quantity};

/// A share per piece; zero for no pieces.
fn per_piece(amount: Money, num: Quantity) -> Money {
    amount.over(num)
}

/// Numbers joined as the platform joins them.
fn joined<'a>(numbers: impl IntoIterator<Item = &'a str>) -> String {
    numbers.into_iter().collect::<Vec<_>>().join(",")
}

/// `1` for a text, `0` for none: the columns that count remarks.
fn counted(text: &str) -> i64 {
    i64::from(!text.is_empty())
}

use gateway::Registry;

/// The methods of the family, in the order of the platform's page.
pub(crate) fn methods(registry: Registry) -> Registry {
    registry
        .command::<push::TradePush>()
        .query::<trade::TradeQuery>()
        .query::<stock_out::StockOutQuery>()
        .query::<logistics_sync::LogisticsSyncQuery>()
        .command::<logistics_sync::LogisticsSyncAck>()
        .query::<super::stock::change::StockChangeQuery>()
        .command::<super::stock::change::StockChangeAck>()
        .command::<modify::TradeModify>()
        .query::<summary::SalesSummary>()
        .query::<bill::BillQuery>()
        .query::<raw::RawTradeQuery>()
        .query::<history::HisTradeQuery>()
        .query::<history::HisStockOutQuery>()
        .query::<history::HisRawTradeQuery>()
}
