//! The raw refund: what the mall says of a refund (fact sheet wdt-2, 2.1 and 3.6).

use serde::{Deserialize, Serialize};
use units::{Moment, Money, Quantity};

use crate::aftersale::status::{PlatformStatus, RawRefundKind, RawRefundStatus};
use crate::document::is_default;

/// What is personal about a raw refund. Stored sealed, apart from the document.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RefundPayer {
    /// Buyer.
    pub nick: String,
    /// Payment account.
    pub account: String,
}

/// A raw refund (原始退款单).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RawRefund {
    /// Key.
    pub id: i64,
    /// Shop key.
    pub shop: i64,
    /// Number of the platform, unique within the shop.
    pub refund_no: String,
    /// The raw order.
    pub tid: String,
    /// What is wanted.
    pub kind: RawRefundKind,
    /// State on the platform.
    pub status: PlatformStatus,
    /// How far the ERP has come with it.
    pub process: RawRefundStatus,
    /// Why it was not submitted; empty when it was.
    #[serde(skip_serializing_if = "is_default", default)]
    pub problem: String,
    /// Key of the refund order made from it; 0 = none.
    #[serde(skip_serializing_if = "is_default", default)]
    pub refund_order: i64,
    /// Its number.
    #[serde(skip_serializing_if = "is_default", default)]
    pub refund_order_no: String,
    /// Asked for.
    pub amount: Money,
    /// Given, once the platform reports success.
    #[serde(skip_serializing_if = "is_default", default)]
    pub actual_amount: Money,
    /// Reason.
    #[serde(skip_serializing_if = "is_default", default)]
    pub reason: String,
    /// Remark.
    #[serde(skip_serializing_if = "is_default", default)]
    pub remark: String,
    /// Version mark of the platform.
    #[serde(skip_serializing_if = "is_default", default)]
    pub version: String,
    /// Carrier of the return.
    #[serde(skip_serializing_if = "is_default", default)]
    pub logistics_name: String,
    /// Its waybill.
    #[serde(skip_serializing_if = "is_default", default)]
    pub logistics_no: String,
    /// Payment of the raw order.
    #[serde(skip_serializing_if = "is_default", default)]
    pub pay_no: String,
    /// Asked for when.
    pub refund_time: Moment,
    /// When the platform reported success.
    #[serde(skip_serializing_if = "is_default", default)]
    pub succeeded: Option<Moment>,
    /// The buyer has the goods already: the order had left when it was asked for.
    #[serde(skip_serializing_if = "is_default", default)]
    pub after_shipment: bool,
    /// Buyer and account.
    #[serde(skip)]
    pub payer: RefundPayer,
    /// The lines.
    pub lines: Vec<RawRefundLine>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// A line of a raw refund. Goods codes are the platform's, as pushed with the order.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RawRefundLine {
    /// Key.
    pub id: i64,
    /// Line number of the raw order.
    pub oid: String,
    /// Pieces.
    pub num: Quantity,
    /// What the buyer owed for a piece.
    pub price: Money,
    /// The same for all of them.
    pub total: Money,
    /// Platform SPU id.
    #[serde(skip_serializing_if = "is_default", default)]
    pub goods_id: String,
    /// Platform SKU id.
    #[serde(skip_serializing_if = "is_default", default)]
    pub spec_id: String,
    /// Platform SPU code.
    #[serde(skip_serializing_if = "is_default", default)]
    pub goods_no: String,
    /// Platform SKU code.
    #[serde(skip_serializing_if = "is_default", default)]
    pub spec_no: String,
    /// Goods name.
    #[serde(skip_serializing_if = "is_default", default)]
    pub goods_name: String,
    /// Spec name.
    #[serde(skip_serializing_if = "is_default", default)]
    pub spec_name: String,
}

impl RawRefund {
    /// What its entries in the event log are about.
    pub fn event_key(&self) -> String {
        format!("RREF{}", store::wire_id(self.id))
    }
}
