//! From a pushed raw order to a waybill: raw order (原始订单) → order (系统订单) → stock-out (销售出库单) → logistics sync (物流同步).
//!
//! One file a step. `status` holds the enumerations, `machines` the state machines, `bits` the masks, `document` what is stored,
//! `rule` what people lay down about orders, `table` the SQL.
//! (Fact sheet wdt-1, chapter 2.)

mod archive;
mod audit;
mod bits;
mod cancel;
mod create;
mod document;
mod flow;
mod goods_change;
mod hand;
mod handover;
mod logistics;
mod look;
mod machines;
mod merge;
mod modify;
mod money;
mod presale;
mod progress;
mod push;
mod query;
mod refunded;
mod repush;
mod rule;
mod ship;
mod split;
mod status;
mod submit;
mod table;
mod told;
mod wake;

pub use archive::recall_order;
pub use audit::{audit, finance_audit, finance_reject, reject};
pub use bits::*;
pub use cancel::cancel;
pub use document::{
    Buyer, Carriage, Freeze, LineRefund, LineSuite, LogisticsSync, Marks, Order, OrderLine, OrderNotes, Outside,
    PushLine, PushOrder, RawOrder, Reserved, Serial, StockOut, StockOutLine,
};
pub use hand::{
    choose_carrier, choose_warehouse, clear_bad_reason, freeze, give, intercept, settle, sign, take_gift_back, unfreeze,
};
pub use handover::{Handed, ask_back, gave_back, hand_over, handed_over, warehouse_lacks, warehouse_works};
pub use logistics::{ack_sync, close_sync, failed_syncs, pending_syncs, retry_sync, sync_by_id, syncs_of};
pub use machines::{ORDER, RAW_ORDER, STOCK_OUT};
pub use merge::merge;
pub use modify::{OrderChange, modify};
pub use presale::{release_presale, to_presale};
pub use push::{ForeseenLine, Outcome, foresee_push, push};
pub use query::{
    OrderFilter, RawFilter, Shipment, StockOutFilter, order_by_no, orders, orders_of_raws, raw_by_tid, raw_orders,
    stock_outs, stock_outs_of,
};
pub use refunded::orders_of;
pub use rule::{Given, Rule, RuleKind, Then, When, change_rule, create_rule, delete_rule, rule_by_id, rules};
pub use ship::{Shipping, resolve, ship, ship_part, ship_with};
pub use split::{Take, split, split_by_stock};
pub use status::{
    DeliveryTerm, OrderEvent, OrderStatus, ProcessStatus, RawEvent, StockOutEvent, StockOutStatus, SyncStatus,
    TradeStatus, WmsStatus,
};
pub use submit::submit_raw;
pub use told::{note_held, note_serials, note_wave};
pub use wake::wake;

pub(crate) use archive::{archive_some, raw_to_change};
pub(crate) use handover::any_away;
pub(crate) use look::made_after;
pub(crate) use money::spread;
pub(crate) use refunded::{
    Said, audit_again, buyer_of, mark_shipped, note_refund, order_by_id, send_internal, take_out,
};
pub(crate) use submit::got_stock;
