//! States of outsourced orders (fact sheet wdt-2, 2.8).

use super::super::kind::named;
use crate::codes::codes;
use crate::machine::{Machine, Named, Step};

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

/// What happens to an outsourced order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutsourcedEvent {
    /// Audited.
    Audit,
    /// The warehouse has the order, goods go out.
    PushedOut,
    /// The warehouse has the order, goods come in.
    PushedIn,
    /// The warehouse could not be told, or refuses.
    PushFailed,
    /// A part was shipped.
    PartOut,
    /// All was shipped.
    AllOut,
    /// A part was received.
    PartIn,
    /// All was received.
    AllIn,
    /// Cancelled.
    Cancel,
}

named!(OutsourcedStatus, OutsourcedEvent {
    Audit "审核", PushedOut "推送成功(出库)", PushedIn "推送成功(入库)", PushFailed "推送失败", PartOut "部分出库",
    AllOut "全部出库", PartIn "部分入库", AllIn "全部入库", Cancel "取消",
});

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
