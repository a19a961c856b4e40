//! The history variants of the order queries.

use super::{raw, stock_out, trade};
use crate::history::history;

history!(
    /// Query system orders, archived ones too.
    HisTradeQuery, Order, trade::TradeQuery, "wdt.his.trade.query", "his_trade_query.php",
    "Query system orders, archived ones too", "查询历史订单"
);

history!(
    /// Query sales stock-outs, archived ones too.
    HisStockOutQuery, Order, stock_out::StockOutQuery, "wdt.his.stockout.order.query.trade", "his_stockout_order_query_trade.php",
    "Query sales stock-out orders, archived ones too", "查询历史销售出库单"
);

history!(
    /// Query raw orders, archived ones too.
    HisRawTradeQuery, Order, raw::RawTradeQuery, "wdt.vip.his.api.trade.query", "vip_his_api_trade_query.php",
    "Query raw orders, archived ones too", "查询历史原始订单"
);
