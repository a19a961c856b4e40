//! Settings of after-sale (售后).

use serde::{Deserialize, Serialize};
use units::{DateForm, NumberForm};

/// What a merchant decides about after-sale (售后; fact sheet wdt-2, 12 no. 8, 10 and 12).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AftersaleSettings {
    /// Make a refund order of a raw refund by itself, right after the push (自动递交退款单). Off: somebody submits it by hand.
    pub auto_submit_refund: bool,
    /// Audit refund orders that come from raw refunds by themselves (自动审核退换单). One that gives back more than was paid waits
    /// for a person all the same.
    pub auto_audit_refund: bool,
    /// Settle refund orders by themselves as soon as they may be (自动结算退换单); off, so that 待结算 can be seen.
    pub auto_settle_refund: bool,
    /// Refunds without goods need the word of finance between audit and settlement (退款财审).
    pub finance_audit_refund: bool,
    /// Read `type` of pushed raw refunds as the web edition does: 2 is a return, not a refund without return
    /// (`refund_push_type=web`).
    pub web_refund_types: bool,
    /// Goods of an exchange go out right after the audit when the refund order does not say when (`consign_mode` 0). Off: when
    /// the buyer's goods are back.
    pub exchange_goods_at_once: bool,
    /// Number of the warehouse that waits for returned goods; empty = the warehouse that shipped them.
    pub return_warehouse_no: String,
    /// Number of refund and exchange orders (退换单).
    pub refund_number: NumberForm,
}

impl Default for AftersaleSettings {
    fn default() -> Self {
        Self {
            auto_submit_refund: true,
            auto_audit_refund: true,
            auto_settle_refund: false,
            finance_audit_refund: false,
            web_refund_types: false,
            exchange_goods_at_once: false,
            return_warehouse_no: String::new(),
            refund_number: NumberForm { prefix: "TK".to_owned(), date: DateForm::Short },
        }
    }
}
