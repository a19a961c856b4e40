//! What is stored of an order, from the push to the waybill.

use serde::{Deserialize, Serialize};
use units::{Moment, Money, Quantity};

use super::status::{DeliveryTerm, OrderStatus, ProcessStatus, StockOutStatus, SyncStatus, TradeStatus};
use crate::catalog::Target;
use crate::document::is_default;

/// What is personal about an order. Stored sealed, apart from the document.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-1, 2.13, which gives their meaning")]
pub struct Buyer {
    pub nick: String,
    #[serde(skip_serializing_if = "is_default")]
    pub email: String,
    #[serde(skip_serializing_if = "is_default")]
    pub pay_account: String,
    pub name: String,
    pub address: String,
    pub mobile: String,
    #[serde(skip_serializing_if = "is_default")]
    pub telno: String,
    #[serde(skip_serializing_if = "is_default")]
    pub zip: String,
    #[serde(skip_serializing_if = "is_default")]
    pub id_card: String,
}

/// A raw order as the mall pushes it. Fields that the mall may leave out are optional: left out at a later push, they keep
/// the value they had.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-1, 2.13, which gives their meaning")]
pub struct PushOrder {
    pub tid: String,
    pub status: TradeStatus,
    pub pay_status: i64,
    pub delivery_term: DeliveryTerm,
    #[serde(skip_serializing_if = "is_default", default)]
    pub trade_time: Option<Moment>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub pay_time: Option<Moment>,
    /// Codes of province, city and district.
    pub region: [i64; 3],
    /// Their names, space separated.
    pub area: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub pay_id: Option<String>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub logistics_type: Option<i64>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub invoice_kind: Option<i64>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub invoice_title: Option<String>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub invoice_content: Option<String>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub buyer_message: Option<String>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub seller_memo: Option<String>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub seller_flag: Option<i64>,
    pub post_amount: Money,
    pub cod_amount: Money,
    pub ext_cod_fee: Money,
    pub other_amount: Money,
    pub paid: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub fenxiao_type: Option<i64>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub fenxiao_nick: Option<String>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub warehouse_no: Option<String>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub is_auto_wms: Option<bool>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub wms_type: Option<i64>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub to_deliver_time: Option<String>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub id_card_type: Option<i64>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub cust_data: Option<String>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub is_sealed: Option<i64>,
    #[serde(skip)]
    pub buyer: Buyer,
    pub lines: Vec<PushLine>,
}

impl PushOrder {
    /// Takes over what this push leaves out from what is stored.
    pub(super) fn inherit(&mut self, old: &Self) {
        macro_rules! keep {
            ($($field:ident),*) => { $(if self.$field.is_none() { self.$field.clone_from(&old.$field); })* };
        }
        keep!(
            trade_time,
            pay_time,
            pay_id,
            logistics_type,
            invoice_kind,
            invoice_title,
            invoice_content,
            buyer_message
        );
        keep!(
            seller_memo,
            seller_flag,
            fenxiao_type,
            fenxiao_nick,
            warehouse_no,
            is_auto_wms,
            wms_type,
            to_deliver_time
        );
        keep!(id_card_type, cust_data, is_sealed);
        for (new, old) in [
            (&mut self.buyer.email, &old.buyer.email),
            (&mut self.buyer.pay_account, &old.buyer.pay_account),
            (&mut self.buyer.mobile, &old.buyer.mobile),
            (&mut self.buyer.telno, &old.buyer.telno),
            (&mut self.buyer.zip, &old.buyer.zip),
            (&mut self.buyer.id_card, &old.buyer.id_card),
        ] {
            if new.is_empty() {
                new.clone_from(old);
            }
        }
    }
}

/// A line of a pushed raw order.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-1, 2.13, which gives their meaning")]
pub struct PushLine {
    pub oid: String,
    pub status: TradeStatus,
    pub refund_status: i64,
    pub goods_id: String,
    pub spec_id: String,
    pub goods_no: String,
    pub spec_no: String,
    pub goods_name: String,
    pub spec_name: String,
    pub num: Quantity,
    pub price: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub adjust: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub discount: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub share_discount: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub cid: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub remark: String,
}

impl PushLine {
    /// Refunded in full, or closed.
    pub(super) fn is_refunded(&self) -> bool {
        self.refund_status == 5 || matches!(self.status, TradeStatus::Refunded | TradeStatus::Closed)
    }

    /// A refund was applied for and is not decided.
    pub(super) fn is_refund_pending(&self) -> bool {
        !self.is_refunded() && matches!(self.refund_status, 2..=4)
    }

