//! The state machines as tables. These are the rules; nothing else changes a state.

use super::status::{OrderEvent, OrderStatus as O, ProcessStatus, RawEvent, StockOutEvent, StockOutStatus};
use crate::machine::{Machine, Step};

/// Raw orders, the ERP's own progress.
pub const RAW_ORDER: Machine<ProcessStatus, RawEvent> = Machine {
    document: "原始订单",
    steps: &[
        Step {
            from: &[ProcessStatus::Waiting],
            on: RawEvent::Submit,
            to: ProcessStatus::Submitted,
            effect: "生成系统订单,占用库存",
        },
        Step {
            from: &[ProcessStatus::Submitted],
            on: RawEvent::PartShip,
            to: ProcessStatus::PartlyShipped,
            effect: "拆分的订单先发一部分,按子订单进入物流同步队列",
        },
        Step {
            from: &[ProcessStatus::Submitted, ProcessStatus::PartlyShipped],
            on: RawEvent::Ship,
            to: ProcessStatus::Shipped,
            effect: "进入物流同步队列",
        },
        Step { from: &[ProcessStatus::Shipped], on: RawEvent::Complete, to: ProcessStatus::Completed, effect: "" },
        Step {
            from: &[ProcessStatus::Waiting, ProcessStatus::Submitted],
            on: RawEvent::Cancel,
            to: ProcessStatus::Cancelled,
            effect: "",
        },
    ],
};

