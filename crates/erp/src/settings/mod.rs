//! What a merchant may decide differently from another. The reference product calls these system settings (系统设置).

mod aftersale;
mod archive;
mod flow;
mod purchase;
mod stock;

pub use aftersale::AftersaleSettings;
pub use archive::ArchiveSettings;
pub use flow::{FinanceAudit, FlowSettings, MergeMode};
pub use purchase::PurchaseSettings;
pub use stock::StockSettings;

use serde::{Deserialize, Serialize};
use units::NumberForm;

/// Settings of one merchant. Every field has the default that the fact sheets recommend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Let sellable stock go below zero, for specs that allow it too. Off: an order without stock waits (缺货).
    pub allow_negative_stock: bool,
    /// Submit raw orders by themselves right after the push (自动递交; fact sheet wdt-1, 2.0.3).
    pub auto_submit: bool,
    /// Make system orders of unpaid raw orders too (下载未付款订单).
    pub submit_unpaid: bool,
    /// The sellable-stock formula (fact sheet wdt-2, 1.2), shared by stock queries and the stock-sync queue.
    pub sellable: SellableTerms,
    /// Number of system orders (系统订单).
    pub order_number: NumberForm,
    /// Number of stock-out orders (出库单).
    pub stockout_number: NumberForm,
    /// Number of stock-in orders (入库单).
    pub stockin_number: NumberForm,
    /// How after-sale (售后) works.
    pub aftersale: AftersaleSettings,
    /// How the archive (归档) works.
    pub archive: ArchiveSettings,
    /// How the order flow (订单流程) works.
    pub flow: FlowSettings,
    /// How purchase (采购) works.
    pub purchase: PurchaseSettings,
    /// How stock documents (库存单据) works.
    pub stock: StockSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow_negative_stock: false,
            auto_submit: true,
            submit_unpaid: true,
            sellable: SellableTerms::default(),
            order_number: NumberForm::long("JY"),
            stockout_number: NumberForm::long("CK"),
            stockin_number: NumberForm::long("RK"),
            aftersale: AftersaleSettings::default(),
            archive: ArchiveSettings::default(),
            flow: FlowSettings::default(),
            purchase: PurchaseSettings::default(),
            stock: StockSettings::default(),
        }
    }
}

/// Which quantities take part in `sellable = on hand − subtracted + added`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SellableTerms {
    /// Subtract the locked quantity (锁定量).
    pub lock: bool,
    /// Subtract pre-orders (预订单量).
    pub subscribe: bool,
    /// Subtract orders waiting for audit (待审核量).
    pub order: bool,
    /// Subtract orders waiting for shipment (待发货量).
    pub sending: bool,
    /// Subtract approved transfers not yet out (待调拨量).
    pub to_transfer: bool,
    /// Subtract approved purchase returns not yet out (采购退货量).
    pub purchase_return: bool,
    /// Subtract unpaid orders (未付款量); off by default.
    pub unpaid: bool,
    /// Add purchases on the way (采购在途量); off by default.
    pub purchase: bool,
    /// Add purchases that arrived and are not audited in (采购到货量); off by default.
    pub purchase_arrive: bool,
    /// Add purchases that are not approved yet (待采购量); off by default.
    pub to_purchase: bool,
    /// Add transfers on the way in (调拨在途量); off by default.
    pub transfer: bool,
    /// Add returns on the way (销售退货在途量); off by default.
    pub refund_onway: bool,
}

impl Default for SellableTerms {
    fn default() -> Self {
        Self {
            lock: true,
            subscribe: true,
            order: true,
            sending: true,
            to_transfer: true,
            purchase_return: true,
            unpaid: false,
            purchase: false,
            purchase_arrive: false,
            to_purchase: false,
            transfer: false,
            refund_onway: false,
        }
    }
}
