//! Why the business says no. A dock turns each kind into its platform's number; the text is the same everywhere.

use crate::machine::Illegal;

/// Result of a business function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A unit of work did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store could not do it; repeating is safe.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A stored document cannot be read: the folder was changed by another program or an unknown version.
    #[error("stored document {0} cannot be read: {1}; run `matou doctor`")]
    Document(&'static str, serde_json::Error),
    /// The business refuses; nothing was stored.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<Illegal> for Error {
    fn from(illegal: Illegal) -> Self {
        Self::Refused(Refusal::State(illegal))
    }
}

impl From<crate::aftersale::AftersaleRefusal> for Error {
    fn from(refusal: crate::aftersale::AftersaleRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}

/// A refusal, in the words that the operator or the caller reads. Used by: every command of this crate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A shop number that is unknown or disabled.
    #[error("店铺编号在系统中不存在或已停用，请检查shop_no是否正确:{0}")]
    ShopUnknown(String),
    /// The shop belongs to a platform that sends its orders itself.
    #[error("店铺平台不是自有平台:{0}")]
    ShopNotOwnMall(String),
    /// A warehouse number that is unknown or disabled.
    #[error("仓库编号在系统中不存在或已停用，请检查warehouse_no是否正确:{0}")]
    WarehouseUnknown(String),
    /// An outsourced warehouse where only an own one is allowed.
    #[error("委外仓库不支持该操作,仓库编号:{0}")]
    WarehouseOutsourced(String),
    /// An own warehouse where only an outsourced one is allowed.
    #[error("仓库不是委外仓库,仓库编号:{0}")]
    WarehouseOwn(String),
    /// A caller's number that was used before.
    #[error("外部单号重复，请保证外部单号[{field}]的唯一性:{no}")]
    OuterNoUsed {
        /// The field.
        field: &'static str,
        /// The number.
        no: String,
    },
    /// No warehouse is enabled at all.
    #[error("没有可用的仓库,请先创建并启用仓库")]
    NoWarehouse,
    /// A carrier number that is unknown or disabled.
    #[error("不存在物流编码为 {0} 的物流公司或业务类型错误!")]
    CarrierUnknown(String),
    /// A merchant code that is unknown or deleted.
    #[error("商家编码不存在或已删除:{0}")]
    SpecUnknown(String),
    /// A provider number that is unknown, deleted or disabled.
    #[error("供应商编号在系统中不存在或已停用，请检查provider_no是否正确:{0}")]
    ProviderUnknown(String),
    /// Number or name of a new provider is in use.
    #[error("供应商名称或者编码重复")]
    ProviderExists,
    /// A document has others below it that are not finished.
    #[error("{what}{no}存在未审核的{below},不能{event}")]
    Unfinished {
        /// What the document is, in Chinese.
        what: &'static str,
        /// Its number.
        no: String,
        /// What is not finished.
        below: &'static str,
        /// What was asked for.
        event: &'static str,
    },
    /// A text is longer than its column.
    #[error("参数值无效:{field}(长度不能超过{max}个字符)")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Characters that it may have.
        max: usize,
    },
    /// The merchant's permissions forbid it.
    #[error("权限不足,{0}")]
    Permission(&'static str),
    /// The number of something new is in use already.
    #[error("{what}已存在:{no}")]
    Exists {
        /// What it is, in Chinese.
        what: &'static str,
        /// The number.
        no: String,
    },
    /// A goods element without a name.
    #[error("货品名称不能为空")]
    GoodsNameMissing,
    /// The merchant code belongs to another goods or suite.
    #[error("商家编码和货品编号不匹配")]
    SpecOfOtherGoods,
    /// The merchant code repeats a deleted one.
    #[error("商家编码（spec_no）:{0}与已删除的规格重复！")]
    SpecDeleted(String),
    /// A barcode is in use by another spec.
    #[error("单品或者组合装的条码不能重复:{0}")]
    BarcodeExists(String),
    /// A goods mark that nobody created.
    #[error("标记{0} 不存在/已停用/类型错误")]
    FlagUnknown(String),
    /// The raw order number was used by another shop of the merchant.
    #[error("原始单号{0}已属于店铺{1}")]
    TidOfOtherShop(String, String),
    /// Ordered in the future.
    #[error("下单时间非法,原始单号为：{0}")]
    TradeTimeInFuture(String),
    /// Quantity or price of a line differs from the first push.
    #[error("子订单{oid}的{field}不允许修改,原始单号为：{tid}")]
    LineChanged {
        /// The raw order.
        tid: String,
        /// The line.
        oid: String,
        /// `num` or `price`.
        field: &'static str,
    },
    /// A line was added after submission, or the same line number is used twice.
    #[error("订单货品数量不一致{0}")]
    LinesDiffer(String),
    /// Province, city or district is not in the table of regions.
    #[error("省市区{0}无法匹配,原始单号为：{1}")]
    RegionUnknown(String, String),
    /// A document number that does not exist.
    #[error("{what}在系统中不存在，请确认传值是否正确:{no}")]
    NotFound {
        /// What was looked for, in Chinese.
        what: &'static str,
        /// The number.
        no: String,
    },
    /// The state machine has no such transition.
    #[error("{0}")]
    State(Illegal),
    /// An order waits for stock and cannot be released.
    #[error("订单{order}缺货,不能审核:{lines}")]
    Short {
        /// The system order.
        order: String,
        /// The lines that wait.
        lines: String,
    },
    /// The order is frozen.
    #[error("订单{0}已冻结({1}),不能审核")]
    Frozen(String, String),
    /// Something about the order is to be looked at first.
    #[error("订单{0}有待处理的异常({1}),不能审核")]
    Held(String, String),
    /// A warehouse that somebody else runs has the order; it must give it back first.
    #[error("订单{0}已递交委外仓库,请先撤单")]
    WithWarehouse(String),
    /// A refund is in progress on the order.
    #[error("订单{0}有退款申请,不能审核")]
    RefundPending(String),
    /// Pay-first order that has not been paid in full.
    #[error("订单{0}未付清,不能审核:应付{1},已付{2}")]
    NotPaid(String, String, String),
    /// The stock-out is intercepted.
    #[error("出库单{no}已拦截({reason}),请驳回订单后重新审核")]
    Blocked {
        /// The stock-out.
        no: String,
        /// Why, in words.
        reason: String,
    },
    /// Less on hand than the document takes.
    #[error("库存不足,商家编码:{0}")]
    OutOfStock(String),
    /// The document above does not exist.
    #[error("{what}不存在:{no}")]
    SourceUnknown {
        /// What was looked for, in Chinese.
        what: &'static str,
        /// The number.
        no: String,
    },
    /// The warehouse is not the one of the upper document.
    #[error("仓库与上级单据不一致,仓库编号:{0}")]
    WarehouseOfOther(String),
    /// A line that the upper document does not have.
    #[error("上级单据中不存在该商家编码:{0}")]
    NotOnOrder(String),
    /// More than is open on the upper document.
    #[error("数量超出可执行数量,商家编码:{spec_no},可执行数量:{open}")]
    Over {
        /// The merchant code.
        spec_no: String,
        /// What is open.
        open: String,
    },
    /// The same spec twice where once is allowed.
    #[error("商家编码重复:{0}")]
    SpecRepeated(String),
    /// The warehouse has no stock row of the spec, and none may be made.
    #[error("仓库中没有该货品的库存记录,商家编码:{0}")]
    NoStockRow(String),
    /// A bin that the warehouse does not have.
    #[error("当前仓库中不存在货位:{0}")]
    PositionUnknown(String),
    /// A batch that nobody has made.
    #[error("批次不存在:{0}")]
    BatchUnknown(String),
    /// A reason that the merchant does not have, or that is disabled.
    #[error("原因不存在或已停用:{0}")]
    ReasonUnknown(String),
    /// From a warehouse to itself.
    #[error("调出仓库与调入仓库不能相同:{0}")]
    SameWarehouse(String),
    /// More of something than one call may carry.
    #[error("{what}不能超过{max}条")]
    TooMany {
        /// The field.
        what: &'static str,
        /// Most.
        max: usize,
    },
    /// As often as is allowed in a day already.
    #[error("{what}超过每日限制:{max}")]
    Quota {
        /// What is counted, in Chinese.
        what: &'static str,
        /// The limit.
        max: i64,
    },
    /// A quantity or price that is not acceptable; the field is named.
    #[error("参数值无效:{field}({why})")]
    BadNumber {
        /// The field.
        field: &'static str,
        /// The rule.
        why: &'static str,
    },
    /// A document of a kind that is not handled like this.
    #[error("{0}不支持该操作")]
    NotThisWay(&'static str),
    /// After-sale says no.
    #[error(transparent)]
    Aftersale(#[from] crate::aftersale::AftersaleRefusal),
    /// A row of a queue that does not exist.
    #[error("{0}")]
    QueueRow(&'static str),
    /// The order carries a mark already, and the caller did not say that it may be replaced.
    #[error("订单已有标记:{0}")]
    OrderMarked(String),
    /// Too late for this change of an order.
    #[error("订单{no}状态为{state},不能修改{what}")]
    OrderPast {
        /// The order.
        no: String,
        /// Its state, in words.
        state: &'static str,
        /// What was to be changed.
        what: &'static str,
    },
    /// A value is not acceptable; the field is named.
    #[error("参数值无效:{field}({why})")]
    Invalid {
        /// The field.
        field: &'static str,
        /// The rule.
        why: &'static str,
    },
}