    /// What the buyer owes for the line: `price × num + adjust − discount − share_discount` (fact sheet wdt-1, 2.13).
    pub fn receivable(&self) -> Money {
        self.price.times(self.num) + self.adjust - self.discount - self.share_discount
    }
}

/// A raw order (原始订单).
#[derive(Clone, Serialize, Deserialize)]
pub struct RawOrder {
    /// Key.
    pub id: i64,
    /// Shop key.
    pub shop: i64,
    /// How far the ERP has come with it.
    pub process: ProcessStatus,
    /// 0 none, 1 applied, 2 partial, 3 full.
    pub refund_status: i64,
    /// Why it was not submitted; empty when it was.
    #[serde(skip_serializing_if = "is_default", default)]
    pub reason: String,
    /// System orders made from it.
    pub orders: Vec<i64>,
    /// Keys of the lines, in the order of `facts.lines`.
    pub line_ids: Vec<i64>,
    /// What the mall pushed.
    pub facts: PushOrder,
    /// When the mall reported it finished.
    #[serde(skip_serializing_if = "is_default", default)]
    pub ended: Option<Moment>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// What an order line holds of the stock: `stock_reserved` (fact sheet wdt-1, 2.14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reserved {
    /// Nothing: the line waits for stock (缺货).
    Waiting,
    /// Nothing any more: shipped, cancelled or refunded.
    Nothing,
    /// Counted as unpaid.
    Unpaid,
    /// Reserved, the order waits for audit.
    Order,
    /// Reserved, the order waits for shipment.
    Sending,
}

impl Reserved {
    /// The platform's number.
    pub const fn code(self) -> i64 {
        match self {
            Self::Waiting | Self::Nothing => 0,
            Self::Unpaid => 2,
            Self::Order => 3,
            Self::Sending => 4,
        }
    }
}

/// The carrier of an order and its waybill.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Carriage {
    /// Carrier key; 0 = none chosen.
    pub id: i64,
    /// Carrier number.
    pub no: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: i64,
    /// Waybill; empty before shipment.
    pub waybill: String,
}

/// A system order (系统订单).
#[derive(Clone, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-1, 2.14, which gives their meaning")]
pub struct Order {
    pub id: i64,
    pub no: String,
    pub shop: i64,
    pub warehouse: i64,
    pub status: OrderStatus,
    /// Raw orders in it: keys and numbers.
    pub raw: Vec<(i64, String)>,
    pub delivery_term: DeliveryTerm,
    pub refund_status: i64,
    pub bad_reason: i64,
    pub consign_status: i64,
    pub carriage: Carriage,
    #[serde(skip_serializing_if = "is_default", default)]
    pub trade_time: Option<Moment>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub pay_time: Option<Moment>,
    pub region: [i64; 3],
    pub area: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub to_deliver_time: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub buyer_message: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub cs_remark: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub print_remark: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub remark_flag: i64,
    /// The remark was written by hand: later remarks of the mall do not replace it.
    #[serde(skip_serializing_if = "is_default", default)]
    pub remark_by_hand: bool,
    #[serde(skip_serializing_if = "is_default", default)]
    pub cs_remark_changes: i64,
    pub post_amount: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub other_amount: Money,
    pub paid: Money,
    pub due: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub cod_amount: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub ext_cod_fee: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub invoice_kind: i64,
    #[serde(skip_serializing_if = "is_default", default)]
    pub invoice_title: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub invoice_content: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub fenxiao_type: i64,
    #[serde(skip_serializing_if = "is_default", default)]
    pub fenxiao_nick: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub id_card_type: i64,
    #[serde(skip_serializing_if = "is_default", default)]
    pub is_sealed: i64,
    #[serde(skip_serializing_if = "is_default", default)]
    pub pay_id: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub pay_status: i64,
    /// Why it was sent back; empty = it was not.
    #[serde(skip_serializing_if = "is_default", default)]
    pub revert_reason: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub cancel_reason: String,
    /// The stock-out in force; key and number.
    #[serde(skip_serializing_if = "is_default", default)]
    pub stock_out: Option<(i64, String)>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub checker: String,
    pub version: i64,
    pub lines: Vec<OrderLine>,
    pub created: Moment,
    pub modified: Moment,
}

impl Order {
    /// The lines that are still to be shipped.
    pub fn open_lines(&self) -> impl Iterator<Item = &OrderLine> {
        self.lines.iter().filter(|line| line.actual_num.is_positive())
    }

