//! The refund order (退换单): what comes back, what goes out again, what the buyer gets (fact sheet wdt-2, 2.2 and 3.3).

use serde::{Deserialize, Serialize};
use units::{Moment, Money, Quantity};

use crate::aftersale::status::{PlatformStatus, RefundKind, RefundStatus};
use crate::document::is_default;

/// What is personal about a refund order. Stored sealed, apart from the document.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-2, 3.3, which gives their meaning")]
pub struct RefundPeople {
    pub nick: String,
    pub pay_account: String,
    pub receiver_name: String,
    pub receiver_address: String,
    pub receiver_telno: String,
    pub return_name: String,
    pub return_mobile: String,
    pub return_telno: String,
    pub swap_receiver: String,
    pub swap_mobile: String,
    pub swap_telno: String,
    pub swap_zip: String,
    pub swap_address: String,
}

/// A refund or exchange order (退换单).
#[derive(Clone, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-2, 3.3, which gives their meaning")]
pub struct RefundOrder {
    pub id: i64,
    pub no: String,
    /// Number of whoever made it through an interface; empty = none.
    #[serde(skip_serializing_if = "is_default", default)]
    pub outer_no: String,
    pub shop: i64,
    pub kind: RefundKind,
    pub status: RefundStatus,
    pub platform_status: PlatformStatus,
    /// Number of the raw refund; empty when it was made by hand.
    #[serde(skip_serializing_if = "is_default", default)]
    pub src_no: String,
    /// Key of the raw refund; 0 = made by hand.
    #[serde(skip_serializing_if = "is_default", default)]
    pub raw_refund: i64,
    pub tid: String,
    /// Key of the (first) system order.
    pub order: i64,
    /// Its number.
    pub order_no: String,
    /// Key of the warehouse that waits for the goods.
    pub warehouse: i64,
    pub goods_amount: Money,
    pub refund_amount: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub direct_refund_amount: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub platform_refund_amount: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub actual_refund_amount: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub exchange_amount: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub post_amount: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub other_amount: Money,
    /// Gone out already.
    #[serde(skip_serializing_if = "is_default", default)]
    pub paid: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub pay_no: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub parcel: ReturnParcel,
    #[serde(skip_serializing_if = "is_default", default)]
    pub refund_time: Option<Moment>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub finished: Option<Moment>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub reason: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub remark: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub revert_reason: String,
    pub creator: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub checker: String,
    /// 1 from the platform, 2 by hand.
    pub from_type: i64,
    /// Bits, `MASK_…`.
    pub mask: i64,
    /// A person confirmed that more goes back than was paid.
    #[serde(skip_serializing_if = "is_default", default)]
    pub over_paid: bool,
    /// The order had left when it was made.
    #[serde(skip_serializing_if = "is_default", default)]
    pub after_shipment: bool,
    #[serde(skip_serializing_if = "is_default", default)]
    pub version: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub flag_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub fenxiao_nick: String,
    /// Key of the customer of the order; 0 = customers are not kept.
    #[serde(skip_serializing_if = "is_default", default)]
    pub customer: i64,
    /// The number.
    #[serde(skip_serializing_if = "is_default", default)]
    pub customer_no: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub wms: WmsFeedback,
    /// 0 as the merchant's settings say, 1 right after the audit, 2 after the goods are back.
    #[serde(skip_serializing_if = "is_default", default)]
    pub consign_mode: i64,
    /// Send the exchange goods only after the settlement.
    #[serde(skip_serializing_if = "is_default", default)]
    pub is_trade_charged: bool,
    /// Where the exchange goods go; for exchanges.
    #[serde(skip_serializing_if = "is_default", default)]
    pub swap: Option<Swap>,
    #[serde(skip)]
    pub people: RefundPeople,
    pub lines: Vec<RefundLine>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub out: Vec<OutLine>,
    pub created: Moment,
    pub modified: Moment,
}

