//! Why after-sale says no, beyond the refusals that every family has.

/// A refusal of after-sale. Used by: the push of raw refunds, refund orders by hand, return stock-ins.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AftersaleRefusal {
    /// The raw order is unknown, or belongs to another shop.
    #[error("原始单号在系统中不存在，请确认tid是否正确:{0}")]
    TidUnknown(String),
    /// The line is not one of the raw order.
    #[error("子订单编号{oid}不属于原始单号{tid}")]
    OidUnknown {
        /// The raw order.
        tid: String,
        /// The line.
        oid: String,
    },
    /// A quantity or amount is out of its bounds.
    #[error("{field}数值无效:{value}({why})")]
    Number {
        /// The field.
        field: &'static str,
        /// What was sent.
        value: String,
        /// The rule.
        why: &'static str,
    },
    /// More pieces than are left of a line that may be refunded.
    #[error("子订单{oid}的可退数量不足:申请{asked},剩余{left}")]
    NothingLeft {
        /// The line.
        oid: String,
        /// Pieces asked for.
        asked: String,
        /// Pieces left.
        left: String,
    },
    /// No system order was made from the raw order, or it was cancelled.
    #[error("原始单号{0}没有可退的系统订单")]
    NoOrder(String),
    /// Refund before shipment of what has left.
    #[error("订单{0}已发货,不能按未发货退款处理")]
    AlreadyShipped(String),
    /// The refund order does not wait for goods.
    #[error("该售后单状态不允许入库:{no}({state})")]
    NotReceivable {
        /// The refund order.
        no: String,
        /// Its state, number and name.
        state: String,
    },
    /// The spec is not on the refund order.
    #[error("商家编码{spec_no}不在退换单{no}中")]
    SpecNotOnOrder {
        /// The merchant code.
        spec_no: String,
        /// The refund order.
        no: String,
    },
    /// A return stock-in of the refund order is not audited yet.
    #[error("退换单{0}有未审核的退货入库单,请先审核或取消该入库单")]
    ReceiptOpen(String),
    /// Only a refund order that waits for audit can be changed so.
    #[error("退换单{no}状态为{state},只有待审核的退换单可以修改{field}")]
    NotEditable {
        /// The refund order.
        no: String,
        /// Its state, number and name.
        state: String,
        /// What was to be changed.
        field: &'static str,
    },
    /// An exchange without goods to send out, or goods to send out without an exchange.
    #[error("{0}")]
    Exchange(&'static str),
}
