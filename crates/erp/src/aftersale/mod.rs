//! After-sale (售后): raw refund (原始退款单) → refund or exchange order (退换单) → return stock-in (退货入库单), and the goods of an
//! exchange going out again as a raw order (fact sheet wdt-2, chapter 2.1 to 2.3).
//!
//! One file a step. `status` holds the enumerations, `machines` the state machines, `document` what is stored, `table` the SQL.
//! Never here: how orders are released or shipped (`order`), how quantities change (`stock`).
//!
//! Invariants: pieces of an order line are refunded once, whatever the number of refunds. What refund orders give back of a
//! line is at most what was paid for it, unless a person confirmed more. [`audit_money`] checks both.

mod archive;
mod audit;
mod check;
mod create;
mod document;
mod edit;
mod exchange;
mod finish;
mod machines;
mod make;
mod moved;
mod onway;
mod pick;
mod push;
mod query;
mod receive;
mod refusal;
pub(crate) mod report;
mod status;
mod submit;
mod table;

pub use audit::{audit_refund, finance_audit_refund, refuse_refund};
pub use check::audit_money;
pub use create::{NewOut, NewRefund, NewRefundLine, SwapReceiver, create_refund};
pub use document::{
    OutLine, RawRefund, RawRefundLine, RefundLine, RefundOrder, RefundPayer, RefundPeople, ReturnParcel, Swap,
    WmsFeedback,
};
pub use edit::{RefundChange, edit_refund};
pub use finish::{announce_result, cancel_refund, settle_refund, settle_refund_early};
pub use machines::{RAW_REFUND, REFUND_ORDER};
pub use push::{PushRefund, PushRefundLine, push_refund};
pub use query::{
    RawRefundFilter, RefundFilter, raw_refund_by_no, raw_refunds, refund_by_no, refund_by_outer_no, refunds,
    refunds_by_no,
};
pub use receive::{NewReturnIn, NewReturnLine, push_return_in};
pub use refusal::AftersaleRefusal;
pub use report::{Returned, ReturnedFilter, day_number, returned};
pub use status::{
    MASK_ON_WAY, MASK_ONE_TID, MASK_UNCONFIRMED, PlatformStatus, RawRefundEvent, RawRefundKind, RawRefundStatus,
    RefundEvent, RefundKind, RefundStatus,
};
pub use submit::submit_raw_refund;

pub(crate) use exchange::held as held_by_refund;
pub(crate) use moved::{lines_moved, taken_of_order};
pub(crate) use pick::worth;
pub(crate) use receive::{audit_return_in, cancel_return_in};
pub(crate) use submit::resume;

pub(crate) use archive::{archive_some, is_under_way};
