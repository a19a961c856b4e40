//! The bit masks of orders and stock-outs, every documented bit with its meaning (fact sheet wdt-1, 2.14 and 2.15).
//!
//! `bad_reason` marks an order that somebody should look at; `block_reason` keeps a stock-out from leaving.

/// Declares the bits of one mask: constant, number, Chinese words.
macro_rules! bits {
    ($(#[$meta:meta])* $list:ident: $($(#[$doc:meta])* $name:ident = $bit:literal $chinese:literal),* $(,)?) => {
        $($(#[$doc])* pub const $name: i64 = $bit;)*

        $(#[$meta])*
        pub const $list: &[(i64, &str)] = &[$(($name, $chinese)),*];
    };
}

bits! {
    /// Every bit of `bad_reason` with its words.
    BAD_BITS:
    /// The address changed.
    BAD_ADDRESS = 2 "地址变更",
    /// The mall wants another warehouse.
    BAD_WAREHOUSE = 8 "仓库变更",
    /// The remark changed.
    BAD_REMARK = 16 "备注变更",
    /// A refund.
    BAD_REFUND = 64 "退款",
    /// A gift was given for goods that are refunded.
    BAD_GIFT = 128 "拦截赠品",
    /// The buyer's message changed.
    BAD_BUYER_MESSAGE = 2048 "客户备注变更",
}

bits! {
    /// Every bit of `block_reason` with its words.
    BLOCK_BITS:
    /// A refund was applied for.
    BLOCK_REFUND_APPLIED = 1 "申请退款",
    /// Refunded.
    BLOCK_REFUNDED = 2 "已退款",
    /// The address changed.
    BLOCK_ADDRESS = 4 "地址被修改",
    /// The invoice changed.
    BLOCK_INVOICE = 8 "发票被修改",
    /// The mall wants another carrier.
    BLOCK_CARRIER = 16 "物流被修改",
    /// The mall wants another warehouse.
    BLOCK_WAREHOUSE = 32 "仓库变化",
    /// The remark changed.
    BLOCK_REMARK = 64 "备注修改",
    /// The goods were exchanged for others.
    BLOCK_EXCHANGED = 128 "货品被更换",
    /// The refund was cancelled; does not hold the goods back.
    BLOCK_REFUND_CANCELLED = 256 "取消退款",
    /// By hand, or for a reason that has no bit.
    BLOCK_OTHER = 1024 "其他",
    /// A gift was given for goods that are refunded.
    BLOCK_GIFT = 2048 "拦截赠品",
    /// The buyer's message changed.
    BLOCK_BUYER_MESSAGE = 8192 "客户备注修改",
    /// The mall has shipped it.
    BLOCK_CONSIGNED = 16384 "平台已发货",
    /// The shipment is being revoked: an outsourced warehouse was asked to give it back.
    BLOCK_REVOKED = 65536 "撤销发货",
}

/// Bits of `block_reason` that a mall's change sets where the merchant wants it so (`flow.block_also`).
pub const BLOCK_WHERE_WANTED: i64 = BLOCK_REMARK | BLOCK_BUYER_MESSAGE | BLOCK_CONSIGNED;

/// The bits that keep the goods in the warehouse; a cancelled refund only leaves its trace.
pub const fn holding(block_reason: i64) -> i64 {
    block_reason & !BLOCK_REFUND_CANCELLED
}

fn words(list: &[(i64, &'static str)], bits: i64) -> String {
    list.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, words)| *words).collect::<Vec<_>>().join("、")
}

/// The bits of a `block_reason` in words.
pub fn block_words(bits: i64) -> String {
    words(BLOCK_BITS, bits)
}

/// The bits of a `bad_reason` in words.
pub fn bad_words(bits: i64) -> String {
    words(BAD_BITS, bits)
}

bits! {
    /// The bits of `gift_mask` with their words.
    GIFT_BITS:
    /// The rules were asked and gave nothing.
    GIFT_NONE = 1 "已处理无赠品",
    /// A rule gave.
    GIFT_AUTOMATIC = 2 "自动赠品",
    /// Somebody gave.
    GIFT_MANUAL = 4 "手工赠品",
}

bits! {
    /// The bits of `unmerge_mask` with their words.
    UNMERGE_BITS:
    /// The same buyer has an unpaid order.
    UNMERGED_UNPAID = 1 "同名未付款",
    /// The same buyer has another order that was not merged.
    UNMERGED_SAME_NAME = 2 "同名未合并",
}

bits! {
    /// The bits of `trade_mask` that Matou sets, with their words.
    TRADE_BITS:
    /// Auto-flow.
    MASK_AUTO_FLOW = 32 "自动流转",
    /// Partly shipped.
    MASK_PARTLY_SHIPPED = 64 "部分发货",
    /// Wholly shipped.
    MASK_SHIPPED = 128 "全部发货",
    /// Moved to pre-sale by hand.
    MASK_PRESALE_BY_HAND = 1024 "手工转预订单",
    /// Merged from several.
    MASK_MERGED = 8192 "批量合并",
    /// The carrier was fixed by hand.
    MASK_FIXED_CARRIER = 131_072 "固定物流",
    /// A gift for the first so many orders.
    MASK_FIRST_GIFT = 33_554_432 "前N名赠品",
}

/// `check_step`: the pre-sale strategy sent the order to pre-sale.
pub const STEP_PRESALE: i64 = -100;
/// `check_step`: somebody sent it there.
pub const STEP_PRESALE_BY_HAND: i64 = -101;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_is_one_bit_and_has_words() {
        for list in [BAD_BITS, BLOCK_BITS, GIFT_BITS, UNMERGE_BITS, TRADE_BITS] {
            let mut seen = 0;
            for (bit, words) in list {
                assert_eq!(bit.count_ones(), 1, "{bit}");
                assert_eq!(seen & bit, 0, "{bit} twice");
                assert!(!words.is_empty());
                seen |= bit;
            }
        }
        assert_eq!(block_words(1 | 4 | 256), "申请退款、地址被修改、取消退款");
        assert_eq!(bad_words(2 | 2048), "地址变更、客户备注变更");
        assert_eq!(holding(256 | 2), 2);
    }
}
