//! The states of orders and their documents, and the events that change them. The tables of both are in `machines`.

use crate::codes::codes;
use crate::machine::events;

codes! {
    /// State of a raw order and of its lines, as the mall reports it (fact sheet wdt-1, 2.0.2).
    pub enum TradeStatus {
        /// 10
        Unpaid = 10 "待付款",
        /// 20
        AwaitingFinal = 20 "待尾款",
        /// 30; also cash on delivery
        Paid = 30 "已付款待发货",
        /// 40
        PartlyShipped = 40 "部分发货",
        /// 50
        Shipped = 50 "已发货",
        /// 60
        Signed = 60 "已签收",
        /// 70
        Completed = 70 "已完成",
        /// 80, after payment
        Refunded = 80 "已退款",
        /// 90, before payment
        Closed = 90 "已关闭",
    }
}

impl TradeStatus {
    /// Whether the mall may report `next` after this. A repeated or backward report is ignored (fact sheet wdt-1, 2.0.2).
    pub fn may_become(self, next: Self) -> bool {
        use TradeStatus::{AwaitingFinal, Closed, Completed, Paid, PartlyShipped, Refunded, Shipped, Signed, Unpaid};
        match self {
            Unpaid => matches!(next, AwaitingFinal | Paid | Refunded | Closed),
            AwaitingFinal => matches!(next, Paid | Refunded | Closed),
            Paid => matches!(next, PartlyShipped | Shipped | Signed | Completed | Refunded),
            PartlyShipped => matches!(next, Shipped | Signed | Completed | Refunded),
            Shipped => matches!(next, Signed | Completed | Refunded),
            Signed => matches!(next, Completed | Refunded),
            Completed | Refunded | Closed => false,
        }
    }
}

codes! {
    /// How far the ERP has come with a raw order (fact sheet wdt-1, 2.0.2).
    pub enum ProcessStatus {
        /// 10
        Waiting = 10 "待递交",
        /// 20
        Submitted = 20 "已递交",
        /// 30
        PartlyShipped = 30 "部分发货",
        /// 40
        Shipped = 40 "已发货",
        /// 60
        Completed = 60 "已完成",
        /// 70
        Cancelled = 70 "已取消",
    }
}

codes! {
    /// State of a system order (fact sheet wdt-1, 2.0.4).
    pub enum OrderStatus {
        /// 5
        Cancelled = 5 "已取消",
        /// 10
        Unpaid = 10 "待付款",
        /// 12
        AwaitingFinal = 12 "待尾款",
        /// 13
        AwaitingWarehouse = 13 "待选仓",
        /// 15
        AwaitingSibling = 15 "等未付",
        /// 16
        DelayedAudit = 16 "延时审核",
        /// 19
        PresaleProcessing = 19 "预订单前处理",
        /// 20
        Processing = 20 "前处理",
        /// 21
        OutsourcedProcessing = 21 "委外前处理",
        /// 22
        GrabProcessing = 22 "抢单前处理",
        /// 25
        Presale = 25 "预订单",
        /// 27
        AwaitingGrab = 27 "待抢单",
        /// 30
        AwaitingAudit = 30 "待客审",
        /// 35
        AwaitingFinance = 35 "待财审",
        /// 40
        AwaitingRelease = 40 "待递交仓库",
        /// 45
        Releasing = 45 "递交仓库中",
        /// 50
        Released = 50 "已递交仓库",
        /// 53
        Unconfirmed = 53 "未确认",
        /// 55
        Audited = 55 "已审核",
        /// 95
        Shipped = 95 "已发货",
        /// 100
        Signed = 100 "已签收",
        /// 105
        PartlySettled = 105 "部分打款",
        /// 110
        Completed = 110 "已完成",
        /// 113
        Abnormal = 113 "异常发货",
    }
}

codes! {
    /// State of a sales stock-out (fact sheet wdt-1, 2.0.4).
    pub enum StockOutStatus {
        /// 5
        Cancelled = 5 "已取消",
        /// 55
        Audited = 55 "已审核",
        /// 95
        Shipped = 95 "已发货",
        /// 105
        PartlySettled = 105 "部分打款",
        /// 110
        Completed = 110 "已完成",
        /// 113
        Abnormal = 113 "异常发货",
    }
}

