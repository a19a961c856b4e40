//! The history variants (历史) of three queries: the same requests and replies, over the archive and the live documents (fact sheets
//! wdt-1, 1.1; wdt-2, chapter 6 and 12 no. 23).

use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::Reader;
use units::Moment;

use super::{raw, stock_out, trade};
use crate::codes::Error;

/// What all of them decide alike.
const DECISIONS: &[&str] = &[
    "answers from the archive and from the live documents together; the variant without his_ knows the live ones only",
];

macro_rules! history {
    ($(#[$doc:meta])* $name:ident, $of:ident::$query:ident, $method:literal, $php:literal, $english:literal, $chinese:literal) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl Method for $name {
            const NAME: &'static str = $method;
            const PHP: &'static str = $php;
            const KIND: Kind = Kind::Query;
            const SUMMARY: (&'static str, &'static str) = ($english, $chinese);
            const CATEGORY: Category = Category::Order;
            const ERRORS: &'static [(i64, &'static str)] = <$of::$query as Method>::ERRORS;
            const DECISIONS: &'static [&'static str] = DECISIONS;
            type Request = $of::Request;
            type Error = Error;

            fn reply() -> ReplyShape {
                $of::$query::reply()
            }
        }

        impl Query for $name {
            fn reads_until(request: &Self::Request) -> Option<Moment> {
                $of::$query::reads_until(request)
            }

            fn run(call: &Call, request: &Self::Request, reader: &mut Reader) -> Result<Reply, Error> {
                $of::find(call, request, reader, true)
            }
        }
    };
}

history!(
    /// Query system orders, archived ones too.
    HisTradeQuery, trade::TradeQuery, "wdt.his.trade.query", "his_trade_query.php",
    "Query system orders, archived ones too", "查询历史订单"
);

history!(
    /// Query sales stock-outs, archived ones too.
    HisStockOutQuery, stock_out::StockOutQuery, "wdt.his.stockout.order.query.trade", "his_stockout_order_query_trade.php",
    "Query sales stock-out orders, archived ones too", "查询历史销售出库单"
);

history!(
    /// Query raw orders, archived ones too.
    HisRawTradeQuery, raw::RawTradeQuery, "wdt.vip.his.api.trade.query", "vip_his_api_trade_query.php",
    "Query raw orders, archived ones too", "查询历史原始订单"
);
