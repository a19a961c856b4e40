//! Settings of stock documents (库存单据).

use serde::{Deserialize, Serialize};
use units::NumberForm;

/// What a merchant decides about stock documents (库存单据).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StockSettings {
    /// Audited stock-ins wait for settlement (60) instead of being completed (80; fact sheet wdt-2, 12 no. 12).
    pub settle_stock_in: bool,
    /// Stock-outs whose goods left wait for settlement (95) instead of being completed (110).
    pub settle_stock_out: bool,
    /// Transfers that came in whole wait for settlement (80) instead of being completed (90).
    pub settle_transfer: bool,
    /// Audit what a stock-taking missed at once (自动审核盘点出库). Off: a pushed stock-taking waits for a person whatever the
    /// call says (fact sheet wdt-2, 2.6).
    pub audit_stock_taking: bool,
    /// Stock-takings that may be pushed in a day; 0 = as many as one likes (fact sheet wdt-2, 5.2).
    pub stock_takings_a_day: i64,
    /// Reasons that other stock-ins may give (入库原因); empty = any.
    pub in_reasons: Vec<String>,
    /// Reasons that other stock-outs may give (出库原因); empty = any.
    pub out_reasons: Vec<String>,
    /// Goods may come in only to bins that were made before. Off: a new bin is made by naming it.
    pub bins_must_exist: bool,
    /// Batches must be known, or be made by a stock-in with `is_create_batch` = 1. Off: batches are taken as they come (fact
    /// sheet wdt-2, 12 no. 22).
    pub batches_must_exist: bool,
    /// Number of stock-takings (盘点单).
    pub stock_taking_number: NumberForm,
    /// Number of transfers (调拨单).
    pub transfer_number: NumberForm,
    /// Number of outsourced orders (委外出入库单).
    pub outsourced_number: NumberForm,
}

impl Default for StockSettings {
    fn default() -> Self {
        Self {
            settle_stock_in: false,
            settle_stock_out: false,
            settle_transfer: false,
            audit_stock_taking: true,
            stock_takings_a_day: 2000,
            in_reasons: Vec::new(),
            out_reasons: Vec::new(),
            bins_must_exist: false,
            batches_must_exist: false,
            stock_taking_number: NumberForm::long("PD"),
            transfer_number: NumberForm::long("TF"),
            outsourced_number: NumberForm::long("WK"),
        }
    }
}
