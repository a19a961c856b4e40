//! The history variants of the after-sale queries (fact sheet wdt-2, chapter 6).

use super::{refund, return_in};
use crate::history::history;

history!(
    /// Query refund orders, archived ones too.
    HisRefundQuery, Aftersale, refund::RefundQuery, "wdt.his.refund.query", "his_refund_query.php",
    "Query refund and exchange orders, archived ones too", "查询历史退换管理"
);

history!(
    /// Query return stock-ins, archived ones too.
    HisReturnInQuery, Aftersale, return_in::ReturnInQuery, "wdt.his.stockin.order.query.refund", "his_stockin_order_query_refund.php",
    "Query return stock-in orders, archived ones too", "查询历史退货入库单"
);