codes! {
    /// How far an outsourced warehouse has come with a stock-out: `wms_status`. 0 to 2 are those of purchase and after-sale; the
    /// others are ours, no source has numbers for them.
    #[derive(Default)]
    pub enum WmsStatus {
        /// 0: not told yet, or taken back
        #[default]
        NotTold = 0 "未递交",
        /// 1
        Refused = 1 "仓库拒单",
        /// 2
        Accepted = 2 "仓库已接单",
        /// 3: told, and nothing was heard
        Unanswered = 3 "仓库未答复",
        /// 4
        Working = 4 "仓库作业中",
        /// 5
        Told = 5 "递交中",
    }
}

codes! {
    /// State of a logistics-sync row (fact sheet wdt-1, 2.0.6).
    pub enum SyncStatus {
        /// 0
        Waiting = 0 "待同步",
        /// 1
        WaybillFailed = 1 "单号提交失败",
        /// 2
        Failed = 2 "同步失败",
        /// 3
        Succeeded = 3 "同步成功",
        /// 4
        SetByHand = 4 "手动设为成功",
        /// 5
        CancelledByHand = 5 "手动取消",
    }
}

codes! {
    /// How the buyer pays (fact sheet wdt-1, 2.0.2).
    pub enum DeliveryTerm {
        /// 1
        PayFirst = 1 "款到发货",
        /// 2
        CashOnDelivery = 2 "货到付款",
        /// 3
        Instalments = 3 "分期付款",
        /// 4
        OnAccount = 4 "挂账",
    }
}

events! {
    /// What happens to a raw order inside the ERP.
    RawEvent {
        /// Turned into a system order.
        Submit "递交",
        /// Some of it shipped, some of it did not yet.
        PartShip "部分发货",
        /// Everything shipped.
        Ship "发货",
        /// The buyer confirmed receipt.
        Complete "完成",
        /// Closed, refunded in full, or cancelled by hand.
        Cancel "取消",
    }
}

events! {
    /// What happens to a system order.
    OrderEvent {
        /// The deposit arrived.
        PayDeposit "付定金",
        /// Paid in full.
        Pay "付款",
        /// No warehouse of the strategy serves the address.
        LackWarehouse "待选仓",
        /// Somebody chose the warehouse.
        ChooseWarehouse "选仓",
        /// The same buyer has an unpaid order that may join.
        AwaitSibling "等未付",
        /// That order was paid or closed.
        SiblingDone "未付已处理",
        /// To be audited later.
        Delay "延时",
        /// The delay is over.
        Wake "激活",
        /// Sold in advance.
        Presell "转预订单",
        /// The pre-sale is to be shipped.
        Release "转审核",
        /// Its goods went over to another order.
        MergeAway "并入其他订单",
        /// Audited: released to the warehouse.
        Audit "审核",
        /// Audited: to be handed to a warehouse that somebody else runs.
        AuditOutside "审核(委外)",
        /// Audited, but finance has a word too.
        SubmitFinance "提交财审",
        /// Finance agrees: released to the warehouse.
        FinanceAudit "财审",
        /// Finance agrees: to be handed to a warehouse that somebody else runs.
        FinanceAuditOutside "财审(委外)",
        /// Finance sends it back.
        FinanceReject "财审驳回",
        /// On its way to the outsourced warehouse.
        HandOver "递交仓库",
        /// That warehouse has it.
        Accept "仓库接单",
        /// That warehouse does not take it.
        Refuse "仓库拒单",
        /// That warehouse did not say whether it has it.
        Unanswered "仓库未答复",
        /// That warehouse works on it.
        Work "仓库作业",
        /// That warehouse gave it back.
        GiveBack "仓库撤单",
        /// Sent back for another audit.
        Reject "驳回",
        /// Left the warehouse.
        Ship "发货",
        /// Left the warehouse although it was intercepted.
        ShipAnyway "异常发货",
        /// Somebody dealt with that.
        Resolve "异常处理",
        /// Cancelled.
        Cancel "取消",
        /// The buyer has it.
        Sign "签收",
        /// A part of its money arrived.
        PartSettle "部分打款",
        /// The mall reports that the buyer has it, or all of the money arrived.
        Complete "完成",
    }
}

events! {
    /// What happens to a stock-out.
    StockOutEvent {
        /// Left the warehouse.
        Ship "发货",
        /// Left the warehouse although it was intercepted.
        ShipAnyway "异常发货",
        /// Somebody dealt with that.
        Resolve "异常处理",
        /// Its order was rejected or cancelled.
        Cancel "取消",
        /// A part of the money of its order arrived.
        PartSettle "部分打款",
        /// Its order was completed.
        Complete "完成",
    }
}
