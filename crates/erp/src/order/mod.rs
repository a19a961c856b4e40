//! From a pushed raw order to a waybill: raw order (原始订单) → order (系统订单) → stock-out (销售出库单) → logistics sync (物流同步).
//!
//! One file a step. `status` holds the enumerations and the state machines, `document` what is stored, `table` the SQL.
//! (Fact sheet wdt-1, chapter 2.)

mod audit;
mod cancel;
mod create;
mod document;
mod logistics;
mod modify;
mod money;
mod push;
mod query;
mod repush;
mod ship;
mod status;
mod submit;
mod table;

pub use audit::{audit, reject};
pub use cancel::cancel;
pub use document::{
    Buyer, Carriage, LineSuite, LogisticsSync, Order, OrderLine, OrderNotes, PushLine, PushOrder, RawOrder, Reserved,
    StockOut, StockOutLine,
};
pub use logistics::{ack_sync, pending_syncs, retry_sync, sync_by_id, syncs_of};
pub use modify::{OrderChange, modify};
pub use push::{ForeseenLine, Outcome, foresee_push, push};
pub use query::{
    OrderFilter, RawFilter, Shipment, StockOutFilter, order_by_no, orders, raw_by_tid, raw_orders, stock_outs,
    stock_outs_of,
};
pub use ship::ship;
pub use status::{
    BLOCK_ADDRESS, BLOCK_REFUND_APPLIED, BLOCK_REFUND_CANCELLED, BLOCK_REFUNDED, DeliveryTerm, ORDER, OrderEvent,
    OrderStatus, ProcessStatus, RAW_ORDER, RawEvent, STOCK_OUT, StockOutEvent, StockOutStatus, SyncStatus, TradeStatus,
    block_words,
};
pub use submit::submit_raw;

pub(crate) use submit::got_stock;
