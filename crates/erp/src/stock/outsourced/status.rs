//! States of outsourced orders (fact sheet wdt-2, 2.8).

use crate::codes::codes;
use crate::machine::{Machine, Step, events};

codes! {
    /// Which way the goods go.
    pub enum Direction {
        /// 1
        Out = 1 "委外出库单",
        /// 2
        In = 2 "委外入库单",
    }
}

codes! {
    /// State of an outsourced order.
    pub enum OutsourcedStatus {
        /// 10
        Cancelled = 10 "已取消",
        /// 20
        Editing = 20 "编辑中",
        /// 30
        AwaitingAudit = 30 "待审核",
        /// 40
        AwaitingPush = 40 "待推送",
        /// 50
        PushFailed = 50 "推送失败",
        /// 60
        AwaitingOut = 60 "待出库",
        /// 65
        AwaitingIn = 65 "待入库",
        /// 70
        PartlyOut = 70 "部分出库",
        /// 75
        PartlyIn = 75 "部分入库",
        /// 80
        Completed = 80 "已完成",
    }
}

events! {
    /// What happens to an outsourced order.
    OutsourcedEvent {
        /// Audited.
        Audit "审核",
        /// The warehouse has the order, goods go out.
        PushedOut "推送成功(出库)",
        /// The warehouse has the order, goods come in.
        PushedIn "推送成功(入库)",
        /// The warehouse could not be told, or refuses.
        PushFailed "推送失败",
        /// A part was shipped.
        PartOut "部分出库",
        /// All was shipped.
        AllOut "全部出库",
        /// A part was received.
        PartIn "部分入库",
        /// All was received.
        AllIn "全部入库",
        /// Cancelled.
        Cancel "取消",
    }
}

use OutsourcedEvent as E;
use OutsourcedStatus as S;

/// Outsourced orders.
pub const OUTSOURCED: Machine<OutsourcedStatus, OutsourcedEvent> = Machine {
    document: "委外出入库单",
    steps: &[
        Step { from: &[S::AwaitingAudit], on: E::Audit, to: S::AwaitingPush, effect: "" },
        Step { from: &[S::AwaitingPush, S::PushFailed], on: E::PushedOut, to: S::AwaitingOut, effect: "" },
        Step { from: &[S::AwaitingPush, S::PushFailed], on: E::PushedIn, to: S::AwaitingIn, effect: "" },
        Step { from: &[S::AwaitingPush, S::PushFailed], on: E::PushFailed, to: S::PushFailed, effect: "" },
        Step { from: &[S::AwaitingOut, S::PartlyOut], on: E::PartOut, to: S::PartlyOut, effect: "库存量减少" },
        Step { from: &[S::AwaitingOut, S::PartlyOut], on: E::AllOut, to: S::Completed, effect: "库存量减少" },
        Step { from: &[S::AwaitingIn, S::PartlyIn], on: E::PartIn, to: S::PartlyIn, effect: "库存量增加" },
        Step { from: &[S::AwaitingIn, S::PartlyIn], on: E::AllIn, to: S::Completed, effect: "库存量增加" },
        Step {
            from: &[S::Editing, S::AwaitingAudit, S::AwaitingPush, S::PushFailed, S::AwaitingOut, S::AwaitingIn],
            on: E::Cancel,
            to: S::Cancelled,
            effect: "",
        },
    ],
};
