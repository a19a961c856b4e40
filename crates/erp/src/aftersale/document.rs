//! What is stored of after-sale: raw refunds as the platform reports them, refund and exchange orders as the ERP handles them.

mod raw;
mod refund;

pub use raw::{RawRefund, RawRefundLine, RefundPayer};
pub use refund::{OutLine, RefundLine, RefundOrder, RefundPeople, ReturnParcel, Swap, WmsFeedback};
