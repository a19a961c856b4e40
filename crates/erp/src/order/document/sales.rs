//! The system order: what is to be shipped, from where, for how much.

use serde::{Deserialize, Serialize};
use units::{Moment, Money, Quantity};

use super::Marks;
use crate::document::is_default;
use crate::order::status::{DeliveryTerm, OrderStatus};

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
    /// Reserved for a pre-sale order.
    Presale,
}

impl Reserved {
    /// The platform's number.
    pub const fn code(self) -> i64 {
        match self {
            Self::Waiting | Self::Nothing => 0,
            Self::Unpaid => 2,
            Self::Order => 3,
            Self::Sending => 4,
            Self::Presale => 5,
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
    /// What people noted on it.
    #[serde(skip_serializing_if = "is_default", default)]
    pub notes: OrderNotes,
    /// What the order flow notes on it.
    #[serde(skip_serializing_if = "is_default", default)]
    pub marks: Marks,
    pub version: i64,
    pub lines: Vec<OrderLine>,
    pub created: Moment,
    pub modified: Moment,
}

/// What people note on an order after it was made (fact sheet wdt-1, 2.20).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderNotes {
    /// Key of the mark; 0 = none.
    pub flag: i64,
    /// Its name when it was put on.
    pub flag_name: String,
    /// Number of the invoice; empty = not issued.
    pub invoice_no: String,
}

impl Order {
    /// The lines of this raw order that are still to be shipped, gifts left out.
    pub fn open_lines_of(&self, tid: &str) -> impl Iterator<Item = &OrderLine> {
        self.open_lines().filter(move |line| line.tid == tid && !line.is_gift())
    }

    /// Whether anything but gifts is still to be shipped.
    pub fn has_goods(&self) -> bool {
        self.open_lines().any(|line| !line.is_gift())
    }

    /// `trade_type`: 1 online sale, 3 the goods of an exchange.
    pub fn trade_type(&self) -> i64 {
        if self.marks.exchange { 3 } else { 1 }
    }

    /// `trade_from`: 1 a mall, 2 the ERP itself.
    pub fn trade_from(&self) -> i64 {
        if self.marks.exchange { 2 } else { 1 }
    }

    /// Whether it left the warehouse.
    pub fn has_left(&self) -> bool {
        self.status.code() >= 95
    }

    /// The amounts of the whole, from its lines. `other_amount` and `ext_cod_fee` belong to no line and stand as they are.
    pub(in crate::order) fn add_up(&mut self) {
        self.post_amount = self.lines.iter().map(|line| line.share_post).sum();
        self.paid = self.lines.iter().map(|line| line.paid).sum();
        let goods: Money = self.lines.iter().map(|line| line.share_amount).sum();
        self.cod_amount = match self.delivery_term {
            DeliveryTerm::CashOnDelivery => goods + self.post_amount + self.ext_cod_fee - self.paid,
            _ => Money::ZERO,
        };
        self.due = goods + self.post_amount + self.other_amount - self.cod_amount;
    }

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
    /// 0 no gift, 1 by a rule, 2 by hand.
    #[serde(skip_serializing_if = "is_default", default)]
    pub gift_type: i64,
    /// Key of the rule that gave it.
    #[serde(skip_serializing_if = "is_default", default)]
    pub gift_rule: i64,
    /// Tells the parts of a line that was split by quantity apart; 0 = it was not.
    #[serde(skip_serializing_if = "is_default", default)]
    pub flag: i64,
    pub weight: Quantity,
    #[serde(skip_serializing_if = "is_default", default)]
    pub remark: String,
    pub created: Moment,
    pub modified: Moment,
}

impl OrderLine {
    /// Given, not bought.
    pub const fn is_gift(&self) -> bool {
        self.gift_type != 0
    }

    /// What the buyer owes for it, its freight included.
    pub(in crate::order) fn owed(&self) -> Money {
        self.share_amount + self.share_post
    }
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
