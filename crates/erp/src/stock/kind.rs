//! Kinds and states of stock-ins and stock-outs, and the two machines that every family's documents obey (fact sheet wdt-2,
//! 1.5 and 2.7).

use crate::codes::codes;
use crate::machine::{Machine, Step, events};

codes! {
    /// Why goods came in (源单据类别).
    pub enum StockInKind {
        /// 1
        Purchase = 1 "采购入库",
        /// 2
        Transfer = 2 "调拨入库",
        /// 3
        Refund = 3 "退货入库",
        /// 4, what a stock-taking found too much
        Gain = 4 "盘盈入库",
        /// 5
        Production = 5 "生产入库",
        /// 6
        Other = 6 "其他入库",
        /// 7
        Warranty = 7 "保修入库",
        /// 8
        Correction = 8 "纠错入库",
        /// 9
        Initial = 9 "初始化入库",
        /// 10
        PreStockIn = 10 "预入库",
        /// 11
        JitReturn = 11 "JIT退货入库",
        /// 12
        Outsourced = 12 "委外入库",
    }
}

codes! {
    /// Why goods went out, other than by a sale (1).
    pub enum StockOutKind {
        /// 2
        Transfer = 2 "调拨出库",
        /// 3
        PurchaseReturn = 3 "采购退货出库",
        /// 4, what a stock-taking missed
        Loss = 4 "盘亏出库",
        /// 5
        Production = 5 "生产出库",
        /// 6
        CashSale = 6 "现款销售出库",
        /// 7
        Other = 7 "其他出库",
        /// 8
        OverShipped = 8 "多发出库",
        /// 9
        Correction = 9 "纠错出库",
        /// 10
        WarrantyParts = 10 "保修配件出库",
        /// 11
        Initial = 11 "初始化出库",
        /// 12
        JitPick = 12 "JIT拣货出库",
        /// 13
        Outsourced = 13 "委外出库",
    }
}

codes! {
    /// State of a stock-in.
    pub enum StockInStatus {
        /// 10
        Cancelled = 10 "已取消",
        /// 20
        Editing = 20 "编辑中",
        /// 25, purchases only
        AwaitingPrice = 25 "待价格确认",
        /// 30
        AwaitingAudit = 30 "待审核",
        /// 60
        AwaitingSettlement = 60 "待结算",
        /// 80
        Completed = 80 "已完成",
    }
}

codes! {
    /// State of a stock-out that is not a sale.
    pub enum WarehouseOutStatus {
        /// 5
        Cancelled = 5 "已取消",
        /// 48
        Editing = 48 "未确认",
        /// 50
        AwaitingAudit = 50 "待审核",
        /// 55, JIT picks: reserved, not yet out
        Audited = 55 "已审核",
        /// 95
        Shipped = 95 "已发货",
        /// 110
        Completed = 110 "已完成",
    }
}

events! {
    /// What happens to a stock-in.
    StockInEvent {
        /// Handed in by who wrote it.
        Submit "提交",
        /// The price of a purchase is confirmed.
        ConfirmPrice "确认价格",
        /// Audited: the goods are on hand.
        Audit "审核",
        /// Audited, and its money is settled later.
        AuditUnsettled "审核待结算",
        /// Settled.
        Settle "结算",
        /// Cancelled.
        Cancel "取消",
    }
}

events! {
    /// What happens to a stock-out that is not a sale.
    WarehouseOutEvent {
        /// Handed in by who wrote it.
        Submit "提交",
        /// A JIT pick is audited: the goods are reserved.
        Reserve "占用",
        /// Audited: the goods are out.
        Audit "审核",
        /// Out, and its money is settled later.
        AuditUnsettled "审核待结算",
        /// Settled.
        Settle "结算",
        /// Cancelled.
        Cancel "取消",
    }
}

use StockInStatus as In;
use WarehouseOutStatus as Out;

/// Stock-ins of every kind.
pub const STOCK_IN: Machine<StockInStatus, StockInEvent> = Machine {
    document: "入库单",
    steps: &[
        Step { from: &[In::Editing], on: StockInEvent::Submit, to: In::AwaitingAudit, effect: "" },
        Step { from: &[In::AwaitingPrice], on: StockInEvent::ConfirmPrice, to: In::AwaitingAudit, effect: "" },
        Step { from: &[In::AwaitingAudit], on: StockInEvent::Audit, to: In::Completed, effect: "库存量增加" },
        Step {
            from: &[In::AwaitingAudit],
            on: StockInEvent::AuditUnsettled,
            to: In::AwaitingSettlement,
            effect: "库存量增加",
        },
        Step { from: &[In::AwaitingSettlement], on: StockInEvent::Settle, to: In::Completed, effect: "" },
        Step {
            from: &[In::Editing, In::AwaitingPrice, In::AwaitingAudit],
            on: StockInEvent::Cancel,
            to: In::Cancelled,
            effect: "",
        },
    ],
};

/// Stock-outs that are not sales.
pub const WAREHOUSE_OUT: Machine<WarehouseOutStatus, WarehouseOutEvent> = Machine {
    document: "出库单",
    steps: &[
        Step { from: &[Out::Editing], on: WarehouseOutEvent::Submit, to: Out::AwaitingAudit, effect: "" },
        Step {
            from: &[Out::AwaitingAudit],
            on: WarehouseOutEvent::Reserve,
            to: Out::Audited,
            effect: "JIT拣货占用待发货量",
        },
        Step {
            from: &[Out::AwaitingAudit, Out::Audited],
            on: WarehouseOutEvent::Audit,
            to: Out::Completed,
            effect: "库存量减少",
        },
        Step {
            from: &[Out::AwaitingAudit, Out::Audited],
            on: WarehouseOutEvent::AuditUnsettled,
            to: Out::Shipped,
            effect: "库存量减少",
        },
        Step { from: &[Out::Shipped], on: WarehouseOutEvent::Settle, to: Out::Completed, effect: "" },
        Step {
            from: &[Out::Editing, Out::AwaitingAudit, Out::Audited],
            on: WarehouseOutEvent::Cancel,
            to: Out::Cancelled,
            effect: "释放占用",
        },
    ],
};
