//! States of after-sale documents and what happens to them (fact sheet wdt-2, 2.1 and 2.2). The tables stand in `machines`.

use crate::codes::codes;
use crate::machine::events;

codes! {
    /// State of a refund on the platform (fact sheet wdt-2, 2.1).
    pub enum PlatformStatus {
        /// 0
        Empty = 0 "空",
        /// 1
        Cancelled = 1 "取消退款",
        /// 2
        Requested = 2 "已申请退款",
        /// 3
        AwaitingReturn = 3 "等待退货",
        /// 4
        AwaitingReceipt = 4 "等待收货",
        /// 5
        Succeeded = 5 "退款成功",
        /// 10
        ExchangePending = 10 "换货待处理",
        /// 20
        AwaitingBuyerReturn = 20 "待买家退货",
        /// 30
        BuyerReturned = 30 "买家已退货待收货",
        /// 40
        AwaitingBuyerChange = 40 "待买家修改",
        /// 50
        AwaitingExchangeGoods = 50 "待发出换货商品",
        /// 55
        AwaitingBuyerReceipt = 55 "待买家收货",
        /// 60
        ExchangeToReturn = 60 "换货改退货",
        /// 70
        ExchangeClosed = 70 "换货关闭",
        /// 80
        ExchangeSucceeded = 80 "换货成功",
    }
}

impl PlatformStatus {
    /// The flag of the order line that goes with it: 0 none, 1 cancelled, 2 applied, 3 and 4 waiting, 5 success (fact sheet
    /// wdt-1, 2.0.2).
    pub const fn line_flag(self) -> i64 {
        match self {
            Self::Empty => 0,
            Self::Cancelled | Self::ExchangeClosed => 1,
            Self::Requested | Self::ExchangePending | Self::AwaitingBuyerChange => 2,
            Self::AwaitingReturn | Self::AwaitingBuyerReturn | Self::ExchangeToReturn => 3,
            Self::AwaitingReceipt | Self::BuyerReturned | Self::AwaitingExchangeGoods | Self::AwaitingBuyerReceipt => 4,
            Self::Succeeded | Self::ExchangeSucceeded => 5,
        }
    }
}

codes! {
    /// Kind of a raw refund as it is stored and queried; the push has numbers of its own (fact sheet wdt-2, 2.1 and 3.1).
    pub enum RawRefundKind {
        /// 0
        OrderCancelled = 0 "取消订单",
        /// 1
        Unshipped = 1 "退款",
        /// 2
        Return = 2 "退货",
        /// 3
        Exchange = 3 "换货",
        /// 4
        RefundOnly = 4 "退款不退货",
    }
}

impl RawRefundKind {
    /// The kind of the refund order that is made from it.
    pub const fn refund(self) -> RefundKind {
        match self {
            Self::OrderCancelled | Self::Unshipped => RefundKind::Unshipped,
            Self::Return => RefundKind::Return,
            Self::Exchange => RefundKind::Exchange,
            Self::RefundOnly => RefundKind::RefundOnly,
        }
    }
}

codes! {
    /// How far the ERP has come with a raw refund (fact sheet wdt-2, 2.1).
    pub enum RawRefundStatus {
        /// 0
        Waiting = 0 "待递交",
        /// 10
        Cancelled = 10 "已取消",
        /// 15: submission was tried and failed
        NotSubmitted = 15 "未递交",
        /// 20
        Submitted = 20 "已递交",
    }
}

codes! {
    /// Kind of a refund order (fact sheet wdt-2, 2.2).
    pub enum RefundKind {
        /// 1, before shipment
        Unshipped = 1 "退款",
        /// 2
        Return = 2 "退货",
        /// 3
        Exchange = 3 "换货",
        /// 4
        RefundOnly = 4 "退款不退货",
        /// 5
        Payment = 5 "补款",
    }
}

impl RefundKind {
    /// Goods come back.
    pub const fn returns_goods(self) -> bool {
        matches!(self, Self::Return | Self::Exchange)
    }