/// System orders.
pub const ORDER: Machine<O, OrderEvent> = Machine {
    document: "订单",
    steps: &[
        Step { from: &[O::Unpaid], on: OrderEvent::PayDeposit, to: O::AwaitingFinal, effect: "" },
        Step {
            from: &[O::Unpaid, O::AwaitingFinal],
            on: OrderEvent::Pay,
            to: O::AwaitingAudit,
            effect: "未付款量转待审核量,库存不足则缺货等待",
        },
        Step {
            from: &[O::AwaitingAudit],
            on: OrderEvent::LackWarehouse,
            to: O::AwaitingWarehouse,
            effect: "仓库策略没有可发该地址的仓库,不占用库存",
        },
        Step {
            from: &[O::AwaitingWarehouse],
            on: OrderEvent::ChooseWarehouse,
            to: O::AwaitingAudit,
            effect: "在所选仓库占用库存",
        },
        Step {
            from: &[O::AwaitingAudit],
            on: OrderEvent::AwaitSibling,
            to: O::AwaitingSibling,
            effect: "同一客户同一地址有未付款订单",
        },
        Step {
            from: &[O::AwaitingSibling],
            on: OrderEvent::SiblingDone,
            to: O::AwaitingAudit,
            effect: "未付款订单已付款(合并)、已关闭或等待超时",
        },
        Step { from: &[O::AwaitingAudit], on: OrderEvent::Delay, to: O::DelayedAudit, effect: "设定激活时间" },
        Step { from: &[O::DelayedAudit], on: OrderEvent::Wake, to: O::AwaitingAudit, effect: "" },
        Step {
            from: &[O::AwaitingAudit], on: OrderEvent::Presell, to: O::Presale, effect: "待审核量转预订单量"
        },
        Step {
            from: &[O::Presale], on: OrderEvent::Release, to: O::AwaitingAudit, effect: "预订单量转待审核量"
        },
        Step {
            from: &[O::AwaitingAudit, O::DelayedAudit, O::AwaitingSibling],
            on: OrderEvent::MergeAway,
            to: O::Cancelled,
            effect: "货品、金额与占用转入另一订单",
        },
        Step {
            from: &[O::AwaitingAudit],
            on: OrderEvent::Audit,
            to: O::Audited,
            effect: "待审核量转待发货量,生成出库单",
        },
        Step {
            from: &[O::AwaitingAudit],
            on: OrderEvent::SubmitFinance,
            to: O::AwaitingFinance,
            effect: "符合财审条件",
        },
        Step {
            from: &[O::AwaitingFinance],
            on: OrderEvent::FinanceAudit,
            to: O::Audited,
            effect: "待审核量转待发货量,生成出库单",
        },
        Step { from: &[O::AwaitingFinance], on: OrderEvent::FinanceReject, to: O::AwaitingAudit, effect: "" },
        Step {
            from: &[O::AwaitingAudit],
            on: OrderEvent::AuditOutside,
            to: O::AwaitingRelease,
            effect: "委外仓库:待审核量转待发货量,生成出库单",
        },
        Step {
            from: &[O::AwaitingFinance],
            on: OrderEvent::FinanceAuditOutside,
            to: O::AwaitingRelease,
            effect: "委外仓库:待审核量转待发货量,生成出库单",
        },
        Step {
            from: &[O::AwaitingRelease, O::Releasing, O::Unconfirmed],
            on: OrderEvent::HandOver,
            to: O::Releasing,
            effect: "发送给委外仓库",
        },
        Step {
            from: &[O::Releasing, O::Unconfirmed], on: OrderEvent::Accept, to: O::Released, effect: "记录仓库单号"
        },
        Step {
            from: &[O::Releasing, O::Unconfirmed, O::Released],
            on: OrderEvent::Refuse,
            to: O::AwaitingRelease,
            effect: "记录原因,等待重新递交或驳回",
        },
        Step {
            from: &[O::Releasing, O::Unconfirmed],
            on: OrderEvent::Unanswered,
            to: O::Unconfirmed,
            effect: "不知仓库是否收到,重新递交或查询后再定",
        },
        Step {
            from: &[O::Released, O::Unconfirmed], on: OrderEvent::Work, to: O::Audited, effect: "仓库已确认并作业"
        },
        Step {
            from: &[O::Releasing, O::Unconfirmed, O::Released, O::Audited],
            on: OrderEvent::GiveBack,
            to: O::AwaitingRelease,
            effect: "仅委外仓库;之后可驳回、取消或重新递交",
        },
        Step {
            from: &[O::AwaitingRelease, O::Audited],
            on: OrderEvent::Reject,
            to: O::AwaitingAudit,
            effect: "待发货量转待审核量,出库单取消",
        },
        Step {
            from: &[O::Released, O::Unconfirmed, O::Audited],
            on: OrderEvent::Ship,
            to: O::Shipped,
            effect: "库存量与待发货量减少,生成物流同步",
        },
        Step {
            from: &[O::AwaitingRelease, O::Released, O::Unconfirmed, O::Audited],
            on: OrderEvent::ShipAnyway,
            to: O::Abnormal,
            effect: "出库单被拦截但货已发出:库存量与待发货量减少,生成物流同步",
        },
        Step { from: &[O::Abnormal], on: OrderEvent::Resolve, to: O::Shipped, effect: "人工处理完毕" },
        Step {
            from: &[
                O::Unpaid,
                O::AwaitingFinal,
                O::AwaitingWarehouse,
                O::AwaitingSibling,
                O::DelayedAudit,
                O::Presale,
                O::AwaitingAudit,
                O::AwaitingFinance,
                O::AwaitingRelease,
                O::Audited,
            ],
            on: OrderEvent::Cancel,
            to: O::Cancelled,
            effect: "释放占用,出库单取消;委外仓库已接单的须先撤单",
        },
        Step {
            from: &[O::Shipped], on: OrderEvent::Sign, to: O::Signed, effect: "平台签收,或人工确认;出库单状态不变"
        },
        Step {
            from: &[O::Shipped, O::Signed],
            on: OrderEvent::PartSettle,
            to: O::PartlySettled,
            effect: "合并订单中部分原始订单已完成,或部分收款",
        },
        Step {
            from: &[O::Shipped, O::Signed, O::PartlySettled],
            on: OrderEvent::Complete,
            to: O::Completed,
            effect: "",
        },
    ],
};

/// Sales stock-outs.
pub const STOCK_OUT: Machine<StockOutStatus, StockOutEvent> = Machine {
    document: "出库单",
    steps: &[
        Step {
            from: &[StockOutStatus::Audited],
            on: StockOutEvent::Ship,
            to: StockOutStatus::Shipped,
            effect: "库存量减少",
        },
        Step {
            from: &[StockOutStatus::Audited],
            on: StockOutEvent::ShipAnyway,
            to: StockOutStatus::Abnormal,
            effect: "被拦截但货已发出,库存量减少",
        },
        Step { from: &[StockOutStatus::Abnormal], on: StockOutEvent::Resolve, to: StockOutStatus::Shipped, effect: "" },
        Step {
            from: &[StockOutStatus::Audited],
            on: StockOutEvent::Cancel,
            to: StockOutStatus::Cancelled,
            effect: "重新审核时用新单号",
        },
        Step {
            from: &[StockOutStatus::Shipped],
            on: StockOutEvent::PartSettle,
            to: StockOutStatus::PartlySettled,
            effect: "",
        },
        Step {
            from: &[StockOutStatus::Shipped, StockOutStatus::PartlySettled],
            on: StockOutEvent::Complete,
            to: StockOutStatus::Completed,
            effect: "",
        },
    ],
};
