//! A rule as it is stored, and how people change it.

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::{Moment, Quantity};

use super::When;
use crate::catalog::{Page, Rows};
use crate::codes::codes;
use crate::document::is_default;
use crate::order::table;
use crate::{Refusal, Result};

codes! {
    /// What a rule decides.
    pub enum RuleKind {
        /// 1: which gifts an order gets
        Gift = 1 "赠品策略",
        /// 2: which orders are pre-sales
        Presale = 2 "预售策略",
        /// 3: which warehouses may ship
        Warehouse = 3 "选仓策略",
        /// 4: which carrier takes the parcel
        Carrier = 4 "物流策略",
        /// 5: which orders need no person
        Audit = 5 "自动审核策略",
    }
}

impl RuleKind {
    /// The word for it in the admin API.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Gift => "gift",
            Self::Presale => "presale",
            Self::Warehouse => "warehouse",
            Self::Carrier => "carrier",
            Self::Audit => "audit",
        }
    }
}

/// A gift that a rule gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// Spec key.
    pub spec: i64,
    /// Its merchant code when the rule was made.
    pub spec_no: String,
    /// Pieces, each time the rule gives.
    pub num: Quantity,
}

/// What follows when a rule holds. Each kind reads its own part.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Then {
    /// Gift: what is given.
    #[serde(skip_serializing_if = "is_default")]
    pub gifts: Vec<Given>,
    /// Gift: once for each time that the smallest quantity or amount is reached, not once for the order.
    #[serde(skip_serializing_if = "is_default")]
    pub multiply: bool,
    /// Gift: with `multiply`, at most so many times for one order; 0 = without limit.
    #[serde(skip_serializing_if = "is_default")]
    pub most_times: i64,
    /// Gift: only the first so many orders get it (前N名); 0 = all. An order that is cancelled later keeps its place.
    #[serde(skip_serializing_if = "is_default")]
    pub first_orders: i64,
    /// Gift: pieces of all gifts that the rule gives altogether (限量); 0 = without limit. An order that would need more than is
    /// left gets nothing of it.
    #[serde(skip_serializing_if = "is_default")]
    pub most_pieces: Quantity,
    /// Gift: rules behind this one are not asked any more.
    #[serde(skip_serializing_if = "is_default")]
    pub last: bool,
    /// Pre-sale: when delivery begins; none = somebody releases it.
    #[serde(skip_serializing_if = "is_default")]
    pub delivers_from: Option<Moment>,
    /// Warehouse: its key.
    #[serde(skip_serializing_if = "is_default")]
    pub warehouse: i64,
    /// Carrier: its key.
    #[serde(skip_serializing_if = "is_default")]
    pub carrier: i64,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Key.
    pub id: i64,
    /// What it decides.
    pub kind: RuleKind,
    /// Name, unique within the kind.
    pub name: String,
    /// The smaller is asked first.
    pub priority: i64,
    /// Not to be asked any more.
    pub disabled: bool,
    /// Conditions, all of which must hold.
    pub when: When,
    /// What follows.
    pub then: Then,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// Creates a rule; `draft` carries everything but key and moments.
pub fn create_rule(tx: &mut Tx, mut draft: Rule) -> Result<Rule> {
    check(&draft)?;
    if table::rule_named(tx, draft.kind, &draft.name)?.is_some() {
        return Err(Refusal::Exists { what: "策略名称", no: draft.name }.into());
    }
    draft.id = tx.document_id("flow_rule")?;
    draft.created = tx.now();
    draft.modified = tx.now();
    table::save_rule(tx, &draft)?;
    Ok(draft)
}

/// Stores a changed rule. Orders that were made before stay as they are.
pub fn change_rule(tx: &mut Tx, mut rule: Rule) -> Result<Rule> {
    check(&rule)?;
    if table::rule_named(tx, rule.kind, &rule.name)?.is_some_and(|id| id != rule.id) {
        return Err(Refusal::Exists { what: "策略名称", no: rule.name }.into());
    }
    rule.modified = tx.now();
    table::save_rule(tx, &rule)?;
    Ok(rule)
}

/// Removes a rule.
pub fn delete_rule(tx: &mut Tx, id: i64) -> Result<Rule> {
    let rule = table::rule_by_id(tx, id)?;
    table::delete_rule(tx, id)?;
    Ok(rule)
}

/// The rule with this key.
pub fn rule_by_id(reader: &mut Reader, id: i64) -> Result<Rule> {
    table::rule_by_id(reader, id)
}

/// Rules, of a kind or of all, in the order in which they are asked.
pub fn rules(reader: &mut Reader, kind: Option<RuleKind>, page: Page) -> Result<Rows<Rule>> {
    table::rules(reader, kind, page)
}

/// A rule must be able to decide something.
fn check(rule: &Rule) -> Result<()> {
    let wrong = |field, why| Err(Refusal::Invalid { field, why }.into());
    if rule.name.is_empty() {
        return wrong("name", "不能为空");
    }
    if rule.when.from.is_some_and(|from| rule.when.until.is_some_and(|until| until < from)) {
        return wrong("end_time", "早于开始时间");
    }
    let then = &rule.then;
    match rule.kind {
        RuleKind::Gift if then.gifts.is_empty() => wrong("gifts", "至少一个赠品"),
        RuleKind::Gift if then.gifts.iter().any(|gift| !gift.num.is_positive()) => wrong("num", "应大于0"),
        RuleKind::Gift if then.multiply && !(rule.when.min_num.is_positive() || rule.when.min_amount.is_positive()) => {
            wrong("multiply", "按倍数赠送需要最低数量或最低金额")
        }
        RuleKind::Gift if then.most_times < 0 => wrong("most_times", "不能为负"),
        RuleKind::Gift if then.first_orders < 0 => wrong("first_orders", "不能为负"),
        RuleKind::Gift if then.most_pieces < Quantity::ZERO => wrong("most_pieces", "不能为负"),
        RuleKind::Warehouse if then.warehouse == 0 => wrong("warehouse_no", "不能为空"),
        RuleKind::Carrier if then.carrier == 0 => wrong("logistics_no", "不能为空"),
        _ => Ok(()),
    }
}