    /// The lines that wait for stock, in words; empty when none does (缺货).
    pub fn shortage(&self) -> String {
        let waiting: Vec<String> = self
            .lines
            .iter()
            .filter(|line| line.reserved == Reserved::Waiting)
            .map(|line| format!("{}×{}", line.spec_no, line.actual_num))
            .collect();
        waiting.join(",")
    }
}

/// A line of a system order.
#[derive(Clone, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-1, 2.14, which gives their meaning")]
pub struct OrderLine {
    pub id: i64,
    pub oid: String,
    pub tid: String,
    pub platform_goods_id: String,
    pub platform_spec_id: String,
    pub api_goods_name: String,
    pub api_spec_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub cid: String,
    pub spec: i64,
    pub goods: i64,
    pub spec_no: String,
    pub spec_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub spec_code: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub barcode: String,
    pub goods_no: String,
    pub goods_name: String,
    pub goods_type: i64,
    pub class_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub brand_no: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub brand_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub unit_name: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub img_url: String,
    #[serde(skip_serializing_if = "is_default", default)]
    pub spec_tax_rate: Quantity,
    pub large_type: i64,
    pub market_price: Money,
    /// The spec may be sold beyond what is on hand, if the merchant allows it at all.
    pub may_go_negative: bool,
    #[serde(skip_serializing_if = "is_default", default)]
    pub suite: Option<LineSuite>,
    pub num: Quantity,
    /// To be shipped; 0 = the line was refunded before shipment.
    pub actual_num: Quantity,
    pub price: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub adjust: Money,
    pub discount: Money,
    pub share_amount: Money,
    pub share_post: Money,
    pub paid: Money,
    #[serde(skip_serializing_if = "is_default", default)]
    pub refund_status: i64,
    pub reserved: Reserved,
    #[serde(skip_serializing_if = "is_default", default)]
    pub is_consigned: bool,
    pub weight: Quantity,
    #[serde(skip_serializing_if = "is_default", default)]
    pub remark: String,
    pub created: Moment,
    pub modified: Moment,
}

/// The suite that a line came from.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct LineSuite {
    /// Key.
    pub id: i64,
    /// Merchant code.
    pub no: String,
    /// Name.
    pub name: String,
    /// Suites ordered.
    pub num: Quantity,
    /// What they cost together.
    pub amount: Money,
    /// Discount on them.
    pub discount: Money,
}

/// A sales stock-out (销售出库单). Names and amounts are those of its order.
#[derive(Clone, Serialize, Deserialize)]
pub struct StockOut {
    /// Key.
    pub id: i64,
    /// Number (CK…).
    pub no: String,
    /// Key of the order.
    pub order: i64,
    /// Shop key.
    pub shop: i64,
    /// Warehouse key.
    pub warehouse: i64,
    /// State.
    pub status: StockOutStatus,
    /// Why it must not leave, bits.
    pub block_reason: i64,
    /// When it left.
    pub consigned: Option<Moment>,
    /// The lines.
    pub lines: Vec<StockOutLine>,
    /// First stored: the audit.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// A line of a stock-out.
#[derive(Clone, Serialize, Deserialize)]
pub struct StockOutLine {
    /// Key.
    pub id: i64,
    /// Key of the order line.
    pub order_line: i64,
    /// Pieces.
    pub num: Quantity,
    /// Cost of a piece when it left.
    pub cost_price: Money,
}

/// A row of the logistics-sync queue (物流同步).
#[derive(Clone, Serialize, Deserialize)]
pub struct LogisticsSync {
    /// Key; `rec_id` on the wire.
    pub id: i64,
    /// Shop key.
    pub shop: i64,
    /// The raw order.
    pub tid: String,
    /// Lines that this waybill covers.
    pub oids: Vec<String>,
    /// Carrier and waybill.
    pub carriage: Carriage,
    /// How the buyer pays.
    pub delivery_term: DeliveryTerm,
    /// When it left.
    pub consigned: Moment,
    /// Only some lines of the raw order.
    pub is_part: bool,
    /// The last parcel of the raw order.
    pub is_last: bool,
    /// Key of the order.
    pub order: i64,
    /// Key of the stock-out.
    pub stock_out: i64,
    /// State.
    pub status: SyncStatus,
    /// When the mall acknowledged it.
    pub synced: Option<Moment>,
    /// What the mall said when it failed.
    pub error: String,
    /// Times offered.
    pub tries: i64,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// What a raw-order line was matched to.
pub(super) struct Matched {
    pub(super) line: usize,
    pub(super) target: Target,
}