    /// Its pieces are used up: they cannot be refunded a second time. (Money without goods may be given back piece by piece.)
    pub const fn takes_pieces(self) -> bool {
        matches!(self, Self::Unshipped | Self::Return | Self::Exchange)
    }
}

codes! {
    /// State of a refund order (fact sheet wdt-2, 2.2).
    pub enum RefundStatus {
        /// 5
        Payment = 5 "补款",
        /// 10
        Cancelled = 10 "已取消",
        /// 20
        AwaitingAudit = 20 "待审核",
        /// 30
        Agreed = 30 "已同意",
        /// 40
        Refused = 40 "已拒绝",
        /// 50
        AwaitingFinance = 50 "待财审",
        /// 60
        AwaitingReceipt = 60 "待收货",
        /// 63, outsourced warehouses only
        AwaitingPush = 63 "待推送",
        /// 64
        PushFailed = 64 "推送失败",
        /// 65: the outsourced warehouse knows of it
        OutsourcedReceipt = 65 "委外待收货",
        /// 69
        SettledEarly = 69 "待收货(已结算)",
        /// 70
        PartlyReceived = 70 "部分到货",
        /// 71
        PartlyReceivedSettled = 71 "部分到货(已结算)",
        /// 80
        AwaitingSettlement = 80 "待结算",
        /// 90
        Completed = 90 "已完成",
    }
}

events! {
    /// What happens to a raw refund inside the ERP.
    RawRefundEvent {
        /// Turned into a refund order.
        Submit "递交",
        /// It could not be: no order, too many pieces, shipped already.
        Fail "递交失败",
        /// The platform says that the buyer took it back.
        Cancel "取消",
        /// Its refund order was cancelled by hand; it may be submitted again.
        Reopen "退换单取消",
    }
}

events! {
    /// What happens to a refund order. Audits have an event for each way they can lead.
    RefundEvent {
        /// Audited; no goods come back and finance need not look.
        Agree "审核",
        /// Audited; finance must look.
        AgreeForFinance "审核待财审",
        /// Audited: the merchant owes the buyer something more.
        AgreePayment "审核补款",
        /// Audited: goods come back to a warehouse of our own.
        AgreeReturn "审核退货",
        /// Audited: goods come back to an outsourced warehouse.
        AgreeOutsourced "审核委外退货",
        /// Finance agrees.
        FinanceAudit "财审",
        /// The merchant refuses.
        Refuse "拒绝",
        /// The outsourced warehouse took the announcement.
        Push "推送",
        /// It did not.
        PushFail "推送失败",
        /// The buyer gets the money before the goods are back.
        SettleEarly "提前结算",
        /// Some of the goods are back.
        ReceivePart "部分入库",
        /// All of the goods are back.
        ReceiveAll "全部入库",
        /// Money went out.
        Settle "结算",
        /// Cancelled.
        Cancel "取消",
    }
}

/// A raw refund in these states has no refund order yet.
pub(super) const RAW_OPEN: &[RawRefundStatus] = &[RawRefundStatus::Waiting, RawRefundStatus::NotSubmitted];

/// `return_mask`: all lines are of one raw order.
pub const MASK_ONE_TID: i64 = 4;
/// `return_mask`: the goods are counted as on their way.
pub const MASK_ON_WAY: i64 = 8;
/// `return_mask`: more money than was paid; a person must confirm it.
pub const MASK_UNCONFIRMED: i64 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_status_flags_the_line() {
        let check = |status: PlatformStatus, flag| assert_eq!(status.line_flag(), flag, "{status:?}");
        check(PlatformStatus::Empty, 0);
        check(PlatformStatus::Cancelled, 1);
        check(PlatformStatus::Requested, 2);
        check(PlatformStatus::AwaitingReturn, 3);
        check(PlatformStatus::AwaitingReceipt, 4);
        check(PlatformStatus::Succeeded, 5);
        check(PlatformStatus::ExchangeSucceeded, 5);
        check(PlatformStatus::ExchangeClosed, 1);
    }
}
