//! States and their machines (fact sheet wdt-2, 2.4). The tables below are the rules; nothing else changes a state.

use crate::codes::codes;
use crate::machine::{Machine, Step, events};

codes! {
    /// State of a requisition (采购申请单).
    pub enum ApplyStatus {
        /// 10
        Unconfirmed = 10 "待确认",
        /// 20
        AwaitingReference = 20 "待引用",
        /// 30
        PartlyReferenced = 30 "部分引用",
        /// 40
        Referenced = 40 "已引用",
        /// 99
        Cancelled = 99 "已取消",
    }
}

codes! {
    /// State of a purchase order (采购单).
    pub enum PurchaseStatus {
        /// 10
        Cancelled = 10 "已取消",
        /// 20
        Editing = 20 "编辑中",
        /// 30
        AwaitingAudit = 30 "待审核",
        /// 35
        AwaitingFinance = 35 "待财审",
        /// 40
        Audited = 40 "已审核",
        /// 43, outsourced warehouses only
        AwaitingPush = 43 "待推送",
        /// 45
        PushFailed = 45 "推送失败",
        /// 48: the outsourced warehouse has it
        AwaitingReceipt = 48 "待收货",
        /// 50
        PartlyArrived = 50 "部分到货",
        /// 60
        Arrived = 60 "已到货",
        /// 70
        AwaitingSettlement = 70 "待结算",
        /// 80
        PartlySettled = 80 "部分结算",
        /// 90
        Completed = 90 "已完成",
    }
}

codes! {
    /// State of a purchase return (采购退货单).
    pub enum ReturnStatus {
        /// 10
        Cancelled = 10 "已取消",
        /// 20
        Editing = 20 "编辑中",
        /// 30
        AwaitingAudit = 30 "待审核",
        /// 40
        Audited = 40 "已审核",
        /// 42, outsourced warehouses only
        AwaitingPush = 42 "待推送",
        /// 44
        PushFailed = 44 "推送失败",
        /// 46: the outsourced warehouse has it
        AwaitingOut = 46 "委外待出库",
        /// 50
        PartlyOut = 50 "部分出库",
        /// 60
        Completed = 60 "已完成",
    }
}

events! {
    /// What happens to a requisition.
    ApplyEvent {
        /// Confirmed by a person.
        Confirm "确认",
        /// A part of it is on purchase orders.
        ReferencePart "部分引用",
        /// All of it is on purchase orders.
        ReferenceAll "全部引用",
        /// No purchase order has anything of it any more.
        Release "释放引用",
        /// Given up.
        Cancel "取消",
    }
}

events! {
    /// What happens to a purchase order.
    PurchaseEvent {
        /// Handed in for audit.
        Submit "提交",
        /// Audited: the goods are on their way.
        Audit "审核",
        /// Audited; the finance audit is next.
        AuditToFinance "审核(转财审)",
        /// Audited; an outsourced warehouse is to be told.
        AuditToPush "审核(委外)",
        /// Audited by finance.
        FinanceAudit "财审",
        /// Audited by finance; an outsourced warehouse is to be told.
        FinanceAuditToPush "财审(委外)",
        /// The outsourced warehouse has taken it.
        Pushed "推送成功",
        /// The outsourced warehouse has not.
        PushFailed "推送失败",
        /// Sent back to editing.
        Reject "驳回",
        /// A part came in.
        ArrivePart "部分到货",
        /// Nothing is open any more.
        ArriveAll "全部到货",
        /// A part of what is open will not come, or what has arrived is not yet audited in.
        StopPart "停止等待(部分)",
        /// What is open will not come.
        Stop "停止等待",
        /// Handed to settlement.
        ToSettlement "转结算",
        /// Paid in part.
        SettlePart "部分结算",
        /// Paid in full.
        Settle "结算",
        /// Given up.
        Cancel "取消",
    }
}

events! {
    /// What happens to a purchase return.
    ReturnEvent {
        /// Handed in for audit.
        Submit "提交",
        /// Audited: the goods are reserved.
        Audit "审核",
        /// Audited; an outsourced warehouse is to be told.
        AuditToPush "审核(委外)",
        /// The outsourced warehouse has taken it.
        Pushed "推送成功",
        /// The outsourced warehouse has not.
        PushFailed "推送失败",
        /// Sent back to editing.
        Reject "驳回",
        /// A part has left.
        OutPart "部分出库",
        /// All of it has left.
        OutAll "全部出库",
        /// The rest will not leave.
        Stop "停止等待",
        /// Given up.
        Cancel "取消",
    }
}

use ApplyStatus as A;
use PurchaseStatus as P;
use ReturnStatus as R;

