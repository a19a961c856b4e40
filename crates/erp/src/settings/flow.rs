//! Settings of the order flow (订单流程). Everything is off until a merchant switches it on, and costs nothing until then.

use serde::{Deserialize, Serialize};
use units::{Money, NumberForm};

/// What a merchant decides about the order flow (订单流程).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlowSettings {
    /// Keep a file of customers (客户档案): every order finds or makes its customer by shop and nick, or by mobile.
    pub customers: bool,
    /// Number of customers (客户编号).
    pub customer_number: NumberForm,
    /// What happens when a buyer has several orders for one address (合并).
    pub merge: MergeMode,
    /// A paid order waits so many minutes for an unpaid one of the same buyer and address (等未付); 0 = it does not wait.
    pub sibling_minutes: i64,
    /// Lines without stock go into an order of their own, so that the others can leave (按库存拆分).
    pub split_by_stock: bool,
    /// When no warehouse can ship all, each line goes to one that can (按仓库拆分). Needs `warehouse_strategy`.
    pub split_by_warehouse: bool,
    /// Ask the rules for gifts (赠品策略).
    pub gifts: bool,
    /// Ask the rules for pre-sale (预售策略).
    pub presale: bool,
    /// Ask the rules for the warehouse (选仓策略), unless the mall names one.
    pub warehouse_strategy: bool,
    /// Among the warehouses that the rules allow, the first that can ship everything now comes first.
    pub warehouse_prefers_stock: bool,
    /// An order for which no rule names a warehouse waits for a person (待选仓) instead of taking the default warehouse.
    pub no_warehouse_waits: bool,
    /// Ask the rules for the carrier (物流策略), unless the mall names a kind.
    pub carrier_strategy: bool,
    /// A new order cannot be audited for so many minutes (延时审核); 0 = at once.
    pub delay_minutes: i64,
    /// Ask the rules whether an order may be audited without a person (自动审核).
    pub auto_audit: bool,
    /// Bits of `bad_reason` that keep an order from being audited until a person clears them; an applied refund always does.
    pub bad_reason_holds: i64,
    /// Further changes of the mall that intercept a released order, as bits of `block_reason`: 64 remark, 8192 buyer's message,
    /// 16384 the mall has shipped it itself (拦截出库单).
    pub block_also: i64,
    /// Which orders finance must audit too (财审).
    pub finance: FinanceAudit,
}

impl Default for FlowSettings {
    fn default() -> Self {
        Self {
            customers: false,
            customer_number: NumberForm::long("KH"),
            merge: MergeMode::Off,
            sibling_minutes: 0,
            split_by_stock: false,
            split_by_warehouse: false,
            gifts: false,
            presale: false,
            warehouse_strategy: false,
            warehouse_prefers_stock: true,
            no_warehouse_waits: false,
            carrier_strategy: false,
            delay_minutes: 0,
            auto_audit: false,
            bad_reason_holds: 0,
            block_also: 0,
            finance: FinanceAudit::default(),
        }
    }
}

impl FlowSettings {
    /// Whether a new order needs anything beyond the straight way.
    pub(crate) fn is_straight(&self) -> bool {
        !(self.customers
            || self.merge != MergeMode::Off
            || self.split_by_stock
            || self.gifts
            || self.presale
            || self.warehouse_strategy
            || self.carrier_strategy
            || self.delay_minutes > 0
            || self.auto_audit)
    }
}

/// What happens when a buyer has several orders for one address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MergeMode {
    /// Nothing: people merge, if anybody does.
    #[default]
    Off,
    /// Both are marked (`unmerge_mask`), people merge.
    Mark,
    /// The later one joins the earlier one by itself.
    Auto,
}

/// Which orders finance must audit too (财审): those that any of these says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FinanceAudit {
    /// Every order.
    pub all: bool,
    /// Orders whose goods cost at least this; 0 = no such rule.
    pub over_amount: Money,
    /// Orders with a discount of at least this; 0 = no such rule.
    pub over_discount: Money,
    /// Orders that are paid so: 1 pay first, 2 cash on delivery, 3 instalments, 4 on account.
    pub delivery_terms: Vec<i64>,
}
