//! What the order flow notes on an order besides its goods and its money. Left out of the stored text while nothing is noted.

use serde::{Deserialize, Serialize};
use units::Moment;

use crate::document::is_default;

/// Why somebody, or a rule, froze an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// `freeze_reason`: 2 by hand, 3 the addresses of merged orders differ, 4 exchanged goods that could not take
    /// the place of the old ones, 10 and above the merchant's own reasons.
    pub reason: i64,
    /// In words.
    pub note: String,
}

impl Freeze {
    /// By hand.
    pub const BY_HAND: i64 = 2;
    /// The address of one of several merged raw orders changed.
    pub const ADDRESSES_DIFFER: i64 = 3;
    /// The mall exchanged goods, and the order cannot follow by itself.
    pub const GOODS_EXCHANGED: i64 = 4;
}

/// Marks of an order; every field has the meaning of the column of its name in fact sheet wdt-1, 2.14.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// `freeze_reason` and its words; none = not frozen.
    #[serde(skip_serializing_if = "is_default")]
    pub freeze: Option<Freeze>,
    /// Key and number of the customer; 0 = customers are not kept.
    #[serde(skip_serializing_if = "is_default")]
    pub customer: i64,
    /// The number.
    #[serde(skip_serializing_if = "is_default")]
    pub customer_no: String,
    /// 0 ordinary, 1 dealer.
    #[serde(skip_serializing_if = "is_default")]
    pub customer_kind: i64,
    /// Bits, `UNMERGE_BITS`.
    #[serde(skip_serializing_if = "is_default")]
    pub unmerge_mask: i64,
    /// Bits, `GIFT_BITS`.
    #[serde(skip_serializing_if = "is_default")]
    pub gift_mask: i64,
    /// Bits, `TRADE_BITS`.
    #[serde(skip_serializing_if = "is_default")]
    pub trade_mask: i64,
    /// −100 sent to pre-sale by a rule, −101 by hand.
    #[serde(skip_serializing_if = "is_default")]
    pub check_step: i64,
    /// When the order wakes: the end of a delay, the start of delivery of a pre-sale, the end of the wait for an unpaid order.
    #[serde(skip_serializing_if = "is_default")]
    pub wakes: Option<Moment>,
    /// Key of the order it was split from; negative when a rule did it.
    #[serde(skip_serializing_if = "is_default")]
    pub split_from: i64,
    /// Number of the order that took its goods.
    #[serde(skip_serializing_if = "is_default")]
    pub merged_into: String,
    /// Who audited it for finance.
    #[serde(skip_serializing_if = "is_default")]
    pub finance_checker: String,
    /// Made by the ERP itself for the goods of an exchange.
    #[serde(skip_serializing_if = "is_default")]
    pub exchange: bool,
    /// Waybills of further parcels; the mall hears of the first only.
    #[serde(skip_serializing_if = "is_default")]
    pub parcels: Vec<String>,
}
