//! States of transfers (fact sheet wdt-2, 2.5).

use crate::codes::codes;
use crate::machine::{Machine, Step, events};

codes! {
    /// State of a transfer.
    pub enum TransferStatus {
        /// 10
        Cancelled = 10 "已取消",
        /// 20
        Editing = 20 "编辑中",
        /// 30
        AwaitingAudit = 30 "待审核",
        /// 40
        Audited = 40 "已审核",
        /// 42
        OutAwaitingPush = 42 "出库单待推送",
        /// 44
        OutPushFailed = 44 "出库单推送失败",
        /// 46
        AwaitingOut = 46 "待出库",
        /// 50
        PartlyOut = 50 "部分出库",
        /// 60
        AllOut = 60 "全部出库",
        /// 62
        InAwaitingPush = 62 "入库单待推送",
        /// 64
        InPushFailed = 64 "入库单推送失败",
        /// 66
        AwaitingIn = 66 "待入库",
        /// 70
        PartlyIn = 70 "部分入库",
        /// 80
        AwaitingSettlement = 80 "待结算",
        /// 90
        Completed = 90 "调拨完成",
    }
}

events! {
    /// What happens to a transfer.
    TransferEvent {
        /// Audited; goods of an own warehouse are reserved.
        Audit "审核",
        /// Audited; the source is an outsourced warehouse.
        AuditOutsourced "审核(委外)",
        /// Audited, and moved at once.
        Quick "快速调拨审核",
        /// The outsourced source, or destination, has the order.
        Pushed "推送成功",
        /// It could not be pushed.
        PushFailed "推送失败",
        /// A part of the goods left.
        PartOut "部分出库",
        /// All goods have left.
        AllOut "全部出库",
        /// The outsourced destination is to be told.
        QueueIn "等待推送入库单",
        /// A part of the goods came in.
        PartIn "部分入库",
        /// All goods are in.
        AllIn "全部入库",
        /// All goods are in, and it is settled later.
        AllInUnsettled "全部入库待结算",
        /// Settled.
        Settle "结算",
        /// Cancelled.
        Cancel "取消",
    }
}

use TransferEvent as E;
use TransferStatus as S;

const OUT: &[S] = &[S::Audited, S::AwaitingOut, S::PartlyOut];
const IN: &[S] = &[S::PartlyOut, S::AllOut, S::AwaitingIn, S::PartlyIn];
/// While a part is still to go out, what comes in cannot be all.
const ALL_IN: &[S] = &[S::AllOut, S::AwaitingIn, S::PartlyIn];
const OUT_MOVES: &str = "调出仓库:库存量和待调拨量减少;调入仓库:调拨在途量增加";
const IN_MOVES: &str = "调入仓库:调拨在途量减少,库存量增加";

/// Transfers. What is open to go out may still leave after a part came in (70).
pub const TRANSFER: Machine<TransferStatus, TransferEvent> = Machine {
    document: "调拨单",
    steps: &[
        Step { from: &[S::AwaitingAudit], on: E::Audit, to: S::Audited, effect: "调出仓库:待调拨量增加" },
        Step {
            from: &[S::AwaitingAudit],
            on: E::AuditOutsourced,
            to: S::OutAwaitingPush,
            effect: "调出仓库:待调拨量增加",
        },
        Step {
            from: &[S::AwaitingAudit],
            on: E::Quick,
            to: S::Completed,
            effect: "调出仓库:库存量减少;调入仓库:库存量增加",
        },
        Step { from: &[S::OutAwaitingPush, S::OutPushFailed], on: E::Pushed, to: S::AwaitingOut, effect: "" },
        Step { from: &[S::OutAwaitingPush, S::OutPushFailed], on: E::PushFailed, to: S::OutPushFailed, effect: "" },
        Step { from: OUT, on: E::PartOut, to: S::PartlyOut, effect: OUT_MOVES },
        Step { from: OUT, on: E::AllOut, to: S::AllOut, effect: OUT_MOVES },
        Step { from: &[S::PartlyIn], on: E::PartOut, to: S::PartlyIn, effect: OUT_MOVES },
        Step { from: &[S::PartlyIn], on: E::AllOut, to: S::PartlyIn, effect: OUT_MOVES },
        Step { from: &[S::AllOut], on: E::QueueIn, to: S::InAwaitingPush, effect: "" },
        Step { from: &[S::InAwaitingPush, S::InPushFailed], on: E::Pushed, to: S::AwaitingIn, effect: "" },
        Step { from: &[S::InAwaitingPush, S::InPushFailed], on: E::PushFailed, to: S::InPushFailed, effect: "" },
        Step { from: IN, on: E::PartIn, to: S::PartlyIn, effect: IN_MOVES },
        Step { from: ALL_IN, on: E::AllIn, to: S::Completed, effect: IN_MOVES },
        Step { from: ALL_IN, on: E::AllInUnsettled, to: S::AwaitingSettlement, effect: IN_MOVES },
        Step { from: &[S::AwaitingSettlement], on: E::Settle, to: S::Completed, effect: "" },
        Step {
            from: &[S::Editing, S::AwaitingAudit, S::Audited, S::OutAwaitingPush, S::OutPushFailed],
            on: E::Cancel,
            to: S::Cancelled,
            effect: "调出仓库:待调拨量释放",
        },
    ],
};
