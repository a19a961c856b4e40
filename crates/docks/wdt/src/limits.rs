//! Every limit of the Wangdian API in one place (fact sheets wdt-1, 1.8 and 1.10; wdt-2, chapter 8).

/// Most rows on a page; a larger `page_size` is treated as this.
pub const PAGE: i64 = 100;

/// Rows on a page of shops when the caller names no number.
pub const SHOP_PAGE: i64 = 30;

/// The same of providers.
pub const PROVIDER_PAGE: i64 = 30;

/// Most stock-outs of purchase returns on a page, and as many when the caller names no number (fact sheet wdt-2, 4.9).
pub const RETURN_OUT_PAGE: i64 = 30;

/// The same everywhere else.
pub const USUAL_PAGE: i64 = 40;

/// Widest window of `trade_query`, seconds.
pub const HOUR: i64 = 60 * 60;

/// Widest window of the other queries, seconds.
pub const MONTH: i64 = 30 * 24 * 60 * 60;

/// Orders of one `trade_push`. The sheet recommends fifty and refuses nothing; this bounds one unit of work.
pub const ORDERS: usize = 500;

/// Lines of one pushed order.
pub const LINES: usize = 200;

/// Orders of one call that may carry the same `buyer_nick`; one more fails the whole call with 99.
pub const SAME_NICK: usize = 30;

/// Goods of one `goods_push`. The sheet recommends fifty and refuses nothing; this bounds one unit of work.
pub const GOODS: usize = 500;

/// Specs of one pushed goods.
pub const SPECS: usize = 500;

/// Numbers in `shop_nos`.
pub const SHOP_NOS: usize = 20;

/// Numbers in the `tid` of a raw-order query.
pub const TIDS: usize = 200;

/// Most rows of the logistics-sync queue in one reply; a larger `limit` is treated as this.
pub const SYNC_ROWS: i64 = 100;

/// Most rows of the stock-sync queue in one reply; a larger `limit` is treated as this.
pub const CHANGE_ROWS: i64 = 2000;

/// Rows of one acknowledgement.
pub const ACK_ROWS: usize = 2000;

/// Lines of one other stock-in, other stock-out or outsourced order.
pub const STOCK_IN_LINES: usize = 2000;

/// Lines of one stock-taking.
pub const TAKING_LINES: usize = 500;

/// Lines of one transfer or of a step of it; the sheet says "about 500".
pub const TRANSFER_LINES: usize = 500;

/// Rows of one push of platform goods.
pub const PLATFORM_GOODS: usize = 2000;

/// Most rows of a sales summary that is asked for at once, without pages.
pub const SALES_ROWS: i64 = 20_000;

/// Rows on a page of refund orders, at the most and when the caller names no number.
pub const REFUND_PAGE: i64 = 40;

/// Raw refunds of one `sales_refund_push`. The sheet advises ten.
pub const REFUNDS: usize = 50;

/// Lines of one return stock-in.
pub const RETURN_LINES: usize = 2000;

/// Lines of a purchase document.
pub const PURCHASE_LINES: usize = 2000;

/// Documents that one call may end.
pub const ENDS: usize = 500;
