//! The documents of purchase, as they are stored.

use serde::{Deserialize, Serialize};
use units::{Moment, Money, Quantity};

use super::audit::PushOutcome;
use super::status::{ApplyStatus, PurchaseStatus, ReturnStatus};
use crate::catalog::{Goods, Spec};
use crate::document::is_default;

/// What a line says about its goods: as they were when the line was made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "named as the columns of the replies that show them")]
pub struct Item {
    pub spec: i64,
    pub spec_no: String,
    pub spec_name: String,
    #[serde(skip_serializing_if = "is_default")]
    pub spec_code: String,
    #[serde(skip_serializing_if = "is_default")]
    pub barcode: String,
    pub goods: i64,
    pub goods_no: String,
    pub goods_name: String,
    #[serde(skip_serializing_if = "is_default")]
    pub short_name: String,
    #[serde(skip_serializing_if = "is_default")]
    pub brand_no: String,
    #[serde(skip_serializing_if = "is_default")]
    pub brand_name: String,
    #[serde(skip_serializing_if = "is_default")]
    pub class_name: String,
    #[serde(skip_serializing_if = "is_default")]
    pub unit_name: String,
    #[serde(skip_serializing_if = "is_default")]
    pub weight: Quantity,
}

impl Item {
    pub(super) fn of(spec: &Spec, goods: &Goods) -> Self {
        let unit = if spec.facts.unit_name.is_empty() { &goods.facts.unit_name } else { &spec.facts.unit_name };
        Self {
            spec: spec.id,
            spec_no: spec.no.clone(),
            spec_name: spec.facts.name.clone(),
            spec_code: spec.facts.code.clone(),
            barcode: spec.facts.barcode.clone(),
            goods: goods.id,
            goods_no: goods.no.clone(),
            goods_name: goods.facts.name.clone(),
            short_name: goods.facts.short_name.clone(),
            brand_no: goods.brand_no.clone(),
            brand_name: goods.brand_name.clone(),
            class_name: goods.class_name.clone(),
            unit_name: unit.clone(),
            weight: spec.facts.weight,
        }
    }
}

/// A requisition (采购申请单): what somebody wants to be bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Apply {
    /// Key.
    pub id: i64,
    /// Number (POA…).
    pub no: String,
    /// Warehouse key.
    pub warehouse: i64,
    /// State.
    pub status: ApplyStatus,
    /// Who wants it.
    pub applicant: String,
    /// When it should be here.
    pub expected: Option<Moment>,
    /// Remark.
    pub remark: String,
    /// The lines.
    pub lines: Vec<ApplyLine>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// A line of a requisition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplyLine {
    /// Key on the wire.
    pub id: i64,
    /// What.
    pub item: Item,
    /// Pieces that are wanted.
    pub num: Quantity,
    /// Pieces that are on purchase orders.
    pub referenced: Quantity,
    /// Provider key; 0 = any.
    pub provider: i64,
    /// Its number.
    pub provider_no: String,
    /// Its name.
    pub provider_name: String,
    /// Remark.
    pub remark: String,
}

/// Who did something, and when.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Signed {
    /// Who.
    pub by: String,
    /// When; `None` = not yet.
    pub at: Option<Moment>,
}

/// What an outsourced warehouse says about a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outside {
    /// Its number for the document.
    pub no: String,
    /// 0 not told, 1 failed, 2 succeeded.
    pub status: i64,
    /// Why it failed.
    pub error: String,
}

/// A purchase order (采购单).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PurchaseOrder {
    /// Key.
    pub id: i64,
    /// Number (CG…, or the caller's).
    pub no: String,
    /// The caller's number, unique among the purchase orders of the merchant; empty = made by hand.
    pub outer_no: String,
    /// Provider key.
    pub provider: i64,
    /// Warehouse key.
    pub warehouse: i64,
    /// State.
    pub status: PurchaseStatus,
    /// What was said about the order as a whole.
    pub facts: OrderFacts,
    /// The lines.
    pub lines: Vec<OrderLine>,
    /// Who made it.
    pub creator: String,
    /// The audit.
    pub audit: Signed,
    /// The finance audit.
    pub finance: Signed,
    /// What the outsourced warehouse says.
    pub outside: Outside,
    /// Why it was sent back.
    pub revert_reason: String,
    /// Paid so far.
    pub settled: Money,
    /// Counts changes.
    pub version: i64,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// What is said about a purchase order as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-2, 4.1, which gives their meaning")]