impl RefundOrder {
    /// State, number and name.
    pub fn state(&self) -> String {
        format!("{}{}", self.status.code(), self.status.chinese())
    }

    /// Whether it still counts: not cancelled and not refused.
    pub fn is_live(&self) -> bool {
        !matches!(self.status, RefundStatus::Cancelled | RefundStatus::Refused)
    }

    /// Pieces that come back.
    pub fn pieces(&self) -> Quantity {
        self.lines.iter().map(|line| line.num).sum()
    }
}

/// How the goods come back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReturnParcel {
    /// Carrier, as the buyer names it.
    pub name: String,
    /// Waybill.
    pub no: String,
}

/// What the outsourced warehouse said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WmsFeedback {
    /// 0 nothing yet, 1 failed, 2 succeeded.
    pub status: i64,
    /// Its words.
    pub result: String,
    /// Its number.
    pub outer_no: String,
}

/// Where the goods of an exchange go, and the raw order that sends them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Swap {
    /// Codes of province, city, district.
    pub region: [i64; 3],
    /// Their names, space separated.
    pub area: String,
    /// Key of the warehouse that sends them.
    pub warehouse: i64,
    /// Its number.
    pub warehouse_no: String,
    /// Carrier key; 0 = as usual.
    pub carrier: i64,
    /// Carrier name.
    pub carrier_name: String,
    /// Carrier kind; -1 = any.
    pub carrier_kind: i64,
    /// Key of the raw order; 0 = not made yet.
    pub raw_order: i64,
    /// Its number.
    pub tid: String,
    /// The goods are counted as 销售换货量 now.
    pub counted: bool,
}

/// Goods that come back, or that are refunded.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-2, 3.3, which gives their meaning")]
pub struct RefundLine {
    pub id: i64,
    pub oid: String,
    pub tid: String,
    /// Key of the system order.
    pub order: i64,
    pub order_no: String,
    /// Key of its line.
    pub order_line: i64,
    pub order_num: Quantity,
    pub num: Quantity,
    /// Received and audited.
    #[serde(skip_serializing_if = "is_default", default)]
    pub received: Quantity,
    /// On a stock-in that waits for its audit.
    #[serde(skip_serializing_if = "is_default", default)]
    pub arrived: Quantity,
    /// Counted as on its way.
    #[serde(skip_serializing_if = "is_default", default)]
    pub on_way: Quantity,
    pub price: Money,
    pub original_price: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub discount: Money,
    /// What the buyer paid for these pieces.
    pub paid: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub cost_price: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub market_price: Money,
    /// Share of the header amount.
    pub amount: Money,
    /// Value of the pieces.
    pub total: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub stockin_amount: Money,
    pub spec: i64,
    pub spec_no: String,
    pub spec_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub spec_code: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub barcode: String,
    pub goods: i64,
    pub goods_no: String,
    pub goods_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub brand_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub sn_enable: i64,
    #[serde(skip_serializing_if = "is_default", default)]
    pub suite: i64,
    #[serde(skip_serializing_if = "is_default", default)]
    pub suite_no: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub suite_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub suite_num: Quantity,
    #[serde(skip_serializing_if = "is_default", default)]
    pub remark: String,
    pub created: Moment,
    pub modified: Moment,
}

impl RefundLine {
    /// Pieces that nobody has seen yet.
    pub fn open(&self) -> Quantity {
        (self.num - self.received - self.arrived).max(Quantity::ZERO)
    }
}

/// Goods that go out for an exchange.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-2, 3.3, which gives their meaning")]
pub struct OutLine {
    pub id: i64,
    /// A suite, not a spec.
    pub is_suite: bool,
    /// Key of the spec or suite.
    pub target: i64,
    pub merchant_no: String,
    pub goods_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub spec_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub spec_code: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub barcode: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub sn_enable: i64,
    pub oid: String,
    pub num: Quantity,
    pub price: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub remark: String,
    pub created: Moment,
    pub modified: Moment,
}
