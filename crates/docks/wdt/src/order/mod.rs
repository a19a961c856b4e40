//! 订单类: raw orders, system orders, sales stock-outs, the logistics-sync queue (fact sheet wdt-1, 2.13 to 2.17 and 2.23).

pub(crate) mod logistics_sync;
pub(crate) mod push;
pub(crate) mod raw;
pub(crate) mod stock_out;
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