pub struct OrderFacts {
    pub contact: String,
    pub telno: String,
    pub receive_address: String,
    pub purchaser: String,
    pub logistics_type: i64,
    pub other_fee: Money,
    pub post_fee: Money,
    pub expect_arrive: Option<Moment>,
    pub remark: String,
    pub props: [String; 2],
}

/// A line of a purchase order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Key on the wire.
    pub id: i64,
    /// What.
    pub item: Item,
    /// Pieces.
    pub num: Quantity,
    /// What a piece costs.
    pub terms: Terms,
    /// Pieces that were audited in.
    pub stockin_num: Quantity,
    /// What they cost before tax.
    pub stockin_amount: Money,
    /// Pieces that have arrived and are not audited in.
    pub arrive_num: Quantity,
    /// Pieces that will not come.
    pub stopwait_num: Quantity,
    /// The requisition that the line was made from.
    pub apply: Option<Source>,
    /// The provider's number for the goods.
    pub provider_goods_no: String,
    /// The provider's price.
    pub provider_price: Money,
    /// What was paid for the spec before.
    pub paid_before: PriceHistory,
    /// Custom texts.
    pub props: [String; 2],
    /// Remark.
    pub remark: String,
    /// Last changed.
    pub modified: Moment,
}

/// A line of the document that a line was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Number of the document.
    pub no: String,
    /// Key of the line.
    pub line: i64,
}

/// Prices of purchase stock-ins of a spec.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PriceHistory {
    /// The last.
    pub last: Money,
    /// The one before it.
    pub second: Money,
    /// The lowest.
    pub lowest: Money,
}

/// What a piece costs: `tax_price = price × discount × (1 + tax)` unless the caller said otherwise (fact sheet wdt-2, 4.1, 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Before discount and tax.
    pub price: Money,
    /// What it is multiplied by; 1 = none.
    pub discount: Quantity,
    /// Rate of the tax.
    pub tax: Quantity,
    /// After discount and tax.
    pub tax_price: Money,
}

impl Terms {
    /// With the price after tax that follows, unless it is given.
    pub(super) fn new(price: Money, discount: Quantity, tax: Quantity, tax_price: Option<Money>) -> Self {
        let follows = price.times(discount).times(Quantity::whole(1) + tax);
        Self { price, discount, tax, tax_price: tax_price.unwrap_or(follows) }
    }

    /// A piece after discount, before tax: what it costs the merchant.
    pub fn net(&self) -> Money {
        self.price.times(self.discount)
    }
}

impl OrderLine {
    /// Counted as on its way: neither arrived nor given up.
    pub fn open(&self) -> Quantity {
        (self.lack() - self.arrive_num).max(Quantity::ZERO)
    }

    /// Not on hand and not given up.
    pub fn lack(&self) -> Quantity {
        (self.num - self.stockin_num - self.stopwait_num).max(Quantity::ZERO)
    }

    /// Came in beyond what was ordered.
    pub fn surplus(&self) -> Quantity {
        (self.stockin_num + self.stopwait_num - self.num).max(Quantity::ZERO)
    }

    /// Value before tax.
    pub fn amount(&self) -> Money {
        self.terms.net().times(self.num)
    }

    /// Value after tax.
    pub fn tax_amount(&self) -> Money {
        self.terms.tax_price.times(self.num)
    }
}

impl PurchaseOrder {
    /// Value of the goods before tax.
    pub fn goods_amount(&self) -> Money {
        self.lines.iter().map(OrderLine::amount).sum()
    }