/// One row: `[from…] event => to, "effect"`.
macro_rules! steps {
    ($events:ident; $([$($from:expr),*] $on:ident => $to:expr, $effect:literal;)*) => {
        &[$(Step { from: &[$($from),*], on: $events::$on, to: $to, effect: $effect }),*]
    };
}

/// Requisitions.
pub const PURCHASE_APPLY: Machine<ApplyStatus, ApplyEvent> = Machine {
    document: "采购申请单",
    steps: steps! { ApplyEvent;
        [A::Unconfirmed] Confirm => A::AwaitingReference, "";
        [A::AwaitingReference, A::PartlyReferenced, A::Referenced] ReferencePart => A::PartlyReferenced, "";
        [A::AwaitingReference, A::PartlyReferenced] ReferenceAll => A::Referenced, "";
        [A::PartlyReferenced, A::Referenced] Release => A::AwaitingReference, "";
        [A::Unconfirmed, A::AwaitingReference] Cancel => A::Cancelled, "";
    },
};

/// Purchase orders.
pub const PURCHASE_ORDER: Machine<PurchaseStatus, PurchaseEvent> = Machine {
    document: "采购单",
    steps: steps! { PurchaseEvent;
        [P::Editing] Submit => P::AwaitingAudit, "待采购量增加";
        [P::AwaitingAudit] Audit => P::Audited, "待采购量转采购在途量";
        [P::AwaitingAudit] AuditToFinance => P::AwaitingFinance, "待采购量减少";
        [P::AwaitingAudit] AuditToPush => P::AwaitingPush, "待采购量转采购在途量";
        [P::AwaitingFinance] FinanceAudit => P::Audited, "采购在途量增加";
        [P::AwaitingFinance] FinanceAuditToPush => P::AwaitingPush, "采购在途量增加";
        [P::AwaitingPush, P::PushFailed] Pushed => P::AwaitingReceipt, "";
        [P::AwaitingPush, P::PushFailed] PushFailed => P::PushFailed, "";
        [P::AwaitingAudit, P::AwaitingFinance, P::Audited, P::AwaitingPush, P::PushFailed] Reject => P::Editing, "占用释放";
        [P::Audited, P::AwaitingReceipt, P::PartlyArrived] ArrivePart => P::PartlyArrived, "库存量增加";
        [P::Audited, P::AwaitingReceipt, P::PartlyArrived] ArriveAll => P::Arrived, "库存量增加";
        [P::Audited] StopPart => P::Audited, "采购在途量减少";
        [P::AwaitingReceipt] StopPart => P::AwaitingReceipt, "采购在途量减少";
        [P::PartlyArrived] StopPart => P::PartlyArrived, "采购在途量减少";
        [P::Audited, P::AwaitingReceipt, P::PartlyArrived] Stop => P::Arrived, "采购在途量减少";
        [P::Arrived] ToSettlement => P::AwaitingSettlement, "";
        [P::Arrived, P::AwaitingSettlement, P::PartlySettled] SettlePart => P::PartlySettled, "";
        [P::Arrived, P::AwaitingSettlement, P::PartlySettled] Settle => P::Completed, "";
        [P::Editing, P::AwaitingAudit, P::AwaitingFinance, P::Audited, P::AwaitingPush, P::PushFailed] Cancel => P::Cancelled, "占用释放";
    },
};

/// Purchase returns.
pub const PURCHASE_RETURN: Machine<ReturnStatus, ReturnEvent> = Machine {
    document: "采购退货单",
    steps: steps! { ReturnEvent;
        [R::Editing] Submit => R::AwaitingAudit, "";
        [R::AwaitingAudit] Audit => R::Audited, "采购退货量增加";
        [R::AwaitingAudit] AuditToPush => R::AwaitingPush, "采购退货量增加";
        [R::AwaitingPush, R::PushFailed] Pushed => R::AwaitingOut, "";
        [R::AwaitingPush, R::PushFailed] PushFailed => R::PushFailed, "";
        [R::AwaitingAudit, R::Audited, R::AwaitingPush, R::PushFailed] Reject => R::Editing, "占用释放";
        [R::Audited, R::AwaitingOut, R::PartlyOut] OutPart => R::PartlyOut, "库存量、采购退货量减少";
        [R::Audited, R::AwaitingOut, R::PartlyOut] OutAll => R::Completed, "库存量、采购退货量减少";
        [R::AwaitingOut, R::PartlyOut] Stop => R::Completed, "采购退货量减少";
        [R::Editing, R::AwaitingAudit, R::Audited, R::AwaitingPush, R::PushFailed] Cancel => R::Cancelled, "占用释放";
    },
};
