//! The state machines of after-sale as tables (fact sheet wdt-2, 2.1 and 2.2). Nothing else changes a state; return
//! stock-ins obey the machine of all stock-ins.

use super::status::{RawRefundEvent, RawRefundStatus, RefundEvent as E, RefundStatus as S};
use crate::machine::{Machine, Step};

/// Raw refunds.
pub const RAW_REFUND: Machine<RawRefundStatus, RawRefundEvent> = Machine {
    document: "原始退款单",
    steps: &[
        Step {
            from: &[RawRefundStatus::Waiting, RawRefundStatus::NotSubmitted],
            on: RawRefundEvent::Submit,
            to: RawRefundStatus::Submitted,
            effect: "生成退换单",
        },
        Step {
            from: &[RawRefundStatus::Waiting, RawRefundStatus::NotSubmitted],
            on: RawRefundEvent::Fail,
            to: RawRefundStatus::NotSubmitted,
            effect: "记录原因",
        },
        Step {
            from: &[
                RawRefundStatus::Waiting,
                RawRefundStatus::NotSubmitted,
                RawRefundStatus::Submitted,
                RawRefundStatus::Cancelled,
            ],
            on: RawRefundEvent::Cancel,
            to: RawRefundStatus::Cancelled,
            effect: "未到货的退换单一并取消",
        },
        Step {
            from: &[RawRefundStatus::Submitted],
            on: RawRefundEvent::Reopen,
            to: RawRefundStatus::NotSubmitted,
            effect: "可重新递交",
        },
    ],
};

/// Refund and exchange orders.
pub const REFUND_ORDER: Machine<S, E> = Machine {
    document: "退换单",
    steps: &[
        Step {
            from: &[S::AwaitingAudit], on: E::Agree, to: S::AwaitingSettlement, effect: "未发货退款释放占用"
        },
        Step { from: &[S::AwaitingAudit], on: E::AgreeForFinance, to: S::AwaitingFinance, effect: "" },
        Step { from: &[S::AwaitingAudit], on: E::AgreePayment, to: S::Payment, effect: "" },
        Step {
            from: &[S::AwaitingAudit],
            on: E::AgreeReturn,
            to: S::AwaitingReceipt,
            effect: "销售退货在途量增加,换货另加销售换货量",
        },
        Step {
            from: &[S::AwaitingAudit],
            on: E::AgreeOutsourced,
            to: S::AwaitingPush,
            effect: "销售退货在途量增加,换货另加销售换货量",
        },
        Step {
            from: &[S::AwaitingFinance],
            on: E::FinanceAudit,
            to: S::AwaitingSettlement,
            effect: "未发货退款释放占用",
        },
        Step { from: &[S::AwaitingAudit], on: E::Refuse, to: S::Refused, effect: "" },
        Step { from: &[S::AwaitingPush, S::PushFailed], on: E::Push, to: S::OutsourcedReceipt, effect: "" },
        Step { from: &[S::AwaitingPush, S::PushFailed], on: E::PushFail, to: S::PushFailed, effect: "" },
        Step {
            from: &[S::AwaitingReceipt, S::AwaitingPush, S::PushFailed, S::OutsourcedReceipt],
            on: E::SettleEarly,
            to: S::SettledEarly,
            effect: "",
        },
        Step {
            from: &[S::AwaitingReceipt, S::OutsourcedReceipt, S::PartlyReceived],
            on: E::ReceivePart,
            to: S::PartlyReceived,
            effect: "",
        },
        Step {
            from: &[S::SettledEarly, S::PartlyReceivedSettled],
            on: E::ReceivePart,
            to: S::PartlyReceivedSettled,
            effect: "",
        },
        Step {
            from: &[S::AwaitingReceipt, S::OutsourcedReceipt, S::PartlyReceived],
            on: E::ReceiveAll,
            to: S::AwaitingSettlement,
            effect: "",
        },
        Step { from: &[S::SettledEarly, S::PartlyReceivedSettled], on: E::ReceiveAll, to: S::Completed, effect: "" },
        Step { from: &[S::AwaitingSettlement, S::Payment], on: E::Settle, to: S::Completed, effect: "" },
        Step {
            from: &[
                S::AwaitingAudit,
                S::Agreed,
                S::AwaitingFinance,
                S::AwaitingReceipt,
                S::AwaitingPush,
                S::PushFailed,
                S::OutsourcedReceipt,
            ],
            on: E::Cancel,
            to: S::Cancelled,
            effect: "撤回销售退货在途量与销售换货量",
        },
    ],
};
