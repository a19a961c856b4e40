//! Settings of purchase (采购).

use serde::{Deserialize, Serialize};
use units::NumberForm;

/// What a merchant decides about purchase (采购).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PurchaseSettings {
    /// Number of requisitions (采购申请单).
    pub apply_number: NumberForm,
    /// Number of purchase orders (采购单).
    pub order_number: NumberForm,
    /// Number of purchase returns (采购退货单).
    pub return_number: NumberForm,
    /// An audited purchase order waits for the finance audit too (采购单财审); pushing it with `is_check` does not pass that by.
    pub finance_audit: bool,
    /// A purchase order that has arrived is settled in the same moment (自动结算; fact sheet wdt-2, 2.4 and 12 no. 11).
    pub auto_settle: bool,
    /// Purchase permissions (采购权限) are on: a return cannot be audited by the call that creates it (fact sheet wdt-2, 4.6).
    pub permissions: bool,
    /// A stock-in of a purchase waits until somebody confirms its prices (待价格确认), audited or not.
    pub confirm_price: bool,
}

impl Default for PurchaseSettings {
    fn default() -> Self {
        Self {
            apply_number: NumberForm::long("POA"),
            order_number: NumberForm::long("CG"),
            return_number: NumberForm::long("CR"),
            finance_audit: false,
            auto_settle: true,
            permissions: false,
            confirm_price: false,
        }
    }
}