    /// Value of the goods after tax.
    pub fn tax_goods_amount(&self) -> Money {
        self.lines.iter().map(OrderLine::tax_amount).sum()
    }

    /// Freight and other cost.
    pub fn fees(&self) -> Money {
        self.facts.post_fee + self.facts.other_fee
    }

    /// What is to be paid in the end: the goods that came in, after tax, and the fees.
    pub fn due(&self) -> Money {
        self.lines.iter().map(|line| line.terms.tax_price.times(line.stockin_num)).sum::<Money>() + self.fees()
    }

    /// Nothing is open, and nothing that arrived waits for its audit.
    pub(super) fn finished(&self) -> bool {
        self.lines.iter().all(|line| line.lack().is_zero() && line.arrive_num.is_zero())
    }
}

impl Apply {
    /// Pieces that are wanted.
    pub fn wanted(&self) -> Quantity {
        self.lines.iter().map(|line| line.num).sum()
    }

    /// Pieces that are on purchase orders.
    pub fn referenced(&self) -> Quantity {
        self.lines.iter().map(|line| line.referenced).sum()
    }
}

/// A purchase return (采购退货单).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PurchaseReturn {
    /// Key.
    pub id: i64,
    /// Number (CR…).
    pub no: String,
    /// The caller's number, unique among the purchase returns of the merchant; empty = made by hand.
    pub outer_no: String,
    /// Provider key.
    pub provider: i64,
    /// Warehouse key.
    pub warehouse: i64,
    /// State.
    pub status: ReturnStatus,
    /// What was said about the return as a whole.
    pub facts: ReturnFacts,
    /// The lines.
    pub lines: Vec<ReturnLine>,
    /// Who made it.
    pub creator: String,
    /// The audit.
    pub audit: Signed,
    /// What the outsourced warehouse says.
    pub outside: Outside,
    /// Why it was sent back.
    pub revert_reason: String,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// What is said about a purchase return as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-2, 4.6, which gives their meaning")]
pub struct ReturnFacts {
    pub purchaser_no: String,
    pub purchaser: String,
    pub purchase_no: String,
    pub logistics_code: String,
    pub logistics_type: i64,
    pub region: [String; 3],
    pub contact: String,
    pub telno: String,
    pub address: String,
    pub post_fee: Money,
    pub other_fee: Money,
    pub remark: String,
    pub props: [String; 2],
}

/// A line of a purchase return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// Key on the wire.
    pub id: i64,
    /// What.
    pub item: Item,
    /// Pieces.
    pub num: Quantity,
    /// What the provider gives for a piece.
    pub terms: Terms,
    /// Pieces that left.
    pub out_num: Quantity,
    /// What the provider gives for them before tax.
    pub out_amount: Money,
    /// Pieces that will not leave.
    pub stop_num: Quantity,
    /// Remark.
    pub remark: String,
    /// Last changed.
    pub modified: Moment,
}

impl ReturnLine {
    /// Still to leave.
    pub fn open(&self) -> Quantity {
        (self.num - self.out_num - self.stop_num).max(Quantity::ZERO)
    }

    /// Value before tax.
    pub fn amount(&self) -> Money {
        self.terms.net().times(self.num)
    }

    /// Value after tax.
    pub fn tax_amount(&self) -> Money {
        self.terms.tax_price.times(self.num)
    }
}

impl PurchaseReturn {
    /// Value of the goods before tax.
    pub fn goods_amount(&self) -> Money {
        self.lines.iter().map(ReturnLine::amount).sum()
    }
}

impl Outside {
    /// Keeps what the outsourced warehouse answered.
    pub(super) fn note(&mut self, outcome: &PushOutcome) {
        match outcome {
            PushOutcome::Accepted(no) => *self = Self { no: no.clone(), status: 2, error: String::new() },
            PushOutcome::Failed(error) => *self = Self { status: 1, error: error.clone(), ..std::mem::take(self) },
        }
    }
}
