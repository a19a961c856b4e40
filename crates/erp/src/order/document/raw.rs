//! The raw order: what the mall pushed, and how far the ERP has come with it.

use serde::{Deserialize, Serialize};
use units::{Moment, Money, Quantity};

use crate::document::is_default;
use crate::order::status::{DeliveryTerm, ProcessStatus, TradeStatus};

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
    pub(in crate::order) fn inherit(&mut self, old: &Self) {
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
    pub(in crate::order) fn is_refunded(&self) -> bool {
        self.refund_status == 5 || matches!(self.status, TradeStatus::Refunded | TradeStatus::Closed)
    }

    /// A refund was applied for and is not decided.
    pub(in crate::order) fn is_refund_pending(&self) -> bool {
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
    /// Lines whose goods the mall exchanged for others, as long as the order that was made from them has the old ones.
    #[serde(skip_serializing_if = "is_default", default)]
    pub exchanged: Vec<String>,
    /// What refunds say of its lines.
    #[serde(skip_serializing_if = "is_default", default)]
    pub refunds: Vec<LineRefund>,
    /// Made by the ERP itself, such as the goods of an exchange: the mall does not know it.
    #[serde(skip_serializing_if = "is_default", default)]
    pub internal: bool,
    /// When the mall reported it finished.
    #[serde(skip_serializing_if = "is_default", default)]
    pub ended: Option<Moment>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
    /// It was read from the archive; whoever wants to change it must bring it back first.
    #[serde(skip)]
    pub archived: bool,
}

/// What a refund says of a line of a raw order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineRefund {
    /// The line.
    pub oid: String,
    /// Number of the raw refund, or of the refund order that was made by hand.
    pub source: String,
    /// Pieces.
    pub num: Quantity,
    /// 0 none, 1 cancelled, 2 applied, 3 and 4 waiting, 5 success.
    pub flag: i64,
    /// A refund before shipment: it holds the order back, and its pieces are not shipped.
    pub before_shipment: bool,
    /// Its pieces were taken out of the system order.
    #[serde(skip_serializing_if = "is_default", default)]
    pub taken: bool,
}

impl RawOrder {
    /// Whether this line stands for other goods than when it was submitted, and its order does not know yet.
    pub(in crate::order) fn is_exchanged(&self, tid: &str, oid: &str) -> bool {
        self.facts.tid == tid && self.exchanged.iter().any(|of| of == oid)
    }

    /// What its entries in the event log are about. The number of ours, not the mall's: entries of one day then lie together.
    pub fn event_key(&self) -> String {
        format!("RAW{}", store::wire_id(self.id))
    }
}
