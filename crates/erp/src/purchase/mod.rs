//! Purchase: requisition (采购申请单) → purchase order (采购单) → stock-in; purchase return (采购退货单) → stock-out.
//! (Fact sheet wdt-2, 2.4.)
//!
//! Invariants: what a document holds of the quantity columns follows from its state and its lines (`holding.rs`). Everything is
//! checked before the first write. Never here: quantities on hand and their cost (`stock`).

mod apply;
mod audit;
mod check;
mod document;
mod holding;
mod order;
mod query;
mod return_out;
mod returns;
mod settle;
mod status;
mod stock_in;
mod table;

pub use apply::{NewApply, NewApplyLine, cancel_apply, confirm_apply, create_apply, edit_apply};
pub use audit::{
    PushOutcome, Stage, audit_order, cancel_order, finance_audit_order, order_pushed, reject_order, require_unaudited,
    submit_order,
};
pub use document::{
    Apply, ApplyLine, Item, OrderFacts, OrderLine, Outside, PriceHistory, PurchaseOrder, PurchaseReturn, ReturnFacts,
    ReturnLine, Signed, Source, Terms,
};
pub use order::{NewOrder, NewOrderLine, create_order, edit_order};
pub use query::{
    ApplyFilter, OrderFilter, ReturnFilter, applies, apply_by_no, order_by_no, orders, orders_by_id, return_by_no,
    returns, returns_by_id,
};
pub use return_out::{NewReturnOut, NewReturnOutLine, push_return_out};
pub use returns::{
    NewReturn, NewReturnLine, audit_return, cancel_return, create_return, edit_return, reject_return,
    require_unaudited_return, return_pushed, stop_return, submit_return,
};
pub use settle::{order_to_settlement, settle_order, stop_waiting};
pub use status::{
    ApplyEvent, ApplyStatus, PURCHASE_APPLY, PURCHASE_ORDER, PURCHASE_RETURN, PurchaseEvent, PurchaseStatus,
    ReturnEvent, ReturnStatus,
};
pub use stock_in::{NewPrice, NewPurchaseIn, NewPurchaseInLine, confirm_price, push_stock_in};

pub(crate) use holding::{of_order as held_by_order, of_return as held_by_return};
pub(crate) use return_out::{audit_return_out, cancel_return_out};
pub(crate) use stock_in::{audit_stock_in, cancel_stock_in};
